/* state.c - the state that a case begins with. SPDX-License-Identifier: MIT */
#include "tests/conf/state.h"

#include <string.h>

#include "core/group.h"
#include "tests/conf/values.h"

#define ROUND_ABOUT 64	/* bytes of the window that differ on both sides of an access */

/* ---- places and values */

static bool place_at(const struct conf_isa *isa, unsigned file, unsigned element,
		     struct conf_place *p)
{
	const struct conf_file *f = &isa->files[file];

	p->file = file;
	p->element = element;
	p->at = f->at + element * f->bytes;
	return element < f->count && !(element < 64 && f->fixed >> element & 1);
}

uint64_t conf_value(const struct conf_operand *o, const struct rx_insn *i)
{
	return o->slot >= 0 ? i->r[o->slot] : o->slot == -2 ? o->shift
		: i->imm >> o->shift & conf_ones(o->width);
}

/* Element n of an array, in the file that has it */
static bool place_in(const struct conf_isa *isa, unsigned array, unsigned n,
		     struct conf_place *p)
{
	for (unsigned k = 0; k < isa->nfiles; k++) {
		const struct conf_file *f = &isa->files[k];

		if (f->array == array && n >= f->first && n - f->first < f->count)
			return place_at(isa, k, n - f->first, p);
	}
	return false;
}

bool conf_array_place(const struct conf_isa *isa, unsigned array, unsigned n,
		      struct conf_place *p)
{
	return place_in(isa, array, n, p);
}

bool conf_operand_place(const struct conf_isa *isa, const struct conf_operand *o,
			const struct rx_insn *i, struct conf_place *p)
{
	return o->array >= 0 &&
	       place_in(isa, (unsigned)o->array, (unsigned)conf_value(o, i), p);
}

bool conf_jumps_within(const struct conf_insn *d, const struct rx_insn *i, unsigned length)
{
	return d->flow == CONF_DIRECT && d->target >= 0 &&
	       conf_value(&d->operands[d->target], i) + (uint64_t)(int64_t)d->bias < length;
}

bool conf_term_place(const struct conf_isa *isa, const struct conf_insn *d,
		     const struct rx_insn *i, const struct conf_term *t,
		     struct conf_place *p)
{
	if (t->operand >= 0)
		return conf_operand_place(isa, &d->operands[t->operand], i, p);
	return t->array >= 0 && place_in(isa, (unsigned)t->array, t->element, p);
}

static uint64_t get(const struct conf_case *c, const struct conf_place *p)
{
	const unsigned n = c->isa->files[p->file].bytes;
	uint64_t v = 0;

	memcpy(&v, c->state + p->at, n < 8 ? n : 8);
	return v;
}

static void set(struct conf_case *c, const struct conf_place *p, uint64_t v)
{
	const unsigned n = c->isa->files[p->file].bytes;

	memcpy(c->state + p->at, &v, n < 8 ? n : 8);
}

/* ---- values of registers */

static uint64_t boxed(const struct conf_format *m, uint64_t v, unsigned bits,
		      uint64_t *s)
{
	v &= conf_ones(m->bits);
	if (m->bits >= bits || conf_below(s, 12))
		return v | ~conf_ones(m->bits);
	switch (conf_below(s, 3)) {
	case 0:
		return v;
	case 1:
		return v | (~conf_ones(m->bits) ^
			    UINT64_C(1) << (m->bits + conf_below(s, bits - m->bits)));
	default:
		return v | (conf_draw(s) & ~conf_ones(m->bits));
	}
}

/* Lanes of one kind. format: IEEE ones of so many bits, 0: whatever */
static void fill_lanes(uint8_t *to, unsigned bytes, unsigned format, uint64_t *s)
{
	const unsigned kind = format ? 4 : conf_below(s, 8);
	const unsigned log = conf_below(s, 4);
	const unsigned lane = format ? format / 8 : kind >= 4 ? 2u << log % 3 : 1u << log;
	const struct conf_format *m = conf_format(8 * lane);

	for (unsigned k = 0; k + lane <= bytes; k += lane) {
		uint64_t v = kind < 4 && lane == 8 ? conf_int(s) : conf_draw(s);

		if (kind >= 4 && kind < 6)
			v = conf_fp(m, s);
		else if (kind < 4 && v % 3 == 0)	/* at the ends of its range */
			v = (v & 8 ? 0 : conf_ones(8 * lane - 1)) + (v >> 4) % 3 - 1;
		memcpy(to + k, &v, lane);
	}
}

