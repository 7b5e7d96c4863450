/* virtio.h - virtio-mmio transport and split queues. SPDX-License-Identifier: MIT
 *
 * After Virtual I/O Device 1.2. Every value that the guest provides is
 * checked where it is used; what is wrong makes the device ask for a reset
 * (DEVICE_NEEDS_RESET) and stop until it comes.
 */
#ifndef RX_DEV_VIRTIO_VIRTIO_H
#define RX_DEV_VIRTIO_VIRTIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/bus.h"
#include "core/vm.h"

#define RX_VIRTIO_QUEUES 2
#define RX_VIRTIO_QUEUE_MAX 256		/* entries; also of a chain */

/* Feature bits of the transport (6) */
#define RX_VIRTIO_F_INDIRECT_DESC (UINT64_C(1) << 28)
#define RX_VIRTIO_F_EVENT_IDX (UINT64_C(1) << 29)
#define RX_VIRTIO_F_VERSION_1 (UINT64_C(1) << 32)

enum {	/* device status (2.1) */
	RX_VIRTIO_DRIVER_OK = 4, RX_VIRTIO_FEATURES_OK = 8,
	RX_VIRTIO_NEEDS_RESET = 0x40,
};

/* What a device behind the transport is. */
struct rx_virtio_ops {
	uint32_t device_id;	/* 0: nothing behind this transport */
	unsigned nqueues;
	unsigned config_size;	/* bytes, at most RX_VIRTIO_CONFIG */
	/* The driver has put buffers into queue q. */
	void (*notify)(struct rx_dev *dev, unsigned q);
	/* A write to the configuration space; may be NULL. */
	void (*config_write)(struct rx_dev *dev, unsigned offset, unsigned size,
			     uint32_t value);
};

#define RX_VIRTIO_CONFIG 64

/* First member of every virtio device's state. */
struct rx_virtio {
	uint32_t status, interrupt;
	uint32_t device_sel, driver_sel, queue_sel;
	uint64_t driver_features;
	/* Queues, one element each */
	uint16_t num[RX_VIRTIO_QUEUES];
	uint8_t ready[RX_VIRTIO_QUEUES];
	uint64_t desc[RX_VIRTIO_QUEUES], avail[RX_VIRTIO_QUEUES],
		 used[RX_VIRTIO_QUEUES];
	uint16_t avail_idx[RX_VIRTIO_QUEUES];	/* entries taken */
	uint16_t used_idx[RX_VIRTIO_QUEUES];	/* entries returned */
	uint16_t signalled[RX_VIRTIO_QUEUES];	/* used_idx at the last interrupt */
	uint8_t signalled_valid[RX_VIRTIO_QUEUES];

	/* Set once by the device */
	const struct rx_virtio_ops *ops;
	uint64_t features;	/* offered, with the transport's */
	uint8_t config[RX_VIRTIO_CONFIG];
};

/* The rows of its field table: for a type with a member `struct rx_virtio v`. */
#define RX_VIRTIO_FIELDS(type) \
	RX_FIELD(type, v.status, 0, 0xff, 0), \
	RX_FIELD(type, v.interrupt, 0, 3, 0), \
	RX_FIELD(type, v.device_sel, 0, UINT32_MAX, 0), \
	RX_FIELD(type, v.driver_sel, 0, UINT32_MAX, 0), \
	RX_FIELD(type, v.queue_sel, 0, UINT32_MAX, 0), \
	RX_FIELD(type, v.driver_features, 0, UINT64_MAX, 0), \
	RX_FIELD_ARRAY(type, v.num, 0, RX_VIRTIO_QUEUE_MAX, 0), \
	RX_FIELD_ARRAY(type, v.ready, 0, 1, 0), \
	RX_FIELD_ARRAY(type, v.desc, 0, UINT64_MAX, 0), \
	RX_FIELD_ARRAY(type, v.avail, 0, UINT64_MAX, 0), \
	RX_FIELD_ARRAY(type, v.used, 0, UINT64_MAX, 0), \
	RX_FIELD_ARRAY(type, v.avail_idx, 0, UINT16_MAX, 0), \
	RX_FIELD_ARRAY(type, v.used_idx, 0, UINT16_MAX, 0), \
	RX_FIELD_ARRAY(type, v.signalled, 0, UINT16_MAX, 0), \
	RX_FIELD_ARRAY(type, v.signalled_valid, 0, 1, 0)

/* The transport's part of a device class (mmio.c). */
uint64_t rx_virtio_mmio_read(struct rx_dev *dev, uint64_t offset, unsigned size);
void rx_virtio_mmio_write(struct rx_dev *dev, uint64_t offset, unsigned size,
			  uint64_t value);
void rx_virtio_mmio_reset(struct rx_dev *dev);
rax_status rx_virtio_mmio_post_load(struct rx_dev *dev, rax_error *err);
rax_status rx_virtio_mmio_fdt(struct rx_dev *dev, void *fdt, int soc);
#define RX_VIRTIO_CLASS(reset_) \
	.access_sizes = 1 | 2 | 4 | 8, .reset = reset_, \
	.read = rx_virtio_mmio_read, .write = rx_virtio_mmio_write, \
	.fdt = rx_virtio_mmio_fdt, .post_load = rx_virtio_mmio_post_load

/* Sets up the transport of a new device. */
void rx_virtio_init(struct rx_dev *dev, const struct rx_virtio_ops *ops,
		    uint64_t features);
/* The guest broke the rules: stop until it resets the device. */
void rx_virtio_broken(struct rx_dev *dev);
static inline bool rx_virtio_live(const struct rx_virtio *v)
{
	return (v->status & (RX_VIRTIO_DRIVER_OK | RX_VIRTIO_NEEDS_RESET)) ==
	       RX_VIRTIO_DRIVER_OK;
}
/* Raises interrupt bits (1: used buffer, 2: configuration). */
void rx_virtio_interrupt(struct rx_dev *dev, uint32_t bits);

/*
 * Queues (queue.c). A chain's segments are checked: each lies in RAM and is
 * not empty, those the device may read come before those it may write.
 */
struct rx_virtio_seg {
	uint64_t addr;
	uint32_t len;
};
struct rx_virtio_chain {
	uint16_t head;
	unsigned nout, nin;			/* segments to read, to write */
	uint64_t out_len, in_len;		/* their bytes */
	struct rx_virtio_seg seg[RX_VIRTIO_QUEUE_MAX];	/* nout, then nin */
};

/* Can the rings of queue q be used? */
bool rx_virtio_queue_valid(struct rx_dev *dev, unsigned q);
/* Takes the next chain; false: none, or the device is broken now. */
bool rx_virtio_pop(struct rx_dev *dev, unsigned q, struct rx_virtio_chain *chain);
/* Gives the last chain back to the queue, as if it had not been popped. */
void rx_virtio_unpop(struct rx_dev *dev, unsigned q);
/*
 * Copies len bytes from (to) the readable (writable) segments, from byte at
 * on. false: they do not have that many; nothing is copied then.
 */
bool rx_virtio_get(struct rx_dev *dev, const struct rx_virtio_chain *chain,
		   uint64_t at, void *buf, size_t len);
bool rx_virtio_put(struct rx_dev *dev, const struct rx_virtio_chain *chain,
		   uint64_t at, const void *buf, size_t len);
/* Returns a chain, of which written bytes were written to. */
void rx_virtio_push(struct rx_dev *dev, unsigned q,
		    const struct rx_virtio_chain *chain, uint32_t written);
/* After pushing: interrupts the driver if it wants to know. */
void rx_virtio_signal(struct rx_dev *dev, unsigned q);

#endif
