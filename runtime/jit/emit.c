/* emit.c - jumps, and the code that lies behind a region's blocks. SPDX-License-Identifier: MIT */
#include "core/thr.h"
#include "core/vm.h"
#include "fp/fp.h"
#include "fp/host.h"
#include "jit/frame.h"

#define JUMP(c) rg_x86_emit_j##c##_rel32_64,
static unsigned (*const jump_if[])(uint8_t *, uint64_t) = {
	JUMP(o) JUMP(no) JUMP(b) JUMP(ae) JUMP(e) JUMP(ne) JUMP(be) JUMP(a)
	JUMP(s) JUMP(ns) JUMP(p) JUMP(np) JUMP(l) JUMP(ge) JUMP(le) JUMP(g)
};

uint8_t *rx_jit_jmp(struct rx_jit_gen *g)
{
	E(g, jmp_rel32_64, 0);
	return g->at;
}

uint8_t *rx_jit_jcc(struct rx_jit_gen *g, unsigned cc)
{
	rx_jit_wrote(g, jump_if[cc](g->at, 0));
	return g->at;
}

uint8_t *rx_jit_call(struct rx_jit_gen *g)
{
	E(g, call_rel32_64, 0);
	return g->at;
}

void rx_jit_patch(uint8_t *from, const uint8_t *to)
{
	const int32_t distance = (int32_t)(to - from);

	__builtin_memcpy(from - 4, &distance, 4);
}

/* ---- counting ------------------------------------------------------------ */

void rx_jit_count(struct rx_jit_gen *g, unsigned which, int32_t by)
{
	const struct rx_px_values at = rx_jit_mem(R8, 0);

	if (!g->j->cpu->vm->jit.counts || !by)
		return;
	E(g, movabs_r64_i64, R8, (uint64_t)(uintptr_t)&g->j->count[which]);
	E(g, add_m64_i32, &at, (uint64_t)(int64_t)by);
}

void rx_jit_count_done(struct rx_jit_gen *g, struct rx_jit_done done, bool undo)
{
	const int32_t called = __builtin_popcountll(done.called);
	const int32_t native = (int32_t)done.n - called;

	rx_jit_count(g, RX_JIT_NATIVE, undo ? -native : native);
	rx_jit_count(g, RX_JIT_CALLED, undo ? -called : called);
}

/* Of the unit's instructions those from number k on. */
static struct rx_jit_done rest(const struct rx_jit_gen *g, unsigned k)
{
	struct rx_jit_done r = { 0, 0 };

	if (k >= g->done.n)
		return r;
	r.n = g->done.n - k;
	r.called = k < 64 ? g->done.called >> k : 0;
	return r;
}

/* The number of the instruction in the unit. */
static unsigned number(const struct rx_jit_gen *g)
{
	return g->before + (unsigned)(g->record - g->block->insn);
}

struct rx_jit_stub *rx_jit_new_stub(struct rx_jit_gen *g, uint8_t *from)
{
	struct rx_jit_stub *s = &g->stub[g->nstubs];

	if (g->nstubs == JIT_STUBS) {
		g->failed = true;
		return NULL;
	}
	g->nstubs++;
	*s = (struct rx_jit_stub){ .from = from, .dirty = g->dirty, .raw = g->raw & g->dirty,
				   .behind = (uint8_t)g->behind, .unit = -1,
				   .direction = (uint8_t)g->direction,
				   .lags = (uint16_t)g->lags };
	return s;
}

void rx_jit_stub(struct rx_jit_gen *g, uint8_t *from, enum rx_jit_tail tail, const void *record)
{
	struct rx_jit_stub *s = rx_jit_new_stub(g, from);

	if (!s)
		return;
	s->kind = JIT_TO_TAIL;
	s->tail = (uint8_t)tail;
	s->record = record;
	if (tail == JIT_SLOW || tail == JIT_WENT || tail == JIT_FAULT ||
	    (tail == JIT_POLLED && record))
		s->rest = rest(g, number(g) + (tail == JIT_WENT));
	if (tail == JIT_EXIT)
		s->rest = rest(g, g->done.n - g->behind);
}

