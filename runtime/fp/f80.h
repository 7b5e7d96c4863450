/* f80.h - the x87's format, unpacked and packed. SPDX-License-Identifier: MIT
 *
 * Internal to runtime/fp; see parts.h and, for what the format is, fp.h.
 */
#ifndef RX_FP_F80_H
#define RX_FP_F80_H

#include "fp/parts.h"

#define RX_F80_INTEGER (UINT64_C(1) << 63)	/* the integer part's bit */
#define RX_F80_EMASK 0x7fffu
#define RX_F80_INF ((rx_f80)RX_F80_EMASK << 64 | RX_F80_INTEGER)
/* What unmasked overflow and underflow change exponents by (SDM volume 1,
 * 8.5.4, 8.5.5): 3 * 2^13 */
#define RX_F80_BIAS_ADJUST 24576
/* Exceptions that are found before there is a result. */
#define RX_F80_BEFORE (RX_FP_NV | RX_FP_DZ | RX_FP_ID)

RX_INLINE struct rx_fpn
rx_f80_unpack(rx_f80 bits, struct rx_fpenv *env)
{
	uint64_t sig = (uint64_t)bits;
	uint32_t e = (uint32_t)(bits >> 64) & RX_F80_EMASK;
	struct rx_fpn n = { (rx_u128)sig << (RX_SIG_LEAD - 63),
			    (int32_t)e - rx_fmt_f80.emax, RX_K_NORMAL,
			    bits >> 79 & 1, 0 };

	(void)env;
	if (RX_UNLIKELY(e == 0)) {
		/* the integer part of a pseudo-denormal is what it says */
		n = rx_fpn_normal(n.sign, 1 - rx_fmt_f80.emax - 63, sig);
		n.denormal = n.kind == RX_K_NORMAL;
	} else if (RX_UNLIKELY(!(sig & RX_F80_INTEGER))) {
		n.kind = RX_K_BAD;
	} else if (RX_UNLIKELY(e == RX_F80_EMASK)) {
		n.sig &= RX_SIG_ONE - 1;
		n.kind = n.sig == 0 ? RX_K_INF
			 : n.sig & RX_SIG_QUIET ? RX_K_QNAN : RX_K_SNAN;
	}
	return n;
}

/* Rounds to prec bits (24, 53, 64) and encodes; see fp.h about trap and up. */
rx_f80 rx_f80_round(struct rx_fpn n, uint32_t prec, struct rx_fpenv *env);

/* For results that precision control applies to (SDM volume 1, 8.1.5.2). */
RX_INLINE rx_f80
rx_f80_pack(struct rx_fpn n, struct rx_fpenv *env)
{
	return rx_f80_round(n, env->prec ? env->prec : 64, env);
}

/* For all others. */
RX_INLINE rx_f80
rx_f80_pack_full(struct rx_fpn n, struct rx_fpenv *env)
{
	return rx_f80_round(n, 64, env);
}

#endif
