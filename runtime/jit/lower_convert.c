/* lower_convert.c - host code of conversions. SPDX-License-Identifier: MIT
 *
 * To integers: the host has one result, the indefinite number, for all that does not
 * fit. Where it comes, or where unsigned numbers are not those of the host's signed
 * ones, the operation is done exactly, out of line.
 */
#include "fp/fp.h"
#include "jit/lower_fp.h"

typedef unsigned from_int(uint8_t *out, uint8_t d, uint8_t s);

/* xmm0 = the signed number in a register; the host would keep what was in the upper half. */
static void from_signed(struct rx_jit_gen *g, bool single, bool wide, uint8_t x)
{
	static from_int *const fn[2][2] = {
		{ rg_x86_emit_cvtsi2sd_xmm_r32, rg_x86_emit_cvtsi2sd_xmm_r64 },
		{ rg_x86_emit_cvtsi2ss_xmm_r32, rg_x86_emit_cvtsi2ss_xmm_r64 },
	};

	E(g, xorps_xmm_xmm, 0, 0);
	rx_jit_wrote(g, fn[single][wide](g->at, 0, x));
}

/* ---- from integers ------------------------------------------------------- */

/*
 * Above 2^63: half of it, the bit that is lost kept in the lowest one, twice. That is
 * rounded as the number itself would be. x: in RAX, or it stays.
 */
static void from_u64(struct rx_jit_gen *g, bool single, uint8_t x)
{
	uint8_t *small, *done;

	E(g, test_r64_r64, x, x);
	small = rx_jit_jcc(g, CC_NS);
	rx_jit_move(g, RSI, x);
	rx_jit_move(g, RAX, x);
	E(g, shr_r64_i8, RSI, 1);
	E(g, and_r32_i32, RAX, 1);
	E(g, or_r64_r64, RSI, RAX);
	from_signed(g, single, true, RSI);
	if (single)
		E(g, addss_xmm_xmm, 0, 0);
	else
		E(g, addsd_xmm_xmm, 0, 0);
	done = rx_jit_jmp(g);
	rx_jit_patch(small, g->at);
	from_signed(g, single, true, x);
	rx_jit_patch(done, g->at);
}

void rx_jit_convert_integer(struct rx_jit_gen *g, bool single, bool wide, bool is_signed,
			    uint8_t x)
{
	if (!is_signed && !wide) {
		E(g, mov_r32_r32, RAX, x);
		x = RAX;
	}
	if (is_signed)
		from_signed(g, single, wide, x);
	else if (!wide)
		from_signed(g, single, true, x);
	else
		from_u64(g, single, x);
}

static bool may_round(const struct rx_smir_op *op, bool wide)
{
	return wide || op->type != RX_I64;
}

void rx_jit_from_integer(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool wide = g->f->values.at[op->arg[0]] == RX_I64;
	const uint8_t x = rx_jit_use(g, op->arg[0], RAX);

	if (may_round(op, wide))
		(void)rx_jit_fp_direct(g, op->arg[1]);
	rx_jit_convert_integer(g, op->type != RX_I64, wide, op->code == RX_S_SITOF, x);
	if (op->type == RX_I16)
		rx_jit_cut(g);
	rx_jit_done_all(g, op);
	if (op->type == RX_I16)
		rx_jit_half_result(g, op);
	else
		rx_jit_fp_result(g, op, false);
}

/* ---- to integers --------------------------------------------------------- */

/* d = the number in a register, in the direction of MXCSR or towards zero. */
static void host_convert(struct rx_jit_gen *g, bool single, bool wide, bool cut, uint8_t d,
			 uint8_t x)
{
	static rx_jit_rr *const fn[2][2][2] = {
		{ { rg_x86_emit_cvtsd2si_r32_xmm, rg_x86_emit_cvttsd2si_r32_xmm },
		  { rg_x86_emit_cvtsd2si_r64_xmm, rg_x86_emit_cvttsd2si_r64_xmm } },
		{ { rg_x86_emit_cvtss2si_r32_xmm, rg_x86_emit_cvttss2si_r32_xmm },
		  { rg_x86_emit_cvtss2si_r64_xmm, rg_x86_emit_cvttss2si_r64_xmm } },
	};

	rx_jit_wrote(g, fn[single][wide][cut](g->at, d, x));
}

/*
 * Jumps where the number is none of 0 ... 2^bits: its sign and exponent are, as one
 * number, too great. Below that the host raises what the guest would. Uses rax.
 */
static uint8_t *not_below(struct rx_jit_gen *g, bool single, uint8_t x, unsigned bits)
{
	if (single) {
		E(g, movd_r32_xmm, RAX, x);
		E(g, shr_r32_i8, RAX, 23);
	} else {
		E(g, movq_r64_xmm, RAX, x);
		E(g, shr_r64_i8, RAX, 52);
	}
	E(g, cmp_r32_i32, RAX, (single ? 127 : 1023) + bits);
	return rx_jit_jcc(g, CC_AE);
}

/* What becomes an integer: a number in xmm register x, of 32 bits or 64, in a direction. */
struct to_integer {
	bool single, is_signed;
	uint8_t x;
	rx_sv direction;
	struct rx_jit_place place[4];
};

