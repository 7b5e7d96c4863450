/* fib.c - recursion; work: which Fibonacci number. SPDX-License-Identifier: MIT */
#include "bench.h"

static __attribute__((noinline)) uint64_t fib(uint64_t n)
{
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

uint64_t bench_run(uint64_t work)
{
	return fib(work);
}
