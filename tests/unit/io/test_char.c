/* test_char.c - the queue, front ends, and the back end in memory. SPDX-License-Identifier: MIT */
#include <string.h>

#include "iot.h"
#include "suites.h"

static struct rx_vm vm;
static struct rx_char *chr;
static struct user {
	struct rx_char_user u;
	unsigned notified;
	char got[64];
	unsigned n;
} a, b;

static void notify(void *opaque)
{
	struct user *u = opaque;

	u->notified++;
	u->n += (unsigned)rx_char_read(chr, &u->u, u->got + u->n,
				       sizeof(u->got) - 1 - u->n);
}

static void setup(void)
{
	iot_init(&vm);
	CU_ASSERT_EQUAL_FATAL(rx_char_mem_new(&chr, &vm, 16, NULL), RAX_OK);
	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	a.u = (struct rx_char_user){ .notify = notify, .opaque = &a };
	b.u = (struct rx_char_user){ .notify = notify, .opaque = &b };
}

static void teardown(void)
{
	rx_char_free(chr);
	CU_ASSERT_PTR_NULL(vm.clock.queue);
	iot_fini(&vm);
}

static void test_nobody(void)
{
	char buf[4];

	rx_char_attach(NULL, &a.u);
	rx_char_write(NULL, &a.u, "x", 1);
	CU_ASSERT_EQUAL(rx_char_read(NULL, &a.u, buf, 4), 0);
	rx_char_unread(NULL, "x", 1);
	rx_char_flush(NULL);
	rx_char_detach(NULL, &a.u);
	rx_char_free(NULL);
}

static void test_queue(void)
{
	char big[RX_CHAR_QUEUE + 10], buf[8] = "";

	setup();
	memset(big, 'x', sizeof(big));
	CU_ASSERT_EQUAL(rx_char_input(chr, "abcd", 4), 4);
	CU_ASSERT_EQUAL(rx_char_read(chr, &a.u, buf, 2), 2);
	CU_ASSERT_STRING_EQUAL(buf, "ab");
	rx_char_unread(chr, "ab", 2);
	CU_ASSERT_EQUAL(rx_char_read(chr, &a.u, buf, 7), 4);
	CU_ASSERT_STRING_EQUAL(buf, "abcd");
	CU_ASSERT_EQUAL(rx_char_read(chr, &a.u, buf, 7), 0);
	/* bounded */
	CU_ASSERT_EQUAL(rx_char_input(chr, big, sizeof(big)), RX_CHAR_QUEUE);
	CU_ASSERT_EQUAL(rx_char_room(chr), 0);
	rx_char_unread(chr, "zz", 2);
	CU_ASSERT_EQUAL(rx_char_read(chr, &a.u, buf, 1), 1);
	CU_ASSERT_EQUAL(buf[0], 'x');
	CU_ASSERT_EQUAL(rx_char_read(chr, &a.u, big, sizeof(big)), RX_CHAR_QUEUE - 1);
	teardown();
}

/* Input goes to whoever wrote last. */
static void test_front_ends(void)
{
	setup();
	rx_char_attach(chr, &a.u);
	rx_char_attach(chr, &b.u);
	rx_char_write(chr, &a.u, "$ ", 2);
	rx_char_input(chr, "ls", 2);
	CU_ASSERT_STRING_EQUAL(a.got, "ls");
	CU_ASSERT_EQUAL(b.notified, 0);
	rx_char_write(chr, &b.u, "# ", 2);
	rx_char_input(chr, "id", 2);
	CU_ASSERT_STRING_EQUAL(a.got, "ls");
	CU_ASSERT_STRING_EQUAL(b.got, "id");
	/* what waits is handed over */
	b.u.notify = NULL;
	rx_char_input(chr, "!", 1);
	CU_ASSERT_EQUAL(chr->count, 1);
	rx_char_write(chr, &a.u, "$ ", 2);
	CU_ASSERT_STRING_EQUAL(a.got, "ls!");
	rx_char_detach(chr, &a.u);
	rx_char_input(chr, "?", 1);
	CU_ASSERT_STRING_EQUAL(a.got, "ls!");
	teardown();
}

