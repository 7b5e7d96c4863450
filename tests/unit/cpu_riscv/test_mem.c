/* test_mem.c - loads, stores, atomics, cache blocks. SPDX-License-Identifier: MIT */
#include <string.h>

#include "tests/unit/cpu_riscv/hart.h"

#define AT (RAM + 0x100000)

/* All sizes at all offsets around a page boundary */
static void test_misaligned(void)
{
	struct hart *h = hart_new();

	for (unsigned round = 0; round < 2; round++)	/* TLB cold, warm */
		for (unsigned size = 1; size <= 8; size *= 2)
			for (uint64_t va = AT - 16; va < AT + 16; va++) {
				const uint64_t v = UINT64_C(0xf1e2d3c4b5a69788) ^ va;
				const uint64_t mask = size == 8 ? UINT64_MAX :
					(UINT64_C(1) << (8 * size)) - 1;
				uint8_t want[64], got[64];

				memset(want, 0xee, sizeof(want));
				CU_ASSERT_FATAL(!rx_mem_write(&h->vm.mem, AT - 32,
							      want, 64));
				CU_ASSERT_EQUAL(rx_rv64_store(h->cpu, va, size, v, 0),
						RX_NEXT);
				memcpy(want + (va - (AT - 32)), &v, size);
				CU_ASSERT_FATAL(!rx_mem_read(&h->vm.mem, AT - 32,
							     got, 64));
				CU_ASSERT(!memcmp(want, got, 64));
				CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, va, size, 0).v,
						v & mask);
			}
	hart_free(h);
}

static void test_device(void)
{
	struct hart *h = hart_new();
	struct rx_val v = rx_rv64_load(h->cpu, DEVICE + 8, 4, 0);

	CU_ASSERT_EQUAL(v.status, RX_NEXT);
	CU_ASSERT_EQUAL(v.v, 0x12345678);
	CU_ASSERT_EQUAL(rx_rv64_store(h->cpu, DEVICE, 4, 99, 0), RX_NEXT);
	CU_ASSERT_EQUAL(h->dev_value, 99);
	/* misaligned, of a width it does not know, or across its end */
	CU_ASSERT_EQUAL(access_va(h, DEVICE + 2, RX_ACC_R), 5);
	CU_ASSERT_EQUAL(access_va(h, DEVICE + 2, RX_ACC_W), 7);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, DEVICE, 8, 0).status, RX_FAULT);
	CU_ASSERT_EQUAL(access_va(h, DEVICE + 4094, RX_ACC_R), 5);
	CU_ASSERT_EQUAL(access_va(h, DEVICE + 4094, RX_ACC_W), 7);
	/* from memory into what is none: the part behind is at fault */
	CU_ASSERT_EQUAL(rx_rv64_store(h->cpu, RAM + RAM_SIZE - 2, 4, -1, 0),
			RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 7);
	CU_ASSERT_EQUAL(h->cpu->fault.value, RAM + RAM_SIZE);
	CU_ASSERT_EQUAL(peek8(h, RAM + RAM_SIZE - 8), 0);
	CU_ASSERT_EQUAL(rx_rv64_amo(h->cpu, DEVICE, 4, RX_RMW_ADD, 1, 0).status,
			RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 7);
	CU_ASSERT_EQUAL(rx_rv64_lr(h->cpu, DEVICE, 4, 0).status, RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 5);
	CU_ASSERT_EQUAL(h->dev_reads, 1);
	CU_ASSERT_EQUAL(h->dev_writes, 1);
	hart_free(h);
}

static uint64_t rmw(enum rx_rmw op, uint64_t a, uint64_t b, unsigned size)
{
	const int64_t sa = size == 4 ? (int32_t)a : (int64_t)a;
	const int64_t sb = size == 4 ? (int32_t)b : (int64_t)b;
	const uint64_t ua = size == 4 ? (uint32_t)a : a;
	const uint64_t ub = size == 4 ? (uint32_t)b : b;

	switch (op) {
	case RX_RMW_SWAP: return b;
	case RX_RMW_ADD: return a + b;
	case RX_RMW_AND: return a & b;
	case RX_RMW_OR: return a | b;
	case RX_RMW_XOR: return a ^ b;
	case RX_RMW_MIN: return sa < sb ? a : b;
	case RX_RMW_MAX: return sa > sb ? a : b;
	case RX_RMW_MINU: return ua < ub ? a : b;
	default: return ua > ub ? a : b;
	}
}

