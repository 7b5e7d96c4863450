/* opt_narrow.c - what is done in 64 bits and needs 32. SPDX-License-Identifier: MIT
 *
 * Guests that keep numbers of 32 bits extended in registers of 64 extend the
 * result of each instruction, and the next one cuts it. From the end of a block to
 * its start: which values does nobody look at above bit 31? They are computed in 32
 * bits; then nobody wants the extensions that they were made of. Where both
 * arguments of a bitwise operation are sign-extended, its result is instead.
 *
 * A pair of shifts that clears or extends the upper bits becomes an extension.
 */
#include "smir/opt.h"

enum { NOBODY, LOW, ALL, GONE };	/* o->need[]; GONE: there is only low[] of it */

struct narrow {
	struct rx_smir_opt *o;
	struct rx_smir_fn *f;
	const struct rx_smir_op *at;	/* what o->def[] counts in */
	uint32_t n;			/* operations in o->ops[] */
};

static rx_sv new_value(struct narrow *w, unsigned type)
{
	const rx_sv v = w->f->values.n++;	/* rx_smir_opt_begin() made room */

	w->f->values.at[v] = (uint8_t)type;
	w->o->to[v] = v;
	w->o->def[v] = RX_SMIR_NO_DEF;
	w->o->low[v] = 0;
	w->o->need[v] = ALL;
	w->o->uses[v] = 0;
	return v;
}

static void emit(struct narrow *w, const struct rx_smir_op *op)
{
	if (op->result)
		w->o->def[op->result] = w->n;
	w->o->ops[w->n++] = *op;
}

static rx_sv emit_new(struct narrow *w, unsigned code, unsigned type, rx_sv a, rx_sv b,
		      uint64_t imm)
{
	const rx_sv v = new_value(w, type);

	emit(w, &(struct rx_smir_op){ .code = (uint8_t)code, .type = (uint8_t)type,
				      .result = v, .arg = { a, b }, .imm = imm });
	return v;
}

/* The operation that gives the value, NULL: it is a block's. */
static const struct rx_smir_op *def(const struct narrow *w, rx_sv v)
{
	return w->o->def[v] == RX_SMIR_NO_DEF ? NULL : &w->at[w->o->def[v]];
}

static bool number(const struct narrow *w, rx_sv v, uint64_t *imm)
{
	const struct rx_smir_op *op = def(w, v);

	if (!op || op->code != RX_S_CONST)
		return false;
	*imm = op->imm;
	return true;
}

/* The low half of a value of 64 bits. */
static rx_sv low(struct narrow *w, rx_sv v)
{
	uint64_t imm;

	if (w->o->low[v])
		return w->o->low[v];
	if (number(w, v, &imm))
		w->o->low[v] = emit_new(w, RX_S_CONST, RX_I32, 0, 0, imm & UINT32_MAX);
	else
		w->o->low[v] = emit_new(w, RX_S_TRUNC, RX_I32, v, 0, 0);
	return w->o->low[v];
}

/* A value of 64 bits for who does not look at the upper half. */
static rx_sv any(struct narrow *w, rx_sv v)
{
	return w->o->need[v] == GONE ? emit_new(w, RX_S_ZEXT, RX_I64, w->o->low[v], 0, 0) : v;
}

/* ---- who needs what ------------------------------------------------------ */

/* Do the low 32 bits of the result depend on those of the arguments alone? */
static bool narrows(const struct narrow *w, const struct rx_smir_op *op)
{
	uint64_t by;

	if (op->type != RX_I64)
		return false;
	switch (op->code) {
	case RX_S_ADD:
	case RX_S_SUB:
	case RX_S_MUL:
	case RX_S_AND:
	case RX_S_OR:
	case RX_S_XOR:
	case RX_S_NOT:
	case RX_S_NEG:
		return true;
	case RX_S_SHL:
		return number(w, op->arg[1], &by) && by < 32;
	default:
		return false;
	}
}

/* What the operation needs of its argument. */
static unsigned needs(const struct narrow *w, const struct rx_smir_op *op, unsigned k)
{
	uint64_t imm;

	if (op->code == RX_S_TRUNC)
		return rx_smir_bits[op->type] <= 32 ? LOW : ALL;
	if (op->code == RX_S_SHL && op->type == RX_I64 && k == 0 &&
	    number(w, op->arg[1], &imm) && imm >= 32 && imm < 64)
		return LOW;
	if (op->code == RX_S_AND && op->type == RX_I64 && k == 0 &&
	    number(w, op->arg[1], &imm) && imm <= UINT32_MAX)
		return LOW;
	return narrows(w, op) && w->o->need[op->result] != ALL ? LOW : ALL;
}

