#!/bin/sh
# distcheck.sh - the tarball builds read-only, installs, cleans up. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/lib/build.sh"
step "make distcheck" "$MAKE" --no-print-directory -j"$jobs" distcheck CC="$CC"
tap_end
