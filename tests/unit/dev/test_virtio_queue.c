/* test_virtio_queue.c - the queue walker and hostile drivers. SPDX-License-Identifier: MIT */
#include <string.h>

#include "dev/devices.h"
#include "suites.h"
#include "virtt.h"

#define NUM 8
#define TABLE (DEVT_RAM + 0x8000)	/* of indirect descriptors */
#define ALL (VT_F_V1 | VT_F_INDIRECT | VT_F_EVENT)

static struct virtt v;

/* The entropy device: writes all it is given. */
static void setup(uint64_t features)
{
	devt_init(&v.t);
	virtt_start(&v, rx_virtio_rng_new(&v.t.vm, true, 7), features, 1, NUM);
}

static void desc(unsigned i, uint64_t addr, uint32_t len, unsigned flags,
		 unsigned next)
{
	virtt_desc(&v, VT_DESC_AT(0), i, addr, len, flags, next);
}

/* Offers head; the device must call for a reset and return nothing. */
static void expect_broken(unsigned head)
{
	uint32_t h, len;

	virtt_offer(&v, 0, head);
	CU_ASSERT_TRUE(virtt_broken(&v));
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_ISTATUS) & 2, 2);
	CU_ASSERT_FALSE(virtt_used(&v, 0, &h, &len));
	/* it stays so, whatever else comes */
	desc(0, VT_BUF, 4, VT_WRITE, 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_FALSE(virtt_used(&v, 0, &h, &len));
	devt_fini(&v.t);
}

static void test_chains(void)
{
	uint32_t head, len;
	uint8_t buf[64];

	setup(VT_F_V1);
	for (unsigned round = 0; round < 3 * NUM; round++) {
		memset(buf, 0, sizeof(buf));
		virtt_put(&v, VT_BUF, buf, sizeof(buf));
		desc(5, VT_BUF, 10, VT_WRITE | VT_NEXT, 2);
		desc(2, VT_BUF + 20, 12, VT_WRITE, 0);
		virtt_offer(&v, 0, 5);
		CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
		CU_ASSERT_EQUAL(head, 5);
		CU_ASSERT_EQUAL(len, 22);
		CU_ASSERT_TRUE(v.t.irq);
		virtt_wr(&v, VT_IACK, 1);
		virtt_get(&v, VT_BUF, buf, sizeof(buf));
		for (unsigned i = 10; i < 20; i++)
			CU_ASSERT_EQUAL(buf[i], 0);
		for (unsigned i = 32; i < 64; i++)
			CU_ASSERT_EQUAL(buf[i], 0);
	}
	/* all entries at once, one of them a full chain */
	for (unsigned i = 0; i < NUM; i++)
		desc(i, VT_BUF + i, 1, VT_WRITE | (i < NUM - 1 ? VT_NEXT : 0), i + 1);
	for (unsigned i = 0; i < NUM; i++)
		virtt_put16(&v, VT_AVAIL_AT(0) + 4 + 2 * ((v.avail[0] + i) % NUM),
			    (uint16_t)i);
	v.avail[0] = (uint16_t)(v.avail[0] + NUM);
	virtt_put16(&v, VT_AVAIL_AT(0) + 2, v.avail[0]);
	virtt_wr(&v, VT_NOTIFY, 0);
	for (unsigned i = 0; i < NUM; i++) {
		CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
		CU_ASSERT_EQUAL(head, i);
		CU_ASSERT_EQUAL(len, NUM - i);
	}
	CU_ASSERT_FALSE(virtt_broken(&v));
	devt_fini(&v.t);
}

