/* fpt.c - what the floating-point tests share. SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "fpt.h"
#include "tests/lib/tap.h"

const struct fpt_fmt fpt_f16 = { "f16", 5, 10 };
const struct fpt_fmt fpt_f32 = { "f32", 8, 23 };
const struct fpt_fmt fpt_f64 = { "f64", 11, 52 };

static uint64_t state;
static uint64_t compared, differed;

uint64_t
fpt_random(void)
{
	uint64_t z;

	if (!state) {
		const char *seed = getenv("RAX_FP_SEED");

		state = 1 + (seed ? strtoull(seed, NULL, 0) : 20240229);
	}
	/* splitmix64 */
	z = state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint64_t
fpt_cases(uint64_t base)
{
	const char *scale = getenv("RAX_FP_SCALE");
	uint64_t n = scale ? strtoull(scale, NULL, 0) : 1;

	return base * (n ? n : 1);
}

static uint64_t
random_fraction(int bits)
{
	uint64_t r = fpt_random(), mask = (UINT64_C(1) << bits) - 1;

	switch (fpt_random() % 6) {
	case 0:		/* few ones */
		return r & fpt_random() & fpt_random() & mask;
	case 1:		/* few zeros */
		return (r | fpt_random() | fpt_random()) & mask;
	case 2:		/* a run of ones */
		return (mask >> r % (unsigned)bits) & mask << (r >> 8) % (unsigned)bits;
	case 3:		/* one bit, plus or minus an ulp */
		return ((UINT64_C(1) << r % (unsigned)bits) + (r >> 32) % 3 - 1) & mask;
	default:
		return r & mask;
	}
}

static uint64_t
value_with_exponent(const struct fpt_fmt *f, uint64_t e)
{
	uint64_t mask = (UINT64_C(1) << f->ebits) - 1;

	return (fpt_random() & 1) << (f->ebits + f->fbits)
		| (e & mask) << f->fbits | random_fraction(f->fbits);
}

uint64_t
fpt_random_value(const struct fpt_fmt *f)
{
	uint64_t r = fpt_random(), mask = (UINT64_C(1) << f->ebits) - 1;
	uint64_t bias = mask >> 1;

	switch (r % 8) {
	case 0:		/* zeros and denormals, least normals */
		return value_with_exponent(f, (r >> 8) % 3);
	case 1:		/* greatest, infinities and NaNs */
		return value_with_exponent(f, mask - (r >> 8) % 3);
	case 2:		/* around 1 */
		return value_with_exponent(f, bias - 2 + (r >> 8) % 5);
	case 3:		/* around integers */
		return value_with_exponent(f, bias + (r >> 8) % 70);
	case 4:		/* powers of two and infinity */
		return value_with_exponent(f, r >> 8)
			& ~((UINT64_C(1) << f->fbits) - 1);
	default:
		return value_with_exponent(f, r >> 8);
	}
}

uint64_t
fpt_random_int(void)
{
	uint64_t v = fpt_random() >> fpt_random() % 64;

	if (fpt_random() & 1)
		v = UINT64_C(1) << fpt_random() % 64;
	v += fpt_random() % 5 - 2;
	return fpt_random() & 1 ? -v : v;
}

void
fpt_random_operands(const struct fpt_fmt *f, uint64_t v[3])
{
	uint64_t r = fpt_random(), mask = (UINT64_C(1) << f->ebits) - 1, e;

	for (int i = 0; i < 3; i++)
		v[i] = fpt_random_value(f);
	e = v[0] >> f->fbits & mask;
	switch (r % 8) {
	case 0:		/* near: cancellation, ties in sums */
		v[1] = value_with_exponent(f, e + (r >> 8) % 5 - 2);
		break;
	case 1:		/* as far as the sum reaches */
		v[1] = value_with_exponent(f, e + (r >> 8)
					   % (2 * (unsigned)f->fbits + 6)
					   - (unsigned)f->fbits - 3);
		break;
	case 2:
		v[1] = v[0] ^ (r >> 8 & 1) << (f->ebits + f->fbits);
		break;
	case 3:		/* products and quotients around the least normal */
		v[1] = value_with_exponent(f, (mask >> 1) + (mask >> 7) - e
					   + (r >> 8) % 8 - 4);
		break;
	case 4:
		v[1] = value_with_exponent(f, e + (mask >> 1) - 2 + (r >> 8)
					   % ((unsigned)f->fbits + 6));
		break;
	}
	/* muladd: an addend about as great as the product, or its ulp */
	if (r >> 60 < 10) {
		uint64_t p = e + (v[1] >> f->fbits & mask) - (mask >> 1);

		v[2] = value_with_exponent(f, p + (r >> 16)
					   % (2 * (unsigned)f->fbits + 8)
					   - (unsigned)f->fbits - 4);
	}
	for (int i = 0; i < 3; i++)
		v[i] &= 2 * fpt_sign(f) - 1;
}

