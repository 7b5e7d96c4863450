#!/bin/sh
# linux-reboot.sh - boots and reboots under every firmware. SPDX-License-Identifier: MIT
[ -n "${PYTHON:-}" ] || { echo "1..0 # SKIP no Python"; exit 0; }
RAX=${RAX:-${builddir:-.}/rax}
export RAX
exec "$PYTHON" -B "${srcdir:-.}/tests/long/linux_runs.py" reboot
