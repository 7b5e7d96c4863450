/* suites.h - tests of generated hexagon code. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_GEN_HEXAGON_SUITES_H
#define TESTS_UNIT_GEN_HEXAGON_SUITES_H

#include "tests/lib/asmtest.h"
#include "tests/lib/tap.h"

extern CU_TestInfo hexagon_asm_tests[], hexagon_engines_tests[], hexagon_packet_tests[];

#endif
