/* isas.h - the instruction sets of this build, by name. SPDX-License-Identifier: MIT */
#ifndef RX_MACHINE_ISAS_H
#define RX_MACHINE_ISAS_H

#include "core/isa.h"
#include "rax/error.h"

/* NULL: no such instruction set, *err names those that there are. */
const struct rx_isa *rx_isa_find(const char *name, rax_error *err);

#endif
