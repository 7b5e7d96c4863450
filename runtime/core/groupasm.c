/* groupasm.c - text of groups of instructions, both ways. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "core/group.h"

#define MAX_WORDS 8
#define MAX_TEXT 1024

/* ---- printing ------------------------------------------------------------ */

struct out {
	char *buf;
	size_t size, len;
};

static void put(struct out *o, const char *text)
{
	const size_t n = strlen(text);

	if (o->len < o->size)
		memcpy(o->buf + o->len, text, n < o->size - o->len ? n : o->size - o->len);
	o->len += n;
}

static void put_member(struct out *o, const struct rx_group_rules *r, const struct rx_insn *m)
{
	char text[160];

	(void)rx_asm_print(r->parser->text, m, text, sizeof(text));
	put(o, text);
}

/* Has it no place in a word, not even in half of one? */
static bool is_tail(const struct rx_group_rules *r, unsigned id)
{
	for (unsigned k = 0; k < r->ntails; k++)
		if (r->parser->codes[id].match == r->tails[k].word)
			return true;
	return false;
}

int rx_group_print(const struct rx_group_rules *r, const struct rx_insn *i, char *buf,
		   size_t size)
{
	struct out o = { buf, size, 0 };
	unsigned n = i->r[0];

	if (i->id != r->head)
		return rx_asm_print(r->parser->text, i, buf, size);
	put(&o, "{ ");
	if (n && is_tail(r, rx_group_member(i, n - 1)->id))
		n--;
	for (unsigned k = 0; k < n; k++) {
		if (k)
			put(&o, "; ");
		put_member(&o, r, rx_group_member(i, k));
	}
	put(&o, " }");
	if (n < i->r[0]) {
		put(&o, " ");
		put_member(&o, r, rx_group_member(i, n));
	}
	if (size)
		buf[o.len < size ? o.len : size - 1] = '\0';
	return (int)o.len;
}

/* ---- assembling ---------------------------------------------------------- */

struct assembly {
	const struct rx_group_rules *r;
	struct rx_asm_member m[MAX_WORDS];
	unsigned n;
	unsigned order[MAX_WORDS];	/* members as they stand in memory */
	bool keep;			/* so do accesses to memory */
	const struct rx_group_tail *tail;
	rax_error *err;
};

static const char *skip_space(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
		p++;
	return p;
}

static rax_status parse_text(struct assembly *a, const char *text, size_t n, rax_error *err)
{
	char copy[MAX_TEXT];

	if (n >= sizeof(copy))
		return rx_err(err, RAX_EINVAL, "the instruction is too long");
	memcpy(copy, text, n);
	copy[n] = '\0';
	if (a->n == a->r->most)
		return rx_err(err, RAX_EINVAL, "a packet has at most %u instructions", a->r->most);
	return rx_asm_parse_member(a->r->parser, a->r->keeps, copy, &a->m[a->n], err);
}

static size_t part_len(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && p[n] != ';' && p[n] != '\n')
		n++;
	return n;
}

/*
 * Members between p and end. A semicolon may stand inside a member, so two
 * parts are tried as one first.
 */
static rax_status parse_members(struct assembly *a, const char *p, const char *end)
{
	while (p < end) {
		size_t n = part_len(p, end);
		rax_status st = RAX_EINVAL;

		if (skip_space(p) >= p + n) {
			p += n + 1;
			continue;
		}
		if (p + n < end && p[n] == ';') {
			const size_t both = n + 1 + part_len(p + n + 1, end);
			rax_error ignored = { 0 };

			st = parse_text(a, p, both, &ignored);
			if (st == RAX_OK)
				n = both;
		}
		if (st != RAX_OK)
			st = parse_text(a, p, n, a->err);
		if (st != RAX_OK)
			return st;
		if (a->r->members[a->m[a->n].id].flags & RX_MEMBER_SHORT)
			return rx_err(a->err, RAX_EINVAL, "'%.*s' has no word of its own",
				      (int)n, p);
		a->n++;
		p += n + 1;
	}
	return RAX_OK;
}

