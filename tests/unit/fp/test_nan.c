/* test_nan.c - which NaN comes out, and when it is invalid. SPDX-License-Identifier: MIT
 *
 * Expectations by hand from the manuals: RISC-V "NaN generation and
 * propagation"; Arm DDI 0487 FPProcessNaNs, FPProcessNaNs3, FPMulAdd; Intel SDM
 * vol. 1 table 4-7 (test_hw.c compares the last with the host for all values).
 */
#include "fpt.h"
#include "suites.h"

#define Q1 0x7fc00001u		/* quiet, payload 1 */
#define Q2 0xffc00002u
#define Q3 0x7fc00003u
#define S1 0x7f800001u		/* signalling */
#define S2 0xff800002u
#define S3 0x7f800003u
#define QUIET 0x00400000u
#define NAN_POS 0x7fc00000u
#define NAN_NEG 0xffc00000u
#define ONE 0x3f800000u
#define INF 0x7f800000u
#define NEG 0x80000000u

struct vector {
	uint32_t v[3];
	uint32_t want[3];	/* RX_NAN_CANON, RX_NAN_ARM, RX_NAN_SSE */
	unsigned flags[3];
};

static const struct vector two[] = {
	{ { Q1, Q2 }, { NAN_POS, Q1, Q1 }, { 0, 0, 0 } },
	{ { Q2, ONE }, { NAN_POS, Q2, Q2 }, { 0, 0, 0 } },
	{ { ONE, Q2 }, { NAN_POS, Q2, Q2 }, { 0, 0, 0 } },
	{ { S1, Q2 }, { NAN_POS, S1 | QUIET, S1 | QUIET }, { 16, 16, 16 } },
	{ { Q1, S2 }, { NAN_POS, S2 | QUIET, Q1 }, { 16, 16, 16 } },
	{ { S1, S2 }, { NAN_POS, S1 | QUIET, S1 | QUIET }, { 16, 16, 16 } },
	{ { INF, S2 }, { NAN_POS, S2 | QUIET, S2 | QUIET }, { 16, 16, 16 } },
};

static const struct vector three[] = {
	{ { Q1, Q2, Q3 }, { NAN_POS, Q3, Q1 }, { 0, 0, 0 } },
	{ { ONE, Q2, Q3 }, { NAN_POS, Q3, Q2 }, { 0, 0, 0 } },
	{ { Q1, Q2, ONE }, { NAN_POS, Q1, Q1 }, { 0, 0, 0 } },
	{ { Q1, S2, Q3 }, { NAN_POS, S2 | QUIET, Q1 }, { 16, 16, 16 } },
	{ { Q1, S2, S3 }, { NAN_POS, S3 | QUIET, Q1 }, { 16, 16, 16 } },
	{ { ONE, ONE, S3 }, { NAN_POS, S3 | QUIET, S3 | QUIET }, { 16, 16, 16 } },
	{ { INF, 0, ONE }, { NAN_POS, NAN_POS, NAN_NEG }, { 16, 16, 16 } },
	/* 754 7.2 c: the standard leaves this to the implementation */
	{ { INF, 0, Q3 }, { NAN_POS, NAN_POS, Q3 }, { 16, 16, 0 } },
	{ { NEG, INF, Q2 }, { NAN_POS, NAN_POS, Q2 }, { 16, 16, 0 } },
	{ { INF, 0, S3 }, { NAN_POS, S3 | QUIET, S3 | QUIET }, { 16, 16, 16 } },
	{ { INF, ONE, INF | NEG }, { NAN_POS, NAN_POS, NAN_NEG }, { 16, 16, 16 } },
};

static void
check(const struct vector *x, const char *op, unsigned rule, uint32_t got,
      const struct rx_fpenv *env)
{
	static const char *const names[] = { "canon", "arm", "sse" };
	struct fpt_case c = { op, &fpt_f32, { x->v[0], x->v[1], x->v[2] }, 0,
			      names[rule] };

	fpt_check(&c, got, env->flags, x->want[rule], x->flags[rule]);
}

static void
test_two(void)
{
	static uint32_t (*const ops[])(uint32_t, uint32_t, struct rx_fpenv *) = {
		rx_f32_add, rx_f32_sub, rx_f32_mul, rx_f32_div,
	};

	fpt_begin();
	for (size_t i = 0; i < sizeof(two) / sizeof(*two); i++) {
		for (unsigned k = 0; k < 4 * 3; k++) {
			struct rx_fpenv env = { .nan = (uint8_t)(k % 3) };
			uint32_t r = ops[k / 3](two[i].v[0], two[i].v[1], &env);

			check(&two[i], fpt_op_names[k / 3], k % 3, r, &env);
		}
	}
	fpt_end();
}

