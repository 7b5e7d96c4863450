/* test_block.c - raw images and overlays. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/block.h"
#include "suites.h"

static char path[64];

static void make(size_t size)
{
	FILE *f;
	int fd;

	strcpy(path, "rax-disk-XXXXXX");
	fd = mkstemp(path);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	f = fdopen(fd, "wb");
	for (size_t i = 0; i < size; i++)
		putc((int)(i / RX_SECTOR + 1), f);
	CU_ASSERT_EQUAL(fclose(f), 0);
}

static rax_status try_open(bool read_only, struct rx_block **blk, const char *says)
{
	rax_error err = { 0 };
	const rax_status status = rx_block_raw_open(blk, path, read_only, &err);

	if (says)
		RX_TAP_CHECK(strstr(err.message, says) && strstr(err.message, path),
			     "message: %s", err.message);
	return status;
}

static void test_raw(void)
{
	uint8_t buf[3 * RX_SECTOR];
	struct rx_block *blk;

	make(10 * RX_SECTOR);
	CU_ASSERT_EQUAL_FATAL(try_open(false, &blk, NULL), RAX_OK);
	CU_ASSERT_EQUAL(blk->sectors, 10);
	CU_ASSERT_FALSE(blk->read_only);
	CU_ASSERT_EQUAL(rx_block_read(blk, 3, buf, 3), RAX_OK);
	CU_ASSERT_EQUAL(buf[0], 4);
	CU_ASSERT_EQUAL(buf[sizeof(buf) - 1], 6);
	memset(buf, 0xaa, sizeof(buf));
	CU_ASSERT_EQUAL(rx_block_write(blk, 7, buf, 3), RAX_OK);
	CU_ASSERT_EQUAL(rx_block_flush(blk), RAX_OK);
	CU_ASSERT_EQUAL(rx_block_write(blk, 8, buf, 3), RAX_ERANGE);
	CU_ASSERT_EQUAL(rx_block_write(blk, 10, buf, 1), RAX_ERANGE);
	CU_ASSERT_EQUAL(rx_block_read(blk, UINT64_MAX, buf, 1), RAX_ERANGE);
	CU_ASSERT_EQUAL(rx_block_read(blk, 1, buf, SIZE_MAX), RAX_ERANGE);
	CU_ASSERT_EQUAL(rx_block_read(blk, 10, buf, 0), RAX_OK);
	rx_block_free(blk);
	CU_ASSERT_EQUAL_FATAL(try_open(true, &blk, NULL), RAX_OK);
	CU_ASSERT_TRUE(blk->read_only);
	CU_ASSERT_EQUAL(rx_block_read(blk, 9, buf, 1), RAX_OK);
	CU_ASSERT_EQUAL(buf[100], 0xaa);
	CU_ASSERT_EQUAL(rx_block_write(blk, 0, buf, 1), RAX_ENOTSUP);
	CU_ASSERT_EQUAL(rx_block_flush(blk), RAX_OK);
	rx_block_free(blk);
	unlink(path);
	rx_block_free(NULL);
}

/* The last sector may be cut short in the file. */
static void test_odd_size(void)
{
	uint8_t buf[RX_SECTOR];
	struct rx_block *blk;
	struct stat st;

	make(RX_SECTOR + 100);
	CU_ASSERT_EQUAL_FATAL(try_open(false, &blk, NULL), RAX_OK);
	CU_ASSERT_EQUAL(blk->sectors, 2);
	memset(buf, 0xff, sizeof(buf));
	CU_ASSERT_EQUAL(rx_block_read(blk, 1, buf, 1), RAX_OK);
	CU_ASSERT_EQUAL(buf[99], 2);
	CU_ASSERT_EQUAL(buf[100], 0);
	CU_ASSERT_EQUAL(buf[511], 0);
	buf[511] = 9;
	CU_ASSERT_EQUAL(rx_block_write(blk, 1, buf, 1), RAX_OK);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_size, 2 * RX_SECTOR);
	rx_block_free(blk);
	unlink(path);
}

