/* fault.c - page faults: maps, touches and unmaps 256 pages. SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <sys/mman.h>

#include "bench.h"

enum { PAGES = 256, PAGE = 4096 };

uint64_t bench_run(uint64_t work)
{
	uint64_t sum = 0, i;
	unsigned k;

	for (i = 0; i < work; i++) {
		volatile uint8_t *p = mmap(NULL, (size_t)PAGES * PAGE,
					   PROT_READ | PROT_WRITE,
					   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			return 0;
		/* huge pages would make it one fault */
		madvise((void *)p, (size_t)PAGES * PAGE, MADV_NOHUGEPAGE);
		for (k = 0; k < PAGES; k++)
			p[(size_t)k * PAGE] = (uint8_t)k;
		for (k = 0; k < PAGES; k++)
			sum += p[(size_t)k * PAGE];
		munmap((void *)p, (size_t)PAGES * PAGE);
	}
	return sum;
}
