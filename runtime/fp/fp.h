/* fp.h - exact IEEE-754 arithmetic on bit patterns. SPDX-License-Identifier: MIT
 *
 * Values are bit patterns (uint16_t, uint32_t, uint64_t for f16, f32, f64; the
 * x87's f80 is described at its functions).
 * Everything that an ISA may choose (rounding, NaN, tininess, flushing, results
 * of a failed conversion) is in struct rx_fpenv, a value that the caller owns;
 * no function keeps state, uses host floating point, allocates or fails. Any
 * bit pattern is a legal input. "754" in comments is IEEE Std 754-2019.
 *
 * Flags are only ever ORed into env->flags; the caller clears them.
 * A value of env->round that is not in enum rx_round acts as RX_RNE.
 */
#ifndef RX_FP_FP_H
#define RX_FP_FP_H

#include <stdbool.h>
#include <stdint.h>

/* Rounding directions (754 4.3). 0 to 4 are RISC-V's own numbers. */
enum rx_round {
	RX_RNE = 0,	/* to nearest, ties to even */
	RX_RTZ = 1,	/* toward zero */
	RX_RDN = 2,	/* toward negative */
	RX_RUP = 3,	/* toward positive */
	RX_RMM = 4,	/* to nearest, ties away from zero */
	RX_RTO = 5,	/* to odd: an inexact result has its last bit set */
	RX_RTO_INF = 6,	/* the same, but what is too great becomes an infinity */
};

/* Exceptions (754 7). 1 to 16 are the bits of RISC-V's fflags. */
enum {
	RX_FP_NX = 1,	/* inexact */
	RX_FP_UF = 2,	/* underflow: tiny and inexact (754 7.5) */
	RX_FP_OF = 4,	/* overflow */
	RX_FP_DZ = 8,	/* division of a finite number by zero */
	RX_FP_NV = 16,	/* invalid operation */
	RX_FP_ID = 32,	/* denormal input; only where env->flag_in asks */
};

/* Which NaN an operation returns (754 6.2.3 leaves it open). */
enum rx_fp_nan {
	RX_NAN_CANON = 0,	/* the positive quiet one with no payload: RISC-V
				 * "The RISC-V ISA Manual, F: NaN generation and
				 * propagation", Arm with FPCR.DN = 1 */
	RX_NAN_ARM,	/* first signalling operand, else first quiet one, quieted;
			 * muladd looks at the addend first */
	RX_NAN_SSE,	/* first operand that is a NaN, quieted; the NaN made by an
			 * invalid operation is negative; 0 * inf + qNaN is
			 * the qNaN and raises nothing */
	RX_NAN_X87,	/* the greatest significand, quieted; made ones as SSE */
};

/* What an impossible conversion to an integer returns (all raise NV only). */
enum rx_fp_toint {
	RX_TOINT_RISCV = 0,	/* saturate; NaN gives the greatest number */
	RX_TOINT_ARM,		/* saturate; NaN gives 0 */
	RX_TOINT_X86,		/* signed: the least number; unsigned: all ones */
};

/* What happens to a tiny non-zero result instead of gradual underflow. */
enum rx_fp_flush {
	RX_FLUSH_NONE = 0,
	RX_FLUSH_UF,		/* signed zero, UF (Arm FZ) */
	RX_FLUSH_UF_NX,		/* signed zero, UF and NX (x86 FTZ) */
};

/* All zero is RISC-V with RNE and no flags. */
struct rx_fpenv {
	uint8_t round;		/* enum rx_round */
	uint8_t flags;		/* RX_FP_*, accumulated */
	uint8_t nan;		/* enum rx_fp_nan */
	uint8_t toint;		/* enum rx_fp_toint */
	uint8_t tiny_before;	/* 1: tininess is found before rounding (Arm);
				 * 0: after it (RISC-V, x86); 754 7.5 */
	uint8_t flush_in;	/* 1: denormal operands count as signed zeros */
	uint8_t flag_in;	/* 1: denormal operands raise ID; with flush_in
				 * always (Arm FZ), without it where no NaN,
				 * NV or DZ takes precedence (x86 DE) */
	uint8_t flush_out;	/* enum rx_fp_flush */
	uint8_t trap;		/* RX_FP_* that are not masked (754 8, x86): UF
				 * is then raised by exact tiny results too; where
				 * OF or UF traps, NX is that of a result whose
				 * exponent has no limits, and the result means
				 * nothing. f80 says what else it does */
	uint8_t prec;		/* f80: precision of results, see there */
	uint8_t up;		/* f80, out: the magnitude was rounded up */
	uint8_t widened;	/* 1: an operand was a denormal number before
				 * rx_f32_widen() or rx_f64_widen() */
};

