/* test_f80.c - the x87's format against the host's x87. SPDX-License-Identifier: MIT
 *
 * Bit for bit with exceptions, C1 and conditions, at all precisions and
 * rounding directions, masked and not; sine and cosine within one ulp of the
 * host, whose exceptions must be the same. Then known values, on any host.
 */
#include <inttypes.h>
#include <string.h>

#include "fpt.h"
#include "suites.h"
#include "x87.h"

#define F80(se, sig) ((rx_f80)(se) << 64 | UINT64_C(sig))
#define SIGN ((rx_f80)1 << 79)
#define ARGS(x) (unsigned)((x) >> 64), (uint64_t)(x)
#define X "%04x:%016" PRIx64

static const uint16_t exponents[] = {
	0, 1, 2, 0x3f69, 0x3f6a, 0x3f80, 0x3f81, 0x3c01, 0x3bcd, 0x3bff, 0x3ffd,
	0x3ffe, 0x3fff, 0x4000, 0x400d, 0x400e, 0x401d, 0x401e, 0x403c, 0x403d,
	0x403e, 0x403f, 0x407d, 0x407e, 0x43fd, 0x43fe, 0x43ff, 0x5fff, 0x6000,
	0x7ffd, 0x7ffe, 0x7fff,
};
static const uint64_t significands[] = {
	0, 1, 0x7fffffffffffffff, 0x8000000000000000, 0x8000000000000001,
	0x8000000000000400, 0x8000008000000000, 0xa000000000000000,
	0xc000000000000000, 0xc000000000000123, 0xfffffefffffffbff,
	0xffffff8000000000, 0xfffffffffffffc00, 0xffffffffffffffff,
	0x4000000000000000, 0x8000000000000123, 0x0000000000000401,
};
#define NEXP (sizeof(exponents) / sizeof(*exponents))
#define NSIG (sizeof(significands) / sizeof(*significands))
#define NEDGES (2 * NEXP * NSIG)

static rx_f80
edge(uint64_t k)
{
	uint64_t e = exponents[k / 2 / NSIG % NEXP] | (k & 1) << 15;

	return (rx_f80)e << 64 | significands[k / 2 % NSIG];
}

/* Half the numbers have few bits, and exponents that meet. */
static rx_f80
number(void)
{
	uint64_t r = fpt_random(), sig = fpt_random();
	unsigned e;

	if (r % 8 == 0)
		return edge(r >> 8);
	if (r & 8)
		sig &= ~UINT64_C(0) << (r >> 8 & 63);
	sig |= UINT64_C(1) << 63;
	switch (r >> 4 & 3) {
	case 0:
		e = (unsigned)(16383 - 70 + (r >> 16) % 140);
		break;
	case 1:
		e = exponents[(r >> 16) % NEXP];
		break;
	default:
		e = (unsigned)(r >> 16) & 0x7fff;
	}
	return (rx_f80)(e | (r >> 40 & 0x8000)) << 64 | sig;
}

static uint64_t
memory(enum x87_arg arg)
{
	switch (arg) {
	case X87_M32:
		return fpt_random_value(&fpt_f32);
	case X87_M64:
		return fpt_random_value(&fpt_f64);
	default:
		return fpt_random_int();
	}
}

static uint64_t differed, far;

/* The numbers of a sign in their order, without the integer part's bit. */
static __int128
position(rx_f80 a)
{
	return (__int128)((a >> 64 << 63) | ((uint64_t)a & INT64_MAX));
}

/* One ulp apart at most, also over a power of two. */
static bool
near(rx_f80 a, rx_f80 b)
{
	__int128 d = position(a) - position(b);

	return d >= -1 && d <= 1;
}

static bool
same(const struct x87_op *op, rx_f80 in, const struct x87_case *h, const struct x87_case *s)
{
	uint16_t mask = 0xffff;

	/* where the least normal number's sine is rounded to that or to the
	 * one below decides about underflow */
	if (op->rough && (in & ~SIGN) - F80(0, 0x8000000000000000) <= F80(1, 0))
		return true;
	if (op->rough && h->a != s->a) {
		far += !near(h->a, s->a);
		mask = (uint16_t)~X87_C1;
		return near(h->a, s->a) && !((h->sw ^ s->sw) & mask);
	}
	if (op->rough)	/* how it was rounded is part of the ulp */
		mask = (uint16_t)~X87_C1;
	return h->a == s->a && h->m == s->m && !((h->sw ^ s->sw) & mask);
}

static void
one(const struct x87_op *op, rx_f80 a, rx_f80 b, uint64_t m, uint16_t cw)
{
	struct x87_case in = { a, b, m, cw, 0 }, h = in, s = in;

	op->hw(&h);
	op->soft(&s);
	if (same(op, a, &h, &s) || ++differed > 8)
		return;
	rx_tap_fail(__FILE__, __LINE__, "%s " X " " X " m=%" PRIx64 " cw=%04x: got "
		    X " m=%" PRIx64 " sw=%04x, the host has " X " m=%" PRIx64 " sw=%04x",
		    op->name, ARGS(a), ARGS(b), m, cw, ARGS(s.a), s.m, s.sw,
		    ARGS(h.a), h.m, h.sw);
}

