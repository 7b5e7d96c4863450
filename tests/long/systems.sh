#!/bin/sh
# systems.sh - many random systems, compiled in many ways. SPDX-License-Identifier: MIT
# SEEDS="7 8 9" chooses them.
seeds=${SEEDS:-$(seq 1000 1499)}
compiled="1,0 1,1 1,2 2,0 2,1 2,2 20,0 20,1 20,2 500,2"
insns=300000
. "$srcdir/tests/diff/systems.sh"
