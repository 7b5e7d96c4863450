/* test_trap.c - exceptions, interrupts, returns. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_riscv/hart.h"

#define PC (RAM + 0x1000)
#define MTVEC (RAM + 0x8000)
#define STVEC (RAM + 0xc000)

static struct hart *ready(void)
{
	struct hart *h = hart_new();

	put(h, RG_RV64_CSR_MTVEC, MTVEC);
	put(h, RG_RV64_CSR_STVEC, STVEC);
	h->cpu->pc = PC;
	return h;
}

static void trap(struct hart *h, unsigned cause, uint64_t tval)
{
	h->cpu->pc = PC;
	CU_ASSERT_EQUAL(rx_rv64_raise(h->cpu, cause, tval), RX_FAULT);
	rx_rv64_deliver(h->cpu);
}

/* Every cause x mode x delegated or not */
static void test_delegation(void)
{
	static const unsigned modes[] = { RX_RV64_U, RX_RV64_S, RX_RV64_M };

	for (unsigned cause = 0; cause < 16; cause++)
		for (unsigned k = 0; k < 6; k++) {
			struct hart *h = ready();
			const unsigned priv = modes[k % 3];
			const bool deleg = k >= 3;
			/* 10 and 14 are reserved, ecall from M stays */
			const bool can = cause != 10 && cause != 11 && cause != 14;
			const bool to_s = deleg && can && priv != RX_RV64_M;

			put(h, RG_RV64_CSR_MEDELEG, deleg ? UINT64_MAX : 0);
			rx_rv64_set_priv(h->cpu, priv);
			trap(h, cause, 0x1234);
			CU_ASSERT_EQUAL(h->c->priv, to_s ? RX_RV64_S : RX_RV64_M);
			CU_ASSERT_EQUAL(h->cpu->pc, to_s ? STVEC : MTVEC);
			CU_ASSERT_EQUAL(get(h, to_s ? 0x142 : 0x342), cause);
			CU_ASSERT_EQUAL(get(h, to_s ? 0x141 : 0x341), PC);
			CU_ASSERT_EQUAL(get(h, to_s ? 0x143 : 0x343), 0x1234);
			CU_ASSERT_EQUAL(get(h, to_s ? 0x342 : 0x142), 0);
			hart_free(h);
		}
}

/* The stacks of modes and enables, in and out again */
static void test_stack(void)
{
	static const unsigned modes[] = { RX_RV64_U, RX_RV64_S, RX_RV64_M };

	for (unsigned k = 0; k < 3 * 4; k++) {
		struct hart *h = ready();
		const unsigned priv = modes[k % 3];
		const uint64_t on = (k / 3 & 1 ? RG_RV64_MSTATUS_MIE : 0) |
				    (k / 6 ? RG_RV64_MSTATUS_SIE : 0);
		uint64_t s;

		put(h, RG_RV64_CSR_MSTATUS, on);
		rx_rv64_set_priv(h->cpu, priv);
		trap(h, 3, 0);
		s = get(h, RG_RV64_CSR_MSTATUS);
		CU_ASSERT_EQUAL(!!(s & RG_RV64_MSTATUS_MPIE), k / 3 & 1);
		CU_ASSERT_EQUAL(s & RG_RV64_MSTATUS_MIE, 0);
		CU_ASSERT_EQUAL(s & RG_RV64_MSTATUS_SIE, on & RG_RV64_MSTATUS_SIE);
		CU_ASSERT_EQUAL((s & RG_RV64_MSTATUS_MPP) >> 11, priv);
		CU_ASSERT_EQUAL(rx_rv64_mret(h->cpu), RX_JUMP);
		s = get(h, RG_RV64_CSR_MSTATUS);
		CU_ASSERT_EQUAL(h->c->priv, priv);
		CU_ASSERT_EQUAL(h->cpu->pc, PC);
		CU_ASSERT_EQUAL(s & (RG_RV64_MSTATUS_MIE | RG_RV64_MSTATUS_SIE), on);
		CU_ASSERT_EQUAL(s & RG_RV64_MSTATUS_MPP, 0);
		CU_ASSERT(s & RG_RV64_MSTATUS_MPIE);
		if (priv != RX_RV64_M) {
			put(h, RG_RV64_CSR_MEDELEG, 8);
			h->c->mstatus |= RG_RV64_MSTATUS_SPP;
			trap(h, 3, 0);
			s = get(h, RG_RV64_CSR_MSTATUS);
			CU_ASSERT_EQUAL(!!(s & RG_RV64_MSTATUS_SPIE), k / 6);
			CU_ASSERT_EQUAL(s & RG_RV64_MSTATUS_SIE, 0);
			CU_ASSERT_EQUAL(!!(s & RG_RV64_MSTATUS_SPP),
					priv == RX_RV64_S);
			CU_ASSERT_EQUAL(rx_rv64_sret(h->cpu), RX_JUMP);
			s = get(h, RG_RV64_CSR_MSTATUS);
			CU_ASSERT_EQUAL(h->c->priv, priv);
			CU_ASSERT_EQUAL(s & RG_RV64_MSTATUS_SIE,
					on & RG_RV64_MSTATUS_SIE);
			CU_ASSERT(s & RG_RV64_MSTATUS_SPIE);
			CU_ASSERT_EQUAL(s & RG_RV64_MSTATUS_SPP, 0);
		}
		hart_free(h);
	}
}

