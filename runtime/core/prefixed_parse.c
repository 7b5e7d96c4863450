/* prefixed_parse.c - reads a line of Intel or AT&T assembly. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "core/prefixed_asm.h"

#define MAX_WORD 23

struct parse {
	const struct rx_px_tables *t;
	const char *p;
	bool att;
	rax_error *err;
};

static rax_status expected(struct parse *s, const char *what)
{
	if (!*s->p)
		return rx_err(s->err, RAX_EINVAL, "expected %s, found the end", what);
	return rx_err(s->err, RAX_EINVAL, "expected %s at '%.20s'", what, s->p);
}

static void skip(struct parse *s)
{
	while (*s->p == ' ' || *s->p == '\t')
		s->p++;
}

static bool accept(struct parse *s, char ch)
{
	skip(s);
	if (*s->p != ch)
		return false;
	s->p++;
	return true;
}

static char lower(char ch)
{
	return ch >= 'A' && ch <= 'Z' ? (char)(ch + 32) : ch;
}

static bool is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

static bool is_word(char ch)
{
	return (lower(ch) >= 'a' && lower(ch) <= 'z') || is_digit(ch) || ch == '_';
}

/* The next word in small letters, "" if there is none or it is too long. */
static size_t word(const char *p, char out[MAX_WORD + 1])
{
	size_t n = 0;

	while (is_word(p[n]) && n < MAX_WORD) {
		out[n] = lower(p[n]);
		n++;
	}
	if (is_word(p[n]))
		n = 0;
	out[n] = '\0';
	return n;
}

static bool accept_word(struct parse *s, const char *want)
{
	char w[MAX_WORD + 1];
	size_t n;

	skip(s);
	n = word(s->p, w);
	if (strcmp(w, want) != 0)
		return false;
	s->p += n;
	return true;
}

static rax_status number(struct parse *s, uint64_t *value)
{
	unsigned base = 10;
	const char *start;

	skip(s);
	if (s->p[0] == '0' && lower(s->p[1]) == 'x') {
		base = 16;
		s->p += 2;
	}
	start = s->p;
	*value = 0;
	for (;; s->p++) {
		const char ch = lower(*s->p);
		const unsigned d = is_digit(ch) ? (unsigned)(ch - '0') :
				   ch >= 'a' && ch <= 'f' ? (unsigned)(ch - 'a' + 10) : 99;

		if (d >= base)
			break;
		if (*value > (UINT64_MAX - d) / base)
			return rx_err(s->err, RAX_EINVAL, "the number %.24s has over 64 bits",
				      start);
		*value = *value * base + d;
	}
	return s->p == start || is_word(*s->p) ? expected(s, "a number") : RAX_OK;
}

/* A number with a sign. */
static rax_status signed_number(struct parse *s, uint64_t *value, bool *minus)
{
	rax_status st;

	*minus = accept(s, '-');
	if (!*minus)
		accept(s, '+');
	st = number(s, value);
	if (st != RAX_OK)
		return st;
	if (*minus && *value > UINT64_C(1) << 63)
		return rx_err(s->err, RAX_EINVAL, "a number has over 64 bits");
	if (*minus)
		*value = -*value;
	return RAX_OK;
}

/* A register's name; false, and nothing is taken, if the text is none. */
static bool find_register(struct parse *s, uint8_t *cls, uint8_t *num)
{
	char w[MAX_WORD + 1];
	size_t n;

	skip(s);
	n = word(s->p, w);
	if (!n)
		return false;
	if (!strcmp(w, "st")) {	/* st, st(1) */
		const char *p = s->p + n;

		while (*p == ' ')
			p++;
		if (p[0] == '(' && p[1] >= '0' && p[1] <= '7' && p[2] == ')') {
			snprintf(w, sizeof(w), "st(%c)", p[1]);
			n = (size_t)(p + 3 - s->p);
		}
	}
	for (unsigned c = 1; c < s->t->nclasses; c++) {
		const struct rx_px_class *k = &s->t->classes[c];

		for (unsigned j = 0; j < k->count; j++) {
			if (strcmp(k->names[j], w) != 0)
				continue;
			*cls = (uint8_t)c;
			*num = (uint8_t)j;
			s->p += n;
			return true;
		}
	}
	return false;
}

