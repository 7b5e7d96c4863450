/* values.c - where values of a block are. SPDX-License-Identifier: MIT */
#include <string.h>

#include "jit/frame.h"

void rx_jit_move(struct rx_jit_gen *g, uint8_t d, uint8_t s)
{
	if (d != s)
		E(g, mov_r64_r64, d, s);
}

void rx_jit_number(struct rx_jit_gen *g, uint8_t d, uint64_t v)
{
	if (v <= UINT32_MAX)
		E(g, mov_r32_i32, d, v);
	else if ((int64_t)v == (int32_t)v)
		E(g, mov_r64_i32, d, v);
	else
		E(g, movabs_r64_i64, d, v);
}

static int64_t spill_at(unsigned slot)
{
	return -8 - 8 * (int64_t)slot;
}

static void set(struct rx_jit_gen *g, rx_sv v, enum rx_jit_kind kind, uint8_t reg)
{
	g->loc[v] = (struct rx_jit_loc){ .kind = (uint8_t)kind, .reg = reg,
				      .state = g->loc[v].state };
}

static struct rx_px_values state_of(const struct rx_jit_loc *l)
{
	return rx_jit_mem(RDI, (int64_t)l->state - 1);
}

/* Who holds a register may be a page, numbered behind the values. */
#define PAGE(k) (JIT_VALUES + (k))

static bool is_raw(const struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_jit_loc *l = &g->loc[v];

	return l->kind == JIT_HOME ? g->raw >> l->home & 1 : l->kind == JIT_XMM && l->raw;
}

/* A NaN becomes the canonical one, where the value is. Changes the flags. */
static void clean(struct rx_jit_gen *g, rx_sv v)
{
	struct rx_jit_loc *l = &g->loc[v];
	uint8_t reg;

	if (!is_raw(g, v))
		return;
	reg = l->kind == JIT_HOME ? g->home[l->home].reg : l->reg;
	E(g, ucomisd_xmm_xmm, reg, reg);
	rx_jit_nan_stub(g, rx_jit_jcc(g, CC_P), reg, false);
	if (l->kind == JIT_HOME)
		g->raw &= ~(1u << l->home);
	l->raw = false;
}

void rx_jit_clean(struct rx_jit_gen *g, rx_sv v)
{
	clean(g, v);
}

void rx_jit_clean_homes(struct rx_jit_gen *g)
{
	for (unsigned k = 0; k < g->nhomes; k++) {
		const uint8_t reg = g->home[k].reg;

		if (!(g->raw >> k & 1))
			continue;
		E(g, ucomisd_xmm_xmm, reg, reg);
		rx_jit_nan_stub(g, rx_jit_jcc(g, CC_P), reg, false);
	}
	g->raw = 0;
}

static void spill(struct rx_jit_gen *g, rx_sv v, uint8_t reg, bool xmm)
{
	if (xmm)
		clean(g, v);
	for (unsigned s = 0; s < JIT_SPILLS; s++) {
		const struct rx_px_values to = rx_jit_mem(RSP, spill_at(s));

		if (g->spill[s])
			continue;
		if (xmm)
			E(g, movsd_m64_xmm, &to, reg);
		else
			E(g, mov_m64_r64, &to, reg);
		g->spill[s] = v;
		set(g, v, JIT_SPILL, (uint8_t)s);
		return;
	}
	g->failed = true;
}

/* Operations until the value is used again. */
static unsigned distance(const struct rx_jit_gen *g, rx_sv v)
{
	const unsigned next = g->use_at[g->use_end[v] - g->uses[v]];

	return next > g->op ? next - g->op : 0;
}

#define PAGE_DISTANCE 8		/* taken for that of a page */

/* Is there nothing of use in the register? */
static bool is_free(const struct rx_jit_gen *g, rx_sv held)
{
	return !held || (held < PAGE(0) && !g->uses[held]);
}

