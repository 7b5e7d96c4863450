/* time.c - counters, the time CSR and the supervisor timer. SPDX-License-Identifier: MIT */
#include "core/clock.h"
#include "core/vm.h"
#include "cpu/riscv/internal.h"

#define NS_PER_TICK (UINT64_C(1000000000) / RX_RV64_TIMEBASE)

/* Bits of mcountinhibit */
enum { INHIBIT_CY = 1, INHIBIT_IR = 4 };

uint64_t rx_rv64_time(struct rx_cpu *cpu)
{
	return rx_clock_now(cpu->vm) / NS_PER_TICK +
	       rx_rv64_of(cpu)->p.time_offset;
}

void rx_rv64_set_time_offset(struct rx_cpu *cpu, uint64_t ticks)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);

	c->p.time_offset = ticks;
	rx_rv64_effect_time(c);
}

uint64_t rx_rv64_read_time(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return rx_rv64_time(&c->cpu);
}

/*
 * Counters. A written value is what the next instruction reads: the one that
 * writes does not count on top of it ("Hardware Performance Monitor"). cycle
 * counts what the core calls units of progress.
 */
static uint64_t next_cycle(const struct rx_rv64 *c)
{
	return rx_cpu_icount(&c->cpu) + 1;
}

static uint64_t next_instret(const struct rx_rv64 *c)
{
	return rx_cpu_instret(&c->cpu) + 1;
}

uint64_t rx_rv64_read_cycle(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	if (c->mcountinhibit & INHIBIT_CY)
		return c->cycle_base;
	return c->cycle_base + rx_cpu_icount(&c->cpu);
}

uint64_t rx_rv64_read_instret(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	if (c->mcountinhibit & INHIBIT_IR)
		return c->instret_base;
	return c->instret_base + rx_cpu_instret(&c->cpu);
}

void rx_rv64_write_cycle(struct rx_rv64 *c, unsigned n, uint64_t v)
{
	(void)n;
	c->cycle_base = c->mcountinhibit & INHIBIT_CY ? v : v - next_cycle(c);
}

void rx_rv64_write_instret(struct rx_rv64 *c, unsigned n, uint64_t v)
{
	(void)n;
	c->instret_base = c->mcountinhibit & INHIBIT_IR ? v :
			  v - next_instret(c);
}

uint64_t rx_rv64_read_inhibit(struct rx_rv64 *c, unsigned n)
{
	(void)n;
	return c->mcountinhibit;
}

void rx_rv64_write_inhibit(struct rx_rv64 *c, unsigned n, uint64_t v)
{
	const unsigned now = v & (INHIBIT_CY | INHIBIT_IR);
	const unsigned stop = now & ~c->mcountinhibit;
	const unsigned start = c->mcountinhibit & ~now;

	(void)n;
	if (stop & INHIBIT_CY)
		c->cycle_base += next_cycle(c);
	if (start & INHIBIT_CY)
		c->cycle_base -= next_cycle(c);
	if (stop & INHIBIT_IR)
		c->instret_base += next_instret(c);
	if (start & INHIBIT_IR)
		c->instret_base -= next_instret(c);
	c->mcountinhibit = (uint8_t)now;
}

/*
 * Sstc: while menvcfg.STCE is set, STIP is time >= stimecmp. The line is
 * raised by the machine's timer queue, never by looking at the clock, so
 * that under icount all engines see it at the same instruction.
 */
static void set_stip(struct rx_rv64 *c, bool level)
{
	rx_rv64_irq(&c->cpu, RX_RV64_IRQ_STI, level);
}

void rx_rv64_effect_time(struct rx_rv64 *c)
{
	struct rx_vm *vm = c->cpu.vm;
	uint64_t now, when;

	if (!(c->menvcfg & RG_RV64_MENVCFG_STCE)) {
		rx_timer_cancel(vm, &c->p.stimer);
		if (c->p.stce)
			set_stip(c, false);
		c->p.stce = false;
		return;
	}
	c->p.stce = true;
	now = rx_rv64_time(&c->cpu);
	if (c->stimecmp <= now) {
		rx_timer_cancel(vm, &c->p.stimer);
		set_stip(c, true);
		return;
	}
	set_stip(c, false);
	when = c->stimecmp - c->p.time_offset;
	if (when > UINT64_MAX / NS_PER_TICK)	/* never: five centuries */
		rx_timer_cancel(vm, &c->p.stimer);
	else
		rx_timer_arm(vm, &c->p.stimer, when * NS_PER_TICK);
}

void rx_rv64_timer_fired(void *opaque)
{
	rx_rv64_effect_time(opaque);
}
