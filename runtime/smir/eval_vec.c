/* eval_vec.c - vector operations of SMIR. SPDX-License-Identifier: MIT
 *
 * A vector is the bytes of its slots. A result never shares slots with a
 * value that is used later, but it may with one of its arguments, and then they
 * are the same: lanes are computed one behind the other.
 */
#include <string.h>

#include "core/arith.h"
#include "core/lanes.h"
#include "smir/interp.h"

struct vec {
	uint64_t *d;
	const uint64_t *a, *b, *c;
	unsigned bytes;
};

#define LOOP(W, EXPR) \
	for (unsigned k = 0; k < x->bytes / (W / 8); k++) { \
		const uint##W##_t a = RX_LANE(W, x->a, k); \
		const uint##W##_t b = RX_LANE(W, x->b, k); \
\
		(void)a; \
		(void)b; \
		RX_LANE(W, x->d, k) = (uint##W##_t)(EXPR); \
	} \
	break;
#define MASK(W, EXPR) LOOP(W, (EXPR) ? ~UINT64_C(0) : 0)
#define LANES(W) \
static void lanes##W(unsigned code, const struct vec *x) \
{ \
	switch (code) { \
	case RX_S_VADD: LOOP(W, (uint64_t)a + b) \
	case RX_S_VSUB: LOOP(W, (uint64_t)a - b) \
	case RX_S_VMUL: LOOP(W, (uint64_t)a * b) \
	case RX_S_VNEG: LOOP(W, 0 - (uint64_t)a) \
	case RX_S_VSHL: LOOP(W, (uint64_t)a << (b & (W - 1))) \
	case RX_S_VLSHR: LOOP(W, a >> (b & (W - 1))) \
	case RX_S_VASHR: LOOP(W, (int##W##_t)a >> (b & (W - 1))) \
	case RX_S_VEQ: MASK(W, a == b) \
	case RX_S_VULT: MASK(W, a < b) \
	case RX_S_VULE: MASK(W, a <= b) \
	case RX_S_VSLT: MASK(W, (int##W##_t)a < (int##W##_t)b) \
	default: MASK(W, (int##W##_t)a <= (int##W##_t)b) /* RX_S_VSLE */ \
	} \
}
LANES(8)
LANES(16)
LANES(32)
LANES(64)

#define FP_LOOP(W, CALL) \
	for (unsigned k = 0; k < x->bytes / (W / 8); k++) { \
		const uint##W##_t a = RX_LANE(W, x->a, k); \
		const uint##W##_t b = RX_LANE(W, x->b, k); \
		const uint##W##_t c = RX_LANE(W, x->c, k); \
\
		(void)b; \
		(void)c; \
		RX_LANE(W, x->d, k) = CALL; \
	} \
	break;
#define FP_MASK(W, FN) (rx_f##W##_##FN(a, b, env) ? (uint##W##_t)-1 : (uint##W##_t)0)
#define FP_LANES(W) \
static void fp_lanes##W(unsigned code, const struct vec *x, struct rx_fpenv *env) \
{ \
	switch (code) { \
	case RX_S_VFADD: FP_LOOP(W, rx_f##W##_add(a, b, env)) \
	case RX_S_VFSUB: FP_LOOP(W, rx_f##W##_sub(a, b, env)) \
	case RX_S_VFMUL: FP_LOOP(W, rx_f##W##_mul(a, b, env)) \
	case RX_S_VFDIV: FP_LOOP(W, rx_f##W##_div(a, b, env)) \
	case RX_S_VFSQRT: FP_LOOP(W, rx_f##W##_sqrt(a, env)) \
	case RX_S_VFMINX86: FP_LOOP(W, rx_f##W##_min(a, b, RX_MM_X86, env)) \
	case RX_S_VFMAXX86: FP_LOOP(W, rx_f##W##_max(a, b, RX_MM_X86, env)) \
	case RX_S_VFEQ: FP_LOOP(W, FP_MASK(W, eq)) \
	case RX_S_VFLT: FP_LOOP(W, FP_MASK(W, lt)) \
	case RX_S_VFLTQ: FP_LOOP(W, FP_MASK(W, ltq)) \
	default: FP_LOOP(W, rx_f##W##_muladd(a, b, c, env)) \
	} \
}
FP_LANES(16)
FP_LANES(32)
FP_LANES(64)

/* The direction is the last value of those that round. */
static void fp(const struct rx_smir_rop *o, unsigned code, const struct vec *x,
	       const uint64_t *v, struct rx_fpenv *env)
{
	const struct rx_smir_info *info = &rx_smir_ops[code];

	if (info->arg[info->nargs - 1] == RX_I8)
		env->round = (uint8_t)v[info->nargs == 2 ? o->b :
					info->nargs == 3 ? o->c : o->e];
	if (o->x == 16)
		fp_lanes16(code, x, env);
	else if (o->x == 32)
		fp_lanes32(code, x, env);
	else
		fp_lanes64(code, x, env);
}

static void bitwise(unsigned code, const struct vec *x)
{
	for (unsigned k = 0; k < x->bytes / 8; k++) {
		const uint64_t a = x->a[k], b = x->b[k];

		switch (code) {
		case RX_S_VAND:
			x->d[k] = a & b;
			break;
		case RX_S_VOR:
			x->d[k] = a | b;
			break;
		case RX_S_VXOR:
			x->d[k] = a ^ b;
			break;
		case RX_S_VNOT:
			x->d[k] = ~a;
			break;
		default:	/* RX_S_VSELECT */
			x->d[k] = (a & b) | (~a & x->c[k]);
		}
	}
}

/* The number in each lane of so many bits */
static void splat(const struct vec *x, unsigned lane)
{
	uint64_t w = x->a[0];	/* which may be where the result goes */

	for (unsigned n = lane; n < 64; n *= 2)
		w = w << n | (w & ((UINT64_C(1) << n) - 1));
	for (unsigned k = 0; k < x->bytes / 8; k++)
		x->d[k] = w;
}

static void mask(const struct vec *x, unsigned lane)
{
	const uint64_t bits = x->a[0];
	const unsigned size = lane / 8;

	for (unsigned k = 0; k < x->bytes / size; k++)
		memset((uint8_t *)x->d + k * size, bits >> k & 1 ? 0xff : 0, size);
}

/* Lanes of w bits from as many of other widths; the result may be where the
 * argument is. */
static void resize(const struct vec *x, unsigned code, unsigned from, unsigned to)
{
	const unsigned n = 8 * x->bytes / to;
	uint8_t out[64];

	from /= n;
	for (unsigned k = 0; k < n; k++) {
		uint64_t w = 0;

		memcpy(&w, (const uint8_t *)x->a + k * from / 8, from / 8);
		if (code == RX_S_VSEXT)
			w = (uint64_t)rx_sext(w, from);
		memcpy(out + k * to / 8, &w, to / 8);
	}
	memcpy(x->d, out, x->bytes);
}

#define NUMBERS(W) \
static uint##W##_t number##W(bool is_signed, unsigned from, uint64_t a, struct rx_fpenv *env) \
{ \
	if (from == 32) \
		return is_signed ? rx_f##W##_from_i32((int32_t)a, env) \
				 : rx_f##W##_from_u32((uint32_t)a, env); \
	return is_signed ? rx_f##W##_from_i64((int64_t)a, env) : rx_f##W##_from_u64(a, env); \
}
NUMBERS(16)
NUMBERS(32)
NUMBERS(64)

/* IEEE values of as many numbers */
static void numbers(const struct vec *x, bool is_signed, unsigned from, unsigned to,
		    struct rx_fpenv *env)
{
	const unsigned n = 8 * x->bytes / to;
	uint8_t out[64];

	from /= n;
	for (unsigned k = 0; k < n; k++) {
		uint64_t w = 0;

		memcpy(&w, (const uint8_t *)x->a + k * from / 8, from / 8);
		w = to == 16 ? number16(is_signed, from, w, env) :
		    to == 32 ? number32(is_signed, from, w, env) :
			       number64(is_signed, from, w, env);
		memcpy(out + k * to / 8, &w, to / 8);
	}
	memcpy(x->d, out, x->bytes);
}

static uint64_t lane_of(const uint64_t *v, unsigned k, unsigned lane)
{
	uint64_t w = 0;

	memcpy(&w, (const uint8_t *)v + k * lane / 8, lane / 8);
	return w;
}

static uint64_t top_bits(const struct vec *x, unsigned lane)
{
	uint64_t bits = 0;

	for (unsigned k = 0; k < 8 * x->bytes / lane; k++)
		bits |= (lane_of(x->a, k, lane) >> (lane - 1) & 1) << k;
	return bits;
}

/* from: bits of the vector that lanes are chosen of */
static void permute(const struct vec *x, unsigned from, unsigned lane)
{
	uint8_t out[64];

	for (unsigned k = 0; k < 8 * x->bytes / lane; k++) {
		const uint64_t n = lane_of(x->b, k, lane) & (from / lane - 1);
		const uint64_t w = lane_of(x->a, (unsigned)n, lane);

		memcpy(out + k * lane / 8, &w, lane / 8);
	}
	memcpy(x->d, out, x->bytes);
}

static void iota(const struct vec *x, unsigned lane)
{
	for (uint64_t k = 0; k < 8 * x->bytes / lane; k++)
		memcpy((uint8_t *)x->d + k * lane / 8, &k, lane / 8);
}

static void by_lanes(unsigned code, const struct vec *x, unsigned lane)
{
	if (lane == 8)
		lanes8(code, x);
	else if (lane == 16)
		lanes16(code, x);
	else if (lane == 32)
		lanes32(code, x);
	else
		lanes64(code, x);
}

void rx_smir_eval_vec(const struct rx_smir_rop *o, uint64_t *v,
		      struct rx_fpenv *env)
{
	const unsigned code = RX_SMIR_K_CODE(o->code);
	const struct vec x = { &v[o->d], &v[o->a], &v[o->b], &v[o->c],
			       rx_smir_bits[RX_SMIR_K_TYPE(o->code)] / 8 };

	switch (code) {
	case RX_S_VSPLAT:
		splat(&x, o->x);
		break;
	case RX_S_VIOTA:
		iota(&x, o->x);
		break;
	case RX_S_VMASK:
		mask(&x, o->x);
		break;
	case RX_S_VBITS:
		v[o->d] = top_bits(&x, o->x);
		break;
	case RX_S_VGET:
		v[o->d] = lane_of(x.a, v[o->b] & (8 * x.bytes / o->x - 1), o->x);
		break;
	case RX_S_VPERM:
		permute(&x, rx_smir_bits[o->c], o->x);
		break;
	case RX_S_VZEXT:
	case RX_S_VSEXT:
	case RX_S_VTRUNC:
		resize(&x, code, rx_smir_bits[o->c], o->x);
		break;
	case RX_S_VAND:
	case RX_S_VOR:
	case RX_S_VXOR:
	case RX_S_VNOT:
	case RX_S_VSELECT:
		bitwise(code, &x);
		break;
	case RX_S_VSITOF:
	case RX_S_VUITOF:
		env->round = (uint8_t)v[o->b];
		numbers(&x, code == RX_S_VSITOF, rx_smir_bits[o->c], o->x, env);
		break;
	default:
		if (rx_smir_ops[code].effect == RX_SE_FP)
			fp(o, code, &x, v, env);
		else
			by_lanes(code, &x, o->x);
	}
}
