#!/bin/sh
# linux.sh - boots Debian's riscv64 kernel, threaded engine. SPDX-License-Identifier: MIT
# Needs the network once; not part of `make check`: see tests/boot/local.mk.
[ -n "${PYTHON:-}" ] || { echo "1..0 # SKIP no Python"; exit 0; }
RAX=${RAX:-${builddir:-.}/rax}
export RAX
exec "$PYTHON" -B "${srcdir:-.}/tests/boot/linux_boot.py" -- --engine threaded
