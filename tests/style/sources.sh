# shellcheck shell=sh
# sources.sh - what the style tests look at; source it. SPDX-License-Identifier: MIT

# sources [SUFFIX...]: the project's files, relative to $srcdir: what git tracks
# or would track, or what the tarball's MANIFEST lists. Generated ones are not
# among them.
# shellcheck disable=SC2120 # without arguments: all
sources() {
	if [ ! -f "$tmp/sources" ]; then
		if in_git; then
			git -C "$srcdir" ls-files -co --exclude-standard
		else
			cat "$srcdir/MANIFEST"
		fi | LC_ALL=C sort -u | while read -r file; do
			[ ! -f "$srcdir/$file" ] || echo "$file"
		done > "$tmp/sources"
	fi
	if [ $# -eq 0 ]; then
		cat "$tmp/sources"
		return
	fi
	for suffix; do
		grep "\\.$suffix\$" "$tmp/sources" || :
	done
}

# Is $srcdir itself a git checkout (and not just somewhere inside one)?
in_git() {
	command -v git >/dev/null 2>&1 &&
		git -C "$srcdir" ls-files --error-unmatch configure.ac >/dev/null 2>&1
}

# excepted RULE: reads lines "PATH: ..." and drops those whose RULE and PATH (or
# the start of it, when it ends in /) stand in the file of exceptions. In there:
# RULE PATH [DETAIL] # reason; DETAIL has to occur in the line.
excepted() {
	awk -v rule="$1" '
	FNR == NR {
		if ($0 ~ /^#/ || NF == 0)
			next
		if ($0 !~ /# *[^ ]/)
			print FILENAME ":" FNR ": an exception without a reason"
		split($0, part, / *# */)
		n = split(part[1], w, / +/)
		if (w[1] == rule) {
			path[++count] = w[2]
			detail[count] = n > 2 ? w[3] : ""
		}
		next
	}
	{
		for (i = 1; i <= count; i++) {
			p = path[i]
			here = p ~ /\/$/ ? index($0, p) == 1 : index($0, p ":") == 1
			if (here && (detail[i] == "" || index($0, detail[i])))
				next
		}
		print
	}' "$srcdir/tests/style/exceptions" -
}
