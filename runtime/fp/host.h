/* host.h - guest arithmetic on the host's own FPU. SPDX-License-Identifier: MIT
 *
 * The fast path in front of fp.h, for guests with the rules of RISC-V (struct
 * rx_fpenv all zero: canonical NaN, tininess after rounding, no flushing) and
 * the rounding direction RNE. Every operation returns true and the result that
 * fp.h would give, or false: then it has stored nothing, and the caller calls
 * fp.h. It never leaves a flag behind that fp.h would not raise as well.
 *
 * Discipline (x86-64). Between rx_fp_host_begin() and rx_fp_host_end() the
 * host's MXCSR is RX_MXCSR_GUEST: everything masked, RNE, no FTZ, no DAZ. Its
 * sticky bits *are* guest exceptions that nobody has collected yet; DE is
 * noise. Before the guest's flags are looked at or written, call
 * rx_fp_host_raised() and OR the result into them. In between, host code must
 * do no floating-point arithmetic of its own, and signal handlers must not
 * touch MXCSR (the kernel saves it around them).
 *
 * All arithmetic is volatile asm, as are the accesses to MXCSR. Compilers keep
 * volatile asm in order, do not fold, merge or drop it: an operation whose
 * result the guest throws away still raises its flags, and no operation moves
 * across that.
 *
 * On other hosts every operation returns false.
 */
#ifndef RX_FP_HOST_H
#define RX_FP_HOST_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/compiler.h"
#include "fp/box.h"
#include "fp/fp.h"

/* The other hosts define what host_x86.h does, so that it always fails. */
#if defined(__x86_64__) && defined(__GCC_ASM_FLAG_OUTPUTS__)
#include "fp/host_x86.h"
#else /* no fast path: the same functions say so */

RX_INLINE uint32_t
rx_fp_host_begin(void)
{
	return 0;
}

RX_INLINE void
rx_fp_host_end(uint32_t saved)
{
	(void)saved;
}

RX_INLINE uint8_t
rx_fp_host_raised(void)
{
	return 0;
}

RX_INLINE uint8_t
rx_fp_host_sticky(void)
{
	return 0;
}

RX_INLINE void
rx_fp_host_clear(void)
{
}

static inline bool
rx_fp_host_has_fma(void)
{
	return false;
}

#define RX_HOST_NO1(name, A, R)						\
	RX_INLINE bool							\
	rx_host_##name(A a, R *r)					\
	{								\
		(void)a, (void)r;					\
		return false;						\
	}
#define RX_HOST_NO2(name, A, R)						\
	RX_INLINE bool							\
	rx_host_##name(A a, A b, R *r)					\
	{								\
		(void)a, (void)b, (void)r;				\
		return false;						\
	}
#define RX_HOST_BINARY(F, T, V, name, insn) RX_HOST_NO2(F##_##name, T, T)
#define RX_HOST_SQRT(F, T, V, insn) RX_HOST_NO1(F##_sqrt, T, T)
#define RX_HOST_MULADD(F, T, V, insn)					\
	RX_INLINE bool							\
	rx_host_##F##_muladd(T a, T b, T c, T *r)			\
	{								\
		(void)a, (void)b, (void)c, (void)r;			\
		return false;						\
	}
