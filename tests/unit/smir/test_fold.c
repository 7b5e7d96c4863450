/* test_fold.c - unit tests of smir/opt_fold.c. SPDX-License-Identifier: MIT */
#include "rules.h"
#include "suites.h"
#include "tests/lib/tap.h"

static const struct rule folds[] = {
	/* rotations; each instruction cuts its register for itself */
	{ "%2 = trunc.i32 %1\n%3 = const.i32 7\n%4 = shl.i32 %2, %3\n%5 = sext.i64 %4\n"
	  "%6 = trunc.i32 %1\n%7 = const.i32 25\n%8 = lshr.i32 %6, %7\n%9 = sext.i64 %8\n"
	  "%10 = or.i64 %5, %9\n", "%10", "rotr.i32", "or.i64" },
	{ "%2 = trunc.i32 %1\n%3 = const.i32 31\n%4 = lshr.i32 %2, %3\n%5 = zext.i64 %4\n"
	  "%6 = const.i32 1\n%7 = shl.i32 %2, %6\n%8 = sext.i64 %7\n"
	  "%9 = or.i64 %5, %8\n", "%9", "rotr.i32", "or.i64" },
	/* none: the amounts do not add up; another register; zero-extended */
	{ "%2 = trunc.i32 %1\n%3 = const.i32 7\n%4 = shl.i32 %2, %3\n%5 = sext.i64 %4\n"
	  "%6 = const.i32 24\n%7 = lshr.i32 %2, %6\n%8 = zext.i64 %7\n"
	  "%9 = or.i64 %5, %8\n", "%9", "or.i32", "rotr" },
	{ "%2 = trunc.i32 %1\n%3 = const.i32 7\n%4 = shl.i32 %2, %3\n%5 = sext.i64 %4\n"
	  "%6 = get.i64 r3\n%7 = trunc.i32 %6\n%8 = const.i32 25\n%9 = lshr.i32 %7, %8\n"
	  "%10 = zext.i64 %9\n%11 = or.i64 %5, %10\n", "%11", "or.i32", "rotr" },
	{ "%2 = trunc.i32 %1\n%3 = const.i32 7\n%4 = shl.i32 %2, %3\n%5 = zext.i64 %4\n"
	  "%6 = const.i32 25\n%7 = lshr.i32 %2, %6\n%8 = zext.i64 %7\n"
	  "%9 = or.i64 %5, %8\n", "%9", "or.i64", "rotr" },
	/* itself without itself is nothing, whatever it is; two registers may differ */
	{ "%2 = xor.i64 %1, %1\n%3 = const.i64 5\n%4 = add.i64 %2, %3\n", "%4",
	  "const.i64 0x5", "xor" },
	{ "%2 = sub.i64 %1, %1\n%3 = const.i64 5\n%4 = add.i64 %2, %3\n", "%4",
	  "const.i64 0x5", "sub" },
	{ "%2 = get.i64 r3\n%3 = xor.i64 %1, %2\n", "%3", "xor", "sub" },
	/* a condition as a number, and not its contrary */
	{ "%2 = get.i64 r3\n%3 = ult.i64 %1, %2\n%4 = const.i64 1\n%5 = const.i64 0\n"
	  "%6 = select.i64 %3, %4, %5\n", "%6", "zext.i64", "select" },
	{ "%2 = get.i64 r3\n%3 = ult.i64 %1, %2\n%4 = const.i64 1\n%5 = const.i64 0\n"
	  "%6 = select.i64 %3, %5, %4\n", "%6", "select.i64", "zext" },
	/* both halves are wanted, too */
	{ "%2 = trunc.i32 %1\n%3 = const.i32 7\n%4 = shl.i32 %2, %3\n%5 = sext.i64 %4\n"
	  "%6 = const.i32 25\n%7 = lshr.i32 %2, %6\n%8 = zext.i64 %7\nput.i64 r4, %5\n"
	  "put.i64 r5, %8\n%9 = or.i64 %5, %8\n", "%9", "or.i64", "rotr" },
	/* signs moved: the opposite, the same; a mask that leaves a bit out */
	{ "%2 = const.i64 0x7fffffffffffffff\n%3 = and.i64 %1, %2\n"
	  "%4 = const.i64 0x8000000000000000\n%5 = xor.i64 %1, %4\n"
	  "%6 = const.i64 0x8000000000000000\n%7 = and.i64 %5, %6\n"
	  "%8 = or.i64 %3, %7\n", "%8", "xor.i64", "or.i64 %3" },
	{ "%2 = const.i64 0x7fffffffffffffff\n%3 = and.i64 %1, %2\n"
	  "%4 = const.i64 0x8000000000000000\n%5 = and.i64 %1, %4\n"
	  "%6 = or.i64 %3, %5\n", "%6", "put.i64 r2, %1", "and.i64" },
	{ "%2 = const.i64 0x7fffffffffffffff\n%3 = and.i64 %1, %2\n"
	  "%4 = const.i64 0xc000000000000000\n%5 = and.i64 %1, %4\n"
	  "%6 = or.i64 %3, %5\n", "%6", "or.i64", "xor" },
	/* low bits cleared; not by other amounts */
	{ "%2 = const.i64 3\n%3 = lshr.i64 %1, %2\n%4 = const.i64 3\n%5 = shl.i64 %3, %4\n",
	  "%5", "and.i64", "shl" },
	{ "%2 = const.i64 3\n%3 = lshr.i64 %1, %2\n%4 = const.i64 4\n%5 = shl.i64 %3, %4\n",
	  "%5", "shl.i64", "and" },
	/* a sign that is 0 */
	{ "%2 = trunc.i32 %1\n%3 = const.i32 1\n%4 = lshr.i32 %2, %3\n%5 = sext.i64 %4\n",
	  "%5", "zext.i64", "sext" },
	{ "%2 = trunc.i32 %1\n%3 = const.i32 1\n%4 = ashr.i32 %2, %3\n%5 = sext.i64 %4\n",
	  "%5", "sext.i64", "zext" },
	/* the contrary of a comparison */
	{ "%2 = const.i64 5\n%3 = slt.i64 %1, %2\n%4 = not.i1 %3\n"
	  "%5 = select.i64 %4, %2, %1\n", "%5", "sle.i64 %2, %1", "not" },
	{ "%2 = get.i64 r3\n%3 = ule.i64 %1, %2\n%4 = not.i1 %3\n"
	  "%5 = select.i64 %4, %2, %1\n", "%5", "ult.i64 %2, %1", "not" },
	{ "%2 = get.i64 r3\n%3 = eq.i64 %1, %2\n%4 = not.i1 %3\n"
	  "%5 = select.i64 %4, %2, %1\n", "%5", "ne.i64 %1, %2", "not" },
	/* cuts of what was extended: itself, by less, less of it */
	{ "%2 = trunc.i32 %1\n%3 = sext.i64 %2\n%4 = trunc.i32 %3\n%5 = zext.i64 %4\n",
	  "%5", "zext.i64 %2", "sext" },
	{ "%2 = trunc.i8 %1\n%3 = sext.i64 %2\n%4 = trunc.i32 %3\n%5 = zext.i64 %4\n",
	  "%5", "sext.i32 %2", "sext.i64" },
	{ "%2 = trunc.i32 %1\n%3 = zext.i64 %2\n%4 = trunc.i8 %3\n%5 = sext.i64 %4\n",
	  "%5", "sext.i64", "zext" },
};

static void rules(void)
{
	check_rules(folds, sizeof(folds) / sizeof(folds[0]));
}

CU_TestInfo fold_tests[] = {
	{ "rules", rules },
	CU_TEST_INFO_NULL,
};
