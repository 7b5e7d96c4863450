/* lift.c - the operations of a block. SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "core/isa.h"
#include "core/vm.h"
#include "fp/fp.h"
#include "jit/region.h"
#include "smir/build.h"

/*
 * IEEE operations of an instruction that asks for no environment have the ISA's, where
 * fp_static says so; those behind fpenv the one that fp_known says.
 */
struct settling {
	const struct rx_isa *isa;
	uint32_t mode_key;
	uint16_t env;		/* RX_JIT_ENV_* of the operations that come, where asked for */
	bool asked, computed;
};

static bool is_note(unsigned code)
{
	return code == RX_S_FPCHECK || code == RX_S_FPDONE || code == RX_S_FPFLAGS ||
	       code == RX_S_FPTRAP;
}

/* The environment is a constant from here on: its direction. */
static bool settle_env(struct settling *s, struct rx_smir_op *op)
{
	struct rx_fpenv env;

	if (op->imm >= RX_JIT_ENVS || !s->isa->fp_known ||
	    !s->isa->fp_known(s->mode_key, (unsigned)op->imm, &env))
		return false;
	s->asked = true;
	s->env = (uint16_t)((op->imm + 1) << RX_JIT_ENV_NUMBER | env.nan << RX_JIT_ENV_NAN |
			    (env.tiny_before ? RX_JIT_ENV_BEFORE : 0) |
			    (env.toint == RX_TOINT_X86 ? RX_JIT_ENV_INDEFINITE : 0));
	rx_smir_opt_const(op, RX_I8, env.round);
	return true;
}

/* false: it cannot be done by host code, or the guest would see that it was */
static bool settle_op(struct settling *s, struct rx_smir_op *op)
{
	const unsigned effect = rx_smir_ops[op->code].effect;
	unsigned round = RX_RNE;

	if (op->code == RX_S_FPENV)
		return settle_env(s, op);
	if (is_note(op->code) || effect == RX_SE_FP) {
		if (!s->asked && (!s->isa->fp_static ||
				  !s->isa->fp_static(s->mode_key, 0, &round)))
			return false;
	}
	if (op->code == RX_S_FPROUND) {
		if (!s->isa->fp_static ||
		    !s->isa->fp_static(s->mode_key, (unsigned)op->imm, &round))
			return false;
		rx_smir_opt_const(op, RX_I8, round);
	}
	/* what faults behind it would leave the flags that it raised */
	if (s->computed && !is_note(op->code) && (effect == RX_SE_MEM || effect == RX_SE_FAULT))
		return false;
	if (effect == RX_SE_FP) {
		s->computed = true;
		op->env = s->env;
	}
	return true;
}

/*
 * The floating-point environment is known: what looks at it goes. false: it is not,
 * or some operation has no host code; then operations from `first` on are spoilt.
 */
static bool settle_fp(struct rx_smir_fn *f, uint32_t mode_key, uint32_t first, unsigned host)
{
	struct settling s = { .isa = f->isa, .mode_key = mode_key };
	uint32_t to = first;

	for (uint32_t k = first; k < f->ops.n; k++) {
		struct rx_smir_op *op = &f->ops.at[k];

		if (!settle_op(&s, op))
			return false;
		if (is_note(op->code))
			continue;
		if (rx_smir_ops[op->code].effect == RX_SE_FP &&
		    (!rx_jit_lowers(f, op) || rx_jit_needs(f, op) & ~host))
			return false;
		f->ops.at[to++] = *op;
	}
	f->blocks.at[f->block].nops -= f->ops.n - to;
	f->ops.n = to;
	return true;
}

