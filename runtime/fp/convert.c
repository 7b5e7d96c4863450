/* convert.c - integers, integral values, other formats. SPDX-License-Identifier: MIT
 *
 * IEEE Std 754-2019 5.4.1 (integers), 5.4.2 (formats), 5.8 and 5.9 (rounding).
 */
#include "fp/f80.h"
#include "fp/parts.h"

/* A NORMAL number rounded to an integer; exp must be less than 64. */
RX_INLINE rx_u128
integral(struct rx_fpn n, uint8_t round, bool *inexact)
{
	/* in quarters: the lower two bits are the half bit and the rest */
	rx_u128 q = rx_fp_jam(n.sig, (uint32_t)(RX_SIG_LEAD - 2 - n.exp));

	*inexact = q & 3;
	return rx_fp_round(q, 2, n.sign, round);
}

RX_INLINE struct rx_fpn
rint_core(struct rx_fpn n, uint32_t prec, bool nx, struct rx_fpenv *env)
{
	bool inexact;

	if (n.kind & RX_K_NAN)
		return rx_fpn_choose_nan(&n, 1, env);
	if (n.kind != RX_K_NORMAL || n.exp >= (int32_t)prec - 1)
		return n;
	n = rx_fpn_normal(n.sign, 0, integral(n, env->round, &inexact));
	if (inexact && nx)
		env->flags |= RX_FP_NX;
	return n;
}

/* 754 5.8, 7.2 j: a result that does not exist. max is the greatest number. */
static RX_COLD uint64_t
no_integer(struct rx_fpn n, uint64_t max, bool is_signed, struct rx_fpenv *env)
{
	uint64_t min = is_signed ? ~max : 0;

	env->flags |= RX_FP_NV;
	switch (env->toint) {
	case RX_TOINT_X86:
		return is_signed ? min : max;
	case RX_TOINT_ARM:
		if (n.kind & RX_K_NAN)
			return 0;
		break;
	default:
		if (n.kind & RX_K_NAN)
			return max;
	}
	return n.sign ? min : max;
}

/* To an integer of the given width, in the low bits of the result. */
RX_INLINE uint64_t
to_int(struct rx_fpn n, uint32_t width, bool is_signed, struct rx_fpenv *env)
{
	uint64_t max = UINT64_MAX >> (64 - width + is_signed);
	bool inexact;
	rx_u128 m;

	if (n.kind == RX_K_ZERO)
		return 0;
	if (RX_UNLIKELY(n.kind != RX_K_NORMAL || n.exp >= 64))
		return no_integer(n, max, is_signed, env);
	m = integral(n, env->round, &inexact);
	if (RX_UNLIKELY(m > (n.sign ? is_signed ? (rx_u128)max + 1 : 0 : max)))
		return no_integer(n, max, is_signed, env);
	if (inexact)
		env->flags |= RX_FP_NX;
	return n.sign ? -(uint64_t)m : (uint64_t)m;
}

/* Toward zero, modulo 2^32; for formats of up to 94 bits of precision. */
RX_INLINE uint32_t
to_mod32(struct rx_fpn n, struct rx_fpenv *env)
{
	struct rx_fpenv rtz = { .round = RX_RTZ };
	uint32_t m = 0;

	to_int(n, 32, true, &rtz);
	env->flags |= rtz.flags;
	if (n.kind == RX_K_NORMAL && n.exp >= 0 && n.exp <= RX_SIG_LEAD)
		m = (uint32_t)(n.sig >> (RX_SIG_LEAD - n.exp));
	return n.sign ? -m : m;
}

RX_INLINE struct rx_fpn
from_int(uint64_t v, bool negative)
{
	return rx_fpn_normal(negative, 0, negative ? -v : v);
}

RX_INLINE struct rx_fpn
reformat(struct rx_fpn n, struct rx_fpenv *env)
{
	if (RX_UNLIKELY(n.kind & RX_K_NAN))
		return rx_fpn_choose_nan(&n, 1, env);
	rx_fp_used(n.denormal, env);
	return n;
}

