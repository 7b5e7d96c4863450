/* flow.c - how control goes through a region and out of it. SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/isa.h"
#include "core/thr.h"
#include "jit/frame.h"
#include "jit/region.h"

/* Targets of computed jumps: guest address and code, by bits of the address. */
#define SLOTS 64		/* a bit each in a word */
#define SLOT_BYTES 16
#define SLOT_BITS 4		/* 16 is 1 << 4 */
#define SHIFTS 8		/* of addresses that are tried */

void rx_jit_jump_to(struct rx_jit_gen *g, uint8_t *from, unsigned unit, bool far)
{
	if (g->njumps == JIT_JUMPS) {
		g->failed = true;
		return;
	}
	g->jump[g->njumps++] = (struct rx_jit_jump){ from, unit, far };
}

/* Must the mapping be looked at on the way from one block to the other? */
bool rx_jit_is_far(const struct rx_jit_unit *from, const struct rx_jit_unit *to)
{
	return !rx_jit_same_page(from->block, to->block);
}

/* Does the code of unit k come next? */
static bool is_next(const struct rx_jit_work *w, int k)
{
	return w->place + 1 < w->norder && w->order[w->place + 1] == k;
}

/* The jump at `from` (NULL: what stands here) goes over a link of u. */
static void follow(struct rx_jit_work *w, const struct rx_jit_unit *u, uint8_t *from,
		   unsigned link)
{
	struct rx_jit_gen *g = &w->g;
	const int k = rx_jit_to(w, u, link);

	if (k < 0) {
		from = from ? from : rx_jit_jmp(g);
		rx_jit_stub(g, from, JIT_EXIT, rx_jit_links(u->block) + link);
		return;
	}
	if (!from && is_next(w, k) && !rx_jit_is_far(u, &w->unit[k]))
		return;
	rx_jit_jump_to(g, from ? from : rx_jit_jmp(g), (unsigned)k, rx_jit_is_far(u, &w->unit[k]));
}

void rx_jit_side_exit(struct rx_jit_gen *g, rx_sv cond)
{
	struct rx_jit_work *w = (struct rx_jit_work *)g;	/* its first member */
	const struct rx_jit_unit *t = &w->unit[g->unit], *u = &w->unit[t->step[g->step]];
	const unsigned link = t->off[g->step];
	const int k = rx_jit_to(w, u, link);
	uint8_t *from = rx_jit_branch_if(g, cond);

	if (k < 0)
		rx_jit_stub(g, from, JIT_EXIT, rx_jit_links(u->block) + link);
	else
		rx_jit_unit_stub(g, from, (unsigned)k, rx_jit_is_far(u, &w->unit[k]),
				 g->done.n - g->behind);
}

/* Behind a call inside the region: drops the frame, on to where it comes back. */
static void come_back(struct rx_jit_work *w, const struct rx_jit_unit *u)
{
	const struct rx_px_values up = rx_jit_mem(RSP, 8);
	const int back = rx_jit_entered_for(w, u->back);
	struct rx_jit_gen *g = &w->g;

	E(g, lea_r64_m, RSP, &up);
	if (!is_next(w, back))
		rx_jit_jump_to(g, rx_jit_jmp(g), (unsigned)back, false);
}

/* The guest's half of a frame. Uses rax. */
static void push_return(struct rx_jit_gen *g, const struct rx_jit_unit *u)
{
	const uint64_t behind = rx_jit_behind(u->block);

	if ((int64_t)behind == (int32_t)behind) {
		E(g, push_i32_64, behind);
		return;
	}
	rx_jit_number(g, RAX, behind);
	E(g, push_r64, RAX);
}

static void direct_call(struct rx_jit_work *w, const struct rx_jit_unit *u)
{
	const struct rx_px_values limit = rx_jit_mem(RDI, offsetof(struct rx_cpu, native_limit));
	struct rx_jit_gen *g = &w->g;
	const unsigned callee = (unsigned)rx_jit_to(w, u, 1);
	const bool far = rx_jit_is_far(u, &w->unit[callee]);

	E(g, cmp_r64_m64, RSP, &limit);
	rx_jit_jump_to(g, rx_jit_jcc(g, CC_B), callee, far);	/* too many frames */
	push_return(g, u);
	rx_jit_jump_to(g, rx_jit_call(g), callee, far);
	come_back(w, u);
}

static const struct rx_smir_op *exit_of(const struct rx_jit_unit *u)
{
	return &u->fn.ops.at[u->fn.ops.n - 1];
}

