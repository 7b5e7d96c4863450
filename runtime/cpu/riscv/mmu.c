/* mmu.c - address translation: Sv39, Sv48, Sv57, bare. SPDX-License-Identifier: MIT
 *
 * Privileged ISA, "Virtual Address Translation Process", with Svnapot, Svpbmt
 * and Svade, or Svadu where menvcfg.ADUE is set. "Step" in comments means
 * the steps there.
 */
#include "core/mem.h"
#include "core/vm.h"
#include "cpu/riscv/internal.h"

/* Page-table entries */
#define PTE_V (UINT64_C(1) << 0)
#define PTE_R (UINT64_C(1) << 1)
#define PTE_W (UINT64_C(1) << 2)
#define PTE_X (UINT64_C(1) << 3)
#define PTE_U (UINT64_C(1) << 4)
#define PTE_G (UINT64_C(1) << 5)
#define PTE_A (UINT64_C(1) << 6)
#define PTE_D (UINT64_C(1) << 7)
#define PTE_PPN_SHIFT 10
#define PTE_PPN_MASK ((UINT64_C(1) << 44) - 1)
#define PTE_RESERVED (UINT64_C(0x7f) << 54)
#define PTE_PBMT_SHIFT 61
#define PTE_PBMT (UINT64_C(3) << PTE_PBMT_SHIFT)
#define PTE_N (UINT64_C(1) << 63)

#define PA_BITS 56
#define ALL (1u << RX_ACC_R | 1u << RX_ACC_W | 1u << RX_ACC_X)
#define DATA (1u << RX_ACC_R | 1u << RX_ACC_W)

enum verdict { FINE, PAGE_FAULT, ACCESS_FAULT };

static enum rx_exec page_fault(struct rx_rv64 *c, uint64_t va,
			       enum rx_access acc)
{
	static const uint8_t cause[] = {
		[RX_ACC_R] = RX_RV64_CAUSE_LOAD_PAGE,
		[RX_ACC_W] = RX_RV64_CAUSE_STORE_PAGE,
		[RX_ACC_X] = RX_RV64_CAUSE_FETCH_PAGE,
	};

	return rx_rv64_raise(&c->cpu, cause[acc], va);
}

enum rx_exec rx_rv64_access_fault(struct rx_rv64 *c, uint64_t va,
				  enum rx_access acc)
{
	static const uint8_t cause[] = {
		[RX_ACC_R] = RX_RV64_CAUSE_LOAD_ACCESS,
		[RX_ACC_W] = RX_RV64_CAUSE_STORE_ACCESS,
		[RX_ACC_X] = RX_RV64_CAUSE_FETCH_ACCESS,
	};

	return rx_rv64_raise(&c->cpu, cause[acc], va);
}

static uint8_t *ram(const struct rx_rv64 *c, uint64_t pa, unsigned len)
{
	const struct rx_ram *r = rx_mem_find(&c->cpu.vm->mem, pa, len);

	return r ? r->host + (pa - r->base) : NULL;
}

/* The page-walk cache. Level 0 tables cover 2 MiB, those of level 1 1 GiB. */

static struct rx_rv64_walk *walk_slot(struct rx_rv64 *c, uint64_t va,
				      unsigned level, uint64_t *tag)
{
	*tag = va >> (RX_PAGE_BITS + 9 * (level + 1));
	return &c->p.walk[level][*tag % RX_RV64_WALK_ENTRIES];
}

static bool walk_find(struct rx_rv64 *c, uint64_t va, unsigned level,
		      uint64_t *table)
{
	uint64_t tag;
	const struct rx_rv64_walk *w = walk_slot(c, va, level, &tag);

	if (w->tag != tag || w->satp != c->satp || w->era != c->p.walk_era)
		return false;
	*table = w->table;
	return true;
}

static void walk_keep(struct rx_rv64 *c, uint64_t va, unsigned level,
		      uint64_t table)
{
	uint64_t tag;
	struct rx_rv64_walk *w = walk_slot(c, va, level, &tag);

	*w = (struct rx_rv64_walk){ tag, c->satp, table, c->p.walk_era };
}

