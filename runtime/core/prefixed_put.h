/* prefixed_put.h - what generated encoders write. SPDX-License-Identifier: MIT
 *
 * Parts of an instruction of 64-bit mode whose operands are the usual ones:
 * registers below 16, memory at a base register, perhaps with an index, no
 * segment. All else is rx_px_encode()'s. Each returns where what it wrote ends.
 */
#ifndef RX_CORE_PREFIXED_PUT_H
#define RX_CORE_PREFIXED_PUT_H

#include "base/bits.h"
#include "base/compiler.h"
#include "core/prefixed.h"

RX_INLINE bool rx_px_usual(const struct rx_px_values *m)
{
	return m->base < 16 && (m->index < 16 || m->index == RX_PX_NO_REG) && m->index != 4 &&
	       m->scale < 4 && !(m->seg | m->asz);
}

/* The bit of a register's number that REX and VEX have. */
RX_INLINE unsigned rx_px_high(uint8_t reg)
{
	return reg >> 3;
}

/* X and B; no index is 32. */
RX_INLINE unsigned rx_px_high_mem(const struct rx_px_values *m)
{
	return (m->index >> 3 & 1u) << 1 | m->base >> 3;
}

/* REX without W, where it says something or a byte register wants it. */
RX_INLINE uint8_t *rx_px_put_rex(uint8_t *p, unsigned high, bool forced)
{
	*p = (uint8_t)(0x40 | high);
	return p + (high || forced);
}

/* last: vvvv, L and pp; brief: two bytes may do. */
RX_INLINE uint8_t *rx_px_put_vex(uint8_t *p, unsigned high, unsigned map, unsigned w,
				 unsigned last, bool brief)
{
	if (brief && !(high & 3)) {
		p[0] = 0xc5;
		p[1] = (uint8_t)((~high >> 2 & 1) << 7 | last);
		return p + 2;
	}
	p[0] = 0xc4;
	p[1] = (uint8_t)((~high & 7) << 5 | map);
	p[2] = (uint8_t)(w << 7 | last);
	return p + 3;
}

/* ModRM, SIB and displacement. */
RX_INLINE uint8_t *rx_px_put_mem(uint8_t *p, unsigned reg, const struct rx_px_values *m)
{
	const unsigned base = m->base & 7, sib = m->index < 16 || base == 4;
	const bool none = !m->disp && base != 5, brief = m->disp == (int8_t)m->disp;

	*p++ = (uint8_t)((none ? 0 : brief ? 0x40 : 0x80) | reg << 3 | (sib ? 4 : base));
	*p = (uint8_t)(m->scale << 6 | (m->index < 16 ? m->index & 7u : 4u) << 3 | base);
	p += sib;
	rx_put_le32(p, (uint32_t)m->disp);
	return p + (none ? 0 : brief ? 1 : 4);
}

RX_INLINE uint8_t *rx_px_put_imm(uint8_t *p, uint64_t v, unsigned bytes)
{
	switch (bytes) {
	case 1:
		*p = (uint8_t)v;
		break;
	case 2:
		rx_put_le16(p, (uint16_t)v);
		break;
	case 4:
		rx_put_le32(p, (uint32_t)v);
		break;
	default:
		rx_put_le64(p, v);
	}
	return p + bytes;
}

#endif
