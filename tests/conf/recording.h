/* recording.h - what oracles said about cases. SPDX-License-Identifier: MIT
 *
 * A recording is lines and packed results (tests/conf/case.h), compressed or
 * not. tests/diff/judge.c writes them.
 *	isa NAME
 *	oracle TEXT				who judged what follows
 *	why NUMBER TEXT				of CONF_OUT_NONE
 *	insn NAME SEED FIRST COUNT HASH BYTES	then so many bytes
 */
#ifndef TESTS_CONF_RECORDING_H
#define TESTS_CONF_RECORDING_H

#include <stdio.h>

#include "tests/conf/case.h"

#define RECORDING_WHY 64

struct recorded_insn {
	const struct conf_insn *insn;
	uint64_t seed, first, count, hash;
	const uint8_t *data;
	size_t size;
};

struct recording {
	const struct conf_isa *isa;
	char path[300];
	char oracle[300];
	uint8_t *text;
	size_t size;
	struct recorded_insn *insn;
	size_t ninsns;
	char *why[RECORDING_WHY];
};

/* Reads all of a file, decompressed if it is zstd; "-" is standard input.
 * NULL, or what is wrong (a static text). */
const char *recording_read(struct recording *v, const char *path);
void recording_free(struct recording *v);
/* The recordings that belong to an ISA, in a folder: NAME.vec.zst and
 * NAME-*.vec.zst, sorted; *n of them, at most max. NULL, or what is wrong. */
const char *recordings_find(const char *folder, const char *isa,
			    struct recording *v, unsigned max, unsigned *n);

#endif
