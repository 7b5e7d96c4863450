/* test_mmu.c - address translation. SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "tests/unit/cpu_riscv/hart.h"

#define VA UINT64_C(0x12345678000)	/* canonical in all modes with 4 levels up */
#define VA39 UINT64_C(0x2345678000)
#define DATA_PA (RAM + 0x200000)
#define SUM RG_RV64_MSTATUS_SUM
#define MXR RG_RV64_MSTATUS_MXR

/* S-mode in a new address space */
static struct hart *paged(unsigned levels, uint64_t *satp)
{
	struct hart *h = hart_new();

	*satp = new_space(h, levels, 1);
	put(h, RG_RV64_CSR_SATP, *satp);
	rx_rv64_set_priv(h->cpu, RX_RV64_S);
	return h;
}

static void fence(struct hart *h)
{
	const unsigned priv = h->c->priv;

	rx_rv64_set_priv(h->cpu, RX_RV64_M);
	CU_ASSERT_EQUAL(rx_rv64_sfence_vma(h->cpu, 0, 0, false, false), RX_NEXT);
	rx_rv64_set_priv(h->cpu, priv);
}

static void expect(struct hart *h, uint64_t va, enum rx_access acc,
		   unsigned cause, const char *what)
{
	const unsigned got = access_va(h, va, acc);

	RX_TAP_CHECK(got == cause, "%s: %s at %llx gives cause %u, not %u", what,
		     access_name(acc), (unsigned long long)va, got, cause);
}

/* Every mode, every leaf size: the bytes reached are the right ones. */
static void test_sizes(void)
{
	for (unsigned levels = 3; levels <= 5; levels++)
		for (unsigned level = 0; level < 2; level++) {
			uint64_t satp;
			struct hart *h = paged(levels, &satp);
			const uint64_t size = RX_PAGE_SIZE << (9 * level);
			const uint64_t va = (UINT64_C(0x3456789abc) << 12) &
					    ~(size - 1) &
					    ((UINT64_C(1) << (11 + 9 * levels)) - 1);
			const uint64_t at[] = { 0, size / 2 + 0x128, size - 8 };

			map(h, satp, va, DATA_PA, level, P_RWXAD);
			for (unsigned k = 0; k < 3; k++) {
				const uint64_t pa = DATA_PA + at[k];
				const uint8_t *host = NULL;
				unsigned avail = 0;

				poke8(h, pa, pa * 3);
				CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, va + at[k],
							     8, 0).v, pa * 3);
				CU_ASSERT_EQUAL(rx_rv64_store(h->cpu, va + at[k],
							      8, pa, 0), RX_NEXT);
				CU_ASSERT_EQUAL(peek8(h, pa), pa);
				CU_ASSERT_EQUAL(rx_rv64_fetch(h->cpu, va + at[k],
							      &host, &avail),
						RX_NEXT);
				CU_ASSERT_EQUAL(*(const uint32_t *)(const void *)host,
						(uint32_t)pa);
				CU_ASSERT_EQUAL(avail, 4096 - (va + at[k]) % 4096);
			}
			expect(h, va + size, RX_ACC_R, 13, "behind the leaf");
			expect(h, va - 4, RX_ACC_R, 13, "before the leaf");
			hart_free(h);
		}
}

/* Larger leaves cover more than there is memory: where they lead is probed. */
static void test_huge(void)
{
	for (unsigned levels = 3; levels <= 5; levels++)
		for (unsigned level = 2; level < levels; level++) {
			uint64_t satp, pa = 0;
			struct hart *h = paged(levels, &satp);
			const uint64_t size = RX_PAGE_SIZE << (9 * level);
			/* negative: the sign must reach all levels */
			const uint64_t va = -size, inside = RAM % size;

			map(h, satp, va, RAM - inside, level, P_RWXAD);
			poke8(h, RAM + 0x1230, 77);
			CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, va + inside + 0x1230,
						     8, 0).v, 77);
			CU_ASSERT(rx_rv64_probe(h->cpu, va + size - 1, RX_ACC_R,
						&pa));
			CU_ASSERT_EQUAL(pa, RAM - inside + size - 1);
			expect(h, va + inside + RAM_SIZE, RX_ACC_R, 5,
			       "no memory above");
			hart_free(h);
		}
}

