/* vectors.h - recorded results. SPDX-License-Identifier: MIT
 *
 * What oracles write (tests/diff/oracle.c), and what is made of it for `make
 * check` (tests/diff/record.py): lines and packed results.
 *	why NUMBER TEXT				of RX_OUT_NONE
 *	insn NAME SEED FIRST COUNT HASH BYTES [ORACLE]	then so many bytes
 */
#ifndef TESTS_CONF_VECTORS_H
#define TESTS_CONF_VECTORS_H

#include "tests/conf/cases.h"

#define VECTORS_WHY 32

struct vectors_insn {
	unsigned id;		/* index of rg_rv64_diff */
	uint64_t seed, first, count, hash;
	char oracle[48];
	const uint8_t *data;
	size_t size;
};

struct vectors {
	uint8_t *text;
	size_t size;
	struct vectors_insn *insn;
	size_t ninsns;
	char *why[VECTORS_WHY];
};

/* Reads all of a file, decompressed if it is zstd; "-" is standard input.
 * NULL, or what is wrong (a static text). */
const char *vectors_read(struct vectors *v, const char *path);
void vectors_free(struct vectors *v);

#endif
