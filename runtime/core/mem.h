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
};

struct rx_mem {
	unsigned nregions;
	struct rx_ram region[RX_MEM_MAX_REGIONS];
	struct rx_vm *vm;
};

RAX_MUST_CHECK rax_status rx_mem_add_ram(struct rx_mem *mem, uint64_t base,
					 uint64_t size, rax_error *err);
void rx_mem_fini(struct rx_mem *mem);

/* The region that holds [pa, pa + len), or NULL. */
const struct rx_ram *rx_mem_find(const struct rx_mem *mem, uint64_t pa, uint64_t len);

/*
 * Device and loader access: bounds-checked copies; writes invalidate
 * translated code and reservations. RAX_ERANGE when any byte is not RAM (then nothing is
 * copied).
 */
RAX_MUST_CHECK rax_status rx_mem_read(struct rx_mem *mem, uint64_t pa, void *buf, size_t len);
RAX_MUST_CHECK rax_status rx_mem_write(struct rx_mem *mem, uint64_t pa, const void *buf, size_t len);
RAX_MUST_CHECK rax_status rx_mem_fill(struct rx_mem *mem, uint64_t pa, int byte, uint64_t len);

/*
 * Store to a page that holds code: call before the store becomes visible.
 * Invalidates the blocks that overlap [pa, pa + len) on all cpus.
 */
void rx_mem_code_write(struct rx_mem *mem, uint64_t pa, uint64_t len);

#endif
