/* test_term.c - raw mode and its end. SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE 1
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/term.h"
#include "suites.h"

static struct rx_term term;

static void restore(int sig)
{
	rx_term_restore(&term);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* In a session of its own, with the terminal as its own: the child's result. */
static int child(int (*body)(int tty), const char *name)
{
	const pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		int tty;

		setsid();
		tty = open(name, O_RDWR);
		if (tty < 0 || ioctl(tty, TIOCSCTTY, 0) < 0)
			_exit(100);
		tcsetpgrp(tty, getpgrp());
		_exit(body(tty));
	}
	waitpid(pid, &status, 0);
	return status;
}

static int raw_and_back(int tty)
{
	struct termios before, raw, after;

	tcgetattr(tty, &before);
	if (!rx_term_raw(&term, tty))
		return 1;
	tcgetattr(tty, &raw);
	if (raw.c_lflag & (ICANON | ECHO | ISIG) || raw.c_iflag & ICRNL)
		return 2;
	if ((raw.c_oflag & OPOST) != (before.c_oflag & OPOST))
		return 3;
	rx_term_restore(&term);
	rx_term_restore(&term);
	tcgetattr(tty, &after);
	if (after.c_lflag != before.c_lflag || after.c_iflag != before.c_iflag)
		return 4;
	return rx_term_raw(&term, tty) ? 0 : 5;
}

static int killed(int tty)
{
	signal(SIGTERM, restore);
	if (!rx_term_raw(&term, tty))
		return 1;
	raise(SIGTERM);
	return 2;
}

static void with_pty(int (*body)(int tty), int want, bool want_signal)
{
	struct termios before, after;
	const int master = posix_openpt(O_RDWR | O_NOCTTY);
	int status, tty;

	CU_ASSERT_TRUE_FATAL(master >= 0);
	CU_ASSERT_EQUAL_FATAL(grantpt(master) | unlockpt(master), 0);
	tty = open(ptsname(master), O_RDWR | O_NOCTTY);
	CU_ASSERT_TRUE_FATAL(tty >= 0);
	tcgetattr(tty, &before);
	status = child(body, ptsname(master));
	if (want_signal) {
		CU_ASSERT_TRUE(WIFSIGNALED(status));
		CU_ASSERT_EQUAL(WTERMSIG(status), want);
		tcgetattr(tty, &after);
		CU_ASSERT_EQUAL(after.c_lflag, before.c_lflag);
	} else {
		CU_ASSERT_TRUE(WIFEXITED(status));
		CU_ASSERT_EQUAL(WEXITSTATUS(status), want);
	}
	close(tty);
	close(master);
}

static void test_raw(void)
{
	with_pty(raw_and_back, 0, false);
}

static void test_signal(void)
{
	with_pty(killed, SIGTERM, true);
}

static void test_no_terminal(void)
{
	struct rx_term none = { 0 };
	int p[2];

	CU_ASSERT_EQUAL_FATAL(pipe(p), 0);
	CU_ASSERT_FALSE(rx_term_raw(&none, p[0]));
	CU_ASSERT_FALSE(none.active);
	rx_term_restore(&none);
	CU_ASSERT_FALSE(rx_term_raw(&none, -1));
	close(p[0]);
	close(p[1]);
}

CU_TestInfo io_term_tests[] = {
	{ "raw and back", test_raw },
	{ "signal", test_signal },
	{ "no terminal", test_no_terminal },
	CU_TEST_INFO_NULL,
};
