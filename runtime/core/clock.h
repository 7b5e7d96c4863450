/* clock.h - the machine's time and its timer queue. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_CLOCK_H
#define RX_CORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct rx_vm;

enum rx_clock_mode { RX_CLOCK_HOST, RX_CLOCK_ICOUNT };

/* Fires once at or after `when` (guest nanoseconds); owned by its device. */
struct rx_timer {
	uint64_t when;
	void (*fire)(void *opaque);
	void *opaque;
	bool armed;
	struct rx_timer *next;	/* queue sorted by when, then by arming order */
};

/*
 * Guest time in nanoseconds. Host mode: host CLOCK_MONOTONIC since start.
 * Icount mode: one unit of rx_cpu_icount(), summed over the schedule, is
 * 2^shift nanoseconds, plus the time skipped while all cpus were idle.
 */
struct rx_clock {
	enum rx_clock_mode mode;
	uint64_t host_start;	/* CLOCK_MONOTONIC ns at guest time 0 */
	uint64_t skipped;	/* icount: ns added by idling */
	unsigned shift;
	struct rx_timer *queue;
	uint64_t epoch_s;	/* wall clock at guest time 0, for RTCs */
};

/* Chooses the mode before the first run; shift is for icount. */
void rx_clock_init(struct rx_vm *vm, enum rx_clock_mode mode, unsigned shift);
uint64_t rx_host_ns(void);	/* the host's monotonic clock */
uint64_t rx_clock_now(struct rx_vm *vm);		/* ns */
uint64_t rx_clock_wall(struct rx_vm *vm);		/* ns since 1970 */
/* An armed timer is moved. A time in the past fires before the next run. */
void rx_timer_arm(struct rx_vm *vm, struct rx_timer *t, uint64_t when_ns);
void rx_timer_cancel(struct rx_vm *vm, struct rx_timer *t);
/* Fires all that is due; returns ns until the next one, UINT64_MAX if none. */
uint64_t rx_clock_run(struct rx_vm *vm);

#endif
