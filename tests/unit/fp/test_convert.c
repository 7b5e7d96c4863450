/* test_convert.c - integers, integral values, formats. SPDX-License-Identifier: MIT
 *
 * Expectations come from ref.c, and for integers from a sum of bits: the value
 * is split into whole units and four classes of remainder.
 */
#include "ref.h"
#include "suites.h"

typedef unsigned __int128 u128;

static const unsigned directions[] = {
	RX_RNE, RX_RTZ, RX_RDN, RX_RUP, RX_RMM, RX_RTO,
};

enum rest { REST_NONE, REST_LESS, REST_HALF, REST_MORE };

/* |a| as whole units (2^100 where that or infinite) and what is left. */
static u128
split(const struct fpt_fmt *f, uint64_t a, enum rest *rest)
{
	uint64_t m = fpt_magnitude(f, a), frac = m & ((UINT64_C(1) << f->fbits) - 1);
	int e = (int)(m >> f->fbits), bias = (1 << (f->ebits - 1)) - 1;
	u128 whole = 0;
	bool half = false, less = false;

	*rest = REST_NONE;
	if (e)
		frac |= UINT64_C(1) << f->fbits;
	else
		e = 1;
	if (m >= fpt_inf(f) || e - bias >= 100)
		return (u128)1 << 100;
	for (int i = 0; i <= f->fbits; i++) {
		int weight = e - bias - f->fbits + i;

		if (!(frac >> i & 1))
			continue;
		if (weight >= 0)
			whole += (u128)1 << weight;
		else if (weight == -1)
			half = true;
		else
			less = true;
	}
	*rest = half ? less ? REST_MORE : REST_HALF
		     : less ? REST_LESS : REST_NONE;
	return whole;
}

static u128
round_units(u128 whole, enum rest rest, bool neg, unsigned round)
{
	switch (round) {
	case RX_RNE:
		return whole + (rest == REST_MORE
				|| (rest == REST_HALF && whole % 2));
	case RX_RMM:
		return whole + (rest >= REST_HALF);
	case RX_RDN:
		return whole + (rest != REST_NONE && neg);
	case RX_RUP:
		return whole + (rest != REST_NONE && !neg);
	case RX_RTO:
		return whole + (rest != REST_NONE && whole % 2 == 0);
	}
	return whole;
}

/* What cannot be converted gives, by rule: too great, too small, NaN. */
struct limits {
	bool is_signed;
	uint64_t max, min;		/* magnitudes */
	uint64_t bad[3][3];
};

static const struct limits limits[4] = {
	{ true, INT32_MAX, (uint64_t)INT32_MAX + 1,
	  { { 0x7fffffff, 0x80000000, 0x7fffffff },
	    { 0x7fffffff, 0x80000000, 0 },
	    { 0x80000000, 0x80000000, 0x80000000 } } },
	{ false, UINT32_MAX, 0,
	  { { UINT32_MAX, 0, UINT32_MAX },
	    { UINT32_MAX, 0, 0 },
	    { UINT32_MAX, UINT32_MAX, UINT32_MAX } } },
	{ true, INT64_MAX, (uint64_t)INT64_MAX + 1,
	  { { INT64_MAX, (uint64_t)INT64_MIN, INT64_MAX },
	    { INT64_MAX, (uint64_t)INT64_MIN, 0 },
	    { (uint64_t)INT64_MIN, (uint64_t)INT64_MIN, (uint64_t)INT64_MIN } } },
	{ false, UINT64_MAX, 0,
	  { { UINT64_MAX, 0, UINT64_MAX },
	    { UINT64_MAX, 0, 0 },
	    { UINT64_MAX, UINT64_MAX, UINT64_MAX } } },
};

struct funcs {
	const struct fpt_fmt *f;
	uint64_t (*to_int[4])(uint64_t, struct rx_fpenv *);
	uint32_t (*to_mod)(uint64_t, struct rx_fpenv *);
	uint64_t (*from_int[4])(uint64_t, struct rx_fpenv *);
	uint64_t (*rint)(uint64_t, bool, struct rx_fpenv *);
};

#define INTEGER(F, T, name, I, U)					\
	static uint64_t							\
	F##_to_##name(uint64_t v, struct rx_fpenv *env)			\
	{								\
		return (U)rx_##F##_to_##name((T)v, env);		\
	}								\
	static uint64_t							\
	F##_from_##name(uint64_t v, struct rx_fpenv *env)		\
	{								\
		return rx_##F##_from_##name((I)v, env);			\
	}
