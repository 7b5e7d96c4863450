/* test_virtio_mmio.c - registers and negotiation. SPDX-License-Identifier: MIT */
#include "dev/devices.h"
#include "suites.h"
#include "virtt.h"

static struct virtt v;

static void setup(void)
{
	devt_init(&v.t);
	devt_attach(&v.t, rx_virtio_rng_new(&v.t.vm, true, 1), 0x1000);
}

static void test_identity(void)
{
	setup();
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_MAGIC), 0x74726976);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_VERSION), 2);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_DEVICE), 4);
	CU_ASSERT_EQUAL(devt_read(&v.t, 0, 8), UINT64_C(0x274726976));
	CU_ASSERT_EQUAL(devt_read(&v.t, 0, 1), 0);	/* registers: 4 bytes */
	CU_ASSERT_EQUAL(virtt_rd(&v, 0xb0), 0xffffffff);	/* no shared memory */
	CU_ASSERT_EQUAL(virtt_rd(&v, 0xbc), 0xffffffff);
	CU_ASSERT_EQUAL(virtt_rd(&v, 0xfc), 0);
	for (unsigned at = 0; at < 0x1000; at += 4) {	/* any register, any value */
		virtt_rd(&v, at);
		virtt_wr(&v, at, 0xffffffff);
	}
	devt_fini(&v.t);
	devt_init(&v.t);
	devt_attach(&v.t, rx_virtio_none_new(&v.t.vm), 0x1000);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_MAGIC), 0x74726976);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_DEVICE), 0);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_QMAX), 0);
	virtt_wr(&v, VT_QREADY, 1);
	virtt_wr(&v, VT_STATUS, 0xf);
	virtt_wr(&v, VT_NOTIFY, 0);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_QREADY), 0);
	devt_fini(&v.t);
}

static void test_features(void)
{
	setup();
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_FEATURES), 0x30000000);
	virtt_wr(&v, VT_FEATURES_SEL, 1);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_FEATURES), 1);
	virtt_wr(&v, VT_FEATURES_SEL, 2);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_FEATURES), 0);
	/* what is not offered cannot be had */
	virtt_wr(&v, VT_DRIVER, 1);
	virtt_wr(&v, VT_STATUS, 0xb);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_STATUS), 3);
	virtt_wr(&v, VT_DRIVER, 0x20000000);
	virtt_wr(&v, VT_DRIVER_SEL, 1);
	virtt_wr(&v, VT_DRIVER, 1);
	virtt_wr(&v, VT_STATUS, 0xb);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_STATUS), 0xb);
	/* and is settled then */
	virtt_wr(&v, VT_DRIVER, 0xffffffff);
	CU_ASSERT_EQUAL(devt_field(&v.t, "v.driver_features", 0),
			UINT64_C(0x120000000));
	/* the driver cannot claim that a reset is needed */
	virtt_wr(&v, VT_STATUS, 0x4f);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_STATUS), 0xf);
	virtt_wr(&v, VT_STATUS, 0);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_STATUS), 0);
	CU_ASSERT_EQUAL(devt_field(&v.t, "v.driver_features", 0), 0);
	devt_fini(&v.t);
}

/* A queue whose rings are not all in RAM, aligned and of a good size. */
static void bad_queue(uint32_t num, uint64_t desc, uint64_t avail, uint64_t used)
{
	setup();
	virtt_wr(&v, VT_STATUS, 0xf);
	virtt_wr(&v, VT_QNUM, num);
	virtt_wr64(&v, VT_DESC, desc);
	virtt_wr64(&v, VT_AVAIL, avail);
	virtt_wr64(&v, VT_USED, used);
	virtt_wr(&v, VT_QREADY, 1);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_QREADY), 0);
	CU_ASSERT_TRUE(virtt_broken(&v));
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_ISTATUS), 2);
	CU_ASSERT_TRUE(v.t.irq);
	virtt_wr(&v, VT_NOTIFY, 0);
	virtt_wr(&v, VT_STATUS, 0);	/* a reset helps */
	CU_ASSERT_FALSE(virtt_broken(&v) || v.t.irq);
	devt_fini(&v.t);
}

static void test_bad_queues(void)
{
	const uint64_t d = VT_DESC_AT(0), a = VT_AVAIL_AT(0), u = VT_USED_AT(0);
	const uint64_t end = DEVT_RAM + DEVT_RAM_SIZE;

	bad_queue(0, d, a, u);
	bad_queue(3, d, a, u);
	bad_queue(512, d, a, u);
	bad_queue(0x10000, d, a, u);
	bad_queue(0x10008, d, a, u);
	bad_queue(8, 0, a, u);
	bad_queue(8, d, 0, u);
	bad_queue(8, d, a, 0);
	bad_queue(8, d + 8, a, u);
	bad_queue(8, d, a + 1, u);
	bad_queue(8, d, a, u + 2);
	bad_queue(8, end - 8 * 16 + 16, a, u);
	bad_queue(8, d, end - 20, u);
	bad_queue(8, d, a, end - 68);
	bad_queue(8, UINT64_MAX - 15, a, u);
	bad_queue(8, d, UINT64_MAX - 1, u);
	bad_queue(8, d, a, UINT64_MAX - 3);
}

