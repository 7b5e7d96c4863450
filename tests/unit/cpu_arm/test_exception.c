/* test_exception.c - what an exception leaves; control registers. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_arm/pe.h"

#include "core/run.h"

/* Arm ARM, ESR_EL1 */
static void test_syndromes(void)
{
	static const struct { const char *text; uint32_t esr; unsigned back; } t[] = {
		{ "svc #0x1234", 0x56001234, 4 },
		{ "brk #0xabcd", 0xf200abcd, 0 },
		{ "udf #7", 0x02000000, 0 },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		struct pe *e = pe_new();

		e->c->nzcv = 10;
		RX_TAP_CHECK(syndrome(e, t[k].text) == t[k].esr, "'%s': ESR %llx", t[k].text,
			     (unsigned long long)e->c->esr_el1);
		CU_ASSERT_EQUAL(e->cpu->pc, VECTORS + 0x400);
		CU_ASSERT_EQUAL(e->c->elr_el1, RAM + t[k].back);
		CU_ASSERT_EQUAL(e->c->spsr_el1, UINT64_C(0xa0000000));
		CU_ASSERT_EQUAL(e->c->el, 1);
		CU_ASSERT_EQUAL(e->c->spsel, 1);
		CU_ASSERT_EQUAL(e->c->daif, 15);
		pe_free(e);
	}
}

/* From EL1: other vectors, other classes of aborts, the stack pointers. */
static void test_same_level(void)
{
	for (unsigned spsel = 0; spsel < 2; spsel++) {
		struct pe *e = pe_new();

		e->c->el = 1;
		e->c->spsel = (uint8_t)spsel;
		e->c->sp_el[1] = 0x1000;
		e->c->x[32] = 0x2000;
		e->c->x[1] = HOLE;
		CU_ASSERT_EQUAL(syndrome(e, "ldr x0, [x1]"),
				RX_A64_ESR(RX_A64_EC_DATA + 1, RX_A64_FSC_EXTERNAL));
		CU_ASSERT_EQUAL(e->c->far_el1, HOLE);
		CU_ASSERT_EQUAL(e->cpu->pc, VECTORS + (spsel ? 0x200 : 0));
		CU_ASSERT_EQUAL(e->c->spsr_el1, 4 | spsel);
		CU_ASSERT_EQUAL(e->c->sp_el[spsel], 0x2000);
		CU_ASSERT_EQUAL(e->c->x[32], spsel ? 0x2000 : 0x1000);
		pe_free(e);
	}
}

/* A fault commits nothing, not even the base. */
static void test_nothing_is_committed(void)
{
	static const char *const text[] = {
		"ldr x0, [x1], #8", "str x0, [x1, #8]!", "ldp x0, x2, [x1], #16",
		"swp x0, x2, [x1]", "ldr d0, [x1], #8", "ldxr x0, [x1]", "cas x0, x2, [x1]",
	};

	for (size_t k = 0; k < sizeof(text) / sizeof(text[0]); k++) {
		struct pe *e = pe_new();

		e->c->x[0] = 11;
		e->c->x[2] = 22;
		e->c->x[1] = HOLE;
		(void)syndrome(e, text[k]);
		RX_TAP_CHECK(e->c->x[0] == 11 && e->c->x[1] == HOLE && e->c->x[2] == 22, "%s",
			     text[k]);
		pe_free(e);
	}
}

static void test_fetch(void)
{
	struct pe *e = pe_new();

	for (unsigned at = 0; at < 4; at++) {
		const bool aligned = at == 0;

		e->cpu->pc = RAM;
		e->c->el = 0;
		e->c->x[1] = HOLE + at;
		CU_ASSERT(run(e, "br x1"));
		CU_ASSERT_EQUAL(e->cpu->pc, HOLE + at);
		e->cpu->budget = 1;
		rx_step(e->cpu);
		CU_ASSERT_EQUAL(e->cpu->pc, VECTORS + 0x400);
		CU_ASSERT_EQUAL(e->c->elr_el1, HOLE + at);
		CU_ASSERT_EQUAL(e->c->far_el1, HOLE + at);
		CU_ASSERT_EQUAL(e->c->esr_el1 >> 26,
				aligned ? RX_A64_EC_FETCH : RX_A64_EC_PC_ALIGN);
	}
	pe_free(e);
}

/* MSR keeps the bits that there are, MRS reads them. */
static void test_control_registers(void)
{
	static const struct { const char *write, *read; uint64_t mask; } t[] = {
		{ "msr FPCR, x0", "mrs x3, FPCR", 0x03c80000 },
		{ "msr FPSR, x0", "mrs x3, FPSR", 0x0800009f },
		{ "msr NZCV, x0", "mrs x3, NZCV", 0xf0000000 },
		{ "msr TPIDR_EL0, x0", "mrs x3, TPIDR_EL0", UINT64_MAX },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		for (unsigned bit = 0; bit <= 64; bit++) {
			const uint64_t v = bit < 64 ? UINT64_C(1) << bit : UINT64_MAX;
			struct pe *e = pe_new();

			e->c->x[0] = v;
			CU_ASSERT(run(e, t[k].write));
			CU_ASSERT(run(e, t[k].read));
			RX_TAP_CHECK(e->c->x[3] == (v & t[k].mask), "%s of %llx: %llx",
				     t[k].write, (unsigned long long)v,
				     (unsigned long long)e->c->x[3]);
			pe_free(e);
		}
	}
}

CU_TestInfo a64_exception_tests[] = {
	{ "syndromes", test_syndromes },
	{ "same level", test_same_level },
	{ "nothing is committed", test_nothing_is_committed },
	{ "fetch", test_fetch },
	{ "control registers", test_control_registers },
	CU_TEST_INFO_NULL,
};
