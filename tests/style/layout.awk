# layout.awk - compare C with what clang-format makes of it. SPDX-License-Identifier: MIT
# awk -f layout.awk ORIGINAL FORMATTED: prints the first statement of ORIGINAL that
# is indented otherwise or split otherwise from the ones around it. Where a
# statement breaks into lines and blanks inside it do not count: clang-format
# takes `in(LSR) & 1` for a declaration.

# Ends the statement that is being read.
function flush() {
	if (!lines)
		return
	n[side]++
	text[side, n[side]] = held
	where[side, n[side]] = first
	lines = 0
}
function add(line) {
	if (lines++ == 0) {
		held = line
		first = FNR
	} else {
		sub(/^[ \t]*/, "", line)
		held = held " " line
	}
}
function squeezed(line) {
	match(line, /^[ \t]*/)
	start = substr(line, 1, RLENGTH)
	gsub(/[ \t]/, "", line)
	return start line
}
FNR == 1 { flush(); side++; table = comment = preprocessor = 0 }
{
	line = $0
	code = line
	sub(/[ \t]*\/\*.*\*\/$/, "", code)
}
# a table: what is in it is its author's
table {
	table = code !~ /^[ \t]*\};/
	next
}
/^[ \t]*\/\*/ && !/\*\// { comment = 1 }
# comments, preprocessor lines with their continuation, and lone braces stay
comment || preprocessor || code == "" || /^[ \t]*#/ || code ~ /^[ \t]*[{}]$/ {
	flush()
	add(line)
	flush()
	if (/\*\//)
		comment = 0
	preprocessor = (preprocessor || /^[ \t]*#/) && /\\$/
	next
}
{
	add(code)
	table = code ~ /= \{$/
	# "){" begins the value of a compound literal
	if (code ~ /([;}]|[^)]\{)$/ || code ~ /^[ \t]*(case .*|default|[a-z_0-9]+):$/)
		flush()
}
END {
	flush()
	for (i = 1; i <= n[1] || i <= n[2]; i++) {
		if (squeezed(text[1, i]) != squeezed(text[2, i])) {
			print where[1, i] ": " text[1, i]
			exit
		}
	}
}
