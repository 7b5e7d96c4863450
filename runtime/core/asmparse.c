/* asmparse.c - assembles one instruction from tables. SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "core/asmtext.h"

#define MAX_OPERANDS 8
#define MAX_MNEMONIC 32

/* One attempt to read the text as one spelling. */
struct parse {
	const struct rx_asm_parser *parser;
	const char *name;	/* mnemonic, for messages */
	const char *p;		/* what is left of the text */
	const struct rx_asm_operand *ops[MAX_OPERANDS];
	uint64_t values[MAX_OPERANDS];
	unsigned n;
	bool free;	/* no mnemonic: words end where they must */
	bool plain, forced;	/* there is no extender, there is one */
	unsigned keeps;
	struct rx_asm_member *member;
	rax_error *err;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *skip_space(const char *p)
{
	while (is_space(*p))
		p++;
	return p;
}

/* Length of the word at p: up to white space, a comma or a bracket. */
static size_t word_len(const char *p)
{
	return strcspn(p, " \t\r\n,()[]{}");
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_word(const char *p, size_t n, const char *word)
{
	if (strlen(word) != n)
		return false;
	while (n && lower(p[n - 1]) == lower(word[n - 1]))
		n--;
	return !n;
}

/*
 * Length of the register name at s->p: the longest of these that is there, and
 * not the start of a longer word; 0: none.
 */
static size_t register_len(const struct parse *s, const char *name)
{
	const size_t n = strlen(name);
	const char c = strncmp(s->p, name, n) == 0 ? s->p[n] : 'x';

	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' ? 0 : n;
}

/* Length of the number at p in free text. */
static size_t number_len(const char *p)
{
	size_t n = *p == '-' || *p == '+';

	while ((p[n] >= '0' && p[n] <= '9') || (p[n] >= 'a' && p[n] <= 'f') ||
	       (p[n] >= 'A' && p[n] <= 'F') || p[n] == 'x' || p[n] == 'X')
		n++;
	return n;
}

/* "expected WHAT, found ..." */
static rax_status expected(struct parse *s, const char *what)
{
	const size_t n = word_len(s->p);
	const size_t shown = n ? n : 1;

	if (!*s->p)
		return rx_err(s->err, RAX_EINVAL, "%s: expected %s, found the end",
			      s->name, what);
	return rx_err(s->err, RAX_EINVAL, "%s: expected %s, found '%.*s'", s->name,
		      what, shown < 40 ? (int)shown : 40, s->p);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* A whole word as a number; what is over 63 bits wraps as an address would. */
static bool parse_number(const char *p, size_t n, bool *negative, uint64_t *value)
{
	const char *const end = p + n;
	unsigned base = 10;
	uint64_t v = 0;

	*negative = n && *p == '-';
	if (n && (*p == '-' || *p == '+'))
		p++;
	if (end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
		base = 16;
		p += 2;
	} else if (end - p > 2 && p[0] == '0' && (p[1] == 'b' || p[1] == 'B')) {
		base = 2;
		p += 2;
	}
	if (p == end)
		return false;
	for (; p < end; p++) {
		const unsigned d = (unsigned)digit(*p);

		if (d >= base || __builtin_mul_overflow(v, base, &v) ||
		    __builtin_add_overflow(v, d, &v))
			return false;
	}
	*value = *negative ? -v : v;
	return !*negative || v <= UINT64_C(1) << 63;
}

static rax_status take_number(struct parse *s, const struct rx_asm_operand *op,
			      uint64_t *value)
{
	const size_t n = word_len(s->p);
	const uint64_t top = rx_ones(op->encoded);
	const int64_t min = -(int64_t)(top >> 1) - 1;
	bool negative;

	if (!parse_number(s->p, n, &negative, value))
		return expected(s, "a number");
	if (op->function && !negative && *value <= top) {
		s->p += n;	/* also as the bits of a negative one */
		return RAX_OK;
	}
	if (op->flags & RX_ASM_SIGNED) {
		const int64_t v = (int64_t)*value;

		if (v < min || v > (int64_t)(top >> 1) || (negative && v > 0))
			return rx_err(s->err, RAX_EINVAL,
				      "%s: %.*s is out of range %lld..%lld", s->name,
				      (int)n, s->p, (long long)min,
				      (long long)(top >> 1));
	} else if (op->function && negative) {
		*value &= top;
	} else if ((negative && *value) || *value > top) {
		return rx_err(s->err, RAX_EINVAL, "%s: %.*s is out of range 0..%llu",
			      s->name, (int)n, s->p, (unsigned long long)top);
	}
	s->p += n;
	return RAX_OK;
}

/* A number behind '#', or of a target; an extender helps where one may. */
static rax_status take_const(struct parse *s, const struct rx_asm_operand *op, uint64_t *value)
{
	const bool is_const = op->kind == RX_ASM_CONST;
	bool forced = op->flags & RX_ASM_MUST || s->forced, negative, fits;
	const uint64_t top = rx_ones(op->encoded);
	unsigned zeros = 0;
	int64_t v;
	size_t n;

	if (is_const && *s->p != '#')
		return expected(s, "'#'");
	if (is_const && *++s->p == '#') {
		forced = true;
		s->p++;
	}
	n = number_len(s->p);
	if (!n || !parse_number(s->p, n, &negative, value))
		return expected(s, "a number");
	v = (int64_t)*value;
	for (unsigned k = op->nbits; k; k--) {
		const struct rx_asm_bits *b = &s->parser->text->bits[op->bits + k - 1];

		if (b->lo >= 0)
			break;
		zeros += b->width;
	}
	if (op->kind == RX_ASM_TARGET)	/* an address, of a group at 0 */
		v = (int32_t)(uint32_t)*value;
	fits = op->flags & RX_ASM_SIGNED ? v == rx_sext((uint64_t)v, op->encoded) :
	       v >= 0 && (uint64_t)v <= top;
	fits = fits && !((uint64_t)v & rx_ones(zeros));
	if (forced && (!(op->flags & RX_ASM_EXTENDS) || s->plain))
		return rx_err(s->err, RAX_EINVAL, "'##': no extender goes with this number");
	if (!fits && (!(op->flags & RX_ASM_EXTENDS) || s->plain))
		return rx_err(s->err, RAX_EINVAL, "%.*s is out of range", (int)n, s->p);
	s->p += n;
	*value = (uint64_t)v;
	if (fits && !forced)
		return RAX_OK;
	if (v != (int32_t)(uint32_t)v && v != (int64_t)(uint32_t)v)
		return rx_err(s->err, RAX_EINVAL, "%lld has more than 32 bits", (long long)v);
	s->member->extended = true;
	s->member->upper = (uint32_t)v & ~(uint32_t)rx_ones(s->keeps);
	*value = ((uint64_t)v & rx_ones(s->keeps)) << zeros;
	return RAX_OK;
}

/* A number with a decimal point that is a whole number of 128ths. */
static rax_status take_fraction(struct parse *s, const struct rx_asm_operand *op,
				uint64_t *value)
{
	const size_t n = word_len(s->p);
	const bool negative = n && *s->p == '-';
	const char *p = s->p + negative, *const end = s->p + n;
	uint64_t v = 0, unit = 1;	/* 10^-8 of one, from the point on */
	bool point = false;

	for (; p < end && (digit(*p) < 10 || (*p == '.' && !point)); p++) {
		point |= *p == '.';
		if (*p == '.' || (point && unit == 100000000 && *p == '0'))
			continue;
		if (v > 1000000000 || (point && unit == 100000000))
			break;
		v = 10 * v + (unsigned)digit(*p);
		unit *= point ? 10 : 1;
	}
	if (!n || p < end || digit(end[-1]) >= 10)
		return expected(s, "a number such as 1.25");
	v = v * (100000000 / unit) * 128;
	if (v % 100000000)
		return rx_err(s->err, RAX_EINVAL, "%s: %.*s is no immediate", s->name,
			      (int)n, s->p);
	v /= 100000000;
	*value = (negative ? -v : v) & rx_ones(op->encoded);
	s->p += n;
	return RAX_OK;
}

static bool find(const struct rx_asm_word *words, unsigned count, const char *p,
		 size_t n, uint64_t *value)
{
	for (unsigned k = 0; k < count; k++) {
		if (is_word(p, n, words[k].word)) {
			*value = words[k].value;
			return true;
		}
	}
	return false;
}

static rax_status take_free_register(struct parse *s, const struct rx_asm_operand *op,
				     uint64_t *value)
{
	const struct rx_asm_class *c = &s->parser->text->classes[op->table];
	size_t best = 0;

	for (unsigned k = 0; k < c->count + c->naliases; k++) {
		const bool alias = k >= c->count;
		const size_t n = register_len(s, alias ? c->aliases[k - c->count].word :
							 c->names[k]);

		if (n > best) {
			best = n;
			*value = alias ? c->aliases[k - c->count].value : k;
		}
	}
	if (!best)
		return expected(s, "a register");
	s->p += best;
	if (op->flags & RX_ASM_PRODUCER) {
		s->member->producer = op;
		s->member->reg = (uint8_t)*value;
		*value = 0;
	}
	return RAX_OK;
}

static bool find_register(const struct rx_asm_class *c, const char *p, size_t n,
			  uint64_t *value)
{
	for (unsigned k = 0; k < c->count; k++) {
		if (is_word(p, n, c->names[k])) {
			*value = k;
			return true;
		}
	}
	return find(c->aliases, c->naliases, p, n, value);
}

static rax_status take_register(struct parse *s, const struct rx_asm_operand *op,
				uint64_t *value)
{
	const struct rx_asm_class *c = &s->parser->text->classes[op->table];
	size_t n = word_len(s->p);

	if (s->free)
		return take_free_register(s, op, value);
	/* what comes behind may be the template's: v1.d, p1/z, r1! */
	if (!find_register(c, s->p, n, value) &&
	    !find_register(c, s->p, n = strcspn(s->p, " \t\r\n,()[]{}./!"), value)) {
		char what[80];

		snprintf(what, sizeof(what), "a register such as %s",
			 c->names[c->count / 3]);
		return expected(s, what);
	}
	s->p += n;
	return RAX_OK;
}

/* Names the words when they are few. */
static rax_status expected_word(struct parse *s, const struct rx_asm_operand *op,
				const struct rx_asm_words *t)
{
	char what[96];
	size_t n;

	snprintf(what, sizeof(what), "a value for %s%s", op->name,
		 op->flags & RX_ASM_NUMBERS ? ", a name or number" : "");
	n = strlen(what);
	for (unsigned k = 0; t->count <= 8 && k < t->count && n < sizeof(what); k++) {
		snprintf(what + n, sizeof(what) - n, "%s%s", k ? ", " : " of ",
			 t->words[k].word);
		n += strlen(what + n);
	}
	return expected(s, what);
}

static rax_status take_word(struct parse *s, const struct rx_asm_operand *op,
			    uint64_t *value)
{
	const struct rx_asm_words *t = &s->parser->text->words[op->table];
	const size_t whole = word_len(s->p), dot = strcspn(s->p, "./");

	for (size_t n = whole;; n = dot) {	/* "v0" of v0.16b */
		if (find(t->words, t->count, s->p, n, value) ||
		    find(t->aliases, t->naliases, s->p, n, value)) {
			s->p += n;
			return RAX_OK;
		}
		if (n <= dot)
			break;
	}
	if (op->flags & RX_ASM_NUMBERS && (digit(*s->p) < 10 || *s->p == '-'))
		return take_number(s, op, value);
	return expected_word(s, op, t);
}

/* Words with commas, or nothing, up to a bracket. */
static rax_status take_list(struct parse *s, const struct rx_asm_operand *op,
			    uint64_t *value)
{
	const struct rx_asm_words *t = &s->parser->text->words[op->table];
	uint64_t one = 0;

	*value = 0;
	if (*s->p == '}' || *s->p == ']')
		return RAX_OK;
	for (;;) {
		const size_t n = word_len(s->p);

		if (!find(t->words, t->count, s->p, n, &one) &&
		    !find(t->aliases, t->naliases, s->p, n, &one))
			return expected_word(s, op, t);
		*value |= one;
		s->p = skip_space(s->p + n);
		if (*s->p != ',')
			return RAX_OK;
		s->p = skip_space(s->p + 1);
	}
}

/* Letters in the order of the table, each at most once, or "0". */
static rax_status take_set(struct parse *s, const struct rx_asm_operand *op,
			   uint64_t *value)
{
	const char *letters = s->parser->text->letters[op->table];
	const size_t count = strlen(letters);
	const size_t n = word_len(s->p);
	size_t at = 0, k = 0;
	char what[80];

	*value = 0;
	if (is_word(s->p, n, "0"))
		at = n;
	for (; k < count && at < n; k++) {
		if (s->p[at] == letters[k]) {
			*value |= UINT64_C(1) << (count - 1 - k);
			at++;
		}
	}
	if (!n || at < n) {
		snprintf(what, sizeof(what), "letters of %s in this order, or 0",
			 letters);
		return expected(s, what);
	}
	s->p += n;
	return RAX_OK;
}

/* r0, r4-r6, lr: up to what closes the list */
static rax_status take_registers(struct parse *s, const struct rx_asm_operand *op,
				 uint64_t *value)
{
	const struct rx_asm_class *c = &s->parser->text->classes[op->table];
	uint64_t first = 0, last;

	for (*value = 0;; s->p++) {
		bool range = false;

		for (;;) {
			const size_t n = strcspn(s->p = skip_space(s->p), " \t\r\n,-{}");

			if (!find_register(c, s->p, n, &last))
				return expected(s, "a register");
			s->p = skip_space(s->p + n);
			if (range || *s->p != '-')
				break;
			range = true;
			first = last;
			s->p++;
		}
		if (!range)
			first = last;
		if (first > last || *value >> first)
			return expected(s, "registers of the list in their order");
		*value |= (rx_ones((unsigned)(last - first) + 1)) << first;
		if (*s->p != ',')
			return RAX_OK;
	}
}

static rax_status take_operand(struct parse *s, const struct rx_asm_operand *op)
{
	uint64_t *const value = &s->values[s->n];
	rax_status st;

	if (s->n == MAX_OPERANDS)
		return rx_err(s->err, RAX_EINTERNAL, "%s: too many operands", s->name);
	s->p = skip_space(s->p);
	switch (op->kind) {
	case RX_ASM_REG:
		st = take_register(s, op, value);
		break;
	case RX_ASM_WORD:
		st = take_word(s, op, value);
		break;
	case RX_ASM_REGISTERS:
		st = take_registers(s, op, value);
		break;
	case RX_ASM_FRACTION:
		st = take_fraction(s, op, value);
		break;
	case RX_ASM_LIST:
		st = take_list(s, op, value);
		break;
	case RX_ASM_SET:
		st = take_set(s, op, value);
		break;
	case RX_ASM_CONST:
	case RX_ASM_TARGET:
		st = take_const(s, op, value);
		break;
	default:
		st = take_number(s, op, value);
		break;
	}
	if (st == RAX_OK)
		s->ops[s->n++] = op;
	return st;
}

static const struct rx_asm_operand *operand_at(const struct rx_asm_text *t,
					       const char *p)
{
	return &t->operands[(unsigned char)p[1] - 1 +
			    255u * ((unsigned char)p[2] - 1u)];
}

/* Gives the operands of the group at p the values that leaving it out means. */
static void take_missing(struct parse *s, const char *p)
{
	for (p++; *p && *p != RX_ASM_END; p++) {
		if (*p != RX_ASM_OP)
			continue;
		if (s->n < MAX_OPERANDS) {
			const struct rx_asm_operand *op =
				operand_at(s->parser->text, p);

			s->ops[s->n] = op;
			s->values[s->n++] = (uint64_t)(int64_t)op->missing;
		}
		p += 2;
	}
}

/* Is the group at p there? It is if the text goes on as the group begins. */
static bool is_there(const struct parse *s, const char *p)
{
	do {
		p++;
	} while (*p == ' ');
	return *p == RX_ASM_OP ? *s->p : lower(*s->p) == lower(*p);
}

/* Text that means that there is no extender; where it is missing there is one. */
static const char *take_plain(struct parse *s, const char *p)
{
	const char *end = strchr(p, RX_ASM_END);
	const size_t n = (size_t)(end - p) - 1;

	s->plain = strncmp(s->p, p + 1, n) == 0;
	s->forced = !s->plain;
	if (s->plain)
		s->p += n;
	return end;
}

static rax_status take_template(struct parse *s, const char *p)
{
	for (; *p; p++) {
		char what[4] = { '\'', *p, '\'', '\0' };
		rax_status st;

		if (*p == RX_ASM_END)
			continue;
		s->p = skip_space(s->p);
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
			st = take_operand(s, operand_at(s->parser->text, p));
			if (st != RAX_OK)
				return st;
			p += 2;
		} else if (*p == '#' && *s->p != '#') {
			continue;	/* it may be left out, as assemblers have it */
		} else if (*p != ' ') {
			if (lower(*s->p) != lower(*p))
				return expected(s, what);
			s->p++;
		}
	}
	s->p = skip_space(s->p);
	return *s->p ? expected(s, "the end") : RAX_OK;
}

/* Puts an operand's value into the word; its constant parts must agree. */
static rax_status insert(const struct parse *s, unsigned k, uint64_t *word,
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

static rax_status try_entry(struct parse *s, const struct rx_asm_entry *e,
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
	const char *start = skip_space(text);
	char name[MAX_MNEMONIC + 1];
	const size_t n = word_len(start);
	rax_status st = RAX_EINVAL;
	unsigned best = 0;	/* operands that the best attempt read, plus 1 */

	if (!*start)
		return rx_err(err, RAX_EINVAL, "expected an instruction, found nothing");
	if (n == 0 || n > MAX_MNEMONIC)
		return rx_err(err, RAX_EINVAL, "'%.40s' is no instruction", start);
	for (size_t k = 0; k < n; k++)
		name[k] = lower(start[k]);
	name[n] = '\0';
	for (unsigned k = lower_bound(p, name);
	     k < p->nentries && strcmp(p->entries[k].mnemonic, name) == 0; k++) {
		rax_error tried = { 0 };
		struct parse s = { .parser = p, .name = name, .p = start + n,
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
	const char *start = skip_space(text);
	bool found = false;
	unsigned best = 0;

	if (!*start)
		return rx_err(err, RAX_EINVAL, "expected an instruction, found nothing");
	for (unsigned k = 0; k < p->nentries && (!found || m->extended); k++) {
		struct rx_asm_member tried = { .id = p->entries[k].id };
		rax_error why = { 0 };
		struct parse s = { .parser = p, .name = text, .p = start, .free = true,
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