static void need(struct rx_smir_opt *o, rx_sv v, unsigned what)
{
	if (o->need[v] < what)
		o->need[v] = (uint8_t)what;
	o->uses[v] += what == ALL;
}

/*
 * Which operation gives each value. Those that cross the bounds of blocks are needed
 * as they are.
 */
static void cross(struct narrow *w)
{
	const struct rx_smir_fn *f = w->f;

	for (uint32_t k = 0; f->order.n == 1 && k < f->ops.n; k++)
		w->o->def[f->ops.at[k].result] = k;
	if (f->order.n == 1)
		return;
	for (uint32_t n = 0; n < f->order.n; n++) {
		const struct rx_smir_block *b = &f->blocks.at[f->order.at[n]];

		for (uint32_t k = b->first; k < b->first + b->nops; k++) {
			const struct rx_smir_op *op = &f->ops.at[k];

			for (unsigned j = 0; j < rx_smir_ops[op->code].nargs; j++) {
				const rx_sv v = op->arg[j];

				if (w->o->def[v] < b->first || w->o->def[v] >= k)
					need(w->o, v, ALL);
			}
			if (op->result)
				w->o->def[op->result] = k;
		}
	}
	for (uint32_t k = 0; k < f->extra.n; k++)
		need(w->o, f->extra.at[k], ALL);
}

static void find_needs(struct narrow *w)
{
	const struct rx_smir_fn *f = w->f;

	cross(w);
	for (uint32_t n = 0; n < f->order.n; n++) {
		const struct rx_smir_block *b = &f->blocks.at[f->order.at[n]];

		for (uint32_t k = b->nops; k-- > 0;) {
			const struct rx_smir_op *op = &f->ops.at[b->first + k];

			for (unsigned j = 0; j < rx_smir_ops[op->code].nargs; j++)
				need(w->o, op->arg[j], needs(w, op, j));
		}
	}
}

/* ---- operations anew ----------------------------------------------------- */

/* The operation in 32 bits. */
static rx_sv half(struct narrow *w, const struct rx_smir_op *op)
{
	const rx_sv a = low(w, op->arg[0]);
	const rx_sv b = rx_smir_ops[op->code].nargs > 1 ? low(w, op->arg[1]) : 0;

	return emit_new(w, op->code, RX_I32, a, b, 0);
}

/* Is bit 31 in all bits above it? once: and nobody else wants it so. */
static bool is_signed(const struct narrow *w, rx_sv v, bool *once)
{
	const struct rx_smir_op *op = def(w, v), *in;
	uint64_t imm;

	if (!op)
		return false;
	if (op->code == RX_S_CONST)
		return (int64_t)op->imm == (int32_t)op->imm;
	if ((op->code != RX_S_SEXT && op->code != RX_S_ZEXT) ||
	    w->f->values.at[op->arg[0]] != RX_I32)
		return false;
	*once = *once && w->o->uses[v] == 1;
	if (op->code == RX_S_SEXT)
		return true;
	in = def(w, op->arg[0]);
	return in && in->code == RX_S_LSHR && number(w, in->arg[1], &imm) && imm & 31;
}

/* Bitwise operations on what is extended are extended. */
static bool postpone(struct narrow *w, struct rx_smir_op *op)
{
	bool once = true;
	rx_sv v;

	if (op->type != RX_I64 ||
	    (op->code != RX_S_AND && op->code != RX_S_OR && op->code != RX_S_XOR) ||
	    !is_signed(w, op->arg[0], &once) || !is_signed(w, op->arg[1], &once) || !once)
		return false;
	v = half(w, op);
	op->code = RX_S_SEXT;
	op->arg[0] = v;
	op->arg[1] = 0;
	w->o->low[op->result] = v;
	return true;
}

/* A mask of 32 bits leaves nothing above them. */
static bool mask(struct narrow *w, struct rx_smir_op *op)
{
	uint64_t imm;

	if (op->code != RX_S_AND || op->type != RX_I64 || !w->o->low[op->arg[0]] ||
	    !number(w, op->arg[1], &imm) || imm > UINT32_MAX)
		return false;
	op->arg[0] = half(w, op);
	op->arg[1] = 0;
	op->code = RX_S_ZEXT;
	w->o->low[op->result] = op->arg[0];
	return true;
}

