/* toml_lex.c - cursor and scalars of the TOML parser. SPDX-License-Identifier: MIT */
#include "base/toml_lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

rax_status rx_toml_fail(struct rx_toml_cursor *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	rx_err_v(c->err, RAX_EFORMAT, fmt, ap);
	va_end(ap);
	rx_err_prefix(c->err, "%s:%u:%u", c->toml->name, c->line,
		      rx_toml_column(c));
	return RAX_EFORMAT;
}

rax_status rx_toml_no_memory(struct rx_toml_cursor *c)
{
	return rx_err(c->err, RAX_ENOMEM, "%s: no memory", c->toml->name);
}

/* Length of the well-formed UTF-8 sequence at p (Unicode table 3-7), or 0. */
static unsigned utf8_len(const unsigned char *p, size_t room)
{
	unsigned char lo = 0x80, hi = 0xbf;
	unsigned n;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		n = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		n = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (room < n)
		return 0;
	if (p[0] == 0xe0)
		lo = 0xa0;
	else if (p[0] == 0xed)
		hi = 0x9f;
	else if (p[0] == 0xf0)
		lo = 0x90;
	else if (p[0] == 0xf4)
		hi = 0x8f;
	if (p[1] < lo || p[1] > hi)
		return 0;
	for (unsigned k = 2; k < n; k++)
		if (p[k] < 0x80 || p[k] > 0xbf)
			return 0;
	return n;
}

rax_status rx_toml_check_utf8(struct rx_toml_cursor *c)
{
	while (c->p < c->end) {
		const unsigned n = utf8_len((const unsigned char *)c->p,
					    (size_t)(c->end - c->p));

		if (!n)
			return rx_toml_fail(c, "not valid UTF-8");
		if (*c->p == '\n') {
			c->line++;
			c->line_start = c->p + 1;
		}
		c->p += n;
	}
	return RAX_OK;
}

void rx_toml_skip_blanks(struct rx_toml_cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\t'))
		c->p++;
}

bool rx_toml_newline(struct rx_toml_cursor *c)
{
	const char *p = c->p;

	if (p < c->end && *p == '\r' && p + 1 < c->end && p[1] == '\n')
		p++;
	if (p >= c->end || *p != '\n')
		return false;
	c->p = p + 1;
	c->line++;
	c->line_start = c->p;
	return true;
}

/* Control characters other than tab may stand nowhere but in line ends. */
static bool is_control(int ch)
{
	return (ch >= 0 && ch < 0x20 && ch != '\t') || ch == 0x7f;
}

static rax_status skip_comment(struct rx_toml_cursor *c)
{
	if (rx_toml_peek(c) != '#')
		return RAX_OK;
	for (; c->p < c->end; c->p++) {
		if (*c->p == '\n' ||
		    (*c->p == '\r' && c->p + 1 < c->end && c->p[1] == '\n'))
			break;
		if (is_control(rx_toml_peek(c)))
			return rx_toml_fail(c, "control character in a comment");
	}
	return RAX_OK;
}

rax_status rx_toml_skip_lines(struct rx_toml_cursor *c)
{
	do {
		rax_status status;

		rx_toml_skip_blanks(c);
		status = skip_comment(c);
		if (status)
			return status;
	} while (rx_toml_newline(c));
	return RAX_OK;
}

rax_status rx_toml_end_of_line(struct rx_toml_cursor *c)
{
	rax_status status;

	rx_toml_skip_blanks(c);
	status = skip_comment(c);
	if (status)
		return status;
	if (c->p < c->end && !rx_toml_newline(c))
		return rx_toml_fail(c, "expected the end of the line");
	return RAX_OK;
}

static char *put_utf8(char *out, uint32_t ch)
{
	if (ch < 0x80) {
		*out++ = (char)ch;
	} else if (ch < 0x800) {
		*out++ = (char)(0xc0 | ch >> 6);
		*out++ = (char)(0x80 | (ch & 0x3f));
	} else if (ch < 0x10000) {
		*out++ = (char)(0xe0 | ch >> 12);
		*out++ = (char)(0x80 | (ch >> 6 & 0x3f));
		*out++ = (char)(0x80 | (ch & 0x3f));
	} else {
		*out++ = (char)(0xf0 | ch >> 18);
		*out++ = (char)(0x80 | (ch >> 12 & 0x3f));
		*out++ = (char)(0x80 | (ch >> 6 & 0x3f));
		*out++ = (char)(0x80 | (ch & 0x3f));
	}
	return out;
}

static int digit_value(int ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	if (ch >= 'A' && ch <= 'F')
		return ch - 'A' + 10;
	return 99;
}

