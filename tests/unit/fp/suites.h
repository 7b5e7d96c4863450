/* suites.h - the test suites of runtime/fp. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_FP_SUITES_H
#define TESTS_UNIT_FP_SUITES_H

#include "tests/lib/tap.h"

extern CU_TestInfo fp_arith_tests[], fp_compare_tests[], fp_convert_tests[],
	fp_nan_tests[], fp_host_tests[], fp_box_tests[];

/* One test for each operation, made from their tables. */
void fp_add_host_tests(void);
void fp_add_hw_tests(void);
void fp_add_x87_tests(void);

#endif
