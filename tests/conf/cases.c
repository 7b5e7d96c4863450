/* cases.c - makes cases. SPDX-License-Identifier: MIT */
#include "tests/conf/cases.h"
#include "tests/conf/values.h"

#include <string.h>

/* behind those that enumerate fields */
#define RANDOM_CASES 160
#define RANDOM_FP_CASES 480
#define WIDEST_FIELD 6		/* that is enumerated in full */

uint64_t rx_case_operand(const struct rx_diff_operand *o, uint32_t word)
{
	uint64_t v = 0;
	unsigned width = 0;

	for (unsigned k = 0; k < o->nparts; k++) {
		const struct rx_diff_part *p = &o->parts[k];

		v = v << p->width |
		    ((p->lo < 0 ? p->value : word >> p->lo) & conf_ones(p->width));
		width += p->width;
	}
	if (o->is_signed && v >> (width - 1) & 1)
		v |= ~conf_ones(width);
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
		return (uint32_t)conf_ones(width) & ~(UINT32_C(1) << n);
	return n == width ? 0 : (uint32_t)conf_ones(width);
}

static uint32_t put(uint32_t word, const struct rx_diff_field *f, uint32_t v)
{
	const uint32_t mask = (uint32_t)conf_ones(f->hi - f->lo + 1u) << f->lo;

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

		word = put(word, f, conf_below(s, 4) ? (uint32_t)conf_draw(s)
			   : field_value(f, conf_below(s, field_cases(f))));
	}
	return word;
}

/* Operands of which only some values can be judged. */
static uint32_t choose(const struct rx_diff_insn *d, uint32_t word, uint64_t *s)
{
	if (d->chosen < 0)
		return word;
	return rx_case_put(word, &d->operands[d->chosen],
			   d->choices[conf_below(s, d->nchoices)]);
}

/* Which registers an instruction uses twice decides much: make it common. */
static uint32_t some_equal(const struct rx_diff_insn *d, uint32_t word,
			   uint64_t *s)
{
	for (unsigned k = 1; k < d->noperands; k++)
		if (d->operands[k].kind != RX_DIFF_VALUE && !conf_below(s, 8))
			word = rx_case_put(word, &d->operands[k],
				(uint32_t)rx_case_operand(
					&d->operands[conf_below(s, k)], word));
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
	} while (kind == OTHER || (kind == RESERVED && f == end && conf_below(s, 8)));
	c->valid = kind == GOOD;
}

unsigned rx_case_count(const struct rx_diff_insn *d)
{
	unsigned n = d->rounds ? RANDOM_FP_CASES : RANDOM_CASES;

	for (unsigned k = 0; k < d->nfields; k++)
		n += field_cases(&d->fields[k]);
	return n;
}

static uint64_t boxed(const struct conf_format *m, uint64_t v, uint64_t *s)
{
	v &= conf_ones(m->bits);
	if (m->bits == 64 || conf_below(s, 12))
		return v | ~conf_ones(m->bits);
	switch (conf_below(s, 3)) {
	case 0:
		return v;
	case 1:
		return v | (~conf_ones(m->bits) ^ UINT64_C(1) << (m->bits + conf_below(s, 64 - m->bits)));
	default:
		return v | (conf_draw(s) & ~conf_ones(m->bits));
	}
}

/* The f registers that are read, related to each other. */
static void make_fp(const struct rx_diff_insn *d, uint64_t *s, struct rx_case *c)
{
	uint64_t seen[4] = { 0 };
	unsigned n = 0;

	for (unsigned k = 0; k < 32; k++) {
		const struct conf_format *m = conf_format(16u << conf_below(s, 3));

		c->f[k] = boxed(m, conf_fp(m, s), s);
	}
	for (unsigned k = 0; k < d->noperands; k++) {
		const struct rx_diff_operand *o = &d->operands[k];
		const struct conf_format *m = conf_format(o->format);
		uint64_t v;

		if (o->kind != RX_DIFF_F || !o->read || n == 4)
			continue;
		v = conf_fp(m, s);
		if (n == 1 && !conf_below(s, 3))
			v = conf_fp_near(m, seen[0], s);
		if (n == 2 && conf_below(s, 2)) {	/* near the product */
			const uint64_t frac = conf_below(s, 2) ? v : seen[conf_below(s, 2)];

			v = conf_fp_join(m, v >> (m->bits - 1), conf_fp_exp(m, seen[0]) +
				    conf_fp_exp(m, seen[1]) - m->bias +
				    (int64_t)conf_below(s, 2 * m->mant) - m->mant,
				    frac);
		}
		seen[n++] = v & conf_ones(m->bits);
		c->f[rx_case_operand(o, c->word)] = boxed(m, v, s);
	}
}