static void fill_predicate(uint8_t *to, unsigned bytes, uint64_t *s)
{
	const unsigned kind = conf_below(s, 8), ones = conf_below(s, bytes * 8 + 1);

	for (unsigned k = 0; k < bytes; k++) {
		uint64_t v = conf_draw(s);

		if (kind == 0)
			v = 0xff;
		else if (kind == 1)
			v = 0;
		else if (kind == 2)	/* the first ones */
			v = 8 * k + 8 <= ones ? 0xff : 8 * k >= ones ? 0 : conf_ones(ones % 8);
		else if (kind == 3)
			v &= v >> 8 & v >> 16;
		to[k] = (uint8_t)v;
	}
}

/* Where a jump goes: never to code of the oracle's own. */
static uint64_t some_target(const struct conf_isa *isa, uint64_t *s)
{
	switch (conf_below(s, 4)) {
	case 0:
		return CONF_CODE(isa) + (conf_below(s, 0x800) & ~3u);
	case 1:
		return CONF_HOLE(isa) + conf_below(s, CONF_HOLE_SIZE);
	default:
		return CONF_HOLE(isa) + (conf_below(s, CONF_HOLE_SIZE) & ~3u);
	}
}

static uint64_t some_bits(const struct conf_file *f, uint64_t *s)
{
	const uint64_t v = conf_draw(s) & f->values;

	switch (conf_below(s, 4)) {
	case 0:
		return 0;
	case 1:
		return v & conf_draw(s) & conf_draw(s);
	default:
		return v;
	}
}

static void fill_element(struct conf_case *c, const struct conf_place *p,
			 uint64_t *s)
{
	const struct conf_file *f = &c->isa->files[p->file];
	struct conf_place other = *p;

	switch ((enum conf_fill)f->fill) {
	case CONF_GENERAL:
		if (!p->element || conf_below(s, 8)) {
			set(c, p, conf_int(s));
			return;
		}
		other.at = f->at + conf_below(s, p->element) * f->bytes;
		set(c, p, get(c, &other));
		return;
	case CONF_FLOAT: {
		const unsigned most = f->bytes >= 8 ? 3 : f->bytes >= 4 ? 2 : 1;
		const struct conf_format *m = conf_format(16u << conf_below(s, most));
		const uint64_t v = conf_fp(m, s);

		set(c, p, boxed(m, v, 8u * f->bytes, s));
		return;
	}
	case CONF_VECTOR:
		fill_lanes(c->state + p->at, f->bytes, 0, s);
		if (f->bytes > 16 && conf_below(s, 2))	/* as narrower writes leave it */
			memset(c->state + p->at + 16, 0, f->bytes - 16u);
		return;
	case CONF_PREDICATE:
		fill_predicate(c->state + p->at, f->bytes, s);
		return;
	case CONF_BITS:
		set(c, p, some_bits(f, s));
		return;
	case CONF_TARGET:
		set(c, p, some_target(c->isa, s));
		return;
	case CONF_EXTENDED:
		conf_extended(c->state + p->at, s);
		return;
	case CONF_CHOICE:
		set(c, p, f->choices[conf_below(s, f->nchoices)]);
		return;
	}
}

/* Draws are the same whatever an element is, so that files are independent. */
static void fill_files(struct conf_case *c, uint64_t *s)
{
	memset(c->state, 0, c->isa->image);
	for (unsigned k = 0; k < c->isa->nfiles; k++) {
		uint64_t own = conf_draw(s) ^ conf_hash_name(c->isa->files[k].name);

		for (unsigned n = 0; n < c->isa->files[k].count; n++) {
			struct conf_place p;

			if (place_at(c->isa, k, n, &p))
				fill_element(c, &p, &own);
		}
	}
}

