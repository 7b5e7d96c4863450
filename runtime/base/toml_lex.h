/* toml_lex.h - cursor and scalars of the TOML parser. SPDX-License-Identifier: MIT */
#ifndef RX_BASE_TOML_LEX_H
#define RX_BASE_TOML_LEX_H

#include <stdbool.h>

#include "base/toml.h"

struct rx_toml_cursor {
	struct rx_toml *toml;
	const char *p, *end;
	const char *line_start;
	unsigned line;
	rax_error *err;
};

/* Byte at the cursor, -1 at the end. */
static inline int rx_toml_peek(const struct rx_toml_cursor *c)
{
	return c->p < c->end ? (unsigned char)*c->p : -1;
}

/* Columns count bytes. */
static inline unsigned rx_toml_column(const struct rx_toml_cursor *c)
{
	return (unsigned)(c->p - c->line_start) + 1;
}

rax_status rx_toml_fail(struct rx_toml_cursor *c, const char *fmt, ...)
	RAX_PRINTF(2, 3);
rax_status rx_toml_no_memory(struct rx_toml_cursor *c);

/* Is the whole text UTF-8? Leaves the cursor at what is not. */
rax_status rx_toml_check_utf8(struct rx_toml_cursor *c);

void rx_toml_skip_blanks(struct rx_toml_cursor *c);
/* LF or CRLF; true when it was one. */
bool rx_toml_newline(struct rx_toml_cursor *c);
/* Blanks, comments and newlines. */
rax_status rx_toml_skip_lines(struct rx_toml_cursor *c);
/* Blanks, a comment, then a newline or the end. */
rax_status rx_toml_end_of_line(struct rx_toml_cursor *c);

/* One part of a key. */
rax_status rx_toml_key(struct rx_toml_cursor *c, const char **key);
/* A string, integer or boolean; the cursor is at its first byte. */
rax_status rx_toml_scalar(struct rx_toml_cursor *c, struct rx_toml_node *node);

#endif
