/* opfuncs.h - operands that are computed when decoding. SPDX-License-Identifier: MIT
 *
 * For each row NAME of gen/model/opfuncs.py: rx_d_NAME() is the value of the
 * bits that a word holds, rx_d_NAME_valid() says whether they have one, and
 * rx_d_NAME_encode() finds bits with a value; false: there are none.
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

#endif
