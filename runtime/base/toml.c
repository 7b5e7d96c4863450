/* toml.c - tables, arrays and the tree of a TOML file. SPDX-License-Identifier: MIT */
#include "base/toml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/toml_lex.h"

/* How a table came to be decides what may add to it (TOML 1.0, "Table"). */
enum {
	MADE_BY_SUBTABLE,	/* [a.b] made a: [a] may still come */
	MADE_BY_HEADER,
	MADE_BY_DOTS,		/* a.b = 1 made a: more of these may come */
	CLOSED,			/* {...} and [...]: nothing adds to them */
	ARRAY_OF_TABLES,	/* [[a]]: another [[a]] may come */
};

static struct rx_toml_node *new_node(struct rx_toml_cursor *c,
				     struct rx_toml_node *parent,
				     enum rx_toml_type type, unsigned state)
{
	struct rx_toml_node *node = rx_arena_alloc(&c->toml->arena,
						   sizeof(*node));

	if (!node)
		return NULL;
	node->type = type;
	node->state = state;
	node->line = c->line;
	node->column = rx_toml_column(c);
	node->parent = parent;
	if (!parent)
		return node;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	parent->count++;
	return node;
}

struct rx_toml_node *rx_toml_get(const struct rx_toml_node *table,
				 const char *key)
{
	struct rx_toml_node *n;

	if (table->type != RX_TOML_TABLE)
		return NULL;
	for (n = table->first; n; n = n->next)
		if (!strcmp(n->key, key))
			return n;
	return NULL;
}

static rax_status defined_twice(struct rx_toml_cursor *c,
				const struct rx_toml_cursor *at,
				const struct rx_toml_node *old)
{
	struct rx_toml_cursor here = *at;
	char path[128];

	(void)c;
	rx_toml_path(old, path, sizeof(path));
	return rx_toml_fail(&here, "'%s' is already defined on line %u", path,
			    old->line);
}

/*
 * Goes from table into its member `key`, a table; makes it when it is not
 * there. by is the state of tables made on the way.
 */
static rax_status step_into(struct rx_toml_cursor *c,
			    const struct rx_toml_cursor *at,
			    struct rx_toml_node **table, const char *key,
			    unsigned by)
{
	struct rx_toml_cursor here = *at;
	struct rx_toml_node *n = rx_toml_get(*table, key);

	if (!n) {
		n = new_node(&here, *table, RX_TOML_TABLE, by);
		if (!n)
			return rx_toml_no_memory(c);
		n->key = key;
	} else if (by == MADE_BY_DOTS) {
		if (n->type != RX_TOML_TABLE || n->state != MADE_BY_DOTS)
			return defined_twice(c, at, n);
	} else if (n->type == RX_TOML_ARRAY && n->state == ARRAY_OF_TABLES) {
		n = n->last;
	} else if (n->type != RX_TOML_TABLE || n->state == CLOSED) {
		return defined_twice(c, at, n);
	}
	*table = n;
	return RAX_OK;
}

/*
 * Reads a dotted key and goes to the table that its last part is in; *key
 * and *at are that part.
 */
static rax_status dotted_key(struct rx_toml_cursor *c,
			     struct rx_toml_node **table, unsigned by,
			     const char **key, struct rx_toml_cursor *at)
{
	unsigned depth = 0;
	rax_status status;

	for (;;) {
		rx_toml_skip_blanks(c);
		*at = *c;
		status = rx_toml_key(c, key);
		if (status)
			return status;
		rx_toml_skip_blanks(c);
		if (rx_toml_peek(c) != '.')
			return RAX_OK;
		if (++depth >= RX_LIMIT_TOML_DEPTH)
			return rx_toml_fail(c, "nested too deeply");
		status = step_into(c, at, table, *key, by);
		if (status)
			return status;
		c->p++;
	}
}

static rax_status value(struct rx_toml_cursor *c, struct rx_toml_node *node,
			unsigned depth);

static rax_status array(struct rx_toml_cursor *c, struct rx_toml_node *node,
			unsigned depth)
{
	struct rx_toml_node *item;
	rax_status status;

	c->p++;
	for (;;) {
		status = rx_toml_skip_lines(c);
		if (status)
			return status;
		if (rx_toml_peek(c) == ']')
			break;
		item = new_node(c, node, RX_TOML_STRING, CLOSED);
		if (!item)
			return rx_toml_no_memory(c);
		status = value(c, item, depth);
		if (!status)
			status = rx_toml_skip_lines(c);
		if (status)
			return status;
		if (rx_toml_peek(c) == ']')
			break;
		if (rx_toml_peek(c) != ',')
			return rx_toml_fail(c, "expected ',' or ']'");
		c->p++;
	}
	c->p++;
	return RAX_OK;
}

