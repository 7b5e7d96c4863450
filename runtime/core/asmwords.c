/* asmwords.c - the words and numbers of assembly text. SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/error.h"
#include "core/asmparse.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

const char *rx_asm_skip_space(const char *p)
{
	while (is_space(*p))
		p++;
	return p;
}

size_t rx_asm_word_len(const char *p)
{
	return strcspn(p, " \t\r\n,()[]{}");
}

char rx_asm_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool rx_asm_is_word(const char *p, size_t n, const char *word)
{
	if (strlen(word) != n)
		return false;
	while (n && rx_asm_lower(p[n - 1]) == rx_asm_lower(word[n - 1]))
		n--;
	return !n;
}

size_t rx_asm_register_len(const struct rx_asm_attempt *s, const char *name)
{
	const size_t n = strlen(name);
	const char c = strncmp(s->p, name, n) == 0 ? s->p[n] : 'x';

	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' ? 0 : n;
}

size_t rx_asm_number_len(const char *p)
{
	size_t n = *p == '-' || *p == '+';

	while ((p[n] >= '0' && p[n] <= '9') || (p[n] >= 'a' && p[n] <= 'f') ||
	       (p[n] >= 'A' && p[n] <= 'F') || p[n] == 'x' || p[n] == 'X')
		n++;
	return n;
}

rax_status rx_asm_expected(struct rx_asm_attempt *s, const char *what)
{
	const size_t n = rx_asm_word_len(s->p);
	const size_t shown = n ? n : 1;

	if (!*s->p)
		return rx_err(s->err, RAX_EINVAL, "%s: expected %s, found the end",
			      s->name, what);
	return rx_err(s->err, RAX_EINVAL, "%s: expected %s, found '%.*s'", s->name,
		      what, shown < 40 ? (int)shown : 40, s->p);
}

int rx_asm_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

bool rx_asm_number(const char *p, size_t n, bool *negative, uint64_t *value)
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
		const unsigned d = (unsigned)rx_asm_digit(*p);

		if (d >= base || __builtin_mul_overflow(v, base, &v) ||
		    __builtin_add_overflow(v, d, &v))
			return false;
	}
	*value = *negative ? -v : v;
	return !*negative || v <= UINT64_C(1) << 63;
}