/* How the operations from `first` on are lowered. tlb: the guest's memory is found there. */
static uint8_t way_of(const struct rx_smir_fn *f, uint32_t first, bool tlb)
{
	bool fp = false, env = false, branches = false, early = false, stored = false;
	bool seen = false, simple = tlb;
	unsigned accesses = 0;

	for (uint32_t k = first; k < f->ops.n; k++) {
		const struct rx_smir_op *op = &f->ops.at[k];
		const bool access = rx_smir_ops[op->code].effect == RX_SE_MEM;

		/* in front of all of them, whatever way is taken */
		env = env || (op->code == RX_S_FPENV && !fp && !branches);
		branches = branches || rx_smir_ops[op->code].nblocks;
		fp = fp || rx_smir_ops[op->code].effect == RX_SE_FP;
		/* where it faults the executor does again what was done */
		simple = simple && (!access || (rx_jit_lowers(f, op) && !stored));
		early = early || op->code == RX_S_EARLY;
		stored = stored || op->code == RX_S_STORE || op->code == RX_S_STOREIF ||
			 op->code == RX_S_RMW;
		accesses += access;
		seen = seen || (op->code == RX_S_RAISEIF &&
				(early || stored || (accesses && !simple)));
	}
	simple = simple && (accesses < 2 || !(early || (branches && stored)));
	return (uint8_t)((fp ? JIT_SOFT_FP : 0) | (fp && env ? JIT_SETS_ENV : 0) |
			 (simple || !accesses ? 0 : JIT_SOFT_MEM) |
			 (seen || (accesses && !simple) ? JIT_DID : 0));
}

/* May the run have to end behind it? */
static bool polls(const struct rx_smir_fn *f, uint32_t first, uint8_t way)
{
	for (uint32_t k = first; k < f->ops.n; k++) {
		const struct rx_smir_op *op = &f->ops.at[k];
		const unsigned effect = rx_smir_ops[op->code].effect;

		if ((effect == RX_SE_COMMIT && !rx_jit_lowers(f, op)) ||
		    (effect == RX_SE_MEM && way & JIT_SOFT_MEM))
			return true;
	}
	return false;
}

/* effects: of its operations, a bit for each. */
static bool add(struct rx_smir_fn *f, const struct rx_insn *i, uint32_t first, uint32_t *effects)
{
	*effects = 0;
	rx_smir_insn(f, i);
	f->isa->lift(f, i);
	for (uint32_t k = first; !f->error && k < f->ops.n; k++)
		*effects |= 1u << rx_smir_ops[f->ops.at[k].code].effect;
	return !f->error && !(*effects & 1u << RX_SE_CALL) &&
	       f->values.n <= JIT_VALUES / 4 * 3 && f->blocks.n <= JIT_PARTS;
}

#define EFFECT(name) (1u << RX_SE_##name)

/* Adds an instruction; false: it cannot be, and nothing was added. */
static bool lift_one(struct rx_smir_fn *f, const struct rx_insn *i, uint32_t mode_key,
		     unsigned host, bool tlb, uint8_t *way, uint32_t *effects)
{
	const struct rx_smir_mark start = rx_smir_mark(f);
	/* nothing else has to do with IEEE numbers */
	const uint32_t ieee = EFFECT(FP) | EFFECT(FAULT) | EFFECT(COMMIT);
	bool good = add(f, i, start.ops, effects), settled = false;

	if (good && *effects & ieee && f->blocks.n == start.blocks) {
		settled = settle_fp(f, mode_key, start.ops, host);
		if (!settled) {
			rx_smir_rewind(f, &start);
			good = add(f, i, start.ops, effects);
		}
	}
	if (!good) {
		rx_smir_rewind(f, &start);
		return false;
	}
	*way = 0;
	if (*effects & (EFFECT(FP) | EFFECT(FAULT) | EFFECT(MEM)))
		*way = way_of(f, start.ops, tlb);
	if (settled)
		*way &= (uint8_t)~(JIT_SOFT_FP | JIT_SETS_ENV);
	return true;
}

bool rx_jit_lift(struct rx_smir_fn *f, const struct rx_insn *i, uint32_t mode_key, unsigned host,
		 bool tlb, uint8_t *way)
{
	uint32_t effects;

	return lift_one(f, i, mode_key, host, tlb, way, &effects);
}

