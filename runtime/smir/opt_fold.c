/* opt_fold.c - constants and neutral elements. SPDX-License-Identifier: MIT */
#include "smir/opt.h"
#include "smir/pure.h"

/* The result of an operation on constants; false: not one of those. */
static bool evaluate(const struct rx_smir_fn *f, const struct rx_smir_op *op,
		     const uint64_t v[3], uint64_t *r)
{
	const unsigned from = f->values.at[op->arg[0]];

	switch (op->code) {
	case RX_S_ZEXT:
	case RX_S_TRUNC:
		*r = v[0];
		return true;
	case RX_S_SEXT:
		*r = (uint64_t)rx_sext(v[0], rx_smir_bits[from]);
		return true;
	case RX_S_SELECT:
		*r = v[0] ? v[1] : v[2];
		return true;
	default:
		break;
	}
	return rx_smir_eval_word(op->code, op->type, v[0], v[1], r);
}

static bool small(unsigned type)
{
	return type == RX_I1 || type == RX_I8 || type == RX_I16 || type == RX_I32 ||
	       type == RX_I64;
}

static bool constant(const struct rx_smir_opt *o, const struct rx_smir_fn *f, rx_sv v,
		     uint64_t *value)
{
	if (o->def[v] == RX_SMIR_NO_DEF || f->ops.at[o->def[v]].code != RX_S_CONST ||
	    !small(f->values.at[v]))
		return false;
	*value = f->ops.at[o->def[v]].imm;
	return true;
}

/* What the operation gives where its second argument is this constant, 0: nothing known. */
static rx_sv neutral(const struct rx_smir_op *op, uint64_t y)
{
	switch (op->code) {
	case RX_S_ADD:
	case RX_S_SUB:
	case RX_S_OR:
	case RX_S_XOR:
	case RX_S_SHL:
	case RX_S_LSHR:
	case RX_S_ASHR:
	case RX_S_ROTR:
		return y ? 0 : op->arg[0];
	case RX_S_MUL:
		return y == 1 ? op->arg[0] : 0;
	case RX_S_AND:
		return y == rx_smir_mask(op->type) ? op->arg[0] : 0;
	default:
		return 0;
	}
}

/* What it gives whatever its first argument is; false: nothing. */
static bool absorbs(const struct rx_smir_op *op, uint64_t y, uint64_t *r)
{
	*r = y;
	return ((op->code == RX_S_AND || op->code == RX_S_MUL) && !y) ||
	       (op->code == RX_S_OR && y == rx_smir_mask(op->type));
}

static bool commutes(unsigned code)
{
	return code == RX_S_ADD || code == RX_S_MUL || code == RX_S_AND || code == RX_S_OR ||
	       code == RX_S_XOR || code == RX_S_EQ || code == RX_S_NE;
}

/* (x + c1) + c2 */
static void gather(const struct rx_smir_opt *o, const struct rx_smir_fn *f,
		   struct rx_smir_op *op, struct rx_smir_op *number)
{
	const struct rx_smir_op *in;
	uint64_t inner;

	if (op->code != RX_S_ADD || o->def[op->arg[0]] == RX_SMIR_NO_DEF ||
	    o->uses[op->arg[1]] != 1)
		return;
	in = &f->ops.at[o->def[op->arg[0]]];
	if (in->code != RX_S_ADD || !constant(o, f, in->arg[1], &inner))
		return;
	op->arg[0] = in->arg[0];
	number->imm = (number->imm + inner) & rx_smir_mask(op->type);
}

/* (x >> c) << c: the low bits become 0 */
static void clear_low(const struct rx_smir_opt *o, const struct rx_smir_fn *f,
		      struct rx_smir_op *op, struct rx_smir_op *number)
{
	const struct rx_smir_op *in;
	uint64_t inner;

	if (op->code != RX_S_SHL || o->def[op->arg[0]] == RX_SMIR_NO_DEF ||
	    o->uses[op->arg[1]] != 1)
		return;
	in = &f->ops.at[o->def[op->arg[0]]];
	if (in->code != RX_S_LSHR || !constant(o, f, in->arg[1], &inner) ||
	    inner != number->imm || inner >= rx_smir_bits[op->type])
		return;
	op->code = RX_S_AND;
	op->arg[0] = in->arg[0];
	number->imm = ~UINT64_C(0) << inner & rx_smir_mask(op->type);
}

/* Its uses are now uses of another value. */
static void rename_to(struct rx_smir_opt *o, rx_sv from, rx_sv to)
{
	o->to[from] = to;
	o->uses[to] += o->uses[from];
}

/* What an operation with a constant is done to, 0: it is no such operation. */
static rx_sv masked(const struct rx_smir_opt *o, const struct rx_smir_fn *f, rx_sv v,
		    unsigned code, uint64_t *number)
{
	const struct rx_smir_op *op;

	if (o->def[v] == RX_SMIR_NO_DEF)
		return 0;
	op = &f->ops.at[o->def[v]];
	return op->code == code && constant(o, f, op->arg[1], number) ? op->arg[0] : 0;
}

