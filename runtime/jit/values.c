/* values.c - where values of a block are. SPDX-License-Identifier: MIT */
#include "jit/frame.h"
#include "jit/values.h"
#include "jit/vectors.h"

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

void rx_jit_set(struct rx_jit_gen *g, rx_sv v, enum rx_jit_kind kind, uint8_t reg)
{
	g->loc[v] = (struct rx_jit_loc){ .kind = (uint8_t)kind, .reg = reg,
				      .state = g->loc[v].state };
}

struct rx_px_values rx_jit_state_of(const struct rx_jit_loc *l)
{
	return rx_jit_mem(RDI, (int64_t)l->state - 1);
}

bool rx_jit_is_raw(const struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_jit_loc *l = &g->loc[v];

	return l->kind == JIT_HOME ? g->raw >> l->home & 1 : l->kind == JIT_XMM && l->raw;
}

/* A NaN becomes the canonical one, where the value is. Changes the flags. */
static void clean(struct rx_jit_gen *g, rx_sv v)
{
	struct rx_jit_loc *l = &g->loc[v];
	uint8_t reg;

	if (!rx_jit_is_raw(g, v))
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
	rx_jit_catch_up(g);
	while (g->raw) {	/* two at a time: they have no order if one is a NaN */
		const unsigned k = (unsigned)__builtin_ctz(g->raw);
		const uint32_t others = g->raw & (g->raw - 1);
		const unsigned n = others ? (unsigned)__builtin_ctz(others) : k;

		E(g, ucomisd_xmm_xmm, g->home[k].reg, g->home[n].reg);
		rx_jit_nans_stub(g, rx_jit_jcc(g, CC_P), g->home[k].reg, g->home[n].reg);
		g->raw = others & (others - 1);
	}
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
		rx_jit_set(g, v, JIT_SPILL, (uint8_t)s);
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

static void forget_register(struct rx_jit_page *p, uint8_t r)
{
	if (p->walk == r) {
		p->walk = JIT_NO_REG;
		return;
	}
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
uint8_t rx_jit_take(struct rx_jit_gen *g, rx_sv v, bool xmm)
{
	rx_sv *held = xmm ? g->xmm : g->gpr;
	const unsigned r = xmm ? victim(g, held, g->xpool) : choose(g, v);

	if (held[r] >= PAGE(0))
		forget_register(&g->page[held[r] - PAGE(0)], (uint8_t)r);
	else if (held[r] && !g->uses[held[r]])
		g->loc[held[r]].kind = JIT_NOWHERE;
	else if (held[r] && rx_jit_is_wide(g, held[r]))
		rx_jit_vec_to_memory(g, held[r]);
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

bool rx_jit_has_free_xmm(const struct rx_jit_gen *g)
{
	return is_free(g, g->xmm[victim(g, g->xmm, g->xpool)]);
}

uint8_t rx_jit_dest_page(struct rx_jit_gen *g, unsigned k)
{
	return rx_jit_take(g, PAGE(k), false);
}

/* The value is what the home holds. */
void rx_jit_settle(struct rx_jit_gen *g, rx_sv v, const struct rx_jit_home *h)
{
	const uint8_t number = (uint8_t)(h - g->home);

	g->loc[v] = (struct rx_jit_loc){ .kind = JIT_HOME, .home = number };
	g->inside[number]++;
}

void rx_jit_release(struct rx_jit_gen *g, rx_sv v)
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
	rx_jit_release(g, v);
	if (g->loc[v].kind != JIT_CONST)
		g->loc[v].kind = JIT_NOWHERE;
}

void rx_jit_done_all(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	for (unsigned k = 0; k < rx_smir_ops[op->code].nargs; k++)
		rx_jit_done(g, op->arg[k]);
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
		*m = rx_jit_state_of(l);
	else if (l->kind == JIT_SPILL)
		*m = rx_jit_mem(RSP, spill_at(l->reg));
	return l->kind == JIT_STATE || l->kind == JIT_SPILL;
}

void rx_jit_fetch(struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_px_values from = rx_jit_state_of(&g->loc[v]);
	const struct rx_smir_op *op = &g->f->ops.at[rx_jit_part(g)->first + g->op];
	unsigned pool = g->pool;
	uint8_t r;

	if (g->loc[v].kind != JIT_STATE || g->uses[v] < 2)
		return;
	if (!rx_jit_leaves(g, op))	/* or all homes may be seen */
		pool |= idle(g, v, true);
	r = (uint8_t)victim(g, g->gpr, pool);
	if (!is_free(g, g->gpr[r]))
		return;
	if (g->gpr[r])
		g->loc[g->gpr[r]].kind = JIT_NOWHERE;
	g->gpr[r] = v;
	rx_jit_set(g, v, JIT_GPR, r);
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
		from = rx_jit_state_of(l);
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
	uint64_t number;
	uint8_t x;

	switch (l->kind) {
	case JIT_XMM:
		return l->reg;
	case JIT_HOME:
		if (g->home[l->home].fp)
			return g->home[l->home].reg;
		break;
	case JIT_CONST:
		if (!rx_jit_constant(g, v, &number) || number)
			break;
		E(g, xorps_xmm_xmm, scratch, scratch);
		return scratch;
	case JIT_SPILL:
		from = rx_jit_mem(RSP, spill_at(l->reg));
		E(g, movsd_xmm_m64, scratch, &from);
		return scratch;
	case JIT_STATE:
		from = rx_jit_state_of(l);
		E(g, movsd_xmm_m64, scratch, &from);
		return scratch;
	default:
		break;
	}
	x = rx_jit_use(g, v, RAX);
	E(g, movq_xmm_r64, scratch, x);
	return scratch;
}
