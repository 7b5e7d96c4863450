/* log.c - messages to whoever embeds the library. SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/limits.h"

#define LINE_BYTES 512

static const char *const category_names[] = {
#define X(id, name) name,
	RX_LOG_CATEGORIES(X)
#undef X
};

static const char *category_name(uint32_t category)
{
	const int bit = __builtin_ffs((int)category) - 1;

	return bit >= 0 && bit < RX_LOG_NCATEGORIES ? category_names[bit] : "";
}

static void write_v(struct rx_log *log, uint32_t category,
		    enum rx_log_level level, const char *fmt, va_list ap)
{
	char line[LINE_BYTES];

	if (vsnprintf(line, sizeof(line), fmt, ap) < 0)
		return;
	for (char *s = line; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
	log->sink(log->opaque, level, category_name(category), line);
}

void rx_log_write(struct rx_log *log, uint32_t category,
		  enum rx_log_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_v(log, category, level, fmt, ap);
	va_end(ap);
}

/* Its slot in a small open table; when that is full, sites share the last. */
static struct rx_log_site *find_site(struct rx_log *log, const void *site)
{
	struct rx_log_site *s = log->sites;

	for (; s < log->sites + RX_LOG_SITES - 1 && s->site; s++)
		if (s->site == site)
			return s;
	s->site = site;
	return s;
}

void rx_log_write_limited(struct rx_log *log, uint32_t category,
			  enum rx_log_level level, const char *fmt, ...)
{
	struct rx_log_site *s = find_site(log, fmt);
	struct timespec now;
	uint32_t missed;
	va_list ap;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if ((uint64_t)now.tv_sec != s->second) {
		missed = s->suppressed;
		s->second = (uint64_t)now.tv_sec;
		s->sent = s->suppressed = 0;
		if (missed)
			rx_log_write(log, category, level,
				     "suppressed %u messages like the next",
				     missed);
	}
	if (s->sent >= RX_LIMIT_LOG_RATE) {
		s->suppressed++;
		return;
	}
	s->sent++;
	va_start(ap, fmt);
	write_v(log, category, level, fmt, ap);
	va_end(ap);
}

rax_status rx_log_parse_mask(const char *list, uint32_t *mask, rax_error *err)
{
	uint32_t sum = 0;

	for (const char *p = list;; p++) {
		const size_t len = strcspn(p, ",");
		unsigned k;

		for (k = 0; k < RX_LOG_NCATEGORIES; k++)
			if (strlen(category_names[k]) == len &&
			    !memcmp(category_names[k], p, len))
				break;
		if (k < RX_LOG_NCATEGORIES)
			sum |= 1u << k;
		else if (len == 3 && !memcmp(p, "all", 3))
			sum |= RX_LOG_ALL;
		else
			return rx_err(err, RAX_EINVAL,
				      "'%.*s' is no log category (cpu, mem, "
				      "dev, io, boot, engine, sbi, guest, all)",
				      (int)(len > 64 ? 64 : len), p);
		p += len;
		if (!*p)
			break;
	}
	*mask = sum;
	return RAX_OK;
}
