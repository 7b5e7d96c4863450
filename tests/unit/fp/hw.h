/* hw.h - single operations on the host's FPU. SPDX-License-Identifier: MIT */
#ifndef RX_TESTS_FP_HW_H
#define RX_TESTS_FP_HW_H

#include "fpt.h"

enum hw_arg { HW_FLOAT, HW_INT32, HW_INT64 };

/* One SSE, FMA or F16C instruction and the function of fp.h with its rules. */
struct hw_op {
	const char *name;
	const struct fpt_fmt *f;	/* of the operands; of the result of from_* */
	int arity;
	enum hw_arg arg;
	const char *feature;		/* CPUID feature beyond SSE2, or NULL */
	const struct fpt_fmt *riscv;	/* format of the result where RISC-V
					 * differs in NaNs only, else NULL */
	/* mxcsr: in, control bits; out, the flags as well */
	uint64_t (*hw)(const uint64_t *v, uint32_t *mxcsr);
	fpt_fn *soft;
};

#define HW_LIST_OF(X, F)						\
	X(F, add, 2, HW_FLOAT, NULL, &fpt_##F)				\
	X(F, sub, 2, HW_FLOAT, NULL, &fpt_##F)				\
	X(F, mul, 2, HW_FLOAT, NULL, &fpt_##F)				\
	X(F, div, 2, HW_FLOAT, NULL, &fpt_##F)				\
	X(F, sqrt, 1, HW_FLOAT, NULL, &fpt_##F)				\
	X(F, muladd, 3, HW_FLOAT, "fma", &fpt_##F)			\
	X(F, min, 2, HW_FLOAT, NULL, NULL)				\
	X(F, max, 2, HW_FLOAT, NULL, NULL)				\
	X(F, rint, 1, HW_FLOAT, "sse4.1", &fpt_##F)			\
	X(F, rint_silent, 1, HW_FLOAT, "sse4.1", &fpt_##F)		\
	X(F, compare, 2, HW_FLOAT, NULL, NULL)				\
	X(F, compare_signal, 2, HW_FLOAT, NULL, NULL)			\
	X(F, to_i32, 1, HW_FLOAT, NULL, NULL)				\
	X(F, to_i64, 1, HW_FLOAT, NULL, NULL)				\
	X(F, from_i32, 1, HW_INT32, NULL, &fpt_##F)			\
	X(F, from_i64, 1, HW_INT64, NULL, &fpt_##F)
#define HW_LIST(X)							\
	HW_LIST_OF(X, f32)						\
	HW_LIST_OF(X, f64)						\
	X(f32, to_f64, 1, HW_FLOAT, NULL, &fpt_f64)			\
	X(f64, to_f32, 1, HW_FLOAT, NULL, &fpt_f32)			\
	X(f32, to_f16, 1, HW_FLOAT, "f16c", &fpt_f16)			\
	X(f16, to_f32, 1, HW_FLOAT, "f16c", &fpt_f32)

/* Numbers of the operations: HW_f32_add ... */
#define HW_NUMBER(F, name, arity, arg, feature, riscv) HW_##F##_##name,
enum { HW_LIST(HW_NUMBER) HW_NOPS };

extern const struct hw_op hw_ops[HW_NOPS];

bool hw_has(const char *feature);

/* MXCSR control bits */
#define HW_MASKED UINT32_C(0x1f80)
#define HW_DAZ UINT32_C(0x40)
#define HW_FTZ UINT32_C(0x8000)

uint32_t hw_mxcsr(unsigned round);	/* for RX_RNE to RX_RUP */
unsigned hw_flags(uint32_t mxcsr);	/* RX_FP_*, ID from DE */

#endif
