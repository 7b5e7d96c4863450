/* isa_t32.c - life of an M-profile processor; exceptions. SPDX-License-Identifier: MIT */
#include "core/flat.h"
#include "cpu/arm/t32.h"

#define SHCSR_BUSFAULTENA (UINT32_C(1) << 17)
#define SHCSR_USGFAULTENA (UINT32_C(1) << 18)
#define HFSR_FORCED (UINT32_C(1) << 30)
#define HFSR_DEBUGEVT (UINT32_C(1) << 31)
#define XPSR_T (UINT32_C(1) << 24)
#define XPSR_PADDED (UINT32_C(1) << 9)	/* in a frame: 4 bytes were left out */
#define THREAD (UINT32_C(1) << 3)	/* of EXC_RETURN */

enum { SP = 13, LR = 14 };

/* Arm ARM, the basic frame */
struct frame {
	uint32_t r[4], r12, lr, pc, xpsr;
};

enum rx_exec rx_t32_raise(struct rx_cpu *cpu, uint32_t code, uint64_t value)
{
	cpu->fault.code = code;
	cpu->fault.value = value;
	return RX_FAULT;
}

enum rx_exec rx_t32_illegal(struct rx_cpu *cpu)
{
	return rx_t32_raise(cpu, RX_T32_FAULT(RX_T32_USAGE, RX_T32_UNDEFINSTR), 0);
}

enum rx_exec rx_t32_fetch(struct rx_cpu *cpu, uint64_t va, const uint8_t **host,
			  unsigned *avail)
{
	if (RX_UNLIKELY(va & 1))
		return rx_t32_raise(cpu, RX_T32_FAULT(RX_T32_USAGE, RX_T32_INVSTATE), va);
	if (RX_UNLIKELY(va >= 0xff000000) && rx_t32_of(cpu)->ipsr)
		return rx_t32_raise(cpu, RX_T32_RETURN, va);
	if (rx_flat_fetch(cpu, va, host, avail))
		return RX_NEXT;
	return rx_t32_raise(cpu, RX_T32_FAULT(RX_T32_BUS, RX_T32_IBUSERR), va);
}

/* ---- xPSR: flags, IT block, exception */

static uint32_t get_xpsr(const struct rx_t32 *c, uint64_t pc)
{
	return (uint32_t)c->nzcv << 28 | (uint32_t)c->apsr_q << 27 |
	       (uint32_t)(c->itstate & 3) << 25 | (pc & 1 ? 0 : XPSR_T) |
	       (uint32_t)c->ge << 16 | (uint32_t)(c->itstate >> 2) << 10 | c->ipsr;
}

static void set_xpsr(struct rx_t32 *c, uint32_t v)
{
	c->nzcv = (uint8_t)(v >> 28);
	c->apsr_q = v >> 27 & 1;
	c->itstate = (uint8_t)((v >> 25 & 3) | (v >> 10 & 63) << 2);
	c->ge = v >> 16 & 15;
	c->ipsr = v & 511;
}

/* ---- exceptions (Arm ARM, PushStack, ExceptionTaken, ExceptionReturn) */

/* The exception that is taken; 0: a fault while the hard fault is handled. */
static unsigned escalate(struct rx_t32 *c, unsigned exception)
{
	const bool enabled = exception == RX_T32_SVC ||
			     (exception == RX_T32_BUS && c->shcsr & SHCSR_BUSFAULTENA) ||
			     (exception == RX_T32_USAGE && c->shcsr & SHCSR_USGFAULTENA);

	if (c->ipsr == RX_T32_HARD)
		return 0;
	if (enabled && !c->primask && !c->ipsr)
		return exception;
	c->hfsr |= exception == RX_T32_DEBUG ? HFSR_DEBUGEVT : HFSR_FORCED;
	return RX_T32_HARD;
}

static bool push(struct rx_cpu *cpu, uint32_t back)
{
	struct rx_t32 *c = rx_t32_of(cpu);
	const uint32_t padded = c->r[SP] & 4 ? XPSR_PADDED : 0;
	const uint32_t sp = ((c->r[SP] & ~UINT32_C(7)) - (uint32_t)sizeof(struct frame));
	const struct frame f = {
		{ c->r[0], c->r[1], c->r[2], c->r[3] }, c->r[12], c->r[LR],
		back & ~UINT32_C(1), get_xpsr(c, back) | padded,
	};
	uint64_t bad;

	c->r[SP] = sp;
	return rx_flat_write(cpu, sp, &f, sizeof(f), &bad);
}

