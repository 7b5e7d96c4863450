/* f80_sin.c - sine and cosine of the x87. SPDX-License-Identifier: MIT
 *
 * Arguments are reduced exactly by the period that processors have (fp.h),
 * then the series is summed in 128 bits of fixed point.
 */
#include "fp/f80.h"

/* The processors' pi has 66 bits: PI66 * 2^-66. In units of 2^-67 the same
 * number is a quarter of the period. */
#define PI66 ((rx_u128)0xc << 64 | UINT64_C(0x90fdaa22168c234c))
#define QUARTER PI66
#define ONE ((rx_u128)1 << 127)		/* in fixed point: units of 2^-127 */
#define TERMS 14			/* (pi/4)^28 / 29! is below 2^-110 */
#define LIMIT 63			/* |x| < 2^63 */

/* +-(m * 2^(exp - 127)), m >= 2^127, at most pi / 4, and the quadrant */
struct angle {
	rx_u128 m;
	int32_t exp;
	uint64_t quadrant;	/* modulo 4 at least */
	uint8_t sign;
};

static rx_u128
mul_high(rx_u128 a, rx_u128 b)
{
	uint64_t ah = (uint64_t)(a >> 64), al = (uint64_t)a;
	uint64_t bh = (uint64_t)(b >> 64), bl = (uint64_t)b;
	rx_u128 low = (rx_u128)al * bl, x = (rx_u128)ah * bl;
	rx_u128 y = (rx_u128)al * bh + (uint64_t)x + (low >> 64);

	return (rx_u128)ah * bh + (x >> 64) + (y >> 64);
}

/* NORMAL, below the limit; the angle of the magnitude */
static struct angle
reduce(struct rx_fpn n)
{
	struct angle a = { n.sig << 1, n.exp, 0, 0 };
	int32_t shift = n.exp + 4, step;	/* to units of 2^-67 */
	rx_u128 r, q;
	uint32_t z;

	if (n.exp < -1)			/* below 1/2 */
		return a;
	r = n.sig >> (RX_SIG_LEAD - 63);
	for (; shift > 0; shift -= step) {
		step = shift < 60 ? shift : 60;	/* r < 2^68 from here on */
		q = (r << step) / QUARTER;
		r = (r << step) - q * QUARTER;
		a.quadrant = a.quadrant << step | (uint64_t)q;
	}
	if (2 * r > QUARTER) {
		r = QUARTER - r;
		a.quadrant++;
		a.sign = 1;
	}
	z = rx_fp_clz(r);		/* r is not 0: QUARTER has 66 bits */
	a.m = r << z;
	a.exp = 127 - (int32_t)z - 67;
	return a;
}

/* 1 - x^2 / (k (k + 1)) * (1 - x^2 / ((k + 2) (k + 3)) * ...): with k = 1 the
 * cosine, with k = 2 the sine over x. Less than ONE. */
static rx_u128
series(struct angle a, uint32_t k)
{
	int32_t shift = -2 * a.exp - 2;
	rx_u128 square = shift > 127 ? 0 : mul_high(a.m, a.m) >> shift;
	rx_u128 sum = ONE;

	for (uint32_t i = k + 2 * TERMS; i >= k; i -= 2) {
		sum = ONE - mul_high(square, sum) / (i * (i + 1));
		if (i < 2)
			break;
	}
	return sum < ONE ? sum : ONE - 1;
}

/* The sine of n and turn quarters of the period. */
static struct rx_fpn
wave(struct rx_fpn n, uint32_t turn)
{
	struct angle a = reduce(n);
	uint8_t sign;

	/* sin -x is -sin x, cos -x is cos x */
	a.quadrant += turn;
	sign = (uint8_t)(a.quadrant >> 1 & 1) ^ (turn ? 0 : n.sign);
	if (a.quadrant & 1)
		return rx_fpn_normal(sign, -127, series(a, 1) | 1);
	return rx_fpn_normal(sign ^ a.sign, a.exp - 126,
			     mul_high(a.m, series(a, 2)) | 1);
}

static rx_f80
sine(rx_f80 x, uint32_t turn, struct rx_fpenv *env)
{
	struct rx_fpn n = rx_f80_unpack(x, env);

	env->up = 0;
	if (n.kind & RX_K_NAN)
		n = rx_fpn_choose_nan(&n, 1, env);
	else if (n.kind == RX_K_INF)
		n = rx_fpn_invalid(env);
	else if (n.kind == RX_K_ZERO && turn)
		return rx_f80_from_i32(1, env);
	else if (n.kind == RX_K_NORMAL && n.exp >= LIMIT)
		return x;
	else if (n.kind == RX_K_NORMAL) {
		rx_fp_used(n.denormal, env);
		n = wave(n, turn);
	}
	return rx_f80_pack_full(n, env);
}

rx_f80
rx_f80_sin(rx_f80 a, struct rx_fpenv *env)
{
	return sine(a, 0, env);
}

rx_f80
rx_f80_cos(rx_f80 a, struct rx_fpenv *env)
{
	return sine(a, 1, env);
}
