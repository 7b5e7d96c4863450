/* lower_int.c - host code of integer operations. SPDX-License-Identifier: MIT
 *
 * Bits above the width of an i8, i16 or i32 in a register are anything; those
 * who care extend. An i1 is 0 or 1 in 32 bits. Arguments are read, then given
 * up, then the result gets its register: it may be one of theirs.
 */
#include "jit/lower.h"

typedef unsigned rm(uint8_t *out, uint8_t d, const struct rx_px_values *s);
typedef unsigned ri(uint8_t *out, uint8_t d, uint64_t imm);

#define CONDITIONS(X) X(o) X(no) X(b) X(ae) X(e) X(ne) X(be) X(a) X(s) X(ns) X(p) X(np) \
	X(l) X(ge) X(le) X(g)
#define SET(c) rg_x86_emit_set##c##_r8,
static unsigned (*const setcc[])(uint8_t *, uint8_t) = { CONDITIONS(SET) };
#define CMOV(c) rg_x86_emit_cmov##c##_r64_r64,
static rx_jit_rr *const cmovcc[] = { CONDITIONS(CMOV) };

static bool wide(unsigned type)
{
	return type == RX_I64;
}

/* Does the constant fit the sign-extended 32 bits of an instruction? */
static bool immediate(const struct rx_jit_gen *g, rx_sv v, unsigned type, uint64_t *imm)
{
	if (!rx_jit_constant(g, v, imm))
		return false;
	if (type != RX_I64) {
		*imm = (uint64_t)(int64_t)(int32_t)*imm;
		return true;
	}
	return (int64_t)*imm == (int32_t)*imm;
}

struct binary {
	rx_jit_rr *r64, *r32;
	ri *i64, *i32, *b64, *b32;	/* with 32 bits, and with 8 */
	rm *m64, *m32;
	bool commutes;
};
#define BINARY(name, commutes) { rg_x86_emit_##name##_r64_r64, rg_x86_emit_##name##_r32_r32, \
	rg_x86_emit_##name##_r64_i32, rg_x86_emit_##name##_r32_i32, \
	rg_x86_emit_##name##_r64_i8, rg_x86_emit_##name##_r32_i8, \
	rg_x86_emit_##name##_r64_m64, rg_x86_emit_##name##_r32_m32, commutes }
static const struct binary add = BINARY(add, true), sub = BINARY(sub, false),
	and_ = BINARY(and, true), or_ = BINARY(or, true), xor_ = BINARY(xor, true);
static const struct binary mul = { rg_x86_emit_imul_r64_r64, rg_x86_emit_imul_r32_r32, NULL,
				   NULL, NULL, NULL, rg_x86_emit_imul_r64_m64,
				   rg_x86_emit_imul_r32_m32, true };

static const struct binary cmp = BINARY(cmp, false);

static void with_number(struct rx_jit_gen *g, const struct binary *b, bool w, uint8_t d,
			uint64_t imm)
{
	if ((int64_t)imm == (int8_t)imm)
		rx_jit_wrote(g, (w ? b->b64 : b->b32)(g->at, d, w ? imm : imm & UINT32_MAX));
	else
		rx_jit_wrote(g, (w ? b->i64 : b->i32)(g->at, d, w ? imm : imm & UINT32_MAX));
}

static void binary(struct rx_jit_gen *g, const struct rx_smir_op *op, const struct binary *b)
{
	const bool w = wide(op->type);
	struct rx_px_values m;
	rx_sv first = op->arg[0], second = op->arg[1];
	uint64_t imm;
	uint8_t x, y, d;

	rx_jit_fetch(g, first);
	rx_jit_fetch(g, second);
	if (b->i64 && immediate(g, second, op->type, &imm)) {
		d = rx_jit_take_over(g, op->result, first);
		rx_jit_done(g, second);
		with_number(g, b, w, d, imm);
		return;
	}
	if (b->commutes && rx_jit_in_memory(g, first, &m) &&
	    !rx_jit_in_memory(g, second, &m)) {
		first = op->arg[1];
		second = op->arg[0];
	}
	if (rx_jit_in_memory(g, second, &m)) {
		d = rx_jit_take_over(g, op->result, first);
		rx_jit_wrote(g, (w ? b->m64 : b->m32)(g->at, d, &m));
		rx_jit_done(g, second);
		return;
	}
	x = rx_jit_use(g, first, RAX);
	y = rx_jit_use(g, second, RSI);
	rx_jit_done(g, first);
	rx_jit_done(g, second);
	d = rx_jit_dest(g, op->result);
	if (d == y && d != x && b->commutes) {
		y = x;
		x = d;
	}
	if (d == y && d != x) {
		rx_jit_move(g, RAX, x);
		rx_jit_wrote(g, (w ? b->r64 : b->r32)(g->at, RAX, y));
		rx_jit_move(g, d, RAX);
		return;
	}
	rx_jit_move(g, d, x);
	rx_jit_wrote(g, (w ? b->r64 : b->r32)(g->at, d, y));
}

