/* results.c - where results go: registers, homes, the state. SPDX-License-Identifier: MIT */
#include "jit/frame.h"
#include "jit/values.h"
#include "jit/vectors.h"

/* Something else goes into the home: values in its register get a place of their own. */
static void evict(struct rx_jit_gen *g, const struct rx_jit_home *h)
{
	const uint8_t number = (uint8_t)(h - g->home);
	const rx_sv guest = h->fp ? 0 : g->gpr[h->reg];

	if (guest && !g->uses[guest]) {
		g->loc[guest].kind = JIT_NOWHERE;
		g->gpr[h->reg] = 0;
	} else if (guest) {	/* it was there as long as the home was idle */
		const uint8_t r = rx_jit_take(g, guest, false);

		rx_jit_move(g, r, h->reg);
		g->loc[guest].reg = r;
		g->gpr[h->reg] = 0;
	}
	for (rx_sv v = 1; g->inside[number] && v < g->f->values.n; v++) {
		struct rx_px_values m;
		uint8_t r;

		if (g->loc[v].kind != JIT_HOME || g->loc[v].home != number)
			continue;
		rx_jit_release(g, v);
		if (!g->uses[v]) {
			g->loc[v].kind = JIT_NOWHERE;
			continue;
		}
		r = rx_jit_take(g, v, h->fp);
		m = rx_jit_mem(h->reg, g->loc[v].plus);
		if (h->fp)
			E(g, movaps_xmm_xmm, r, h->reg);
		else if (m.disp)
			E(g, lea_r64_m, r, &m);
		else
			rx_jit_move(g, r, h->reg);
		rx_jit_set(g, v, h->fp ? JIT_XMM : JIT_GPR, r);
		g->loc[v].raw = h->fp && g->raw >> number & 1;
	}
}

/* Does somebody want what is in the home's register? */
static bool in_use(const struct rx_jit_gen *g, const struct rx_jit_home *h)
{
	return g->inside[h - g->home] || (!h->fp && g->gpr[h->reg]);
}

/* The operation that puts the value, which is not computed yet, NULL: none does. */
static const struct rx_smir_op *put_of(const struct rx_jit_gen *g, rx_sv v)
{
	for (uint32_t k = g->use_end[v] - g->uses[v]; k < g->use_end[v]; k++) {
		const struct rx_smir_op *op;

		if (g->use_at[k] >= rx_jit_part(g)->nops)
			return NULL;	/* in another part */
		op = &g->f->ops.at[g->use_at[k]];
		if (op->code == RX_S_PUT)
			return op;
		/* what is only extended is computed where that goes */
		if (op->code == RX_S_SEXT && op->type == RX_I64 && g->uses[v] == 1)
			return put_of(g, op->result);
	}
	return NULL;
}

const struct rx_jit_home *rx_jit_put_next(const struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_smir_op *put = put_of(g, v);
	const struct rx_jit_home *h = put ? rx_jit_home_at(g, put->imm, put->type) : NULL;

	if (!h)
		return NULL;
	for (const struct rx_smir_op *op = &g->f->ops.at[g->op + 1]; op < put; op++)
		if (rx_jit_leaves(g, op) || ((op->code == RX_S_PUT || op->code == RX_S_GET) &&
					     op->imm == h->offset))
			return NULL;
	return h;
}

/* The same if the value can be computed there: nobody wants what the home holds. */
static const struct rx_jit_home *hint(struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_jit_home *h = rx_jit_put_next(g, v);

	return h && !in_use(g, h) ? h : NULL;
}

uint8_t rx_jit_dest_any(struct rx_jit_gen *g, rx_sv v, bool prefer, bool *is_xmm)
{
	const struct rx_jit_home *h = g->f->values.at[v] == RX_I64 ? hint(g, v) : NULL;
	uint8_t r;

	if (h) {
		*is_xmm = h->fp;
		g->raw &= ~(1u << (h - g->home));
		rx_jit_settle(g, v, h);
		return h->reg;
	}
	*is_xmm = prefer;
	r = rx_jit_take(g, v, prefer);
	rx_jit_set(g, v, prefer ? JIT_XMM : JIT_GPR, r);
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
		rx_jit_settle(g, v, h);
		return h->reg;
	}
	r = leads_on(g, v) ? RAX : rx_jit_take(g, v, false);
	rx_jit_set(g, v, JIT_GPR, r);
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
		rx_jit_settle(g, op->result, &g->home[l.home]);
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