/* What would cost least to have again: a free register, or what is used last. */
static unsigned victim(const struct rx_jit_gen *g, const rx_sv *held, unsigned pool)
{
	unsigned best = 0, most = 0;

	for (; pool; pool &= pool - 1) {
		const unsigned r = (unsigned)__builtin_ctz(pool);
		unsigned gain = 1;

		if (is_free(g, held[r]))
			return r;
		if (held[r] >= PAGE(0))
			gain += 2 * PAGE_DISTANCE;
		else	/* what the state has too need not be stored */
			gain += distance(g, held[r]) * (g->loc[held[r]].state ? 3 : 2);
		if (gain > most) {
			best = r;
			most = gain;
		}
	}
	return best;
}

static void forget_register(struct rx_jit_page *p)
{
	p->reg = JIT_NO_REG;
	if (p->site < 0)
		p->base = 0;
}

/* Registers of homes that nobody looks at until they are put; long: until v is used last. */
static unsigned idle(const struct rx_jit_gen *g, rx_sv v, bool lasting)
{
	uint32_t dead = g->dead[g->op];
	unsigned pool = 0;

	if (lasting && g->uses[v] && g->use_at[g->use_end[v] - 1] == JIT_NEVER)
		return 0;
	if (lasting && g->uses[v])
		dead &= g->dead[g->use_at[g->use_end[v] - 1] - 1];
	for (; dead; dead &= dead - 1) {
		const unsigned k = (unsigned)__builtin_ctz(dead);

		if (!g->home[k].fp && !g->inside[k])
			pool |= 1u << g->home[k].reg;
	}
	return pool;
}

static unsigned choose(const struct rx_jit_gen *g, rx_sv v)
{
	const unsigned all = v >= PAGE(0) ? 0 : idle(g, v, false);
	unsigned r;

	if (all) {
		const unsigned lasting = idle(g, v, true);

		r = victim(g, g->gpr, lasting);
		if (lasting && is_free(g, g->gpr[r]))
			return r;
		r = victim(g, g->gpr, g->pool);
		if (is_free(g, g->gpr[r]))
			return r;
	}
	return victim(g, g->gpr, g->pool | all);
}

/* A register of the pool for v, emptied if need be. */
static uint8_t take(struct rx_jit_gen *g, rx_sv v, bool xmm)
{
	rx_sv *held = xmm ? g->xmm : g->gpr;
	const unsigned r = xmm ? victim(g, held, g->xpool) : choose(g, v);

	if (held[r] >= PAGE(0))
		forget_register(&g->page[held[r] - PAGE(0)]);
	else if (held[r] && !g->uses[held[r]])
		g->loc[held[r]].kind = JIT_NOWHERE;
	else if (held[r] && g->loc[held[r]].state)
		g->loc[held[r]].kind = JIT_STATE;
	else if (held[r])
		spill(g, held[r], (uint8_t)r, xmm);
	held[r] = v;
	return (uint8_t)r;
}

bool rx_jit_has_free(const struct rx_jit_gen *g)
{
	return !g->gpr[victim(g, g->gpr, g->pool)];
}

uint8_t rx_jit_dest_page(struct rx_jit_gen *g, unsigned k)
{
	return take(g, PAGE(k), false);
}

/* The value is what the home holds. */
static void settle(struct rx_jit_gen *g, rx_sv v, const struct rx_jit_home *h)
{
	const uint8_t number = (uint8_t)(h - g->home);

	g->loc[v] = (struct rx_jit_loc){ .kind = JIT_HOME, .home = number };
	g->inside[number]++;
}

static void release(struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_jit_loc *l = &g->loc[v];

	if (l->kind == JIT_HOME)
		g->inside[l->home]--;
	else if (l->kind == JIT_GPR && g->gpr[l->reg] == v)
		g->gpr[l->reg] = 0;
	else if (l->kind == JIT_XMM && g->xmm[l->reg] == v)
		g->xmm[l->reg] = 0;
	else if (l->kind == JIT_SPILL && g->spill[l->reg] == v)
		g->spill[l->reg] = 0;
}

