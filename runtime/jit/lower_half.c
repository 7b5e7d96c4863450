/* lower_half.c - host code of IEEE numbers of 16 bits. SPDX-License-Identifier: MIT
 *
 * The host converts them (F16C) and computes with single numbers. Rounded a second
 * time, to 11 bits of 24, its sums, products, quotients and roots are what rounding
 * once gives, in each direction, and so are the flags: what is tiny in 16 bits is exact
 * in 32, or far from a number of 16. Integers that 24 bits do not hold overflow.
 */
#include "jit/lower_fp.h"

bool rx_jit_is_half(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	return op->type == RX_I16 || f->values.at[op->arg[0]] == RX_I16;
}

void rx_jit_widen(struct rx_jit_gen *g, rx_sv v, uint8_t d)
{
	const uint8_t x = rx_jit_use(g, v, RAX);

	E(g, movzx_r32_r16, RAX, x);
	E(g, movd_xmm_r32, d, RAX);
	E(g, vcvtph2ps_xmm_xmm, d, d);
}

void rx_jit_cut(struct rx_jit_gen *g)
{
	enum { BY_MXCSR = 4 };

	/* the other lanes are converted, too */
	E(g, movd_r32_xmm, RAX, 0);
	E(g, movd_xmm_r32, 0, RAX);
	E(g, vcvtps2ph_xmm_xmm_i8, 0, 0, BY_MXCSR);
	E(g, movd_r32_xmm, RAX, 0);
}

void rx_jit_half_result(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
	g->loc[op->result].zero = true;
}

/* Is rax the least normal number, or its negative? Uses rsi. */
static uint8_t *if_least(struct rx_jit_gen *g)
{
	E(g, mov_r32_r32, RSI, RAX);
	E(g, and_r32_i32, RSI, 0x7fff);
	E(g, cmp_r32_i32, RSI, 0x0400);
	return rx_jit_jcc(g, CC_E);
}

void rx_jit_narrow(struct rx_jit_gen *g, const struct rx_smir_op *op,
		   const struct rx_jit_place place[4], bool tiny)
{
	uint8_t *out[2] = { NULL, NULL };

	if (!rx_jit_fp_is_host(op)) {
		E(g, ucomiss_xmm_xmm, 0, 0);
		out[0] = rx_jit_jcc(g, CC_P);
	}
	rx_jit_cut(g);
	if (tiny && op->env & RX_JIT_ENV_BEFORE)
		out[1] = if_least(g);
	for (unsigned k = 0; k < 2; k++)
		if (out[k])
			rx_jit_exact_stub(g, out[k], op, place, RAX, false);
	rx_jit_done_all(g, op);
	rx_jit_half_result(g, op);
}