static void test_no_interrupt(void)
{
	setup(VT_F_V1);
	virtt_put16(&v, VT_AVAIL_AT(0), 1);
	desc(0, VT_BUF, 4, VT_WRITE, 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_FALSE(v.t.irq);
	virtt_put16(&v, VT_AVAIL_AT(0), 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(v.t.irq);
	devt_fini(&v.t);
}

static void test_event_index(void)
{
	const uint64_t used_event = VT_AVAIL_AT(0) + 4 + 2 * NUM;
	const uint64_t avail_event = VT_USED_AT(0) + 4 + 8 * NUM;

	setup(ALL);
	desc(0, VT_BUF, 4, VT_WRITE, 0);
	virtt_put16(&v, VT_AVAIL_AT(0), 1);	/* does not count here */
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(v.t.irq);		/* the first one always */
	CU_ASSERT_EQUAL(virtt_get16(&v, avail_event), 1);
	virtt_wr(&v, VT_IACK, 1);
	virtt_put16(&v, used_event, 3);		/* tell me at the 4th */
	virtt_offer(&v, 0, 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_FALSE(v.t.irq);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(v.t.irq);
	CU_ASSERT_EQUAL(virtt_get16(&v, avail_event), 4);
	virtt_wr(&v, VT_IACK, 1);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_FALSE(v.t.irq);
	/* over the wrap of the index */
	while (v.avail[0] != 0xffff)
		virtt_offer(&v, 0, 0);
	virtt_put16(&v, used_event, 0);
	virtt_wr(&v, VT_IACK, 1);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_FALSE(v.t.irq);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(v.t.irq);
	CU_ASSERT_EQUAL(virtt_get16(&v, VT_USED_AT(0) + 2), 1);
	devt_fini(&v.t);
}

static void test_indirect(void)
{
	uint32_t head, len;

	setup(ALL);
	for (unsigned i = 0; i < 200; i++)	/* longer than the queue */
		virtt_desc(&v, TABLE, i, VT_BUF + i, 1,
			   VT_WRITE | (i < 199 ? VT_NEXT : 0), i + 1);
	desc(3, TABLE, 200 * 16, VT_INDIRECT, 0);
	virtt_offer(&v, 0, 3);
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
	CU_ASSERT_EQUAL(head, 3);
	CU_ASSERT_EQUAL(len, 200);
	/* behind direct ones */
	desc(0, VT_BUF, 7, VT_WRITE | VT_NEXT, 3);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
	CU_ASSERT_EQUAL(len, 207);
	devt_fini(&v.t);
}

static void test_bad_indirect(void)
{
	static const struct {
		uint64_t addr;
		uint32_t len;
		unsigned flags;
		uint64_t features;
	} bad[] = {
		{ TABLE, 16, VT_INDIRECT, VT_F_V1 },	/* not negotiated */
		{ TABLE, 16, VT_INDIRECT | VT_NEXT, ALL },
		{ TABLE, 0, VT_INDIRECT, ALL },
		{ TABLE, 15, VT_INDIRECT, ALL },
		{ TABLE, 24, VT_INDIRECT, ALL },
		{ TABLE, 257 * 16, VT_INDIRECT, ALL },
		{ TABLE, 0xfffffff0, VT_INDIRECT, ALL },
		{ DEVT_RAM + DEVT_RAM_SIZE - 8, 16, VT_INDIRECT, ALL },
		{ UINT64_MAX - 8, 16, VT_INDIRECT, ALL },
		{ 0, 16, VT_INDIRECT, ALL },
	};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		setup(bad[i].features);
		virtt_desc(&v, TABLE, 0, VT_BUF, 4, VT_WRITE, 0);
		desc(1, bad[i].addr, bad[i].len, bad[i].flags, 1);
		expect_broken(1);
	}
	/* nested */
	setup(ALL);
	virtt_desc(&v, TABLE, 0, TABLE, 16, VT_INDIRECT, 0);
	desc(1, TABLE, 16, VT_INDIRECT, 0);
	expect_broken(1);
	/* a loop, and a next that leaves the table */
	setup(ALL);
	virtt_desc(&v, TABLE, 0, VT_BUF, 4, VT_WRITE | VT_NEXT, 0);
	desc(1, TABLE, 16, VT_INDIRECT, 0);
	expect_broken(1);
	setup(ALL);
	virtt_desc(&v, TABLE, 0, VT_BUF, 4, VT_WRITE | VT_NEXT, 1);
	desc(1, TABLE, 16, VT_INDIRECT, 0);
	expect_broken(1);
}

static void test_bad_descriptors(void)
{
	const uint64_t end = DEVT_RAM + DEVT_RAM_SIZE;

	setup(ALL);		/* head out of range */
	expect_broken(NUM);
	setup(ALL);
	expect_broken(0xffff);
	setup(ALL);		/* next out of range */
	desc(1, VT_BUF, 4, VT_WRITE | VT_NEXT, NUM);
	expect_broken(1);
	setup(ALL);		/* loops */
	desc(1, VT_BUF, 4, VT_WRITE | VT_NEXT, 1);
	expect_broken(1);
	setup(ALL);
	desc(1, VT_BUF, 4, VT_WRITE | VT_NEXT, 2);
	desc(2, VT_BUF, 4, VT_WRITE | VT_NEXT, 1);
	expect_broken(1);
	setup(ALL);		/* empty */
	desc(1, VT_BUF, 0, VT_WRITE, 0);
	expect_broken(1);
	setup(ALL);		/* readable behind writable */
	desc(1, VT_BUF, 4, VT_WRITE | VT_NEXT, 2);
	desc(2, VT_BUF, 4, 0, 0);
	expect_broken(1);
	setup(ALL);		/* outside the RAM, partly, wrapping */
	desc(1, 0, 4, VT_WRITE, 0);
	expect_broken(1);
	setup(ALL);
	desc(1, DEVT_DEV, 4, VT_WRITE, 0);
	expect_broken(1);
	setup(ALL);
	desc(1, end - 2, 4, VT_WRITE, 0);
	expect_broken(1);
	setup(ALL);
	desc(1, UINT64_MAX - 1, 4, VT_WRITE, 0);
	expect_broken(1);
	setup(ALL);
	desc(1, DEVT_RAM, 0xffffffff, VT_WRITE, 0);
	expect_broken(1);
}

static void test_bad_index(void)
{
	uint32_t head, len;

	setup(ALL);
	desc(0, VT_BUF, 4, VT_WRITE, 0);
	v.avail[0] = NUM;	/* one more than there is room for */
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(virtt_broken(&v));
	CU_ASSERT_FALSE(virtt_used(&v, 0, &head, &len));
	devt_fini(&v.t);
	setup(ALL);
	v.avail[0] = 0xfff0;	/* backwards */
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(virtt_broken(&v));
	devt_fini(&v.t);
}

/* Rings and buffers on top of each other: nonsense, but only the guest's. */
static void test_overlap(void)
{
	setup(VT_F_V1);
	for (unsigned i = 0; i < NUM; i++)
		desc(i, VT_DESC_AT(0), 0x3000, VT_WRITE, 0);
	for (unsigned i = 0; i < 100; i++)
		virtt_offer(&v, 0, i % NUM);
	CU_ASSERT_TRUE(virtt_broken(&v));
	devt_fini(&v.t);
}

/* A valid chain is mutated; the device serves it or asks for a reset. */
static void test_random(void)
{
	uint32_t x = 99, head, len;
	unsigned served = 0, refused = 0;

	setup(ALL);
	for (unsigned round = 0; round < 20000; round++) {
		uint8_t byte;

		for (unsigned i = 0; i < NUM; i++) {
			desc(i, VT_BUF + 64 * i, 64,
			     VT_WRITE | (i < NUM - 1 ? VT_NEXT : 0), i + 1);
			virtt_desc(&v, TABLE, i, VT_BUF + 64 * i, 64,
				   VT_WRITE | (i < NUM - 1 ? VT_NEXT : 0), i + 1);
		}
		desc(NUM - 1, TABLE, NUM * 16, VT_INDIRECT, 0);
		for (unsigned n = x >> 30; n; n--) {
			x = x * 1664525 + 1013904223;
			byte = (uint8_t)(x >> 8);
			virtt_put(&v, (x & 1 ? TABLE : VT_DESC_AT(0)) +
				  (x >> 16) % (NUM * 16), &byte, 1);
		}
		x = x * 1664525 + 1013904223;
		virtt_offer(&v, 0, x >> 20 & (NUM - 1));
		if (virtt_broken(&v)) {
			refused++;
			devt_fini(&v.t);
			setup(ALL);
		} else if (virtt_used(&v, 0, &head, &len)) {
			served++;
		}
	}
	CU_ASSERT_TRUE(served > 1000);
	CU_ASSERT_TRUE(refused > 1000);
	devt_fini(&v.t);
}

CU_TestInfo dev_virtio_queue_tests[] = {
	{ "chains", test_chains },
	{ "no interrupt", test_no_interrupt },
	{ "event index", test_event_index },
	{ "indirect", test_indirect },
	{ "bad indirect", test_bad_indirect },
	{ "bad descriptors", test_bad_descriptors },
	{ "bad index", test_bad_index },
	{ "overlap", test_overlap },
	{ "random mutation", test_random },
	CU_TEST_INFO_NULL,
};
