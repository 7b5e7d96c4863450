/* suites.h - the tests of runtime/core. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_CORE_SUITES_H
#define TESTS_UNIT_CORE_SUITES_H

#include <CUnit/CUnit.h>

extern CU_TestInfo bus_tests[], clock_tests[], engines_tests[], mem_tests[],
	schedule_tests[], state_tests[], tlb_tests[], verify_tests[];

#endif