static rax_status key_value(struct rx_toml_cursor *c,
			    struct rx_toml_node *table, unsigned depth);

static void close_tables(struct rx_toml_node *table)
{
	struct rx_toml_node *n;

	table->state = CLOSED;
	for (n = table->first; n; n = n->next)
		if (n->type == RX_TOML_TABLE)
			close_tables(n);
}

static rax_status inline_table(struct rx_toml_cursor *c,
			       struct rx_toml_node *node, unsigned depth)
{
	rax_status status;

	c->p++;
	rx_toml_skip_blanks(c);
	while (rx_toml_peek(c) != '}') {
		status = key_value(c, node, depth);
		if (status)
			return status;
		rx_toml_skip_blanks(c);
		if (rx_toml_peek(c) == '}')
			break;
		if (rx_toml_peek(c) != ',')
			return rx_toml_fail(c, "expected ',' or '}'");
		c->p++;
		rx_toml_skip_blanks(c);
		if (rx_toml_peek(c) == '}')
			return rx_toml_fail(c, "expected a key behind ','");
	}
	c->p++;
	close_tables(node);
	return RAX_OK;
}

/* Members are looked up by walking: their number is what bounds the time. */
static rax_status count(struct rx_toml_cursor *c)
{
	if (++c->toml->nvalues <= RX_LIMIT_TOML_VALUES)
		return RAX_OK;
	return rx_toml_fail(c, "more than %d tables and values",
			    RX_LIMIT_TOML_VALUES);
}

static rax_status value(struct rx_toml_cursor *c, struct rx_toml_node *node,
			unsigned depth)
{
	rax_status status;

	if (depth >= RX_LIMIT_TOML_DEPTH)
		return rx_toml_fail(c, "nested too deeply");
	status = count(c);
	if (status)
		return status;
	if (rx_toml_peek(c) == '[') {
		node->type = RX_TOML_ARRAY;
		return array(c, node, depth + 1);
	}
	if (rx_toml_peek(c) == '{') {
		node->type = RX_TOML_TABLE;
		return inline_table(c, node, depth + 1);
	}
	return rx_toml_scalar(c, node);
}

/* Is the node inside an array's value, which its owner reads as a whole? */
static bool in_array(const struct rx_toml_node *node)
{
	for (; node; node = node->parent)
		if (node->type == RX_TOML_ARRAY && node->state == CLOSED)
			return true;
	return false;
}

static rax_status key_value(struct rx_toml_cursor *c,
			    struct rx_toml_node *table, unsigned depth)
{
	struct rx_toml_node *node, *old;
	struct rx_toml_cursor at;
	const char *key;
	rax_status status;

	status = dotted_key(c, &table, MADE_BY_DOTS, &key, &at);
	if (status)
		return status;
	old = rx_toml_get(table, key);
	if (old)
		return defined_twice(c, &at, old);
	if (rx_toml_peek(c) != '=')
		return rx_toml_fail(c, "expected '=' behind the key");
	c->p++;
	rx_toml_skip_blanks(c);
	node = new_node(&at, table, RX_TOML_STRING, CLOSED);
	if (!node)
		return rx_toml_no_memory(c);
	node->key = key;
	if (rx_toml_peek(c) == '{')	/* its members may use dotted keys */
		node->state = MADE_BY_HEADER;
	status = value(c, node, depth);
	if (status || node->type == RX_TOML_TABLE || in_array(table))
		return status;
	if (c->toml->last_value)
		c->toml->last_value->next_value = node;
	else
		c->toml->values = node;
	c->toml->last_value = node;
	return RAX_OK;
}

/* [[a.b]]: the cursor is behind the brackets that open it. */
static rax_status array_header(struct rx_toml_cursor *c,
			       const struct rx_toml_cursor *at,
			       struct rx_toml_node *table, const char *key,
			       struct rx_toml_node **current)
{
	struct rx_toml_cursor here = *at;
	struct rx_toml_node *n = rx_toml_get(table, key);

	if (!n) {
		n = new_node(&here, table, RX_TOML_ARRAY, ARRAY_OF_TABLES);
		if (!n)
			return rx_toml_no_memory(c);
		n->key = key;
	} else if (n->type != RX_TOML_ARRAY || n->state != ARRAY_OF_TABLES) {
		return defined_twice(c, at, n);
	}
	*current = new_node(&here, n, RX_TOML_TABLE, MADE_BY_HEADER);
	return *current ? RAX_OK : rx_toml_no_memory(c);
}

