/* parts.h - unpacked numbers, and the formats they come from. SPDX-License-Identifier: MIT
 *
 * Internal to runtime/fp. Every operation unpacks its operands, works on
 * struct rx_fpn, which knows no format, and packs the result, which rounds
 * once. A format is one row of data; the functions here are inlined with the
 * row as a constant, so that each instance is as short as if written for it.
 *
 * A format with up to 62 bits of precision needs nothing but a row. The one of
 * the x87 has 64 and its own encoding: f80.h. All operations are written for
 * both; arith.c says where more than 62 bits ask for something.
 */
#ifndef RX_FP_PARTS_H
#define RX_FP_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "fp/fp.h"

typedef unsigned __int128 rx_u128;

/* Bits, so that the kinds of several operands can be tested at once. */
enum rx_fp_kind {
	RX_K_ZERO = 1,
	RX_K_NORMAL = 2,	/* any other finite number */
	RX_K_INF = 4,
	RX_K_QNAN = 8,
	RX_K_SNAN = 16,
	RX_K_BAD = 32,		/* no number: what the x87 does not support */
	RX_K_NAN = RX_K_QNAN | RX_K_SNAN | RX_K_BAD,
	RX_K_INVALID = RX_K_SNAN | RX_K_BAD,	/* raise NV wherever they are */
};

#define RX_SIG_LEAD 126		/* bit of the integer part */
#define RX_SIG_ONE ((rx_u128)1 << RX_SIG_LEAD)
#define RX_SIG_QUIET ((rx_u128)1 << (RX_SIG_LEAD - 1))

/* NORMAL: the value is sig / 2^126 * 2^exp with 2^126 <= sig < 2^127; bit 0 of
 * sig may stand for any lower bits ("jammed"). NaN: sig is the fraction, the
 * quiet bit first. Else exp and sig mean nothing. */
struct rx_fpn {
	rx_u128 sig;
	int32_t exp;
	uint8_t kind;		/* enum rx_fp_kind */
	uint8_t sign;		/* 0 or 1 */
	uint8_t denormal;	/* 1: was a denormal operand */
};

/* A format; the functions here are for interchange formats (754 3.6). */
struct rx_fp_format {
	uint8_t width;	/* bits in all */
	uint8_t prec;	/* precision, counting the hidden bit */
	int16_t emax;	/* greatest exponent, also the bias */
};

static const struct rx_fp_format rx_fmt_f16 = { 16, 11, 15 };
static const struct rx_fp_format rx_fmt_f32 = { 32, 24, 127 };
static const struct rx_fp_format rx_fmt_f64 = { 64, 53, 1023 };
static const struct rx_fp_format rx_fmt_f80 = { 80, 64, 16383 };	/* f80.h */

/* Shift right; a one in the last bit stands for everything shifted out. */
RX_INLINE rx_u128
rx_fp_jam(rx_u128 x, uint32_t n)
{
	if (n == 0)
		return x;
	if (n > 127)
		return x != 0;
	return x >> n | (x << (128 - n) != 0);
}

RX_INLINE uint32_t
rx_fp_clz(rx_u128 x)
{
	uint64_t hi = (uint64_t)(x >> 64);

	return hi ? (uint32_t)__builtin_clzll(hi)
		  : 64 + (uint32_t)__builtin_clzll((uint64_t)x);
}

/* sig * 2^exp as a NORMAL number, or ZERO; sig may have any magnitude. */
RX_INLINE struct rx_fpn
rx_fpn_normal(uint8_t sign, int32_t exp, rx_u128 sig)
{
	struct rx_fpn n = { 0, 0, RX_K_ZERO, sign, 0 };
	uint32_t z;

	if (sig == 0)
		return n;
	n.kind = RX_K_NORMAL;
	z = rx_fp_clz(sig);
	n.exp = exp + 127 - (int32_t)z;
	n.sig = z ? sig << (z - 1) : rx_fp_jam(sig, 1);
	return n;
}

