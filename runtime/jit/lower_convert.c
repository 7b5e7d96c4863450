/* lower_convert.c - host code of conversions, least and greatest. SPDX-License-Identifier: MIT
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

void rx_jit_from_integer(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool single = op->type == RX_I32;
	const bool wide = g->f->values.at[op->arg[0]] == RX_I64;
	uint8_t x = rx_jit_use(g, op->arg[0], RAX);

	if (op->code == RX_S_UITOF && !wide) {
		E(g, mov_r32_r32, RAX, x);
		x = RAX;
	}
	if (wide || single)	/* it may be inexact */
		(void)rx_jit_fp_direct(g, op->arg[1]);
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	if (op->code == RX_S_SITOF)
		from_signed(g, single, wide, x);
	else if (!wide)
		from_signed(g, single, true, x);
	else
		from_u64(g, single, x);
	rx_jit_fp_result(g, op, false);
}

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

void rx_jit_to_integer(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool single = g->f->values.at[op->arg[0]] == RX_I32;
	const bool wide = op->type == RX_I64, is_signed = op->code == RX_S_FTOSI;
	const uint8_t x = rx_jit_fp_operand(g, op->arg[0], single, 0);
	const struct rx_jit_place place[4] = { rx_jit_place_xmm(x),
					       rx_jit_place_of(g, op->arg[1]) };
	const bool cut = place[1].number == RX_RTZ;	/* whatever MXCSR says */
	const unsigned to = cut ? RX_RTZ : rx_jit_fp_direct(g, op->arg[1]);
	uint8_t *out, d;

	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	d = rx_jit_dest(g, op->result);
	if (is_signed) {
		host_convert(g, single, wide, cut, d, x);
		g->loc[op->result].zero = true;
		if (op->imm & RX_JIT_ENV_INDEFINITE)
			return;
		if (wide)
			E(g, cmp_r64_i8, d, 1);
		else
			E(g, cmp_r32_i8, d, 1);
		out = rx_jit_jcc(g, CC_O);
	} else {
		/* what is not cut may become 2^32, but a single number there is integral */
		out = not_below(g, single, x, wide ? 63 :
				single || to == RX_RTZ || to == RX_RDN ? 32 : 31);
		host_convert(g, single, true, cut, d, x);
	}
	rx_jit_exact_stub(g, out, op, place, d, false);
	g->loc[op->result].zero = true;
}

/*
 * Of two numbers, the host's either way round: they differ where both are zeros, of
 * which the guest has the lesser or greater one.
 */
void rx_jit_lower_minmax(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool single = op->type == RX_I32;
	const bool least = op->code == RX_S_FMINNUM || op->code == RX_S_FMIN ||
			   op->code == RX_S_FMINNUM08 || op->code == RX_S_FMINX86;
	const uint8_t x = rx_jit_fp_operand(g, op->arg[0], single, JIT_XMM2);
	const uint8_t y = rx_jit_fp_operand(g, op->arg[1], single, 1);
	const struct rx_jit_place place[4] = { rx_jit_place_xmm(x), rx_jit_place_xmm(y) };
	rx_jit_rrr *const fn = least ? (single ? rg_x86_emit_vminss_xmm_xmm_xmm
					       : rg_x86_emit_vminsd_xmm_xmm_xmm)
				     : (single ? rg_x86_emit_vmaxss_xmm_xmm_xmm
					       : rg_x86_emit_vmaxsd_xmm_xmm_xmm);
	uint8_t *out;

	if (op->code == RX_S_FMINX86 || op->code == RX_S_FMAXX86) {
		rx_jit_wrote(g, fn(g->at, 0, x, y));
		rx_jit_done(g, op->arg[0]);
		rx_jit_done(g, op->arg[1]);
		rx_jit_fp_result(g, op, false);
		return;
	}
	/* MINSD raises for quiet NaNs too */
	if (single)
		E(g, ucomiss_xmm_xmm, x, y);
	else
		E(g, ucomisd_xmm_xmm, x, y);
	out = rx_jit_jcc(g, CC_P);
	rx_jit_wrote(g, fn(g->at, 0, x, y));
	rx_jit_wrote(g, fn(g->at, 1, y, x));
	if (least)
		E(g, orps_xmm_xmm, 0, 1);
	else
		E(g, andps_xmm_xmm, 0, 1);
	rx_jit_exact_stub(g, out, op, place, 0, true);
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	rx_jit_fp_result(g, op, false);
}