static void test_canonical(void)
{
	for (unsigned levels = 3; levels <= 5; levels++) {
		uint64_t satp;
		struct hart *h = paged(levels, &satp);
		const uint64_t half = UINT64_C(1) << (11 + 9 * levels);

		map(h, satp, half - 4096, DATA_PA, 0, P_RWXAD);
		map(h, satp, -half, DATA_PA, 0, P_RWXAD);
		for (unsigned acc = 0; acc < 3; acc++) {
			expect(h, half - 4, acc, 0, "last of the lower half");
			expect(h, -half, acc, 0, "first of the upper half");
			expect(h, half, acc, page_cause(acc), "hole");
			expect(h, -half - 4, acc, page_cause(acc), "hole");
			if (levels < 5)
				expect(h, half * 2 + half - 4, acc,
				       page_cause(acc), "alias");
		}
		hart_free(h);
	}
}

/* The manual's rules, stated again: may a mode access a leaf in this way? */
static bool may(unsigned flags, unsigned priv, uint64_t bits, enum rx_access acc)
{
	const bool user = flags & P_U;

	if (priv == RX_RV64_U && !user)
		return false;
	if (priv == RX_RV64_S && user && (acc == RX_ACC_X || !(bits & SUM)))
		return false;
	switch (acc) {
	case RX_ACC_R:
		return flags & P_R || (flags & P_X && bits & MXR);
	case RX_ACC_W:
		return flags & P_W;
	default:
		return flags & P_X;
	}
}

static void test_permissions(void)
{
	static const uint64_t bits[] = { 0, SUM, MXR, SUM | MXR };
	uint64_t satp;
	struct hart *h = paged(3, &satp);

	for (unsigned rwx = P_R; rwx <= (P_R | P_W | P_X); rwx += P_R)
		for (unsigned k = 0; k < 2 * 2 * 4; k++) {
			const unsigned flags = rwx | (k & 1 ? P_U : 0);
			const unsigned priv = k >> 1 & 1;
			const uint64_t mode = bits[k >> 2];

			if ((rwx & (P_R | P_W)) == P_W)
				continue;	/* reserved */
			map(h, satp, VA39, DATA_PA, 0, flags | P_V | P_A | P_D);
			fence(h);
			status(h, mode, SUM | MXR);
			rx_rv64_set_priv(h->cpu, priv);
			/* in both orders: an access must not let in another */
			for (unsigned j = 0; j < 6; j++) {
				const enum rx_access acc = j < 3 ? j : 5 - j;
				const bool ok = may(flags, priv, mode, acc);

				expect(h, VA39 + 8, acc,
				       ok ? 0 : page_cause(acc), "permission");
			}
		}
	hart_free(h);
}

/* Without fences: modes, SUM and MXR change under a warm TLB. */
static void test_regimes(void)
{
	static const unsigned perms[] = {
		P_R, P_X, P_R | P_W, P_R | P_X, P_R | P_W | P_X,
	};
	uint64_t seed = 0x123456789, satp[2];
	struct hart *h = paged(3, &satp[0]);
	unsigned space = 0;

	/* the second space has the pages in reverse order */
	satp[1] = new_space(h, 3, 1);
	for (unsigned s = 0; s < 2; s++)
		for (unsigned k = 0; k < 10; k++)
			map(h, satp[s], VA39 + (s ? 9 - k : k) * 4096, DATA_PA, 0,
			    perms[k / 2] | (k & 1 ? P_U : 0) | P_V | P_A | P_D);
	for (unsigned n = 0; n < 20000; n++) {
		const unsigned at = (unsigned)(draw(&seed) % 10);
		const unsigned page = space ? 9 - at : at;
		const enum rx_access acc = draw(&seed) % 3;
		bool ok;

		switch (draw(&seed) % 8) {
		case 0:
			rx_rv64_set_priv(h->cpu, draw(&seed) & 1);
			break;
		case 1:
			status(h, draw(&seed) & (SUM | MXR), SUM | MXR);
			break;
		case 2:
			space = draw(&seed) & 1;
			put(h, RG_RV64_CSR_SATP, satp[space]);
			continue;
		}
		ok = may(perms[page / 2] | (page & 1 ? P_U : 0), h->c->priv,
			 h->c->mstatus, acc);
		expect(h, VA39 + at * 4096 + 16, acc, ok ? 0 : page_cause(acc),
		       "regime");
	}
	hart_free(h);
}