/* Precision, direction, masks. */
static uint16_t
control(uint64_t r)
{
	uint16_t masks = r & 8 ? (uint16_t)(r >> 8 & X87_ALL) : X87_ALL;
	static const uint16_t prec[] = { 0, 0x200, 0x300, 0x300 };

	return (uint16_t)(masks | prec[r & 3] | (r >> 4 & 3) << 10);
}

static void
test_op(const void *arg)
{
	const struct x87_op *op = arg;
	uint64_t n = fpt_cases(150000);

	if (!op->hw) {
		rx_tap_skip("the host is not an x86-64");
		return;
	}
	differed = far = 0;
	for (uint64_t k = 0; k < NEDGES; k++)
		for (uint16_t rc = 0; rc < 8; rc++)
			one(op, edge(k), edge(fpt_random()), memory(op->arg),
			    (uint16_t)(rc << 10 | (rc & 4 ? 0x340 : 0x37f)));
	for (uint64_t i = 0; i < n; i++) {
		rx_f80 a = number(), b = number();
		uint64_t r = fpt_random();

		if (r >> 60 == 0)	/* equal, opposite, neighbours */
			b = (a ^ (rx_f80)(r >> 59 & 1) << 79) ^ (r >> 58 & 1);
		one(op, a, b, memory(op->arg), control(r));
	}
	if (differed)
		rx_tap_fail(__FILE__, __LINE__, "%" PRIu64 " cases differ, %" PRIu64
			    " by more than one ulp", differed, far);
	CU_ASSERT_NOT_EQUAL(n, 0);
}

/* ---- known values: SDM volume 1 chapters 4 and 8, and arithmetic by hand */

#define ONE F80(0x3fff, 0x8000000000000000)
#define TWO F80(0x4000, 0x8000000000000000)
#define INF F80(0x7fff, 0x8000000000000000)
#define QNAN F80(0xffff, 0xc000000000000000)
#define TINY F80(0, 1)
#define HUGE_VALUE F80(0x7ffe, 0xffffffffffffffff)
#define UNNORMAL F80(0x3fff, 0x4000000000000000)
#define PI F80(0x4000, 0xc90fdaa22168c235)

#define UNMASK(x) (0x37f & ~(x))

