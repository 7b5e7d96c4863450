/* vectors.h - vectors in registers. SPDX-License-Identifier: MIT
 *
 * A vector of 64 or 128 bits may be in an xmm register (JIT_XMM); of 64 bits what is
 * above them is anything. A longer one may if all its 128 bits are the same. What
 * every lane has, and a constant is, is made where it is wanted (JIT_PATTERN). All
 * others are in memory (JIT_WIDE).
 */
#ifndef RX_JIT_VECTORS_H
#define RX_JIT_VECTORS_H

#include "jit/frame.h"

/* vectors.c */
/* Bits of a vector that an instruction takes at once, and how many times that is. */
#define RX_JIT_CHUNK 128
static inline unsigned rx_jit_bits_of(const struct rx_jit_gen *g, rx_sv v)
{
	return rx_smir_bits[g->f->values.at[v]];
}

static inline struct rx_px_values rx_jit_mem_behind(struct rx_px_values m, unsigned bytes)
{
	m.disp += (int32_t)bytes;
	return m;
}

unsigned rx_jit_chunks(const struct rx_jit_gen *g, rx_sv v);
/*
 * Patterns among the first n arguments get registers. In front of reading any of them:
 * others may lose theirs.
 */
void rx_jit_make_patterns(struct rx_jit_gen *g, const struct rx_smir_op *op, unsigned n);
/* A register with 128 bits of v, number k. */
uint8_t rx_jit_vec(struct rx_jit_gen *g, rx_sv v, unsigned k, uint8_t scratch);
/* Are all 128 bits of it in memory? *m: there. */
bool rx_jit_vec_in_memory(const struct rx_jit_gen *g, rx_sv v, unsigned k,
			  struct rx_px_values *m);
/* The same to do an operation again (exact.c): it does not move. */
struct rx_jit_place rx_jit_place_vec(struct rx_jit_gen *g, rx_sv v, unsigned k);
/* A vector is in memory from then on, whatever it was; other values stay. */
void rx_jit_vec_to_memory(struct rx_jit_gen *g, rx_sv v);
/* A register for the result, or, of several chunks, for each of them the same. */
uint8_t rx_jit_dest_vec(struct rx_jit_gen *g, rx_sv v);
/* A register between bits of a vector and m. Of 64 bits these. */
void rx_jit_store_vec(struct rx_jit_gen *g, const struct rx_px_values *m, uint8_t x,
		      unsigned bits);
/* d: these, in rax and one xmm register, which is spoilt. */
void rx_jit_vec_number(struct rx_jit_gen *g, uint8_t d, uint64_t low, uint64_t high,
		       uint8_t spoilt);
/* The number in each lane of 64 bits. */
uint64_t rx_jit_in_each_lane(uint64_t number, unsigned lane);
/* Is every lane of v, which is in front of op, that number? */
bool rx_jit_splat_of(const struct rx_smir_fn *f, const struct rx_smir_op *op, rx_sv v,
		     uint64_t *number);

/*
 * What an operation does chunk by chunk with n arguments, at most two: d from a and b,
 * which are kept unless they are xmm0 and xmm1. d may be one of them: it is written
 * last. xmm0 to xmm2 are free as far as they are no arguments.
 */
typedef void rx_jit_vec_fn(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t d,
			   uint8_t a, uint8_t b);
void rx_jit_by_chunks(struct rx_jit_gen *g, const struct rx_smir_op *op, unsigned n,
		      rx_jit_vec_fn *fn);

/* lower_sse.c: lanes that do not care about others, chunk by chunk */
bool rx_jit_lowers_sse(const struct rx_smir_fn *f, const struct rx_smir_op *op, unsigned host);
void rx_jit_lower_sse(struct rx_jit_gen *g, const struct rx_smir_op *op);

/* lower_lanes.c: IEEE lanes */
bool rx_jit_lowers_lanes(const struct rx_smir_fn *f, const struct rx_smir_op *op);
void rx_jit_lower_lanes(struct rx_jit_gen *g, const struct rx_smir_op *op);

/* likewise: RX_S_VSITOF, RX_S_VUITOF */
bool rx_jit_lowers_numbers(const struct rx_smir_fn *f, const struct rx_smir_op *op);
void rx_jit_lower_numbers(struct rx_jit_gen *g, const struct rx_smir_op *op);

/* lower_vec.c: a lane in memory, extended to 64 bits */
void rx_jit_load_lane(struct rx_jit_gen *g, uint8_t d, const struct rx_px_values *m,
		      unsigned lane, bool is_signed);

/* lower_shift.c */
bool rx_jit_lowers_shift(const struct rx_smir_fn *f, const struct rx_smir_op *op, unsigned host);
void rx_jit_lower_shift(struct rx_jit_gen *g, const struct rx_smir_op *op);

/* lower_width.c: RX_S_VZEXT, RX_S_VSEXT, RX_S_VTRUNC */
void rx_jit_lower_width(struct rx_jit_gen *g, const struct rx_smir_op *op);

/* lower_shape.c: what makes and moves lanes, and changes their width */
bool rx_jit_lowers_shape(const struct rx_smir_fn *f, const struct rx_smir_op *op);
void rx_jit_lower_shape(struct rx_jit_gen *g, const struct rx_smir_op *op);

#endif