/* A return clears MPRV unless it goes to M. */
static void test_mprv(void)
{
	for (unsigned mpp = 0; mpp < 4; mpp++) {
		struct hart *h = ready();

		if (mpp == 2)
			goto next;
		status(h, RG_RV64_MSTATUS_MPRV | (uint64_t)mpp << 11,
		       RG_RV64_MSTATUS_MPP);
		CU_ASSERT_EQUAL(rx_rv64_mret(h->cpu), RX_JUMP);
		CU_ASSERT_EQUAL(!!(get(h, RG_RV64_CSR_MSTATUS) &
				   RG_RV64_MSTATUS_MPRV), mpp == 3);
		rx_rv64_set_priv(h->cpu, RX_RV64_M);
		status(h, RG_RV64_MSTATUS_MPRV, 0);
		CU_ASSERT_EQUAL(rx_rv64_sret(h->cpu), RX_JUMP);
		CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MSTATUS) &
				RG_RV64_MSTATUS_MPRV, 0);
next:
		hart_free(h);
	}
}

/* Who may return and wait; TSR, TW */
static void test_rights(void)
{
	static const struct { unsigned priv; uint64_t bits; bool mret, sret, wfi; }
	cases[] = {
		{ RX_RV64_U, 0, false, false, false },
		{ RX_RV64_S, 0, false, true, true },
		{ RX_RV64_S, RG_RV64_MSTATUS_TSR, false, false, true },
		{ RX_RV64_S, RG_RV64_MSTATUS_TW, false, true, false },
		{ RX_RV64_M, RG_RV64_MSTATUS_TSR | RG_RV64_MSTATUS_TW,
		  true, true, true },
	};

	for (unsigned k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		struct hart *h = ready();

		status(h, cases[k].bits, 0);
		rx_rv64_set_priv(h->cpu, cases[k].priv);
		CU_ASSERT_EQUAL(rx_rv64_wfi(h->cpu) == RX_NEXT, cases[k].wfi);
		CU_ASSERT_EQUAL(h->cpu->halted, cases[k].wfi);
		if (!cases[k].wfi)
			CU_ASSERT_EQUAL(h->cpu->fault.code, 2);
		CU_ASSERT_EQUAL(rx_rv64_mret(h->cpu) == RX_JUMP, cases[k].mret);
		rx_rv64_set_priv(h->cpu, cases[k].priv);
		CU_ASSERT_EQUAL(rx_rv64_sret(h->cpu) == RX_JUMP, cases[k].sret);
		hart_free(h);
	}
}

