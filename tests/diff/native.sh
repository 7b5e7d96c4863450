#!/bin/sh
# native.sh - x86 instructions against the host's own processor. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"

judge() { # ISA SEED CASES
	timeout 100 "$builddir/tests/diff/judge" --isa "$1" --seed "$2" --count "$3" \
		> "$tmp/$1.vec" 2> "$tmp/err"
}

if ! judge x86 1 10; then
	grep -q 'no x86-64 Linux\|cannot be mapped\|cannot be caught\|does not start' "$tmp/err" &&
		skip_all "$(cat "$tmp/err")"
fi
suite() { # ISA SEED CASES
	check "the processor judges cases of $1, seed $2" judge "$@"
	if ! grep -aq '^insn ' "$tmp/$1.vec"; then
		skip "it agrees with all engines" "no process may run code of $1 here"
		return
	fi
	check "it agrees with all engines" timeout 200 "$builddir/tests/conf/conf" \
		--isa "$1" --vectors "$tmp/$1.vec"
}
suite x86 1 10
suite x86 2 10
suite x86-32 1 5
suite x86-16 1 5
diag "$(sed -n 's/^oracle //p' "$tmp/x86.vec" | head -n 1)"
tap_end
