/* runner.h - a bare machine that runs cases. SPDX-License-Identifier: MIT */
#ifndef TESTS_CONF_RUNNER_H
#define TESTS_CONF_RUNNER_H

#include "tests/conf/target.h"

#define RUNNER_ENGINES 4	/* at most */

struct runner;

/* Runners that are made from now on do without these features of the host (RX_HOST_*). */
void runner_mask(unsigned features);
/* Engines that this build and this processor have. */
unsigned runner_engines(void);
/* Engines: 0 .. runner_engines() - 1; NULL: it could not be built. */
struct runner *runner_new(const struct conf_target *t, unsigned engine);
void runner_free(struct runner *s);
const char *runner_engine(unsigned engine);

/* Cases so far that ran as native code from start to end. */
uint64_t runner_compiled(const struct runner *s);

/*
 * Runs a case; the result is masked. NULL, or what is wrong whatever an
 * oracle says: a store outside of the window, an exception without a cause
 * (a static text).
 */
const char *runner_run(struct runner *s, const struct conf_case *c,
		       struct conf_result *r);

#endif
