/* arith.h - integer primitives of generated code. SPDX-License-Identifier: MIT
 *
 * Values of bits(N) arrive and leave zero-extended in uint64_t. The names end
 * in the width. Division follows the model (gen/model/sem.py): by zero gives
 * all ones, the remainder then is the dividend, and least / -1 gives least.
 */
#ifndef RX_CORE_ARITH_H
#define RX_CORE_ARITH_H

#include <stdint.h>

/* Sign-extends the low n bits (1..64). */
static inline int64_t rx_sext(uint64_t v, unsigned n)
{
	return (int64_t)(v << (64 - n)) >> (64 - n);
}

#define RX_DIVISION(W)							\
	static inline uint64_t rx_udiv##W(uint64_t a, uint64_t b)	\
	{								\
		return b ? (uint##W##_t)a / (uint##W##_t)b		\
			 : (uint##W##_t)~UINT64_C(0);			\
	}								\
	static inline uint64_t rx_urem##W(uint64_t a, uint64_t b)	\
	{								\
		return b ? (uint##W##_t)a % (uint##W##_t)b : a;		\
	}								\
	static inline uint64_t rx_sdiv##W(uint64_t a, uint64_t b)	\
	{								\
		int##W##_t x = (int##W##_t)a, y = (int##W##_t)b;	\
		if (y == 0)						\
			return (uint##W##_t)~UINT64_C(0);		\
		if (y == -1)						\
			return (uint##W##_t)(0 - a);			\
		return (uint##W##_t)(x / y);				\
	}								\
	static inline uint64_t rx_srem##W(uint64_t a, uint64_t b)	\
	{								\
		int##W##_t x = (int##W##_t)a, y = (int##W##_t)b;	\
		if (y == 0)						\
			return a;					\
		if (y == -1)						\
			return 0;					\
		return (uint##W##_t)(x % y);				\
	}								\
	static inline uint64_t rx_ror##W(uint64_t a, uint64_t n)	\
	{								\
		unsigned s = n & (W - 1);				\
		return (uint##W##_t)(a >> s | a << ((W - s) & (W - 1)));\
	}
RX_DIVISION(32)
RX_DIVISION(64)

/* 128 bits */
static inline unsigned __int128 rx_udiv128(unsigned __int128 a, unsigned __int128 b)
{
	return b ? a / b : ~(unsigned __int128)0;
}

static inline unsigned __int128 rx_urem128(unsigned __int128 a, unsigned __int128 b)
{
	return b ? a % b : a;
}

static inline unsigned __int128 rx_sdiv128(unsigned __int128 a, unsigned __int128 b)
{
	if (b == 0)
		return ~(unsigned __int128)0;
	if (~b == 0)
		return 0 - a;
	return (unsigned __int128)((__int128)a / (__int128)b);
}

static inline unsigned __int128 rx_srem128(unsigned __int128 a, unsigned __int128 b)
{
	if (b == 0)
		return a;
	return ~b == 0 ? 0 : (unsigned __int128)((__int128)a % (__int128)b);
}

static inline uint64_t rx_clz64(uint64_t a) { return a ? (uint64_t)__builtin_clzll(a) : 64; }
static inline uint64_t rx_clz32(uint64_t a) { return a ? (uint64_t)__builtin_clzll(a) - 32 : 32; }
static inline uint64_t rx_ctz64(uint64_t a) { return a ? (uint64_t)__builtin_ctzll(a) : 64; }
static inline uint64_t rx_ctz32(uint64_t a) { return a ? (uint64_t)__builtin_ctzll(a) : 32; }

/* Where the host may lack the instruction, the builtin is a call, which fast
 * handlers do not make. */
static inline uint64_t rx_popcount64(uint64_t a)
{
#if defined(__x86_64__) && !defined(__POPCNT__)
	a -= (a >> 1) & UINT64_C(0x5555555555555555);
	a = (a & UINT64_C(0x3333333333333333)) +
	    ((a >> 2) & UINT64_C(0x3333333333333333));
	a = (a + (a >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (a * UINT64_C(0x0101010101010101)) >> 56;
#else
	return (uint64_t)__builtin_popcountll(a);
#endif
}

static inline uint64_t rx_popcount32(uint64_t a)
{
	return rx_popcount64(a);
}

static inline uint64_t rx_bswap64(uint64_t a) { return __builtin_bswap64(a); }
static inline uint64_t rx_bswap32(uint64_t a) { return __builtin_bswap32((uint32_t)a); }

/* Each byte: 0xff where any of its bits is set. */
static inline uint64_t rx_orcb64(uint64_t a)
{
	uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	uint64_t top = (((a & low) + low) | a) & ~low;

	return (top >> 7) * 0xff;
}

/* Carry-less product: low half, high half. */
static inline uint64_t rx_clmul64(uint64_t a, uint64_t b)
{
	uint64_t r = 0;

	for (; b; b &= b - 1)
		r ^= a << __builtin_ctzll(b);
	return r;
}

static inline uint64_t rx_clmulh64(uint64_t a, uint64_t b)
{
	uint64_t r = 0;

	for (b &= ~UINT64_C(1); b; b &= b - 1)
		r ^= a >> (64 - __builtin_ctzll(b));
	return r;
}

#endif
