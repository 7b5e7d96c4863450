#!/bin/sh
# llvm-mc.sh - disassembly of random bytes beside llvm-mc's. SPDX-License-Identifier: MIT
#
# RAX_ASM_SEED: which bytes (default: others each time, shown). Differences that
# are known are explained by rules of the scripts; others fail.
. "$srcdir/tests/lib/tap.sh"
[ -n "${PYTHON:-}" ] || skip_all "no Python"
command -v llvm-mc > /dev/null || skip_all "llvm-mc is not installed (Debian: apt-get install llvm)"
"$MAKE" -s -C "$builddir" rax > "$tmp/make.log" 2>&1 || {
	diag "$(tail -n 20 "$tmp/make.log")"
	echo "Bail out! rax cannot be built"
	exit 99
}
seed=${RAX_ASM_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
for isa in '' _x86; do
	diag "tests/long/llvm_mc$isa.py $builddir/rax 20000 $seed"
	check "llvm_mc$isa.py" timeout 3000 "$PYTHON" -B "$srcdir/tests/long/llvm_mc$isa.py" \
		"$builddir/rax" 20000 "$seed"
done
tap_end
