/* engine_threaded.c - runs pre-decoded blocks. SPDX-License-Identifier: MIT */
#include "core/blocks.h"
#include "core/run.h"
#include "core/thr.h"
#include "core/vm.h"

/*
 * The handlers here leave a block or enter one. Each is a core, a plain
 * function, which returns the record to go on with, the length of its block
 * already taken off cpu->budget, or NULL: state is canonical, the loop in
 * run() sees to the rest.
 */
#if RX_HAVE_TAILCALL
#define BUDGET budget
#define GO_ON(core) \
	do { \
		const struct rx_insn *to_ = (core); \
		if (!to_) \
			return; \
		RX_MUSTTAIL return to_->handler(cpu, to_, cpu->budget, \
						cpu->tlb); \
	} while (0)
#define LEAVE() return
#else
#define BUDGET cpu->budget
#define GO_ON(core) return (core)
#define LEAVE() return NULL
#endif

/*
 * Canonical state: on to the block at cpu->pc. Not inline: where variables are
 * watched, a handler that has some does not leave by a jump.
 */
RX_NOINLINE static const struct rx_insn *enter(struct rx_cpu *cpu)
{
	struct rx_block *b;

	if (RX_UNLIKELY(cpu->budget <= 0 || rx_cpu_polled(cpu)))
		return NULL;
	switch (rx_blocks_find(cpu, &b)) {
	case RX_FOUND:
		if (b->n > cpu->budget)
			return NULL;
		cpu->budget -= b->n;
		return b->insn;
	case RX_FOUND_FAULT:
		rx_cpu_trap(cpu);
		return NULL;
	default:
		return NULL;
	}
}

const struct rx_insn *rx_thr_execute(struct rx_cpu *cpu, const struct rx_insn *i,
				     int64_t budget)
{
	cpu->pc = i->pc;
	cpu->budget = budget + i->left + 1;
	switch (cpu->isa->exec[i->id](cpu, i)) {
	case RX_NEXT:
		if (RX_LIKELY(!rx_cpu_polled(cpu))) {
			cpu->budget = budget;
			return i + 1;
		}
		cpu->pc = i->pc + i->len;
		cpu->budget--;
		return NULL;
	case RX_JUMP:
		cpu->budget--;
		return enter(cpu);
	default:
		rx_cpu_trap(cpu);
		return enter(cpu);
	}
}

RX_THR_DEF(rx_thr_slow)
{
	GO_ON(rx_thr_execute(cpu, i, BUDGET));
}

RX_THR_DEF(rx_thr_out)
{
	cpu->budget = BUDGET + ((const struct rx_link *)i)->cost;
	cpu->pc = i->pc;
	LEAVE();
}

static const struct rx_insn *lookup(struct rx_cpu *cpu, int64_t budget)
{
	cpu->budget = budget;
	return enter(cpu);
}

/* Not inline, as rx_thr_any() is not. */
static RX_NOINLINE RX_THR_DEF(find)
{
	GO_ON(lookup(cpu, BUDGET));
}

/* An address space or mode was left since: what the jump cache has may hold all the same. */
RX_THR_DEF(rx_thr_lookup)
{
	struct rx_jump *j = rx_jump_slot(cpu, cpu->pc);

	if (RX_LIKELY(rx_jump_hit(cpu, tlb, j, cpu->pc))) {
		j->gen = cpu->fetch_gen;
		RX_THR_ENTER_JUMP_(j);
	}
	RX_THR_SLOW_(find, i);
}

RX_THR_DEF(rx_thr_goto)
{
	RX_THR_GOTO(0, cpu->pc);
}

/* Not inline: a tail of hot handlers, which then save no registers. */
RX_NOINLINE RX_THR_DEF(rx_thr_any)
{
	cpu->pc = i->pc;
	GO_ON(lookup(cpu, BUDGET));
}

static const struct rx_insn *step(struct rx_cpu *cpu, uint64_t pc,
				  int64_t budget)
{
	cpu->pc = pc;
	cpu->budget = budget + 1;
	rx_step(cpu);
	return enter(cpu);
}

RX_THR_DEF(rx_thr_step)
{
	GO_ON(step(cpu, i->pc, BUDGET));
}

