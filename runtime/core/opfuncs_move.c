/* opfuncs_move.c - operands of Arm's aliases. SPDX-License-Identifier: MIT */
#include "core/opfuncs.h"

#include "base/bits.h"

/* Is everything in one half-word? */
static bool is_wide(uint64_t v)
{
	for (unsigned k = 0; k < 64; k += 16)
		if (!(v & ~(UINT64_C(0xffff) << k)))
			return true;
	return false;
}

/* Arm ARM, MoveWidePreferred */
static bool mask_moves(uint64_t v, unsigned width)
{
	return !is_wide(v) && !is_wide(~v & rx_ones(width));
}

static uint64_t wide(uint32_t raw, unsigned width, bool invert)
{
	const uint64_t v = (uint64_t)(raw & 0xffff) << 16 * (raw >> 16);

	return (invert ? ~v : v) & rx_ones(width);
}

static bool wide_valid(uint32_t raw, unsigned width, bool invert)
{
	const uint32_t hw = raw >> 16, imm = raw & 0xffff;

	if (16 * hw >= width || (hw && !imm))
		return false;
	return !(invert && width == 32 && imm == 0xffff);
}

static bool wide_encode(uint64_t v, unsigned width, bool invert, uint32_t *raw)
{
	if (v & ~rx_ones(width))
		return false;
	if (invert)
		v = ~v & rx_ones(width);
	for (uint32_t hw = 0; 16 * hw < width; hw++) {
		if (v & ~(UINT64_C(0xffff) << 16 * hw))
			continue;
		*raw = hw << 16 | (uint32_t)(v >> 16 * hw);
		return wide_valid(*raw, width, invert);
	}
	return false;
}

#define MOVES(W) \
bool rx_d_movmask##W##_valid(uint32_t raw) \
{ \
	return rx_d_bitmask##W##_valid(raw) && mask_moves(rx_d_bitmask##W(raw), W); \
} \
uint64_t rx_d_movmask##W(uint32_t raw) \
{ \
	return rx_d_bitmask##W(raw); \
} \
bool rx_d_movmask##W##_encode(uint64_t value, uint32_t *raw) \
{ \
	return mask_moves(value, W) && rx_d_bitmask##W##_encode(value, raw); \
} \
bool rx_d_movz##W##_valid(uint32_t raw) \
{ \
	return wide_valid(raw, W, false); \
} \
uint64_t rx_d_movz##W(uint32_t raw) \
{ \
	return wide(raw, W, false); \
} \
bool rx_d_movz##W##_encode(uint64_t value, uint32_t *raw) \
{ \
	return wide_encode(value, W, false, raw); \
} \
bool rx_d_movn##W##_valid(uint32_t raw) \
{ \
	return wide_valid(raw, W, true); \
} \
uint64_t rx_d_movn##W(uint32_t raw) \
{ \
	return wide(raw, W, true); \
} \
bool rx_d_movn##W##_encode(uint64_t value, uint32_t *raw) \
{ \
	return wide_encode(value, W, true, raw); \
}
MOVES(32)
MOVES(64)

/* immr, imms */
#define R (raw >> 6)
#define S (raw & 63)

#define FIELDS(W) \
bool rx_d_bflsl##W##_valid(uint32_t raw) \
{ \
	return S < W - 1 && S + 1 == R; \
} \
uint64_t rx_d_bflsl##W(uint32_t raw) \
{ \
	return W - 1 - S; \
} \
bool rx_d_bflsl##W##_encode(uint64_t value, uint32_t *raw) \
{ \
	*raw = (uint32_t)((W - value) % W << 6 | (W - 1 - value)); \
	return value < W; \
} \
bool rx_d_neg##W##_valid(uint32_t raw) \
{ \
	return raw < W; \
} \
uint64_t rx_d_neg##W(uint32_t raw) \
{ \
	return (W - raw) % W; \
} \
bool rx_d_neg##W##_encode(uint64_t value, uint32_t *raw) \
{ \
	*raw = (uint32_t)(W - value) % W; \
	return value < W; \
} \
bool rx_d_bfiwidth##W##_valid(uint32_t raw) \
{ \
	return S < R && R < W; \
} \
uint64_t rx_d_bfiwidth##W(uint32_t raw) \
{ \
	return S + 1; \
} \
/* the field starts at (W - immr) % W and must end within the register */ \
bool rx_d_bfiwidth##W##_encode(uint64_t value, uint32_t *raw) \
{ \
	const uint32_t low = (W - (*raw >> 6)) % W; \
\
	*raw = (*raw & ~UINT32_C(63)) | ((uint32_t)value - 1); \
	return value >= 1 && value <= W - low; \
}
FIELDS(32)
FIELDS(64)

bool rx_d_bfxwidth_valid(uint32_t raw)
{
	return S >= R;
}

uint64_t rx_d_bfxwidth(uint32_t raw)
{
	return S - R + 1;
}

bool rx_d_bfxwidth_encode(uint64_t value, uint32_t *raw)
{
	const uint64_t s = (*raw >> 6) + value - 1;

	*raw = (*raw & ~UINT32_C(63)) | (uint32_t)(s & 63);
	return value >= 1 && s < 64;
}

bool rx_d_notcond_valid(uint32_t raw)
{
	return raw < 14;
}

uint64_t rx_d_notcond(uint32_t raw)
{
	return raw ^ 1;
}

bool rx_d_notcond_encode(uint64_t value, uint32_t *raw)
{
	*raw = (uint32_t)value ^ 1;
	return value < 14;
}

#define NEXT(K) \
bool rx_d_next##K##_valid(uint32_t raw) \
{ \
	(void)raw; \
	return true; \
} \
\
uint64_t rx_d_next##K(uint32_t raw) \
{ \
	return (raw + K) % 32; \
} \
\
bool rx_d_next##K##_encode(uint64_t value, uint32_t *raw) \
{ \
	*raw = (uint32_t)(value + 32 - K) % 32; \
	return value < 32; \
}
NEXT(1)
NEXT(2)
NEXT(3)

bool rx_d_fpfraction_valid(uint32_t raw)
{
	return raw < 256;
}

uint64_t rx_d_fpfraction(uint32_t raw)
{
	const uint64_t v = (uint64_t)(16 + (raw & 15)) << ((raw >> 4 & 7) ^ 4);

	return (raw >> 7 ? -v : v) & 0xffff;
}

bool rx_d_fpfraction_encode(uint64_t value, uint32_t *raw)
{
	for (*raw = 0; *raw < 256; ++*raw)
		if (rx_d_fpfraction(*raw) == value)
			return true;
	return false;
}

#define BELOW(N) \
	bool rx_d_below##N##_valid(uint32_t raw) { return raw < N; } \
	uint64_t rx_d_below##N(uint32_t raw) { return N - (uint64_t)raw; } \
	bool rx_d_below##N##_encode(uint64_t value, uint32_t *raw) \
	{ \
		*raw = (uint32_t)(N - value); \
		return value >= 1 && value <= N; \
	}
BELOW(32)
BELOW(64)
BELOW(128)
