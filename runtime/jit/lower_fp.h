/* lower_fp.h - shared by files with host code of IEEE. SPDX-License-Identifier: MIT */
#ifndef RX_JIT_LOWER_FP_H
#define RX_JIT_LOWER_FP_H

#include "jit/frame.h"

/* enum rx_fp_nan of a settled operation */
static inline unsigned rx_jit_fp_nan(const struct rx_smir_op *op)
{
	return op->imm >> RX_JIT_ENV_NAN & 7;
}

/* lower_fp.c */
/* MXCSR gets the direction, enum rx_round, which the constant is. */
unsigned rx_jit_fp_direct(struct rx_jit_gen *g, rx_sv v);
/* A register with the operand; of 64 bits, a NaN of it may not be canonical. */
uint8_t rx_jit_fp_operand(struct rx_jit_gen *g, rx_sv v, bool single, uint8_t scratch);
/* The result, now in xmm0, goes where it belongs; raw: it may be a NaN that is not canonical. */
void rx_jit_fp_result(struct rx_jit_gen *g, const struct rx_smir_op *op, bool raw);

/* lower_convert.c */
void rx_jit_to_integer(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_from_integer(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_lower_minmax(struct rx_jit_gen *g, const struct rx_smir_op *op);

#endif
