/* nbody.c - five bodies under gravity. SPDX-License-Identifier: MIT
 * Only + - * / and sqrt of IEEE 754, so every bit is determined. */
#include "mk.h"

enum { BODIES = 5, STEPS = 2000 };

struct body {
	double p[3], v[3], mass;
};

static double distance(const struct body *a, const struct body *b, double *d)
{
	double sum = 0;
	int k;

	for (k = 0; k < 3; k++) {
		d[k] = a->p[k] - b->p[k];
		sum += d[k] * d[k];
	}
	return __builtin_sqrt(sum);
}

static double energy(const struct body *b)
{
	double sum = 0, d[3];
	int i, j, k;

	for (i = 0; i < BODIES; i++) {
		for (k = 0; k < 3; k++)
			sum += 0.5 * b[i].mass * b[i].v[k] * b[i].v[k];
		for (j = i + 1; j < BODIES; j++)
			sum -= b[i].mass * b[j].mass / distance(&b[i], &b[j], d);
	}
	return sum;
}

static void step(struct body *b, double dt)
{
	int i, j, k;

	for (i = 0; i < BODIES; i++) {
		for (j = i + 1; j < BODIES; j++) {
			double d[3], r = distance(&b[i], &b[j], d);
			double f = dt / (r * r * r);

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

static void report(unsigned number, double value)
{
	union {
		double real;
		uint64_t bits;
	} u = { value };

	mk_puts("energy after ");
	mk_decimal(number);
	mk_puts(" steps: ");
	mk_hex(u.bits);
	mk_puts(" = ");
	mk_real(value);
	mk_puts("\n");
}

unsigned mk_nbody(void)
{
	static struct body b[BODIES] = {
		{ { 0, 0, 0 }, { 0, 0, 0 }, 40 },
		{ { 5, -1, 0.125 }, { 0.5, 2.75, 0 }, 0.04 },
		{ { 8.25, 4, -0.5 }, { -1, 1.75, 0.0625 }, 0.011 },
		{ { 13, -15, -0.25 }, { 1.1, 0.875, 0 }, 0.0017 },
		{ { 15.5, -26, 0.2 }, { 1, 0.6, -0.03 }, 0.002 },
	};
	double first = energy(b), last;
	unsigned i;

	report(0, first);
	for (i = 1; i <= STEPS; i++) {
		step(b, 0.001);
		if (i == 1 || i == 100 || i == STEPS)
			report(i, energy(b));
	}
	last = energy(b);
	/* energy is conserved but for the method's error */
	return !(last - first < 1e-3 && first - last < 1e-3);
}
