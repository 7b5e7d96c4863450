/* iot.h - what the tests of back ends share. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_IO_IOT_H
#define TESTS_UNIT_IO_IOT_H

#include "core/vm.h"
#include "io/char.h"

/* A vm without cpus under RX_CLOCK_ICOUNT. */
void iot_init(struct rx_vm *vm);
void iot_fini(struct rx_vm *vm);
/* Serves the sources that are ready within ms milliseconds, as the run loop does. */
void iot_pump(struct rx_vm *vm, int ms);
/* Guest time passes, and timers fire. */
void iot_pass(struct rx_vm *vm, uint64_t ns);

#endif