static rax_status table_header(struct rx_toml_cursor *c,
			       const struct rx_toml_cursor *at,
			       struct rx_toml_node *table, const char *key,
			       struct rx_toml_node **current)
{
	struct rx_toml_cursor here = *at;
	struct rx_toml_node *n = rx_toml_get(table, key);

	if (!n) {
		n = new_node(&here, table, RX_TOML_TABLE, MADE_BY_HEADER);
		if (!n)
			return rx_toml_no_memory(c);
		n->key = key;
	} else if (n->type != RX_TOML_TABLE || n->state != MADE_BY_SUBTABLE) {
		return defined_twice(c, at, n);
	}
	n->state = MADE_BY_HEADER;
	*current = n;
	return RAX_OK;
}

static rax_status header(struct rx_toml_cursor *c,
			 struct rx_toml_node **current)
{
	struct rx_toml_node *table = c->toml->top;
	struct rx_toml_cursor at;
	const char *key;
	rax_status status;
	bool is_array;

	status = count(c);
	if (status)
		return status;
	c->p++;
	is_array = rx_toml_peek(c) == '[';
	c->p += is_array;
	status = dotted_key(c, &table, MADE_BY_SUBTABLE, &key, &at);
	if (status)
		return status;
	for (int k = 0; k <= is_array; k++, c->p++)
		if (rx_toml_peek(c) != ']')
			return rx_toml_fail(c, "expected '%s' behind the name "
					    "of the table",
					    is_array ? "]]" : "]");
	return is_array ? array_header(c, &at, table, key, current)
			: table_header(c, &at, table, key, current);
}

static rax_status document(struct rx_toml_cursor *c)
{
	struct rx_toml_node *current = c->toml->top;
	rax_status status;

	for (;;) {
		status = rx_toml_skip_lines(c);
		if (status || c->p >= c->end)
			return status;
		status = rx_toml_peek(c) == '[' ? header(c, &current)
						: key_value(c, current, 0);
		if (!status)
			status = rx_toml_end_of_line(c);
		if (status)
			return status;
	}
}

rax_status rx_toml_parse(struct rx_toml *t, const char *name,
			 const char *text, size_t len, rax_error *err)
{
	struct rx_toml_cursor c = {
		.toml = t, .p = text, .end = text + len, .line_start = text,
		.line = 1, .err = err,
	};
	struct rx_toml_cursor check;
	rax_status status;

	memset(t, 0, sizeof(*t));
	t->name = name;
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		c.p = c.line_start = text + 3;	/* a byte order mark */
	t->top = new_node(&c, NULL, RX_TOML_TABLE, MADE_BY_HEADER);
	check = c;
	status = t->top ? rx_toml_check_utf8(&check) : rx_toml_no_memory(&c);
	if (!status)
		status = document(&c);
	if (status)
		rx_toml_fini(t);
	return status;
}

void rx_toml_fini(struct rx_toml *t)
{
	rx_arena_fini(&t->arena);
	memset(t, 0, sizeof(*t));
}

void rx_toml_path(const struct rx_toml_node *node, char *buf, size_t size)
{
	const struct rx_toml_node *n;
	char part[24];
	size_t len = 0;

	if (!size)
		return;
	buf[0] = '\0';
	/* from the leaf up, each part put before what is there */
	for (n = node; n && n->parent; n = n->parent) {
		const char *text = n->key;
		size_t k;

		if (!text) {
			unsigned at = 0;

			for (const struct rx_toml_node *s = n->parent->first;
			     s != n; s = s->next)
				at++;
			snprintf(part, sizeof(part), "%u", at);
			text = part;
		}
		k = strlen(text);
		if (len + k + 2 > size)
			break;
		memmove(buf + k + (len > 0), buf, len + 1);
		memcpy(buf, text, k);
		if (len)
			buf[k] = '.';
		len += k + (len > 0);
	}
}

const char *rx_toml_type_name(enum rx_toml_type type)
{
	static const char *const names[] = {
		[RX_TOML_STRING] = "string", [RX_TOML_INTEGER] = "integer",
		[RX_TOML_BOOLEAN] = "boolean", [RX_TOML_ARRAY] = "array",
		[RX_TOML_TABLE] = "table",
	};

	return names[type];
}

rax_status rx_toml_err(const struct rx_toml *t, const struct rx_toml_node *node,
		       rax_error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	rx_err_v(err, RAX_EINVAL, fmt, ap);
	va_end(ap);
	rx_err_prefix(err, "%s:%u:%u", t->name, node->line, node->column);
	return RAX_EINVAL;
}