static void test_refused(void)
{
	struct rx_block *blk, *second;

	strcpy(path, "no-such-file");
	CU_ASSERT_EQUAL(try_open(false, &blk, "No such file"), RAX_EIO);
	CU_ASSERT_PTR_NULL(blk);
	strcpy(path, ".");
	CU_ASSERT_EQUAL(try_open(true, &blk, "neither a file"), RAX_EIO);
	strcpy(path, "/dev/null");
	CU_ASSERT_EQUAL(try_open(true, &blk, "neither a file"), RAX_EIO);
	make(0);
	CU_ASSERT_EQUAL(try_open(false, &blk, "empty"), RAX_EFORMAT);
	unlink(path);
	make(RX_SECTOR);
	{
		FILE *f = fopen(path, "r+b");

		fwrite("QFI\xfb\0\0\0\3", 1, 8, f);
		fclose(f);
	}
	CU_ASSERT_EQUAL(try_open(false, &blk, "qemu-img convert"), RAX_EFORMAT);
	unlink(path);
	/* one writer, or several readers */
	make(RX_SECTOR);
	CU_ASSERT_EQUAL_FATAL(try_open(false, &blk, NULL), RAX_OK);
	CU_ASSERT_EQUAL(try_open(false, &second, "in use"), RAX_EIO);
	CU_ASSERT_EQUAL(try_open(true, &second, "in use"), RAX_EIO);
	rx_block_free(blk);
	CU_ASSERT_EQUAL_FATAL(try_open(true, &blk, NULL), RAX_OK);
	CU_ASSERT_EQUAL_FATAL(try_open(true, &second, NULL), RAX_OK);
	rx_block_free(blk);
	rx_block_free(second);
	unlink(path);
}

static void test_cow(void)
{
	uint8_t buf[2 * RX_SECTOR], sector[RX_SECTOR];
	struct rx_block *base, *a, *b;

	make(300 * RX_SECTOR);
	CU_ASSERT_EQUAL_FATAL(try_open(true, &base, NULL), RAX_OK);
	CU_ASSERT_EQUAL_FATAL(rx_block_cow_new(&a, base, 0, NULL), RAX_OK);
	CU_ASSERT_EQUAL_FATAL(rx_block_cow_new(&b, base, 0, NULL), RAX_OK);
	CU_ASSERT_EQUAL(a->sectors, 300);
	memset(buf, 0x77, sizeof(buf));
	/* over the border of two clusters, and in the last, shorter one */
	CU_ASSERT_EQUAL(rx_block_write(a, 127, buf, 2), RAX_OK);
	CU_ASSERT_EQUAL(rx_block_write(a, 299, buf, 1), RAX_OK);
	CU_ASSERT_EQUAL(rx_block_write(a, 300, buf, 1), RAX_ERANGE);
	for (unsigned s = 0; s < 300; s++) {
		const bool mine = s == 127 || s == 128 || s == 299;

		CU_ASSERT_EQUAL(rx_block_read(a, s, sector, 1), RAX_OK);
		CU_ASSERT_EQUAL(sector[9], mine ? 0x77 : (uint8_t)(s + 1));
		CU_ASSERT_EQUAL(rx_block_read(b, s, sector, 1), RAX_OK);
		CU_ASSERT_EQUAL(sector[9], (uint8_t)(s + 1));
	}
	CU_ASSERT_EQUAL(rx_block_flush(a), RAX_OK);
	rx_block_free(a);
	rx_block_free(b);
	rx_block_free(base);
	unlink(path);
	/* a large empty disk costs nothing; no disk is no disk */
	CU_ASSERT_EQUAL_FATAL(rx_block_cow_new(&a, NULL, UINT64_C(1) << 33, NULL), RAX_OK);
	CU_ASSERT_EQUAL(rx_block_write(a, (UINT64_C(1) << 33) - 1, buf, 1), RAX_OK);
	CU_ASSERT_EQUAL(rx_block_read(a, (UINT64_C(1) << 33) - 2, buf, 2), RAX_OK);
	CU_ASSERT_EQUAL(buf[0], 0);
	CU_ASSERT_EQUAL(buf[RX_SECTOR], 0x77);
	rx_block_free(a);
	CU_ASSERT_EQUAL(rx_block_cow_new(&a, NULL, 0, NULL), RAX_ERANGE);
	CU_ASSERT_EQUAL(rx_block_cow_new(&a, NULL, UINT64_MAX, NULL), RAX_ERANGE);
}

CU_TestInfo io_block_raw_tests[] = {
	{ "raw", test_raw },
	{ "odd size", test_odd_size },
	{ "refused", test_refused },
	CU_TEST_INFO_NULL,
};

CU_TestInfo io_block_cow_tests[] = {
	{ "copy on write", test_cow },
	CU_TEST_INFO_NULL,
};
