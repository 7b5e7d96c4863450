/* test_pmp.c - physical memory protection. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_riscv/hart.h"

#define CFG(k) (RG_RV64_CSR_PMPCFG0 + (k) / 8 * 2)
#define ADDR(k) (RG_RV64_CSR_PMPADDR0 + (k))
enum { OFF = 0, TOR = 8, NA4 = 16, NAPOT = 24, LOCK = 128 };
enum { R = 1, W = 2, X = 4 };

static void entry(struct hart *h, unsigned k, uint64_t addr, unsigned cfg)
{
	const unsigned shift = k % 8 * 8;

	put(h, ADDR(k), addr);
	put(h, CFG(k), (get(h, CFG(k)) & ~(UINT64_C(0xff) << shift)) |
		       (uint64_t)cfg << shift);
}

/* All entries off, which is not what hart_new() leaves */
static struct hart *closed(void)
{
	struct hart *h = hart_new();

	for (unsigned k = 0; k < 16; k++)
		entry(h, k, 0, OFF);
	return h;
}

static void check(struct hart *h, uint64_t pa, enum rx_access acc, bool ok,
		  const char *what)
{
	const unsigned got = access_va(h, pa, acc);

	RX_TAP_CHECK(got == (ok ? 0 : access_cause(acc)),
		     "%s: %s at %llx in mode %u gives cause %u", what,
		     access_name(acc), (unsigned long long)pa, h->c->priv, got);
}

/* Without a match M may do all, S and U nothing. */
static void test_no_match(void)
{
	struct hart *h = closed();

	for (unsigned acc = 0; acc < 3; acc++) {
		rx_rv64_set_priv(h->cpu, RX_RV64_M);
		check(h, RAM, acc, true, "no entries");
		rx_rv64_set_priv(h->cpu, RX_RV64_S);
		check(h, RAM, acc, false, "no entries");
		rx_rv64_set_priv(h->cpu, RX_RV64_U);
		check(h, RAM, acc, false, "no entries");
	}
	hart_free(h);
}

/* Permissions x lock x mode x access, for whole pages and for parts of one */
static void test_matrix(void)
{
	static const unsigned modes[] = { RX_RV64_U, RX_RV64_S, RX_RV64_M };
	static const unsigned perms[] = { 0, R, R | W, X, R | X, R | W | X };

	for (unsigned fine = 0; fine < 2; fine++)
		for (unsigned p = 0; p < 6; p++)
			for (unsigned locked = 0; locked < 2; locked++) {
				struct hart *h = closed();
				const uint64_t pa = RAM + 0x4000;

				/* a NAPOT of 8 KiB, or of 64 bytes */
				entry(h, 3, pa >> 2 | (fine ? 7 : 0x3ff),
				      perms[p] | NAPOT | (locked ? LOCK : 0));
				for (unsigned m = 0; m < 3; m++)
					for (unsigned acc = 0; acc < 6; acc++) {
						const enum rx_access a = acc % 3;
						const bool ok =
							(modes[m] == RX_RV64_M &&
							 !locked) ||
							perms[p] >> a & 1;

						rx_rv64_set_priv(h->cpu, modes[m]);
						check(h, pa + 0x20, a, ok, "matrix");
					}
				hart_free(h);
			}
}

/* The manual's rules byte by byte */
struct model {
	uint64_t addr[16];
	uint8_t cfg[16];
};

static bool byte_in(const struct model *m, unsigned k, uint64_t pa)
{
	const uint64_t word = pa >> 2;
	unsigned ones = 0;

	switch (m->cfg[k] & 24) {
	case TOR:
		return word >= (k ? m->addr[k - 1] : 0) && word < m->addr[k];
	case NA4:
		return word == m->addr[k];
	case NAPOT:
		while (m->addr[k] >> ones & 1)
			ones++;
		return ones >= 53 || word >> (ones + 1) == m->addr[k] >> (ones + 1);
	default:
		return false;
	}
}

static bool model_allows(const struct model *m, uint64_t pa, unsigned len,
			 unsigned priv, enum rx_access acc)
{
	for (unsigned k = 0; k < 16; k++) {
		unsigned in = 0;

		for (unsigned b = 0; b < len; b++)
			in += byte_in(m, k, pa + b);
		if (!in)
			continue;
		if (in < len)
			return false;
		if (priv == RX_RV64_M && !(m->cfg[k] & LOCK))
			return true;
		return m->cfg[k] >> acc & 1;
	}
	return priv == RX_RV64_M;
}

