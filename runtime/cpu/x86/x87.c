/* x87.c - memory and opcodes of x87 instructions. SPDX-License-Identifier: MIT */
#include "cpu/x86/x86.h"

#define WORD 8
#define ESCAPES 0xd8	/* the first of eight opcode bytes */

enum rx_exec rx_x86_load_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      unsigned flags, unsigned __int128 *value)
{
	struct rx_val low = rx_x86_load(cpu, va, WORD, flags), high;

	if (low.status != RX_NEXT)
		return low.status;
	high = rx_x86_load(cpu, va + WORD, size - WORD, flags);
	*value = (unsigned __int128)high.v << 64 | low.v;
	return high.status;
}

enum rx_exec rx_x86_store_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			       unsigned __int128 value, unsigned flags)
{
	enum rx_exec st = rx_x86_store(cpu, va, WORD, (uint64_t)value, flags);

	if (st == RX_NEXT)
		st = rx_x86_store(cpu, va + WORD, size - WORD, (uint64_t)(value >> 64), flags);
	return st;
}

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
