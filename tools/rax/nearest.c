/* nearest.c - which word was meant? SPDX-License-Identifier: MIT */
#include <string.h>

#include "options.h"

#define LONGEST 40

static unsigned least_of(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edit distance where swapping two neighbours is one edit. */
static unsigned distance(const char *a, const char *b)
{
	unsigned d[3][LONGEST], i, j;
	const unsigned la = (unsigned)strlen(a), lb = (unsigned)strlen(b);

	if (la >= LONGEST || lb >= LONGEST)
		return LONGEST;
	for (j = 0; j <= lb; j++)
		d[0][j] = j;
	for (i = 1; i <= la; i++) {
		unsigned *row = d[i % 3];
		const unsigned *up = d[(i - 1) % 3], *up2 = d[(i + 1) % 3];

		row[0] = i;
		for (j = 1; j <= lb; j++) {
			row[j] = least_of(up[j - 1] + (a[i - 1] != b[j - 1]),
					  least_of(up[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least_of(row[j], up2[j - 2] + 1);
		}
	}
	return d[la % 3][lb];
}

const char *nearest(const char *what, const char *const *words, size_t n)
{
	const size_t len = strlen(what);
	unsigned least = 1 + (unsigned)len / 2;
	const char *best = NULL;
	size_t k;

	for (k = 0; k < n; k++) {
		const unsigned d = distance(what, words[k]);

		/* fewer edits than half of what was typed, or the start of a word */
		if (d < least || (!best && len && !strncmp(what, words[k], len))) {
			least = d < least ? d : least;
			best = words[k];
		}
	}
	return best;
}
