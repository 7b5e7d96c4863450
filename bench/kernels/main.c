/* main.c - runs one kernel: prints its checksum and time. SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
	char *end = NULL;
	uint64_t work = argc == 2 ? strtoull(argv[1], &end, 10) : 0;
	uint64_t sum;
	double start;

	if (work == 0 || *end != '\0') {
		fprintf(stderr, "usage: %s WORK\n", argv[0]);
		return 2;
	}
	start = now();
	sum = bench_run(work);
	printf("sum=%016" PRIx64 " seconds=%.6f\n", sum, now() - start);
	return 0;
}