/* Is the address that the unit goes on at well-formed, whatever the guest computed? */
static bool is_aligned(const struct rx_jit_gen *g, const struct rx_jit_unit *u)
{
	const struct rx_smir_op *op = rx_jit_def(g, exit_of(u)->arg[0]);
	const uint64_t below = g->isa->min_len - 1;
	uint64_t number;

	if (rx_jit_number_of(g, op->result, &number))
		return !(number & below);
	return op->code == RX_S_AND && rx_jit_number_of(g, op->arg[1], &number) &&
	       !(number & below);
}

/* rax: where to */
static void computed(struct rx_jit_work *w, const struct rx_jit_unit *u)
{
	const struct rx_px_values frame = rx_jit_mem(RSP, 8), slot = rx_jit_mem2(R8, RSI, 0),
				  code = rx_jit_mem2(R8, RSI, 8);
	const struct rx_px_values limit = rx_jit_mem(RDI, offsetof(struct rx_cpu, native_limit));
	struct rx_jit_gen *g = &w->g;
	uint8_t *other, *room, *bad = NULL;

	if (w->frames && !u->calls) {
		if (!is_aligned(g, u)) {	/* the outermost frame has such an address */
			E(g, test_al_i8, g->isa->min_len - 1);
			bad = rx_jit_jcc(g, CC_NE);
		}
		E(g, cmp_r64_m64, RAX, &frame);
		other = rx_jit_jcc(g, CC_NE);
		E(g, ret_64);
		rx_jit_patch(other, g->at);
		if (bad)
			rx_jit_patch(bad, g->at);
	}
	E(g, rorx_r64_r64_i8, RSI, RAX, (w->shift - SLOT_BITS) & 63);
	E(g, and_r32_i32, RSI, (SLOTS - 1) * SLOT_BYTES);
	E(g, movabs_r64_i64, R8, 0);
	if (g->ntables == JIT_TABLES) {
		g->failed = true;
		return;
	}
	g->table[g->ntables++] = g->at;
	E(g, cmp_r64_m64, RAX, &slot);
	rx_jit_stub(g, rx_jit_jcc(g, CC_NE), JIT_GOTO, NULL);
	if (u->back < 0) {
		E(g, jmp_m64, &code);
		return;
	}
	E(g, cmp_r64_m64, RSP, &limit);
	room = rx_jit_jcc(g, CC_AE);
	E(g, jmp_m64, &code);
	rx_jit_patch(room, g->at);
	push_return(g, u);
	E(g, call_m64, &code);
	come_back(w, u);
}

static void end_block(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	struct rx_jit_gen *g = &w->g;
	const struct rx_smir_block *b = rx_jit_part(g);
	const struct rx_jit_unit *last = rx_jit_last(w, u);
	uint64_t pc;

	switch (u->ending) {
	case JIT_END_BRANCH:
		for (uint32_t k = g->op; k < b->nops; k++) {
			const struct rx_smir_op *op = &u->fn.ops.at[b->first + k];

			if (op->code == RX_S_EXITIF)
				follow(w, last, rx_jit_branch_if(g, op->arg[0]), 1);
		}
		follow(w, last, NULL, 0);
		break;
	case JIT_END_JUMP:
		if (last->back >= 0)
			direct_call(w, last);
		else
			follow(w, last, NULL, 1);
		break;
	case JIT_END_INDIRECT:
		if (rx_jit_goes_to(u, &pc)) {
			rx_jit_goto_stub(g, rx_jit_jmp(g), pc);
			break;
		}
		rx_jit_move(g, RAX, rx_jit_use(g, exit_of(u)->arg[0], RAX));
		if (g->polls)
			rx_jit_poll(g, NULL);
		computed(w, last);
		break;
	case JIT_END_NEXT:
		if (g->polls) {
			rx_jit_number(g, RAX, rx_jit_behind(u->block));
			rx_jit_poll(g, NULL);
		}
		follow(w, last, NULL, 0);
		break;
	case JIT_END_EXITS:
		break;		/* they are done */
	default:
		if (g->polls)
			rx_jit_poll(g, &u->block->insn[u->cut]);
		rx_jit_stub(g, rx_jit_jmp(g), JIT_LEAVE, &u->block->insn[u->cut]);
	}
}

/* ---- blocks -------------------------------------------------------------- */

