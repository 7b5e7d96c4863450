/* chase.c - follows pointers through 8 MiB in random order. SPDX-License-Identifier: MIT */
#include "bench.h"

enum { NODES = 1 << 17 };

struct node {
	struct node *next;
	uint64_t value;
	uint64_t pad[6];
};

uint64_t bench_run(uint64_t work)
{
	static struct node nodes[NODES];
	static uint32_t order[NODES];
	uint64_t state = 88172645463325252u, sum = 0, i;
	struct node *at;
	uint32_t k;

	for (k = 0; k < NODES; k++)
		order[k] = k;
	for (k = NODES - 1; k > 0; k--) {
		uint32_t j = (uint32_t)(bench_random(&state) % (k + 1));
		uint32_t t = order[k];

		order[k] = order[j];
		order[j] = t;
	}
	for (k = 0; k < NODES; k++) {
		nodes[order[k]].next = &nodes[order[(k + 1) % NODES]];
		nodes[order[k]].value = k * UINT64_C(2654435761);
	}
	at = &nodes[0];
	for (i = 0; i < work; i++) {
		sum += at->value;
		at = at->next;
	}
	return sum;
}
