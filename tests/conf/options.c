/* options.c - options of programs that are run by hand. SPDX-License-Identifier: MIT */
#include "tests/conf/options.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST 16

static bool take(const struct conf_option *o, const char *value)
{
	char *end = NULL;

	switch (o->kind) {
	case CONF_O_TEXT:
		*(const char **)o->to = value;
		return true;
	case CONF_O_FLAG:
		*(bool *)o->to = true;
		return true;
	case CONF_O_NUMBER:
		break;
	}
	*(uint64_t *)o->to = strtoull(value, &end, 0);
	if (*value && !*end)
		return true;
	fprintf(stderr, "--%s: '%s' is no number\n", o->name, value);
	return false;
}

int conf_options(int argc, char **argv, const struct conf_option *known)
{
	struct option list[MOST + 1] = { { 0 } };
	int at, opt;

	for (unsigned k = 0; k < MOST && known[k].name; k++)
		list[k] = (struct option){ known[k].name, known[k].kind == CONF_O_FLAG
					   ? no_argument : required_argument, NULL, 0 };
	while ((opt = getopt_long(argc, argv, "", list, &at)) != -1)
		if (opt || !take(&known[at], optarg))
			return 0;
	return optind;
}
