/* lower_mem.c - host code of memory accesses. SPDX-License-Identifier: MIT
 *
 * An access looks its page up in the TLB and leaves to the executor where that
 * misses. Where several accesses of a block have the same base, the first one
 * looks for all: if all lie on one page that allows them, the page's distance
 * from host memory stays in a register. Nothing changes the TLB while compiled
 * code runs, but for executors that it calls (rx_jit_execute() forgets pages).
 */
#include "core/tlb.h"
#include "jit/lower.h"

#define SPAN 256	/* bytes that accesses may lie apart to share a look-up */

/* base + offset of an access */
struct place {
	rx_sv base;
	int64_t offset;
};

bool rx_jit_is_access(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	return op->code == RX_S_LOAD || op->code == RX_S_STORE ||
	       rx_jit_is_whole(f, op) || rx_jit_lowers_rmw(op);
}

static enum rx_access kind_of(const struct rx_smir_op *op)
{
	return op->code == RX_S_LOAD || op->code == RX_S_LOADIF ? RX_ACC_R : RX_ACC_W;
}

static unsigned size_of(const struct rx_smir_op *op)
{
	return rx_smir_bits[op->type] / 8;
}

static bool is_near(int64_t offset)
{
	return offset > -JIT_PLUS && offset < JIT_PLUS;
}

static struct place place_of(const struct rx_jit_gen *g, rx_sv address)
{
	const struct rx_smir_op *op = rx_jit_def(g, address);
	uint64_t imm;

	if (op->result == address && op->code == RX_S_ADD && op->type == RX_I64 &&
	    rx_jit_number_of(g, op->arg[1], &imm) && is_near((int64_t)imm))
		return (struct place){ op->arg[0], (int64_t)imm };
	return (struct place){ address, 0 };
}

bool rx_jit_is_address(const struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const uint32_t end = g->use_end[op->result];
	uint64_t imm;

	if (op->type != RX_I64 || !rx_jit_number_of(g, op->arg[1], &imm) ||
	    !is_near((int64_t)imm) || rx_jit_constant(g, op->arg[0], &imm))
		return false;
	for (uint32_t k = end - g->uses[op->result]; k < end; k++) {
		const struct rx_smir_op *n;

		if (g->use_at[k] >= rx_jit_part(g)->nops)
			return false;	/* in another part */
		n = &g->f->ops.at[g->use_at[k]];
		if (!rx_jit_is_access(g->f, n) ||
		    (n->code != RX_S_LOADIF && n->arg[1] == op->result))
			return false;
	}
	return true;
}

/* The page of all accesses of the block from here on that have this base. */
static unsigned gather(const struct rx_jit_gen *g, struct rx_jit_page *p, struct place first)
{
	const struct rx_smir_block *b = rx_jit_part(g);
	unsigned n = 0;

	*p = (struct rx_jit_page){ .base = first.base, .low = first.offset,
				   .high = first.offset, .reg = JIT_NO_REG,
				   .walk = JIT_NO_REG, .site = -1 };
	for (uint32_t k = g->op; k < b->nops; k++) {
		const struct rx_smir_op *op = &g->f->ops.at[b->first + k];
		struct place at;
		int64_t low, high;

		if (op->code == RX_S_CALL)
			break;		/* pages are forgotten there */
		if (!rx_jit_is_access(g->f, op))
			continue;
		at = place_of(g, op->arg[0]);
		low = at.offset < p->low ? at.offset : p->low;
		high = at.offset + size_of(op);
		high = high > p->high ? high : p->high;
		if (at.base != first.base || high - low > SPAN)
			continue;
		p->low = low;
		p->high = high;
		p->allow |= (uint8_t)(1u << kind_of(op));
		n++;
	}
	return n;
}