/*
 * (x & m) | ((x ^ k) & ~m) is x ^ (k & ~m), and without k it is x: signs of
 * numbers are moved so. The second constant becomes that one.
 */
static void merge(struct rx_smir_opt *o, struct rx_smir_fn *f, struct rx_smir_op *op)
{
	uint64_t low, high, k = 0;
	const rx_sv x = op->code == RX_S_OR ? masked(o, f, op->arg[0], RX_S_AND, &low) : 0;
	const rx_sv y = x ? masked(o, f, op->arg[1], RX_S_AND, &high) : 0;
	struct rx_smir_op *in;
	rx_sv number;

	if (!y || (low ^ high) != rx_smir_mask(op->type))
		return;
	if (x == y) {
		rename_to(o, op->result, x);
		return;
	}
	if (masked(o, f, y, RX_S_XOR, &k) != x)
		return;
	in = &f->ops.at[o->def[op->arg[1]]];
	number = in->arg[1];
	if (o->uses[number] != 1 || o->uses[in->result] != 1)
		return;		/* somebody else wants them as they are */
	f->ops.at[o->def[number]].imm = k & high;
	in->code = RX_S_XOR;
	in->arg[0] = x;
	o->uses[x]++;
	rename_to(o, op->result, in->result);
}

/* What the extension to 64 bits of a shift of 32 by a constant shifts, 0: it is none. */
static rx_sv shifted(const struct rx_smir_opt *o, const struct rx_smir_fn *f, rx_sv v,
		     unsigned extension, unsigned shift, uint64_t *by)
{
	const struct rx_smir_op *op;

	if (o->def[v] == RX_SMIR_NO_DEF)
		return 0;
	op = &f->ops.at[o->def[v]];
	if (op->code != extension || op->type != RX_I64 || f->values.at[op->arg[0]] != RX_I32)
		return 0;
	v = masked(o, f, op->arg[0], shift, by);
	/* each instruction has cut the register for itself */
	if (v && o->def[v] != RX_SMIR_NO_DEF && f->ops.at[o->def[v]].code == RX_S_TRUNC)
		v = f->ops.at[o->def[v]].arg[0];
	return v;
}

/*
 * The two halves of a rotation of 32 bits: sext(x << n) | zext(x >> (32 - n)) is
 * sext(x rotated). The half that nobody else wants becomes the rotation.
 */
static void rotate(struct rx_smir_opt *o, struct rx_smir_fn *f, struct rx_smir_op *op)
{
	uint64_t up, down;
	unsigned left = 0;
	rx_sv x = shifted(o, f, op->arg[0], RX_S_SEXT, RX_S_SHL, &up);

	if (!x) {
		left = 1;
		x = shifted(o, f, op->arg[1], RX_S_SEXT, RX_S_SHL, &up);
	}
	if (!x || shifted(o, f, op->arg[1 - left], RX_S_ZEXT, RX_S_LSHR, &down) != x ||
	    !up || !down || up + down != 32)
		return;
	for (unsigned k = 0; k < 2; k++) {
		const rx_sv half = op->arg[k];
		const rx_sv inner = f->ops.at[o->def[half]].arg[0];
		struct rx_smir_op *in = &f->ops.at[o->def[inner]];

		if (o->uses[half] != 1 || o->uses[inner] != 1 || o->uses[in->arg[1]] != 1)
			continue;
		in->code = RX_S_ROTR;
		f->ops.at[o->def[in->arg[1]]].imm = down;
		op->code = RX_S_SEXT;
		op->arg[0] = inner;
		op->arg[1] = 0;
		o->uses[inner]++;
		return;
	}
}

/* A sign that is 0 is extended by zeros, which hosts have for nothing. */
static void settle_sign(const struct rx_smir_opt *o, const struct rx_smir_fn *f,
			struct rx_smir_op *op)
{
	uint64_t by;

	if (masked(o, f, op->arg[0], RX_S_LSHR, &by) &&
	    by % rx_smir_bits[f->values.at[op->arg[0]]])
		op->code = RX_S_ZEXT;
}

/* What is extended and cut again is itself, or extended by less, or cut. */
static void cut(struct rx_smir_opt *o, const struct rx_smir_fn *f, struct rx_smir_op *op)
{
	const struct rx_smir_op *in;
	unsigned inner;

	if (o->def[op->arg[0]] == RX_SMIR_NO_DEF)
		return;
	in = &f->ops.at[o->def[op->arg[0]]];
	if (in->code != RX_S_SEXT && in->code != RX_S_ZEXT && in->code != RX_S_TRUNC)
		return;
	inner = f->values.at[in->arg[0]];
	if (inner == op->type) {
		rename_to(o, op->result, in->arg[0]);
		return;
	}
	if (rx_smir_bits[inner] < rx_smir_bits[op->type]) {
		if (o->uses[in->result] != 1)
			return;		/* both extensions would be made */
		op->code = in->code;
	}
	op->arg[0] = in->arg[0];
	o->uses[op->arg[0]]++;
}