static void test_output(void)
{
	uint64_t hash;
	size_t len;

	setup();
	CU_ASSERT_STRING_EQUAL(rx_char_mem_output(chr, &len), "");
	CU_ASSERT_EQUAL(len, 0);
	rx_char_write(chr, &a.u, "a", 1);
	CU_ASSERT_EQUAL(chr->written_hash, UINT64_C(0xaf63dc4c8601ec8c));
	hash = chr->written_hash;
	rx_char_write(chr, &a.u, "bcdefghijklmnopqrst", 19);	/* limit 16 */
	CU_ASSERT_STRING_EQUAL(rx_char_mem_output(chr, &len), "abcdefghijklmnop");
	CU_ASSERT_EQUAL(len, 16);
	CU_ASSERT_EQUAL(chr->written, 20);
	CU_ASSERT_NOT_EQUAL(chr->written_hash, hash);
	teardown();
}

static void test_script(void)
{
	static char big[3 * RX_CHAR_QUEUE];
	static char back[sizeof(big)];
	size_t n = 0;

	setup();
	rx_char_attach(chr, &a.u);
	CU_ASSERT_EQUAL(rx_char_mem_script(chr, 100, "one ", 4), RAX_OK);
	CU_ASSERT_EQUAL(rx_char_mem_script(chr, 200, "two ", 4), RAX_OK);
	CU_ASSERT_EQUAL(rx_char_mem_script(chr, 200, "three", 5), RAX_OK);
	iot_pass(&vm, 99);
	CU_ASSERT_STRING_EQUAL(a.got, "");
	iot_pass(&vm, 1);
	CU_ASSERT_STRING_EQUAL(a.got, "one ");
	iot_pass(&vm, 500);
	CU_ASSERT_STRING_EQUAL(a.got, "one two three");
	/* more than the queue: the rest follows as it is read */
	a.u.notify = NULL;
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 31 >> 3);
	CU_ASSERT_EQUAL(rx_char_mem_script(chr, 700, big, sizeof(big)), RAX_OK);
	CU_ASSERT_EQUAL(rx_char_mem_script(chr, 900, "end", 3), RAX_OK);
	iot_pass(&vm, 200);
	while (n < sizeof(back)) {
		const size_t got = rx_char_read(chr, &a.u, back + n,
						sizeof(back) - n < 999 ?
						sizeof(back) - n : 999);

		if (!got)
			break;
		n += got;
	}
	CU_ASSERT_EQUAL(n, sizeof(big));
	CU_ASSERT_EQUAL(memcmp(big, back, sizeof(big)), 0);
	CU_ASSERT_EQUAL(rx_char_read(chr, &a.u, back, 8), 0);
	iot_pass(&vm, 200);
	CU_ASSERT_EQUAL(rx_char_read(chr, &a.u, back, 8), 3);
	teardown();
}

/* Another machine gets what this one got, when it got it. */
static struct rx_char *other;

static void tap(void *opaque, uint64_t when, const uint8_t *buf, size_t len)
{
	(void)opaque;
	CU_ASSERT_EQUAL(rx_char_mem_script(other, when, buf, len), RAX_OK);
}

static void test_tap(void)
{
	struct rx_vm vm2;
	char buf[16] = "";

	setup();
	iot_init(&vm2);
	CU_ASSERT_EQUAL_FATAL(rx_char_mem_new(&other, &vm2, 16, NULL), RAX_OK);
	chr->tap = tap;
	iot_pass(&vm, 1000);
	rx_char_input(chr, "ab", 2);
	iot_pass(&vm, 1000);
	rx_char_input(chr, "cd", 2);
	iot_pass(&vm2, 999);
	CU_ASSERT_EQUAL(rx_char_read(other, &a.u, buf, 8), 0);
	iot_pass(&vm2, 1);
	CU_ASSERT_EQUAL(rx_char_read(other, &a.u, buf, 8), 2);
	iot_pass(&vm2, 1000);
	CU_ASSERT_EQUAL(rx_char_read(other, &a.u, buf + 2, 8), 2);
	CU_ASSERT_STRING_EQUAL(buf, "abcd");
	rx_char_free(other);
	iot_fini(&vm2);
	teardown();
}

CU_TestInfo io_char_tests[] = {
	{ "nobody", test_nobody },
	{ "queue", test_queue },
	{ "front ends", test_front_ends },
	{ "output", test_output },
	CU_TEST_INFO_NULL,
};

CU_TestInfo io_char_mem_tests[] = {
	{ "script", test_script },
	{ "tap", test_tap },
	CU_TEST_INFO_NULL,
};
