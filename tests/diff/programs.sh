#!/bin/sh
# programs.sh - random programs end alike on every engine. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
programs=200
all=$(engines "$builddir/rax" | tr '\n' ' ')
for seed in 1 2 3; do
	check "programs of seed $seed are written" \
		"$builddir/tests/diff/progs" -s $seed -n $programs "$tmp/p.elf"
	for engine in $all; do
		check "seed $seed runs on $engine" sh -c '
			timeout 100 "$1" --kernel "$2" --engine "$3" > "$4"' sh \
			"$builddir/rax" "$tmp/p.elf" "$engine" "$tmp/$engine"
	done
	is "seed $seed: every program ended" "$(grep -c '^[0-9a-f]\{16\}$' "$tmp/step")" $programs
	for engine in $all; do
		[ "$engine" != step ] || continue
		check "seed $seed: $engine ends as step" cmp "$tmp/step" "$tmp/$engine"
	done
	case " $all " in
	*" jit "*)
		for level in 0 1 2; do	# everything that is met twice is compiled
			check "seed $seed ends alike compiled at once, level $level" sh -c '
				timeout 200 "$1" --kernel "$2" --engine jit --jit-heat 1 \
					--jit-level "$4" | cmp - "$3"' sh \
				"$builddir/rax" "$tmp/p.elf" "$tmp/step" $level
		done
		[ $seed = 1 ] || continue
		check "seed $seed: step agrees, block by block" sh -c '
			timeout 200 "$1" --kernel "$2" --jit verify --jit-heat 1 --stats \
				2> "$4" | cmp - "$3"' sh \
			"$builddir/rax" "$tmp/p.elf" "$tmp/step" "$tmp/stats"
		is "seed $seed: operations verify between passes" \
			"$(sed -n 's/^ *\([0-9]*\) blocks refused by the verifier$/\1/p' \
				"$tmp/stats")" 0
		for mask in fma bmi1 lzcnt popcnt f16c avx; do
			check "seed $seed ends alike without $mask of the host" sh -c '
				timeout 200 "$1" --kernel "$2" --jit-heat 1 --host-mask "$4" |
					cmp - "$3"' sh \
				"$builddir/rax" "$tmp/p.elf" "$tmp/step" $mask
		done
	esac
done
# loops over memory, some of them over its end, which are compiled with their likely ways
programs=100
for seed in 4 5 6; do
	check "programs with loops over memory, seed $seed, are written" \
		"$builddir/tests/diff/progs" -s $seed -n $programs -m "$tmp/p.elf"
	for engine in $all; do
		[ "$engine" = jit ] || set -- "$@" "$engine"
	done
	case " $all " in
	*" jit "*)
		set -- "$@" "jit --jit-heat 5" "jit --jit-heat 20 --jit-level 1" \
			"jit --jit-heat 20" "jit --jit-heat 50" "jit --jit-heat 20 --jit-cache 1M"
	esac
	for way; do
		check "seed $seed runs on $way" sh -c '
			timeout 200 "$1" --kernel "$2" --memory 16M --clock icount --state-hash \
				--engine $3 > "$4" 2>&1' sh \
			"$builddir/rax" "$tmp/p.elf" "$way" "$tmp/way"
		[ "$way" != step ] || {
			mv "$tmp/way" "$tmp/step"
			is "seed $seed: every program ended" \
				"$(grep -c '^[0-9a-f]\{16\}$' "$tmp/step")" $programs
			continue
		}
		check "seed $seed: $way ends as step" cmp "$tmp/step" "$tmp/way"
	done
	set --
done
tap_end
