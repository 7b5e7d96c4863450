/* group.c - decodes and runs groups of instructions. SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "core/group.h"

#define MAX_WORDS 8

/* A group while it is decoded. */
struct decoding {
	const struct rx_group_rules *r;
	uint32_t mode_key;
	struct rx_insn *i;
	unsigned n;			/* members so far */
	bool extended;			/* the word before was an extender */
	bool paired;			/* the last two members are halves of a word */
	uint32_t upper;			/* what it brings, in place */
};

static uint32_t bits_of(uint32_t w, struct rx_group_bits b)
{
	return (uint32_t)rx_bits(w, b.lo, b.width);
}

static uint32_t word_at(const uint8_t *code, unsigned unit)
{
	uint32_t w = 0;

	for (unsigned k = 0; k < unit; k++)
		w |= (uint32_t)code[k] << 8 * k;
	return w;
}

/* Puts the extender's bits into the operand that takes them. */
static bool extend(const struct decoding *d, struct rx_insn *m)
{
	const struct rx_member *info = &d->r->members[m->id];
	const uint64_t keep = rx_ones(d->r->keeps);
	uint64_t v;

	if (!info->width)
		return false;
	v = rx_bits(m->imm, info->shift, info->width) >> info->scale;
	v = (v & keep) | d->upper;
	if (info->width == 64)
		m->imm = info->flags & RX_MEMBER_SIGNED ? (uint64_t)rx_sext(v, 32) : v;
	else
		m->imm = (m->imm & ~(rx_ones(info->width) << info->shift)) |
			 v << info->shift;
	m->left |= RX_GROUP_EXTENDED;
	return true;
}

/* Decodes a word as a member; extended: an extender stands before it. */
static bool member(struct decoding *d, uint32_t w, bool extended)
{
	const struct rx_group_rules *r = d->r;
	uint8_t code[4];
	struct rx_insn *m = &d->i[d->n + 1];

	if (d->n + 1 >= RX_INSN_RECORDS)
		return false;
	for (unsigned k = 0; k < r->unit; k++)
		code[k] = (uint8_t)(w >> 8 * k);
	memset(m, 0, sizeof(*m));
	m->pc = d->i->pc;
	if (r->decode(d->mode_key, code, r->unit, m) != r->unit || !m->id)
		return false;
	if (extended && !extend(d, m))
		return false;
	if (!extended && r->members[m->id].flags & RX_MEMBER_MUST)
		return false;
	d->n++;
	return true;
}

static bool pair(struct decoding *d, uint32_t w)
{
	const struct rx_group_rules *r = d->r;
	const unsigned kind = bits_of(w, r->kind[0]) << r->kind[1].width |
			      bits_of(w, r->kind[1]);
	const struct rx_group_pair *p = &r->pairs[kind];

	return p->known &&
	       member(d, p->above[0] | bits_of(w, r->halves[0]), d->extended) &&
	       member(d, p->above[1] | bits_of(w, r->halves[1]), false);
}

/* One word of the group. */
static bool word(struct decoding *d, uint32_t w)
{
	const struct rx_group_rules *r = d->r;
	const bool extended = d->extended;
	struct rx_insn *m = &d->i[d->n + 1];

	if (bits_of(w, r->parse) == r->pair) {
		if (!pair(d, w))
			return false;
		d->extended = false;
		d->paired = true;
		return true;
	}
	d->extended = false;
	if (!member(d, w, extended))
		return false;
	if (m->id == r->extender) {
		if (extended || bits_of(w, r->parse) == r->end)
			return false;
		d->n--;
		d->extended = true;
		d->upper = (uint32_t)m->imm;
	}
	return true;
}

static uint8_t number_of(const struct rx_insn *m, const struct rx_member_reg *reg)
{
	return reg->slot == RX_MEMBER_FIXED ? reg->number : m->r[reg->slot];
}

/*
 * What the field says of member `from`: its main result, no pair; of vectors bit 0
 * is the odd one of a pair, and where two are written the other one. False: it
 * makes no such register.
 */