static void start_block(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	struct rx_jit_gen *g = &w->g;

	g->f = &u->fn;
	g->block = u->block;
	g->record = u->block->insn;
	g->def = w->def;
	g->uses = w->uses;
	g->done = (struct rx_jit_done){ u->called, u->cut };
	g->nsteps = u->nsteps;
	g->step = g->before = 0;
	for (unsigned k = 0; k < u->nsteps; k++)
		g->steps[k] = w->unit[u->step[k]].block;
	g->behind = u->insns - u->block->n;
	g->plain = rx_jit_is_trace(w, u) ? u->step[0] : -1;
	g->guards = u->guard;
	g->nguards = g->plain >= 0 ? u->nguards : 0;
	g->body = g->plain >= 0 ? u->body : 0;
	g->never = rx_jit_is_counted(u) ? u->tests : 0;
	g->unit = (unsigned)(u - w->unit);
	g->dirty = u->dirty;
	g->raw = 0;
	g->lags = 0;
	g->depth = u->depth;
	rx_jit_free_slots(g);
	g->ways = u->ways;
	g->way = 0;
	g->polling = u->polls;
	g->polls = false;
	rx_jit_begin_values(g, u->ending != JIT_END_INDIRECT && u->ending != JIT_END_EXITS);
	rx_jit_begin_parts(w, u);
	rx_jit_order_uses(g, u->ending != JIT_END_INDIRECT && u->ending != JIT_END_EXITS);
	rx_jit_find_parts(g);
}

/* From another page: is the block's still mapped as it was? rax is free. */
static void look_at_mapping(struct rx_jit_gen *g, struct rx_jit_unit *u)
{
	const struct rx_block *b = u->block;
	const int64_t entry = (int64_t)(b->pc >> RX_PAGE_BITS & (RX_TLB_ENTRIES - 1)) *
			      (int64_t)sizeof(struct rx_tlb_entry);
	struct rx_px_values m;
	uint8_t *bad[2];

	u->from_far = g->at;
	rx_jit_number(g, RAX, b->pc & RX_PAGE_MASK);
	m = rx_jit_mem(RDI, offsetof(struct rx_cpu, tlb));
	E(g, mov_r64_m64, RSI, &m);
	m = rx_jit_mem(RSI, entry + (int64_t)(offsetof(struct rx_tlb_entry, tag) + 8 * RX_ACC_X));
	E(g, cmp_r64_m64, RAX, &m);
	bad[0] = rx_jit_jcc(g, CC_NE);
	rx_jit_number(g, RAX, rx_jit_addend(b));
	m = rx_jit_mem(RSI, entry + (int64_t)offsetof(struct rx_tlb_entry, addend));
	E(g, cmp_r64_m64, RAX, &m);
	rx_jit_number(g, RAX, b->pc);
	bad[1] = rx_jit_jcc(g, CC_NE);
	rx_jit_jump_to(g, rx_jit_jmp(g), g->unit, false);
	rx_jit_patch(bad[0], g->at);
	rx_jit_number(g, RAX, b->pc);
	rx_jit_patch(bad[1], g->at);
	g->dirty = u->dirty;
	g->raw = 0;
	rx_jit_stub(g, rx_jit_jmp(g), JIT_GOTO, NULL);
}

static void make_block(struct rx_jit_work *w, struct rx_jit_unit *u)
{
	struct rx_jit_gen *g = &w->g;

	start_block(w, u);
	u->enter = g->at;
	E(g, sub_r64_i8, RDX, u->insns);
	if (g->plain >= 0)
		rx_jit_budget_stub(g, rx_jit_jcc(g, CC_S), (unsigned)g->plain);
	else
		rx_jit_stub(g, rx_jit_jcc(g, CC_S), JIT_OUT, u->block);
	u->entered = g->at;
	rx_jit_count_done(g, g->done, false);
	if (g->never)
		rx_jit_guard_count(g, u, (unsigned)u->tested);
	rx_jit_guard_pages(g);
	if (g->plain >= 0)
		rx_jit_guard_signs(g, u);
	g->plain = -1;
	u->again = g->at;
	rx_jit_lower_parts(w, u);
	if (!g->failed && !g->body)
		end_block(w, u);
	else if (!g->failed && rx_jit_end_loop(w, u))
		follow(w, rx_jit_last(w, u), NULL, !u->closing);
}

/* ---- behind the blocks --------------------------------------------------- */

static uint64_t executable(const struct rx_jit_gen *g, const uint8_t *at)
{
	return (uintptr_t)(g->j->code.rx + (at - g->j->code.rw));
}

static unsigned slot_of(const struct rx_jit_unit *u, unsigned shift)
{
	return u->block->pc >> shift & (SLOTS - 1);
}

/* Units of a set that find their slot taken; *taken: slots. */
static unsigned collisions(const struct rx_jit_work *w, uint64_t units, unsigned shift,
			   uint64_t *taken)
{
	unsigned n = 0;

	for (unsigned k = 0; k < w->nblocks; k++) {
		const uint64_t slot = UINT64_C(1) << slot_of(&w->unit[k], shift);

		if (!w->unit[k].cut || !(units >> k & 1))
			continue;
		n += (*taken & slot) != 0;
		*taken |= slot;
	}
	return n;
}

