/* nan.c - which NaN an operation returns. SPDX-License-Identifier: MIT */
#include "fp/parts.h"

/* SDM volume 1, table 4-7, x87: of two NaNs the greater significand, which is
 * the quiet one's; if they are equal the positive one (seen on processors). */
static struct rx_fpn
x87_nan(const struct rx_fpn *ops, uint32_t count)
{
	const struct rx_fpn *best = NULL;

	for (uint32_t i = 0; i < count; i++) {
		const struct rx_fpn *n = &ops[i];

		if (n->kind & RX_K_NAN
		    && (!best || n->sig > best->sig
			|| (n->sig == best->sig && n->sign < best->sign)))
			best = n;
	}
	return *best;
}

/* 754 6.2: a signalling operand raises NV; the result is quiet. */
struct rx_fpn
rx_fpn_choose_nan(const struct rx_fpn *ops, uint32_t count,
		  struct rx_fpenv *env)
{
	const struct rx_fpn *quiet = NULL, *signal = NULL, *first;
	struct rx_fpn n;
	bool bad = false;

	for (uint32_t i = count; i-- > 0;) {
		if (ops[i].kind == RX_K_QNAN)
			quiet = &ops[i];
		if (ops[i].kind == RX_K_SNAN)
			signal = &ops[i];
		bad |= ops[i].kind == RX_K_BAD;
	}
	if (signal || bad)
		env->flags |= RX_FP_NV;
	if (bad)
		return rx_fpn_nan(env);
	first = signal ? signal : quiet;
	if (env->nan == RX_NAN_SSE && quiet && signal)
		first = quiet < signal ? quiet : signal;
	if (env->nan == RX_NAN_CANON || !first)
		return rx_fpn_nan(env);
	n = env->nan == RX_NAN_X87 ? x87_nan(ops, count) : *first;
	n.kind = RX_K_QNAN;
	n.sig |= RX_SIG_QUIET;
	return n;
}