void
fpt_edges(const struct fpt_fmt *f, struct fpt_edges *e)
{
	static const int ints[] = { 1, 7, 8, 15, 16, 31, 32, 63, 64 };
	uint64_t ulp = 1, one = (fpt_inf(f) >> 1) & ~((ulp << f->fbits) - 1);
	uint64_t least = ulp << f->fbits, quiet = ulp << (f->fbits - 1);
	uint64_t base[] = {
		0, 1, 2, 3, least / 2, least / 2 + 1, least - 2, least - 1,
		least, least + 1, least + quiet, 2 * least - 1, 2 * least,
		2 * least + 1, one - least, one - least + 1, one - least - 1,
		one - quiet, one - 2, one - 1, one, one + 1, one + 2,
		one + quiet, one + quiet + 1, one + quiet - 1, one + least - 1,
		one + least, one + least + quiet, one + 2 * least - 1,
		one + 2 * least - 2, one + 2 * least + quiet / 2,
		one / 2, one / 2 + least, one + one / 2,
		one + (uint64_t)f->fbits * least,
		one + (uint64_t)f->fbits * least + 1,
		one + (uint64_t)f->fbits * least - 1,
		one + (uint64_t)(f->fbits + 1) * least + 1,
		one - (uint64_t)f->fbits * least,
		one - (uint64_t)(f->fbits + 1) * least,
		one - (uint64_t)(f->fbits + 2) * least,
		fpt_inf(f) - least, fpt_inf(f) - quiet, fpt_inf(f) - 2,
		fpt_inf(f) - 1, fpt_inf(f), fpt_inf(f) + 1,
		fpt_inf(f) + quiet - 1, fpt_inf(f) + quiet,
		fpt_inf(f) + quiet + 1, fpt_inf(f) + 2 * quiet - 1,
	};

	e->count = 0;
	for (size_t i = 0; i < sizeof(base) / sizeof(*base); i++) {
		e->v[e->count++] = base[i];
		e->v[e->count++] = base[i] | fpt_sign(f);
	}
	/* around 2^k, where conversions to integers end */
	for (size_t i = 0; i < sizeof(ints) / sizeof(*ints); i++) {
		uint64_t p = one + (uint64_t)ints[i] * least;

		if (p >= fpt_inf(f))
			continue;
		for (int d = -2; d <= 1; d++) {
			e->v[e->count++] = p + (uint64_t)d;
			e->v[e->count++] = (p + (uint64_t)d) | fpt_sign(f);
		}
		if (ints[i] < f->fbits) {	/* 2^k - 0.5 and below */
			uint64_t half = (ulp << (f->fbits - ints[i] - 1));

			e->v[e->count++] = p - half;
			e->v[e->count++] = (p + half) | fpt_sign(f);
		}
	}
}

void
fpt_begin(void)
{
	compared = differed = 0;
}

void
fpt_check(const struct fpt_case *c, uint64_t got, unsigned got_flags,
	  uint64_t want, unsigned want_flags)
{
	int digits = fpt_width(c->f) / 4;

	compared++;
	if (got == want && got_flags == want_flags)
		return;
	if (++differed > 8)
		return;
	rx_tap_fail(__FILE__, __LINE__, "%s.%s %0*" PRIx64 " %0*" PRIx64 " %0*" PRIx64 " round=%u"
	       " %s: got %" PRIx64 " flags %02x, expected %" PRIx64
	       " flags %02x", c->f->name, c->op, digits, c->v[0], digits,
	       c->v[1], digits, c->v[2], c->round, c->note ? c->note : "",
	       got, got_flags, want, want_flags);
}

void
fpt_end(void)
{
	if (differed)
		rx_tap_fail(__FILE__, __LINE__, "%" PRIu64 " of %" PRIu64
			    " cases differ", differed, compared);
	CU_ASSERT_NOT_EQUAL(compared, 0);
}

const char *const fpt_op_names[FPT_NOPS] = {
	"add", "sub", "mul", "div", "sqrt", "muladd",
};
const int fpt_op_arity[FPT_NOPS] = { 2, 2, 2, 2, 1, 3 };

#define SOFT2(F, T, op)							\
	static uint64_t							\
	soft_##F##_##op(const uint64_t *v, struct rx_fpenv *env)	\
	{								\
		return rx_##F##_##op((T)v[0], (T)v[1], env);		\
	}
#define SOFT(F, T)							\
	SOFT2(F, T, add)						\
	SOFT2(F, T, sub)						\
	SOFT2(F, T, mul)						\
	SOFT2(F, T, div)						\
	static uint64_t							\
	soft_##F##_sqrt(const uint64_t *v, struct rx_fpenv *env)	\
	{								\
		return rx_##F##_sqrt((T)v[0], env);			\
	}								\
	static uint64_t							\
	soft_##F##_muladd(const uint64_t *v, struct rx_fpenv *env)	\
	{								\
		return rx_##F##_muladd((T)v[0], (T)v[1], (T)v[2], env);	\
	}								\
	static fpt_fn *const soft_##F[FPT_NOPS] = {			\
		soft_##F##_add, soft_##F##_sub, soft_##F##_mul,		\
		soft_##F##_div, soft_##F##_sqrt, soft_##F##_muladd,	\
	};

SOFT(f16, uint16_t)
SOFT(f32, uint32_t)
SOFT(f64, uint64_t)

fpt_fn *
fpt_soft(const struct fpt_fmt *f, enum fpt_op op)
{
	return f == &fpt_f16 ? soft_f16[op] : f == &fpt_f32 ? soft_f32[op]
							    : soft_f64[op];
}
