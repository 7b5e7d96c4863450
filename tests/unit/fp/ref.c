/* ref.c - a second opinion: rounding by search. SPDX-License-Identifier: MIT */
#include <string.h>

#include "ref.h"

typedef unsigned __int128 u128;

#define LIMBS 72

/* A non-negative number in units of 2^-unit (struct exact). */
struct big {
	uint64_t w[LIMBS];
};

/* Value mant * 2^exp. */
struct num {
	bool sign;
	uint64_t mant;
	int exp;
};

/* The exact magnitude of a result: sum, or the x with den * x = num (DIV), or
 * x * x = num (SQRT). */
struct exact {
	enum fpt_op op;
	const struct fpt_fmt *f;	/* to round to */
	bool sign;
	int unit, limbs;
	struct big sum;
	struct num den;
};

static int
emax(const struct fpt_fmt *f)
{
	return (1 << (f->ebits - 1)) - 1;
}

static int
emin(const struct fpt_fmt *f)
{
	return 1 - emax(f);
}

/* Of a finite value; also of infinity, as what follows the greatest one. */
static struct num
decode(const struct fpt_fmt *f, uint64_t v)
{
	struct num n;
	int e = (int)(fpt_magnitude(f, v) >> f->fbits);

	n.sign = v & fpt_sign(f);
	n.mant = v & ((UINT64_C(1) << f->fbits) - 1);
	if (e)
		n.mant |= UINT64_C(1) << f->fbits;
	else
		e = 1;
	n.exp = e - emax(f) - f->fbits;
	return n;
}

static void
big_set(struct big *b, const struct exact *x, u128 m, int exp)
{
	int pos = exp + x->unit, i = pos / 64, s = pos % 64;

	memset(b->w, 0, (size_t)x->limbs * sizeof(b->w[0]));
	if (m == 0)
		return;
	b->w[i] = (uint64_t)(m << s);
	m = s ? m >> (64 - s) : m >> 32 >> 32;
	b->w[i + 1] = (uint64_t)m;
	b->w[i + 2] = (uint64_t)(m >> 64);
}

static int
big_cmp(const struct big *a, const struct big *b, int limbs)
{
	for (int i = limbs; i-- > 0; )
		if (a->w[i] != b->w[i])
			return a->w[i] < b->w[i] ? -1 : 1;
	return 0;
}

/* a + b, or a - b where a >= b */
static void
big_add(struct big *a, const struct big *b, bool sub, int limbs)
{
	uint64_t carry = sub;

	for (int i = 0; i < limbs; i++) {
		u128 t = (u128)a->w[i] + (sub ? ~b->w[i] : b->w[i]) + carry;

		a->w[i] = (uint64_t)t;
		carry = (uint64_t)(t >> 64);
	}
}

static void
exact_init(struct exact *x, enum fpt_op op, const struct fpt_fmt *f,
	   const struct fpt_fmt *widest)
{
	int below = 2 * (emax(widest) + widest->fbits + 4);
	int above = 2 * emax(widest) + 8 > 72 ? 2 * emax(widest) + 8 : 72;

	x->op = op;
	x->f = f;
	x->sign = false;
	x->unit = below;
	x->limbs = (below + above) / 64 + 3;
}

/* sum of am * 2^ae and bm * 2^be with signs */
static void
exact_sum(struct exact *x, bool as, u128 am, int ae, bool bs, u128 bm, int be)
{
	struct big b;

	big_set(&x->sum, x, am, ae);
	big_set(&b, x, bm, be);
	x->sign = as;
	if (as == bs) {
		big_add(&x->sum, &b, false, x->limbs);
	} else if (big_cmp(&x->sum, &b, x->limbs) >= 0) {
		big_add(&x->sum, &b, true, x->limbs);
	} else {
		big_add(&b, &x->sum, true, x->limbs);
		x->sum = b;
		x->sign = bs;
	}
}

