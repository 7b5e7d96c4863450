/* test_csr.c - CSR access, rights and legal values. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "tests/unit/cpu_riscv/hart.h"

static const uint64_t patterns[] = {
	0, UINT64_MAX, UINT64_C(0x5555555555555555), UINT64_C(0xaaaaaaaaaaaaaaaa),
	UINT64_C(0x00000000ffffffff), UINT64_C(0xffffffff00000000),
	UINT64_C(0x8000000000000000), 1, 2, 3, 0x18, 0x1800, 0x1000, 0x6000,
	UINT64_C(0x8000000000080000), UINT64_C(0x3000000000000000),
};
#define NPATTERNS (sizeof(patterns) / sizeof(patterns[0]))

/* Everything that may guard a CSR is open. */
static struct hart *open_hart(void)
{
	struct hart *h = hart_new();

	status(h, RG_RV64_MSTATUS_FS, 0);
	put(h, RG_RV64_CSR_MCOUNTEREN, UINT64_MAX);
	put(h, RG_RV64_CSR_SCOUNTEREN, UINT64_MAX);
	put(h, RG_RV64_CSR_MENVCFG, RG_RV64_MENVCFG_STCE);
	return h;
}

static bool is_counter(unsigned n)
{
	return n == 0xb00 || n == 0xb02 || (n >= 0xc00 && n <= 0xc02);
}

/*
 * All CSRs x patterns, through instructions: bits outside the write mask
 * never move, what is read back is legal (writing it again changes nothing),
 * set and clear of no bits change nothing.
 */
static void test_warl(void)
{
	for (unsigned k = 0; k < RG_RV64_NCSRS; k++) {
		const unsigned n = rg_rv64_csr_names[k].number;
		const uint64_t mask = rg_rv64_csr_names[k].write_mask;
		struct hart *h = open_hart();

		for (unsigned p = 0; p < NPATTERNS; p++) {
			const uint64_t old = get(h, n);
			uint64_t now;

			if (n >> 10 != 3)
				rx_rv64_csr(h->cpu, n, RX_CSR_WRITE, patterns[p],
					    false, true);
			now = get(h, n);
			if (!is_counter(n))
				RX_TAP_CHECK(!((old ^ now) & ~mask &
					       ~RG_RV64_MSTATUS_SD),
					     "%s: writing %llx moves %llx",
					     rg_rv64_csr_names[k].name,
					     (unsigned long long)patterns[p],
					     (unsigned long long)(old ^ now));
			if (n >> 10 == 3 || is_counter(n))
				continue;
			rx_rv64_csr(h->cpu, n, RX_CSR_WRITE, now, true, true);
			CU_ASSERT_EQUAL(get(h, n), now);
			rx_rv64_csr(h->cpu, n, RX_CSR_SET, 0, true, true);
			CU_ASSERT_EQUAL(get(h, n), now);
			rx_rv64_csr(h->cpu, n, RX_CSR_CLEAR, 0, true, true);
			CU_ASSERT_EQUAL(get(h, n), now);
		}
		hart_free(h);
	}
}

