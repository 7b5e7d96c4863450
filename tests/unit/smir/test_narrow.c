/* test_narrow.c - unit tests of smir/opt_narrow.c. SPDX-License-Identifier: MIT */
#include "rules.h"
#include "suites.h"
#include "tests/lib/tap.h"

static const struct rule narrows[] = {
	/* nobody sees the upper half of the sum; somebody does */
	{ "%2 = get.i64 r3\n%3 = add.i64 %1, %2\n%4 = trunc.i32 %3\n%5 = sext.i64 %4\n",
	  "%5", "add.i32", "add.i64" },
	{ "%2 = get.i64 r3\n%3 = add.i64 %1, %2\n%4 = trunc.i32 %3\n%5 = sext.i64 %4\n"
	  "put.i64 r4, %3\n", "%5", "add.i64", "add.i32" },
	/* a difference of products, a complement, a shift to the left; not to the right */
	{ "%2 = get.i64 r3\n%3 = mul.i64 %1, %2\n%4 = sub.i64 %2, %3\n%5 = trunc.i16 %4\n"
	  "%6 = zext.i64 %5\n", "%6", "sub.i32", "mul.i64" },
	{ "%2 = not.i64 %1\n%3 = neg.i64 %2\n%4 = const.i64 9\n%5 = shl.i64 %3, %4\n"
	  "%6 = trunc.i32 %5\n%7 = sext.i64 %6\n", "%7", "shl.i32", ".i64 %2" },
	{ "%2 = const.i64 9\n%3 = lshr.i64 %1, %2\n%4 = trunc.i32 %3\n%5 = sext.i64 %4\n",
	  "%5", "lshr.i64", "lshr.i32" },
	{ "%2 = get.i64 r3\n%3 = shl.i64 %1, %2\n%4 = trunc.i32 %3\n%5 = sext.i64 %4\n",
	  "%5", "shl.i64", "shl.i32" },
	/* extensions behind a bitwise operation, not in front; each is wanted alone */
	{ "%2 = trunc.i32 %1\n%3 = const.i32 5\n%4 = rotr.i32 %2, %3\n%5 = sext.i64 %4\n"
	  "%6 = lshr.i32 %2, %3\n%7 = zext.i64 %6\n%8 = xor.i64 %5, %7\n",
	  "%8", "xor.i32", "xor.i64" },
	{ "%2 = trunc.i32 %1\n%3 = sext.i64 %2\n%4 = const.i64 0xffffffffffffff00\n"
	  "%5 = or.i64 %3, %4\n", "%5", "or.i32", "or.i64" },
	{ "%2 = trunc.i32 %1\n%3 = sext.i64 %2\n%4 = get.i64 r3\n%5 = trunc.i32 %4\n"
	  "%6 = zext.i64 %5\n%7 = and.i64 %3, %6\n", "%7", "and.i64", "and.i32" },
	{ "%2 = trunc.i32 %1\n%3 = sext.i64 %2\nput.i64 r4, %3\n%4 = get.i64 r3\n"
	  "%5 = trunc.i32 %4\n%6 = sext.i64 %5\nput.i64 r5, %6\n%7 = xor.i64 %3, %6\n",
	  "%7", "xor.i64", "xor.i32" },
	/* a mask of the low half needs that alone; of the upper half */
	{ "%2 = trunc.i32 %1\n%3 = sext.i64 %2\n%4 = const.i64 0xfffffff0\n"
	  "%5 = and.i64 %3, %4\n", "%5", "and.i32", "sext" },
	{ "%2 = trunc.i32 %1\n%3 = sext.i64 %2\n%4 = const.i64 0xffffffff0\n"
	  "%5 = and.i64 %3, %4\n", "%5", "sext", "and.i32" },
	/* pairs of shifts */
	{ "%2 = const.i64 32\n%3 = shl.i64 %1, %2\n%4 = lshr.i64 %3, %2\n",
	  "%4", "zext.i64", "lshr" },
	{ "%2 = const.i64 48\n%3 = shl.i64 %1, %2\n%4 = ashr.i64 %3, %2\n",
	  "%4", "trunc.i16", "ashr" },
	{ "%2 = const.i64 56\n%3 = shl.i64 %1, %2\n%4 = lshr.i64 %3, %2\n",
	  "%4", "trunc.i8", "lshr" },
	{ "%2 = const.i64 32\n%3 = shl.i64 %1, %2\n%4 = const.i64 30\n"
	  "%5 = lshr.i64 %3, %4\n", "%5", "const.i64 0x2", "lshr" },
	{ "%2 = const.i64 32\n%3 = shl.i64 %1, %2\n%4 = const.i64 30\n"
	  "%5 = ashr.i64 %3, %4\n", "%5", "ashr", "zext" },
	{ "%2 = const.i64 40\n%3 = shl.i64 %1, %2\n%4 = const.i64 40\n"
	  "%5 = lshr.i64 %3, %4\n", "%5", "lshr", "zext" },
	/* the upper bits of what goes up by 32 are not wanted */
	{ "%2 = get.i64 r3\n%3 = add.i64 %1, %2\n%4 = const.i64 33\n%5 = shl.i64 %3, %4\n",
	  "%5", "add.i32", "add.i64" },
};

static void rules(void)
{
	check_rules(narrows, sizeof(narrows) / sizeof(narrows[0]));
}

CU_TestInfo narrow_tests[] = {
	{ "rules", rules },
	CU_TEST_INFO_NULL,
};
