/* arith.c - add, multiply, divide, square root, fused. SPDX-License-Identifier: MIT
 *
 * IEEE Std 754-2019 5.4.1. The core works on struct rx_fpn; the public
 * functions at the end unpack, call it and pack.
 */
#include "fp/f80.h"
#include "fp/parts.h"

static RX_COLD struct rx_fpn
nan2(struct rx_fpn a, struct rx_fpn b, struct rx_fpenv *env)
{
	struct rx_fpn ops[2] = { a, b };

	return rx_fpn_choose_nan(ops, 2, env);
}

/* a + b where one of them is not NORMAL and none is a NaN. */
RX_INLINE struct rx_fpn
add_special(struct rx_fpn a, struct rx_fpn b, struct rx_fpenv *env)
{
	if (a.kind == RX_K_INF) {
		if (b.kind == RX_K_INF && a.sign != b.sign)
			return rx_fpn_invalid(env);	/* 754 7.2 d */
	} else if (b.kind != RX_K_ZERO) {
		a = b;
	} else if (a.kind == RX_K_ZERO && a.sign != b.sign) {
		a.sign = env->round == RX_RDN;		/* 754 6.3 */
	}
	return a;
}

/* a + b, no NaN. Both sig may be exact only up to bit 1, if bit 0 is jammed
 * in at most one of them and the other has its last 2 bits clear. */
RX_INLINE struct rx_fpn
add_core(struct rx_fpn a, struct rx_fpn b, struct rx_fpenv *env)
{
	struct rx_fpn t;

	if (RX_UNLIKELY((a.kind | b.kind) != RX_K_NORMAL))
		return add_special(a, b, env);
	if (a.exp < b.exp || (a.exp == b.exp && a.sig < b.sig)) {
		t = a;
		a = b;
		b = t;
	}
	b.sig = rx_fp_jam(b.sig, (uint32_t)(a.exp - b.exp));
	if (a.sign == b.sign) {
		a.sig += b.sig;
		if (a.sig >> 127) {
			a.sig = rx_fp_jam(a.sig, 1);
			a.exp++;
		}
		return a;
	}
	t = rx_fpn_normal(a.sign, a.exp - RX_SIG_LEAD, a.sig - b.sig);
	if (t.kind == RX_K_ZERO)
		t.sign = env->round == RX_RDN;
	return t;
}

RX_INLINE struct rx_fpn
add(struct rx_fpn a, struct rx_fpn b, bool sub, struct rx_fpenv *env)
{
	if (RX_UNLIKELY((a.kind | b.kind) & RX_K_NAN))
		return nan2(a, b, env);
	b.sign ^= sub;
	rx_fp_used(a.denormal | b.denormal, env);
	return add_core(a, b, env);
}

/* The leading 64 bits of a significand: all of it, if prec <= 64. */
RX_INLINE uint64_t
top(rx_u128 sig)
{
	return (uint64_t)(sig >> (RX_SIG_LEAD - 63));
}

/* a * b, neither NaN nor inf * 0: exact for operands of up to 63 bits, jammed
 * for 64. */
RX_INLINE struct rx_fpn
mul_core(struct rx_fpn a, struct rx_fpn b)
{
	uint8_t kinds = a.kind | b.kind;

	a.sign ^= b.sign;
	if (RX_UNLIKELY(kinds != RX_K_NORMAL))
		return rx_fpn_special(a.sign, kinds & RX_K_ZERO ? RX_K_ZERO
							: RX_K_INF);
	a.sig = (rx_u128)top(a.sig) * top(b.sig);
	a.exp += b.exp;
	if (a.sig >> 127) {
		a.sig = rx_fp_jam(a.sig, 1);
		a.exp++;
	}
	return a;
}

RX_INLINE struct rx_fpn
mul(struct rx_fpn a, struct rx_fpn b, struct rx_fpenv *env)
{
	if (RX_UNLIKELY((a.kind | b.kind) & RX_K_NAN))
		return nan2(a, b, env);
	if (RX_UNLIKELY((a.kind | b.kind) == (RX_K_INF | RX_K_ZERO)))
		return rx_fpn_invalid(env);		/* 754 7.2 b */
	rx_fp_used(a.denormal | b.denormal, env);
	return mul_core(a, b);
}

static RX_COLD struct rx_fpn
muladd_nan(struct rx_fpn a, struct rx_fpn b, struct rx_fpn c,
	   struct rx_fpenv *env)
{
	struct rx_fpn abc[3] = { a, b, c }, cab[3] = { c, a, b };