/* One table entry per rule: what makes an entry invalid. */
static void test_reserved(void)
{
	static const struct {
		unsigned level;
		uint64_t flags, pa;
		bool pbmte, ok;
	} cases[] = {
		{ 0, P_RWXAD & ~P_V, 0, false, false },
		{ 0, P_V | P_W | P_A | P_D, 0, false, false },
		{ 0, P_V | P_W | P_X | P_A | P_D, 0, false, false },
		{ 0, P_V | P_A | P_D, 0, false, false },	/* no leaf at level 0 */
		{ 0, P_V, 0, false, false },
		{ 0, P_RWXAD | 3 << 8, 0, false, true },	/* RSW is software's */
		{ 0, P_RWXAD | P_G, 0, false, true },
		{ 0, P_RWXAD | P_PBMT(1), 0, false, false },
		{ 0, P_RWXAD | P_PBMT(2), 0, false, false },
		{ 0, P_RWXAD | P_PBMT(1), 0, true, true },
		{ 0, P_RWXAD | P_PBMT(2), 0, true, true },
		{ 0, P_RWXAD | P_PBMT(3), 0, true, false },
		{ 0, P_RWXAD | P_N, 0x8000, false, true },
		{ 0, P_RWXAD | P_N, 0x0000, false, false },
		{ 0, P_RWXAD | P_N, 0x4000, false, false },
		{ 0, P_RWXAD | P_N, 0xc000, false, false },
		{ 0, P_RWXAD | P_N, 0x9000, false, false },
		{ 1, P_RWXAD | P_N, 0x8000, false, false },
		{ 1, P_RWXAD | P_N, 0, false, false },
		{ 1, P_RWXAD, 0, false, true },
		{ 1, P_RWXAD, 0x1000, false, false },	/* misaligned superpage */
		{ 1, P_RWXAD, 0x100000, false, false },
		{ 2, P_RWXAD, 0, false, false },	/* likewise: not at 1 GiB */
	};
	uint64_t satp;
	struct hart *h = paged(4, &satp);

	for (unsigned k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
		for (unsigned acc = 0; acc < 3; acc++) {
			const uint64_t pte = map(h, satp, VA, DATA_PA + cases[k].pa,
						 cases[k].level, cases[k].flags);
			char what[32];

			snprintf(what, sizeof(what), "case %u", k);
			put(h, RG_RV64_CSR_MENVCFG, cases[k].pbmte ?
			    RG_RV64_MENVCFG_PBMTE : 0);
			fence(h);
			expect(h, VA + 0x10, acc,
			       cases[k].ok ? 0 : page_cause(acc), what);
			poke8(h, pte, 0);
		}
	for (unsigned bit = 54; bit <= 60; bit++) {
		map(h, satp, VA, DATA_PA, 0, P_RWXAD | UINT64_C(1) << bit);
		fence(h);
		expect(h, VA, RX_ACC_R, 13, "reserved bit");
	}
	hart_free(h);
}

/* D, A, U, N, PBMT and bits 54 to 60 are reserved in entries that point on. */
static void test_pointers(void)
{
	static const struct { uint64_t bit; bool ok; } cases[] = {
		{ 0, true }, { P_G, true }, { 1 << 8, true }, { P_A, false },
		{ P_D, false }, { P_U, false }, { P_N, false },
		{ P_PBMT(1), false }, { UINT64_C(1) << 54, false },
		{ UINT64_C(1) << 60, false },
	};
	uint64_t satp;
	struct hart *h = paged(3, &satp);

	put(h, RG_RV64_CSR_MENVCFG, RG_RV64_MENVCFG_PBMTE);
	for (unsigned level = 1; level < 3; level++)
		for (unsigned k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
			uint64_t table = (satp & RG_RV64_SATP_PPN) << 12, pte;

			map(h, satp, VA39, DATA_PA, 0, P_RWXAD);
			if (level == 1)
				table = peek8(h, table + (VA39 >> 30 & 511) * 8)
					>> 10 << 12;
			pte = table + (VA39 >> (12 + 9 * level) & 511) * 8;
			poke8(h, pte, peek8(h, pte) | cases[k].bit);
			fence(h);
			expect(h, VA39, RX_ACC_R, cases[k].ok ? 0 : 13,
			       "pointer");
			poke8(h, pte, peek8(h, pte) & ~cases[k].bit);
		}
	hart_free(h);
}

/* Svnapot: 16 pages, each found by the low bits of the address */
static void test_napot(void)
{
	uint64_t satp;
	struct hart *h = paged(3, &satp);
	const uint64_t va = VA39 & ~UINT64_C(0xffff);

	for (unsigned k = 0; k < 16; k++) {
		map(h, satp, va + k * 4096, DATA_PA + 0x8000, 0,
		    P_RWXAD | P_N);
		poke8(h, DATA_PA + k * 4096 + 8, k + 100);
	}
	for (unsigned k = 0; k < 16; k++)
		CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, va + k * 4096 + 8, 8, 0).v,
				k + 100);
	/* an address fence drops all 16 */
	for (unsigned k = 0; k < 16; k++)
		map(h, satp, va + k * 4096, 0, 0, 0);
	rx_rv64_sfence_vma(h->cpu, va + 5 * 4096, 0, true, false);
	for (unsigned k = 0; k < 16; k++)
		expect(h, va + k * 4096, RX_ACC_R, 13, "fenced");
	hart_free(h);
}