void rx_rv64_forget_walks(struct rx_rv64 *c)
{
	c->p.walk_era++;	/* 64 bits do not come round */
}

/* Steps 1 to 4: finds the leaf. */
static enum verdict find_leaf(struct rx_rv64 *c, uint64_t va,
			      struct rx_rv64_xlat *x, unsigned *leaf_level)
{
	unsigned level = c->p.levels - 1u;
	uint64_t table = (c->satp & RG_RV64_SATP_PPN) << RX_PAGE_BITS;
	const unsigned unused = 64 - (RX_PAGE_BITS + 9 * c->p.levels);

	if ((uint64_t)((int64_t)(va << unused) >> unused) != va)
		return PAGE_FAULT;
	for (unsigned k = 0; k < 2; k++)
		if (walk_find(c, va, k, &table)) {
			level = k;
			break;
		}
	for (;; level--) {
		const unsigned shift = RX_PAGE_BITS + 9 * level;
		uint64_t pte;

		x->pte_pa = table + (va >> shift & 511) * 8;
		if (!rx_rv64_pmp_allows(c, x->pte_pa, 8, RX_RV64_S, RX_ACC_R))
			return ACCESS_FAULT;
		x->pte = (uint64_t *)(void *)ram(c, x->pte_pa, 8);
		if (!x->pte)
			return ACCESS_FAULT;
		pte = __atomic_load_n(x->pte, __ATOMIC_ACQUIRE);
		if (!(pte & PTE_V) || (pte & (PTE_R | PTE_W)) == PTE_W ||
		    pte & PTE_RESERVED)
			return PAGE_FAULT;
		if (pte & (PTE_R | PTE_X)) {
			x->pte_old = pte;
			*leaf_level = level;
			return FINE;
		}
		/* D, A, U, N and PBMT are reserved here */
		if (pte & (PTE_D | PTE_A | PTE_U | PTE_N | PTE_PBMT) || !level)
			return PAGE_FAULT;
		table = (pte >> PTE_PPN_SHIFT & PTE_PPN_MASK) << RX_PAGE_BITS;
		if (level <= 2)
			walk_keep(c, va, level - 1, table);
	}
}

/* Reserved encodings of a leaf, its size and what it maps va to. */
static enum verdict leaf_address(const struct rx_rv64 *c, uint64_t va,
				 unsigned level, struct rx_rv64_xlat *x)
{
	const uint64_t pte = x->pte_old;
	const unsigned pbmt = (unsigned)(pte >> PTE_PBMT_SHIFT) & 3;
	uint64_t base = (pte >> PTE_PPN_SHIFT & PTE_PPN_MASK) << RX_PAGE_BITS;

	x->leaf = RX_PAGE_SIZE << (9 * level);
	if (pbmt == 3 || (pbmt && !(c->menvcfg & RG_RV64_MENVCFG_PBMTE)))
		return PAGE_FAULT;
	if (pte & PTE_N) {
		/* Svnapot: only 64 KiB, PPN bits 3:0 are 1000 */
		if (level || (base >> RX_PAGE_BITS & 15) != 8)
			return PAGE_FAULT;
		x->leaf = RX_PAGE_SIZE << 4;
		base &= ~(x->leaf - 1);
	}
	if (base & (x->leaf - 1))
		return PAGE_FAULT;	/* misaligned superpage */
	x->pa = base | (va & (x->leaf - 1));
	return FINE;
}

/* What a leaf lets a mode do, A and D aside. */
static unsigned leaf_allows(const struct rx_rv64 *c, uint64_t pte,
			    unsigned priv)
{
	unsigned allow = 0;

	if (pte & PTE_R || (pte & PTE_X && c->mstatus & RG_RV64_MSTATUS_MXR))
		allow |= 1u << RX_ACC_R;
	if (pte & PTE_W)
		allow |= 1u << RX_ACC_W;
	if (pte & PTE_X)
		allow |= 1u << RX_ACC_X;
	if (priv == RX_RV64_U)
		return pte & PTE_U ? allow : 0;
	if (!(pte & PTE_U))
		return allow;
	return c->mstatus & RG_RV64_MSTATUS_SUM ? allow & DATA : 0;
}

