/* test_schedule.c - turns, idling, sources, stops, reset. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "toy.h"

static double cpu_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

/* Everybody gets his quantum, in order, wherever the run is cut. */
static void turns(void)
{
	struct toy_vm t;
	uint64_t at = 0;

	toy_init(&t, &rx_engine_threaded, 3);
	t.vm.quantum = 10;
	toy_put(&t, &at, TOY_INC, 1, 0, 0);
	toy_put(&t, &at, TOY_BEQ, 0, 0, -2);
	rx_vm_run(&t.vm, 7);
	CU_ASSERT_EQUAL(rx_cpu_icount(t.vm.cpu[0]), 7);
	rx_vm_run(&t.vm, 7);
	CU_ASSERT_EQUAL(rx_cpu_icount(t.vm.cpu[0]), 10);
	CU_ASSERT_EQUAL(rx_cpu_icount(t.vm.cpu[1]), 4);
	t.vm.cpu[1]->res_granule = 1;
	rx_vm_run(&t.vm, 1);
	CU_ASSERT_EQUAL(t.vm.cpu[1]->res_granule, 1);	/* still its turn */
	rx_vm_run(&t.vm, 15);
	CU_ASSERT_EQUAL(t.vm.cpu[1]->res_granule, 0);
	rx_vm_run(&t.vm, 5);
	CU_ASSERT_EQUAL(rx_cpu_icount(t.vm.cpu[0]), 15);
	CU_ASSERT_EQUAL(rx_cpu_icount(t.vm.cpu[2]), 10);
	t.vm.cpu[1]->stopped = true;
	rx_vm_run(&t.vm, 15);
	CU_ASSERT_EQUAL(rx_cpu_icount(t.vm.cpu[1]), 10);
	CU_ASSERT_EQUAL(rx_cpu_icount(t.vm.cpu[2]), 20);
	CU_ASSERT_EQUAL(t.vm.icount, 50);
	toy_fini(&t);
}

/* Nothing can ever happen: said, not waited for. */
static void deadlock(void)
{
	struct toy_vm t;
	uint64_t at = 0;

	toy_init(&t, &rx_engine_threaded, 2);
	toy_put(&t, &at, TOY_HALT, 0, 0, 0);
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, UINT64_MAX), RX_STOP_DEADLOCK);
	CU_ASSERT_EQUAL(t.vm.icount, 2);
	rx_clock_init(&t.vm, RX_CLOCK_HOST, 0);
	t.vm.cpu[0]->stopped = t.vm.cpu[1]->stopped = true;
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, UINT64_MAX), RX_STOP_DEADLOCK);
	toy_fini(&t);
}

struct input {
	struct rx_source source;
	struct toy_vm *t;
	unsigned calls;
	char got[64];
	unsigned n;
};

static void ready(void *opaque)
{
	struct input *in = opaque;
	ssize_t n = read(in->source.fd, in->got + in->n,
			 sizeof(in->got) - in->n);

	in->calls++;
	if (n <= 0)
		in->source.enabled = false;
	else
		in->n += (unsigned)n;
	rx_irq_set(&in->t->dev->irq, true);
}

static void add_input(struct toy_vm *t, struct input *in, int fd[2])
{
	CU_ASSERT_EQUAL_FATAL(pipe(fd), 0);
	*in = (struct input){ .t = t };
	in->source.fd = fd[0];
	in->source.ready = ready;
	in->source.opaque = in;
	in->source.enabled = true;
	rx_vm_add_source(&t->vm, &in->source);
}

/* A halted guest wakes up for input, in both clocks; the end of input is
 * no reason to spin. */
static void input_wakes(void)
{
	for (unsigned k = 0; k < 2; k++) {
		struct toy_vm t;
		struct input in;
		uint64_t at = 0;
		int fd[2];

		toy_init(&t, &rx_engine_threaded, 1);
		rx_clock_init(&t.vm, k ? RX_CLOCK_HOST : RX_CLOCK_ICOUNT, 0);
		add_input(&t, &in, fd);
		toy_put(&t, &at, TOY_HALT, 0, 0, 0);
		toy_put(&t, &at, TOY_INC, 1, 0, 0);
		toy_put(&t, &at, TOY_BEQ, 0, 0, -2);
		CU_ASSERT_EQUAL(write(fd[1], "hi", 2), 2);
		CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 21), RX_STOP_LIMIT);
		CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[1], 10);
		CU_ASSERT_EQUAL(in.n, 2);
		close(fd[1]);
		rx_vm_run(&t.vm, 2000000);
		CU_ASSERT_FALSE(in.source.enabled);
		CU_ASSERT(in.calls <= 3);
		close(fd[0]);
		toy_fini(&t);
	}
}

/* Icount: input is seen at counts that do not depend on how runs are cut. */
static void input_count(void)
{
	for (uint64_t chunk = 40000; chunk < 300000; chunk += 61234) {
		struct toy_vm t;
		struct input in;
		uint64_t at = 0;
		int fd[2];

		toy_init(&t, &rx_engine_threaded, 1);
		add_input(&t, &in, fd);
		toy_put(&t, &at, TOY_EI, 0, 0, 0);
		toy_put(&t, &at, TOY_BEQ, 0, 0, 0);
		at = TOY_VECTOR;
		toy_put(&t, &at, TOY_COUNT, 3, 0, 0);
		toy_put(&t, &at, TOY_BEQ, 0, 0, 0);
		rx_vm_run(&t.vm, 10);
		CU_ASSERT_EQUAL(write(fd[1], "x", 1), 1);
		while (t.vm.icount < 300000)
			rx_vm_run(&t.vm, chunk);
		CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], (1 << 18) + 1);
		close(fd[0]);
		close(fd[1]);
		toy_fini(&t);
	}
}

