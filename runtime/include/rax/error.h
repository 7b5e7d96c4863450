/* error.h - status codes and error details of librax. SPDX-License-Identifier: MIT */
#ifndef RAX_ERROR_H
#define RAX_ERROR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define RAX_MUST_CHECK __attribute__((warn_unused_result))
#define RAX_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define RAX_MUST_CHECK
#define RAX_PRINTF(f, a)
#endif

/* 0 is success; every failure is negative. */
typedef enum rax_status {
	RAX_OK = 0,
	RAX_EINVAL = -1,	/* an argument or option value is wrong */
	RAX_ENOMEM = -2,	/* the host has no memory left */
	RAX_EIO = -3,		/* reading or writing a host file failed */
	RAX_EFORMAT = -4,	/* an input file is malformed or not supported */
	RAX_ENOTSUP = -5,	/* valid, but this build or machine cannot do it */
	RAX_ERANGE = -6,	/* an address or number is out of range */
	RAX_EDIVERGED = -7,	/* two engines disagree (--verify) */
	RAX_EINTERNAL = -8,	/* a broken invariant; the VM is dead */
} rax_status;

/*
 * Details of a failure, owned by the caller. Functions that take one accept
 * NULL. The message says what, where and what to do, in one line, without a
 * newline at its end.
 */
typedef struct rax_error {
	rax_status code;
	int has_offset;		/* offset is meaningful */
	uint64_t offset;	/* byte offset in the input file */
	char message[512];
} rax_error;

/* Returns the name of a status ("invalid argument"), never NULL. */
const char *rax_status_name(rax_status status);

#ifdef __cplusplus
}
#endif
#endif
