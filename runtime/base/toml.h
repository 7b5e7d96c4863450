/* toml.h - configuration files: TOML 1.0 without floats and dates. SPDX-License-Identifier: MIT */
#ifndef RX_BASE_TOML_H
#define RX_BASE_TOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "rax/error.h"

enum rx_toml_type {
	RX_TOML_STRING, RX_TOML_INTEGER, RX_TOML_BOOLEAN, RX_TOML_ARRAY,
	RX_TOML_TABLE,
};

/*
 * A value, owned by its struct rx_toml. Tables have their members as
 * children, arrays their items. An array of tables ([[name]]) is an
 * RX_TOML_ARRAY of RX_TOML_TABLE.
 */
struct rx_toml_node {
	enum rx_toml_type type;
	const char *key;	/* its own part; NULL in arrays and at the top */
	unsigned line, column;	/* of the key, of the value in arrays; from 1 */
	const char *string;	/* UTF-8 without NULs inside */
	int64_t integer;
	bool boolean;
	unsigned count;		/* children */
	struct rx_toml_node *parent, *first, *last, *next;
	struct rx_toml_node *next_value;	/* in file order */
	unsigned state;				/* of the parser */
};

struct rx_toml {
	struct rx_arena arena;
	const char *name;		/* of the file, for messages */
	struct rx_toml_node *top;	/* the table of all */
	/* every "key = value" in file order, chained by next_value;
	 * the members of inline tables count one by one */
	struct rx_toml_node *values, *last_value;
	unsigned nvalues;
};

/*
 * Parses len bytes. name is what messages call the file (must live as long
 * as *t). On failure *t is empty and err->message is
 * "NAME:LINE:COLUMN: what is wrong". RAX_EFORMAT or RAX_ENOMEM.
 */
RAX_MUST_CHECK rax_status rx_toml_parse(struct rx_toml *t, const char *name,
					const char *text, size_t len,
					rax_error *err);
void rx_toml_fini(struct rx_toml *t);

/* Member of a table, or NULL. */
struct rx_toml_node *rx_toml_get(const struct rx_toml_node *table,
				 const char *key);
/*
 * Writes the whole name of a node ("disk.0.file": items of arrays by their
 * index) with a NUL, cut to size.
 */
void rx_toml_path(const struct rx_toml_node *node, char *buf, size_t size);
const char *rx_toml_type_name(enum rx_toml_type type);
/* Fails with "NAME:LINE:COLUMN: ..." of this node. */
rax_status rx_toml_err(const struct rx_toml *t, const struct rx_toml_node *node,
		       rax_error *err, const char *fmt, ...) RAX_PRINTF(4, 5);

#endif