static void
test_three(void)
{
	fpt_begin();
	for (size_t i = 0; i < sizeof(three) / sizeof(*three); i++) {
		for (unsigned rule = 0; rule < 3; rule++) {
			const uint32_t *v = three[i].v;
			struct rx_fpenv env = { .nan = (uint8_t)rule };
			uint32_t r = rx_f32_muladd(v[0], v[1], v[2], &env);

			check(&three[i], "muladd", rule, r, &env);
		}
	}
	fpt_end();
}

/* Payloads between formats keep their leading bits; the result is quiet. */
static void
test_payload(void)
{
	struct rx_fpenv env = RX_FPENV_ARM(RX_RNE);

	CU_ASSERT_EQUAL(rx_f32_to_f64(0xffc12345, &env), 0xfff82468a0000000);
	CU_ASSERT_EQUAL(rx_f64_to_f32(0x7ff82468bfffffff, &env), 0x7fc12345);
	CU_ASSERT_EQUAL(rx_f32_to_f16(0x7fc7e000, &env), 0x7e3f);
	CU_ASSERT_EQUAL(rx_f16_to_f64(0xfe01, &env), 0xfff8040000000000);
	CU_ASSERT_EQUAL(env.flags, 0);
	/* a payload that is lost leaves the quiet bit */
	CU_ASSERT_EQUAL(rx_f64_to_f16(0x7ff0000000000001, &env), 0x7e00);
	CU_ASSERT_EQUAL(env.flags, RX_FP_NV);
	env.nan = RX_NAN_CANON;
	CU_ASSERT_EQUAL(rx_f32_to_f64(0xffc12345, &env), 0x7ff8000000000000);
}

/* Arm FZ: operands are zeros and raise ID, also beside a NaN; a result that is
 * tiny before rounding is zero and raises UF alone. */
static void
test_arm_flush(void)
{
	struct rx_fpenv env = RX_FPENV_ARM(RX_RNE);

	env.flush_in = env.flag_in = 1;
	env.flush_out = RX_FLUSH_UF;
	CU_ASSERT_EQUAL(rx_f32_add(1, 0x80000002, &env), 0);
	CU_ASSERT_EQUAL(env.flags, RX_FP_ID);
	env.flags = 0;
	CU_ASSERT_EQUAL(rx_f32_mul(1, Q1, &env), Q1);
	CU_ASSERT_EQUAL(env.flags, RX_FP_ID);
	env.flags = 0;
	CU_ASSERT_EQUAL(rx_f32_mul(0x80800000, 0x3f000000, &env), 0x80000000);
	CU_ASSERT_EQUAL(env.flags, RX_FP_UF);
	env.flags = 0;
	/* (1 - 2^-24) * 2^-126 would round up to the least normal number */
	CU_ASSERT_EQUAL(rx_f32_mul(0x00ffffff, 0x3f000000, &env), 0);
	CU_ASSERT_EQUAL(env.flags, RX_FP_UF);
	env.flags = 0;
	env.flush_out = RX_FLUSH_NONE;
	CU_ASSERT_EQUAL(rx_f32_mul(0x00ffffff, 0x3f000000, &env), 0x00800000);
	CU_ASSERT_EQUAL(env.flags, RX_FP_UF | RX_FP_NX);
	env.flags = 0;
	env.tiny_before = 0;
	CU_ASSERT_EQUAL(rx_f32_mul(0x00ffffff, 0x3f000000, &env), 0x00800000);
	CU_ASSERT_EQUAL(env.flags, RX_FP_UF | RX_FP_NX);
}

/* Flags accumulate; nothing clears them. */
static void
test_sticky(void)
{
	struct rx_fpenv env = RX_FPENV_RISCV(RX_RNE);

	env.flags = RX_FP_DZ;
	CU_ASSERT_EQUAL(rx_f64_sqrt(0xbff0000000000000, &env),
			0x7ff8000000000000);
	CU_ASSERT_EQUAL(env.flags, RX_FP_DZ | RX_FP_NV);
	CU_ASSERT_EQUAL(rx_f64_add(0, 0, &env), 0);
	CU_ASSERT_EQUAL(env.flags, RX_FP_DZ | RX_FP_NV);
}

CU_TestInfo fp_nan_tests[] = {
	{ "two operands", test_two },
	{ "three operands", test_three },
	{ "payload between formats", test_payload },
	{ "Arm flush to zero", test_arm_flush },
	{ "flags accumulate", test_sticky },
	CU_TEST_INFO_NULL,
};
