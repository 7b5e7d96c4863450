/* test_virtio_rng.c - entropy, repeatable or not. SPDX-License-Identifier: MIT */
#include <string.h>

#include "dev/devices.h"
#include "suites.h"
#include "virtt.h"

static struct virtt v;

static void draw(bool seeded, uint64_t seed, uint8_t buf[64], bool reset)
{
	uint32_t head, len;

	devt_init(&v.t);
	virtt_start(&v, rx_virtio_rng_new(&v.t.vm, seeded, seed), VT_F_V1, 1, 8);
	virtt_desc(&v, VT_DESC_AT(0), 0, VT_BUF, 64, VT_WRITE, 0);
	virtt_offer(&v, 0, 0);
	if (reset) {
		rx_vm_reset(&v.t.vm);
		virtt_wr(&v, VT_QNUM, 8);
		virtt_wr64(&v, VT_DESC, VT_DESC_AT(0));
		virtt_wr64(&v, VT_AVAIL, VT_AVAIL_AT(0));
		virtt_wr64(&v, VT_USED, VT_USED_AT(0));
		virtt_wr(&v, VT_QREADY, 1);
		virtt_wr(&v, VT_STATUS, 0xf);	/* serves the one entry again */
	}
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
	CU_ASSERT_EQUAL(len, 64);
	virtt_get(&v, VT_BUF, buf, 64);
	devt_fini(&v.t);
}

static void test_seeded(void)
{
	uint8_t a[64], b[64];

	draw(true, 1, a, false);
	draw(true, 1, b, false);
	CU_ASSERT_EQUAL(memcmp(a, b, 64), 0);
	draw(true, 1, b, true);		/* a reset starts again */
	CU_ASSERT_EQUAL(memcmp(a, b, 64), 0);
	draw(true, 2, b, false);
	CU_ASSERT_NOT_EQUAL(memcmp(a, b, 64), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(a, a + 32, 32), 0);
}

static void test_host(void)
{
	uint8_t a[64], b[64];

	draw(false, 1, a, false);
	draw(false, 1, b, false);
	CU_ASSERT_NOT_EQUAL(memcmp(a, b, 64), 0);
}

/* A request of any size ends soon; the length says how much was given. */
static void test_large(void)
{
	uint32_t head, len;

	devt_init(&v.t);
	virtt_start(&v, rx_virtio_rng_new(&v.t.vm, true, 1), VT_F_V1, 1, 8);
	virtt_desc(&v, VT_DESC_AT(0), 0, VT_BUF, 0xe0000, VT_WRITE, 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
	CU_ASSERT_EQUAL(len, 65536);
	/* a buffer to read from is useless to it */
	virtt_desc(&v, VT_DESC_AT(0), 0, VT_BUF, 16, 0, 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
	CU_ASSERT_EQUAL(len, 0);
	devt_fini(&v.t);
}

CU_TestInfo dev_virtio_rng_tests[] = {
	{ "seeded", test_seeded },
	{ "host", test_host },
	{ "large", test_large },
	CU_TEST_INFO_NULL,
};
