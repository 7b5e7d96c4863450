/* test_host.c - the fast path gives what fp.h gives. SPDX-License-Identifier: MIT
 *
 * Result and flags of every operation, among them that one which declines has
 * raised nothing that fp.h does not.
 */
#include <stdio.h>

#include "fp/host.h"
#include "fpt.h"
#include "suites.h"

/* What was raised; forgets it. */
static uint8_t
collect(void)
{
	uint8_t raised = rx_fp_host_raised();

	rx_fp_host_clear();
	return raised;
}

struct host_op {
	const char *name;
	const struct fpt_fmt *f;
	int arity;
	bool ints, fma;
	bool (*fast)(const uint64_t *v, uint64_t *r);
	uint8_t round;
	fpt_fn *soft;
};

#define FAST(name, R, call)						\
	static bool							\
	fast_##name(const uint64_t *v, uint64_t *r)			\
	{								\
		R t;							\
		bool ok = call;						\
									\
		if (ok)							\
			*r = (uint64_t)t;				\
		return ok;						\
	}
#define SOFT(name, expr)						\
	static uint64_t							\
	soft_##name(const uint64_t *v, struct rx_fpenv *env)		\
	{								\
		return (uint64_t)(expr);				\
	}
#define PAIR2(F, T, R, op)						\
	FAST(F##_##op, R, rx_host_##F##_##op((T)v[0], (T)v[1], &t))	\
	SOFT(F##_##op, rx_##F##_##op((T)v[0], (T)v[1], env))
#define PAIR_MM(F, T, op)						\
	FAST(F##_##op, T, rx_host_##F##_##op((T)v[0], (T)v[1], &t))	\
	SOFT(F##_##op, rx_##F##_##op((T)v[0], (T)v[1], RX_MM_NUMBER, env))
#define PAIR_TO(F, T, name, I)						\
	FAST(F##_to_##name##_rtz, I,					\
	     rx_host_##F##_to_##name##_rtz((T)v[0], &t))		\
	FAST(F##_to_##name##_rne, I,					\
	     rx_host_##F##_to_##name##_rne((T)v[0], &t))		\
	SOFT(F##_to_##name, rx_##F##_to_##name((T)v[0], env))
#define PAIR_FROM(F, T, name, I)					\
	FAST(F##_from_##name, T, rx_host_##F##_from_##name((I)v[0], &t)) \
	SOFT(F##_from_##name, rx_##F##_from_##name((I)v[0], env))
#define PAIRS(F, T)							\
	PAIR2(F, T, T, add) PAIR2(F, T, T, sub)				\
	PAIR2(F, T, T, mul) PAIR2(F, T, T, div)				\
	PAIR2(F, T, bool, eq) PAIR2(F, T, bool, lt) PAIR2(F, T, bool, le) \
	PAIR_MM(F, T, min) PAIR_MM(F, T, max)				\
	FAST(F##_sqrt, T, rx_host_##F##_sqrt((T)v[0], &t))		\
	SOFT(F##_sqrt, rx_##F##_sqrt((T)v[0], env))			\
	FAST(F##_muladd, T,						\
	     rx_host_##F##_muladd((T)v[0], (T)v[1], (T)v[2], &t))	\
	SOFT(F##_muladd, rx_##F##_muladd((T)v[0], (T)v[1], (T)v[2], env)) \
	PAIR_TO(F, T, i32, int32_t) PAIR_TO(F, T, u32, uint32_t)	\
	PAIR_TO(F, T, i64, int64_t) PAIR_TO(F, T, u64, uint64_t)	\
	PAIR_FROM(F, T, i32, int32_t) PAIR_FROM(F, T, u32, uint32_t)	\
	PAIR_FROM(F, T, i64, int64_t) PAIR_FROM(F, T, u64, uint64_t)
PAIRS(f32, uint32_t)
PAIRS(f64, uint64_t)
FAST(f32_to_f64, uint64_t, rx_host_f32_to_f64((uint32_t)v[0], &t))
SOFT(f32_to_f64, rx_f32_to_f64((uint32_t)v[0], env))
FAST(f64_to_f32, uint32_t, rx_host_f64_to_f32(v[0], &t))
SOFT(f64_to_f32, rx_f64_to_f32(v[0], env))

#define ROW(F, name, arity, ints, fma) \
	{ #name, &fpt_##F, arity, ints, fma, fast_##F##_##name, RX_RNE, \
	  soft_##F##_##name }
#define ROW_TO(F, name)							\
	{ #name "_rtz", &fpt_##F, 1, false, false,			\
	  fast_##F##_##name##_rtz, RX_RTZ, soft_##F##_##name },		\
	{ #name "_rne", &fpt_##F, 1, false, false,			\
	  fast_##F##_##name##_rne, RX_RNE, soft_##F##_##name }
#define ROWS(F)								\
	ROW(F, add, 2, false, false), ROW(F, sub, 2, false, false),	\
	ROW(F, mul, 2, false, false), ROW(F, div, 2, false, false),	\
	ROW(F, eq, 2, false, false), ROW(F, lt, 2, false, false),	\
	ROW(F, le, 2, false, false), ROW(F, min, 2, false, false),	\
	ROW(F, max, 2, false, false), ROW(F, sqrt, 1, false, false),	\
	ROW(F, muladd, 3, false, true), ROW_TO(F, to_i32),		\
	ROW_TO(F, to_u32), ROW_TO(F, to_i64), ROW_TO(F, to_u64),	\
	ROW(F, from_i32, 1, true, false), ROW(F, from_u32, 1, true, false), \
	ROW(F, from_i64, 1, true, false), ROW(F, from_u64, 1, true, false)

static const struct host_op ops[] = {
	ROWS(f32), ROWS(f64),
	ROW(f32, to_f64, 1, false, false), ROW(f64, to_f32, 1, false, false),
};

static uint64_t taken, declined;

static void
one(const struct host_op *op, const uint64_t *v)
{
	struct fpt_case c = { op->name, op->f, { v[0], v[1], v[2] }, op->round,
			      "host" };
	struct rx_fpenv env = RX_FPENV_RISCV(op->round), again = env;
	uint64_t want = op->soft(v, &env), got = 0;
	uint32_t saved = rx_fp_host_begin();
	bool ok = op->fast(v, &got);
	uint8_t flags = collect();
	uint8_t left = collect();

	rx_fp_host_end(saved);
	taken += ok;
	declined += !ok;
	if (!ok) {
		/* as the caller does: fp.h adds the rest */
		got = op->soft(v, &again);
		flags |= again.flags;
	}
	fpt_check(&c, got, flags, want, env.flags);
	if (left)
		fpt_check(&c, got, left, want, 0);
}

static void
test_op(const void *arg)
{
	const struct host_op *op = arg;
	uint64_t v[3], n = fpt_cases(300000);
	struct fpt_edges e;

	if (op->fma && !rx_fp_host_has_fma()) {
		rx_tap_skip("the host's CPU lacks fma");
		return;
	}
	fpt_begin();
	taken = declined = 0;
	fpt_edges(op->f, &e);
	for (size_t i = 0; i < e.count * e.count; i++) {
		v[0] = e.v[i % e.count];
		v[1] = e.v[i / e.count];
		v[2] = e.v[(i * 5 + i / e.count) % e.count];
		if (op->arity > 1 || i < e.count)
			one(op, v);
	}
	for (uint64_t i = 0; i < n; i++) {
		fpt_random_operands(op->f, v);
		if (op->ints)
			v[0] = fpt_random_int();
		one(op, v);
	}
	fpt_end();
#ifdef __x86_64__
	/* a fast path that mostly declines would be none */
	CU_ASSERT(taken * 4 > declined);
#else
	CU_ASSERT_EQUAL(taken, 0);
#endif
}

/* begin starts without flags, end restores what was there, collect clears. */
static void
test_environment(void)
{
	uint32_t outer = rx_fp_host_begin(), inner;
	uint64_t r;

#ifdef __x86_64__
	CU_ASSERT(rx_host_f64_div(0x3ff0000000000000, 0, &r));
	inner = rx_fp_host_begin();
	CU_ASSERT_EQUAL(collect(), 0);
	CU_ASSERT(rx_host_f64_sqrt(0xbff0000000000000, &r));
	CU_ASSERT_EQUAL(r, 0x7ff8000000000000);
	CU_ASSERT_EQUAL(collect(), RX_FP_NV);
	CU_ASSERT_EQUAL(collect(), 0);
	rx_fp_host_end(inner);
	CU_ASSERT_EQUAL(collect(), RX_FP_DZ);
	/* a denormal operand is not a RISC-V exception */
	CU_ASSERT(rx_host_f64_add(1, 1, &r));
	CU_ASSERT_EQUAL(collect(), 0);
#else
	inner = outer;
	CU_ASSERT_FALSE(rx_host_f64_div(inner, 0, &r));
#endif
	rx_fp_host_end(outer);
}

/* A result that nobody uses raises its flags all the same. */
static void
test_unused_result(void)
{
#ifdef __x86_64__
	uint32_t saved = rx_fp_host_begin();
	uint64_t r;
	bool b;

	(void)rx_host_f64_add(0x3ff0000000000000, 0x3c00000000000000, &r);
	CU_ASSERT_EQUAL(collect(), RX_FP_NX);
	(void)rx_host_f64_lt(0x7ff8000000000000, 0, &b);
	CU_ASSERT_EQUAL(collect(), RX_FP_NV);
	(void)rx_host_f64_eq(0x7ff8000000000000, 0, &b);
	CU_ASSERT_EQUAL(collect(), 0);
	(void)rx_host_f64_eq(0x7ff0000000000001, 0, &b);
	CU_ASSERT_EQUAL(collect(), RX_FP_NV);
	rx_fp_host_end(saved);
#else
	CU_ASSERT_FALSE(rx_fp_host_has_fma());
#endif
}

CU_TestInfo fp_host_tests[] = {
	{ "environment", test_environment },
	{ "unused results", test_unused_result },
	CU_TEST_INFO_NULL,
};

void
fp_add_host_tests(void)
{
	char name[64];

	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
		snprintf(name, sizeof(name), "%s %s", ops[i].f->name,
			 ops[i].name);
		rx_tap_add("fp/host", name, test_op, &ops[i]);
	}
}
