/* pmp.c - physical memory protection. SPDX-License-Identifier: MIT
 *
 * Privileged ISA, "Physical Memory Protection": 16 entries, grain 4 bytes.
 */
#include "cpu/riscv/internal.h"

/* pmpcfg bytes; their A field is bits 4:3 */
enum {
	CFG_R = 1, CFG_W = 2, CFG_X = 4, CFG_A = 0x18, CFG_L = 0x80,
	CFG_TOR = 0x08, CFG_NA4 = 0x10, CFG_NAPOT = 0x18,
};

static uint8_t allowed(uint8_t cfg)
{
	return (uint8_t)((cfg & CFG_R ? 1 << RX_ACC_R : 0) |
			 (cfg & CFG_W ? 1 << RX_ACC_W : 0) |
			 (cfg & CFG_X ? 1 << RX_ACC_X : 0));
}

/* Bytes [*first, *last] that entry k matches; false: none */
static bool range(const struct rx_rv64 *c, unsigned k, uint64_t *first,
		  uint64_t *last)
{
	const uint64_t addr = c->pmpaddr[k];
	uint64_t ones;

	switch (c->pmpcfg[k] & CFG_A) {
	case CFG_TOR:
		*first = k ? c->pmpaddr[k - 1] << 2 : 0;
		*last = (addr << 2) - 1;
		return *first < addr << 2;
	case CFG_NA4:
		*first = addr << 2;
		*last = *first + 3;
		return true;
	case CFG_NAPOT:
		ones = addr ^ (addr + 1);	/* the low ones and the 0 above */
		*first = (addr & ~ones) << 2;
		*last = *first | (ones << 2) | 3;
		return true;
	default:
		return false;
	}
}

void rx_rv64_pmp_update(struct rx_rv64 *c)
{
	struct rx_rv64_pmp *e = c->p.pmp;

	for (unsigned k = 0; k < RX_RV64_PMP_ENTRIES; k++) {
		if (!range(c, k, &e->first, &e->last))
			continue;
		e->allow = allowed(c->pmpcfg[k]);
		e->locked = c->pmpcfg[k] & CFG_L;
		e++;
	}
	c->p.npmp = (unsigned)(e - c->p.pmp);
}

#define ALL (1u << RX_ACC_R | 1u << RX_ACC_W | 1u << RX_ACC_X)

/*
 * "Priority and Matching Logic": the lowest-numbered entry that matches any
 * byte decides, and must match all of them. Without a match M-mode may do
 * all, the others nothing.
 */
static unsigned match(const struct rx_rv64 *c, uint64_t first, uint64_t last,
		      unsigned priv, unsigned partial)
{
	for (unsigned k = 0; k < c->p.npmp; k++) {
		const struct rx_rv64_pmp *e = &c->p.pmp[k];

		if (last < e->first || first > e->last)
			continue;
		if (first < e->first || last > e->last)
			return partial;
		return priv == RX_RV64_M && !e->locked ? ALL : e->allow;
	}
	return priv == RX_RV64_M ? ALL : 0;
}

bool rx_rv64_pmp_allows(const struct rx_rv64 *c, uint64_t pa, unsigned len,
			unsigned priv, enum rx_access acc)
{
	return match(c, pa, pa + len - 1, priv, 0) >> acc & 1;
}

unsigned rx_rv64_pmp_page(const struct rx_rv64 *c, uint64_t pa, unsigned priv)
{
	return match(c, pa & RX_PAGE_MASK, pa | ~RX_PAGE_MASK, priv,
		     RX_RV64_PMP_FINE);
}

/* A locked entry ignores writes, and one that is locked as the top of a range
 * locks the address below. */
uint64_t rx_rv64_legal_pmpaddr(const struct rx_rv64 *c, unsigned n,
			       uint64_t old, uint64_t v)
{
	const unsigned k = n - RG_RV64_CSR_PMPADDR0;

	if (c->pmpcfg[k] & CFG_L)
		return old;
	if (k + 1 < RX_RV64_PMP_ENTRIES && c->pmpcfg[k + 1] & CFG_L &&
	    (c->pmpcfg[k + 1] & CFG_A) == CFG_TOR)
		return old;
	return v;
}

uint64_t rx_rv64_read_pmpcfg(struct rx_rv64 *c, unsigned n)
{
	const unsigned first = (n - RG_RV64_CSR_PMPCFG0) * 4;
	uint64_t v = 0;

	for (unsigned k = 0; k < 8; k++)
		v |= (uint64_t)c->pmpcfg[first + k] << (8 * k);
	return v;
}

void rx_rv64_write_pmpcfg(struct rx_rv64 *c, unsigned n, uint64_t v)
{
	const unsigned first = (n - RG_RV64_CSR_PMPCFG0) * 4;
	bool changed = false;

	for (unsigned k = 0; k < 8; k++) {
		uint8_t cfg = (uint8_t)(v >> (8 * k)) &
			      (CFG_R | CFG_W | CFG_X | CFG_A | CFG_L);

		if (!(cfg & CFG_R))
			cfg &= (uint8_t)~CFG_W;	/* W without R is reserved */
		if (c->pmpcfg[first + k] & CFG_L || c->pmpcfg[first + k] == cfg)
			continue;
		c->pmpcfg[first + k] = cfg;
		changed = true;
	}
	if (changed)
		rx_rv64_effect_pmp(c);
}

void rx_rv64_effect_pmp(struct rx_rv64 *c)
{
	rx_rv64_pmp_update(c);
	rx_rv64_effect_flush(c);
}