/* Sums have a form with three registers. */
static void sum(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	struct rx_px_values m;
	int64_t disp = 0;
	uint64_t imm;
	uint8_t x, d;

	if (op->type != RX_I64 || !immediate(g, op->arg[1], RX_I64, &imm)) {
		binary(g, op, &add);
		return;
	}
	if (rx_jit_advance(g, op, (int64_t)imm))
		return;
	x = rx_jit_use_base(g, op->arg[0], RAX, &disp);
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	d = rx_jit_dest(g, op->result);
	m = rx_jit_mem(x, disp + (int64_t)imm);
	if (d == x && !disp)
		with_number(g, &add, true, d, imm);
	else
		E(g, lea_r64_m, d, &m);
}

struct shift {
	rx_jit_rrr *r64, *r32;
	ri *i64, *i32;
};
static const struct shift
shl = { rg_x86_emit_shlx_r64_r64_r64, rg_x86_emit_shlx_r32_r32_r32,
	rg_x86_emit_shl_r64_i8, rg_x86_emit_shl_r32_i8 },
shr = { rg_x86_emit_shrx_r64_r64_r64, rg_x86_emit_shrx_r32_r32_r32,
	rg_x86_emit_shr_r64_i8, rg_x86_emit_shr_r32_i8 },
sar = { rg_x86_emit_sarx_r64_r64_r64, rg_x86_emit_sarx_r32_r32_r32,
	rg_x86_emit_sar_r64_i8, rg_x86_emit_sar_r32_i8 };

static void shift(struct rx_jit_gen *g, const struct rx_smir_op *op, const struct shift *s)
{
	const bool w = wide(op->type);
	uint64_t imm;
	uint8_t x, y, d;

	if (rx_jit_constant(g, op->arg[1], &imm)) {
		d = rx_jit_take_over(g, op->result, op->arg[0]);
		rx_jit_done(g, op->arg[1]);
		imm &= rx_smir_bits[op->type] - 1u;
		if (imm)
			rx_jit_wrote(g, (w ? s->i64 : s->i32)(g->at, d, imm));
		else if (!w)
			E(g, mov_r32_r32, d, d);
		return;
	}
	x = rx_jit_use(g, op->arg[0], RAX);
	y = rx_jit_use(g, op->arg[1], RSI);
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	d = rx_jit_dest(g, op->result);
	rx_jit_wrote(g, (w ? s->r64 : s->r32)(g->at, d, x, y));
}

/* The amount is taken modulo the width, as the host does. */
static void rotate(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool w = wide(op->type);
	uint64_t imm = 0;
	uint8_t x, d;

	rx_jit_fetch(g, op->arg[0]);
	x = rx_jit_use(g, op->arg[0], RAX);
	if (rx_jit_constant(g, op->arg[1], &imm)) {
		rx_jit_done(g, op->arg[0]);
		rx_jit_done(g, op->arg[1]);
		d = rx_jit_dest(g, op->result);
		if (w)
			E(g, rorx_r64_r64_i8, d, x, imm & 63);
		else
			E(g, rorx_r32_r32_i8, d, x, imm & 31);
		return;
	}
	rx_jit_move(g, RSI, rx_jit_use(g, op->arg[1], RSI));
	rx_jit_move(g, RAX, x);
	rx_jit_move(g, R8, RCX);
	rx_jit_move(g, RCX, RSI);
	if (w)
		E(g, ror_r64_cl, RAX);
	else
		E(g, ror_r32_cl, RAX);
	rx_jit_move(g, RCX, R8);
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	d = rx_jit_dest(g, op->result);
	rx_jit_move(g, d, RAX);
}

