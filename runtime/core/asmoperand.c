/* asmoperand.c - reads one operand of assembly text. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "core/asmparse.h"

static rax_status take_number(struct rx_asm_attempt *s, const struct rx_asm_operand *op,
			      uint64_t *value)
{
	const size_t n = rx_asm_word_len(s->p);
	const uint64_t top = rx_ones(op->encoded);
	const int64_t min = -(int64_t)(top >> 1) - 1;
	bool negative;

	if (!rx_asm_number(s->p, n, &negative, value))
		return rx_asm_expected(s, "a number");
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
static rax_status take_const(struct rx_asm_attempt *s, const struct rx_asm_operand *op,
			     uint64_t *value)
{
	const bool is_const = op->kind == RX_ASM_CONST;
	bool forced = op->flags & RX_ASM_MUST || s->forced, negative, fits;
	const uint64_t top = rx_ones(op->encoded);
	unsigned zeros = 0;
	int64_t v;
	size_t n;

	if (is_const && *s->p != '#')
		return rx_asm_expected(s, "'#'");
	if (is_const && *++s->p == '#') {
		forced = true;
		s->p++;
	}
	n = rx_asm_number_len(s->p);
	if (!n || !rx_asm_number(s->p, n, &negative, value))
		return rx_asm_expected(s, "a number");
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
static rax_status take_fraction(struct rx_asm_attempt *s, const struct rx_asm_operand *op,
				uint64_t *value)
{
	const size_t n = rx_asm_word_len(s->p);
	const bool negative = n && *s->p == '-';
	const char *p = s->p + negative, *const end = s->p + n;
	uint64_t v = 0, unit = 1;	/* 10^-8 of one, from the point on */
	bool point = false;

	for (; p < end && (rx_asm_digit(*p) < 10 || (*p == '.' && !point)); p++) {
		point |= *p == '.';
		if (*p == '.' || (point && unit == 100000000 && *p == '0'))
			continue;
		if (v > 1000000000 || (point && unit == 100000000))
			break;
		v = 10 * v + (unsigned)rx_asm_digit(*p);
		unit *= point ? 10 : 1;
	}
	if (!n || p < end || rx_asm_digit(end[-1]) >= 10)
		return rx_asm_expected(s, "a number such as 1.25");
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
		if (rx_asm_is_word(p, n, words[k].word)) {
			*value = words[k].value;
			return true;
		}
	}
	return false;
}

static rax_status take_free_register(struct rx_asm_attempt *s, const struct rx_asm_operand *op,
				     uint64_t *value)
{
	const struct rx_asm_class *c = &s->parser->text->classes[op->table];
	size_t best = 0;

	for (unsigned k = 0; k < c->count + c->naliases; k++) {
		const bool alias = k >= c->count;
		const size_t n = rx_asm_register_len(s, alias ? c->aliases[k - c->count].word :
							 c->names[k]);

		if (n > best) {
			best = n;
			*value = alias ? c->aliases[k - c->count].value : k;
		}
	}
	if (!best)
		return rx_asm_expected(s, "a register");
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
		if (rx_asm_is_word(p, n, c->names[k])) {
			*value = k;
			return true;
		}
	}
	return find(c->aliases, c->naliases, p, n, value);
}

static rax_status take_register(struct rx_asm_attempt *s, const struct rx_asm_operand *op,
				uint64_t *value)
{
	const struct rx_asm_class *c = &s->parser->text->classes[op->table];
	size_t n = rx_asm_word_len(s->p);

	if (s->free)
		return take_free_register(s, op, value);
	/* what comes behind may be the template's: v1.d, p1/z, r1! */
	if (!find_register(c, s->p, n, value) &&
	    !find_register(c, s->p, n = strcspn(s->p, " \t\r\n,()[]{}./!"), value)) {
		char what[80];

		snprintf(what, sizeof(what), "a register such as %s",
			 c->names[c->count / 3]);
		return rx_asm_expected(s, what);
	}
	s->p += n;
	return RAX_OK;
}

