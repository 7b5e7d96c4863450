/* machine.c - the machines that there are. SPDX-License-Identifier: MIT */
#include "machine/machine.h"

#include <string.h>

#include "base/bits.h"
#include "machine/riscv_virt.h"

static const struct rx_machine *const machines[] = {
	&rx_machine_riscv_virt,
};

const struct rx_machine *rx_machine_at(unsigned i)
{
	return i < RX_ARRAY_LEN(machines) ? machines[i] : NULL;
}

const struct rx_machine *rx_machine_find(const char *name)
{
	for (unsigned i = 0; i < RX_ARRAY_LEN(machines); i++) {
		if (!strcmp(machines[i]->name, name))
			return machines[i];
	}
	return NULL;
}

const struct rx_machine *rx_machine_for(const char *isa)
{
	for (unsigned i = 0; i < RX_ARRAY_LEN(machines); i++) {
		if (!isa || !strcmp(machines[i]->isa, isa))
			return machines[i];
	}
	return NULL;
}
