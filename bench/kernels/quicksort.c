/* quicksort.c - sorts arrays of 10,000 numbers. SPDX-License-Identifier: MIT */
#include "bench.h"

enum { COUNT = 10000 };

static void sort(int64_t *a, long low, long high)
{
	while (low < high) {
		int64_t pivot = a[low + (high - low) / 2];
		long i = low, j = high;

		while (i <= j) {
			while (a[i] < pivot)
				i++;
			while (a[j] > pivot)
				j--;
			if (i <= j) {
				int64_t t = a[i];

				a[i++] = a[j];
				a[j--] = t;
			}
		}
		if (j - low < high - i) {
			sort(a, low, j);
			low = i;
		} else {
			sort(a, i, high);
			high = j;
		}
	}
}

uint64_t bench_run(uint64_t work)
{
	static int64_t array[COUNT];
	uint64_t state = 88172645463325252u, sum = 0, i;
	long k;

	for (i = 0; i < work; i++) {
		for (k = 0; k < COUNT; k++)
			array[k] = (int64_t)bench_random(&state);
		sort(array, 0, COUNT - 1);
		for (k = 0; k < COUNT; k += 97)
			sum = bench_mix(sum, (uint64_t)array[k]);
	}
	return sum;
}