static void random_model(struct hart *h, struct model *m, uint64_t *seed)
{
	for (unsigned k = 0; k < 16; k++) {
		const unsigned ones = (unsigned)(draw(seed) % 14);
		uint64_t addr = (RAM >> 2) + draw(seed) % 0x1000;

		if (draw(seed) & 1)
			addr |= (UINT64_C(1) << ones) - 1;
		m->addr[k] = addr;
		m->cfg[k] = draw(seed) & 3 ? OFF :
			    (uint8_t)(draw(seed) & (R | W | X | 24));
		if (!(m->cfg[k] & R))
			m->cfg[k] &= (uint8_t)~W;
	}
	for (unsigned k = 0; k < 16; k++)
		entry(h, k, m->addr[k], m->cfg[k]);
}

/* Random entries and accesses of all sizes against the model */
static void test_random(void)
{
	static const unsigned modes[] = { RX_RV64_U, RX_RV64_S, RX_RV64_M };
	uint64_t seed = 0x9e3779b97f4a7c15;
	struct hart *h = closed();
	struct model m;

	for (unsigned round = 0; round < 400; round++) {
		random_model(h, &m, &seed);
		for (unsigned n = 0; n < 100; n++) {
			const unsigned size = 1u << draw(&seed) % 4;
			const unsigned priv = modes[draw(&seed) % 3];
			const bool store = draw(&seed) & 1;
			const uint64_t pa = (RAM + draw(&seed) % 0x4000) &
					    ~(uint64_t)(size - 1);
			const enum rx_access acc = store ? RX_ACC_W : RX_ACC_R;
			const bool want = model_allows(&m, pa, size, priv, acc);
			bool ok;

			rx_rv64_set_priv(h->cpu, priv);
			ok = (store ? rx_rv64_store(h->cpu, pa, size, 0, 0) :
			      rx_rv64_load(h->cpu, pa, size, 0).status) == RX_NEXT;
			RX_TAP_CHECK(ok == want, "round %u: %s of %u at %llx in "
				     "mode %u is %d", round, access_name(acc),
				     size, (unsigned long long)pa, priv, ok);
		}
	}
	hart_free(h);
}

/* Fetching stops where an entry ends. */
static void test_fetch(void)
{
	struct hart *h = closed();
	const uint8_t *host;
	unsigned avail = 0;

	entry(h, 0, (RAM + 0x104) >> 2, X | TOR);
	rx_rv64_set_priv(h->cpu, RX_RV64_U);
	CU_ASSERT_EQUAL(rx_rv64_fetch(h->cpu, RAM + 0x100, &host, &avail),
			RX_NEXT);
	CU_ASSERT_EQUAL(avail, 4);
	CU_ASSERT_EQUAL(rx_rv64_fetch(h->cpu, RAM + 0x102, &host, &avail),
			RX_NEXT);
	CU_ASSERT_EQUAL(avail, 2);
	check(h, RAM + 0x104, RX_ACC_X, false, "behind the end");
	check(h, RAM + 0x100, RX_ACC_R, false, "execute only");
	/* no tag lets an engine by */
	CU_ASSERT_EQUAL(rx_tlb_slot(h->cpu->tlb, RAM)->tag[RX_ACC_X],
			RX_TLB_INVALID);
	hart_free(h);
}

