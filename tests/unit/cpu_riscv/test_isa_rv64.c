/* test_isa_rv64.c - life of a hart, derived state, floating point. SPDX-License-Identifier: MIT */
#include "fp/host.h"

#include <string.h>

#include "tests/unit/cpu_riscv/hart.h"

static void test_reset(void)
{
	struct hart *h = hart_new();

	for (unsigned k = 0; k < 33; k++)
		h->c->x[k] = ~UINT64_C(0);
	rx_rv64_set_priv(h->cpu, RX_RV64_U);
	rx_rv64_irq(h->cpu, 11, true);
	h->cpu->res_granule = 1;
	h->vm.reset_pc = 0x1000;
	rx_vm_reset(&h->vm);
	for (unsigned k = 0; k < 33; k++)
		CU_ASSERT_EQUAL(h->c->x[k], 0);
	CU_ASSERT_EQUAL(h->c->priv, RX_RV64_M);
	CU_ASSERT_EQUAL(h->cpu->pc, 0x1000);
	CU_ASSERT_EQUAL(h->cpu->res_granule, 0);
	/* the line is its device's business */
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIP), 0x800);
	CU_ASSERT_EQUAL(access_va(h, RAM, RX_ACC_W), 0);
	hart_free(h);
}

/* The register table: inside the struct, no overlap, names once */
static void test_table(void)
{
	static uint8_t used[sizeof(struct rx_rv64)];

	memset(used, 0, sizeof(used));
	for (unsigned k = 0; k < RG_RV64_NREGS; k++) {
		const struct rx_reg_info *r = &rg_rv64_regs[k];

		CU_ASSERT_FATAL(r->offset + r->bytes <= sizeof(used));
		for (unsigned b = 0; b < r->bytes; b++)
			RX_TAP_CHECK(!used[r->offset + b]++, "%s overlaps", r->name);
		for (unsigned j = 0; j < k; j++)
			CU_ASSERT_STRING_NOT_EQUAL(rg_rv64_regs[j].name, r->name);
	}
	CU_ASSERT_STRING_EQUAL(rg_rv64_regs[RG_RV64_REG_X].name, "zero");
	CU_ASSERT_STRING_EQUAL(rg_rv64_regs[RG_RV64_REG_X + 31].name, "t6");
	CU_ASSERT_STRING_EQUAL(rg_rv64_regs[RG_RV64_REG_F + 10].name, "fa0");
	CU_ASSERT_EQUAL(rg_rv64_regs[RG_RV64_REG_F].offset,
			offsetof(struct rx_rv64, f));
	CU_ASSERT_EQUAL(rg_rv64_regs[RG_RV64_REG_PC].offset,
			offsetof(struct rx_rv64, cpu.pc));
	CU_ASSERT(rg_rv64_regs[RG_RV64_REG_LINES].flags & RX_REG_HIDDEN);
	CU_ASSERT_FALSE(used[offsetof(struct rx_rv64, x[32])]);
}

/* Registers restored from elsewhere take effect with resync alone. */
static void test_resync(void)
{
	struct hart *h = hart_new(), *other = hart_new();
	const uint64_t satp = new_space(h, 3, 0);

	map(h, satp, 0x10000, RAM + 0x3000, 0, P_RWXAD);
	poke8(h, RAM + 0x3000, 77);
	put(other, RG_RV64_CSR_SATP, satp);
	put(other, RG_RV64_CSR_PMPADDR0 + 1, RAM + 0x2000);
	status(other, RG_RV64_MSTATUS_FS, 0);
	put(other, RG_RV64_CSR_MENVCFG, RG_RV64_MENVCFG_STCE);
	put(other, RG_RV64_CSR_STIMECMP, 100);
	rx_rv64_set_priv(other->cpu, RX_RV64_S);
	for (unsigned k = 0; k < RG_RV64_NREGS; k++)
		memcpy((uint8_t *)h->c + rg_rv64_regs[k].offset,
		       (uint8_t *)other->c + rg_rv64_regs[k].offset,
		       rg_rv64_regs[k].bytes);
	rx_rv64_resync(h->cpu);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, 0x10000, 8, 0).v, 77);
	CU_ASSERT_EQUAL(access_va(h, RAM, RX_ACC_R), 13);
	CU_ASSERT_EQUAL(h->cpu->mode_key, other->cpu->mode_key);
	CU_ASSERT_TRUE(h->c->p.stimer.armed);
	hart_free(other);
	hart_free(h);
}