/* Address size of a base or index register; false: it is none. */
static bool address_class(const struct parse *s, unsigned cls, uint8_t *asz)
{
	for (unsigned k = 0; k < 3; k++) {
		if (s->t->cls_address[k] == cls) {
			*asz = (uint8_t)k;
			return true;
		}
	}
	return false;
}

static bool accept_ip(struct parse *s, struct rx_px_arg *a)
{
	static const char *const names[] = { "rip", "eip" };

	for (unsigned k = 0; k < 2; k++) {
		if (!accept_word(s, names[k]))
			continue;
		a->base = RX_PX_RIP;
		a->asz = (uint8_t)k;
		return true;
	}
	return false;
}

/* riz, eiz: the index register that is none. */
static bool accept_iz(struct parse *s, uint8_t *cls, uint8_t *num)
{
	static const char *const names[] = { "riz", "eiz" };

	for (unsigned k = 0; k < 2; k++) {
		if (accept_word(s, names[k])) {
			*cls = s->t->cls_address[k];
			*num = RX_PX_RIZ;
			return true;
		}
	}
	return false;
}

static rax_status set_asz(struct parse *s, struct rx_px_arg *a, uint8_t asz)
{
	if (a->asz != RX_PX_ASZ_ANY && a->asz != asz)
		return rx_err(s->err, RAX_EINVAL, "registers of one address differ in size");
	a->asz = asz;
	return RAX_OK;
}

static rax_status set_index(struct parse *s, struct rx_px_arg *a, uint8_t cls, uint8_t num,
			    uint64_t scale)
{
	uint8_t asz;

	if (scale != 1 && scale != 2 && scale != 4 && scale != 8)
		return rx_err(s->err, RAX_EINVAL, "a scale is 1, 2, 4 or 8");
	if (a->index != RX_PX_NO_REG)
		return rx_err(s->err, RAX_EINVAL, "an address has one index only");
	a->index = num;
	a->index_cls = cls;
	a->scale = (uint8_t)(scale == 1 ? 0 : scale == 2 ? 1 : scale == 4 ? 2 : 3);
	if (address_class(s, cls, &asz))
		return set_asz(s, a, asz);
	return s->t->classes[cls].bank == RX_PX_B_VECTOR ? RAX_OK :
	       rx_err(s->err, RAX_EINVAL, "%s is no index", s->t->classes[cls].names[num]);
}

static rax_status set_base(struct parse *s, struct rx_px_arg *a, uint8_t cls, uint8_t num)
{
	uint8_t asz;

	if (!address_class(s, cls, &asz) || num == RX_PX_RIZ)
		return set_index(s, a, cls, num, 1);
	if (a->base == RX_PX_NO_REG) {
		a->base = num;
		return set_asz(s, a, asz);
	}
	if (num == 4 && a->index == RX_PX_NO_REG) {	/* sp is no index, but may change sides */
		const uint8_t old = a->base;

		a->base = num;
		num = old;
	}
	return set_index(s, a, cls, num, 1);
}

/* One summand of an Intel address. */
static rax_status term(struct parse *s, struct rx_px_arg *a, bool minus)
{
	uint8_t cls, num;
	uint64_t v;
	rax_status st;

	if (!minus && accept_ip(s, a))
		return RAX_OK;
	if (find_register(s, &cls, &num) || accept_iz(s, &cls, &num)) {
		if (minus)
			return rx_err(s->err, RAX_EINVAL, "a register cannot be subtracted");
		if (!accept(s, '*'))
			return set_base(s, a, cls, num);
		st = number(s, &v);
		return st == RAX_OK ? set_index(s, a, cls, num, v) : st;
	}
	st = number(s, &v);
	if (st != RAX_OK)
		return st;
	if (!minus && accept(s, '*')) {
		if (!find_register(s, &cls, &num) && !accept_iz(s, &cls, &num))
			return expected(s, "a register");
		return set_index(s, a, cls, num, v);
	}
	a->disp = (int64_t)((uint64_t)a->disp + (minus ? -v : v));
	return RAX_OK;
}

static rax_status intel_address(struct parse *s, struct rx_px_arg *a)
{
	bool minus = accept(s, '-');

	for (;;) {
		const rax_status st = term(s, a, minus);

		if (st != RAX_OK)
			return st;
		if (accept(s, ']'))
			return RAX_OK;
		minus = accept(s, '-');
		if (!minus && !accept(s, '+'))
			return expected(s, "'+', '-' or ']'");
	}
}