/* ---- addresses */

static uint64_t some_address(const struct rx_diff_insn *d, uint64_t *s)
{
	const uint64_t size = d->access, page = RX_CASE_DATA + 0x1000;
	const uint64_t end = RX_CASE_DATA + RX_CASE_DATA_SIZE;
	const unsigned mis = 1 + conf_below(s, 7);

	switch (conf_below(s, 20)) {
	case 0:		/* any byte */
	case 1:
		return RX_CASE_DATA + 64 + conf_below(s, RX_CASE_DATA_SIZE - 192);
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
		return RX_CASE_HOLE + conf_below(s, 4096) * 8;
	default:
		return (RX_CASE_DATA + 64 + conf_below(s, RX_CASE_DATA_SIZE - 192)) &
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
		uint64_t v = k % 16 ? conf_draw(s) : conf_int(s);

		memcpy(c->mem + k, &v, 8);
	}
}

/* Where an indirect jump goes: never to code of the oracle's own. */
static uint64_t some_target(uint64_t *s)
{
	switch (conf_below(s, 4)) {
	case 0:
		return RX_CASE_CODE + (conf_below(s, 0x800) & ~1u);
	case 1:
		return RX_CASE_HOLE + conf_below(s, 0x10000000);
	default:
		return RX_CASE_CODE_END + 0x2000 + conf_below(s, 0x10000000);
	}
}

static void make_ints(const struct rx_diff_insn *d, uint64_t *s,
		      struct rx_case *c)
{
	for (unsigned k = 1; k < 32; k++)
		c->x[k] = conf_below(s, 8) ? conf_int(s) : c->x[conf_below(s, k)];
	for (unsigned k = 0; k < d->noperands; k++) {
		const struct rx_diff_operand *o = &d->operands[k];
		const unsigned reg = (unsigned)rx_case_operand(o, c->word);

		if (o->kind != RX_DIFF_X || !o->read || !reg)
			continue;
		if (d->flow == RX_DIFF_INDIRECT) {
			c->x[reg] = some_target(s);
		} else if (k && !conf_below(s, 4)) {
			c->x[reg] = c->x[conf_below(s, 32)] - 1;
			c->x[reg] += conf_below(s, 3);
		}
	}
}

void rx_case_make(const struct rx_diff_insn *d, uint64_t index, uint64_t seed,
		  struct rx_case *c)
{
	uint64_t s = conf_hash_name(d->name) ^ index * UINT64_C(0xd6e8feb86659fd93);

	s += seed * UINT64_C(0xa0761d6478bd642f);
	memset(c, 0, sizeof(*c));
	c->length = d->length;
	c->pc = RX_CASE_CODE_END - d->length;
	make_word(d, index, &s, c);
	make_ints(d, &s, c);
	make_fp(d, &s, c);
	c->fcsr = (uint8_t)(conf_below(&s, conf_below(&s, 4) ? 5 : 8) << 5);
	c->fcsr |= (uint8_t)(conf_below(&s, 2) ? 0 : conf_below(&s, 32));
	c->clean = !conf_below(&s, 6);
	if (d->access)
		make_memory(d, &s, c);
	c->x[0] = 0;
}

/* ---- for random programs */

uint64_t rx_case_draw(uint64_t *s)
{
	return conf_draw(s);
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
	return conf_int(s);
}

uint64_t rx_case_fp(unsigned format, uint64_t *s)
{
	const struct conf_format *m = conf_format(format);

	return boxed(m, conf_fp(m, s), s);
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