static bool product(const struct rx_insn *from, const struct rx_member *m, unsigned cls,
		    bool vector, bool odd, uint8_t *number)
{
	const struct rx_member_reg *found = NULL;

	for (unsigned j = 0; j < (vector ? RX_MEMBER_WRITES : 1); j++) {
		const struct rx_member_reg *w = &m->writes[j];

		if (w->slot >= RX_MEMBER_FIXED || w->cls != cls || (w->count > 1 && !vector))
			continue;
		if (w->count > 1) {
			*number = number_of(from, w) | odd;
			return true;
		}
		if (!odd || found) {
			*number = number_of(from, w);
			return true;
		}
		found = vector ? w : NULL;
	}
	return false;
}

/* Does member m act only where the one that makes its value does? */
static bool given(const struct rx_insn *from, const struct rx_member *made,
		  const struct rx_insn *m, const struct rx_member *info)
{
	return made->guard.slot == RX_MEMBER_NONE ||
	       (info->guard.slot != RX_MEMBER_NONE &&
		number_of(from, &made->guard) == number_of(m, &info->guard) &&
		!((made->flags ^ info->flags) & RX_MEMBER_NOT));
}

/* Members whose field names a producer get its register's number. */
static bool resolve(struct decoding *d)
{
	for (unsigned k = 0; k < d->n; k++) {
		struct rx_insn *m = &d->i[k + 1];
		const struct rx_member *info = &d->r->members[m->id], *from = NULL;
		const bool vector = info->flags & RX_MEMBER_VECTOR;
		unsigned back, j = k;

		if (info->producer == RX_MEMBER_NONE)
			continue;
		back = m->r[info->producer] >> 1;
		if (!back)
			return false;
		while (back) {
			if (!j--)
				return false;
			from = &d->r->members[d->i[j + 1].id];
			back -= !vector || from->flags & RX_MEMBER_VECTOR;
		}
		if (from->flags & RX_MEMBER_LATE || !given(&d->i[j + 1], from, m, info) ||
		    !product(&d->i[j + 1], from, info->cls, vector, m->r[info->producer] & 1,
			     &m->r[info->producer]))
			return false;
	}
	return true;
}

/* Do registers x of a and y of b have one in common? */
static bool common(const struct rx_insn *a, const struct rx_member_reg *x,
		   const struct rx_insn *b, const struct rx_member_reg *y)
{
	unsigned p, q;

	if (x->slot == RX_MEMBER_NONE || y->slot == RX_MEMBER_NONE || x->cls != y->cls)
		return false;
	p = number_of(a, x);
	q = number_of(b, y);
	return p < q + y->count && q < p + x->count;
}

/* Is what member a writes there new to those who ask for register y of b? */
static bool makes(const struct decoding *d, const struct rx_insn *a, const struct rx_insn *b,
		  const struct rx_member_reg *y)
{
	const struct rx_member *m = &d->r->members[a->id];

	if (m->flags & RX_MEMBER_LATE)
		return false;
	for (unsigned j = 0; j < RX_MEMBER_WRITES; j++)
		if (common(a, &m->writes[j], b, y))
			return true;
	return false;
}

/* Can both members act, as far as their guards say? */
static bool both_act(const struct rx_insn *a, const struct rx_member *ma,
		     const struct rx_insn *b, const struct rx_member *mb)
{
	if (ma->guard.slot == RX_MEMBER_NONE || mb->guard.slot == RX_MEMBER_NONE)
		return true;
	return number_of(a, &ma->guard) == number_of(b, &mb->guard) &&
	       !((ma->flags ^ mb->flags) & RX_MEMBER_NOT);
}

