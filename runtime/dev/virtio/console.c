/* console.c - virtio console with one port. SPDX-License-Identifier: MIT
 *
 * Virtual I/O Device 1.2, 5.3.
 */
#include "base/bits.h"
#include "dev/devices.h"
#include "dev/virtio/virtio.h"
#include "io/char.h"

#define F_EMERG_WRITE (UINT64_C(1) << 2)

enum { RX_QUEUE = 0, TX_QUEUE = 1 };
enum { CFG_EMERG = 8, CFG_SIZE = 12 };

#define CHUNK 512
#define MAX_OUTPUT (UINT64_C(1) << 20)	/* of one chain */

struct console {
	struct rx_virtio v;
	/*
	 * The driver has sent something. Before, input waits: drivers throw
	 * away what comes between setting up the queues and their console.
	 */
	uint8_t spoken;

	struct rx_char *chr;
	struct rx_char_user user;
};

static const struct rx_field fields[] = {
	RX_VIRTIO_FIELDS(struct console),
	RX_FIELD(struct console, spoken, 0, 1, 0),
};

static void receive(struct rx_dev *dev)
{
	struct console *con = dev->state;
	struct rx_virtio_chain c;
	bool any = false;

	while (con->spoken && rx_virtio_pop(dev, RX_QUEUE, &c)) {
		uint8_t buf[CHUNK];
		const size_t room = c.in_len < CHUNK ? (size_t)c.in_len : CHUNK;
		const size_t n = rx_char_read(con->chr, &con->user, buf, room);

		if (!n) {
			rx_virtio_unpop(dev, RX_QUEUE);
			break;
		}
		rx_virtio_put(dev, &c, 0, buf, n);
		rx_virtio_push(dev, RX_QUEUE, &c, (uint32_t)n);
		any = true;
	}
	if (any)
		rx_virtio_signal(dev, RX_QUEUE);
}

static void transmit(struct rx_dev *dev)
{
	struct console *con = dev->state;
	struct rx_virtio_chain c;
	bool any = false;

	while (rx_virtio_pop(dev, TX_QUEUE, &c)) {
		uint8_t buf[CHUNK];

		if (c.out_len > MAX_OUTPUT) {
			rx_virtio_broken(dev);
			return;
		}
		for (uint64_t at = 0; at < c.out_len; at += CHUNK) {
			const size_t n = c.out_len - at < CHUNK ?
					 (size_t)(c.out_len - at) : CHUNK;

			if (!rx_virtio_get(dev, &c, at, buf, n))
				break;
			rx_char_write(con->chr, &con->user, buf, n);
		}
		rx_virtio_push(dev, TX_QUEUE, &c, 0);
		any = true;
	}
	if (!any)
		return;
	rx_virtio_signal(dev, TX_QUEUE);
	if (!con->spoken) {
		con->spoken = 1;
		receive(dev);
	}
}

static void console_notify(struct rx_dev *dev, unsigned q)
{
	if (q == TX_QUEUE)
		transmit(dev);
	else
		receive(dev);
}

static void input_arrived(void *opaque)
{
	receive(opaque);
}

static void config_write(struct rx_dev *dev, unsigned offset, unsigned size,
			 uint32_t value)
{
	struct console *con = dev->state;
	const uint8_t byte = (uint8_t)value;

	(void)size;
	if (offset == CFG_EMERG)
		rx_char_write(con->chr, &con->user, &byte, 1);
}

static const struct rx_virtio_ops console_ops = {
	.device_id = 3, .nqueues = 2, .config_size = CFG_SIZE,
	.notify = console_notify, .config_write = config_write,
};

static const struct rx_dev_class console_class = {
	.name = "virtio-console", .help = "virtio console", .version = 1,
	.state_size = sizeof(struct console),
	.fields = fields, .nfields = RX_ARRAY_LEN(fields),
	RX_VIRTIO_CLASS(rx_virtio_mmio_reset),
};

struct rx_dev *rx_virtio_console_new(struct rx_vm *vm, struct rx_char *chr)
{
	struct rx_dev *dev = rx_vm_new_dev(vm, &console_class);
	struct console *con;

	if (!dev)
		return NULL;
	con = dev->state;
	con->chr = chr;
	con->user.notify = input_arrived;
	con->user.opaque = dev;
	rx_char_attach(chr, &con->user);
	rx_virtio_init(dev, &console_ops, F_EMERG_WRITE);
	return dev;
}
