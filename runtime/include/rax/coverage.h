/* coverage.h - what there is for each encoding. SPDX-License-Identifier: MIT */
#ifndef RAX_COVERAGE_H
#define RAX_COVERAGE_H

#include <stdint.h>

#include <rax/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One encoding. All of them are decoded, executed, disassembled, assembled. */
typedef struct rax_coverage_row {
	const char *name;	/* "addi"; strings live as long as the library */
	const char *extension;	/* "rv_i" */
	int fast;		/* has a handler of its own in the threaded engine */
	int lifted;		/* to operations; 0: to a call of its executor */
	/* compiled: 2 to host code, 1 to operations of which some are calls, 0: as lifted says */
	int lowered;
	uint32_t cases;		/* recorded results that it agrees with; 0: none */
	const char *oracle;	/* who gave them, "" for none */
	const char *missing;	/* what they leave out, or why there are none; "" */
} rax_coverage_row;

/*
 * The index-th encoding, counted from 0. RAX_ERANGE: there are no more (no
 * message). RAX_EINVAL: unknown isa.
 */
RAX_MUST_CHECK rax_status rax_coverage(const char *isa, uint32_t index,
				       rax_coverage_row *row, rax_error *err);

#ifdef __cplusplus
}
#endif
#endif