/* Register d = the integer. */
static void to_register(struct rx_jit_gen *g, const struct rx_smir_op *op,
			const struct to_integer *t, uint8_t d)
{
	const bool wide = op->type == RX_I64;
	uint64_t number = 0;
	unsigned to = RX_RTZ;
	uint8_t *out;
	bool cut;

	cut = rx_jit_constant(g, t->direction, &number) && number == RX_RTZ;
	if (!cut)	/* whatever MXCSR says */
		to = rx_jit_fp_direct(g, t->direction);
	if (t->is_signed) {
		host_convert(g, t->single, wide, cut, d, t->x);
		if (op->env & RX_JIT_ENV_INDEFINITE)
			return;
		if (wide)
			E(g, cmp_r64_i8, d, 1);
		else
			E(g, cmp_r32_i8, d, 1);
		out = rx_jit_jcc(g, CC_O);
	} else {
		/* what is not cut may become 2^32, but a single number there is integral */
		out = not_below(g, t->single, t->x, wide ? 63 :
				t->single || to == RX_RTZ || to == RX_RDN ? 32 : 31);
		host_convert(g, t->single, true, cut, d, t->x);
	}
	rx_jit_exact_stub(g, out, op, t->place, d, false);
}

static void to_integer(struct rx_jit_gen *g, const struct rx_smir_op *op,
		       const struct to_integer *t)
{
	if (t->place[0].kind == JIT_XMM) {
		rx_jit_done_all(g, op);
		to_register(g, op, t, rx_jit_dest(g, op->result));
	} else {	/* the result's register may be the argument's, which is looked at again */
		to_register(g, op, t, RAX);
		rx_jit_done_all(g, op);
		rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
	}
	g->loc[op->result].zero = true;
}

/* Of the guest's number, which is converted as it is, or from 16 bits to 32. */
static struct to_integer as_it_is(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned from = g->f->values.at[op->arg[0]];
	struct to_integer t = { .single = from != RX_I64 };

	t.x = rx_jit_fp_operand(g, op->arg[0], t.single, 0);
	t.place[0] = from == RX_I16 ? rx_jit_place_of(g, op->arg[0]) : rx_jit_place_xmm(t.x);
	return t;
}

void rx_jit_to_integer(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	struct to_integer t = as_it_is(g, op);

	t.is_signed = op->code == RX_S_FTOSI;
	t.direction = op->arg[1];
	t.place[1] = rx_jit_place_of(g, op->arg[1]);
	to_integer(g, op, &t);
}

void rx_jit_modulo_integer(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct to_integer t = as_it_is(g, op);

	host_convert(g, t.single, false, true, RAX, t.x);
	E(g, cmp_r32_i8, RAX, 1);
	rx_jit_exact_stub(g, rx_jit_jcc(g, CC_O), op, t.place, RAX, false);
	rx_jit_done_all(g, op);
	rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
	g->loc[op->result].zero = true;
}

/* ---- fixed point --------------------------------------------------------- */

static uint64_t point_of(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	uint64_t point = 0;

	if (!rx_jit_constant(g, op->arg[1], &point))
		g->failed = true;
	return point > 64 ? 64 : point;
}

/* The exponent of 2^n where numbers of 64 bits have it, or of 32. */
static uint64_t power(bool single, int n)
{
	return single ? (uint64_t)(127 + n) << 23 : (uint64_t)(1023 + n) << 52;
}

/* xmm1 = 2^n. Uses rax. */
static void load_power(struct rx_jit_gen *g, bool single, int n)
{
	rx_jit_number(g, RAX, power(single, n));
	E(g, movq_xmm_r64, 1, RAX);
}

/* Rounded once: 2^-point is a factor that changes nothing but the exponent. */
void rx_jit_from_fixed(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool single = op->type == RX_I32, wide = g->f->values.at[op->arg[0]] == RX_I64;
	const int point = (int)point_of(g, op);
	const uint8_t x = rx_jit_use(g, op->arg[0], RAX);

	if (may_round(op, wide))
		(void)rx_jit_fp_direct(g, op->arg[2]);
	rx_jit_convert_integer(g, single, wide, op->code == RX_S_SFIXTOF, x);
	if (point)
		load_power(g, single, -point);
	if (point && single)
		E(g, mulss_xmm_xmm, 0, 1);
	else if (point)
		E(g, mulsd_xmm_xmm, 0, 1);
	rx_jit_done_all(g, op);
	rx_jit_fp_result(g, op, false);
}

/* Single numbers times 2^point are numbers of 64 bits; such become too great themselves. */
bool rx_jit_lowers_to_fixed(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	uint64_t point;

	return rx_jit_known(f, op, op->arg[1], &point) &&
	       (!point || f->values.at[op->arg[0]] == RX_I32);
}

void rx_jit_to_fixed(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const int point = (int)point_of(g, op);
	struct to_integer t = as_it_is(g, op);

	t.is_signed = op->code == RX_S_FTOSFIX;
	t.direction = op->arg[2];
	t.place[1] = rx_jit_place_of(g, op->arg[1]);
	t.place[2] = rx_jit_place_of(g, op->arg[2]);
	if (point) {
		load_power(g, false, point);
		E(g, cvtss2sd_xmm_xmm, JIT_XMM2, t.x);
		E(g, mulsd_xmm_xmm, JIT_XMM2, 1);
		t.single = false;
		t.x = JIT_XMM2;
	}
	to_integer(g, op, &t);
}
