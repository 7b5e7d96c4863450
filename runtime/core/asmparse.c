/* asmparse.c - assembles one instruction from tables. SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "core/asmparse.h"

#define MAX_MNEMONIC 32

static const struct rx_asm_operand *operand_at(const struct rx_asm_text *t,
					       const char *p)
{
	return &t->operands[(unsigned char)p[1] - 1 +
			    255u * ((unsigned char)p[2] - 1u)];
}

/* Gives the operands of the group at p the values that leaving it out means. */
static void take_missing(struct rx_asm_attempt *s, const char *p)
{
	for (p++; *p && *p != RX_ASM_END; p++) {
		if (*p != RX_ASM_OP)
			continue;
		if (s->n < RX_ASM_MOST_OPERANDS) {
			const struct rx_asm_operand *op =
				operand_at(s->parser->text, p);

			s->ops[s->n] = op;
			s->values[s->n++] = (uint64_t)(int64_t)op->missing;
		}
		p += 2;
	}
}

/* Is the group at p there? It is if the text goes on as the group begins. */
static bool is_there(const struct rx_asm_attempt *s, const char *p)
{
	do {
		p++;
	} while (*p == ' ');
	return *p == RX_ASM_OP ? *s->p : rx_asm_lower(*s->p) == rx_asm_lower(*p);
}

/* Text that means that there is no extender; where it is missing there is one. */
static const char *take_plain(struct rx_asm_attempt *s, const char *p)
{
	const char *end = strchr(p, RX_ASM_END);
	const size_t n = (size_t)(end - p) - 1;

	s->plain = strncmp(s->p, p + 1, n) == 0;
	s->forced = !s->plain;
	if (s->plain)
		s->p += n;
	return end;
}

static rax_status take_template(struct rx_asm_attempt *s, const char *p)
{
	for (; *p; p++) {
		char what[4] = { '\'', *p, '\'', '\0' };
		rax_status st;

		if (*p == RX_ASM_END)
			continue;
		s->p = rx_asm_skip_space(s->p);
		if (*p == RX_ASM_PLAIN) {
			p = take_plain(s, p);
			continue;
		}
		if (*p == RX_ASM_OPT || *p == RX_ASM_SHOWN) {
			if (is_there(s, p))
				continue;
			take_missing(s, p);
			while (*p != RX_ASM_END)
				p += *p == RX_ASM_OP ? 3 : 1;
		} else if (*p == RX_ASM_OP) {
			st = rx_asm_take(s, operand_at(s->parser->text, p));
			if (st != RAX_OK)
				return st;
			p += 2;
		} else if (*p == '#' && *s->p != '#') {
			continue;	/* it may be left out, as assemblers have it */
		} else if (*p != ' ') {
			if (rx_asm_lower(*s->p) != rx_asm_lower(*p))
				return rx_asm_expected(s, what);
			s->p++;
		}
	}
	s->p = rx_asm_skip_space(s->p);
	return *s->p ? rx_asm_expected(s, "the end") : RAX_OK;
}

/* Puts an operand's value into the word; its constant parts must agree. */
static rax_status insert(const struct rx_asm_attempt *s, unsigned k, uint64_t *word,
			 uint64_t *filled)
{
	const struct rx_asm_operand *op = s->ops[k];
	const struct rx_asm_bits *b = &s->parser->text->bits[op->bits];
	unsigned at = 0;
	uint64_t value = s->values[k];
	uint32_t raw = 0;

	for (unsigned n = 0; n < op->nbits; n++) {
		at += b[n].width;
		raw = raw << b[n].width |
		      (uint32_t)(b[n].lo < 0 ? b[n].value :
				 rx_bits(*word, (unsigned)b[n].lo, b[n].width));
	}
	if (op->kind == RX_ASM_REG && value >> at)
		goto bad;
	if (op->function) {
		if (!op->function->encode(value & rx_ones(op->encoded), &raw))
			goto bad;
		value = raw;
	}
	for (unsigned n = 0; n < op->nbits; n++, b++) {
		uint64_t part, mask;

		at -= b->width;
		part = rx_bits(value, at, b->width);
		if (b->lo < 0) {
			if (part != b->value)
				goto bad;
			continue;
		}
		mask = rx_ones(b->width) << b->lo;
		if ((*word ^ part << b->lo) & mask & *filled)
			goto bad;
		*word |= part << b->lo;
		*filled |= mask;
	}
	return RAX_OK;
bad:
	if (op->kind == RX_ASM_REGISTERS)
		return rx_err(s->err, RAX_EINVAL, "%s: a register cannot be in the list", s->name);
	if (op->kind == RX_ASM_REG)
		return rx_err(s->err, RAX_EINVAL, "%s: %s cannot be register %s",
			      s->name, op->name,
			      s->parser->text->classes[op->table].names[s->values[k]]);
	return rx_err(s->err, RAX_EINVAL,
		      "%s: %s cannot be %lld, the format has no bits for that",
		      s->name, op->name, (long long)s->values[k]);
}

