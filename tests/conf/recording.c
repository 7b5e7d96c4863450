/* recording.c - what oracles said about cases. SPDX-License-Identifier: MIT */
#include "tests/conf/recording.h"

#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "tests/conf/target.h"

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

static const char *unpack(struct recording *v)
{
	const unsigned long long size = ZSTD_getFrameContentSize(v->text, v->size);
	uint8_t *plain;
	size_t n;

	if (size == ZSTD_CONTENTSIZE_ERROR)
		return NULL;	/* as it is */
	if (size == ZSTD_CONTENTSIZE_UNKNOWN || size > UINT64_C(1) << 30)
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

static const struct conf_insn *find(const struct conf_isa *isa, const char *name)
{
	for (unsigned k = 0; isa && k < isa->ninsns; k++)
		if (!strcmp(isa->insns[k].name, name))
			return &isa->insns[k];
	return NULL;
}

static const char *take_insn(struct recording *v, const char *line,
			     const uint8_t *data, size_t left)
{
	struct recorded_insn *i, *more;
	char name[80];

	more = realloc(v->insn, (v->ninsns + 1) * sizeof(*v->insn));
	if (!more)
		return "out of memory";
	v->insn = more;
	i = &v->insn[v->ninsns];
	memset(i, 0, sizeof(*i));
	if (sscanf(line, "insn %79s %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNx64
		   " %zu", name, &i->seed, &i->first, &i->count, &i->hash,
		   &i->size) != 6 || i->size > left)
		return "is damaged";
	i->insn = find(v->isa, name);
	if (!i->insn)
		return "has an instruction that the specification lacks: record it again";
	i->data = data;
	v->ninsns++;
	return NULL;
}

static const char *take_why(struct recording *v, const char *line)
{
	unsigned n;
	int at = 0;

	if (sscanf(line, "why %u %n", &n, &at) != 1 || n >= RECORDING_WHY || v->why[n])
		return "is damaged";
	v->why[n] = strdup(line + at);
	return v->why[n] ? NULL : "out of memory";
}

static const char *take_line(struct recording *v, const char *line,
			     const uint8_t *data, size_t left, size_t *used)
{
	const char *wrong;

	*used = 0;
	if (!strncmp(line, "isa ", 4)) {
		const struct conf_target *t = conf_target(line + 4);

		v->isa = t ? t->isa : NULL;
		return t ? NULL : "is of another instruction set";
	}
	if (!strncmp(line, "oracle ", 7)) {
		snprintf(v->oracle, sizeof(v->oracle), "%s", line + 7);
		return NULL;
	}
	if (!strncmp(line, "why ", 4))
		return take_why(v, line);
	wrong = take_insn(v, line, data, left);
	if (!wrong)
		*used = v->insn[v->ninsns - 1].size;
	return wrong;
}

static const char *parse(struct recording *v)
{
	const uint8_t *p = v->text, *end = v->text + v->size;
	const char *wrong = NULL;

	while (p < end && !wrong) {
		const uint8_t *nl = memchr(p, '\n', (size_t)(end - p));
		char line[300];
		size_t used;

		if (!nl || nl - p >= (int)sizeof(line))
			return "is damaged";
		memcpy(line, p, (size_t)(nl - p));
		line[nl - p] = '\0';
		p = nl + 1;
		wrong = take_line(v, line, p, (size_t)(end - p), &used);
		p += used;
	}
	return wrong || v->isa ? wrong : "is empty";
}

const char *recording_read(struct recording *v, const char *path)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	const char *wrong;

	memset(v, 0, sizeof(*v));
	snprintf(v->path, sizeof(v->path), "%s", path);
	if (!f)
		return "cannot be opened";
	wrong = slurp(f, &v->text, &v->size);
	if (f != stdin)
		fclose(f);
	if (!wrong)
		wrong = unpack(v);
	return wrong ? wrong : parse(v);
}

void recording_free(struct recording *v)
{
	for (unsigned k = 0; k < RECORDING_WHY; k++)
		free(v->why[k]);
	free(v->insn);
	free(v->text);
}

const char *recordings_find(const char *folder, const char *isa,
			    struct recording *v, unsigned max, unsigned *n)
{
	static const char *const patterns[] = { "%s/%s.vec.zst", "%s/%s-*.vec.zst" };
	const char *wrong = NULL;

	for (unsigned k = 0; k < 2 && !wrong; k++) {
		char pattern[300];
		glob_t found;

		snprintf(pattern, sizeof(pattern), patterns[k], folder, isa);
		if (glob(pattern, 0, NULL, &found))
			continue;
		for (size_t p = 0; p < found.gl_pathc && !wrong; p++) {
			if (*n == max) {
				wrong = "is one recording too many";
				break;
			}
			wrong = recording_read(&v[*n], found.gl_pathv[p]);
			if (wrong || !strcmp(v[*n].isa->name, isa))
				++*n;
			else	/* another one's whose name begins alike */
				recording_free(&v[*n]);
		}
		globfree(&found);
	}
	return wrong;
}