static void unary(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const uint8_t x = rx_jit_use(g, op->arg[0], RAX);
	uint8_t d;

	rx_jit_done(g, op->arg[0]);
	d = rx_jit_dest(g, op->result);
	switch (op->code) {
	case RX_S_POPCOUNT:
		E(g, popcnt_r64_r64, d, x);
		return;
	case RX_S_CLZ:
		if (op->type == RX_I64)
			E(g, lzcnt_r64_r64, d, x);
		else
			E(g, lzcnt_r32_r32, d, x);
		return;
	case RX_S_CTZ:
		if (op->type == RX_I64)
			E(g, tzcnt_r64_r64, d, x);
		else
			E(g, tzcnt_r32_r32, d, x);
		return;
	default:
		break;
	}
	rx_jit_move(g, d, x);
	if (op->code == RX_S_NOT && op->type == RX_I1)
		E(g, xor_r32_i32, d, 1);
	else if (op->code == RX_S_NOT)
		E(g, not_r64, d);
	else if (op->code == RX_S_NEG)
		E(g, neg_r64, d);
	else if (op->type == RX_I64)
		E(g, bswap_r64, d);
	else
		E(g, bswap_r32, d);
}

/* Extensions from 8, 16 and 32 bits. */
static const struct {
	rx_jit_rr *sign, *zero;
	rm *sign_m, *zero_m;
} extensions[] = {
	{ rg_x86_emit_movsx_r64_r8, rg_x86_emit_movzx_r32_r8,
	  rg_x86_emit_movsx_r64_m8, rg_x86_emit_movzx_r32_m8 },
	{ rg_x86_emit_movsx_r64_r16, rg_x86_emit_movzx_r32_r16,
	  rg_x86_emit_movsx_r64_m16, rg_x86_emit_movzx_r32_m16 },
	{ rg_x86_emit_movsxd_r64_r32, rg_x86_emit_mov_r32_r32,
	  rg_x86_emit_movsxd_r64_m32, rg_x86_emit_mov_r32_m32 },
};

static void extend(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned from = g->f->values.at[op->arg[0]];
	const bool is_signed = op->code == RX_S_SEXT;
	struct rx_px_values m;
	uint8_t x, d;

	if (!is_signed && g->loc[op->arg[0]].zero) {
		rx_jit_share(g, op);
		return;
	}
	if (from != RX_I8 && from != RX_I16 && from != RX_I32) {	/* i1 */
		(void)rx_jit_take_over(g, op->result, op->arg[0]);
		return;
	}
	if (rx_jit_in_memory(g, op->arg[0], &m)) {
		d = rx_jit_dest(g, op->result);
		rx_jit_wrote(g, (is_signed ? extensions[from - RX_I8].sign_m
				 : extensions[from - RX_I8].zero_m)(g->at, d, &m));
		rx_jit_done(g, op->arg[0]);
		return;
	}
	x = rx_jit_use(g, op->arg[0], RAX);
	rx_jit_done(g, op->arg[0]);
	d = rx_jit_dest(g, op->result);
	rx_jit_wrote(g, (is_signed ? extensions[from - RX_I8].sign
			 : extensions[from - RX_I8].zero)(g->at, d, x));
}

/* ---- narrow values ------------------------------------------------------- */

/* Values of 8 and 16 bits, extended as their order wants. */
static uint8_t extended(struct rx_jit_gen *g, rx_sv v, unsigned type, bool is_signed,
			uint8_t scratch)
{
	const uint8_t x = rx_jit_use(g, v, scratch);

	if (type == RX_I8) {
		if (is_signed)
			E(g, movsx_r64_r8, scratch, x);
		else
			E(g, movzx_r32_r8, scratch, x);
	} else if (type == RX_I16) {
		if (is_signed)
			E(g, movsx_r64_r16, scratch, x);
		else
			E(g, movzx_r32_r16, scratch, x);
	} else {
		return x;
	}
	return scratch;
}

