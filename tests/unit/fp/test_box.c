/* test_box.c - NaN boxing. SPDX-License-Identifier: MIT */
#include "fp/box.h"
#include "fpt.h"
#include "suites.h"

static void
test_box(void)
{
	CU_ASSERT_EQUAL(rx_box32(0x3f800000), 0xffffffff3f800000);
	CU_ASSERT_EQUAL(rx_box16(0x3c00), 0xffffffffffff3c00);
	CU_ASSERT_EQUAL(rx_unbox32(0xffffffff3f800000), 0x3f800000);
	CU_ASSERT_EQUAL(rx_unbox16(0xffffffffffff3c00), 0x3c00);
	/* one clear bit anywhere above makes it the canonical NaN */
	for (int i = 32; i < 64; i++)
		CU_ASSERT_EQUAL(rx_unbox32(rx_box32(1) ^ UINT64_C(1) << i),
				0x7fc00000);
	for (int i = 16; i < 64; i++)
		CU_ASSERT_EQUAL(rx_unbox16(rx_box16(1) ^ UINT64_C(1) << i),
				0x7e00);
	for (int i = 0; i < 32; i++)
		CU_ASSERT_EQUAL(rx_unbox32(rx_box32(UINT32_C(1) << i)),
				UINT32_C(1) << i);
	CU_ASSERT_EQUAL(rx_unbox16(rx_box32(0xffff1234)), 0x1234);
}

CU_TestInfo fp_box_tests[] = {
	{ "box and unbox", test_box },
	CU_TEST_INFO_NULL,
};
