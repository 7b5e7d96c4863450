/* bus.c - MMIO dispatch. SPDX-License-Identifier: MIT */
#include "core/bus.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/compiler.h"

rax_status rx_bus_add(struct rx_bus *bus, struct rx_dev *dev, rax_error *err)
{
	unsigned k = 0;

	if (!dev->size || dev->base + (dev->size - 1) < dev->base)
		return rx_err(err, RAX_ERANGE,
			      "device %s: 0x%llx bytes at 0x%llx are no range "
			      "of addresses", dev->cls->name,
			      (unsigned long long)dev->size,
			      (unsigned long long)dev->base);
	if (bus->n == RX_BUS_MAX)
		return rx_err(err, RAX_ERANGE,
			      "device %s: the bus has room for %d devices only",
			      dev->cls->name, RX_BUS_MAX);
	while (k < bus->n && bus->dev[k]->base < dev->base)
		k++;
	for (unsigned j = k ? k - 1 : 0; j < bus->n && j <= k; j++) {
		const struct rx_dev *d = bus->dev[j];

		if (d->base <= dev->base + (dev->size - 1) &&
		    dev->base <= d->base + (d->size - 1))
			return rx_err(err, RAX_ERANGE,
				      "device %s at 0x%llx overlaps device %s "
				      "at 0x%llx", dev->cls->name,
				      (unsigned long long)dev->base,
				      d->cls->name,
				      (unsigned long long)d->base);
	}
	memmove(&bus->dev[k + 1], &bus->dev[k],
		(bus->n - k) * sizeof(bus->dev[0]));
	bus->dev[k] = dev;
	bus->n++;
	return RAX_OK;
}

/* The device that takes this access: whole, aligned, of a width it knows. */
static struct rx_dev *find(const struct rx_bus *bus, uint64_t pa, unsigned size)
{
	unsigned lo = 0, hi = bus->n;
	struct rx_dev *dev;

	while (lo < hi) {	/* the first that starts behind pa */
		const unsigned mid = (lo + hi) / 2;

		if (bus->dev[mid]->base <= pa)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo)
		return NULL;
	dev = bus->dev[lo - 1];
	if (!rx_range_in(dev->base, dev->size, pa, size) ||
	    !(dev->cls->access_sizes & size) || (pa & (size - 1)) || dev->busy)
		return NULL;
	return dev;
}

bool rx_bus_read(struct rx_bus *bus, uint64_t pa, unsigned size,
		 uint64_t *value)
{
	struct rx_dev *dev = find(bus, pa, size);

	if (!dev)
		return false;
	dev->busy = true;
	*value = dev->cls->read(dev, pa - dev->base, size) & rx_ones(size * 8);
	dev->busy = false;
	return true;
}

bool rx_bus_write(struct rx_bus *bus, uint64_t pa, unsigned size,
		  uint64_t value)
{
	struct rx_dev *dev = find(bus, pa, size);

	if (!dev)
		return false;
	dev->busy = true;
	dev->cls->write(dev, pa - dev->base, size, value & rx_ones(size * 8));
	dev->busy = false;
	return true;
}