/* ---- what the instruction reads */

static void aim_lanes(struct conf_case *c, const struct conf_place *p,
		      unsigned format, const struct conf_place *first, uint64_t *s)
{
	const unsigned bytes = c->isa->files[p->file].bytes, lane = format / 8;
	const struct conf_format *m = conf_format(format);
	const bool near = first && !conf_below(s, 3);

	fill_lanes(c->state + p->at, bytes, format, s);
	for (unsigned k = 0; near && k + lane <= bytes; k += lane) {
		uint64_t v = 0;

		memcpy(&v, c->state + first->at + k, lane);
		v = conf_fp_near(m, v, s);
		memcpy(c->state + p->at + k, &v, lane);
	}
}

/* The IEEE operands, related to each other. */
static void make_fp(struct conf_case *c, const struct conf_insn *d,
		    const struct rx_insn *i, uint64_t *s)
{
	uint64_t seen[3] = { 0 };
	struct conf_place p, first;
	unsigned n = 0;

	for (unsigned k = 0; k < d->noperands; k++) {
		const struct conf_operand *o = &d->operands[k];
		const struct conf_format *m = conf_format(o->format);
		const struct conf_file *f;
		uint64_t v;

		if (!o->format || !o->read || !conf_operand_place(c->isa, o, i, &p))
			continue;
		f = &c->isa->files[p.file];
		if (f->fill == CONF_EXTENDED)
			continue;
		if (f->fill == CONF_VECTOR) {
			aim_lanes(c, &p, o->format, n ? &first : NULL, s);
			first = n++ ? first : p;
			continue;
		}
		v = conf_fp(m, s);
		if (n == 1 && !conf_below(s, 3))
			v = conf_fp_near(m, seen[0], s);
		if (n == 2 && conf_below(s, 2)) {	/* near the product */
			const uint64_t frac = conf_below(s, 2) ? v : seen[conf_below(s, 2)];

			v = conf_fp_join(m, v >> (m->bits - 1),
					 conf_fp_exp(m, seen[0]) +
					 conf_fp_exp(m, seen[1]) - m->bias +
					 (int64_t)conf_below(s, 2 * m->mant) - m->mant,
					 frac);
		}
		if (n < 3)
			seen[n++] = v & conf_ones(m->bits);
		set(c, &p, f->fill == CONF_FLOAT ? boxed(m, v, 8u * f->bytes, s) : v);
	}
}

static void make_ints(struct conf_case *c, const struct conf_insn *d,
		      const struct rx_insn *i, uint64_t *s)
{
	for (unsigned k = 0; k < d->noperands; k++) {
		const struct conf_operand *o = &d->operands[k];
		struct conf_place p, other;

		if (!o->read || !conf_operand_place(c->isa, o, i, &p) ||
		    c->isa->files[p.file].fill != CONF_GENERAL)
			continue;
		if (d->flow == CONF_INDIRECT) {
			set(c, &p, some_target(c->isa, s));
		} else if (k && !conf_below(s, 4)) {
			const uint64_t off = conf_below(s, 3);

			if (place_at(c->isa, p.file,
				     conf_below(s, c->isa->files[p.file].count), &other))
				set(c, &p, get(c, &other) - 1 + off);
		}
	}
}

/* ---- memory */

static uint64_t some_address(const struct conf_isa *isa, const struct conf_access *a,
			     uint64_t *s)
{
	const uint64_t size = a->size ? a->size : 1, page = CONF_DATA(isa) + 0x1000;
	const uint64_t end = CONF_DATA(isa) + conf_data_size(isa);
	const uint64_t even = size & (size - 1) ? 1 : size;
	const uint64_t any = CONF_DATA(isa) + ROUND_ABOUT +
			     conf_below(s, conf_data_size(isa) - 4 * ROUND_ABOUT);
	const unsigned mis = 1 + conf_below(s, size > 8 ? (unsigned)size - 1 : 7);
	const uint64_t hole = CONF_HOLE(isa) + conf_below(s, 4096) * 8;

	switch (conf_below(s, 20)) {
	case 0:
	case 1:		/* any byte */
		return any;
	case 2:
	case 3:		/* over the page boundary inside */
		return page - mis % (a->atomic ? 1 + size : size > 8 ? size : 8);
	case 4:		/* the last one that fits */
		return end - size;
	case 5:		/* over the end */
		return a->atomic ? end : end - mis;
	case 6:		/* under the start */
		return a->atomic ? CONF_DATA(isa) - size : CONF_DATA(isa) - mis;
	case 7:
		return hole;
	default:
		return any & ~(even - 1);
	}
}

