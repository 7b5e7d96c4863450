/* isa_a64.c - life of a processing element; exceptions to EL1. SPDX-License-Identifier: MIT */
#include "core/flat.h"
#include "cpu/arm/a64.h"
#include "fp/host.h"

enum rx_exec rx_a64_raise(struct rx_cpu *cpu, uint32_t syndrome, uint64_t address)
{
	cpu->fault.code = syndrome;
	cpu->fault.value = address;
	return RX_FAULT;
}

enum rx_exec rx_a64_illegal(struct rx_cpu *cpu)
{
	return rx_a64_raise(cpu, RX_A64_ESR(RX_A64_EC_UNKNOWN, 0), 0);
}

enum rx_exec rx_a64_fetch(struct rx_cpu *cpu, uint64_t va, const uint8_t **host,
			  unsigned *avail)
{
	if (RX_UNLIKELY(va & 3))
		return rx_a64_raise(cpu, RX_A64_ESR(RX_A64_EC_PC_ALIGN, 0), va);
	if (rx_flat_fetch(cpu, va, host, avail))
		return RX_NEXT;
	return rx_a64_raise(cpu, RX_A64_ESR(RX_A64_EC_FETCH, RX_A64_FSC_EXTERNAL), va);
}

/* Aborts and the like have another class when they come from EL1. */
static uint32_t same_level(uint32_t syndrome)
{
	switch (syndrome >> 26) {
	case RX_A64_EC_FETCH:
	case RX_A64_EC_DATA:
		return syndrome + (UINT32_C(1) << 26);
	default:
		return syndrome;
	}
}

/* Arm ARM, AArch64.TakeException: to EL1, whose stack pointer is selected */
void rx_a64_deliver(struct rx_cpu *cpu)
{
	struct rx_a64 *c = rx_a64_of(cpu);
	const bool from_el0 = c->el == 0;
	const unsigned ec = cpu->fault.code >> 26;
	unsigned offset = from_el0 ? 0x400 : c->spsel ? 0x200 : 0;

	c->spsr_el1 = (uint64_t)c->nzcv << 28 | (uint64_t)c->daif << 6 |
		      (uint64_t)c->el << 2 | c->spsel;
	/* a system call returns behind itself */
	c->elr_el1 = cpu->pc + (ec == RX_A64_EC_SVC ? 4 : 0);
	c->esr_el1 = from_el0 ? cpu->fault.code : same_level(cpu->fault.code);
	if (ec == RX_A64_EC_SVC || ec == RX_A64_EC_BRK)
		c->esr_el1 |= cpu->fault.value & 0xffff;
	if (ec == RX_A64_EC_FETCH || ec == RX_A64_EC_DATA || ec == RX_A64_EC_PC_ALIGN)
		c->far_el1 = cpu->fault.value;
	c->sp_el[c->spsel] = c->x[32];
	c->el = 1;
	c->spsel = 1;
	c->x[32] = c->sp_el[1];
	c->daif = 15;
	c->excl_size = 0;
	cpu->pc = c->vbar_el1 + offset;
	rx_cpu_poll(cpu, RX_POLL_MODE);
}

bool rx_a64_interrupt(struct rx_cpu *cpu)
{
	(void)cpu;
	return false;	/* there is no interrupt controller yet */
}

bool rx_a64_wake(struct rx_cpu *cpu)
{
	(void)cpu;
	return true;
}

static void update_key(struct rx_a64 *c)
{
	uint32_t key = 0;

	if (!(c->fpcr & (RX_A64_FPCR_FZ | RX_A64_FPCR_FZ16)))
		key = RX_A64_KEY_NO_FLUSH |
		      c->fpcr >> RX_A64_FPCR_RMODE_SHIFT << RX_A64_KEY_FPCR_SHIFT;
	if (c->cpu.mode_key == key)
		return;
	c->cpu.mode_key = key;
	rx_cpu_poll(&c->cpu, RX_POLL_MODE);
}

void rx_a64_reset(struct rx_cpu *cpu, uint64_t pc)
{
	rg_a64_reset_regs(rx_a64_of(cpu));
	cpu->res_granule = 0;
	cpu->pc = pc;
	update_key(rx_a64_of(cpu));
	rx_tlb_select(cpu, 0, 0);
	rx_cpu_poll(cpu, RX_POLL_MODE);
}

enum rax_status rx_a64_init(struct rx_cpu *cpu)
{
	(void)cpu;
	return RAX_OK;
}

void rx_a64_fini(struct rx_cpu *cpu)
{
	(void)cpu;
}

/*
 * Host arithmetic: between enter and leave MXCSR is the guest's. What it has raised
 * is part of FPSR, whether collected or not; its order is the other way round.
 */
static void collect(struct rx_a64 *c)
{
	const unsigned raised = c->m.in_guest ? rx_fp_host_raised() : 0;

	for (unsigned k = 0; k < 5; k++)	/* IOC DZC OFC UFC IXC */
		c->fpsr |= (raised >> (4 - k) & 1) << k;
}

bool rx_a64_host_fp(uint32_t mode_key, struct rx_fpenv *env)
{
	*env = rx_a64_fpenv_of(mode_key >> RX_A64_KEY_FPCR_SHIFT << RX_A64_FPCR_RMODE_SHIFT);
	return mode_key & RX_A64_KEY_NO_FLUSH;
}

struct rx_val rx_a64_read_fpsr(struct rx_cpu *cpu)
{
	collect(rx_a64_of(cpu));
	return rx_val(rx_a64_of(cpu)->fpsr);
}

enum rx_exec rx_a64_write_fpsr(struct rx_cpu *cpu, uint64_t v)
{
	struct rx_a64 *c = rx_a64_of(cpu);

	c->fpsr = (uint32_t)v;
	if (c->m.in_guest)
		rx_fp_host_clear();
	return RX_NEXT;
}

enum rx_exec rx_a64_write_fpcr(struct rx_cpu *cpu, uint64_t v)
{
	rx_a64_of(cpu)->fpcr = (uint32_t)v;
	update_key(rx_a64_of(cpu));
	return RX_NEXT;
}

void rx_a64_enter(struct rx_cpu *cpu)
{
	struct rx_a64 *c = rx_a64_of(cpu);

	update_key(c);
	c->m.host_fp = rx_fp_host_begin();
	c->m.in_guest = true;
}

void rx_a64_leave(struct rx_cpu *cpu)
{
	struct rx_a64 *c = rx_a64_of(cpu);

	collect(c);
	c->m.in_guest = false;
	rx_fp_host_end(c->m.host_fp);
}
