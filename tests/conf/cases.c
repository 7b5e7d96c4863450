/* cases.c - makes cases. SPDX-License-Identifier: MIT */
#include "tests/conf/cases.h"

#include <string.h>

/* behind those that enumerate fields */
#define RANDOM_CASES 160
#define RANDOM_FP_CASES 480
#define WIDEST_FIELD 6		/* that is enumerated in full */

/* splitmix64. Never two draws in one expression without a sequence point:
 * compilers differ in their order. */
static uint64_t draw(uint64_t *s)
{
	uint64_t z = *s += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static unsigned below(uint64_t *s, unsigned n)
{
	return (unsigned)(draw(s) >> 32) % n;
}

static uint64_t ones(unsigned width)
{
	return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

static uint64_t hash_name(const char *name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	while (*name)
		h = (h ^ (uint8_t)*name++) * UINT64_C(0x100000001b3);
	return h;
}

uint64_t rx_case_operand(const struct rx_diff_operand *o, uint32_t word)
{
	uint64_t v = 0;
	unsigned width = 0;

	for (unsigned k = 0; k < o->nparts; k++) {
		const struct rx_diff_part *p = &o->parts[k];

		v = v << p->width |
		    ((p->lo < 0 ? p->value : word >> p->lo) & ones(p->width));
		width += p->width;
	}
	if (o->is_signed && v >> (width - 1) & 1)
		v |= ~ones(width);
	return v;
}

/* ---- the word */

static unsigned field_cases(const struct rx_diff_field *f)
{
	const unsigned width = f->hi - f->lo + 1u;

	return width <= WIDEST_FIELD ? 1u << width : 2 * width + 2;
}

/* The n-th interesting value of a field. */
static uint32_t field_value(const struct rx_diff_field *f, unsigned n)
{
	const unsigned width = f->hi - f->lo + 1u;

	if (width <= WIDEST_FIELD)
		return n;
	if (n < width)
		return UINT32_C(1) << n;
	n -= width;
	if (n < width)
		return (uint32_t)ones(width) & ~(UINT32_C(1) << n);
	return n == width ? 0 : (uint32_t)ones(width);
}

static uint32_t put(uint32_t word, const struct rx_diff_field *f, uint32_t v)
{
	const uint32_t mask = (uint32_t)ones(f->hi - f->lo + 1u) << f->lo;

	return (word & ~mask) | (v << f->lo & mask);
}

uint32_t rx_case_put(uint32_t word, const struct rx_diff_operand *o, uint32_t v)
{
	for (unsigned k = o->nparts; k-- > 0; v >>= o->parts[k].width) {
		const struct rx_diff_part *p = &o->parts[k];

		if (p->lo >= 0)
			word = put(word, &(struct rx_diff_field){
				(uint8_t)(p->lo + p->width - 1),
				(uint8_t)p->lo }, v);
	}
	return word;
}

enum kind { GOOD, RESERVED, OTHER };

static enum kind classify(const struct rx_diff_insn *d, uint32_t word)
{
	enum kind kind = GOOD;

	for (unsigned k = 0; k < d->nnever; k++) {
		if ((word & d->never[k].mask) != d->never[k].match)
			continue;
		if (!d->never[k].reserved)
			return OTHER;
		kind = RESERVED;
	}
	/* into itself: would not end */
	if (d->flow == RX_DIFF_DIRECT) {
		for (unsigned k = 0; k < d->noperands; k++) {
			if (d->operands[k].kind != RX_DIFF_VALUE)
				continue;
			const int64_t to = (int64_t)rx_case_operand(
				&d->operands[k], word);
			if (to >= 0 && to < d->length)
				return OTHER;
		}
	}
	return kind;
}

static uint32_t random_word(const struct rx_diff_insn *d, uint64_t *s)
{
	uint32_t word = d->match;

	for (unsigned k = 0; k < d->nfields; k++) {
		const struct rx_diff_field *f = &d->fields[k];

		word = put(word, f, below(s, 4) ? (uint32_t)draw(s)
			   : field_value(f, below(s, field_cases(f))));
	}
	return word;
}

/* Operands of which only some values can be judged. */
static uint32_t choose(const struct rx_diff_insn *d, uint32_t word, uint64_t *s)
{
	if (d->chosen < 0)
		return word;
	return rx_case_put(word, &d->operands[d->chosen],
			   d->choices[below(s, d->nchoices)]);
}

/* Which registers an instruction uses twice decides much: make it common. */
static uint32_t some_equal(const struct rx_diff_insn *d, uint32_t word,
			   uint64_t *s)
{
	for (unsigned k = 1; k < d->noperands; k++)
		if (d->operands[k].kind != RX_DIFF_VALUE && !below(s, 8))
			word = rx_case_put(word, &d->operands[k],
				(uint32_t)rx_case_operand(
					&d->operands[below(s, k)], word));
	return word;
}

static void make_word(const struct rx_diff_insn *d, uint64_t index,
		      uint64_t *s, struct rx_case *c)
{
	const struct rx_diff_field *f = d->fields;
	const struct rx_diff_field *end = f + d->nfields;
	unsigned n = 0, tries = 0;
	enum kind kind;

	for (; f < end && index >= (n = field_cases(f)); f++)
		index -= n;
	do {
		c->word = random_word(d, s);
		if (f == end)
			c->word = some_equal(d, c->word, s);
		else if (tries++ < 32)
			c->word = put(c->word, f,
				      field_value(f, (unsigned)index));
		c->word = choose(d, c->word, s);
		kind = classify(d, c->word);
	} while (kind == OTHER || (kind == RESERVED && f == end && below(s, 8)));
	c->valid = kind == GOOD;
}

unsigned rx_case_count(const struct rx_diff_insn *d)
{
	unsigned n = d->rounds ? RANDOM_FP_CASES : RANDOM_CASES;

	for (unsigned k = 0; k < d->nfields; k++)
		n += field_cases(&d->fields[k]);
	return n;
}

/* ---- integers */

static uint64_t some_int(uint64_t *s)
{
	const unsigned n = below(s, 64), m = below(s, 64);

	switch (below(s, 12)) {
	case 0:
		return UINT64_C(1) << n;
	case 1:
		return ~(UINT64_C(1) << n);
	case 2:
		return ones(n);
	case 3:
		return ~ones(n);
	case 4:
		return (uint64_t)(int64_t)(int32_t)draw(s);
	case 5:
		return (uint64_t)(int64_t)(int8_t)draw(s);
	case 6:
		return (UINT64_C(1) << n) + (uint64_t)(int64_t)((int)below(s, 5) - 2);
	case 7:
		return (uint32_t)draw(s);
	case 8:		/* as many leading and trailing zeros as not */
		return draw(s) >> n << m;
	case 9:
		return draw(s) >> n;
	default:
		return draw(s);
	}
}

/* ---- floating point */

struct format {
	unsigned bits, mant, bias;
};

static const struct format *format_of(unsigned bits)
{
	static const struct format h = { 16, 10, 15 }, f = { 32, 23, 127 },
		d = { 64, 52, 1023 };

	return bits == 16 ? &h : bits == 32 ? &f : &d;
}

static uint64_t fp_join(const struct format *m, uint64_t sign, int64_t exp,
			uint64_t frac)
{
	const int64_t most = (int64_t)ones(m->bits - m->mant - 1);

	exp = exp < 0 ? 0 : exp > most ? most : exp;
	return (sign & 1) << (m->bits - 1) | (uint64_t)exp << m->mant |
	       (frac & ones(m->mant));
}

static uint64_t some_frac(const struct format *m, uint64_t *s)
{
	switch (below(s, 6)) {
	case 0:
		return 0;
	case 1:
		return ones(m->mant);
	case 2:
		return UINT64_C(1) << below(s, m->mant);
	case 3:
		return ones(m->mant) << below(s, m->mant + 1);
	default:
		return draw(s);
	}
}

static uint64_t some_fp(const struct format *m, uint64_t *s)
{
	const int64_t top = (int64_t)ones(m->bits - m->mant - 1);
	const uint64_t sign = draw(s), frac = some_frac(m, s);
	const uint64_t quiet = UINT64_C(1) << (m->mant - 1);
	const unsigned zeros = below(s, m->mant);

	switch (below(s, 16)) {
	case 0:
		return fp_join(m, sign, 0, 0);
	case 1:
		return fp_join(m, sign, top, 0);		/* infinity */
	case 2:
		return fp_join(m, sign, top, frac | quiet);
	case 3:
		return fp_join(m, sign, top, (frac & ~quiet) | 1);
	case 4:
		return fp_join(m, sign, 0, frac);		/* subnormal */
	case 5:
		return fp_join(m, sign, 1 + below(s, 3), frac);
	case 6:
		return fp_join(m, sign, top - 1 - below(s, 3), frac);
	case 7:
		return fp_join(m, sign, top, UINT64_C(1) << (m->mant - 1));
	case 8:
		return fp_join(m, sign, m->bias, 0);
	case 9:
	case 10:	/* integers and halves */
		return fp_join(m, sign, (int64_t)m->bias + below(s, 68) - 2,
			       frac << zeros);
	case 11:	/* half of the range: products near its ends */
		return fp_join(m, sign, (int64_t)m->bias / 2 + below(s, 7) - 3,
			       frac);
	case 12:
		return fp_join(m, sign, (int64_t)m->bias * 3 / 2 + below(s, 7) - 3,
			       frac);
	case 13:
		return draw(s);
	default:
		return fp_join(m, sign, (int64_t)m->bias + below(s, 17) - 8,
			       frac);
	}
}

static int64_t exp_of(const struct format *m, uint64_t v)
{
	return (int64_t)(v >> m->mant & ones(m->bits - m->mant - 1));
}

/* Close to v, so that sums cancel and comparisons are tight. */
static uint64_t near_fp(const struct format *m, uint64_t v, uint64_t *s)
{
	const uint64_t sign = UINT64_C(1) << (m->bits - 1);
	const uint64_t frac = some_frac(m, s);

	v ^= draw(s) & sign;
	switch (below(s, 3)) {
	case 0:
		return v;
	case 1:
		return (v & sign) | ((v + below(s, 5) - 2) & (sign - 1));
	default:
		return fp_join(m, v >> (m->bits - 1), exp_of(m, v) +
			       (int64_t)below(s, m->mant + 6) - (m->mant + 3) / 2,
			       frac);
	}
}

static uint64_t boxed(const struct format *m, uint64_t v, uint64_t *s)
{
	v &= ones(m->bits);
	if (m->bits == 64 || below(s, 12))
		return v | ~ones(m->bits);
	switch (below(s, 3)) {
	case 0:
		return v;
	case 1:
		return v | (~ones(m->bits) ^ UINT64_C(1) << (m->bits + below(s, 64 - m->bits)));
	default:
		return v | (draw(s) & ~ones(m->bits));
	}
}

/* The f registers that are read, related to each other. */
static void make_fp(const struct rx_diff_insn *d, uint64_t *s, struct rx_case *c)
{
	uint64_t seen[4] = { 0 };
	unsigned n = 0;

	for (unsigned k = 0; k < 32; k++) {
		const struct format *m = format_of(16u << below(s, 3));

		c->f[k] = boxed(m, some_fp(m, s), s);
	}
	for (unsigned k = 0; k < d->noperands; k++) {
		const struct rx_diff_operand *o = &d->operands[k];
		const struct format *m = format_of(o->format);
		uint64_t v;

		if (o->kind != RX_DIFF_F || !o->read || n == 4)
			continue;
		v = some_fp(m, s);
		if (n == 1 && !below(s, 3))
			v = near_fp(m, seen[0], s);
		if (n == 2 && below(s, 2)) {	/* near the product */
			const uint64_t frac = below(s, 2) ? v : seen[below(s, 2)];

			v = fp_join(m, v >> (m->bits - 1), exp_of(m, seen[0]) +
				    exp_of(m, seen[1]) - m->bias +
				    (int64_t)below(s, 2 * m->mant) - m->mant,
				    frac);
		}
		seen[n++] = v & ones(m->bits);
		c->f[rx_case_operand(o, c->word)] = boxed(m, v, s);
	}
}

/* ---- addresses */

static uint64_t some_address(const struct rx_diff_insn *d, uint64_t *s)
{
	const uint64_t size = d->access, page = RX_CASE_DATA + 0x1000;
	const uint64_t end = RX_CASE_DATA + RX_CASE_DATA_SIZE;
	const unsigned mis = 1 + below(s, 7);

	switch (below(s, 20)) {
	case 0:		/* any byte */
	case 1:
		return RX_CASE_DATA + 64 + below(s, RX_CASE_DATA_SIZE - 192);
	case 2:		/* over the page boundary inside */
	case 3:
		return page - mis % (d->atomic ? 1 + size : 8);
	case 4:		/* the last one that fits */
		return end - size;
	case 5:		/* over the end */
		return d->atomic ? end : end - mis;
	case 6:		/* under the start */
		return d->atomic ? RX_CASE_DATA - size : RX_CASE_DATA - mis;
	case 7:
		return RX_CASE_HOLE + below(s, 4096) * 8;
	default:
		return (RX_CASE_DATA + 64 + below(s, RX_CASE_DATA_SIZE - 192)) &
		       ~(size - 1);
	}
}

static void make_memory(const struct rx_diff_insn *d, uint64_t *s,
			struct rx_case *c)
{
	const struct rx_diff_operand *base = &d->operands[d->base];
	const unsigned reg = (unsigned)rx_case_operand(base, c->word);
	const uint64_t offset = d->offset < 0 ? 0 :
		rx_case_operand(&d->operands[d->offset], c->word);
	const uint64_t last = RX_CASE_DATA + RX_CASE_DATA_SIZE - RX_CASE_MEM;

	if (reg)
		c->x[reg] = some_address(d, s) - offset;
	c->ea = c->x[reg] + offset;
	c->mem_at = (c->ea & ~UINT64_C(63)) - 32;
	if (c->ea + 64 < RX_CASE_DATA || c->ea > RX_CASE_DATA + RX_CASE_DATA_SIZE)
		c->mem_at = 0;
	else if (c->mem_at < RX_CASE_DATA)
		c->mem_at = RX_CASE_DATA;
	else if (c->mem_at > last)
		c->mem_at = last;
	for (unsigned k = 0; c->mem_at && k < RX_CASE_MEM; k += 8) {
		uint64_t v = k % 16 ? draw(s) : some_int(s);

		memcpy(c->mem + k, &v, 8);
	}
}

/* Where an indirect jump goes: never to code of the oracle's own. */
static uint64_t some_target(uint64_t *s)
{
	switch (below(s, 4)) {
	case 0:
		return RX_CASE_CODE + (below(s, 0x800) & ~1u);
	case 1:
		return RX_CASE_HOLE + below(s, 0x10000000);
	default:
		return RX_CASE_CODE_END + 0x2000 + below(s, 0x10000000);
	}
}

static void make_ints(const struct rx_diff_insn *d, uint64_t *s,
		      struct rx_case *c)
{
	for (unsigned k = 1; k < 32; k++)
		c->x[k] = below(s, 8) ? some_int(s) : c->x[below(s, k)];
	for (unsigned k = 0; k < d->noperands; k++) {
		const struct rx_diff_operand *o = &d->operands[k];
		const unsigned reg = (unsigned)rx_case_operand(o, c->word);

		if (o->kind != RX_DIFF_X || !o->read || !reg)
			continue;
		if (d->flow == RX_DIFF_INDIRECT) {
			c->x[reg] = some_target(s);
		} else if (k && !below(s, 4)) {
			c->x[reg] = c->x[below(s, 32)] - 1;
			c->x[reg] += below(s, 3);
		}
	}
}

void rx_case_make(const struct rx_diff_insn *d, uint64_t index, uint64_t seed,
		  struct rx_case *c)
{
	uint64_t s = hash_name(d->name) ^ index * UINT64_C(0xd6e8feb86659fd93);

	s += seed * UINT64_C(0xa0761d6478bd642f);
	memset(c, 0, sizeof(*c));
	c->length = d->length;
	c->pc = RX_CASE_CODE_END - d->length;
	make_word(d, index, &s, c);
	make_ints(d, &s, c);
	make_fp(d, &s, c);
	c->fcsr = (uint8_t)(below(&s, below(&s, 4) ? 5 : 8) << 5);
	c->fcsr |= (uint8_t)(below(&s, 2) ? 0 : below(&s, 32));
	c->clean = !below(&s, 6);
	if (d->access)
		make_memory(d, &s, c);
	c->x[0] = 0;
}

/* ---- for random programs */

uint64_t rx_case_draw(uint64_t *s)
{
	return draw(s);
}

bool rx_case_good(const struct rx_diff_insn *d, uint32_t word)
{
	return (word & d->mask) == d->match && classify(d, word) == GOOD;
}

uint32_t rx_case_word(const struct rx_diff_insn *d, uint64_t *s)
{
	uint32_t word;

	do
		word = choose(d, random_word(d, s), s);
	while (classify(d, word) != GOOD);
	return word;
}

uint64_t rx_case_int(uint64_t *s)
{
	return some_int(s);
}

uint64_t rx_case_fp(unsigned format, uint64_t *s)
{
	const struct format *m = format_of(format);

	return boxed(m, some_fp(m, s), s);
}

uint64_t rx_case_hash(const struct rx_case *c, uint64_t hash)
{
	uint64_t v[4] = { c->word, c->fcsr, c->pc, c->mem_at };
	const uint64_t *parts[] = { v, c->x, c->f };
	const unsigned counts[] = { 4, 32, 32 };

	for (unsigned p = 0; p < 3; p++)
		for (unsigned k = 0; k < counts[p]; k++)
			hash = (hash ^ parts[p][k]) * UINT64_C(0x9fb21c651e98df25);
	for (unsigned k = 0; k < RX_CASE_MEM; k++)
		hash = (hash ^ c->mem[k]) * UINT64_C(0x9fb21c651e98df25);
	return hash ^ hash >> 32;
}
