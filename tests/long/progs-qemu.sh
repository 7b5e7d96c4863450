#!/bin/sh
# progs-qemu.sh - thousands of random programs on all engines and QEMU. SPDX-License-Identifier: MIT
#
# RAX_PROGS_SEEDS: how many images of 1000 programs (default 5); RAX_DIFF_SEED:
# the first one's. A difference is shown with the command that writes its image.
. "$srcdir/tests/lib/tap.sh"
"$MAKE" -s -C "$builddir" rax tests/diff/progs > "$tmp/make.log" 2>&1 || {
	diag "$(tail -n 20 "$tmp/make.log")"
	echo "Bail out! progs cannot be built"
	exit 99
}
programs=1000
first=${RAX_DIFF_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
qemu=$(command -v qemu-system-riscv64)

# run NAME COMMAND...: its digests in $tmp/NAME
run() {
	name=$1
	shift
	check "seed $seed runs on $name" timeout 300 "$@"
}

seed=$first
while [ "$seed" -lt $((first + ${RAX_PROGS_SEEDS:-5})) ]; do
	diag "tests/diff/progs -s $seed -n $programs -p FILE"
	"$builddir/tests/diff/progs" -s "$seed" -n $programs -p "$tmp/p.elf"
	for engine in step threaded smir; do
		run $engine sh -c '"$1" --kernel "$2" --engine "$3" > "$4"' sh \
			"$builddir/rax" "$tmp/p.elf" $engine "$tmp/$engine"
	done
	is "seed $seed: every program ended" "$(grep -c '^[0-9a-f]\{16\}$' "$tmp/step")" $programs
	others="threaded smir"
	if [ -n "$qemu" ]; then
		others="$others qemu"
		run qemu "$qemu" -M virt -cpu rv64,Zfh=true -bios none -display none \
			-kernel "$tmp/p.elf" -serial "file:$tmp/qemu"
	else
		skip "seed $seed runs on qemu" "no qemu-system-riscv64"
	fi
	for other in $others; do
		check "seed $seed: $other ends as step" cmp "$tmp/step" "$tmp/$other"
	done
	seed=$((seed + 1))
done
tap_end