static void *stop_soon(void *arg)
{
	const struct timespec ms = { 0, 100000000 };

	nanosleep(&ms, NULL);
	rx_vm_stop(arg, RX_STOP_USER, 0);
	return NULL;
}

/* Another thread ends a busy run and an idle one; the idle one costs nothing. */
static void stop_from_thread(void)
{
	for (unsigned k = 0; k < 2; k++) {
		struct toy_vm t;
		uint64_t at = 0;
		pthread_t thread;
		double cpu;

		toy_init(&t, &rx_engine_threaded, 1);
		rx_clock_init(&t.vm, RX_CLOCK_HOST, 0);
		if (k)
			toy_put(&t, &at, TOY_HALT, 0, 0, 0);
		toy_put(&t, &at, TOY_BEQ, 0, 0, 0);
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, stop_soon,
						     &t.vm), 0);
		cpu = cpu_seconds();
		CU_ASSERT_EQUAL(rx_vm_run(&t.vm, UINT64_MAX), RX_STOP_USER);
		cpu = cpu_seconds() - cpu;
		CU_ASSERT(k == 0 || cpu < 0.05);
		pthread_join(thread, NULL);
		/* the request is served: the next run runs */
		toy_cpu(&t, 0)->irq = 1;
		CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 5), RX_STOP_LIMIT);
		toy_fini(&t);
	}
}

/* The host's clock: a timer interrupts a loop, and wakes a sleeper. */
static void host_timer(void)
{
	for (unsigned k = 0; k < 2; k++) {
		struct toy_vm t;
		uint64_t at = 0;

		toy_init(&t, &rx_engine_threaded, 1);
		rx_clock_init(&t.vm, RX_CLOCK_HOST, 0);
		toy_cpu(&t, 0)->table[0][32] = TOY_DEV | TOY_R | TOY_W;
		toy_cpu(&t, 0)->r[6] = 0x20000;
		toy_put(&t, &at, TOY_EI, 0, 0, 0);
		toy_put(&t, &at, TOY_ADDI, 1, 0, 4000);
		toy_put(&t, &at, TOY_ST, 1, 6, 0);
		if (k)
			toy_put(&t, &at, TOY_HALT, 0, 0, 0);
		toy_put(&t, &at, TOY_BEQ, 0, 0, 0);
		at = TOY_VECTOR;
		toy_put(&t, &at, TOY_ST, 1, 6, 16);
		CU_ASSERT_EQUAL(rx_vm_run(&t.vm, UINT64_MAX), RX_STOP_EXIT);
		CU_ASSERT_EQUAL(toy_cpu(&t, 0)->cause, 100);
		toy_fini(&t);
	}
}

static void dies(void)
{
	struct toy_vm t;

	toy_init(&t, &rx_engine_step, 1);
	RX_DIE(&t.vm, "this is a test");
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 10), RX_STOP_ERROR);
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 10), RX_STOP_ERROR);	/* for good */
	CU_ASSERT_EQUAL(t.vm.error.code, RAX_EINTERNAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(t.vm.error.message, "this is a test"));
	CU_ASSERT_EQUAL(t.vm.icount, 0);
	toy_fini(&t);
}

static void reset(void)
{
	struct toy_vm t;
	struct toy_dev *d;

	toy_init(&t, &rx_engine_threaded, 2);
	d = t.dev->state;
	CU_ASSERT_EQUAL(d->fired, 7);	/* the table's reset value */
	d->fired = d->target = 99;
	rx_irq_set(&t.dev->irq, true);
	t.vm.reset_pc = 0x40;
	t.vm.cpu[1]->halted = t.vm.cpu[0]->stopped = true;
	t.vm.cpu[1]->res_granule = 1;
	rx_vm_reset(&t.vm);
	CU_ASSERT_EQUAL(d->fired, 7);
	CU_ASSERT_EQUAL(d->target, 0);
	CU_ASSERT_FALSE(t.dev->irq.level);
	for (unsigned k = 0; k < 2; k++) {
		CU_ASSERT_EQUAL(t.vm.cpu[k]->pc, 0x40);
		CU_ASSERT_FALSE(t.vm.cpu[k]->halted);
		CU_ASSERT_FALSE(t.vm.cpu[k]->stopped);
		CU_ASSERT_EQUAL(t.vm.cpu[k]->res_granule, 0);
		CU_ASSERT_EQUAL(toy_cpu(&t, k)->r[15], k);
	}
	toy_fini(&t);
}

static void limits(void)
{
	struct rx_vm vm;
	rax_error err;

	CU_ASSERT_EQUAL(rx_vm_init(&vm, &toy_isa, 0, &err), RAX_EINVAL);
	CU_ASSERT_EQUAL(rx_vm_init(&vm, &toy_isa, RX_MAX_CPUS + 1, &err),
			RAX_EINVAL);
	CU_ASSERT_EQUAL(rx_vm_init(&vm, &toy_isa, RX_MAX_CPUS, &err), RAX_OK);
	rx_vm_fini(&vm);
}

CU_TestInfo schedule_tests[] = {
	{ "turns", turns },
	{ "deadlock", deadlock },
	{ "input_wakes", input_wakes },
	{ "input_count", input_count },
	{ "stop_from_thread", stop_from_thread },
	{ "host_timer", host_timer },
	{ "dies", dies },
	{ "reset", reset },
	{ "limits", limits },
	CU_TEST_INFO_NULL,
};
