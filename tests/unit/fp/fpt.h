/* fpt.h - what the floating-point tests share. SPDX-License-Identifier: MIT */
#ifndef RX_TESTS_FPT_H
#define RX_TESTS_FPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fp/fp.h"

/* A format as the tests see it: written apart from the table under test. */
struct fpt_fmt {
	const char *name;
	int ebits, fbits;
};

extern const struct fpt_fmt fpt_f16, fpt_f32, fpt_f64;

static inline int
fpt_width(const struct fpt_fmt *f)
{
	return 1 + f->ebits + f->fbits;
}

static inline uint64_t
fpt_inf(const struct fpt_fmt *f)
{
	return ((UINT64_C(1) << f->ebits) - 1) << f->fbits;
}

static inline uint64_t
fpt_sign(const struct fpt_fmt *f)
{
	return UINT64_C(1) << (f->ebits + f->fbits);
}

static inline uint64_t
fpt_magnitude(const struct fpt_fmt *f, uint64_t v)
{
	return v & (fpt_sign(f) - 1);
}

static inline bool
fpt_is_nan(const struct fpt_fmt *f, uint64_t v)
{
	return fpt_magnitude(f, v) > fpt_inf(f);
}

static inline bool
fpt_is_snan(const struct fpt_fmt *f, uint64_t v)
{
	return fpt_is_nan(f, v) && !(v >> (f->fbits - 1) & 1);
}

static inline uint64_t
fpt_default_nan(const struct fpt_fmt *f)
{
	return fpt_inf(f) | UINT64_C(1) << (f->fbits - 1);
}

/* Boundary values, both signs. */
#define FPT_MAX_EDGES 256
struct fpt_edges {
	size_t count;
	uint64_t v[FPT_MAX_EDGES];
};
void fpt_edges(const struct fpt_fmt *f, struct fpt_edges *e);

/* Random values: RAX_FP_SEED chooses the sequence, RAX_FP_SCALE multiplies
 * how many cases each test draws (default 1). */
uint64_t fpt_random(void);
uint64_t fpt_random_value(const struct fpt_fmt *f);
uint64_t fpt_random_int(void);
/* Operands that go together: near in exponent, equal, opposite, unrelated. */
void fpt_random_operands(const struct fpt_fmt *f, uint64_t v[3]);
uint64_t fpt_cases(uint64_t base);

/* One comparison of a result and flags; the first few that differ fail with a
 * line each, the number is kept until fpt_end(). */
struct fpt_case {
	const char *op;
	const struct fpt_fmt *f;
	uint64_t v[3];
	unsigned round;
	const char *note;
};
void fpt_begin(void);
void fpt_check(const struct fpt_case *c, uint64_t got, unsigned got_flags,
	       uint64_t want, unsigned want_flags);
/* Asserts that something was compared and nothing differed. */
void fpt_end(void);

/* An operation of fp.h on up to three operands widened to 64 bits. */
typedef uint64_t fpt_fn(const uint64_t *v, struct rx_fpenv *env);

/* Operation functions of a format: fpt_soft_f32_add and so on. */
enum fpt_op { FPT_ADD, FPT_SUB, FPT_MUL, FPT_DIV, FPT_SQRT, FPT_MULADD, FPT_NOPS };
extern const char *const fpt_op_names[FPT_NOPS];
extern const int fpt_op_arity[FPT_NOPS];
fpt_fn *fpt_soft(const struct fpt_fmt *f, enum fpt_op op);

#endif