	/* 754 7.2 c leaves 0 * inf + qNaN open */
	if ((a.kind | b.kind) == (RX_K_INF | RX_K_ZERO)
	    && env->nan != RX_NAN_SSE) {
		env->flags |= RX_FP_NV;
		if (c.kind == RX_K_QNAN)
			return rx_fpn_nan(env);
	}
	return rx_fpn_choose_nan(env->nan == RX_NAN_ARM ? cab : abc, 3, env);
}

/* For operands of up to 62 bits: the product is exact and its last bits are
 * clear, as add_core() wants it. */
RX_INLINE struct rx_fpn
muladd(struct rx_fpn a, struct rx_fpn b, struct rx_fpn c, struct rx_fpenv *env)
{
	if (RX_UNLIKELY((a.kind | b.kind | c.kind) & RX_K_NAN))
		return muladd_nan(a, b, c, env);
	if (RX_UNLIKELY((a.kind | b.kind) == (RX_K_INF | RX_K_ZERO)))
		return rx_fpn_invalid(env);
	a.denormal |= b.denormal | c.denormal;
	b = mul_core(a, b);
	if (b.kind == RX_K_INF && c.kind == RX_K_INF && b.sign != c.sign)
		return rx_fpn_invalid(env);
	rx_fp_used(a.denormal, env);
	return add_core(b, c, env);
}

/* Quotient of two NORMAL significands of prec bits, jammed; *less is set, and
 * the quotient doubled, where it is less than 1. */
RX_INLINE rx_u128
div_sig(rx_u128 a, rx_u128 b, uint32_t prec, bool *less)
{
	uint64_t an = top(a), bn = top(b), q;
	rx_u128 num;

	*less = an < bn;
	if (prec <= 31) {	/* one 64-bit division */
		bn >>= 32;
		an = *less ? an : an >> 1;
		q = an / bn;
		return (rx_u128)q << (RX_SIG_LEAD - 31) | (q * bn != an);
	}
	num = (rx_u128)an << (*less ? 64 : 63);
	q = (uint64_t)(num / bn);
	num -= (rx_u128)q * bn;
	a = (rx_u128)q << (RX_SIG_LEAD - 63) | (num != 0);
	if (prec > 62)	/* q has no bit to spare: the next one is the half bit */
		a |= (rx_u128)(2 * num >= bn) << (RX_SIG_LEAD - 64);
	return a;
}

RX_INLINE struct rx_fpn
divide(struct rx_fpn a, struct rx_fpn b, uint32_t prec, struct rx_fpenv *env)
{
	uint8_t sign = a.sign ^ b.sign;
	bool less;

	if (RX_UNLIKELY((a.kind | b.kind) != RX_K_NORMAL)) {
		if ((a.kind | b.kind) & RX_K_NAN)
			return nan2(a, b, env);
		if (a.kind == b.kind)	/* 0 / 0, inf / inf: 754 7.2 e */
			return rx_fpn_invalid(env);
		if (b.kind == RX_K_ZERO && a.kind == RX_K_NORMAL) {
			env->flags |= RX_FP_DZ;		/* 754 7.3 */
			return rx_fpn_special(sign, RX_K_INF);
		}
		rx_fp_used(a.denormal | b.denormal, env);
		if (a.kind == RX_K_INF || b.kind == RX_K_ZERO)
			return rx_fpn_special(sign, RX_K_INF);
		return rx_fpn_special(sign, RX_K_ZERO);
	}
	rx_fp_used(a.denormal | b.denormal, env);
	a.sign = sign;
	a.sig = div_sig(a.sig, b.sig, prec, &less);
	a.exp -= b.exp + less;
	return a;
}

/*
 * Integer square roots after P. Zimmermann, "Karatsuba Square Root" (1999): the
 * root of the upper half, and one division for as many bits again. The
 * argument's two leading bits must not both be 0, then the digit q is at most
 * 1 too great.
 */
struct root {
	uint64_t s, r;		/* s * s + r = n, 0 <= r <= 2 * s */
};

/* n < 2^16 */
RX_INLINE struct root
root16(uint32_t n)
{
	struct root t = { 0, n };

	for (uint32_t bit = 128; bit; bit >>= 1) {
		uint64_t d = (2 * t.s + bit) * bit;

		if (t.r >= d) {
			t.r -= d;
			t.s += bit;
		}
	}
	return t;
}

/* From the root of the upper half of n to that of n; x and y are the two
 * quarters of k bits that follow. */
