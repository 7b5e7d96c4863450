/* schedule.c - the run loop: turns, slices, sources, idling. SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* ppoll */
#endif
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "core/run.h"
#include "core/vm.h"

/*
 * Host clock: how late a timer, an interrupt or a stop may be seen, in instructions; or, of
 * engines that do more in that time, in ns.
 */
#define HOST_SLICE 20000
#define HOST_SLICE_NS 40000
#define HOST_SLICE_MOST (8 * HOST_SLICE)
#define HOST_POLL_NS UINT64_C(1000000)
/* Icount: sources are looked at at these counts, whatever the host does. */
#define ICOUNT_POLL (UINT64_C(1) << 18)
#define MAX_SOURCES 32

uint64_t rx_vm_icount(const struct rx_vm *vm)
{
	uint64_t n = vm->icount;

	if (vm->current)
		n += rx_cpu_icount(vm->current) - vm->slice_start;
	return n;
}

/*
 * Waits up to `wait` ns (UINT64_MAX: without end) for a source or a stop and
 * serves what is ready; true when there was something.
 */
static bool poll_sources(struct rx_vm *vm, uint64_t wait)
{
	struct rx_source *source[MAX_SOURCES + 1] = { NULL }, *s;
	struct pollfd fd[MAX_SOURCES + 1];
	struct timespec ts = { (time_t)(wait / 1000000000),
			       (long)(wait % 1000000000) };
	nfds_t n = 0;
	bool any = false;

	if (wait) {		/* a stop sets a flag, too: only sleepers need this */
		fd[n].fd = vm->wake_fd[0];
		fd[n++].events = POLLIN;
	}
	for (s = vm->sources; s && n <= MAX_SOURCES; s = s->next) {
		if (!s->enabled || s->fd < 0)
			continue;
		source[n] = s;
		fd[n].fd = s->fd;
		fd[n++].events = POLLIN;
	}
	if (!n || ppoll(fd, n, wait == UINT64_MAX ? NULL : &ts, NULL) <= 0)
		return false;
	for (nfds_t k = 0; k < n; k++) {
		char drain[64];

		if (!fd[k].revents)
			continue;
		any = true;
		if (source[k])
			source[k]->ready(source[k]->opaque);
		else
			while (read(fd[k].fd, drain, sizeof(drain)) ==
			       (ssize_t)sizeof(drain))
				;
	}
	return any;
}

static bool have_sources(const struct rx_vm *vm)
{
	const struct rx_source *s;

	for (s = vm->sources; s; s = s->next)
		if (s->enabled && s->fd >= 0)
			return true;
	return false;
}

static void look_at_sources(struct rx_vm *vm, uint64_t now)
{
	const bool host = vm->clock.mode == RX_CLOCK_HOST;

	if (!vm->sources || now < vm->sources_due)
		return;
	vm->sources_due = host ? now + HOST_POLL_NS
			       : (now / ICOUNT_POLL + 1) * ICOUNT_POLL;
	poll_sources(vm, 0);
}

static bool runnable(struct rx_cpu *cpu)
{
	if (cpu->stopped)
		return false;
	if (cpu->halted && cpu->isa->wake(cpu))
		cpu->halted = false;
	return !cpu->halted;
}

void rx_vm_first_turn(struct rx_vm *vm)
{
	vm->turn = vm->ncpus - 1;	/* whose turn is over */
	vm->turn_left = 0;
}

/* The cpu whose turn it is; NULL: none can run. */
static struct rx_cpu *pick(struct rx_vm *vm)
{
	const unsigned first = vm->turn + !vm->turn_left;

	for (unsigned k = 0; k < vm->ncpus; k++) {
		const unsigned id = (first + k) % vm->ncpus;

		if (!runnable(vm->cpu[id]))
			continue;
		if (id != vm->turn || !vm->turn_left) {
			/* others run now: its reservation ends */
			if (id != vm->turn)
				vm->cpu[vm->turn]->res_granule = 0;
			vm->turn = id;
			vm->turn_left = vm->quantum ? vm->quantum : 1;
			if (vm->ncpus == 1)
				vm->turn_left = UINT64_MAX;
		}
		return vm->cpu[id];
	}
	return NULL;
}

/* Units until the clock has moved on by ns, at least one. */
static uint64_t units(const struct rx_vm *vm, uint64_t ns)
{
	const unsigned shift = vm->clock.shift;
	const uint64_t n = (ns >> shift) + !!(ns & ((UINT64_C(1) << shift) - 1));

	return n ? n : 1;
}

