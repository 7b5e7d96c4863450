/* fdt.h - device trees: checking, /chosen, room to edit. SPDX-License-Identifier: MIT */
#ifndef RX_BOOT_FDT_H
#define RX_BOOT_FDT_H

#include <stddef.h>
#include <stdint.h>

#include "rax/error.h"

/* What the boot loader tells the kernel; what is not set stays as it is. */
struct rx_fdt_chosen {
	const char *bootargs;			/* NULL: not set */
	uint64_t initrd_start, initrd_end;	/* guest physical; equal: none */
	const uint8_t *rng_seed;
	size_t rng_seed_len;			/* 0: none */
};

/* A tree under construction: a blob with room, owned by the caller (free()). */
struct rx_fdt {
	void *blob;
	size_t room;
};

/*
 * Is this a complete, well-formed tree of at most size bytes? Accepts bytes behind
 * its end. RAX_EFORMAT with a reason otherwise.
 */
RAX_MUST_CHECK rax_status rx_fdt_check(const void *blob, size_t size, rax_error *err);

/* An empty tree with room bytes. */
RAX_MUST_CHECK rax_status rx_fdt_new(struct rx_fdt *fdt, size_t room, rax_error *err);
/* A copy of a tree (which is checked) with room for /chosen. */
RAX_MUST_CHECK rax_status rx_fdt_copy(struct rx_fdt *fdt, const void *blob, size_t size,
				      const struct rx_fdt_chosen *chosen, rax_error *err);
void rx_fdt_fini(struct rx_fdt *fdt);

/* Sets properties of /chosen, which it makes if need be. RAX_ENOMEM: no room. */
RAX_MUST_CHECK rax_status rx_fdt_set_chosen(void *blob, const struct rx_fdt_chosen *chosen,
					    rax_error *err);

/* Gives back the room; returns the size of the tree in bytes. */
size_t rx_fdt_pack(struct rx_fdt *fdt);

#endif