/*
 * Translates va for a mode. probe: A and D do not matter. Sets all of *x but
 * host; allow is what the page table says.
 */
static enum verdict translate(struct rx_rv64 *c, uint64_t va,
			      enum rx_access acc, unsigned priv, bool probe,
			      struct rx_rv64_xlat *x)
{
	enum verdict v;
	unsigned level;
	uint64_t need;

	if (priv == RX_RV64_M || !c->p.levels) {
		x->pa = va;
		x->pte = NULL;
		x->pte_old = 0;
		x->allow = ALL;
		x->leaf = RX_PAGE_SIZE;
		return va >> PA_BITS ? ACCESS_FAULT : FINE;
	}
	v = find_leaf(c, va, x, &level);
	if (v == FINE)
		v = leaf_address(c, va, level, x);
	if (v != FINE)
		return v;
	x->allow = leaf_allows(c, x->pte_old, priv);
	if (!(x->allow >> acc & 1))
		return PAGE_FAULT;
	need = acc == RX_ACC_W ? PTE_A | PTE_D : PTE_A;
	x->pte_new = x->pte_old | need;
	if (x->pte_new == x->pte_old || probe) {
		x->pte = NULL;
	} else {
		if (!(c->menvcfg & RG_RV64_MENVCFG_ADUE))
			return PAGE_FAULT;
		if (!rx_rv64_pmp_allows(c, x->pte_pa, 8, RX_RV64_S, RX_ACC_W))
			return ACCESS_FAULT;
	}
	if (!(x->pte_new & PTE_D))
		x->allow &= ~(1u << RX_ACC_W);
	return FINE;
}

enum rx_exec rx_rv64_resolve(struct rx_rv64 *c, uint64_t va, unsigned len,
			     enum rx_access acc, enum rx_access as,
			     struct rx_rv64_xlat *x)
{
	const bool mixed = c->p.data_priv != c->priv;
	const unsigned priv = acc == RX_ACC_X ? c->priv : c->p.data_priv;
	unsigned pmp;

	switch (translate(c, va, acc, priv, false, x)) {
	case PAGE_FAULT:
		return page_fault(c, va, as);
	case ACCESS_FAULT:
		return rx_rv64_access_fault(c, va, as);
	default:
		break;
	}
	pmp = rx_rv64_pmp_page(c, x->pa, priv);
	if (pmp == RX_RV64_PMP_FINE) {
		if (!rx_rv64_pmp_allows(c, x->pa, len, priv, acc))
			return rx_rv64_access_fault(c, va, as);
		x->allow = 0;	/* always the slow way */
	} else {
		if (!(pmp >> acc & 1))
			return rx_rv64_access_fault(c, va, as);
		x->allow &= pmp;
		/* MPRV: data and code of this table are not of one regime */
		if (mixed)
			x->allow &= acc == RX_ACC_X ? 1u << RX_ACC_X : DATA;
	}
	x->host = ram(c, x->pa, len);
	return RX_NEXT;
}

bool rx_rv64_commit(struct rx_rv64 *c, uint64_t va, struct rx_rv64_xlat *x)
{
	if (x->pte) {
		uint64_t old = x->pte_old;

		rx_mem_code_write(&c->cpu.vm->mem, x->pte_pa, 8);
		if (!__atomic_compare_exchange_n(x->pte, &old, x->pte_new, false,
						 __ATOMIC_SEQ_CST,
						 __ATOMIC_RELAXED))
			return false;
	}
	if (x->host && x->allow)
		rx_tlb_fill(&c->cpu, va, x->host - (va & ~RX_PAGE_MASK),
			    x->allow | (x->pte_old & PTE_G ? RX_TLB_GLOBAL : 0), x->leaf);
	return true;
}

