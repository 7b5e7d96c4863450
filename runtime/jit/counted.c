/* counted.c - traces that are not left half way. SPDX-License-Identifier: MIT
 *
 * Where a loop ends when a pointer that steps on is equal to another one, its trace's tests
 * have one answer as long as the two are far enough apart. That is looked at once, at the
 * start of another trace without them, and the one with them is where they are not.
 */
#include "jit/region.h"

/* A difference of two registers, or of one and a number, that a test is about. */
struct difference {
	uint64_t of;		/* offset in the state */
	uint64_t from;		/* likewise, where it is a register, or the number */
	bool number;
	int64_t steps;		/* the test holds where of + steps == from */
};

static const struct rx_smir_op *def_of(const struct rx_smir_fn *f, const uint32_t *def, rx_sv v)
{
	const struct rx_smir_op *op = def[v] < f->ops.n ? &f->ops.at[def[v]] : NULL;

	return op && op->result == v ? op : NULL;
}

/* The register that the value is at the start, NULL: it is none. */
static const struct rx_smir_op *at_start(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	if (!op || op->code != RX_S_GET || op->type != RX_I64)
		return NULL;
	for (const struct rx_smir_op *o = f->ops.at; o < op; o++)
		if ((o->code == RX_S_PUT || o->code == RX_S_EARLY) && o->imm < op->imm + 8 &&
		    op->imm < o->imm + (rx_smir_bits[o->type] + 7u) / 8)
			return NULL;
	return op;
}

/* a is a register that has stepped on, b is one that has not, or a number. */
static bool between(const struct rx_smir_fn *f, const uint32_t *def, rx_sv a, rx_sv b,
		    struct difference *d)
{
	const struct rx_smir_op *sum = def_of(f, def, a), *to = def_of(f, def, b), *by, *from;

	if (!sum || sum->code != RX_S_ADD || sum->type != RX_I64 || !to)
		return false;
	from = at_start(f, def_of(f, def, sum->arg[0]));
	by = def_of(f, def, sum->arg[1]);
	if (!from || !by || by->code != RX_S_CONST)
		return false;
	d->number = to->code == RX_S_CONST;
	if (!d->number && !at_start(f, to))
		return false;
	d->of = from->imm;
	d->from = to->imm;
	d->steps = (int64_t)by->imm;
	return true;
}

/* What the exit's condition is about; false: something else. */
static bool tested(const struct rx_smir_fn *f, const uint32_t *def, const struct rx_smir_op *exit,
		   struct difference *d)
{
	const struct rx_smir_op *op = def_of(f, def, exit->arg[0]);
	unsigned equal = RX_S_EQ;

	if (op && op->code == RX_S_NOT) {
		op = def_of(f, def, op->arg[0]);
		equal = RX_S_NE;
	}
	return op && op->code == equal && op->type == RX_I64 &&
	       (between(f, def, op->arg[0], op->arg[1], d) ||
		between(f, def, op->arg[1], op->arg[0], d));
}

/* Takes one more test in; false: it is not about the same, or goes the other way. */
static bool agrees(struct rx_jit_count *c, const struct difference *d, unsigned n)
{
	if (!d->steps || d->steps <= -JIT_PLUS || d->steps >= JIT_PLUS)
		return false;
	if (!n)
		*c = (struct rx_jit_count){ d->of, d->from, d->number, 0 };
	if (c->of != d->of || c->from != d->from || c->number != d->number ||
	    (n && (c->most < 0) != (d->steps < 0)))
		return false;
	if ((d->steps < 0 ? -d->steps : d->steps) > (c->most < 0 ? -c->most : c->most))
		c->most = d->steps;
	return true;
}

#define FEW 3		/* tests that are not worth it */

bool rx_jit_counts(struct rx_jit_work *w, struct rx_jit_unit *t)
{
	const struct rx_smir_fn *f = &t->fn;
	unsigned n = 0, step = 0;

	t->tests = 0;
	for (uint32_t k = 0; k < f->ops.n; k++)
		if (f->ops.at[k].result)
			w->def[f->ops.at[k].result] = k;
	for (uint32_t k = 0; k < f->ops.n; k++) {
		const struct rx_smir_op *op = &f->ops.at[k];
		struct difference d;

		step += op->code == RX_S_INSN;
		if (op->code != RX_S_EXITIF || step > t->insns - rx_jit_last(w, t)->block->n)
			continue;
		if (!tested(f, w->def, op, &d) || !agrees(&t->count, &d, n++))
			return false;
		t->tests = k + 1;
	}
	return n > FEW;
}

/* A home, or the state. */
static void get(struct rx_jit_gen *g, uint64_t offset)
{
	const struct rx_jit_home *h = rx_jit_home_of(g, offset);
	const struct rx_px_values m = rx_jit_mem(RDI, (int64_t)offset);

	if (h)
		rx_jit_move(g, RAX, h->reg);
	else
		E(g, mov_r64_m64, RAX, &m);
}

static void subtract(struct rx_jit_gen *g, uint64_t offset)
{
	const struct rx_jit_home *h = rx_jit_home_of(g, offset);
	const struct rx_px_values m = rx_jit_mem(RDI, (int64_t)offset);

	if (h)
		E(g, sub_r64_r64, RAX, h->reg);
	else
		E(g, sub_r64_m64, RAX, &m);
}

void rx_jit_guard_count(struct rx_jit_gen *g, const struct rx_jit_unit *t, unsigned unit)
{
	const struct rx_jit_count *c = &t->count;
	const int64_t most = c->most < 0 ? -c->most : c->most;

	if (c->number)
		rx_jit_number(g, RAX, c->from);
	else
		get(g, c->from);
	subtract(g, c->of);
	if (c->most < 0)
		E(g, neg_r64, RAX);
	E(g, cmp_r64_i32, RAX, (uint64_t)most);
	rx_jit_unit_stub(g, rx_jit_jcc(g, CC_BE), unit, false, 0);
}