static const struct rx_jit_page *known(const struct rx_jit_gen *g, struct place at,
				       unsigned size, enum rx_access access)
{
	for (unsigned k = 0; k < JIT_PAGES; k++) {
		const struct rx_jit_page *p = &g->page[k];

		if (p->base == at.base && p->allow >> access & 1 && at.offset >= p->low &&
		    at.offset + size <= p->high)
			return p;
	}
	return NULL;
}

void rx_jit_look_up(struct rx_jit_gen *g, unsigned size, unsigned allow)
{
	const struct rx_px_values tlb = rx_jit_mem(RDI, offsetof(struct rx_cpu, tlb));
	struct rx_px_values m = rx_jit_mem(RAX, (int64_t)size - 1);

	_Static_assert(sizeof(struct rx_tlb_entry) == 1 << 5, "an entry's size is a shift");
	E(g, rorx_r64_r64_i8, RSI, RAX, RX_PAGE_BITS - 5);
	E(g, and_r32_i32, RSI, (RX_TLB_ENTRIES - 1) << 5);
	E(g, add_r64_m64, RSI, &tlb);
	if (size > 1) {
		E(g, lea_r64_m, R8, &m);
		E(g, and_r64_i32, R8, RX_PAGE_MASK);
	} else {
		E(g, mov_r64_r64, R8, RAX);
		E(g, and_r64_i32, R8, RX_PAGE_MASK);
	}
	for (unsigned a = 0; a < 2; a++) {
		if (!(allow >> a & 1))
			continue;
		m = rx_jit_mem(RSI, (int64_t)(offsetof(struct rx_tlb_entry, tag) + 8 * a));
		E(g, cmp_r64_m64, R8, &m);
		if (g->plain >= 0)
			rx_jit_unit_stub(g, rx_jit_jcc(g, CC_NE), (unsigned)g->plain, false, 0);
		else
			rx_jit_stub(g, rx_jit_jcc(g, CC_NE), JIT_SLOW, g->record);
	}
}

/* Of what there is: the register with the base, or, where the sum was computed, with that. */
static uint8_t anchor(struct rx_jit_gen *g, rx_sv address, struct place *at)
{
	if (g->loc[address].kind == JIT_ADDRESS)
		return rx_jit_use_base(g, at->base, RAX, &at->offset);
	at->offset = 0;
	return rx_jit_use_base(g, address, RAX, &at->offset);
}

static void stop_walk(struct rx_jit_gen *g, struct rx_jit_page *p)
{
	if (p->walk != JIT_NO_REG)
		g->gpr[p->walk] = 0;
	p->walk = JIT_NO_REG;
}

/* Is it one that a guard of the trace has, which does not go on from there? */
static bool is_taken(const struct rx_jit_gen *g, unsigned site)
{
	for (unsigned k = 0; k < g->nguards; k++)
		if (!g->guards[k].walks && g->page[k].base && g->page[k].site == (int)site)
			return true;
	return false;
}

/*
 * The site of the instruction: an unrolled loop's copies of it go through one page
 * after the other. Where more accesses are checked it is another one, since what it
 * has need not allow them. What is known by way of the site's last page is forgotten.
 */
static unsigned site_for(struct rx_jit_gen *g, unsigned size, unsigned allow)
{
	unsigned site = 0;

	while (site < g->nsites && (g->site_record[site] != g->record ||
				    g->site_size[site] != size || g->site_allow[site] != allow ||
				    is_taken(g, site)))
		site++;
	if (site == g->nsites) {
		g->site_record[site] = g->record;
		g->site_size[site] = (uint16_t)size;
		g->site_allow[site] = (uint8_t)allow;
		g->nsites++;
		if (g->plain < 0)	/* guards have theirs beside those */
			g->sites_left[g->depth]--;
	}
	for (unsigned k = 0; k < JIT_PAGES; k++) {
		struct rx_jit_page *p = &g->page[k];

		if (!p->base || p->site != (int)site)
			continue;
		p->site = -1;
		if (p->reg == JIT_NO_REG)
			rx_jit_forget_page(g, k);
		else
			stop_walk(g, p);
	}
	return site;
}

