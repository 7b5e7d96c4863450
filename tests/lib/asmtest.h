/* asmtest.h - what tests of assemblers share. SPDX-License-Identifier: MIT
 *
 * Tables of recorded pairs, bytes as hexadecimal digits, numbers for sweeps:
 * RAX_ASM_SEED=N asks for others, RAX_ASM_SCALE=N for N times as many.
 */
#ifndef TESTS_LIB_ASMTEST_H
#define TESTS_LIB_ASMTEST_H

#include <stddef.h>
#include <stdint.h>

#include "rax/error.h"

#define RX_PAIR_FIELDS 8

/* One line of a table; field: what stands between tabs. */
typedef void rx_pair_fn(char *const field[RX_PAIR_FIELDS], void *arg);

/* Calls fn for each line of tests/conf/NAME that is no comment and has `fields`
 * fields; one that has not fails the test. Returns their number, 0: no table. */
unsigned rx_each_pair(const char *name, unsigned fields, rx_pair_fn *fn, void *arg);

/* Bytes of hexadecimal digits; their number, at most room. */
unsigned rx_from_hex(const char *hex, uint8_t *out, unsigned room);
/* The digits of n bytes: 2 * n + 1 characters. */
void rx_to_hex(const uint8_t *code, unsigned n, char *hex);

/* The word that the text is assembled to. */
typedef rax_status rx_word_fn(const char *text, uint32_t *word, rax_error *err);
struct rx_accepted {
	const char *text;
	uint32_t word;
};
struct rx_refused {
	const char *text, *message;
};
void rx_check_accepted(const struct rx_accepted *t, size_t n, rx_word_fn *word_of);
void rx_check_refused(const struct rx_refused *t, size_t n, rx_word_fn *word_of);

/* Random numbers: starts again with those of RAX_ASM_SEED; series: which. */
uint64_t rx_sweep_start(uint64_t series);
uint64_t rx_sweep_next(uint64_t *state);
/* n times RAX_ASM_SCALE. */
unsigned long rx_sweep_count(unsigned long n);

#endif
