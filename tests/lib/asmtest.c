/* asmtest.c - what tests of assemblers share. SPDX-License-Identifier: MIT */
#include "tests/lib/asmtest.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/tap.h"

/* Cuts a line at its tabs. */
static bool split(char *line, char *field[RX_PAIR_FIELDS], unsigned fields)
{
	char *save = NULL, *p = strtok_r(line, "\t\n", &save);
	unsigned n = 0;

	for (; p && n < fields; p = strtok_r(NULL, "\t\n", &save))
		field[n++] = p;
	return n == fields && !p;
}

unsigned rx_each_pair(const char *name, unsigned fields, rx_pair_fn *fn, void *arg)
{
	const char *dir = getenv("srcdir");
	char path[4096], line[1024];
	unsigned n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/conf/%s", dir ? dir : ".", name);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		char *field[RX_PAIR_FIELDS];

		if (*line == '#')
			continue;
		n++;
		if (split(line, field, fields))
			fn(field, arg);
		else
			RX_TAP_CHECK(false, "%s: pair %u has not %u fields", path, n, fields);
	}
	if (f)
		fclose(f);
	RX_TAP_CHECK(n, "%s: no pairs", path);
	return n;
}

unsigned rx_from_hex(const char *hex, uint8_t *out, unsigned room)
{
	unsigned n = 0, byte;

	while (n < room && sscanf(hex + 2 * n, "%2x", &byte) == 1)
		out[n++] = (uint8_t)byte;
	return n;
}

void rx_to_hex(const uint8_t *code, unsigned n, char *hex)
{
	*hex = '\0';
	for (unsigned k = 0; k < n; k++)
		snprintf(hex + 2 * k, 3, "%02x", code[k]);
}

static unsigned long setting(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : 1;
}

void rx_check_accepted(const struct rx_accepted *t, size_t n, rx_word_fn *word_of)
{
	for (; n; n--, t++) {
		rax_error err = { 0 };
		uint32_t w = 0;

		(void)word_of(t->text, &w, &err);
		RX_TAP_CHECK(w == t->word, "'%s': %#x, not %#x; %s", t->text, w, t->word,
			     err.message);
	}
}

void rx_check_refused(const struct rx_refused *t, size_t n, rx_word_fn *word_of)
{
	for (; n; n--, t++) {
		rax_error err = { 0 };
		uint32_t w = 0;
		const rax_status st = word_of(t->text, &w, &err);

		RX_TAP_CHECK(st == RAX_EINVAL && strcmp(err.message, t->message) == 0,
			     "'%s': status %d, '%s', not '%s'", t->text, (int)st, err.message,
			     t->message);
	}
}

uint64_t rx_sweep_start(uint64_t series)
{
	return (UINT64_C(0x9e3779b97f4a7c15) ^ setting("RAX_ASM_SEED")) + series;
}

uint64_t rx_sweep_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

unsigned long rx_sweep_count(unsigned long n)
{
	return n * setting("RAX_ASM_SCALE");
}