/* May there be one more? */
static bool has_site(const struct rx_jit_gen *g)
{
	return g->nsites < RX_SITES && g->sites_left[g->depth];
}

/* Accesses as the one that is being made, from the same base, that will leave the page's range. */
static unsigned beyond(const struct rx_jit_gen *g, const struct rx_jit_page *p)
{
	const struct rx_smir_block *b = rx_jit_part(g);
	const struct rx_smir_op *first = &g->f->ops.at[b->first + g->op];
	unsigned n = 0;

	for (uint32_t k = g->op + 1; k < b->nops; k++) {
		const struct rx_smir_op *op = &g->f->ops.at[b->first + k];
		struct place at;

		if (op->code == RX_S_CALL)
			break;
		if (op->code != first->code || op->type != first->type)
			continue;
		at = place_of(g, op->arg[0]);
		n += at.base == p->base && (at.offset < p->low || at.offset >= p->high);
	}
	return n;
}

/* walk: how far [base + offset, + size) is into the site's page. Elsewhere it is looked up. */
static void compare_site(struct rx_jit_gen *g, unsigned site, uint8_t walk, uint8_t base,
			 int64_t offset, unsigned size, unsigned allow)
{
	struct rx_px_values m = rx_jit_mem(base, offset);

	if (offset)
		E(g, lea_r64_m, walk, &m);
	else
		rx_jit_move(g, walk, base);
	m = JIT_SITE(g, site, page);
	E(g, sub_r64_m64, walk, &m);
	m = JIT_SITE(g, site, limit);
	E(g, cmp_r64_m64, walk, &m);
	rx_jit_site_stub(g, rx_jit_jcc(g, CC_AE),
			 (struct rx_jit_walk){ .reg = walk, .addend = JIT_NO_REG,
				.base = JIT_NO_REG }, site, size, allow);
}

/*
 * Page k gets to be *p. [base + offset, + size) mostly lies where the last access from
 * here went, which the site knows; the look-up is out of line, and its latency with it.
 * n: accesses that are near each other. Those that go on from there, where there are any,
 * need not look at the site again: how far into the page they are stays in a register.
 */
static void at_site(struct rx_jit_gen *g, unsigned k, const struct rx_jit_page *page, uint8_t base,
		    int64_t offset, unsigned n, bool walks)
{
	const unsigned size = (unsigned)(page->high - page->low);
	const unsigned site = site_for(g, size, page->allow);
	const struct rx_px_values m = JIT_SITE(g, site, addend);
	struct rx_jit_page *p = &g->page[k];

	*p = *page;
	p->site = (int8_t)site;
	p->from = p->low;
	walks = walks && rx_jit_has_free(g);
	if (walks)
		p->walk = rx_jit_dest_page(g, k);
	compare_site(g, site, walks ? p->walk : R8, base, offset, size, p->allow);
	if ((walks || n > 2) && rx_jit_has_free(g)) {
		p->reg = rx_jit_dest_page(g, k);
		E(g, mov_r64_m64, p->reg, &m);
	}
}

/* Does it take no code to have the number? */
static bool is_in_register(const struct rx_jit_gen *g, rx_sv v)
{
	return g->loc[v].kind == JIT_GPR ||
	       (g->loc[v].kind == JIT_HOME && !g->home[g->loc[v].home].fp);
}