/* The manual's order, over all sets of pending interrupts, modes, enables */
static int expected(uint64_t pending, uint64_t deleg, unsigned priv, bool mie,
		    bool sie, bool *to_s)
{
	static const int order[] = { 11, 3, 7, 9, 1, 5 };

	for (unsigned level = 0; level < 2; level++)
		for (unsigned k = 0; k < 6; k++) {
			const bool s = deleg >> order[k] & 1;
			const bool on = s ? priv < RX_RV64_S ||
					    (priv == RX_RV64_S && sie)
					  : priv < RX_RV64_M || mie;

			if (s == level && on && pending >> order[k] & 1) {
				*to_s = s;
				return order[k];
			}
		}
	return 0;
}

static void test_interrupts(void)
{
	static const unsigned lines[] = { 1, 3, 5, 7, 9, 11 };
	struct hart *h = ready();

	for (unsigned k = 0; k < 1 << 13; k++) {
		const unsigned priv = k >> 6 & 3;
		const bool mie = k >> 8 & 1, sie = k >> 9 & 1;
		uint64_t pending = 0, deleg = 0;
		bool to_s = false;
		int want;

		if (priv == 2)
			continue;
		for (unsigned n = 0; n < 6; n++)
			pending |= (uint64_t)(k >> n & 1) << lines[n];
		for (unsigned n = 0; n < 3; n++)
			deleg |= (uint64_t)(k >> (10 + n) & 1) << (4 * n + 1);
		put(h, RG_RV64_CSR_MIE, UINT64_MAX);
		put(h, RG_RV64_CSR_MIDELEG, deleg);
		put(h, RG_RV64_CSR_MSTATUS, (mie ? RG_RV64_MSTATUS_MIE : 0) |
		    (sie ? RG_RV64_MSTATUS_SIE : 0));
		for (unsigned n = 0; n < 6; n++)
			rx_rv64_irq(h->cpu, lines[n], pending >> lines[n] & 1);
		rx_rv64_set_priv(h->cpu, priv);
		h->cpu->pc = PC;
		want = expected(pending, deleg, priv, mie, sie, &to_s);
		if (!want) {
			CU_ASSERT_FALSE(rx_rv64_interrupt(h->cpu));
			CU_ASSERT_EQUAL(h->cpu->pc, PC);
			CU_ASSERT_EQUAL(rx_rv64_wake(h->cpu), !!pending);
			continue;
		}
		h->cpu->poll = 0;
		rx_rv64_effect_irq(h->c);
		CU_ASSERT(h->cpu->poll & RX_POLL_IRQ);
		CU_ASSERT_TRUE(rx_rv64_interrupt(h->cpu));
		RX_TAP_CHECK(get(h, to_s ? 0x142 : 0x342) ==
			     (UINT64_C(1) << 63 | (unsigned)want),
			     "case %u takes %llx, not %d", k, (unsigned long long)
			     get(h, to_s ? 0x142 : 0x342), want);
		CU_ASSERT_EQUAL(h->cpu->pc, to_s ? STVEC : MTVEC);
		CU_ASSERT_EQUAL(get(h, to_s ? 0x143 : 0x343), 0);
	}
	hart_free(h);
}

/* mie masks; a masked interrupt does not even wake. */
static void test_enables(void)
{
	struct hart *h = ready();

	status(h, RG_RV64_MSTATUS_MIE, 0);
	rx_rv64_irq(h->cpu, 7, true);
	CU_ASSERT_FALSE(rx_rv64_wake(h->cpu));
	CU_ASSERT_FALSE(rx_rv64_interrupt(h->cpu));
	h->cpu->poll = 0;
	put(h, RG_RV64_CSR_MIE, 1 << 7);
	CU_ASSERT(h->cpu->poll & RX_POLL_IRQ);
	CU_ASSERT_TRUE(rx_rv64_wake(h->cpu));
	/* WFI goes on when a wake-up is there, even if it is not taken */
	status(h, 0, RG_RV64_MSTATUS_MIE);
	CU_ASSERT_FALSE(rx_rv64_interrupt(h->cpu));
	CU_ASSERT_EQUAL(rx_rv64_wfi(h->cpu), RX_NEXT);
	CU_ASSERT_FALSE(h->cpu->halted);
	rx_rv64_irq(h->cpu, 7, false);
	CU_ASSERT_EQUAL(rx_rv64_wfi(h->cpu), RX_NEXT);
	CU_ASSERT_TRUE(h->cpu->halted);
	CU_ASSERT(h->cpu->poll & RX_POLL_HALT);
	h->cpu->poll = 0;
	rx_rv64_irq(h->cpu, 7, true);
	CU_ASSERT(h->cpu->poll & RX_POLL_IRQ);
	hart_free(h);
}