/* ---- division ------------------------------------------------------------ */

/* rax by rsi, neither of the cases below; the budget waits in r8. */
static void divide_by(struct rx_jit_gen *g, bool w, bool is_signed, bool remainder)
{
	rx_jit_move(g, R8, RDX);
	if (!is_signed) {
		E(g, xor_r32_r32, RDX, RDX);
	} else if (w) {
		rx_jit_move(g, RDX, RAX);
		E(g, sar_r64_i8, RDX, 63);
	} else {
		rx_jit_move(g, RDX, RAX);
		E(g, sar_r32_i8, RDX, 31);
	}
	if (is_signed && w)
		E(g, idiv_r64, RSI);
	else if (is_signed)
		E(g, idiv_r32, RSI);
	else if (w)
		E(g, div_r64, RSI);
	else
		E(g, div_r32, RSI);
	if (remainder)
		rx_jit_move(g, RAX, RDX);
	rx_jit_move(g, RDX, R8);
}

/*
 * The host raises an exception where the divisor is 0, and where the quotient
 * of the least number and -1 does not exist.
 */
static void divide(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool w = wide(op->type);
	const bool is_signed = op->code == RX_S_SDIV || op->code == RX_S_SREM;
	const bool remainder = op->code == RX_S_UREM || op->code == RX_S_SREM;
	uint8_t *zero, *minus = NULL, *done;

	rx_jit_move(g, RSI, extended(g, op->arg[1], op->type, is_signed, RSI));
	rx_jit_move(g, RAX, extended(g, op->arg[0], op->type, is_signed, RAX));
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	if (w)
		E(g, test_r64_r64, RSI, RSI);
	else
		E(g, test_r32_r32, RSI, RSI);
	zero = rx_jit_jcc(g, CC_E);
	if (is_signed) {
		with_number(g, &cmp, w, RSI, UINT64_MAX);
		minus = rx_jit_jcc(g, CC_E);
	}
	divide_by(g, w, is_signed, remainder);
	if (!remainder || is_signed) {
		done = rx_jit_jmp(g);
		if (!remainder) {
			rx_jit_patch(zero, g->at);
			rx_jit_number(g, RAX, UINT64_MAX);
			zero = is_signed ? rx_jit_jmp(g) : NULL;
		}
		if (is_signed) {
			rx_jit_patch(minus, g->at);
			if (remainder)
				E(g, xor_r32_r32, RAX, RAX);
			else
				E(g, neg_r64, RAX);
		}
		rx_jit_patch(done, g->at);
	}
	if (zero)	/* the dividend, or what it has become */
		rx_jit_patch(zero, g->at);
	rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
}

/* ---- conditions ---------------------------------------------------------- */

/* Compares; the condition under which it holds. Uses rax and rsi. */
static unsigned compare(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	static const uint8_t cc[] = {
		[RX_S_EQ - RX_S_EQ] = CC_E, [RX_S_NE - RX_S_EQ] = CC_NE,
		[RX_S_ULT - RX_S_EQ] = CC_B, [RX_S_ULE - RX_S_EQ] = CC_BE,
		[RX_S_SLT - RX_S_EQ] = CC_L, [RX_S_SLE - RX_S_EQ] = CC_LE,
	};
	const bool is_signed = op->code == RX_S_SLT || op->code == RX_S_SLE;
	const uint8_t x = extended(g, op->arg[0], op->type, is_signed, RAX);
	struct rx_px_values m;
	uint64_t imm;

	if ((op->type == RX_I64 || op->type == RX_I32) &&
	    immediate(g, op->arg[1], op->type, &imm)) {
		if (imm)
			with_number(g, &cmp, wide(op->type), x, imm);
		else if (wide(op->type))	/* the same flags, and shorter */
			E(g, test_r64_r64, x, x);
		else
			E(g, test_r32_r32, x, x);
	} else if ((op->type == RX_I64 || op->type == RX_I32) &&
		   rx_jit_in_memory(g, op->arg[1], &m)) {
		rx_jit_wrote(g, (wide(op->type) ? cmp.m64 : cmp.m32)(g->at, x, &m));
	} else {
		const uint8_t y = extended(g, op->arg[1], op->type, is_signed, RSI);

		if (op->type == RX_I64)
			E(g, cmp_r64_r64, x, y);
		else
			E(g, cmp_r32_r32, x, y);
	}
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	return cc[op->code - RX_S_EQ];
}