/* The walk with that base goes on, if there is one. */
static const struct rx_jit_page *walk_on(struct rx_jit_gen *g, rx_sv address, struct place at)
{
	struct place from = at;
	uint8_t base = JIT_NO_REG;
	const struct rx_jit_page *was;
	struct rx_jit_page next, *p;
	unsigned k = 0, size;
	int64_t by;

	while (k < JIT_PAGES && !(g->page[k].base == at.base && g->page[k].walk != JIT_NO_REG))
		k++;
	if (k == JIT_PAGES)
		return NULL;
	was = p = &g->page[k];
	(void)gather(g, &next, at);
	size = (unsigned)(next.high - next.low);
	if (size != (unsigned)(was->high - was->low) || next.allow != was->allow || was->site < 0)
		return NULL;
	by = next.low - was->from;
	/* one end of the page is behind */
	if (next.low > was->low)
		E(g, cmp_r64_i32, p->walk, (uint64_t)((int64_t)(RX_PAGE_SIZE - size) - by));
	else
		E(g, cmp_r64_i32, p->walk, (uint64_t)-by);
	if (is_in_register(g, g->loc[address].kind == JIT_ADDRESS ? at.base : address))
		base = anchor(g, address, &from);
	rx_jit_site_stub(g, rx_jit_jcc(g, next.low > was->low ? CC_G : CC_L),
			 (struct rx_jit_walk){ .reg = p->walk, .addend = p->reg, .base = base,
				.on = true, .by = by,
				.disp = from.offset + next.low - at.offset },
			 (unsigned)p->site, size, p->allow);
	p->low = next.low;
	p->high = next.high;
	return p;
}

/* ---- pages of a trace ---------------------------------------------------- */

/* Is it what the state holds at the start of the function? */
static bool is_of_start(const struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_smir_op *get = rx_jit_def(g, v);

	if (get->result != v || get->code != RX_S_GET || get->type != RX_I64)
		return false;
	/* what was put before need not have been forwarded */
	for (const struct rx_smir_op *op = g->f->ops.at; op < get; op++)
		if (rx_smir_ops[op->code].effect == RX_SE_PUT && op->imm < get->imm + 8 &&
		    get->imm < op->imm + rx_smir_bits[op->type] / 8u)
			return false;
	return true;
}

static bool covers(const struct rx_jit_guard *q, const struct rx_smir_op *op, struct place at)
{
	const enum rx_access access = kind_of(op);

	return q->base == at.base && q->allow >> access & 1 && at.offset >= q->low &&
	       at.offset + size_of(op) <= q->high;
}

bool rx_jit_is_sure(const struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	struct place at;

	/* what is not aligned leaves */
	if (!g->nguards || !rx_jit_is_access(g->f, op) || op->code == RX_S_RMW)
		return false;
	at = place_of(g, op->arg[0]);
	for (unsigned k = 0; k < g->nguards; k++)
		if (!g->guards[k].walks && covers(&g->guards[k], op, at))
			return true;
	return false;
}

/* Does one of them have it, for sure or at first? */
static bool has_guard(const struct rx_jit_guard *q, unsigned n, const struct rx_smir_op *op,
		      struct place at)
{
	for (unsigned k = 0; k < n; k++)
		if (covers(&q[k], op, at))
			return true;
	return false;
}

unsigned rx_jit_plan_guards(struct rx_jit_gen *g, struct rx_jit_guard *guard, unsigned most)
{
	const struct rx_smir_block *b = &g->f->blocks.at[0];
	unsigned n = 0, insn = 0;

	g->span = *b;
	most = most < JIT_GUARDS ? most : JIT_GUARDS;
	for (g->op = 0; g->op < b->nops && n < most; g->op++) {
		const struct rx_smir_op *op = &g->f->ops.at[b->first + g->op];
		struct rx_jit_page p;
		struct place at;

		if (op->code == RX_S_EXITIF || op->code == RX_S_CALL)
			break;
		if (op->code == RX_S_INSN && op->imm < g->block->n)
			insn = (unsigned)op->imm;
		if (!rx_jit_is_access(g->f, op))
			continue;
		at = place_of(g, op->arg[0]);
		if (!is_of_start(g, at.base) || has_guard(guard, n, op, at))
			continue;
		guard[n] = (struct rx_jit_guard){ .base = at.base, .insn = (uint16_t)insn,
						  .offset = rx_jit_def(g, at.base)->imm };
		guard[n].accesses = (uint8_t)gather(g, &p, at);
		guard[n].allow = p.allow;
		guard[n].low = p.low;
		guard[n].high = p.high;
		guard[n++].walks = beyond(g, &p) > 1;
	}
	return n;
}

