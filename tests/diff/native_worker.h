/* native_worker.h - the process that executes cases. SPDX-License-Identifier: MIT */
#ifndef TESTS_DIFF_NATIVE_WORKER_H
#define TESTS_DIFF_NATIVE_WORKER_H

#include "tests/diff/native.h"

#define NATIVE_BATCH 32

/* Memory that both processes have. */
struct native_shared {
	volatile uint32_t count;	/* cases to run */
	volatile uint32_t done;		/* of them */
	volatile uint32_t guarded;	/* seccomp stops system calls */
	bool has16;			/* there is a segment of 16-bit code */
	char why[96];			/* the worker cannot work */
	uint8_t low[RX_NATIVE_LOW_SIZE];	/* what the window holds */
	struct rx_native_case cases[NATIVE_BATCH];
	struct rx_native_result results[NATIVE_BATCH];
};

/* In the child: writes a byte when ready (or sets why), then for each byte
 * that it reads runs the cases and writes one. Does not return. */
void native_worker(struct native_shared *s, int in, int out)
	__attribute__((noreturn));

#endif
