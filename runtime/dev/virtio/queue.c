/* queue.c - the walker of split virtqueues. SPDX-License-Identifier: MIT
 *
 * Virtual I/O Device 1.2, 2.7. All that the rings and descriptors say comes
 * from the guest, and another hart may change it at any time: each value is
 * read once, checked, and used.
 */
#include <string.h>

#include "base/bits.h"
#include "dev/virtio/virtio.h"

enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4, DESC_SIZE = 16 };
enum { AVAIL_NO_INTERRUPT = 1 };

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

static bool read16(struct rx_dev *dev, uint64_t pa, uint16_t *value)
{
	uint8_t b[2];

	if (rx_mem_read(&dev->vm->mem, pa, b, sizeof(b)) != RAX_OK)
		return false;
	*value = rx_get_le16(b);
	return true;
}

static bool write16(struct rx_dev *dev, uint64_t pa, uint16_t value)
{
	uint8_t b[2];

	rx_put_le16(b, value);
	return rx_mem_write(&dev->vm->mem, pa, b, sizeof(b)) == RAX_OK;
}

static bool read_desc(struct rx_dev *dev, uint64_t table, unsigned i,
		      struct desc *d)
{
	uint8_t b[DESC_SIZE];

	if (rx_mem_read(&dev->vm->mem, table + (uint64_t)i * DESC_SIZE, b,
			sizeof(b)) != RAX_OK)
		return false;
	d->addr = rx_get_le64(b);
	d->len = rx_get_le32(b + 8);
	d->flags = rx_get_le16(b + 12);
	d->next = rx_get_le16(b + 14);
	return true;
}

bool rx_virtio_queue_valid(struct rx_dev *dev, unsigned q)
{
	const struct rx_virtio *v = dev->state;
	const struct rx_mem *mem = &dev->vm->mem;
	const uint64_t num = v->num[q];

	/* 2.7: a power of two; rings aligned and, here, all in RAM. */
	return rx_is_pow2(num) && num <= RX_VIRTIO_QUEUE_MAX &&
	       v->desc[q] % 16 == 0 && v->avail[q] % 2 == 0 &&
	       v->used[q] % 4 == 0 &&
	       rx_mem_find(mem, v->desc[q], num * DESC_SIZE) &&
	       rx_mem_find(mem, v->avail[q], 6 + 2 * num) &&
	       rx_mem_find(mem, v->used[q], 6 + 8 * num);
}

static bool add_segment(struct rx_dev *dev, struct rx_virtio_chain *c,
			const struct desc *d)
{
	const bool in = d->flags & DESC_WRITE;

	if (!d->len || c->nout + c->nin == RX_VIRTIO_QUEUE_MAX ||
	    !rx_mem_find(&dev->vm->mem, d->addr, d->len))
		return false;
	if (!in && c->nin)
		return false;	/* 2.7.4.2: readable ones come first */
	c->seg[c->nout + c->nin] = (struct rx_virtio_seg){ d->addr, d->len };
	if (in) {
		c->nin++;
		c->in_len += d->len;
	} else {
		c->nout++;
		c->out_len += d->len;
	}
	return true;
}

/*
 * Follows a chain through a table of n descriptors. A chain has at most as
 * many descriptors as its table, so that a loop ends.
 */
static bool walk(struct rx_dev *dev, struct rx_virtio_chain *c, uint64_t table,
		 unsigned n, unsigned first, bool indirect)
{
	const struct rx_virtio *v = dev->state;
	unsigned i = first;

	for (unsigned left = n; left; left--) {
		struct desc d;

		if (i >= n || !read_desc(dev, table, i, &d))
			return false;
		if (d.flags & DESC_INDIRECT) {
			/* 2.7.5.3.1: not nested, the last of its chain */
			if (indirect || (d.flags & DESC_NEXT) || !d.len ||
			    !(v->driver_features & RX_VIRTIO_F_INDIRECT_DESC) ||
			    d.len % DESC_SIZE ||
			    d.len / DESC_SIZE > RX_VIRTIO_QUEUE_MAX ||
			    !rx_mem_find(&dev->vm->mem, d.addr, d.len))
				return false;
			return walk(dev, c, d.addr, d.len / DESC_SIZE, 0, true);
		}
		if (!add_segment(dev, c, &d))
			return false;
		if (!(d.flags & DESC_NEXT))
			return true;
		i = d.next;
	}
	return false;
}