static void test_round(void)
{
	struct hart *h = hart_new();

	for (unsigned rm = 0; rm < 8; rm++)
		for (unsigned frm = 0; frm < 8; frm++) {
			const unsigned want = rm == 7 ? frm : rm;
			struct rx_val v;

			h->c->frm = (uint8_t)frm;
			v = rx_rv64_fp_round(h->cpu, rm);
			CU_ASSERT_EQUAL(v.status, want <= 4 ? RX_NEXT : RX_FAULT);
			CU_ASSERT_EQUAL(want <= 4 ? v.v : h->cpu->fault.code,
					want <= 4 ? want : 2);
		}
	hart_free(h);
}

static void test_fs(void)
{
	for (unsigned fs = 0; fs < 4; fs++) {
		struct hart *h = hart_new();

		status(h, (uint64_t)fs << 13, RG_RV64_MSTATUS_FS);
		CU_ASSERT_EQUAL(rx_rv64_fp_check(h->cpu), fs ? RX_NEXT : RX_FAULT);
		h->cpu->poll = 0;
		rx_rv64_fp_flags(h->cpu, 0);
		CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MSTATUS) >> 13 & 3, fs);
		if (fs) {
			rx_rv64_fp_flags(h->cpu, RX_FP_NX);
			rx_rv64_fp_done(h->cpu, RX_FP_DZ);
			CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_FFLAGS),
					RX_FP_NX | RX_FP_DZ);
			CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MSTATUS) >> 13 & 3, 3);
			CU_ASSERT(h->cpu->mode_key & RX_RV64_KEY_FS_DIRTY);
			CU_ASSERT_EQUAL(!!(h->cpu->poll & RX_POLL_MODE), fs != 3);
		}
		hart_free(h);
	}
}

/* Flags raised on the host's FPU reach fflags, and do not come back. */
static void test_host_flags(void)
{
	struct hart *h = hart_new();
	uint64_t r = 0;
	const uint64_t one = UINT64_C(0x3ff0000000000000), three =
		UINT64_C(0x4008000000000000);

	status(h, RG_RV64_MSTATUS_FS, 0);
	rx_rv64_enter(h->cpu);
	if (!rx_host_f64_div(one, three, &r)) {
		rx_rv64_leave(h->cpu);
		hart_free(h);
		rx_tap_skip("no arithmetic on this host's FPU");
		return;
	}
	CU_ASSERT_EQUAL(r, UINT64_C(0x3fd5555555555555));
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_FFLAGS), RX_FP_NX);
	rx_host_f64_div(one, 0, &r);
	put(h, RG_RV64_CSR_FFLAGS, 0);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_FFLAGS), 0);
	rx_host_f64_div(one, 0, &r);
	rx_rv64_leave(h->cpu);
	CU_ASSERT_EQUAL(h->c->fflags, RX_FP_DZ);
	/* outside, the host's own flags are none of the guest's business */
	rx_host_f64_div(one, three, &r);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_FFLAGS), RX_FP_DZ);
	CU_ASSERT_EQUAL(!!(h->cpu->mode_key & RX_RV64_KEY_HOST_FMA),
			!!(rx_host_features() & RX_HOST_FMA));
	hart_free(h);
}

CU_TestInfo isa_rv64_tests[] = {
	{ "reset", test_reset },
	{ "table", test_table },
	{ "resync", test_resync },
	{ "round", test_round },
	{ "fs", test_fs },
	{ "host_flags", test_host_flags },
	CU_TEST_INFO_NULL,
};
