/* clock.c - the machine's time and its timer queue. SPDX-License-Identifier: MIT */
#include "core/clock.h"

#include <stddef.h>
#include <time.h>

#include "core/vm.h"

#define NS_PER_S UINT64_C(1000000000)
/* Firings in one go: a timer that always re-arms itself in the past must not
 * keep the guest from running. */
#define MAX_FIRINGS 4096

uint64_t rx_host_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

void rx_clock_init(struct rx_vm *vm, enum rx_clock_mode mode, unsigned shift)
{
	vm->clock.mode = mode;
	vm->clock.shift = shift & 63;
	vm->clock.host_start = rx_host_ns();
	vm->clock.skipped = 0;
}

uint64_t rx_clock_now(struct rx_vm *vm)
{
	const struct rx_clock *c = &vm->clock;

	if (c->mode == RX_CLOCK_HOST)
		return rx_host_ns() - c->host_start;
	return (rx_vm_icount(vm) << c->shift) + c->skipped;
}

uint64_t rx_clock_wall(struct rx_vm *vm)
{
	return vm->clock.epoch_s * NS_PER_S + rx_clock_now(vm);
}

void rx_timer_cancel(struct rx_vm *vm, struct rx_timer *t)
{
	struct rx_timer **p = &vm->clock.queue;

	if (!t->armed)
		return;
	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	t->next = NULL;
	t->armed = false;
}

void rx_timer_arm(struct rx_vm *vm, struct rx_timer *t, uint64_t when_ns)
{
	struct rx_timer **p = &vm->clock.queue;

	rx_timer_cancel(vm, t);
	while (*p && (*p)->when <= when_ns)
		p = &(*p)->next;
	t->when = when_ns;
	t->next = *p;
	t->armed = true;
	*p = t;
	/* the end of the running slice was computed without this one */
	if (vm->clock.queue == t && vm->current)
		rx_cpu_poll(vm->current, RX_POLL_TIME);
}

uint64_t rx_clock_run(struct rx_vm *vm)
{
	struct rx_clock *c = &vm->clock;
	uint64_t now;

	if (!c->queue)
		return UINT64_MAX;
	now = rx_clock_now(vm);
	for (unsigned n = 0; n < MAX_FIRINGS; n++) {
		struct rx_timer *t = c->queue;

		if (!t)
			return UINT64_MAX;
		if (t->when > now)
			return t->when - now;
		rx_timer_cancel(vm, t);
		t->fire(t->opaque);
	}
	return 0;
}