/* not (a < b) is b <= a, and so on. */
static void turn_over(const struct rx_smir_opt *o, struct rx_smir_fn *f, struct rx_smir_op *op)
{
	static const uint8_t contrary[RX_SMIR_NOPS] = {
		[RX_S_EQ] = RX_S_NE, [RX_S_NE] = RX_S_EQ, [RX_S_ULT] = RX_S_ULE,
		[RX_S_ULE] = RX_S_ULT, [RX_S_SLT] = RX_S_SLE, [RX_S_SLE] = RX_S_SLT,
	};
	const struct rx_smir_op *def;
	uint8_t code;

	if (op->type != RX_I1 || o->def[op->arg[0]] == RX_SMIR_NO_DEF)
		return;
	def = &f->ops.at[o->def[op->arg[0]]];
	code = contrary[def->code];
	if (!code)
		return;
	op->code = code;
	op->type = def->type;
	op->arg[0] = def->arg[code == RX_S_EQ || code == RX_S_NE ? 0 : 1];
	op->arg[1] = def->arg[code == RX_S_EQ || code == RX_S_NE ? 1 : 0];
}

static void simplify(struct rx_smir_opt *o, struct rx_smir_fn *f, struct rx_smir_op *op)
{
	const struct rx_smir_info *info = &rx_smir_ops[op->code];
	uint64_t v[3] = { 0 }, r;
	bool known[3] = { false }, all = info->nargs > 0;

	if (info->effect != RX_SE_PURE || info->nargs > 3 || !op->result ||
	    !small(f->values.at[op->result]))
		return;
	for (unsigned k = 0; k < info->nargs; k++) {
		known[k] = constant(o, f, op->arg[k], &v[k]);
		all = all && known[k];
	}
	if (all && evaluate(f, op, v, &r)) {
		rx_smir_opt_const(op, f->values.at[op->result], r);
		return;
	}
	if ((op->code == RX_S_XOR || op->code == RX_S_SUB) && op->arg[0] == op->arg[1]) {
		rx_smir_opt_const(op, op->type, 0);
		return;
	}
	if (info->nargs == 2 && known[0] && !known[1] && commutes(op->code)) {
		const rx_sv first = op->arg[0];

		op->arg[0] = op->arg[1];
		op->arg[1] = first;
		v[1] = v[0];
		known[1] = true;
	}
	if (info->nargs == 2 && known[1] && small(op->type) && absorbs(op, v[1], &r)) {
		rx_smir_opt_const(op, op->type, r);
		return;
	}
	if (info->nargs == 2 && known[1] && small(op->type)) {
		const rx_sv same = neutral(op, v[1]);

		if (same)
			rename_to(o, op->result, same);
		else
			gather(o, f, op, &f->ops.at[o->def[op->arg[1]]]);
		clear_low(o, f, op, &f->ops.at[o->def[op->arg[1]]]);
	} else if (info->nargs == 2 && small(op->type)) {
		merge(o, f, op);
		if (op->code == RX_S_OR && op->type == RX_I64 && o->to[op->result] == op->result)
			rotate(o, f, op);
	}
	if (op->code == RX_S_SEXT)
		settle_sign(o, f, op);
	if (op->code == RX_S_NOT)
		turn_over(o, f, op);
	if (op->code == RX_S_TRUNC)
		cut(o, f, op);
	if (op->code == RX_S_SELECT && known[0])
		rename_to(o, op->result, v[0] ? op->arg[1] : op->arg[2]);
	else if (op->code == RX_S_SELECT && op->type != RX_I1 && known[1] && v[1] == 1 &&
		 known[2] && !v[2])
		*op = (struct rx_smir_op){ .code = RX_S_ZEXT, .type = op->type,
					   .result = op->result, .arg = { op->arg[0] } };
}

static void count(struct rx_smir_opt *o, const struct rx_smir_fn *f)
{
	for (uint32_t v = 0; v < f->values.n; v++)
		o->uses[v] = 0;
	for (uint32_t k = 0; k < f->ops.n; k++) {
		const struct rx_smir_op *op = &f->ops.at[k];
		const struct rx_smir_info *info = &rx_smir_ops[op->code];

		for (unsigned j = 0; j < info->nargs; j++)
			o->uses[op->arg[j]]++;
	}
	for (uint32_t k = 0; k < f->extra.n; k++)
		o->uses[f->extra.at[k]]++;
}

void rx_smir_pass_fold(struct rx_smir_opt *o, struct rx_smir_fn *f)
{
	count(o, f);
	for (uint32_t n = 0; n < f->order.n; n++) {
		const struct rx_smir_block *b = &f->blocks.at[f->order.at[n]];

		for (uint32_t k = 0; k < b->nops; k++) {
			struct rx_smir_op *op = &f->ops.at[b->first + k];

			rx_smir_opt_rename(o, f, op);
			simplify(o, f, op);
			if (op->result && o->to[op->result] == op->result)
				o->def[op->result] = b->first + k;
		}
	}
}
