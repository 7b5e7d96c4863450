/* test_build.c - building functions. SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "fake.h"
#include "suites.h"
#include "tests/lib/tap.h"

static void values(void)
{
	struct rx_smir_fn f;
	rx_sv a, b;

	rx_smir_init(&f, &fake_isa);
	a = rx_smir_const(&f, RX_I8, 0x1ff);
	b = rx_smir_op2(&f, RX_S_EQ, RX_I8, a, a);
	CU_ASSERT_EQUAL(a, 1);
	CU_ASSERT_EQUAL(b, 2);
	CU_ASSERT_EQUAL(f.ops.at[0].imm, 0xff);
	CU_ASSERT_EQUAL(f.values.at[a], RX_I8);
	CU_ASSERT_EQUAL(f.values.at[b], RX_I1);
	rx_smir_finish(&f, 4);
	CU_ASSERT_PTR_NULL(f.error);
	rx_smir_fini(&f);
}

static void behind_the_end(void)
{
	struct rx_smir_fn f;

	rx_smir_init(&f, NULL);
	rx_smir_finish(&f, 0);
	CU_ASSERT_PTR_NULL(f.error);
	CU_ASSERT_EQUAL(rx_smir_const(&f, RX_I64, 1), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.error);
	CU_ASSERT_STRING_EQUAL(f.error,
			       "an operation behind the end of its block");
	CU_ASSERT_EQUAL(f.ops.n, 2);
	rx_smir_reset(&f, NULL);
	CU_ASSERT_PTR_NULL(f.error);
	CU_ASSERT_EQUAL(rx_smir_const(&f, RX_I64, 1), 1);
	rx_smir_fini(&f);
}

static void blocks(void)
{
	static const uint8_t types[] = { RX_I64, RX_I1 };
	struct rx_smir_fn f;
	rx_sv p = 0;
	uint32_t b;

	rx_smir_init(&f, NULL);
	b = rx_smir_block(&f, 2, types, &p);
	CU_ASSERT_EQUAL(f.values.at[p], RX_I64);
	CU_ASSERT_EQUAL(f.values.at[p + 1], RX_I1);
	rx_smir_begin(&f, b);
	CU_ASSERT_STRING_EQUAL(f.error, "a block without an end");
	rx_smir_reset(&f, NULL);
	rx_smir_finish(&f, 0);
	rx_smir_begin(&f, 0);
	CU_ASSERT_STRING_EQUAL(f.error, "a block begins twice");
	rx_smir_fini(&f);
}

static void tables(void)
{
	static const uint64_t a[] = { 1, 2, 0x103 }, b[] = { 1, 2 };
	struct rx_smir_fn f;
	rx_sv i;

	rx_smir_init(&f, NULL);
	i = rx_smir_const(&f, RX_I64, 1);
	CU_ASSERT_EQUAL(rx_smir_add_table(&f, RX_I16, a, 3), 0);
	CU_ASSERT_EQUAL(rx_smir_add_table(&f, RX_I16, b, 2), 1);
	CU_ASSERT_EQUAL(rx_smir_add_table(&f, RX_I16, a, 3), 0);
	CU_ASSERT_EQUAL(rx_smir_add_table(&f, RX_I8, a, 3), 2);
	CU_ASSERT_EQUAL(f.pool.at[f.tables.at[2].first + 2], 3);
	(void)rx_smir_lookup(&f, RX_I16, i, b, 2);
	CU_ASSERT_EQUAL(f.ops.at[f.ops.n - 1].imm, 1);
	CU_ASSERT_EQUAL(f.tables.n, 3);
	rx_smir_fini(&f);
}

/* Too much of anything is an error, and no more is taken. */
static void limits(void)
{
	struct rx_smir_fn f;
	struct rx_insn i = { 0 };

	rx_smir_init(&f, NULL);
	for (unsigned k = 0; k < RX_LIMIT_SMIR_OPS + 10; k++)
		(void)rx_smir_const(&f, RX_I64, k);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.error);
	CU_ASSERT_STRING_EQUAL(f.error, "the function is too large");
	CU_ASSERT(f.ops.n <= RX_LIMIT_SMIR_OPS);
	CU_ASSERT_EQUAL(rx_smir_block(&f, 0, NULL, NULL), 0);
	rx_smir_reset(&f, NULL);
	for (unsigned k = 0; k <= RX_LIMIT_SMIR_INSNS; k++) {
		CU_ASSERT_PTR_NULL(f.error);
		rx_smir_insn(&f, &i);
	}
	CU_ASSERT_PTR_NOT_NULL(f.error);
	CU_ASSERT_EQUAL(f.insns.n, RX_LIMIT_SMIR_INSNS);
	rx_smir_fini(&f);
}

/* The generated table has what the code relies on. */
static void operation_table(void)
{
	for (unsigned k = 0; k < RX_SMIR_NOPS; k++) {
		const struct rx_smir_info *o = &rx_smir_ops[k];

		CU_ASSERT_PTR_NOT_NULL_FATAL(o->name);
		for (unsigned n = 0; n < 4; n++)
			CU_ASSERT_EQUAL(o->arg[n] != RX_VOID, n < o->nargs);
		CU_ASSERT(o->imm_at <= o->nargs);
		CU_ASSERT((o->effect == RX_SE_END) ==
			  (k == RX_S_EXIT || k == RX_S_BR || k == RX_S_BRCOND));
	}
	CU_ASSERT(rx_smir_kind_takes(RX_SK_T, RX_I8, RX_I8));
	CU_ASSERT(!rx_smir_kind_takes(RX_SK_T, RX_I8, RX_I16));
	CU_ASSERT(rx_smir_kind_takes(RX_SK_N, RX_I8, RX_I1));
	CU_ASSERT(!rx_smir_kind_takes(RX_SK_N, RX_I8, RX_I8));
	CU_ASSERT(!rx_smir_kind_takes(RX_SK_N, RX_I8, RX_VOID));
	CU_ASSERT(rx_smir_kind_takes(RX_SK_W, RX_I64, RX_I128));
	CU_ASSERT(rx_smir_kind_takes(RX_SK_IEEE, RX_I64, RX_I16));
	CU_ASSERT(!rx_smir_kind_takes(RX_SK_IEEE, RX_I64, RX_I8));
	CU_ASSERT(rx_smir_kind_takes(RX_I1, RX_I64, RX_I1));
}

CU_TestInfo build_tests[] = {
	{ "values", values },
	{ "behind_the_end", behind_the_end },
	{ "blocks", blocks },
	{ "tables", tables },
	{ "limits", limits },
	{ "operation_table", operation_table },
	CU_TEST_INFO_NULL,
};
