/* trace.c - likely ways through loops, as straight code. SPDX-License-Identifier: MIT
 *
 * A trace is a unit of several blocks, the likely successor behind each one, small
 * loops several times. It takes the budget once, looks once at the pages that it
 * accesses with what it begins with, and nothing joins it but at its start. The
 * units of its blocks stay: its first one's is where it cannot be done as a whole.
 */
#include "core/isa.h"
#include "core/vm.h"
#include "jit/region.h"

#define LONGEST 60	/* instructions of a trace */
#define TOGETHER 448	/* of all traces of a region */

/* Could it stand in a trace? What executors do could change everything. */
static bool plain(const struct rx_jit_unit *u)
{
	bool good = u->cut && u->cut == u->block->n && !u->called && !u->polls &&
		    u->fn.order.n == 1 && u->ending != JIT_END_EXITS &&
		    u->block->n <= LONGEST;

	for (unsigned k = 0; good && k < u->block->n; k++)
		good = !u->ways[k];
	return good;
}

static uint32_t entered(const struct rx_jit_work *w, const struct rx_jit_unit *u)
{
	const uint32_t heat = w->g.j->cpu->vm->jit.heat;

	return u->block->native || u->block->heat > heat ? heat : heat - u->block->heat;
}

/* The link that the block is mostly left by, -1: nobody knows, or out of the region. */
static int likely(const struct rx_jit_work *w, const struct rx_jit_unit *u)
{
	const struct rx_jit_unit *a, *b;

	if (u->ending == JIT_END_NEXT)
		return u->to[0] < 0 ? -1 : 0;
	if (u->ending == JIT_END_JUMP)
		return u->to[1] < 0 || u->calls ? -1 : 1;
	if (u->ending != JIT_END_BRANCH || (u->to[0] < 0 && u->to[1] < 0))
		return -1;
	if (u->to[0] < 0 || u->to[1] < 0)
		return u->to[0] < 0;
	a = &w->unit[u->to[0]];
	b = &w->unit[u->to[1]];
	if (a == u || b == u)
		return b == u;
	if (a->depth != b->depth)
		return a->depth < b->depth;
	return entered(w, a) < entered(w, b);
}

static bool has(const struct rx_jit_unit *t, unsigned from, unsigned unit)
{
	for (unsigned k = from; k < t->nsteps; k++)
		if (t->step[k] == unit)
			return true;
	return false;
}

/* Collects the steps of a trace; false: it would be no better than its first block. */
static bool grow(struct rx_jit_work *w, struct rx_jit_unit *t, unsigned head)
{
	const struct rx_jit_unit *first = &w->unit[head], *u = first;
	unsigned insns = 0, copy = 0, loop = 0;

	t->nsteps = 0;
	for (;;) {
		const struct rx_jit_unit *next;
		int link;

		t->step[t->nsteps++] = (uint8_t)(u - w->unit);
		insns += u->block->n;
		link = likely(w, u);
		if (link < 0 || t->nsteps == JIT_STEPS)
			break;
		next = &w->unit[u->to[link]];
		if (next == first) {
			/* around once more, if there is room for all of it */
			loop = loop ? loop : insns;
			copy = copy ? copy : t->nsteps;
			if (insns + loop > LONGEST || t->nsteps + copy > JIT_STEPS)
				break;
		} else if ((next != u &&	/* a loop of one block goes around again, too */
			    has(t, t->nsteps - (copy ? t->nsteps % copy : t->nsteps),
				(unsigned)(next - w->unit))) ||
			   !plain(next) || !rx_jit_same_page(first->block, next->block) ||
			   insns + next->block->n > LONGEST) {
			break;
		}
		t->off[t->nsteps - 1] = (uint8_t)!link;
		u = next;
	}
	t->insns = insns;
	return t->nsteps > 1 || loop;
}

static bool covered(const struct rx_jit_work *w, unsigned unit)
{
	for (unsigned k = w->nblocks; k < w->n; k++)
		if (has(&w->unit[k], 0, unit))
			return true;
	return false;
}

/* Does a loop begin with the unit? Then some edge comes back to it. */
static bool is_head(const struct rx_jit_work *w, unsigned unit)
{
	for (unsigned k = unit; k < w->nblocks; k++)
		if (w->unit[k].to[0] == (int)unit || w->unit[k].to[1] == (int)unit)
			return true;
	return false;
}

/* The trace becomes the next unit, and what is entered for its first block. */
static void enter(struct rx_jit_work *w, struct rx_jit_unit *t, unsigned *insns)
{
	struct rx_jit_unit *first = &w->unit[t->step[0]];

	w->guards += t->nguards;
	*insns += t->insns;
	t->depth = first->depth;
	t->back = t->to[0] = t->to[1] = -1;
	t->trace = -1;
	t->tested = first->trace;
	first->trace = (int)w->n++;
}

/* Is there room for a trace from there, and was it built? */
static bool builds(struct rx_jit_work *w, unsigned head, unsigned insns)
{
	struct rx_jit_unit *t = &w->unit[w->n];

	if (w->n == RX_JIT_UNITS || insns > TOGETHER || !grow(w, t, head) ||
	    !rx_jit_build_trace(w, t))
		return false;
	rx_jit_shape_trace(w, t);
	return t->nsteps > 1 || t->body;	/* or it is its block again */
}

static void add(struct rx_jit_work *w, unsigned head, unsigned *insns)
{
	if (w->unit[head].trace < 0 && plain(&w->unit[head]) && builds(w, head, *insns))
		enter(w, &w->unit[w->n], insns);
}

/* Traces without tests, besides those with them, whose sites they have. */
static void add_counted(struct rx_jit_work *w)
{
	const unsigned n = w->n, guards = w->guards;
	unsigned insns = 0;

	for (unsigned k = w->nblocks; k < n; k++) {
		struct rx_jit_unit *t = &w->unit[k], *more = &w->unit[w->n];

		w->guards = guards - t->nguards;
		if (rx_jit_counts(w, t) && builds(w, t->step[0], insns) &&
		    rx_jit_counts(w, more))
			enter(w, more, &insns);
	}
	w->guards = guards;
}

void rx_jit_add_traces(struct rx_jit_work *w)
{
	unsigned insns = 0;

	w->guards = 0;
	if (w->g.j->cpu->vm->jit.level < 2)
		return;
	for (unsigned depth = RX_JIT_DEPTHS - 1; depth; depth--)	/* inner loops first */
		for (unsigned k = 0; k < w->nblocks; k++)
			if (w->unit[k].depth == depth && is_head(w, k))
				add(w, k, &insns);
	for (unsigned depth = RX_JIT_DEPTHS - 1; depth; depth--)
		for (unsigned k = 0; k < w->nblocks; k++)
			if (w->unit[k].depth == depth && !covered(w, k))
				add(w, k, &insns);
	add_counted(w);
}