/* Do two members write a register, and it is not that one of them may not? */
static bool clash(const struct decoding *d, const struct rx_insn *a, const struct rx_insn *b)
{
	const struct rx_member *ma = &d->r->members[a->id], *mb = &d->r->members[b->id];

	for (unsigned j = 0; j < RX_MEMBER_WRITES; j++)
		for (unsigned k = a == b ? j + 1 : 0; k < RX_MEMBER_WRITES; k++) {
			const struct rx_member_reg *x = &ma->writes[j], *y = &mb->writes[k];

			if (!common(a, x, b, y))
				continue;
			/* what comes late is not merged */
			if (a != b && (ma->flags | mb->flags) & RX_MEMBER_LATE)
				return true;
			if (x->once && y->once &&
			    (!x->maybe || !y->maybe || both_act(a, ma, b, mb)))
				return true;
		}
	return false;
}

/* What the members may be beside each other (the rules' table says why). */
static bool together(const struct decoding *d)
{
	const struct rx_group_rules *r = d->r;
	unsigned branches = 0;
	bool always = false;	/* taken: no other is behind it */

	for (unsigned k = 0; k < d->n; k++) {
		const struct rx_insn *a = &d->i[k + 1];
		const struct rx_member *m = &r->members[a->id];

		if (m->flags & RX_MEMBER_BRANCH) {
			if (always || branches++ == r->branches)
				return false;
			always = !(m->flags & RX_MEMBER_MAYBE);
		}
		for (unsigned j = 0; j < d->n; j++) {
			const struct rx_insn *b = &d->i[j + 1];

			if ((j != k && m->apart & r->members[b->id].is) ||
			    (j <= k && clash(d, a, b)))
				return false;
		}
	}
	return true;
}

/* Is there a member for each new value? */
static bool all_made(const struct decoding *d)
{
	for (unsigned k = 0; k < d->n; k++) {
		const struct rx_insn *m = &d->i[k + 1];
		const struct rx_member *info = &d->r->members[m->id];

		for (unsigned n = 0; n < RX_MEMBER_FRESH; n++) {
			bool made = info->fresh[n].slot == RX_MEMBER_NONE;

			for (unsigned j = 0; j < d->n && !made; j++)
				made = makes(d, &d->i[j + 1], m, &info->fresh[n]);
			if (!made)
				return false;
		}
	}
	return true;
}

/* Must member a run before member b? */
static bool before(const struct decoding *d, unsigned a, unsigned b)
{
	const struct rx_insn *ma = &d->i[a + 1], *mb = &d->i[b + 1];
	const struct rx_member *ia = &d->r->members[ma->id];
	const struct rx_member *ib = &d->r->members[mb->id];

	if (ia->flags & ~ib->flags & RX_MEMBER_FIRST)
		return true;
	if (a < b && ia->flags & ib->flags & (RX_MEMBER_MEMORY | RX_MEMBER_BRANCH))
		return true;
	for (unsigned k = 0; k < RX_MEMBER_FRESH; k++)
		if (makes(d, ma, mb, &ib->fresh[k]))
			return true;
	return false;
}

/* The order of execution; false: members wait for each other. */
static bool arrange(struct decoding *d)
{
	uint64_t order = 0;
	unsigned done = 0;

	for (unsigned n = 0; n < d->n; n++) {
		unsigned k, j;

		for (k = 0; k < d->n; k++) {
			if (done >> k & 1)
				continue;
			for (j = 0; j < d->n; j++)
				if (j != k && !(done >> j & 1) && before(d, j, k))
					break;
			if (j == d->n)
				break;
		}
		if (k == d->n)
			return false;
		done |= 1u << k;
		order |= (uint64_t)(k + 1) << 4 * n;
	}
	d->i->imm = order;
	return true;
}

/* Is there a unit for each of n members, none of which has any of these parts? */
static bool has_units(const struct rx_group_rules *r, const uint16_t *id, unsigned n,
		      unsigned taken)
{
	const uint8_t *units;

	while (n && !r->members[id[n - 1]].units[0])
		n--;
	if (!n)
		return true;
	units = r->members[id[n - 1]].units;
	for (unsigned k = 0; k < sizeof(r->members->units) && units[k]; k++)
		if (!(units[k] & taken) && has_units(r, id, n - 1, taken | units[k]))
			return true;
	return false;
}

