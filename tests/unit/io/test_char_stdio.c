/* test_char_stdio.c - console on pipes, files and a terminal. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iot.h"
#include "suites.h"

static struct rx_vm vm;
static struct rx_char *chr;
static struct rx_char_user user;
static int to[2], from[2];	/* pipes: our end to write to, to read from */
static unsigned helped;

static void help(void *opaque)
{
	(void)opaque;
	helped++;
}

static void setup_fds(int in, int out, bool keys)
{
	const struct rx_char_stdio_config cfg = {
		.in = in, .out = out, .keys = keys, .help = help,
	};

	iot_init(&vm);
	helped = 0;
	user = (struct rx_char_user){ 0 };
	CU_ASSERT_EQUAL_FATAL(rx_char_stdio_new(&chr, &vm, &cfg, NULL), RAX_OK);
}

static void setup(bool keys)
{
	CU_ASSERT_EQUAL_FATAL(pipe(to), 0);
	CU_ASSERT_EQUAL_FATAL(pipe(from), 0);
	setup_fds(to[0], from[1], keys);
}

static void teardown(void)
{
	rx_char_free(chr);
	CU_ASSERT_PTR_NULL(vm.sources);
	iot_fini(&vm);
	close(to[0]);
	close(to[1]);
	close(from[0]);
	close(from[1]);
}

static const char *got(void)
{
	static char buf[256];
	struct pollfd p = { .fd = from[0], .events = POLLIN };
	ssize_t n = 0;

	if (poll(&p, 1, 0) > 0)
		n = read(from[0], buf, sizeof(buf) - 1);
	buf[n > 0 ? n : 0] = 0;
	return buf;
}

static const char *input(void)
{
	static char buf[256];
	size_t n;

	iot_pump(&vm, 0);
	n = rx_char_read(chr, &user, buf, sizeof(buf) - 1);
	buf[n] = 0;
	return buf;
}

static void test_output(void)
{
	setup(false);
	rx_char_write(chr, &user, "login: ", 7);
	CU_ASSERT_STRING_EQUAL(got(), "");	/* held back ... */
	iot_pump(&vm, 1000);			/* ... for 2 ms */
	CU_ASSERT_STRING_EQUAL(got(), "login: ");
	rx_char_write(chr, &user, "ab", 2);
	rx_char_write(chr, &user, "cd", 2);
	rx_char_flush(chr);
	CU_ASSERT_STRING_EQUAL(got(), "abcd");
	rx_char_write(chr, &user, "last words", 10);
	rx_char_free(chr);			/* flushes */
	CU_ASSERT_STRING_EQUAL(got(), "last words");
	chr = NULL;
	teardown();
}

static void *slow_reader(void *arg)
{
	char buf[1000];
	size_t total = 0;
	ssize_t n;

	while ((n = read(from[0], buf, sizeof(buf))) > 0) {
		total += (size_t)n;
		if (total % 3000 < 1000)
			usleep(100);
	}
	*(size_t *)arg = total;
	return NULL;
}

/* Nothing is lost in a pipe that is full most of the time. */
static void test_slow_reader(void)
{
	char line[100];
	size_t total = 0;
	pthread_t thread;

	setup(false);
	memset(line, 'x', sizeof(line));
	/* as after `fcntl(1, O_NONBLOCK)` by another user of the terminal */
	fcntl(from[1], F_SETFL, O_NONBLOCK);
	pthread_create(&thread, NULL, slow_reader, &total);
	for (unsigned i = 0; i < 10000; i++)
		rx_char_write(chr, &user, line, sizeof(line));
	rx_char_flush(chr);
	close(from[1]);
	from[1] = -1;
	pthread_join(thread, NULL);
	CU_ASSERT_EQUAL(total, 1000000);
	CU_ASSERT_EQUAL(chr->error, 0);
	teardown();
}

/* A reader that has stopped does not keep the user from stopping the vm. */
static void test_stuck_reader(void)
{
	char line[1000];

	setup(false);
	memset(line, 'x', sizeof(line));
	rx_vm_stop(&vm, RX_STOP_USER, 0);
	for (unsigned i = 0; i < 100; i++)
		rx_char_write(chr, &user, line, sizeof(line));
	CU_ASSERT_EQUAL(vm.stop_request, RX_STOP_USER);
	teardown();
}