void rx_jit_done(struct rx_jit_gen *g, rx_sv v)
{
	if (--g->uses[v])
		return;
	if (g->loc[v].kind == JIT_ADDRESS)
		rx_jit_done(g, rx_jit_def(g, v)->arg[0]);
	if (g->loc[v].kind == JIT_PART)
		for (unsigned k = 0; k < rx_smir_ops[rx_jit_def(g, v)->code].nargs; k++)
			rx_jit_done(g, rx_jit_def(g, v)->arg[k]);
	release(g, v);
	if (g->loc[v].kind != JIT_CONST)
		g->loc[v].kind = JIT_NOWHERE;
}

bool rx_jit_is_xmm(const struct rx_jit_gen *g, rx_sv v)
{
	return g->loc[v].kind == JIT_XMM ||
	       (g->loc[v].kind == JIT_HOME && g->home[g->loc[v].home].fp);
}

bool rx_jit_in_memory(const struct rx_jit_gen *g, rx_sv v, struct rx_px_values *m)
{
	const struct rx_jit_loc *l = &g->loc[v];

	if (l->kind == JIT_STATE)
		*m = state_of(l);
	else if (l->kind == JIT_SPILL)
		*m = rx_jit_mem(RSP, spill_at(l->reg));
	return l->kind == JIT_STATE || l->kind == JIT_SPILL;
}

void rx_jit_fetch(struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_px_values from = state_of(&g->loc[v]);
	uint8_t r;

	if (g->loc[v].kind != JIT_STATE || g->uses[v] < 2 || !rx_jit_has_free(g))
		return;
	/* no idle home: the operation may leave the code, and all homes are seen then */
	r = (uint8_t)victim(g, g->gpr, g->pool);
	g->gpr[r] = v;
	set(g, v, JIT_GPR, r);
	E(g, mov_r64_m64, r, &from);
}

uint8_t rx_jit_use(struct rx_jit_gen *g, rx_sv v, uint8_t scratch)
{
	const struct rx_jit_loc *l = &g->loc[v];
	const struct rx_smir_op *op;
	struct rx_px_values from;
	uint64_t number;
	int64_t disp;

	switch (l->kind) {
	case JIT_GPR:
		return l->reg;
	case JIT_HOME:
		if (!g->home[l->home].fp && l->plus) {
			from = rx_jit_mem(g->home[l->home].reg, l->plus);
			E(g, lea_r64_m, scratch, &from);
			return scratch;
		}
		if (!g->home[l->home].fp)
			return g->home[l->home].reg;
		clean(g, v);
		E(g, movq_r64_xmm, scratch, g->home[l->home].reg);
		return scratch;
	case JIT_XMM:
		clean(g, v);
		E(g, movq_r64_xmm, scratch, l->reg);
		return scratch;
	case JIT_SPILL:
		from = rx_jit_mem(RSP, spill_at(l->reg));
		E(g, mov_r64_m64, scratch, &from);
		return scratch;
	case JIT_STATE:
		from = state_of(l);
		E(g, mov_r64_m64, scratch, &from);
		return scratch;
	case JIT_CONST:
		(void)rx_jit_constant(g, v, &number);
		rx_jit_number(g, scratch, number);
		return scratch;
	case JIT_ADDRESS:
		op = &g->f->ops.at[g->def[v]];
		disp = (int64_t)g->f->ops.at[g->def[op->arg[1]]].imm;
		from = rx_jit_mem(rx_jit_use_base(g, op->arg[0], scratch, &disp), 0);
		from.disp = (int32_t)disp;
		E(g, lea_r64_m, scratch, &from);
		return scratch;
	default:
		g->failed = true;
		return scratch;
	}
}

uint8_t rx_jit_use_base(struct rx_jit_gen *g, rx_sv v, uint8_t scratch, int64_t *disp)
{
	const struct rx_jit_loc *l = &g->loc[v];

	if (l->kind != JIT_HOME || g->home[l->home].fp)
		return rx_jit_use(g, v, scratch);
	*disp += l->plus;
	return g->home[l->home].reg;
}

uint8_t rx_jit_use_xmm(struct rx_jit_gen *g, rx_sv v, uint8_t scratch)
{
	clean(g, v);
	return rx_jit_use_raw(g, v, scratch);
}