/* Instruction k of the unit. */
static bool lift(const struct rx_jit_work *w, struct rx_jit_unit *u, unsigned k,
		 const struct rx_insn *i)
{
	const uint32_t first = u->fn.ops.n;
	uint32_t effects;

	if (!lift_one(&u->fn, i, u->block->mode_key, w->g.j->cpu->vm->host,
		      w->g.j->has_tlb, &u->ways[k], &effects))
		return false;
	u->end_polls = effects & (EFFECT(COMMIT) | EFFECT(MEM)) &&
		       polls(&u->fn, first, u->ways[k]);
	u->polls = u->polls || u->end_polls;
	return true;
}

/* All instructions that are done in the region. */
static void lift_all(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	const unsigned stays = RX_INSN_BRANCH | RX_INSN_JUMP | RX_INSN_INDIRECT;
	const struct rx_block *b = u->block;
	unsigned k, flags = 0;

	u->polls = u->end_polls = false;
	for (k = 0; k < b->n; k++) {
		flags = rx_blocks_flags(w->g.isa, &b->insn[k]);
		if (lift(w, u, k, &b->insn[k]))
			continue;
		if (flags & RX_INSN_ENDS_BLOCK || u->fn.values.n > JIT_VALUES / 2)
			break;
		u->ways[k] = 0;
		rx_smir_insn(&u->fn, &b->insn[k]);
		rx_smir_lift_call(&u->fn, &b->insn[k]);
		u->called |= UINT64_C(1) << k;
	}
	u->cut = k;
	u->ending = k < b->n ? JIT_END_LEAVE : !(flags & RX_INSN_ENDS_BLOCK) ? JIT_END_NEXT :
		    !(flags & stays) ? JIT_END_EXITS : flags & RX_INSN_BRANCH ? JIT_END_BRANCH :
		    flags & RX_INSN_JUMP ? JIT_END_JUMP : JIT_END_INDIRECT;
}

/* Does it leave elsewhere than at its end, as that kind of end is made? */
static bool exits_early(const struct rx_smir_fn *f, unsigned ending)
{
	const uint32_t last = f->blocks.at[f->order.at[f->order.n - 1]].first;

	for (uint32_t k = 0; k < f->ops.n; k++) {
		const unsigned code = f->ops.at[k].code;

		if (code == RX_S_EXITIF && (k < last || ending != JIT_END_BRANCH))
			return true;
		if (code == RX_S_EXIT && k < last)
			return true;
	}
	return false;
}

static void show(const struct rx_jit *j, const struct rx_jit_unit *u)
{
	rx_jit_say(j, "  block %" PRIx64 ": %u instructions, %u of them done here", u->block->pc,
		   u->block->n, u->cut);
	rx_jit_dump_guest(j, u->block);
	rx_jit_say(j, "  lifted");
	rx_jit_dump_smir(j, &u->fn);
}

/*
 * Does it write down where it would have gone on? Only where some number is no address
 * of the ISA can calls be calls: the frame outside of all has to have one.
 */
