/* nan.c - which NaN an operation returns. SPDX-License-Identifier: MIT */
#include "fp/parts.h"

/* 754 6.2: a signalling operand raises NV; the result is quiet. */
struct rx_fpn
rx_fpn_choose_nan(const struct rx_fpn *ops, uint32_t count,
		  struct rx_fpenv *env)
{
	const struct rx_fpn *quiet = NULL, *signal = NULL, *first;
	struct rx_fpn n;

	for (uint32_t i = count; i-- > 0;) {
		if (ops[i].kind == RX_K_QNAN)
			quiet = &ops[i];
		if (ops[i].kind == RX_K_SNAN)
			signal = &ops[i];
	}
	if (signal)
		env->flags |= RX_FP_NV;
	first = signal ? signal : quiet;
	if (env->nan == RX_NAN_SSE && quiet && signal)
		first = quiet < signal ? quiet : signal;
	if (env->nan == RX_NAN_CANON || !first)
		return rx_fpn_nan(env);
	n = *first;
	n.kind = RX_K_QNAN;
	n.sig |= RX_SIG_QUIET;
	return n;
}
