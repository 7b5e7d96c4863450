/* engine_smir.c - lifts blocks and interprets them. SPDX-License-Identifier: MIT
 *
 * The blocks are the core's (core/blocks.h): their key, how they are found,
 * and when they die are the same as in the threaded engine; a block's lifted
 * code hangs on it. That memory is used again when all blocks are dropped.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* MAP_ANONYMOUS */
#endif
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/error.h"
#include "base/limits.h"
#include "core/blocks.h"
#include "core/run.h"
#include "core/vm.h"
#include "smir/build.h"
#include "smir/interp.h"
#include "smir/verify.h"

struct engine {
	struct rx_smir_fn fn;		/* of the block being lifted */
	struct rx_smir_resolver resolver;
	uint8_t *code;
	size_t used;
	uint64_t drops;			/* of the blocks, when used was 0 */
};

static void detach(struct rx_cpu *cpu)
{
	struct engine *e = cpu->engine_data;

	rx_blocks_fini(cpu);
	if (!e)
		return;
	rx_smir_fini(&e->fn);
	rx_smir_resolver_fini(&e->resolver);
	munmap(e->code, RX_LIMIT_CODE_BYTES);
	free(e);
	cpu->engine_data = NULL;
}

static rax_status attach(struct rx_cpu *cpu, rax_error *err)
{
	struct engine *e = calloc(1, sizeof(*e));
	rax_status status;

	if (!e)
		return rx_err(err, RAX_ENOMEM, "lifted code");
	e->code = mmap(NULL, RX_LIMIT_CODE_BYTES, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (e->code == MAP_FAILED) {
		status = rx_err_errno(err, RAX_ENOMEM, errno, "lifted code");
		free(e);
		return status;
	}
	rx_smir_init(&e->fn, cpu->isa);
	cpu->engine_data = e;
	status = rx_blocks_init(cpu, err);
	if (status)
		detach(cpu);
	else
		e->drops = cpu->blocks->drops;
	return status;
}

/* All instructions of a block, and where it goes on behind them. */
static void lift_block(struct rx_smir_fn *f, const struct rx_block *b)
{
	const struct rx_insn *last = &b->insn[b->n - 1];

	for (unsigned k = 0; k < b->n; k++) {
		rx_smir_insn(f, &b->insn[k]);
		f->isa->lift(f, &b->insn[k]);
	}
	rx_smir_finish(f, last->pc + last->len);
}

/* NULL: it cannot be lifted now. */
static struct rx_smir_prog *lift(struct rx_cpu *cpu, struct rx_block *b)
{
	struct engine *e = cpu->engine_data;
	rax_error err = { 0 };
	size_t size;

	rx_smir_reset(&e->fn, cpu->isa);
	lift_block(&e->fn, b);
	if (RX_VERIFY && !e->fn.error && rx_smir_verify(&e->fn, &err)) {
		RX_DIE(cpu->vm, err.message);
		return NULL;
	}
	size = (rx_smir_resolve(&e->resolver, &e->fn) + 15) & ~(size_t)15;
	if (!size)
		return NULL;
	if (size > RX_LIMIT_CODE_BYTES - e->used) {
		cpu->blocks->full = true;	/* rx_blocks_tidy() drops all */
		return NULL;
	}
	b->own = rx_smir_emit(&e->resolver, &e->fn, e->code + e->used,
				 b->insn);
	e->used += size;
	return b->own;
}

/* One by one: the end of the budget, or what cannot be lifted. */
static void step(struct rx_cpu *cpu, unsigned n)
{
	do
		rx_step(cpu);
	while (--n && cpu->budget > 0 && !rx_cpu_polled(cpu));
}

static void run_block(struct rx_cpu *cpu, struct rx_block *b)
{
	struct rx_smir_prog *prog = b->own;

	if (RX_UNLIKELY(b->n > cpu->budget)) {
		step(cpu, b->n);
		return;
	}
	if (RX_UNLIKELY(!prog)) {
		/* across pages */
		if (b->insn[0].handler != rx_thr_step)
			prog = lift(cpu, b);
		if (!prog) {
			step(cpu, 1);
			return;
		}
	}
	if (rx_smir_exec(cpu, prog) == RX_FAULT)
		rx_cpu_trap(cpu);
}

/* Some progress, or room for the next block. */
static void run_here(struct rx_cpu *cpu)
{
	struct rx_block *b;

	do {
		if (RX_UNLIKELY(cpu->single)) {
			rx_step(cpu);
			continue;
		}
		switch (rx_blocks_find(cpu, &b)) {
		case RX_FOUND:
			run_block(cpu, b);
			break;
		case RX_FOUND_STEP:
			rx_step(cpu);
			break;
		case RX_FOUND_FAULT:
			rx_cpu_trap(cpu);
			break;
		case RX_FOUND_FULL:
			return;
		}
	} while (cpu->budget > 0 && !rx_cpu_polled(cpu) &&
		 !cpu->blocks->full);
}

static void run(struct rx_cpu *cpu)
{
	struct engine *e = cpu->engine_data;

	while (cpu->budget > 0 && rx_cpu_attend(cpu)) {
		rx_blocks_tidy(cpu);
		if (e->drops != cpu->blocks->drops) {
			e->drops = cpu->blocks->drops;
			e->used = 0;
		}
		if (RX_LIKELY(cpu->budget > 0))
			run_here(cpu);
	}
}

const struct rx_engine rx_engine_smir = {
	.name = "smir",
	.run = run,
	.attach = attach,
	.detach = detach,
	.invalidate = rx_blocks_invalidate,
	.granules = rx_blocks_granules,
};