#define RX_FPENV_RISCV(rm) { .round = (rm) }
#define RX_FPENV_ARM(rm) { .round = (rm), .nan = RX_NAN_ARM, \
	.toint = RX_TOINT_ARM, .tiny_before = 1 }
#define RX_FPENV_SSE(rm) { .round = (rm), .nan = RX_NAN_SSE, \
	.toint = RX_TOINT_X86, .flag_in = 1 }
#define RX_FPENV_X87(rm) { .round = (rm), .nan = RX_NAN_X87, \
	.toint = RX_TOINT_X86, .flag_in = 1 }

/* Relation of two values (754 5.11). */
enum rx_fp_rel {
	RX_FP_LESS = -1,
	RX_FP_EQUAL = 0,
	RX_FP_GREATER = 1,
	RX_FP_UNORDERED = 2,
};

/* As x86 codes it in ZF, PF, CF, and the x87 in C3, C2, C0. */
static inline unsigned
rx_fp_order(enum rx_fp_rel rel)
{
	return rel == RX_FP_UNORDERED ? 7 : rel == RX_FP_EQUAL ? 4
					  : rel == RX_FP_LESS;
}

/* Rules of minimum and maximum; in all of them a signalling NaN raises NV. */
enum rx_fp_minmax {
	RX_MM_NUMBER = 0, /* 754 9.6 minimumNumber: a NaN counts as missing,
			   * -0 < +0 (RISC-V fmin, fmax) */
	RX_MM_NAN,	/* 754 9.6 minimum: a NaN wins, -0 < +0
			 * (RISC-V fminm, fmaxm; Arm FMIN, FMAX) */
	RX_MM_NUM2008,	/* 754-2008 5.3.1 minNum: a quiet NaN counts as missing,
			 * a signalling one wins, -0 < +0 (Arm FMINNM) */
	RX_MM_X86,	/* a < b ? a : b: the second operand where either is a
			 * NaN (kept as it is, NV) or both are zeros (MINSS) */
};

/* Bits of rx_fNN_class(), as RISC-V fclass numbers them. */
enum {
	RX_CLASS_NEG_INF = 1 << 0,
	RX_CLASS_NEG_NORMAL = 1 << 1,
	RX_CLASS_NEG_SUBNORMAL = 1 << 2,
	RX_CLASS_NEG_ZERO = 1 << 3,
	RX_CLASS_POS_ZERO = 1 << 4,
	RX_CLASS_POS_SUBNORMAL = 1 << 5,
	RX_CLASS_POS_NORMAL = 1 << 6,
	RX_CLASS_POS_INF = 1 << 7,
	RX_CLASS_SNAN = 1 << 8,
	RX_CLASS_QNAN = 1 << 9,
	RX_CLASS_UNSUPPORTED = 1 << 10,	/* f80 only: pseudo-NaN,
					 * pseudo-infinity, unnormal */
};

/*
 * The operations of one format. F is its name, T the type of its bits.
 *
 *   add sub mul div sqrt (754 5.4.1)
 *   muladd   a * b + c with one rounding; 0 * inf + NaN raises NV (but see
 *            RX_NAN_SSE). Negated forms: the caller flips the sign of a or c.
 *   rint     to an integral value in direction env->round (754 5.9); NX is
 *            raised where the value changes, if nx is set
 *   min max  see enum rx_fp_minmax
 *   compare  signal: any NaN raises NV (754 5.11), else a signalling one does
 *   eq, ltq, leq, unordered   quiet predicates
 *   lt, le   signalling predicates
 *   class    one of RX_CLASS_*; raises nothing, ignores flush_in
 *   to_...   to an integer in direction env->round, NX where the value is not
 *            integral, NV and env->toint where the rounded value does not fit
 *   to_i32_mod  toward zero, modulo 2^32; NaN and infinity give 0; flags as
 *            to_i32 toward zero (RISC-V fcvtmod.w.d, Arm FJCVTZS)
 *   from_... rounded in direction env->round
 *   to_fixed from_fixed   likewise, of numbers of `width` bits (16, 32, 64), `point`
 *            of them (up to 64) behind the point; in the low bits, zeros above
 */
