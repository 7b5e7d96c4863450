#!/bin/sh
# diff-qemu.sh - millions of random cases against QEMU. SPDX-License-Identifier: MIT
#
# RAX_DIFF_CASES: of each instruction and oracle in a round (default 2000);
# RAX_DIFF_ROUNDS: how many (default 5); RAX_DIFF_SEED: of the first.
. "$srcdir/tests/lib/tap.sh"
"$MAKE" -s -C "$builddir" tests/conf/conf_rv64 > "$tmp/make.log" 2>&1 || {
	diag "$(tail -n 20 "$tmp/make.log")"
	echo "Bail out! conf_rv64 cannot be built"
	exit 99
}
seed=${RAX_DIFF_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
round=0
while [ $round -lt "${RAX_DIFF_ROUNDS:-5}" ]; do
	"$PYTHON" "$srcdir/tests/diff/live.py" --cases "${RAX_DIFF_CASES:-2000}" \
		--seed $((seed + round)) "$builddir/tests/conf/conf_rv64" \
		> "$tmp/live.out" 2>&1
	status=$?
	if [ $status -eq 3 ]; then
		skip "cases of seed $((seed + round))" "$(cat "$tmp/live.out")"
	elif [ $status -eq 0 ]; then
		ok "cases of seed $((seed + round))"
		diag "$(cat "$tmp/live.out")"
	else
		not_ok "cases of seed $((seed + round))" "$(cat "$tmp/live.out")"
	fi
	round=$((round + 1))
done
"$PYTHON" "$srcdir/tests/diff/record.py" --check > "$tmp/check.out" 2>&1
case $? in
0) ok "the recording is what the oracles say" ;;
3) skip "the recording is what the oracles say" "$(cat "$tmp/check.out")" ;;
*) not_ok "the recording is what the oracles say" "$(cat "$tmp/check.out")" ;;
esac
tap_end
