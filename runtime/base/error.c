/* error.c - filling in a rax_error. SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *rax_status_name(rax_status status)
{
	static const char *const names[] = {
		[-RAX_OK] = "success",
		[-RAX_EINVAL] = "invalid argument",
		[-RAX_ENOMEM] = "out of memory",
		[-RAX_EIO] = "input/output error",
		[-RAX_EFORMAT] = "malformed input",
		[-RAX_ENOTSUP] = "not supported",
		[-RAX_ERANGE] = "out of range",
		[-RAX_EDIVERGED] = "engines disagree",
		[-RAX_EINTERNAL] = "internal error",
	};
	const int n = (int)(sizeof(names) / sizeof(names[0]));

	if (status > 0 || -(int)status >= n)
		return "unknown status";
	return names[-status];
}

/* Text of UTF-8 passes; what would break the line or the terminal does not. */
static void make_one_line(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s == 0x7f)
			*s = '?';
}

rax_status rx_err_v(rax_error *err, rax_status code, const char *fmt,
		    va_list ap)
{
	if (!err)
		return code;
	err->code = code;
	err->has_offset = 0;
	err->offset = 0;
	if (vsnprintf(err->message, sizeof(err->message), fmt, ap) < 0)
		strcpy(err->message, "error");
	make_one_line(err->message);
	return code;
}

rax_status rx_err(rax_error *err, rax_status code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	rx_err_v(err, code, fmt, ap);
	va_end(ap);
	return code;
}

rax_status rx_err_at(rax_error *err, rax_status code, uint64_t offset,
		     const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	rx_err_v(err, code, fmt, ap);
	va_end(ap);
	if (err) {
		err->has_offset = 1;
		err->offset = offset;
	}
	return code;
}

rax_status rx_err_errno(rax_error *err, rax_status code, int errnum,
			const char *fmt, ...)
{
	const int saved = errno;
	size_t used;
	va_list ap;

	if (!err)
		return code;
	va_start(ap, fmt);
	rx_err_v(err, code, fmt, ap);
	va_end(ap);
	used = strlen(err->message);
	errno = errnum;		/* %m is thread-safe and has one signature */
	snprintf(err->message + used, sizeof(err->message) - used, ": %m");
	errno = saved;
	return code;
}

void rx_err_prefix(rax_error *err, const char *fmt, ...)
{
	char old[sizeof(err->message)];
	size_t used;
	va_list ap;

	if (!err)
		return;
	memcpy(old, err->message, sizeof(old));
	va_start(ap, fmt);
	if (vsnprintf(err->message, sizeof(err->message), fmt, ap) < 0)
		err->message[0] = '\0';
	va_end(ap);
	used = strlen(err->message);
	snprintf(err->message + used, sizeof(err->message) - used, ": %s", old);
	make_one_line(err->message);
}