/* Bits of an address that tell the units apart, above all those that no link leads to. */
static void choose_shift(struct rx_jit_work *w)
{
	unsigned least = UINT32_MAX;

	for (unsigned shift = 1; shift <= SHIFTS && least; shift++) {
		uint64_t taken = 0;
		unsigned n = collisions(w, ~w->linked, shift, &taken) * RX_JIT_BLOCKS;

		n += collisions(w, w->linked, shift, &taken);
		if (n < least) {
			least = n;
			w->shift = shift;
		}
	}
}

static void fill_slots(struct rx_jit_work *w, uint64_t units, uint64_t table[][SLOT_BYTES / 8])
{
	for (unsigned k = w->nblocks; k-- > 0;) {
		const struct rx_jit_unit *u = &w->unit[k];
		uint64_t *slot = table[slot_of(u, w->shift)];

		if (!u->cut || !(units >> k & 1))
			continue;
		slot[0] = u->block->pc;
		u = &w->unit[rx_jit_entered_for(w, (int)k)];
		slot[1] = executable(&w->g, w->one_page ? u->enter : u->from_far);
	}
}

/* Where computed jumps go to. A unit that finds its slot taken is looked up each time. */
static void make_table(struct rx_jit_work *w)
{
	struct rx_jit_gen *g = &w->g;
	uint64_t table[SLOTS][SLOT_BYTES / 8];

	for (uint64_t k = 0; k < SLOTS; k++) {	/* empty: no address of this slot */
		table[k][0] = ~(k << w->shift);
		table[k][1] = 0;
	}
	fill_slots(w, w->linked, table);
	fill_slots(w, ~w->linked, table);
	g->at = (uint8_t *)(((uintptr_t)g->at + 63) & ~(uintptr_t)63);
	for (unsigned k = 0; k < g->ntables; k++) {
		const uint64_t at = executable(g, g->at);

		memcpy(g->table[k] - 8, &at, 8);
	}
	memcpy(g->at, table, sizeof(table));
	g->at += sizeof(table);
}

/* Units that are jumped to from blocks of other pages. */
static uint64_t far_units(const struct rx_jit_work *w)
{
	const struct rx_jit_gen *g = &w->g;
	uint64_t far = g->ntables && !w->one_page ? ~UINT64_C(0) : 0;

	for (unsigned k = 0; k < g->njumps; k++)
		if (g->jump[k].far)
			far |= UINT64_C(1) << g->jump[k].unit;
	for (unsigned k = 0; k < g->nstubs; k++)	/* which jump later */
		if (g->stub[k].kind == JIT_TO_UNIT && g->stub[k].far)
			far |= UINT64_C(1) << g->stub[k].unit;
	return far;
}

static void make_entries(struct rx_jit_work *w)
{
	struct rx_jit_gen *g = &w->g;
	const uint64_t far = far_units(w);

	for (unsigned k = 0; k < w->n && !g->failed; k++) {
		struct rx_jit_unit *u = &w->unit[k];

		if (!u->cut)
			continue;
		if (g->at > g->end) {
			g->failed = true;
			return;
		}
		g->unit = k;
		if (k < w->nblocks) {
			u->entry = g->at;
			rx_jit_count(g, RX_JIT_ENTERED, 1);
			rx_jit_enter(g, u->live, u->entered);
		}
		if (far >> k & 1)
			look_at_mapping(g, u);
	}
}

void rx_jit_make_code(struct rx_jit_work *w)
{
	struct rx_jit_gen *g = &w->g;

	g->nlags = 1;	/* the first is that there are none */
	rx_jit_divide_sites(w);
	rx_jit_lay_out(w);
	if (w->indirect)
		choose_shift(w);
	for (w->place = 0; w->place < w->norder && !g->failed; w->place++)
		make_block(w, &w->unit[w->order[w->place]]);
	g->cold = g->at;
	make_entries(w);
	rx_jit_make_stubs(g);
	for (unsigned k = 0; k < g->njumps && !g->failed; k++) {
		const unsigned unit = g->jump[k].unit;
		const struct rx_jit_unit *to = &w->unit[unit % RX_JIT_UNITS];

		rx_jit_patch(g->jump[k].from, unit >= RX_JIT_UNITS ? to->left :
			     g->jump[k].far ? to->from_far : to->enter);
	}
	g->data = g->at;
	if (g->ntables && !g->failed)
		make_table(w);
}