/* Without ADUE: A clear faults, D clear faults stores; nothing is written. */
static void test_svade(void)
{
	static const unsigned ad[] = { 0, P_A, P_D, P_A | P_D };
	uint64_t satp;
	struct hart *h = paged(3, &satp);

	for (unsigned k = 0; k < 4; k++)
		for (unsigned acc = 0; acc < 3; acc++) {
			const uint64_t flags = P_V | P_R | P_W | P_X | ad[k];
			const uint64_t pte = map(h, satp, VA39, DATA_PA, 0, flags);
			const unsigned need = acc == RX_ACC_W ? P_A | P_D : P_A;

			fence(h);
			expect(h, VA39, acc, (ad[k] & need) == need ? 0 :
			       page_cause(acc), "Svade");
			CU_ASSERT_EQUAL(peek8(h, pte), DATA_PA >> 2 | flags);
		}
	/* a load lets no store in while D is clear */
	map(h, satp, VA39, DATA_PA, 0, P_V | P_R | P_W | P_A);
	fence(h);
	expect(h, VA39, RX_ACC_R, 0, "clean page");
	expect(h, VA39, RX_ACC_W, 15, "clean page");
	hart_free(h);
}

static void test_svadu(void)
{
	static const unsigned ad[] = { 0, P_A, P_D, P_A | P_D };
	uint64_t satp;
	struct hart *h = paged(3, &satp);

	put(h, RG_RV64_CSR_MENVCFG, RG_RV64_MENVCFG_ADUE);
	for (unsigned k = 0; k < 4; k++)
		for (unsigned acc = 0; acc < 3; acc++) {
			const uint64_t flags = P_V | P_R | P_W | P_X | ad[k];
			const uint64_t pte = map(h, satp, VA39, DATA_PA, 0, flags);
			const unsigned need = acc == RX_ACC_W ? P_A | P_D : P_A;

			fence(h);
			expect(h, VA39, acc, 0, "Svadu");
			CU_ASSERT_EQUAL(peek8(h, pte),
					DATA_PA >> 2 | flags | need);
		}
	hart_free(h);
}

