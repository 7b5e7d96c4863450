/* advance.c - homes that numbers are added to. SPDX-License-Identifier: MIT
 *
 * A pointer that goes through memory is put what it was and a number, again and again.
 * Its home's register need not follow each time: what the guest has there is the
 * register and a *lag*, and so are the addresses that count from it. Ways out make up
 * for the lag out of line; the end of a block does once for all.
 */
#include <string.h>

#include "jit/frame.h"
#include "jit/values.h"

static unsigned number_of(const struct rx_jit_gen *g, const struct rx_jit_home *h)
{
	return (unsigned)(h - g->home);
}

int32_t rx_jit_lag(const struct rx_jit_gen *g, const struct rx_jit_home *h)
{
	return g->lag[g->lags][number_of(g, h)];
}

static bool has_room(const struct rx_jit_gen *g)
{
	return g->nlags < JIT_LAGS;
}

/* The home's register changes by a number, and its values count from there. */
static void move(struct rx_jit_gen *g, const struct rx_jit_home *h, int32_t by)
{
	const struct rx_px_values m = rx_jit_mem(h->reg, by);

	for (rx_sv v = 1; v < g->f->values.n; v++)
		if (g->loc[v].kind == JIT_HOME && g->loc[v].home == number_of(g, h))
			g->loc[v].plus -= by;
	E(g, lea_r64_m, h->reg, &m);
}

/* All registers but this home's have what the guest has. */
static void others_catch_up(struct rx_jit_gen *g, const struct rx_jit_home *h)
{
	const int32_t *lag = g->lag[g->lags];

	for (unsigned k = 0; k < g->nhomes; k++)
		if (lag[k] && &g->home[k] != h)
			move(g, &g->home[k], lag[k]);
	g->lags = 0;
}

void rx_jit_set_lag(struct rx_jit_gen *g, const struct rx_jit_home *h, int32_t lag)
{
	int32_t to[JIT_HOMES + JIT_XHOMES];

	if (rx_jit_lag(g, h) == lag)
		return;
	memcpy(to, g->lag[g->lags], sizeof(to));
	to[number_of(g, h)] = lag;
	if (!memcmp(to, g->lag[0], sizeof(to))) {
		g->lags = 0;
	} else if (has_room(g)) {
		g->lags = g->nlags++;
		memcpy(g->lag[g->lags], to, sizeof(to));
	} else {
		others_catch_up(g, h);
	}
}

/* Would its values still be near? */
static bool can_move(const struct rx_jit_gen *g, const struct rx_jit_home *h, int32_t by)
{
	if (by <= -JIT_PLUS || by >= JIT_PLUS)
		return false;
	for (rx_sv v = 1; v < g->f->values.n; v++) {
		const struct rx_jit_loc *l = &g->loc[v];

		if (l->kind == JIT_HOME && l->home == number_of(g, h) && g->uses[v] &&
		    (l->plus - by <= -JIT_PLUS || l->plus - by >= JIT_PLUS))
			return false;
	}
	return true;
}

void rx_jit_catch_up(struct rx_jit_gen *g)
{
	if (g->lags)
		others_catch_up(g, NULL);
}

void rx_jit_make_up(struct rx_jit_gen *g, unsigned lags, uint32_t which)
{
	for (unsigned k = 0; lags && k < g->nhomes; k++) {
		const struct rx_px_values m = rx_jit_mem(g->home[k].reg, g->lag[lags][k]);

		if (m.disp && which >> k & 1)
			E(g, lea_r64_m, g->home[k].reg, &m);
	}
}

/* Does it cost the operation nothing that its argument is a register and a number? */
static bool adds_anyway(const struct rx_jit_gen *g, const struct rx_smir_op *op, rx_sv v)
{
	uint64_t imm;

	switch (op->code) {
	case RX_S_LOAD:
		return true;
	case RX_S_STORE:
		return op->arg[1] != v;
	case RX_S_ADD:
		return op->type == RX_I64 && rx_jit_number_of(g, op->arg[1], &imm);
	case RX_S_EQ:
	case RX_S_NE:
		return !g->uses[op->result];	/* a test that is not made */
	default:
		return false;
	}
}

/* Need the register not follow when v, in it with a number, is put? */
static bool may_lag(const struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_jit_loc *l = &g->loc[v];

	if (!has_room(g) || g->home[l->home].fp || l->plus <= -JIT_PLUS || l->plus >= JIT_PLUS)
		return false;
	for (uint32_t k = g->use_end[v] - g->uses[v]; k < g->use_end[v]; k++) {
		if (g->use_at[k] == g->op)
			continue;
		if (g->use_at[k] >= rx_jit_part(g)->nops ||
		    !adds_anyway(g, &g->f->ops.at[g->use_at[k]], v))
			return false;
	}
	return true;
}

bool rx_jit_put_beside(struct rx_jit_gen *g, rx_sv v, const struct rx_jit_home *h)
{
	const int32_t plus = g->loc[v].plus;

	if (plus && may_lag(g, v)) {
		rx_jit_set_lag(g, h, plus);
		return true;
	}
	if (plus && !can_move(g, h, plus))
		return false;
	if (plus)
		move(g, h, plus);
	rx_jit_set_lag(g, h, 0);
	return true;
}

/* How far is the sum from what the home holds, by a value there of the same base? */
static bool is_beside(const struct rx_jit_gen *g, const struct rx_jit_home *h,
		      const struct rx_smir_op *op, int64_t number, int64_t *distance)
{
	uint64_t imm;

	for (rx_sv v = 1; g->inside[number_of(g, h)] && v < g->f->values.n; v++) {
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
	const struct rx_jit_home *h = rx_jit_put_next(g, op->result);
	int64_t by;

	if (!h || h->fp || !is_beside(g, h, op, number, &by) || by <= -JIT_PLUS ||
	    by >= JIT_PLUS)
		return false;
	rx_jit_settle(g, op->result, h);
	g->loc[op->result].plus = (int32_t)by;
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	return true;
}
