/* eval_prim.c - pure primitives in SMIR. SPDX-License-Identifier: MIT */
#include "core/prims.h"
#include "smir/interp.h"
#include "smir/prims.h"

#define ARGS_1 v[o->a]
#define ARGS_2 v[o->a], v[o->b]
#define ARGS_3 v[o->a], v[o->b], v[o->c]
#define SIZED_1 w,
#define SIZED_0

/* CODE of the operation, function, does it take the width, values */
#define X(CODE, FN, SIZED, N) \
	case RX_S_##CODE: \
		r = FN(SIZED_##SIZED ARGS_##N); \
		break;

bool rx_smir_eval_prim(const struct rx_smir_rop *o, uint64_t *v)
{
	RX_ARG const unsigned w = rx_smir_bits[RX_SMIR_K_TYPE(o->code)];
	uint64_t r;

	switch (RX_SMIR_K_CODE(o->code)) {
	default:
		return false;
	RX_SMIR_PRIMS(X)
	}
	v[o->d] = r;
	return true;
}