uint8_t rx_jit_use_raw(struct rx_jit_gen *g, rx_sv v, uint8_t scratch)
{
	const struct rx_jit_loc *l = &g->loc[v];
	struct rx_px_values from;

	switch (l->kind) {
	case JIT_XMM:
		return l->reg;
	case JIT_HOME:
		if (g->home[l->home].fp)
			return g->home[l->home].reg;
		break;
	case JIT_SPILL:
		from = rx_jit_mem(RSP, spill_at(l->reg));
		E(g, movsd_xmm_m64, scratch, &from);
		return scratch;
	case JIT_STATE:
		from = state_of(l);
		E(g, movsd_xmm_m64, scratch, &from);
		return scratch;
	default:
		break;
	}
	E(g, movq_xmm_r64, scratch, rx_jit_use(g, v, RAX));
	return scratch;
}

const struct rx_jit_home *rx_jit_home_of(const struct rx_jit_gen *g, uint64_t offset)
{
	for (unsigned k = 0; k < g->nhomes; k++)
		if (g->home[k].offset == offset)
			return &g->home[k];
	return NULL;
}

static struct rx_jit_home *home_at(struct rx_jit_gen *g, uint64_t offset, unsigned type)
{
	if (type != RX_I64)
		return NULL;
	for (unsigned k = 0; k < g->nhomes; k++)
		if (g->home[k].offset == offset)
			return &g->home[k];
	return NULL;
}

/* Something else goes into the home: values in its register get a place of their own. */
static void evict(struct rx_jit_gen *g, const struct rx_jit_home *h)
{
	const uint8_t number = (uint8_t)(h - g->home);
	const rx_sv guest = h->fp ? 0 : g->gpr[h->reg];

	if (guest && !g->uses[guest]) {
		g->loc[guest].kind = JIT_NOWHERE;
		g->gpr[h->reg] = 0;
	} else if (guest) {	/* it was there as long as the home was idle */
		const uint8_t r = take(g, guest, false);

		rx_jit_move(g, r, h->reg);
		g->loc[guest].reg = r;
		g->gpr[h->reg] = 0;
	}
	for (rx_sv v = 1; g->inside[number] && v < g->f->values.n; v++) {
		struct rx_px_values m;
		uint8_t r;

		if (g->loc[v].kind != JIT_HOME || g->loc[v].home != number)
			continue;
		release(g, v);
		if (!g->uses[v]) {
			g->loc[v].kind = JIT_NOWHERE;
			continue;
		}
		r = take(g, v, h->fp);
		m = rx_jit_mem(h->reg, g->loc[v].plus);
		if (h->fp)
			E(g, movaps_xmm_xmm, r, h->reg);
		else if (m.disp)
			E(g, lea_r64_m, r, &m);
		else
			rx_jit_move(g, r, h->reg);
		set(g, v, h->fp ? JIT_XMM : JIT_GPR, r);
		g->loc[v].raw = h->fp && g->raw >> number & 1;
	}
}

/* The home's register changes by a number: its values count from there. false: too far. */
static bool move_home(struct rx_jit_gen *g, const struct rx_jit_home *h, int64_t by)
{
	const uint8_t number = (uint8_t)(h - g->home);
	const struct rx_px_values m = rx_jit_mem(h->reg, by);

	if (by <= -JIT_PLUS || by >= JIT_PLUS)
		return false;
	for (rx_sv v = 1; v < g->f->values.n; v++) {
		const struct rx_jit_loc *l = &g->loc[v];

		if (l->kind == JIT_HOME && l->home == number && g->uses[v] &&
		    (l->plus - by <= -JIT_PLUS || l->plus - by >= JIT_PLUS))
			return false;
	}
	for (rx_sv v = 1; v < g->f->values.n; v++)
		if (g->loc[v].kind == JIT_HOME && g->loc[v].home == number)
			g->loc[v].plus -= (int32_t)by;
	E(g, lea_r64_m, h->reg, &m);
	return true;
}

/* Does somebody want what is in the home's register? */
static bool in_use(const struct rx_jit_gen *g, const struct rx_jit_home *h)
{
	return g->inside[h - g->home] || (!h->fp && g->gpr[h->reg]);
}

