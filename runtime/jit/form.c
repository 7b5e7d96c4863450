/* form.c - which blocks are compiled together. SPDX-License-Identifier: MIT
 *
 * From a hot block on: what its links lead to, where its calls come back to,
 * and, where it jumps to computed addresses, the hot blocks of its page, which
 * may be targets. Only blocks that were run are there to be found.
 */
#include <string.h>

#include "base/bits.h"
#include "core/isa.h"
#include "core/vm.h"
#include "jit/region.h"

#define WAITING 256
#define COPIES 8	/* regions that a block may be in */
#define CLOSING 8	/* blocks that are kept for what closes loops */

struct forming {
	struct rx_jit_work *w;
	struct rx_block *waiting[WAITING];
	unsigned n;
};

static int unit_of(const struct rx_jit_work *w, const struct rx_block *b)
{
	for (unsigned k = 0; k < w->n; k++)
		if (w->block[k] == b)
			return (int)k;
	return -1;
}

static bool same_host_page(const struct rx_block *a, const struct rx_block *b)
{
	return !(((uintptr_t)a->host ^ (uintptr_t)b->host) & RX_PAGE_MASK);
}

/* The block that a link leads to, NULL: it was not met yet. */
static struct rx_block *target(const struct rx_link *link)
{
	if (link->handler == rx_thr_near)
		return (struct rx_block *)((uintptr_t)link->first -
					   offsetof(struct rx_block, insn));
	return link->handler == rx_thr_far ? link->to : NULL;
}

/* The block at an address on the same page, NULL: none was run. */
static struct rx_block *block_at(const struct rx_jit_work *w, const struct rx_block *b,
				 uint64_t pc)
{
	if ((pc ^ b->pc) & RX_PAGE_MASK)
		return NULL;
	return rx_blocks_peek(w->g.j->cpu, pc, b->host + (pc - b->pc), b->mode_key);
}

/* The same where code is fetched now, on any page whose mapping is known. */
static struct rx_block *block_anywhere(const struct rx_jit_work *w, const struct rx_block *b,
				       uint64_t pc)
{
	const struct rx_cpu *cpu = w->g.j->cpu;
	const struct rx_tlb_entry *e = rx_tlb_slot(cpu->tlb, pc);

	if (!((pc ^ b->pc) & RX_PAGE_MASK))
		return block_at(w, b, pc);
	if (!rx_tlb_hit(e, RX_ACC_X, pc, 1))
		return NULL;
	return rx_blocks_peek(cpu, pc, (const uint8_t *)(uintptr_t)(pc + e->addend), b->mode_key);
}

bool rx_jit_goes_to(const struct rx_jit_unit *u, uint64_t *pc)
{
	uint32_t k = u->fn.ops.n - 1;

	return u->cut && u->ending == JIT_END_INDIRECT && !u->polls && !u->end_polls &&
	       rx_jit_next_exit(u, &k, pc);
}

/* The block behind this one. */
static struct rx_block *behind(const struct rx_jit_work *w, const struct rx_block *b)
{
	return block_at(w, b, rx_jit_behind(b));
}

/* A block that is compiled often enough is left to link to. */
static void wait_for(struct forming *f, struct rx_block *b)
{
	if (f->w->alone && f->w->n)
		return;
	if (b && f->n < WAITING && b->plain != rx_thr_step &&
	    (b->native < COPIES || f->w->g.j->again))
		f->waiting[f->n++] = b;
}

/* Was it entered about as often as what is compiled? */
static bool is_hot(const struct rx_jit_work *w, const struct rx_block *b)
{
	return b->native || b->heat <= w->g.j->cpu->vm->jit.heat / 2;
}

/* The one to come next last. */
static void successors(struct forming *f, const struct rx_jit_unit *u)
{
	const struct rx_link *links = rx_jit_links(u->block);
	struct rx_block *b;
	uint64_t pc;

	for (uint32_t k = 0; u->ending == JIT_END_EXITS && rx_jit_next_exit(u, &k, &pc);)
		wait_for(f, block_at(f->w, u->block, pc));

	if (u->calls)
		wait_for(f, behind(f->w, u->block));
	if (rx_jit_goes_to(u, &pc)) {
		b = block_anywhere(f->w, u->block, pc);
		if (b && is_hot(f->w, b))
			wait_for(f, b);
	}
	if (u->ending == JIT_END_BRANCH || u->ending == JIT_END_JUMP)
		wait_for(f, target(&links[1]));
	if (u->ending == JIT_END_BRANCH || u->ending == JIT_END_NEXT)
		wait_for(f, target(&links[0]));
}

/* One more unit, if there is room: units are at most so many then. */
static struct rx_jit_unit *add(struct rx_jit_work *w, struct rx_block *b, unsigned most)
{
	struct rx_jit_unit *u = &w->unit[w->n];

	if (unit_of(w, b) >= 0 || w->n >= most || w->insns + b->n > RX_JIT_INSNS)
		return NULL;
	w->block[w->n] = u->block = b;
	u->step[0] = (uint8_t)w->n;
	u->nsteps = 1;
	u->insns = b->n;
	u->trace = -1;
	rx_jit_build(w, u);
	w->n++;
	w->insns += b->n;
	return u;
}