static void put_wide(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values to = rx_jit_mem(RDI, (int64_t)op->imm);
	const unsigned bytes = rx_smir_bits[op->type] / 8u;
	struct rx_px_values from;

	rx_jit_overwrite(g, op->imm, bytes);
	if (g->loc[op->arg[0]].kind == JIT_XMM) {
		rx_jit_store_vec(g, &to, g->loc[op->arg[0]].reg, 8 * bytes);
		rx_jit_done(g, op->arg[0]);
		return;
	}
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
	const struct rx_jit_home *h = rx_jit_home_at(g, op->imm, op->type);
	const struct rx_px_values from = rx_jit_mem(RDI, (int64_t)op->imm);
	uint8_t d;

	if (!g->uses[op->result])
		return;
	if (rx_jit_wide_type(op->type)) {	/* in memory it is already */
		g->loc[op->result] = (struct rx_jit_loc){ .kind = JIT_WIDE,
						       .state = rx_jit_state_at(g, op->imm) };
		g->in_state |= rx_smir_words(op->imm, rx_smir_bits[op->type] / 8u);
		return;
	}
	if (h) {
		rx_jit_settle(g, op->result, h);
		g->loc[op->result].plus = rx_jit_lag(g, h);
		return;
	}
	if (op->type == RX_I64) {
		g->loc[op->result] = (struct rx_jit_loc){ .kind = JIT_STATE,
						       .state = rx_jit_state_at(g, op->imm) };
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

static void put_home(struct rx_jit_gen *g, const struct rx_smir_op *op, const struct rx_jit_home *h)
{
	const rx_sv v = op->arg[0];
	struct rx_jit_loc *l = &g->loc[v];

	rx_jit_dirty(g, h);
	if (l->kind == JIT_HOME && &g->home[l->home] == h && rx_jit_put_beside(g, v, h)) {
		rx_jit_done(g, v);
		return;
	}
	evict(g, h);
	rx_jit_set_lag(g, h, 0);
	if (h->fp) {
		const bool raw = rx_jit_is_raw(g, v);
		const uint8_t s = rx_jit_use_raw(g, v, h->reg);

		if (s != h->reg)
			E(g, movaps_xmm_xmm, h->reg, s);
		g->raw &= ~(1u << (h - g->home));
		g->raw |= (uint32_t)raw << (h - g->home);
	} else {
		rx_jit_move(g, h->reg, rx_jit_use(g, v, h->reg));
	}
	if (g->uses[v] > 1 && l->kind != JIT_CONST) {
		rx_jit_release(g, v);
		rx_jit_settle(g, v, h);
	}
	rx_jit_done(g, v);
}

void rx_jit_overwrite(struct rx_jit_gen *g, uint64_t offset, uint64_t bytes)
{
	const uint64_t end = offset + bytes;

	if (!(g->in_state & rx_smir_words(offset, bytes)))
		return;
	for (rx_sv v = 1; v < g->f->values.n; v++) {
		struct rx_jit_loc *l = &g->loc[v];
		const unsigned bits = rx_smir_bits[g->f->values.at[v]];
		const unsigned size = bits <= 64 ? 8 : bits / 8;
		struct rx_px_values from;
		uint8_t r;

		if (!l->state || l->state - 1 >= end || offset >= l->state + size - 1)
			continue;
		if (l->kind == JIT_WIDE && g->uses[v]) {
			rx_jit_to_own_slots(g, v);
			continue;
		}
		if (l->kind == JIT_STATE && g->uses[v]) {
			from = rx_jit_state_of(l);
			l->state = 0;	/* it would be given up for itself */
			r = rx_jit_take(g, v, false);
			E(g, mov_r64_m64, r, &from);
			rx_jit_set(g, v, JIT_GPR, r);
		} else if (l->kind == JIT_STATE || l->kind == JIT_WIDE) {
			l->kind = JIT_NOWHERE;
		}
		l->state = 0;
	}
}

void rx_jit_store(struct rx_jit_gen *g, const struct rx_px_values *to, uint8_t s, unsigned bits)
{
	switch (bits) {
	case 64:
		E(g, mov_m64_r64, to, s);
		break;
	case 32:
		E(g, mov_m32_r32, to, s);
		break;
	case 16:
		E(g, mov_m16_r16, to, s);
		break;
	default:
		E(g, mov_m8_r8, to, s);
	}
}

void rx_jit_put(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_jit_home *h = rx_jit_home_at(g, op->imm, op->type);
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
	rx_jit_store(g, &to, s, rx_smir_bits[op->type]);
	if (op->type == RX_I64)
		g->loc[op->arg[0]].state = rx_jit_state_at(g, op->imm);
	rx_jit_done(g, op->arg[0]);
}
