/* x87.c - opcodes of x87 instructions. SPDX-License-Identifier: MIT */
#include "cpu/x86/x86.h"

#define ESCAPES 0xd8	/* the first of eight opcode bytes */

unsigned rx_x86_x87_opcode(struct rx_cpu *cpu, const struct rx_insn *i)
{
	const struct rx_fault fault = cpu->fault;
	const uint8_t *host;
	unsigned avail, op = 0;

	for (unsigned k = 0; k < i->len; k++) {
		if (rx_x86_fetch(cpu, i->pc + k, &host, &avail) != RX_NEXT) {
			cpu->fault = fault;	/* it is not there any more */
			return 0;
		}
		if (op)
			return (op << 8 | *host) & 0x7ff;
		if ((*host & 0xf8) == ESCAPES)
			op = *host;
	}
	return 0;
}
