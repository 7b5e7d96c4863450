/* tlb.h - the software TLB, one geometry for all engines. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_TLB_H
#define RX_CORE_TLB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "rax/error.h"

#define RX_PAGE_BITS 12
#define RX_PAGE_SIZE (UINT64_C(1) << RX_PAGE_BITS)
#define RX_PAGE_MASK (~(RX_PAGE_SIZE - 1))
#define RX_TLB_BITS 12
#define RX_TLB_ENTRIES (1u << RX_TLB_BITS)
#define RX_TLB_TABLES 8
#define RX_TLB_INVALID (~UINT64_C(0))	/* never equal to a page address */

enum rx_access { RX_ACC_R = 0, RX_ACC_W = 1, RX_ACC_X = 2 };

/*
 * tag[access] is the virtual page that may be accessed that way on the fast
 * path, or RX_TLB_INVALID; host = guest virtual + addend. Only plain RAM is
 * ever entered. Pages that need the slow way for stores (translated code,
 * clean pages under dirty tracking) have no RX_ACC_W tag; devices and pages with protection
 * finer than a page have no tag at all.
 */
struct rx_tlb_entry {
	uint64_t tag[3];
	uintptr_t addend;
};

/*
 * One table per translation regime and address space: the key is whatever
 * the ISA says selects a translation (privilege, permission bits, root and
 * ASID). Switching back to a recent key finds its table still filled.
 */
struct rx_tlb_table {
	_Alignas(64) struct rx_tlb_entry e[RX_TLB_ENTRIES];
	uint64_t key[2];
	uint64_t large_lo, large_hi;	/* virtual range covered by superpage leaves */
	uint64_t used;			/* stamp for replacement */
	uint64_t gen;			/* new whenever a mapping may be gone */
	uint64_t epoch;			/* new whenever a tag of R or W is gone; never 0 */
	uint64_t filled[RX_TLB_ENTRIES / 64];	/* entries that may have a tag, others have none */
	uint64_t global[RX_TLB_ENTRIES / 64];	/* entries that RX_TLB_GLOBAL was said of */
	bool valid, empty;
};

static inline struct rx_tlb_entry *rx_tlb_slot(struct rx_tlb_entry *tlb,
					       uint64_t va)
{
	return &tlb[(va >> RX_PAGE_BITS) & (RX_TLB_ENTRIES - 1)];
}

/*
 * Does an access of size bytes at va hit? Misaligned accesses inside one
 * page hit; those that cross a page never do.
 */
static inline bool rx_tlb_hit(const struct rx_tlb_entry *e, enum rx_access a,
			      uint64_t va, unsigned size)
{
	return RX_LIKELY(((va + size - 1) & RX_PAGE_MASK) == e->tag[a]);
}

struct rx_cpu;

/* Allocates the tables and selects one with key 0, 0. */
RAX_MUST_CHECK rax_status rx_tlb_init(struct rx_cpu *cpu);
void rx_tlb_fini(struct rx_cpu *cpu);
/*
 * Makes the table with this key current (cpu->tlb), the oldest if it is new. A new one
 * has the global entries of the last one with this key0, unless a key1 is 0.
 */
void rx_tlb_select(struct rx_cpu *cpu, uint64_t key0, uint64_t key1);
#define RX_TLB_GLOBAL 8u	/* beside accesses: the same under each key1 but 0 */
/*
 * Enters a translation va -> host page (page-aligned, in RAM) for the
 * accesses in allow (bit mask 1 << rx_access), in the current table;
 * leaf_size is the guest's page size in bytes. What the slot allowed before
 * for the same mapping stays. Writing is left out by itself while the page
 * holds translated code.
 */
void rx_tlb_fill(struct rx_cpu *cpu, uint64_t va, void *host_page,
		 unsigned allow, uint64_t leaf_size);
/* Empties every table. */
void rx_tlb_flush_all(struct rx_cpu *cpu);
/* cpu->mode_key has changed. */
void rx_tlb_renew(struct rx_cpu *cpu);
/* Drops va in every table whose key1 & mask == key1_match & mask. */
void rx_tlb_flush_page(struct rx_cpu *cpu, uint64_t va, uint64_t key1_match,
		       uint64_t mask);
/* Empties every such table. */
void rx_tlb_flush_matching(struct rx_cpu *cpu, uint64_t key1_match, uint64_t mask);
/* A host page became code (or is to be watched): stores to it miss from now on. */
void rx_tlb_protect_host(struct rx_cpu *cpu, const void *host_page);

#endif
