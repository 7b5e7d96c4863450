/* test_bits.c - bit fields, ranges, byte order. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>

#include "base/bits.h"

static void fields(void)
{
	CU_ASSERT_EQUAL(rx_ones(0), 0);
	CU_ASSERT_EQUAL(rx_ones(1), 1);
	CU_ASSERT_EQUAL(rx_ones(63), INT64_MAX);
	CU_ASSERT_EQUAL(rx_ones(64), UINT64_MAX);
	CU_ASSERT_EQUAL(rx_bits(0x1234, 4, 8), 0x23);
	CU_ASSERT_EQUAL(rx_bits(UINT64_MAX, 63, 1), 1);
	CU_ASSERT_EQUAL(rx_bits(0x1234, 0, 64), 0x1234);
	CU_ASSERT_EQUAL(rx_set_bits(0xffff, 4, 8, 0xa5a), 0xf5af);
	CU_ASSERT_EQUAL(rx_set_bits(0, 0, 64, UINT64_MAX), UINT64_MAX);
	CU_ASSERT_EQUAL(rx_sext(0x80, 8), -128);
	CU_ASSERT_EQUAL(rx_sext(0x17f, 8), 127);
	CU_ASSERT_EQUAL(rx_sext(1, 1), -1);
	CU_ASSERT_EQUAL(rx_sext(UINT64_MAX, 64), -1);
	CU_ASSERT_FALSE(rx_is_pow2(0));
	CU_ASSERT(rx_is_pow2(UINT64_C(1) << 63));
	CU_ASSERT_FALSE(rx_is_pow2(6));
	CU_ASSERT_EQUAL(rx_align_down(0x1fff, 0x1000), 0x1000);
	CU_ASSERT_EQUAL(rx_align_up(0x1001, 0x1000), 0x2000);
	CU_ASSERT_EQUAL(rx_align_up(0x1000, 0x1000), 0x1000);
}

static void ranges(void)
{
	CU_ASSERT(rx_range_in(10, 5, 10, 5));
	CU_ASSERT(rx_range_in(10, 5, 15, 0));
	CU_ASSERT_FALSE(rx_range_in(10, 5, 16, 0));
	CU_ASSERT_FALSE(rx_range_in(10, 5, 9, 1));
	CU_ASSERT_FALSE(rx_range_in(10, 5, 14, 2));
	CU_ASSERT_FALSE(rx_range_in(10, 5, 11, UINT64_MAX));
	CU_ASSERT_FALSE(rx_range_in(10, 5, UINT64_MAX, 2));
	CU_ASSERT(rx_range_in(UINT64_MAX, 1, UINT64_MAX, 1));
	CU_ASSERT(rx_range_in(0, UINT64_MAX, 1, UINT64_MAX - 1));
}

static void bytes(void)
{
	uint8_t b[9] = { 0 };

	rx_put_le32(b + 1, 0x11223344);
	CU_ASSERT_EQUAL(memcmp(b, "\0\x44\x33\x22\x11\0", 6), 0);
	CU_ASSERT_EQUAL(rx_get_le32(b + 1), 0x11223344);
	CU_ASSERT_EQUAL(rx_get_be32(b + 1), 0x44332211);
	rx_put_be64(b + 1, UINT64_C(0x0102030405060708));
	CU_ASSERT_EQUAL(memcmp(b, "\0\1\2\3\4\5\6\7\10", 9), 0);
	CU_ASSERT_EQUAL(rx_get_le64(b + 1), UINT64_C(0x0807060504030201));
	rx_put_be16(b, 0xabcd);
	CU_ASSERT_EQUAL(rx_get_le16(b), 0xcdab);
}

CU_TestInfo bits_tests[] = {
	{ "fields", fields },
	{ "ranges", ranges },
	{ "bytes", bytes },
	CU_TEST_INFO_NULL,
};
