/* tapdemo.c - tests of every outcome, for test_lib.sh. SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "tests/lib/tap.h"

static void passes(void)
{
	CU_ASSERT(1 + 1 == 2);
}

static void fails(void)
{
	CU_ASSERT(1 + 1 == 3);
	RX_TAP_CHECK(0, "vector %d:\nsecond line", 17);
}

static void fails_fatally(void)
{
	CU_ASSERT_FATAL(0 == 1);
	CU_FAIL("not reached");
}

static void skips(void)
{
	rx_tap_skip("no %s here", "thing");
}

static void skips_and_fails(void)
{
	CU_ASSERT(0);
	rx_tap_skip("too late");
}

static void asserts_nothing(void)
{
}

static void many_failures(void)
{
	for (int i = 0; i < 25; i++)
		RX_TAP_CHECK(i < 0, "number %d", i);
}

static void with_argument(const void *arg)
{
	RX_TAP_CHECK(*(const int *)arg % 2 == 0, "%d is odd", *(const int *)arg);
}

static void crashes(const void *arg)
{
	(void)arg;
	_Exit(3);
}

static CU_TestInfo demo_tests[] = {
	{ "passes", passes },
	{ "fails", fails },
	{ "fails fatally", fails_fatally },
	{ "skips", skips },
	{ "skips and fails", skips_and_fails },
	{ "asserts nothing", asserts_nothing },
	{ "many failures", many_failures },
	CU_TEST_INFO_NULL,
};

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "lib/demo", demo_tests },
		{ NULL, NULL },
	};
	static const int numbers[] = { 0, 1, 2 };

	/* the suites' order is that of their first test */
	rx_tap_add("lib/table", "zero", with_argument, &numbers[0]);
	rx_tap_add("lib/other", "two", with_argument, &numbers[2]);
	rx_tap_add("lib/table", "one", with_argument, &numbers[1]);
	if (getenv("TAPDEMO_CRASH"))
		rx_tap_add("lib/other", "crashes", crashes, NULL);
	return rx_tap_main(argc, argv, suites);
}
