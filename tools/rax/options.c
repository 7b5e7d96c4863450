/* options.c - parsing the command line and configuration files. SPDX-License-Identifier: MIT */
#include "options.h"

#include <stdlib.h>
#include <string.h>

const struct option_info option_table[OPT_COUNT] = {
#define SECTION(title)
#define OPTION(id, argument, kind, least, most, other, help) \
	[OPT_##id] = { #id, argument, KIND_##kind, least, most, other, help },
#include "options.def"
#undef SECTION
#undef OPTION
};

const char *option_name(enum option_id id, char buf[OPTION_NAME_MAX])
{
	const char *from = option_table[id].id;
	size_t k;

	for (k = 0; from[k] && k + 1 < OPTION_NAME_MAX; k++)
		buf[k] = from[k] == '_' ? '-' : from[k];
	buf[k] = '\0';
	return buf;
}

/* OPT_COUNT: there is no such option */
static enum option_id find(const char *name, size_t len)
{
	char buf[OPTION_NAME_MAX];
	unsigned k;

	for (k = 0; k < OPT_COUNT; k++)
		if (strlen(option_name(k, buf)) == len && !memcmp(buf, name, len))
			break;
	return k;
}

static rax_status unknown(const char *what, const char *prefix, rax_error *err)
{
	char names[OPT_COUNT][OPTION_NAME_MAX];
	const char *list[OPT_COUNT], *near;
	unsigned k;

	for (k = 0; k < OPT_COUNT; k++)
		list[k] = option_name(k, names[k]);
	near = nearest(what, list, OPT_COUNT);
	if (near)
		return option_fail(err, "unknown option '%s%.60s'; did you mean '%s%s'?", prefix,
				   what, prefix, near);
	return option_fail(err, "unknown option '%s%.60s'; see rax --help", prefix, what);
}

/* A configuration file does not change what the command line gave. */
struct file_state {
	struct options *o;
	uint8_t on_line[OPT_COUNT], seen[OPT_COUNT];
};

static rax_status file_entry(void *opaque, const char *name, const char *value, rax_error *err)
{
	struct file_state *f = opaque;
	const enum option_id id = find(name, strlen(name));

	if (id == OPT_COUNT)
		return unknown(name, "", err);
	if (id == OPT_config || id == OPT_help || id == OPT_version)
		return option_fail(err, "'%s' cannot stand in a configuration file", name);
	if (f->seen[id] && option_table[id].kind != KIND_LIST)
		return option_fail(err, "'%s' has one value, not several", name);
	f->seen[id] = 1;
	return f->on_line[id] ? RAX_OK : option_set(f->o, id, value, err);
}

static rax_status read_file(struct options *o, rax_error *err)
{
	struct file_state f = { .o = o };
	unsigned k;

	for (k = 0; k < OPT_COUNT; k++)
		f.on_line[k] = o->text[k] != NULL;
	f.on_line[OPT_disk] = o->ndisks != 0;
	return rax_config_file(o->text[OPT_config], file_entry, &f, err);
}

/* A word that begins with "-"; returns how many words of argv it took, 0: *err. */
static int parse_option(struct options *o, int left, char **argv, rax_error *err)
{
	const char *word = strcmp(argv[0], "-h") ? argv[0] : "--help";
	const int one_dash = word[1] != '-';
	const char *name = word + (one_dash ? 1 : 2), *eq = strchr(name, '=');
	const size_t len = eq ? (size_t)(eq - name) : strlen(name);
	const enum option_id id = one_dash ? OPT_COUNT : find(name, len);
	const char *value = eq ? eq + 1 : "true";
	int taken = 1;

	if (id == OPT_COUNT) {
		char cut[64];

		snprintf(cut, sizeof(cut), "%.*s", len < 60 ? (int)len : 60, name);
		if (one_dash && find(name, len) != OPT_COUNT)
			(void)option_fail(err, "unknown option '-%s'; did you mean '--%s'?", cut,
					  cut);
		else
			(void)unknown(cut, one_dash ? "-" : "--", err);
		return 0;
	}
	if (option_table[id].kind == KIND_FLAG && eq) {
		(void)option_fail(err, "--%.*s takes no value", (int)len, name);
		return 0;
	}
	if (option_table[id].kind != KIND_FLAG && !eq) {
		if (left < 2) {
			(void)option_fail(err, "--%s wants %s", name, option_table[id].argument);
			return 0;
		}
		value = argv[1];
		taken = 2;
	}
	return option_set(o, id, value, err) ? 0 : taken;
}

static rax_status parse_words(struct options *o, int argc, char **argv, rax_error *err)
{
	const char *kernel = NULL;
	int k = 1, only_words = 0;

	while (k < argc) {
		if (!only_words && !strcmp(argv[k], "--")) {
			only_words = 1;
			k++;
		} else if (!only_words && argv[k][0] == '-' && argv[k][1]) {
			const int taken = parse_option(o, argc - k, argv + k, err);

			if (!taken)
				return RAX_EINVAL;
			k += taken;
		} else if (kernel || o->text[OPT_kernel]) {
			return option_fail(err, "'%.60s' is one word too many: "
						"the kernel is '%.200s'",
					   argv[k], kernel ? kernel : o->text[OPT_kernel]);
		} else {
			kernel = argv[k++];
		}
	}
	if (kernel && o->text[OPT_kernel])
		return option_fail(err, "'%.60s' is one word too many: the kernel is '%.200s'",
				   kernel, o->text[OPT_kernel]);
	return kernel ? option_set(o, OPT_kernel, kernel, err) : RAX_OK;
}

rax_status options_parse(struct options *o, int argc, char **argv, rax_error *err)
{
	rax_status st;

	memset(o, 0, sizeof(*o));
	st = parse_words(o, argc, argv, err);
	if (!st && o->text[OPT_config])
		st = read_file(o, err);
	return st;
}

void options_free(struct options *o)
{
	size_t k;

	for (k = 0; k < OPT_COUNT; k++)
		free(o->text[k]);
	for (k = 0; k < o->ndisks; k++)
		free(o->disks[k]);
	free(o->disks);
}
