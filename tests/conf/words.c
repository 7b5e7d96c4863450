/* words.c - codes that are single words. SPDX-License-Identifier: MIT */
#include "tests/conf/words.h"

#include <string.h>

#include "core/isa.h"
#include "tests/conf/state.h"
#include "tests/conf/values.h"

#define RANDOM_CASES 72	/* behind those that enumerate fields */
#define RANDOM_FP_CASES 192
#define WIDEST_FIELD 4		/* that is enumerated in full */
#define MOST_TRIES 4000

static unsigned field_cases(const struct conf_field *f)
{
	const unsigned width = f->hi - f->lo + 1u;

	return width <= WIDEST_FIELD ? 1u << width : 2 * width + 2;
}

/* The n-th interesting value of a field. */
static uint32_t field_value(const struct conf_field *f, unsigned n)
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

static uint32_t put(uint32_t word, unsigned lo, unsigned width, uint32_t v)
{
	const uint32_t mask = (uint32_t)conf_ones(width) << lo;

	return (word & ~mask) | (v << lo & mask);
}

uint32_t conf_put_field(uint32_t word, const struct conf_field *f, uint32_t v)
{
	return put(word, f->lo, f->hi - f->lo + 1u, v);
}

static uint32_t choose(const struct conf_insn *d, uint32_t word, uint64_t *s)
{
	uint64_t v;

	if (!d->nchoices)
		return word;
	v = d->choices[conf_below(s, d->nchoices)];
	for (unsigned k = d->nparts; k-- > 0; v >>= d->parts[k].width)
		if (d->parts[k].lo >= 0)
			word = put(word, (unsigned)d->parts[k].lo,
				   d->parts[k].width, (uint32_t)v);
	return word;
}

static uint32_t random_fields(const struct conf_insn *d, uint64_t *s)
{
	uint32_t word = d->match, equal = UINT32_MAX;

	for (unsigned k = 0; k < d->nfields; k++) {
		const struct conf_field *f = &d->fields[k];
		uint32_t v = (uint32_t)conf_draw(s);

		if (!conf_below(s, 4))
			v = field_value(f, conf_below(s, field_cases(f)));
		/* Which registers an instruction uses twice decides much. */
		if (equal != UINT32_MAX && !conf_below(s, 8))
			v = equal;
		word = conf_put_field(word, f, v);
		if (f->hi - f->lo >= 2)
			equal = v;
	}
	return word;
}

uint32_t conf_random_word(const struct conf_insn *d, uint64_t *s)
{
	return choose(d, random_fields(d, s), s);
}

enum kind { GOOD, RESERVED, OTHER };

static enum kind classify(const struct conf_case *c, unsigned id)
{
	struct rx_insn i;
	const unsigned got = conf_case_decode(c, &i);

	if (got != id)
		return got ? OTHER : RESERVED;
	if (conf_jumps_within(&c->isa->insns[id - 1], &i, c->length))
		return OTHER;	/* into itself: would not end */
	return GOOD;
}

static void put_word(struct conf_case *c, unsigned length, uint32_t word)
{
	for (unsigned k = 0; k < length; k++)
		c->code[c->length + k] = (uint8_t)(
			word >> rx_word_byte(k, length, c->isa->isa->high_unit));
	c->length = (uint8_t)(c->length + length);
	c->units++;
}

static const struct conf_insn *find(const struct conf_isa *isa, const char *name)
{
	for (unsigned k = 0; k < isa->ninsns; k++)
		if (!strcmp(isa->insns[k].name, name))
			return &isa->insns[k];
	return NULL;
}

static bool writes(const struct conf_case *c, const struct conf_insn *d,
		   const struct rx_insn *i, const struct conf_place *p)
{
	struct conf_place to;

	for (unsigned k = 0; k < d->noperands; k++)
		if (d->operands[k].written &&
		    conf_operand_place(c->isa, &d->operands[k], i, &to) && to.at == p->at)
			return true;
	return false;
}

/* Is the first access of both aimed with the same register, which stays as it is? */
static bool same_aim(const struct conf_case *c, const struct conf_insn *before,
		     const struct rx_insn *i, const struct rx_insn *j)
{
	struct conf_place a, b;

	return before->naccesses && c->insn->naccesses &&
	       conf_term_place(c->isa, before, i, before->accesses[0].terms, &a) &&
	       conf_term_place(c->isa, c->insn, j, c->insn->accesses[0].terms, &b) &&
	       a.file == b.file && a.element == b.element && !writes(c, before, i, &a);
}

/* The pair's first instruction: one with the same address. */
static void put_before(struct conf_case *c, const struct conf_insn *before,
		       uint32_t word, uint64_t *s)
{
	const struct conf_insn *d = c->insn;
	const unsigned id = (unsigned)(before - c->isa->insns) + 1;

	for (unsigned n = 0; n < MOST_TRIES; n++) {
		struct rx_insn i, j;

		c->length = c->units = 0;
		put_word(c, before->length, conf_random_word(before, s));
		if (conf_case_decode(c, &i) != id)
			continue;
		put_word(c, d->length, word);
		conf_case_decode(c, &j);
		if (same_aim(c, before, &i, &j))
			return;
	}
	c->length = c->units = 0;
	put_word(c, d->length, word);
}

bool conf_word_make(struct conf_case *c, uint64_t *s)
{
	const struct conf_insn *d = c->insn;
	const struct conf_field *f = d->fields, *end = f + d->nfields;
	const unsigned id = (unsigned)(d - c->isa->insns) + 1;
	uint64_t index = c->index;
	unsigned n = 0;
	enum kind kind;

	for (; f < end && index >= (n = field_cases(f)); f++)
		index -= n;
	for (unsigned tries = 0; tries < MOST_TRIES; tries++) {
		uint32_t word = random_fields(d, s);

		if (f < end && tries < 32)
			word = conf_put_field(word, f, field_value(f, (unsigned)index));
		word = choose(d, word, s);
		c->length = c->units = 0;
		put_word(c, d->length, word);
		kind = classify(c, id);
		if (kind == OTHER || (kind == RESERVED && c->isa->valid) ||
		    (kind == RESERVED && (f == end || tries < 4) && conf_below(s, 8)))
			continue;
		c->valid = kind == GOOD;
		if (c->valid && d->after && conf_below(s, 4))
			put_before(c, find(c->isa, d->after), word, s);
		return true;
	}
	return false;
}

unsigned conf_case_count(const struct conf_insn *d)
{
	unsigned n = d->fp ? RANDOM_FP_CASES : RANDOM_CASES;

	for (unsigned k = 0; k < d->nfields; k++)
		n += field_cases(&d->fields[k]);
	return n;
}

