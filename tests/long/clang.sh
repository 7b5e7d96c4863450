#!/bin/sh
# clang.sh - clang builds without warnings, all tests pass. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/lib/build.sh"
command -v clang >/dev/null 2>&1 || skip_all "clang is not installed"
build_and_test CC=clang --enable-werror
tap_end
