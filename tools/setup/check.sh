#!/bin/sh
# check.sh - install what is missing, build, run every test. SPDX-License-Identifier: MIT
# usage: tools/setup/check.sh
# Runs `make check` and one boot of Debian's Linux; ends with
# "N passed, N failed, N skipped" and fails when a test did.
set -eu
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2086 # lists of words
need $build_packages $guest_packages $test_packages
find_python
build_rax
exec make -C "$build" -j"$jobs" --no-print-directory \
	test boot_tests=tests/boot/linux.sh
