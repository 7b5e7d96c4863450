#!/bin/sh
# fuzz-devices.sh - tests/cli/test_hostile.py, much longer. SPDX-License-Identifier: MIT
# RAX=... with a rax that was configured with --enable-sanitizers finds more.
[ -n "${PYTHON:-}" ] || { echo "1..0 # SKIP no Python"; exit 0; }
RAX=${RAX:-${builddir:-.}/rax}
RAX_FUZZ=${RAX_FUZZ:-30}
export RAX RAX_FUZZ
exec "$PYTHON" -B "${srcdir:-.}/tests/lib/unittest_tap.py" \
	"${srcdir:-.}/tests/cli/test_hostile.py" Hostile
