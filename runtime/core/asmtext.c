/* asmtext.c - prints decoded instructions from tables. SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "core/asmtext.h"

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

static uint64_t fetch(const struct rx_asm_operand *op, const struct rx_insn *i)
{
	uint64_t v;

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

static void put_register(struct out *o, const struct rx_asm_class *c, uint64_t n)
{
	if (c->drop_slot >= 0 && n == (unsigned)c->drop_slot)
		n = (unsigned)c->drop_index;
	if (n < c->count)
		put_string(o, c->names[n]);
	else
		putf(o, "?%llu", (unsigned long long)n);
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

static void put_operand(struct out *o, const struct rx_asm_text *t,
			const struct rx_asm_operand *op, const struct rx_insn *i)
{
	const uint64_t v = fetch(op, i);
	const char *word = NULL;

	switch (op->kind) {
	case RX_ASM_REG:
		put_register(o, &t->classes[op->table], v);
		return;
	case RX_ASM_SET:
		put_set(o, t->letters[op->table], v);
		return;
	case RX_ASM_WORD:
		word = find_word(&t->words[op->table], v);
		break;
	default:
		break;
	}
	if (word)
		put_string(o, word);
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
static bool is_missing(const struct rx_asm_text *t, const char *p,
		       const struct rx_insn *i)
{
	for (p++; *p && *p != RX_ASM_END; p++) {
		const struct rx_asm_operand *op;

		if (*p != RX_ASM_OP)
			continue;
		op = operand_at(t, p);
		if (fetch(op, i) != (uint64_t)(int64_t)op->missing)
			return false;
		p += 2;
	}
	return true;
}

static void put_template(struct out *o, const struct rx_asm_text *t,
			 const char *p, const struct rx_insn *i)
{
	bool first = true;

	for (; *p; p++) {
		if (*p == RX_ASM_OPT && is_missing(t, p, i))
			return;
		if (*p == RX_ASM_OPT || *p == RX_ASM_SHOWN || *p == RX_ASM_END)
			continue;
		if (first)
			put(o, " ", 1);
		first = false;
		if (*p == RX_ASM_OP) {
			put_operand(o, t, operand_at(t, p), i);
			p += 2;
		} else {
			put(o, p, 1);
		}
	}
}

int rx_asm_print(const struct rx_asm_text *t, const struct rx_insn *i,
		 char *buf, size_t size)
{
	struct out o = { buf, size, 0 };

	if (i->id == 0 || i->id >= t->ninsns) {
		putf(&o, ".%ubyte 0x%0*llx", i->len, 2 * i->len,
		     (unsigned long long)i->imm);
	} else {
		const struct rx_asm_form *f = &t->forms[i->id];

		put_string(&o, f->mnemonic);
		if (f->suffix)
			put_operand(&o, t, &t->operands[f->suffix - 1], i);
		put_template(&o, t, f->text, i);
	}
	if (size)
		buf[o.len < size ? o.len : size - 1] = '\0';
	return (int)o.len;
}
