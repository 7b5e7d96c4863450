/* rules.c - what a pass makes of a few operations. SPDX-License-Identifier: MIT */
#include "rules.h"

#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "smir/opt.h"
#include "smir/text.h"
#include "tests/lib/tap.h"

#define MAX_TEXT 4000

static bool build(struct rx_smir_fn *f, const struct rule *t)
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

void check_rules(const struct rule *rules, unsigned n)
{
	struct rx_smir_opt opt = { .check = true };

	for (unsigned k = 0; k < n; k++) {
		const struct rule *t = &rules[k];
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