RX_INLINE struct root
root_step(struct root h, uint64_t x, uint64_t y, uint32_t k)
{
	/* h.r * 2^k + x may have 2k + 2 bits: halve it and the divisor 2s */
	uint64_t num = h.r << (k - 1) | x >> 1;
	uint64_t q = num / h.s;
	uint64_t u = (num % h.s) << 1 | (x & 1);
	struct root t;
	__int128 r;

	/* where q is 2^k, s may wrap to 0; taking 1 off it mends that */
	t.s = (h.s << k) + q;
	r = ((__int128)u << k) + y - (__int128)q * q;
	if (r < 0) {
		r += 2 * (__int128)t.s - 1;
		t.s--;
	}
	t.r = (uint64_t)r;
	return t;
}

/* 2^62 <= n < 2^64 */
static struct root
root64(uint64_t n)
{
	struct root t = root16((uint32_t)(n >> 48));

	t = root_step(t, n >> 40 & 0xff, n >> 32 & 0xff, 8);
	return root_step(t, n >> 16 & 0xffff, n & 0xffff, 16);
}

/* 2^126 <= n < 2^128. The remainder may have 65 bits, r does not hold it. */
static uint64_t
root128(rx_u128 n)
{
	struct root t = root64((uint64_t)(n >> 64));

	return root_step(t, (uint64_t)n >> 32, (uint32_t)n, 32).s;
}

RX_INLINE struct rx_fpn
square_root(struct rx_fpn a, uint32_t prec, struct rx_fpenv *env)
{
	uint32_t odd = a.exp & 1;

	if (RX_UNLIKELY(a.kind & RX_K_NAN))
		return rx_fpn_choose_nan(&a, 1, env);
	if (a.kind == RX_K_ZERO)	/* sqrt(-0) is -0 */
		return a;
	if (a.sign)
		return rx_fpn_invalid(env);		/* 754 7.2 g */
	rx_fp_used(a.denormal, env);
	if (a.kind == RX_K_INF)
		return a;
	a.exp = (a.exp - (int32_t)odd) / 2;
	if (prec <= 31) {
		struct root t = root64((uint64_t)(a.sig >> 64) << odd);

		a.sig = (rx_u128)t.s << (RX_SIG_LEAD - 31) | (t.r != 0);
	} else {
		rx_u128 n = a.sig << odd;
		uint64_t s = root128(n);

		n -= (rx_u128)s * s;
		a.sig = (rx_u128)s << (RX_SIG_LEAD - 63) | (n != 0);
		/* (s + 1/2)^2 is s * s + s and a quarter */
		if (prec > 62)
			a.sig |= (rx_u128)(n > s) << (RX_SIG_LEAD - 64);
	}
	return a;
}

#define UNPACK(F, x) rx_##F##_unpack(x, env)
#define PACK(F, T, n) (T)rx_##F##_pack(n, env)

#define RX_FP_ARITH(F, T)						\
	T								\
	rx_##F##_add(T a, T b, struct rx_fpenv *env)			\
	{								\
		return PACK(F, T, add(UNPACK(F, a), UNPACK(F, b),	\
				      false, env));			\
	}								\
	T								\
	rx_##F##_sub(T a, T b, struct rx_fpenv *env)			\
	{								\
		return PACK(F, T, add(UNPACK(F, a), UNPACK(F, b),	\
				      true, env));			\
	}								\
	T								\
	rx_##F##_mul(T a, T b, struct rx_fpenv *env)			\
	{								\
		return PACK(F, T, mul(UNPACK(F, a), UNPACK(F, b), env)); \
	}								\
	T								\
	rx_##F##_div(T a, T b, struct rx_fpenv *env)			\
	{								\
		return PACK(F, T, divide(UNPACK(F, a), UNPACK(F, b),	\
					 rx_fmt_##F.prec, env));	\
	}								\
	T								\
	rx_##F##_sqrt(T a, struct rx_fpenv *env)			\
	{								\
		return PACK(F, T, square_root(UNPACK(F, a),		\
					      rx_fmt_##F.prec, env));	\
	}
#define RX_FP_MULADD(F, T)						\
	T								\
	rx_##F##_muladd(T a, T b, T c, struct rx_fpenv *env)		\
	{								\
		return PACK(F, T, muladd(UNPACK(F, a), UNPACK(F, b),	\
					 UNPACK(F, c), env));		\
	}

RX_FP_ARITH(f16, uint16_t)
RX_FP_ARITH(f32, uint32_t)
RX_FP_ARITH(f64, uint64_t)
RX_FP_ARITH(f80, rx_f80)
RX_FP_MULADD(f16, uint16_t)
RX_FP_MULADD(f32, uint32_t)
RX_FP_MULADD(f64, uint64_t)