/* A and D are set only when the access takes place. */
static void test_svadu_exact(void)
{
	const uint64_t rw = P_V | P_R | P_W, raw = DATA_PA >> 2;
	uint64_t satp, pte, pte2;
	struct hart *h = paged(3, &satp);

	put(h, RG_RV64_CSR_MENVCFG, RG_RV64_MENVCFG_ADUE);
	pte = map(h, satp, VA39, DATA_PA, 0, P_V | P_R);
	expect(h, VA39, RX_ACC_W, 15, "read-only");
	CU_ASSERT_EQUAL(peek8(h, pte), raw | P_V | P_R);

	/* the second page of a store faults */
	map(h, satp, VA39, DATA_PA, 0, rw);
	pte2 = map(h, satp, VA39 + 4096, DATA_PA + 4096, 0, P_V | P_R);
	fence(h);
	poke8(h, DATA_PA + 4088, 0);
	CU_ASSERT_EQUAL(rx_rv64_store(h->cpu, VA39 + 4092, 8, -1, 0), RX_FAULT);
	CU_ASSERT_EQUAL(h->cpu->fault.code, 15);
	CU_ASSERT_EQUAL(h->cpu->fault.value, VA39 + 4096);
	CU_ASSERT_EQUAL(peek8(h, pte), raw | rw);
	CU_ASSERT_EQUAL(peek8(h, DATA_PA + 4088), 0);
	/* both are in order */
	map(h, satp, VA39 + 4096, DATA_PA + 4096, 0, rw);
	CU_ASSERT_EQUAL(rx_rv64_store(h->cpu, VA39 + 4092, 8,
				      UINT64_C(0x1122334455667788), 0), RX_NEXT);
	CU_ASSERT_EQUAL(peek8(h, pte), raw | rw | P_A | P_D);
	CU_ASSERT_EQUAL(peek8(h, pte2), (DATA_PA + 4096) >> 2 | rw | P_A | P_D);
	CU_ASSERT_EQUAL(peek8(h, DATA_PA + 4092),
			UINT64_C(0x1122334455667788));

	/* a failing SC and a misaligned AMO leave D alone */
	map(h, satp, VA39, DATA_PA, 0, rw | P_A);
	fence(h);
	CU_ASSERT_EQUAL(rx_rv64_sc(h->cpu, VA39, 8, 1, 0).v, 1);
	CU_ASSERT_EQUAL(rx_rv64_amo(h->cpu, VA39 + 2, 4, RX_RMW_ADD, 1, 0).status,
			RX_FAULT);
	CU_ASSERT_EQUAL(peek8(h, pte), raw | rw | P_A);
	/* one superpage leaf under both halves of an access */
	pte = map(h, satp, VA39 & ~UINT64_C(0x1fffff), DATA_PA, 1, rw);
	fence(h);
	CU_ASSERT_EQUAL(rx_rv64_store(h->cpu, (VA39 & ~UINT64_C(0x1fffff)) + 4094,
				      4, 0xdeadbeef, 0), RX_NEXT);
	CU_ASSERT_EQUAL(peek8(h, pte), raw | rw | P_A | P_D);
	CU_ASSERT_EQUAL((uint32_t)peek8(h, DATA_PA + 4094), 0xdeadbeef);
	hart_free(h);
}

