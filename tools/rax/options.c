/* options.c - parsing options. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

const struct option_info option_table[OPT_COUNT] = {
#define SECTION(title)
#define OPTION(id, argument, kind, help) \
	[OPT_##id] = { #id, argument, KIND_##kind, help, NULL },
#include "options.def"
#undef SECTION
#undef OPTION
};

static rax_status fail(rax_error *err, const char *fmt, ...) RAX_PRINTF(2, 3);
static rax_status fail(rax_error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->message, sizeof(err->message), fmt, ap);
	va_end(ap);
	err->code = RAX_EINVAL;
	return RAX_EINVAL;
}

/* Option names are C identifiers in the table: '-' and '_' are the same. */
static int same_name(const char *id, const char *name, size_t len)
{
	size_t k;

	for (k = 0; k < len; k++)
		if (id[k] != name[k] && !(id[k] == '_' && name[k] == '-'))
			return 0;
	return id[len] == '\0';
}

static int find(const char *name, size_t len)
{
	int k;

	for (k = 0; k < OPT_COUNT; k++)
		if (same_name(option_table[k].name, name, len))
			return k;
	return -1;
}

/* Edit distance with adjacent swaps, capped by the lengths of short words. */
static unsigned distance(const char *a, const char *b)
{
	unsigned d[3][40], la = (unsigned)strlen(a), lb = (unsigned)strlen(b), i, j;

	if (la >= 40 || lb >= 40)
		return 100;
	for (j = 0; j <= lb; j++)
		d[0][j] = j;
	for (i = 1; i <= la; i++) {
		unsigned *row = d[i % 3], *up = d[(i - 1) % 3], *up2 = d[(i + 1) % 3];

		row[0] = i;
		for (j = 1; j <= lb; j++) {
			unsigned cost = up[j - 1] + (a[i - 1] != b[j - 1]);

			if (up[j] + 1 < cost)
				cost = up[j] + 1;
			if (row[j - 1] + 1 < cost)
				cost = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && up2[j - 2] + 1 < cost)
				cost = up2[j - 2] + 1;
			row[j] = cost;
		}
	}
	return d[la % 3][lb];
}

const char *nearest(const char *what, const char *const *words, size_t n)
{
	const char *best = NULL;
	unsigned least = 1 + (unsigned)strlen(what) / 2, d;
	size_t k;

	for (k = 0; k < n; k++) {
		if (!words[k])
			continue;
		d = distance(what, words[k]);
		if (d < least || (!best && !strncmp(what, words[k], strlen(what)))) {
			least = d;
			best = words[k];
		}
	}
	return best;
}

static void dashes(char *buf, size_t size, const char *id)
{
	size_t k;

	for (k = 0; id[k] && k + 1 < size; k++)
		buf[k] = id[k] == '_' ? '-' : id[k];
	buf[k] = '\0';
}

static rax_status unknown(const char *what, const char *prefix, rax_error *err)
{
	char names[OPT_COUNT][32];
	const char *list[OPT_COUNT], *near;
	int k;

	for (k = 0; k < OPT_COUNT; k++) {
		dashes(names[k], sizeof(names[k]), option_table[k].name);
		list[k] = names[k];
	}
	near = nearest(what, list, OPT_COUNT);
	if (near)
		return fail(err, "unknown option '%s%.60s'; did you mean '%s%s'?", prefix, what,
			    prefix, near);
	return fail(err, "unknown option '%s%.60s'; see rax --help", prefix, what);
}

static rax_status set_number(struct options *o, int id, const char *name,
			     const char *text, rax_error *err)
{
	char *end;
	unsigned shift = 0;
	uint64_t v;

	errno = 0;
	v = strtoull(text, &end, 0);
	if (end == text || text[0] == '-' || text[0] == '+' || text[0] == ' ' || errno)
		return fail(err, "--%s wants a number, not '%.60s'", name, text);
	if (option_table[id].kind == KIND_SIZE && *end) {
		static const char suffix[] = "KMGT";
		const char *s = strchr(suffix, *end & ~0x20);

		if (s && *s) {
			shift = 10 * (unsigned)(s - suffix + 1);
			end++;
			if (*end == 'i')
				end++;
			if (*end == 'B' || *end == 'b')
				end++;
		}
	}
	if (*end)
		return fail(err, "--%s wants a number%s, not '%.60s'", name,
			    option_table[id].kind == KIND_SIZE ?
			    " with suffix K, M, G or T" : "", text);
	if (shift && v >> (64 - shift))
		return fail(err, "--%s: '%.60s' is too large", name, text);
	o->number[id] = v << shift;
	return RAX_OK;
}

static rax_status set_choice(const char *name, const char *text,
			     const char *(*choice)(unsigned), rax_error *err)
{
	const char *list[32], *near;
	unsigned n;

	for (n = 0; n < 32 && (list[n] = choice(n)); n++)
		if (!strcmp(list[n], text))
			return RAX_OK;
	near = nearest(text, list, n);
	if (near)
		return fail(err, "--%s: there is no '%.60s'; did you mean '%s'?", name, text, near);
	return fail(err, "--%s: there is no '%.60s'; see rax --help", name, text);
}

