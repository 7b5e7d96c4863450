/* opt_sink.c - what a loop computes for those who leave it. SPDX-License-Identifier: MIT
 *
 * State that a loop puts early, before anything looks at it or may leave, need not be
 * there when it goes around: the last put of it is only for who leaves at the end. It
 * goes behind that exit, and so does what is computed for such puts alone.
 */
#include <string.h>

#include "smir/opt.h"

struct sinking {
	struct rx_smir_opt *o;
	const struct rx_smir_fn *f;
	uint32_t end;		/* operations in front of the end, and of its condition's exit */
};

/* Could somebody see the state there? */
static bool leaves(const struct sinking *s, uint32_t k)
{
	const struct rx_smir_op *op = &s->f->ops.at[k];

	switch (rx_smir_ops[op->code].effect) {
	case RX_SE_PURE:
	case RX_SE_FP:
		return false;
	case RX_SE_GET:
		return op->code != RX_S_GET;
	case RX_SE_PUT:
		return op->code != RX_S_PUT;
	case RX_SE_INSN:
		return s->o->polls;
	case RX_SE_MEM:
		return !s->o->sure[k];
	default:
		return true;
	}
}

/* Has the operation to do with what the put writes? */
static bool meets(const struct rx_smir_op *op, const struct rx_smir_op *put)
{
	return (op->code == RX_S_GET || op->code == RX_S_PUT) &&
	       op->imm < put->imm + (rx_smir_bits[put->type] + 7u) / 8 &&
	       put->imm < op->imm + (rx_smir_bits[op->type] + 7u) / 8;
}

/* Does the loop begin by putting the same? */
static bool put_first(const struct sinking *s, const struct rx_smir_op *put)
{
	for (uint32_t k = 0; k < s->end && !leaves(s, k); k++) {
		const struct rx_smir_op *op = &s->f->ops.at[k];

		if (meets(op, put))
			return op->code == RX_S_PUT && op->imm == put->imm &&
			       op->type == put->type;
	}
	return false;
}

static bool is_last(const struct sinking *s, uint32_t k)
{
	for (uint32_t j = k + 1; j < s->end; j++)
		if (meets(&s->f->ops.at[j], &s->f->ops.at[k]))
			return false;
	return true;
}

static void sink(const struct sinking *s, uint32_t k)
{
	const struct rx_smir_op *op = &s->f->ops.at[k];

	s->o->need[k] = true;
	for (unsigned a = 0; a < rx_smir_ops[op->code].nargs; a++)
		s->o->low[op->arg[a]]++;
}

static bool sink_puts(const struct sinking *s)
{
	bool any = false;

	for (uint32_t k = s->end; k-- > 0 && !leaves(s, k);) {
		const struct rx_smir_op *op = &s->f->ops.at[k];

		if (op->code != RX_S_PUT || rx_smir_bits[op->type] > 64 || !is_last(s, k) ||
		    !put_first(s, op))
			continue;
		sink(s, k);
		any = true;
	}
	return any;
}

/* Would more values have to be kept for it than its result is? */
static bool keeps_much(const struct sinking *s, const struct rx_smir_op *op)
{
	unsigned n = 0;

	for (unsigned a = 0; a < rx_smir_ops[op->code].nargs; a++) {
		const rx_sv v = op->arg[a];
		const bool number = s->f->ops.at[s->o->def[v]].code == RX_S_CONST;

		n += !number && (!a || v != op->arg[a - 1]);
	}
	return n > 1;
}

/* From the end to the start: what is used by that alone. */
static void sink_values(const struct sinking *s)
{
	const struct rx_smir_opt *o = s->o;

	for (uint32_t k = s->end; k-- > 0;) {
		const struct rx_smir_op *op = &s->f->ops.at[k];

		if (op->result && rx_smir_ops[op->code].effect == RX_SE_PURE &&
		    o->uses[op->result] && o->low[op->result] == o->uses[op->result] &&
		    !keeps_much(s, op))
			sink(s, k);
	}
}

static void count(const struct sinking *s)
{
	const struct rx_smir_fn *f = s->f;
	struct rx_smir_opt *o = s->o;

	memset(o->uses, 0, f->values.n * sizeof(*o->uses));
	memset(o->low, 0, f->values.n * sizeof(*o->low));
	memset(o->need, 0, f->ops.n);
	for (uint32_t k = 0; k < f->ops.n; k++) {
		const struct rx_smir_op *op = &f->ops.at[k];

		for (unsigned a = 0; a < rx_smir_ops[op->code].nargs; a++)
			o->uses[op->arg[a]]++;
		if (op->result)
			o->def[op->result] = k;
	}
}

/* Operations [from, to) that sink, or those that do not, to o->ops[n]; how many there are. */
static uint32_t copy(const struct sinking *s, uint32_t n, uint32_t from, uint32_t to, bool sunk)
{
	for (uint32_t k = from; k < to; k++)
		if ((bool)s->o->need[k] == sunk)
			s->o->ops[n++] = s->f->ops.at[k];
	return n;
}

/* The conditional exit in front of the last, or that. */
static uint32_t end_of(const struct rx_smir_fn *f)
{
	uint32_t k = f->ops.n - 1;

	while (k && f->ops.at[k - 1].code == RX_S_CONST)	/* addresses */
		k--;
	return k && f->ops.at[k - 1].code == RX_S_EXITIF ? k - 1 : f->ops.n - 1;
}

uint32_t rx_smir_sink(struct rx_smir_opt *o, struct rx_smir_fn *f, bool anyway)
{
	struct sinking s = { .o = o, .f = f, .end = end_of(f) };
	struct rx_smir_op *const ops = f->ops.at;
	const uint32_t room = f->ops.room, n = f->ops.n;
	uint32_t body, k;

	count(&s);
	if (!sink_puts(&s) && !anyway)
		return 0;
	sink_values(&s);
	body = s.end + (ops[s.end].code == RX_S_EXITIF);
	k = copy(&s, 0, 0, body, false);
	(void)copy(&s, copy(&s, k, 0, body, true), body, n, false);
	f->ops.at = o->ops;
	f->ops.room = o->ops_room;
	o->ops = ops;
	o->ops_room = room;
	return k;
}
