/* log.h - messages to whoever embeds the library. SPDX-License-Identifier: MIT */
#ifndef RX_BASE_LOG_H
#define RX_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "rax/error.h"

enum rx_log_level { RX_ERROR, RX_WARN, RX_INFO, RX_DEBUG };

/* Categories: a mask selects, RX_LOG_CATEGORIES names them (bit order). */
#define RX_LOG_CATEGORIES(X) \
	X(CPU, "cpu") X(MEM, "mem") X(DEV, "dev") X(IO, "io") \
	X(BOOT, "boot") X(ENGINE, "engine") X(SBI, "sbi") X(GUEST, "guest")
enum rx_log_bit {
#define X(id, name) RX_LOG_BIT_##id,
	RX_LOG_CATEGORIES(X)
#undef X
	RX_LOG_NCATEGORIES
};
enum rx_log_category {
#define X(id, name) RX_LOG_##id = 1 << RX_LOG_BIT_##id,
	RX_LOG_CATEGORIES(X)
#undef X
	RX_LOG_ALL = (1 << RX_LOG_NCATEGORIES) - 1,
};

/* One line without a newline; text lives during the call only. */
typedef void rx_log_sink(void *opaque, enum rx_log_level level,
			 const char *category, const char *text);

#define RX_LOG_SITES 64

/* A zeroed struct rx_log is off: it has no sink. */
struct rx_log {
	uint32_t mask;			/* of enum rx_log_category */
	enum rx_log_level level;	/* this one and more urgent ones */
	rx_log_sink *sink;
	void *opaque;
	struct rx_log_site {		/* token buckets of guest messages */
		const void *site;
		uint64_t second;
		uint32_t sent, suppressed;
	} sites[RX_LOG_SITES];
};

static inline bool rx_log_on(const struct rx_log *log, uint32_t category,
			     enum rx_log_level level)
{
	return __builtin_expect(log->sink && (log->mask & category) &&
				level <= log->level, 0);
}

/* Not called directly. */
void rx_log_write(struct rx_log *log, uint32_t category,
		  enum rx_log_level level, const char *fmt, ...)
	RAX_PRINTF(4, 5);
void rx_log_write_limited(struct rx_log *log, uint32_t category,
			  enum rx_log_level level, const char *fmt, ...)
	RAX_PRINTF(4, 5);

/* One branch when off; the arguments are then not evaluated. */
#define rx_log(log, category, level, ...) \
	do { \
		if (rx_log_on(log, category, level)) \
			rx_log_write(log, category, level, __VA_ARGS__); \
	} while (0)
/*
 * For what a guest can cause: at most RX_LIMIT_LOG_RATE messages a second of
 * each format string, then one that says how many were left out.
 */
#define rx_log_guest(log, category, level, ...) \
	do { \
		if (rx_log_on(log, category, level)) \
			rx_log_write_limited(log, category, level, \
					     __VA_ARGS__); \
	} while (0)

/* Bit mask of a comma-separated list of names, or of "all". */
RAX_MUST_CHECK rax_status rx_log_parse_mask(const char *list, uint32_t *mask,
					    rax_error *err);

#endif
