/* block.c - bounds of all disk accesses. SPDX-License-Identifier: MIT */
#include "io/block.h"

#include <stdlib.h>

static bool in_disk(const struct rx_block *blk, uint64_t sector, size_t count)
{
	return sector <= blk->sectors && count <= blk->sectors - sector &&
	       count <= SIZE_MAX / RX_SECTOR;
}

rax_status rx_block_read(struct rx_block *blk, uint64_t sector, void *buf,
			 size_t count)
{
	if (!in_disk(blk, sector, count))
		return RAX_ERANGE;
	return blk->ops->read(blk, sector, buf, count);
}

rax_status rx_block_write(struct rx_block *blk, uint64_t sector, const void *buf,
			  size_t count)
{
	if (blk->read_only)
		return RAX_ENOTSUP;
	if (!in_disk(blk, sector, count))
		return RAX_ERANGE;
	return blk->ops->write(blk, sector, buf, count);
}

rax_status rx_block_flush(struct rx_block *blk)
{
	return blk->ops->flush(blk);
}

void rx_block_free(struct rx_block *blk)
{
	if (!blk)
		return;
	blk->ops->fini(blk);
	free(blk);
}