/* May the code of the operation leave the region? */
static bool leaves(const struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	switch (rx_smir_ops[op->code].effect) {
	case RX_SE_PURE:
	case RX_SE_FP:
	case RX_SE_GET:
	case RX_SE_PUT:
	case RX_SE_COMMIT:
		return false;
	case RX_SE_INSN:
		return g->polling;
	default:
		return true;
	}
}

/*
 * The home that the value goes into next, where that is before anything may
 * leave the code, or get or put the home.
 */
static struct rx_jit_home *put_next(struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_smir_op *ops = &g->f->ops.at[rx_jit_part(g)->first];
	const uint32_t n = rx_jit_part(g)->nops;
	struct rx_jit_home *h;
	uint32_t k = g->op + 1;

	for (; k < n && !(ops[k].code == RX_S_PUT && ops[k].arg[0] == v); k++) {
		/* what is only extended is computed where that goes */
		if (ops[k].code == RX_S_SEXT && ops[k].arg[0] == v && g->uses[v] == 1 &&
		    ops[k].type == RX_I64)
			v = ops[k].result;
		if (leaves(g, &ops[k]))
			return NULL;
	}
	h = k < n ? home_at(g, ops[k].imm, ops[k].type) : NULL;
	if (!h)
		return NULL;
	for (uint32_t j = g->op + 1; j < k; j++)
		if ((ops[j].code == RX_S_PUT || ops[j].code == RX_S_GET) &&
		    ops[j].imm == h->offset)
			return NULL;
	return h;
}

/* The same if the value can be computed there: nobody wants what the home holds. */
static struct rx_jit_home *hint(struct rx_jit_gen *g, rx_sv v)
{
	struct rx_jit_home *h = put_next(g, v);

	return h && !in_use(g, h) ? h : NULL;
}

/* How far is the sum from what the home holds, by a value there of the same base? */
static bool is_beside(const struct rx_jit_gen *g, const struct rx_jit_home *h,
		      const struct rx_smir_op *op, int64_t number, int64_t *distance)
{
	uint64_t imm;

	for (rx_sv v = 1; g->inside[h - g->home] && v < g->f->values.n; v++) {
		const struct rx_jit_loc *l = &g->loc[v];
		const struct rx_smir_op *def = rx_jit_def(g, v);

		if (l->kind != JIT_HOME || &g->home[l->home] != h)
			continue;
		*distance = l->plus + number;
		if (v == op->arg[0])
			return true;
		if (def->result != v || def->code != RX_S_ADD || def->type != RX_I64 ||
		    def->arg[0] != op->arg[0] || !rx_jit_number_of(g, def->arg[1], &imm))
			continue;
		*distance -= (int64_t)imm;
		return true;
	}
	return false;
}

bool rx_jit_advance(struct rx_jit_gen *g, const struct rx_smir_op *op, int64_t number)
{
	const struct rx_jit_home *h = put_next(g, op->result);
	int64_t by;

	if (!h || h->fp || !is_beside(g, h, op, number, &by) || !move_home(g, h, by))
		return false;
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	settle(g, op->result, h);
	return true;
}

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
			h = home_at(g, op->imm, op->type);
		home = h ? 1u << (h - g->home) : 0;
		g->dead[k] = dead & ~home;
		if (leaves(g, op))
			dead = 0;
		dead = is_put(op) ? dead | home : dead & ~home;
	}
}