static rax_status att_address(struct parse *s, struct rx_px_arg *a)
{
	uint8_t cls, num;
	uint64_t v;
	rax_status st = RAX_OK;

	if (accept(s, '%')) {
		if (!accept_ip(s, a)) {
			if (!find_register(s, &cls, &num))
				return expected(s, "a register");
			st = set_base(s, a, cls, num);
		}
	}
	if (st == RAX_OK && accept(s, ',')) {
		if (!accept(s, '%') ||
		    (!find_register(s, &cls, &num) && !accept_iz(s, &cls, &num)))
			return expected(s, "an index register");
		v = 1;
		if (accept(s, ','))
			st = number(s, &v);
		if (st == RAX_OK)
			st = set_index(s, a, cls, num, v);
	}
	if (st != RAX_OK)
		return st;
	return accept(s, ')') ? RAX_OK : expected(s, "')'");
}

static void memory(struct rx_px_arg *a)
{
	a->kind = RX_PX_A_MEM;
	a->base = a->index = RX_PX_NO_REG;
	a->asz = RX_PX_ASZ_ANY;
}

/* byte ptr; 0: no size stands here */
static unsigned size_word(struct parse *s)
{
	static const struct {
		const char *name;
		uint16_t bits;
	} sizes[] = {
		{ "byte", 8 }, { "word", 16 }, { "dword", 32 }, { "fword", 48 },
		{ "qword", 64 }, { "tbyte", 80 }, { "xword", 80 }, { "oword", 128 },
		{ "xmmword", 128 }, { "ymmword", 256 }, { "zmmword", 512 },
	};

	for (unsigned k = 0; k < RX_ARRAY_LEN(sizes); k++) {
		if (!accept_word(s, sizes[k].name))
			continue;
		accept_word(s, "ptr");
		return sizes[k].bits;
	}
	return 0;
}

/* {k1} {z} {1to16} behind an operand. */
static rax_status decorations(struct parse *s, struct rx_px_arg *a)
{
	while (accept(s, '{')) {
		char w[MAX_WORD + 1];
		uint8_t cls, num;
		size_t n;

		accept(s, '%');
		skip(s);
		n = word(s->p, w);
		if (!strcmp(w, "z")) {
			a->zeroing = true;
			s->p += n;
		} else if (!strncmp(w, "1to", 3) && a->kind == RX_PX_A_MEM) {
			for (unsigned k = 1; k <= 5; k++) {
				char count[8];

				snprintf(count, sizeof(count), "1to%u", 1u << k);
				if (!strcmp(w, count))
					a->broadcast = (uint8_t)k;
			}
			s->p += n;
		} else if (find_register(s, &cls, &num) && cls == s->t->cls_mask && num) {
			a->mask = num;
		} else {
			return expected(s, "a mask register, {z} or {1toN}");
		}
		if (!accept(s, '}'))
			return expected(s, "'}'");
	}
	return RAX_OK;
}

/* {rn-sae} */
static rax_status rounding(struct parse *s, struct rx_px_arg *a)
{
	static const char *const names[] = { "rn", "rd", "ru", "rz" };

	a->kind = RX_PX_A_SAE;
	for (unsigned k = 0; k < 4; k++) {
		if (accept_word(s, names[k])) {
			a->kind = RX_PX_A_ROUND;
			a->num = (uint8_t)k;
			if (!accept(s, '-'))
				return expected(s, "'-'");
		}
	}
	if (!accept_word(s, "sae"))
		return expected(s, "{rn-sae}, {rd-sae}, {ru-sae}, {rz-sae} or {sae}");
	return accept(s, '}') ? RAX_OK : expected(s, "'}'");
}

static bool accept_segment(struct parse *s, struct rx_px_arg *a)
{
	const char *start = s->p;
	uint8_t cls, num;

	if (s->att && !accept(s, '%'))
		return false;
	if (find_register(s, &cls, &num) && cls == s->t->cls_seg && accept(s, ':')) {
		a->seg = (uint8_t)(num + 1);
		return true;
	}
	s->p = start;
	return false;
}