enum rx_exec rx_rv64_fetch(struct rx_cpu *cpu, uint64_t va,
			   const uint8_t **host, unsigned *avail)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	const unsigned rest = (unsigned)(RX_PAGE_SIZE - (va & ~RX_PAGE_MASK));
	struct rx_rv64_xlat x;
	unsigned n = 2;

	do {
		if (rx_rv64_resolve(c, va, 2, RX_ACC_X, RX_ACC_X, &x))
			return RX_FAULT;
		if (!x.host)
			return rx_rv64_access_fault(c, va, RX_ACC_X);
	} while (!rx_rv64_commit(c, va, &x));
	if (x.allow)
		n = rest;
	else	/* as far as one instruction may reach */
		while (n < rest && n < 4 &&
		       rx_rv64_pmp_allows(c, x.pa + n, 2, c->priv, RX_ACC_X))
			n += 2;
	*host = x.host;
	*avail = n;
	return RX_NEXT;
}

bool rx_rv64_probe(struct rx_cpu *cpu, uint64_t va, enum rx_access acc,
		   uint64_t *pa)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	struct rx_rv64_xlat x;

	if (translate(c, va, acc, acc == RX_ACC_X ? c->priv : c->p.data_priv,
		      true, &x) != FINE)
		return false;
	*pa = x.pa;
	return true;
}

/* The parcel at va as fetching would see it; 0 where there is none. */
static uint32_t peek(struct rx_rv64 *c, uint64_t va)
{
	uint64_t pa;
	const uint8_t *host;

	if (!rx_rv64_probe(&c->cpu, va, RX_ACC_X, &pa))
		return 0;
	host = ram(c, pa, 2);
	return host ? (uint32_t)(host[0] | host[1] << 8) : 0;
}

enum rx_exec rx_rv64_illegal(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	uint32_t bits = peek(c, cpu->pc);

	if ((bits & 3) == 3)
		bits |= peek(c, cpu->pc + 2) << 16;
	return rx_rv64_raise(cpu, RX_RV64_CAUSE_ILLEGAL, bits);
}

/*
 * "Supervisor Memory-Management Fence Instruction". key1 of a paged regime's
 * tables is satp; the modes of all paged ones have the top bit, others are
 * not concerned. With an address only leaf entries need to be forgotten.
 */
#define SATP_PAGED (UINT64_C(1) << 63)

void rx_rv64_flush(struct rx_cpu *cpu, uint64_t va, uint64_t asid, bool has_va,
		   bool has_asid)
{
	const uint64_t mask = SATP_PAGED | (has_asid ? RG_RV64_SATP_ASID : 0);
	const uint64_t match = SATP_PAGED | asid << RG_RV64_SATP_ASID_SHIFT;

	if (has_va) {
		rx_tlb_flush_page(cpu, va, match, mask);
	} else {
		rx_tlb_flush_matching(cpu, match, mask);
		rx_rv64_forget_walks(rx_rv64_of(cpu));
	}
	rx_cpu_poll(cpu, RX_POLL_MODE);
}

enum rx_exec rx_rv64_sfence_vma(struct rx_cpu *cpu, uint64_t va, uint64_t asid,
				bool has_va, bool has_asid)
{
	const struct rx_rv64 *c = rx_rv64_of(cpu);

	if (c->priv == RX_RV64_U ||
	    (c->priv == RX_RV64_S && c->mstatus & RG_RV64_MSTATUS_TVM))
		return rx_rv64_illegal(cpu);
	rx_rv64_flush(cpu, va, asid, has_va, has_asid);
	return RX_NEXT;
}

enum rx_exec rx_rv64_sfence_order(struct rx_cpu *cpu)
{
	if (rx_rv64_of(cpu)->priv == RX_RV64_U)
		return rx_rv64_illegal(cpu);
	return RX_NEXT;
}

void rx_rv64_effect_flush(struct rx_rv64 *c)
{
	rx_rv64_forget_walks(c);
	rx_tlb_flush_all(&c->cpu);
	rx_cpu_poll(&c->cpu, RX_POLL_MODE);
}