/* Sets flags for a boolean; the condition under which it is true. */
static unsigned condition(struct rx_jit_gen *g, rx_sv v)
{
	uint8_t x;

	if (g->loc[v].kind == JIT_COMPARE) {
		g->loc[v].kind = JIT_NOWHERE;
		return compare(g, &g->f->ops.at[g->def[v]]);
	}
	x = rx_jit_use(g, v, RAX);
	E(g, test_r32_r32, x, x);
	return CC_NE;
}

uint8_t *rx_jit_branch(struct rx_jit_gen *g, rx_sv cond, bool holds)
{
	const unsigned cc = condition(g, cond) ^ !holds;

	rx_jit_done(g, cond);
	return rx_jit_jcc(g, cc);
}

void rx_jit_lower_boolean(struct rx_jit_gen *g, const struct rx_smir_op *op, unsigned cc)
{
	const uint8_t d = rx_jit_dest(g, op->result);

	rx_jit_wrote(g, setcc[cc](g->at, d));
	E(g, movzx_r32_r8, d, d);
}

/* A comparison that one select, exit or raise uses waits for it. */
void rx_jit_lower_compare(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_smir_block *b = rx_jit_part(g);

	for (uint32_t k = g->op + 1; g->uses[op->result] == 1 && k < b->nops; k++) {
		const struct rx_smir_op *n = &g->f->ops.at[b->first + k];
		const unsigned effect = rx_smir_ops[n->code].effect;

		if ((n->code == RX_S_EXITIF || n->code == RX_S_RAISEIF ||
		     (n->code == RX_S_SELECT && !rx_jit_wide_type(n->type)) ||
		     n->code == RX_S_BRCOND) &&
		    n->arg[0] == op->result) {
			g->loc[op->result].kind = JIT_COMPARE;
			return;
		}
		if (effect != RX_SE_PURE && effect != RX_SE_PUT && effect != RX_SE_GET)
			break;
	}
	rx_jit_lower_boolean(g, op, compare(g, op));
}

void rx_jit_lower_select(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	unsigned cc;
	uint8_t x, y, d;

	rx_jit_clean(g, op->arg[1]);
	rx_jit_clean(g, op->arg[2]);
	cc = condition(g, op->arg[0]);
	/* none of these changes the flags */
	x = rx_jit_use(g, op->arg[2], RAX);
	y = rx_jit_use(g, op->arg[1], RSI);
	for (unsigned k = 0; k < 3; k++)
		rx_jit_done(g, op->arg[k]);
	d = rx_jit_dest(g, op->result);
	if (d == y && d != x) {
		rx_jit_wrote(g, cmovcc[cc ^ 1](g->at, d, x));
		return;
	}
	rx_jit_move(g, d, x);
	rx_jit_wrote(g, cmovcc[cc](g->at, d, y));
}

/* What gives the value, in front of `before`. */
static const struct rx_smir_op *find(const struct rx_smir_fn *f,
				     const struct rx_smir_op *before, rx_sv v)
{
	while (before-- > f->ops.at)
		if (before->result == v)
			return before;
	return NULL;
}

const struct rx_smir_op *rx_jit_wide_product(const struct rx_smir_fn *f,
					     const struct rx_smir_op *trunc)
{
	const struct rx_smir_op *shift = find(f, trunc, trunc->arg[0]), *by, *product;

	if (!shift || shift->code != RX_S_LSHR || trunc->type != RX_I64)
		return NULL;
	by = find(f, shift, shift->arg[1]);
	product = find(f, shift, shift->arg[0]);
	if (!by || by->code != RX_S_CONST || by->imm != 64 || !product ||
	    product->code != RX_S_MUL)
		return NULL;
	for (unsigned k = 0; k < 2; k++) {
		const struct rx_smir_op *in = find(f, product, product->arg[k]);

		if (!in || (in->code != RX_S_ZEXT && in->code != RX_S_SEXT) ||
		    f->values.at[in->arg[0]] != RX_I64)
			return NULL;
	}
	return product;
}

