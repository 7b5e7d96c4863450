/* packet.c - codes of instructions that come in groups. SPDX-License-Identifier: MIT */
#include "tests/conf/packet.h"

#include <limits.h>
#include <string.h>

#include "tests/conf/state.h"
#include "tests/conf/values.h"
#include "tests/conf/words.h"

#define MOST_TRIES 20000
#define ALONE 24	/* the first so many cases have no companions */

static uint32_t ones_at(struct rx_group_bits b)
{
	return (uint32_t)conf_ones(b.width) << b.lo;
}

static unsigned id_of(const struct conf_case *c, const struct conf_insn *d)
{
	return (unsigned)(d - c->isa->insns) + 1;
}

static bool is_short(const struct rx_group_rules *r, const struct conf_case *c,
		     const struct conf_insn *d)
{
	return r->members[id_of(c, d)].flags & RX_MEMBER_SHORT;
}

/* What stands above the bits of a half's own. */
static uint32_t above(const struct rx_group_rules *r, const struct conf_insn *d)
{
	return d->match & ~(uint32_t)conf_ones(r->halves[0].width);
}

static bool writes_class(const struct rx_member *m, unsigned cls)
{
	for (unsigned n = 0; n < RX_MEMBER_WRITES; n++)
		if (m->writes[n].slot != RX_MEMBER_NONE && m->writes[n].cls == cls)
			return true;
	return false;
}

/* Some instruction that may stand beside the case's: one that writes what this
 * reads as the group leaves it, most of the time. Short ones have these bits above. */
static const struct conf_insn *companion(const struct rx_group_rules *r,
					 const struct conf_case *c, bool want_short,
					 uint32_t bits, uint64_t *s)
{
	const struct rx_member *m = &r->members[id_of(c, c->insn)];
	const unsigned k = conf_below(s, RX_MEMBER_FRESH);
	const struct rx_member_reg *fresh =
		&m->fresh[m->fresh[k].slot != RX_MEMBER_NONE ? k : 0];
	const unsigned cls = fresh->slot == RX_MEMBER_NONE || !conf_below(s, 4)
		? RX_MEMBER_NONE : fresh->cls;

	for (unsigned tries = 0; tries < 4000; tries++) {
		const struct conf_insn *d = &c->isa->insns[conf_below(s, c->isa->ninsns)];

		if (cls != RX_MEMBER_NONE && tries < 2000 &&
		    !writes_class(&r->members[id_of(c, d)], cls))
			continue;

		if (d->length != r->unit || d->skip || d->alone || id_of(c, d) == r->extender ||
		    is_short(r, c, d) != want_short)
			continue;
		if (want_short ? above(r, d) == bits : d->flow == CONF_NEXT)
			return d;
	}
	return NULL;
}

/* A word of two halves, one of them the instruction's; 0: there is none. */
static uint32_t pair_word(const struct rx_group_rules *r, const struct conf_case *c,
			  const struct conf_insn *d, uint64_t *s)
{
	const unsigned kinds = 1u << (r->kind[0].width + r->kind[1].width);
	const uint32_t mine = above(r, d);

	for (unsigned tries = 0; tries < 64; tries++) {
		const unsigned kind = conf_below(s, kinds), h = conf_below(s, 2);
		const struct conf_insn *other;
		uint32_t half[2];

		if (!r->pairs[kind].known || r->pairs[kind].above[h] != mine)
			continue;
		other = companion(r, c, true, r->pairs[kind].above[1 - h], s);
		if (!other)
			continue;
		half[h] = conf_random_word(d, s);
		half[1 - h] = conf_random_word(other, s);
		return kind >> r->kind[1].width << r->kind[0].lo |
		       (kind & (uint32_t)conf_ones(r->kind[1].width)) << r->kind[1].lo |
		       (half[0] & (uint32_t)conf_ones(r->halves[0].width)) << r->halves[0].lo |
		       (half[1] & (uint32_t)conf_ones(r->halves[1].width)) << r->halves[1].lo;
	}
	return 0;
}

