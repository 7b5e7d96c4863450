/* blk.c - virtio block device. SPDX-License-Identifier: MIT
 *
 * Virtual I/O Device 1.2, 5.2. Requests are served when they are notified;
 * data goes through a bounce buffer, since no pointer into guest memory
 * leaves core/mem.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "dev/devices.h"
#include "dev/virtio/virtio.h"
#include "io/block.h"

#define F_SIZE_MAX (UINT64_C(1) << 1)
#define F_SEG_MAX (UINT64_C(1) << 2)
#define F_RO (UINT64_C(1) << 5)
#define F_BLK_SIZE (UINT64_C(1) << 6)
#define F_FLUSH (UINT64_C(1) << 9)

enum { T_IN = 0, T_OUT = 1, T_FLUSH = 4, T_GET_ID = 8 };
enum { S_OK = 0, S_IOERR = 1, S_UNSUPP = 2 };

enum { HEADER = 16, ID_BYTES = 20 };
enum {	/* configuration space (5.2.4) */
	CFG_CAPACITY = 0, CFG_SIZE_MAX = 8, CFG_SEG_MAX = 12,
	CFG_BLK_SIZE = 20, CFG_SIZE = 24,
};

#define BOUNCE 65536u
/* Header and status take two of a chain's descriptors. */
#define SEG_MAX (RX_VIRTIO_QUEUE_MAX - 2)
/* One request must not keep the machine busy for long. */
#define MAX_REQUEST ((uint64_t)SEG_MAX * BOUNCE)

struct blk {
	struct rx_virtio v;

	struct rx_block *blk;
	uint8_t bounce[BOUNCE];
};

static const struct rx_field fields[] = { RX_VIRTIO_FIELDS(struct blk) };

/* Data sizes are whole sectors and inside the disk, or nothing is done. */
static bool size_ok(const struct blk *b, uint64_t sector, uint64_t bytes)
{
	return bytes % RX_SECTOR == 0 && bytes <= MAX_REQUEST &&
	       rx_range_in(0, b->blk->sectors, sector, bytes / RX_SECTOR);
}

static uint8_t do_in(struct rx_dev *dev, const struct rx_virtio_chain *c,
		     uint64_t sector, uint64_t bytes)
{
	struct blk *b = dev->state;

	if (!size_ok(b, sector, bytes))
		return S_IOERR;
	for (uint64_t at = 0; at < bytes; at += BOUNCE) {
		const size_t n = bytes - at < BOUNCE ? (size_t)(bytes - at) : BOUNCE;

		if (rx_block_read(b->blk, sector + at / RX_SECTOR, b->bounce,
				  n / RX_SECTOR) != RAX_OK ||
		    !rx_virtio_put(dev, c, at, b->bounce, n))
			return S_IOERR;
	}
	return S_OK;
}

static uint8_t do_out(struct rx_dev *dev, const struct rx_virtio_chain *c,
		      uint64_t sector, uint64_t bytes)
{
	struct blk *b = dev->state;

	if (!size_ok(b, sector, bytes))
		return S_IOERR;
	for (uint64_t at = 0; at < bytes; at += BOUNCE) {
		const size_t n = bytes - at < BOUNCE ? (size_t)(bytes - at) : BOUNCE;

		if (!rx_virtio_get(dev, c, HEADER + at, b->bounce, n) ||
		    rx_block_write(b->blk, sector + at / RX_SECTOR, b->bounce,
				   n / RX_SECTOR) != RAX_OK)
			return S_IOERR;
	}
	/* A driver that cannot flush expects writes to be stable (5.2.6.2). */
	if (!(b->v.driver_features & F_FLUSH) && rx_block_flush(b->blk) != RAX_OK)
		return S_IOERR;
	return S_OK;
}

/* Serves one request; returns the bytes written to its buffers. */
static uint32_t request(struct rx_dev *dev, const struct rx_virtio_chain *c)
{
	struct blk *b = dev->state;
	uint8_t header[HEADER], status = S_UNSUPP;
	uint64_t sector, in_data = 0;

	/* No status byte, or no header: nothing that could be answered. */
	if (!c->in_len || !rx_virtio_get(dev, c, 0, header, HEADER)) {
		rx_virtio_broken(dev);
		return 0;
	}
	sector = rx_get_le64(header + 8);
	switch (rx_get_le32(header)) {
	case T_IN:
		in_data = c->in_len - 1;
		status = do_in(dev, c, sector, in_data);
		break;
	case T_OUT:
		status = do_out(dev, c, sector, c->out_len - HEADER);
		break;
	case T_FLUSH:
		status = rx_block_flush(b->blk) == RAX_OK ? S_OK : S_IOERR;
		break;
	case T_GET_ID:
		in_data = c->in_len - 1 < ID_BYTES ? c->in_len - 1 : ID_BYTES;
		status = rx_virtio_put(dev, c, 0, b->blk->id, in_data) ? S_OK : S_IOERR;
		break;
	default:
		break;
	}
	/* The status is the last byte (5.2.6). */
	rx_virtio_put(dev, c, c->in_len - 1, &status, 1);
	return status == S_OK ? (uint32_t)in_data + 1 : 1;
}

static void blk_notify(struct rx_dev *dev, unsigned q)
{
	struct rx_virtio_chain c;
	bool any = false;

	while (rx_virtio_pop(dev, q, &c)) {
		const uint32_t written = request(dev, &c);

		rx_virtio_push(dev, q, &c, written);
		any = true;
	}
	if (any)
		rx_virtio_signal(dev, q);
}

static const struct rx_virtio_ops blk_ops = {
	.device_id = 2, .nqueues = 1, .config_size = CFG_SIZE,
	.notify = blk_notify,
};

static const struct rx_dev_class blk_class = {
	.name = "virtio-blk", .help = "virtio disk", .version = 1,
	.state_size = sizeof(struct blk),
	.fields = fields, .nfields = RX_ARRAY_LEN(fields),
	RX_VIRTIO_CLASS(rx_virtio_mmio_reset),
};

struct rx_dev *rx_virtio_blk_new(struct rx_vm *vm, struct rx_block *blk)
{
	struct rx_dev *dev = rx_vm_new_dev(vm, &blk_class);
	struct blk *b;

	if (!dev)
		return NULL;
	b = dev->state;
	b->blk = blk;
	rx_virtio_init(dev, &blk_ops, F_SIZE_MAX | F_SEG_MAX | F_BLK_SIZE | F_FLUSH |
		       (blk->read_only ? F_RO : 0));
	rx_put_le64(b->v.config + CFG_CAPACITY, blk->sectors);
	rx_put_le32(b->v.config + CFG_SIZE_MAX, BOUNCE);
	rx_put_le32(b->v.config + CFG_SEG_MAX, SEG_MAX);
	rx_put_le32(b->v.config + CFG_BLK_SIZE, RX_SECTOR);
	return dev;
}
