#!/bin/sh
# tools.sh - codespell, shellcheck, clang-format, mandoc. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/style/sources.sh"

# tool NAME COMMAND: true when it is there; skips otherwise
tool() {
	command -v "$2" >/dev/null 2>&1 && return 0
	skip "$1" "$2 is not installed"
	return 1
}

# in_srcdir COMMAND...: with file names on standard input as last arguments
in_srcdir() {
	(cd "$srcdir" && xargs "$@")
}

if tool "spelling" codespell; then
	sources | grep -vx tests/style/exceptions > "$tmp/list"
	bad=$(in_srcdir codespell -I tests/style/words < "$tmp/list" 2>&1 | excepted spelling)
	empty "spelling" "$bad"
fi

if tool "shell scripts" shellcheck; then
	{
		sources sh
		sources | grep -xE 'bootstrap|\.ci/run'
	} | in_srcdir shellcheck -e SC1091,SC2016,SC2154 -f gcc > "$tmp/shellcheck" 2>&1
	empty "shell scripts" "$(excepted shellcheck < "$tmp/shellcheck")"
fi

# formatted FILE: the first statement that clang-format would lay out otherwise
formatted() {
	# a table's one-line struct may stay one, labels may share a line
	sed -E 's/struct \{ [^{}]*; \}/struct one_line/
		/^	*case /s/: case /_case_/g' "$srcdir/$1" > "$tmp/original.c"
	ranges=$("$AWK" '/^\{$/ { start = NR - 1 }
		/^\}$/ && start { printf "--lines=%d:%d ", start, NR; start = 0 }
		' "$tmp/original.c")
	[ -n "$ranges" ] || return 0
	# shellcheck disable=SC2086 # a list of options
	clang-format --style="file:$srcdir/.clang-format" $ranges "$tmp/original.c" \
		> "$tmp/formatted.c"
	"$AWK" -f "$srcdir/tests/style/layout.awk" "$tmp/original.c" "$tmp/formatted.c" |
		sed "s,^,$1: line ,"
}

if tool "C functions are laid out as .clang-format says" clang-format; then
	case $(clang-format --version) in
	*"version 14."*)
		bad=$(sources c | while read -r file; do formatted "$file"; done | excepted layout)
		empty "C functions are laid out as .clang-format says" "$bad"
		;;
	*)
		skip "C functions are laid out as .clang-format says" \
			"another clang-format than 14 has other opinions"
		;;
	esac
fi

if tool "man pages" mandoc; then
	pages=$(find "$srcdir/docs" "$srcdir/tools" "$builddir/docs" "$builddir/tools" \
		-name '*.1' 2>/dev/null | sort -u)
	if [ -z "$pages" ]; then
		skip "man pages" "there is none"
	else
		# shellcheck disable=SC2086 # a list of names
		empty "man pages" "$(mandoc -Tlint -Wwarning $pages 2>&1)"
	fi
fi

tap_end
