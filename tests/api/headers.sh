#!/bin/sh
# headers.sh - every header compiles alone. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/style/sources.sh"

flags="-Wall -Wextra -Wpedantic -Wshadow -Wundef -Werror -I$srcdir/runtime/include"

# alone COMPILER FLAGS HEADER LANGUAGE: its messages
alone() {
	printf '#include <%s>\n#include <%s>\n' "$3" "$3" > "$tmp/alone.$4"
	# shellcheck disable=SC2086 # lists of words
	$1 $2 -fsyntax-only "$tmp/alone.$4" 2>&1
}

cxx=
for try in ${CXX:-} c++ g++ clang++; do
	if command -v "$try" >/dev/null 2>&1; then
		cxx=$try
		break
	fi
done

public=$(sources h | sed -n 's,^runtime/include/,,p')
for header in $public; do
	for std in c11 c17; do
		empty "<$header> as $std" "$(alone "$CC" "-std=$std $flags" "$header" c)"
	done
	if [ -z "$cxx" ]; then
		skip "<$header> as c++17" "no C++ compiler is installed"
	else
		empty "<$header> as c++17" "$(alone "$cxx" "-std=c++17 $flags" "$header" cc)"
	fi
done
check "there are public headers" test -n "$public"

# Internal ones, in the language of the project.
flags="-std=gnu11 -Wall -Wextra -Werror -DHAVE_CONFIG_H -I$builddir -I$srcdir/runtime
	-I$srcdir/runtime/include -I$srcdir/generated -I$srcdir"
bad=$({
	sources h | sed -n 's,^runtime/,,p' | grep -v '^include/'
	(cd "$srcdir/generated" && find . -name '*.h') | sed 's,^\./,,'
} | while read -r header; do
	said=$(alone "$CC" "$flags" "$header" c)
	[ -z "$said" ] || echo "$header: $(printf '%s\n' "$said" | grep -m1 error)"
done | excepted alone)
empty "internal headers compile alone" "$bad"

tap_end