static uint64_t term_value(const struct conf_case *c, const struct conf_insn *d,
			   const struct rx_insn *i, const struct conf_term *t)
{
	unsigned shift = t->shift;
	struct conf_place p;
	uint64_t v = 0;

	if (conf_term_place(c->isa, d, i, t, &p))
		v = get(c, &p);
	else if (t->operand >= 0 && d->operands[t->operand].array < 0)
		v = conf_value(&d->operands[t->operand], i);
	v &= conf_ones(t->width);
	if (t->is_signed && t->width < 64 && v >> (t->width - 1))
		v |= ~conf_ones(t->width);
	if (t->shift_by >= 0)
		shift += (unsigned)conf_value(&d->operands[t->shift_by], i) & 63;
	v = shift < 64 ? v << shift : 0;
	return t->minus ? -v : v;
}

uint64_t conf_address(const struct conf_case *c, const struct conf_insn *d,
		      const struct rx_insn *i, const struct conf_access *a)
{
	uint64_t v = (uint64_t)a->constant;

	for (unsigned k = 0; k < a->nterms; k++)
		v += term_value(c, d, i, &a->terms[k]);
	return c->isa->wide ? v : (uint32_t)v;
}

/* Index registers: small, so that sums stay near; now and then any. */
static void tame(struct conf_case *c, const struct conf_insn *d,
		 const struct rx_insn *i, const struct conf_access *a, uint64_t *s)
{
	for (unsigned k = 1; k < a->nterms; k++) {
		const uint64_t v = conf_below(s, 256);
		const bool wild = conf_below(s, 3);
		struct conf_place p;

		if (!wild && conf_term_place(c->isa, d, i, &a->terms[k], &p) &&
		    c->isa->files[p.file].bytes <= 8)
			set(c, &p, v - 128);
	}
}

/* New values around an access: targets where it may be jumped to. */
static void patch(struct conf_case *c, uint64_t ea, unsigned size, bool targets,
		  uint64_t *s)
{
	const uint64_t from = (ea & ~UINT64_C(63)) - ROUND_ABOUT;
	const uint64_t last = CONF_DATA(c->isa) + conf_data_size(c->isa);
	uint64_t at = from < CONF_DATA(c->isa) ? CONF_DATA(c->isa) : from;
	uint64_t end = (ea & ~UINT64_C(63)) + size + 2 * ROUND_ABOUT;

	if (end > last)
		end = last;
	end &= ~UINT64_C(7);
	if (end > at + CONF_PATCH_MAX)
		end = at + CONF_PATCH_MAX;
	if (from > last || at >= end || c->npatches == CONF_PATCHES)
		return;
	c->patch[c->npatches++] = (struct conf_patch){ (uint32_t)(at - CONF_DATA(c->isa)),
						       (uint32_t)(end - at) };
	for (; at < end; at += 8) {
		uint64_t v = at % 16 ? conf_draw(s) : conf_int(s);

		if (targets) {
			v = some_target(c->isa, s);
			v |= some_target(c->isa, s) << 32;
			if (c->isa->wide)
				v = (uint32_t)v;
		}
		memcpy(c->mem + (at - CONF_DATA(c->isa)), &v, 8);
	}
}

static uint64_t align(const struct conf_case *c, const struct conf_place *p, uint64_t v)
{
	const struct conf_file *f = &c->isa->files[p->file];

	return f->alignment && f->aligned == p->element ? v & -(uint64_t)f->alignment : v;
}