bool rx_virtio_pop(struct rx_dev *dev, unsigned q, struct rx_virtio_chain *c)
{
	struct rx_virtio *v = dev->state;
	const unsigned num = v->num[q];
	uint16_t idx, waiting;

	if (!rx_virtio_live(v) || !v->ready[q])
		return false;
	if (!read16(dev, v->avail[q] + 2, &idx))
		goto broken;
	waiting = (uint16_t)(idx - v->avail_idx[q]);
	if (waiting > num)
		goto broken;
	if ((v->driver_features & RX_VIRTIO_F_EVENT_IDX) && !waiting) {
		/* 2.7.10: ask for a notification of the next one, look again. */
		if (!write16(dev, v->used[q] + 4 + 8 * (uint64_t)num,
			     v->avail_idx[q]))
			goto broken;
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (!read16(dev, v->avail[q] + 2, &idx))
			goto broken;
		waiting = (uint16_t)(idx - v->avail_idx[q]);
		if (waiting > num)
			goto broken;
	}
	if (!waiting)
		return false;
	/* The ring entry is read after the index that covers it. */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	c->nout = c->nin = 0;
	c->out_len = c->in_len = 0;
	if (!read16(dev, v->avail[q] + 4 + 2 * (uint64_t)(v->avail_idx[q] & (num - 1)),
		    &c->head))
		goto broken;
	v->avail_idx[q]++;
	if (walk(dev, c, v->desc[q], num, c->head, false))
		return true;
broken:
	rx_virtio_broken(dev);
	return false;
}

void rx_virtio_unpop(struct rx_dev *dev, unsigned q)
{
	((struct rx_virtio *)dev->state)->avail_idx[q]--;
}

/* Copies between buf and the n segments at seg. */
static bool copy(struct rx_dev *dev, const struct rx_virtio_seg *seg, unsigned n,
		 uint64_t at, uint8_t *to, const uint8_t *from, size_t len)
{
	struct rx_mem *mem = &dev->vm->mem;

	for (unsigned i = 0; i < n && len; i++) {
		const uint64_t pa = seg[i].addr + at;
		size_t part = len;
		rax_status status;

		if (at >= seg[i].len) {
			at -= seg[i].len;
			continue;
		}
		if (part > seg[i].len - at)
			part = (size_t)(seg[i].len - at);
		if (to)
			status = rx_mem_read(mem, pa, to, part);
		else
			status = rx_mem_write(mem, pa, from, part);
		if (status != RAX_OK)
			return false;
		if (to)
			to += part;
		else
			from += part;
		len -= part;
		at = 0;
	}
	return !len;
}

bool rx_virtio_get(struct rx_dev *dev, const struct rx_virtio_chain *c,
		   uint64_t at, void *buf, size_t len)
{
	return rx_range_in(0, c->out_len, at, len) &&
	       copy(dev, c->seg, c->nout, at, buf, NULL, len);
}

bool rx_virtio_put(struct rx_dev *dev, const struct rx_virtio_chain *c,
		   uint64_t at, const void *buf, size_t len)
{
	return rx_range_in(0, c->in_len, at, len) &&
	       copy(dev, c->seg + c->nout, c->nin, at, NULL, buf, len);
}

void rx_virtio_push(struct rx_dev *dev, unsigned q,
		    const struct rx_virtio_chain *c, uint32_t written)
{
	struct rx_virtio *v = dev->state;
	const uint64_t slot = v->used_idx[q] & (v->num[q] - 1u);
	uint8_t elem[8];

	if (!rx_virtio_live(v) || !v->ready[q])
		return;
	rx_put_le32(elem, c->head);
	rx_put_le32(elem + 4, written);
	if (rx_mem_write(&dev->vm->mem, v->used[q] + 4 + 8 * slot, elem,
			 sizeof(elem)) != RAX_OK) {
		rx_virtio_broken(dev);
		return;
	}
	/* The element and the data are there before the index says so. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	if (!write16(dev, v->used[q] + 2, (uint16_t)(v->used_idx[q] + 1))) {
		rx_virtio_broken(dev);
		return;
	}
	v->used_idx[q]++;
}

/* Has used_idx passed the driver's used_event since the last interrupt? (2.7.10) */
static bool wants_event(struct rx_virtio *v, unsigned q, uint16_t event)
{
	const uint16_t now = v->used_idx[q], old = v->signalled[q];
	const bool valid = v->signalled_valid[q];

	v->signalled[q] = now;
	v->signalled_valid[q] = 1;
	return !valid || (uint16_t)(now - event - 1) < (uint16_t)(now - old);
}

void rx_virtio_signal(struct rx_dev *dev, unsigned q)
{
	struct rx_virtio *v = dev->state;
	uint16_t value;
	bool wanted;

	if (!rx_virtio_live(v) || !v->ready[q])
		return;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (v->driver_features & RX_VIRTIO_F_EVENT_IDX) {
		if (!read16(dev, v->avail[q] + 4 + 2 * (uint64_t)v->num[q], &value))
			goto broken;
		wanted = wants_event(v, q, value);
	} else {
		if (!read16(dev, v->avail[q], &value))
			goto broken;
		wanted = !(value & AVAIL_NO_INTERRUPT);
	}
	if (wanted)
		rx_virtio_interrupt(dev, 1);
	return;
broken:
	rx_virtio_broken(dev);
}
