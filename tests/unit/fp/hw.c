/* hw.c - single operations on the host's FPU. SPDX-License-Identifier: MIT */
#include <string.h>

#include "fp/host.h"
#include "hw.h"

#ifdef __x86_64__
#include <cpuid.h>

#define IN(T, U, var, bits)						\
	U var##_bits = (U)(bits);					\
	T var;								\
	memcpy(&var, &var##_bits, sizeof(var))

#define AROUND(insn)							\
	"stmxcsr %[old]\n\tldmxcsr %[m]\n\t" insn			\
	"\n\tstmxcsr %[m]\n\tldmxcsr %[old]"

#define FP_OUT(T, U, var)						\
	U bits;								\
	memcpy(&bits, &var, sizeof(bits));				\
	return bits

/* operands and result of one type */
#define HW_FP(name, T, U, insn)						\
	static uint64_t							\
	hw_##name(const uint64_t *v, uint32_t *m)			\
	{								\
		uint32_t old;						\
		IN(T, U, a, v[0]);					\
		IN(T, U, b, v[1]);					\
		IN(T, U, c, v[2]);					\
		__asm__ volatile(AROUND(insn) : [a] "+x"(a),		\
				 [m] "+m"(*m), [old] "=m"(old)		\
				 : [b] "x"(b), [c] "x"(c));		\
		FP_OUT(T, U, a);					\
	}
/* one operand, another type for the result */
#define HW_CVT(name, T, U, TR, UR, insn)				\
	static uint64_t							\
	hw_##name(const uint64_t *v, uint32_t *m)			\
	{								\
		uint32_t old;						\
		TR r = 0;						\
		IN(T, U, a, v[0]);					\
		__asm__ volatile(AROUND(insn) : [r] "+x"(r),		\
				 [m] "+m"(*m), [old] "=m"(old)		\
				 : [a] "x"(a));				\
		FP_OUT(TR, UR, r);					\
	}
#define HW_TO_INT(name, T, U, UR, insn)					\
	static uint64_t							\
	hw_##name(const uint64_t *v, uint32_t *m)			\
	{								\
		uint32_t old;						\
		UR r;							\
		IN(T, U, a, v[0]);					\
		__asm__ volatile(AROUND(insn) : [r] "=r"(r),		\
				 [m] "+m"(*m), [old] "=m"(old)		\
				 : [a] "x"(a));				\
		return r;						\
	}
#define HW_FROM_INT(name, I, TR, UR, insn)				\
	static uint64_t							\
	hw_##name(const uint64_t *v, uint32_t *m)			\
	{								\
		uint32_t old;						\
		TR r = 0;						\
		I a = (I)v[0];						\
		__asm__ volatile(AROUND(insn) : [r] "+x"(r),		\
				 [m] "+m"(*m), [old] "=m"(old)		\
				 : [a] "r"(a));				\
		FP_OUT(TR, UR, r);					\
	}
#define HW_COMPARE(name, T, U, insn)					\
	static uint64_t							\
	hw_##name(const uint64_t *v, uint32_t *m)			\
	{								\
		uint32_t old;						\
		uint8_t p, z, c;					\
		IN(T, U, a, v[0]);					\
		IN(T, U, b, v[1]);					\
		__asm__ volatile(AROUND(insn " %[b], %[a]\n\t"		\
				 "setp %[p]\n\tsetz %[z]\n\tsetc %[c]")	\
				 : [p] "=&r"(p), [z] "=&r"(z), [c] "=&r"(c), \
				 [m] "+m"(*m), [old] "=m"(old)		\
				 : [a] "x"(a), [b] "x"(b));		\
		return (uint64_t)(p ? RX_FP_UNORDERED : z ? RX_FP_EQUAL	\
				  : c ? RX_FP_LESS : RX_FP_GREATER);	\
	}
/* F16C works on vectors; the other lanes hold +0 */
#define HW_F16(name, U, UR, insn)					\
	static uint64_t							\
	hw_##name(const uint64_t *v, uint32_t *m)			\
	{								\
		uint32_t old;						\
		double a, r;						\
		uint64_t bits = (U)v[0];				\
		memcpy(&a, &bits, sizeof(a));				\
		__asm__ volatile(AROUND(insn) : [r] "=x"(r),		\
				 [m] "+m"(*m), [old] "=m"(old)		\
				 : [a] "x"(a));				\
		memcpy(&bits, &r, sizeof(bits));			\
		return (UR)bits;					\
	}

#define BOTH(F, T, U, s)						\
	HW_FP(F##_add, T, U, "adds" s " %[b], %[a]")			\
	HW_FP(F##_sub, T, U, "subs" s " %[b], %[a]")			\
	HW_FP(F##_mul, T, U, "muls" s " %[b], %[a]")			\
	HW_FP(F##_div, T, U, "divs" s " %[b], %[a]")			\
	HW_FP(F##_sqrt, T, U, "sqrts" s " %[a], %[a]")			\
	HW_FP(F##_muladd, T, U, "vfmadd132s" s " %[b], %[c], %[a]")	\
	HW_FP(F##_min, T, U, "mins" s " %[b], %[a]")			\
	HW_FP(F##_max, T, U, "maxs" s " %[b], %[a]")			\
	HW_FP(F##_rint, T, U, "rounds" s " $4, %[a], %[a]")		\
	HW_FP(F##_rint_silent, T, U, "rounds" s " $12, %[a], %[a]")	\
	HW_COMPARE(F##_compare, T, U, "ucomis" s)			\
	HW_COMPARE(F##_compare_signal, T, U, "comis" s)			\
	HW_TO_INT(F##_to_i32, T, U, uint32_t, "cvts" s "2si %[a], %[r]") \
	HW_TO_INT(F##_to_i64, T, U, uint64_t, "cvts" s "2si %[a], %[r]") \
	HW_FROM_INT(F##_from_i32, uint32_t, T, U, "cvtsi2s" s "l %[a], %[r]") \
	HW_FROM_INT(F##_from_i64, uint64_t, T, U, "cvtsi2s" s "q %[a], %[r]")

BOTH(f32, float, uint32_t, "s")
BOTH(f64, double, uint64_t, "d")
HW_CVT(f32_to_f64, float, uint32_t, double, uint64_t, "cvtss2sd %[a], %[r]")
HW_CVT(f64_to_f32, double, uint64_t, float, uint32_t, "cvtsd2ss %[a], %[r]")
HW_F16(f32_to_f16, uint32_t, uint16_t, "vcvtps2ph $4, %[a], %[r]")
HW_F16(f16_to_f32, uint16_t, uint32_t, "vcvtph2ps %[a], %[r]")

#define SOFT(name, expr)						\
	static uint64_t							\
	soft_##name(const uint64_t *v, struct rx_fpenv *env)		\
	{								\
		return (uint64_t)(expr);				\
	}
#define SOFT_BOTH(F, T)							\
	SOFT(F##_min, rx_##F##_min((T)v[0], (T)v[1], RX_MM_X86, env))	\
	SOFT(F##_max, rx_##F##_max((T)v[0], (T)v[1], RX_MM_X86, env))	\
	SOFT(F##_rint, rx_##F##_rint((T)v[0], true, env))		\
	SOFT(F##_rint_silent, rx_##F##_rint((T)v[0], false, env))	\
	SOFT(F##_compare, rx_##F##_compare((T)v[0], (T)v[1], false, env)) \
	SOFT(F##_compare_signal,					\
	     rx_##F##_compare((T)v[0], (T)v[1], true, env))		\
	SOFT(F##_to_i32, (uint32_t)rx_##F##_to_i32((T)v[0], env))	\
	SOFT(F##_to_i64, rx_##F##_to_i64((T)v[0], env))			\
	SOFT(F##_from_i32, rx_##F##_from_i32((int32_t)v[0], env))	\
	SOFT(F##_from_i64, rx_##F##_from_i64((int64_t)v[0], env))	\
	SOFT(F##_add, rx_##F##_add((T)v[0], (T)v[1], env))		\
	SOFT(F##_sub, rx_##F##_sub((T)v[0], (T)v[1], env))		\
	SOFT(F##_mul, rx_##F##_mul((T)v[0], (T)v[1], env))		\
	SOFT(F##_div, rx_##F##_div((T)v[0], (T)v[1], env))		\
	SOFT(F##_sqrt, rx_##F##_sqrt((T)v[0], env))			\
	SOFT(F##_muladd, rx_##F##_muladd((T)v[0], (T)v[1], (T)v[2], env))

SOFT_BOTH(f32, uint32_t)
SOFT_BOTH(f64, uint64_t)
SOFT(f32_to_f64, rx_f32_to_f64((uint32_t)v[0], env))
SOFT(f64_to_f32, rx_f64_to_f32(v[0], env))

/* SDM vol. 2: VCVTPS2PH ignores FTZ, VCVTPH2PS ignores DAZ and sets no DE */
static uint64_t
soft_f32_to_f16(const uint64_t *v, struct rx_fpenv *env)
{
	uint8_t flush = env->flush_out;
	uint16_t r;

	env->flush_out = RX_FLUSH_NONE;
	r = rx_f32_to_f16((uint32_t)v[0], env);
	env->flush_out = flush;
	return r;
}

static uint64_t
soft_f16_to_f32(const uint64_t *v, struct rx_fpenv *env)
{
	env->flush_in = env->flag_in = 0;
	return rx_f16_to_f32((uint16_t)v[0], env);
}

#define ROW(F, name, arity, arg, feature, riscv) \
	{ #name, &fpt_##F, arity, arg, feature, riscv, hw_##F##_##name, \
	  soft_##F##_##name }
#define ROWS(F)								\
	ROW(F, add, 2, HW_FLOAT, NULL, &fpt_##F),			\
	ROW(F, sub, 2, HW_FLOAT, NULL, &fpt_##F),			\
	ROW(F, mul, 2, HW_FLOAT, NULL, &fpt_##F),			\
	ROW(F, div, 2, HW_FLOAT, NULL, &fpt_##F),			\
	ROW(F, sqrt, 1, HW_FLOAT, NULL, &fpt_##F),			\
	ROW(F, muladd, 3, HW_FLOAT, "fma", &fpt_##F),			\
	ROW(F, min, 2, HW_FLOAT, NULL, NULL),				\
	ROW(F, max, 2, HW_FLOAT, NULL, NULL),				\
	ROW(F, rint, 1, HW_FLOAT, "sse4.1", &fpt_##F),			\
	ROW(F, rint_silent, 1, HW_FLOAT, "sse4.1", &fpt_##F),		\
	ROW(F, compare, 2, HW_FLOAT, NULL, NULL),			\
	ROW(F, compare_signal, 2, HW_FLOAT, NULL, NULL),		\
	ROW(F, to_i32, 1, HW_FLOAT, NULL, NULL),			\
	ROW(F, to_i64, 1, HW_FLOAT, NULL, NULL),			\
	ROW(F, from_i32, 1, HW_INT32, NULL, &fpt_##F),			\
	ROW(F, from_i64, 1, HW_INT64, NULL, &fpt_##F)

const struct hw_op hw_ops[] = {
	ROWS(f32), ROWS(f64),
	ROW(f32, to_f64, 1, HW_FLOAT, NULL, &fpt_f64),
	ROW(f64, to_f32, 1, HW_FLOAT, NULL, &fpt_f32),
	ROW(f32, to_f16, 1, HW_FLOAT, "f16c", &fpt_f16),
	ROW(f16, to_f32, 1, HW_FLOAT, "f16c", &fpt_f32),
};
const size_t hw_nops = sizeof(hw_ops) / sizeof(*hw_ops);

bool
hw_has(const char *feature)
{
	uint32_t a, b, c, d;

	if (!feature)
		return true;
	if (!__get_cpuid(1, &a, &b, &c, &d))
		return false;
	if (!strcmp(feature, "sse4.1"))
		return c & bit_SSE4_1;
	/* the others are VEX-encoded and need the OS's consent too */
	if (!rx_fp_host_has_fma())
		return false;
	return !strcmp(feature, "fma") || c & bit_F16C;
}

#else

const struct hw_op hw_ops[] = { { .name = NULL } };
const size_t hw_nops = 0;

bool
hw_has(const char *feature)
{
	return !feature;
}

#endif

uint32_t
hw_mxcsr(unsigned round)
{
	static const uint32_t rc[4] = { 0, 3, 1, 2 };	/* RNE RTZ RDN RUP */

	return HW_MASKED | rc[round & 3] << 13;
}

unsigned
hw_flags(uint32_t m)
{
	return (m & 1 ? RX_FP_NV : 0) | (m & 2 ? RX_FP_ID : 0)
		| (m & 4 ? RX_FP_DZ : 0) | (m & 8 ? RX_FP_OF : 0)
		| (m & 16 ? RX_FP_UF : 0) | (m & 32 ? RX_FP_NX : 0);
}