static void make_memory(struct conf_case *c, const struct conf_insn *d,
			const struct rx_insn *i, uint64_t *s)
{
	for (unsigned k = 0; k < d->naccesses; k++) {
		const struct conf_access *a = &d->accesses[k];
		const uint64_t ea = some_address(c->isa, a, s);
		struct conf_place p;
		uint64_t others, at;

		if (a->part && c->isa->aim) {
			at = c->isa->aim(c, i, a, ea, s);
			if (!k)
				c->ea = at;
			patch(c, at, a->size, d->flow == CONF_INDIRECT, s);
			continue;
		}
		tame(c, d, i, a, s);
		others = conf_address(c, d, i, a) - (a->nterms ? term_value(c, d, i, a->terms) : 0);
		if (a->nterms && conf_term_place(c->isa, d, i, a->terms, &p))
			set(c, &p, align(c, &p, ea - others));
		at = a->nterms ? conf_address(c, d, i, a) : ea;
		patch(c, at, a->size, d->flow == CONF_INDIRECT, s);
	}
}

#define LOOSE 4096	/* so far may an address be from what is known of it */

/* What the accesses are like, when all registers have their values. */
static void look(struct conf_case *c, const struct conf_insn *d, const struct rx_insn *i)
{
	const uint64_t all = conf_data_size(c->isa);

	for (unsigned k = 0; k < d->naccesses; k++) {
		const struct conf_access *a = &d->accesses[k];
		const uint64_t about = a->loose ? LOOSE : 0;
		uint64_t at;

		if (a->part && c->isa->aim)	/* only that function knows */
			continue;
		at = conf_address(c, d, i, a);
		if (!k && d == c->insn)
			c->ea = at;
		c->loose |= a->loose;
		c->misaligned |= a->size && at % a->size;
		/* an extender replaces the fixed register that it would be added to */
		if (i->left & RX_GROUP_EXTENDED && c->isa->grouped && a->nterms &&
		    a->terms->operand >= 0 && d->operands[a->terms->operand].slot == -2) {
			c->elsewhere = true;
			c->outside += 2;
		}
		c->changes_code |= at + a->size + about > CONF_CODE(c->isa) &&
				   at < conf_code_end(c->isa) + about;
		c->elsewhere |= at - CONF_CODE(c->isa) >=
				CONF_HOLE(c->isa) + CONF_HOLE_SIZE - CONF_CODE(c->isa);
		c->outside += at - CONF_DATA(c->isa) >= all ||
			      a->size > all - (at - CONF_DATA(c->isa));
	}
}

void conf_background(uint8_t *window, uint32_t size)
{
	uint64_t s = UINT64_C(0x5eed0f0c0f1ab1e5);

	for (uint32_t k = 0; k < size; k += 8) {
		const uint64_t v = conf_draw(&s);

		memcpy(window + k, &v, 8);
	}
}

void conf_state_make(struct conf_case *c, uint64_t *s)
{
	struct rx_insn i[RX_INSN_RECORDS];
	unsigned n;

	c->ea = 0;
	c->misaligned = c->loose = false;
	c->outside = 0;
	c->elsewhere = c->changes_code = false;
	c->npatches = 0;
	memcpy(c->mem, c->background, conf_data_size(c->isa));
	fill_files(c, s);
	n = conf_case_members(c, i);
	for (unsigned k = 0; k < n; k++)
		make_ints(c, &c->isa->insns[i[k].id - 1], &i[k], s);
	for (unsigned k = 0; k < n; k++)
		if (c->isa->insns[i[k].id - 1].fp)
			make_fp(c, &c->isa->insns[i[k].id - 1], &i[k], s);
	for (unsigned k = 0; k < n; k++)
		make_memory(c, &c->isa->insns[i[k].id - 1], &i[k], s);
	if (n && c->isa->settle)
		c->isa->settle(c, i, s);
	for (unsigned k = 0; k < n; k++)
		look(c, &c->isa->insns[i[k].id - 1], &i[k]);
}
