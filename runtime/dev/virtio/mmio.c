/* mmio.c - virtio-mmio transport, version 2. SPDX-License-Identifier: MIT
 *
 * Virtual I/O Device 1.2, 4.2. The registers take accesses of 4 bytes (8 are
 * two of them), the configuration space any.
 */
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "dev/devices.h"
#include "dev/fdt_node.h"
#include "dev/virtio/virtio.h"

enum {
	MAGIC = 0x000, VERSION = 0x004, DEVICE_ID = 0x008, VENDOR_ID = 0x00c,
	DEVICE_FEATURES = 0x010, DEVICE_FEATURES_SEL = 0x014,
	DRIVER_FEATURES = 0x020, DRIVER_FEATURES_SEL = 0x024,
	QUEUE_SEL = 0x030, QUEUE_NUM_MAX = 0x034, QUEUE_NUM = 0x038,
	QUEUE_READY = 0x044, QUEUE_NOTIFY = 0x050,
	INTERRUPT_STATUS = 0x060, INTERRUPT_ACK = 0x064, STATUS = 0x070,
	QUEUE_DESC_LOW = 0x080, QUEUE_DESC_HIGH = 0x084,
	QUEUE_DRIVER_LOW = 0x090, QUEUE_DRIVER_HIGH = 0x094,
	QUEUE_DEVICE_LOW = 0x0a0, QUEUE_DEVICE_HIGH = 0x0a4,
	SHM_LEN_LOW = 0x0b0, SHM_LEN_HIGH = 0x0b4,
	SHM_BASE_LOW = 0x0b8, SHM_BASE_HIGH = 0x0bc,
	CONFIG_GENERATION = 0x0fc, CONFIG = 0x100,
};

#define MAGIC_VALUE 0x74726976	/* "virt" */
#define VENDOR_VALUE 0x78617200	/* "\0rax" */

#define TRANSPORT_FEATURES (RX_VIRTIO_F_VERSION_1 | \
			    RX_VIRTIO_F_INDIRECT_DESC | RX_VIRTIO_F_EVENT_IDX)

static void update_irq(struct rx_dev *dev)
{
	const struct rx_virtio *v = dev->state;

	rx_irq_set(&dev->irq, v->interrupt != 0);
}

void rx_virtio_interrupt(struct rx_dev *dev, uint32_t bits)
{
	struct rx_virtio *v = dev->state;

	v->interrupt |= bits;
	update_irq(dev);
}

void rx_virtio_broken(struct rx_dev *dev)
{
	struct rx_virtio *v = dev->state;

	rx_log_guest(&dev->vm->log, RX_LOG_DEV, RX_WARN,
		     "%s: the guest's queue is malformed; the device waits for a reset",
		     dev->cls->name);
	v->status |= RX_VIRTIO_NEEDS_RESET;
	if (v->status & RX_VIRTIO_DRIVER_OK)
		rx_virtio_interrupt(dev, 2);	/* 2.1.2 */
}

void rx_virtio_init(struct rx_dev *dev, const struct rx_virtio_ops *ops,
		    uint64_t features)
{
	struct rx_virtio *v = dev->state;

	v->ops = ops;
	v->features = features | TRANSPORT_FEATURES;
}

/* A reset by the driver: all fields of the device to their table's values. */
static void driver_reset(struct rx_dev *dev)
{
	struct rx_virtio *v = dev->state;
	struct rx_virtio fresh = {
		.ops = v->ops,
		.features = v->features,
		/* The selectors are the driver's cursor, not device state. */
		.device_sel = v->device_sel,
		.driver_sel = v->driver_sel,
		.queue_sel = v->queue_sel,
	};

	memcpy(fresh.config, v->config, sizeof(fresh.config));
	*v = fresh;
	update_irq(dev);
}

void rx_virtio_mmio_reset(struct rx_dev *dev)
{
	update_irq(dev);
}

