/* test_sifive_test.c - ways to end the machine. SPDX-License-Identifier: MIT */
#include "devt.h"
#include "dev/devices.h"
#include "suites.h"

static void expect(uint64_t value, unsigned size, enum rx_stop why, int code)
{
	struct devt t;

	devt_init(&t);
	devt_attach(&t, rx_sifive_test_new(&t.vm), 0x1000);
	devt_write(&t, 0, size, value);
	CU_ASSERT_EQUAL(t.vm.stop_request, why);
	CU_ASSERT_EQUAL(t.vm.exit_code, code);
	devt_fini(&t);
}

static void test_codes(void)
{
	expect(0x5555, 4, RX_STOP_EXIT, 0);
	expect(0x5555, 2, RX_STOP_EXIT, 0);
	expect(0x33333, 4, RX_STOP_EXIT, 3);
	expect(0x2a3333, 4, RX_STOP_EXIT, 42);
	expect(0x3333, 4, RX_STOP_EXIT, 1);
	expect(0x3333, 2, RX_STOP_EXIT, 1);
	/* the process status has 8 bits: still no success */
	expect(0x01003333, 4, RX_STOP_EXIT, 1);
	expect(0x7777, 4, RX_STOP_RESET, 0);
	expect(0x1234, 4, RX_STOP_NONE, 0);
	expect(0, 4, RX_STOP_NONE, 0);
}

static void test_access(void)
{
	struct devt t;

	devt_init(&t);
	devt_attach(&t, rx_sifive_test_new(&t.vm), 0x1000);
	CU_ASSERT_TRUE(devt_refused(&t, 0, 1));
	CU_ASSERT_TRUE(devt_refused(&t, 0, 8));
	CU_ASSERT_EQUAL(devt_read(&t, 0, 4), 0);
	devt_write(&t, 4, 4, 0x5555);
	CU_ASSERT_EQUAL(t.vm.stop_request, RX_STOP_NONE);
	devt_fini(&t);
}

CU_TestInfo dev_sifive_test_tests[] = {
	{ "codes", test_codes },
	{ "access", test_access },
	CU_TEST_INFO_NULL,
};
