/* subject.h - a bare machine that runs cases. SPDX-License-Identifier: MIT */
#ifndef TESTS_CONF_SUBJECT_H
#define TESTS_CONF_SUBJECT_H

#include "tests/conf/cases.h"

#define SUBJECT_ENGINES 3

struct subject;

/* Engines: 0 .. SUBJECT_ENGINES - 1; NULL: it could not be built. */
struct subject *subject_new(unsigned engine);
void subject_free(struct subject *s);
const char *subject_engine(unsigned engine);

/*
 * Runs a case. NULL, or what is wrong whatever the oracle says: a store
 * outside of case.mem, a wrong mepc, FS not Dirty (a static text).
 */
const char *subject_run(struct subject *s, const struct rx_case *c,
			struct rx_result *r);

#endif
