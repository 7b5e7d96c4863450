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
#define FP_LANES(W) \
static void fp_lanes##W(unsigned code, const struct vec *x, struct rx_fpenv *env) \
{ \
	switch (code) { \
	case RX_S_VFADD: FP_LOOP(W, rx_f##W##_add(a, b, env)) \
	case RX_S_VFSUB: FP_LOOP(W, rx_f##W##_sub(a, b, env)) \
	case RX_S_VFMUL: FP_LOOP(W, rx_f##W##_mul(a, b, env)) \
	case RX_S_VFDIV: FP_LOOP(W, rx_f##W##_div(a, b, env)) \
	case RX_S_VFSQRT: FP_LOOP(W, rx_f##W##_sqrt(a, env)) \
	default: FP_LOOP(W, rx_f##W##_muladd(a, b, c, env)) \
	} \
}
FP_LANES(16)
FP_LANES(32)
FP_LANES(64)

/* The direction is the last value. */
static void fp(const struct rx_smir_rop *o, unsigned code, const struct vec *x,
	       const uint64_t *v, struct rx_fpenv *env)
{
	env->round = (uint8_t)v[rx_smir_ops[code].nargs == 2 ? o->b :
				rx_smir_ops[code].nargs == 3 ? o->c : o->e];
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

static void top_bits(const struct vec *x, unsigned lane)
{
	uint64_t bits = 0;

	for (unsigned k = 0; k < 8 * x->bytes / lane; k++)
		bits |= (uint64_t)(((const uint8_t *)x->a)[(k + 1) * lane / 8 - 1] >> 7) << k;
	x->d[0] = bits;
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

void rx_smir_eval_vec(const struct rx_smir_rop *o, uint64_t *v,
		      struct rx_fpenv *env)
{
	const unsigned code = RX_SMIR_K_CODE(o->code);
	const struct vec x = { &v[o->d], &v[o->a], &v[o->b], &v[o->c],
			       rx_smir_bits[RX_SMIR_K_TYPE(o->code)] / 8 };

	if (code >= RX_S_VFADD)
		fp(o, code, &x, v, env);
	else if (code == RX_S_VSPLAT)
		splat(&x, o->x);
	else if (code == RX_S_VMASK)
		mask(&x, o->x);
	else if (code == RX_S_VBITS)
		top_bits(&x, o->x);
	else if (code <= RX_S_VTRUNC)
		resize(&x, code, rx_smir_bits[o->c], o->x);
	else if (code < RX_S_VADD)
		bitwise(code, &x);
	else if (o->x == 8)
		lanes8(code, &x);
	else if (o->x == 16)
		lanes16(code, &x);
	else if (o->x == 32)
		lanes32(code, &x);
	else
		lanes64(code, &x);
}