static void test_amo(void)
{
	static const uint64_t values[] = {
		0, 1, UINT64_C(0xffffffffffffffff), UINT64_C(0x7fffffff),
		UINT64_C(0x80000000), UINT64_C(0x8000000000000000),
		UINT64_C(0x123456789abcdef0), UINT64_C(0xfedcba98ffffffff),
	};
	struct hart *h = hart_new();

	for (unsigned op = RX_RMW_SWAP; op <= RX_RMW_MAXU; op++)
		for (unsigned k = 0; k < 8 * 8 * 2; k++) {
			const uint64_t a = values[k & 7], b = values[k >> 3 & 7];
			const unsigned size = k >> 6 ? 8 : 4;
			const uint64_t low = size == 8 ? UINT64_MAX : UINT32_MAX;
			struct rx_val v;

			poke8(h, AT, a);
			v = rx_rv64_amo(h->cpu, AT, size, op, b, RX_RV64_AQ);
			CU_ASSERT_EQUAL(v.status, RX_NEXT);
			CU_ASSERT_EQUAL(v.v, a & low);
			RX_TAP_CHECK(peek8(h, AT) == ((a & ~low) |
				     (rmw(op, a, b, size) & low)),
				     "op %u size %u of %llx and %llx", op, size,
				     (unsigned long long)a, (unsigned long long)b);
		}
	/* misaligned by any amount, though it is memory */
	for (unsigned k = 1; k < 8; k++) {
		CU_ASSERT_EQUAL(rx_rv64_amo(h->cpu, AT + k, 8, 0, 0, 0).status,
				RX_FAULT);
		CU_ASSERT_EQUAL(h->cpu->fault.code, 6);
		CU_ASSERT_EQUAL(h->cpu->fault.value, AT + k);
		CU_ASSERT_EQUAL(rx_rv64_lr(h->cpu, AT + k, 8, 0).status, RX_FAULT);
		CU_ASSERT_EQUAL(h->cpu->fault.code, 4);
		CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, AT + k, 8, 0, 0).status,
				RX_FAULT);
		CU_ASSERT_EQUAL(h->cpu->fault.code, 6);
	}
	CU_ASSERT_EQUAL(rx_rv64_amo(h->cpu, AT + 4, 4, 0, 0, 0).status, RX_NEXT);
	hart_free(h);
}

static void test_reservation(void)
{
	struct hart *h = hart_new();

	poke8(h, AT, UINT64_C(0x8877665544332211));
	CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, AT, 8, 5, 0).v, 1);
	CU_ASSERT_EQUAL(rx_rv64_lr(h->cpu, AT, 4, 0).v, 0x44332211);
	CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, AT, 4, UINT64_C(0xaa00000001), 0).v, 0);
	CU_ASSERT_EQUAL(peek8(h, AT), UINT64_C(0x8877665500000001));
	CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, AT, 4, 2, 0).v, 1);	/* used up */

	/* the reservation is of 64 bytes; one elsewhere fails and ends it */
	rx_rv64_lr(h->cpu, AT + 8, 8, 0);
	CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, AT + 56, 8, 3, 0).v, 0);
	CU_ASSERT_EQUAL(peek8(h, AT + 56), 3);
	rx_rv64_lr(h->cpu, AT, 8, 0);
	CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, AT + 64, 8, 3, 0).v, 1);
	CU_ASSERT_EQUAL(peek8(h, AT + 64), 0);
	CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, AT, 8, 3, 0).v, 1);

	/* a device writes */
	rx_rv64_lr(h->cpu, AT, 8, 0);
	poke8(h, AT + 128, 1);
	CU_ASSERT_NOT_EQUAL(h->cpu->res_granule, 0);
	poke8(h, AT + 32, 1);
	CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, AT, 8, 3, 0).v, 1);

	/* a trap */
	rx_rv64_lr(h->cpu, AT, 8, 0);
	rx_rv64_raise(h->cpu, 3, 0);
	rx_rv64_deliver(h->cpu);
	CU_ASSERT_EQUAL(h->cpu->res_granule, 0);
	hart_free(h);
}

/* The reservation is of the physical address, by whatever name. */
static void test_reservation_physical(void)
{
	struct hart *h = hart_new();
	const uint64_t satp = new_space(h, 3, 0);

	map(h, satp, 0x10000, AT, 0, P_RWXAD);
	map(h, satp, 0x20000, AT, 0, P_RWXAD);
	map(h, satp, 0x30000, AT + 4096, 0, P_RWXAD);
	put(h, RG_RV64_CSR_SATP, satp);
	rx_rv64_set_priv(h->cpu, RX_RV64_S);
	for (unsigned round = 0; round < 2; round++) {
		rx_rv64_lr(h->cpu, 0x10008, 8, 0);
		CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, 0x20008, 8, 7 + round, 0).v, 0);
		CU_ASSERT_EQUAL(peek8(h, AT + 8), 7 + round);
		rx_rv64_lr(h->cpu, 0x10008, 8, 0);
		CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, 0x30008, 8, 7, 0).v, 1);
	}
	hart_free(h);
}