#define RX_FP_DECLARE(F, T)						\
	T rx_##F##_add(T a, T b, struct rx_fpenv *env);			\
	T rx_##F##_sub(T a, T b, struct rx_fpenv *env);			\
	T rx_##F##_mul(T a, T b, struct rx_fpenv *env);			\
	T rx_##F##_div(T a, T b, struct rx_fpenv *env);			\
	T rx_##F##_sqrt(T a, struct rx_fpenv *env);			\
	T rx_##F##_muladd(T a, T b, T c, struct rx_fpenv *env);		\
	T rx_##F##_rint(T a, bool nx, struct rx_fpenv *env);		\
	T rx_##F##_min(T a, T b, enum rx_fp_minmax rule,		\
		       struct rx_fpenv *env);				\
	T rx_##F##_max(T a, T b, enum rx_fp_minmax rule,		\
		       struct rx_fpenv *env);				\
	enum rx_fp_rel rx_##F##_compare(T a, T b, bool signal,		\
					struct rx_fpenv *env);		\
	uint32_t rx_##F##_class(T a);					\
	int32_t rx_##F##_to_i32(T a, struct rx_fpenv *env);		\
	uint32_t rx_##F##_to_u32(T a, struct rx_fpenv *env);		\
	int64_t rx_##F##_to_i64(T a, struct rx_fpenv *env);		\
	uint64_t rx_##F##_to_u64(T a, struct rx_fpenv *env);		\
	int32_t rx_##F##_to_i32_mod(T a, struct rx_fpenv *env);		\
	uint64_t rx_##F##_to_fixed(T a, uint64_t point, unsigned width,	\
				   bool is_signed, struct rx_fpenv *env); \
	T rx_##F##_from_fixed(uint64_t v, uint64_t point, unsigned width, \
			      bool is_signed, struct rx_fpenv *env);	\
	T rx_##F##_from_i32(int32_t v, struct rx_fpenv *env);		\
	T rx_##F##_from_u32(uint32_t v, struct rx_fpenv *env);		\
	T rx_##F##_from_i64(int64_t v, struct rx_fpenv *env);		\
	T rx_##F##_from_u64(uint64_t v, struct rx_fpenv *env);		\
	static inline bool						\
	rx_##F##_eq(T a, T b, struct rx_fpenv *env)			\
	{								\
		return rx_##F##_compare(a, b, false, env) == RX_FP_EQUAL; \
	}								\
	static inline bool						\
	rx_##F##_lt(T a, T b, struct rx_fpenv *env)			\
	{								\
		return rx_##F##_compare(a, b, true, env) == RX_FP_LESS;	\
	}								\
	static inline bool						\
	rx_##F##_le(T a, T b, struct rx_fpenv *env)			\
	{								\
		return rx_##F##_compare(a, b, true, env) <= RX_FP_EQUAL; \
	}								\
	static inline bool						\
	rx_##F##_ltq(T a, T b, struct rx_fpenv *env)			\
	{								\
		return rx_##F##_compare(a, b, false, env) == RX_FP_LESS; \
	}								\
	static inline bool						\
	rx_##F##_leq(T a, T b, struct rx_fpenv *env)			\
	{								\
		return rx_##F##_compare(a, b, false, env) <= RX_FP_EQUAL; \
	}								\
	static inline bool						\
	rx_##F##_unordered(T a, T b, struct rx_fpenv *env)		\
	{								\
		return rx_##F##_compare(a, b, false, env)		\
		       == RX_FP_UNORDERED;				\
	}

RX_FP_DECLARE(f16, uint16_t)
RX_FP_DECLARE(f32, uint32_t)
RX_FP_DECLARE(f64, uint64_t)

/*
 * From one format to another (754 5.4.2). A NaN keeps the leading bits of its
 * payload unless env->nan is RX_NAN_CANON; a signalling one raises NV.
 */