#define RX_HOST_COMPARE(F, T, U, S)					\
	RX_HOST_NO2(F##_eq, T, bool)					\
	RX_HOST_NO2(F##_lt, T, bool)					\
	RX_HOST_NO2(F##_le, T, bool)
#define RX_HOST_MINMAX(F, T, U)						\
	RX_HOST_NO2(F##_min, T, T)					\
	RX_HOST_NO2(F##_max, T, T)
#define RX_HOST_CONVERT(A, TA, B, TB, VB, insn)				\
	RX_HOST_NO1(A##_to_##B, TA, TB)
#define RX_HOST_TO_INT(F, T, name, I, LEAST, insn)			\
	RX_HOST_NO1(F##_##name, T, I)
#define RX_HOST_TO_UINT(F, T, name, I, LAST, insn)			\
	RX_HOST_NO1(F##_##name, T, I)
#define RX_HOST_FROM_INT(F, T, V, name, I, W, insn)			\
	RX_HOST_NO1(F##_##name, I, T)

#endif

/* bool rx_host_<format>_<name>(operands, result *) for all of these. */
RX_HOST_BINARY(f32, uint32_t, __m128, add, "addss")
RX_HOST_BINARY(f32, uint32_t, __m128, sub, "subss")
RX_HOST_BINARY(f32, uint32_t, __m128, mul, "mulss")
RX_HOST_BINARY(f32, uint32_t, __m128, div, "divss")
RX_HOST_SQRT(f32, uint32_t, __m128, "sqrtss")
RX_HOST_MULADD(f32, uint32_t, __m128, "vfmadd213ss")
RX_HOST_COMPARE(f32, uint32_t, "ucomiss", "comiss")
RX_HOST_MINMAX(f32, uint32_t, "ucomiss")
RX_HOST_BINARY(f64, uint64_t, __m128d, add, "addsd")
RX_HOST_BINARY(f64, uint64_t, __m128d, sub, "subsd")
RX_HOST_BINARY(f64, uint64_t, __m128d, mul, "mulsd")
RX_HOST_BINARY(f64, uint64_t, __m128d, div, "divsd")
RX_HOST_SQRT(f64, uint64_t, __m128d, "sqrtsd")
RX_HOST_MULADD(f64, uint64_t, __m128d, "vfmadd213sd")
RX_HOST_COMPARE(f64, uint64_t, "ucomisd", "comisd")
RX_HOST_MINMAX(f64, uint64_t, "ucomisd")

RX_HOST_CONVERT(f32, uint32_t, f64, uint64_t, __m128d, "cvtss2sd")
RX_HOST_CONVERT(f64, uint64_t, f32, uint32_t, __m128, "cvtsd2ss")

RX_HOST_TO_INT(f32, uint32_t, to_i32_rtz, int32_t, INT32_MIN, "cvttss2si")
RX_HOST_TO_INT(f32, uint32_t, to_i32_rne, int32_t, INT32_MIN, "cvtss2si")
RX_HOST_TO_INT(f32, uint32_t, to_i64_rtz, int64_t, INT64_MIN, "cvttss2si")
RX_HOST_TO_INT(f32, uint32_t, to_i64_rne, int64_t, INT64_MIN, "cvtss2si")
RX_HOST_TO_INT(f64, uint64_t, to_i32_rtz, int32_t, INT32_MIN, "cvttsd2si")
RX_HOST_TO_INT(f64, uint64_t, to_i32_rne, int32_t, INT32_MIN, "cvtsd2si")
RX_HOST_TO_INT(f64, uint64_t, to_i64_rtz, int64_t, INT64_MIN, "cvttsd2si")
RX_HOST_TO_INT(f64, uint64_t, to_i64_rne, int64_t, INT64_MIN, "cvtsd2si")

/* LAST: below 2^32; at most 2^32 - 1, which cannot round up; below 2^63 */
RX_HOST_TO_UINT(f32, uint32_t, to_u32_rtz, uint32_t, 0x4f7fffff, "cvttss2si")
RX_HOST_TO_UINT(f32, uint32_t, to_u32_rne, uint32_t, 0x4f7fffff, "cvtss2si")
RX_HOST_TO_UINT(f32, uint32_t, to_u64_rtz, uint64_t, 0x5effffff, "cvttss2si")
RX_HOST_TO_UINT(f32, uint32_t, to_u64_rne, uint64_t, 0x5effffff, "cvtss2si")
RX_HOST_TO_UINT(f64, uint64_t, to_u32_rtz, uint32_t, 0x41efffffffffffff,
		"cvttsd2si")
RX_HOST_TO_UINT(f64, uint64_t, to_u32_rne, uint32_t, 0x41efffffffe00000,
		"cvtsd2si")
RX_HOST_TO_UINT(f64, uint64_t, to_u64_rtz, uint64_t, 0x43dfffffffffffff,
		"cvttsd2si")
RX_HOST_TO_UINT(f64, uint64_t, to_u64_rne, uint64_t, 0x43dfffffffffffff,
		"cvtsd2si")

RX_HOST_FROM_INT(f32, uint32_t, __m128, from_i32, int32_t, int32_t, "cvtsi2ss")
RX_HOST_FROM_INT(f32, uint32_t, __m128, from_u32, uint32_t, int64_t, "cvtsi2ss")
RX_HOST_FROM_INT(f32, uint32_t, __m128, from_i64, int64_t, int64_t, "cvtsi2ss")
RX_HOST_FROM_INT(f32, uint32_t, __m128, from_u64, uint64_t, int64_t, "cvtsi2ss")
RX_HOST_FROM_INT(f64, uint64_t, __m128d, from_i32, int32_t, int32_t, "cvtsi2sd")
RX_HOST_FROM_INT(f64, uint64_t, __m128d, from_u32, uint32_t, int64_t, "cvtsi2sd")
RX_HOST_FROM_INT(f64, uint64_t, __m128d, from_i64, int64_t, int64_t, "cvtsi2sd")
RX_HOST_FROM_INT(f64, uint64_t, __m128d, from_u64, uint64_t, int64_t, "cvtsi2sd")

#endif
