/* parts.c - control flow inside of instructions. SPDX-License-Identifier: MIT
 *
 * An instruction that loops, or that does something under a condition, makes more
 * than one block of operations of its block of instructions: parts. Values that are
 * used in another part than their own are in memory from where they are computed
 * on, and so are parameters; nothing else is kept in registers between parts but
 * homes. Homes that are put in some part behind the first count as dirty
 * in all of them, and have their values when the block is entered.
 */
#include <string.h>

#include "jit/frame.h"
#include "jit/region.h"

static bool number_of(const struct rx_smir_fn *f, rx_sv v, uint64_t *value)
{
	for (uint32_t k = 0; k < f->ops.n; k++)
		if (f->ops.at[k].result == v) {
			*value = f->ops.at[k].imm;
			return f->ops.at[k].code == RX_S_CONST;
		}
	return false;
}

bool rx_jit_next_exit(const struct rx_jit_unit *u, uint32_t *k, uint64_t *pc)
{
	for (; *k < u->fn.ops.n; ++*k) {
		const struct rx_smir_op *op = &u->fn.ops.at[*k];

		if ((op->code == RX_S_EXIT && number_of(&u->fn, op->arg[0], pc)) ||
		    (op->code == RX_S_EXITIF && number_of(&u->fn, op->arg[1], pc))) {
			++*k;
			return true;
		}
	}
	return false;
}

/* ---- values of several parts --------------------------------------------- */

static void needs_memory(struct rx_jit_work *w, rx_sv v)
{
	struct rx_jit_gen *g = &w->g;
	const struct rx_smir_op *op = rx_jit_def(g, v);

	if (w->cross[v] || (op->result == v && op->code == RX_S_CONST))
		return;
	w->uses[v]++;		/* never free, never put off */
	w->cross[v] = (uint16_t)rx_jit_new_slots(g, v);
}

/* home: part by value, of which it is a result or parameter. */
static void find_crossing(struct rx_jit_work *w, const struct rx_smir_fn *f, const uint16_t *home)
{
	for (uint32_t n = 0; n < f->order.n; n++) {
		const struct rx_smir_block *b = &f->blocks.at[f->order.at[n]];

		for (uint32_t k = b->first; k < b->first + b->nops; k++) {
			const struct rx_smir_op *op = &f->ops.at[k];
			const struct rx_smir_info *info = &rx_smir_ops[op->code];

			for (unsigned a = 0; a < info->nargs; a++)
				if (op->arg[a] && home[op->arg[a]] != f->order.at[n])
					needs_memory(w, op->arg[a]);
			for (unsigned e = 0; e < info->nblocks; e++) {
				const struct rx_smir_edge *edge = &f->edges.at[op->imm + e];

				for (uint32_t j = 0; j < edge->nargs; j++)
					if (home[f->extra.at[edge->args + j]] != f->order.at[n])
						needs_memory(w, f->extra.at[edge->args + j]);
			}
		}
	}
}

void rx_jit_begin_parts(struct rx_jit_work *w, const struct rx_jit_unit *u)
{
	const struct rx_smir_fn *f = &u->fn;
	struct rx_jit_gen *g = &w->g;
	uint16_t home[JIT_VALUES];

	g->cross = NULL;
	if (f->order.n == 1)
		return;
	g->cross = w->cross;
	w->nways = 0;
	w->part_puts = 0;
	memset(w->cross, 0, f->values.n * sizeof(w->cross[0]));
	memset(home, 0, f->values.n * sizeof(home[0]));
	for (uint32_t n = 0; n < f->order.n; n++) {
		const uint16_t part = (uint16_t)f->order.at[n];
		const struct rx_smir_block *b = &f->blocks.at[part];

		for (uint32_t k = 0; k < b->nparams; k++) {
			home[b->param + k] = part;
			w->def[b->param + k] = 0;	/* which gives another value */
		}
		for (uint32_t k = b->first; k < b->first + b->nops; k++) {
			const struct rx_smir_op *op = &f->ops.at[k];
			const struct rx_jit_home *h = NULL;

			home[op->result] = part;
			if (n && (op->code == RX_S_PUT || op->code == RX_S_EARLY))
				h = rx_jit_home_of(g, op->imm);
			w->part_puts |= h ? 1u << (h - g->home) : 0;
		}
	}
	find_crossing(w, f, home);
	for (uint32_t n = 0; n < f->blocks.n; n++)
		for (uint32_t k = 0; k < f->blocks.at[n].nparams; k++)
			needs_memory(w, f->blocks.at[n].param + k);
}

/* Only what is in memory is known at its start. */
static void begin_part(struct rx_jit_work *w, uint32_t part)
{
	struct rx_jit_gen *g = &w->g;

	const struct rx_smir_block *b = &g->f->blocks.at[part];

	g->part = part;
	g->op = b->first;
	g->span = (struct rx_smir_block){ .nops = g->body ? g->body : b->first + b->nops };
	w->part[part] = g->at;
	if (!g->cross || part == g->f->order.at[0])
		return;
	rx_jit_drop_values(g);
	g->raw = 0;
	g->dirty |= w->part_puts;
	for (rx_sv v = 1; v < g->f->values.n; v++) {
		const uint8_t kind = g->loc[v].kind;

		if (!g->cross[v] && kind != JIT_CONST && kind != JIT_PART)
			g->loc[v].kind = JIT_NOWHERE;
		if (!g->cross[v])
			continue;
		g->loc[v] = (struct rx_jit_loc){
			.kind = rx_jit_is_wide(g, v) ? JIT_WIDE : JIT_STATE, .zero = true,
			.state = rx_jit_state_at(g, (uint64_t)g->frame + 8u * g->cross[v]) };
	}
}

