/* test_goldfish_rtc.c - time, alarm, interrupt. SPDX-License-Identifier: MIT */
#include "devt.h"
#include "dev/devices.h"
#include "suites.h"

#define EPOCH UINT64_C(1700000000)
#define S UINT64_C(1000000000)

static struct devt t;

static void setup(void)
{
	devt_init(&t);
	t.vm.clock.epoch_s = EPOCH;
	devt_attach(&t, rx_goldfish_rtc_new(&t.vm), 0x1000);
}

static uint64_t now(void)
{
	const uint64_t low = devt_read(&t, 0, 4);

	return devt_read(&t, 4, 4) << 32 | low;
}

static void put(unsigned low_reg, uint64_t value)
{
	devt_write(&t, low_reg + 4, 4, value >> 32);
	devt_write(&t, low_reg, 4, (uint32_t)value);
}

static void test_time(void)
{
	setup();
	CU_ASSERT_EQUAL(now(), EPOCH * S);
	devt_pass(&t, 5 * S + 7);
	CU_ASSERT_EQUAL(now(), (EPOCH + 5) * S + 7);
	/* the high half is latched with the low one */
	devt_read(&t, 0, 4);
	devt_pass(&t, 100 * S);
	CU_ASSERT_EQUAL(devt_read(&t, 4, 4), ((EPOCH + 5) * S + 7) >> 32);
	put(0, 42 * S);
	CU_ASSERT_EQUAL(now(), 42 * S);
	devt_pass(&t, S);
	CU_ASSERT_EQUAL(now(), 43 * S);
	CU_ASSERT_TRUE(devt_refused(&t, 0, 8));
	CU_ASSERT_TRUE(devt_refused(&t, 0, 2));
	CU_ASSERT_EQUAL(devt_read(&t, 0x100, 4), 0);
	rx_vm_reset(&t.vm);
	CU_ASSERT_EQUAL(now(), (EPOCH + 106) * S + 7);
	devt_fini(&t);
}

static void test_alarm(void)
{
	setup();
	put(8, (EPOCH + 10) * S);
	CU_ASSERT_EQUAL(devt_read(&t, 0x18, 4), 1);
	CU_ASSERT_EQUAL(devt_read(&t, 0x08, 4), (uint32_t)((EPOCH + 10) * S));
	CU_ASSERT_EQUAL(devt_read(&t, 0x0c, 4), ((EPOCH + 10) * S) >> 32);
	devt_write(&t, 0x10, 4, 1);
	devt_pass(&t, 10 * S - 1);
	CU_ASSERT_FALSE(t.irq);
	devt_pass(&t, 1);
	CU_ASSERT_TRUE(t.irq);
	CU_ASSERT_EQUAL(devt_read(&t, 0x18, 4), 0);
	devt_write(&t, 0x1c, 4, 1);
	CU_ASSERT_FALSE(t.irq);
	/* one that has passed fires at once, when enabled later */
	devt_write(&t, 0x10, 4, 0);
	put(8, 1);
	CU_ASSERT_FALSE(t.irq);
	devt_write(&t, 0x10, 4, 1);
	CU_ASSERT_TRUE(t.irq);
	devt_write(&t, 0x1c, 4, 1);
	/* cleared */
	put(8, (EPOCH + 20) * S);
	devt_write(&t, 0x14, 4, 1);
	devt_pass(&t, 30 * S);
	CU_ASSERT_FALSE(t.irq);
	/* setting the time moves what is left */
	put(8, (EPOCH + 1000) * S);
	put(0, (EPOCH + 999) * S);
	devt_pass(&t, S);
	CU_ASSERT_TRUE(t.irq);
	devt_fini(&t);
}

static void test_far_alarm(void)
{
	setup();
	devt_write(&t, 0x10, 4, 1);
	put(8, UINT64_MAX);
	devt_pass(&t, 1000000 * S);
	CU_ASSERT_FALSE(t.irq);
	CU_ASSERT_EQUAL(devt_read(&t, 0x18, 4), 1);
	put(0, UINT64_MAX - S);
	devt_pass(&t, S);
	CU_ASSERT_TRUE(t.irq);
	devt_fini(&t);
}

static void test_load(void)
{
	setup();
	devt_set_field(&t, "alarm", 0, (EPOCH + 1) * S);
	devt_set_field(&t, "alarm_running", 0, 1);
	devt_set_field(&t, "irq_enabled", 0, 1);
	CU_ASSERT_EQUAL(t.dev->cls->post_load(t.dev, NULL), RAX_OK);
	CU_ASSERT_FALSE(t.irq);
	devt_pass(&t, S);
	CU_ASSERT_TRUE(t.irq);
	devt_fini(&t);
}

CU_TestInfo dev_goldfish_rtc_tests[] = {
	{ "time", test_time },
	{ "alarm", test_alarm },
	{ "far alarm", test_far_alarm },
	{ "load", test_load },
	CU_TEST_INFO_NULL,
};
