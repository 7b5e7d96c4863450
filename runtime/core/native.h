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
#define RX_SITES 32		/* of one piece of code, at most */
#define RX_NATIVE_SITES (1u << 16)	/* of all, in such sizes as struct rx_sites has */

/*
 * Where an access of compiled code went last: guest addresses from page on, fewer
 * than limit of them (0: nothing is known), and their distance from host memory.
 */
struct rx_site {
	uint64_t page, limit;
	uintptr_t addend;
};

/* Those of one piece of code. Void where the epoch is not cpu->tlb_epoch. */
struct rx_sites {
	uint64_t epoch, n;
	struct rx_site site[];
};

struct rx_native {
	uint64_t slot[RX_NATIVE_SLOTS];
	struct rx_fpenv env;	/* of the instruction's IEEE operations */
	/* struct rx_sites, one behind the other; says nothing at first */
	struct rx_site sites[RX_NATIVE_SITES];
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

/* Those that begin so many bytes behind the start of native's. */
static inline struct rx_sites *rx_sites_at(struct rx_cpu *cpu, size_t at)
{
	return (struct rx_sites *)(void *)((char *)rx_native(cpu)->sites + at);
}

/* From now on they hold, or will. */
static inline void rx_sites_renew(const struct rx_cpu *cpu, struct rx_sites *s)
{
	if (s->epoch == cpu->tlb_epoch)
		return;
	for (uint64_t k = 0; k < s->n; k++)
		s->site[k].limit = 0;
	s->epoch = cpu->tlb_epoch;
}

#endif
