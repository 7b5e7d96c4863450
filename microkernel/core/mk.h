/* mk.h - the microkernel: neutral parts, and what an architecture gives.
 * SPDX-License-Identifier: MIT
 *
 * A guest without an operating system. It prints the same on every emulator of
 * its architecture: results of arithmetic, never addresses or times.
 */
#ifndef MK_H
#define MK_H

#include <stddef.h>
#include <stdint.h>

/* ---- given by arch/<name>/ ---- */

extern const char arch_name[];

/* One byte to the console; waits until it is taken. */
void arch_putc(char c);

/* Ends the machine; status 0 means success. */
void arch_exit(unsigned status) __attribute__((noreturn));

/* Runs and prints every instruction of the architecture, and its traps.
 * Returns the number of wrong results that it could tell by itself. */
unsigned arch_coverage(void);

/* ---- core ---- */

void mk_main(void) __attribute__((noreturn));

void mk_puts(const char *text);
void mk_hex(uint64_t value);
void mk_decimal(uint64_t value);
/* Nine decimal places, rounded to nearest; |value| < 9e9. */
void mk_real(double value);
/* "name value\n", the value in hex. */
void mk_result(const char *name, uint64_t value);

/* Folds `value` into a running checksum; starts at any number. */
static inline uint64_t mk_mix(uint64_t sum, uint64_t value)
{
	return (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15) ^ sum >> 29;
}

/* A fixed sequence of numbers. */
static inline uint64_t mk_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*state = x;
	return x;
}

/* Each prints its results and returns the number of wrong ones. */
unsigned mk_nbody(void);
unsigned mk_alloc_test(void);

#endif
