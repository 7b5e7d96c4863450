/* loop.c - traces that lead back to their own start. SPDX-License-Identifier: MIT
 *
 * A trace looks at its start at the pages that it accesses: those accesses cannot fail
 * later. Where such a trace is a loop, what only who leaves it looks at is done there
 * (smir/opt_sink.c). So it looks once more behind each round whether the next one can be
 * done as a whole; if not, what was put off is done, and its first block by itself.
 */
#include <string.h>

#include "jit/region.h"

/* The link of the last block that leads to the first, -1: none does. */
static int closing(struct rx_jit_work *w, const struct rx_jit_unit *t)
{
	const struct rx_jit_unit *last = rx_jit_last(w, t);

	if ((t->ending == JIT_END_BRANCH || t->ending == JIT_END_NEXT) &&
	    last->to[0] == (int)t->step[0])
		return 0;
	if ((t->ending == JIT_END_BRANCH || (t->ending == JIT_END_JUMP && last->back < 0)) &&
	    last->to[1] == (int)t->step[0])
		return 1;
	return -1;
}

/* The trace is what the generator has before it. */
static void look_at(struct rx_jit_work *w, struct rx_jit_unit *t)
{
	struct rx_jit_gen *g = &w->g;

	for (uint32_t k = 0; k < t->fn.ops.n; k++)
		if (t->fn.ops.at[k].result)
			w->def[t->fn.ops.at[k].result] = k;
	g->f = &t->fn;
	g->def = w->def;
	g->block = t->block;
}

/* Which accesses cannot fail. */
static void find_sure(struct rx_jit_work *w, const struct rx_jit_unit *t)
{
	w->g.guards = t->guard;
	w->g.nguards = t->nguards;
	for (uint32_t k = 0; k < t->fn.ops.n; k++)
		w->sure[k] = rx_jit_is_sure(&w->g, &t->fn.ops.at[k]);
}

/* Do accesses go on from where one of its guards looked? */
static bool walks(const struct rx_jit_unit *t)
{
	for (unsigned k = 0; k < t->nguards; k++)
		if (t->guard[k].walks)
			return true;
	return false;
}

static bool extends(const struct rx_smir_fn *f)
{
	for (uint32_t k = 0; k < f->ops.n; k++)
		if (f->ops.at[k].code == RX_S_SEXT && f->ops.at[k].type == RX_I64)
			return true;
	return false;
}

/* Is what the register has now, where code became hot, sign-extended from 32 bits? */
static bool is_extended(void *cpu, uint64_t offset)
{
	int64_t v;

	memcpy(&v, (const char *)cpu + offset, sizeof(v));
	return v == (int32_t)v;
}

void rx_jit_shape_trace(struct rx_jit_work *w, struct rx_jit_unit *t)
{
	struct rx_smir_opt *opt = &w->g.j->opt;

	t->body = 0;
	t->nguards = t->nsigns = 0;
	if (t->fn.order.n != 1)
		return;
	look_at(w, t);
	t->nguards = rx_jit_plan_guards(&w->g, t->guard, RX_SITES / 2 - w->guards);
	t->closing = closing(w, t);
	if (t->closing < 0 || walks(t))
		return;
	if (extends(&t->fn) && !rx_smir_opt_begin(opt, &t->fn))	/* or there is no memory */
		t->nsigns = rx_smir_signs(opt, &t->fn, is_extended, w->g.j->cpu, t->sign,
					  JIT_SIGNS);
	opt->sure = w->sure;
	opt->polls = false;
	find_sure(w, t);
	if ((t->nguards || t->nsigns) && !rx_smir_opt_begin(opt, &t->fn))
		rx_smir_pass_dead_puts(opt, &t->fn);
	look_at(w, t);
	find_sure(w, t);
	if (!rx_smir_opt_begin(opt, &t->fn))
		t->body = rx_smir_sink(opt, &t->fn, t->nsigns);
	opt->sure = NULL;
	if (t->body && rx_jit_dumps(w->g.j)) {
		rx_jit_say(w->g.j, "  a loop of %u operations, %u registers are looked at",
			   t->body, t->nsigns);
		rx_jit_dump_smir(w->g.j, &t->fn);
	}
}