/* What the page table leads to is not there, or the tables themselves. */
static void test_no_memory(void)
{
	uint64_t satp;
	struct hart *h = paged(3, &satp);

	map(h, satp, VA39, HOLE, 0, P_RWXAD);
	map(h, satp, VA39 + 4096, DEVICE, 0, P_RWXAD);
	map(h, satp, VA39 + (1 << 21), HOLE, 1, P_V);	/* a pointer */
	map(h, satp, VA39 + (2 << 21), DEVICE, 1, P_V);
	for (unsigned acc = 0; acc < 3; acc++) {
		expect(h, VA39, acc, access_cause(acc), "hole");
		expect(h, VA39 + (1 << 21), acc, access_cause(acc),
		       "table in a hole");
		expect(h, VA39 + (2 << 21), acc, access_cause(acc),
		       "table in a device");
		expect(h, VA39 + 4096, acc, acc == RX_ACC_X ? 1 : 0, "device");
	}
	CU_ASSERT_EQUAL(h->dev_reads, 1);
	CU_ASSERT_EQUAL(h->dev_writes, 1);
	CU_ASSERT_EQUAL(h->dev_value, 0x5a5a5a5a);

	put(h, RG_RV64_CSR_SATP, 0);	/* bare: 56 bits of address */
	for (unsigned acc = 0; acc < 3; acc++) {
		expect(h, DATA_PA, acc, 0, "bare");
		expect(h, DATA_PA | UINT64_C(1) << 56, acc, access_cause(acc),
		       "bare, too high");
		expect(h, DATA_PA | UINT64_C(1) << 63, acc, access_cause(acc),
		       "bare, too high");
	}
	hart_free(h);
}

/* Stale translations live until the fence, and only as long. */
static void test_fence(void)
{
	uint64_t satp, satp2;
	struct hart *h = paged(3, &satp);

	satp2 = new_space(h, 3, 2);
	poke8(h, DATA_PA, 1);
	poke8(h, DATA_PA + 4096, 2);
	map(h, satp, VA39, DATA_PA, 0, P_RWXAD);
	map(h, satp2, VA39, DATA_PA, 0, P_RWXAD);
	for (unsigned k = 0; k < 2; k++) {
		put(h, RG_RV64_CSR_SATP, k ? satp2 : satp);
		CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39, 8, 0).v, 1);
	}
	/* switching address spaces flushes nothing */
	put(h, RG_RV64_CSR_SATP, satp);
	CU_ASSERT_EQUAL(rx_tlb_slot(h->cpu->tlb, VA39)->tag[RX_ACC_R], VA39);
	/* of the other address space id */
	map(h, satp, VA39, DATA_PA + 4096, 0, P_RWXAD);
	map(h, satp2, VA39, DATA_PA + 4096, 0, P_RWXAD);
	rx_rv64_sfence_vma(h->cpu, VA39, 2, true, true);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39, 8, 0).v, 1);
	put(h, RG_RV64_CSR_SATP, satp2);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39, 8, 0).v, 2);
	put(h, RG_RV64_CSR_SATP, satp);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39, 8, 0).v, 1);
	rx_rv64_sfence_vma(h->cpu, 0, 2, false, true);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39, 8, 0).v, 1);
	/* of another address */
	rx_rv64_sfence_vma(h->cpu, VA39 + 4096, 0, true, false);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39, 8, 0).v, 1);
	rx_rv64_sfence_vma(h->cpu, VA39 + 8, 1, true, true);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39, 8, 0).v, 2);
	/* all */
	map(h, satp, VA39, DATA_PA, 0, P_RWXAD);
	rx_rv64_sfence_vma(h->cpu, 0, 0, false, false);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39, 8, 0).v, 1);
	CU_ASSERT(h->cpu->poll & RX_POLL_MODE);
	hart_free(h);
}

/* Mappings with G are in every address space, also in one that was never used. */
static void test_global(void)
{
	const uint64_t bare = 0;
	uint64_t satp, satp2;
	struct hart *h = paged(3, &satp);

	satp2 = new_space(h, 3, 2);
	map(h, satp, VA39, DATA_PA, 0, P_RWXAD | P_G);
	map(h, satp, VA39 + 4096, DATA_PA, 0, P_RWXAD);
	put(h, RG_RV64_CSR_SATP, satp);
	for (unsigned k = 0; k < 2; k++)
		CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39 + 4096 * k, 8, 0).status, RX_NEXT);
	put(h, RG_RV64_CSR_SATP, bare);
	CU_ASSERT_NOT_EQUAL(rx_tlb_slot(h->cpu->tlb, VA39)->tag[RX_ACC_R], VA39);
	put(h, RG_RV64_CSR_SATP, satp2);
	CU_ASSERT_EQUAL(rx_tlb_slot(h->cpu->tlb, VA39)->tag[RX_ACC_R], VA39);
	CU_ASSERT_NOT_EQUAL(rx_tlb_slot(h->cpu->tlb, VA39 + 4096)->tag[RX_ACC_R], VA39 + 4096);
	rx_rv64_sfence_vma(h->cpu, VA39, 0, true, false);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39, 8, 0).status, RX_FAULT);
	hart_free(h);
}

