#!/bin/sh
# linux-typed.sh - boots with typed input repeat bit for bit. SPDX-License-Identifier: MIT
[ -n "${PYTHON:-}" ] || { echo "1..0 # SKIP no Python"; exit 0; }
RAX=${RAX:-${builddir:-.}/rax}
export RAX
exec "$PYTHON" -B "${srcdir:-.}/tests/long/linux_runs.py" typed