#define RX_FP_TO_INT(F, T, name, I, width, is_signed)			\
	I								\
	rx_##F##_to_##name(T a, struct rx_fpenv *env)			\
	{								\
		return (I)to_int(rx_##F##_unpack(a, env),	\
				 width, is_signed, env);		\
	}
#define RX_FP_FROM_INT(F, T, name, I)					\
	T								\
	rx_##F##_from_##name(I v, struct rx_fpenv *env)			\
	{								\
		bool negative = (I)-1 < 1 && v < 1 && v != 0;		\
		return (T)rx_##F##_pack(from_int((uint64_t)v, negative), env); \
	}
#define RX_FP_CONVERT(F, T)						\
	RX_FP_TO_INT(F, T, i32, int32_t, 32, true)			\
	RX_FP_TO_INT(F, T, u32, uint32_t, 32, false)			\
	RX_FP_TO_INT(F, T, i64, int64_t, 64, true)			\
	RX_FP_TO_INT(F, T, u64, uint64_t, 64, false)			\
	RX_FP_FROM_INT(F, T, i32, int32_t)				\
	RX_FP_FROM_INT(F, T, u32, uint32_t)				\
	RX_FP_FROM_INT(F, T, i64, int64_t)				\
	RX_FP_FROM_INT(F, T, u64, uint64_t)				\
	int32_t								\
	rx_##F##_to_i32_mod(T a, struct rx_fpenv *env)			\
	{								\
		return (int32_t)to_mod32(				\
			rx_##F##_unpack(a, env), env);	\
	}								\
	T								\
	rx_##F##_rint(T a, bool nx, struct rx_fpenv *env)		\
	{								\
		struct rx_fpn n = rx_##F##_unpack(a, env);	\
		n = rint_core(n, rx_fmt_##F.prec, nx, env);		\
		return (T)rx_##F##_pack(n, env);			\
	}

/* Numbers with `point` bits behind the point, of 16 to 64 bits, in the low ones. */
#define RX_FP_FIXED(F, T)						\
	uint64_t							\
	rx_##F##_to_fixed(T a, uint64_t point, unsigned width,		\
			  bool is_signed, struct rx_fpenv *env)		\
	{								\
		struct rx_fpn n = rx_##F##_unpack(a, env);		\
		n.exp += (int32_t)point;				\
		return to_int(n, width, is_signed, env)			\
		       & (UINT64_MAX >> (64 - width));			\
	}								\
	T								\
	rx_##F##_from_fixed(uint64_t v, uint64_t point, unsigned width,	\
			    bool is_signed, struct rx_fpenv *env)	\
	{								\
		bool negative = is_signed && v >> (width - 1) & 1;	\
		struct rx_fpn n;					\
		if (negative)						\
			v |= ~(UINT64_MAX >> (64 - width));		\
		n = from_int(v, negative);				\
		n.exp -= (int32_t)point;				\
		return (T)rx_##F##_pack(n, env);			\
	}

RX_FP_FIXED(f16, uint16_t)
RX_FP_FIXED(f32, uint32_t)
RX_FP_FIXED(f64, uint64_t)

RX_FP_CONVERT(f16, uint16_t)
RX_FP_CONVERT(f32, uint32_t)
RX_FP_CONVERT(f64, uint64_t)

#define RX_FP_REFORMAT(A, TA, B, TB)					\
	TB								\
	rx_##A##_to_##B(TA a, struct rx_fpenv *env)			\
	{								\
		struct rx_fpn n = rx_##A##_unpack(a, env);	\
		return (TB)rx_##B##_pack(reformat(n, env), env);	\
	}

RX_FP_REFORMAT(f16, uint16_t, f32, uint32_t)
RX_FP_REFORMAT(f16, uint16_t, f64, uint64_t)
RX_FP_REFORMAT(f32, uint32_t, f16, uint16_t)
RX_FP_REFORMAT(f32, uint32_t, f64, uint64_t)
RX_FP_REFORMAT(f64, uint64_t, f16, uint16_t)
RX_FP_REFORMAT(f64, uint64_t, f32, uint32_t)

/* ---- f80: what the x87 does otherwise */