void rx_jit_unit_stub(struct rx_jit_gen *g, uint8_t *from, unsigned unit, bool far, unsigned done)
{
	struct rx_jit_stub *s = rx_jit_new_stub(g, from);

	if (!s)
		return;
	s->kind = JIT_TO_UNIT;
	s->unit = (int8_t)unit;
	s->far = far;
	s->raw = g->raw;
	s->behind = (uint8_t)(g->done.n - done);
	s->rest = rest(g, done);
}

void rx_jit_budget_stub(struct rx_jit_gen *g, uint8_t *from, unsigned unit)
{
	struct rx_jit_stub *s = &g->stub[g->nstubs];

	rx_jit_unit_stub(g, from, unit, false, 0);
	if (!g->failed)
		s->rest = (struct rx_jit_done){ 0, 0 };	/* of what was counted */
}

void rx_jit_goto_stub(struct rx_jit_gen *g, uint8_t *from, uint64_t pc)
{
	struct rx_jit_stub *s = rx_jit_new_stub(g, from);

	if (!s)
		return;
	s->kind = JIT_TO_TAIL;
	s->tail = JIT_GOTO;
	s->known = true;
	s->pc = pc;
}

void rx_jit_nan_stub(struct rx_jit_gen *g, uint8_t *from, uint8_t xmm, bool single)
{
	struct rx_jit_stub *s = rx_jit_new_stub(g, from);

	if (!s)
		return;
	s->kind = JIT_TO_NAN;
	s->reg = xmm;
	s->single = single;
	s->back = g->at;
}

void rx_jit_nans_stub(struct rx_jit_gen *g, uint8_t *from, uint8_t x, uint8_t y)
{
	struct rx_jit_stub *s = rx_jit_new_stub(g, from);

	if (!s)
		return;
	s->kind = JIT_TO_NANS;
	s->factor[0] = x;
	s->factor[1] = y;
	s->back = g->at;
}

void rx_jit_product_stub(struct rx_jit_gen *g, uint8_t *from, uint8_t x, uint8_t y, bool single)
{
	struct rx_jit_stub *s = rx_jit_new_stub(g, from);

	if (!s)
		return;
	s->kind = JIT_TO_PRODUCT;
	s->factor[0] = x;
	s->factor[1] = y;
	s->single = single;
	s->back = g->at;
}

void rx_jit_site_stub(struct rx_jit_gen *g, uint8_t *from, struct rx_jit_walk walk, unsigned site,
		      unsigned size, unsigned allow)
{
	struct rx_jit_stub *s = rx_jit_new_stub(g, from);

	if (!s)
		return;
	s->kind = JIT_TO_LOOK_UP;
	s->walk = walk.reg;
	s->addend = walk.addend;
	s->base = walk.base;
	s->on = walk.on;
	s->by = (int32_t)walk.by;
	s->disp = (int32_t)walk.disp;
	s->site = (uint8_t)site;
	s->size = (uint16_t)size;
	s->allow = (uint8_t)allow;
	s->record = g->record;
	s->back = g->at;
	s->unit = (int8_t)g->plain;
	if (g->plain >= 0)	/* nothing is done yet */
		s->behind = (uint8_t)g->done.n;
	s->rest = rest(g, g->plain >= 0 ? 0 : number(g));
}

void rx_jit_direct(struct rx_jit_gen *g, unsigned from, unsigned to)
{
	static const uint8_t control[] = { [RX_RNE] = 0, [RX_RTZ] = 3, [RX_RDN] = 1, [RX_RUP] = 2 };
	const struct rx_px_values word = rx_jit_mem(RSP, JIT_WORD);

	if (from == to)
		return;
	E(g, stmxcsr_m32, &word);
	if (from != RX_RNE)
		E(g, and_m32_i32, &word, ~(uint64_t)(3u << RX_MXCSR_RC));
	if (to != RX_RNE)
		E(g, or_m32_i32, &word, (uint64_t)control[to] << RX_MXCSR_RC);
	E(g, ldmxcsr_m32, &word);
}

