/* private.h - derived state of an RV64 hart. SPDX-License-Identifier: MIT
 *
 * Embedded at the end of struct rx_rv64 (generated from spec/riscv). Nothing
 * in here is architectural: rx_rv64_resync() computes it again from the
 * registers, except where a member says otherwise.
 */
#ifndef RX_CPU_RISCV_PRIVATE_H
#define RX_CPU_RISCV_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"

struct rx_cpu;

#define RX_RV64_PMP_ENTRIES 16
#define RX_RV64_WALK_ENTRIES 32u

/* An active PMP entry: what it covers and allows. */
struct rx_rv64_pmp {
	uint64_t first, last;	/* physical addresses, inclusive */
	uint8_t allow;		/* mask of 1 << enum rx_access */
	bool locked;		/* binds M-mode too */
};

/* Page-walk cache: the last (or last but one) table on the way to an address. */
struct rx_rv64_walk {
	uint64_t tag;		/* virtual address / what the table covers */
	uint64_t satp;
	uint64_t table;		/* physical address */
	uint64_t era;		/* valid if p.walk_era */
};

struct rx_rv64_private {
	/* Set once, kept over reset */
	bool (*ecall_hook)(struct rx_cpu *cpu);
	void *ecall_opaque;
	struct rx_timer stimer;		/* stimecmp */
	uint64_t time_offset;		/* ticks: time minus the machine's clock */

	uint16_t vlenb;			/* bytes of a vector register; 0: no V */

	/* Between isa->enter and isa->leave */
	bool in_guest;
	uint32_t host_fp;		/* of rx_fp_host_begin() */

	/* The current translation regime: keys of the selected TLB table */
	uint64_t key0, key1;
	uint8_t data_priv;		/* mode of loads and stores (MPRV) */
	uint8_t levels;			/* of satp's page tables; 0: bare */

	unsigned npmp;			/* active entries, lowest number first */
	struct rx_rv64_pmp pmp[RX_RV64_PMP_ENTRIES];

	bool stce;			/* lines has stimer's STIP */
	uint64_t walk_era;		/* never 0 */
	struct rx_rv64_walk walk[2][RX_RV64_WALK_ENTRIES];	/* by level */
};

#endif
