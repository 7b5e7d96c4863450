/* insn.h - the decoded instruction, common to all ISAs. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_INSN_H
#define RX_CORE_INSN_H

#include <stdint.h>

#include "base/compiler.h"

struct rx_cpu;
struct rx_insn;
struct rx_tlb_entry;

/* What an executor did. A fault's details are in the cpu (struct rx_fault). */
enum rx_exec {
	RX_NEXT = 0,	/* completed; execution continues behind it */
	RX_JUMP,	/* completed; cpu->pc holds the next address */
	RX_FAULT,	/* nothing committed but what the manual says; fault recorded */
};

/*
 * Threaded-code handler; core/thr.h has all that its body needs. With tail
 * calls (RX_HAVE_TAILCALL) handlers chain themselves and return when the run
 * ends; without, each returns the next record (NULL ends the run) and the
 * budget lives in cpu->budget.
 *
 * budget: instructions that may still retire, the rest of the current block
 * already taken off; tlb: cpu->tlb, the table of the current regime.
 */
#define RX_ARG __attribute__((unused))
#if RX_HAVE_TAILCALL
#define RX_HANDLER_RET void
#define RX_HANDLER_ARGS \
	RX_ARG struct rx_cpu *cpu, RX_ARG const struct rx_insn *i, \
	RX_ARG int64_t budget, RX_ARG struct rx_tlb_entry *tlb
#else
#define RX_HANDLER_RET const struct rx_insn *
#define RX_HANDLER_ARGS \
	RX_ARG struct rx_cpu *cpu, RX_ARG const struct rx_insn *i, \
	RX_ARG struct rx_tlb_entry *tlb
#endif
typedef RX_HANDLER_RET rx_handler(RX_HANDLER_ARGS);

/*
 * One decoded instruction: 32 bytes, two to a cache line. What r[] and imm
 * hold is the generator's layout (gen/passes/layout): register numbers in
 * r[], everything else packed into imm. Operands whose write is dropped
 * (RISC-V x0) are decoded to a scratch slot, so that executors never test.
 */
struct rx_insn {
	rx_handler *handler;	/* threaded engine only */
	uint64_t imm;
	uint64_t pc;		/* guest virtual address */
	uint8_t r[4];
	uint16_t id;		/* index of the encoding: isa->exec[id] */
	uint8_t len;		/* bytes */
	uint8_t left;		/* instructions of its block behind it */
};

/*
 * Records that a decoder may fill: one, or those of a group (core/group.h). What
 * is handed to it has room for all of them.
 */
#define RX_INSN_RECORDS 10

/*
 * Where byte k of the `bytes` of an instruction is in its word, as a shift. Words
 * are little-endian, or (high_unit) of units of so many bytes, the first on top.
 */
static inline unsigned rx_word_byte(unsigned k, unsigned bytes, unsigned high_unit)
{
	if (!high_unit || bytes <= high_unit)
		return 8 * k;
	return 8 * (bytes - (k / high_unit + 1) * high_unit + k % high_unit);
}

/* Executor of one encoding: the exact engine, and every slow path. */
typedef enum rx_exec rx_executor(struct rx_cpu *cpu, const struct rx_insn *i);

#endif
