#!/bin/sh
# native.sh - x86 instructions against the host's own processor. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
cases=10

judge() { # SEED
	timeout 100 "$builddir/tests/diff/judge" --isa x86 --seed "$1" --count $cases \
		> "$tmp/x86.vec" 2> "$tmp/err"
}

if ! judge 1; then
	grep -q 'no x86-64 Linux\|cannot be mapped\|cannot be caught\|does not start' "$tmp/err" &&
		skip_all "$(cat "$tmp/err")"
fi
for seed in 1 2; do
	check "the processor judges cases of seed $seed" judge $seed
	check "it agrees with all engines" timeout 200 "$builddir/tests/conf/conf" \
		--isa x86 --vectors "$tmp/x86.vec"
done
diag "$(sed -n 's/^oracle //p' "$tmp/x86.vec" | head -n 1)"
tap_end
