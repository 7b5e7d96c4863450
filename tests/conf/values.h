/* values.h - random values that find faults. SPDX-License-Identifier: MIT
 *
 * s is the state of the generator. Never two draws in one expression without
 * a sequence point: compilers differ in their order.
 */
#ifndef TESTS_CONF_VALUES_H
#define TESTS_CONF_VALUES_H

#include <stdint.h>

/* An IEEE format: bits of all of it and of the fraction, bias */
struct conf_format {
	unsigned bits, mant, bias;
};

uint64_t conf_draw(uint64_t *s);	/* any */
unsigned conf_below(uint64_t *s, unsigned n);
uint64_t conf_ones(unsigned width);	/* not random: the low bits set */
uint64_t conf_hash_name(const char *name);
uint64_t conf_int(uint64_t *s);
const struct conf_format *conf_format(unsigned bits);
uint64_t conf_fp_join(const struct conf_format *m, uint64_t sign, int64_t exp,
		      uint64_t frac);
uint64_t conf_fp_frac(const struct conf_format *m, uint64_t *s);
uint64_t conf_fp(const struct conf_format *m, uint64_t *s);
int64_t conf_fp_exp(const struct conf_format *m, uint64_t v);
/* A value of the x87: 10 bytes, then 6 zeros */
void conf_extended(uint8_t *to, uint64_t *s);
/* Close to v, so that sums cancel and comparisons are tight */
uint64_t conf_fp_near(const struct conf_format *m, uint64_t v, uint64_t *s);

#endif
