/* asmtext.c - prints decoded instructions from tables. SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "core/asmtext.h"
#include "core/group.h"

struct out {
	char *buf;
	size_t size;
	size_t len;	/* of the whole text, also of what did not fit */
};

static void put(struct out *o, const char *text, size_t n)
{
	if (o->len < o->size) {
		const size_t room = o->size - o->len;

		memcpy(o->buf + o->len, text, n < room ? n : room);
	}
	o->len += n;
}

static void put_string(struct out *o, const char *text)
{
	put(o, text, strlen(text));
}

__attribute__((format(printf, 2, 3)))
static void putf(struct out *o, const char *fmt, ...)
{
	char tmp[32];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(tmp, sizeof(tmp), fmt, ap);
	va_end(ap);
	put_string(o, tmp);
}

/* The decoded instruction, and its word where something asks for that. */
struct source {
	const struct rx_asm_text *t;
	const struct rx_insn *i;
	uint64_t word;
};

/* The operand's bits in the word, before its function. */
static uint64_t raw_bits(const struct source *s, const struct rx_asm_operand *op)
{
	const struct rx_asm_bits *b = &s->t->bits[op->bits];
	uint64_t v = 0;

	for (unsigned n = 0; n < op->nbits; n++, b++)
		v = v << b->width |
		    (b->lo < 0 ? b->value : rx_bits(s->word, (unsigned)b->lo, b->width));
	return v;
}

static uint64_t fetch(const struct rx_asm_operand *op, const struct source *s)
{
	const struct rx_insn *i = s->i;
	uint64_t v;

	if (op->slot == RX_ASM_IN_WORD) {
		v = raw_bits(s, op);
		if (op->function)
			v = op->function->decode((uint32_t)v);
		return op->flags & RX_ASM_SIGNED ? (uint64_t)rx_sext(v, op->width) : v;
	}
	if (op->slot != RX_ASM_IN_IMM)
		return i->r[op->slot];
	v = rx_bits(i->imm, op->shift, op->width);
	if (op->flags & RX_ASM_SIGNED)
		return (uint64_t)rx_sext(v, op->width);
	return v;
}