/* Facts of the manual: from a reset value, what a write leaves */
static void test_values(void)
{
	static const struct { unsigned n; uint64_t reset, write, read; } cases[] = {
		{ 0x300, UINT64_C(0xa00000000), UINT64_MAX,
		  UINT64_C(0x8000000a007e79aa) },
		{ 0x300, UINT64_C(0xa00000000), 0x1000, UINT64_C(0xa00000000) },
		{ 0x300, UINT64_C(0xa00000000), 0x4000, UINT64_C(0xa00004000) },
		{ 0x100, UINT64_C(0x200000000), UINT64_MAX,
		  UINT64_C(0x80000002000c6122) },
		{ 0x301, UINT64_C(0x800000000014112f), 0,
		  UINT64_C(0x800000000014112f) },
		{ 0x302, 0, UINT64_MAX, 0xb3ff },
		{ 0x303, 0, UINT64_MAX, 0x222 },
		{ 0x304, 0, UINT64_MAX, 0xaaa },
		{ 0x305, 0, UINT64_MAX, UINT64_MAX - 2 },
		{ 0x306, 0, UINT64_MAX, UINT32_MAX },
		{ 0x30a, 0, UINT64_MAX, UINT64_C(0xe0000000000000f1) },
		{ 0x320, 0, UINT64_MAX, 5 },
		{ 0x323, 0, UINT64_MAX, 0 },
		{ 0x340, 0, UINT64_MAX, UINT64_MAX },
		{ 0x341, 0, UINT64_MAX, UINT64_MAX - 1 },
		{ 0x342, 0, UINT64_MAX, UINT64_MAX },
		{ 0x343, 0, UINT64_MAX, UINT64_MAX },
		{ 0x344, 0, UINT64_MAX, 0x222 },
		{ 0x104, 0, UINT64_MAX, 0 },	/* nothing is delegated */
		{ 0x105, 0, UINT64_MAX, UINT64_MAX - 2 },
		{ 0x106, 0, UINT64_MAX, UINT32_MAX },
		{ 0x10a, 0, UINT64_MAX, 0xf1 },
		{ 0x140, 0, UINT64_MAX, UINT64_MAX },
		{ 0x141, 0, UINT64_MAX, UINT64_MAX - 1 },
		{ 0x144, 0, UINT64_MAX, 0 },
		{ 0x14d, UINT64_MAX, 0, 0 },
		{ 0x180, 0, UINT64_MAX, 0 },
		{ 0x180, 0, UINT64_C(0x7fffffffffffffff), 0 },
		{ 0x180, 0, UINT64_C(0x8fffffffffffffff),
		  UINT64_C(0x8fffffffffffffff) },
		{ 0x180, 0, UINT64_C(0x9000000000000001),
		  UINT64_C(0x9000000000000001) },
		{ 0x180, 0, UINT64_C(0xafffffffffffffff),
		  UINT64_C(0xafffffffffffffff) },
		{ 0x180, 0, UINT64_C(0xb000000000000001), 0 },
		{ 0x001, 0, UINT64_MAX, 0x1f },
		{ 0x002, 0, UINT64_MAX, 7 },
		{ 0x003, 0, UINT64_MAX, 0xff },
		{ 0xb03, 0, UINT64_MAX, 0 },
		{ 0xb1f, 0, UINT64_MAX, 0 },
	};
	static const unsigned zero[] = {
		0xf11, 0xf12, 0xf13, 0xf14, 0xf15, 0xc03, 0xc1f,
	};

	for (unsigned k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		struct hart *h = hart_new();

		RX_TAP_CHECK(get(h, cases[k].n) == cases[k].reset,
			     "reset value of %03x is %llx", cases[k].n,
			     (unsigned long long)get(h, cases[k].n));
		put(h, cases[k].n, cases[k].write);
		RX_TAP_CHECK(get(h, cases[k].n) == cases[k].read,
			     "%03x reads %llx after writing %llx", cases[k].n,
			     (unsigned long long)get(h, cases[k].n),
			     (unsigned long long)cases[k].write);
		rx_vm_reset(&h->vm);
		CU_ASSERT_EQUAL(get(h, cases[k].n), cases[k].reset);
		hart_free(h);
	}
	for (unsigned k = 0; k < sizeof(zero) / sizeof(zero[0]); k++) {
		struct hart *h = hart_new();

		CU_ASSERT_EQUAL(get(h, zero[k]), 0);
		hart_free(h);
	}
}

/* All 4096 numbers from all modes */
/* Registers of V: illegal where mstatus.VS is Off, as it is without V. */
static bool is_vector(unsigned n)
{
	return (n >= 0x008 && n <= 0x00a) || n == 0x00f || (n >= 0xc20 && n <= 0xc22);
}

