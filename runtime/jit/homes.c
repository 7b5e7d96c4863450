/* homes.c - guest registers that live in host registers. SPDX-License-Identifier: MIT */
#include "core/isa.h"
#include "jit/region.h"

const struct rx_reg_info *rx_jit_reg_at(const struct rx_isa *isa, uint64_t offset)
{
	for (unsigned k = 0; k < isa->nregs; k++)
		if (isa->regs[k].offset == offset && isa->regs[k].bytes == 8)
			return &isa->regs[k];
	return NULL;
}

#define CANDIDATES 128

struct candidate {
	uint64_t offset;
	uint32_t weight, bytes;
	bool fp, bad;
};

/* Parts that are got or put alone would miss what a home holds. Were there others than k? */
static bool spoil(struct candidate *c, unsigned n, uint64_t offset, uint64_t bytes, unsigned k)
{
	bool any = false;

	for (unsigned j = 0; j < n; j++)
		if (j != k && c[j].offset < offset + bytes && offset < c[j].offset + c[j].bytes)
			any = c[j].bad = true;
	return any;
}

/* Where candidates are, perhaps, by the place in the state. */
struct hints {
	uint8_t at[64];
};

/* The candidate of a place in the state, n: there is none. */
static unsigned candidate_of(const struct candidate *c, unsigned n, uint64_t offset,
			     struct hints *hints)
{
	uint8_t *hint = &hints->at[offset / 8 % sizeof(hints->at)];
	unsigned k = *hint;

	if (k < n && c[k].offset == offset)
		return k;
	for (k = 0; k < n && c[k].offset != offset; k++)
		;
	*hint = (uint8_t)k;
	return k;
}
_Static_assert(CANDIDATES <= UINT8_MAX, "hints are bytes");

static void note(const struct rx_isa *isa, struct candidate *c, unsigned *n,
		 struct hints *hints, const struct rx_smir_op *op, uint32_t weight)
{
	const uint32_t bytes = (rx_smir_bits[op->type] + 7u) / 8;
	const unsigned k = candidate_of(c, *n, op->imm, hints);
	const bool fresh = k == *n;
	const struct rx_reg_info *reg;

	if (fresh) {
		reg = rx_jit_reg_at(isa, op->imm);
		if (*n == CANDIDATES) {
			spoil(c, *n, op->imm, bytes, k);
			return;
		}
		c[(*n)++] = (struct candidate){ .offset = op->imm, .bytes = 8,
			.fp = reg && reg->flags & RX_REG_FLOAT,
			.bad = !reg || !(reg->flags & (RX_REG_FLOAT | RX_REG_GENERAL)) };
	}
	c[k].weight += weight;
	if (op->type != RX_I64)
		c[k].bad = true;
	if (!fresh && c[k].bytes >= bytes)
		return;		/* what it has in common with others is known */
	if (c[k].bytes < bytes)
		c[k].bytes = bytes;
	if (spoil(c, *n, op->imm, c[k].bytes, k))
		c[k].bad = true;
}

static bool accesses(const struct rx_smir_op *op)
{
	return op->code == RX_S_GET || op->code == RX_S_PUT || op->code == RX_S_EARLY;
}

/* What is got is waited for, what is put is not. */
#define GET_WEIGHT 2

/* Times that a trace goes around. */
static unsigned rounds(const struct rx_jit_unit *u)
{
	unsigned n = 0;

	for (unsigned k = 0; k < u->nsteps; k++)
		n += u->step[k] == u->step[0];
	return n;
}

/* Guest registers by how often they are met each time around, more in loops. */
static unsigned count(const struct rx_jit_work *w, struct candidate *c)
{
	struct hints hints = { { 0 } };
	unsigned n = 0;

	for (unsigned k = 0; k < w->n; k++) {
		const struct rx_jit_unit *u = &w->unit[k];
		const unsigned depth = u->depth - (u->depth && u->trace >= 0);
		const uint32_t weight = (JIT_STEPS << 3 * depth) / rounds(u);
		const uint32_t end = rx_jit_is_trace(w, u) && u->body ? u->body : u->fn.ops.n;

		if (!u->cut || rx_jit_is_counted(u))	/* the other one says it */
			continue;
		for (uint32_t o = 0; o < u->fn.ops.n; o++) {
			const struct rx_smir_op *op = &u->fn.ops.at[o];

			if (accesses(op))
				note(w->g.isa, c, &n, &hints, op, o >= end ? 0 :
				     op->code == RX_S_GET ? weight * GET_WEIGHT : weight);
		}
	}
	return n;
}

/* Homes that the unit reads before it writes them, and writes until each way out. */
static void look_at_homes(const struct rx_jit_work *w, struct rx_jit_unit *u)
{
	unsigned step = 0;

	u->puts = u->reads = u->dirty = 0;
	for (uint32_t o = 0; o < u->fn.ops.n; o++) {
		const struct rx_smir_op *op = &u->fn.ops.at[o];
		const struct rx_jit_home *h;
		uint32_t home;

		if (op->code == RX_S_EXITIF && step + 1 < u->nsteps)
			u->puts_at[step++] = u->puts;
		if (!accesses(op))
			continue;
		h = rx_jit_home_of(&w->g, op->imm);
		home = h ? 1u << (h - w->g.home) : 0;
		/* where parts are left out or done again all are as good as read */
		if (op->code == RX_S_GET || o >= u->fn.blocks.at[0].nops)
			u->reads |= home & ~u->puts;
		if (op->code != RX_S_GET)
			u->puts |= home;
	}
}