static const struct {
	const char *op;
	struct x87_case in;
	rx_f80 a;
	uint64_t m;
	uint16_t sw;
} known[] = {
	{ "add", { ONE, F80(0x3fbf, 0x8000000000000000), 0, 0x37f, 0 },
	  ONE, 0, X87_PE },		/* 1 + 2^-64: a tie, to even */
	{ "add", { ONE, F80(0x3fbf, 0x8000000000000000), 0, 0xb7f, 0 },
	  F80(0x3fff, 0x8000000000000001), 0, X87_PE | X87_C1 },
	{ "add", { ONE, F80(0x3fe7, 0xc000000000000000), 0, 0x07f, 0 },
	  F80(0x3fff, 0x8000010000000000), 0, X87_PE | X87_C1 },
	{ "add", { ONE, F80(0x3fca, 0xc000000000000000), 0, 0x27f, 0 },
	  F80(0x3fff, 0x8000000000000800), 0, X87_PE | X87_C1 },
	{ "add", { HUGE_VALUE, HUGE_VALUE, 0, 0x37f, 0 },
	  INF, 0, X87_OE | X87_PE | X87_C1 },
	{ "add", { HUGE_VALUE, HUGE_VALUE, 0, 0xf7f, 0 },
	  HUGE_VALUE, 0, X87_OE | X87_PE },
	{ "add", { HUGE_VALUE, HUGE_VALUE, 0, UNMASK(X87_OE), 0 },
	  F80(0x7fff - 24576, 0xffffffffffffffff), 0, X87_OE },
	{ "mul", { TINY, F80(0x3ffe, 0x8000000000000000), 0, 0x37f, 0 },
	  0, 0, X87_DE | X87_UE | X87_PE },
	{ "mul", { F80(1, 0x8000000000000000), F80(0x3ffe, 0x8000000000000000),
		   0, 0x37f, 0 }, F80(0, 0x4000000000000000), 0, 0 },
	{ "mul", { F80(1, 0x8000000000000000), F80(0x3ffe, 0x8000000000000000),
		   0, UNMASK(X87_UE), 0 },
	  F80(24576, 0x8000000000000000), 0, X87_UE },
	{ "mul", { TINY, ONE, 0, UNMASK(X87_DE), 0 }, TINY, 0, X87_DE },
	{ "mul", { UNNORMAL, ONE, 0, 0x37f, 0 }, QNAN, 0, X87_IE },
	{ "mul", { UNNORMAL, ONE, 0, UNMASK(X87_IE), 0 }, UNNORMAL, 0, X87_IE },
	{ "add", { F80(0x7fff, 0xc000000000000001), F80(0xffff, 0xc000000000000002),
		   0, 0x37f, 0 }, F80(0xffff, 0xc000000000000002), 0, 0 },
	{ "add", { F80(0x7fff, 0x8000000000000003), F80(0xffff, 0x8000000000000003),
		   0, 0x37f, 0 }, F80(0x7fff, 0xc000000000000003), 0, X87_IE },
	{ "div", { ONE, 0, 0, 0x37f, 0 }, INF, 0, X87_ZE },
	{ "div", { ONE, 0, 0, UNMASK(X87_ZE), 0 }, ONE, 0, X87_ZE },
	{ "div", { ONE, F80(0x4000, 0xc000000000000000), 0, 0x37f, 0 },
	  F80(0x3ffd, 0xaaaaaaaaaaaaaaab), 0, X87_PE | X87_C1 },
	{ "sqrt", { TWO, 0, 0, 0x37f, 0 },
	  F80(0x3fff, 0xb504f333f9de6484), 0, X87_PE },
	{ "sqrt", { ONE | SIGN, 0, 0, 0x37f, 0 }, QNAN, 0, X87_IE },
	{ "rint", { F80(0x4000, 0xa000000000000000), 0, 0, 0x37f, 0 },
	  TWO, 0, X87_PE },		/* 2.5 */
	/* sine of 1, of the number next to pi (the period's pi lies a quarter
	 * ulp below it), and of 10^15 by that period */
	{ "sin", { ONE, 0, 0, 0x37f, 0 },
	  F80(0x3ffe, 0xd76aa47848677021), 0, X87_PE | X87_C1 },
	{ "sin", { PI, 0, 0, 0x37f, 0 },
	  F80(0xbfbf, 0x8000000000000000), 0, X87_PE | X87_C1 },
	{ "sin", { F80(0x4030, 0xe35fa931a0000000), 0, 0, 0x37f, 0 },
	  F80(0x3ffe, 0xdbb7b8f40de0426e), 0, X87_PE | X87_C1 },
	{ "sin", { F80(0x403e, 0x8000000000000000), 0, 0, 0x37f, 0 },
	  F80(0x403e, 0x8000000000000000), 0, X87_C2 },
	{ "sin", { INF, 0, 0, 0x37f, 0 }, QNAN, 0, X87_IE },
	{ "cos", { SIGN, 0, 0, 0x37f, 0 }, ONE, 0, 0 },
	{ "com", { ONE, TWO, 0, 0x37f, 0 }, ONE, 0, X87_C0 },
	{ "com", { ONE, QNAN, 0, 0x37f, 0 }, ONE, 0,
	  X87_IE | X87_C0 | X87_C2 | X87_C3 },
	{ "ucom", { ONE, QNAN, 0, 0x37f, 0 }, ONE, 0, X87_C0 | X87_C2 | X87_C3 },
	{ "add_m32", { ONE, 0, 1, 0x37f, 0 }, ONE, 0, X87_DE | X87_PE },
	{ "ld_m32", { 0, 0, 0xff800001, 0x37f, 0 },
	  F80(0xffff, 0xc000010000000000), 0, X87_IE },
	{ "ld_m64", { 0, 0, 1, UNMASK(X87_DE), 0 },
	  F80(0x3bcd, 0x8000000000000000), 0, X87_DE },
	{ "st_m32", { HUGE_VALUE, 0, 7, 0x37f, 0 },
	  0, 0x7f800000, X87_OE | X87_PE | X87_C1 },
	{ "st_m32", { HUGE_VALUE, 0, 7, UNMASK(X87_OE), 0 }, 0, 7, X87_OE },
	{ "ist_i16", { F80(0x400e, 0x8000000000000000), 0, 7, 0x37f, 0 },
	  0, 0x8000, X87_IE },		/* 32768 */
	{ "ist_i32", { F80(0x4000, 0xe000000000000000), 0, 7, 0x37f, 0 },
	  0, 4, X87_PE | X87_C1 },	/* 3.5 */
};

static void
test_known(const void *arg)
{
	(void)arg;
	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++) {
		struct x87_case c = known[k].in;
		const struct x87_op *op = x87_ops;

		CU_ASSERT(true);
		while (op < x87_ops + x87_nops - 1 && strcmp(op->name, known[k].op))
			op++;
		op->soft(&c);
		if (strcmp(op->name, known[k].op) || c.sw != known[k].sw
		    || (op->stores ? c.m != known[k].m : c.a != known[k].a))
			rx_tap_fail(__FILE__, __LINE__, "known value %zu, %s: got " X
				    " m=%" PRIx64 " sw=%04x", k, known[k].op,
				    ARGS(c.a), c.m, c.sw);
	}
}

void
fp_add_x87_tests(void)
{
	rx_tap_add("fp/f80", "known values", test_known, NULL);
	for (size_t i = 0; i < x87_nops; i++)
		rx_tap_add("fp/f80", x87_ops[i].name, test_op, &x87_ops[i]);
}