/*
 * Upper half of a product. The host has both unsigned and both signed; signed
 * by unsigned is the unsigned one less the unsigned where the signed is negative.
 */
static void wide_product(struct rx_jit_gen *g, const struct rx_smir_op *op,
			 const struct rx_smir_op *product)
{
	const struct rx_smir_op *in[2] = { rx_jit_def(g, product->arg[0]),
					   rx_jit_def(g, product->arg[1]) };
	const bool both = in[0]->code == RX_S_SEXT && in[1]->code == RX_S_SEXT;
	uint8_t d;

	rx_jit_move(g, RSI, rx_jit_use(g, in[1]->arg[0], RSI));
	rx_jit_move(g, RAX, rx_jit_use(g, in[0]->arg[0], RAX));
	rx_jit_move(g, R8, RDX);	/* the budget */
	if (both) {
		E(g, imul_r64, RSI);
		rx_jit_move(g, RAX, RDX);
	} else {
		const bool first = in[0]->code == RX_S_SEXT, any = first ||
				   in[1]->code == RX_S_SEXT;

		if (any) {
			E(g, movq_xmm_r64, 0, first ? RAX : RSI);
			E(g, movq_xmm_r64, 1, first ? RSI : RAX);
		}
		E(g, mul_r64, RSI);
		rx_jit_move(g, RAX, RDX);
		if (any) {
			/* the unsigned factor where the signed one is negative, else 0 */
			E(g, movq_r64_xmm, RDX, 0);
			E(g, movq_r64_xmm, RSI, 1);
			E(g, sar_r64_i8, RDX, 63);
			E(g, and_r64_r64, RSI, RDX);
			E(g, sub_r64_r64, RAX, RSI);
		}
	}
	rx_jit_move(g, RDX, R8);
	rx_jit_done(g, op->arg[0]);
	d = rx_jit_dest(g, op->result);
	rx_jit_move(g, d, RAX);
}

/* Does code for 32 bits leave 0 in the others? */
static bool clears_upper(unsigned code)
{
	switch (code) {
	case RX_S_ADD:
	case RX_S_SUB:
	case RX_S_MUL:
	case RX_S_AND:
	case RX_S_OR:
	case RX_S_XOR:
	case RX_S_SHL:
	case RX_S_LSHR:
	case RX_S_ASHR:
	case RX_S_ROTR:
		return true;
	default:
		return false;
	}
}

void rx_jit_lower_int(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_smir_op *product;

	switch (op->code) {
	case RX_S_ADD:
		if (rx_jit_is_address(g, op))
			g->loc[op->result].kind = JIT_ADDRESS;
		else
			sum(g, op);
		break;
	case RX_S_SUB:
		binary(g, op, &sub);
		break;
	case RX_S_MUL:
		binary(g, op, &mul);
		break;
	case RX_S_AND:
		binary(g, op, &and_);
		break;
	case RX_S_OR:
		binary(g, op, &or_);
		break;
	case RX_S_XOR:
		if (!rx_jit_xor_float(g, op))
			binary(g, op, &xor_);
		break;
	case RX_S_SHL:
		shift(g, op, &shl);
		break;
	case RX_S_LSHR:
		shift(g, op, &shr);
		break;
	case RX_S_ASHR:
		shift(g, op, &sar);
		break;
	case RX_S_ROTR:
		rotate(g, op);
		break;
	case RX_S_UDIV:
	case RX_S_SDIV:
	case RX_S_UREM:
	case RX_S_SREM:
		divide(g, op);
		break;
	case RX_S_ZEXT:
	case RX_S_SEXT:
		extend(g, op);
		break;
	case RX_S_TRUNC:
		if (g->loc[op->arg[0]].kind != JIT_PART) {
			rx_jit_share(g, op);
			break;
		}
		product = rx_jit_wide_product(g->f, op);
		if (product)
			wide_product(g, op, product);
		break;
	default:
		unary(g, op);
	}
	if (op->type == RX_I32 && clears_upper(op->code))
		g->loc[op->result].zero = true;
}
