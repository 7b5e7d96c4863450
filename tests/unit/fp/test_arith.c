/* test_arith.c - arithmetic against the search in ref.c. SPDX-License-Identifier: MIT
 *
 * All six directions and both rules of tininess; the host's FPU knows four of
 * one (test_hw.c).
 */
#include "ref.h"
#include "suites.h"

static const unsigned directions[] = {
	RX_RNE, RX_RTZ, RX_RDN, RX_RUP, RX_RMM, RX_RTO,
};
#define NDIRECTIONS (sizeof(directions) / sizeof(*directions))

static void
one(const struct fpt_fmt *f, enum fpt_op op, const uint64_t *v, unsigned round,
    bool tiny_before)
{
	struct fpt_case c = { fpt_op_names[op], f, { v[0], v[1], v[2] }, round,
			      tiny_before ? "tiny before" : "tiny after" };
	struct rx_fpenv env = RX_FPENV_RISCV((uint8_t)round);
	struct ref_result want = ref_op(f, op, v, round, tiny_before);
	uint64_t got;

	env.tiny_before = tiny_before;
	got = fpt_soft(f, op)(v, &env);
	fpt_check(&c, got, env.flags, want.bits, want.flags);
}

static void
edges(const struct fpt_fmt *f, enum fpt_op op, size_t step)
{
	struct fpt_edges e;
	uint64_t v[3] = { 0, 0, 0 };
	unsigned turn = 0;

	fpt_edges(f, &e);
	for (size_t i = 0; i < e.count; i++) {
		v[0] = e.v[i];
		for (size_t j = 0; j < e.count; j++) {
			v[1] = e.v[j];
			v[2] = e.v[(i * 7 + j * 3) % e.count];
			if ((i + j) % step)
				continue;
			one(f, op, v, directions[turn % NDIRECTIONS],
			    turn / NDIRECTIONS % 2);
			turn++;
		}
	}
}

static void
random_cases(const struct fpt_fmt *f, enum fpt_op op, uint64_t n)
{
	uint64_t v[3];

	n = fpt_cases(n);
	for (uint64_t i = 0; i < n; i++) {
		fpt_random_operands(f, v);
		if (op == FPT_SQRT && i % 8)
			v[0] = fpt_magnitude(f, v[0]);
		one(f, op, v, directions[i % NDIRECTIONS], i / NDIRECTIONS % 2);
	}
}

/* Sums, products and roots that are exact or exact ties in the middle of two
 * neighbours: made from short significands, so that they occur often. */
static void
short_cases(const struct fpt_fmt *f, enum fpt_op op, uint64_t n)
{
	uint64_t bias = fpt_inf(f) >> 1 >> f->fbits, v[3];

	n = fpt_cases(n);
	for (uint64_t i = 0; i < n; i++) {
		for (int k = 0; k < 3; k++) {
			uint64_t r = fpt_random();
			int len = k == 2 ? f->fbits : (f->fbits + 3) / 2;
			uint64_t frac = r & ((UINT64_C(1) << len) - 1);

			v[k] = (bias - (r >> 58) % 8) << f->fbits
				| frac << (f->fbits - len)
				| (r >> 57 & 1 ? fpt_sign(f) : 0);
		}
		if (op == FPT_SQRT)
			v[0] = fpt_magnitude(f, v[0]);
		one(f, op, v, directions[i % NDIRECTIONS], false);
	}
}

static void
against_reference(const struct fpt_fmt *f, enum fpt_op op, uint64_t n)
{
	fpt_begin();
	edges(f, op, f == &fpt_f64 ? 5 : 1);
	random_cases(f, op, n);
	short_cases(f, op, n / 2);
	fpt_end();
}

#define TESTS(X)							\
	X(f16, add, ADD, 120000) X(f16, sub, SUB, 120000)		\
	X(f16, mul, MUL, 120000) X(f16, div, DIV, 120000)		\
	X(f16, muladd, MULADD, 120000)					\
	X(f32, add, ADD, 60000) X(f32, sub, SUB, 60000)			\
	X(f32, mul, MUL, 60000) X(f32, div, DIV, 60000)			\
	X(f32, sqrt, SQRT, 60000) X(f32, muladd, MULADD, 60000)		\
	X(f64, add, ADD, 10000) X(f64, sub, SUB, 10000)			\
	X(f64, mul, MUL, 10000) X(f64, div, DIV, 10000)			\
	X(f64, sqrt, SQRT, 10000) X(f64, muladd, MULADD, 20000)

