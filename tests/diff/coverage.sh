#!/bin/sh
# coverage.sh - rax coverage. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
rax=$builddir/rax
is "verified encodings" 3 "$("$rax" coverage --isa rv64 --extension rv_zbc |
	grep -c 'clmul.* lifted native .*verified: QEMU')"
# ---- what is compiled ----
if "$rax" --engine jit --kernel /dev/null 2>&1 | grep -q -e --engine; then
	skip "compiled code" "no engine jit here"
else
for isa in rv64 a64 t32 hexagon x86-64; do
	is "$isa: all that is lifted is lowered" "$("$rax" coverage --isa $isa | sed -n \
		's/.* lifted (\([0-9]*\) native), \([0-9]*\) of those lowered.*/\1 \2/p' |
		awk '{ print ($1 == $2 && $1 > 0) }')" 1
done
is "one that has host code" "$("$rax" coverage --isa rv64 --extension rv_i |
	grep -c '^add .* lowered native')" 1
is "one that calls a function" "$("$rax" coverage --isa rv64 |
	grep -c '^fmadd.h .* lowered with calls')" 1
is "one that calls its executor" "$("$rax" coverage --isa rv64 |
	grep -c '^fence.i .* lowered as call')" 1
fi
# ---- what there is ----
is "one that no oracle judges says why" \
	"$("$rax" coverage --isa rv64 | grep -c '^ecall .*not verified; not judged: .')" 1
is "all are listed" "$("$rax" coverage --isa rv64 | grep -c executed)" \
	"$(($("$rax" coverage --isa rv64 | sed -n 's/^\([0-9]*\) encodings:.*/\1/p') + 1))"
refuse() {
	name=$1
	want=$2
	shift 2
	"$rax" coverage "$@" > "$tmp/out" 2> "$tmp/err"
	is "$name: exit code" $? 2
	is "$name: one line" "$(wc -l < "$tmp/err" | tr -d ' ')" 1
	check "$name: message" grep -q -- "$want" "$tmp/err"
}
refuse "no ISA" "--isa is missing"
refuse "unknown ISA" "there is no instruction set 'rv65'" --isa rv65
refuse "unknown extension" "no encoding is of extension zz" --isa rv64 --extension zz
refuse "unknown option" "unknown: --ixa" --ixa rv64
refuse "no value" "nothing behind --isa" --isa
tap_end
