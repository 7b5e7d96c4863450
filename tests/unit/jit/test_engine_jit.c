/* test_engine_jit.c - the core's engine tests, on compiled code. SPDX-License-Identifier: MIT
 *
 * What they demand of the threaded engine (the same as step, unit by unit;
 * blocks found, shared, linked, dropped) they demand of this one, which
 * compiles every block that is met a second time.
 */
#include "core/vm.h"
#if RX_HAVE_JIT
#define rx_engine_threaded rx_engine_jit
#define engines_tests with_links
#include "tests/unit/core/test_engines.c"
#undef engines_tests

extern CU_TestInfo jit_tests[];

CU_TestInfo jit_tests[] = {
	EVERY_ENGINE,
	CU_TEST_INFO_NULL,
};
#endif
