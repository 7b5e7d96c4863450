/* vectors.c - recorded results. SPDX-License-Identifier: MIT */
#include "tests/conf/vectors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

static const char *slurp(FILE *f, uint8_t **data, size_t *size)
{
	size_t room = 0, n;

	*data = NULL;
	*size = 0;
	do {
		if (*size == room) {
			uint8_t *more = realloc(*data, room = 2 * room + (1u << 20));

			if (!more)
				return "out of memory";
			*data = more;
		}
		n = fread(*data + *size, 1, room - *size, f);
		*size += n;
	} while (n);
	return ferror(f) ? "cannot be read" : NULL;
}

static const char *unpack(struct vectors *v)
{
	const unsigned long long size = ZSTD_getFrameContentSize(v->text, v->size);
	uint8_t *plain;
	size_t n;

	if (size == ZSTD_CONTENTSIZE_ERROR)
		return NULL;	/* as it is */
	if (size == ZSTD_CONTENTSIZE_UNKNOWN || size > UINT64_C(1) << 28)
		return "has no sane size";
	plain = malloc(size ? size : 1);
	if (!plain)
		return "out of memory";
	n = ZSTD_decompress(plain, size, v->text, v->size);
	free(v->text);
	v->text = plain;
	v->size = n;
	return ZSTD_isError(n) ? "is damaged" : NULL;
}

static bool find(const char *name, unsigned *id)
{
	for (*id = 0; *id < rg_rv64_ndiff; ++*id)
		if (!strcmp(rg_rv64_diff[*id].name, name))
			return true;
	return false;
}

static const char *take_insn(struct vectors *v, const char *line,
			     const uint8_t *data, size_t left)
{
	struct vectors_insn *i, *more;
	char name[32];
	int at = 0;

	more = realloc(v->insn, (v->ninsns + 1) * sizeof(*v->insn));
	if (!more)
		return "out of memory";
	v->insn = more;
	i = &v->insn[v->ninsns];
	memset(i, 0, sizeof(*i));
	if (sscanf(line, "insn %31s %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNx64
		   " %zu %n", name, &i->seed, &i->first, &i->count, &i->hash,
		   &i->size, &at) < 6 || !at || i->size > left)
		return "is damaged";
	snprintf(i->oracle, sizeof(i->oracle), "%s", line + at);
	if (!find(name, &i->id))
		return "has an instruction that the specification lacks: record it again";
	i->data = data;
	v->ninsns++;
	return NULL;
}

static const char *take_why(struct vectors *v, const char *line)
{
	unsigned n;
	int at = 0;

	if (sscanf(line, "why %u %n", &n, &at) != 1 || n >= VECTORS_WHY || v->why[n])
		return "is damaged";
	v->why[n] = strdup(line + at);
	return v->why[n] ? NULL : "out of memory";
}

static const char *parse(struct vectors *v)
{
	const uint8_t *p = v->text, *end = v->text + v->size;
	const char *wrong = NULL;

	while (p < end && !wrong) {
		const uint8_t *nl = memchr(p, '\n', (size_t)(end - p));
		char line[300];

		if (!nl || nl - p >= (int)sizeof(line))
			return "is damaged";
		memcpy(line, p, (size_t)(nl - p));
		line[nl - p] = '\0';
		p = nl + 1;
		if (!strncmp(line, "why ", 4)) {
			wrong = take_why(v, line);
		} else {
			wrong = take_insn(v, line, p, (size_t)(end - p));
			p += wrong ? 0 : v->insn[v->ninsns - 1].size;
		}
	}
	return wrong;
}

const char *vectors_read(struct vectors *v, const char *path)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	const char *wrong;

	memset(v, 0, sizeof(*v));
	if (!f)
		return "cannot be opened";
	wrong = slurp(f, &v->text, &v->size);
	if (f != stdin)
		fclose(f);
	if (!wrong)
		wrong = unpack(v);
	return wrong ? wrong : parse(v);
}

void vectors_free(struct vectors *v)
{
	for (unsigned k = 0; k < VECTORS_WHY; k++)
		free(v->why[k]);
	free(v->insn);
	free(v->text);
}
