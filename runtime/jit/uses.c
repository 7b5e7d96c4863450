/* uses.c - where the values of a block are used, and its homes. SPDX-License-Identifier: MIT */
#include <string.h>

#include "jit/frame.h"
#include "jit/values.h"

static bool is_put(const struct rx_smir_op *op)
{
	return op->code == RX_S_PUT || op->code == RX_S_EARLY;
}

/* Which homes are put before anything reads them or may leave the code. */
static void find_dead(struct rx_jit_gen *g)
{
	uint32_t dead = 0;

	for (uint32_t k = g->f->ops.n; k-- > 0;) {
		const struct rx_smir_op *op = &g->f->ops.at[k];
		const struct rx_jit_home *h = NULL;
		uint32_t home;

		if (op->code == RX_S_GET || is_put(op))
			h = rx_jit_home_at(g, op->imm, op->type);
		home = h ? 1u << (h - g->home) : 0;
		g->dead[k] = dead & ~home;
		/* a loop's puts behind its exit are done on the way out */
		if (rx_jit_leaves(g, op) && (k + 1 != g->body || op->code != RX_S_EXITIF))
			dead = 0;
		dead = is_put(op) ? dead | home : dead & ~home;
	}
}

/* Calls `one` for each value that the operation uses. */
RX_INLINE void each_use(struct rx_jit_gen *g, uint32_t k, bool link,
			void (*one)(struct rx_jit_gen *g, rx_sv v, uint32_t k))
{
	const struct rx_smir_op *op = &g->f->ops.at[k];
	const struct rx_smir_info *info = &rx_smir_ops[op->code];
	const unsigned n = op->code == RX_S_EXIT && link ? 0 :
			   op->code == RX_S_EXITIF && k < g->never ? 0 :
			   op->code == RX_S_EXITIF && link ? 1 : info->nargs;

	for (unsigned j = 0; j < n; j++)
		one(g, op->arg[j], k);
	for (unsigned e = 0; e < info->nblocks; e++) {
		const struct rx_smir_edge *edge = &g->f->edges.at[op->imm + e];

		for (uint32_t j = 0; j < edge->nargs; j++)
			one(g, g->f->extra.at[edge->args + j], k);
	}
}

static void count_use(struct rx_jit_gen *g, rx_sv v, uint32_t k)
{
	(void)k;
	g->uses[v]++;
}

static void note_use(struct rx_jit_gen *g, rx_sv v, uint32_t k)
{
	g->use_at[g->use_end[v]++] = (uint16_t)k;
}

void rx_jit_begin_values(struct rx_jit_gen *g, bool link)
{
	g->op = g->part = 0;
	g->direction = 0;
	g->in_state = 0;
	memset(g->loc, 0, g->f->values.n * sizeof(g->loc[0]));
	memset(g->uses, 0, g->f->values.n * sizeof(g->uses[0]));
	rx_jit_drop_values(g);
	for (uint32_t k = 0; k < g->f->ops.n; k++) {
		if (g->f->ops.at[k].result)
			g->def[g->f->ops.at[k].result] = k;
		each_use(g, k, link, count_use);
	}
	find_dead(g);
}

void rx_jit_drop_values(struct rx_jit_gen *g)
{
	memset(g->gpr, 0, sizeof(g->gpr));
	memset(g->xmm, 0, sizeof(g->xmm));
	memset(g->spill, 0, sizeof(g->spill));
	memset(g->page, 0, sizeof(g->page));
	memset(g->inside, 0, sizeof(g->inside));
}

void rx_jit_order_uses(struct rx_jit_gen *g, bool link)
{
	uint32_t n = 0;

	for (rx_sv v = 0; v < g->f->values.n; v++) {
		g->use_end[v] = n;	/* where they begin, until all are there */
		n += g->uses[v];
	}
	if (n > sizeof(g->use_at) / sizeof(g->use_at[0])) {
		g->failed = true;
		return;
	}
	for (uint32_t k = 0; k < g->f->ops.n; k++)
		each_use(g, k, link, note_use);
	for (rx_sv v = 0; g->cross && v < g->f->values.n; v++)
		if (g->cross[v])
			note_use(g, v, JIT_NEVER);
}