/* Is the word this instruction, or a special case of it? */
static bool decodes(const struct rx_asm_parser *p, const uint8_t *code,
		    unsigned len, uint16_t id)
{
	struct rx_insn i = { 0 };
	unsigned guard = p->text->ninsns;

	if (p->decode(0, code, len, &i) != len)
		return false;
	while (i.id != id && i.id && guard--)
		i.id = p->codes[i.id].over;
	return i.id == id;
}

/* Bits that an alias says by its conditions. */
static void say(const struct rx_asm_cond *c, unsigned n, uint64_t *word, uint64_t *filled)
{
	for (; n; n--, c++) {
		if (c->kind != RX_ASM_IS)
			continue;
		*word |= c->value;
		*filled |= c->mask;
	}
}

/* Fields that are the same as others, which the text has said. */
static void copy(const struct rx_asm_cond *c, unsigned n, uint64_t *word, uint64_t filled)
{
	for (; n; n--, c++) {
		if (c->kind != RX_ASM_SAME)
			continue;
		if (filled >> c->other & c->mask)
			*word |= (*word >> c->other & c->mask) << c->value;
		else
			*word |= (*word >> c->value & c->mask) << c->other;
	}
}

static rax_status try_entry(struct rx_asm_attempt *s, const struct rx_asm_entry *e,
			    uint8_t *out, unsigned *len)
{
	const struct rx_asm_code *code = &s->parser->codes[e->id];
	const struct rx_asm_cond *conds = &s->parser->text->conds[e->conds];
	uint64_t word = code->match, filled = 0;
	uint8_t bytes[RX_ASM_MAX_LEN];
	rax_status st;

	s->n = 0;
	if (e->suffix) {
		s->ops[0] = &s->parser->text->operands[e->suffix - 1];
		s->values[0] = e->suffix_value;
		s->n = 1;
	}
	say(conds, e->nconds, &word, &filled);
	st = take_template(s, e->text);
	/* functions may ask what the others have said */
	for (unsigned k = 0; st == RAX_OK && k < 2 * s->n; k++)
		if (!s->ops[k % s->n]->function == (k < s->n))
			st = insert(s, k % s->n, &word, &filled);
	if (st != RAX_OK)
		return st;
	copy(conds, e->nconds, &word, filled);
	for (unsigned k = 0; k < code->length; k++)
		bytes[k] = (uint8_t)(word >> rx_word_byte(k, code->length,
							  s->parser->high_unit));
	if (!rx_asm_holds(conds, e->nconds, word) ||
	    !decodes(s->parser, bytes, code->length, e->id))
		return rx_err(s->err, RAX_EINVAL,
			      "%s: these operands are reserved", s->name);
	memcpy(out, bytes, code->length);
	*len = code->length;
	return RAX_OK;
}

