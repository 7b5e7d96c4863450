/* compare.c - comparison, minimum, maximum, class. SPDX-License-Identifier: MIT */
#include "fp/f80.h"
#include "fp/parts.h"

/* 754 5.11; no NaN. */
RX_INLINE enum rx_fp_rel
order(struct rx_fpn a, struct rx_fpn b)
{
	enum rx_fp_rel greater = a.sign ? RX_FP_LESS : RX_FP_GREATER;

	if ((a.kind | b.kind) == RX_K_ZERO)
		return RX_FP_EQUAL;
	if (a.kind == RX_K_ZERO)
		return b.sign ? RX_FP_GREATER : RX_FP_LESS;
	if (b.kind == RX_K_ZERO || a.sign != b.sign)
		return greater;
	if (a.kind != b.kind)
		return a.kind == RX_K_INF ? greater : -greater;
	if (a.kind == RX_K_INF)
		return RX_FP_EQUAL;
	if (a.exp != b.exp)
		return a.exp > b.exp ? greater : -greater;
	if (a.sig != b.sig)
		return a.sig > b.sig ? greater : -greater;
	return RX_FP_EQUAL;
}

RX_INLINE enum rx_fp_rel
compare(struct rx_fpn a, struct rx_fpn b, bool signal, struct rx_fpenv *env)
{
	if (RX_UNLIKELY((a.kind | b.kind) & RX_K_NAN)) {
		if (signal || ((a.kind | b.kind) & RX_K_INVALID))
			env->flags |= RX_FP_NV;
		return RX_FP_UNORDERED;
	}
	rx_fp_used(a.denormal | b.denormal, env);
	return order(a, b);
}

/* Which operand minmax() returns. */
enum pick { PICK_A, PICK_B, PICK_NAN };

RX_INLINE enum pick
minmax(struct rx_fpn a, struct rx_fpn b, bool max, enum rx_fp_minmax rule,
       struct rx_fpenv *env)
{
	uint8_t kinds = a.kind | b.kind;
	enum rx_fp_rel rel;

	if (RX_UNLIKELY(kinds & RX_K_NAN)) {
		if (kinds & RX_K_SNAN || rule == RX_MM_X86)
			env->flags |= RX_FP_NV;
		if (rule == RX_MM_X86)
			return PICK_B;
		if (rule == RX_MM_NAN || !(kinds & ~RX_K_NAN)
		    || (rule == RX_MM_NUM2008 && kinds & RX_K_SNAN))
			return PICK_NAN;
		return a.kind & RX_K_NAN ? PICK_B : PICK_A;
	}
	rx_fp_used(a.denormal | b.denormal, env);
	rel = order(a, b);
	if (rel == RX_FP_EQUAL && rule != RX_MM_X86)	/* -0 < +0 */
		return a.sign != max ? PICK_A : PICK_B;
	return rel == (max ? RX_FP_GREATER : RX_FP_LESS) ? PICK_A : PICK_B;
}

/* The operand itself, not rounded: it may be tiny, and x86 keeps a NaN. */
RX_INLINE uint64_t
minmax_bits(const struct rx_fp_format *f, uint64_t a, uint64_t b, bool max,
	    enum rx_fp_minmax rule, struct rx_fpenv *env)
{
	struct rx_fpn ops[2] = { rx_fp_unpack(f, a, env),
				 rx_fp_unpack(f, b, env) };
	enum pick pick = minmax(ops[0], ops[1], max, rule, env);

	if (RX_UNLIKELY(pick == PICK_NAN))
		return rx_fp_pack(f, rx_fpn_choose_nan(ops, 2, env), env);
	if (pick == PICK_B)
		a = b;
	if (RX_UNLIKELY(ops[pick].kind == RX_K_ZERO))	/* may be flushed */
		a = (uint64_t)ops[pick].sign << (f->width - 1);
	return a;
}

/* 754 5.7.2 class */
RX_INLINE uint32_t
class_of(struct rx_fpn n)
{
	switch (n.kind) {
	case RX_K_SNAN:
		return RX_CLASS_SNAN;
	case RX_K_QNAN:
		return RX_CLASS_QNAN;
	case RX_K_BAD:
		return RX_CLASS_UNSUPPORTED;
	case RX_K_INF:
		return n.sign ? RX_CLASS_NEG_INF : RX_CLASS_POS_INF;
	case RX_K_ZERO:
		return n.sign ? RX_CLASS_NEG_ZERO : RX_CLASS_POS_ZERO;
	}
	if (n.denormal)
		return n.sign ? RX_CLASS_NEG_SUBNORMAL : RX_CLASS_POS_SUBNORMAL;
	return n.sign ? RX_CLASS_NEG_NORMAL : RX_CLASS_POS_NORMAL;
}

#define RX_FP_COMPARE(F, T)						\
	enum rx_fp_rel							\
	rx_##F##_compare(T a, T b, bool signal, struct rx_fpenv *env)	\
	{								\
		return compare(rx_##F##_unpack(a, env),			\
			       rx_##F##_unpack(b, env), signal, env);	\
	}								\
	uint32_t							\
	rx_##F##_class(T a)						\
	{								\
		struct rx_fpenv env = RX_FPENV_RISCV(RX_RNE);		\
		return class_of(rx_##F##_unpack(a, &env));		\
	}
#define RX_FP_MINMAX(F, T)						\
	T								\
	rx_##F##_min(T a, T b, enum rx_fp_minmax rule,			\
		     struct rx_fpenv *env)				\
	{								\
		return (T)minmax_bits(&rx_fmt_##F, a, b, false, rule, env); \
	}								\
	T								\
	rx_##F##_max(T a, T b, enum rx_fp_minmax rule,			\
		     struct rx_fpenv *env)				\
	{								\
		return (T)minmax_bits(&rx_fmt_##F, a, b, true, rule, env); \
	}

RX_FP_COMPARE(f16, uint16_t)
RX_FP_COMPARE(f32, uint32_t)
RX_FP_COMPARE(f64, uint64_t)
RX_FP_COMPARE(f80, rx_f80)
RX_FP_MINMAX(f16, uint16_t)
RX_FP_MINMAX(f32, uint32_t)
RX_FP_MINMAX(f64, uint64_t)
