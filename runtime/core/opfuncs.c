/* opfuncs.c - operands that are computed when decoding. SPDX-License-Identifier: MIT */
#include "core/opfuncs.h"

#include "base/bits.h"

/* Log2 of the element's bits, 0: reserved. */
static unsigned element_bits(uint32_t raw, unsigned width)
{
	const uint32_t high = (raw >> 12 & 1) << 6 | (~raw & 63);
	const unsigned len = high ? 31 - (unsigned)__builtin_clz(high) : 0;
	const uint32_t levels = (1u << len) - 1;

	return (1u << len) > width || (raw & levels) == levels ? 0 : len;
}

static uint64_t bit_mask(uint32_t raw, unsigned width)
{
	const unsigned len = element_bits(raw, width), esize = 1u << len;
	const unsigned s = raw & (esize - 1), r = raw >> 6 & (esize - 1);
	uint64_t v = rx_ones(s + 1);

	if (r)
		v = (v >> r | v << (esize - r)) & rx_ones(esize);
	for (unsigned n = esize; n < width; n *= 2)
		v |= v << n;
	return v;
}

/* The smallest element that repeats, then the rotation of its run of ones. */
static bool encode_bit_mask(uint64_t v, unsigned width, uint32_t *raw)
{
	unsigned esize = width, ones, r;
	uint64_t e, mask;

	if (v & ~rx_ones(width))
		return false;
	while (esize > 2 && (v & rx_ones(esize / 2)) == (v >> esize / 2 & rx_ones(esize / 2)))
		esize /= 2;
	mask = rx_ones(esize);
	e = v & mask;
	if (!e || e == mask)
		return false;
	ones = (unsigned)__builtin_popcountll(e);
	for (r = 0; r < esize; r++) {
		if (e == rx_ones(ones))
			break;
		e = (e << 1 | e >> (esize - 1)) & mask;
	}
	if (r == esize)
		return false;
	*raw = (uint32_t)(esize == 64) << 12 | r << 6 |
	       ((~(2 * esize - 1) | (ones - 1)) & 63);
	return true;
}

static uint64_t fp_immediate(uint32_t raw, unsigned exponent, unsigned fraction)
{
	const uint64_t b = raw >> 6 & 1;
	const uint64_t exp = (1 - b) << (exponent - 1) |
			     (b ? rx_ones(exponent - 3) << 2 : 0) | (raw >> 4 & 3);

	return ((uint64_t)(raw >> 7 & 1) << exponent | exp) << fraction |
	       (uint64_t)(raw & 15) << (fraction - 4);
}

static bool encode_fp_immediate(uint64_t v, unsigned exponent, unsigned fraction,
				uint32_t *raw)
{
	for (*raw = 0; *raw < 256; ++*raw)
		if (fp_immediate(*raw, exponent, fraction) == v)
			return true;
	return false;
}

#define BIT_MASK(W) \
	bool rx_d_bitmask##W##_valid(uint32_t raw) { return element_bits(raw, W) != 0; } \
	uint64_t rx_d_bitmask##W(uint32_t raw) { return bit_mask(raw, W); } \
	bool rx_d_bitmask##W##_encode(uint64_t value, uint32_t *raw) \
	{ \
		return encode_bit_mask(value, W, raw); \
	}
BIT_MASK(32)
BIT_MASK(64)

#define FP_IMMEDIATE(W, EXPONENT, FRACTION) \
	bool rx_d_fpimm##W##_valid(uint32_t raw) { return raw < 256; } \
	uint64_t rx_d_fpimm##W(uint32_t raw) { return fp_immediate(raw, EXPONENT, FRACTION); } \
	bool rx_d_fpimm##W##_encode(uint64_t value, uint32_t *raw) \
	{ \
		return encode_fp_immediate(value, EXPONENT, FRACTION, raw); \
	}
FP_IMMEDIATE(16, 5, 10)
FP_IMMEDIATE(32, 8, 23)
FP_IMMEDIATE(64, 11, 52)