/* Vectors are for interrupts; exceptions go to the base. */
static void test_vectored(void)
{
	struct hart *h = ready();

	put(h, RG_RV64_CSR_MTVEC, MTVEC | 1);
	trap(h, 2, 0);
	CU_ASSERT_EQUAL(h->cpu->pc, MTVEC);
	put(h, RG_RV64_CSR_MIE, 1 << 11);
	status(h, RG_RV64_MSTATUS_MIE, 0);
	rx_rv64_irq(h->cpu, 11, true);
	CU_ASSERT_TRUE(rx_rv64_interrupt(h->cpu));
	CU_ASSERT_EQUAL(h->cpu->pc, MTVEC + 4 * 11);
	/* reserved modes are not kept */
	put(h, RG_RV64_CSR_MTVEC, MTVEC | 2);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MTVEC), MTVEC);
	put(h, RG_RV64_CSR_STVEC, STVEC | 3);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_STVEC), STVEC | 1);
	hart_free(h);
}

static void test_mip(void)
{
	struct hart *h = ready();
	struct rx_val v;

	/* SEIP is the OR of the bit and the line; set and clear change the bit */
	rx_rv64_irq(h->cpu, 9, true);
	v = rx_rv64_csr(h->cpu, RG_RV64_CSR_MIP, RX_CSR_SET, 2, true, true);
	CU_ASSERT_EQUAL(v.v, 0x200);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIP), 0x202);
	rx_rv64_irq(h->cpu, 9, false);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIP), 2);
	put(h, RG_RV64_CSR_MIP, 0x200);
	rx_rv64_irq(h->cpu, 9, true);
	rx_rv64_irq(h->cpu, 9, false);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIP), 0x200);
	/* a firmware's IPI must not latch what the line says */
	put(h, RG_RV64_CSR_MIP, 0);
	rx_rv64_irq(h->cpu, 9, true);
	rx_rv64_pend(h->cpu, RX_RV64_IRQ_SSI);
	rx_rv64_pend(h->cpu, RX_RV64_IRQ_MSI);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIP), 0x202);
	rx_rv64_irq(h->cpu, 9, false);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIP), 2);
	/* the M bits follow their lines only */
	put(h, RG_RV64_CSR_MIP, UINT64_MAX);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIP), 0x222);
	rx_rv64_irq(h->cpu, 3, true);
	put(h, RG_RV64_CSR_MIP, 0);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIP), 8);
	/* sip and sie show delegated bits; S writes SSIP only */
	put(h, RG_RV64_CSR_MIP, 0x220);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_SIP), 0);
	put(h, RG_RV64_CSR_SIP, 2);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIP), 0x228);
	put(h, RG_RV64_CSR_MIDELEG, UINT64_MAX);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIDELEG), 0x222);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_SIP), 0x220);
	put(h, RG_RV64_CSR_SIP, 2);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_SIP), 0x222);
	put(h, RG_RV64_CSR_MIE, 0x888);
	put(h, RG_RV64_CSR_SIE, UINT64_MAX);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIE), 0xaaa);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_SIE), 0x222);
	put(h, RG_RV64_CSR_MIDELEG, 0x200);
	put(h, RG_RV64_CSR_SIE, 0);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MIE), 0x8aa);
	hart_free(h);
}

static unsigned hooks;
static bool handled;

static bool hook(struct rx_cpu *cpu)
{
	CU_ASSERT_EQUAL(rx_rv64_of(cpu)->priv, RX_RV64_S);
	CU_ASSERT_PTR_EQUAL(rx_rv64_of(cpu)->p.ecall_opaque, &hooks);
	hooks++;
	rx_rv64_of(cpu)->x[10] = 42;
	return handled;
}

