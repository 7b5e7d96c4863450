/* eval_wide.c - 128-bit operations of SMIR. SPDX-License-Identifier: MIT */
#include "core/arith.h"
#include "smir/interp.h"

static unsigned __int128 get(const uint64_t *v, unsigned slot)
{
	return (unsigned __int128)v[slot + 1] << 64 | v[slot];
}

static void set(uint64_t *v, unsigned slot, unsigned __int128 x)
{
	v[slot] = (uint64_t)x;
	v[slot + 1] = (uint64_t)(x >> 64);
}

static void compare(const struct rx_smir_rop *o, uint64_t *v)
{
	const unsigned __int128 a = get(v, o->a), b = get(v, o->b);
	uint64_t *d = &v[o->d];

	switch (RX_SMIR_K_CODE(o->code)) {
	case RX_S_EQ:
		*d = a == b;
		break;
	case RX_S_NE:
		*d = a != b;
		break;
	case RX_S_ULT:
		*d = a < b;
		break;
	case RX_S_ULE:
		*d = a <= b;
		break;
	case RX_S_SLT:
		*d = (__int128)a < (__int128)b;
		break;
	default:
		*d = (__int128)a <= (__int128)b;
	}
}

static unsigned __int128 compute(const struct rx_smir_rop *o, const uint64_t *v)
{
	const unsigned __int128 a = get(v, o->a), b = get(v, o->b);

	switch (RX_SMIR_K_CODE(o->code)) {
	case RX_S_ADD:
		return a + b;
	case RX_S_SUB:
		return a - b;
	case RX_S_MUL:
		return a * b;
	case RX_S_AND:
		return a & b;
	case RX_S_OR:
		return a | b;
	case RX_S_XOR:
		return a ^ b;
	case RX_S_SHL:
		return a << (unsigned)(b & 127);
	case RX_S_LSHR:
		return a >> (unsigned)(b & 127);
	default:		/* RX_S_ASHR */
		return (unsigned __int128)((__int128)a >> (unsigned)(b & 127));
	}
}

void rx_smir_eval_wide(const struct rx_smir_rop *o, uint64_t *v)
{
	switch (RX_SMIR_K_CODE(o->code)) {
	case RX_S_EQ:
	case RX_S_NE:
	case RX_S_ULT:
	case RX_S_ULE:
	case RX_S_SLT:
	case RX_S_SLE:
		compare(o, v);
		break;
	case RX_S_ZEXT:
		set(v, o->d, v[o->a]);
		break;
	case RX_S_SEXT:
		set(v, o->d, (unsigned __int128)(__int128)
			     rx_sext(v[o->a], rx_smir_bits[o->c]));
		break;
	case RX_S_NOT:
		set(v, o->d, ~get(v, o->a));
		break;
	case RX_S_NEG:
		set(v, o->d, 0 - get(v, o->a));
		break;
	case RX_S_SELECT:
		set(v, o->d, get(v, v[o->a] ? o->b : o->c));
		break;
	default:
		set(v, o->d, compute(o, v));
	}
}
