/* test_sme.c - streaming mode and the ZA array. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_arm/pe.h"

#include <string.h>

/* ESR_EL1 of SME's exceptions: illegal in streaming mode, not in it, no ZA */
enum { ESR_ILLEGAL = 0x76000001, ESR_NOT_STREAMING = 0x76000002, ESR_NO_ZA = 0x76000003 };

static bool all(const void *p, size_t n, uint8_t v)
{
	const uint8_t *b = p;

	for (size_t k = 0; k < n; k++)
		if (b[k] != v)
			return false;
	return true;
}

/* Registers of the lengths full of ones; svcr without its effects */
static void fill(struct pe *e, unsigned svcr, unsigned vl, unsigned svl)
{
	e->c->svcr = (uint8_t)svcr;
	memset(e->c->z, 0xff, sizeof(e->c->z));
	memset(e->c->p, 0xff, sizeof(e->c->p));
	memset(e->c->za, 0xff, sizeof(e->c->za));
	e->c->fpsr = 1;
	e->c->fpcr = 0x400000;
	CU_ASSERT_EQUAL_FATAL(rx_a64_set_lengths(e->c, vl, svl), RAX_OK);
}

/* Arm ARM, ResetSVEState, ResetSMEState: each change of a mode, and only that */
static void test_modes(void)
{
	static const struct { const char *text; unsigned from, to; } t[] = {
		{ "smstart", 0, 3 }, { "smstart sm", 0, 1 }, { "smstart za", 0, 2 },
		{ "smstop", 3, 0 }, { "smstop sm", 3, 2 }, { "smstop za", 3, 1 },
		{ "smstart", 2, 3 }, { "smstop", 1, 0 }, { "smstart sm", 1, 1 },
		{ "smstop za", 1, 1 }, { "msr svcrsm, #0", 3, 2 }, { "MSR SVCRZA, #1", 0, 2 },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		struct pe *e = pe_new();
		const unsigned changed = t[k].from ^ t[k].to;
		const unsigned was = t[k].from & 1 ? 64 : 32, is = t[k].to & 1 ? 64 : 32;

		fill(e, t[k].from, 32, 64);
		CU_ASSERT_EQUAL(e->c->vl, was);
		CU_ASSERT(run(e, t[k].text));
		RX_TAP_CHECK(e->c->svcr == t[k].to, "'%s': SVCR %u", t[k].text, e->c->svcr);
		CU_ASSERT_EQUAL(e->c->vl, is);
		CU_ASSERT(all(e->c->z[31], was, changed & 1 ? 0 : 0xff));
		CU_ASSERT(all(e->c->p[16], was / 8, changed & 1 ? 0 : 0xff));
		CU_ASSERT_EQUAL(e->c->fpsr, changed & 1 ? 0x0800009f : 1);
		CU_ASSERT_EQUAL(e->c->fpcr, 0x400000);
		CU_ASSERT(all(e->c->za[63], 64, t[k].from & t[k].to & 2 ? 0xff : 0));
		pe_free(e);
	}
}

static void test_svcr(void)
{
	struct pe *e = pe_new();

	e->c->x[3] = ~UINT64_C(0);	/* other bits are not there */
	CU_ASSERT(run(e, "msr svcr, x3"));
	CU_ASSERT_EQUAL(e->c->svcr, 3);
	CU_ASSERT(run(e, "mrs x4, SVCR"));
	CU_ASSERT_EQUAL(e->c->x[4], 3);
	CU_ASSERT(run(e, "msr svcr, xzr"));
	CU_ASSERT_EQUAL(e->c->svcr, 0);
	pe_free(e);
}

/* A length that there is not changes nothing; a shorter one cuts. */
static void test_lengths(void)
{
	static const unsigned bad[] = { 0, 8, 48, 512 };
	struct pe *e = pe_new();

	fill(e, 3, 16, 256);
	for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
		CU_ASSERT_EQUAL(rx_a64_set_lengths(e->c, 16, bad[k]), RAX_EINVAL);
		CU_ASSERT_EQUAL(rx_a64_set_lengths(e->c, bad[k], 16), RAX_EINVAL);
	}
	CU_ASSERT(all(e->c->za, sizeof(e->c->za), 0xff));
	CU_ASSERT_EQUAL(e->c->vl, 256);
	CU_ASSERT_EQUAL(rx_a64_set_lengths(e->c, 32, 64), RAX_OK);
	CU_ASSERT_EQUAL(e->c->vl, 64);
	CU_ASSERT(all(e->c->z[5], 64, 0xff) && all(e->c->z[5] + 64, 192, 0));
	CU_ASSERT(all(e->c->p[5], 8, 0xff) && all(e->c->p[5] + 8, 24, 0));
	CU_ASSERT(all(e->c->za[63], 64, 0xff) && all(e->c->za[63] + 64, 192, 0));
	CU_ASSERT(all(e->c->za[64], 256 * 192, 0));
	CU_ASSERT(run(e, "rdsvl x0, #-2"));
	CU_ASSERT_EQUAL(e->c->x[0], (uint64_t)-128);
	pe_free(e);
}