/* ---- code ---------------------------------------------------------------- */

/* What lowering what was put off changes. */
static void keep_places(struct rx_jit_work *w)
{
	const struct rx_jit_gen *g = &w->g;

	memcpy(w->kept.loc, g->loc, g->f->values.n * sizeof(g->loc[0]));
	memcpy(w->kept.uses, g->uses, g->f->values.n * sizeof(g->uses[0]));
	memcpy(w->kept.gpr, g->gpr, sizeof(g->gpr));
	memcpy(w->kept.xmm, g->xmm, sizeof(g->xmm));
	memcpy(w->kept.spill, g->spill, sizeof(g->spill));
	memcpy(w->kept.inside, g->inside, sizeof(g->inside));
	memcpy(w->kept.owner, g->owner, sizeof(g->owner));
	w->kept.owned = g->owned;
	w->kept.next_slot = g->next_slot;
	w->kept.dirty = g->dirty;
	w->kept.in_state = g->in_state;
}

static void restore_places(struct rx_jit_work *w)
{
	struct rx_jit_gen *g = &w->g;

	memcpy(g->loc, w->kept.loc, g->f->values.n * sizeof(g->loc[0]));
	memcpy(g->uses, w->kept.uses, g->f->values.n * sizeof(g->uses[0]));
	memcpy(g->gpr, w->kept.gpr, sizeof(g->gpr));
	memcpy(g->xmm, w->kept.xmm, sizeof(g->xmm));
	memcpy(g->spill, w->kept.spill, sizeof(g->spill));
	memcpy(g->inside, w->kept.inside, sizeof(g->inside));
	memcpy(g->owner, w->kept.owner, sizeof(g->owner));
	g->owned = w->kept.owned;
	g->next_slot = w->kept.next_slot;
	g->dirty = w->kept.dirty;
	g->in_state = w->kept.in_state;
}

static void do_the_rest(struct rx_jit_gen *g, const struct rx_jit_unit *u)
{
	g->span.nops = u->fn.ops.n;
	g->op = u->body;
	rx_jit_forget_pages(g);
	(void)rx_jit_lower(g);
	rx_jit_clean_homes(g);
}

void rx_jit_guard_signs(struct rx_jit_gen *g, const struct rx_jit_unit *u)
{
	for (unsigned k = 0; k < u->nsigns; k++) {
		const struct rx_jit_home *h = rx_jit_home_of(g, u->sign[k]);
		const struct rx_px_values from = rx_jit_mem(RDI, (int64_t)u->sign[k]);
		const uint8_t reg = h && !h->fp ? h->reg : R8;

		if (!h)
			E(g, mov_r64_m64, R8, &from);
		else if (h->fp)
			E(g, movq_r64_xmm, R8, h->reg);
		E(g, movsxd_r64_r32, RAX, reg);
		E(g, cmp_r64_r64, RAX, reg);
		rx_jit_unit_stub(g, rx_jit_jcc(g, CC_NE), (unsigned)g->plain, false, 0);
	}
}

uint8_t *rx_jit_end_loop(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	struct rx_jit_gen *g = &w->g;
	const unsigned left = RX_JIT_UNITS + g->unit;
	uint8_t *out = NULL;

	if (u->ending == JIT_END_BRANCH)
		out = rx_jit_branch(g, u->fn.ops.at[u->body - 1].arg[0], !u->closing);
	keep_places(w);
	E(g, sub_r64_i8, RDX, u->insns);
	rx_jit_budget_stub(g, rx_jit_jcc(g, CC_S), left);
	rx_jit_count_done(g, g->done, false);
	g->block = u->block;
	g->before = g->step = 0;
	g->plain = (int)left;
	if (g->never)
		rx_jit_guard_count(g, u, left);
	rx_jit_guard_again(g);
	g->plain = -1;
	rx_jit_patch(rx_jit_jmp(g), u->again);
	u->left = g->at;
	do_the_rest(g, u);
	rx_jit_jump_to(g, rx_jit_jmp(g), u->step[0], false);
	restore_places(w);
	if (!out)
		return NULL;
	rx_jit_patch(out, g->at);
	do_the_rest(g, u);
	return out;
}