/*
 * The first time over a link, and again after its target died. near: the
 * target is on the page of the block that the link belongs to. That goes
 * without a check later, so both must be backed by the same memory now.
 */
static const struct rx_insn *resolve(struct rx_cpu *cpu,
				     const struct rx_insn *i, int64_t budget,
				     bool near)
{
	struct rx_link *link = (struct rx_link *)(uintptr_t)i;
	const struct rx_block *owner = link->to;
	const uint64_t kills = cpu->blocks->kills;
	const struct rx_insn *to;
	struct rx_block *b;
	uintptr_t addend;

	cpu->pc = link->pc;
	cpu->budget = budget;
	to = enter(cpu);
	if (!to || cpu->blocks->kills != kills)
		return to;
	b = rx_block_of(to);
	addend = (uintptr_t)b->host - (uintptr_t)b->pc;
	if (!near || addend == (uintptr_t)owner->host - (uintptr_t)owner->pc)
		rx_blocks_link(link, b, addend);
	return to;
}

RX_THR_DEF(rx_thr_near_resolve)
{
	GO_ON(resolve(cpu, i, BUDGET, true));
}

RX_THR_DEF(rx_thr_far_resolve)
{
	GO_ON(resolve(cpu, i, BUDGET, false));
}

/* A resolved link reached as the record behind a block's last one. */
RX_THR_DEF(rx_thr_near)
{
	RX_THR_ENTER_((const struct rx_link *)i);
}

RX_THR_DEF(rx_thr_far)
{
	const struct rx_link *link = (const struct rx_link *)i;
	const struct rx_tlb_entry *e = rx_tlb_slot(tlb, link->pc);
	const struct rx_block *to = link->to;
	const int64_t left = BUDGET - to->n;

	if (RX_LIKELY(e->tag[RX_ACC_X] == (link->pc & RX_PAGE_MASK)) &&
	    RX_LIKELY(e->addend == link->addend) && RX_LIKELY(left >= 0)) {
		BUDGET = left;
#if RX_HAVE_TAILCALL
		RX_MUSTTAIL return to->insn->handler(cpu, to->insn, budget, tlb);
#else
		return to->insn;
#endif
	}
	RX_THR_SLOW_(rx_thr_any, i);
}

static void dispatch(struct rx_cpu *cpu, const struct rx_insn *i)
{
#if RX_HAVE_TAILCALL
	if (cpu->blocks->call)
		cpu->blocks->call(cpu, i);
	else
		i->handler(cpu, i, cpu->budget, cpu->tlb);
#else
	while (i)
		i = i->handler(cpu, i, cpu->tlb);
#endif
}

/* The budget ends inside a block: goes on to exactly there. */
static void step_to_end(struct rx_cpu *cpu)
{
	do
		rx_step(cpu);
	while (cpu->budget > 0 && !rx_cpu_polled(cpu));
}

/* At least one unit of progress, or room for the next block. */
static void run_here(struct rx_cpu *cpu)
{
	struct rx_block *b;

	if (RX_UNLIKELY(cpu->single)) {
		rx_step(cpu);
		return;
	}
	switch (rx_blocks_find(cpu, &b)) {
	case RX_FOUND:
		if (RX_UNLIKELY(b->n > cpu->budget)) {
			step_to_end(cpu);
			break;
		}
		cpu->budget -= b->n;
		dispatch(cpu, b->insn);
		break;
	case RX_FOUND_STEP:
		rx_step(cpu);
		break;
	case RX_FOUND_FAULT:
		rx_cpu_trap(cpu);
		break;
	case RX_FOUND_FULL:
		break;		/* the next rx_blocks_tidy() makes room */
	}
}

static void run(struct rx_cpu *cpu)
{
	rx_tlb_renew(cpu);	/* registers may have been set from outside */
	while (cpu->budget > 0 && rx_cpu_attend(cpu)) {
		rx_blocks_tidy(cpu);
		if (RX_LIKELY(cpu->budget > 0))
			run_here(cpu);
	}
}

const struct rx_engine rx_engine_threaded = {
	.name = "threaded",
	.run = run,
	.attach = rx_blocks_init,
	.detach = rx_blocks_fini,
	.invalidate = rx_blocks_invalidate,
	.granules = rx_blocks_granules,
	.stat = rx_blocks_stat,
};
