/* test_fold.c - unit tests of smir/opt_fold.c. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "smir/opt.h"
#include "smir/text.h"
#include "suites.h"
#include "tests/lib/tap.h"

#define MAX_TEXT 4000

/* Operations on %1 (r1) that end in a value for r2; what becomes of them. */
struct fold {
	const char *ops, *result;
	const char *has, *lacks;	/* in the text afterwards */
};

static const struct fold folds[] = {
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
	  "%9 = or.i64 %5, %8\n", "%9", "or.i64", "rotr" },
	{ "%2 = trunc.i32 %1\n%3 = const.i32 7\n%4 = shl.i32 %2, %3\n%5 = sext.i64 %4\n"
	  "%6 = get.i64 r3\n%7 = trunc.i32 %6\n%8 = const.i32 25\n%9 = lshr.i32 %7, %8\n"
	  "%10 = zext.i64 %9\n%11 = or.i64 %5, %10\n", "%11", "or.i64", "rotr" },
	{ "%2 = trunc.i32 %1\n%3 = const.i32 7\n%4 = shl.i32 %2, %3\n%5 = zext.i64 %4\n"
	  "%6 = const.i32 25\n%7 = lshr.i32 %2, %6\n%8 = zext.i64 %7\n"
	  "%9 = or.i64 %5, %8\n", "%9", "or.i64", "rotr" },
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
};

static bool build(struct rx_smir_fn *f, const struct fold *t)
{
	char text[MAX_TEXT];
	rax_error err;

	(void)snprintf(text, sizeof(text), "@0:\ninsn nop pc=0 len=4 r=0,0,0,0 imm=0\n"
		       "%%1 = get.i64 r1\n%sput.i64 r2, %s\n%%90 = const.i64 4\nexit %%90\n",
		       t->ops, t->result);
	rx_smir_init(f, &fake_isa);
	if (!rx_smir_parse(f, text, &err))
		return true;
	RX_TAP_CHECK(false, "%s in\n%s", err.message, text);
	return false;
}

/* The same numbers before and after, for numbers of all kinds. */
static bool same(const struct rx_smir_fn *f, const struct rx_smir_fn *g)
{
	for (unsigned k = 0; k < 200; k++) {
		struct fake a, b;

		fake_init(&a);
		for (unsigned r = 0; r < 8; r++)
			a.r[r] = rnd_value(64);
		b = a;
		if (run_fn(f, &a.cpu) != run_fn(g, &b.cpu) ||
		    memcmp(a.r, b.r, sizeof(a.r)) != 0)
			return false;
	}
	return true;
}

static void rules(void)
{
	struct rx_smir_opt opt = { NULL };

	for (unsigned k = 0; k < sizeof(folds) / sizeof(folds[0]); k++) {
		const struct fold *t = &folds[k];
		char text[MAX_TEXT] = "";
		struct rx_smir_fn f, g;

		if (!build(&f, t) || !build(&g, t))
			return;
		CU_ASSERT_EQUAL(rx_smir_optimise(&opt, &g, 2), 0);
		(void)rx_smir_print(&g, text, sizeof(text));
		RX_TAP_CHECK(strstr(text, t->has) && !strstr(text, t->lacks),
			     "%u: %s, and no %s, expected in\n%s", k, t->has, t->lacks, text);
		RX_TAP_CHECK(same(&f, &g), "%u: other numbers from\n%s", k, text);
		rx_smir_fini(&f);
		rx_smir_fini(&g);
	}
	rx_smir_opt_fini(&opt);
}

CU_TestInfo fold_tests[] = {
	{ "rules", rules },
	CU_TEST_INFO_NULL,
};
