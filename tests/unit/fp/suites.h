/* suites.h - the test suites of runtime/fp. SPDX-License-Identifier: MIT */
#ifndef RX_TESTS_FP_SUITES_H
#define RX_TESTS_FP_SUITES_H

#include <CUnit/CUnit.h>

extern CU_TestInfo fp_arith_tests[], fp_compare_tests[], fp_convert_tests[],
	fp_nan_tests[], fp_host_tests[], fp_box_tests[], fp_hw_tests[];

#endif