static void test_closed_pipe(void)
{
	setup(false);
	signal(SIGPIPE, SIG_IGN);
	close(from[0]);
	from[0] = -1;
	rx_char_write(chr, &user, "x", 1);
	rx_char_flush(chr);
	CU_ASSERT_EQUAL(chr->error, EPIPE);
	CU_ASSERT_EQUAL(vm.stop_request, RX_STOP_ERROR);
	CU_ASSERT_EQUAL(vm.error.code, RAX_EIO);
	CU_ASSERT_PTR_NOT_NULL(strstr(vm.error.message, "console output"));
	rx_char_write(chr, &user, "more", 4);
	rx_char_flush(chr);
	signal(SIGPIPE, SIG_DFL);
	teardown();
}

static void test_input(void)
{
	setup(false);
	CU_ASSERT_STRING_EQUAL(input(), "");
	CU_ASSERT_EQUAL(write(to[1], "a\001xb", 4), 4);
	CU_ASSERT_STRING_EQUAL(input(), "a\001xb");	/* no terminal: all data */
	CU_ASSERT_EQUAL(vm.stop_request, RX_STOP_NONE);
	CU_ASSERT_EQUAL(write(to[1], "tail", 4), 4);
	close(to[1]);
	to[1] = -1;
	CU_ASSERT_STRING_EQUAL(input(), "tail");
	CU_ASSERT_STRING_EQUAL(input(), "");
	/* the end ends nothing, and is not polled for ever */
	CU_ASSERT_EQUAL(vm.stop_request, RX_STOP_NONE);
	for (struct rx_source *s = vm.sources; s; s = s->next)
		CU_ASSERT_FALSE(s->enabled);
	teardown();
}

/* A full queue stops reading until the guest takes something. */
static void test_flow_control(void)
{
	static char big[RX_CHAR_QUEUE + 1000], back[sizeof(big)];
	size_t n = 0;

	setup(false);
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 13 >> 2);
	CU_ASSERT_EQUAL(write(to[1], big, sizeof(big)), (ssize_t)sizeof(big));
	for (unsigned i = 0; i < 100; i++)
		iot_pump(&vm, 0);
	CU_ASSERT_EQUAL(chr->count, RX_CHAR_QUEUE);
	for (unsigned i = 0; i < 100 && n < sizeof(big); i++) {
		n += rx_char_read(chr, &user, back + n, 500);
		iot_pump(&vm, 0);
	}
	CU_ASSERT_EQUAL(n, sizeof(big));
	CU_ASSERT_EQUAL(memcmp(big, back, sizeof(big)), 0);
	teardown();
}

static void test_keys(void)
{
	setup(true);
	CU_ASSERT_EQUAL(write(to[1], "a\001\001b\001ac\001h\001qd", 12), 12);
	CU_ASSERT_STRING_EQUAL(input(), "a\001b\001cd");
	CU_ASSERT_EQUAL(helped, 1);
	CU_ASSERT_EQUAL(vm.stop_request, RX_STOP_NONE);
	/* the prefix may come alone */
	CU_ASSERT_EQUAL(write(to[1], "\001", 1), 1);
	CU_ASSERT_STRING_EQUAL(input(), "");
	CU_ASSERT_EQUAL(write(to[1], "xy", 2), 2);
	CU_ASSERT_STRING_EQUAL(input(), "y");
	CU_ASSERT_EQUAL(vm.stop_request, RX_STOP_USER);
	teardown();
}

/* A file is read when the guest asks, so that icount runs repeat. */
static void test_file(void)
{
	char path[] = "rax-test-XXXXXX";
	char buf[16] = "";
	const int fd = mkstemp(path);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	unlink(path);
	CU_ASSERT_EQUAL(write(fd, "from a file", 11), 11);
	lseek(fd, 0, SEEK_SET);
	CU_ASSERT_EQUAL_FATAL(pipe(from), 0);
	to[0] = fd;
	to[1] = -1;
	setup_fds(fd, from[1], false);
	for (struct rx_source *s = vm.sources; s; s = s->next)
		CU_ASSERT_FALSE(s->enabled);
	CU_ASSERT_EQUAL(rx_char_read(chr, &user, buf, 4), 4);
	CU_ASSERT_EQUAL(rx_char_read(chr, &user, buf + 4, 12), 7);
	CU_ASSERT_STRING_EQUAL(buf, "from a file");
	CU_ASSERT_EQUAL(rx_char_read(chr, &user, buf, 4), 0);
	teardown();
}

CU_TestInfo io_char_stdio_tests[] = {
	{ "output", test_output },
	{ "slow reader", test_slow_reader },
	{ "stuck reader", test_stuck_reader },
	{ "closed pipe", test_closed_pipe },
	{ "input", test_input },
	{ "flow control", test_flow_control },
	{ "keys", test_keys },
	{ "file", test_file },
	CU_TEST_INFO_NULL,
};