/* ---- homes --------------------------------------------------------------- */

void rx_jit_load_homes(struct rx_jit_gen *g, uint32_t which)
{
	for (unsigned k = 0; k < g->nhomes; k++) {
		const struct rx_px_values from = rx_jit_mem(RDI, (int64_t)g->home[k].offset);

		if (!(which >> k & 1))
			continue;
		if (g->home[k].fp)
			E(g, movsd_xmm_m64, g->home[k].reg, &from);
		else
			E(g, mov_r64_m64, g->home[k].reg, &from);
	}
}

static void canonical_nan(struct rx_jit_gen *g, uint8_t xmm, bool single, uint8_t scratch)
{
	rx_jit_number(g, scratch, single ? UINT64_C(0x7fc00000) : UINT64_C(0x7ff8000000000000));
	E(g, movq_xmm_r64, xmm, scratch);
}

/* Infinity times zero is invalid; the host says nothing where a quiet NaN is added to it. */
static void check_product(struct rx_jit_gen *g, const struct rx_jit_stub *s)
{
	uint8_t *skip[2];

	/* without their signs, at the top */
	E(g, movq_r64_xmm, RAX, s->factor[0]);
	E(g, movq_r64_xmm, RSI, s->factor[1]);
	E(g, shl_r64_i8, RAX, s->single ? 33 : 1);
	E(g, shl_r64_i8, RSI, s->single ? 33 : 1);
	rx_jit_number(g, R8, s->single ? UINT64_C(0xff) << 56 : UINT64_C(0x7ff) << 53);
	for (unsigned k = 0; k < 2; k++) {
		E(g, test_r64_r64, k ? RSI : RAX, k ? RSI : RAX);
		skip[0] = rx_jit_jcc(g, CC_NE);
		E(g, cmp_r64_r64, k ? RAX : RSI, R8);
		skip[1] = rx_jit_jcc(g, CC_NE);
		E(g, movq_xmm_r64, 0, k ? RSI : RAX);
		E(g, divsd_xmm_xmm, 0, 0);	/* 0 by 0 */
		rx_jit_patch(skip[0], g->at);
		rx_jit_patch(skip[1], g->at);
	}
	canonical_nan(g, 0, s->single, RSI);
	rx_jit_patch(rx_jit_jmp(g), s->back);
}

/* The NaN of a home becomes the canonical one. Keeps rax and rsi. */
static void mend(struct rx_jit_gen *g, uint8_t xmm)
{
	uint8_t *number;

	E(g, ucomisd_xmm_xmm, xmm, xmm);
	number = rx_jit_jcc(g, CC_NP);
	canonical_nan(g, xmm, false, R8);
	rx_jit_patch(number, g->at);
}

/* All of these homes, two at a time: they have no order where one is a NaN. */
static void mend_all(struct rx_jit_gen *g, uint32_t which)
{
	while (which) {
		const uint8_t x = g->home[__builtin_ctz(which)].reg;
		uint8_t *numbers, y;

		which &= which - 1;
		if (!which) {
			mend(g, x);
			break;
		}
		y = g->home[__builtin_ctz(which)].reg;
		which &= which - 1;
		E(g, ucomisd_xmm_xmm, x, y);
		numbers = rx_jit_jcc(g, CC_NP);
		mend(g, x);
		mend(g, y);
		rx_jit_patch(numbers, g->at);
	}
}

void rx_jit_store_homes(struct rx_jit_gen *g, uint32_t which, uint32_t raw)
{
	for (unsigned k = 0; k < g->nhomes; k++) {
		const struct rx_px_values to = rx_jit_mem(RDI, (int64_t)g->home[k].offset);

		if (!(which >> k & 1))
			continue;
		if (raw >> k & 1)
			mend(g, g->home[k].reg);
		if (g->home[k].fp)
			E(g, movsd_m64_xmm, &to, g->home[k].reg);
		else
			E(g, mov_m64_r64, &to, g->home[k].reg);
	}
}

