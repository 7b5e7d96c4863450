/* suites.h - the tests of runtime/smir. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_SMIR_SUITES_H
#define TESTS_UNIT_SMIR_SUITES_H

#include <CUnit/CUnit.h>

extern CU_TestInfo build_tests[], text_tests[], verify_tests[], interp_tests[],
	random_tests[], engine_tests[], vec_tests[], fold_tests[], opt_tests[], narrow_tests[],
	pack_tests[], signs_tests[], sink_tests[];

#endif
