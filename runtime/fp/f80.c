/* f80.c - rounding to the x87's format. SPDX-License-Identifier: MIT */
#include "fp/f80.h"

static rx_f80
encode(uint8_t sign, uint32_t e, uint64_t sig)
{
	return (rx_f80)(e | (uint32_t)sign << 15) << 64 | sig;
}

/* SDM volume 1, table 4-10; the greatest number has prec bits, too */
static rx_f80
overflow(uint8_t sign, uint32_t prec, struct rx_fpenv *env)
{
	uint64_t low = rx_fp_overflow(1, sign, env);	/* 1: infinity */

	env->up = (uint8_t)low;
	if (low)
		return encode(sign, RX_F80_EMASK, RX_F80_INTEGER);
	return encode(sign, RX_F80_EMASK - 1, UINT64_MAX << (64 - prec));
}

/* Is a number with an exponent below the least one tiny after rounding as if
 * there were none below? */
static bool
is_tiny(struct rx_fpn n, uint32_t prec, const struct rx_fpenv *env)
{
	return n.exp < -rx_fmt_f80.emax
		|| !(rx_fp_round(n.sig, 127 - prec, n.sign, env->round) >> prec);
}

static rx_f80
denormal(struct rx_fpn n, uint32_t prec, bool tiny, struct rx_fpenv *env)
{
	uint32_t drop = 127 - prec;
	uint64_t m;

	n.sig = rx_fp_jam(n.sig, (uint32_t)(1 - rx_fmt_f80.emax - n.exp));
	m = (uint64_t)rx_fp_round(n.sig, drop, n.sign, env->round);
	if ((rx_u128)m << drop != n.sig)
		env->flags |= tiny ? RX_FP_UF | RX_FP_NX : RX_FP_NX;
	env->up = (rx_u128)m << drop > n.sig;
	m <<= 64 - prec;
	return encode(n.sign, m >> 63, m);
}

rx_f80
rx_f80_round(struct rx_fpn n, uint32_t prec, struct rx_fpenv *env)
{
	uint32_t drop = 127 - prec;
	rx_u128 m;

	env->up = 0;
	if (RX_UNLIKELY(env->flags & env->trap & RX_F80_BEFORE))
		return 0;
	if (RX_UNLIKELY(n.kind != RX_K_NORMAL)) {
		if (n.kind == RX_K_ZERO)
			return encode(n.sign, 0, 0);
		m = n.kind == RX_K_INF ? 0 : n.sig >> (RX_SIG_LEAD - 63);
		return encode(n.sign, RX_F80_EMASK, RX_F80_INTEGER | (uint64_t)m);
	}
	if (RX_UNLIKELY(n.exp < 1 - rx_fmt_f80.emax)) {
		bool tiny = is_tiny(n, prec, env);

		if (!tiny || !(env->trap & RX_FP_UF))
			return denormal(n, prec, tiny, env);
		env->flags |= RX_FP_UF;
		n.exp += RX_F80_BIAS_ADJUST;
	}
	m = rx_fp_round(n.sig, drop, n.sign, env->round);
	env->up = m << drop > n.sig;
	if (m << drop != n.sig)
		env->flags |= RX_FP_NX;
	if (m >> prec) {
		m >>= 1;
		n.exp++;
	}
	if (RX_UNLIKELY(n.exp > rx_fmt_f80.emax)) {
		if (!(env->trap & RX_FP_OF))
			return overflow(n.sign, prec, env);
		env->flags |= RX_FP_OF;
		n.exp -= RX_F80_BIAS_ADJUST;
	}
	return encode(n.sign, (uint32_t)(n.exp + rx_fmt_f80.emax),
		      (uint64_t)m << (64 - prec));
}