/* ---- ways out ------------------------------------------------------------ */

static void go_to(struct rx_jit_gen *g, rx_handler *handler)
{
	E(g, movabs_r64_i64, RAX, (uint64_t)(uintptr_t)handler);
	E(g, jmp_r64, RAX);
}

/* The C caller's frame, and what handlers get; guest calls that have not returned are forgotten. */
static void unwind(struct rx_jit_gen *g)
{
	const struct rx_px_values sp = rx_jit_mem(RDI, offsetof(struct rx_cpu, native_sp));
	const struct rx_px_values tlb = rx_jit_mem(RDI, offsetof(struct rx_cpu, tlb));

	E(g, mov_r64_m64, RSP, &sp);
	E(g, mov_r64_m64, RCX, &tlb);
}

static void go_to_handler(struct rx_jit_gen *g)
{
	const struct rx_px_values m = rx_jit_mem(RSI, offsetof(struct rx_insn, handler));

	E(g, jmp_m64, &m);
}

static void make_exit(struct rx_jit_gen *g)
{
	struct rx_px_values m = rx_jit_mem(RSI, offsetof(struct rx_link, cost));
	uint8_t *out;

	E(g, sub_r64_m64, RDX, &m);
	out = rx_jit_jcc(g, CC_S);
	m = rx_jit_mem(RSI, offsetof(struct rx_link, first));
	E(g, mov_r64_m64, RSI, &m);
	go_to_handler(g);
	rx_jit_patch(out, g->at);
	go_to(g, rx_thr_out);
}

static void make_went(struct rx_jit_gen *g)
{
	uint8_t *on;

	E(g, test_r64_r64, RAX, RAX);
	on = rx_jit_jcc(g, CC_NE);
	E(g, ret_64);
	rx_jit_patch(on, g->at);
	rx_jit_move(g, RSI, RAX);
	go_to_handler(g);
}

static void make_tail(struct rx_jit_gen *g, unsigned tail)
{
	const struct rx_px_values pc = rx_jit_mem(RDI, offsetof(struct rx_cpu, pc));
	const struct rx_px_values budget = rx_jit_mem(RDI, offsetof(struct rx_cpu, budget));

	unwind(g);
	rx_jit_count(g, RX_JIT_WAYS + tail, 1);
	switch (tail) {
	case JIT_SLOW:
		go_to(g, rx_thr_slow);
		break;
	case JIT_FAULT:
		go_to(g, rx_jit_fault);
		break;
	case JIT_OUT:
	case JIT_POLLED:
		E(g, mov_m64_r64, &budget, RDX);
		E(g, mov_m64_r64, &pc, RAX);
		E(g, ret_64);
		break;
	case JIT_LEAVE:
		go_to_handler(g);
		break;
	case JIT_EXIT:
		make_exit(g);
		break;
	case JIT_GOTO:
		E(g, mov_m64_r64, &pc, RAX);
		go_to(g, rx_thr_goto);
		break;
	default:
		make_went(g);
	}
}

/* rax: the address that the site does not have. */
static void address_of(struct rx_jit_gen *g, const struct rx_jit_stub *s)
{
	const struct rx_px_values page = JIT_SITE(g, s->site, page),
		there = rx_jit_mem(s->base, s->disp), ahead = rx_jit_mem2(RAX, s->walk, s->by);

	if (s->base != JIT_NO_REG) {
		E(g, lea_r64_m, RAX, &there);
		return;
	}
	E(g, mov_r64_m64, RAX, &page);
	if (s->by)
		E(g, lea_r64_m, RAX, &ahead);
	else
		E(g, add_r64_r64, RAX, s->walk);
}

