/* test_bus.c - MMIO dispatch and interrupt lines. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>

#include "core/bus.h"

struct log {
	unsigned reads, writes, size;
	uint64_t offset, value;
};

static struct rx_bus *reentered;

static uint64_t rd(struct rx_dev *dev, uint64_t offset, unsigned size)
{
	struct log *l = dev->state;

	l->reads++;
	l->offset = offset;
	l->size = size;
	return UINT64_C(0x1122334455667788);
}

static void wr(struct rx_dev *dev, uint64_t offset, unsigned size,
	       uint64_t value)
{
	struct log *l = dev->state;
	uint64_t v;

	l->writes++;
	l->offset = offset;
	l->size = size;
	l->value = value;
	if (reentered)
		CU_ASSERT_FALSE(rx_bus_read(reentered, dev->base, 4, &v));
}

static const struct rx_dev_class bytes = {
	.name = "bytes", .access_sizes = 1 | 4, .read = rd, .write = wr,
};

static struct log logs[RX_BUS_MAX + 1];

static void make(struct rx_dev *dev, unsigned k, uint64_t base, uint64_t size)
{
	memset(dev, 0, sizeof(*dev));
	memset(&logs[k], 0, sizeof(logs[k]));
	dev->cls = &bytes;
	dev->state = &logs[k];
	dev->base = base;
	dev->size = size;
}

static void dispatch(void)
{
	struct rx_bus bus = { 0 };
	struct rx_dev dev[3];
	uint64_t v = 0;

	make(&dev[0], 0, 0x3000, 0x100);
	make(&dev[1], 1, 0x1000, 0x1000);
	make(&dev[2], 2, 0x2000, 8);
	for (unsigned k = 0; k < 3; k++)
		CU_ASSERT_EQUAL(rx_bus_add(&bus, &dev[k], NULL), RAX_OK);
	CU_ASSERT_EQUAL(bus.dev[0], &dev[1]);
	CU_ASSERT_EQUAL(bus.dev[2], &dev[0]);
	CU_ASSERT(rx_bus_read(&bus, 0x1ffc, 4, &v));
	CU_ASSERT_EQUAL(v, 0x55667788);
	CU_ASSERT_EQUAL(logs[1].offset, 0xffc);
	CU_ASSERT(rx_bus_write(&bus, 0x2007, 1, 0xabcd));
	CU_ASSERT_EQUAL(logs[2].value, 0xcd);
	CU_ASSERT_EQUAL(logs[2].offset, 7);
	CU_ASSERT(rx_bus_read(&bus, 0x30ff, 1, &v));
	/* holes, widths, ends, alignment */
	CU_ASSERT_FALSE(rx_bus_read(&bus, 0xfff, 1, &v));
	CU_ASSERT_FALSE(rx_bus_read(&bus, 0x2008, 4, &v));
	CU_ASSERT_FALSE(rx_bus_read(&bus, 0x3100, 1, &v));
	CU_ASSERT_FALSE(rx_bus_read(&bus, UINT64_MAX, 1, &v));
	CU_ASSERT_FALSE(rx_bus_read(&bus, 0x1000, 8, &v));
	CU_ASSERT_FALSE(rx_bus_read(&bus, 0x1000, 2, &v));
	CU_ASSERT_FALSE(rx_bus_write(&bus, 0x1002, 4, 0));
	CU_ASSERT_EQUAL(logs[1].reads, 1);
	CU_ASSERT_EQUAL(logs[1].writes, 0);
}

static void overlap(void)
{
	static const struct { uint64_t base, size; bool ok; } cases[] = {
		{ 0x1000, 0x100, true }, { 0x1000, 0x100, false },
		{ 0x0f01, 0x100, false }, { 0x0f00, 0x100, true },
		{ 0x10ff, 1, false }, { 0x1100, 1, true },
		{ 0x1080, 1, false }, { 0, 0, false },
		{ UINT64_MAX, 1, true }, { UINT64_MAX - 1, 3, false },
		{ 0, 0x2000, false },
	};
	struct rx_dev dev[sizeof(cases) / sizeof(cases[0])];
	struct rx_bus bus = { 0 };
	rax_error err;

	for (unsigned k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		make(&dev[k], k, cases[k].base, cases[k].size);
		CU_ASSERT_EQUAL(rx_bus_add(&bus, &dev[k], &err),
				cases[k].ok ? RAX_OK : RAX_ERANGE);
	}
	CU_ASSERT_EQUAL(bus.n, 4);
}

static void full(void)
{
	static struct rx_dev dev[RX_BUS_MAX + 1];
	struct rx_bus bus = { 0 };

	for (unsigned k = 0; k <= RX_BUS_MAX; k++) {
		make(&dev[k], k, 0x1000 * (100 - k), 0x1000);
		CU_ASSERT_EQUAL(rx_bus_add(&bus, &dev[k], NULL),
				k < RX_BUS_MAX ? RAX_OK : RAX_ERANGE);
	}
}

/* A device whose access reaches itself again does not see that. */
static void busy(void)
{
	struct rx_bus bus = { 0 };
	struct rx_dev dev;
	uint64_t v;

	make(&dev, 0, 0, 0x1000);
	CU_ASSERT_EQUAL(rx_bus_add(&bus, &dev, NULL), RAX_OK);
	reentered = &bus;
	CU_ASSERT(rx_bus_write(&bus, 0, 4, 1));
	reentered = NULL;
	CU_ASSERT_EQUAL(logs[0].reads, 0);
	CU_ASSERT(rx_bus_read(&bus, 0, 4, &v));
}

static void on_set(void *sink, unsigned line, bool level)
{
	unsigned *calls = sink;

	*calls += level ? line : 100;
}

static void irq(void)
{
	unsigned calls = 0;
	struct rx_irq line = { on_set, &calls, 7, false };

	rx_irq_set(&line, false);
	CU_ASSERT_EQUAL(calls, 0);
	rx_irq_set(&line, true);
	rx_irq_set(&line, true);
	CU_ASSERT_EQUAL(calls, 7);
	rx_irq_set(&line, false);
	CU_ASSERT_EQUAL(calls, 107);
	line.set = NULL;	/* not connected */
	rx_irq_set(&line, true);
	CU_ASSERT(line.level);
}

CU_TestInfo bus_tests[] = {
	{ "dispatch", dispatch },
	{ "overlap", overlap },
	{ "full", full },
	{ "busy", busy },
	{ "irq", irq },
	CU_TEST_INFO_NULL,
};
