/* test_sink.c - unit tests of smir/opt_sink.c. SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "smir/opt.h"
#include "smir/text.h"
#include "suites.h"
#include "tests/lib/tap.h"

#define HEAD "@0:\ninsn nop pc=0 len=4 r=0,0,0,0 imm=0\n"
#define TAIL "%90 = get.i64 r1\n%91 = const.i64 0\n%92 = ne.i64 %90, %91\n" \
	     "%93 = const.i64 0x40\nexitif %92, %93\n%94 = const.i64 4\nexit %94\n"

/* A loop, whether its accesses are sure, and what is behind its exit then, "": nothing. */
static const struct sinks {
	const char *body;
	bool sure;
	const char *behind;
} cases[] = {
	/* put at once, and seen by nobody; with what is computed for that alone */
	{ "%1 = get.i64 r2\n%2 = add.i64 %1, %1\nput.i64 r3, %2\n", true, "add put" },
	{ "%1 = const.i64 5\nput.i64 r3, %1\n", true, "const put" },
	/* computed from two values, which would both have to be kept */
	{ "%1 = get.i64 r2\n%2 = get.i64 r4\n%3 = add.i64 %1, %2\nput.i64 r3, %3\n", true, "put" },
	/* somebody else wants it */
	{ "%1 = get.i64 r2\n%2 = add.i64 %1, %1\nput.i64 r3, %2\n%3 = not.i64 %2\n"
	  "put.i64 r2, %3\n", true, "put" },
	/* the loop begins with what it had */
	{ "%1 = get.i64 r3\n%2 = add.i64 %1, %1\nput.i64 r3, %2\n", true, "" },
	/* part of it (w3 stands for that) is looked at, or put for itself */
	{ "%1 = get.i32 w3\n%2 = zext.i64 %1\nput.i64 r3, %2\n", true, "" },
	{ "%1 = get.i64 r2\n%2 = trunc.i32 %1\nput.i32 w3, %2\nput.i64 r3, %1\n", true, "" },
	/* an access may fail in front of it, or behind it: the state is seen */
	{ "%1 = get.i64 r2\n%2 = load.i64 %1, 0\nput.i64 r3, %2\n", true, "put" },
	{ "%1 = get.i64 r2\n%2 = load.i64 %1, 0\nput.i64 r3, %2\n", false, "" },
	{ "%1 = get.i64 r2\nput.i64 r3, %1\n%2 = load.i64 %1, 0\nput.i64 r2, %2\n", false, "" },
	/* between two puts: the last one is for who leaves at the end */
	{ "%1 = get.i64 r2\nput.i64 r3, %1\n%2 = load.i64 %1, 0\nput.i64 r3, %2\n", false, "put" },
	/* a way out in the middle */
	{ "%1 = get.i64 r2\n%2 = const.i64 0x80\n%3 = ne.i64 %1, %2\nexitif %3, %2\n"
	  "put.i64 r3, %1\n", true, "" },
	{ "%1 = get.i64 r2\nput.i64 r3, %1\n%2 = const.i64 0x80\n%3 = ne.i64 %1, %2\n"
	  "exitif %3, %2\nput.i64 r3, %2\n", true, "put" },
};

/* Is each value used behind where it is made? Puts behind an exit the verifier would not take. */
static bool in_order(const struct rx_smir_fn *f)
{
	bool made[128] = { false };

	for (uint32_t k = 0; k < f->ops.n; k++) {
		const struct rx_smir_op *op = &f->ops.at[k];

		for (unsigned a = 0; a < rx_smir_ops[op->code].nargs; a++)
			if (!made[op->arg[a]])
				return false;
		made[op->result] = true;
	}
	return true;
}

static void one(const struct sinks *s)
{
	struct rx_smir_opt opt = { .check = true };
	bool sure[64];
	char text[1024], behind[256] = "";
	struct rx_smir_fn f;
	rax_error err;
	uint32_t n;

	memset(sure, s->sure, sizeof(sure));
	opt.sure = sure;
	(void)snprintf(text, sizeof(text), "%s%s%s", HEAD, s->body, TAIL);
	rx_smir_init(&f, &fake_isa);
	RX_TAP_CHECK(!rx_smir_parse(&f, text, &err), "%s: %s", text, err.message);
	for (uint32_t k = 0; k < f.ops.n; k++)
		if (f.ops.at[k].imm == offsetof(struct fake, w[3]))
			f.ops.at[k].imm = offsetof(struct fake, r[3]);
	CU_ASSERT_EQUAL_FATAL(rx_smir_opt_begin(&opt, &f), 0);
	n = rx_smir_sink(&opt, &f, false);
	CU_ASSERT(in_order(&f));
	if (n)
		CU_ASSERT_EQUAL(f.ops.at[n - 1].code, RX_S_EXITIF);
	for (uint32_t k = n; n && f.ops.at[k].code != RX_S_EXIT; k++) {
		const char *name = rx_smir_ops[f.ops.at[k].code].name;

		if (f.ops.at[k].code == RX_S_CONST && f.ops.at[k + 1].code == RX_S_EXIT)
			continue;
		(void)snprintf(behind + strlen(behind), sizeof(behind) - strlen(behind), "%s%s",
			       behind[0] ? " " : "", name);
	}
	RX_TAP_CHECK(!strcmp(behind, s->behind), "'%s' sinks, not '%s', of\n%s", behind,
		     s->behind, text);
	rx_smir_opt_fini(&opt);
	rx_smir_fini(&f);
}

static void sinks(void)
{
	for (unsigned k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
		one(&cases[k]);
}

/* What a sure access does not look at is not put. */
static void dead(void)
{
	static const char body[] = HEAD "%1 = get.i64 r2\nput.i64 r3, %1\n%2 = load.i64 %1, 0\n"
				   "put.i64 r3, %2\n" TAIL;

	for (unsigned k = 0; k < 2; k++) {
		struct rx_smir_opt opt = { .check = true };
		bool sure[64] = { false };
		unsigned puts = 0;
		struct rx_smir_fn f;
		rax_error err;

		sure[3] = k;
		opt.sure = sure;
		rx_smir_init(&f, &fake_isa);
		CU_ASSERT_EQUAL_FATAL(rx_smir_parse(&f, body, &err), 0);
		CU_ASSERT_EQUAL_FATAL(f.ops.at[3].code, RX_S_LOAD);
		CU_ASSERT_EQUAL_FATAL(rx_smir_opt_begin(&opt, &f), 0);
		rx_smir_pass_dead_puts(&opt, &f);
		for (uint32_t o = 0; o < f.ops.n; o++)
			puts += f.ops.at[o].code == RX_S_PUT;
		CU_ASSERT_EQUAL(puts, 2 - k);
		rx_smir_opt_fini(&opt);
		rx_smir_fini(&f);
	}
}

CU_TestInfo sink_tests[] = {
	{ "sinks", sinks },
	{ "dead", dead },
	CU_TEST_INFO_NULL,
};
