/* suites.h - the tests of runtime/jit. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_JIT_SUITES_H
#define TESTS_UNIT_JIT_SUITES_H

#include <CUnit/CUnit.h>

extern CU_TestInfo jit_tests[], hot_tests[], refused_tests[], verify_tests[], memory_tests[],
	sites_tests[], form_tests[], vector_tests[], jumps_tests[], loops_tests[],
	random_tests[], walks_tests[], wide_tests[];

#endif
