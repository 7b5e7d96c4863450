/* eval_word.c - operations on words, by number. SPDX-License-Identifier: MIT */
#include "smir/pure.h"
#include "smir/smir.h"

#define BINARY_CASE(OP, W) \
	case RX_S_##OP: { \
		const uint##W##_t x = (uint##W##_t)a, y = (uint##W##_t)b; \
		*r = (uint64_t)(F_##OP(W, x, y)); \
		return true; \
	}
#define UNARY_CASE(OP, W) \
	case RX_S_##OP: { \
		const uint##W##_t x = (uint##W##_t)a; \
		*r = (uint64_t)(F_##OP(W, x)); \
		return true; \
	}
#define FOLD(W) \
static bool word##W(unsigned code, uint64_t a, uint64_t b, uint64_t *r) \
{ \
	switch (code) { \
	RX_SMIR_BINARY(BINARY_##W) \
	RX_SMIR_UNARY(UNARY_##W) \
	default: \
		return false; \
	} \
}
#define BINARY_8(OP) BINARY_CASE(OP, 8)
#define BINARY_16(OP) BINARY_CASE(OP, 16)
#define BINARY_32(OP) BINARY_CASE(OP, 32)
#define BINARY_64(OP) BINARY_CASE(OP, 64)
#define UNARY_8(OP) UNARY_CASE(OP, 8)
#define UNARY_16(OP) UNARY_CASE(OP, 16)
#define UNARY_32(OP) UNARY_CASE(OP, 32)
#define UNARY_64(OP) UNARY_CASE(OP, 64)
FOLD(8)
FOLD(16)
FOLD(32)
FOLD(64)

bool rx_smir_eval_word(unsigned code, unsigned type, uint64_t a, uint64_t b, uint64_t *r)
{
	switch (type) {
	case RX_I1:
	case RX_I8:
		return word8(code, a, b, r);
	case RX_I16:
		return word16(code, a, b, r);
	case RX_I32:
		return word32(code, a, b, r);
	case RX_I64:
		return word64(code, a, b, r);
	default:
		return false;
	}
}
