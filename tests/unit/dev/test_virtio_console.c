/* test_virtio_console.c - console queues. SPDX-License-Identifier: MIT */
#include <string.h>

#include "dev/devices.h"
#include "io/char.h"
#include "suites.h"
#include "virtt.h"

static struct virtt v;
static struct rx_char *chr;

static void setup(void)
{
	devt_init(&v.t);
	CU_ASSERT_EQUAL_FATAL(rx_char_mem_new(&chr, &v.t.vm, 65536, NULL), RAX_OK);
	virtt_start(&v, rx_virtio_console_new(&v.t.vm, chr),
		    VT_F_V1 | VT_F_INDIRECT | VT_F_EVENT, 2, 16);
}

static void teardown(void)
{
	rx_char_free(chr);
	devt_fini(&v.t);
}

static void test_output(void)
{
	char big[2000];
	uint32_t head, len;

	setup();
	memset(big, 'x', sizeof(big));
	virtt_put(&v, VT_BUF, "hello, ", 7);
	virtt_put(&v, VT_BUF + 16, "world", 5);
	virtt_desc(&v, VT_DESC_AT(1), 0, VT_BUF, 7, VT_NEXT, 1);
	virtt_desc(&v, VT_DESC_AT(1), 1, VT_BUF + 16, 5, 0, 0);
	virtt_offer(&v, 1, 0);
	CU_ASSERT_TRUE(virtt_used(&v, 1, &head, &len));
	CU_ASSERT_EQUAL(len, 0);
	CU_ASSERT_STRING_EQUAL(rx_char_mem_output(chr, NULL), "hello, world");
	virtt_put(&v, VT_BUF, big, sizeof(big));
	virtt_desc(&v, VT_DESC_AT(1), 0, VT_BUF, sizeof(big), 0, 0);
	virtt_offer(&v, 1, 0);
	CU_ASSERT_EQUAL(chr->written, 12 + sizeof(big));
	/* emergency write */
	virtt_wr(&v, VT_CONFIG + 8, '!');
	CU_ASSERT_EQUAL(chr->written, 13 + sizeof(big));
	teardown();
}

static void speak(void)
{
	uint32_t head, len;

	virtt_put(&v, VT_BUF + 100, "$", 1);
	virtt_desc(&v, VT_DESC_AT(1), 9, VT_BUF + 100, 1, 0, 0);
	virtt_offer(&v, 1, 9);
	CU_ASSERT_TRUE(virtt_used(&v, 1, &head, &len));
}

/* A driver's console is not there yet when its queues are. */
static void test_early_input(void)
{
	uint32_t head, len;

	setup();
	rx_char_input(chr, "abc", 3);
	virtt_desc(&v, VT_DESC_AT(0), 0, VT_BUF, 4, VT_WRITE, 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_FALSE(virtt_used(&v, 0, &head, &len));
	speak();
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
	CU_ASSERT_EQUAL(len, 3);
	teardown();
}

static void test_input(void)
{
	uint32_t head, len;
	char buf[8] = "";

	setup();
	speak();
	virtt_desc(&v, VT_DESC_AT(0), 0, VT_BUF, 4, VT_WRITE, 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_FALSE(virtt_used(&v, 0, &head, &len));	/* waits for input */
	rx_char_input(chr, "abcdef", 6);
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
	CU_ASSERT_EQUAL(len, 4);
	CU_ASSERT_TRUE(v.t.irq);
	CU_ASSERT_FALSE(virtt_used(&v, 0, &head, &len));
	virtt_desc(&v, VT_DESC_AT(0), 1, VT_BUF + 4, 4, VT_WRITE, 0);
	virtt_offer(&v, 0, 1);	/* the rest was waiting */
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
	CU_ASSERT_EQUAL(head, 1);
	CU_ASSERT_EQUAL(len, 2);
	virtt_get(&v, VT_BUF, buf, 6);
	CU_ASSERT_STRING_EQUAL(buf, "abcdef");
	teardown();
}

static void test_malformed(void)
{
	const uint64_t table = DEVT_RAM + 0xc000;

	setup();
	/* far more output than anybody wants */
	for (unsigned i = 0; i < 256; i++)
		virtt_desc(&v, table, i, DEVT_RAM, 0x100000,
			   i < 255 ? VT_NEXT : 0, i + 1);
	virtt_desc(&v, VT_DESC_AT(1), 0, table, 256 * 16, VT_INDIRECT, 0);
	virtt_offer(&v, 1, 0);
	CU_ASSERT_TRUE(virtt_broken(&v));
	CU_ASSERT_EQUAL(chr->written, 0);
	teardown();
	setup();
	speak();
	/* an input buffer that cannot be written takes nothing */
	virtt_desc(&v, VT_DESC_AT(0), 0, VT_BUF, 4, 0, 0);
	virtt_offer(&v, 0, 0);
	rx_char_input(chr, "abc", 3);
	CU_ASSERT_EQUAL(chr->count, 3);
	teardown();
}

CU_TestInfo dev_virtio_console_tests[] = {
	{ "output", test_output },
	{ "early input", test_early_input },
	{ "input", test_input },
	{ "malformed", test_malformed },
	CU_TEST_INFO_NULL,
};