/* Page tables are read and written as S-mode does; faults are the access's. */
static void test_tables(void)
{
	struct hart *h = closed();
	const uint64_t satp = new_space(h, 3, 0), va = 0x400000;
	const uint64_t pte = map(h, satp, va, RAM, 0, P_V | P_R | P_W | P_X | P_U);

	put(h, RG_RV64_CSR_SATP, satp);
	entry(h, 15, UINT64_MAX, R | W | X | NAPOT);
	for (unsigned acc = 0; acc < 3; acc++) {
		put(h, RG_RV64_CSR_MENVCFG, 0);
		poke8(h, pte, peek8(h, pte) | P_A | P_D);
		/* 4 KiB: the last table can not be read */
		rx_rv64_set_priv(h->cpu, RX_RV64_U);
		entry(h, 0, pte >> 12 << 10 | 0x1ff, NAPOT);
		check(h, va, acc, false, "unreadable table");
		entry(h, 0, pte >> 12 << 10 | 0x1ff, R | NAPOT);
		check(h, va, acc, true, "read-only table");
		/* A and D have to be written */
		put(h, RG_RV64_CSR_MENVCFG, RG_RV64_MENVCFG_ADUE);
		entry(h, 0, 0, OFF);
		poke8(h, pte, peek8(h, pte) & ~(uint64_t)(P_A | P_D));
		entry(h, 0, pte >> 12 << 10 | 0x1ff, R | NAPOT);
		check(h, va, acc, false, "A in a read-only table");
		CU_ASSERT_EQUAL(peek8(h, pte) & (P_A | P_D), 0);
		entry(h, 0, 0, OFF);
		check(h, va, acc, true, "A in a writable table");
	}
	/* the page itself: D must not be set by a store that is refused */
	poke8(h, pte, peek8(h, pte) & ~(uint64_t)(P_A | P_D));
	entry(h, 0, RAM >> 2 | 0x1ff, R | NAPOT);
	check(h, va, RX_ACC_W, false, "read-only page");
	CU_ASSERT_EQUAL(peek8(h, pte) & (P_A | P_D), 0);
	hart_free(h);
}

/* WARL: 54 bits of address, W needs R, bits 5 and 6 are zero, locks */
static void test_legal(void)
{
	struct hart *h = closed();

	put(h, ADDR(5), UINT64_MAX);
	CU_ASSERT_EQUAL(get(h, ADDR(5)), (UINT64_C(1) << 54) - 1);
	put(h, CFG(0), UINT64_C(0x0060020406071f9f));
	CU_ASSERT_EQUAL(get(h, CFG(0)), UINT64_C(0x0000000404071f9f));
	/* entry 0 is locked now */
	put(h, CFG(0), 0);
	CU_ASSERT_EQUAL(get(h, CFG(0)), 0x9f);
	put(h, ADDR(0), 0x123);
	CU_ASSERT_EQUAL(get(h, ADDR(0)), 0);
	/* a locked TOR holds the address below, another kind does not */
	entry(h, 10, 0x1000, R | TOR | LOCK);
	put(h, ADDR(9), 0x55);
	CU_ASSERT_EQUAL(get(h, ADDR(9)), 0);
	entry(h, 12, 0x1000, R | NAPOT | LOCK);
	put(h, ADDR(11), 0x55);
	CU_ASSERT_EQUAL(get(h, ADDR(11)), 0x55);
	/* off but locked */
	entry(h, 14, 0x77, LOCK);
	entry(h, 14, 0x78, R | NA4);
	CU_ASSERT_EQUAL(get(h, ADDR(14)), 0x77);
	CU_ASSERT_EQUAL(get(h, CFG(14)) >> 48 & 0xff, LOCK);
	rx_vm_reset(&h->vm);
	CU_ASSERT_EQUAL(get(h, CFG(0)), 0);
	CU_ASSERT_EQUAL(get(h, CFG(14)), 0);
	hart_free(h);
}

/* A change takes effect at once, whatever the TLB has. */
static void test_change(void)
{
	struct hart *h = closed();

	entry(h, 15, UINT64_MAX, R | W | X | NAPOT);
	rx_rv64_set_priv(h->cpu, RX_RV64_S);
	for (unsigned acc = 0; acc < 3; acc++)
		check(h, RAM + 64, acc, true, "open");
	entry(h, 0, RAM >> 2 | 0x1ff, NAPOT);
	for (unsigned acc = 0; acc < 3; acc++)
		check(h, RAM + 64, acc, false, "closed");
	put(h, ADDR(0), HOLE >> 2);
	for (unsigned acc = 0; acc < 3; acc++)
		check(h, RAM + 64, acc, true, "moved away");
	hart_free(h);
}

CU_TestInfo pmp_tests[] = {
	{ "no_match", test_no_match },
	{ "matrix", test_matrix },
	{ "random", test_random },
	{ "fetch", test_fetch },
	{ "tables", test_tables },
	{ "legal", test_legal },
	{ "change", test_change },
	CU_TEST_INFO_NULL,
};
