/* test_opt.c - smir/opt.c: the verifier between passes. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "smir/build.h"
#include "smir/opt.h"
#include "smir/text.h"
#include "suites.h"
#include "tests/lib/tap.h"

static const char good[] = "@0:\ninsn nop pc=0 len=4 r=0,0,0,0 imm=0\n%1 = get.i64 r1\n"
			   "%2 = const.i64 5\n%3 = add.i64 %1, %2\nput.i64 r2, %3\nexit %3\n";

static void parse(struct rx_smir_fn *f, const char *text)
{
	rax_error err;

	rx_smir_init(f, &fake_isa);
	CU_ASSERT_EQUAL_FATAL(rx_smir_parse(f, text, &err), 0);
}

/* An operation uses its own result, as if the pass of that name had done it. */
static void spoil(void *opaque, const char *pass, const struct rx_smir_fn *f)
{
	if (!strcmp(pass, opaque))
		for (uint32_t k = 0; k < f->ops.n; k++)
			if (f->ops.at[k].code == RX_S_ADD)
				f->ops.at[k].arg[0] = f->ops.at[k].result;
}

static void behind_each_pass(void)
{
	for (unsigned k = 0; k < RX_SMIR_NPASSES; k++) {
		const char *pass = rx_smir_passes[k].name;
		struct rx_smir_opt opt = { .check = true, .after = spoil,
					   .opaque = (void *)(uintptr_t)pass };
		char want[64] = "after ";
		struct rx_smir_fn f;

		parse(&f, good);
		CU_ASSERT_EQUAL(rx_smir_optimise(&opt, &f, 2), RAX_EFORMAT);
		strcat(want, pass);
		strcat(want, ": block 0, operation ");
		RX_TAP_CHECK(!strncmp(opt.error.message, want, strlen(want)), "%s expected, not %s",
			     want, opt.error.message);
		CU_ASSERT_PTR_NOT_NULL(strstr(opt.error.message, "is used above its definition"));
		rx_smir_opt_fini(&opt);
		rx_smir_fini(&f);
	}
}

static void before_all(void)
{
	struct rx_smir_opt opt = { .check = true };
	struct rx_smir_fn f;

	parse(&f, good);
	spoil("here", "here", &f);
	CU_ASSERT_EQUAL(rx_smir_optimise(&opt, &f, 2), RAX_EFORMAT);
	CU_ASSERT_EQUAL(strncmp(opt.error.message, "after lifting: block 0", 22), 0);
	rx_smir_opt_fini(&opt);
	rx_smir_fini(&f);
}

static void accepts(void)
{
	for (unsigned level = 0; level < RX_SMIR_LEVELS; level++) {
		struct rx_smir_opt opt = { .check = true };
		struct rx_smir_fn f;

		parse(&f, good);
		CU_ASSERT_EQUAL(rx_smir_optimise(&opt, &f, level), 0);
		CU_ASSERT_EQUAL(opt.error.message[0], 0);
		rx_smir_opt_fini(&opt);
		rx_smir_fini(&f);
	}
}

/* Behind what may write state for reasons of its own, state is read again. */
static void gets_behind(const char *op, unsigned want)
{
	static const char head[] = "@0:\ninsn nop pc=0 len=4 r=0,0,0,0 imm=0\n%1 = get.i64 r1\n";
	static const char tail[] = "insn nop pc=4 len=4 r=0,0,0,0 imm=0\n%2 = get.i64 r1\n"
				   "%3 = add.i64 %1, %2\nput.i64 r2, %3\nexit %3\n";
	struct rx_smir_opt opt = { .check = true };
	struct rx_smir_fn f;
	char text[512];
	unsigned gets = 0;

	(void)snprintf(text, sizeof(text), "%s%s%s", head, op, tail);
	parse(&f, text);
	CU_ASSERT_EQUAL(rx_smir_optimise(&opt, &f, 2), 0);
	for (uint32_t k = 0; k < f.ops.n; k++)
		gets += f.ops.at[k].code == RX_S_GET;
	RX_TAP_CHECK(gets == want, "%u gets expected, not %u, around %s", want, gets, op);
	rx_smir_opt_fini(&opt);
	rx_smir_fini(&f);
}

static void forwards(void)
{
	gets_behind("", 1);
	gets_behind("fptrap\n", 2);
}

CU_TestInfo opt_tests[] = {
	{ "behind_each_pass", behind_each_pass },
	{ "before_all", before_all },
	{ "accepts", accepts },
	{ "forwards", forwards },
	CU_TEST_INFO_NULL,
};
