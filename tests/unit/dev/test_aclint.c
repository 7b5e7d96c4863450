/* test_aclint.c - software interrupts and timers. SPDX-License-Identifier: MIT */
#include "devt.h"
#include "dev/devices.h"
#include "suites.h"

#define CMP(h) (0x4000 + 8 * (h))
#define MTIME 0xbff8

static struct devt t;
static struct hart {
	bool msip, mtip;
} hart[3];

static void line(void *sink, unsigned number, bool level)
{
	struct hart *h = sink;

	if (number == 3)
		h->msip = level;
	else
		h->mtip = level;
}

static void setup(void)
{
	struct rx_clint_hart harts[3];

	for (unsigned h = 0; h < 3; h++) {
		hart[h] = (struct hart){ 0 };
		harts[h] = (struct rx_clint_hart){
			{ .set = line, .sink = &hart[h], .line = 3 },
			{ .set = line, .sink = &hart[h], .line = 7 }, 0,
		};
	}
	devt_init(&t);
	devt_attach(&t, rx_clint_new(&t.vm, 3, harts, NULL), 0x10000);
}

static void test_msip(void)
{
	setup();
	devt_write(&t, 4, 4, 0xffffffff);
	CU_ASSERT_TRUE(hart[1].msip);
	CU_ASSERT_FALSE(hart[0].msip || hart[2].msip);
	CU_ASSERT_EQUAL(devt_read(&t, 4, 4), 1);
	CU_ASSERT_EQUAL(devt_read(&t, 0, 8), UINT64_C(1) << 32);
	devt_write(&t, 4, 4, 2);
	CU_ASSERT_FALSE(hart[1].msip);
	devt_write(&t, 0, 8, UINT64_C(0x100000001));
	CU_ASSERT_TRUE(hart[0].msip && hart[1].msip);
	devt_write(&t, 12, 4, 1);	/* there is no hart 3 */
	CU_ASSERT_EQUAL(devt_read(&t, 12, 4), 0);
	CU_ASSERT_TRUE(devt_refused(&t, 0, 1));
	CU_ASSERT_TRUE(devt_refused(&t, 0, 2));
	rx_vm_reset(&t.vm);
	CU_ASSERT_FALSE(hart[0].msip || hart[1].msip);
	devt_fini(&t);
}

static void test_timer(void)
{
	setup();
	CU_ASSERT_FALSE(hart[0].mtip);
	CU_ASSERT_EQUAL(devt_read(&t, MTIME, 8), 0);
	devt_pass(&t, 12345);
	CU_ASSERT_EQUAL(devt_read(&t, MTIME, 8), 123);	/* 100 ns a tick */
	CU_ASSERT_EQUAL(devt_read(&t, MTIME, 4), 123);
	CU_ASSERT_EQUAL(devt_read(&t, MTIME + 4, 4), 0);
	devt_write(&t, CMP(1), 8, 200);
	CU_ASSERT_EQUAL(devt_read(&t, CMP(1), 8), 200);
	devt_pass(&t, 19999 - 12345);
	CU_ASSERT_FALSE(hart[1].mtip);
	devt_pass(&t, 1);
	CU_ASSERT_TRUE(hart[1].mtip);
	CU_ASSERT_FALSE(hart[0].mtip || hart[2].mtip);
	devt_write(&t, CMP(1), 8, 201);
	CU_ASSERT_FALSE(hart[1].mtip);
	devt_pass(&t, 100);
	CU_ASSERT_TRUE(hart[1].mtip);
	/* as two halves */
	devt_write(&t, CMP(1), 4, 0xffffffff);
	devt_write(&t, CMP(1) + 4, 4, 7);
	CU_ASSERT_FALSE(hart[1].mtip);
	CU_ASSERT_EQUAL(devt_read(&t, CMP(1), 8), UINT64_C(0x7ffffffff));
	CU_ASSERT_EQUAL(devt_read(&t, CMP(1) + 4, 4), 7);
	devt_write(&t, CMP(0), 8, 0);		/* past */
	CU_ASSERT_TRUE(hart[0].mtip);
	devt_write(&t, CMP(5), 8, 1);		/* no such hart */
	CU_ASSERT_EQUAL(devt_read(&t, CMP(5), 8), 0);
	devt_fini(&t);
}

static void test_set_time(void)
{
	setup();
	devt_write(&t, CMP(2), 8, 1000000);
	devt_write(&t, MTIME, 8, 999999);
	CU_ASSERT_FALSE(hart[2].mtip);
	devt_pass(&t, 100);
	CU_ASSERT_TRUE(hart[2].mtip);
	CU_ASSERT_EQUAL(devt_read(&t, MTIME, 8), 1000000);
	devt_write(&t, MTIME, 8, 0);		/* back */
	CU_ASSERT_FALSE(hart[2].mtip);
	devt_write(&t, MTIME + 4, 4, 1);
	CU_ASSERT_EQUAL(devt_read(&t, MTIME, 8), UINT64_C(1) << 32);
	CU_ASSERT_TRUE(hart[2].mtip);
	/* the largest values neither fire nor wrap */
	devt_write(&t, MTIME, 8, 5);
	devt_write(&t, CMP(2), 8, UINT64_MAX);
	devt_pass(&t, UINT64_C(1) << 62);
	CU_ASSERT_FALSE(hart[2].mtip);
	devt_write(&t, MTIME, 8, UINT64_MAX);
	CU_ASSERT_TRUE(hart[2].mtip);
	devt_fini(&t);
}

static void test_load(void)
{
	setup();
	devt_set_field(&t, "mtimecmp", 0, 10);
	devt_set_field(&t, "msip", 2, 1);
	CU_ASSERT_EQUAL(t.dev->cls->post_load(t.dev, NULL), RAX_OK);
	CU_ASSERT_TRUE(hart[2].msip);
	CU_ASSERT_FALSE(hart[0].mtip);
	devt_pass(&t, 1000);
	CU_ASSERT_TRUE(hart[0].mtip);
	devt_fini(&t);
}

CU_TestInfo dev_aclint_tests[] = {
	{ "software interrupts", test_msip },
	{ "timers", test_timer },
	{ "writable time", test_set_time },
	{ "load", test_load },
	CU_TEST_INFO_NULL,
};