/* Words of a group, without parse bits; how many, 0: none was found. */
static unsigned make_words(const struct rx_group_rules *r, struct conf_case *c,
			   uint32_t *word, bool *paired, uint64_t *s)
{
	const struct rx_member *m = &r->members[id_of(c, c->insn)];
	const bool extends = m->flags & RX_MEMBER_MUST || (m->width && !conf_below(s, 3));
	const unsigned most = r->most - extends;
	const bool needs = m->producer != RX_MEMBER_NONE ||
			   m->fresh[0].slot != RX_MEMBER_NONE;
	const unsigned count = c->insn->alone ? 1 : needs ? 2 + conf_below(s, most - 1)
		: c->index < ALONE ? 1 : 1 + conf_below(s, most);
	const unsigned mine = is_short(r, c, c->insn) ? count - 1 : conf_below(s, count);
	unsigned n = 0;

	for (unsigned k = 0; k < count; k++) {
		const struct conf_insn *d = c->insn;

		if (k == mine && extends) {
			const struct conf_insn *x = &c->isa->insns[r->extender - 1];

			word[n++] = conf_random_word(x, s);
		}
		if (k == mine && is_short(r, c, d)) {
			*paired = true;
			word[n] = pair_word(r, c, d, s);
			if (!word[n])
				return 0;
			n++;
			continue;
		}
		if (k != mine)
			d = companion(r, c, false, 0, s);
		if (!d)
			return 0;
		word[n++] = conf_random_word(d, s);
	}
	return n;
}

static void put_words(const struct rx_group_rules *r, struct conf_case *c,
		      const uint32_t *word, unsigned n, bool paired)
{
	for (unsigned k = 0; k < n; k++) {
		const uint32_t parse = k + 1 < n ? 1 : paired ? r->pair : r->end;
		const uint32_t w = (word[k] & ~ones_at(r->parse)) | parse << r->parse.lo;

		memcpy(c->code + r->unit * k, &w, r->unit);
	}
	c->length = (uint8_t)(r->unit * n);
	c->units = 1;
}

static unsigned number_of(const struct rx_insn *i, const struct rx_member_reg *reg)
{
	return reg->slot == RX_MEMBER_FIXED ? reg->number : i->r[reg->slot];
}

/* Does member k of the group write a register? */
static bool writes(const struct rx_group_rules *r, const struct rx_insn *i, unsigned k,
		   unsigned cls, unsigned number)
{
	const struct rx_member *m = &r->members[i[k].id];

	for (unsigned n = 0; n < RX_MEMBER_WRITES; n++)
		if (m->writes[n].slot != RX_MEMBER_NONE && m->writes[n].cls == cls &&
		    number_of(&i[k], &m->writes[n]) == number)
			return true;
	return false;
}

/* Is a register that `from` writes as its own operand one that `to` reads? (A
 * control register that shows others is not what a group may read as it leaves it.) */
static bool plain(const struct conf_case *c, const struct rx_insn *from,
		  const struct rx_insn *to, unsigned number)
{
	const struct conf_insn *w = &c->isa->insns[from->id - 1];
	const struct conf_insn *r = &c->isa->insns[to->id - 1];
	struct conf_place a, b;
	unsigned alike = 0, file = UINT_MAX;
	bool found = false;

	for (unsigned k = 0; k < w->noperands; k++) {
		if (!w->operands[k].written ||
		    !conf_operand_place(c->isa, &w->operands[k], from, &a))
			continue;
		alike += a.file == file;
		for (unsigned n = 0; n < r->noperands; n++) {
			if (a.element != number ||
			    !conf_operand_place(c->isa, &r->operands[n], to, &b) ||
			    a.at != b.at)
				continue;
			alike += file != a.file;
			file = a.file;
			found = true;
		}
	}
	return found && alike < 3;
}

/* What reads a register as the group leaves it needs somebody who writes it. */
static bool all_fresh(const struct rx_group_rules *r, const struct conf_case *c,
		      const struct rx_insn *i, unsigned n)
{
	for (unsigned k = 0; k < n; k++) {
		const struct rx_member *m = &r->members[i[k].id];

		for (unsigned f = 0; f < RX_MEMBER_FRESH; f++) {
			const struct rx_member_reg *reg = &m->fresh[f];
			const unsigned number = number_of(&i[k], reg);
			unsigned by = 0;
			bool found = false;

			if (reg->slot == RX_MEMBER_NONE)
				continue;
			for (unsigned j = 0; j < n; j++) {
				if (!writes(r, i, j, reg->cls, number))
					continue;
				by++;
				found |= j == k || plain(c, &i[j], &i[k], number);
			}
			if (!found || by > 1)	/* what is merged is not fresh */
				return false;
		}
	}
	return true;
}