/* Nothing is executed any more. */
static void lock_up(struct rx_cpu *cpu)
{
	cpu->halted = true;
}

static void take(struct rx_cpu *cpu, unsigned exception, uint32_t back)
{
	struct rx_t32 *c = rx_t32_of(cpu);
	const uint32_t mode = c->ipsr ? 0 : THREAD;
	unsigned __int128 vector;
	uint64_t bad;

	if (!push(cpu, back)) {
		c->cfsr |= UINT32_C(1) << RX_T32_STKERR;
		c->hfsr |= HFSR_FORCED;
		exception = RX_T32_HARD;
	}
	if (!rx_flat_load(cpu, c->vtor + 4 * exception, 4, &vector, &bad)) {
		lock_up(cpu);
		return;
	}
	c->r[LR] = RX_T32_EXC_RETURN | mode;
	c->ipsr = (uint16_t)exception;
	c->itstate = 0;
	c->excl_size = 0;
	cpu->pc = (uint32_t)vector ^ 1;
}

/* A frame comes off the stack. */
static void return_from(struct rx_cpu *cpu, uint32_t to)
{
	struct rx_t32 *c = rx_t32_of(cpu);
	struct frame f;
	uint64_t bad;

	if ((to & ~THREAD) != RX_T32_EXC_RETURN ||
	    !rx_flat_read(cpu, c->r[SP], &f, sizeof(f), &bad) ||
	    !(f.xpsr & 511) != !!(to & THREAD)) {
		c->cfsr |= UINT32_C(1) << RX_T32_INVPC;
		lock_up(cpu);
		return;
	}
	for (unsigned k = 0; k < 4; k++)
		c->r[k] = f.r[k];
	c->r[12] = f.r12;
	c->r[LR] = f.lr;
	c->r[SP] += (uint32_t)sizeof(f) + (f.xpsr & XPSR_PADDED ? 4 : 0);
	set_xpsr(c, f.xpsr & ~XPSR_PADDED);
	c->excl_size = 0;
	cpu->pc = f.pc | !(f.xpsr & XPSR_T);
}

void rx_t32_deliver(struct rx_cpu *cpu)
{
	struct rx_t32 *c = rx_t32_of(cpu);
	const unsigned code = cpu->fault.code & 255, bit = cpu->fault.code >> 8;
	unsigned exception;

	rx_cpu_poll(cpu, RX_POLL_MODE);
	if (code == RX_T32_RETURN) {
		return_from(cpu, (uint32_t)cpu->pc);
		return;
	}
	if (bit)
		c->cfsr |= UINT32_C(1) << bit;
	if (bit == RX_T32_PRECISERR) {
		c->cfsr |= UINT32_C(1) << RX_T32_BFARVALID;
		c->bfar = (uint32_t)cpu->fault.value;
	}
	exception = escalate(c, code);
	if (!exception) {
		lock_up(cpu);
		return;
	}
	/* a supervisor call returns behind itself */
	take(cpu, exception, (uint32_t)cpu->pc + (code == RX_T32_SVC ? 2 : 0));
}

bool rx_t32_interrupt(struct rx_cpu *cpu)
{
	(void)cpu;
	return false;	/* there is no interrupt controller yet */
}

bool rx_t32_wake(struct rx_cpu *cpu)
{
	(void)cpu;
	return false;	/* only a lock-up halts */
}

void rx_t32_reset(struct rx_cpu *cpu, uint64_t pc)
{
	rg_t32_reset_regs(rx_t32_of(cpu));
	cpu->res_granule = 0;
	cpu->pc = pc;
	cpu->mode_key = 0;
	rx_tlb_select(cpu, 0, 0);
	rx_cpu_poll(cpu, RX_POLL_MODE);
}

enum rax_status rx_t32_init(struct rx_cpu *cpu)
{
	(void)cpu;
	return RAX_OK;
}

void rx_t32_fini(struct rx_cpu *cpu)
{
	(void)cpu;
}

void rx_t32_enter(struct rx_cpu *cpu)
{
	(void)cpu;
}

void rx_t32_leave(struct rx_cpu *cpu)
{
	(void)cpu;
}
