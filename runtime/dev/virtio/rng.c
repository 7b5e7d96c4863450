/* rng.c - virtio entropy device. SPDX-License-Identifier: MIT
 *
 * Virtual I/O Device 1.2, 5.4. From the host's getrandom(), or from a seeded
 * generator (xoshiro256**, Blackman and Vigna) whose state is a part of the
 * machine's, so that a run repeats.
 */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/bits.h"
#include "dev/devices.h"
#include "dev/virtio/virtio.h"

#define CHUNK 256
#define MAX_REQUEST 65536	/* a driver asks again for more */

struct rng {
	struct rx_virtio v;
	uint64_t s[4];		/* of the seeded generator */

	bool seeded;
	uint64_t seed;
};

static const struct rx_field fields[] = {
	RX_VIRTIO_FIELDS(struct rng),
	RX_FIELD_ARRAY(struct rng, s, 0, UINT64_MAX, 0),
};

/* Fills the state from one word (splitmix64), as the generator's authors advise. */
static void start(struct rng *r)
{
	uint64_t x = r->seed;

	for (unsigned i = 0; i < 4; i++) {
		uint64_t z = x += UINT64_C(0x9e3779b97f4a7c15);

		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		r->s[i] = z ^ z >> 31;
	}
}

static uint64_t rotl(uint64_t v, unsigned n)
{
	return v << n | v >> (64 - n);
}

static uint64_t next(uint64_t s[4])
{
	const uint64_t result = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

static bool fill(struct rng *r, uint8_t *buf, size_t len)
{
	size_t done = 0;

	if (r->seeded) {
		/* Whole words: the stream does not depend on request sizes mod 8. */
		for (; done < len; done += 8) {
			uint8_t word[8];
			const size_t n = len - done < 8 ? len - done : 8;

			rx_put_le64(word, next(r->s));
			memcpy(buf + done, word, n);
		}
		return true;
	}
	while (done < len) {
		const ssize_t n = getrandom(buf + done, len - done, 0);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			done += (size_t)n;
	}
	return true;
}

static void rng_notify(struct rx_dev *dev, unsigned q)
{
	struct rng *r = dev->state;
	struct rx_virtio_chain c;
	bool any = false;

	while (rx_virtio_pop(dev, q, &c)) {
		const size_t want = c.in_len < MAX_REQUEST ? (size_t)c.in_len
							   : MAX_REQUEST;
		uint8_t buf[CHUNK];
		size_t at = 0;

		while (at < want) {
			const size_t n = want - at < CHUNK ? want - at : CHUNK;

			if (!fill(r, buf, n) || !rx_virtio_put(dev, &c, at, buf, n))
				break;
			at += n;
		}
		rx_virtio_push(dev, q, &c, (uint32_t)at);
		any = true;
	}
	if (any)
		rx_virtio_signal(dev, q);
}

static const struct rx_virtio_ops rng_ops = {
	.device_id = 4, .nqueues = 1, .notify = rng_notify,
};

/* The machine's reset starts the sequence again; the driver's does not. */
static void rng_reset(struct rx_dev *dev)
{
	struct rng *r = dev->state;

	rx_virtio_mmio_reset(dev);
	start(r);
}

static const struct rx_dev_class rng_class = {
	.name = "virtio-rng", .help = "virtio entropy source", .version = 1,
	.state_size = sizeof(struct rng),
	.fields = fields, .nfields = RX_ARRAY_LEN(fields),
	RX_VIRTIO_CLASS(rng_reset),
};

struct rx_dev *rx_virtio_rng_new(struct rx_vm *vm, bool seeded, uint64_t seed)
{
	struct rx_dev *dev = rx_vm_new_dev(vm, &rng_class);
	struct rng *r;

	if (!dev)
		return NULL;
	r = dev->state;
	r->seeded = seeded;
	r->seed = seed;
	start(r);
	rx_virtio_init(dev, &rng_ops, 0);
	return dev;
}