/* Adds the elements of a file that a member writes to a mask; false: some twice. */
static bool written(const struct conf_case *c, const struct rx_insn *i, unsigned file,
		    uint64_t *all)
{
	const struct conf_insn *d = &c->isa->insns[i->id - 1];
	struct conf_place p;
	bool twice = false;

	for (unsigned k = 0; k < d->noperands; k++) {
		const struct conf_operand *o = &d->operands[k];
		const uint64_t bits = conf_ones(o->plus + 1u);

		if (!o->written || !conf_operand_place(c->isa, o, i, &p) || p.file != file)
			continue;
		twice |= (*all & bits << p.element) != 0;
		*all |= bits << p.element;
	}
	return !twice;
}

static bool makes_pair(const struct conf_case *c, const struct rx_insn *i)
{
	const struct conf_insn *d = &c->isa->insns[i->id - 1];

	for (unsigned k = 0; k < d->noperands; k++)
		if (d->operands[k].written && d->operands[k].plus)
			return true;
	return false;
}

/* What a field says is made by another member is what that is for, no address
 * that it updates beside. */
static bool made(const struct rx_group_rules *r, const struct conf_case *c,
		 const struct rx_insn *i, unsigned n)
{
	for (unsigned k = 0; k < n; k++) {
		const struct rx_member *m = &r->members[i[k].id];
		bool found = m->producer == RX_MEMBER_NONE;

		for (unsigned j = 0; j < k && !found; j++) {
			const struct rx_member_reg *w = &r->members[i[j].id].writes[0];

			found = w->slot != RX_MEMBER_NONE && w->cls == m->cls &&
				number_of(&i[j], w) == i[k].r[m->producer] &&
				!makes_pair(c, &i[j]);
		}
		if (!found)
			return false;
	}
	return true;
}

/* Two writes of a register are no packet, but for predicates, which merge. */
static bool written_once(const struct conf_case *c, const struct rx_insn *i, unsigned n)
{
	for (unsigned f = 0; f < c->isa->nfiles; f++) {
		uint64_t all = 0;

		for (unsigned k = 0; k < n && c->isa->files[f].fill != CONF_PREDICATE; k++)
			if (!written(c, &i[k], f, &all))
				return false;
	}
	return true;
}

/* The words stand in the order of their slots, the highest first; the last
 * access to memory is in slot 0, another one in slot 1. */
static bool in_slots(const struct rx_group_rules *r, const struct rx_insn *i, unsigned n)
{
	unsigned slot = 4, accesses = 0;

	for (unsigned k = 0; k < n; k++)
		accesses += (r->members[i[k].id].flags & RX_MEMBER_MEMORY) != 0;
	for (unsigned k = 0; k < n; k++) {
		unsigned may = r->members[i[k].id].slots;

		if (r->members[i[k].id].flags & RX_MEMBER_MEMORY)
			may = accesses-- > 1 ? 2 : 1;
		/* stores of what the packet makes */
		if (r->members[i[k].id].flags & RX_MEMBER_STORE &&
		    r->members[i[k].id].producer != RX_MEMBER_NONE && may != 1)
			return false;

		do
			if (!slot--)
				return false;
		while (may && !(may >> slot & 1));
	}
	return true;
}

/* Is it in there, and does nothing jump into the group itself? */
static bool good(const struct rx_group_rules *r, const struct conf_case *c)
{
	struct rx_insn i[RX_INSN_RECORDS];
	const unsigned n = conf_case_members(c, i);
	bool found = false;

	for (unsigned k = 0; k < n; k++) {
		const struct conf_insn *d = &c->isa->insns[i[k].id - 1];

		found |= d == c->insn;
		if (conf_jumps_within(d, &i[k], c->length))
			return false;
	}
	return found && in_slots(r, i, n) && all_fresh(r, c, i, n) && made(r, c, i, n) &&
	       written_once(c, i, n);
}

bool conf_packet_make(const struct rx_group_rules *r, struct conf_case *c, uint64_t *s)
{
	for (unsigned tries = 0; tries < MOST_TRIES; tries++) {
		uint32_t word[16];
		bool paired = false;
		const unsigned n = make_words(r, c, word, &paired, s);

		put_words(r, c, word, n, paired);
		c->valid = n && good(r, c);
		if (c->valid)
			return true;
	}
	return false;
}
