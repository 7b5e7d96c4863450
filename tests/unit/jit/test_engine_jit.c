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
	{ "loop", loop },
	{ "budget", budget },
	{ "linked", linked },
	{ "next_instruction", next_instruction },
	{ "data_beside_code", data_beside_code },
	{ "code_no_more", code_no_more },
	{ "straddle", straddle },
	{ "remap", remap },
	{ "remap_far", remap_far },
	{ "remap_near", remap_near },
	{ "spaces", spaces },
	{ "mode", mode },
	{ "fault_for_ever", fault_for_ever },
	{ "timer", timer },
	{ "dma_into_self", dma_into_self },
	{ "guest_exit", guest_exit },
	{ "cache_full", cache_full },
	{ "dead_blocks", dead_blocks },
	{ "hook", hook },
	{ "change_engine", change_engine },
	CU_TEST_INFO_NULL,
};
#endif