static bool is_call(const struct rx_jit_unit *u)
{
	const uint64_t behind = rx_jit_behind(u->block);

	if (u->fn.isa->min_len == 1)
		return false;
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

/* Optimises what was lifted; false: it cannot be compiled. */
static bool optimise(struct rx_jit *j, struct rx_jit_unit *u)
{
	rax_status status;

	j->opt.polls = u->polls;
	status = rx_smir_optimise(&j->opt, &u->fn, j->cpu->vm->jit.level);

	if (status == RAX_EFORMAT)
		refuse(j, u);
	return !status && u->fn.values.n <= JIT_VALUES && u->fn.ops.n <= JIT_OPS;
}

/* Its instructions, by how they are done. */
static void count(struct rx_jit *j, const struct rx_jit_unit *u)
{
	const unsigned called = (unsigned)__builtin_popcountll(u->called);

	j->stats.native += u->cut - called;
	j->stats.called += called;
	j->stats.left += u->block->n - u->cut;
}

/* What the operations of a block are, before they are optimised; false: there are none. */
static bool lift_block(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	rx_smir_reset(&u->fn, w->g.isa);
	u->called = 0;
	lift_all(w, u);
	rx_smir_finish(&u->fn, u->ending == JIT_END_LEAVE ? 0 : rx_jit_behind(u->block));
	if (u->fn.error)
		return false;
	if (u->ending != JIT_END_LEAVE && (exits_early(&u->fn, u->ending) || (u->end_polls &&
	    (u->ending == JIT_END_BRANCH || u->ending == JIT_END_JUMP))))
		u->ending = JIT_END_EXITS;
	u->calls = (u->ending == JIT_END_JUMP || u->ending == JIT_END_INDIRECT) && is_call(u);
	return true;
}

void rx_jit_build(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	struct rx_jit *j = w->g.j;

	if (!rx_jit_dumps(j) && rx_jit_recall_unit(j, u)) {
		j->stats.recalled++;
		count(j, u);
		return;
	}
	if (!lift_block(w, u)) {
		u->cut = 0;
		return;
	}
	count(j, u);
	if (rx_jit_dumps(j))
		show(j, u);
	if (!u->cut)
		return;
	j->stats.lifted++;
	if (optimise(j, u))
		rx_jit_keep_unit(j, u);
	else
		u->cut = 0;
}

/* ---- traces -------------------------------------------------------------- */

/* The condition of an exit, which is the last operation, becomes the contrary. */
static void invert(struct rx_smir_fn *f)
{
	const struct rx_smir_op exit = f->ops.at[f->ops.n - 1];
	rx_sv cond;

	f->ops.n--;
	f->blocks.at[0].nops--;
	cond = rx_smir_op1(f, RX_S_NOT, RX_I1, exit.arg[0]);
	rx_smir_exit_if(f, cond, exit.arg[1]);
}

/* What follows goes on behind the block, where `off` is the link not taken. */
static bool go_on(struct rx_smir_fn *f, const struct rx_jit_unit *u, unsigned off)
{
	if (u->ending == JIT_END_NEXT || u->ending == JIT_END_JUMP)
		return true;
	if (!f->ops.n || f->ops.at[f->ops.n - 1].code != RX_S_EXITIF)
		return false;
	if (!off)
		invert(f);
	return !f->error;
}

bool rx_jit_build_trace(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	const struct rx_jit_unit *last = rx_jit_last(w, u);
	struct rx_jit *j = w->g.j;

	u->block = w->unit[u->step[0]].block;
	u->called = 0;
	u->calls = false;
	u->cut = u->insns;
	u->ending = last->ending;
	u->polls = u->end_polls = false;
	memset(u->ways, 0, u->insns);
	rx_smir_reset(&u->fn, w->g.isa);
	for (unsigned p = 0; p < u->nsteps; p++) {
		const struct rx_jit_unit *part = &w->unit[u->step[p]];
		const bool more = p + 1 < u->nsteps;

		rx_smir_append(&u->fn, &part->fn, w->uses, !more);
		if (u->fn.error || u->fn.values.n > JIT_VALUES / 4 * 3 ||
		    (more && !go_on(&u->fn, part, u->off[p])))
			return false;
	}
	if (rx_jit_dumps(j)) {
		rx_jit_say(j, "  trace of %u blocks, %u instructions", u->nsteps, u->insns);
		for (unsigned p = 0; p < u->nsteps; p++)
			rx_jit_dump_guest(j, w->unit[u->step[p]].block);
		rx_jit_dump_smir(j, &u->fn);
	}
	j->stats.copied += u->insns;
	return optimise(j, u);
}
