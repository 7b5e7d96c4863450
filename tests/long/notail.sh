#!/bin/sh
# notail.sh - a compiler that makes no tail calls. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/lib/build.sh"
build_and_test CC="$CC" CFLAGS="-O2 -fno-optimize-sibling-calls" --enable-werror \
	--disable-shared
is "configure noticed" "$(grep RX_HAVE_TAILCALL "$tmp/build/config.h")" \
	"#define RX_HAVE_TAILCALL 0"
tap_end
