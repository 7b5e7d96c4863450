/* test_signs.c - unit tests of smir/opt_signs.c. SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "smir/opt.h"
#include "smir/text.h"
#include "smir/verify.h"
#include "suites.h"
#include "tests/lib/tap.h"

#define HEAD "@0:\ninsn nop pc=0 len=4 r=0,0,0,0 imm=0\n"
#define TAIL "%90 = const.i64 0\nexit %90\n"
/* %2: r2, extended from 32 bits once more */
#define AGAIN "%1 = get.i64 r2\n%10 = trunc.i32 %1\n%2 = sext.i64 %10\n"

/* A loop, and the registers that have to be extended when it begins, "": nothing changes. */
static const struct {
	const char *body, *registers;
} cases[] = {
	{ AGAIN "put.i64 r2, %2\n", "2" },
	/* it stays as it is */
	{ AGAIN "put.i64 r3, %2\n", "2" },
	{ AGAIN "put.i64 r2, %1\n", "2" },
	/* it does not stay so */
	{ AGAIN "%3 = add.i64 %1, %2\nput.i64 r2, %3\n", "" },
	{ AGAIN "%3 = zext.i64 %10\nput.i64 r2, %3\n", "" },
	{ AGAIN "%3 = const.i64 0x80000000\nput.i64 r2, %3\n", "" },
	{ AGAIN "%3 = const.i64 0xffffffff80000000\nput.i64 r2, %3\n", "2" },
	/* what is computed bit by bit is, if all that it comes from is */
	{ AGAIN "%3 = get.i64 r3\n%4 = xor.i64 %3, %1\nput.i64 r2, %4\n", "2 3" },
	{ AGAIN "%3 = get.i64 r3\n%4 = xor.i64 %3, %1\nput.i64 r2, %4\n%5 = add.i64 %3, %3\n"
	  "put.i64 r3, %5\n", "" },
	{ AGAIN "%3 = get.i64 r3\n%4 = not.i64 %3\n%5 = ne.i64 %3, %1\n"
	  "%6 = select.i64 %5, %4, %2\nput.i64 r2, %6\n", "2 3" },
	/* round about: what gets there from a third register in the end */
	{ AGAIN "%3 = get.i64 r3\n%4 = get.i64 r4\nput.i64 r2, %3\nput.i64 r3, %4\n", "2 3 4" },
	{ AGAIN "%3 = get.i64 r3\n%4 = get.i64 r5\nput.i64 r2, %3\nput.i64 r3, %4\n"
	  "%5 = add.i64 %4, %4\nput.i64 r5, %5\n", "" },
	/* it is not likely to be so; nor what it would be put */
	{ "%1 = get.i64 r7\n%2 = trunc.i32 %1\n%3 = sext.i64 %2\nput.i64 r2, %3\n", "" },
	{ AGAIN "%3 = get.i64 r7\nput.i64 r2, %3\n", "" },
	/* part of it is put (w2 stands for that), before or behind */
	{ "%3 = get.i32 w4\nput.i32 w2, %3\n" AGAIN "put.i64 r3, %2\n", "" },
	{ AGAIN "put.i64 r3, %2\nput.i32 w2, %10\n", "" },
	/* the register is put first: this is not what the loop begins with */
	{ "%3 = get.i64 r3\n%4 = add.i64 %3, %3\nput.i64 r2, %4\n" AGAIN "put.i64 r4, %2\n", "" },
	/* nothing is extended twice */
	{ "%1 = get.i64 r2\nput.i64 r3, %1\n", "" },
	{ "%1 = get.i64 r2\n%2 = trunc.i16 %1\n%3 = sext.i64 %2\nput.i64 r2, %3\n", "" },
	/* somebody may write registers */
	{ AGAIN "put.i64 r2, %2\nearly.i64 r4, %2\n", "" },
};

static bool likely(void *opaque, uint64_t offset)
{
	(void)opaque;
	return offset != offsetof(struct fake, r[7]);
}

static unsigned extensions(const struct rx_smir_fn *f)
{
	unsigned n = 0;

	for (uint32_t k = 0; k < f->ops.n; k++)
		n += f->ops.at[k].code == RX_S_SEXT;
	return n;
}

static void one(const char *body, const char *registers)
{
	struct rx_smir_opt opt = { .check = true };
	char text[1024], was[1024], is[1024], needed[64] = "";
	uint64_t offsets[8];
	struct rx_smir_fn f;
	unsigned before, n;
	rax_error err;

	(void)snprintf(text, sizeof(text), "%s%s%s", HEAD, body, TAIL);
	rx_smir_init(&f, &fake_isa);
	RX_TAP_CHECK(!rx_smir_parse(&f, text, &err), "%s: %s", text, err.message);
	for (uint32_t k = 0; k < f.ops.n; k++)
		if (f.ops.at[k].imm == offsetof(struct fake, w[2]))
			f.ops.at[k].imm = offsetof(struct fake, r[2]);
	before = extensions(&f);
	CU_ASSERT_EQUAL_FATAL(rx_smir_opt_begin(&opt, &f), 0);
	(void)rx_smir_print(&f, was, sizeof(was));
	n = rx_smir_signs(&opt, &f, likely, NULL, offsets, 8);
	(void)rx_smir_print(&f, is, sizeof(is));
	CU_ASSERT(n || !strcmp(was, is));
	RX_TAP_CHECK(!rx_smir_verify(&f, &err), "%s: %s", text, err.message);
	for (unsigned k = 0; k < n; k++)
		(void)snprintf(needed + strlen(needed), sizeof(needed) - strlen(needed), "%s%u",
			       k ? " " : "",
			       (unsigned)(offsets[k] - offsetof(struct fake, r[0])) / 8);
	RX_TAP_CHECK(!strcmp(needed, registers), "'%s' are needed, not '%s', of\n%s", needed,
		     registers, text);
	CU_ASSERT_EQUAL_FATAL(rx_smir_opt_begin(&opt, &f), 0);
	rx_smir_pass_dead(&opt, &f);
	CU_ASSERT(!n || extensions(&f) < before);
	rx_smir_opt_fini(&opt);
	rx_smir_fini(&f);
}

static void signs(void)
{
	for (unsigned k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
		one(cases[k].body, cases[k].registers);
}

/* More places than there is room for. */
static void many(void)
{
	struct rx_smir_opt opt = { .check = true };
	uint64_t offsets[2];
	struct rx_smir_fn f;
	rax_error err;

	for (unsigned most = 1; most < 3; most++) {
		rx_smir_init(&f, &fake_isa);
		CU_ASSERT_EQUAL_FATAL(rx_smir_parse(&f, HEAD AGAIN "%3 = get.i64 r3\n"
			"put.i64 r2, %3\n" TAIL, &err), 0);
		CU_ASSERT_EQUAL_FATAL(rx_smir_opt_begin(&opt, &f), 0);
		CU_ASSERT_EQUAL(rx_smir_signs(&opt, &f, likely, NULL, offsets, most),
				most == 2 ? 2 : 0);
		CU_ASSERT_EQUAL(rx_smir_verify(&f, &err), 0);
		rx_smir_fini(&f);
	}
	rx_smir_opt_fini(&opt);
}

CU_TestInfo signs_tests[] = {
	{ "signs", signs },
	{ "many", many },
	CU_TEST_INFO_NULL,
};
