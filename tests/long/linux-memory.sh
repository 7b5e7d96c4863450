#!/bin/sh
# linux-memory.sh - how much memory a boot needs beside the guest's. SPDX-License-Identifier: MIT
[ -n "${PYTHON:-}" ] || { echo "1..0 # SKIP no Python"; exit 0; }
RAX=${RAX:-${builddir:-.}/rax}
export RAX
exec "$PYTHON" -B "${srcdir:-.}/tests/long/linux_runs.py" memory
