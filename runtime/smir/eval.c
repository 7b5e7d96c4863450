/* eval.c - any operation that only computes. SPDX-License-Identifier: MIT */
#include "core/arith.h"
#include "smir/interp.h"
#include "smir/pure.h"

/* Of one slot, but for what pure.h has. false: it is none of these. */
static bool small(const struct rx_smir_rop *o, uint64_t *v)
{
	switch (RX_SMIR_K_CODE(o->code)) {
	case RX_S_ZEXT:
	case RX_S_TRUNC:
		v[o->d] = v[o->a] & rx_smir_mask(RX_SMIR_K_TYPE(o->code));
		return true;
	case RX_S_SEXT:
		v[o->d] = (uint64_t)rx_sext(v[o->a], rx_smir_bits[o->c]) &
			  rx_smir_mask(RX_SMIR_K_TYPE(o->code));
		return true;
	case RX_S_SELECT:
		v[o->d] = v[o->a] ? v[o->b] : v[o->c];
		return true;
	default:
		return false;
	}
}

void rx_smir_eval(const struct rx_smir_rop *o, uint64_t *v, struct rx_fpenv *env)
{
	const unsigned code = RX_SMIR_K_CODE(o->code), type = RX_SMIR_K_TYPE(o->code);
	uint64_t r;

	if (code >= RX_S_FADD && code <= RX_S_FCVT)
		rx_smir_eval_fp(o, v, env);
	else if (type >= RX_V64)
		rx_smir_eval_vec(o, v, env);
	else if (type == RX_I128)
		rx_smir_eval_wide(o, v);
	else if (small(o, v))
		return;
	else if (rx_smir_eval_word(code, type, v[o->a], v[o->b], &r))
		v[o->d] = r & rx_smir_mask(type);
	else
		(void)rx_smir_eval_prim(o, v);
}
