/* x87.h - what executors of x87 instructions use. SPDX-License-Identifier: MIT
 *
 * The state has the physical registers R(0) to R(7); an operand's number counts
 * from the top of the stack. What all instructions do (#NM, #MF, stack faults,
 * status, tags) is generated: gen/front/x86_x87.py. Included by x86.h.
 */
#ifndef RX_CPU_X86_X87_H
#define RX_CPU_X86_X87_H

#include <stdint.h>

#include "core/cpu.h"
#include "core/insn.h"
#include "cpu/x86/simd.h"
#include "fp/fp.h"
#include "x86/regs.h"

enum {
	RX_X87_PC_SHIFT = 8,	/* of the control word: precision, rounding */
	RX_X87_RC_SHIFT = 10,
	RX_X87_TOP_SHIFT = 11,	/* of the status word */
};

/* 80 bits of the 16 bytes of a register; the others are zero */
typedef unsigned __int128 rx_x87_reg __attribute__((__may_alias__));

RX_PURE static inline rx_x87_reg *rx_x86_st(struct rx_x86 *c, unsigned n)
{
	return (rx_x87_reg *)c->st[((c->fsw >> RX_X87_TOP_SHIFT) + n) & 7];
}
#define RX_X86_ST(c, n) (*rx_x86_st(c, n))

/* The arithmetic that the control word asks for (SDM volume 1, 8.1.5). */
static inline struct rx_fpenv rx_x86_x87_env(const struct rx_x86 *c)
{
	static const uint8_t prec[] = { 24, 64, 53, 64 };	/* 1 is reserved */
	struct rx_fpenv env = RX_FPENV_X87(rx_sse_round(c->fcw >> RX_X87_RC_SHIFT));
	const unsigned on = ~(unsigned)c->fcw & 0x3f;	/* in MXCSR's order */

	env.prec = prec[c->fcw >> RX_X87_PC_SHIFT & 3];
	if (on)
		env.trap = rx_sse_traps(on);
	return env;
}

/* Accesses of 10 bytes, 8 first: where the others fault, a store has written
 * these, as processors do. flags: as of rx_x86_load(). */
enum rx_exec rx_x86_load_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      unsigned flags, unsigned __int128 *value);
enum rx_exec rx_x86_store_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			       unsigned __int128 value, unsigned flags);

/* What FOP holds of the instruction: the low three bits of its first opcode byte
 * and ModRM; read again, as nothing else needs it. */
unsigned rx_x86_x87_opcode(struct rx_cpu *cpu, const struct rx_insn *i);

#endif