/* The register with what the guard's base is now. */
static uint8_t base_of(struct rx_jit_gen *g, const struct rx_jit_guard *q)
{
	const struct rx_jit_home *h = rx_jit_home_of(g, q->offset);
	const struct rx_px_values from = rx_jit_mem(RDI, (int64_t)q->offset);

	if (!h)
		E(g, mov_r64_m64, R8, &from);
	else if (h->fp)
		E(g, movq_r64_xmm, R8, h->reg);
	return h && !h->fp ? h->reg : R8;
}

void rx_jit_guard_pages(struct rx_jit_gen *g)
{
	for (unsigned k = 0; k < g->nguards; k++) {
		const struct rx_jit_guard *q = &g->guards[k];
		const struct rx_jit_page p = { .base = q->base, .low = q->low, .high = q->high,
					       .allow = q->allow, .reg = JIT_NO_REG,
					       .walk = JIT_NO_REG };

		g->record = &g->block->insn[q->insn];
		at_site(g, k, &p, base_of(g, q), q->low, q->accesses, q->walks);
		g->guard_reg[k] = g->page[k].reg;
		g->guard_site[k] = (uint8_t)g->page[k].site;
	}
	g->record = g->block->insn;
}

void rx_jit_guard_again(struct rx_jit_gen *g)
{
	for (unsigned k = 0; k < g->nguards; k++) {
		const struct rx_jit_guard *q = &g->guards[k];

		g->record = &g->block->insn[q->insn];
		compare_site(g, g->guard_site[k], R8, base_of(g, q), q->low,
			     (unsigned)(q->high - q->low), q->allow);
	}
	for (unsigned k = 0; k < g->nguards; k++) {
		const struct rx_px_values m = JIT_SITE(g, g->guard_site[k], addend);

		if (g->guard_reg[k] != JIT_NO_REG)
			E(g, mov_r64_m64, g->guard_reg[k], &m);
	}
}

/* ---- accesses ------------------------------------------------------------ */

/* Looks a page up for all accesses of it that follow; NULL: there are no others. */
static const struct rx_jit_page *look_ahead(struct rx_jit_gen *g, rx_sv address, struct place at)
{
	const int64_t offset = at.offset;
	struct rx_px_values m;
	struct rx_jit_page p;
	const unsigned n = gather(g, &p, at);
	unsigned k = 0;
	uint8_t base;

	if (n < 2 && !has_site(g))
		return NULL;
	while (k < JIT_PAGES - 1 && g->page[k].base)
		k++;
	rx_jit_forget_page(g, k);
	base = anchor(g, address, &at);
	if (has_site(g)) {
		at_site(g, k, &p, base, at.offset + p.low - offset, n, beyond(g, &p) > 1);
		return &g->page[k];
	}
	m = rx_jit_mem(base, at.offset + p.low - offset);
	E(g, lea_r64_m, RAX, &m);
	rx_jit_look_up(g, (unsigned)(p.high - p.low), p.allow);
	g->page[k] = p;
	g->page[k].reg = rx_jit_dest_page(g, k);
	m = rx_jit_mem(RSI, offsetof(struct rx_tlb_entry, addend));
	E(g, mov_r64_m64, g->page[k].reg, &m);
	return &g->page[k];
}

