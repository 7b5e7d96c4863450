#!/bin/sh
# summary.sh - sum of the test points of a run. SPDX-License-Identifier: MIT
# usage: summary.sh FILE.trs...
# Reads what automake's TAP driver left for each test: FILE.trs has the bare
# results, FILE.log beside it their names and diagnostics. Prints failures, then
# skips with their reasons, and ends with "N passed, N failed, N skipped".
# Status 1: something failed, a test left no result, or nothing passed.
set -eu

[ $# -gt 0 ] || { echo "usage: summary.sh FILE.trs..." >&2; exit 2; }

for trs; do
	echo "@file ${trs%.trs}"
	if [ -f "$trs" ] && [ -f "${trs%.trs}.log" ]; then
		echo "@results $(grep -c '^:test-result: ' "$trs")"
		sed 's/^/|/' "${trs%.trs}.log"
	fi
done | ${AWK:-awk} '
function end_file() {
	if (file == "")
		return
	if (results < 0)
		failure(file ": left no result")
	else if (results != seen)
		failure(file ": " results " results in .trs, " seen " in .log")
	# its failures were counted; a program that has some ends with status 1
	else if (pending != "" && failed == failed_before)
		failure(pending)
}
function failure(text) { failures[++failed] = text; details = 3 }
/^@file / {
	end_file()
	file = substr($0, 7)
	results = -1
	seen = 0
	failed_before = failed
	pending = ""
	details = 0
	next
}
/^@results / { results = $2; next }
# "|FAIL: tests/unit/base/test-base 3 - base/arena/alloc", perhaps with .sh
match($0, /^\|(PASS|FAIL|XPASS|XFAIL|SKIP|ERROR): /) {
	result = substr($0, 2, RLENGTH - 3)
	text = substr($0, RLENGTH + 1)
	if (substr(text, 1, length(file)) != file)
		next
	text = substr(text, length(file) + 1)
	sub(/^\.[a-z]+/, "", text)
	if (text != "" && text !~ /^ /)
		next
	seen++
	details = 0
	if (text ~ /^ [0-9]+$/)
		text = " test" text
	sub(/^ ([0-9]+ )?(- )?/, "", text)
	if (result == "PASS" || result == "XFAIL") {
		passed++
	} else if (result == "SKIP") {
		if (!sub(/ *# *SKIP */, ": ", text) && text == "")
			text = "no reason was given"
		skips[++skipped] = file ": " text
	} else if (text ~ /^exited with status 1$/) {
		pending = file ": " text
	} else {
		failure(file ": " (result == "FAIL" ? "" : result " ") text)
	}
	next
}
/^\|#/ && details > 0 {
	details--
	failures[failed] = failures[failed] "\n     " substr($0, 3)
}
END {
	end_file()
	if (failed)
		print "Failed:"
	for (i = 1; i <= failed; i++)
		print "  " failures[i]
	if (skipped)
		print "Skipped:"
	for (i = 1; i <= skipped; i++)
		print "  " skips[i]
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed > 0 || !passed
}'