#define TEST(F, name, OP, n)						\
	static void							\
	test_##F##_##name(void)						\
	{								\
		against_reference(&fpt_##F, FPT_##OP, n);		\
	}
TESTS(TEST)

static void
test_f16_sqrt_all(void)
{
	uint64_t v[3] = { 0, 0, 0 };

	fpt_begin();
	for (v[0] = 0; v[0] < 0x10000; v[0]++)
		for (size_t d = 0; d < NDIRECTIONS; d++)
			one(&fpt_f16, FPT_SQRT, v, directions[d], d & 1);
	fpt_end();
}

/* Every f16 with a fixed partner, for partners all over the range. */
static void
test_f16_all_by_some(void)
{
	static const uint64_t partners[] = {
		0x0000, 0x8001, 0x03ff, 0x8400, 0x1401, 0x3555, 0xbc00, 0x3c01,
		0x4248, 0xe7ff, 0x7bff, 0xfc00, 0x7d00, 0xfe01,
	};
	uint64_t v[3] = { 0, 0, 0x2345 };
	unsigned turn = 0;

	fpt_begin();
	for (size_t i = 0; i < sizeof(partners) / sizeof(*partners); i++) {
		v[1] = partners[i];
		for (v[0] = 0; v[0] < 0x10000; v[0]++, turn++) {
			enum fpt_op op = (enum fpt_op)(turn / 5 % 4);
			unsigned round = directions[turn % NDIRECTIONS];

			one(&fpt_f16, op, v, round, turn & 64);
		}
	}
	fpt_end();
}

/* RTO from directions that test_hw.c compares with hardware: the neighbours are
 * what RDN and RUP give, and RTO is the odd one of the two. */
static void
neighbours(const struct fpt_fmt *f, enum fpt_op op, uint64_t n)
{
	struct rx_fpenv dn, up, odd;
	uint64_t v[3], d, u, o;
	struct fpt_case c = { fpt_op_names[op], f, { 0, 0, 0 }, RX_RTO, "odd" };

	n = fpt_cases(n);
	for (uint64_t i = 0; i < n; i++) {
		fpt_random_operands(f, v);
		dn = (struct rx_fpenv)RX_FPENV_RISCV(RX_RDN);
		up = (struct rx_fpenv)RX_FPENV_RISCV(RX_RUP);
		odd = (struct rx_fpenv)RX_FPENV_RISCV(RX_RTO);
		d = fpt_soft(f, op)(v, &dn);
		u = fpt_soft(f, op)(v, &up);
		o = fpt_soft(f, op)(v, &odd);
		if (!(dn.flags & RX_FP_NX))
			continue;
		for (int k = 0; k < 3; k++)
			c.v[k] = v[k];
		fpt_check(&c, o, odd.flags & RX_FP_NX, d & 1 ? d : u, RX_FP_NX);
	}
}

static void
test_odd(void)
{
	fpt_begin();
	for (int op = 0; op < FPT_NOPS; op++) {
		neighbours(&fpt_f16, (enum fpt_op)op, 100000);
		neighbours(&fpt_f32, (enum fpt_op)op, 100000);
		neighbours(&fpt_f64, (enum fpt_op)op, 100000);
	}
	fpt_end();
}

/* A direction that does not exist acts as RNE. */
static void
test_bad_direction(void)
{
	struct rx_fpenv env = RX_FPENV_RISCV(0xff);

	CU_ASSERT_EQUAL(rx_f64_div(0x3ff0000000000000, 0x4008000000000000, &env),
			0x3fd5555555555555);
	CU_ASSERT_EQUAL(env.flags, RX_FP_NX);
	CU_ASSERT_EQUAL(rx_f32_add(0x7f7fffff, 0x7f7fffff, &env), 0x7f800000);
	CU_ASSERT_EQUAL(env.flags, RX_FP_NX | RX_FP_OF);
}

#define INFO(F, name, OP, n) { #F " " #name, test_##F##_##name },

CU_TestInfo fp_arith_tests[] = {
	TESTS(INFO)
	{ "f16 sqrt of every value", test_f16_sqrt_all },
	{ "f16 every value by some", test_f16_all_by_some },
	{ "round to odd", test_odd },
	{ "unknown rounding direction", test_bad_direction },
	CU_TEST_INFO_NULL,
};