static void test_ecall(void)
{
	static const unsigned modes[] = { RX_RV64_U, RX_RV64_S, RX_RV64_M };
	static const unsigned cause[] = { 8, 9, 11 };
	struct hart *h = ready();

	for (unsigned k = 0; k < 3; k++) {
		rx_rv64_set_priv(h->cpu, modes[k]);
		CU_ASSERT_EQUAL(rx_rv64_ecall(h->cpu), RX_FAULT);
		CU_ASSERT_EQUAL(h->cpu->fault.code, cause[k]);
		CU_ASSERT_EQUAL(h->cpu->fault.value, 0);
	}
	hooks = 0;
	rx_rv64_set_ecall_hook(h->cpu, hook, &hooks);
	for (unsigned k = 0; k < 4; k++) {
		handled = k == 3;
		rx_rv64_set_priv(h->cpu, modes[k < 3 ? k : 1]);
		h->cpu->pc = PC;
		rx_rv64_ecall(h->cpu);
		rx_rv64_deliver(h->cpu);
		CU_ASSERT_EQUAL(h->cpu->pc, k == 3 ? PC + 4 : MTVEC);
	}
	CU_ASSERT_EQUAL(hooks, 2);
	CU_ASSERT_EQUAL(h->c->priv, RX_RV64_S);
	CU_ASSERT_EQUAL(h->c->x[10], 42);
	/* reset keeps the firmware */
	rx_vm_reset(&h->vm);
	CU_ASSERT_PTR_EQUAL(h->c->p.ecall_hook, hook);
	hart_free(h);
}

/* tval of an illegal instruction is its bits, in whatever place */
static void test_illegal(void)
{
	struct hart *h = ready();
	const uint64_t satp = new_space(h, 3, 0);
	const uint64_t pte = map(h, satp, 0x10000, RAM, 0,
				 P_V | P_X | P_A);

	map(h, satp, 0x11000, RAM + 0x5000, 0, P_V | P_X | P_A);
	poke8(h, PC, UINT64_C(0x0000123400c0ffeb));
	CU_ASSERT_EQUAL(rx_rv64_illegal(h->cpu), RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 2);
	CU_ASSERT_EQUAL(h->cpu->fault.value, 0x00c0ffeb);
	h->cpu->pc = PC + 4;
	rx_rv64_illegal(h->cpu);
	CU_ASSERT_EQUAL(h->cpu->fault.value, 0x1234);
	/* across pages that are not neighbours, execute only */
	poke8(h, RAM + 4088, UINT64_C(0xaaab000000000000));
	poke8(h, RAM + 0x5000, 0xbbbb);
	put(h, RG_RV64_CSR_SATP, satp);
	rx_rv64_set_priv(h->cpu, RX_RV64_S);
	h->cpu->pc = 0x10ffe;
	rx_rv64_illegal(h->cpu);
	CU_ASSERT_EQUAL(h->cpu->fault.value, 0xbbbbaaab);
	CU_ASSERT_EQUAL(peek8(h, pte) & P_D, 0);
	CU_ASSERT_EQUAL(rx_tlb_slot(h->cpu->tlb, 0x10000)->tag[RX_ACC_X],
			RX_TLB_INVALID);
	CU_ASSERT_EQUAL(rx_rv64_ebreak(h->cpu), RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 3);
	hart_free(h);
}

/* mepc and sepc never hold an odd address. */
static void test_epc(void)
{
	struct hart *h = ready();

	put(h, RG_RV64_CSR_MEPC, UINT64_MAX);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MEPC), UINT64_MAX - 1);
	CU_ASSERT_EQUAL(rx_rv64_mret(h->cpu), RX_JUMP);
	CU_ASSERT_EQUAL(h->cpu->pc, UINT64_MAX - 1);
	hart_free(h);
}

CU_TestInfo trap_tests[] = {
	{ "delegation", test_delegation },
	{ "stack", test_stack },
	{ "mprv", test_mprv },
	{ "rights", test_rights },
	{ "interrupts", test_interrupts },
	{ "enables", test_enables },
	{ "vectored", test_vectored },
	{ "mip", test_mip },
	{ "ecall", test_ecall },
	{ "illegal", test_illegal },
	{ "epc", test_epc },
	CU_TEST_INFO_NULL,
};