static const char *clock_name(unsigned k)
{
	static const char *const names[] = { "host", "icount", NULL };

	return names[k];
}

static rax_status add_disk(struct options *o, const char *text, rax_error *err)
{
	char **more = realloc(o->disks, (o->ndisks + 1) * sizeof(*more));

	if (more)
		o->disks = more;
	if (!more || !(o->disks[o->ndisks] = strdup(text)))
		return fail(err, "out of memory");
	o->ndisks++;
	return RAX_OK;
}

rax_status options_set(struct options *o, enum option_id id, const char *text,
		       rax_error *err)
{
	const struct option_info *info = &option_table[id];
	rax_status st = RAX_OK;
	char name[32];

	dashes(name, sizeof(name), info->name);
	switch (info->kind) {
	case KIND_LIST:
		return add_disk(o, text, err);
	case KIND_SIZE:
	case KIND_NUMBER:
		st = set_number(o, id, name, text, err);
		break;
	case KIND_ENGINE:
		st = set_choice(name, text, rax_engine_name, err);
		break;
	case KIND_MACHINE:
		st = set_choice(name, text, rax_machine_name, err);
		break;
	case KIND_CLOCK:
		st = set_choice(name, text, clock_name, err);
		break;
	case KIND_FLAG:
		if (strcmp(text, "true") && strcmp(text, "false"))
			return fail(err, "--%s wants true or false, not '%.60s'", name, text);
		if (!strcmp(text, "false"))
			return RAX_OK;
		break;
	case KIND_FILE:
		if (!*text)
			return fail(err, "--%s wants a file name", name);
		break;
	case KIND_STRING:
		break;
	}
	if (st)
		return st;
	free(o->text[id]);
	o->text[id] = strdup(text);
	return o->text[id] ? RAX_OK : fail(err, "out of memory");
}

/* What the command line gave is not changed by a file that comes later. */
struct file_state {
	struct options *o;
	const struct options *line;
};

static rax_status file_entry(void *opaque, const char *name, const char *value,
			     rax_error *err)
{
	struct file_state *f = opaque;
	int id = find(name, strlen(name));

	if (id < 0)
		return unknown(name, "", err);
	if (id == OPT_config || id == OPT_help || id == OPT_version)
		return fail(err, "'%s' cannot stand in a configuration file", name);
	if (f->line->text[id] || (id == OPT_disk && f->line->ndisks))
		return RAX_OK;
	return options_set(f->o, (enum option_id)id, value, err);
}

static rax_status parse_words(struct options *o, int argc, char **argv, rax_error *err)
{
	int k;

	for (k = 1; k < argc; k++) {
		const char *a = argv[k], *eq;
		size_t len;
		int id;
		rax_status st;

		if (strncmp(a, "--", 2) || !a[2]) {
			if (!strcmp(a, "-h")) {
				a = "--help";
			} else if (a[0] == '-' && a[1] && strcmp(a, "--")) {
				return fail(err, "unknown option '%.60s'; see rax --help", a);
			} else {
				o->words[o->nwords++] = argv[k];
				continue;
			}
		}
		a += 2;
		eq = strchr(a, '=');
		len = eq ? (size_t)(eq - a) : strlen(a);
		id = find(a, len);
		if (id < 0) {
			char word[64];

			snprintf(word, sizeof(word), "%.*s", (int)(len < 63 ? len : 63), a);
			return unknown(word, "--", err);
		}
		if (option_table[id].kind == KIND_FLAG) {
			if (eq)
				return fail(err, "--%.*s takes no value", (int)len, a);
			st = options_set(o, (enum option_id)id, "true", err);
		} else if (eq) {
			st = options_set(o, (enum option_id)id, eq + 1, err);
		} else if (k + 1 < argc) {
			st = options_set(o, (enum option_id)id, argv[++k], err);
		} else {
			return fail(err, "--%s wants %s", a, option_table[id].argument);
		}
		if (st)
			return st;
	}
	return RAX_OK;
}

rax_status options_parse(struct options *o, int argc, char **argv, rax_error *err)
{
	struct options line;
	struct file_state f = { o, &line };
	rax_status st;

	memset(o, 0, sizeof(*o));
	o->words = calloc((size_t)argc + 1, sizeof(*o->words));
	if (!o->words)
		return fail(err, "out of memory");
	st = parse_words(o, argc, argv, err);
	if (st || !o->text[OPT_config])
		return st;
	line = *o;
	return rax_config_file(o->text[OPT_config], file_entry, &f, err);
}

void options_free(struct options *o)
{
	size_t k;

	for (k = 0; k < OPT_COUNT; k++)
		free(o->text[k]);
	for (k = 0; k < o->ndisks; k++)
		free(o->disks[k]);
	free(o->disks);
	free(o->words);
}
