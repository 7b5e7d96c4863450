/* devt.h - what the device tests share. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_DEV_DEVT_H
#define TESTS_UNIT_DEV_DEVT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/bus.h"
#include "core/mem.h"
#include "core/vm.h"
#include "tests/lib/tap.h"

#define DEVT_RAM UINT64_C(0x80000000)
#define DEVT_RAM_SIZE UINT64_C(0x100000)
#define DEVT_DEV UINT64_C(0x10000000)

/* A vm without cpus under RX_CLOCK_ICOUNT: time moves when a test says so. */
struct devt {
	struct rx_vm vm;
	struct rx_dev *dev;
	unsigned irq_changes;
	bool irq;		/* level of the device's line */
};

void devt_init(struct devt *t);
void devt_fini(struct devt *t);
/* Puts the device on the bus at DEVT_DEV, and resets it. */
void devt_attach(struct devt *t, struct rx_dev *dev, uint64_t size);
/* Guest time passes, and timers fire. */
void devt_pass(struct devt *t, uint64_t ns);

uint64_t devt_read(struct devt *t, uint64_t offset, unsigned size);
void devt_write(struct devt *t, uint64_t offset, unsigned size, uint64_t value);
/* Does the bus refuse the access? */
bool devt_refused(struct devt *t, uint64_t offset, unsigned size);
/* A member of the device's state, by its name in the field table. */
uint64_t devt_field(struct devt *t, const char *name, unsigned i);
void devt_set_field(struct devt *t, const char *name, unsigned i, uint64_t value);

#endif
