/* lower_fp.h - shared by files with host code of IEEE. SPDX-License-Identifier: MIT */
#ifndef RX_JIT_LOWER_FP_H
#define RX_JIT_LOWER_FP_H

#include "jit/frame.h"

/* enum rx_fp_nan of a settled operation */
static inline unsigned rx_jit_fp_nan(const struct rx_smir_op *op)
{
	return op->env >> RX_JIT_ENV_NAN & 7;
}

/* lower_fp.c */
/* Is the direction known, and one that the host has? */
bool rx_jit_has_direction(const struct rx_smir_fn *f, const struct rx_smir_op *op, rx_sv v);
/* Of a settled one: the guest's NaNs and flags are the host's, DE among them. */
bool rx_jit_fp_is_host(const struct rx_smir_op *op);
/* MXCSR gets the direction, enum rx_round, which the constant is. */
unsigned rx_jit_fp_direct(struct rx_jit_gen *g, rx_sv v);
/* A register with the operand; of 64 bits, a NaN of it may not be canonical. */
uint8_t rx_jit_fp_operand(struct rx_jit_gen *g, rx_sv v, bool single, uint8_t scratch);
/* The result, now in xmm0, goes where it belongs; raw: it may be a NaN that is not canonical. */
void rx_jit_fp_result(struct rx_jit_gen *g, const struct rx_smir_op *op, bool raw);

/* lower_half.c */
/* xmm register d: a number of 16 bits as a single one. Uses rax. */
void rx_jit_widen(struct rx_jit_gen *g, rx_sv v, uint8_t d);
/* rax: the single number in xmm0 as one of 16 bits. */
void rx_jit_cut(struct rx_jit_gen *g);
/* What is in rax then is the result. */
void rx_jit_half_result(struct rx_jit_gen *g, const struct rx_smir_op *op);
/*
 * The single number in xmm0, of arguments in these places, is made the guest's, of 16
 * bits; tiny: it may be tiny before it is rounded.
 */
void rx_jit_narrow(struct rx_jit_gen *g, const struct rx_smir_op *op,
		   const struct rx_jit_place place[4], bool tiny);

/* lower_convert.c */
/* xmm0 = the integer in register x; uses rax, which x may be, and rsi. */
void rx_jit_convert_integer(struct rx_jit_gen *g, bool single, bool wide, bool is_signed,
			    uint8_t x);
void rx_jit_to_integer(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_from_integer(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_modulo_integer(struct rx_jit_gen *g, const struct rx_smir_op *op);
/* With a point that is known. */
void rx_jit_from_fixed(struct rx_jit_gen *g, const struct rx_smir_op *op);
bool rx_jit_lowers_to_fixed(const struct rx_smir_fn *f, const struct rx_smir_op *op);
void rx_jit_to_fixed(struct rx_jit_gen *g, const struct rx_smir_op *op);

/* lower_minmax.c */
void rx_jit_lower_minmax(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_lower_class(struct rx_jit_gen *g, const struct rx_smir_op *op);

#endif
