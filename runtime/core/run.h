/* run.h - what the engines share. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_RUN_H
#define RX_CORE_RUN_H

#include <stdbool.h>

#include "core/cpu.h"
#include "core/isa.h"

/*
 * The order of things at an instruction boundary, the same in every engine:
 * budget, then poll (rx_cpu_attend), then fetch, execute, count. An
 * exception or a taken interrupt costs one unit of budget.
 */

/* Delivers cpu->fault. */
static inline void rx_cpu_trap(struct rx_cpu *cpu)
{
	cpu->isa->raise(cpu);
	cpu->traps++;
	cpu->budget--;
}

static inline uint32_t rx_cpu_polled(const struct rx_cpu *cpu)
{
	return __atomic_load_n(&cpu->poll, __ATOMIC_RELAXED);
}

bool rx_cpu_attend_slow(struct rx_cpu *cpu);

/*
 * budget > 0. Does what cpu->poll asks for; false: leave the run. May take
 * an interrupt, so look at budget again.
 */
static inline bool rx_cpu_attend(struct rx_cpu *cpu)
{
	return RX_LIKELY(!rx_cpu_polled(cpu)) || rx_cpu_attend_slow(cpu);
}

/* Runs one instruction (or its exception); budget > 0. */
void rx_step(struct rx_cpu *cpu);

/*
 * Fetches and decodes the instruction at cpu->pc. RX_NEXT: i, which has
 * RX_INSN_RECORDS records, is filled in but for handler; RX_FAULT: recorded. Pages may be crossed.
 */
RX_CHECK enum rx_exec rx_fetch(struct rx_cpu *cpu, struct rx_insn *i);

/* The next turn is cpu 0's (schedule.c). */
void rx_vm_first_turn(struct rx_vm *vm);

#endif
