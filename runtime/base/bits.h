/* bits.h - bit fields, alignment, byte order. SPDX-License-Identifier: MIT */
#ifndef RX_BASE_BITS_H
#define RX_BASE_BITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

#define RX_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* A mask of n ones, n = 0 ... 64. */
RX_INLINE uint64_t rx_ones(unsigned n)
{
	return n >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

/* Bits lo ... lo + n - 1 of v. */
RX_INLINE uint64_t rx_bits(uint64_t v, unsigned lo, unsigned n)
{
	return (v >> lo) & rx_ones(n);
}

/* v with those bits replaced by the low bits of field. */
RX_INLINE uint64_t rx_set_bits(uint64_t v, unsigned lo, unsigned n,
			       uint64_t field)
{
	const uint64_t mask = rx_ones(n) << lo;

	return (v & ~mask) | ((field << lo) & mask);
}

/* The low n bits of v as a signed number, n = 1 ... 64. */
RX_INLINE int64_t rx_sext(uint64_t v, unsigned n)
{
	return (int64_t)(v << (64 - n)) >> (64 - n);
}

RX_INLINE bool rx_is_pow2(uint64_t v)
{
	return v && !(v & (v - 1));
}

/* a is a power of two; rx_align_up() wraps at the end of the 64 bits. */
RX_INLINE uint64_t rx_align_down(uint64_t v, uint64_t a)
{
	return v & ~(a - 1);
}

RX_INLINE uint64_t rx_align_up(uint64_t v, uint64_t a)
{
	return (v + a - 1) & ~(a - 1);
}

/* Is [at, at + len) inside [base, base + size)? No sum overflows. */
RX_INLINE bool rx_range_in(uint64_t base, uint64_t size, uint64_t at,
			   uint64_t len)
{
	return at >= base && at - base <= size && len <= size - (at - base);
}

/* Unaligned little- and big-endian values in byte buffers. */
#define RX_BITS_LE_(bits) \
RX_INLINE uint##bits##_t rx_get_le##bits(const void *p) \
{ \
	uint##bits##_t v; \
\
	__builtin_memcpy(&v, p, sizeof(v)); \
	return RX_LE##bits(v); \
} \
RX_INLINE void rx_put_le##bits(void *p, uint##bits##_t v) \
{ \
	v = RX_LE##bits(v); \
	__builtin_memcpy(p, &v, sizeof(v)); \
} \
RX_INLINE uint##bits##_t rx_get_be##bits(const void *p) \
{ \
	uint##bits##_t v; \
\
	__builtin_memcpy(&v, p, sizeof(v)); \
	return __builtin_bswap##bits(RX_LE##bits(v)); \
} \
RX_INLINE void rx_put_be##bits(void *p, uint##bits##_t v) \
{ \
	v = __builtin_bswap##bits(RX_LE##bits(v)); \
	__builtin_memcpy(p, &v, sizeof(v)); \
}
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define RX_LE16(v) (v)
#define RX_LE32(v) (v)
#define RX_LE64(v) (v)
#else
#define RX_LE16(v) __builtin_bswap16(v)
#define RX_LE32(v) __builtin_bswap32(v)
#define RX_LE64(v) __builtin_bswap64(v)
#endif
RX_BITS_LE_(16)
RX_BITS_LE_(32)
RX_BITS_LE_(64)
#undef RX_BITS_LE_

#endif
