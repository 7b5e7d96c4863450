#!/bin/sh
# systems.sh - random systems run alike on every engine. SPDX-License-Identifier: MIT
#
# Page tables, code and CSRs change under random code in all modes, with timers
# and exceptions (tests/diff/systems.h); the state after some instructions is to
# be the same. tests/long/systems.sh sets more seeds and ways to compile.
. "$srcdir/tests/lib/tap.sh"
seeds=${seeds:-1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20}
compiled=${compiled:-1,2,64M 1,0,1M 8,2,64M 20,1,64M 50,2,64M}	# heat, level, memory
insns=${insns:-100000}
all=$(engines "$builddir/rax")

# state ARGUMENT...: the hash and what the console got, or what went wrong
state() {
	timeout 100 "$builddir/rax" --kernel "$tmp/system.elf" --memory 16M --smp "$harts" \
		--clock icount --icount-shift 5 --max-insns "$insns" --state-hash "$@" \
		2> "$tmp/said" > "$tmp/console" < /dev/null
	grep -v 'the limit of --max-insns is reached' "$tmp/said"
	cksum < "$tmp/console"
}

for seed in $seeds; do
	harts=1
	[ $((seed % 4)) != 0 ] || harts=2
	check "system $seed is written" \
		"$builddir/tests/diff/systems" -s "$seed" -m $harts "$tmp/system.elf"
	expected=$(state --engine step)
	check "system $seed runs on step" expr "$expected" : 'state .* instructions'
	for engine in $all; do
		case $engine in
		step)
			;;
		jit)
			for way in $compiled; do
				cache=${way##*,}
				level=${way#*,}
				is "system $seed: jit, heat, level and memory $way" \
					"$(state --engine jit --jit-heat "${way%%,*}" \
						--jit-level "${level%,*}" --jit-cache "$cache")" \
					"$expected"
			done
			;;
		*)
			is "system $seed: $engine" "$(state --engine "$engine")" "$expected"
		esac
	done
done
tap_end