/* LR faults as a load, SC and AMO as stores; SC checks while it may succeed. */
static void test_atomic_faults(void)
{
	struct hart *h = hart_new();
	const uint64_t satp = new_space(h, 3, 0);

	map(h, satp, 0x10000, AT, 0, P_V | P_R | P_A | P_D);
	map(h, satp, 0x20000, AT, 0, P_V | P_X | P_A | P_D);
	put(h, RG_RV64_CSR_SATP, satp);
	rx_rv64_set_priv(h->cpu, RX_RV64_S);
	CU_ASSERT_EQUAL(rx_rv64_lr(h->cpu, 0x20000, 8, 0).status, RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 13);
	CU_ASSERT_EQUAL(rx_rv64_amo(h->cpu, 0x10000, 8, 0, 0, 0).status, RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 15);
	CU_ASSERT_EQUAL(rx_rv64_lr(h->cpu, 0x10000, 8, 0).status, RX_NEXT);
	CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, 0x10000, 8, 1, 0).status, RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 15);
	CU_ASSERT_EQUAL(h->cpu->fault.value, 0x10000);
	hart_free(h);
}

/* Enables: menvcfg below M, senvcfg too in U */
static void test_cbo_enable(void)
{
	static const unsigned modes[] = { RX_RV64_U, RX_RV64_S, RX_RV64_M };
	static const struct { enum rx_rv64_cbo op; uint64_t bits; } ops[] = {
		{ RX_CBO_INVAL, 1 << 4 }, { RX_CBO_INVAL, 3 << 4 },
		{ RX_CBO_CLEAN, 1 << 6 }, { RX_CBO_FLUSH, 1 << 6 },
		{ RX_CBO_ZERO, 1 << 7 },
	};
	struct hart *h = hart_new();

	for (unsigned k = 0; k < 5 * 3 * 4; k++) {
		const unsigned o = k % 5, m = k / 5 % 3, on = k / 15;
		const bool ok = modes[m] == RX_RV64_M ||
				(modes[m] == RX_RV64_S && on & 1) || on == 3;
		/* off: only the fields of the other operations are on */
		const uint64_t off = 0xf0 & ~(ops[o].op == RX_CBO_INVAL ? 0x30 :
					      ops[o].bits);

		put(h, RG_RV64_CSR_MENVCFG, on & 1 ? ops[o].bits : off);
		put(h, RG_RV64_CSR_SENVCFG, on & 2 ? ops[o].bits : off);
		rx_rv64_set_priv(h->cpu, modes[m]);
		CU_ASSERT_EQUAL(rx_rv64_cbo(h->cpu, AT, ops[o].op),
				ok ? RX_NEXT : RX_FAULT);
		if (!ok)
			CU_ASSERT_EQUAL(h->cpu->fault.code, 2);
	}
	/* 10 is reserved and leaves the field */
	put(h, RG_RV64_CSR_MENVCFG, 0x10);
	put(h, RG_RV64_CSR_MENVCFG, 0x20);
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MENVCFG), 0x10);
	hart_free(h);
}

static void test_cbo_zero(void)
{
	struct hart *h = hart_new();
	const uint64_t satp = new_space(h, 3, 0);
	uint64_t pte;

	for (unsigned k = 0; k < 24; k++)
		poke8(h, AT + k * 8, k + 1);
	CU_ASSERT_EQUAL(rx_rv64_cbo(h->cpu, AT + 64 + 33, RX_CBO_ZERO), RX_NEXT);
	for (unsigned k = 0; k < 24; k++)
		CU_ASSERT_EQUAL(peek8(h, AT + k * 8), k >= 8 && k < 16 ? 0 : k + 1);
	CU_ASSERT_EQUAL(rx_rv64_cbo(h->cpu, DEVICE + 3, RX_CBO_ZERO), RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 7);
	CU_ASSERT_EQUAL(h->cpu->fault.value, DEVICE + 3);
	/* permissions: zero as a store, the others as a load; causes of stores */
	put(h, RG_RV64_CSR_MENVCFG, 0xd0);
	put(h, RG_RV64_CSR_SATP, satp);
	pte = map(h, satp, 0x10000, AT, 0, P_V | P_R | P_A | P_D);
	rx_rv64_set_priv(h->cpu, RX_RV64_S);
	CU_ASSERT_EQUAL(rx_rv64_cbo(h->cpu, 0x10041, RX_CBO_FLUSH), RX_NEXT);
	CU_ASSERT_EQUAL(rx_rv64_cbo(h->cpu, 0x10041, RX_CBO_ZERO), RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 15);
	CU_ASSERT_EQUAL(h->cpu->fault.value, 0x10041);
	poke8(h, pte, 0);
	rx_rv64_sfence_vma(h->cpu, 0, 0, false, false);
	CU_ASSERT_EQUAL(rx_rv64_cbo(h->cpu, 0x10041, RX_CBO_FLUSH), RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 15);
	hart_free(h);
}

CU_TestInfo mem_tests[] = {
	{ "misaligned", test_misaligned },
	{ "device", test_device },
	{ "amo", test_amo },
	{ "reservation", test_reservation },
	{ "reservation_physical", test_reservation_physical },
	{ "atomic_faults", test_atomic_faults },
	{ "cbo_enable", test_cbo_enable },
	{ "cbo_zero", test_cbo_zero },
	CU_TEST_INFO_NULL,
};