/* Names the words when they are few. */
static rax_status expected_word(struct rx_asm_attempt *s, const struct rx_asm_operand *op,
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
	return rx_asm_expected(s, what);
}

static rax_status take_word(struct rx_asm_attempt *s, const struct rx_asm_operand *op,
			    uint64_t *value)
{
	const struct rx_asm_words *t = &s->parser->text->words[op->table];
	const size_t whole = rx_asm_word_len(s->p), dot = strcspn(s->p, "./");

	for (size_t n = whole;; n = dot) {	/* "v0" of v0.16b */
		if (find(t->words, t->count, s->p, n, value) ||
		    find(t->aliases, t->naliases, s->p, n, value)) {
			s->p += n;
			return RAX_OK;
		}
		if (n <= dot)
			break;
	}
	if (op->flags & RX_ASM_NUMBERS && (rx_asm_digit(*s->p) < 10 || *s->p == '-'))
		return take_number(s, op, value);
	return expected_word(s, op, t);
}

/* Words with commas, or nothing, up to a bracket. */
static rax_status take_list(struct rx_asm_attempt *s, const struct rx_asm_operand *op,
			    uint64_t *value)
{
	const struct rx_asm_words *t = &s->parser->text->words[op->table];
	uint64_t one = 0;

	*value = 0;
	if (*s->p == '}' || *s->p == ']')
		return RAX_OK;
	for (;;) {
		const size_t n = rx_asm_word_len(s->p);

		if (!find(t->words, t->count, s->p, n, &one) &&
		    !find(t->aliases, t->naliases, s->p, n, &one))
			return expected_word(s, op, t);
		*value |= one;
		s->p = rx_asm_skip_space(s->p + n);
		if (*s->p != ',')
			return RAX_OK;
		s->p = rx_asm_skip_space(s->p + 1);
	}
}

/* Letters in the order of the table, each at most once, or "0". */
static rax_status take_set(struct rx_asm_attempt *s, const struct rx_asm_operand *op,
			   uint64_t *value)
{
	const char *letters = s->parser->text->letters[op->table];
	const size_t count = strlen(letters);
	const size_t n = rx_asm_word_len(s->p);
	size_t at = 0, k = 0;
	char what[80];

	*value = 0;
	if (rx_asm_is_word(s->p, n, "0"))
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
		return rx_asm_expected(s, what);
	}
	s->p += n;
	return RAX_OK;
}

/* r0, r4-r6, lr: up to what closes the list */
static rax_status take_registers(struct rx_asm_attempt *s, const struct rx_asm_operand *op,
				 uint64_t *value)
{
	const struct rx_asm_class *c = &s->parser->text->classes[op->table];
	uint64_t first = 0, last;

	for (*value = 0;; s->p++) {
		bool range = false;

		for (;;) {
			const size_t n = strcspn(s->p = rx_asm_skip_space(s->p), " \t\r\n,-{}");

			if (!find_register(c, s->p, n, &last))
				return rx_asm_expected(s, "a register");
			s->p = rx_asm_skip_space(s->p + n);
			if (range || *s->p != '-')
				break;
			range = true;
			first = last;
			s->p++;
		}
		if (!range)
			first = last;
		if (first > last || *value >> first)
			return rx_asm_expected(s, "registers of the list in their order");
		*value |= (rx_ones((unsigned)(last - first) + 1)) << first;
		if (*s->p != ',')
			return RAX_OK;
	}
}

rax_status rx_asm_take(struct rx_asm_attempt *s, const struct rx_asm_operand *op)
{
	uint64_t *const value = &s->values[s->n];
	rax_status st;

	if (s->n == RX_ASM_MOST_OPERANDS)
		return rx_err(s->err, RAX_EINTERNAL, "%s: too many operands", s->name);
	s->p = rx_asm_skip_space(s->p);
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