/* A way from one unit to another. */
struct way {
	uint8_t from, to;
	uint32_t puts;		/* homes written before it */
};
#define WAYS (RX_JIT_UNITS * (JIT_STEPS + 3))	/* as many as there can be */

static unsigned add_way(struct way *ways, unsigned n, unsigned from, int to, uint32_t puts)
{
	if (to < 0)
		return n;
	ways[n] = (struct way){ (uint8_t)from, (uint8_t)to, puts };
	return n + 1;
}

static unsigned ways_of(struct rx_jit_work *w, struct way *ways)
{
	unsigned n = 0;

	for (unsigned k = 0; k < w->n; k++) {
		const struct rx_jit_unit *u = &w->unit[k], *last = rx_jit_last(w, u);
		unsigned out = 0;

		if (!u->cut)
			continue;
		if (rx_jit_is_trace(w, u))
			n = add_way(ways, n, k, u->step[0], 0);
		if (rx_jit_is_counted(u))
			n = add_way(ways, n, k, u->tested, 0);
		for (unsigned p = 0; p + 1 < u->nsteps; p++) {
			const struct rx_jit_unit *part = &w->unit[u->step[p]];

			if (part->ending == JIT_END_BRANCH)
				n = add_way(ways, n, k, rx_jit_to(w, part, u->off[p]),
					    u->puts_at[out++]);
		}
		for (unsigned link = 0; link < 2; link++)
			n = add_way(ways, n, k, rx_jit_to(w, last, link), u->puts);
	}
	return n;
}

/* One round; did something change? Computed jumps lead to all units. */
static bool spread_down(struct rx_jit_work *w, const struct way *ways, unsigned n)
{
	bool changed = false;
	uint32_t all = 0;

	for (unsigned k = 0; k < n; k++) {
		const struct rx_jit_unit *u = &w->unit[ways[k].from];
		struct rx_jit_unit *to = &w->unit[ways[k].to];
		const uint32_t more = (u->dirty | ways[k].puts) & ~to->dirty;

		to->dirty |= more;
		changed = changed || more;
	}
	for (unsigned k = 0; k < w->n; k++)
		if (w->unit[k].cut && w->unit[k].ending == JIT_END_INDIRECT)
			all |= w->unit[k].dirty | w->unit[k].puts;
	for (unsigned k = 0; k < w->n; k++) {
		changed = changed || (w->unit[k].cut && all & ~w->unit[k].dirty);
		w->unit[k].dirty |= all;
	}
	return changed;
}

static bool spread_up(struct rx_jit_work *w, const struct way *ways, unsigned n)
{
	bool changed = false;
	uint32_t all = 0;

	for (unsigned k = n; k-- > 0;) {
		struct rx_jit_unit *u = &w->unit[ways[k].from];
		const uint32_t more = w->unit[ways[k].to].live & ~ways[k].puts & ~u->live;

		u->live |= more;
		changed = changed || more;
	}
	for (unsigned k = 0; k < w->n; k++)
		all |= w->unit[k].cut ? w->unit[k].live : 0;
	for (unsigned k = 0; k < w->n; k++) {
		struct rx_jit_unit *u = &w->unit[k];
		const uint32_t more = u->cut && u->ending == JIT_END_INDIRECT
			? all & ~u->puts & ~u->live : 0;

		u->live |= more;
		changed = changed || more;
	}
	return changed;
}

/*
 * Which homes may differ from the state where a unit is entered, and which
 * have to hold their values: those that are read, and those that a way out
 * would write back.
 */
static void know_homes(struct rx_jit_work *w)
{
	struct way ways[WAYS];
	unsigned n;

	for (unsigned k = 0; k < w->n; k++)
		if (w->unit[k].cut)
			look_at_homes(w, &w->unit[k]);
	n = ways_of(w, ways);
	while (spread_down(w, ways, n))
		;
	for (unsigned k = 0; k < w->n; k++)
		w->unit[k].live = w->unit[k].reads | w->unit[k].dirty;
	while (spread_up(w, ways, n))
		;
}

void rx_jit_choose_homes(struct rx_jit_work *w)
{
	static const uint8_t gpr[JIT_HOMES] = { RBX, RBP, R10, R11, R12, R13, R14 };
	struct candidate c[CANDIDATES];
	const unsigned n = count(w, c);
	unsigned left[2] = { JIT_HOMES, JIT_XHOMES };
	struct rx_jit_gen *g = &w->g;

	for (;;) {
		struct candidate *best = NULL;
		struct rx_jit_home *h;
		uint8_t *slot;

		for (unsigned k = 0; k < n; k++)
			if (!c[k].bad && left[c[k].fp] &&
			    (!best || c[k].weight > best->weight))
				best = &c[k];
		if (!best)
			break;
		h = &g->home[g->nhomes++];
		slot = &g->home_by[rx_jit_home_slot(best->offset)];
		*h = (struct rx_jit_home){ .offset = best->offset, .fp = best->fp,
					   .next = *slot };
		*slot = (uint8_t)g->nhomes;
		h->reg = best->fp ? (uint8_t)(16 - left[1]) : gpr[JIT_HOMES - left[0]];
		left[best->fp]--;
		best->bad = true;
	}
	/* what is left holds values */
	g->pool = JIT_POOL;
	g->xpool = JIT_XPOOL;
	for (unsigned k = JIT_HOMES - left[0]; k < JIT_HOMES; k++)
		g->pool |= 1u << gpr[k];
	for (unsigned k = 16 - left[1]; k < 16; k++)
		g->xpool |= 1u << k;
	know_homes(w);
}
