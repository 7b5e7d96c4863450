/* lower_wide.c - host code of numbers of 128 bits. SPDX-License-Identifier: MIT
 *
 * They are in memory (frame.c). Operations have the lower half in rax and the
 * upper one in rsi.
 */
#include "jit/frame.h"
#include "jit/lower.h"

#define SECOND 2	/* slots of a constant that is the second argument */

bool rx_jit_lowers_wide(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	const unsigned from = f->values.at[op->arg[0]];

	if (op->code == RX_S_TRUNC)
		return from == RX_I128;
	if (op->type != RX_I128)
		return false;
	switch (op->code) {
	case RX_S_SHL:
	case RX_S_LSHR:
	case RX_S_ASHR:
	case RX_S_ADD:
	case RX_S_SUB:
	case RX_S_MUL:
	case RX_S_AND:
	case RX_S_OR:
	case RX_S_XOR:
	case RX_S_NOT:
	case RX_S_NEG:
	case RX_S_ZEXT:
	case RX_S_SEXT:
	case RX_S_SELECT:
	case RX_S_EQ:
	case RX_S_NE:
	case RX_S_ULT:
	case RX_S_ULE:
	case RX_S_SLT:
	case RX_S_SLE:
		return true;
	default:
		return false;
	}
}

/* Where the number is, constants by way of a slot; may use rax. */
static struct rx_px_values place(struct rx_jit_gen *g, rx_sv v, unsigned slot)
{
	if (g->loc[v].kind != JIT_CONST)
		return rx_jit_wide_at(g, v);
	rx_jit_to_slot(g, v, slot);
	return rx_jit_slot(g, slot);
}

static struct rx_px_values upper(struct rx_px_values m)
{
	m.disp += 8;
	return m;
}

static void bring(struct rx_jit_gen *g, const struct rx_px_values *m)
{
	const struct rx_px_values high = upper(*m);

	E(g, mov_r64_m64, RAX, m);
	E(g, mov_r64_m64, RSI, &high);
}

/* The result is in rsi:rax. */
static void result(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
	const struct rx_px_values high = upper(to);

	E(g, mov_m64_r64, &to, RAX);
	E(g, mov_m64_r64, &high, RSI);
	for (unsigned k = 0; k < rx_smir_ops[op->code].nargs; k++)
		rx_jit_done(g, op->arg[k]);
}

/* ---- arithmetic ---------------------------------------------------------- */

static void binary(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values b = place(g, op->arg[1], SECOND), high = upper(b);
	const struct rx_px_values a = place(g, op->arg[0], 0);

	bring(g, &a);
	switch (op->code) {
	case RX_S_ADD:
		E(g, add_r64_m64, RAX, &b);
		E(g, adc_r64_m64, RSI, &high);
		break;
	case RX_S_SUB:
		E(g, sub_r64_m64, RAX, &b);
		E(g, sbb_r64_m64, RSI, &high);
		break;
	case RX_S_AND:
		E(g, and_r64_m64, RAX, &b);
		E(g, and_r64_m64, RSI, &high);
		break;
	case RX_S_OR:
		E(g, or_r64_m64, RAX, &b);
		E(g, or_r64_m64, RSI, &high);
		break;
	default:
		E(g, xor_r64_m64, RAX, &b);
		E(g, xor_r64_m64, RSI, &high);
	}
	result(g, op);
}

/* The lower 128 bits: of the cross products only their lower halves count. */
static void product(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values b = place(g, op->arg[1], SECOND), b_high = upper(b);
	const struct rx_px_values a = place(g, op->arg[0], 0), a_high = upper(a);

	rx_jit_move(g, R8, RDX);	/* the budget */
	E(g, mov_r64_m64, RSI, &a);
	E(g, imul_r64_m64, RSI, &b_high);
	E(g, mov_r64_m64, RAX, &a_high);
	E(g, imul_r64_m64, RAX, &b);
	E(g, add_r64_r64, RSI, RAX);
	E(g, mov_r64_m64, RAX, &a);
	E(g, mul_m64, &b);
	E(g, add_r64_r64, RSI, RDX);
	rx_jit_move(g, RDX, R8);
	result(g, op);
}

static void unary(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values a = place(g, op->arg[0], 0);

	bring(g, &a);
	E(g, not_r64, RAX);
	E(g, not_r64, RSI);
	if (op->code == RX_S_NEG) {
		E(g, add_r64_i8, RAX, 1);
		E(g, adc_r64_i8, RSI, 0);
	}
	result(g, op);
}

/* rsi:rax by what is in memory, modulo 64 and then by 64 more where that is wanted. */
static void shift_by(struct rx_jit_gen *g, unsigned code, const struct rx_px_values *amount)
{
	uint8_t *few;

	E(g, movq_xmm_r64, 0, RCX);	/* it may be somebody's */
	E(g, mov_r64_m64, RCX, amount);
	if (code == RX_S_SHL) {
		E(g, shld_r64_r64_cl, RSI, RAX);
		E(g, shl_r64_cl, RAX);
	} else {
		E(g, shrd_r64_r64_cl, RAX, RSI);
		if (code == RX_S_LSHR)
			E(g, shr_r64_cl, RSI);
		else
			E(g, sar_r64_cl, RSI);
	}
	E(g, test_r32_i32, RCX, 64);
	few = rx_jit_jcc(g, CC_E);
	rx_jit_move(g, code == RX_S_SHL ? RSI : RAX, code == RX_S_SHL ? RAX : RSI);
	if (code == RX_S_SHL)
		E(g, xor_r32_r32, RAX, RAX);
	else if (code == RX_S_LSHR)
		E(g, xor_r32_r32, RSI, RSI);
	else
		E(g, sar_r64_i8, RSI, 63);
	rx_jit_patch(few, g->at);
	E(g, movq_r64_xmm, RCX, 0);
}

