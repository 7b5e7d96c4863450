/* trap.c - exceptions, interrupts and returns from them. SPDX-License-Identifier: MIT
 *
 * Privileged ISA, "Machine-Level ISA" and "Supervisor-Level ISA".
 */
#include "core/vm.h"
#include "cpu/riscv/internal.h"

#define INTERRUPT (UINT64_C(1) << 63)

enum rx_exec rx_rv64_raise(struct rx_cpu *cpu, unsigned cause, uint64_t tval)
{
	cpu->fault.code = cause;
	cpu->fault.value = tval;
	return RX_FAULT;
}

/* New privilege mode; true if fetching changed */
static bool enter_mode(struct rx_rv64 *c, unsigned priv)
{
	/* a reservation of one context must not serve another */
	c->cpu.res_granule = 0;
	c->priv = (uint8_t)priv;
	return rx_rv64_update_regime(c);
}

/* "Vectored": interrupts only */
static uint64_t handler(uint64_t tvec, uint64_t cause)
{
	if (tvec & RG_RV64_MTVEC_MODE && cause & INTERRUPT)
		return (tvec & RG_RV64_MTVEC_BASE) + 4 * (cause & ~INTERRUPT);
	return tvec & RG_RV64_MTVEC_BASE;
}

/* mask's bit (one bit) of status goes to the bit `to` */
static uint64_t move(uint64_t status, uint64_t from, uint64_t to)
{
	return (status & ~to) | (status & from ? to : 0);
}

static void trap(struct rx_rv64 *c, uint64_t cause, uint64_t tval,
		 bool delegated)
{
	uint64_t s = c->mstatus;

	if (delegated) {
		c->scause = cause;
		c->sepc = c->cpu.pc;
		c->stval = tval;
		s = move(s, RG_RV64_MSTATUS_SIE, RG_RV64_MSTATUS_SPIE);
		s &= ~(RG_RV64_MSTATUS_SIE | RG_RV64_MSTATUS_SPP);
		if (c->priv == RX_RV64_S)
			s |= RG_RV64_MSTATUS_SPP;
		c->mstatus = s;
		c->cpu.pc = handler(c->stvec, cause);
		enter_mode(c, RX_RV64_S);
	} else {
		c->mcause = cause;
		c->mepc = c->cpu.pc;
		c->mtval = tval;
		s = move(s, RG_RV64_MSTATUS_MIE, RG_RV64_MSTATUS_MPIE);
		s &= ~(RG_RV64_MSTATUS_MIE | RG_RV64_MSTATUS_MPP);
		s |= (uint64_t)c->priv << RG_RV64_MSTATUS_MPP_SHIFT;
		c->mstatus = s;
		c->cpu.pc = handler(c->mtvec, cause);
		enter_mode(c, RX_RV64_M);
	}
}

void rx_rv64_deliver(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	const unsigned code = cpu->fault.code;

	if (code == RX_RV64_CAUSE_ECALL_S && c->p.ecall_hook &&
	    c->p.ecall_hook(cpu)) {
		cpu->pc += 4;
		return;
	}
	trap(c, code, cpu->fault.value,
	     c->priv != RX_RV64_M && c->medeleg >> code & 1);
}

uint64_t rx_rv64_mip(const struct rx_rv64 *c)
{
	uint64_t soft = c->mip;

	/* Sstc: STIP is the timer's alone */
	if (c->menvcfg & RG_RV64_MENVCFG_STCE)
		soft &= ~RG_RV64_MIP_STIP;
	return soft | c->lines;
}

/*
 * The interrupt to take now, 0 if none. Those of M-mode come first; then the
 * order is MEI, MSI, MTI, SEI, SSI, STI (here as three bits each).
 */
static unsigned choose(const struct rx_rv64 *c, bool *delegated)
{
	const uint64_t pending = rx_rv64_mip(c) & c->mie;
	uint64_t take;
	unsigned order;

	if (!pending)
		return 0;
	take = pending & ~c->mideleg;
	*delegated = false;
	if (!take || (c->priv == RX_RV64_M && !(c->mstatus & RG_RV64_MSTATUS_MIE))) {
		take = pending & c->mideleg;
		*delegated = true;
		if (!take || c->priv == RX_RV64_M ||
		    (c->priv == RX_RV64_S && !(c->mstatus & RG_RV64_MSTATUS_SIE)))
			return 0;
	}
	for (order = 0; order < 6; order++) {
		static const uint8_t by_priority[] = {
			RX_RV64_IRQ_MEI, RX_RV64_IRQ_MSI, RX_RV64_IRQ_MTI,
			RX_RV64_IRQ_SEI, RX_RV64_IRQ_SSI, RX_RV64_IRQ_STI,
		};

		if (take >> by_priority[order] & 1)
			return by_priority[order];
	}
	return 0;
}

bool rx_rv64_interrupt(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	bool delegated;
	const unsigned n = choose(c, &delegated);

	if (!n)
		return false;
	trap(c, INTERRUPT | n, 0, delegated);
	return true;
}

