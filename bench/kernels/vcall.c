/* vcall.c - calls through tables of functions. SPDX-License-Identifier: MIT */
#include "bench.h"

enum { SHAPES = 256 };

struct shape;

struct shape_ops {
	uint64_t (*area)(const struct shape *);
	void (*grow)(struct shape *, uint64_t);
};

struct shape {
	const struct shape_ops *ops;
	uint64_t a, b;
};

static uint64_t square_area(const struct shape *s)
{
	return s->a * s->a;
}

static uint64_t box_area(const struct shape *s)
{
	return s->a * s->b;
}

static uint64_t ring_area(const struct shape *s)
{
	return s->a * s->a - s->b;
}

static void grow_side(struct shape *s, uint64_t by)
{
	s->a += by;
}

static void grow_both(struct shape *s, uint64_t by)
{
	s->a += by;
	s->b ^= s->a;
}

static const struct shape_ops kinds[] = {
	{ square_area, grow_side },
	{ box_area, grow_both },
	{ ring_area, grow_both },
	{ square_area, grow_both },
};

uint64_t bench_run(uint64_t work)
{
	struct shape shapes[SHAPES];
	uint64_t state = 88172645463325252u, sum = 0, i;
	unsigned k;

	for (k = 0; k < SHAPES; k++) {
		uint64_t r = bench_random(&state);

		shapes[k] = (struct shape){ &kinds[r & 3], r >> 40, r >> 50 };
	}
	for (i = 0; i < work; i++) {
		struct shape *s = &shapes[i % SHAPES];

		sum += s->ops->area(s);
		s->ops->grow(s, sum & 15);
	}
	return sum;
}