static void collect(struct forming *f)
{
	while (f->n) {
		const struct rx_jit_unit *u = add(f->w, f->waiting[--f->n],
						  RX_JIT_BLOCKS - CLOSING);

		if (u && u->cut)
			successors(f, u);
	}
}

/* Does the block lead back to one of the region? */
static bool closes(const struct rx_jit_work *w, const struct rx_block *b)
{
	for (unsigned k = 0; k < b->nlinks; k++) {
		const struct rx_block *to = target(&rx_jit_links(b)[k]);

		if (to && unit_of(w, to) >= 0)
			return true;
	}
	return false;
}

/*
 * A loop of which only half is here would go from region to region each time, so what
 * closes one is added, however many regions it is in.
 */
static void close_loops(struct rx_jit_work *w)
{
	bool any = !w->alone;

	while (any) {
		any = false;
		for (unsigned k = 0; k < w->n; k++) {
			const struct rx_block *from = w->unit[k].block;

			for (unsigned link = 0; w->unit[k].cut && link < from->nlinks; link++) {
				struct rx_block *b = target(&rx_jit_links(from)[link]);

				if (b && b->plain != rx_thr_step && closes(w, b))
					any = add(w, b, RX_JIT_BLOCKS) || any;
			}
		}
	}
}

/* Bytes of a page in which other blocks' code goes on that begins in front of them. */
struct inside {
	uint64_t at[RX_PAGE_SIZE / 64];
};

static void note_inside(struct inside *in, const struct rx_block *b)
{
	unsigned k = (unsigned)((uintptr_t)b->host & ~RX_PAGE_MASK) + 1, n = b->bytes - 1u;

	while (n) {
		const unsigned some = n < 64 - k % 64 ? n : 64 - k % 64;

		in->at[k / 64 % RX_ARRAY_LEN(in->at)] |= rx_ones(some) << k % 64;
		k += some;
		n -= some;
	}
}

/* Blocks of the start's page that were entered about as often as it was, but no odd ones. */
static void add_hot(struct forming *f, const struct rx_block *start)
{
	const struct rx_cpu *cpu = f->w->g.j->cpu;
	struct rx_block *const first = rx_blocks_of_page(cpu, start->host), *b;
	struct inside in = { { 0 } };

	for (b = first; b; b = b->page_next)
		if (b->mode_key == start->mode_key && same_host_page(b, start))
			note_inside(&in, b);
	for (b = first; b; b = b->page_next) {
		const unsigned at = (uintptr_t)b->host & ~RX_PAGE_MASK;

		if (b->mode_key == start->mode_key && rx_jit_same_page(b, start) &&
		    is_hot(f->w, b) &&
		    (b->incoming || !(in.at[at / 64] >> at % 64 & 1)))
			wait_for(f, b);
	}
}

bool rx_jit_is_odd(const struct rx_cpu *cpu, const struct rx_block *b)
{
	const struct rx_block *other = rx_blocks_of_page(cpu, b->host);

	if (b->incoming)
		return false;
	for (; other; other = other->page_next)
		if (other->host < b->host && b->host < other->host + other->bytes &&
		    other->mode_key == b->mode_key)
			return true;
	return false;
}

static void connect(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	const struct rx_link *links = rx_jit_links(u->block);
	uint64_t pc;

	u->back = u->to[0] = u->to[1] = -1;
	if (!u->cut)
		return;
	if (u->ending == JIT_END_BRANCH || u->ending == JIT_END_NEXT)
		u->to[0] = unit_of(w, target(&links[0]));
	if (u->ending == JIT_END_BRANCH || u->ending == JIT_END_JUMP)
		u->to[1] = unit_of(w, target(&links[1]));
	for (uint32_t k = 0, n = 0;
	     u->ending == JIT_END_EXITS && n < 2 && rx_jit_next_exit(u, &k, &pc);)
		if ((u->to[n] = unit_of(w, block_at(w, u->block, pc))) >= 0)
			n++;
	if (rx_jit_goes_to(u, &pc)) {	/* as if it were a link */
		u->to[1] = unit_of(w, block_anywhere(w, u->block, pc));
		if (u->to[1] >= 0 && w->unit[u->to[1]].cut)
			u->ending = JIT_END_JUMP;
	}
	if (u->calls)
		u->back = unit_of(w, behind(w, u->block));
	for (unsigned k = 0; k < 2; k++)
		if (u->to[k] >= 0 && !w->unit[u->to[k]].cut)
			u->to[k] = -1;
	if (u->back >= 0 && !w->unit[u->back].cut)
		u->back = -1;
	if (u->to[1] < 0 && (u->ending == JIT_END_JUMP || rx_jit_goes_to(u, &pc)))
		u->back = -1;	/* what is called is elsewhere */
}

/* ---- loops --------------------------------------------------------------- */