static uint64_t slice_length(const struct rx_vm *vm, uint64_t until,
			     uint64_t max, uint64_t cap)
{
	uint64_t n = vm->turn_left < max ? vm->turn_left : max;

	if (vm->clock.mode == RX_CLOCK_ICOUNT) {
		cap = ICOUNT_POLL - vm->icount % ICOUNT_POLL;
		if (until != UINT64_MAX && units(vm, until) < cap)
			cap = units(vm, until);
	}
	return n < cap ? n : cap;
}

/* Runs cpu for at most n units; returns how many it took. */
static uint64_t run_slice(struct rx_vm *vm, struct rx_cpu *cpu, uint64_t n)
{
	const struct rx_engine *engine = vm->hooks.insn ? &rx_engine_step
							: vm->engine;
	uint64_t left;

	vm->slice_start = rx_cpu_icount(cpu);
	cpu->icount_end = vm->slice_start + n;
	cpu->budget = (int64_t)n;
	vm->current = cpu;
	rx_cpu_poll(cpu, RX_POLL_IRQ);
	if (cpu->isa->enter)
		cpu->isa->enter(cpu);
	engine->run(cpu);
	if (cpu->isa->leave)
		cpu->isa->leave(cpu);
	vm->current = NULL;
	left = cpu->budget > 0 ? (uint64_t)cpu->budget : 0;
	if (cpu->budget < 0 || left > n)
		RX_DIE(vm, "an engine overran its budget");
	cpu->icount_end -= left;
	cpu->budget = 0;
	vm->icount += n - left;
	vm->turn_left -= n - left;
	return n - left;
}

static bool all_stopped(const struct rx_vm *vm)
{
	for (unsigned k = 0; k < vm->ncpus; k++)
		if (!vm->cpu[k]->stopped)
			return false;
	return true;
}

/* No cpu can run before a timer (in `until` ns), an input or a stop. */
static enum rx_stop idle(struct rx_vm *vm, uint64_t until)
{
	if (all_stopped(vm))
		return RX_STOP_DEADLOCK;
	if (vm->clock.mode == RX_CLOCK_HOST) {
		poll_sources(vm, until);
		return RX_STOP_NONE;
	}
	if (until == UINT64_MAX) {
		if (!have_sources(vm))
			return RX_STOP_DEADLOCK;
		poll_sources(vm, UINT64_MAX);
		return RX_STOP_NONE;
	}
	/* input that is there comes before the time that nobody sees pass */
	if (!vm->sources || !poll_sources(vm, 0))
		vm->clock.skipped += until;
	return RX_STOP_NONE;
}

/* Host clock: the longest slice there may be, if one of that length took so long. */
static uint64_t next_length(uint64_t length, uint64_t took)
{
	if (took > HOST_SLICE_NS && length > HOST_SLICE)
		return length / 2;
	if (took < HOST_SLICE_NS / 4 && length < HOST_SLICE_MOST)
		return length * 2;
	return length;
}

enum rx_stop rx_vm_run(struct rx_vm *vm, uint64_t max)
{
	const bool host = vm->clock.mode == RX_CLOCK_HOST;
	uint64_t length = HOST_SLICE, before = 0, n = 0;

	for (;;) {
		enum rx_stop why;
		struct rx_cpu *cpu;
		uint64_t until, now;

		why = __atomic_exchange_n(&vm->stop_request, RX_STOP_NONE,
					  __ATOMIC_ACQ_REL);
		if (vm->dead)
			return RX_STOP_ERROR;
		if (why)
			return why;
		if (!max)
			return RX_STOP_LIMIT;
		until = rx_clock_run(vm);
		now = host ? rx_clock_now(vm) : vm->icount;
		if (host && n >= length)
			length = next_length(length, now - before);
		before = now;
		n = 0;
		look_at_sources(vm, now);
		cpu = pick(vm);
		if (!cpu) {
			why = idle(vm, until);
			if (why)
				return why;
			continue;
		}
		/* what is due soon is not late either */
		n = slice_length(vm, until, max, until < HOST_SLICE_NS ? HOST_SLICE : length);
		n = run_slice(vm, cpu, n);
		rx_mem_watch_report(&vm->mem);
		if (max != UINT64_MAX)
			max -= n;
	}
}
