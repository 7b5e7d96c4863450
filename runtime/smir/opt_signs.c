/* opt_signs.c - registers that are sign-extended all through a loop. SPDX-License-Identifier: MIT
 *
 * Guests that keep numbers of 32 bits extended in registers of 64 extend what comes from
 * the last round once more. It is there already, if it was so when the loop began and
 * each round puts such numbers: that is looked at in front of the loop, and not in it.
 */
#include <string.h>

#include "smir/opt.h"

#define PLACES 32
#define ROUNDS 8	/* until it is clear which places are so */

/* 64 bits of the state, as the loop finds them and leaves them. */
struct place {
	uint64_t offset;
	rx_sv get, put;		/* put: 0, it leaves them as they are */
	bool good, needed;
};

struct signs {
	struct rx_smir_opt *o;
	struct rx_smir_fn *f;
	struct place place[PLACES];
	unsigned n;
};

/* Does the operation nothing to the state but by puts? */
static bool is_plain(const struct rx_smir_op *op)
{
	switch (rx_smir_ops[op->code].effect) {
	case RX_SE_PURE:
	case RX_SE_FP:
	case RX_SE_MEM:
	case RX_SE_FAULT:
	case RX_SE_INSN:
	case RX_SE_EXIT:
	case RX_SE_END:
		return true;
	case RX_SE_GET:
		return op->code == RX_S_GET;
	default:
		return op->code == RX_S_PUT;
	}
}

/* Notes what is got or put; false: it is too much. */
static bool note(struct signs *s, const struct rx_smir_op *op)
{
	struct place *p = NULL;

	for (unsigned k = 0; k < s->n; k++)
		if (s->place[k].offset == op->imm)
			p = &s->place[k];
	if (!p && s->n == PLACES)
		return false;
	if (!p)
		*(p = &s->place[s->n++]) = (struct place){ .offset = op->imm,
			.get = op->result, .good = op->code == RX_S_GET };
	if (op->code == RX_S_PUT)
		p->put = op->arg[0];
	return true;
}

/* Places of which the operation writes a part. */
static void spoil(struct signs *s, const struct rx_smir_op *op)
{
	const uint64_t bytes = (rx_smir_bits[op->type] + 7u) / 8;

	for (unsigned k = 0; k < s->n; k++) {
		struct place *p = &s->place[k];

		if (p->offset < op->imm + bytes && op->imm < p->offset + 8 &&
		    (p->offset != op->imm || op->type != RX_I64))
			p->good = false;
	}
}

static bool find_places(struct signs *s)
{
	const struct rx_smir_fn *f = s->f;

	for (uint32_t k = 0; k < f->ops.n; k++) {
		const struct rx_smir_op *op = &f->ops.at[k];

		if (!is_plain(op))
			return false;
		if ((op->code == RX_S_GET || op->code == RX_S_PUT) && op->type == RX_I64 &&
		    !note(s, op))
			return false;
		if (op->result)
			s->o->def[op->result] = k;
	}
	for (uint32_t k = 0; k < f->ops.n; k++)
		if (f->ops.at[k].code == RX_S_PUT)
			spoil(s, &f->ops.at[k]);
	return true;
}

static const struct place *place_of(const struct signs *s, const struct rx_smir_op *get)
{
	for (unsigned k = 0; k < s->n; k++)
		if (s->place[k].get == get->result)
			return &s->place[k];
	return NULL;
}

/* The arguments [*first, + what is returned) decide; 0: the operation alone does, *is. */
static unsigned decide(const struct signs *s, const struct rx_smir_op *op, unsigned *first,
		       bool *is)
{
	const unsigned from = rx_smir_bits[s->f->values.at[op->arg[0]]];
	const struct place *p;

	*first = 0;
	*is = false;
	if (op->type != RX_I64)
		return 0;
	switch (op->code) {
	case RX_S_CONST:
		*is = (int64_t)op->imm == (int32_t)op->imm;
		return 0;
	case RX_S_SEXT:
		*is = from <= 32;
		return 0;
	case RX_S_ZEXT:
		*is = from < 32;
		return 0;
	case RX_S_GET:
		p = place_of(s, op);
		*is = p && p->good;
		return 0;
	case RX_S_NOT:
		return 1;
	case RX_S_AND:
	case RX_S_OR:
	case RX_S_XOR:
		return 2;
	case RX_S_SELECT:
		*first = 1;
		return 2;
	default:
		return 0;
	}
}