struct rx_px_values rx_jit_translate(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const rx_sv address = op->arg[0];
	const unsigned size = size_of(op);
	const enum rx_access access = kind_of(op);
	struct place at = place_of(g, address);
	const struct rx_jit_page *p = known(g, at, size, access);
	struct rx_px_values m;
	uint8_t base;

	rx_jit_fetch(g, g->loc[address].kind == JIT_ADDRESS ? at.base : address);
	if (!p)
		p = walk_on(g, address, at);
	if (!p)
		p = look_ahead(g, address, at);
	base = anchor(g, address, &at);
	if (p && p->reg == JIT_NO_REG) {
		m = JIT_SITE(g, (unsigned)p->site, addend);
		E(g, mov_r64_m64, RSI, &m);
		m = rx_jit_mem2(base, RSI, at.offset);
	} else if (p) {
		m = rx_jit_mem2(base, p->reg, at.offset);
	} else {
		m = rx_jit_mem(base, at.offset);
		if (at.offset)
			E(g, lea_r64_m, RAX, &m);
		else
			rx_jit_move(g, RAX, base);
		rx_jit_look_up(g, size, 1u << access);
		m = rx_jit_mem(RSI, offsetof(struct rx_tlb_entry, addend));
		E(g, mov_r64_m64, RSI, &m);
		m = rx_jit_mem2(RAX, RSI, 0);
	}
	rx_jit_done(g, address);
	return m;
}

/* The load with what extends it. */
static const struct rx_smir_op *extended(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_smir_op *next = op + 1;

	if (g->uses[op->result] == 1 && op->type != RX_I64 &&
	    (next->code == RX_S_SEXT || next->code == RX_S_ZEXT) && next->type == RX_I64 &&
	    next->arg[0] == op->result) {
		g->op++;
		g->uses[op->result] = 0;
		return next;
	}
	return op;
}

/* Is the number computed with next, and is there an xmm register for it? */
static bool wants_xmm(const struct rx_jit_gen *g, rx_sv v)
{
	const uint32_t first = g->use_end[v] - g->uses[v];
	unsigned code;

	if (!g->uses[v] || g->use_at[first] >= rx_jit_part(g)->nops)
		return false;
	code = g->f->ops.at[g->use_at[first]].code;
	return rx_smir_ops[code].effect == RX_SE_FP && code != RX_S_SITOF &&
	       code != RX_S_UITOF && rx_jit_has_free_xmm(g);
}

void rx_jit_lower_load(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values from = rx_jit_translate(g, op);
	const struct rx_smir_op *to = extended(g, op);
	const bool is_signed = to->code == RX_S_SEXT;
	bool xmm = false;
	const uint8_t d = op->type == RX_I64 ? rx_jit_dest_any(g, to->result,
							       wants_xmm(g, to->result), &xmm)
					     : rx_jit_dest(g, to->result);

	switch (op->type) {
	case RX_I8:
		if (is_signed)
			E(g, movsx_r64_m8, d, &from);
		else
			E(g, movzx_r32_m8, d, &from);
		break;
	case RX_I16:
		if (is_signed)
			E(g, movsx_r64_m16, d, &from);
		else
			E(g, movzx_r32_m16, d, &from);
		break;
	case RX_I32:
		if (is_signed)
			E(g, movsxd_r64_m32, d, &from);
		else
			E(g, mov_r32_m32, d, &from);
		break;
	default:
		if (xmm)
			E(g, movsd_xmm_m64, d, &from);
		else
			E(g, mov_r64_m64, d, &from);
	}
	g->loc[to->result].zero = !is_signed;
}

void rx_jit_lower_store(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	struct rx_px_values to;
	uint8_t s;

	rx_jit_clean(g, op->arg[1]);
	to = rx_jit_translate(g, op);
	if (op->type == RX_I64 && rx_jit_is_xmm(g, op->arg[1])) {
		s = rx_jit_use_xmm(g, op->arg[1], 0);
		E(g, movsd_m64_xmm, &to, s);
		rx_jit_done(g, op->arg[1]);
		return;
	}
	s = rx_jit_use(g, op->arg[1], R8);
	rx_jit_store(g, &to, s, rx_smir_bits[op->type]);
	rx_jit_done(g, op->arg[1]);
}