_Static_assert(RX_JIT_BLOCKS <= 64, "sets of units are masks");

static uint64_t bit(int k)
{
	return k < 0 ? 0 : UINT64_C(1) << k;
}

/* Units that are reached from each, by at least one step. */
static void close_over(const struct rx_jit_work *w, const uint64_t *edge, uint64_t *reach)
{
	for (unsigned k = 0; k < w->n; k++) {
		uint64_t all = edge[k], todo = all;

		while (todo) {
			const unsigned via = (unsigned)__builtin_ctzll(todo);
			const uint64_t more = via < k ? reach[via] : edge[via];

			todo &= todo - 1;
			if (via < k)	/* all that it reaches is known */
				todo &= ~more;
			todo |= more & ~all;
			all |= more;
		}
		reach[k] = all;
	}
}

/* The first unit of the loop that an edge from outside leads to; the first one if none. */
static int head_of(const struct rx_jit_work *w, const uint64_t *edge, uint64_t loop)
{
	uint64_t in = 0;

	for (unsigned k = 0; k < w->n; k++)
		in |= loop >> k & 1 ? 0 : edge[k];
	return __builtin_ctzll(in & loop ? in & loop : loop);
}

/* A function that calls itself goes on, where it returns, behind that call. */
static void add_returns(const struct rx_jit_work *w, uint64_t *edge)
{
	uint64_t reach[RX_JIT_BLOCKS];

	close_over(w, edge, reach);
	for (unsigned k = 0; k < w->n; k++) {
		const struct rx_jit_unit *call = &w->unit[k];
		uint64_t inside;

		if (call->back < 0 || call->to[1] < 0)
			continue;
		inside = bit(call->to[1]) | reach[call->to[1]];
		for (unsigned j = 0; inside >> k & 1 && j < w->n; j++)
			if (inside >> j & 1 && w->unit[j].cut && !w->unit[j].calls &&
			    w->unit[j].ending == JIT_END_INDIRECT)
				edge[j] |= bit(call->back);
	}
}

/*
 * A loop is a set of units that all reach each other. Without the edges to where
 * it is entered, what is left of loops in it is one deeper; so is that unit where it
 * is a loop alone.
 */
static void find_loops(struct rx_jit_work *w)
{
	uint64_t edge[RX_JIT_BLOCKS] = { 0 }, reach[RX_JIT_BLOCKS], linked = 1;

	for (unsigned k = 0; k < w->n; k++) {
		const struct rx_jit_unit *u = &w->unit[k];

		edge[k] = bit(u->to[0]) | bit(u->to[1]) | bit(u->back);
		linked |= edge[k];
		w->unit[k].depth = 0;
	}
	w->linked = linked;
	/* what no link leads to is where computed jumps go */
	for (unsigned k = 0; k < w->n; k++)
		if (w->unit[k].cut && w->unit[k].ending == JIT_END_INDIRECT)
			edge[k] |= ~linked & (~UINT64_C(0) >> (64 - w->n));
	if (w->frames)
		add_returns(w, edge);
	for (unsigned level = 1; level < RX_JIT_DEPTHS; level++) {
		uint64_t heads = 0, seen = 0, loop;
		int head;

		close_over(w, edge, reach);
		for (unsigned k = 0; k < w->n; k++) {
			if (!(reach[k] >> k & 1))
				continue;
			w->unit[k].depth++;
			if (seen >> k & 1)
				continue;
			loop = 0;
			for (unsigned j = k; j < w->n; j++)
				if (reach[k] >> j & 1 && reach[j] >> k & 1)
					loop |= bit((int)j);
			head = head_of(w, edge, loop);
			if (edge[head] >> head & 1 && level < RX_JIT_DEPTHS - 1 &&
			    loop != bit(head))
				w->unit[head].depth++;
			heads |= bit(head);
			seen |= loop;
		}
		if (!heads)
			break;
		for (unsigned k = 0; k < w->n; k++)
			edge[k] &= ~heads;
	}
}

bool rx_jit_form(struct rx_jit_work *w, struct rx_block *start)
{
	struct forming f = { .w = w };
	uint64_t pc;

	w->n = w->nblocks = w->insns = 0;
	w->frames = w->indirect = false;
	w->one_page = true;
	wait_for(&f, start);
	collect(&f);
	if (!w->n || !w->unit[0].cut)
		return false;
	for (unsigned k = 0; k < w->n; k++)
		w->indirect = w->indirect || (w->unit[k].cut &&
			w->unit[k].ending == JIT_END_INDIRECT && !rx_jit_goes_to(&w->unit[k], &pc));
	if (w->indirect) {
		add_hot(&f, start);
		collect(&f);
	}
	close_loops(w);
	for (unsigned k = 0; k < w->n; k++) {
		connect(w, &w->unit[k]);
		w->frames = w->frames || w->unit[k].back >= 0;
		w->one_page = w->one_page && rx_jit_same_page(w->unit[k].block, start);
	}
	find_loops(w);
	w->nblocks = w->n;
	rx_jit_add_traces(w);
	return true;
}
