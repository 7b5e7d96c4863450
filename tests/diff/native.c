/* native.c - the host's own processor as an oracle. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1
#include "tests/diff/native.h"

#include <string.h>

void rx_native_init(struct rx_native_state *s)
{
	memset(s, 0, sizeof(*s));
	s->rflags = 0x202;
	s->fcw = 0x37f;
	s->mxcsr = 0x1f80;
}

#if defined(__x86_64__) && defined(__linux__)
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/diff/native_worker.h"

#define PATIENCE 20000	/* ms without a sign of life; the worker's own timer is faster */

struct rx_native {
	struct native_shared *shared;
	pid_t pid;	/* 0: none */
	int to, from;	/* pipes */
};

static void stop(struct rx_native *n)
{
	if (n->pid <= 0)
		return;
	kill(n->pid, SIGKILL);
	while (waitpid(n->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(n->to);
	close(n->from);
	n->pid = 0;
}

/* A byte from the worker; false: it died or sleeps. */
static bool wait_for(const struct rx_native *n)
{
	struct pollfd p = { .fd = n->from, .events = POLLIN };
	char c;
	int got;

	while ((got = poll(&p, 1, PATIENCE)) < 0 && errno == EINTR)
		;
	return got > 0 && read(n->from, &c, 1) == 1;
}

static bool start(struct rx_native *n)
{
	const pid_t parent = getpid();
	int to[2], from[2];

	if (pipe(to))
		return false;
	if (pipe(from)) {
		close(to[0]);
		close(to[1]);
		return false;
	}
	n->pid = fork();
	if (n->pid == 0) {
		close(to[1]);
		close(from[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		native_worker(n->shared, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	n->to = to[1];
	n->from = from[0];
	if (n->pid < 0) {
		close(n->to);
		close(n->from);
		n->pid = 0;
		return false;
	}
	if (!wait_for(n) || n->shared->why[0]) {
		stop(n);
		return false;
	}
	return true;
}

struct rx_native *rx_native_new(const char **why)
{
	static char text[96];
	struct rx_native *n = calloc(1, sizeof(*n));

	*why = "out of memory";
	if (!n)
		return NULL;
	n->shared = mmap(NULL, sizeof(*n->shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (n->shared == MAP_FAILED) {
		free(n);
		return NULL;
	}
	if (start(n)) {
		*why = NULL;
		return n;
	}
	memcpy(text, n->shared->why, sizeof(text));
	*why = text[0] ? text : "the worker process does not start";
	munmap(n->shared, sizeof(*n->shared));
	free(n);
	return NULL;
}

void rx_native_free(struct rx_native *n)
{
	if (!n)
		return;
	stop(n);
	munmap(n->shared, sizeof(*n->shared));
	free(n);
}

bool rx_native_has_mode(const struct rx_native *n, unsigned mode)
{
	return mode == 64 || mode == 32 || (mode == 16 && n->shared->has16);
}

void rx_native_background(struct rx_native *n, const uint8_t *low)
{
	memcpy(n->shared->low, low, sizeof(n->shared->low));
}

/* Runs the cases in the shared memory from the first that is not done. */
static bool batch(struct rx_native *n, uint32_t count)
{
	struct native_shared *s = n->shared;

	s->count = count;
	s->done = 0;
	while (s->done < count) {
		if (write(n->to, "g", 1) == 1 && wait_for(n))
			continue;
		stop(n);
		s->results[s->done].outcome = RX_NATIVE_DIED;
		s->done++;
		if (!start(n))
			return false;
	}
	return true;
}

bool rx_native_run(struct rx_native *n, const struct rx_native_case *cases,
		   unsigned count, struct rx_native_result *results)
{
	while (count) {
		const unsigned now = count < NATIVE_BATCH ? count : NATIVE_BATCH;

		if (n->pid == 0 && !start(n))
			return false;
		memcpy(n->shared->cases, cases, now * sizeof(*cases));
		if (!batch(n, now))
			return false;
		memcpy(results, n->shared->results, now * sizeof(*results));
		cases += now;
		results += now;
		count -= now;
	}
	return true;
}

#else

struct rx_native *rx_native_new(const char **why)
{
	*why = "the host is no x86-64 Linux";
	return NULL;
}

void rx_native_free(struct rx_native *n)
{
	(void)n;
}

bool rx_native_has_mode(const struct rx_native *n, unsigned mode)
{
	(void)n, (void)mode;
	return false;
}

void rx_native_background(struct rx_native *n, const uint8_t *low)
{
	(void)n, (void)low;
}

bool rx_native_run(struct rx_native *n, const struct rx_native_case *cases,
		   unsigned count, struct rx_native_result *results)
{
	(void)n, (void)cases, (void)count, (void)results;
	return false;
}

#endif
