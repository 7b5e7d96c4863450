/* matrix.c - product of 64 x 64 matrices of doubles. SPDX-License-Identifier: MIT */
#include <string.h>

#include "bench.h"

enum { SIDE = 64 };

static double a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];

static __attribute__((noinline)) void multiply(void)
{
	int i, j, k;

	for (i = 0; i < SIDE; i++) {
		for (j = 0; j < SIDE; j++) {
			double sum = 0;

			for (k = 0; k < SIDE; k++)
				sum += a[i][k] * b[k][j];
			c[i][j] = sum;
		}
	}
}

uint64_t bench_run(uint64_t work)
{
	uint64_t state = 88172645463325252u, sum = 0, bits, i;
	int k;

	for (k = 0; k < SIDE * SIDE; k++) {
		a[k / SIDE][k % SIDE] = (double)(bench_random(&state) >> 50);
		b[k / SIDE][k % SIDE] = (double)(bench_random(&state) >> 50) / 64;
	}
	for (i = 0; i < work; i++) {
		multiply();
		a[i % SIDE][0] += c[0][i % SIDE] / 65536;
		memcpy(&bits, &c[i % SIDE][i % 7], sizeof(bits));
		sum = bench_mix(sum, bits);
	}
	return sum;
}