rax_status rx_virtio_mmio_post_load(struct rx_dev *dev, rax_error *err)
{
	struct rx_virtio *v = dev->state;

	if (v->driver_features & ~v->features)
		return rx_err(err, RAX_EFORMAT,
			      "%s: features that it does not have", dev->cls->name);
	for (unsigned q = 0; q < RX_VIRTIO_QUEUES; q++) {
		if (v->ready[q] && (q >= v->ops->nqueues ||
				    !rx_virtio_queue_valid(dev, q)))
			return rx_err(err, RAX_EFORMAT, "%s: queue %u is malformed",
				      dev->cls->name, q);
	}
	update_irq(dev);
	return RAX_OK;
}

static void set_status(struct rx_dev *dev, uint32_t value)
{
	struct rx_virtio *v = dev->state;
	const uint32_t added = value & ~v->status;

	if (!value) {
		driver_reset(dev);
		return;
	}
	/* The driver sets bits only; NEEDS_RESET is the device's (2.1). */
	v->status |= value & 0xff & ~(uint32_t)RX_VIRTIO_NEEDS_RESET;
	/*
	 * Small drivers leave out VERSION_1, though they must not (6.1), and
	 * get along: nothing here depends on it.
	 */
	if ((added & RX_VIRTIO_FEATURES_OK) && (v->driver_features & ~v->features))
		v->status &= ~(uint32_t)RX_VIRTIO_FEATURES_OK;
	/* What was queued before the device was live needs no notification. */
	if ((added & RX_VIRTIO_DRIVER_OK) && rx_virtio_live(v)) {
		for (unsigned q = 0; q < v->ops->nqueues; q++) {
			if (v->ready[q])
				v->ops->notify(dev, q);
		}
	}
}

static void set_ready(struct rx_dev *dev, unsigned q, uint32_t value)
{
	struct rx_virtio *v = dev->state;

	if (!(value & 1)) {
		v->ready[q] = 0;
		return;
	}
	if (v->ready[q])
		return;
	if (!rx_virtio_queue_valid(dev, q)) {
		rx_virtio_broken(dev);
		return;
	}
	v->avail_idx[q] = v->used_idx[q] = 0;
	v->signalled[q] = v->signalled_valid[q] = 0;
	v->ready[q] = 1;
}

/* Registers of the selected queue; they keep still while it is in use. */
static void write_queue(struct rx_dev *dev, uint64_t reg, uint32_t value)
{
	struct rx_virtio *v = dev->state;
	const uint32_t q = v->queue_sel;

	if (q >= v->ops->nqueues)
		return;
	if (reg == QUEUE_READY) {
		set_ready(dev, q, value);
		return;
	}
	if (v->ready[q])
		return;
	switch (reg) {
	case QUEUE_NUM:
		/* 0 is refused when the queue is made ready. */
		v->num[q] = value <= RX_VIRTIO_QUEUE_MAX ? (uint16_t)value : 0;
		break;
	case QUEUE_DESC_LOW:
	case QUEUE_DESC_HIGH:
		v->desc[q] = rx_set_bits(v->desc[q], (reg & 4) * 8, 32, value);
		break;
	case QUEUE_DRIVER_LOW:
	case QUEUE_DRIVER_HIGH:
		v->avail[q] = rx_set_bits(v->avail[q], (reg & 4) * 8, 32, value);
		break;
	default:
		v->used[q] = rx_set_bits(v->used[q], (reg & 4) * 8, 32, value);
		break;
	}
}

static void write_reg(struct rx_dev *dev, uint64_t reg, uint32_t value)
{
	struct rx_virtio *v = dev->state;

	switch (reg) {
	case DEVICE_FEATURES_SEL:
		v->device_sel = value;
		break;
	case DRIVER_FEATURES_SEL:
		v->driver_sel = value;
		break;
	case DRIVER_FEATURES:
		if (v->driver_sel < 2 && !(v->status & RX_VIRTIO_FEATURES_OK))
			v->driver_features = rx_set_bits(v->driver_features,
							 v->driver_sel * 32, 32, value);
		break;
	case QUEUE_SEL:
		v->queue_sel = value;
		break;
	case QUEUE_NOTIFY:
		if (value < v->ops->nqueues && v->ready[value] && rx_virtio_live(v))
			v->ops->notify(dev, value);
		break;
	case INTERRUPT_ACK:
		v->interrupt &= ~value;
		update_irq(dev);
		break;
	case STATUS:
		set_status(dev, value);
		break;
	case QUEUE_NUM:
	case QUEUE_READY:
	case QUEUE_DESC_LOW:
	case QUEUE_DESC_HIGH:
	case QUEUE_DRIVER_LOW:
	case QUEUE_DRIVER_HIGH:
	case QUEUE_DEVICE_LOW:
	case QUEUE_DEVICE_HIGH:
		write_queue(dev, reg, value);
		break;
	default:
		break;
	}
}

