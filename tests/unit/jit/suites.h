/* suites.h - the tests of runtime/jit. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_JIT_SUITES_H
#define TESTS_UNIT_JIT_SUITES_H

#include <stdint.h>

#include <CUnit/CUnit.h>

/* Numbers that look random; *state is not 0. */
static inline uint64_t next_of(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

extern CU_TestInfo jit_tests[], hot_tests[], refused_tests[], verify_tests[], memory_tests[],
	sites_tests[], form_tests[], vector_tests[], jumps_tests[], loops_tests[],
	random_tests[], walks_tests[], wide_tests[];

#endif
