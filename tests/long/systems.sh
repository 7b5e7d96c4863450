#!/bin/sh
# systems.sh - many random systems, compiled in many ways. SPDX-License-Identifier: MIT
# SEEDS="7 8 9" chooses them.
seeds=${SEEDS:-$(seq 1000 1499)}
compiled="1,0,64M 1,1,64M 1,2,1M 2,0,1M 2,1,64M 2,2,64M 20,0,64M 20,1,64M 20,2,64M 500,2,64M"
insns=300000
. "$srcdir/tests/diff/systems.sh"
