#!/bin/sh
# masked.sh - recorded cases on hosts that have less than this one. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
conf=$builddir/tests/conf/conf
[ -x "$conf" ] || skip_all "the unit tests were not built"

# what a host lacks, and an engine that there is without it; one feature at a
# time: tests/cli/test_jit.py, tests/diff/programs.sh
for mask in \
	rv64,fma,threaded \
	rv64,fma,bmi1,lzcnt,popcnt,f16c,jit \
	x86,avx2,f16c,jit \
	hexagon,avx2,jit
do
	isa=${mask%%,*}
	engine=${mask##*,}
	mask=${mask#*,}
	mask=${mask%,*}
	case $(engines "$builddir/rax") in
	*"$engine"*) ;;
	*) skip "$isa without $mask on $engine" "there is no engine $engine here"; continue ;;
	esac
	check "$isa without $mask on $engine" \
		timeout 600 "$conf" --isa "$isa" --engine "$engine" --host-mask "$mask"
done
is "a feature that there is not" "$("$conf" --isa rv64 --host-mask mmx 2>&1)" \
	"conf: there is no feature 'mmx' of the host to do without; known: $(
	)avx, avx2, fma, bmi1, bmi2, lzcnt, popcnt, f16c"
tap_end