/* The cursor is behind the backslash. */
static rax_status escape(struct rx_toml_cursor *c, char **out)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	const int ch = rx_toml_peek(c);
	const char *simple = ch > 0 ? strchr(from, ch) : NULL;
	unsigned digits = ch == 'u' ? 4 : ch == 'U' ? 8 : 0;
	uint32_t code = 0;

	if (simple) {
		*(*out)++ = to[simple - from];
		c->p++;
		return RAX_OK;
	}
	if (!digits)
		return rx_toml_fail(c, "unknown escape in a string (\\b \\t \\n "
				    "\\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX)");
	c->p++;
	for (; digits; digits--, c->p++) {
		const int d = digit_value(rx_toml_peek(c));

		if (d > 15)
			return rx_toml_fail(c, "expected a hexadecimal digit");
		code = code << 4 | (uint32_t)d;
	}
	if (code == 0)
		return rx_toml_fail(c, "U+0000 cannot be used in a string");
	if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return rx_toml_fail(c, "not a Unicode character");
	*out = put_utf8(*out, code);
	return RAX_OK;
}

/* A backslash at the end of a line: drops the space up to the next text. */
static bool line_continuation(struct rx_toml_cursor *c)
{
	struct rx_toml_cursor ahead = *c;

	rx_toml_skip_blanks(&ahead);
	if (!rx_toml_newline(&ahead))
		return false;
	do
		rx_toml_skip_blanks(&ahead);
	while (rx_toml_newline(&ahead));
	*c = ahead;
	return true;
}

/* How many quotes (at most 5) are at the cursor? */
static unsigned count_quotes(const struct rx_toml_cursor *c, char quote)
{
	unsigned n = 0;

	while (n < 5 && c->p + n < c->end && c->p[n] == quote)
		n++;
	return n;
}

/* One character or line end of a multi-line string. */
static rax_status multi_line_char(struct rx_toml_cursor *c, char quote,
				  char **out)
{
	if (rx_toml_newline(c)) {
		*(*out)++ = '\n';
		return RAX_OK;
	}
	if (quote == '"' && *c->p == '\\') {
		c->p++;
		return line_continuation(c) ? RAX_OK : escape(c, out);
	}
	if (is_control(rx_toml_peek(c)))
		return rx_toml_fail(c, "control character in a string");
	*(*out)++ = *c->p++;
	return RAX_OK;
}

/* The cursor is behind the opening quotes; its string is never longer than
 * what it is written as. */
static rax_status multi_line_string(struct rx_toml_cursor *c, char quote,
				    char *out, const struct rx_toml_cursor *open)
{
	(void)rx_toml_newline(c);
	while (c->p < c->end) {
		const unsigned quotes = count_quotes(c, quote);
		rax_status status;

		if (quotes >= 3) {	/* up to two more belong to the text */
			memset(out, quote, quotes - 3);
			c->p += quotes;
			return RAX_OK;
		}
		status = multi_line_char(c, quote, &out);
		if (status)
			return status;
	}
	*c = *open;
	return rx_toml_fail(c, "string without its closing %c%c%c", quote,
			    quote, quote);
}

static rax_status one_line_string(struct rx_toml_cursor *c, char quote,
				  char *out)
{
	while (c->p < c->end && *c->p != quote) {
		rax_status status = RAX_OK;

		if (*c->p == '\n' || *c->p == '\r')
			break;
		if (is_control(rx_toml_peek(c)))
			return rx_toml_fail(c, "control character in a string");
		if (quote == '"' && *c->p == '\\') {
			c->p++;
			status = escape(c, &out);
		} else {
			*out++ = *c->p++;
		}
		if (status)
			return status;
	}
	if (rx_toml_peek(c) != quote)
		return rx_toml_fail(c, "expected %c at the end of the string",
				    quote);
	c->p++;
	return RAX_OK;
}

/* Bytes that the string at the cursor takes at most, with a NUL. */
static size_t string_room(const struct rx_toml_cursor *c, bool multi_line)
{
	const unsigned n = multi_line ? 3 : 1;
	const char quote = *c->p, *p;

	for (p = c->p + n; p + n <= c->end; p++) {
		if (*p == '\\' && quote == '"')
			p++;
		else if (*p == quote && (n == 1 || (p[1] == quote &&
						    p[2] == quote)))
			break;
		else if (*p == '\n' && n == 1)
			break;
	}
	return (size_t)(p - c->p) + 8;
}

static rax_status string(struct rx_toml_cursor *c, const char **text)
{
	const struct rx_toml_cursor open = *c;
	const char quote = *c->p;
	const bool multi = count_quotes(c, quote) >= 3;
	char *out = rx_arena_alloc(&c->toml->arena, string_room(c, multi));

	if (!out)
		return rx_toml_no_memory(c);
	*text = out;
	c->p += multi ? 3 : 1;
	return multi ? multi_line_string(c, quote, out, &open)
		     : one_line_string(c, quote, out);
}

