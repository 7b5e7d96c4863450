/* test_file.c - whole files, bounded. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static char dir[64];

static const char *in_dir(char *buf, size_t size, const char *name)
{
	snprintf(buf, size, "%s/%s", dir, name);
	return buf;
}

static void begin(void)
{
	strcpy(dir, "/tmp/rax-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
}

static void round_trip(void)
{
	static const size_t sizes[] = { 0, 1, 4095, 4096, 65536, 200001 };
	char *data = malloc(200001), path[96];
	struct rx_file f;
	struct stat st;

	begin();
	in_dir(path, sizeof(path), "f");
	CU_ASSERT_PTR_NOT_NULL_FATAL(data);
	for (size_t k = 0; k < 200001; k++)
		data[k] = (char)(k * 7 >> 3);
	for (unsigned k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
		CU_ASSERT_EQUAL(rx_file_write(path, data, sizes[k], NULL), 0);
		CU_ASSERT_EQUAL_FATAL(rx_file_read(&f, path, sizes[k], NULL), 0);
		CU_ASSERT_EQUAL(f.size, sizes[k]);
		CU_ASSERT_EQUAL(memcmp(f.data, data, sizes[k]), 0);
		CU_ASSERT_EQUAL(f.data[f.size], 0);
		rx_file_fini(&f);
		CU_ASSERT_PTR_NULL(f.data);
	}
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0644);
	CU_ASSERT_EQUAL(chmod(path, 0600), 0);
	CU_ASSERT_EQUAL(rx_file_write(path, "x", 1, NULL), 0);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	free(data);
	unlink(path);
	CU_ASSERT_EQUAL(rmdir(dir), 0);	/* no temporary file is left */
}

static void refused(void)
{
	char path[96];
	struct rx_file f;
	rax_error e;

	begin();
	in_dir(path, sizeof(path), "f");
	CU_ASSERT_EQUAL(rx_file_read(&f, path, 100, &e), RAX_EIO);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.message, "No such file"));
	CU_ASSERT_EQUAL(rx_file_read(&f, dir, 100, &e), RAX_EIO);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.message, "directory"));
	CU_ASSERT_EQUAL(rx_file_write(path, "123456", 6, NULL), 0);
	CU_ASSERT_EQUAL(rx_file_read(&f, path, 5, &e), RAX_EFORMAT);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.message, "limit of 5 bytes"));
	CU_ASSERT_PTR_NULL(f.data);
	/* endless: not a regular file, so its size says nothing */
	CU_ASSERT_EQUAL(rx_file_read(&f, "/dev/zero", 100000, &e), RAX_EFORMAT);
	CU_ASSERT_PTR_NULL(f.data);
	unlink(path);
	in_dir(path, sizeof(path), "no/such/folder");
	CU_ASSERT_EQUAL(rx_file_write(path, "", 0, &e), RAX_EIO);
	/* a folder in the way: nothing is left behind */
	CU_ASSERT_EQUAL(mkdir(in_dir(path, sizeof(path), "d"), 0700), 0);
	CU_ASSERT_EQUAL(rx_file_write(path, "x", 1, &e), RAX_EIO);
	CU_ASSERT_EQUAL(rmdir(path), 0);
	CU_ASSERT_EQUAL(rmdir(dir), 0);
}

CU_TestInfo file_tests[] = {
	{ "round_trip", round_trip },
	{ "refused", refused },
	CU_TEST_INFO_NULL,
};