/* What may stand behind the braces. */
static rax_status parse_tail(struct assembly *a, const char *p)
{
	struct rx_asm_member m;
	static const char keep[] = ":mem_noshuf";
	rax_status st;

	p = skip_space(p);
	if (strncmp(p, keep, sizeof(keep) - 1) == 0) {
		a->keep = true;
		p = skip_space(p + sizeof(keep) - 1);
	}
	if (!*p)
		return RAX_OK;
	st = rx_asm_parse_member(a->r->parser, a->r->keeps, p, &m, a->err);
	if (st != RAX_OK)
		return rx_err(a->err, RAX_EINVAL, "'%.40s' behind the packet has no meaning", p);
	for (unsigned k = 0; k < a->r->ntails; k++)
		if (m.word == a->r->tails[k].word)
			a->tail = &a->r->tails[k];
	return a->tail ? RAX_OK :
	       rx_err(a->err, RAX_EINVAL, "'%.40s' belongs into the packet", p);
}

static bool fits(const struct assembly *a)
{
	uint16_t id[MAX_WORDS];

	for (unsigned k = 0; k < a->n; k++)
		id[k] = a->m[a->order[k]].id;
	return rx_group_fits(a->r, id, a->n, false);
}

/* A load behind a store of the text would see it: loads go first. */
static bool memory_in_order(const struct assembly *a)
{
	for (unsigned k = 0; k < a->n; k++) {
		for (unsigned j = k + 1; j < a->n; j++) {
			const unsigned x = a->order[k], y = a->order[j];
			const unsigned fx = a->r->members[a->m[x].id].flags;
			const unsigned fy = a->r->members[a->m[y].id].flags;
			const bool swapped = x > y;

			if (!(fx & fy & RX_MEMBER_MEMORY)) {
				if (fx & fy & RX_MEMBER_BRANCH && swapped)
					return false;
				continue;
			}
			if (!a->keep && (fx ^ fy) & RX_MEMBER_STORE) {
				if (fx & RX_MEMBER_STORE)
					return false;
			} else if (swapped) {
				return false;
			}
		}
	}
	return true;
}

/* The next permutation of the order; false: that was the last. */
static bool next_order(struct assembly *a)
{
	unsigned k = a->n - 1, j = a->n - 1, t;

	while (k && a->order[k - 1] > a->order[k])
		k--;
	if (!k)
		return false;
	while (a->order[j] < a->order[k - 1])
		j--;
	t = a->order[j];
	a->order[j] = a->order[k - 1];
	a->order[k - 1] = t;
	for (j = a->n - 1; k < j; k++, j--) {
		t = a->order[k];
		a->order[k] = a->order[j];
		a->order[j] = t;
	}
	return true;
}

static rax_status arrange(struct assembly *a)
{
	for (unsigned k = 0; k < a->n; k++)
		a->order[k] = k;
	while (!fits(a) || !memory_in_order(a))
		if (!next_order(a))
			return rx_err(a->err, RAX_EINVAL,
				      "the instructions of the packet compete for slots");
	return RAX_OK;
}

/* Does member m write register reg of the class that a producer is asked for? odd:
 * what bit 0 of the field says, see product() of group.c. */
static bool produces(const struct assembly *a, const struct rx_asm_member *m,
		     const struct rx_member *asks, unsigned reg, bool *odd)
{
	const bool vector = asks->flags & RX_MEMBER_VECTOR;
	bool other = false;
	const struct rx_member *info = &a->r->members[m->id];
	struct rx_insn i = { 0 };
	uint8_t code[4];

	for (unsigned k = 0; k < 4; k++)
		code[k] = (uint8_t)(m->word >> 8 * k);
	if (!a->r->decode(0, code, a->r->unit, &i))
		return false;
	for (unsigned k = 0; k < (vector ? RX_MEMBER_WRITES : 1); k++) {
		const struct rx_member_reg *w = &info->writes[k];
		const unsigned n = w->slot >= RX_MEMBER_FIXED ? 0 : i.r[w->slot];

		if (w->slot >= RX_MEMBER_FIXED || w->cls != asks->cls || (w->count > 1 && !vector))
			continue;
		*odd = w->count > 1 ? reg & 1 : other;
		if (reg - n < w->count)
			return true;
		other = vector;
	}
	return false;
}

