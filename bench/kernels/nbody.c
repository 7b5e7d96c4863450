/* nbody.c - five bodies under gravity, double precision. SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "bench.h"

enum { BODIES = 5 };

struct body {
	double p[3], v[3], mass;
};

static void step(struct body *b, double dt)
{
	int i, j, k;

	for (i = 0; i < BODIES; i++) {
		for (j = i + 1; j < BODIES; j++) {
			double d[3], r2 = 0, f;

			for (k = 0; k < 3; k++) {
				d[k] = b[i].p[k] - b[j].p[k];
				r2 += d[k] * d[k];
			}
			f = dt / (r2 * sqrt(r2));
			for (k = 0; k < 3; k++) {
				b[i].v[k] -= d[k] * b[j].mass * f;
				b[j].v[k] += d[k] * b[i].mass * f;
			}
		}
	}
	for (i = 0; i < BODIES; i++)
		for (k = 0; k < 3; k++)
			b[i].p[k] += dt * b[i].v[k];
}

uint64_t bench_run(uint64_t work)
{
	struct body b[BODIES] = {
		{ { 0, 0, 0 }, { 0, 0, 0 }, 40 },
		{ { 5, -1, 0.125 }, { 0.5, 2.75, 0 }, 0.04 },
		{ { 8.25, 4, -0.5 }, { -1, 1.75, 0.0625 }, 0.011 },
		{ { 13, -15, -0.25 }, { 1.1, 0.875, 0 }, 0.0017 },
		{ { 15.5, -26, 0.2 }, { 1, 0.6, -0.03 }, 0.002 },
	};
	uint64_t bits, sum = 0, i;

	for (i = 0; i < work; i++)
		step(b, 0.001);
	for (i = 0; i < BODIES; i++) {
		memcpy(&bits, &b[i].p[0], sizeof(bits));
		sum = bench_mix(sum, bits);
	}
	return sum;
}
