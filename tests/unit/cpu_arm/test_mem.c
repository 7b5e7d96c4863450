/* test_mem.c - alignment, tags, exclusives. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_arm/pe.h"

#define DATA_ABORT(iss) RX_A64_ESR(RX_A64_EC_DATA, iss)

/* Plain accesses at any address, ordered ones within 16 bytes. */
static void test_alignment(void)
{
	static const struct { const char *text; unsigned iss; } ordered[] = {
		{ "ldar x0, [x1]", RX_A64_FSC_ALIGN },
		{ "stlr x0, [x1]", RX_A64_FSC_ALIGN | RX_A64_WNR },
		{ "ldadd x0, x2, [x1]", RX_A64_FSC_ALIGN | RX_A64_WNR },
	};
	struct pe *e = pe_new();

	e->c->x[1] = DATA + 13;
	e->c->x[0] = UINT64_C(0x123456789abcdef);
	CU_ASSERT(run(e, "str x0, [x1]"));
	CU_ASSERT(run(e, "ldr x3, [x1]"));
	CU_ASSERT_EQUAL(e->c->x[3], UINT64_C(0x123456789abcdef));
	pe_free(e);
	for (size_t k = 0; k < sizeof(ordered) / sizeof(ordered[0]); k++) {
		for (unsigned at = 0; at < 16; at++) {
			e = pe_new();
			e->c->x[1] = DATA + at;
			if (at <= 8) {
				RX_TAP_CHECK(run(e, ordered[k].text), "%s at %u",
					     ordered[k].text, at);
			} else {
				CU_ASSERT_EQUAL(syndrome(e, ordered[k].text),
						DATA_ABORT(ordered[k].iss));
				CU_ASSERT_EQUAL(e->c->far_el1, DATA + at);
			}
			pe_free(e);
		}
	}
}

/* The stack pointer as a base: aligned where that is checked. */
static void test_stack_pointer(void)
{
	for (unsigned at = 0; at < 16; at++) {
		for (unsigned check = 0; check < 2; check++) {
			struct pe *e = pe_new();

			e->c->x[32] = DATA + at;
			e->c->sp_check = check;
			if (at && check)
				CU_ASSERT_EQUAL(syndrome(e, "ldr x0, [sp]"),
						RX_A64_ESR(RX_A64_EC_SP_ALIGN, 0))
			else
				CU_ASSERT(run(e, "ldr x0, [sp]"));
			pe_free(e);
		}
	}
}

static void test_tags(void)
{
	struct pe *e = pe_new();

	poke8(e, DATA, 77);
	e->c->x[1] = DATA | UINT64_C(0xa5) << 56;
	e->c->tbi = 1;
	CU_ASSERT(run(e, "ldr x0, [x1]"));
	CU_ASSERT_EQUAL(e->c->x[0], 77);
	e->c->tbi = 0;
	CU_ASSERT_EQUAL(syndrome(e, "ldr x0, [x1]"), DATA_ABORT(RX_A64_FSC_EXTERNAL));
	CU_ASSERT_EQUAL(e->c->far_el1, e->c->x[1]);
	pe_free(e);
}

/* Nothing is stored but after the exclusive load of the same, unless it changed. */
static void test_exclusives(void)
{
	static const struct { const char *between; bool stored; } t[] = {
		{ "nop", true },
		{ "clrex", false },
		{ "str x3, [x1]", false },
		{ "ldr x4, [x1]", true },
		{ "add x1, x1, #8", false },
		{ "ldxr w4, [x1]", false },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		struct pe *e = pe_new();

		poke8(e, DATA, 5);
		e->c->x[3] = 6;
		CU_ASSERT(run(e, "ldxr x0, [x1]"));
		CU_ASSERT_EQUAL(e->c->x[0], 5);
		CU_ASSERT(run(e, t[k].between));
		CU_ASSERT(run(e, "stxr w2, x3, [x1]"));
		RX_TAP_CHECK(e->c->x[2] == !t[k].stored, "%s between", t[k].between);
		CU_ASSERT(run(e, "stxr w2, x3, [x1]"));
		RX_TAP_CHECK(e->c->x[2] == 1, "%s between, again", t[k].between);
		if (t[k].stored)
			CU_ASSERT_EQUAL(peek8(e, DATA), 6);
		pe_free(e);
	}
}

static void test_exception_clears_exclusive(void)
{
	struct pe *e = pe_new();

	CU_ASSERT(run(e, "ldxr x0, [x1]"));
	(void)syndrome(e, "svc #0");
	e->cpu->pc = RAM;
	CU_ASSERT(run(e, "stxr w2, x3, [x1]"));
	CU_ASSERT_EQUAL(e->c->x[2], 1);
	pe_free(e);
}

static void test_compare_and_swap(void)
{
	struct pe *e = pe_new();

	poke8(e, DATA, 5);
	e->c->x[2] = 4;
	e->c->x[3] = 9;
	CU_ASSERT(run(e, "cas x2, x3, [x1]"));
	CU_ASSERT_EQUAL(e->c->x[2], 5);
	CU_ASSERT_EQUAL(peek8(e, DATA), 5);
	CU_ASSERT(run(e, "cas x2, x3, [x1]"));
	CU_ASSERT_EQUAL(e->c->x[2], 5);
	CU_ASSERT_EQUAL(peek8(e, DATA), 9);
	pe_free(e);
}

CU_TestInfo a64_mem_tests[] = {
	{ "alignment", test_alignment },
	{ "stack pointer", test_stack_pointer },
	{ "tags", test_tags },
	{ "exclusives", test_exclusives },
	{ "exclusives and exceptions", test_exception_clears_exclusive },
	{ "compare and swap", test_compare_and_swap },
	CU_TEST_INFO_NULL,
};
