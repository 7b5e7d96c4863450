/* memcopy.c - the C library's memcpy, 64 KiB at a time. SPDX-License-Identifier: MIT */
#include <string.h>

#include "bench.h"

enum { SIZE = 65536 };

uint64_t bench_run(uint64_t work)
{
	static uint64_t from[SIZE / 8 + 8], to[SIZE / 8 + 8];
	uint64_t state = 88172645463325252u, sum = 0, i;
	unsigned k;

	for (k = 0; k < SIZE / 8 + 8; k++)
		from[k] = bench_random(&state);
	for (i = 0; i < work; i++) {
		memcpy(to, from + i % 8, SIZE);
		/* the compiler may not leave a copy out */
		__asm__ volatile("" : : "r"(to) : "memory");
		sum += to[i % (SIZE / 8)];
	}
	return sum;
}
