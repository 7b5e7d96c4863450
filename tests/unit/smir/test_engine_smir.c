/* test_engine_smir.c - the core's engine tests, on lifted code. SPDX-License-Identifier: MIT
 *
 * What they demand of the threaded engine (the same as step, unit by unit;
 * blocks found, shared, dropped) they demand of this one; but for links between
 * blocks, which it has not.
 */
#define rx_engine_threaded rx_engine_smir
#define engines_tests with_links
#include "tests/unit/core/test_engines.c"
#undef engines_tests

extern CU_TestInfo engine_tests[];

CU_TestInfo engine_tests[] = {
	EVERY_ENGINE,
	CU_TEST_INFO_NULL,
};
