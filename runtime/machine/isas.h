/* isas.h - the instruction sets of this build, by name. SPDX-License-Identifier: MIT */
#ifndef RX_MACHINE_ISAS_H
#define RX_MACHINE_ISAS_H

#include "core/isa.h"
#include "rax/error.h"

/* A name that users know: an instruction set, and the mode of its decoder. */
struct rx_isa_mode {
	const char *name;	/* "x86-64" */
	const struct rx_isa *isa;
	uint32_t mode_key;
};

/* NULL: no such instruction set, *err names those that there are. */
const struct rx_isa_mode *rx_isa_find(const char *name, rax_error *err);

#endif
