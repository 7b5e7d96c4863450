/* test_arena.c - memory that dies together. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"

static void alloc(void)
{
	struct rx_arena a = { 0 };
	unsigned char *p[300];

	for (unsigned k = 0; k < 300; k++) {
		const size_t size = k % 7 ? k * 5 : 20000 + k;

		p[k] = rx_arena_alloc(&a, size);
		CU_ASSERT_PTR_NOT_NULL_FATAL(p[k]);
		CU_ASSERT_EQUAL((uintptr_t)p[k] % _Alignof(max_align_t), 0);
		for (size_t j = 0; j < size; j++)
			if (p[k][j])
				CU_FAIL("not zeroed");
		memset(p[k], (int)k, size);
	}
	for (unsigned k = 0; k < 300; k++) {	/* nobody got the same twice */
		const size_t size = k % 7 ? k * 5 : 20000 + k;

		for (size_t j = 0; j < size; j++)
			if (p[k][j] != (unsigned char)k)
				CU_FAIL("overlap");
	}
	rx_arena_fini(&a);
	CU_ASSERT_PTR_NULL(a.chunks);
	CU_ASSERT_PTR_NOT_NULL(rx_arena_alloc(&a, 0));	/* usable again */
	rx_arena_fini(&a);
}

static void limit(void)
{
	struct rx_arena a = { .limit = 1000 };

	CU_ASSERT_PTR_NULL(rx_arena_alloc(&a, 1001));
	CU_ASSERT_PTR_NOT_NULL(rx_arena_alloc(&a, 600));
	CU_ASSERT_PTR_NULL(rx_arena_alloc(&a, 600));
	CU_ASSERT_PTR_NOT_NULL(rx_arena_alloc(&a, 300));
	CU_ASSERT_PTR_NULL(rx_arena_array(&a, SIZE_MAX / 2, 4));
	CU_ASSERT_PTR_NULL(rx_arena_alloc(&a, SIZE_MAX - 8));
	rx_arena_fini(&a);
}

static void strings(void)
{
	struct rx_arena a = { 0 };

	CU_ASSERT_STRING_EQUAL(rx_arena_strndup(&a, "hello world", 5), "hello");
	CU_ASSERT_STRING_EQUAL(rx_arena_strndup(&a, "", 0), "");
	CU_ASSERT_PTR_NULL(rx_arena_strndup(&a, "", SIZE_MAX));
	rx_arena_fini(&a);
}

CU_TestInfo arena_tests[] = {
	{ "alloc", alloc },
	{ "limit", limit },
	{ "strings", strings },
	CU_TEST_INFO_NULL,
};