/* Pointers are cached as well: a fence without address orders them. */
static void test_fence_pointers(void)
{
	for (unsigned level = 1; level <= 2; level++) {
		uint64_t satp, other;
		struct hart *h = paged(3, &satp);
		uint64_t from, to;

		other = new_space(h, 3, 1);
		poke8(h, DATA_PA, 1);
		poke8(h, DATA_PA + 4096, 2);
		map(h, satp, VA39, DATA_PA, 0, P_RWXAD);
		map(h, other, VA39, DATA_PA + 4096, 0, P_RWXAD);
		CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39, 8, 0).v, 1);
		/* entry of `level` of one is replaced by that of the other */
		to = (satp & RG_RV64_SATP_PPN) << 12;
		from = (other & RG_RV64_SATP_PPN) << 12;
		to += (VA39 >> 30 & 511) * 8;
		from += (VA39 >> 30 & 511) * 8;
		if (level == 1) {
			to = (peek8(h, to) >> 10 << 12) + (VA39 >> 21 & 511) * 8;
			from = (peek8(h, from) >> 10 << 12) +
			       (VA39 >> 21 & 511) * 8;
		}
		poke8(h, to, peek8(h, from));
		fence(h);
		CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, VA39, 8, 0).v, 2);
		hart_free(h);
	}
}

/* An address inside a superpage drops all pages that were entered from it. */
static void test_fence_superpage(void)
{
	uint64_t satp;
	struct hart *h = paged(3, &satp);
	const uint64_t va = VA39 & ~UINT64_C(0x1fffff);

	map(h, satp, va, DATA_PA, 1, P_RWXAD);
	expect(h, va, RX_ACC_R, 0, "superpage");
	expect(h, va + 0x5000, RX_ACC_W, 0, "superpage");
	map(h, satp, va, DATA_PA, 1, 0);
	rx_rv64_sfence_vma(h->cpu, va + 0x9008, 0, true, false);
	expect(h, va, RX_ACC_R, 13, "superpage");
	expect(h, va + 0x5000, RX_ACC_W, 15, "superpage");
	hart_free(h);
}

static void test_fence_rights(void)
{
	static const struct { unsigned priv; bool tvm, vma, order; } cases[] = {
		{ RX_RV64_U, false, false, false },
		{ RX_RV64_U, true, false, false },
		{ RX_RV64_S, false, true, true },
		{ RX_RV64_S, true, false, true },
		{ RX_RV64_M, true, true, true },
	};
	struct hart *h = hart_new();

	for (unsigned k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		status(h, cases[k].tvm ? RG_RV64_MSTATUS_TVM : 0,
		       RG_RV64_MSTATUS_TVM);
		rx_rv64_set_priv(h->cpu, cases[k].priv);
		CU_ASSERT_EQUAL(rx_rv64_sfence_vma(h->cpu, 0, 0, true, true) ==
				RX_NEXT, cases[k].vma);
		CU_ASSERT_EQUAL(rx_rv64_sfence_order(h->cpu) == RX_NEXT,
				cases[k].order);
		CU_ASSERT_EQUAL(csr_ok(h, RG_RV64_CSR_SATP, false),
				cases[k].vma);
	}
	hart_free(h);
}