/* ---- edges --------------------------------------------------------------- */

static unsigned words(const struct rx_jit_gen *g, rx_sv v)
{
	return rx_jit_is_wide(g, v) ? rx_smir_bits[g->f->values.at[v]] / 64u : 1;
}

/* Parameters get their values all at once: by way of other slots where there are several. */
static void pass(struct rx_jit_work *w, const struct rx_smir_edge *e)
{
	struct rx_jit_gen *g = &w->g;
	const rx_sv param = g->f->blocks.at[e->block].param;
	unsigned by[8];

	if (e->nargs > 8) {
		g->failed = true;
		return;
	}
	for (uint32_t k = 0; k < e->nargs; k++) {
		const rx_sv v = g->f->extra.at[e->args + k];

		by[k] = e->nargs > 1 ? rx_jit_new_slots(g, param + k) : g->cross[param + k];
		rx_jit_to_slot(g, v, by[k]);
	}
	for (uint32_t k = 0; k < e->nargs && e->nargs > 1; k++) {
		const struct rx_px_values to = rx_jit_slot(g, g->cross[param + k]),
					  from = rx_jit_slot(g, by[k]);

		rx_jit_copy(g, &to, &from, 8 * words(g, param + k));
		for (unsigned n = 0; n < words(g, param + k); n++)
			g->owner[by[k] + n] = 0;
	}
}

static void go_to_part(struct rx_jit_work *w, uint8_t *from, uint32_t part)
{
	if (w->nways == sizeof(w->way) / sizeof(w->way[0])) {
		w->g.failed = true;
		return;
	}
	w->way[w->nways].from = from;
	w->way[w->nways++].part = part;
}

static void clean_arguments(struct rx_jit_gen *g, const struct rx_smir_edge *e)
{
	for (uint32_t k = 0; k < e->nargs; k++)
		rx_jit_clean(g, g->f->extra.at[e->args + k]);
}

static void branch(struct rx_jit_work *w, const struct rx_smir_op *op)
{
	struct rx_jit_gen *g = &w->g;
	const struct rx_smir_edge *e = &g->f->edges.at[op->imm];
	uint8_t *yes;

	clean_arguments(g, e);
	if (op->code == RX_S_BRCOND) {
		clean_arguments(g, e + 1);
		yes = rx_jit_branch_if(g, op->arg[0]);
		pass(w, e + 1);
		go_to_part(w, rx_jit_jmp(g), e[1].block);
		rx_jit_patch(yes, g->at);
	}
	pass(w, e);
	go_to_part(w, rx_jit_jmp(g), e->block);
}

/* ---- exits --------------------------------------------------------------- */

/* To an address; what stands here goes there. */
static void leave_to(struct rx_jit_work *w, const struct rx_jit_unit *u, rx_sv target)
{
	struct rx_jit_gen *g = &w->g;
	uint64_t pc = 0;
	const bool known = rx_jit_constant(g, target, &pc);

	if (!known || g->polls)
		rx_jit_move(g, RAX, rx_jit_use(g, target, RAX));
	if (g->polls)
		rx_jit_poll(g, NULL);
	for (unsigned k = 0; known && k < 2; k++) {
		const struct rx_jit_unit *to = u->to[k] < 0 ? NULL : &w->unit[u->to[k]];

		if (to && to->block->pc == pc) {
			rx_jit_jump_to(g, rx_jit_jmp(g), (unsigned)rx_jit_to(w, u, k),
				       rx_jit_is_far(u, to));
			return;
		}
	}
	if (known)
		rx_jit_goto_stub(g, rx_jit_jmp(g), pc);
	else
		rx_jit_stub(g, rx_jit_jmp(g), JIT_GOTO, NULL);
}

static void leave(struct rx_jit_work *w, const struct rx_jit_unit *u, const struct rx_smir_op *op)
{
	struct rx_jit_gen *g = &w->g;
	uint8_t *yes, *no;

	if (op->code == RX_S_EXIT) {
		leave_to(w, u, op->arg[0]);
		return;
	}
	yes = rx_jit_branch_if(g, op->arg[0]);
	no = rx_jit_jmp(g);
	rx_jit_patch(yes, g->at);
	leave_to(w, u, op->arg[1]);
	rx_jit_patch(no, g->at);
}

/* All operations of a part; those that leave it, too, but for the block's own end. */
static void lower_part(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	struct rx_jit_gen *g = &w->g;
	const struct rx_smir_op *op;

	while ((op = rx_jit_lower(g)) != NULL && !g->failed) {
		rx_jit_clean_homes(g);
		if (op->code == RX_S_BR || op->code == RX_S_BRCOND)
			branch(w, op);
		else if (u->ending == JIT_END_EXITS)
			leave(w, u, op);
		else
			return;
		g->op++;
	}
	rx_jit_clean_homes(g);
}

void rx_jit_lower_parts(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	struct rx_jit_gen *g = &w->g;

	for (uint32_t n = 0; n < u->fn.order.n && !g->failed; n++) {
		begin_part(w, u->fn.order.at[n]);
		lower_part(w, u);
	}
	for (unsigned k = 0; g->cross && k < w->nways; k++)
		rx_jit_patch(w->way[k].from, w->part[w->way[k].part]);
}
