/* pure.h - what pure operations on words mean. SPDX-License-Identifier: MIT
 *
 * One macro F_NAME(W, a, b) for each operation: unsigned values of W bits; what
 * is above W bits in the result is cut by the user. The interpreter and the
 * constant folder are made of them.
 */
#ifndef RX_SMIR_PURE_H
#define RX_SMIR_PURE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arith.h"

#define F_ADD(W, a, b) ((uint64_t)a + b)
#define F_SUB(W, a, b) ((uint64_t)a - b)
#define F_MUL(W, a, b) ((uint64_t)a * b)
#define F_UDIV(W, a, b) (b ? a / b : ~UINT64_C(0))
#define F_UREM(W, a, b) (b ? a % b : a)
#define F_SDIV(W, a, b) \
	(!b ? ~UINT64_C(0) : b == (uint##W##_t)-1 ? 0 - (uint64_t)a : \
	 (uint64_t)((int##W##_t)a / (int##W##_t)b))
#define F_SREM(W, a, b) \
	(!b ? a : b == (uint##W##_t)-1 ? 0 : \
	 (uint64_t)((int##W##_t)a % (int##W##_t)b))
#define F_AND(W, a, b) (a & b)
#define F_OR(W, a, b) (a | b)
#define F_XOR(W, a, b) (a ^ b)
#define F_SHL(W, a, b) ((uint64_t)a << (b & (W - 1)))
#define F_LSHR(W, a, b) (a >> (b & (W - 1)))
#define F_ASHR(W, a, b) ((uint64_t)((int##W##_t)a >> (b & (W - 1))))
#define F_ROTR(W, a, b) \
	(a >> (b & (W - 1)) | (uint64_t)a << ((W - b) & (W - 1)))
#define F_CLMUL(W, a, b) rx_clmul64(a, b)
#define F_CLMULH(W, a, b) \
	(W == 64 ? rx_clmulh64(a, b) : rx_clmul64(a, b) >> (W & 63))
#define F_EQ(W, a, b) (a == b)
#define F_NE(W, a, b) (a != b)
#define F_ULT(W, a, b) (a < b)
#define F_ULE(W, a, b) (a <= b)
#define F_SLT(W, a, b) ((int##W##_t)a < (int##W##_t)b)
#define F_SLE(W, a, b) ((int##W##_t)a <= (int##W##_t)b)
#define F_NOT(W, a) (~(uint64_t)a)
#define F_NEG(W, a) (0 - (uint64_t)a)
#define F_CLZ(W, a) (rx_clz64(a) - (64 - W))
#define F_CTZ(W, a) (a ? rx_ctz64(a) : W)
#define F_POPCOUNT(W, a) rx_popcount64(a)
#define F_BSWAP(W, a) (rx_bswap64(a) >> (64 - W))
#define F_ORCB(W, a) rx_orcb64(a)
#define F_TRUNC(W, a) (a)

/* Operations with two values and one result of T, with a boolean result, and with one value */
#define RX_SMIR_BINARY(X) \
	X(ADD) X(SUB) X(MUL) X(UDIV) X(SDIV) X(UREM) X(SREM) X(AND) X(OR) X(XOR) \
	X(SHL) X(LSHR) X(ASHR) X(ROTR) X(CLMUL) X(CLMULH) \
	X(EQ) X(NE) X(ULT) X(ULE) X(SLT) X(SLE)
#define RX_SMIR_UNARY(X) \
	X(NOT) X(NEG) X(CLZ) X(CTZ) X(POPCOUNT) X(BSWAP) X(ORCB)

/*
 * The result, not cut to its type, of one of these on words of this type (i1 as i8);
 * false: the operation is none of them.
 */
bool rx_smir_eval_word(unsigned code, unsigned type, uint64_t a, uint64_t b, uint64_t *r);

#endif
