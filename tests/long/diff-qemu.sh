#!/bin/sh
# diff-qemu.sh - millions of random cases against QEMU. SPDX-License-Identifier: MIT
#
# RAX_DIFF_CASES: of each instruction and oracle in a round (default 2000);
# RAX_DIFF_ROUNDS: how many (default 5); RAX_DIFF_SEED: of the first;
# RAX_DIFF_ISAS: which instruction sets.
. "$srcdir/tests/lib/tap.sh"
"$MAKE" -s -C "$builddir" tests/conf/conf tests/diff/judge > "$tmp/make.log" 2>&1 || {
	diag "$(tail -n 20 "$tmp/make.log")"
	echo "Bail out! conf and judge cannot be built"
	exit 99
}
isas=${RAX_DIFF_ISAS:-a64 hexagon rv64 t32}
seed=${RAX_DIFF_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
round=0
while [ $round -lt "${RAX_DIFF_ROUNDS:-5}" ]; do
	for isa in $isas; do
		what="cases of $isa, seed $((seed + round))"
		"$PYTHON" "$srcdir/tests/diff/live.py" --isa "$isa" --seed $((seed + round)) \
			--cases "${RAX_DIFF_CASES:-2000}" > "$tmp/live.out" 2>&1
		status=$?
		if [ $status -eq 3 ]; then
			skip "$what" "$(cat "$tmp/live.out")"
		elif [ $status -eq 0 ]; then
			ok "$what"
			diag "$(cat "$tmp/live.out")"
		else
			not_ok "$what" "$(cat "$tmp/live.out")"
		fi
	done
	round=$((round + 1))
done
for isa in $isas; do
	"$PYTHON" "$srcdir/tests/diff/record.py" --check "$isa" > "$tmp/check.out" 2>&1
	case $? in
	0) ok "the recording of $isa is what the oracles say" ;;
	3) skip "the recording of $isa is what the oracles say" "$(cat "$tmp/check.out")" ;;
	*) not_ok "the recording of $isa is what the oracles say" "$(cat "$tmp/check.out")" ;;
	esac
done
tap_end
