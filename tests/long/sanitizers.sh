#!/bin/sh
# sanitizers.sh - all tests under ASan and UBSan. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/lib/build.sh"
build_and_test CC="$CC" CFLAGS="-g -O1" --enable-sanitizers --enable-werror --enable-debug
# Where the stack is watched, handlers keep frames and there is no JIT.
if "$CC" --version | grep -q clang; then
	skip "the JIT, without watching the stack" "nobody has tried $CC"
else
	configure_in jit CC="$CC" \
		CFLAGS="-g -O1 -foptimize-sibling-calls --param asan-stack=0" \
		--enable-sanitizers --enable-werror --enable-debug &&
		make_in jit && is "the JIT is there" "$(engines "$tmp/jit/rax" | grep jit)" jit &&
		make_in jit test && summary
fi
tap_end
