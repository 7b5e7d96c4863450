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

/* For f32 and f64 alike, then the conversions between formats. */
extern const struct hw_op hw_ops[];
extern const size_t hw_nops;

bool hw_has(const char *feature);

/* MXCSR control bits */
#define HW_MASKED UINT32_C(0x1f80)
#define HW_DAZ UINT32_C(0x40)
#define HW_FTZ UINT32_C(0x8000)

uint32_t hw_mxcsr(unsigned round);	/* for RX_RNE to RX_RUP */
unsigned hw_flags(uint32_t mxcsr);	/* RX_FP_*, ID from DE */

#endif
