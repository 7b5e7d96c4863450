/* values.c - setting an option from text. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

rax_status option_fail(rax_error *err, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	vsnprintf(err->message, sizeof(err->message), fmt, ap);
	va_end(ap);
	for (p = err->message; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	err->code = RAX_EINVAL;
	return RAX_EINVAL;
}

static const char *clock_name(unsigned k)
{
	static const char *const names[] = { "host", "icount", NULL };

	return names[k];
}

static const char *jit_name(unsigned k)
{
	static const char *const names[] = { "on", "off", "verify", NULL };

	return names[k];
}

static const char *perf_name(unsigned k)
{
	static const char *const names[] = { "map", "dump", NULL };

	return names[k];
}

const char *(*option_choice(enum option_kind kind))(unsigned)
{
	return kind == KIND_ENGINE ? rax_engine_name :
	       kind == KIND_MACHINE ? rax_machine_name :
	       kind == KIND_CLOCK ? clock_name :
	       kind == KIND_JIT ? jit_name :
	       kind == KIND_PERF ? perf_name : NULL;
}

/* A suffix at end: its shift, and *end behind it; 0: there is none. */
static unsigned size_suffix(const char **end)
{
	static const char suffix[] = "KMGT";
	const char *s = **end ? strchr(suffix, **end & ~0x20) : NULL;

	if (!s || !*s)
		return 0;
	++*end;
	if (**end == 'i')
		++*end;
	if (**end == 'B')
		++*end;
	return 10 * (unsigned)(s - suffix + 1);
}

static rax_status set_number(struct options *o, enum option_id id, const char *name,
			     const char *text, rax_error *err)
{
	const struct option_info *info = &option_table[id];
	const int is_size = info->kind == KIND_SIZE;
	const int hex = text[0] == '0' && (text[1] | 0x20) == 'x';
	char *stop;
	const char *end;
	unsigned shift = 0;
	uint64_t v;

	if (text[0] < '0' || text[0] > '9')
		return option_fail(err, "--%s wants a number, not '%.60s'", name, text);
	errno = 0;
	v = strtoull(text, &stop, hex ? 16 : 10);
	end = stop;
	if (is_size)
		shift = size_suffix(&end);
	if (*end || (hex && stop < text + 3))
		return option_fail(err, "--%s wants a number%s, not '%.60s'", name,
				   is_size ? " with suffix K, M, G or T" : "", text);
	if (errno || (shift && v >> (64 - shift)) || v << shift > info->most ||
	    v << shift < info->least) {
		const unsigned unit = is_size ? 20 : 0;

		return option_fail(err, "--%s is %.60s, it must be %" PRIu64 "%s to %" PRIu64
				   "%s", name, text, info->least >> unit, unit ? "M" : "",
				   info->most >> unit, unit ? "M" : "");
	}
	o->number[id] = v << shift;
	return RAX_OK;
}

static rax_status check_choice(const char *name, const char *text,
			       const char *(*choice)(unsigned), rax_error *err)
{
	const char *list[32], *near;
	unsigned n;

	for (n = 0; n < 32 && (list[n] = choice(n)); n++)
		if (!strcmp(list[n], text))
			return RAX_OK;
	near = nearest(text, list, n);
	if (near)
		return option_fail(err, "--%s: there is no '%.60s'; did you mean '%s'?", name, text,
				   near);
	return option_fail(err, "--%s: there is no '%.60s'; see rax --help", name, text);
}

static rax_status add_disk(struct options *o, const char *text, rax_error *err)
{
	char **more = realloc(o->disks, (o->ndisks + 1) * sizeof(*more));

	if (more)
		o->disks = more;
	if (!more || !(o->disks[o->ndisks] = strdup(text)))
		return option_fail(err, "out of memory");
	o->ndisks++;
	return RAX_OK;
}

rax_status option_set(struct options *o, enum option_id id, const char *text, rax_error *err)
{
	const struct option_info *info = &option_table[id];
	rax_status st = RAX_OK;
	char name[OPTION_NAME_MAX];

	option_name(id, name);
	switch (info->kind) {
	case KIND_SIZE:
	case KIND_NUMBER:
		st = set_number(o, id, name, text, err);
		break;
	case KIND_ENGINE:
	case KIND_MACHINE:
	case KIND_CLOCK:
	case KIND_JIT:
	case KIND_PERF:
		st = check_choice(name, text, option_choice(info->kind), err);
		break;
	case KIND_FLAG:
		if (!strcmp(text, "false"))
			return RAX_OK;
		if (strcmp(text, "true"))
			return option_fail(err, "--%s wants true or false, not '%.60s'", name,
					   text);
		break;
	case KIND_FILE:
	case KIND_LIST:
		if (!*text)
			return option_fail(err, "--%s wants the name of a file", name);
		if (info->kind == KIND_LIST)
			return add_disk(o, text, err);
		break;
	case KIND_STRING:
		break;
	}
	if (st)
		return st;
	free(o->text[id]);
	o->text[id] = strdup(text);
	return o->text[id] ? RAX_OK : option_fail(err, "out of memory");
}
