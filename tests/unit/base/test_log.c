/* test_log.c - log messages. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"

struct seen {
	unsigned n;
	enum rx_log_level level;
	char category[16], text[600];
};

static void sink(void *opaque, enum rx_log_level level, const char *category,
		 const char *text)
{
	struct seen *s = opaque;

	s->n++;
	s->level = level;
	snprintf(s->category, sizeof(s->category), "%s", category);
	snprintf(s->text, sizeof(s->text), "%s", text);
}

static void filter(void)
{
	struct seen s = { 0 };
	struct rx_log log = { 0 };
	int evaluated = 0;

	rx_log(&log, RX_LOG_DEV, RX_ERROR, "off %d", ++evaluated);
	log = (struct rx_log){ .mask = RX_LOG_DEV, .level = RX_INFO,
			       .sink = sink, .opaque = &s };
	rx_log(&log, RX_LOG_CPU, RX_ERROR, "other %d", ++evaluated);
	rx_log(&log, RX_LOG_DEV, RX_DEBUG, "too low %d", ++evaluated);
	CU_ASSERT_EQUAL(s.n, 0);
	CU_ASSERT_EQUAL(evaluated, 0);
	rx_log(&log, RX_LOG_DEV, RX_WARN, "uart: %d\n\033x", 42);
	CU_ASSERT_EQUAL(s.n, 1);
	CU_ASSERT_EQUAL(s.level, RX_WARN);
	CU_ASSERT_STRING_EQUAL(s.category, "dev");
	CU_ASSERT_STRING_EQUAL(s.text, "uart: 42??x");
}

/* A guest that causes the same message all the time. */
static void bucket(void)
{
	struct seen s = { 0 };
	struct rx_log log = { .mask = RX_LOG_ALL, .level = RX_DEBUG,
			      .sink = sink, .opaque = &s };

	for (unsigned k = 0; k < 10000; k++)
		rx_log_guest(&log, RX_LOG_GUEST, RX_WARN, "one %u", k);
	/* a second may have begun in between, hardly two */
	CU_ASSERT(s.n >= RX_LIMIT_LOG_RATE);
	CU_ASSERT(s.n <= 3 * RX_LIMIT_LOG_RATE);
	s.n = 0;
	rx_log_guest(&log, RX_LOG_GUEST, RX_WARN, "another site");
	CU_ASSERT_EQUAL(s.n, 1);
	log.sites[0].second--;	/* the next second */
	log.sites[0].suppressed = 5;
	s.n = 0;
	rx_log_guest(&log, RX_LOG_GUEST, RX_WARN, "one %u", 5);
	CU_ASSERT(s.n <= 2);
}

static void mask(void)
{
	uint32_t m = 0;
	rax_error e;

	CU_ASSERT_EQUAL(rx_log_parse_mask("cpu", &m, NULL), 0);
	CU_ASSERT_EQUAL(m, RX_LOG_CPU);
	CU_ASSERT_EQUAL(rx_log_parse_mask("dev,guest", &m, NULL), 0);
	CU_ASSERT_EQUAL(m, RX_LOG_DEV | RX_LOG_GUEST);
	CU_ASSERT_EQUAL(rx_log_parse_mask("all", &m, NULL), 0);
	CU_ASSERT_EQUAL(m, RX_LOG_ALL);
	CU_ASSERT_EQUAL(rx_log_parse_mask("dev,", &m, &e), RAX_EINVAL);
	CU_ASSERT_EQUAL(rx_log_parse_mask("dex", &m, &e), RAX_EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.message, "'dex'"));
	CU_ASSERT_EQUAL(rx_log_parse_mask("", &m, &e), RAX_EINVAL);
	CU_ASSERT_EQUAL(m, RX_LOG_ALL);
}

CU_TestInfo log_tests[] = {
	{ "filter", filter },
	{ "bucket", bucket },
	{ "mask", mask },
	CU_TEST_INFO_NULL,
};