/* Number of insertions, deletions and changes that make b of a. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[MAX_MNEMONIC + 1];
	const size_t n = strlen(b);

	if (n > MAX_MNEMONIC)
		return MAX_MNEMONIC;
	for (unsigned k = 0; k <= n; k++)
		row[k] = k;
	for (unsigned i = 0; a[i]; i++) {
		unsigned corner = row[0]++;

		for (unsigned k = 0; k < n; k++) {
			const unsigned change = corner + (a[i] != b[k]);
			const unsigned grow = (row[k] < row[k + 1] ? row[k] :
					       row[k + 1]) + 1;

			corner = row[k + 1];
			row[k + 1] = change < grow ? change : grow;
		}
	}
	return row[n];
}

static rax_status unknown(const struct rx_asm_parser *p, const char *name,
			  rax_error *err)
{
	const char *best = NULL;
	unsigned least = (unsigned)strlen(name) / 3 + 2;

	for (unsigned k = 0; k < p->nentries; k++) {
		const unsigned d = distance(name, p->entries[k].mnemonic);

		if (d < least) {
			least = d;
			best = p->entries[k].mnemonic;
		}
	}
	if (best)
		return rx_err(err, RAX_EINVAL,
			      "unknown instruction '%s'; did you mean '%s'?", name,
			      best);
	return rx_err(err, RAX_EINVAL, "unknown instruction '%s'", name);
}

/* Index of the first entry that does not stand before name. */
static unsigned lower_bound(const struct rx_asm_parser *p, const char *name)
{
	unsigned lo = 0, hi = p->nentries;

	while (lo < hi) {
		const unsigned mid = (lo + hi) / 2;

		if (strcmp(p->entries[mid].mnemonic, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

rax_status rx_asm_parse(const struct rx_asm_parser *p, const char *text,
			uint8_t *out, unsigned *len, rax_error *err)
{
	const char *start = rx_asm_skip_space(text);
	char name[MAX_MNEMONIC + 1];
	const size_t n = rx_asm_word_len(start);
	rax_status st = RAX_EINVAL;
	unsigned best = 0;	/* operands that the best attempt read, plus 1 */

	if (!*start)
		return rx_err(err, RAX_EINVAL, "expected an instruction, found nothing");
	if (n == 0 || n > MAX_MNEMONIC)
		return rx_err(err, RAX_EINVAL, "'%.40s' is no instruction", start);
	for (size_t k = 0; k < n; k++)
		name[k] = rx_asm_lower(start[k]);
	name[n] = '\0';
	for (unsigned k = lower_bound(p, name);
	     k < p->nentries && strcmp(p->entries[k].mnemonic, name) == 0; k++) {
		rax_error tried = { 0 };
		struct rx_asm_attempt s = { .parser = p, .name = name, .p = start + n,
				   .err = &tried };

		st = try_entry(&s, &p->entries[k], out, len);
		if (st == RAX_OK)
			return RAX_OK;
		if (s.n + 1 > best) {
			best = s.n + 1;
			if (err)
				*err = tried;
		}
	}
	return best ? st : unknown(p, name, err);
}

rax_status rx_asm_parse_member(const struct rx_asm_parser *p, unsigned keeps,
			       const char *text, struct rx_asm_member *m, rax_error *err)
{
	const char *start = rx_asm_skip_space(text);
	bool found = false;
	unsigned best = 0;

	if (!*start)
		return rx_err(err, RAX_EINVAL, "expected an instruction, found nothing");
	for (unsigned k = 0; k < p->nentries && (!found || m->extended); k++) {
		struct rx_asm_member tried = { .id = p->entries[k].id };
		rax_error why = { 0 };
		struct rx_asm_attempt s = { .parser = p, .name = text, .p = start, .free = true,
				   .keeps = keeps, .member = &tried, .err = &why };
		uint8_t bytes[RX_ASM_MAX_LEN];
		unsigned len;

		if (try_entry(&s, &p->entries[k], bytes, &len) == RAX_OK) {
			for (unsigned j = 0; j < len; j++)
				tried.word |= (uint32_t)bytes[j] << 8 * j;
			if (!found || !tried.extended)
				*m = tried;
			found = true;
		} else if (!found && (size_t)(s.p - start) + 1 > best) {
			best = (unsigned)(s.p - start) + 1;
			if (err)
				*err = why;
		}
	}
	return found ? RAX_OK : RAX_EINVAL;
}

const struct rx_asm_operand *rx_asm_first_operand(const struct rx_asm_text *t, unsigned id)
{
	return operand_at(t, strchr(t->forms[id].text, RX_ASM_OP));
}

uint32_t rx_asm_insert(const struct rx_asm_text *t, const struct rx_asm_operand *op,
		       uint64_t value, uint32_t word)
{
	const struct rx_asm_bits *b = &t->bits[op->bits];
	unsigned at = op->encoded;

	for (unsigned n = 0; n < op->nbits; n++, b++) {
		at -= b->width;
		if (b->lo >= 0)
			word = (uint32_t)rx_set_bits(word, (unsigned)b->lo, b->width, value >> at);
	}
	return word;
}
