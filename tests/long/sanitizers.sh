#!/bin/sh
# sanitizers.sh - all tests under ASan and UBSan. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/lib/build.sh"
build_and_test CC="$CC" CFLAGS="-g -O1" --enable-sanitizers --enable-werror --enable-debug
tap_end