/* Compare the exact magnitude with mant * 2^exp (mant of 54 bits at most). */
static int
cmp(const struct exact *x, uint64_t mant, int exp)
{
	struct big b;

	if (x->op == FPT_DIV)
		big_set(&b, x, (u128)mant * x->den.mant, exp + x->den.exp);
	else if (x->op == FPT_SQRT)
		big_set(&b, x, (u128)mant * mant, 2 * exp);
	else
		big_set(&b, x, mant, exp);
	return big_cmp(&x->sum, &b, x->limbs);
}

/* Whether a non-representable magnitude goes to its upper neighbour, given how
 * it compares with the middle. */
static bool
goes_up(const struct exact *x, unsigned round, int middle, bool lower_odd)
{
	switch (round) {
	case RX_RTZ:
		return false;
	case RX_RDN:
		return x->sign;
	case RX_RUP:
		return !x->sign;
	case RX_RMM:
		return middle >= 0;
	case RX_RTO:
		return !lower_odd;
	default:
		return middle > 0 || (middle == 0 && lower_odd);
	}
}

/* 754 7.5: would the result be less than 2^emin, before rounding or rounded
 * to the full precision? */
static bool
is_tiny(const struct exact *x, unsigned round, bool before)
{
	int p = x->f->fbits + 1, e = emin(x->f);
	uint64_t pred = (UINT64_C(1) << p) - 1;		/* * 2^(e-p) */

	if (cmp(x, 1, e) >= 0)
		return false;
	if (before || cmp(x, pred, e - p) <= 0)
		return true;
	return !goes_up(x, round, cmp(x, 2 * pred + 1, e - p - 1), true);
}

static struct ref_result
finish(const struct exact *x, unsigned round, bool tiny_before)
{
	struct ref_result r = { 0, 0 };
	uint64_t lo = 0, hi = fpt_inf(x->f) + 1;
	struct num n;

	while (hi - lo > 1) {
		uint64_t mid = lo + (hi - lo) / 2;

		n = decode(x->f, mid);
		if (cmp(x, n.mant, n.exp) >= 0)
			lo = mid;
		else
			hi = mid;
	}
	n = decode(x->f, lo);
	r.bits = lo;
	if (lo == fpt_inf(x->f)) {
		r.flags = RX_FP_OF | RX_FP_NX;
		if (round == RX_RTO
		    || (round != RX_RMM && round != RX_RNE
			&& !goes_up(x, round, 1, true)))
			r.bits--;
	} else if (cmp(x, n.mant, n.exp) != 0) {
		int middle = cmp(x, 2 * n.mant + 1, n.exp - 1);

		r.flags = RX_FP_NX;
		r.bits += goes_up(x, round, middle, lo & 1);
		if (r.bits == fpt_inf(x->f))
			r.flags |= RX_FP_OF;
		if (is_tiny(x, round, tiny_before))
			r.flags |= RX_FP_UF;
	}
	if (x->sign)
		r.bits |= fpt_sign(x->f);
	return r;
}

static bool
big_is_zero(const struct exact *x)
{
	for (int i = 0; i < x->limbs; i++)
		if (x->sum.w[i])
			return false;
	return true;
}

/* The results that need no rounding; true if that was one. s is the sign of a
 * product or quotient. */
static bool
special(const struct fpt_fmt *f, enum fpt_op op, const uint64_t *v, bool s,
	struct ref_result *r)
{
	uint64_t inf = fpt_inf(f), m[3], sign = fpt_sign(f);
	bool product = op == FPT_MUL || op == FPT_MULADD, nan = false;
	bool invalid = false;