static void look_up_site(struct rx_jit_gen *g, const struct rx_jit_stub *s)
{
	const struct rx_px_values page = JIT_SITE(g, s->site, page),
		limit = JIT_SITE(g, s->site, limit),
		addend = JIT_SITE(g, s->site, addend),
		entry = rx_jit_mem(RSI, offsetof(struct rx_tlb_entry, addend)),
		back = rx_jit_mem(RAX, -(int64_t)s->by);
	const unsigned more = g->nstubs;

	address_of(g, s);
	g->record = s->record;
	g->dirty = s->dirty;
	g->raw = s->raw;
	g->direction = s->direction;
	g->lags = s->lags;
	g->plain = s->unit;
	rx_jit_look_up(g, s->size, s->allow);
	for (unsigned k = more; k < g->nstubs; k++) {
		g->stub[k].rest = s->rest;
		g->stub[k].behind = s->behind;
	}
	E(g, mov_m64_r64, &page, R8);
	if (!s->on)
		E(g, mov_m64_i32, &limit, (uint64_t)(RX_PAGE_SIZE - s->size + 1));
	E(g, mov_r64_m64, RSI, &entry);
	E(g, mov_m64_r64, &addend, RSI);
	if (s->addend != JIT_NO_REG)
		rx_jit_move(g, s->addend, RSI);
	if (s->walk != R8) {
		E(g, sub_r64_r64, RAX, R8);
		if (s->by)
			E(g, lea_r64_m, s->walk, &back);
		else
			rx_jit_move(g, s->walk, RAX);
	}
	g->direction = RX_RNE;
	rx_jit_patch(rx_jit_jmp(g), s->back);
}

/* What the way out needs to know. */
static void say_where(struct rx_jit_gen *g, const struct rx_jit_stub *s)
{
	if (s->known)
		rx_jit_number(g, RAX, s->pc);
	if (s->tail == JIT_OUT) {
		const struct rx_block *b = s->record;

		rx_jit_number(g, RAX, b->pc);
		E(g, add_r64_i8, RDX, b->n);
	} else if (s->tail == JIT_POLLED && s->record) {
		const struct rx_insn *i = s->record;

		rx_jit_number(g, RAX, i->pc);
		E(g, add_r64_i8, RDX, i->left + 1u);
	} else if (s->record) {
		E(g, movabs_r64_i64, RSI, (uint64_t)(uintptr_t)s->record);
	}
}

static bool same_way(const struct rx_jit_stub *a, const struct rx_jit_stub *b)
{
	return a->kind == JIT_TO_TAIL && b->kind == JIT_TO_TAIL && a->tail == b->tail &&
	       a->record == b->record && a->known == b->known && a->pc == b->pc &&
	       a->dirty == b->dirty && a->raw == b->raw && a->behind == b->behind &&
	       a->direction == b->direction && a->lags == b->lags &&
	       a->rest.n == b->rest.n && a->rest.called == b->rest.called;
}

static void make_stub(struct rx_jit_gen *g, const struct rx_jit_stub *s, uint8_t *const *tail)
{
	const uint8_t *there;

	switch (s->kind) {
	case JIT_TO_NAN:
		canonical_nan(g, s->reg, s->single, RSI);
		rx_jit_patch(rx_jit_jmp(g), s->back);
		break;
	case JIT_TO_NANS:
		mend(g, s->factor[0]);
		if (s->factor[1] != s->factor[0])
			mend(g, s->factor[1]);
		rx_jit_patch(rx_jit_jmp(g), s->back);
		break;
	case JIT_TO_PRODUCT:
		check_product(g, s);
		break;
	case JIT_TO_LOOK_UP:
		look_up_site(g, s);
		break;
	case JIT_TO_EXACT:
		rx_jit_make_exact(g, s);
		break;
	case JIT_TO_UNIT:
		rx_jit_direct(g, s->direction, RX_RNE);
		rx_jit_count_done(g, s->rest, true);
		mend_all(g, s->raw);
		rx_jit_make_up(g, s->lags, UINT32_MAX);
		E(g, add_r64_i8, RDX, s->behind);
		rx_jit_jump_to(g, rx_jit_jmp(g), (unsigned)s->unit, s->far);
		break;
	default:
		there = rx_jit_shared(g, s->dirty, s->raw, tail[s->tail]);
		if (there && !s->record && !s->known && !s->behind && !s->direction && !s->lags &&
		    !g->j->cpu->vm->jit.counts) {
			rx_jit_patch(s->from, there);
			break;
		}
		rx_jit_direct(g, s->direction, RX_RNE);
		rx_jit_count_done(g, s->rest, true);
		if (s->behind)
			E(g, add_r64_i8, RDX, s->behind);
		say_where(g, s);
		rx_jit_make_up(g, s->lags, s->dirty);
		rx_jit_store_and_go(g, s->dirty, s->raw, tail[s->tail]);
	}
}

