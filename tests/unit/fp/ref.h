/* ref.h - a second opinion: rounding by search. SPDX-License-Identifier: MIT
 *
 * The exact result of an operation is never computed as a significand and an
 * exponent. It is only compared, as a big integer, with values of the format:
 * a search finds the two neighbours, and the definition of each rounding
 * direction (IEEE Std 754-2019 4.3) picks one. Slow and simple on purpose.
 */
#ifndef RX_TESTS_FP_REF_H
#define RX_TESTS_FP_REF_H

#include "fpt.h"

struct ref_result {
	uint64_t bits;
	unsigned flags;
};

/* Any operands; NaNs follow RISC-V. */
struct ref_result ref_op(const struct fpt_fmt *f, enum fpt_op op,
			 const uint64_t *v, unsigned round, bool tiny_before);

/* From a value of another format, or from (-1)^negative * magnitude. */
struct ref_result ref_convert(const struct fpt_fmt *from, uint64_t a,
			      const struct fpt_fmt *to, unsigned round,
			      bool tiny_before);
struct ref_result ref_from_int(bool negative, uint64_t magnitude,
			       const struct fpt_fmt *to, unsigned round);

#endif
