/* suites.h - the tests of runtime/base. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_BASE_SUITES_H
#define TESTS_UNIT_BASE_SUITES_H

#include <CUnit/CUnit.h>

extern CU_TestInfo arena_tests[], bits_tests[], error_tests[], file_tests[],
	log_tests[], toml_tests[];

#endif
