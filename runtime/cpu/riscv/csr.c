/* csr.c - CSR instructions, and the rules that csrs.tbl names. SPDX-License-Identifier: MIT */
#include "cpu/riscv/internal.h"

struct rx_val rx_rv64_csr(struct rx_cpu *cpu, unsigned csr,
			  enum rx_rv64_csr_op op, uint64_t value, bool do_read,
			  bool do_write)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	const struct rg_rv64_csr *d = rg_rv64_csr(csr);
	uint64_t old = 0, base;

	/* "CSR Address Mapping Conventions": bits 9:8 are the lowest mode,
	 * bits 11:10 are 11 for read-only ones */
	if (!d || c->priv < (csr >> 8 & 3) || (do_write && csr >> 10 == 3) ||
	    (d->when && !d->when(c, csr)))
		return (struct rx_val){ 0, rx_rv64_illegal(cpu) };
	if (do_read)
		old = d->read(c, csr);
	if (do_write) {
		base = d->base ? d->base(c, csr) : old;
		if (op == RX_CSR_SET)
			value |= base;
		else if (op == RX_CSR_CLEAR)
			value = base & ~value;
		d->write(c, csr, value);
	}
	return rx_val(old);
}

bool rx_rv64_csr_get(struct rx_cpu *cpu, unsigned csr, uint64_t *value)
{
	const struct rg_rv64_csr *d = rg_rv64_csr(csr);

	if (!d)
		return false;
	*value = d->read(rx_rv64_of(cpu), csr);
	return true;
}

bool rx_rv64_csr_put(struct rx_cpu *cpu, unsigned csr, uint64_t value)
{
	const struct rg_rv64_csr *d = rg_rv64_csr(csr);

	if (!d)
		return false;
	d->write(rx_rv64_of(cpu), csr, value);
	return true;
}

/* Conditions of access */

bool rx_rv64_when_fp(const struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->mstatus & RG_RV64_MSTATUS_FS;
}

bool rx_rv64_when_counter(const struct rx_rv64 *c, unsigned n)
{
	const unsigned bit = n & 31;

	if (c->priv == RX_RV64_M)
		return true;
	if (!(c->mcounteren >> bit & 1))
		return false;
	return c->priv == RX_RV64_S || c->scounteren >> bit & 1;
}

bool rx_rv64_when_stimecmp(const struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->priv == RX_RV64_M ||
	       (c->menvcfg & RG_RV64_MENVCFG_STCE &&
		c->mcounteren & RG_RV64_MCOUNTEREN_TM);
}

bool rx_rv64_when_tvm(const struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->priv != RX_RV64_S || !(c->mstatus & RG_RV64_MSTATUS_TVM);
}

/* Legal values: what is not legal leaves the field (satp: all) as it was. */

uint64_t rx_rv64_legal_mstatus(const struct rx_rv64 *c, unsigned n,
			       uint64_t old, uint64_t v)
{
	(void)n;
	if (!c->vlenb)
		v &= ~RG_RV64_MSTATUS_VS;
	if ((v & RG_RV64_MSTATUS_MPP) ==
	    UINT64_C(2) << RG_RV64_MSTATUS_MPP_SHIFT)
		v = (v & ~RG_RV64_MSTATUS_MPP) | (old & RG_RV64_MSTATUS_MPP);
	return v;
}

uint64_t rx_rv64_legal_envcfg(const struct rx_rv64 *c, unsigned n,
			      uint64_t old, uint64_t v)
{
	(void)c;
	(void)n;
	if ((v & RG_RV64_MENVCFG_CBIE) ==
	    UINT64_C(2) << RG_RV64_MENVCFG_CBIE_SHIFT)
		v = (v & ~RG_RV64_MENVCFG_CBIE) | (old & RG_RV64_MENVCFG_CBIE);
	return v;
}

/* "Supervisor Address Translation and Protection (satp) Register" */
uint64_t rx_rv64_legal_satp(const struct rx_rv64 *c, unsigned n, uint64_t old,
			    uint64_t v)
{
	const uint64_t mode = v >> RG_RV64_SATP_MODE_SHIFT;

	(void)c;
	(void)n;
	return mode == 0 || (mode >= 8 && mode <= 10) ? v : old;
}

/* Computed registers */

uint64_t rx_rv64_read_mstatus(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	/* SD: FS or VS is Dirty (there is no XS) */
	if ((c->mstatus & RG_RV64_MSTATUS_FS) == RG_RV64_MSTATUS_FS ||
	    (c->mstatus & RG_RV64_MSTATUS_VS) == RG_RV64_MSTATUS_VS)
		return c->mstatus | RG_RV64_MSTATUS_SD;
	return c->mstatus;
}

uint64_t rx_rv64_read_misa(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	/* MXL 64; A B C D F I M S U */
	return UINT64_C(0x800000000014112f) |
	       (c->vlenb ? UINT64_C(1) << ('V' - 'A') : 0);
}

uint64_t rx_rv64_read_hartid(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->cpu.id;
}

uint64_t rx_rv64_read_fflags(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	rx_rv64_collect(c);
	return c->fflags;
}

uint64_t rx_rv64_read_frm(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->frm;
}

uint64_t rx_rv64_read_fcsr(struct rx_rv64 *c, unsigned n)
{
	return rx_rv64_read_frm(c, n) << 5 | rx_rv64_read_fflags(c, n);
}

void rx_rv64_write_fflags(struct rx_rv64 *c, unsigned n, uint64_t v)
{
	(void)n;
	rx_rv64_set_fflags(c, v & 31);
	rx_rv64_fs_dirty(c);
}

void rx_rv64_write_frm(struct rx_rv64 *c, unsigned n, uint64_t v)
{
	(void)n;
	c->frm = v & 7;
	rx_rv64_fs_dirty(c);
}

void rx_rv64_write_fcsr(struct rx_rv64 *c, unsigned n, uint64_t v)
{
	rx_rv64_write_fflags(c, n, v);
	rx_rv64_write_frm(c, n, v >> 5);
}
