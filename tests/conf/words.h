/* words.h - codes that are single words. SPDX-License-Identifier: MIT */
#ifndef TESTS_CONF_WORDS_H
#define TESTS_CONF_WORDS_H

#include "tests/conf/case.h"

/* Some word of the encoding; which it is in the end the decoder says. */
uint32_t conf_random_word(const struct conf_insn *d, uint64_t *s);
uint32_t conf_put_field(uint32_t word, const struct conf_field *f, uint32_t v);
/* A conf_coder: enumerates fields, then random words; some are reserved. */
bool conf_word_make(struct conf_case *c, uint64_t *s);

#endif
