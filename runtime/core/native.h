/* native.h - memory of compiled code behind a cpu's state. SPDX-License-Identifier: MIT
 *
 * Values that host registers cannot hold live there, at a fixed distance from the
 * state, and so do arguments of C functions that compiled code calls. Between
 * instructions of the guest it means nothing.
 */
#ifndef RX_CORE_NATIVE_H
#define RX_CORE_NATIVE_H

#include <stddef.h>
#include <stdint.h>

#include "core/isa.h"

#define RX_NATIVE_ALIGN 64
#define RX_NATIVE_SLOTS 2048

struct rx_native {
	uint64_t slot[RX_NATIVE_SLOTS];
	struct rx_fpenv env;	/* of the instruction's IEEE operations */
};

/* From the start of the state, which is aligned as this is. */
static inline size_t rx_native_offset(const struct rx_isa *isa)
{
	return (isa->state_size + RX_NATIVE_ALIGN - 1) & ~(size_t)(RX_NATIVE_ALIGN - 1);
}

static inline struct rx_native *rx_native(struct rx_cpu *cpu)
{
	return (struct rx_native *)(void *)((char *)cpu + rx_native_offset(cpu->isa));
}

#endif
