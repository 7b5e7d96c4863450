/* values.h - what the files about places of values share. SPDX-License-Identifier: MIT */
#ifndef RX_JIT_VALUES_H
#define RX_JIT_VALUES_H

#include "jit/lower.h"

/* Who holds a register may be a page, numbered behind the values. */
#define PAGE(k) (JIT_VALUES + (k))

/* values.c: the value is there now; what else is known of it is forgotten. */
void rx_jit_set(struct rx_jit_gen *g, rx_sv v, enum rx_jit_kind kind, uint8_t reg);
/* It is what the home holds. */
void rx_jit_settle(struct rx_jit_gen *g, rx_sv v, const struct rx_jit_home *h);
/* A register of the pool for it, emptied if need be; what it has is free again. */
uint8_t rx_jit_take(struct rx_jit_gen *g, rx_sv v, bool xmm);
void rx_jit_release(struct rx_jit_gen *g, rx_sv v);
/* An IEEE result whose NaN may not be canonical? */
bool rx_jit_is_raw(const struct rx_jit_gen *g, rx_sv v);
struct rx_px_values rx_jit_state_of(const struct rx_jit_loc *l);
/* The home of 64 bits there; NULL for other types, or where there is none */
static inline const struct rx_jit_home *rx_jit_home_at(const struct rx_jit_gen *g,
						       uint64_t offset, unsigned type)
{
	return type == RX_I64 ? rx_jit_home_of(g, offset) : NULL;
}
/*
 * results.c: the home that the value goes into next, where that is before anything may
 * leave the code, or get or put the home.
 */
const struct rx_jit_home *rx_jit_put_next(const struct rx_jit_gen *g, rx_sv v);

/* advance.c */
/* What has to be added to the home's register for what the guest has there. */
int32_t rx_jit_lag(const struct rx_jit_gen *g, const struct rx_jit_home *h);
void rx_jit_set_lag(struct rx_jit_gen *g, const struct rx_jit_home *h, int32_t lag);
/*
 * The home is put what v, which its register holds with a number to be added, is.
 * false: the number is too large.
 */
bool rx_jit_put_beside(struct rx_jit_gen *g, rx_sv v, const struct rx_jit_home *h);

/* May the code of the operation leave the region? */
static inline bool rx_jit_leaves(const struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const uint32_t stay = 1u << RX_SE_PURE | 1u << RX_SE_FP | 1u << RX_SE_GET |
			      1u << RX_SE_PUT | 1u << RX_SE_COMMIT |
			      (g->polling ? 0 : 1u << RX_SE_INSN);

	return !(stay >> rx_smir_ops[op->code].effect & 1) && !rx_jit_is_sure(g, op);
}

#endif