uint32_t rx_f16_to_f32(uint16_t a, struct rx_fpenv *env);
uint64_t rx_f16_to_f64(uint16_t a, struct rx_fpenv *env);
uint16_t rx_f32_to_f16(uint32_t a, struct rx_fpenv *env);
uint64_t rx_f32_to_f64(uint32_t a, struct rx_fpenv *env);
uint16_t rx_f64_to_f16(uint64_t a, struct rx_fpenv *env);
uint32_t rx_f64_to_f32(uint64_t a, struct rx_fpenv *env);

/*
 * The double extended-precision format of the x87 (SDM volume 1, 4.2.2): bit 79
 * is the sign, 78..64 the exponent, 63 the integer part; all above is zero in
 * arguments and results. Unsupported operands raise NV, pseudo-denormal ones
 * are what their bits say and raise ID.
 *
 * prec: 24, 53 or 64 (also 0) bits of the results of add sub mul div sqrt have
 * meaning; exponents keep their range (SDM volume 1, 8.1.5.2).
 * up: set to 1 where an inexact result's magnitude is greater than the exact
 * one (C1), else to 0.
 * trap, of operations on env->flags == 0: where NV, DZ or ID is raised and
 * traps nothing else is raised, the result is 0 and means nothing. Where OF or
 * UF is raised and traps, a result in f80 has its exponent off by 24576 (SDM
 * volume 1, 8.5.4, 8.5.5); one in f32 or f64 means nothing, and neither NX nor
 * up is set. A trap of ID keeps no result of rx_f32_to_f80, rx_f64_to_f80 back.
 *
 * sin cos: SDM volume 1, 8.3.8 promises an error below 1 ulp within +-pi/4 or
 * so and reduces greater arguments by a pi of 66 bits. So do these, with an
 * error below 0.51 ulp of the sine of that: the period is made of that number,
 * not of pi, as it is in processors (looked at: Intel's). Operands of 2^63 and more come back
 * as they are and raise nothing; the caller finds them by their exponent.
 */
typedef unsigned __int128 rx_f80;

rx_f80 rx_f80_add(rx_f80 a, rx_f80 b, struct rx_fpenv *env);
rx_f80 rx_f80_sub(rx_f80 a, rx_f80 b, struct rx_fpenv *env);
rx_f80 rx_f80_mul(rx_f80 a, rx_f80 b, struct rx_fpenv *env);
rx_f80 rx_f80_div(rx_f80 a, rx_f80 b, struct rx_fpenv *env);
rx_f80 rx_f80_sqrt(rx_f80 a, struct rx_fpenv *env);
rx_f80 rx_f80_rint(rx_f80 a, bool nx, struct rx_fpenv *env);
rx_f80 rx_f80_sin(rx_f80 a, struct rx_fpenv *env);
rx_f80 rx_f80_cos(rx_f80 a, struct rx_fpenv *env);
enum rx_fp_rel rx_f80_compare(rx_f80 a, rx_f80 b, bool signal,
			      struct rx_fpenv *env);
uint32_t rx_f80_class(rx_f80 a);
int16_t rx_f80_to_i16(rx_f80 a, struct rx_fpenv *env);
int32_t rx_f80_to_i32(rx_f80 a, struct rx_fpenv *env);
int64_t rx_f80_to_i64(rx_f80 a, struct rx_fpenv *env);
rx_f80 rx_f80_from_i32(int32_t v, struct rx_fpenv *env);
rx_f80 rx_f80_from_i64(int64_t v, struct rx_fpenv *env);
uint32_t rx_f80_to_f32(rx_f80 a, struct rx_fpenv *env);
uint64_t rx_f80_to_f64(rx_f80 a, struct rx_fpenv *env);
rx_f80 rx_f32_to_f80(uint32_t a, struct rx_fpenv *env);
rx_f80 rx_f64_to_f80(uint64_t a, struct rx_fpenv *env);
/* The same without an operation: nothing is raised, a signalling NaN stays one,
 * and the operation on the result that comes next knows of a denormal number. */
rx_f80 rx_f32_widen(uint32_t a, struct rx_fpenv *env);
rx_f80 rx_f64_widen(uint64_t a, struct rx_fpenv *env);

#endif
