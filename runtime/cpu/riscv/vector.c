/* vector.c - configuration and CSRs of vectors. SPDX-License-Identifier: MIT
 *
 * "V" Standard Extension, "Vector Extension Programmer's Model" and
 * "Configuration-Setting Instructions". ELEN is 64. What the manual leaves
 * open: a vtype that is not supported sets vill; AVL above VLMAX gives VLMAX;
 * vstart holds values below VLEN; agnostic elements stay undisturbed.
 */
#include "cpu/riscv/internal.h"

bool rx_rv64_set_vlen(struct rx_cpu *cpu, unsigned bits)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);

	if (bits && (bits < 128 || bits > 8 * sizeof(c->v[0]) ||
		     bits & (bits - 1)))
		return false;
	c->p.vlenb = (uint16_t)(bits / 8);
	c->vlenb = c->p.vlenb;
	return true;
}

void rx_rv64_vs_dirty(struct rx_rv64 *c)
{
	c->mstatus |= RG_RV64_MSTATUS_VS;
}

struct rx_val rx_rv64_vset(struct rx_cpu *cpu, uint64_t avl, unsigned from,
			   uint64_t vtype)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	const int lmul = (int8_t)((vtype & 7) << 5) >> 5;
	const unsigned sew = vtype >> 3 & 7;
	const unsigned old = c->vl;
	uint64_t max;

	if (rx_rv64_v_check(cpu))
		return rx_val_fault();
	c->vstart = 0;
	/* SEW of at most LMUL * ELEN */
	if (vtype >> 8 || sew > 3 || lmul == -4 || (int)sew > 3 + lmul) {
		c->vill = 1;
		c->vl = 0;
		c->vsew = c->vlmul = c->vta = c->vma = 0;
		rx_rv64_v_done(cpu);
		return rx_val(0);
	}
	max = lmul < 0 ? (uint64_t)c->vlenb >> -lmul >> sew :
	      (uint64_t)c->vlenb << lmul >> sew;
	if (from == RX_RV64_AVL_MAX)
		avl = max;
	else if (from == RX_RV64_AVL_KEEP)
		avl = old;
	c->vill = 0;
	c->vsew = (uint8_t)sew;
	c->vlmul = (uint8_t)lmul;
	c->vta = vtype >> 6 & 1;
	c->vma = vtype >> 7 & 1;
	c->vl = (uint16_t)(avl < max ? avl : max);
	rx_rv64_v_done(cpu);
	return rx_val(c->vl);
}

/* CSRs */

bool rx_rv64_when_vector(const struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->mstatus & RG_RV64_MSTATUS_VS;
}

uint64_t rx_rv64_read_vtype(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return (uint64_t)c->vill << 63 | (uint64_t)c->vma << 7 |
	       (uint64_t)c->vta << 6 | (uint64_t)c->vsew << 3 | (c->vlmul & 7);
}

uint64_t rx_rv64_read_vl(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->vl;
}

uint64_t rx_rv64_read_vlenb(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->vlenb;
}

uint64_t rx_rv64_read_vstart(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->vstart;
}

uint64_t rx_rv64_read_vxsat(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->vxsat;
}

uint64_t rx_rv64_read_vxrm(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->vxrm;
}

uint64_t rx_rv64_read_vcsr(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return (uint64_t)c->vxrm << 1 | c->vxsat;
}

void rx_rv64_write_vstart(struct rx_rv64 *c, unsigned n, uint64_t v)
{
	(void)n;
	c->vstart = (uint16_t)(v & (8u * c->vlenb - 1));
	rx_rv64_vs_dirty(c);
}

void rx_rv64_write_vxsat(struct rx_rv64 *c, unsigned n, uint64_t v)
{
	(void)n;
	c->vxsat = v & 1;
	rx_rv64_vs_dirty(c);
}

void rx_rv64_write_vxrm(struct rx_rv64 *c, unsigned n, uint64_t v)
{
	(void)n;
	c->vxrm = v & 3;
	rx_rv64_vs_dirty(c);
}

void rx_rv64_write_vcsr(struct rx_rv64 *c, unsigned n, uint64_t v)
{
	rx_rv64_write_vxsat(c, n, v);
	rx_rv64_write_vxrm(c, n, v >> 1);
}