RX_INLINE struct rx_fpn
rx_fpn_special(uint8_t sign, enum rx_fp_kind kind)
{
	struct rx_fpn n = { 0, 0, (uint8_t)kind, sign, 0 };

	return n;
}

/* The NaN that an operation makes by itself. */
RX_INLINE struct rx_fpn
rx_fpn_nan(const struct rx_fpenv *env)
{
	struct rx_fpn n = { RX_SIG_QUIET, 0, RX_K_QNAN,
			    env->nan >= RX_NAN_SSE, 0 };

	return n;
}

RX_INLINE struct rx_fpn
rx_fpn_invalid(struct rx_fpenv *env)
{
	env->flags |= RX_FP_NV;
	return rx_fpn_nan(env);
}

/* Operands were used as they are, denormal or not (see rx_fpenv.flag_in). */
RX_INLINE void
rx_fp_used(uint8_t denormal, struct rx_fpenv *env)
{
	if (RX_UNLIKELY((denormal | env->widened) & env->flag_in))
		env->flags |= RX_FP_ID;
}

RX_INLINE struct rx_fpn
rx_fp_unpack(const struct rx_fp_format *f, uint64_t bits, struct rx_fpenv *env)
{
	uint32_t fbits = f->prec - 1u;
	uint32_t emask = 2u * (uint32_t)f->emax + 1;
	uint64_t frac = bits & ((UINT64_C(1) << fbits) - 1);
	uint32_t e = (uint32_t)(bits >> fbits) & emask;
	rx_u128 sig = (rx_u128)frac << (RX_SIG_LEAD - fbits);
	struct rx_fpn n = { sig | RX_SIG_ONE, (int32_t)e - f->emax, RX_K_NORMAL,
			    bits >> (f->width - 1) & 1, 0 };

	if (RX_UNLIKELY(e == 0)) {
		n = rx_fpn_normal(n.sign, 1 - f->emax - RX_SIG_LEAD, sig);
		n.denormal = n.kind == RX_K_NORMAL;
		if (n.denormal && env->flush_in) {
			rx_fp_used(1, env);
			n = rx_fpn_special(n.sign, RX_K_ZERO);
		}
	} else if (RX_UNLIKELY(e == emask)) {
		n.sig = sig;
		n.kind = frac == 0 ? RX_K_INF
			 : sig & RX_SIG_QUIET ? RX_K_QNAN : RX_K_SNAN;
	}
	return n;
}

/* sig / 2^drop as an integer in direction round, for 0 < drop < 127. */
RX_INLINE rx_u128
rx_fp_round(rx_u128 sig, uint32_t drop, uint8_t sign, uint8_t round)
{
	rx_u128 half = (rx_u128)1 << (drop - 1);
	rx_u128 rest = 2 * half - 1, inc = 0;

	switch (round) {
	case RX_RTZ:
		break;
	case RX_RDN:
		inc = sign ? rest : 0;
		break;
	case RX_RUP:
		inc = sign ? 0 : rest;
		break;
	case RX_RMM:
		inc = half;
		break;
	case RX_RTO:
	case RX_RTO_INF:
		return sig >> drop | ((sig & rest) != 0);
	default:
		inc = half - 1 + (sig >> drop & 1);
	}
	return (sig + inc) >> drop;
}

/* 754 7.4: what a result becomes whose exponent is too great. */
static RX_COLD __attribute__((unused)) uint64_t
rx_fp_overflow(uint64_t inf, uint8_t sign, struct rx_fpenv *env)
{
	bool to_inf;

	env->flags |= RX_FP_OF;
	if (!(env->trap & RX_FP_OF))
		env->flags |= RX_FP_NX;
	switch (env->round) {
	case RX_RTZ:
	case RX_RTO:
		to_inf = false;
		break;
	case RX_RDN:
		to_inf = sign;
		break;
	case RX_RUP:
		to_inf = !sign;
		break;
	default:
		to_inf = true;
	}
	return inf - !to_inf;
}

