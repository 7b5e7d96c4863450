/* bench.h - what each kernel and main.c share. SPDX-License-Identifier: MIT */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

/* The kernel: does `work` units, returns a checksum of the results. */
uint64_t bench_run(uint64_t work);

/* A fixed sequence of numbers, the same everywhere. */
static inline uint64_t bench_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*state = x;
	return x;
}

/* Folds `value` into a checksum. */
static inline uint64_t bench_mix(uint64_t sum, uint64_t value)
{
	return (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15) ^ sum >> 29;
}

#endif