bool rx_rv64_wake(struct rx_cpu *cpu)
{
	const struct rx_rv64 *c = rx_rv64_of(cpu);

	return rx_rv64_mip(c) & c->mie;
}

void rx_rv64_effect_irq(struct rx_rv64 *c)
{
	bool delegated;

	if (choose(c, &delegated) || c->cpu.halted)
		rx_cpu_poll(&c->cpu, RX_POLL_IRQ);
}

void rx_rv64_irq(void *sink, unsigned line, bool level)
{
	struct rx_rv64 *c = rx_rv64_of(sink);
	const uint64_t bit = UINT64_C(1) << (line & 63);

	c->lines = level ? c->lines | bit : c->lines & ~bit;
	if (level)
		rx_rv64_effect_irq(c);
}

void rx_rv64_pend(struct rx_cpu *cpu, unsigned line)
{
	rx_rv64_csr_put(cpu, RG_RV64_CSR_MIP,
			rx_rv64_of(cpu)->mip | UINT64_C(1) << (line & 63));
}

uint64_t rx_rv64_read_mip(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return rx_rv64_mip(c);
}

uint64_t rx_rv64_legal_mip(const struct rx_rv64 *c, unsigned n, uint64_t old,
			   uint64_t v)
{
	(void)n;
	if (c->menvcfg & RG_RV64_MENVCFG_STCE)
		return (v & ~RG_RV64_MIP_STIP) | (old & RG_RV64_MIP_STIP);
	return v;
}

enum rx_exec rx_rv64_ecall(struct rx_cpu *cpu)
{
	return rx_rv64_raise(cpu, RX_RV64_CAUSE_ECALL_U +
			     rx_rv64_of(cpu)->priv, 0);
}

/* tval may be 0 or pc */
enum rx_exec rx_rv64_ebreak(struct rx_cpu *cpu)
{
	return rx_rv64_raise(cpu, RX_RV64_CAUSE_BREAKPOINT, 0);
}

/*
 * What both returns do, with status popped already. Behind RX_JUMP an engine
 * looks for its next block under the new mode: no RX_POLL_MODE.
 */
static enum rx_exec return_to(struct rx_rv64 *c, unsigned priv, uint64_t pc)
{
	if (priv != RX_RV64_M)
		c->mstatus &= ~RG_RV64_MSTATUS_MPRV;
	c->cpu.pc = pc;
	enter_mode(c, priv);
	rx_rv64_effect_irq(c);
	return RX_JUMP;
}

enum rx_exec rx_rv64_mret(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	uint64_t s = c->mstatus;
	unsigned priv;

	if (c->priv != RX_RV64_M)
		return rx_rv64_illegal(cpu);
	priv = (unsigned)((s & RG_RV64_MSTATUS_MPP) >> RG_RV64_MSTATUS_MPP_SHIFT);
	s = move(s, RG_RV64_MSTATUS_MPIE, RG_RV64_MSTATUS_MIE);
	s |= RG_RV64_MSTATUS_MPIE;
	c->mstatus = s & ~RG_RV64_MSTATUS_MPP;
	return return_to(c, priv, c->mepc);
}

enum rx_exec rx_rv64_sret(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	uint64_t s = c->mstatus;
	unsigned priv;

	if (c->priv == RX_RV64_U ||
	    (c->priv == RX_RV64_S && s & RG_RV64_MSTATUS_TSR))
		return rx_rv64_illegal(cpu);
	priv = s & RG_RV64_MSTATUS_SPP ? RX_RV64_S : RX_RV64_U;
	s = move(s, RG_RV64_MSTATUS_SPIE, RG_RV64_MSTATUS_SIE);
	s |= RG_RV64_MSTATUS_SPIE;
	c->mstatus = s & ~RG_RV64_MSTATUS_SPP;
	return return_to(c, priv, c->sepc);
}

/* "Wait for Interrupt"; the time that mstatus.TW and U-mode grant is zero. */
enum rx_exec rx_rv64_wfi(struct rx_cpu *cpu)
{
	const struct rx_rv64 *c = rx_rv64_of(cpu);

	if (c->priv == RX_RV64_U ||
	    (c->priv == RX_RV64_S && c->mstatus & RG_RV64_MSTATUS_TW))
		return rx_rv64_illegal(cpu);
	if (!rx_rv64_wake(cpu)) {
		cpu->halted = true;
		rx_cpu_poll(cpu, RX_POLL_HALT);
	}
	return RX_NEXT;
}

enum rx_exec rx_rv64_wrs(struct rx_cpu *cpu)
{
	(void)cpu;
	return RX_NEXT;
}

void rx_rv64_set_ecall_hook(struct rx_cpu *cpu, bool (*hook)(struct rx_cpu *cpu),
			    void *opaque)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);

	c->p.ecall_hook = hook;
	c->p.ecall_opaque = opaque;
}

void rx_rv64_set_priv(struct rx_cpu *cpu, unsigned priv)
{
	if (enter_mode(rx_rv64_of(cpu), priv))
		rx_cpu_poll(cpu, RX_POLL_MODE);
}
