/* lift.c - the operations of a block. SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "core/isa.h"
#include "core/vm.h"
#include "fp/fp.h"
#include "jit/region.h"
#include "smir/build.h"

/* The floating-point environment is known: what looks at it goes. false: it is not. */
static bool settle_fp(const struct rx_isa *isa, const struct rx_block *b, struct rx_smir_fn *f,
		      uint32_t first)
{
	uint32_t to = first;

	for (uint32_t k = first; k < f->ops.n; k++) {
		struct rx_smir_op *op = &f->ops.at[k];
		const bool note = op->code == RX_S_FPCHECK || op->code == RX_S_FPDONE ||
				  op->code == RX_S_FPFLAGS;
		unsigned round = RX_RNE;

		if ((note || rx_smir_ops[op->code].effect == RX_SE_FP) &&
		    (!isa->fp_static || !isa->fp_static(b->mode_key, 0, &round)))
			return false;
		if (note)
			continue;
		if (op->code == RX_S_FPROUND) {
			if (!isa->fp_static ||
			    !isa->fp_static(b->mode_key, (unsigned)op->imm, &round))
				return false;
			rx_smir_opt_const(op, RX_I8, round);
		}
		f->ops.at[to++] = *op;
	}
	f->blocks.at[0].nops -= f->ops.n - to;
	f->ops.n = to;
	return true;
}

/* Lifts an instruction; false: it has no native lowering, and nothing was added. */
static bool lift(const struct rx_jit_work *w, struct rx_jit_unit *u, const struct rx_insn *i)
{
	const struct rx_isa *isa = w->g.isa;
	struct rx_smir_fn *f = &u->fn;
	const uint32_t ops = f->ops.n, values = f->values.n, insns = f->insns.n;
	const uint32_t nops = f->blocks.at[0].nops, edges = f->edges.n, extra = f->extra.n;
	const uint32_t tables = f->tables.n, pool = f->pool.n;
	bool good, stored = false;

	rx_smir_insn(f, i);
	isa->lift(f, i);
	good = !f->error && f->blocks.n == 1 && settle_fp(isa, u->block, f, ops);
	for (uint32_t k = ops; good && k < f->ops.n; k++) {
		const struct rx_smir_op *op = &f->ops.at[k];

		stored = stored || op->code == RX_S_STORE;
		/* a raise does the instruction again, from its start */
		good = op->code != RX_S_CALL && rx_jit_lowers(f, op) &&
		       !(rx_jit_needs(op) & ~w->g.j->cpu->vm->host) &&
		       !(stored && op->code == RX_S_RAISEIF);
	}
	if (good)
		return true;
	f->error = NULL;
	f->ops.n = ops;
	f->values.n = values;
	f->insns.n = insns;
	f->edges.n = edges;
	f->extra.n = extra;
	f->tables.n = tables;
	f->pool.n = pool;
	f->blocks.n = f->order.n = 1;
	f->blocks.at[0].nops = nops;
	f->block = 0;
	f->open = true;
	return false;
}

/* All instructions that are done in the region. */
static void lift_all(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	const unsigned stays = RX_INSN_BRANCH | RX_INSN_JUMP | RX_INSN_INDIRECT;
	const struct rx_block *b = u->block;
	unsigned k;

	for (k = 0; k < b->n; k++) {
		const unsigned flags = w->g.isa->info[b->insn[k].id].flags;
		const bool ends = flags & RX_INSN_ENDS_BLOCK;

		if (ends && !(flags & stays))
			break;
		if (lift(w, u, &b->insn[k])) {
			w->g.j->stats.native++;
			continue;
		}
		if (ends)
			break;
		rx_smir_insn(&u->fn, &b->insn[k]);
		rx_smir_lift_call(&u->fn, &b->insn[k]);
		w->g.j->stats.called++;
		u->called |= UINT64_C(1) << k;
	}
	u->cut = k;
	w->g.j->stats.left += b->n - k;
}

static void show(const struct rx_jit *j, const struct rx_jit_unit *u)
{
	rx_jit_say(j, "  block %" PRIx64 ": %u instructions, %u of them done here", u->block->pc,
		   u->block->n, u->cut);
	rx_jit_dump_guest(j, u->block);
	rx_jit_say(j, "  lifted");
	rx_jit_dump_smir(j, &u->fn);
}

/* Does it write down where it would have gone on? */
static bool is_call(const struct rx_jit_unit *u)
{
	const uint64_t behind = rx_jit_behind(u->block);

	for (uint32_t k = u->fn.ops.n; k-- > 0;) {
		const struct rx_smir_op *op = &u->fn.ops.at[k];

		if (op->code == RX_S_INSN)
			return false;
		if (op->code != RX_S_PUT)
			continue;
		for (uint32_t j = k; j-- > 0;)
			if (u->fn.ops.at[j].result == op->arg[0]) {
				if (u->fn.ops.at[j].code == RX_S_CONST &&
				    u->fn.ops.at[j].imm == behind)
					return true;
				break;
			}
	}
	return false;
}

/* The optimiser or a lifter is wrong: the block is left to the threaded engine. */
static void refuse(struct rx_jit *j, const struct rx_jit_unit *u)
{
	j->stats.refused++;
	rx_log(&j->cpu->vm->log, RX_LOG_ENGINE, RX_ERROR, "block %" PRIx64 " is not compiled: %s",
	       u->block->pc, j->opt.error.message);
	if (rx_jit_dumps(j))
		rx_jit_say(j, "  not compiled, it does not verify: %s", j->opt.error.message);
}

void rx_jit_build(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	const unsigned last = w->g.isa->info[u->block->insn[u->block->n - 1].id].flags;
	struct rx_jit *j = w->g.j;
	rax_status status;

	rx_smir_reset(&u->fn, w->g.isa);
	u->called = 0;
	lift_all(w, u);
	u->ending = u->cut < u->block->n ? JIT_END_LEAVE : last & RX_INSN_BRANCH ?
		    JIT_END_BRANCH : last & RX_INSN_JUMP ? JIT_END_JUMP :
		    last & RX_INSN_INDIRECT ? JIT_END_INDIRECT : JIT_END_NEXT;
	rx_smir_finish(&u->fn, 0);
	if (u->fn.error) {
		u->cut = 0;
		return;
	}
	u->calls = (u->ending == JIT_END_JUMP || u->ending == JIT_END_INDIRECT) && is_call(u);
	if (rx_jit_dumps(j))
		show(j, u);
	if (!u->cut)
		return;
	status = rx_smir_optimise(&j->opt, &u->fn, j->cpu->vm->jit.level);
	if (status == RAX_EFORMAT)
		refuse(j, u);
	if (status || u->fn.values.n > JIT_VALUES || u->fn.ops.n > JIT_OPS)
		u->cut = 0;
}
