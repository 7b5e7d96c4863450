/* host_x86.h - the primitives of host.h on x86-64. SPDX-License-Identifier: MIT
 *
 * Included by host.h only, which states the rules and instantiates the macros.
 */
#ifndef RX_FP_HOST_X86_H
#define RX_FP_HOST_X86_H

#include <emmintrin.h>

#include "base/host.h"

#define RX_MXCSR_GUEST	UINT32_C(0x1f80)	/* Intel SDM vol. 1, 10.2.3 */
#define RX_MXCSR_FLAGS	UINT32_C(0x3f)
#define RX_MXCSR_RC	13	/* bits of the direction: 0 RNE, 1 RDN, 2 RUP, 3 RTZ */

/* Enter guest arithmetic with no flags; returns what rx_fp_host_end() wants. */
RX_INLINE uint32_t
rx_fp_host_begin(void)
{
	uint32_t saved, guest = RX_MXCSR_GUEST;

	__asm__ volatile("stmxcsr %0" : "=m"(saved) : : "memory");
	__asm__ volatile("ldmxcsr %0" : : "m"(guest) : "memory");
	return saved;
}

/* Leave guest arithmetic; flags that were not collected are lost. */
RX_INLINE void
rx_fp_host_end(uint32_t saved)
{
	__asm__ volatile("ldmxcsr %0" : : "m"(saved) : "memory");
}

/* Forgets what was raised. */
RX_INLINE void
rx_fp_host_clear(void)
{
	uint32_t guest = RX_MXCSR_GUEST;

	__asm__ volatile("ldmxcsr %0" : : "m"(guest) : "memory");
}

/* The RX_FP_* that MXCSR has. */
RX_INLINE uint8_t
rx_fp_host_flags(uint32_t m)
{
	/* PE UE OE ZE DE IE are bits 5 to 0; RX_FP_* run the other way */
	return (uint8_t)((m >> 5 & 1) | (m >> 3 & 2) | (m >> 1 & 4)
			 | (m << 1 & 8) | (m << 4 & 16));
}

/* The flags of MXCSR as they are, DE among them. */
RX_INLINE uint8_t
rx_fp_host_sticky(void)
{
	uint32_t m;

	__asm__ volatile("stmxcsr %0" : "=m"(m) : : "memory");
	return m & RX_MXCSR_FLAGS;
}

/* Those raised since begin or the last clear; they stay: writing MXCSR
 * costs more than reading it. */
RX_INLINE uint8_t
rx_fp_host_raised(void)
{
	uint32_t m;

	__asm__ volatile("stmxcsr %0" : "=m"(m) : : "memory");
	return rx_fp_host_flags(m);
}

/* Whether muladd may be called: FMA3, and an OS that saves YMM state. Costs a
 * CPUID (a VM exit under some hypervisors): ask once and remember. */
static inline bool
rx_fp_host_has_fma(void)
{
	return rx_host_features() & RX_HOST_FMA;
}

/* Two-operand SSE, or three-operand where the whole file is AVX code: mixing
 * the encodings is slow while upper halves of registers are in use. */
#ifdef __AVX__
#define RX_HOST_ASM2(insn, r, a, b) \
	__asm__ volatile("v" insn " %2, %1, %0" : "=x"(r) : "x"(a), "x"(b))
#define RX_HOST_V "v"
#else
#define RX_HOST_ASM2(insn, r, a, b) \
	__asm__ volatile(insn " %2, %0" : "=x"(r) : "0"(a), "x"(b))
#define RX_HOST_V ""
#endif

/* Operands as whole vectors: gcc takes a scalar through a general register. */
RX_INLINE __m128d
rx_host_f64_in(uint64_t bits)
{
	return (__m128d)(__v2di){ (long long)bits, 0 };
}

RX_INLINE __m128
rx_host_f32_in(uint32_t bits)
{
	return (__m128)(__v4si){ (int)bits, 0, 0, 0 };
}