/* Up by `up` and down by `down` again. */
static void shifts(struct narrow *w, struct rx_smir_op *op)
{
	static const uint8_t types[] = { RX_I32, RX_I16, RX_I8 };
	const struct rx_smir_op *in = def(w, op->arg[0]);
	const bool is_signed_shift = op->code == RX_S_ASHR;
	uint64_t up, down;
	rx_sv x;

	if (op->type != RX_I64 || !in || in->code != RX_S_SHL ||
	    !number(w, in->arg[1], &up) || !number(w, op->arg[1], &down))
		return;
	x = in->arg[0];
	for (unsigned k = 0; k < 3; k++) {
		if (up != down || up != 64u - rx_smir_bits[types[k]])
			continue;
		op->arg[0] = k ? emit_new(w, RX_S_TRUNC, types[k], x, 0, 0) : low(w, x);
		op->arg[1] = 0;
		op->code = is_signed_shift ? RX_S_SEXT : RX_S_ZEXT;
		return;
	}
	if (is_signed_shift || up != 32 || down >= 32)
		return;
	op->arg[0] = emit_new(w, RX_S_ZEXT, RX_I64, low(w, x), 0, 0);
	op->arg[1] = emit_new(w, RX_S_CONST, RX_I64, 0, 0, 32 - down);
	op->code = RX_S_SHL;
}

/* Cuts of what has a low half already. */
static bool cut(struct narrow *w, struct rx_smir_op *op)
{
	const rx_sv v = op->arg[0];

	if (w->f->values.at[v] != RX_I64)
		return false;
	if (op->type == RX_I32 && w->o->low[v]) {
		w->o->to[op->result] = w->o->low[v];
		return true;
	}
	if (op->type == RX_I32)
		w->o->low[v] = op->result;
	else if (w->o->low[v] && rx_smir_bits[op->type] < 32)
		op->arg[0] = w->o->low[v];
	return false;
}

static void make(struct narrow *w, struct rx_smir_op op)
{
	rx_smir_opt_rename(w->o, w->f, &op);
	if (narrows(w, &op) && w->o->need[op.result] != ALL) {
		w->o->low[op.result] = half(w, &op);
		w->o->need[op.result] = GONE;
		return;
	}
	switch (op.code) {
	case RX_S_TRUNC:
		if (cut(w, &op))
			return;
		break;
	case RX_S_SEXT:
	case RX_S_ZEXT:
		if (op.type == RX_I64 && w->f->values.at[op.arg[0]] == RX_I32)
			w->o->low[op.result] = op.arg[0];
		break;
	case RX_S_SHL:
		if (op.type == RX_I64)
			op.arg[0] = any(w, op.arg[0]);
		break;
	case RX_S_LSHR:
	case RX_S_ASHR:
		shifts(w, &op);
		break;
	default:
		(void)(mask(w, &op) || postpone(w, &op));
	}
	emit(w, &op);
}

/* Does something leave bits of a value out? All that is narrowed comes from that. */
static bool any_cut(const struct rx_smir_fn *f)
{
	for (uint32_t k = 0; k < f->ops.n; k++)
		if (f->ops.at[k].code == RX_S_TRUNC || f->ops.at[k].code == RX_S_SHL)
			return true;
	return false;
}

void rx_smir_pass_narrow(struct rx_smir_opt *o, struct rx_smir_fn *f)
{
	struct narrow w = { .o = o, .f = f, .at = f->ops.at };
	struct rx_smir_op *ops = f->ops.at;
	const uint32_t n = f->values.n, room = f->ops.room;

	if (!any_cut(f))
		return;
	for (rx_sv v = 0; v < n; v++) {
		o->uses[v] = o->low[v] = 0;
		o->need[v] = NOBODY;
	}
	find_needs(&w);
	for (rx_sv v = 0; v < n; v++)
		o->def[v] = RX_SMIR_NO_DEF;
	w.at = o->ops;
	for (uint32_t k = 0; k < f->order.n; k++) {
		struct rx_smir_block *b = &f->blocks.at[f->order.at[k]];
		const uint32_t first = w.n;

		for (rx_sv v = 0; k && v < f->values.n; v++)
			o->low[v] = 0;	/* of another block */
		for (uint32_t j = 0; j < b->nops; j++)
			make(&w, f->ops.at[b->first + j]);
		b->first = first;
		b->nops = w.n - first;
	}
	f->ops.at = o->ops;
	f->ops.room = o->ops_room;
	f->ops.n = w.n;
	o->ops = ops;
	o->ops_room = room;
}