static void test_queue_registers(void)
{
	devt_init(&v.t);
	virtt_start(&v, rx_virtio_rng_new(&v.t.vm, true, 1), VT_F_V1, 1, 8);
	/* in use: they keep still */
	virtt_wr(&v, VT_QNUM, 4);
	virtt_wr64(&v, VT_DESC, 0x1234);
	virtt_wr(&v, VT_QREADY, 1);
	CU_ASSERT_EQUAL(devt_field(&v.t, "v.num", 0), 8);
	CU_ASSERT_EQUAL(devt_field(&v.t, "v.desc", 0), VT_DESC_AT(0));
	CU_ASSERT_FALSE(virtt_broken(&v));
	/* no such queue */
	virtt_wr(&v, VT_QSEL, 1);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_QMAX), 0);
	virtt_wr(&v, VT_QREADY, 1);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_QREADY), 0);
	virtt_wr(&v, VT_QSEL, 0xffffffff);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_QMAX), 0);
	virtt_wr(&v, VT_NOTIFY, 1);
	virtt_wr(&v, VT_NOTIFY, 0xffffffff);
	CU_ASSERT_FALSE(virtt_broken(&v));
	virtt_wr(&v, VT_QSEL, 0);
	virtt_wr(&v, VT_QREADY, 0);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_QREADY), 0);
	devt_fini(&v.t);
}

/* Buffers that were there before DRIVER_OK are served when it comes. */
static void test_early_buffers(void)
{
	uint32_t head, len;

	devt_init(&v.t);
	virtt_start(&v, rx_virtio_rng_new(&v.t.vm, true, 1), VT_F_V1, 1, 8);
	virtt_wr(&v, VT_STATUS, 0);
	virtt_wr(&v, VT_STATUS, 0xb);
	virtt_wr(&v, VT_QNUM, 8);
	virtt_wr64(&v, VT_DESC, VT_DESC_AT(0));
	virtt_wr64(&v, VT_AVAIL, VT_AVAIL_AT(0));
	virtt_wr64(&v, VT_USED, VT_USED_AT(0));
	virtt_wr(&v, VT_QREADY, 1);
	virtt_desc(&v, VT_DESC_AT(0), 0, VT_BUF, 16, VT_WRITE, 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_FALSE(virtt_used(&v, 0, &head, &len));
	virtt_wr(&v, VT_STATUS, 0xf);
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
	CU_ASSERT_EQUAL(len, 16);
	CU_ASSERT_TRUE(v.t.irq);
	virtt_wr(&v, VT_IACK, 2);
	CU_ASSERT_TRUE(v.t.irq);
	virtt_wr(&v, VT_IACK, 1);
	CU_ASSERT_FALSE(v.t.irq);
	devt_fini(&v.t);
}

static void test_load(void)
{
	rax_error err;

	devt_init(&v.t);
	virtt_start(&v, rx_virtio_rng_new(&v.t.vm, true, 1), VT_F_V1, 1, 8);
	CU_ASSERT_EQUAL(v.t.dev->cls->post_load(v.t.dev, &err), RAX_OK);
	devt_set_field(&v.t, "v.num", 0, 7);
	CU_ASSERT_EQUAL(v.t.dev->cls->post_load(v.t.dev, &err), RAX_EFORMAT);
	devt_set_field(&v.t, "v.num", 0, 8);
	devt_set_field(&v.t, "v.used", 0, 0);
	CU_ASSERT_EQUAL(v.t.dev->cls->post_load(v.t.dev, &err), RAX_EFORMAT);
	devt_set_field(&v.t, "v.used", 0, VT_USED_AT(0));
	devt_set_field(&v.t, "v.ready", 1, 1);
	CU_ASSERT_EQUAL(v.t.dev->cls->post_load(v.t.dev, &err), RAX_EFORMAT);
	devt_set_field(&v.t, "v.ready", 1, 0);
	devt_set_field(&v.t, "v.driver_features", 0, 1);
	CU_ASSERT_EQUAL(v.t.dev->cls->post_load(v.t.dev, &err), RAX_EFORMAT);
	devt_fini(&v.t);
}

CU_TestInfo dev_virtio_mmio_tests[] = {
	{ "identity", test_identity },
	{ "features", test_features },
	{ "bad queues", test_bad_queues },
	{ "queue registers", test_queue_registers },
	{ "early buffers", test_early_buffers },
	{ "load", test_load },
	CU_TEST_INFO_NULL,
};