void rx_jit_make_stubs(struct rx_jit_gen *g)
{
	uint8_t *tail[JIT_TAILS], *at = NULL;

	for (unsigned k = 0; k < JIT_TAILS; k++) {
		tail[k] = g->at;
		make_tail(g, k);
	}
	for (unsigned k = 0; k < g->nstubs && !g->failed; k++) {	/* some add others */
		const struct rx_jit_stub *s = &g->stub[k];

		if (g->at > g->end) {
			g->failed = true;
			return;
		}
		if (!k || !same_way(s, s - 1))
			at = g->at;
		rx_jit_patch(s->from, at);
		if (at == g->at)
			make_stub(g, s, tail);
	}
}

void rx_jit_forget_page(struct rx_jit_gen *g, unsigned k)
{
	if (g->page[k].base && g->page[k].reg != JIT_NO_REG)
		g->gpr[g->page[k].reg] = 0;
	if (g->page[k].base && g->page[k].walk != JIT_NO_REG)
		g->gpr[g->page[k].walk] = 0;
	g->page[k].base = 0;
}

void rx_jit_forget_pages(struct rx_jit_gen *g)
{
	for (unsigned k = 0; k < JIT_PAGES; k++)
		rx_jit_forget_page(g, k);
}

/* ---- calls of executors -------------------------------------------------- */

void rx_jit_call_c(struct rx_jit_gen *g, uint64_t fn)
{
	const struct rx_px_values down = rx_jit_mem(RSP, -136), up = rx_jit_mem(RSP, 136);
	const struct rx_px_values cpu = rx_jit_mem(RSP, 0);

	E(g, lea_r64_m, RSP, &down);	/* spilled values stay, the stack is aligned */
	E(g, mov_m64_r64, &cpu, RDI);
	E(g, movabs_r64_i64, RAX, fn);
	E(g, call_r64, RAX);
	E(g, mov_r64_m64, RDI, &cpu);
	E(g, lea_r64_m, RSP, &up);
}

/* Behind the registers that a call may change there is nothing of use: see opt_cse.c. */
void rx_jit_execute(struct rx_jit_gen *g, const struct rx_insn *i)
{
	const struct rx_px_values budget = rx_jit_mem(RDI, offsetof(struct rx_cpu, budget));

	rx_jit_catch_up(g);
	rx_jit_store_homes(g, g->dirty, g->raw);
	g->dirty = g->raw = 0;
	E(g, movabs_r64_i64, RSI, (uint64_t)(uintptr_t)i);
	rx_jit_number(g, RCX, g->sites);
	rx_jit_call_c(g, (uint64_t)(uintptr_t)rx_jit_call_executor);
	E(g, mov_r64_m64, RDX, &budget);
	E(g, movabs_r64_i64, RSI, (uint64_t)(uintptr_t)(i + 1));
	E(g, cmp_r64_r64, RAX, RSI);
	rx_jit_stub(g, rx_jit_jcc(g, CC_NE), JIT_WENT, NULL);
	rx_jit_load_homes(g, (1u << g->nhomes) - 1);
	rx_jit_forget_pages(g);
}
