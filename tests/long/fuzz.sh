#!/bin/sh
# fuzz.sh - bad input and hostile guests, many more of them. SPDX-License-Identifier: MIT
# RAX=... with a rax built by --enable-sanitizers finds more.
[ -n "${PYTHON:-}" ] || { echo "1..0 # SKIP no Python"; exit 0; }
RAX=${RAX:-${builddir:-.}/rax}
RAX_FUZZ=${RAX_FUZZ:-3000}
export RAX RAX_FUZZ
"$PYTHON" -B "${srcdir:-.}/tests/lib/unittest_tap.py" \
	"${srcdir:-.}/tests/cli/test_badinput.py" mutants |
	grep -v '^1\.\.' || exit 99
RAX_FUZZ=30 "$PYTHON" -B "${srcdir:-.}/tests/lib/unittest_tap.py" \
	"${srcdir:-.}/tests/cli/test_hostile.py" registers queues calls |
	sed -n 's/^\(ok\|not ok\) \([0-9]*\)/\1/p' | awk '{ print } END { print "1.." NR + 1 }'
