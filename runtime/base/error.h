/* error.h - filling in a rax_error. SPDX-License-Identifier: MIT */
#ifndef RX_BASE_ERROR_H
#define RX_BASE_ERROR_H

#include <stdarg.h>
#include <stdint.h>

#include "rax/error.h"

/*
 * Each sets *err (NULL: nothing to set) and returns code, so that a failing
 * function ends in `return rx_err(err, RAX_EINVAL, ...)`. A message that does
 * not fit is cut. Control characters are replaced by '?': names in messages
 * come from files, and a message is one line.
 */
rax_status rx_err(rax_error *err, rax_status code, const char *fmt, ...)
	RAX_PRINTF(3, 4);
rax_status rx_err_at(rax_error *err, rax_status code, uint64_t offset,
		     const char *fmt, ...) RAX_PRINTF(4, 5);
rax_status rx_err_v(rax_error *err, rax_status code, const char *fmt,
		    va_list ap) RAX_PRINTF(3, 0);
/* "WHAT: strerror(errnum)" */
rax_status rx_err_errno(rax_error *err, rax_status code, int errnum,
			const char *fmt, ...) RAX_PRINTF(4, 5);
/* Puts "prefix: " before the message of a failure, e.g. a file's name. */
void rx_err_prefix(rax_error *err, const char *fmt, ...) RAX_PRINTF(2, 3);

#endif
