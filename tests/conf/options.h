/* options.h - options of programs that are run by hand. SPDX-License-Identifier: MIT */
#ifndef TESTS_CONF_OPTIONS_H
#define TESTS_CONF_OPTIONS_H

#include <stdbool.h>

/* --name VALUE, or --name for a flag; ends at a name NULL */
struct conf_option {
	const char *name;
	enum { CONF_O_TEXT, CONF_O_NUMBER, CONF_O_FLAG } kind;
	void *to;	/* const char **, uint64_t *, bool * */
};

/* Puts values where they go. The index of what follows them in argv, 0: something
 * is wrong, and was said. */
int conf_options(int argc, char **argv, const struct conf_option *known);

#endif
