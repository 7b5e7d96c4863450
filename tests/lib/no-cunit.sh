#!/bin/sh
# no-cunit.sh - stands for the unit tests when CUnit is missing. SPDX-License-Identifier: MIT
echo "1..1"
echo "not ok 1 - unit tests: configure found no CUnit"
echo "# apt-get install libcunit1-dev, then run configure again"
exit 1
