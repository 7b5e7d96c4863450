/* fork.c - creates processes and waits for them. SPDX-License-Identifier: MIT */
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

uint64_t bench_run(uint64_t work)
{
	uint64_t sum = 0, i;

	for (i = 0; i < work; i++) {
		int status = 0;
		pid_t child = fork();

		if (child == 0)
			_exit((int)(i & 63));
		if (child < 0 || waitpid(child, &status, 0) != child)
			return 0;
		sum += (uint64_t)WEXITSTATUS(status);
	}
	return sum;
}
