/* lower_minmax.c - host code of least and greatest, and of classes. SPDX-License-Identifier: MIT */
#include "fp/fp.h"
#include "jit/lower_fp.h"

/*
 * Of two numbers, the host's either way round: they differ where both are zeros, of
 * which the guest has the lesser or greater one.
 */
void rx_jit_lower_minmax(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool single = op->type != RX_I64, half = op->type == RX_I16;
	const bool least = op->code == RX_S_FMINNUM || op->code == RX_S_FMIN ||
			   op->code == RX_S_FMINNUM08 || op->code == RX_S_FMINX86;
	const uint8_t x = rx_jit_fp_operand(g, op->arg[0], single, JIT_XMM2);
	const uint8_t y = rx_jit_fp_operand(g, op->arg[1], single, 1);
	const struct rx_jit_place place[4] = {
		half ? rx_jit_place_of(g, op->arg[0]) : rx_jit_place_xmm(x),
		half ? rx_jit_place_of(g, op->arg[1]) : rx_jit_place_xmm(y),
	};
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
	if (half) {	/* exact */
		rx_jit_cut(g);
		rx_jit_exact_stub(g, out, op, place, RAX, false);
	} else {
		rx_jit_exact_stub(g, out, op, place, 0, true);
	}
	rx_jit_done_all(g, op);
	if (half)
		rx_jit_half_result(g, op);
	else
		rx_jit_fp_result(g, op, false);
}

/* ---- classes ------------------------------------------------------------- */

/* eax is one more where rsi, of 32 bits or 64, is not below a number. Uses r8. */
static void count_from(struct rx_jit_gen *g, bool wide, uint64_t number)
{
	rx_jit_number(g, R8, number);
	if (wide)
		E(g, cmp_r64_r64, RSI, R8);
	else
		E(g, cmp_r32_r32, RSI, R8);
	E(g, sbb_r32_i8, RAX, -1);
}

/*
 * RX_CLASS_* are bits in the order of values, NaNs behind them. So the number of that
 * of a positive one is 4 and how many classes begin below its magnitude (rsi: twice
 * that); negative ones stand the other way round, but for NaNs.
 */
void rx_jit_lower_class(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned bits = rx_smir_bits[op->type], exponent = bits == 16 ? 5 :
								   bits == 32 ? 8 : 11;
	const bool wide = bits == 64;
	const unsigned fill = wide ? 0 : 32 - bits;	/* below, zeros */
	const unsigned low = (wide ? 64 : 32) - exponent;	/* the exponent's lowest bit */
	const uint64_t inf = ((UINT64_C(1) << exponent) - 1) << low;
	const uint8_t x = rx_jit_use(g, op->arg[0], RSI);

	_Static_assert(RX_CLASS_POS_ZERO == 1 << 4 && RX_CLASS_NEG_ZERO == 1 << (4 ^ 7) &&
		       RX_CLASS_NEG_INF == 1 << (7 ^ 7) && RX_CLASS_QNAN == 1 << 9,
		       "classes are in order");
	rx_jit_move(g, RSI, x);
	if (fill)
		E(g, shl_r32_i8, RSI, fill);
	if (wide)
		E(g, add_r64_r64, RSI, RSI);
	else
		E(g, add_r32_r32, RSI, RSI);
	E(g, sbb_r32_r32, RAX, RAX);
	E(g, and_r32_i32, RAX, 7 << 8);	/* what turns the order */
	E(g, add_r32_i32, RAX, 4);
	count_from(g, wide, UINT64_C(1));
	count_from(g, wide, UINT64_C(1) << low);
	count_from(g, wide, inf);
	count_from(g, wide, inf + (UINT64_C(2) << fill));
	count_from(g, wide, inf | UINT64_C(1) << (low - 1));
	E(g, movzx_r32_r8, RSI, RAX);
	E(g, shr_r32_i8, RAX, 8);
	E(g, cmp_r32_i8, RSI, 8);
	E(g, sbb_r32_r32, R8, R8);
	E(g, and_r32_r32, RAX, R8);
	E(g, xor_r32_r32, RSI, RAX);
	rx_jit_number(g, RAX, 1);
	E(g, shlx_r32_r32_r32, RAX, RAX, RSI);
	rx_jit_done_all(g, op);
	rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
	g->loc[op->result].zero = true;
}
