/* config_file.c - configuration files for the public interface. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/toml.h"
#include "rax/vm.h"

typedef rax_status entry_fn(void *opaque, const char *name, const char *value, rax_error *err);

static rax_status give(const struct rx_toml *t, const struct rx_toml_node *node,
		       const char *name, entry_fn *entry, void *opaque, rax_error *err)
{
	rax_error inner = { 0 };
	char number[32];
	const char *value = node->string;
	rax_status st;

	switch (node->type) {
	case RX_TOML_STRING:
		break;
	case RX_TOML_INTEGER:
		snprintf(number, sizeof(number), "%lld", (long long)node->integer);
		value = number;
		break;
	case RX_TOML_BOOLEAN:
		value = node->boolean ? "true" : "false";
		break;
	default:
		return rx_toml_err(t, node, err, "'%s' wants a string, an integer or a boolean, "
				   "not %s", name, rx_toml_type_name(node->type));
	}
	st = entry(opaque, name, value, &inner);
	return st ? rx_toml_err(t, node, err, "%s", inner.message) : RAX_OK;
}

rax_status rax_config_file(const char *path, entry_fn *entry, void *opaque, rax_error *err)
{
	struct rx_file file = { 0 };
	struct rx_toml t;
	const struct rx_toml_node *node, *item;
	rax_status st = rx_file_read(&file, path, RX_LIMIT_CONFIG_FILE, err);

	if (st)
		return st;
	st = rx_toml_parse(&t, path, (const char *)file.data, file.size, err);
	if (st) {
		rx_file_fini(&file);
		return st;
	}
	for (node = t.top->first; node && !st; node = node->next) {
		if (node->type == RX_TOML_TABLE)
			st = rx_toml_err(&t, node, err, "there are no tables in this file; unknown "
					 "table '%s'", node->key);
		else if (node->type != RX_TOML_ARRAY)
			st = give(&t, node, node->key, entry, opaque, err);
		else
			for (item = node->first; item && !st; item = item->next)
				st = give(&t, item, node->key, entry, opaque, err);
	}
	rx_toml_fini(&t);
	rx_file_fini(&file);
	return st;
}
