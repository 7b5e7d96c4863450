#!/bin/sh
# size.sh - lengths of files, functions and lines; headers. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/style/sources.sh"

# over LIMIT SUFFIX...: files with more lines than that
over() {
	limit=$1
	shift
	sources "$@" | (cd "$srcdir" && xargs wc -l) |
		"$AWK" -v limit="$limit" '$2 != "total" && $1 > limit {
			print $2 ": " $1 " lines, at most " limit }'
}
empty "C sources have at most 1000 lines" "$(over 1000 c | excepted length)"
empty "C headers have at most 400 lines" "$(over 400 h | excepted length)"
empty "Python files have at most 600 lines" "$(over 600 py | excepted length)"

# A function is what stands between { and } in the first column.
bad=$(sources c h | (cd "$srcdir" && xargs "$AWK" '
	/^\{/ { start = FNR; name = last }
	/^\}/ && start {
		if (FNR - start - 1 > 100)
			print FILENAME ": " FNR - start - 1 " lines in " name
		start = 0
	}
	FNR == 1 { start = 0 }
	/^[a-zA-Z_].*\(/ { last = $0 }') | excepted function)
empty "C functions have at most 100 lines" "$bad"

bad=$(sources c h py sh awk | (cd "$srcdir" && xargs "$AWK" '
	{
		width = 0
		n = length($0)
		if (n <= 12)
			next
		for (i = 1; i <= n; i++)
			width += substr($0, i, 1) == "\t" ? 8 - width % 8 : 1
		if (width > 100)
			print FILENAME ":" FNR ": " width " columns"
	}') | excepted columns)
empty "lines have at most 100 columns" "$bad"

bad=$(sources c h py sh mk am ac m4 asl j2 | (cd "$srcdir" && xargs grep -nE '[[:blank:]]+$') |
	excepted blank)
empty "no blanks at the end of lines" "$bad"

bad=$(sources c h | (cd "$srcdir" && xargs grep -nE '^	* {8}') | excepted tabs)
empty "C is indented with tabs" "$bad"
bad=$(sources c h | (cd "$srcdir" &&
	xargs grep -nE -e '(^|[^a-z_A-Z0-9])((if|for|while|switch|do)\(|(else|do)\{)' \
		-e '(^|[^a-z_A-Z0-9])(if|for|while|switch) .*\)\{$') |
	excepted blank)
empty "a blank stands behind if, for, while, switch, and before {" "$bad"
tab=$(printf '\t')
bad=$(sources py | (cd "$srcdir" && xargs grep -n "^ *$tab") | excepted tabs)
empty "Python is indented with spaces" "$bad"

bad=$(sources c h py sh mk am ac m4 '[ch]\.j2' def map | while read -r file; do
	head -n 6 "$srcdir/$file" | grep -q 'SPDX-License-Identifier: MIT' ||
		echo "$file: no SPDX-License-Identifier: MIT in its first lines"
done | excepted spdx)
empty "files name their licence" "$bad"

# "name.c - what it is for": the name is the file's own.
bad=$(sources c h sh | while read -r file; do
	head -n 2 "$srcdir/$file" | grep -qE "(/\\*|#) ${file##*/} - [^ ]" ||
		echo "$file: the first line is not \"${file##*/} - purpose\""
done | excepted header)
empty "files say what they are for" "$bad"

tap_end
