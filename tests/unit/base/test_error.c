/* test_error.c - error details. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"

static void messages(void)
{
	rax_error e;
	char big[2000];

	CU_ASSERT_EQUAL(rx_err(&e, RAX_EFORMAT, "no %s at %d", "x", 7),
			RAX_EFORMAT);
	CU_ASSERT_EQUAL(e.code, RAX_EFORMAT);
	CU_ASSERT_FALSE(e.has_offset);
	CU_ASSERT_STRING_EQUAL(e.message, "no x at 7");
	CU_ASSERT_EQUAL(rx_err_at(&e, RAX_EIO, 99, "bad"), RAX_EIO);
	CU_ASSERT(e.has_offset);
	CU_ASSERT_EQUAL(e.offset, 99);
	rx_err_prefix(&e, "file %d", 3);
	CU_ASSERT_STRING_EQUAL(e.message, "file 3: bad");
	CU_ASSERT(e.has_offset);
	rx_err_errno(&e, RAX_EIO, ENOENT, "%s", "f");
	CU_ASSERT_STRING_EQUAL(e.message, "f: No such file or directory");
	/* nobody listens */
	CU_ASSERT_EQUAL(rx_err(NULL, RAX_EIO, "x"), RAX_EIO);
	CU_ASSERT_EQUAL(rx_err_errno(NULL, RAX_EIO, 1, "x"), RAX_EIO);
	rx_err_prefix(NULL, "x");
	/* names from files: one line, cut */
	rx_err(&e, RAX_EINVAL, "a\nb\033[31m\x7f\xc3\xa4");
	CU_ASSERT_STRING_EQUAL(e.message, "a?b?[31m?\xc3\xa4");
	memset(big, 'y', sizeof(big) - 1);
	big[sizeof(big) - 1] = 0;
	rx_err(&e, RAX_EINVAL, "%s", big);
	CU_ASSERT_EQUAL(strlen(e.message), sizeof(e.message) - 1);
	rx_err_prefix(&e, "%s", big);
	CU_ASSERT_EQUAL(strlen(e.message), sizeof(e.message) - 1);
}

static void names(void)
{
	CU_ASSERT_STRING_EQUAL(rax_status_name(RAX_OK), "success");
	CU_ASSERT_STRING_EQUAL(rax_status_name(RAX_EINTERNAL), "internal error");
	for (int k = RAX_EINTERNAL; k <= 0; k++)
		CU_ASSERT_PTR_NOT_NULL(rax_status_name((rax_status)k));
	CU_ASSERT_STRING_EQUAL(rax_status_name((rax_status)-99),
			       "unknown status");
	CU_ASSERT_STRING_EQUAL(rax_status_name((rax_status)1),
			       "unknown status");
}

CU_TestInfo error_tests[] = {
	{ "messages", messages },
	{ "names", names },
	CU_TEST_INFO_NULL,
};