static const char *find_word(const struct rx_asm_words *t, uint64_t value)
{
	unsigned lo = 0, hi = t->count;

	while (lo < hi) {
		const unsigned mid = (lo + hi) / 2;

		if (t->words[mid].value == value)
			return t->words[mid].word;
		if (t->words[mid].value < value)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* A register's number; elements of the state are not all in their places. */
static uint64_t number_of(const struct rx_asm_class *c, uint64_t n)
{
	return c->drop_slot >= 0 && n == (unsigned)c->drop_slot ?
	       (unsigned)c->drop_index : n;
}

static void put_register(struct out *o, const struct rx_asm_class *c, uint64_t n)
{
	n = number_of(c, n);
	if (n < c->count)
		put_string(o, c->names[n]);
	else
		putf(o, "?%llu", (unsigned long long)n);
}

/* r0, r4, lr */
static void put_registers(struct out *o, const struct rx_asm_class *c, uint64_t v)
{
	const char *before = "";

	for (unsigned k = 0; k < c->count && k < 64; k++) {
		if (!(v >> k & 1))
			continue;
		put_string(o, before);
		put_string(o, c->names[k]);
		before = ", ";
	}
}

static void put_set(struct out *o, const char *letters, uint64_t v)
{
	const size_t n = strlen(letters);

	if (!rx_bits(v, 0, (unsigned)n))
		put(o, "0", 1);
	for (size_t k = 0; k < n; k++)
		if (v >> (n - 1 - k) & 1)
			put(o, letters + k, 1);
}

/*
 * Words whose bits are all set, of the greatest number of bits with which they
 * say the whole value.
 */
static void put_list(struct out *o, const struct rx_asm_words *t, uint64_t v)
{
	const char *comma = "";

	for (int bits = 64; bits; bits--) {
		uint64_t said = 0;

		for (unsigned k = 0; k < t->count; k++)
			if (__builtin_popcount(t->words[k].value) == bits &&
			    !(t->words[k].value & ~v))
				said |= t->words[k].value;
		if (!v || said != v)
			continue;
		for (unsigned k = 0; k < t->count; k++) {
			if (__builtin_popcount(t->words[k].value) != bits ||
			    t->words[k].value & ~v)
				continue;
			put_string(o, comma);
			put_string(o, t->words[k].word);
			comma = ", ";
		}
		return;
	}
}

/* 128ths, exactly */
static void put_fraction(struct out *o, int64_t v)
{
	const uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

	putf(o, "%s%llu.%08llu", v < 0 ? "-" : "", (unsigned long long)(u / 128),
	     (unsigned long long)(u % 128 * 781250));
}

static void put_operand(struct out *o, const struct source *s,
			const struct rx_asm_operand *op)
{
	const struct rx_asm_text *t = s->t;
	const uint64_t v = fetch(op, s);
	const char *word = NULL;

	switch (op->kind) {
	case RX_ASM_REG:
		put_register(o, &t->classes[op->table], v);
		return;
	case RX_ASM_FRACTION:
		put_fraction(o, (int64_t)v);
		return;
	case RX_ASM_REGISTERS:
		put_registers(o, &t->classes[op->table], v);
		return;
	case RX_ASM_SET:
		put_set(o, t->letters[op->table], v);
		return;
	case RX_ASM_LIST:
		put_list(o, &t->words[op->table], v);
		return;
	case RX_ASM_WORD:
		word = find_word(&t->words[op->table], v);
		break;
	default:
		break;
	}
	if (op->kind == RX_ASM_TARGET) {
		putf(o, "0x%llx", (unsigned long long)((s->i->pc + v) & rx_ones(t->bits_of_pc)));
		return;
	}
	if (op->kind == RX_ASM_CONST)
		put_string(o, op->flags & RX_ASM_EXTENDS && s->i->left & RX_GROUP_EXTENDED ?
			   "##" : "#");
	if (word)
		put_string(o, word);
	else if (op->flags & RX_ASM_HEX)
		putf(o, v ? "0x%llx" : "%llx", (unsigned long long)v);
	else if (op->flags & RX_ASM_SIGNED)
		putf(o, "%lld", (long long)v);
	else
		putf(o, "%llu", (unsigned long long)v);
}

static const struct rx_asm_operand *operand_at(const struct rx_asm_text *t,
					       const char *p)
{
	return &t->operands[(unsigned char)p[1] - 1 +
			    255u * ((unsigned char)p[2] - 1u)];
}

/* Do all operands of the group that starts at p have their missing values? */
static bool is_missing(const struct source *s, const char *p)
{
	for (p++; *p && *p != RX_ASM_END; p++) {
		const struct rx_asm_operand *op;

		if (*p != RX_ASM_OP)
			continue;
		op = operand_at(s->t, p);
		if (fetch(op, s) != (uint64_t)(int64_t)op->missing)
			return false;
		p += 2;
	}
	return true;
}

static const char *end_of(const char *p)
{
	while (*p != RX_ASM_END)
		p += *p == RX_ASM_OP ? 3 : 1;
	return p;
}

static void put_template(struct out *o, const struct source *s, const char *p,
			 bool first)
{
	for (; *p; p++) {
		if (*p == RX_ASM_OPT && is_missing(s, p))
			p = end_of(p);
		if (*p == RX_ASM_PLAIN) {
			if (s->i->left & RX_GROUP_EXTENDED)
				p = end_of(p);
			continue;
		}
		if (*p == RX_ASM_OPT || *p == RX_ASM_SHOWN || *p == RX_ASM_END)
			continue;
		if (first)
			put(o, " ", 1);
		first = false;
		if (*p == RX_ASM_OP) {
			put_operand(o, s, operand_at(s->t, p));
			p += 2;
		} else {
			put(o, p, 1);
		}
	}
}

static void put_form(struct out *o, const struct source *s, const char *mnemonic,
		     unsigned suffix, const char *text)
{
	const char *tail = strchr(mnemonic, RX_ASM_OP);

	put(o, mnemonic, tail ? (size_t)(tail - mnemonic) : strlen(mnemonic));
	if (suffix)
		put_operand(o, s, &s->t->operands[suffix - 1]);
	if (tail)
		put_string(o, tail + 1);
	put_template(o, s, text, *mnemonic || suffix);
}

bool rx_asm_holds(const struct rx_asm_cond *c, unsigned n, uint64_t word)
{
	for (; n; n--, c++) {
		bool is = (word & c->mask) == c->value;

		if (c->kind == RX_ASM_SAME)
			is = !((word >> c->value ^ word >> c->other) & c->mask);
		if (is == (c->kind == RX_ASM_NOT))
			return false;
	}
	return true;
}

/* The word again, from its operands. */
static uint64_t word_of(const struct source *s, const struct rx_asm_main *f)
{
	uint64_t word = f->match;

	for (const char *p = f->all; *p; p += 3) {
		const struct rx_asm_operand *op = operand_at(s->t, p);
		const struct rx_asm_bits *b = &s->t->bits[op->bits];
		uint64_t v = fetch(op, s);
		unsigned at = 0;
		uint32_t raw;

		if (op->kind == RX_ASM_REG)
			v = number_of(&s->t->classes[op->table], v);
		if (op->function && op->function->encode(v, &raw))
			v = raw;
		for (unsigned n = 0; n < op->nbits; n++)
			at += b[n].width;
		for (unsigned n = 0; n < op->nbits; n++, b++) {
			at -= b->width;
			if (b->lo >= 0)
				word |= rx_bits(v, at, b->width) << b->lo;
		}
	}
	return word;
}

/* Has an operand a value where its function or words leave some out? */
static bool has_value(const struct source *s, const struct rx_asm_operand *op)
{
	if (op->slot == RX_ASM_IN_WORD && op->function &&
	    !op->function->valid((uint32_t)raw_bits(s, op)))
		return false;
	return op->kind != RX_ASM_WORD || op->flags & RX_ASM_NUMBERS ||
	       find_word(&s->t->words[op->table], fetch(op, s));
}

/* Does an alias say what the word is? */
static bool applies(const struct source *s, const struct rx_asm_form *a)
{
	if (!rx_asm_holds(&s->t->conds[a->conds], a->nconds, s->word))
		return false;
	if (a->suffix && !has_value(s, &s->t->operands[a->suffix - 1]))
		return false;
	for (const char *p = a->text; *p; p++) {
		if (*p != RX_ASM_OP)
			continue;
		if (!has_value(s, operand_at(s->t, p)))
			return false;
		p += 2;
	}
	return true;
}

static void put_insn(struct out *o, struct source *s)
{
	const struct rx_asm_main *f = &s->t->forms[s->i->id];
	const struct rx_asm_form *a = &s->t->aliases[f->aliases];

	if (f->all)
		s->word = word_of(s, f);
	for (unsigned n = 0; n < f->naliases; n++, a++) {
		if (applies(s, a)) {
			put_form(o, s, a->mnemonic, a->suffix, a->text);
			return;
		}
	}
	put_form(o, s, f->mnemonic, f->suffix, f->text);
}

int rx_asm_print(const struct rx_asm_text *t, const struct rx_insn *i,
		 char *buf, size_t size)
{
	struct source s = { t, i, 0 };
	struct out o = { buf, size, 0 };

	if (i->id == 0 || i->id >= t->ninsns)
		putf(&o, ".%ubyte 0x%0*llx", i->len, 2 * i->len,
		     (unsigned long long)i->imm);
	else
		put_insn(&o, &s);
	if (size)
		buf[o.len < size ? o.len : size - 1] = '\0';
	return (int)o.len;
}

/* The bits of the word that an operand is made of. */
static void put_bits(struct out *o, const struct source *s, const struct rx_asm_operand *op)
{
	const struct rx_asm_bits *b = &s->t->bits[op->bits];
	const char *before = ", bits ";

	for (unsigned n = 0; n < op->nbits; n++, b++) {
		const int high = b->lo + b->width - 1;

		if (b->lo < 0)
			continue;
		for (; n + 1 < op->nbits && b[1].lo >= 0 && b[1].lo + b[1].width == b->lo; n++)
			b++;	/* they are one run */
		putf(o, b->lo < high ? "%s%d..%d" : "%s%d", before, high, b->lo);
		before = " ";
	}
}

int rx_asm_explain(const struct rx_asm_text *t, const struct rx_insn *i, unsigned k,
		   char *buf, size_t size)
{
	struct source s = { t, i, 0 };
	struct out o = { buf, size, 0 };

	if (i->id && i->id < t->ninsns) {
		const struct rx_asm_main *f = &t->forms[i->id];
		const struct rx_asm_operand *op = NULL;

		if (f->all)
			s.word = word_of(&s, f);
		if (f->suffix && !k--)
			op = &t->operands[f->suffix - 1];
		for (const char *p = f->text; *p && !op; p += *p == RX_ASM_OP ? 3 : 1)
			if (*p == RX_ASM_OP && !k--)
				op = operand_at(t, p);
		if (op) {
			putf(&o, "%s = ", op->name);
			put_operand(&o, &s, op);
			put_bits(&o, &s, op);
		}
	}
	if (size)
		buf[o.len < size ? o.len : size - 1] = '\0';
	return (int)o.len;
}