/* The magnitude of a number whose exponent is less than the least (754 7.5). */
static RX_NOINLINE __attribute__((unused)) uint64_t
rx_fp_pack_tiny(const struct rx_fp_format *f, struct rx_fpn n,
		struct rx_fpenv *env)
{
	uint32_t drop = RX_SIG_LEAD + 1u - f->prec;
	int32_t emin = 1 - f->emax;
	bool tiny = true;
	uint64_t m;

	/* after rounding: as if there were no least exponent */
	if (!env->tiny_before && n.exp == emin - 1)
		tiny = !(rx_fp_round(n.sig, drop, n.sign, env->round) >> f->prec);
	if (tiny && env->flush_out) {
		env->flags |= RX_FP_UF;
		if (env->flush_out == RX_FLUSH_UF_NX)
			env->flags |= RX_FP_NX;
		return 0;
	}
	if (tiny && env->trap & RX_FP_UF) {
		env->flags |= RX_FP_UF;
		if (n.sig & (((rx_u128)1 << drop) - 1))
			env->flags |= RX_FP_NX;
		return 0;
	}
	n.sig = rx_fp_jam(n.sig, (uint32_t)(emin - n.exp));
	m = (uint64_t)rx_fp_round(n.sig, drop, n.sign, env->round);
	if ((rx_u128)m << drop != n.sig)
		env->flags |= tiny ? RX_FP_UF | RX_FP_NX : RX_FP_NX;
	return m;
}

/* Round to the format (754 4.3, 7.4 to 7.6) and encode. */
RX_INLINE uint64_t
rx_fp_pack(const struct rx_fp_format *f, struct rx_fpn n, struct rx_fpenv *env)
{
	uint32_t drop = RX_SIG_LEAD + 1u - f->prec;
	uint64_t inf = (2u * (uint64_t)f->emax + 1) << (f->prec - 1);
	uint64_t m = 0;

	if (RX_UNLIKELY(n.kind != RX_K_NORMAL)) {
		if (n.kind == RX_K_INF)
			m = inf;
		else if (n.kind & RX_K_NAN)
			m = inf | (uint64_t)(n.sig >> drop);
	} else if (RX_UNLIKELY(n.exp < 1 - f->emax)) {
		m = rx_fp_pack_tiny(f, n, env);
	} else {
		m = (uint64_t)rx_fp_round(n.sig, drop, n.sign, env->round);
		/* the hidden bit, and a carry out of it, add to the exponent */
		if ((rx_u128)m << drop != n.sig)
			env->flags |= RX_FP_NX;
		if (n.exp <= f->emax)
			m += (uint64_t)(n.exp + f->emax - 1) << (f->prec - 1);
		if (RX_UNLIKELY(n.exp > f->emax || m >= inf))
			m = rx_fp_overflow(inf, n.sign, env);
	}
	return m | (uint64_t)n.sign << (f->width - 1);
}

/* unpack and pack of each format, for the macros that make its functions. */
#define RX_FP_PARTS(F)							\
	RX_INLINE struct rx_fpn						\
	rx_##F##_unpack(uint64_t bits, struct rx_fpenv *env)		\
	{								\
		return rx_fp_unpack(&rx_fmt_##F, bits, env);		\
	}								\
	RX_INLINE uint64_t						\
	rx_##F##_pack(struct rx_fpn n, struct rx_fpenv *env)		\
	{								\
		return rx_fp_pack(&rx_fmt_##F, n, env);			\
	}

RX_FP_PARTS(f16)
RX_FP_PARTS(f32)
RX_FP_PARTS(f64)

/* One NaN for up to three operands, at least one of which is a NaN, in the
 * order in which the NaN rule looks at them (nan.c). */
struct rx_fpn rx_fpn_choose_nan(const struct rx_fpn *ops, uint32_t count,
				struct rx_fpenv *env);

#endif
