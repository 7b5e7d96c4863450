/* mem.h - guest physical memory. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_MEM_H
#define RX_CORE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rax/error.h"

#define RX_MEM_MAX_REGIONS 8

/*
 * RAM regions: one mmap each, PROT_NONE guard pages around it, page-aligned
 * base and size. code[] has one bit mask per page: which of its 64-byte
 * granules hold translated code (0 = none).
 */
struct rx_ram {
	uint64_t base, size;	/* guest physical, bytes */
	uint8_t *host;
	uint64_t *code;		/* [size / 4096] */
	void *map;		/* with its guards */
	uint64_t map_size;
};

#define RX_GRANULE_BITS 6	/* of struct rx_ram.code[] */

struct rx_mem {
	unsigned nregions;
	struct rx_ram region[RX_MEM_MAX_REGIONS];
	struct rx_vm *vm;	/* whose cpus hold translated code; set by rx_vm_init() */
	struct rx_mem_watch {
		uint64_t pa, len;	/* inside one page; len 0: none */
		void (*fn)(void *opaque, uint64_t pa, uint64_t len);
		void *opaque;
		uint64_t hit_pa, hit_len;	/* hit_len: a store to report */
	} watch;
};

/*
 * Calls fn right after each instruction that stores to [pa, pa + len), with
 * what it stored to. One range in a machine, at most the rest of a page.
 * RAX_ERANGE: not RAM, or over a page's end.
 */
RAX_MUST_CHECK rax_status rx_mem_watch(struct rx_mem *mem, uint64_t pa, uint64_t len,
		void (*fn)(void *opaque, uint64_t pa, uint64_t len), void *opaque);
/* For the run loop: reports a pending hit. */
void rx_mem_watch_report(struct rx_mem *mem);

RAX_MUST_CHECK rax_status rx_mem_add_ram(struct rx_mem *mem, uint64_t base,
					 uint64_t size, rax_error *err);
void rx_mem_fini(struct rx_mem *mem);

/* The region that holds [pa, pa + len), or NULL. */
const struct rx_ram *rx_mem_find(const struct rx_mem *mem, uint64_t pa, uint64_t len);
/* The region that this host address is in, or NULL. */
const struct rx_ram *rx_mem_find_host(const struct rx_mem *mem, const void *host);

/*
 * Device and loader access: bounds-checked copies; writes invalidate
 * translated code and reservations. RAX_ERANGE when any byte is not RAM (then nothing is
 * copied).
 */
RAX_MUST_CHECK rax_status rx_mem_read(struct rx_mem *mem, uint64_t pa, void *buf, size_t len);
RAX_MUST_CHECK rax_status rx_mem_write(struct rx_mem *mem, uint64_t pa,
				       const void *buf, size_t len);
RAX_MUST_CHECK rax_status rx_mem_fill(struct rx_mem *mem, uint64_t pa, int byte, uint64_t len);
/* All RAM is zero, as after rx_mem_add_ram(). */
void rx_mem_clear(struct rx_mem *mem);

/*
 * A store of len bytes at pa is about to happen: call before it becomes
 * visible whenever the fast path was not taken. Cheap when no code is there;
 * else the blocks in the granules that [pa, pa + len) touches are dropped on
 * all cpus, and the running one leaves its block behind the current
 * instruction. What is not RAM is ignored.
 */
void rx_mem_code_write(struct rx_mem *mem, uint64_t pa, uint64_t len);
/*
 * For engines: translated code now covers [host, host + len), inside one
 * page of RAM. Stores to that page miss the fast path of all cpus from now on.
 */
void rx_mem_code_mark(struct rx_mem *mem, const void *host, unsigned len);
/* For engines: this cpu has dropped all its code; recomputes code[]. */
void rx_mem_code_dropped(struct rx_mem *mem);

/* The granules of one page that [offset, offset + len) touches; len > 0. */
static inline uint64_t rx_mem_granules(unsigned offset, unsigned len)
{
	const unsigned first = offset >> RX_GRANULE_BITS;
	const unsigned last = (offset + len - 1) >> RX_GRANULE_BITS;

	return (~UINT64_C(0) << first) & (~UINT64_C(0) >> (63 - last));
}

#endif