static rax_status intel_operand(struct parse *s, struct rx_px_arg *a)
{
	const unsigned bits = size_word(s);
	const bool seg = accept_segment(s, a);
	rax_status st;

	if (accept(s, '[')) {
		memory(a);
		st = intel_address(s, a);
	} else if (bits || seg) {
		memory(a);
		st = signed_number(s, &a->value, &a->minus);
		a->disp = (int64_t)a->value;
	} else if (find_register(s, &a->cls, &a->num)) {
		a->kind = RX_PX_A_REG;
		st = RAX_OK;
	} else {
		skip(s);
		if (*s->p != '-' && *s->p != '+' && !is_digit(*s->p))
			return expected(s, "an operand");
		a->kind = RX_PX_A_NUM;
		st = signed_number(s, &a->value, &a->minus);
	}
	a->bits = (uint16_t)bits;
	return st;
}

static rax_status att_operand(struct parse *s, struct rx_px_arg *a)
{
	rax_status st = RAX_OK;
	bool seg;

	a->star = accept(s, '*');
	if (accept(s, '$')) {
		a->kind = RX_PX_A_NUM;
		return signed_number(s, &a->value, &a->minus);
	}
	seg = accept_segment(s, a);
	if (!seg && accept(s, '%')) {
		a->kind = RX_PX_A_REG;
		return find_register(s, &a->cls, &a->num) ? RAX_OK : expected(s, "a register");
	}
	memory(a);
	if (!accept(s, '(')) {
		st = signed_number(s, &a->value, &a->minus);
		a->disp = (int64_t)a->value;
		if (st != RAX_OK || !accept(s, '('))
			return st;
	}
	return att_address(s, a);
}

static rax_status operand(struct parse *s, struct rx_px_arg *a)
{
	rax_status st;

	skip(s);
	if (accept(s, '{'))
		return rounding(s, a);
	st = s->att ? att_operand(s, a) : intel_operand(s, a);
	return st == RAX_OK ? decorations(s, a) : st;
}

/* lock, rep, {nf} ... and the mnemonic. */
static rax_status head(struct parse *s, struct rx_px_line *line)
{
	const struct {
		const char *name;
		bool *flag;
	} words[] = {
		{ "lock", &line->lock }, { "rep", &line->rep }, { "repe", &line->rep },
		{ "repz", &line->rep }, { "repne", &line->repne }, { "repnz", &line->repne },
		{ "nf", &line->nf }, { "evex", &line->evex }, { "vex", &line->vex },
	};

	for (;;) {
		const bool brace = accept(s, '{');
		char w[MAX_WORD + 1];
		unsigned k = brace ? 6 : 0;
		const unsigned end = brace ? (unsigned)RX_ARRAY_LEN(words) : 6;
		size_t n;

		skip(s);
		n = word(s->p, w);
		if (!n)
			return expected(s, "a mnemonic");
		while (k < end && strcmp(words[k].name, w) != 0)
			k++;
		if (k == end && brace)
			return expected(s, "{nf}, {evex} or {vex}");
		s->p += n;
		if (k == end) {
			memcpy(line->name, w, n + 1);
			return RAX_OK;
		}
		*words[k].flag = true;
		if (brace && !accept(s, '}'))
			return expected(s, "'}'");
	}
}

static void reverse(struct rx_px_line *line)
{
	for (unsigned k = 0; k < line->n / 2; k++) {
		const struct rx_px_arg a = line->args[k];

		line->args[k] = line->args[line->n - 1 - k];
		line->args[line->n - 1 - k] = a;
	}
}

rax_status rx_px_read(const struct rx_px_tables *t, enum rx_px_syntax syntax,
		      const char *text, struct rx_px_line *line, rax_error *err)
{
	struct parse s = { .t = t, .p = text, .att = syntax == RX_PX_ATT, .err = err };
	rax_status st;

	memset(line, 0, sizeof(*line));
	skip(&s);
	if (!*s.p)
		return rx_err(err, RAX_EINVAL, "expected an instruction, found nothing");
	st = head(&s, line);
	skip(&s);
	while (st == RAX_OK && *s.p) {
		if (line->n == RX_PX_MAX_ARGS)
			return rx_err(err, RAX_EINVAL, "more than %d operands", RX_PX_MAX_ARGS);
		st = operand(&s, &line->args[line->n++]);
		skip(&s);
		if (st == RAX_OK && *s.p && !accept(&s, ','))
			st = expected(&s, "',' or the end");
		else if (st == RAX_OK && s.p[-1] == ',' && (skip(&s), !*s.p))
			st = expected(&s, "an operand");
	}
	if (s.att)
		reverse(line);
	return st;
}
