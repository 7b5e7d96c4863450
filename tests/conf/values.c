/* values.c - random values that find faults. SPDX-License-Identifier: MIT */
#include <string.h>

#include "tests/conf/values.h"

/* splitmix64. Never two draws in one expression without a sequence point:
 * compilers differ in their order. */
uint64_t conf_draw(uint64_t *s)
{
	uint64_t z = *s += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

unsigned conf_below(uint64_t *s, unsigned n)
{
	return (unsigned)(conf_draw(s) >> 32) % n;
}

uint64_t conf_ones(unsigned width)
{
	return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

uint64_t conf_hash_name(const char *name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	while (*name)
		h = (h ^ (uint8_t)*name++) * UINT64_C(0x100000001b3);
	return h;
}

/* ---- integers */

uint64_t conf_int(uint64_t *s)
{
	const unsigned n = conf_below(s, 64), m = conf_below(s, 64);

	switch (conf_below(s, 12)) {
	case 0:
		return UINT64_C(1) << n;
	case 1:
		return ~(UINT64_C(1) << n);
	case 2:
		return conf_ones(n);
	case 3:
		return ~conf_ones(n);
	case 4:
		return (uint64_t)(int64_t)(int32_t)conf_draw(s);
	case 5:
		return (uint64_t)(int64_t)(int8_t)conf_draw(s);
	case 6:
		return (UINT64_C(1) << n) + (uint64_t)(int64_t)((int)conf_below(s, 5) - 2);
	case 7:
		return (uint32_t)conf_draw(s);
	case 8:		/* as many leading and trailing zeros as not */
		return conf_draw(s) >> n << m;
	case 9:
		return conf_draw(s) >> n;
	default:
		return conf_draw(s);
	}
}

/* ---- floating point */

const struct conf_format *conf_format(unsigned bits)
{
	static const struct conf_format h = { 16, 10, 15 }, f = { 32, 23, 127 },
		d = { 64, 52, 1023 };

	return bits == 16 ? &h : bits == 32 ? &f : &d;
}

uint64_t conf_fp_join(const struct conf_format *m, uint64_t sign, int64_t exp,
			uint64_t frac)
{
	const int64_t most = (int64_t)conf_ones(m->bits - m->mant - 1);

	exp = exp < 0 ? 0 : exp > most ? most : exp;
	return (sign & 1) << (m->bits - 1) | (uint64_t)exp << m->mant |
	       (frac & conf_ones(m->mant));
}

uint64_t conf_fp_frac(const struct conf_format *m, uint64_t *s)
{
	switch (conf_below(s, 6)) {
	case 0:
		return 0;
	case 1:
		return conf_ones(m->mant);
	case 2:
		return UINT64_C(1) << conf_below(s, m->mant);
	case 3:
		return conf_ones(m->mant) << conf_below(s, m->mant + 1);
	default:
		return conf_draw(s);
	}
}

uint64_t conf_fp(const struct conf_format *m, uint64_t *s)
{
	const int64_t top = (int64_t)conf_ones(m->bits - m->mant - 1);
	const uint64_t sign = conf_draw(s), frac = conf_fp_frac(m, s);
	const uint64_t quiet = UINT64_C(1) << (m->mant - 1);
	const unsigned zeros = conf_below(s, m->mant);

	switch (conf_below(s, 16)) {
	case 0:
		return conf_fp_join(m, sign, 0, 0);
	case 1:
		return conf_fp_join(m, sign, top, 0);		/* infinity */
	case 2:
		return conf_fp_join(m, sign, top, frac | quiet);
	case 3:
		return conf_fp_join(m, sign, top, (frac & ~quiet) | 1);
	case 4:
		return conf_fp_join(m, sign, 0, frac);		/* subnormal */
	case 5:
		return conf_fp_join(m, sign, 1 + conf_below(s, 3), frac);
	case 6:
		return conf_fp_join(m, sign, top - 1 - conf_below(s, 3), frac);
	case 7:
		return conf_fp_join(m, sign, top, UINT64_C(1) << (m->mant - 1));
	case 8:
		return conf_fp_join(m, sign, m->bias, 0);
	case 9:
	case 10:	/* integers and halves */
		return conf_fp_join(m, sign, (int64_t)m->bias + conf_below(s, 68) - 2,
			       frac << zeros);
	case 11:	/* half of the range: products near its ends */
		return conf_fp_join(m, sign, (int64_t)m->bias / 2 + conf_below(s, 7) - 3,
			       frac);
	case 12:
		return conf_fp_join(m, sign, (int64_t)m->bias * 3 / 2 + conf_below(s, 7) - 3,
			       frac);
	case 13:
		return conf_draw(s);
	default:
		return conf_fp_join(m, sign, (int64_t)m->bias + conf_below(s, 17) - 8,
			       frac);
	}
}

int64_t conf_fp_exp(const struct conf_format *m, uint64_t v)
{
	return (int64_t)(v >> m->mant & conf_ones(m->bits - m->mant - 1));
}

/* Close to v, so that sums cancel and comparisons are tight. */
uint64_t conf_fp_near(const struct conf_format *m, uint64_t v, uint64_t *s)
{
	const uint64_t sign = UINT64_C(1) << (m->bits - 1);
	const uint64_t frac = conf_fp_frac(m, s);

	v ^= conf_draw(s) & sign;
	switch (conf_below(s, 3)) {
	case 0:
		return v;
	case 1:
		return (v & sign) | ((v + conf_below(s, 5) - 2) & (sign - 1));
	default:
		return conf_fp_join(m, v >> (m->bits - 1), conf_fp_exp(m, v) +
			       (int64_t)conf_below(s, m->mant + 6) - (m->mant + 3) / 2,
			       frac);
	}
}

/* Half of them with few bits, most near one; all encodings. */
void conf_extended(uint8_t *to, uint64_t *s)
{
	/* around the ends of the formats, of integers, and of precisions */
	static const uint16_t edges[] = {
		0, 1, 2, 0x3bcd, 0x3c01, 0x3f69, 0x3f81, 0x3fff, 0x400e, 0x401e,
		0x403e, 0x407e, 0x43fe, 0x5fff, 0x6000, 0x7ffd, 0x7ffe, 0x7fff,
	};
	uint64_t sig = conf_draw(s);
	const uint64_t r = conf_draw(s);
	uint16_t e = (uint16_t)(16383 - 40 + (r >> 8) % 80);

	if (r & 1)
		sig &= ~UINT64_C(0) << (r >> 16 & 63);
	if (r & 0x3c0000000)
		sig |= UINT64_C(1) << 63;
	if ((r >> 40 & 7) == 0)
		e = (uint16_t)(r >> 44) & 0x7fff;
	else if ((r >> 40 & 7) == 1)
		e = edges[(r >> 44) % (sizeof(edges) / sizeof(*edges))];
	e |= (uint16_t)(r >> 60 << 15);
	memset(to, 0, 16);
	memcpy(to, &sig, 8);
	memcpy(to + 8, &e, 2);
}