static void test_rights(void)
{
	static const unsigned modes[] = { RX_RV64_U, RX_RV64_S, RX_RV64_M };
	struct hart *h = open_hart();

	for (unsigned n = 0; n < 4096; n++) {
		bool exists = false;

		for (unsigned k = 0; k < RG_RV64_NCSRS; k++)
			exists |= rg_rv64_csr_names[k].number == n && !is_vector(n);
		for (unsigned m = 0; m < 3; m++) {
			const bool ok = exists && modes[m] >= (n >> 8 & 3);

			rx_rv64_set_priv(h->cpu, modes[m]);
			RX_TAP_CHECK(csr_ok(h, n, false) == ok,
				     "reading %03x in mode %u", n, modes[m]);
			/* setting no bits is a write all the same */
			RX_TAP_CHECK(csr_ok(h, n, true) == (ok && n >> 10 != 3),
				     "writing %03x in mode %u", n, modes[m]);
		}
	}
	CU_ASSERT_FALSE(rx_rv64_csr_put(h->cpu, 0x00b, 0));
	hart_free(h);
}

static void test_operations(void)
{
	struct hart *h = hart_new();
	struct rx_val v;

	put(h, RG_RV64_CSR_MSCRATCH, 0xf0);
	v = rx_rv64_csr(h->cpu, RG_RV64_CSR_MSCRATCH, RX_CSR_SET, 0x0f, true, true);
	CU_ASSERT_EQUAL(v.v, 0xf0);
	v = rx_rv64_csr(h->cpu, RG_RV64_CSR_MSCRATCH, RX_CSR_CLEAR, 0x81, true,
			true);
	CU_ASSERT_EQUAL(v.v, 0xff);
	v = rx_rv64_csr(h->cpu, RG_RV64_CSR_MSCRATCH, RX_CSR_WRITE, 5, true, true);
	CU_ASSERT_EQUAL(v.v, 0x7e);
	v = rx_rv64_csr(h->cpu, RG_RV64_CSR_MSCRATCH, RX_CSR_SET, 2, true, false);
	CU_ASSERT_EQUAL(v.v, 5);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MSCRATCH), 5);
	v = rx_rv64_csr(h->cpu, RG_RV64_CSR_MSCRATCH, RX_CSR_WRITE, 9, false, true);
	CU_ASSERT_EQUAL(v.v, 0);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MSCRATCH), 9);
	/* the bits of a faulting one are the instruction's */
	poke8(h, RAM, 0x00802573);
	h->cpu->pc = RAM;
	v = rx_rv64_csr(h->cpu, 8, RX_CSR_SET, 0, true, false);
	CU_ASSERT_EQUAL(v.status, RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.value, 0x00802573);
	hart_free(h);
}

/* Counters: mcounteren for S and U, scounteren for U as well */
static void test_counteren(void)
{
	struct hart *h = hart_new();

	for (unsigned bit = 0; bit < 32; bit++)
		for (unsigned on = 0; on < 4; on++) {
			const uint64_t one = UINT64_C(1) << bit;

			put(h, RG_RV64_CSR_MCOUNTEREN, on & 1 ? one : ~one);
			put(h, RG_RV64_CSR_SCOUNTEREN, on & 2 ? one : ~one);
			rx_rv64_set_priv(h->cpu, RX_RV64_M);
			CU_ASSERT_TRUE(csr_ok(h, 0xc00 + bit, false));
			rx_rv64_set_priv(h->cpu, RX_RV64_S);
			CU_ASSERT_EQUAL(csr_ok(h, 0xc00 + bit, false), on & 1);
			rx_rv64_set_priv(h->cpu, RX_RV64_U);
			CU_ASSERT_EQUAL(csr_ok(h, 0xc00 + bit, false), on == 3);
		}
	for (unsigned on = 0; on < 4; on++) {
		put(h, RG_RV64_CSR_MCOUNTEREN, on & 1 ? 2 : ~UINT64_C(2));
		put(h, RG_RV64_CSR_MENVCFG, on & 2 ? RG_RV64_MENVCFG_STCE : 0);
		rx_rv64_set_priv(h->cpu, RX_RV64_M);
		CU_ASSERT_TRUE(csr_ok(h, RG_RV64_CSR_STIMECMP, true));
		rx_rv64_set_priv(h->cpu, RX_RV64_S);
		CU_ASSERT_EQUAL(csr_ok(h, RG_RV64_CSR_STIMECMP, true), on == 3);
		rx_rv64_set_priv(h->cpu, RX_RV64_U);
		CU_ASSERT_FALSE(csr_ok(h, RG_RV64_CSR_STIMECMP, false));
	}
	hart_free(h);
}