static uint32_t read_reg(struct rx_dev *dev, uint64_t reg)
{
	const struct rx_virtio *v = dev->state;
	const bool queue = v->queue_sel < v->ops->nqueues;

	switch (reg) {
	case MAGIC:
		return MAGIC_VALUE;
	case VERSION:
		return 2;
	case DEVICE_ID:
		return v->ops->device_id;
	case VENDOR_ID:
		return VENDOR_VALUE;
	case DEVICE_FEATURES:
		return v->device_sel < 2 ?
		       (uint32_t)(v->features >> v->device_sel * 32) : 0;
	case QUEUE_NUM_MAX:
		return queue ? RX_VIRTIO_QUEUE_MAX : 0;
	case QUEUE_READY:
		return queue ? v->ready[v->queue_sel] : 0;
	case INTERRUPT_STATUS:
		return v->interrupt;
	case STATUS:
		return v->status;
	case SHM_LEN_LOW:	/* no such region: all ones (4.2.2) */
	case SHM_LEN_HIGH:
	case SHM_BASE_LOW:
	case SHM_BASE_HIGH:
		return UINT32_MAX;
	default:	/* CONFIG_GENERATION: the space never changes by itself */
		return 0;
	}
}

static uint64_t read_config(const struct rx_virtio *v, uint64_t at, unsigned size)
{
	uint8_t b[8] = { 0 };

	for (unsigned i = 0; i < size; i++) {
		if (at + i < v->ops->config_size)
			b[i] = v->config[at + i];
	}
	return rx_get_le64(b);
}

uint64_t rx_virtio_mmio_read(struct rx_dev *dev, uint64_t offset, unsigned size)
{
	const struct rx_virtio *v = dev->state;

	if (offset >= CONFIG)
		return read_config(v, offset - CONFIG, size);
	if (size == 8)
		return read_reg(dev, offset) |
		       (uint64_t)read_reg(dev, offset + 4) << 32;
	return size == 4 ? read_reg(dev, offset) : 0;
}

void rx_virtio_mmio_write(struct rx_dev *dev, uint64_t offset, unsigned size,
			  uint64_t value)
{
	const struct rx_virtio *v = dev->state;

	if (offset >= CONFIG) {
		offset -= CONFIG;
		if (v->ops->config_write && offset < v->ops->config_size &&
		    size <= v->ops->config_size - offset)
			v->ops->config_write(dev, (unsigned)offset, size,
					     (uint32_t)value);
	} else if (size >= 4) {
		write_reg(dev, offset, (uint32_t)value);
		if (size == 8)
			write_reg(dev, offset + 4, (uint32_t)(value >> 32));
	}
}

rax_status rx_virtio_mmio_fdt(struct rx_dev *dev, void *fdt, int soc)
{
	return rx_fdt_status(RX_FDT_NODE(dev, fdt, soc, "virtio_mmio",
					 "virtio,mmio"));
}

/* A transport with nothing behind it: drivers see device ID 0 and go on. */
struct none {
	struct rx_virtio v;
};

static const struct rx_field none_fields[] = { RX_VIRTIO_FIELDS(struct none) };
static const struct rx_virtio_ops none_ops = { 0 };

static const struct rx_dev_class none_class = {
	.name = "virtio-none", .help = "empty virtio-mmio slot", .version = 1,
	.state_size = sizeof(struct none),
	.fields = none_fields, .nfields = RX_ARRAY_LEN(none_fields),
	RX_VIRTIO_CLASS(rx_virtio_mmio_reset),
};

struct rx_dev *rx_virtio_none_new(struct rx_vm *vm)
{
	struct rx_dev *dev = rx_vm_new_dev(vm, &none_class);

	if (dev)
		rx_virtio_init(dev, &none_ops, 0);
	return dev;
}
