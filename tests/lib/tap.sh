# shellcheck shell=sh
# tap.sh - TAP for tests in shell; source it. SPDX-License-Identifier: MIT
#
#	. "$srcdir/tests/lib/tap.sh"
#	check "prints its version" test "$(rax --version)" = "rax 0.1.0"
#	skip "boots Debian" "no network"
#	tap_end
#
# Environment of every test under `make check`: srcdir (the sources), builddir
# (where the programs are), PYTHON (may be empty), CC, CFLAGS, AWK, SED, and so
# on, see tests/local.mk. The folder is $builddir. $tmp is a folder of its own
# for each test, removed at its end.

tap_number=0
tap_failed=0

tmp=$(mktemp -d "${TMPDIR:-/tmp}/rax-test.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

# tap_result ok|"not ok" NAME
tap_result() {
	tap_number=$((tap_number + 1))
	echo "$1 $tap_number - $2"
	[ "$1" = ok ] || tap_failed=1
}

# ok NAME
ok() {
	tap_result ok "$1"
}

# not_ok NAME [EXPLANATION]: the explanation may have several lines
not_ok() {
	tap_result "not ok" "$1"
	[ $# -lt 2 ] || diag "$2"
}

# diag TEXT: a comment
diag() {
	printf '%s\n' "$1" | sed 's/^/# /'
}

# check NAME COMMAND...: does the command succeed? Its output explains a failure.
check() {
	tap_name=$1
	shift
	if "$@" > "$tmp/check.out" 2>&1; then
		ok "$tap_name"
	else
		not_ok "$tap_name" "$* (status $?)
$(head -n 40 "$tmp/check.out")"
	fi
}

# is NAME GOT WANTED: the same text?
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "got:    $2
wanted: $3"
	fi
}

# empty NAME TEXT: is there nothing to complain about? The text explains.
empty() {
	if [ -z "$2" ]; then
		ok "$1"
	else
		not_ok "$1" "$(printf '%s\n' "$2" | head -n 40)"
	fi
}

# skip NAME REASON
skip() {
	tap_number=$((tap_number + 1))
	echo "ok $tap_number - $1 # SKIP $2"
}

# tap_end: the plan, and the exit status. A test that ends without it failed.
tap_end() {
	echo "1..$tap_number"
	exit "$tap_failed"
}

# skip_all REASON: the whole file
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# Engines that this build of rax (the program $1) has.
engines()
{
	for engine in step threaded smir jit; do
		if "$1" --engine "$engine" --kernel /dev/null 2>&1 | grep -q -e '--engine'; then
			continue
		fi
		echo "$engine"
	done
}
