/* engine_step.c - one instruction at a time, exact. SPDX-License-Identifier: MIT */
#include "core/run.h"

#include <string.h>

#include "core/vm.h"

#define MAX_INSN_BYTES 16

bool rx_cpu_attend_slow(struct rx_cpu *cpu)
{
	const uint32_t why = __atomic_exchange_n(&cpu->poll, 0,
						 __ATOMIC_ACQ_REL);

	if (why & RX_POLL_MODE)
		rx_tlb_renew(cpu);
	if (why & (RX_POLL_STOP | RX_POLL_TIME | RX_POLL_HALT)) {
		/* run_slice() sets RX_POLL_IRQ again */
		return false;
	}
	if ((why & RX_POLL_IRQ) && cpu->isa->interrupt(cpu)) {
		cpu->traps++;
		cpu->budget--;
	}
	return true;
}

/*
 * An instruction whose bytes are not all at host: it goes over the end of a
 * page, or of what may be fetched there. What follows is fetched at its own
 * address, and faults there.
 */
static enum rx_exec fetch_more(struct rx_cpu *cpu, struct rx_insn *i,
			       const uint8_t *host, unsigned avail)
{
	const struct rx_isa *isa = cpu->isa;
	uint8_t code[MAX_INSN_BYTES] = { 0 };
	unsigned n = 0;

	for (;;) {
		if (avail > MAX_INSN_BYTES - n)
			avail = MAX_INSN_BYTES - n;
		memcpy(code + n, host, avail);
		n += avail;
		i->len = (uint8_t)isa->decode(cpu->mode_key, code, n, i);
		if (i->len)
			return RX_NEXT;
		if (n == MAX_INSN_BYTES)
			break;
		if (isa->fetch(cpu, i->pc + n, &host, &avail) != RX_NEXT)
			return RX_FAULT;
	}
	RX_DIE(cpu->vm, "the decoder asks for too many bytes");
	return RX_FAULT;
}

enum rx_exec rx_fetch(struct rx_cpu *cpu, struct rx_insn *i)
{
	const uint64_t pc = cpu->pc;
	const struct rx_tlb_entry *e = rx_tlb_slot(cpu->tlb, pc);
	const uint8_t *host;
	unsigned avail;

	if (rx_tlb_hit(e, RX_ACC_X, pc, 1) && !rx_pc_misaligned(cpu->isa, pc)) {
		host = (const uint8_t *)(uintptr_t)(pc + e->addend);
		avail = (unsigned)(RX_PAGE_SIZE - (pc & ~RX_PAGE_MASK));
	} else if (cpu->isa->fetch(cpu, pc, &host, &avail) != RX_NEXT) {
		return RX_FAULT;
	}
	memset(i, 0, sizeof(*i));
	i->pc = pc;
	i->len = (uint8_t)cpu->isa->decode(cpu->mode_key, host, avail, i);
	if (RX_LIKELY(i->len))
		return RX_NEXT;
	return fetch_more(cpu, i, host, avail);
}

void rx_step(struct rx_cpu *cpu)
{
	struct rx_insn i[RX_INSN_RECORDS];
	const bool single = cpu->single;
	enum rx_exec done = rx_fetch(cpu, i);

	if (RX_LIKELY(done == RX_NEXT)) {
		if (RX_UNLIKELY(cpu->vm->hooks.insn != NULL))
			cpu->vm->hooks.insn(cpu->vm->hooks.insn_opaque, cpu,
					    i);
		done = cpu->isa->exec[i->id](cpu, i);
	}
	switch (done) {
	case RX_NEXT:
		cpu->pc = i->pc + i->len;
		cpu->budget--;
		break;
	case RX_JUMP:
		cpu->budget--;
		break;
	case RX_FAULT:
		rx_cpu_trap(cpu);
		return;
	}
	/* the instruction and its trap are one unit: it did retire */
	if (RX_UNLIKELY(single) && cpu->isa->after(cpu))
		cpu->isa->raise(cpu);
}

static void run(struct rx_cpu *cpu)
{
	while (cpu->budget > 0 && rx_cpu_attend(cpu))
		if (RX_LIKELY(cpu->budget > 0))
			rx_step(cpu);
}

const struct rx_engine rx_engine_step = {
	.name = "step",
	.run = run,
};
