/* case.c - the code of cases, and cases as a whole. SPDX-License-Identifier: MIT */
#include "tests/conf/case.h"

#include <stdlib.h>
#include <string.h>

#include "core/isa.h"
#include "tests/conf/state.h"
#include "tests/conf/values.h"

#define RANDOM_CASES 120	/* behind those that enumerate fields */
#define RANDOM_FP_CASES 320
#define WIDEST_FIELD 6		/* that is enumerated in full */
#define MOST_TRIES 4000

const struct conf_file *conf_file(const struct conf_isa *isa, const char *name)
{
	for (unsigned k = 0; k < isa->nfiles; k++)
		if (!strcmp(isa->files[k].name, name))
			return &isa->files[k];
	return NULL;
}

bool conf_case_init(struct conf_case *c, const struct conf_isa *isa)
{
	memset(c, 0, sizeof(*c));
	c->isa = isa;
	c->state = calloc(1, isa->image + 8);
	return c->state != NULL;
}

void conf_case_fini(struct conf_case *c)
{
	free(c->state);
	c->state = NULL;
}

/* ---- words */

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

static uint32_t put_field(uint32_t word, const struct conf_field *f, uint32_t v)
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

static uint32_t random_word(const struct conf_insn *d, uint64_t *s)
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
		word = put_field(word, f, v);
		if (f->hi - f->lo >= 2)
			equal = v;
	}
	return word;
}

enum kind { GOOD, RESERVED, OTHER };

static enum kind classify(const struct conf_case *c, unsigned id)
{
	struct rx_insn i;
	const unsigned got = conf_case_decode(c, &i);

	if (got != id)
		return got ? OTHER : RESERVED;
	if (c->isa->insns[id - 1].flow == CONF_DIRECT && i.imm < c->length)
		return OTHER;	/* into itself: would not end */
	return GOOD;
}

static void put_word(struct conf_case *c, unsigned length, uint32_t word)
{
	memcpy(c->code + c->length, &word, length);
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

/* Is the first access of both aimed with the same register? */
static bool same_aim(const struct conf_case *c, const struct conf_insn *before,
		     const struct rx_insn *i, const struct rx_insn *j)
{
	struct conf_place a, b;

	return before->naccesses && c->insn->naccesses &&
	       conf_term_place(c->isa, before, i, before->accesses[0].terms, &a) &&
	       conf_term_place(c->isa, c->insn, j, c->insn->accesses[0].terms, &b) &&
	       a.file == b.file && a.element == b.element;
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
		put_word(c, before->length, choose(before, random_word(before, s), s));
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

static bool make_word(struct conf_case *c, uint64_t *s)
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
		uint32_t word = random_word(d, s);

		if (f < end && tries < 32)
			word = put_field(word, f, field_value(f, (unsigned)index));
		word = choose(d, word, s);
		c->length = c->units = 0;
		put_word(c, d->length, word);
		kind = classify(c, id);
		if (kind == OTHER ||
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

/* ---- all of it */

unsigned conf_case_decode(const struct conf_case *c, struct rx_insn *i)
{
	unsigned at = 0, n = 0;

	memset(i, 0, sizeof(*i));
	for (unsigned k = 0; k < c->units; k++, at += n) {
		memset(i, 0, sizeof(*i));
		i->pc = CONF_CODE_END - c->length + at;
		n = c->isa->isa->decode(c->isa->mode_key, c->code + at,
					(unsigned)(c->length - at), i);
		if (!n)
			return 0;
		i->len = (uint8_t)n;
	}
	return at == c->length ? i->id : 0;
}

static uint64_t seed_of(const struct conf_case *c)
{
	const uint64_t s = conf_hash_name(c->insn->name) ^
			   c->index * UINT64_C(0xd6e8feb86659fd93);

	return s + c->seed * UINT64_C(0xa0761d6478bd642f);
}

static void start(struct conf_case *c, const struct conf_insn *d,
		  uint64_t index, uint64_t seed)
{
	c->insn = d;
	c->index = index;
	c->seed = seed;
	c->length = c->units = 0;
	memset(c->code, 0, sizeof(c->code));
}

static void finish(struct conf_case *c)
{
	uint64_t s = ~seed_of(c);

	c->pc = CONF_CODE_END - c->length;
	conf_state_make(c, &s);
}

bool conf_case_make(struct conf_case *c, const struct conf_insn *d,
		    uint64_t index, uint64_t seed, conf_coder *coder)
{
	uint64_t s;

	start(c, d, index, seed);
	s = seed_of(c);
	if (!(coder ? coder : make_word)(c, &s))
		return false;
	finish(c);
	return true;
}

void conf_case_remake(struct conf_case *c, const struct conf_insn *d,
		      uint64_t index, uint64_t seed, const uint8_t *code,
		      unsigned length)
{
	uint8_t copy[CONF_CODE_MAX];	/* code may be c's own */
	struct rx_insn i;
	unsigned n, at = 0;

	memcpy(copy, code, length);
	start(c, d, index, seed);
	memcpy(c->code, copy, length);
	c->length = (uint8_t)length;
	do {
		memset(&i, 0, sizeof(i));
		i.pc = CONF_CODE_END - length + at;
		n = c->isa->isa->decode(c->isa->mode_key, code + at, length - at, &i);
		at += n;
		c->units++;
	} while (n && i.id && at < length);
	c->valid = i.id != 0;
	finish(c);
}

uint64_t conf_case_hash(const struct conf_case *c, uint64_t hash)
{
	const uint64_t head[3] = { c->pc, c->length, c->npatches };
	uint64_t v;

	for (unsigned k = 0; k < 3; k++)
		hash = (hash ^ head[k]) * UINT64_C(0x9fb21c651e98df25);
	for (uint32_t k = 0; k < c->isa->image; k += 8) {
		memcpy(&v, c->state + k, 8);
		hash = (hash ^ v) * UINT64_C(0x9fb21c651e98df25);
		hash ^= hash >> 32;
	}
	for (unsigned p = 0; p < c->npatches; p++)
		for (uint32_t k = 0; k < c->patch[p].size; k++)
			hash = (hash ^ c->mem[c->patch[p].at + k]) *
			       UINT64_C(0x9fb21c651e98df25);
	return hash ^ hash >> 32;
}
