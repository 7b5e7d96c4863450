/* test_clock.c - time and timers. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <time.h>

#include "toy.h"

struct mark {
	struct rx_timer timer;
	struct rx_vm *vm;
	unsigned order, fired;
	uint64_t again;		/* re-arms by this, 0: not */
};

static unsigned counter;

static void fire(void *opaque)
{
	struct mark *m = opaque;

	m->order = ++counter;
	m->fired++;
	CU_ASSERT_FALSE(m->timer.armed);
	if (m->again)
		rx_timer_arm(m->vm, &m->timer, m->timer.when + m->again);
}

static void init(struct toy_vm *t, struct mark *m, unsigned n)
{
	toy_init(t, &rx_engine_step, 1);
	counter = 0;
	for (unsigned k = 0; k < n; k++)
		m[k] = (struct mark){ .timer = { .fire = fire, .opaque = &m[k] },
				      .vm = &t->vm };
}

/* By time, then by the order in which they were armed. */
static void order(void)
{
	struct toy_vm t;
	struct mark m[5];

	init(&t, m, 5);
	CU_ASSERT_EQUAL(rx_clock_run(&t.vm), UINT64_MAX);
	rx_timer_arm(&t.vm, &m[0].timer, 50);
	rx_timer_arm(&t.vm, &m[1].timer, 10);
	rx_timer_arm(&t.vm, &m[2].timer, 50);
	rx_timer_arm(&t.vm, &m[3].timer, 20);
	rx_timer_arm(&t.vm, &m[4].timer, 30);
	rx_timer_cancel(&t.vm, &m[4].timer);
	rx_timer_cancel(&t.vm, &m[4].timer);
	rx_timer_arm(&t.vm, &m[3].timer, 60);	/* moved */
	CU_ASSERT_EQUAL(rx_clock_run(&t.vm), 10);
	t.vm.clock.skipped = 9;
	CU_ASSERT_EQUAL(rx_clock_run(&t.vm), 1);
	CU_ASSERT_EQUAL(counter, 0);
	t.vm.clock.skipped = 55;
	CU_ASSERT_EQUAL(rx_clock_run(&t.vm), 5);
	CU_ASSERT_EQUAL(m[1].order, 1);
	CU_ASSERT_EQUAL(m[0].order, 2);
	CU_ASSERT_EQUAL(m[2].order, 3);
	CU_ASSERT_EQUAL(m[3].order, 0);
	t.vm.clock.skipped = 60;
	CU_ASSERT_EQUAL(rx_clock_run(&t.vm), UINT64_MAX);
	CU_ASSERT_EQUAL(m[3].order, 4);
	CU_ASSERT_EQUAL(m[4].order, 0);
	toy_fini(&t);
}

static void periodic(void)
{
	struct toy_vm t;
	struct mark m;

	init(&t, &m, 1);
	m.again = 10;
	rx_timer_arm(&t.vm, &m.timer, 10);
	t.vm.clock.skipped = 95;
	CU_ASSERT_EQUAL(rx_clock_run(&t.vm), 5);
	CU_ASSERT_EQUAL(m.fired, 9);
	toy_fini(&t);
}

static void always_due(void *opaque)
{
	struct mark *m = opaque;

	m->fired++;
	rx_timer_arm(m->vm, &m->timer, 0);
}

/* A timer that is always due cannot keep the loop. */
static void no_hang(void)
{
	struct toy_vm t;
	struct mark m;
	uint64_t at = 0;

	init(&t, &m, 1);
	m.timer.fire = always_due;
	rx_timer_arm(&t.vm, &m.timer, 0);
	CU_ASSERT_EQUAL(rx_clock_run(&t.vm), 0);
	CU_ASSERT(m.fired > 0);
	toy_put(&t, &at, TOY_BEQ, 0, 0, 0);
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 3), RX_STOP_LIMIT);
	CU_ASSERT_EQUAL(t.vm.icount, 3);
	toy_fini(&t);
}

static void icount(void)
{
	struct toy_vm t;
	uint64_t at = 0;

	toy_init(&t, &rx_engine_threaded, 1);
	rx_clock_init(&t.vm, RX_CLOCK_ICOUNT, 3);
	t.vm.clock.epoch_s = 1000;
	toy_put(&t, &at, TOY_BEQ, 0, 0, 0);
	rx_vm_run(&t.vm, 100);
	CU_ASSERT_EQUAL(rx_clock_now(&t.vm), 800);
	t.vm.clock.skipped = 5;
	CU_ASSERT_EQUAL(rx_clock_now(&t.vm), 805);
	CU_ASSERT_EQUAL(rx_clock_wall(&t.vm), UINT64_C(1000000000805));
	toy_fini(&t);
}

static void host(void)
{
	const struct timespec ms = { 0, 1000000 };
	struct toy_vm t;
	uint64_t a, b;

	toy_init(&t, &rx_engine_step, 1);
	rx_clock_init(&t.vm, RX_CLOCK_HOST, 0);
	a = rx_clock_now(&t.vm);
	nanosleep(&ms, NULL);
	b = rx_clock_now(&t.vm);
	CU_ASSERT(b >= a + 1000000);
	CU_ASSERT(a < UINT64_C(60000000000));
	toy_fini(&t);
}

CU_TestInfo clock_tests[] = {
	{ "order", order },
	{ "periodic", periodic },
	{ "no_hang", no_hang },
	{ "icount", icount },
	{ "host", host },
	CU_TEST_INFO_NULL,
};