/* Calls `one` for each value that the operation uses. */
static void each_use(struct rx_jit_gen *g, uint32_t k, bool link,
		     void (*one)(struct rx_jit_gen *g, rx_sv v, uint32_t k))
{
	const struct rx_smir_op *op = &g->f->ops.at[k];
	const struct rx_smir_info *info = &rx_smir_ops[op->code];
	const unsigned n = op->code == RX_S_EXIT && link ? 0 :
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
	memset(g->loc, 0, g->f->values.n * sizeof(g->loc[0]));
	memset(g->uses, 0, g->f->values.n * sizeof(g->uses[0]));
	rx_jit_drop_values(g);
	find_dead(g);
	for (uint32_t k = 0; k < g->f->ops.n; k++) {
		if (g->f->ops.at[k].result)
			g->def[g->f->ops.at[k].result] = k;
		each_use(g, k, link, count_use);
	}
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

uint8_t rx_jit_dest_any(struct rx_jit_gen *g, rx_sv v, bool prefer, bool *is_xmm)
{
	const struct rx_jit_home *h = g->f->values.at[v] == RX_I64 ? hint(g, v) : NULL;
	uint8_t r;

	if (h) {
		*is_xmm = h->fp;
		g->raw &= ~(1u << (h - g->home));
		settle(g, v, h);
		return h->reg;
	}
	*is_xmm = prefer;
	r = take(g, v, prefer);
	set(g, v, prefer ? JIT_XMM : JIT_GPR, r);
	return r;
}

/* Is it where the block goes on, and nothing else? flow.c wants that in rax. */
static bool leads_on(const struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_smir_op *next = &g->f->ops.at[g->f->blocks.at[0].first + g->op + 1];

	return next->code == RX_S_EXIT && next->arg[0] == v && g->uses[v] == 1;
}

uint8_t rx_jit_dest(struct rx_jit_gen *g, rx_sv v)
{
	const unsigned type = g->f->values.at[v];
	const struct rx_jit_home *h = type == RX_I64 || type == RX_I32 ? hint(g, v) : NULL;
	uint8_t r;

	if (h && !h->fp) {
		settle(g, v, h);
		return h->reg;
	}
	r = leads_on(g, v) ? RAX : take(g, v, false);
	set(g, v, JIT_GPR, r);
	return r;
}

uint8_t rx_jit_take_over(struct rx_jit_gen *g, rx_sv result, rx_sv v)
{
	struct rx_px_values m;
	uint64_t number;
	uint8_t x, d;

	if (rx_jit_in_memory(g, v, &m)) {
		d = rx_jit_dest(g, result);
		E(g, mov_r64_m64, d, &m);
		rx_jit_done(g, v);
		return d;
	}
	if (rx_jit_constant(g, v, &number)) {
		rx_jit_done(g, v);
		d = rx_jit_dest(g, result);
		rx_jit_number(g, d, number);
		return d;
	}
	x = rx_jit_use(g, v, RAX);
	rx_jit_done(g, v);
	d = rx_jit_dest(g, result);
	rx_jit_move(g, d, x);
	return d;
}

void rx_jit_share(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const rx_sv v = op->arg[0];
	const struct rx_jit_loc l = g->loc[v];
	uint8_t x;

	if (!g->uses[op->result]) {
		rx_jit_done(g, v);
		return;
	}
	if (l.kind == JIT_STATE) {
		g->loc[op->result] = l;
		rx_jit_done(g, v);
	} else if (l.kind == JIT_HOME && !g->home[l.home].fp) {
		settle(g, op->result, &g->home[l.home]);
		g->loc[op->result].plus = l.plus;
		rx_jit_done(g, v);
	} else if (l.kind == JIT_GPR && g->uses[v] == 1 && g->gpr[l.reg] == v) {
		g->loc[op->result] = l;
		g->gpr[l.reg] = op->result;
		g->loc[v].kind = JIT_NOWHERE;
		g->uses[v] = 0;
	} else {
		x = rx_jit_use(g, v, RAX);
		rx_jit_done(g, v);
		rx_jit_move(g, rx_jit_dest(g, op->result), x);
	}
	g->loc[op->result].zero = op->code == RX_S_ZEXT;
}

static void get_wide(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values from = rx_jit_mem(RDI, (int64_t)op->imm);
	const struct rx_px_values to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));

	rx_jit_copy(g, &to, &from, rx_smir_bits[op->type] / 8u);
}

static void put_wide(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values to = rx_jit_mem(RDI, (int64_t)op->imm);
	const unsigned bytes = rx_smir_bits[op->type] / 8u;
	struct rx_px_values from;

	rx_jit_overwrite(g, op->imm, bytes);
	if (g->loc[op->arg[0]].kind == JIT_CONST) {
		rx_jit_to_slot(g, op->arg[0], 0);
		from = rx_jit_slot(g, 0);
	} else {
		from = rx_jit_wide_at(g, op->arg[0]);
	}
	rx_jit_copy(g, &to, &from, bytes);
	rx_jit_done(g, op->arg[0]);
}

