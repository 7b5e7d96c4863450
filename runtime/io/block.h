/* block.h - disk back ends. SPDX-License-Identifier: MIT */
#ifndef RX_IO_BLOCK_H
#define RX_IO_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rax/error.h"

#define RX_SECTOR 512

struct rx_block;

struct rx_block_ops {
	rax_status (*read)(struct rx_block *blk, uint64_t sector, void *buf,
			   size_t count);
	rax_status (*write)(struct rx_block *blk, uint64_t sector,
			    const void *buf, size_t count);
	rax_status (*flush)(struct rx_block *blk);
	void (*fini)(struct rx_block *blk);
};

struct rx_block {
	const struct rx_block_ops *ops;
	uint64_t sectors;
	bool read_only;
	char id[20];	/* serial number; NUL-padded */
};

/*
 * count sectors from sector on. RAX_ERANGE: not all inside the disk (then
 * nothing happens); RAX_ENOTSUP: a write to a read-only disk; RAX_EIO.
 */
RAX_MUST_CHECK rax_status rx_block_read(struct rx_block *blk, uint64_t sector,
					void *buf, size_t count);
RAX_MUST_CHECK rax_status rx_block_write(struct rx_block *blk, uint64_t sector,
					 const void *buf, size_t count);
/* What was written is on stable storage afterwards. */
RAX_MUST_CHECK rax_status rx_block_flush(struct rx_block *blk);
/* NULL is fine. Does not flush: a guest that cares has done it. */
void rx_block_free(struct rx_block *blk);

/*
 * A raw image: a regular file or block device. A size that is no multiple of
 * a sector is rounded up (the rest reads as zero, a write there extends the file).
 * The file is locked: exclusively, or shared when read_only.
 */
RAX_MUST_CHECK rax_status rx_block_raw_open(struct rx_block **blk, const char *path,
					    bool read_only, rax_error *err);

/*
 * Copy on write, in memory: reads come from base until written; base is never
 * written. base stays the caller's, may be shared, and outlives the overlay.
 * base NULL: a disk of sectors zeroed sectors.
 */
RAX_MUST_CHECK rax_status rx_block_cow_new(struct rx_block **blk, struct rx_block *base,
					   uint64_t sectors, rax_error *err);

#endif
