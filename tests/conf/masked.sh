#!/bin/sh
# masked.sh - recorded cases on hosts that have less than this one. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
conf=$builddir/tests/conf/conf
[ -x "$conf" ] || skip_all "the unit tests were not built"

# what a host lacks, and an engine that there is without it; one feature at a
# time: tests/cli/test_jit.py, tests/diff/programs.sh
for mask in fma,threaded fma,bmi1,lzcnt,popcnt,jit; do
	engine=${mask##*,}
	mask=${mask%,*}
	case $(engines "$builddir/rax") in
	*"$engine"*) ;;
	*) skip "rv64 without $mask on $engine" "there is no engine $engine here"; continue ;;
	esac
	check "rv64 without $mask on $engine" \
		timeout 600 "$conf" --isa rv64 --engine "$engine" --host-mask "$mask"
done
is "a feature that there is not" "$("$conf" --isa rv64 --host-mask mmx 2>&1)" \
	"conf: there is no feature 'mmx' of the host to do without; known: $(
	)avx, avx2, fma, bmi1, bmi2, lzcnt, popcnt"
tap_end