/* Results with every NaN made canonical. A NaN that an operation returns is
 * quiet, so that the comparison raises nothing. The empty asm keeps a branch
 * where compilers like a conditional move, which would wait for the compare.*/
#define RX_HOST_OUT(F, T, V, H, NAN_BITS)				\
	RX_INLINE T							\
	rx_host_##F##_out(V v)						\
	{								\
		H h = v[0];						\
		T bits;							\
		if (RX_UNLIKELY(h != h)) {			\
			h = rx_host_##F##_in(NAN_BITS)[0];		\
			__asm__ volatile("" : "+x"(h));			\
		}							\
		memcpy(&bits, &h, sizeof(bits));			\
		return bits;						\
	}
RX_HOST_OUT(f32, uint32_t, __m128, float, RX_F32_NAN)
RX_HOST_OUT(f64, uint64_t, __m128d, double, RX_F64_NAN)

/* add, sub, mul, div */
#define RX_HOST_BINARY(F, T, V, name, insn)				\
	RX_INLINE bool							\
	rx_host_##F##_##name(T a, T b, T *r)				\
	{								\
		V v;							\
		RX_HOST_ASM2(insn, v, rx_host_##F##_in(a),		\
			     rx_host_##F##_in(b));			\
		*r = rx_host_##F##_out(v);				\
		return true;						\
	}

#define RX_HOST_SQRT(F, T, V, insn)					\
	RX_INLINE bool							\
	rx_host_##F##_sqrt(T a, T *r)					\
	{								\
		V v = rx_host_##F##_in(a);				\
		RX_HOST_ASM2(insn, v, v, v);				\
		*r = rx_host_##F##_out(v);				\
		return true;						\
	}

/* a * b + c. x86 does not raise NV for 0 * inf + qNaN, RISC-V does, so that
 * every NaN goes to fp.h. Only after rx_fp_host_has_fma(). */
#define RX_HOST_MULADD(F, T, V, insn)					\
	RX_INLINE bool							\
	rx_host_##F##_muladd(T a, T b, T c, T *r)			\
	{								\
		V v = rx_host_##F##_in(a);				\
		__asm__ volatile(insn " %2, %1, %0" : "+x"(v)		\
				 : "x"(rx_host_##F##_in(b)),		\
				   "x"(rx_host_##F##_in(c)));		\
		if (RX_UNLIKELY(v[0] != v[0]))			\
			return false;					\
		memcpy(r, &v, sizeof(*r));				\
		return true;						\
	}

/* UCOMISD raises NV for a signalling NaN, COMISD for any; both set PF, ZF and
 * CF where the operands are unordered. */
#define RX_HOST_COMPARE(F, T, U, S)					\
	RX_INLINE bool							\
	rx_host_##F##_eq(T a, T b, bool *r)				\
	{								\
		bool z, p;						\
		__asm__ volatile(RX_HOST_V U " %3, %2"			\
				 : "=@ccz"(z), "=@ccp"(p)		\
				 : "x"(rx_host_##F##_in(a)),		\
				   "x"(rx_host_##F##_in(b)));		\
		*r = z & !p;						\
		return true;						\
	}								\
	RX_INLINE bool							\
	rx_host_##F##_lt(T a, T b, bool *r)				\
	{								\
		bool above;						\
		__asm__ volatile(RX_HOST_V S " %1, %2"			\
				 : "=@cca"(above)			\
				 : "x"(rx_host_##F##_in(a)),		\
				   "x"(rx_host_##F##_in(b)));		\
		*r = above;						\
		return true;						\
	}								\
	RX_INLINE bool							\
	rx_host_##F##_le(T a, T b, bool *r)				\
	{								\
		bool above_equal;					\
		__asm__ volatile(RX_HOST_V S " %1, %2"			\
				 : "=@ccae"(above_equal)		\
				 : "x"(rx_host_##F##_in(a)),		\
				   "x"(rx_host_##F##_in(b)));		\
		*r = above_equal;					\
		return true;						\
	}

/* RX_MM_NUMBER. Equal operands differ at most in the sign of a zero. */
#define RX_HOST_MINMAX(F, T, U)						\
	RX_INLINE bool							\
	rx_host_##F##_minmax(T a, T b, bool max, T *r)			\
	{								\
		bool z, p, c;						\
		__asm__ volatile(RX_HOST_V U " %4, %3"			\
				 : "=@ccz"(z), "=@ccp"(p), "=@ccc"(c)	\
				 : "x"(rx_host_##F##_in(a)),		\
				   "x"(rx_host_##F##_in(b)));		\
		if (RX_UNLIKELY(p))				\
			return false;					\
		if (z)							\
			*r = max ? a & b : a | b;			\
		else							\
			*r = c != max ? a : b;				\
		return true;						\
	}								\
	RX_INLINE bool							\
	rx_host_##F##_min(T a, T b, T *r)				\
	{								\
		return rx_host_##F##_minmax(a, b, false, r);		\
	}								\
	RX_INLINE bool							\
	rx_host_##F##_max(T a, T b, T *r)				\
	{								\
		return rx_host_##F##_minmax(a, b, true, r);		\
	}

#define RX_HOST_CONVERT(A, TA, B, TB, VB, insn)				\
	RX_INLINE bool							\
	rx_host_##A##_to_##B(TA a, TB *r)				\
	{								\
		VB v;							\
		__asm__ volatile(RX_HOST_CVT(insn)			\
				 : "=x"(v) : "0"((VB)rx_host_##A##_in(a))); \
		*r = rx_host_##B##_out(v);				\
		return true;						\
	}
#ifdef __AVX__
#define RX_HOST_CVT(insn) "v" insn " %0, %0, %0"
#define RX_HOST_CVTI(insn) "vxorps %0, %0, %0\n\tv" insn " %1, %0, %0"
#else
#define RX_HOST_CVT(insn) insn " %0, %0"
/* the upper part is kept, which would wait for its last writer */
#define RX_HOST_CVTI(insn) "xorps %0, %0\n\t" insn " %1, %0"
#endif

/* To a signed integer. What does not fit gives the least number, which may be
 * the true result as well: fp.h knows. The host's NV is right in either case.*/
#define RX_HOST_TO_INT(F, T, name, I, LEAST, insn)			\
	RX_INLINE bool							\
	rx_host_##F##_##name(T a, I *r)					\
	{								\
		I v;							\
		__asm__ volatile(RX_HOST_V insn " %1, %0"		\
				 : "=r"(v) : "x"(rx_host_##F##_in(a)));	\
		if (RX_UNLIKELY(v == LEAST))			\
			return false;					\
		*r = v;							\
		return true;						\
	}

/* To an unsigned integer, for operands from +0 up to the pattern LAST, whose
 * result fits whatever the direction: as a signed 64-bit conversion. */
#define RX_HOST_TO_UINT(F, T, name, I, LAST, insn)			\
	RX_INLINE bool							\
	rx_host_##F##_##name(T a, I *r)					\
	{								\
		int64_t v;						\
		if (RX_UNLIKELY(a > LAST))			\
			return false;					\
		__asm__ volatile(RX_HOST_V insn " %1, %0"		\
				 : "=r"(v) : "x"(rx_host_##F##_in(a)));	\
		*r = (I)v;						\
		return true;						\
	}

/* From an integer I, through the signed type W that holds it. */
#define RX_HOST_FROM_INT(F, T, V, name, I, W, insn)			\
	RX_INLINE bool							\
	rx_host_##F##_##name(I a, T *r)					\
	{								\
		W w = (W)a;						\
		V v;							\
		if (sizeof(I) == sizeof(W) && (I)-1 > 0 && w < 0)	\
			return false;					\
		__asm__ volatile(RX_HOST_CVTI(insn) : "=x"(v) : "r"(w));	\
		memcpy(r, &v, sizeof(*r));				\
		return true;						\
	}

#endif