void rx_jit_get(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_jit_home *h = home_at(g, op->imm, op->type);
	const struct rx_px_values from = rx_jit_mem(RDI, (int64_t)op->imm);
	uint8_t d;

	if (!g->uses[op->result])
		return;
	if (rx_jit_wide_type(op->type)) {
		get_wide(g, op);
		return;
	}
	if (h) {
		settle(g, op->result, h);
		return;
	}
	if (op->type == RX_I64) {
		g->loc[op->result] = (struct rx_jit_loc){ .kind = JIT_STATE,
						       .state = (uint32_t)op->imm + 1 };
		return;
	}
	d = rx_jit_dest(g, op->result);
	switch (op->type) {
	case RX_I32:
		E(g, mov_r32_m32, d, &from);
		break;
	case RX_I16:
		E(g, movzx_r32_m16, d, &from);
		break;
	default:
		E(g, movzx_r32_m8, d, &from);
	}
}

static void put_home(struct rx_jit_gen *g, const struct rx_smir_op *op, struct rx_jit_home *h)
{
	const rx_sv v = op->arg[0];
	struct rx_jit_loc *l = &g->loc[v];

	rx_jit_dirty(g, h);
	if (l->kind == JIT_HOME && &g->home[l->home] == h &&
	    (!l->plus || move_home(g, h, l->plus))) {
		rx_jit_done(g, v);
		return;
	}
	evict(g, h);
	if (h->fp) {
		const bool raw = is_raw(g, v);
		const uint8_t s = rx_jit_use_raw(g, v, h->reg);

		if (s != h->reg)
			E(g, movaps_xmm_xmm, h->reg, s);
		g->raw &= ~(1u << (h - g->home));
		g->raw |= (uint32_t)raw << (h - g->home);
	} else {
		rx_jit_move(g, h->reg, rx_jit_use(g, v, h->reg));
	}
	if (g->uses[v] > 1 && l->kind != JIT_CONST) {
		release(g, v);
		settle(g, v, h);
	}
	rx_jit_done(g, v);
}

void rx_jit_overwrite(struct rx_jit_gen *g, uint64_t offset, uint64_t bytes)
{
	const uint64_t end = offset + bytes;

	for (rx_sv v = 1; v < g->f->values.n; v++) {
		struct rx_jit_loc *l = &g->loc[v];
		struct rx_px_values from;
		uint8_t r;

		if (!l->state || l->kind == JIT_WIDE || l->state - 1 >= end ||
		    offset >= l->state + 7u)
			continue;
		if (l->kind == JIT_STATE && g->uses[v]) {
			from = state_of(l);
			l->state = 0;	/* it would be given up for itself */
			r = take(g, v, false);
			E(g, mov_r64_m64, r, &from);
			set(g, v, JIT_GPR, r);
		} else if (l->kind == JIT_STATE) {
			l->kind = JIT_NOWHERE;
		}
		l->state = 0;
	}
}

void rx_jit_put(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	struct rx_jit_home *h = home_at(g, op->imm, op->type);
	const struct rx_px_values to = rx_jit_mem(RDI, (int64_t)op->imm);
	uint8_t s;

	if (h) {
		put_home(g, op, h);
		return;
	}
	if (rx_jit_wide_type(op->type)) {
		put_wide(g, op);
		return;
	}
	rx_jit_overwrite(g, op->imm, (rx_smir_bits[op->type] + 7u) / 8);
	s = rx_jit_use(g, op->arg[0], RAX);
	switch (op->type) {
	case RX_I64:
		E(g, mov_m64_r64, &to, s);
		g->loc[op->arg[0]].state = (uint32_t)op->imm + 1;
		break;
	case RX_I32:
		E(g, mov_m32_r32, &to, s);
		break;
	case RX_I16:
		E(g, mov_m16_r16, &to, s);
		break;
	default:
		E(g, mov_m8_r8, &to, s);
	}
	rx_jit_done(g, op->arg[0]);
}