/* o->need[]: is bit 31 in all bits above it? */
static void find_signs(const struct signs *s)
{
	for (uint32_t k = 0; k < s->f->ops.n; k++) {
		const struct rx_smir_op *op = &s->f->ops.at[k];
		unsigned first, n;
		bool is;

		if (!op->result)
			continue;
		n = decide(s, op, &first, &is);
		for (unsigned a = 0; a < n; a++)
			is = (!a || is) && s->o->need[op->arg[first + a]];
		s->o->need[op->result] = is;
	}
}

/* Places that are so at the start are put such numbers: those that are not, are not. */
static bool settle(struct signs *s)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		bool changed = false;

		find_signs(s);
		for (unsigned k = 0; k < s->n; k++) {
			struct place *p = &s->place[k];

			if (p->good && p->put && !s->o->need[p->put]) {
				p->good = false;
				changed = true;
			}
		}
		if (!changed)
			return true;
	}
	return false;
}

/* The value is taken for such a number: what that follows from is needed. */
static void want(struct signs *s, rx_sv v)
{
	const struct rx_smir_op *op = &s->f->ops.at[s->o->def[v]];
	unsigned first, n;
	bool is;

	if (s->o->uses[v])
		return;
	s->o->uses[v] = 1;
	n = decide(s, op, &first, &is);
	for (unsigned a = 0; a < n; a++)
		want(s, op->arg[first + a]);
	for (unsigned k = 0; op->code == RX_S_GET && k < s->n; k++)
		if (s->place[k].get == v && !s->place[k].needed) {
			s->place[k].needed = true;
			if (s->place[k].put)
				want(s, s->place[k].put);
		}
}

/* What the operation extends, where that is extended; 0: it is needed. */
static rx_sv extended(const struct signs *s, const struct rx_smir_op *op)
{
	const struct rx_smir_op *in;

	if (op->code != RX_S_SEXT || op->type != RX_I64)
		return 0;
	in = &s->f->ops.at[s->o->def[op->arg[0]]];
	return in->code == RX_S_TRUNC && in->type == RX_I32 &&
	       s->f->values.at[in->arg[0]] == RX_I64 && s->o->need[in->arg[0]] ? in->arg[0] : 0;
}

/* Extensions that are needed no more; was there one? */
static bool drop(struct signs *s)
{
	bool any = false;

	memset(s->o->uses, 0, s->f->values.n * sizeof(*s->o->uses));
	for (uint32_t k = 0; k < s->f->ops.n; k++) {
		const rx_sv v = extended(s, &s->f->ops.at[k]);

		if (!v)
			continue;
		want(s, v);
		s->o->to[s->f->ops.at[k].result] = s->o->to[v];
		any = true;
	}
	return any;
}

unsigned rx_smir_signs(struct rx_smir_opt *o, struct rx_smir_fn *f,
		       bool (*likely)(void *opaque, uint64_t offset), void *opaque,
		       uint64_t *offsets, unsigned most)
{
	struct signs s = { .o = o, .f = f };
	unsigned n = 0;

	if (!find_places(&s))
		return 0;
	for (unsigned k = 0; k < s.n; k++)
		s.place[k].good = s.place[k].good && likely(opaque, s.place[k].offset);
	if (!settle(&s) || !drop(&s))
		return 0;
	for (unsigned k = 0; k < s.n; k++)
		n += s.place[k].needed;
	if (n > most)
		return 0;
	n = 0;
	for (unsigned k = 0; k < s.n; k++)
		if (s.place[k].needed)
			offsets[n++] = s.place[k].offset;
	for (uint32_t k = 0; k < f->ops.n; k++)
		rx_smir_opt_rename(o, f, &f->ops.at[k]);
	return n;
}
