/* test_compare.c - comparison, minimum, maximum, class. SPDX-License-Identifier: MIT
 *
 * The expectations order bit patterns as integers, which compare.c does not.
 */
#include "fpt.h"
#include "suites.h"

struct funcs {
	const struct fpt_fmt *f;
	enum rx_fp_rel (*compare)(const uint64_t *, bool, struct rx_fpenv *);
	bool (*quiet[4])(const uint64_t *, struct rx_fpenv *);
	bool (*signal[2])(const uint64_t *, struct rx_fpenv *);
	uint64_t (*minmax)(const uint64_t *, bool, enum rx_fp_minmax,
			   struct rx_fpenv *);
	uint32_t (*class)(uint64_t);
};

#define PREDICATE(F, T, name)						\
	static bool							\
	F##_##name(const uint64_t *v, struct rx_fpenv *env)		\
	{								\
		return rx_##F##_##name((T)v[0], (T)v[1], env);		\
	}
#define FUNCS(F, T)							\
	static enum rx_fp_rel						\
	F##_compare(const uint64_t *v, bool signal, struct rx_fpenv *env) \
	{								\
		return rx_##F##_compare((T)v[0], (T)v[1], signal, env);	\
	}								\
	static uint64_t							\
	F##_minmax(const uint64_t *v, bool max, enum rx_fp_minmax rule,	\
		   struct rx_fpenv *env)				\
	{								\
		return max ? rx_##F##_max((T)v[0], (T)v[1], rule, env)	\
			   : rx_##F##_min((T)v[0], (T)v[1], rule, env);	\
	}								\
	static uint32_t							\
	F##_class(uint64_t v)						\
	{								\
		return rx_##F##_class((T)v);				\
	}								\
	PREDICATE(F, T, eq)						\
	PREDICATE(F, T, ltq)						\
	PREDICATE(F, T, leq)						\
	PREDICATE(F, T, unordered)					\
	PREDICATE(F, T, lt)						\
	PREDICATE(F, T, le)						\
	static const struct funcs F##_funcs = {				\
		&fpt_##F, F##_compare,					\
		{ F##_eq, F##_ltq, F##_leq, F##_unordered },		\
		{ F##_lt, F##_le }, F##_minmax, F##_class,		\
	};
FUNCS(f16, uint16_t)
FUNCS(f32, uint32_t)
FUNCS(f64, uint64_t)

/* A number that orders non-NaN patterns; both zeros give 0. */
static int64_t
key(const struct fpt_fmt *f, uint64_t v)
{
	int64_t m = (int64_t)fpt_magnitude(f, v);

	return v & fpt_sign(f) ? -m : m;
}

static void
compare_one(const struct funcs *fn, const uint64_t *v)
{
	const struct fpt_fmt *f = fn->f;
	bool nan = fpt_is_nan(f, v[0]) || fpt_is_nan(f, v[1]);
	bool snan = fpt_is_snan(f, v[0]) || fpt_is_snan(f, v[1]);
	int64_t a = key(f, v[0]), b = key(f, v[1]);
	bool lt = !nan && a < b, eq = !nan && a == b;
	bool quiet[4] = { eq, lt, lt || eq, nan };
	bool signal[2] = { lt, lt || eq };
	int rel = nan ? RX_FP_UNORDERED : lt ? RX_FP_LESS
		  : eq ? RX_FP_EQUAL : RX_FP_GREATER;
	struct fpt_case c = { "compare", f, { v[0], v[1], 0 }, 0, NULL };
	struct rx_fpenv env = { 0 };
	int got;

	for (int i = 0; i < 2; i++) {
		env.flags = 0;
		got = fn->compare(v, i, &env);
		fpt_check(&c, (uint64_t)got, env.flags, (uint64_t)rel,
			  (i ? nan : snan) ? RX_FP_NV : 0);
	}
	for (int i = 0; i < 4; i++) {
		c.op = "eq ltq leq unordered";
		env.flags = 0;
		got = fn->quiet[i](v, &env);
		fpt_check(&c, (uint64_t)got, env.flags, quiet[i],
			  snan ? RX_FP_NV : 0);
	}
	for (int i = 0; i < 2; i++) {
		c.op = "lt le";
		env.flags = 0;
		got = fn->signal[i](v, &env);
		fpt_check(&c, (uint64_t)got, env.flags, signal[i],
			  nan ? RX_FP_NV : 0);
	}
}

static void
minmax_one(const struct funcs *fn, const uint64_t *v)
{
	const struct fpt_fmt *f = fn->f;
	bool an = fpt_is_nan(f, v[0]), bn = fpt_is_nan(f, v[1]);
	bool snan = fpt_is_snan(f, v[0]) || fpt_is_snan(f, v[1]);
	int64_t a = key(f, v[0]), b = key(f, v[1]);

	/* -0 < +0: only the rule of x86 does not say so */
	bool a_less = a < b || (a == b && v[0] & fpt_sign(f));

	for (int max = 0; max < 2; max++) {
		for (int rule = RX_MM_NUMBER; rule <= RX_MM_X86; rule++) {
			struct fpt_case c = { max ? "max" : "min", f,
					      { v[0], v[1], 0 }, 0, NULL };
			struct rx_fpenv env = { 0 };
			unsigned flags = snan ? RX_FP_NV : 0;
			uint64_t want, got;

			want = a_less != max ? v[0] : v[1];
			if (rule == RX_MM_X86) {
				want = !an && !bn && (max ? a > b : a < b)
					? v[0] : v[1];
				if (an || bn)
					flags = RX_FP_NV;
			} else if ((an && bn) || ((an || bn)
				   && (rule == RX_MM_NAN
				       || (rule == RX_MM_NUM2008 && snan)))) {
				want = fpt_default_nan(f);
			} else if (an || bn) {
				want = an ? v[1] : v[0];
			}
			c.note = (const char *[]){ "number", "nan", "2008",
						   "x86" }[rule];
			got = fn->minmax(v, max, (enum rx_fp_minmax)rule, &env);
			fpt_check(&c, got, env.flags, want, flags);
		}
	}
}

static void
pairs(const struct funcs *fn, void one(const struct funcs *, const uint64_t *))
{
	struct fpt_edges e;
	uint64_t n = fpt_cases(200000), v[3];

	fpt_begin();
	fpt_edges(fn->f, &e);
	for (size_t i = 0; i < e.count; i++) {
		for (size_t j = 0; j < e.count; j++) {
			v[0] = e.v[i];
			v[1] = e.v[j];
			one(fn, v);
		}
	}
	for (uint64_t i = 0; i < n; i++) {
		fpt_random_operands(fn->f, v);
		one(fn, v);
	}
	fpt_end();
}

static uint32_t
class_of(const struct fpt_fmt *f, uint64_t v)
{
	uint64_t m = fpt_magnitude(f, v);
	bool neg = v & fpt_sign(f);

	if (m > fpt_inf(f))
		return fpt_is_snan(f, v) ? 0x100 : 0x200;
	if (m == fpt_inf(f))
		return neg ? 0x01 : 0x80;
	if (m >> f->fbits)
		return neg ? 0x02 : 0x40;
	if (m)
		return neg ? 0x04 : 0x20;
	return neg ? 0x08 : 0x10;
}

static void
classes(const struct funcs *fn)
{
	struct fpt_edges e;
	struct fpt_case c = { "class", fn->f, { 0, 0, 0 }, 0, NULL };

	fpt_begin();
	fpt_edges(fn->f, &e);
	for (size_t i = 0; i < e.count + 100000; i++) {
		c.v[0] = i < e.count ? e.v[i] : fpt_random_value(fn->f);
		if (fn->f == &fpt_f16)
			c.v[0] = i & 0xffff;
		fpt_check(&c, fn->class(c.v[0]), 0, class_of(fn->f, c.v[0]), 0);
	}
	fpt_end();
}

#define TEST(F)								\
	static void							\
	test_##F##_compare(void)					\
	{								\
		pairs(&F##_funcs, compare_one);				\
	}								\
	static void							\
	test_##F##_minmax(void)						\
	{								\
		pairs(&F##_funcs, minmax_one);				\
	}								\
	static void							\
	test_##F##_class(void)						\
	{								\
		classes(&F##_funcs);					\
	}
TEST(f16)
TEST(f32)
TEST(f64)

/* flush_in: a denormal is a zero of its sign, also where it is the result. */
static void
test_flush(void)
{
	struct rx_fpenv env = { .flush_in = 1, .flag_in = 1 };

	CU_ASSERT_EQUAL(rx_f32_compare(0x80000001, 0, false, &env), RX_FP_EQUAL);
	CU_ASSERT_EQUAL(env.flags, RX_FP_ID);
	env.flags = 0;
	CU_ASSERT_EQUAL(rx_f32_min(0x80000001, 0x3f800000, RX_MM_NAN, &env),
			0x80000000);
	CU_ASSERT_EQUAL(env.flags, RX_FP_ID);
	env.flags = 0;
	CU_ASSERT_EQUAL(rx_f32_max(0x00000001, 0xbf800000, RX_MM_NUM2008, &env),
			0);
	CU_ASSERT_EQUAL(env.flags, RX_FP_ID);
	env.flags = 0;
	CU_ASSERT_EQUAL(rx_f32_max(0x40000000, 0xbf800000, RX_MM_NUM2008, &env),
			0x40000000);
	CU_ASSERT_EQUAL(env.flags, 0);
}

CU_TestInfo fp_compare_tests[] = {
	{ "f16 compare", test_f16_compare },
	{ "f32 compare", test_f32_compare },
	{ "f64 compare", test_f64_compare },
	{ "f16 min max", test_f16_minmax },
	{ "f32 min max", test_f32_minmax },
	{ "f64 min max", test_f64_minmax },
	{ "f16 class of every value", test_f16_class },
	{ "f32 class", test_f32_class },
	{ "f64 class", test_f64_class },
	{ "flushed operands", test_flush },
	CU_TEST_INFO_NULL,
};
