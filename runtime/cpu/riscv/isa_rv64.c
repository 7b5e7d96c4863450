/* isa_rv64.c - life of a hart, and state derived from registers. SPDX-License-Identifier: MIT */
#include "fp/host.h"

#include "core/vm.h"
#include "cpu/riscv/internal.h"

/*
 * The TLB regime. key0: modes of loads and of fetching, and the bits that
 * change permissions, where they matter; key1: satp where it matters, else 0.
 * Its mode is never 0 there, so that paged and bare tables never share.
 */
enum {
	KEY0_SUM = 4,
	KEY0_MXR = 8,
	KEY0_FETCH_SHIFT = 4,
	KEY0_FETCH = 3 << KEY0_FETCH_SHIFT,
};

static unsigned data_priv(const struct rx_rv64 *c)
{
	if (c->priv == RX_RV64_M && c->mstatus & RG_RV64_MSTATUS_MPRV)
		return (unsigned)((c->mstatus & RG_RV64_MSTATUS_MPP) >>
				  RG_RV64_MSTATUS_MPP_SHIFT);
	return c->priv;
}

static void regime(struct rx_rv64 *c, uint64_t *key0, uint64_t *key1)
{
	const unsigned mode = (unsigned)(c->satp >> RG_RV64_SATP_MODE_SHIFT);
	const unsigned priv = data_priv(c);

	c->p.levels = mode ? (uint8_t)(mode - 5) : 0;
	c->p.data_priv = (uint8_t)priv;
	*key0 = priv | (uint64_t)c->priv << KEY0_FETCH_SHIFT;
	*key1 = 0;
	if (!mode || priv == RX_RV64_M)
		return;
	*key1 = c->satp;
	if (priv == RX_RV64_S && c->mstatus & RG_RV64_MSTATUS_SUM)
		*key0 |= KEY0_SUM;
	if (c->mstatus & RG_RV64_MSTATUS_MXR)
		*key0 |= KEY0_MXR;
}

bool rx_rv64_update_regime(struct rx_rv64 *c)
{
	const uint64_t old0 = c->p.key0, old1 = c->p.key1;

	regime(c, &c->p.key0, &c->p.key1);
	if (old0 == c->p.key0 && old1 == c->p.key1)
		return false;
	rx_tlb_select(&c->cpu, c->p.key0, c->p.key1);
	return old1 != c->p.key1 || (old0 ^ c->p.key0) & KEY0_FETCH;
}

void rx_rv64_effect_regime(struct rx_rv64 *c)
{
	if (rx_rv64_update_regime(c))
		rx_cpu_poll(&c->cpu, RX_POLL_MODE);
}

bool rx_rv64_update_key(struct rx_rv64 *c)
{
	const uint32_t old = c->cpu.mode_key;
	uint32_t key = (uint32_t)c->frm << RX_RV64_KEY_FRM_SHIFT & RX_RV64_KEY_FRM;

	if ((c->mstatus & RG_RV64_MSTATUS_FS) == RG_RV64_MSTATUS_FS)
		key |= RX_RV64_KEY_FS_DIRTY;
	if (c->frm == RX_RNE)
		key |= RX_RV64_KEY_FRM_RNE;
	if (c->cpu.vm->host & RX_HOST_FMA)
		key |= RX_RV64_KEY_HOST_FMA;
	c->cpu.mode_key = key;
	return key != old;
}

void rx_rv64_effect_key(struct rx_rv64 *c)
{
	if (rx_rv64_update_key(c))
		rx_cpu_poll(&c->cpu, RX_POLL_MODE);
}

bool rx_rv64_fp_static(uint32_t mode_key, unsigned operand, unsigned *round)
{
	if (!(mode_key & RX_RV64_KEY_FS_DIRTY))
		return false;
	*round = operand == 7 ? (mode_key & RX_RV64_KEY_FRM) >> RX_RV64_KEY_FRM_SHIFT : operand;
	return *round <= RX_RMM;
}

void rx_rv64_fs_dirty(struct rx_rv64 *c)
{
	c->mstatus |= RG_RV64_MSTATUS_FS;
	rx_rv64_effect_key(c);
}

/*
 * Host arithmetic: between enter and leave MXCSR is the guest's. What it has
 * raised is part of fflags, whether collected or not.
 */

void rx_rv64_collect(struct rx_rv64 *c)
{
	if (c->p.in_guest)
		c->fflags |= rx_fp_host_raised() & 31;
}

void rx_rv64_set_fflags(struct rx_rv64 *c, unsigned v)
{
	c->fflags = (uint8_t)v;
	if (c->p.in_guest && rx_fp_host_raised() & 31 & ~v)
		rx_fp_host_clear();
}

uint8_t rx_rv64_fp_read(struct rx_cpu *cpu)
{
	rx_rv64_collect(rx_rv64_of(cpu));
	return rx_rv64_of(cpu)->fflags;
}

void rx_rv64_fp_write(struct rx_cpu *cpu, unsigned flags)
{
	rx_rv64_set_fflags(rx_rv64_of(cpu), flags & 31);
}

struct rx_val rx_rv64_frflags(struct rx_cpu *cpu)
{
	const enum rx_exec status = rx_rv64_fp_check(cpu);

	if (status != RX_NEXT)
		return (struct rx_val){ 0, status };
	return rx_val(rx_rv64_fp_read(cpu));
}

struct rx_val rx_rv64_fsflags(struct rx_cpu *cpu, uint64_t flags)
{
	const struct rx_val old = rx_rv64_frflags(cpu);

	if (old.status != RX_NEXT)
		return old;
	rx_rv64_fp_write(cpu, (unsigned)flags);
	rx_rv64_fp_done(cpu, 0);
	return old;
}

void rx_rv64_enter(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);

	c->p.host_fp = rx_fp_host_begin();
	c->p.in_guest = true;
}

void rx_rv64_leave(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);

	rx_rv64_collect(c);
	c->p.in_guest = false;
	rx_fp_host_end(c->p.host_fp);
}

enum rax_status rx_rv64_init(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);

	c->p.stimer.fire = rx_rv64_timer_fired;
	c->p.stimer.opaque = c;
	c->p.walk_era = 1;
	return RAX_OK;
}

void rx_rv64_fini(struct rx_cpu *cpu)
{
	rx_timer_cancel(cpu->vm, &rx_rv64_of(cpu)->p.stimer);
}

void rx_rv64_resync(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);

	rx_rv64_pmp_update(c);
	rx_rv64_effect_flush(c);
	rx_rv64_effect_time(c);
	rx_rv64_update_key(c);
	rx_rv64_update_regime(c);
	rx_tlb_select(cpu, c->p.key0, c->p.key1);
	rx_cpu_poll(cpu, RX_POLL_MODE | RX_POLL_IRQ);
}

void rx_rv64_reset(struct rx_cpu *cpu, uint64_t pc)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	const uint64_t lines = c->lines;

	rg_rv64_reset_regs(c);
	c->vlenb = c->p.vlenb;
	/* devices drive these on and reset themselves */
	c->lines = lines & ~RG_RV64_MIP_STIP;
	c->cycle_base = -rx_cpu_icount(cpu);
	c->instret_base = -rx_cpu_instret(cpu);
	c->p.stce = false;
	cpu->res_granule = 0;
	cpu->pc = pc;
	rx_rv64_resync(cpu);
}