static rax_status name_producers(struct assembly *a)
{
	for (unsigned k = 0; k < a->n; k++) {
		struct rx_asm_member *m = &a->m[a->order[k]];
		const struct rx_member *info = &a->r->members[m->id];
		const bool vector = info->flags & RX_MEMBER_VECTOR;
		unsigned back = 0, j = k;
		bool odd = false, made = false;

		if (!m->producer)
			continue;
		while (j-- && !made) {
			const struct rx_asm_member *from = &a->m[a->order[j]];

			back += !vector || a->r->members[from->id].flags & RX_MEMBER_VECTOR;
			made = produces(a, from, info, m->reg, &odd);
		}
		if (!made)
			return rx_err(a->err, RAX_EINVAL, "nothing before it in the packet writes "
				      "the register of '.new'");
		m->word = rx_asm_insert(a->r->parser->text, m->producer, back << 1 | odd, m->word);
	}
	return RAX_OK;
}

static rax_status pad(struct assembly *a)
{
	/* the last word has no room for a mark */
	const unsigned least = !a->tail ? 1 : a->tail->second < 0 ? 2 : 3;

	while (a->n < least) {
		const rax_status st = parse_text(a, "nop", 3, a->err);

		if (st != RAX_OK)
			return st;
		a->n++;
	}
	return RAX_OK;
}

static rax_status emit(struct assembly *a, uint8_t *out, unsigned *len)
{
	const struct rx_group_rules *r = a->r;
	const unsigned lo = r->parse.lo, width = r->parse.width;
	const struct rx_asm_operand *upper = rx_asm_first_operand(r->parser->text, r->extender);
	uint32_t words[MAX_WORDS];
	unsigned n = 0;

	for (unsigned k = 0; k < a->n; k++) {
		const struct rx_asm_member *m = &a->m[a->order[k]];

		if (n + 1 + m->extended > r->most)
			return rx_err(a->err, RAX_EINVAL, "the packet has more than %u words",
				      r->most);
		if (m->extended)
			words[n++] = rx_asm_insert(r->parser->text, upper, m->upper,
						   (uint32_t)r->parser->codes[r->extender].match);
		words[n++] = m->word;
	}
	for (unsigned k = 0; k < n; k++) {
		unsigned parse = k + 1 == n ? r->end : 1;

		if (a->tail && k == 0)
			parse = a->tail->first;
		if (a->tail && k == 1 && a->tail->second >= 0)
			parse = (unsigned)a->tail->second;
		words[k] = (uint32_t)rx_set_bits(words[k], lo, width, parse);
		for (unsigned j = 0; j < r->unit; j++)
			out[k * r->unit + j] = (uint8_t)(words[k] >> 8 * j);
	}
	*len = n * r->unit;
	return RAX_OK;
}

/* What the decoder refuses is no packet, whatever its members are. */
static rax_status check(const struct assembly *a, const uint8_t *code, unsigned len)
{
	struct rx_insn i[RX_INSN_RECORDS];

	memset(i, 0, sizeof(i));
	if (rx_group_decode(a->r, 0, code, len, i) == len && i->id)
		return RAX_OK;
	return rx_err(a->err, RAX_EINVAL, "these instructions cannot be in one packet");
}

rax_status rx_group_parse(const struct rx_group_rules *r, const char *text, uint8_t *out,
			  unsigned *len, rax_error *err)
{
	struct assembly a = { .r = r, .err = err };
	const char *p = skip_space(text), *end = p + strlen(p);
	rax_status st;

	if (*p == '{') {
		end = strchr(++p, '}');
		if (!end)
			return rx_err(err, RAX_EINVAL, "'}' is missing");
		st = parse_tail(&a, end + 1);
		if (st != RAX_OK)
			return st;
	}
	st = parse_members(&a, p, end);
	if (st == RAX_OK && !a.n)
		return rx_err(err, RAX_EINVAL, "the packet is empty");
	if (st == RAX_OK)
		st = pad(&a);
	if (st == RAX_OK)
		st = arrange(&a);
	if (st == RAX_OK)
		st = name_producers(&a);
	if (st == RAX_OK)
		st = emit(&a, out, len);
	return st == RAX_OK ? check(&a, out, *len) : st;
}
