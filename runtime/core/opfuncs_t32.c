/* opfuncs_t32.c - immediates of T32. SPDX-License-Identifier: MIT */
#include "core/opfuncs.h"

#include "base/bits.h"

bool rx_d_thumbimm_valid(uint32_t raw)
{
	return raw < 4096;
}

uint64_t rx_d_thumbimm(uint32_t raw)
{
	static const uint32_t copies[] = { 0x1, 0x10001, 0x1000100, 0x1010101 };
	const uint32_t value = 0x80 | (raw & 0x7f);

	return raw < 1024 ? (raw & 0xff) * copies[raw >> 8] :
			    value >> raw / 128 | value << (32 - raw / 128);
}

bool rx_d_thumbimm_encode(uint64_t value, uint32_t *raw)
{
	for (*raw = 0; *raw < 4096; ++*raw)
		if (rx_d_thumbimm(*raw) == value)
			return true;
	return false;
}

bool rx_d_thumbfar_valid(uint32_t raw)
{
	return raw < UINT32_C(1) << 24;
}

/* J1 and J2 are inverted unless the sign is set. */
static uint32_t flip(uint32_t raw)
{
	return raw ^ (raw >> 23 & 1 ? 0 : UINT32_C(3) << 21);
}

uint64_t rx_d_thumbfar(uint32_t raw)
{
	return (uint64_t)flip(raw) << 1;
}

bool rx_d_thumbfar_encode(uint64_t value, uint32_t *raw)
{
	*raw = flip((uint32_t)(value >> 1));
	return !(value & 1) && value < UINT64_C(1) << 25;
}

bool rx_d_shift32_valid(uint32_t raw)
{
	return raw < 32;
}

uint64_t rx_d_shift32(uint32_t raw)
{
	return raw ? raw : 32;
}

bool rx_d_shift32_encode(uint64_t value, uint32_t *raw)
{
	*raw = value & 31;
	return value - 1 < 32;
}

bool rx_d_plus1_valid(uint32_t raw)
{
	return raw < 32;
}

uint64_t rx_d_plus1(uint32_t raw)
{
	return (uint64_t)raw + 1;
}

bool rx_d_plus1_encode(uint64_t value, uint32_t *raw)
{
	*raw = (value - 1) & 31;
	return value - 1 < 32;
}

bool rx_d_bfwidth_valid(uint32_t raw)
{
	return raw < 1024 && raw >> 5 >= (raw & 31);
}

uint64_t rx_d_bfwidth(uint32_t raw)
{
	return (raw >> 5) - (raw & 31) + 1;
}

bool rx_d_bfwidth_encode(uint64_t value, uint32_t *raw)
{
	const uint64_t msb = (*raw & 31) + value - 1;

	*raw = (uint32_t)(msb & 31) << 5 | (*raw & 31);
	return value && msb < 32;
}

bool rx_d_itmask_valid(uint32_t raw)
{
	return raw < 32 && raw & 15;
}

uint64_t rx_d_itmask(uint32_t raw)
{
	const uint32_t mask = raw & 15;

	return mask ^ (raw >> 4 ? 15 & ~(mask ^ (mask - 1)) : 0);
}

bool rx_d_itmask_encode(uint64_t value, uint32_t *raw)
{
	*raw = (*raw & 16) | (uint32_t)rx_d_itmask((*raw & 16) | (uint32_t)(value & 15));
	return value && value < 16;
}

bool rx_d_whole16_valid(uint32_t raw)
{
	return raw < UINT32_C(1) << 16;
}

uint64_t rx_d_whole16(uint32_t raw)
{
	return raw;
}

bool rx_d_whole16_encode(uint64_t value, uint32_t *raw)
{
	*raw = (uint32_t)value;
	return value < UINT64_C(1) << 16;
}

bool rx_d_xwidth_valid(uint32_t raw)
{
	return raw < 1024 && (raw >> 5) + (raw & 31) < 32;
}

uint64_t rx_d_xwidth(uint32_t raw)
{
	return (raw >> 5) + 1;
}

bool rx_d_xwidth_encode(uint64_t value, uint32_t *raw)
{
	*raw = (uint32_t)((value - 1) & 31) << 5 | (*raw & 31);
	return value - 1 < 32;
}