static void shift(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	struct rx_px_values a, amount;
	uint64_t n = 0;

	if (!rx_jit_known(g->f, op, op->arg[1], &n)) {
		amount = place(g, op->arg[1], SECOND);
		a = place(g, op->arg[0], 0);
		bring(g, &a);
		shift_by(g, op->code, &amount);
		result(g, op);
		return;
	}
	a = place(g, op->arg[0], 0);
	n &= 127;
	bring(g, &a);
	if (op->code == RX_S_SHL && n < 64) {
		E(g, shld_r64_r64_i8, RSI, RAX, n);
		E(g, shl_r64_i8, RAX, n);
	} else if (op->code == RX_S_SHL) {
		rx_jit_move(g, RSI, RAX);
		E(g, shl_r64_i8, RSI, n - 64);
		E(g, xor_r32_r32, RAX, RAX);
	} else if (n < 64) {
		E(g, shrd_r64_r64_i8, RAX, RSI, n);
		if (op->code == RX_S_LSHR)
			E(g, shr_r64_i8, RSI, n);
		else
			E(g, sar_r64_i8, RSI, n);
	} else {
		rx_jit_move(g, RAX, RSI);
		if (op->code == RX_S_LSHR) {
			E(g, shr_r64_i8, RAX, n - 64);
			E(g, xor_r32_r32, RSI, RSI);
		} else {
			E(g, sar_r64_i8, RAX, n - 64);
			E(g, sar_r64_i8, RSI, 63);
		}
	}
	result(g, op);
}

/* ---- conditions ---------------------------------------------------------- */

static void compare(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool swapped = op->code == RX_S_ULE || op->code == RX_S_SLE;
	const struct rx_px_values b = place(g, op->arg[!swapped], SECOND), high = upper(b);
	const struct rx_px_values a = place(g, op->arg[swapped], 0);
	unsigned cc;

	bring(g, &a);
	if (op->code == RX_S_EQ || op->code == RX_S_NE) {
		E(g, xor_r64_m64, RAX, &b);
		E(g, xor_r64_m64, RSI, &high);
		E(g, or_r64_r64, RAX, RSI);
		cc = op->code == RX_S_EQ ? CC_E : CC_NE;
	} else {
		E(g, cmp_r64_m64, RAX, &b);
		E(g, sbb_r64_m64, RSI, &high);
		cc = op->code == RX_S_ULT ? CC_B : op->code == RX_S_ULE ? CC_AE :
		     op->code == RX_S_SLT ? CC_L : CC_GE;
	}
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	rx_jit_lower_boolean(g, op, cc);
}

static void choose(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values b = place(g, op->arg[1], SECOND), high = upper(b);
	const struct rx_px_values c = place(g, op->arg[2], 0);
	uint8_t cond;

	bring(g, &c);
	cond = rx_jit_use(g, op->arg[0], R8);
	E(g, test_r32_r32, cond, cond);
	E(g, cmovne_r64_m64, RAX, &b);
	E(g, cmovne_r64_m64, RSI, &high);
	result(g, op);
}

/* ---- other widths -------------------------------------------------------- */

static void extend(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned from = g->f->values.at[op->arg[0]];

	if (op->code == RX_S_ZEXT) {
		rx_jit_move(g, RAX, rx_jit_use_clean(g, op->arg[0], RAX));
		E(g, xor_r32_r32, RSI, RSI);
		result(g, op);
		return;
	}
	rx_jit_move(g, RAX, rx_jit_use(g, op->arg[0], RAX));
	if (from == RX_I8)
		E(g, movsx_r64_r8, RAX, RAX);
	else if (from == RX_I16)
		E(g, movsx_r64_r16, RAX, RAX);
	else if (from == RX_I32)
		E(g, movsxd_r64_r32, RAX, RAX);
	rx_jit_move(g, RSI, RAX);
	E(g, sar_r64_i8, RSI, 63);
	result(g, op);
}

static void truncate(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values a = place(g, op->arg[0], 0);

	E(g, mov_r64_m64, RAX, &a);
	if (op->type == RX_I1)
		E(g, and_r32_i32, RAX, 1);
	rx_jit_done(g, op->arg[0]);
	if (g->uses[op->result])
		rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
}

void rx_jit_lower_wide(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_MUL:
		product(g, op);
		break;
	case RX_S_NOT:
	case RX_S_NEG:
		unary(g, op);
		break;
	case RX_S_SHL:
	case RX_S_LSHR:
	case RX_S_ASHR:
		shift(g, op);
		break;
	case RX_S_EQ:
	case RX_S_NE:
	case RX_S_ULT:
	case RX_S_ULE:
	case RX_S_SLT:
	case RX_S_SLE:
		compare(g, op);
		break;
	case RX_S_SELECT:
		choose(g, op);
		break;
	case RX_S_ZEXT:
	case RX_S_SEXT:
		extend(g, op);
		break;
	case RX_S_TRUNC:
		truncate(g, op);
		break;
	default:
		binary(g, op);
	}
}
