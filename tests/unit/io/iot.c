/* iot.c - what the tests of back ends share. SPDX-License-Identifier: MIT */
#include "iot.h"

#include <poll.h>
#include <string.h>

void iot_init(struct rx_vm *vm)
{
	memset(vm, 0, sizeof(*vm));
	vm->mem.vm = vm;
	vm->wake_fd[0] = vm->wake_fd[1] = -1;
	vm->clock.mode = RX_CLOCK_ICOUNT;
}

void iot_fini(struct rx_vm *vm)
{
	rx_vm_fini(vm);
}

void iot_pump(struct rx_vm *vm, int ms)
{
	for (struct rx_source *s = vm->sources; s; s = s->next) {
		struct pollfd p = { .fd = s->fd, .events = POLLIN };

		if (s->enabled && s->fd >= 0 && poll(&p, 1, ms) > 0)
			s->ready(s->opaque);
	}
}

void iot_pass(struct rx_vm *vm, uint64_t ns)
{
	vm->clock.skipped += ns;
	rx_clock_run(vm);
}
