/* loop.c - arithmetic in registers. SPDX-License-Identifier: MIT */
#include "bench.h"

uint64_t bench_run(uint64_t work)
{
	uint64_t a = 1, b = 2, c = 3;
	uint64_t i;

	for (i = 0; i < work; i++) {
		a += b ^ i;
		b = (b << 3) - c;
		c ^= a >> 5;
	}
	return bench_mix(bench_mix(a, b), c);
}