static void test_traps(void)
{
	static const struct { const char *text; unsigned svcr, fa64; uint32_t esr; } t[] = {
		{ "fmopa za0.s, p0/m, p0/m, z0.s, z0.s", 0, 1, ESR_NOT_STREAMING },
		{ "fmopa za0.s, p0/m, p0/m, z0.s, z0.s", 2, 1, ESR_NOT_STREAMING },
		{ "fmopa za0.s, p0/m, p0/m, z0.s, z0.s", 1, 1, ESR_NO_ZA },
		{ "zero {za}", 1, 1, ESR_NO_ZA },
		{ "ldr za[w12, 0], [x1]", 0, 1, ESR_NO_ZA },
		{ "add v0.4s, v0.4s, v0.4s", 1, 0, ESR_ILLEGAL },
		{ "ld1 { v0.4s }, [x1]", 3, 0, ESR_ILLEGAL },
		{ "aese v0.16b, v1.16b", 1, 0, ESR_ILLEGAL },
		{ "ldff1w { z0.s }, p0/z, [x1]", 1, 0, ESR_ILLEGAL },
		{ "compact z0.s, p0, z0.s", 1, 0, ESR_ILLEGAL },
		{ "fadda s0, p0, s0, z0.s", 1, 0, ESR_ILLEGAL },
	};
	static const struct { const char *text; unsigned svcr, fa64; } fine[] = {
		{ "add v0.4s, v0.4s, v0.4s", 1, 1 }, { "add v0.4s, v0.4s, v0.4s", 2, 0 },
		{ "compact z0.s, p0, z0.s", 1, 1 }, { "fadda s0, p0, s0, z0.s", 0, 0 },
		{ "fadd d0, d1, d2", 1, 0 }, { "ldr q0, [x1]", 1, 0 },
		{ "add z0.s, p0/m, z0.s, z1.s", 1, 0 }, { "ld1w { z0.s }, p0/z, [x1]", 1, 0 },
		{ "zero {za}", 2, 0 }, { "rdsvl x0, #1", 0, 0 },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		struct pe *e = pe_new();

		e->c->svcr = (uint8_t)t[k].svcr;
		e->c->fa64 = (uint8_t)t[k].fa64;
		RX_TAP_CHECK(syndrome(e, t[k].text) == t[k].esr, "'%s', SVCR %u: ESR %llx",
			     t[k].text, t[k].svcr, (unsigned long long)e->c->esr_el1);
		pe_free(e);
	}
	for (size_t k = 0; k < sizeof(fine) / sizeof(fine[0]); k++) {
		struct pe *e = pe_new();

		e->c->svcr = (uint8_t)fine[k].svcr;
		e->c->fa64 = (uint8_t)fine[k].fa64;
		RX_TAP_CHECK(run(e, fine[k].text), "'%s', SVCR %u: ESR %llx", fine[k].text,
			     fine[k].svcr, (unsigned long long)e->c->esr_el1);
		pe_free(e);
	}
}

/* Signaling NaNs become the default one, nothing is noted in FPSR, FZ counts. */
static void test_outer(void)
{
	struct pe *e = pe_new();
	const uint32_t one = 0x3f800000, snan = 0x7f800001, tiny = 1;
	uint32_t v;

	e->c->svcr = 3;
	CU_ASSERT_EQUAL_FATAL(rx_a64_set_lengths(e->c, 16, 16), RAX_OK);
	memset(e->c->p[1], 0xff, 2);
	memcpy(e->c->z[0], &snan, 4);
	memcpy(e->c->z[0] + 4, &tiny, 4);
	memcpy(e->c->z[1], &one, 4);
	e->c->fpcr = 1 << 24;
	CU_ASSERT(run(e, "fmopa za1.s, p1/m, p1/m, z0.s, z1.s"));
	memcpy(&v, e->c->za[1], 4);
	CU_ASSERT_EQUAL(v, 0x7fc00000);
	memcpy(&v, e->c->za[5], 4);
	CU_ASSERT_EQUAL(v, 0);
	CU_ASSERT_EQUAL(e->c->fpsr, 0);
	e->c->fpcr = 0;
	CU_ASSERT(run(e, "fmops za1.s, p1/m, p1/m, z0.s, z1.s"));
	memcpy(&v, e->c->za[5], 4);
	CU_ASSERT_EQUAL(v, 0x80000001);
	pe_free(e);
}

/* A slice one of whose elements cannot be stored: none is, and none is loaded. */
static void test_fault(void)
{
	struct pe *e = pe_new();

	e->c->svcr = 3;
	CU_ASSERT_EQUAL_FATAL(rx_a64_set_lengths(e->c, 16, 16), RAX_OK);
	memset(e->c->p[1], 0xff, 2);
	memset(e->c->za, 0xff, 16 * sizeof(e->c->za[0]));
	CU_ASSERT_EQUAL_FATAL(rx_a64_set_lengths(e->c, 16, 16), RAX_OK);
	e->c->x[1] = RAM + RAM_SIZE - 8;
	poke8(e, e->c->x[1], 5);
	CU_ASSERT_EQUAL(syndrome(e, "st1w {za0h.s[w12, 0]}, p1, [x1]"), 0x92000050);
	CU_ASSERT_EQUAL(e->c->far_el1, RAM + RAM_SIZE);
	CU_ASSERT_EQUAL(peek8(e, e->c->x[1]), 5);
	e->cpu->pc = RAM;
	e->c->el = 0;
	CU_ASSERT_EQUAL(syndrome(e, "ld1w {za0v.s[w12, 0]}, p1/z, [x1]"), 0x92000010);
	CU_ASSERT(all(e->c->za[0], 16, 0xff));
	pe_free(e);
}

CU_TestInfo a64_sme_tests[] = {
	{ "changes of mode", test_modes },
	{ "svcr", test_svcr },
	{ "lengths", test_lengths },
	{ "traps", test_traps },
	{ "outer products", test_outer },
	{ "faults", test_fault },
	CU_TEST_INFO_NULL,
};
