/* oracle.h - who judges cases. SPDX-License-Identifier: MIT */
#ifndef TESTS_DIFF_ORACLE_H
#define TESTS_DIFF_ORACLE_H

#include "tests/conf/case.h"

/*
 * An oracle in another process (tests/diff/wire.h) or in this one. ask() may
 * return before the answer is there; answers come in the order of the
 * questions, and `window` questions may be open at once.
 */
struct oracle {
	unsigned window;
	const char *(*ask)(struct oracle *o, const struct conf_case *c);
	/* The answer to c; the result is not masked. */
	const char *(*answer)(struct oracle *o, const struct conf_case *c,
			      struct conf_result *r);
	void (*close)(struct oracle *o);
	/* NULL: all instructions; why this one cannot be asked about, or NULL */
	const char *(*lacks)(struct oracle *o, const struct conf_insn *d);
};

/* A program that talks over pipes; NULL, *wrong says why (a static text).
 * command: its words, NULL at the end. */
struct oracle *oracle_pipe(const struct conf_isa *isa, char *const *command,
			   const char **wrong);

/* The host's own processor, for x86; likewise. */
struct oracle *oracle_native(const struct conf_isa *isa, const char **wrong);

/* Where an oracle is known to differ from the specification; NULL: it counts.
 * judge writes the reasons into the recording. */
const char *oracle_strike(const struct conf_case *c, const struct conf_result *r,
			  const char *oracle);

#endif