	for (int i = 0; i < fpt_op_arity[op]; i++) {
		m[i] = fpt_magnitude(f, v[i]);
		nan |= fpt_is_nan(f, v[i]);
		invalid |= fpt_is_snan(f, v[i]);
	}
	if (product)
		invalid |= (m[0] == 0 && m[1] == inf) || (m[0] == inf && m[1] == 0);
	if (!nan && (op == FPT_ADD || op == FPT_SUB))
		invalid |= m[0] == inf && m[1] == inf
			&& ((v[0] ^ v[1]) & sign) == (op == FPT_ADD ? sign : 0);
	if (!nan && op == FPT_MULADD)
		invalid |= (m[0] == inf || m[1] == inf) && m[2] == inf
			&& s != !!(v[2] & sign);
	if (!nan && op == FPT_DIV)
		invalid |= m[0] == m[1] && (m[0] == 0 || m[0] == inf);
	if (!nan && op == FPT_SQRT)
		invalid |= (v[0] & sign) && m[0];
	r->flags = invalid ? RX_FP_NV : 0;
	if (nan || invalid) {
		r->bits = fpt_default_nan(f);
		return true;
	}
	r->bits = s ? inf | sign : inf;
	switch (op) {
	case FPT_DIV:
		if (m[0] == inf)
			return true;
		if (m[1] == 0) {
			r->flags = RX_FP_DZ;
			return true;
		}
		r->bits ^= inf;
		return m[0] == 0 || m[1] == inf;
	case FPT_SQRT:
		r->bits = v[0];
		return m[0] == 0 || m[0] == inf;
	case FPT_MUL:
		return m[0] == inf || m[1] == inf;
	case FPT_MULADD:
		if (m[0] == inf || m[1] == inf)
			return true;
		r->bits = v[2];
		return m[2] == inf;
	default:
		if (m[1] == inf)
			r->bits = op == FPT_SUB ? v[1] ^ sign : v[1];
		if (m[0] == inf)
			r->bits = v[0];
		return m[0] == inf || m[1] == inf;
	}
}

struct ref_result
ref_op(const struct fpt_fmt *f, enum fpt_op op, const uint64_t *v,
       unsigned round, bool tiny_before)
{
	struct num a = decode(f, v[0]), b = decode(f, v[1]), c = decode(f, v[2]);
	bool s = op == FPT_SQRT ? a.sign : a.sign != b.sign, same = true;
	struct ref_result r;
	struct exact x;

	if (special(f, op, v, s, &r))
		return r;
	exact_init(&x, op, f, f);
	switch (op) {
	case FPT_ADD:
	case FPT_SUB:
		b.sign ^= op == FPT_SUB;
		same = a.sign == b.sign;
		exact_sum(&x, a.sign, a.mant, a.exp, b.sign, b.mant, b.exp);
		break;
	case FPT_MUL:
		exact_sum(&x, s, (u128)a.mant * b.mant, a.exp + b.exp, s, 0, 0);
		break;
	case FPT_MULADD:
		same = s == c.sign;
		exact_sum(&x, s, (u128)a.mant * b.mant, a.exp + b.exp,
			  c.sign, c.mant, c.exp);
		break;
	default:
		exact_sum(&x, s, a.mant, a.exp, s, 0, 0);
		x.den = b;
	}
	if (big_is_zero(&x)) {
		r.flags = 0;
		if (!same)		/* 754 6.3 */
			x.sign = round == RX_RDN;
		r.bits = x.sign ? fpt_sign(f) : 0;
		return r;
	}
	return finish(&x, round, tiny_before);
}

struct ref_result
ref_convert(const struct fpt_fmt *from, uint64_t a, const struct fpt_fmt *to,
	    unsigned round, bool tiny_before)
{
	const struct fpt_fmt *widest = from->ebits > to->ebits ? from : to;
	struct num n = decode(from, a);
	struct ref_result r = { 0, 0 };
	struct exact x;

	if (fpt_is_nan(from, a)) {
		r.bits = fpt_default_nan(to);
		r.flags = fpt_is_snan(from, a) ? RX_FP_NV : 0;
	} else if (fpt_magnitude(from, a) == fpt_inf(from)) {
		r.bits = fpt_inf(to) | (n.sign ? fpt_sign(to) : 0);
	} else {
		exact_init(&x, FPT_ADD, to, widest);
		exact_sum(&x, n.sign, n.mant, n.exp, n.sign, 0, 0);
		r = finish(&x, round, tiny_before);
	}
	return r;
}

struct ref_result
ref_from_int(bool negative, uint64_t magnitude, const struct fpt_fmt *to,
	     unsigned round)
{
	struct exact x;

	exact_init(&x, FPT_ADD, to, to);
	exact_sum(&x, negative, magnitude, 0, negative, 0, 0);
	return finish(&x, round, false);
}