#define FUNCS(F, T)							\
	INTEGER(F, T, i32, int32_t, uint32_t)				\
	INTEGER(F, T, u32, uint32_t, uint32_t)				\
	INTEGER(F, T, i64, int64_t, uint64_t)				\
	INTEGER(F, T, u64, uint64_t, uint64_t)				\
	static uint32_t							\
	F##_to_mod(uint64_t v, struct rx_fpenv *env)			\
	{								\
		return (uint32_t)rx_##F##_to_i32_mod((T)v, env);	\
	}								\
	static uint64_t							\
	F##_rint(uint64_t v, bool nx, struct rx_fpenv *env)		\
	{								\
		return rx_##F##_rint((T)v, nx, env);			\
	}								\
	static const struct funcs F##_funcs = {				\
		&fpt_##F,						\
		{ F##_to_i32, F##_to_u32, F##_to_i64, F##_to_u64 },	\
		F##_to_mod,						\
		{ F##_from_i32, F##_from_u32, F##_from_i64, F##_from_u64 }, \
		F##_rint,						\
	};
FUNCS(f16, uint16_t)
FUNCS(f32, uint32_t)
FUNCS(f64, uint64_t)

static const char *const int_names[4] = { "i32", "u32", "i64", "u64" };

static uint64_t
expect_int(const struct fpt_fmt *f, uint64_t v, const struct limits *l,
	   unsigned round, unsigned rule, unsigned *flags)
{
	bool neg = v & fpt_sign(f);
	enum rest rest;
	u128 m = split(f, v, &rest);

	m = round_units(m, rest, neg, round);
	*flags = RX_FP_NV;
	if (fpt_is_nan(f, v))
		return l->bad[rule][2];
	if (m > (neg ? l->min : l->max))
		return l->bad[rule][neg];
	*flags = rest != REST_NONE ? RX_FP_NX : 0;
	m = neg ? -m : m;
	return l->max >> 32 ? (uint64_t)m : (uint32_t)m;
}

static void
to_int_one(const struct funcs *fn, uint64_t v, unsigned round)
{
	struct fpt_case c = { NULL, fn->f, { v, 0, 0 }, round, "to int" };
	enum rest rest;
	unsigned flags;
	uint64_t want, got;

	for (int i = 0; i < 4; i++) {
		for (unsigned rule = 0; rule < 3; rule++) {
			struct rx_fpenv env = { .round = (uint8_t)round,
						.toint = (uint8_t)rule };

			want = expect_int(fn->f, v, &limits[i], round, rule,
					  &flags);
			got = fn->to_int[i](v, &env);
			c.op = int_names[i];
			fpt_check(&c, got, env.flags, want, flags);
		}
	}
	/* modulo 2^32: toward zero, flags of the signed conversion */
	struct rx_fpenv env = { .round = (uint8_t)round };

	expect_int(fn->f, v, &limits[0], RX_RTZ, 0, &flags);
	want = fpt_magnitude(fn->f, v) >= fpt_inf(fn->f) ? 0
		: (uint32_t)split(fn->f, v, &rest);
	want = v & fpt_sign(fn->f) ? (uint32_t)-want : want;
	c.op = "mod";
	got = fn->to_mod(v, &env);
	fpt_check(&c, got, env.flags, want, flags);
}

static void
rint_one(const struct funcs *fn, uint64_t v, unsigned round)
{
	const struct fpt_fmt *f = fn->f;
	struct fpt_case c = { "rint", f, { v, 0, 0 }, round, NULL };
	struct ref_result want = { v, 0 };
	bool neg = v & fpt_sign(f);
	enum rest rest;
	u128 whole = split(f, v, &rest);

	if (fpt_is_nan(f, v)) {
		want.bits = fpt_default_nan(f);
		want.flags = fpt_is_snan(f, v) ? RX_FP_NV : 0;
	} else if (rest != REST_NONE) {
		want = ref_from_int(neg, (uint64_t)round_units(whole, rest, neg,
							      round), f, RX_RNE);
		want.flags = RX_FP_NX;	/* short enough to be exact */
	}
	for (int nx = 0; nx < 2; nx++) {
		struct rx_fpenv env = RX_FPENV_RISCV((uint8_t)round);
		uint64_t got = fn->rint(v, nx, &env);

		fpt_check(&c, got, env.flags, want.bits,
			  nx ? want.flags : want.flags & ~(unsigned)RX_FP_NX);
	}
}

static void
values(const struct funcs *fn, uint64_t n,
       void one(const struct funcs *, uint64_t, unsigned))
{
	const size_t nd = sizeof(directions) / sizeof(*directions);
	struct fpt_edges e;

	fpt_begin();
	fpt_edges(fn->f, &e);
	for (size_t i = 0; i < e.count * nd; i++)
		one(fn, e.v[i / nd], directions[i % nd]);
	if (fn->f == &fpt_f16) {
		for (uint64_t v = 0; v < 0x10000; v++)
			one(fn, v, directions[(v ^ v >> 8) % nd]);
		n /= 4;
	}
	n = fpt_cases(n);
	for (uint64_t i = 0; i < n; i++)
		one(fn, fpt_random_value(fn->f), directions[i % nd]);
	fpt_end();
}

static void
from_int(const struct funcs *fn)
{
	uint64_t n = fpt_cases(40000);

	fpt_begin();
	for (uint64_t i = 0; i < n; i++) {
		uint64_t v = i < 8 ? i - 4 : fpt_random_int();
		unsigned round = directions[i % 6];

		for (int k = 0; k < 4; k++) {
			struct fpt_case c = { int_names[k], fn->f, { v, 0, 0 },
					      round, "from int" };
			struct rx_fpenv env = RX_FPENV_RISCV((uint8_t)round);
			bool neg = k == 0 ? (int32_t)v < 0
				: k == 2 && (int64_t)v < 0;
			uint64_t m = k < 2 ? (uint32_t)v : v;
			struct ref_result want;
			uint64_t got = fn->from_int[k](v, &env);

			if (neg)
				m = k == 0 ? (uint32_t)-m : -m;
			want = ref_from_int(neg, m, fn->f, round);
			fpt_check(&c, got, env.flags, want.bits, want.flags);
		}
	}
	fpt_end();
}

#define REFORMAT(A, TA, B)						\
	static uint64_t							\
	A##_to_##B(const uint64_t *v, struct rx_fpenv *env)		\
	{								\
		return rx_##A##_to_##B((TA)v[0], env);			\
	}
REFORMAT(f16, uint16_t, f32)
REFORMAT(f16, uint16_t, f64)
REFORMAT(f32, uint32_t, f16)
REFORMAT(f32, uint32_t, f64)
REFORMAT(f64, uint64_t, f16)
REFORMAT(f64, uint64_t, f32)

static void
reformat_one(const struct fpt_fmt *from, const struct fpt_fmt *to, fpt_fn *fn,
	     uint64_t v, unsigned turn)
{
	unsigned round = directions[turn % 6];
	bool before = turn / 6 % 2;
	struct fpt_case c = { "to", from, { v, 0, 0 }, round, to->name };
	struct rx_fpenv env = { .round = (uint8_t)round, .tiny_before = before };
	struct ref_result want = ref_convert(from, v, to, round, before);
	uint64_t got = fn(&v, &env);

	fpt_check(&c, got, env.flags, want.bits, want.flags);
}

static void
reformat(const struct fpt_fmt *from, const struct fpt_fmt *to, fpt_fn *fn)
{
	uint64_t n = fpt_cases(30000), bias;
	struct fpt_edges e;

	fpt_begin();
	fpt_edges(from, &e);
	for (size_t i = 0; i < e.count * 12; i++)
		reformat_one(from, to, fn, e.v[i / 12], (unsigned)i);
	for (uint64_t v = 0; from == &fpt_f16 && v < 0x10000; v++)
		reformat_one(from, to, fn, v, (unsigned)(v ^ v >> 9));
	bias = (UINT64_C(1) << (from->ebits - 1)) - 1;
	for (uint64_t i = 0; i < n; i++) {
		uint64_t v = fpt_random_value(from);

		/* half of them near the ends of the narrower format */
		if (to->ebits < from->ebits && i % 2) {
			uint64_t r = (UINT64_C(1) << (to->ebits - 1)) - 1;
			uint64_t x = i % 4 == 1 ? bias + r - 1 + i / 4 % 4
				: bias - r - i / 4 % ((uint64_t)to->fbits + 5) + 2;

			v = (v & ~fpt_inf(from)) | x << from->fbits;
		}
		reformat_one(from, to, fn, v, (unsigned)(i / 3));
	}
	fpt_end();
}

#define TEST(F)								\
	static void							\
	test_##F##_to_int(void)						\
	{								\
		values(&F##_funcs, 200000, to_int_one);			\
	}								\
	static void							\
	test_##F##_rint(void)						\
	{								\
		values(&F##_funcs, 100000, rint_one);			\
	}								\
	static void							\
	test_##F##_from_int(void)					\
	{								\
		from_int(&F##_funcs);					\
	}
TEST(f16)
TEST(f32)
TEST(f64)

#define TEST_REFORMAT(A, B)						\
	static void							\
	test_##A##_to_##B(void)						\
	{								\
		reformat(&fpt_##A, &fpt_##B, A##_to_##B);		\
	}
TEST_REFORMAT(f16, f32)
TEST_REFORMAT(f16, f64)
TEST_REFORMAT(f32, f16)
TEST_REFORMAT(f32, f64)
TEST_REFORMAT(f64, f16)
TEST_REFORMAT(f64, f32)

CU_TestInfo fp_convert_tests[] = {
	{ "f16 to integers", test_f16_to_int },
	{ "f32 to integers", test_f32_to_int },
	{ "f64 to integers", test_f64_to_int },
	{ "f16 from integers", test_f16_from_int },
	{ "f32 from integers", test_f32_from_int },
	{ "f64 from integers", test_f64_from_int },
	{ "f16 to integral value", test_f16_rint },
	{ "f32 to integral value", test_f32_rint },
	{ "f64 to integral value", test_f64_rint },
	{ "f16 to f32", test_f16_to_f32 },
	{ "f16 to f64", test_f16_to_f64 },
	{ "f32 to f16", test_f32_to_f16 },
	{ "f32 to f64", test_f32_to_f64 },
	{ "f64 to f16", test_f64_to_f16 },
	{ "f64 to f32", test_f64_to_f32 },
	CU_TEST_INFO_NULL,
};
