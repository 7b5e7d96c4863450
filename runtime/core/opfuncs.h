/* opfuncs.h - operands that are computed when decoding. SPDX-License-Identifier: MIT
 *
 * For each row NAME of gen/model/opfuncs.py: rx_d_NAME() is the value of the
 * bits that a word holds, rx_d_NAME_valid() says whether they have one, and
 * rx_d_NAME_encode() finds bits with a value; false: there are none. *raw
 * holds what other operands have said of these bits already.
 */
#ifndef RX_CORE_OPFUNCS_H
#define RX_CORE_OPFUNCS_H

#include <stdbool.h>
#include <stdint.h>

/* raw: N:immr:imms, 13 bits (Arm ARM, DecodeBitMasks of an immediate) */
bool rx_d_bitmask32_valid(uint32_t raw);
bool rx_d_bitmask64_valid(uint32_t raw);
uint64_t rx_d_bitmask32(uint32_t raw);
uint64_t rx_d_bitmask64(uint32_t raw);
bool rx_d_bitmask32_encode(uint64_t value, uint32_t *raw);
bool rx_d_bitmask64_encode(uint64_t value, uint32_t *raw);

/* raw: abcdefgh (Arm ARM, VFPExpandImm); every value is valid */
bool rx_d_fpimm16_valid(uint32_t raw);
bool rx_d_fpimm32_valid(uint32_t raw);
bool rx_d_fpimm64_valid(uint32_t raw);
uint64_t rx_d_fpimm16(uint32_t raw);
uint64_t rx_d_fpimm32(uint32_t raw);
uint64_t rx_d_fpimm64(uint32_t raw);
bool rx_d_fpimm16_encode(uint64_t value, uint32_t *raw);
bool rx_d_fpimm32_encode(uint64_t value, uint32_t *raw);
bool rx_d_fpimm64_encode(uint64_t value, uint32_t *raw);

#define RX_D_DECLARE(NAME) \
	bool rx_d_##NAME##_valid(uint32_t raw); \
	uint64_t rx_d_##NAME(uint32_t raw); \
	bool rx_d_##NAME##_encode(uint64_t value, uint32_t *raw);

/* The value of a floating-point immediate, in 128ths, 16 bits with a sign */
RX_D_DECLARE(fpfraction)

/* MOV: raw as the bit masks' where no wide move does; hw:imm16, 18 bits */
RX_D_DECLARE(movmask32)
RX_D_DECLARE(movmask64)
RX_D_DECLARE(movz32)
RX_D_DECLARE(movz64)
RX_D_DECLARE(movn32)
RX_D_DECLARE(movn64)

/* Bit fields: immr:imms, 12 bits, as the amount of LSL, width of BFI and BFXIL */
RX_D_DECLARE(bflsl32)
RX_D_DECLARE(bflsl64)
RX_D_DECLARE(bfiwidth32)
RX_D_DECLARE(bfiwidth64)
RX_D_DECLARE(bfxwidth)
/* immr, 6 bits, as the lowest bit of BFI */
RX_D_DECLARE(neg32)
RX_D_DECLARE(neg64)

/* Registers of a list behind the first: numbers modulo 32 */
RX_D_DECLARE(next1)
RX_D_DECLARE(next2)
RX_D_DECLARE(next3)

/* 32, 64 or 128 less 5, 6 or 7 bits */
RX_D_DECLARE(below32)
RX_D_DECLARE(below64)
RX_D_DECLARE(below128)

/* i:imm3:imm8 of T32, 12 bits (Arm ARM, ThumbExpandImm); every value is valid */
RX_D_DECLARE(thumbimm)
/* S:J1:J2:imm10:imm11 of T32's B and BL, 24 bits; the distance, 25 bits */
RX_D_DECLARE(thumbfar)
/* firstcond<0>:mask of IT: the mask, whose bits above its lowest 1 say "else" */
RX_D_DECLARE(itmask)
/* The bits themselves */
RX_D_DECLARE(whole16)
/* Five bits: 0 is 32; one more. msb:lsb of BFI, 10 bits, as a width */
RX_D_DECLARE(shift32)
RX_D_DECLARE(plus1)
RX_D_DECLARE(bfwidth)
/* likewise widthm1:lsb of UBFX */
RX_D_DECLARE(xwidth)

/* The opposite of a condition, but for AL and NV */
RX_D_DECLARE(notcond)

#endif