/* |a| < |b|; both NORMAL or ZERO, or b an infinity */
RX_INLINE bool
below(struct rx_fpn a, struct rx_fpn b)
{
	if (a.kind != RX_K_NORMAL || b.kind != RX_K_NORMAL)
		return a.kind < b.kind;
	return a.exp != b.exp ? a.exp < b.exp : a.sig < b.sig;
}

rx_f80
rx_f80_rint(rx_f80 a, bool nx, struct rx_fpenv *env)
{
	struct rx_fpn n = rx_f80_unpack(a, env), r;

	if (!(n.kind & RX_K_NAN)) {
		rx_fp_used(n.denormal, env);	/* FRNDINT raises DE */
		if (env->flags & env->trap & RX_FP_ID)
			return 0;
	}
	r = rint_core(n, rx_fmt_f80.prec, nx, env);
	a = rx_f80_pack_full(r, env);
	env->up = !(n.kind & RX_K_NAN) && below(n, r);
	return a;
}

/* SDM volume 2, FIST: DE is not raised. */
#define RX_F80_TO_INT(name, I, width)					\
	I								\
	rx_f80_to_##name(rx_f80 a, struct rx_fpenv *env)		\
	{								\
		struct rx_fpn n = rx_f80_unpack(a, env);		\
		I v = (I)to_int(n, width, true, env);			\
		env->up = !(env->flags & RX_FP_NV)			\
			&& below(n, from_int((uint64_t)(int64_t)v, v < 0)); \
		return v;						\
	}
RX_F80_TO_INT(i16, int16_t, 16)
RX_F80_TO_INT(i32, int32_t, 32)
RX_F80_TO_INT(i64, int64_t, 64)

rx_f80
rx_f80_from_i64(int64_t v, struct rx_fpenv *env)
{
	return rx_f80_pack_full(from_int((uint64_t)v, v < 0), env);
}

rx_f80
rx_f80_from_i32(int32_t v, struct rx_fpenv *env)
{
	return rx_f80_from_i64(v, env);
}

/* SDM volume 2, FST: DE is not raised. */
#define RX_F80_NARROW(F, T)						\
	T								\
	rx_f80_to_##F(rx_f80 a, struct rx_fpenv *env)			\
	{								\
		struct rx_fpenv quiet = { .flags = 0 };			\
		struct rx_fpn n = rx_f80_unpack(a, env);		\
		T r;							\
		if (n.kind & RX_K_NAN)					\
			n = rx_fpn_choose_nan(&n, 1, env);		\
		r = (T)rx_##F##_pack(n, env);				\
		env->up = !(n.kind & RX_K_NAN)				\
			&& below(n, rx_##F##_unpack(r, &quiet));	\
		if (env->flags & env->trap & (RX_FP_OF | RX_FP_UF)) {	\
			env->flags &= (uint8_t)~RX_FP_NX;		\
			env->up = 0;					\
		}							\
		return r;						\
	}
RX_F80_NARROW(f32, uint32_t)
RX_F80_NARROW(f64, uint64_t)

/* A trap of ID keeps no loaded value back (processors do so; the SDM's table of
 * exceptions of FLD does not say). */
#define RX_F80_FROM(F, T)						\
	rx_f80								\
	rx_##F##_to_f80(T a, struct rx_fpenv *env)			\
	{								\
		struct rx_fpenv own = *env;				\
		rx_f80 r;						\
		own.trap &= (uint8_t)~RX_FP_ID;				\
		r = rx_f80_pack_full(reformat(rx_##F##_unpack(a, &own), \
					      &own), &own);		\
		env->flags |= own.flags;				\
		env->up = 0;						\
		return r;						\
	}								\
	rx_f80								\
	rx_##F##_widen(T a, struct rx_fpenv *env)			\
	{								\
		struct rx_fpenv quiet = { .flags = 0 };			\
		struct rx_fpn n = rx_##F##_unpack(a, &quiet);		\
		env->widened |= n.denormal;				\
		env->up = 0;						\
		return rx_f80_pack_full(n, &quiet);			\
	}
RX_F80_FROM(f32, uint32_t)
RX_F80_FROM(f64, uint64_t)
