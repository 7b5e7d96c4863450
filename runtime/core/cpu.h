/* cpu.h - what every vcpu has, whatever its ISA. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_CPU_H
#define RX_CORE_CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "core/insn.h"
#include "core/tlb.h"

struct rx_isa;
struct rx_vm;
struct rx_blocks;
struct rx_jump;

/* Reasons to leave translated code behind the current instruction. */
enum {
	RX_POLL_IRQ = 1,	/* an interrupt line or enable changed */
	RX_POLL_STOP = 2,	/* rax_vm_stop, power-off, reset */
	RX_POLL_MODE = 4,	/* pc's translation or mode_key may have changed */
	RX_POLL_TIME = 8,	/* a timer was armed: the deadline may be earlier */
	RX_POLL_HALT = 16,	/* the cpu waits for an interrupt */
};

/* The exception that an executor raised; the ISA gives code and value meaning. */
struct rx_fault {
	uint32_t code;
	uint64_t value;
};

/*
 * First member of every ISA's state struct. pc, budget and the registers are
 * canonical outside blocks and whenever an executor (not a fast handler)
 * runs: then pc is that instruction's and rx_cpu_icount() counts what
 * happened before it. An executor that changes what this engine run depends
 * on says so with rx_cpu_poll(); it never touches budget or icount_end.
 */
struct rx_cpu {
	struct rx_tlb_entry *tlb;	/* table of the current regime */
	int64_t budget;			/* units left in this run */
	uint64_t icount_end;		/* rx_cpu_icount() when budget is 0 */
	uint64_t pc;
	uint32_t poll;			/* RX_POLL_*; atomic, set from any thread */
	uint32_t mode_key;		/* part of every block's key */
	struct rx_jump *jumps;		/* jump cache of the threaded engine */
	uint64_t traps;			/* exceptions and interrupts taken */
	struct rx_fault fault;
	bool halted;			/* waits for an interrupt */
	bool stopped;			/* not started (HSM) */
	bool single;			/* isa->after wants to see each instruction */
	unsigned id;			/* hart number */
	const struct rx_isa *isa;
	struct rx_vm *vm;
	struct rx_tlb_table *tables;	/* RX_TLB_TABLES of them */
	uint64_t tlb_stamp;
	/* Names the current table and what it has lost of data: that of rx_tlb_table. */
	uint64_t tlb_epoch;
	/*
	 * Names the current table's generation and mode_key: what was found
	 * out about fetching under a value holds while it is this one.
	 */
	uint64_t fetch_gen;
	struct rx_blocks *blocks;	/* threaded engine's code, NULL until used */
	void *engine_data;		/* of any other engine */
	/* of compiled code: the stack where it is entered; frames stay above the limit */
	uintptr_t native_sp, native_limit;
	uint64_t res_granule;		/* LR reservation: physical address | 1, 0 = none */
};

/*
 * Units of progress of this cpu: one for each retired instruction, exception
 * and interrupt taken. All time under icount derives from it; a guest that
 * only faults makes progress, too.
 */
static inline uint64_t rx_cpu_icount(const struct rx_cpu *cpu)
{
	return cpu->icount_end - (uint64_t)cpu->budget;
}

/* Instructions retired: an instruction that raises does not retire. */
static inline uint64_t rx_cpu_instret(const struct rx_cpu *cpu)
{
	return rx_cpu_icount(cpu) - cpu->traps;
}

/* Asks the cpu to leave translated code; any thread, async-signal-safe. */
static inline void rx_cpu_poll(struct rx_cpu *cpu, uint32_t why)
{
	__atomic_fetch_or(&cpu->poll, why, __ATOMIC_RELAXED);
}

#endif
