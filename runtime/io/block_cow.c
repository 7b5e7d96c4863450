/* block_cow.c - disks whose changes stay in memory. SPDX-License-Identifier: MIT */
#include "io/block.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/*
 * Two levels, so that a large sparse disk costs little: the directory has one
 * pointer per 2^18 sectors (128 MiB), a table one per cluster.
 */
#define CLUSTER_BITS 7		/* sectors: 64 KiB */
#define TABLE_BITS 11		/* clusters */
#define CLUSTER_SECTORS (UINT64_C(1) << CLUSTER_BITS)
#define CLUSTER_BYTES (CLUSTER_SECTORS * RX_SECTOR)
#define TABLE_ENTRIES (UINT64_C(1) << TABLE_BITS)
#define MAX_SECTORS (UINT64_C(1) << 40)

struct cow {
	struct rx_block blk;
	struct rx_block *base;
	uint64_t ntables;
	uint8_t ***dir;		/* [ntables], each NULL or [TABLE_ENTRIES] */
};

static uint8_t **slot(struct cow *c, uint64_t cluster, bool create)
{
	uint8_t ***table = &c->dir[cluster >> TABLE_BITS];

	if (!*table && create)
		*table = calloc(TABLE_ENTRIES, sizeof(**table));
	return *table ? &(*table)[cluster & (TABLE_ENTRIES - 1)] : NULL;
}

static rax_status read_base(struct cow *c, uint64_t sector, void *buf, size_t n)
{
	if (c->base)
		return rx_block_read(c->base, sector, buf, n);
	memset(buf, 0, n * RX_SECTOR);
	return RAX_OK;
}

/* Sectors of [sector, sector + left) that lie in the first one's cluster. */
static size_t in_cluster(uint64_t sector, size_t left)
{
	const size_t n = CLUSTER_SECTORS - (sector & (CLUSTER_SECTORS - 1));

	return n < left ? n : left;
}

static rax_status cow_read(struct rx_block *blk, uint64_t sector, void *buf,
			   size_t count)
{
	struct cow *c = (struct cow *)blk;
	uint8_t *p = buf;

	while (count) {
		const size_t n = in_cluster(sector, count);
		uint8_t **s = slot(c, sector >> CLUSTER_BITS, false);

		if (s && *s) {
			memcpy(p, *s + (sector & (CLUSTER_SECTORS - 1)) * RX_SECTOR,
			       n * RX_SECTOR);
		} else {
			const rax_status status = read_base(c, sector, p, n);

			if (status != RAX_OK)
				return status;
		}
		sector += n;
		count -= n;
		p += n * RX_SECTOR;
	}
	return RAX_OK;
}

/* Gives the cluster its own copy. */
static rax_status copy_up(struct cow *c, uint64_t cluster, uint8_t **s)
{
	const uint64_t first = cluster << CLUSTER_BITS;
	uint8_t *copy = calloc(1, CLUSTER_BYTES);
	rax_status status;

	if (!copy)
		return RAX_ENOMEM;
	status = read_base(c, first, copy,
			   in_cluster(first, c->blk.sectors - first));
	if (status != RAX_OK) {
		free(copy);
		return status;
	}
	*s = copy;
	return RAX_OK;
}

static rax_status cow_write(struct rx_block *blk, uint64_t sector,
			    const void *buf, size_t count)
{
	struct cow *c = (struct cow *)blk;
	const uint8_t *p = buf;

	while (count) {
		const size_t n = in_cluster(sector, count);
		uint8_t **s = slot(c, sector >> CLUSTER_BITS, true);

		if (!s)
			return RAX_ENOMEM;
		if (!*s) {
			const rax_status status = copy_up(c, sector >> CLUSTER_BITS, s);

			if (status != RAX_OK)
				return status;
		}
		memcpy(*s + (sector & (CLUSTER_SECTORS - 1)) * RX_SECTOR, p,
		       n * RX_SECTOR);
		sector += n;
		count -= n;
		p += n * RX_SECTOR;
	}
	return RAX_OK;
}

static rax_status cow_flush(struct rx_block *blk)
{
	(void)blk;
	return RAX_OK;
}

static void cow_fini(struct rx_block *blk)
{
	struct cow *c = (struct cow *)blk;

	for (uint64_t t = 0; t < c->ntables; t++) {
		if (!c->dir[t])
			continue;
		for (uint64_t i = 0; i < TABLE_ENTRIES; i++)
			free(c->dir[t][i]);
		free(c->dir[t]);
	}
	free(c->dir);
}

static const struct rx_block_ops cow_ops = {
	.read = cow_read,
	.write = cow_write,
	.flush = cow_flush,
	.fini = cow_fini,
};

rax_status rx_block_cow_new(struct rx_block **blk, struct rx_block *base,
			    uint64_t sectors, rax_error *err)
{
	struct cow *c;

	*blk = NULL;
	if (base)
		sectors = base->sectors;
	if (!sectors || sectors > MAX_SECTORS)
		return rx_err(err, RAX_ERANGE, "disk: bad number of sectors");
	c = calloc(1, sizeof(*c));
	if (!c)
		return rx_err(err, RAX_ENOMEM, "disk: no memory");
	c->base = base;
	c->ntables = ((sectors - 1) >> (CLUSTER_BITS + TABLE_BITS)) + 1;
	c->dir = calloc(c->ntables, sizeof(*c->dir));
	if (!c->dir) {
		free(c);
		return rx_err(err, RAX_ENOMEM, "disk: no memory");
	}
	c->blk.ops = &cow_ops;
	c->blk.sectors = sectors;
	if (base)
		memcpy(c->blk.id, base->id, sizeof(c->blk.id));
	*blk = &c->blk;
	return RAX_OK;
}
