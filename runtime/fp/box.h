/* box.h - narrow floating-point values in 64-bit registers. SPDX-License-Identifier: MIT
 *
 * RISC-V "NaN boxing of narrower values" (D extension): a value narrower than
 * the register is stored with all upper bits set; a register that does not
 * have them set reads as the canonical NaN of the narrow format.
 */
#ifndef RX_FP_BOX_H
#define RX_FP_BOX_H

#include <stdint.h>

#include "base/compiler.h"

/* A branch, which is predicted, instead of a conditional move, which waits. */
#define RX_BOX_RARE(set) do { set; __asm__("" : "+r"(reg)); } while (0)

#define RX_F16_NAN UINT16_C(0x7e00)	/* canonical: positive, quiet, payload 0 */
#define RX_F32_NAN UINT32_C(0x7fc00000)
#define RX_F64_NAN UINT64_C(0x7ff8000000000000)

static inline uint64_t
rx_box16(uint16_t v)
{
	return UINT64_C(0xffffffffffff0000) | v;
}

static inline uint64_t
rx_box32(uint32_t v)
{
	return UINT64_C(0xffffffff00000000) | v;
}

static inline uint16_t
rx_unbox16(uint64_t reg)
{
	if (RX_UNLIKELY(reg >> 16 != UINT64_C(0xffffffffffff)))
		RX_BOX_RARE(reg = RX_F16_NAN);
	return (uint16_t)reg;
}

static inline uint32_t
rx_unbox32(uint64_t reg)
{
	if (RX_UNLIKELY(reg >> 32 != UINT32_C(0xffffffff)))
		RX_BOX_RARE(reg = RX_F32_NAN);
	return (uint32_t)reg;
}

#endif