/* MPRV: loads and stores as MPP says, fetches as M. */
static void test_mprv(void)
{
	uint64_t satp;
	struct hart *h = paged(3, &satp);
	const uint64_t va = DATA_PA + 0x10000;	/* mapped elsewhere for S and U */

	poke8(h, DATA_PA, 11);
	poke8(h, va, 22);
	map(h, satp, va, DATA_PA, 0, P_V | P_R | P_A | P_D);
	map(h, satp, va + 4096, DATA_PA, 0, P_V | P_R | P_U | P_A | P_D);
	rx_rv64_set_priv(h->cpu, RX_RV64_M);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, va, 8, 0).v, 22);
	for (unsigned round = 0; round < 2; round++) {
		const uint8_t *host = NULL;
		unsigned avail;

		status(h, RG_RV64_MSTATUS_MPRV |
		       UINT64_C(1) << RG_RV64_MSTATUS_MPP_SHIFT,
		       RG_RV64_MSTATUS_MPP);
		CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, va, 8, 0).v, 11);
		expect(h, va, RX_ACC_W, 15, "MPP = S");
		expect(h, va + 4096, RX_ACC_R, 13, "MPP = S");
		CU_ASSERT_EQUAL(rx_rv64_fetch(h->cpu, va, &host, &avail), RX_NEXT);
		CU_ASSERT_EQUAL(*host, 22);
		CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, va, 8, 0).v, 11);
		CU_ASSERT_EQUAL(rx_rv64_fetch(h->cpu, va, &host, &avail), RX_NEXT);
		CU_ASSERT_EQUAL(*host, 22);
		status(h, 0, RG_RV64_MSTATUS_MPP);
		expect(h, va, RX_ACC_R, 13, "MPP = U");
		CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, va + 4096, 8, 0).v, 11);
		status(h, RG_RV64_MSTATUS_MPP, 0);
		CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, va, 8, 0).v, 22);
		status(h, 0, RG_RV64_MSTATUS_MPRV | RG_RV64_MSTATUS_MPP);
		CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, va, 8, 0).v, 22);
	}
	/* MPRV counts in M only */
	status(h, RG_RV64_MSTATUS_MPRV, RG_RV64_MSTATUS_MPP);
	rx_rv64_set_priv(h->cpu, RX_RV64_S);
	CU_ASSERT_EQUAL(rx_rv64_load(h->cpu, va, 8, 0).v, 11);
	hart_free(h);
}

/* Only a new mode, root or fetch regime makes engines look at pc again. */
static void test_poll(void)
{
	uint64_t satp;
	struct hart *h = paged(3, &satp);

	h->cpu->poll = 0;
	status(h, SUM, 0);
	CU_ASSERT_EQUAL(h->cpu->poll & RX_POLL_MODE, 0);
	status(h, MXR, SUM);
	CU_ASSERT_EQUAL(h->cpu->poll & RX_POLL_MODE, 0);
	put(h, RG_RV64_CSR_SATP, satp);
	CU_ASSERT_EQUAL(h->cpu->poll & RX_POLL_MODE, 0);
	put(h, RG_RV64_CSR_SATP, new_space(h, 4, 1));
	CU_ASSERT(h->cpu->poll & RX_POLL_MODE);
	h->cpu->poll = 0;
	rx_rv64_set_priv(h->cpu, RX_RV64_U);
	CU_ASSERT(h->cpu->poll & RX_POLL_MODE);
	hart_free(h);
}

CU_TestInfo mmu_tests[] = {
	{ "sizes", test_sizes },
	{ "huge", test_huge },
	{ "canonical", test_canonical },
	{ "permissions", test_permissions },
	{ "regimes", test_regimes },
	{ "reserved", test_reserved },
	{ "pointers", test_pointers },
	{ "napot", test_napot },
	{ "svade", test_svade },
	{ "svadu", test_svadu },
	{ "svadu_exact", test_svadu_exact },
	{ "no_memory", test_no_memory },
	{ "fence", test_fence },
	{ "global", test_global },
	{ "fence_pointers", test_fence_pointers },
	{ "fence_superpage", test_fence_superpage },
	{ "fence_rights", test_fence_rights },
	{ "mprv", test_mprv },
	{ "poll", test_poll },
	CU_TEST_INFO_NULL,
};