/* FS guards the floating-point CSRs; a write makes it Dirty, a read not. */
static void test_fp(void)
{
	for (unsigned fs = 0; fs < 4; fs++)
		for (unsigned n = 1; n <= 3; n++)
			for (unsigned write = 0; write < 2; write++) {
				struct hart *h = hart_new();
				uint64_t after;

				status(h, (uint64_t)fs << 13, RG_RV64_MSTATUS_FS);
				rx_rv64_set_priv(h->cpu, RX_RV64_U);
				CU_ASSERT_EQUAL(csr_ok(h, n, write), fs != 0);
				after = get(h, RG_RV64_CSR_MSTATUS) >> 13 & 3;
				CU_ASSERT_EQUAL(after, fs && write ? 3 : fs);
				CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_SSTATUS) >> 63,
						after == 3);
				CU_ASSERT_EQUAL(!!(h->cpu->mode_key &
						   RX_RV64_KEY_FS_DIRTY),
						after == 3);
				hart_free(h);
			}
}

static void test_fcsr(void)
{
	struct hart *h = open_hart();

	CU_ASSERT(h->cpu->mode_key & RX_RV64_KEY_FRM_RNE);
	h->cpu->poll = 0;
	put(h, RG_RV64_CSR_FCSR, 0xabcde5);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_FCSR), 0xe5);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_FRM), 7);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_FFLAGS), 5);
	CU_ASSERT_FALSE(h->cpu->mode_key & RX_RV64_KEY_FRM_RNE);
	CU_ASSERT(h->cpu->poll & RX_POLL_MODE);
	CU_ASSERT_EQUAL(h->cpu->mode_key & RX_RV64_KEY_FRM, 7 << RX_RV64_KEY_FRM_SHIFT);
	h->cpu->poll = 0;
	put(h, RG_RV64_CSR_FRM, 3);
	CU_ASSERT_EQUAL(h->cpu->mode_key & RX_RV64_KEY_FRM, 3 << RX_RV64_KEY_FRM_SHIFT);
	CU_ASSERT_FALSE(h->cpu->mode_key & RX_RV64_KEY_FRM_RNE);
	CU_ASSERT(h->cpu->poll & RX_POLL_MODE);
	h->cpu->poll = 0;
	put(h, RG_RV64_CSR_FRM, 3);
	put(h, RG_RV64_CSR_FFLAGS, 1);
	CU_ASSERT_EQUAL(h->cpu->poll, 0);
	put(h, RG_RV64_CSR_FFLAGS, 5);
	put(h, RG_RV64_CSR_FRM, 0);
	CU_ASSERT(h->cpu->mode_key & RX_RV64_KEY_FRM_RNE);
	CU_ASSERT(h->cpu->poll & RX_POLL_MODE);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_FCSR), 5);
	hart_free(h);
}

/* TVM and what S-mode may see of mstatus */
static void test_sstatus(void)
{
	struct hart *h = hart_new();

	put(h, RG_RV64_CSR_MSTATUS, 0);
	put(h, RG_RV64_CSR_SSTATUS, UINT64_MAX);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MSTATUS),
			UINT64_C(0x8000000a000c6122));
	put(h, RG_RV64_CSR_MSTATUS, UINT64_MAX);
	put(h, RG_RV64_CSR_SSTATUS, 0);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MSTATUS), UINT64_C(0xa00721888));
	hart_free(h);
}

CU_TestInfo csr_tests[] = {
	{ "warl", test_warl },
	{ "values", test_values },
	{ "rights", test_rights },
	{ "operations", test_operations },
	{ "counteren", test_counteren },
	{ "fp", test_fp },
	{ "fcsr", test_fcsr },
	{ "sstatus", test_sstatus },
	CU_TEST_INFO_NULL,
};