static bool is_bare(int ch)
{
	return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') ||
	       (ch >= 'A' && ch <= 'Z') || ch == '_' || ch == '-';
}

rax_status rx_toml_key(struct rx_toml_cursor *c, const char **key)
{
	const char *start = c->p;
	const int ch = rx_toml_peek(c);

	if (ch == '"' || ch == '\'') {
		if (count_quotes(c, (char)ch) >= 3)
			return rx_toml_fail(c, "a key cannot be a multi-line "
					    "string");
		return string(c, key);
	}
	while (is_bare(rx_toml_peek(c)))
		c->p++;
	if (c->p == start)
		return rx_toml_fail(c, "expected a key");
	*key = rx_arena_strndup(&c->toml->arena, start, (size_t)(c->p - start));
	return *key ? RAX_OK : rx_toml_no_memory(c);
}

/* Digits with single underscores between them, into a magnitude. */
static rax_status digits(struct rx_toml_cursor *c, unsigned base, bool negative,
			 int64_t *value)
{
	const uint64_t max = (uint64_t)INT64_MAX + (base == 10 && negative);
	const char *start = c->p;
	uint64_t sum = 0;

	for (;; c->p++) {
		const int d = digit_value(rx_toml_peek(c));

		if (rx_toml_peek(c) == '_' && c->p > start &&
		    c->p[-1] != '_' && c->p + 1 < c->end &&
		    digit_value((unsigned char)c->p[1]) < (int)base)
			continue;
		if (d >= (int)base)
			break;
		if (sum > (max - (uint64_t)d) / base)
			return rx_toml_fail(c, "integer does not fit 64 bits");
		sum = sum * base + (uint64_t)d;
	}
	if (c->p == start)
		return rx_toml_fail(c, "expected a digit");
	*value = negative ? (int64_t)(0 - sum) : (int64_t)sum;
	return RAX_OK;
}

/* May a value end here? */
static bool at_delimiter(const struct rx_toml_cursor *c)
{
	const int ch = rx_toml_peek(c);

	return ch < 0 || strchr(" \t\r\n,]}#", ch);
}

static rax_status number(struct rx_toml_cursor *c, struct rx_toml_node *node)
{
	const bool sign = *c->p == '+' || *c->p == '-';
	const bool negative = *c->p == '-';
	const char *start = c->p;
	unsigned base = 10;
	rax_status status;

	c->p += sign;
	if (!sign && c->p + 1 < c->end && *c->p == '0') {
		base = c->p[1] == 'x' ? 16 : c->p[1] == 'o' ? 8 :
		       c->p[1] == 'b' ? 2 : 10;
		if (base != 10)
			c->p += 2;
	}
	start = c->p;
	status = digits(c, base, negative, &node->integer);
	if (status)
		return status;
	node->type = RX_TOML_INTEGER;
	if (base == 10 && rx_toml_peek(c) >= 0 &&
	    strchr(".eE", rx_toml_peek(c)))
		return rx_toml_fail(c, "floating-point numbers are not used "
				    "in configurations");
	if (base == 10 && (rx_toml_peek(c) == '-' || rx_toml_peek(c) == ':'))
		return rx_toml_fail(c, "dates and times are not used in "
				    "configurations");
	if (!at_delimiter(c))
		return rx_toml_fail(c, "unexpected character in a number");
	if (base == 10 && *start == '0' && c->p - start > 1) {
		c->p = start;
		return rx_toml_fail(c, "a decimal number cannot start with 0 "
				    "(octal is 0o...)");
	}
	return RAX_OK;
}

static bool word(struct rx_toml_cursor *c, const char *text)
{
	const size_t len = strlen(text);

	if ((size_t)(c->end - c->p) < len || memcmp(c->p, text, len) ||
	    (c->p + len < c->end && is_bare((unsigned char)c->p[len])))
		return false;
	c->p += len;
	return true;
}

rax_status rx_toml_scalar(struct rx_toml_cursor *c, struct rx_toml_node *node)
{
	const int ch = rx_toml_peek(c);
	const int sign = ch == '+' || ch == '-';

	if (ch == '"' || ch == '\'') {
		node->type = RX_TOML_STRING;
		return string(c, &node->string);
	}
	if (c->end - c->p >= 3 + sign && (!memcmp(c->p + sign, "inf", 3) ||
					  !memcmp(c->p + sign, "nan", 3)))
		return rx_toml_fail(c, "floating-point numbers are not used "
				    "in configurations");
	if (sign || (ch >= '0' && ch <= '9'))
		return number(c, node);
	node->type = RX_TOML_BOOLEAN;
	node->boolean = true;
	if (word(c, "true"))
		return RAX_OK;
	node->boolean = false;
	if (word(c, "false"))
		return RAX_OK;
	return rx_toml_fail(c, "expected a value (a string in quotes, an "
			    "integer, true, false, [...] or {...})");
}
