/* prims.h - pure primitives of generated code. SPDX-License-Identifier: MIT
 *
 * One function for each row of gen/model/pure.py, which names it and gives the
 * meaning in Python. w is the width of the operation (1..64 bits); values
 * arrive and leave zero-extended.
 */
#ifndef RX_CORE_PRIMS_H
#define RX_CORE_PRIMS_H

#include <stdint.h>

#include "base/compiler.h"

RX_INLINE uint64_t rx_p_mask(unsigned w)
{
	return ~UINT64_C(0) >> (64 - w);
}

/* N Z C V of a + b + c, from bit 3 down */
RX_INLINE uint64_t rx_p_add_nzcv(unsigned w, uint64_t a, uint64_t b, uint64_t c)
{
	const uint64_t r = (a + b + c) & rx_p_mask(w);
	const uint64_t carry = ((a & b) | ((a | b) & ~r)) >> (w - 1) & 1;
	const uint64_t over = ((a ^ r) & (b ^ r)) >> (w - 1) & 1;

	return r >> (w - 1) << 3 | (uint64_t)(r == 0) << 2 | carry << 1 | over;
}

/* N Z 0 0 of a result */
RX_INLINE uint64_t rx_p_logic_nzcv(unsigned w, uint64_t r)
{
	return r >> (w - 1) << 3 | (uint64_t)(r == 0) << 2;
}

RX_INLINE uint64_t rx_p_add_carry(unsigned w, uint64_t a, uint64_t b, uint64_t c)
{
	const uint64_t r = a + b + c;

	return w < 64 ? r >> w : ((a & b) | ((a | b) & ~r)) >> 63;
}

RX_INLINE uint64_t rx_p_add_overflow(unsigned w, uint64_t a, uint64_t b, uint64_t c)
{
	const uint64_t r = a + b + c;

	return ((a ^ r) & (b ^ r)) >> (w - 1) & 1;
}

RX_INLINE uint64_t rx_p_sub_borrow(unsigned w, uint64_t a, uint64_t b, uint64_t c)
{
	(void)w;
	return a < b || (c && a == b);
}

RX_INLINE uint64_t rx_p_sub_overflow(unsigned w, uint64_t a, uint64_t b, uint64_t c)
{
	return ((a ^ b) & (a ^ (a - b - c))) >> (w - 1) & 1;
}

/* Is the number of ones in the low byte even? */
RX_INLINE uint64_t rx_p_parity(uint64_t a)
{
	a ^= a >> 4;
	return ~(UINT64_C(0x6996) >> (a & 15)) & 1;
}

/* Arm's conditions: eq ne cs cc mi pl vs vc hi ls ge lt gt le, always */
RX_INLINE uint64_t rx_p_condition_holds(uint64_t nzcv, uint64_t cond)
{
	/* bit NZCV of the condition's half-word */
	static const uint16_t holds[8] = {
		0xf0f0, 0xcccc, 0xff00, 0xaaaa, 0x0c0c, 0xaa55, 0x0a05, 0xffff,
	};
	const unsigned yes = holds[cond >> 1 & 7] >> (nzcv & 15) & 1;

	return (cond & 15) == 15 ? 1 : yes ^ (cond & 1);
}

RX_INLINE uint64_t rx_p_crc(unsigned w, uint64_t data, uint64_t crc, uint32_t poly)
{
	crc ^= data;
	for (unsigned k = 0; k < w; k++)
		crc = crc >> 1 ^ (crc & 1 ? poly : 0);
	return crc;
}

/* RX_FP_* (fp/fp.h: NX UF OF DZ NV ID) as FPSR's IXC UFC OFC DZC IOC IDC */
RX_INLINE uint64_t rx_p_fpsr_flags(uint64_t f)
{
	return (f & 1) << 4 | (f & 2) << 2 | (f & 4) | (f & 8) >> 2 | (f & 16) >> 4 |
	       (f & 32) << 2;
}

/* CRC of w bits of data, lowest first, without inversions */
RX_INLINE uint64_t rx_p_crc32(unsigned w, uint64_t data, uint64_t crc)
{
	return rx_p_crc(w, data, crc, UINT32_C(0xedb88320));
}

RX_INLINE uint64_t rx_p_crc32c(unsigned w, uint64_t data, uint64_t crc)
{
	return rx_p_crc(w, data, crc, UINT32_C(0x82f63b78));
}

/* The bits of a under the ones of m, put together */
RX_INLINE uint64_t rx_p_bit_extract(uint64_t a, uint64_t m)
{
	uint64_t r = 0;

	for (unsigned n = 0; m; m &= m - 1, n++)
		r |= (uint64_t)((a & m & (0 - m)) != 0) << n;
	return r;
}

/* and back */
RX_INLINE uint64_t rx_p_bit_deposit(uint64_t a, uint64_t m)
{
	uint64_t r = 0;

	for (; m; m &= m - 1, a >>= 1)
		r |= a & 1 ? m & (0 - m) : 0;
	return r;
}

RX_INLINE uint64_t rx_p_bit_reverse(unsigned w, uint64_t a)
{
	a = (a >> 1 & UINT64_C(0x5555555555555555)) | (a & UINT64_C(0x5555555555555555)) << 1;
	a = (a >> 2 & UINT64_C(0x3333333333333333)) | (a & UINT64_C(0x3333333333333333)) << 2;
	a = (a >> 4 & UINT64_C(0x0f0f0f0f0f0f0f0f)) | (a & UINT64_C(0x0f0f0f0f0f0f0f0f)) << 4;
	return __builtin_bswap64(a) >> (64 - w);
}

/* The x87's order of exceptions, IE DE ZE OE UE PE from bit 0 up, from RX_FP_*
 * (fp/fp.h: NX UF OF DZ NV ID); a stack fault is IE alone */
RX_INLINE uint64_t rx_p_x87_exceptions(uint64_t flags, uint64_t fault)
{
	if (RX_UNLIKELY(fault))
		return 1;
	return (flags >> 4 & 3) | (flags >> 3 & 1) << 2 | (flags >> 2 & 1) << 3 |
	       (flags >> 1 & 1) << 4 | (flags & 1) << 5;
}

/* The status word with exceptions and stack fault of an instruction, C1 cleared,
 * and ES and B: is something set that no mask holds back? */
RX_INLINE uint64_t rx_p_x87_status(uint64_t sw, uint64_t cw, uint64_t exceptions,
				   uint64_t fault)
{
	sw = (sw & ~UINT64_C(0x8280)) | exceptions | fault << 6;
	return sw & ~cw & 0x3f ? sw | 0x8080 : sw;
}

#endif
