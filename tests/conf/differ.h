/* differ.h - words for cases and differences. SPDX-License-Identifier: MIT */
#ifndef TESTS_CONF_DIFFER_H
#define TESTS_CONF_DIFFER_H

#include "tests/conf/case.h"

struct text {
	char s[1200];
	size_t n;
};

/* What does not fit is left out. */
void text_add(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Code, disassembled and in hexadecimal */
void text_add_code(struct text *t, const struct conf_case *c);
/* What is wrong, or how got differs from want (NULL: only a hash is known),
 * and the registers that went in. */
void text_add_verdict(struct text *t, const struct conf_case *c,
		      const char *wrong, const struct conf_result *got,
		      const struct conf_result *want);

#endif
