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
#include "fp/fp.h"
#include "x86/regs.h"

enum {
	RX_X87_PC_SHIFT = 8,	/* of the control word: precision, rounding */
	RX_X87_RC_SHIFT = 10,
	RX_X87_TOP_SHIFT = 11,	/* of the status word */
};

/* 80 bits of the 16 bytes of a register; the others are zero */
typedef unsigned __int128 rx_x87_reg __attribute__((__may_alias__));

static inline rx_x87_reg *rx_x86_st(struct rx_x86 *c, unsigned n)
{
	return (rx_x87_reg *)c->st[((c->fsw >> RX_X87_TOP_SHIFT) + n) & 7];
}
#define RX_X86_ST(c, n) (*rx_x86_st(c, n))

/* The arithmetic that the control word asks for (SDM volume 1, 8.1.5). */
static inline struct rx_fpenv rx_x86_x87_env(const struct rx_x86 *c)
{
	static const uint8_t round[] = { RX_RNE, RX_RDN, RX_RUP, RX_RTZ };
	static const uint8_t prec[] = { 24, 64, 53, 64 };	/* 1 is reserved */
	struct rx_fpenv env = RX_FPENV_X87(round[c->fcw >> RX_X87_RC_SHIFT & 3]);
	const unsigned on = ~(unsigned)c->fcw;

	env.prec = prec[c->fcw >> RX_X87_PC_SHIFT & 3];
	if (on & 0x3f)		/* PE UE OE ZE, DE, IE: bits 5 to 2, 1, 0 */
		env.trap = (uint8_t)((on >> 5 & 1) * RX_FP_NX | (on >> 4 & 1) * RX_FP_UF |
				     (on >> 3 & 1) * RX_FP_OF | (on >> 2 & 1) * RX_FP_DZ |
				     (on & 1) * RX_FP_NV | (on >> 1 & 1) * RX_FP_ID);
	return env;
}

/* What FOP holds of the instruction: the low three bits of its first opcode byte
 * and ModRM; read again, as nothing else needs it. */
unsigned rx_x86_x87_opcode(struct rx_cpu *cpu, const struct rx_insn *i);

#endif