bool rx_group_fits(const struct rx_group_rules *r, const uint16_t *id, unsigned n,
		   bool paired)
{
	uint8_t slots[RX_INSN_RECORDS];
	unsigned memory = 0, above = r->most, empty = 0;

	for (unsigned k = 0; k < n; k++)
		empty |= r->members[id[k]].empty;
	for (unsigned k = n; k; k--) {
		const struct rx_member *m = &r->members[id[k - 1]];

		if (m->flags & RX_MEMBER_SOLO && n > 1)
			return false;
		slots[k - 1] = m->slots ? m->slots : (uint8_t)rx_ones(r->most);
		if (m->flags & RX_MEMBER_MEMORY)
			slots[k - 1] &= (uint8_t)(memory++ ? 2 : 1);
	}
	if (paired && n >= 2) {
		slots[n - 2] = 2;
		slots[n - 1] = 1;
	}
	for (unsigned k = 0; k < n; k++) {
		/* the highest that is free is best for those that follow, too */
		const unsigned mask = slots[k] & ~empty & ((1u << above) - 1);

		if (!mask)
			return false;
		above = 31 - (unsigned)__builtin_clz(mask);
	}
	return has_units(r, id, n, 0);
}

static bool fits(const struct decoding *d)
{
	uint16_t id[RX_INSN_RECORDS];

	for (unsigned k = 0; k < d->n; k++)
		id[k] = d->i[k + 1].id;
	return rx_group_fits(d->r, id, d->n, d->paired);
}

static bool tails(struct decoding *d, const uint32_t *words, unsigned n)
{
	const struct rx_group_rules *r = d->r;

	if (n < 2)
		return true;
	for (unsigned k = 0; k < r->ntails; k++) {
		const struct rx_group_tail *t = &r->tails[k];

		if (bits_of(words[0], r->parse) == t->first &&
		    (t->second < 0 || bits_of(words[1], r->parse) == (unsigned)t->second))
			return member(d, t->word, false);
	}
	return true;
}

unsigned rx_group_decode(const struct rx_group_rules *r, uint32_t mode_key,
			 const uint8_t *code, unsigned avail, struct rx_insn *i)
{
	struct decoding d = { .r = r, .mode_key = mode_key, .i = i };
	uint32_t words[MAX_WORDS];
	unsigned n = 0;
	bool ok = true, last = false;

	while (!last && n < r->most) {
		unsigned parse;

		if (avail < (n + 1) * r->unit)
			return 0;
		words[n] = word_at(code + n * r->unit, r->unit);
		parse = bits_of(words[n], r->parse);
		last = parse == r->end || parse == r->pair;
		ok = ok && word(&d, words[n]);
		n++;
	}
	ok = ok && last && !d.extended && fits(&d) && tails(&d, words, n) && resolve(&d) &&
	     together(&d) && all_made(&d) && arrange(&d);
	i->len = (uint8_t)(n * r->unit);
	i->id = ok ? (uint16_t)r->head : 0;
	i->r[0] = (uint8_t)d.n;
	rx_group_place(i, 1);
	if (!ok) {
		i->imm = words[0];
		return i->len;
	}
	for (unsigned k = 0; k < d.n; k++)
		i[k + 1].len = i->len;
	return i->len;
}

enum rx_exec rx_group_run(struct rx_cpu *cpu, const struct rx_insn *i,
			  rx_executor *const *exec)
{
	uint64_t order = i->imm;

	for (unsigned n = i->r[0]; n; n--, order >>= 4) {
		const struct rx_insn *m = rx_group_member(i, (order & 15) - 1);
		const enum rx_exec st = exec[m->id](cpu, m);

		if (RX_UNLIKELY(st == RX_FAULT))
			return st;
	}
	return RX_NEXT;
}
