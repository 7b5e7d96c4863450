/* test_fdt.c - device trees that users bring. SPDX-License-Identifier: MIT */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "boot/fdt.h"
#include "suites.h"

static void *good;
static size_t good_size;

static void make(void)
{
	struct rx_fdt fdt;

	CU_ASSERT_EQUAL_FATAL(rx_fdt_new(&fdt, 4096, NULL), RAX_OK);
	CU_ASSERT_EQUAL(fdt_setprop_string(fdt.blob, 0, "model", "mine"), 0);
	CU_ASSERT_TRUE(fdt_add_subnode(fdt.blob, 0, "cpus") > 0);
	good_size = rx_fdt_pack(&fdt);
	good = fdt.blob;
}

static void refused(const void *blob, size_t size, const char *says)
{
	rax_error err = { 0 };
	struct rx_fdt fdt;

	CU_ASSERT_EQUAL(rx_fdt_check(blob, size, &err), RAX_EFORMAT);
	RX_TAP_CHECK(strstr(err.message, says), "message: %s", err.message);
	CU_ASSERT_EQUAL(rx_fdt_copy(&fdt, blob, size, &(struct rx_fdt_chosen){ 0 }, NULL),
			RAX_EFORMAT);
	CU_ASSERT_PTR_NULL(fdt.blob);
}

static void test_check(void)
{
	uint8_t copy[4096];

	make();
	CU_ASSERT_EQUAL(rx_fdt_check(good, good_size, NULL), RAX_OK);
	refused(good, 3, "magic");
	refused("this is a text file, which is long enough", 41, "magic");
	refused(good, good_size - 1, "truncated");
	refused(good, sizeof(struct fdt_header), "truncated");
	memcpy(copy, good, good_size);
	fdt_set_off_dt_struct(copy, 0x10000000);
	refused(copy, good_size, "malformed");
	free(good);
}

/* Whatever is in the file: an answer, and no access outside it. */
static void test_corrupted(void)
{
	uint32_t x = 4711;
	unsigned bad = 0;

	make();
	for (unsigned i = 0; i < 50000; i++) {
		uint8_t *copy = malloc(good_size);	/* for the sanitizer */
		struct rx_fdt fdt;

		memcpy(copy, good, good_size);
		for (unsigned n = 1 + (x >> 30); n; n--) {
			x = x * 1664525 + 1013904223;
			copy[(x >> 16) % good_size] = (uint8_t)(x >> 8);
		}
		if (rx_fdt_copy(&fdt, copy, good_size,
				&(struct rx_fdt_chosen){ .bootargs = "quiet" },
				NULL) == RAX_OK)
			rx_fdt_fini(&fdt);
		else
			bad++;
		free(copy);
	}
	CU_ASSERT_TRUE(bad > 10000);
	free(good);
}

static void test_copy(void)
{
	const struct rx_fdt_chosen c = {
		.bootargs = "root=/dev/vda", .initrd_start = 0x1000, .initrd_end = 0x3000,
	};
	struct rx_fdt fdt, again;
	size_t size;
	int node;

	make();
	CU_ASSERT_EQUAL_FATAL(rx_fdt_copy(&fdt, good, good_size, &c, NULL), RAX_OK);
	size = rx_fdt_pack(&fdt);
	CU_ASSERT_EQUAL(rx_fdt_check(fdt.blob, size, NULL), RAX_OK);
	node = fdt_path_offset(fdt.blob, "/chosen");
	CU_ASSERT_TRUE_FATAL(node > 0);
	CU_ASSERT_STRING_EQUAL((const char *)fdt_getprop(fdt.blob, node, "bootargs", NULL),
			       "root=/dev/vda");
	CU_ASSERT_STRING_EQUAL((const char *)fdt_getprop(fdt.blob, 0, "model", NULL), "mine");
	/* what is not given stays */
	CU_ASSERT_EQUAL_FATAL(rx_fdt_copy(&again, fdt.blob, size,
					  &(struct rx_fdt_chosen){ 0 }, NULL), RAX_OK);
	node = fdt_path_offset(again.blob, "/chosen");
	CU_ASSERT_STRING_EQUAL((const char *)fdt_getprop(again.blob, node, "bootargs", NULL),
			       "root=/dev/vda");
	rx_fdt_fini(&again);
	rx_fdt_fini(&fdt);
	free(good);
}

CU_TestInfo boot_fdt_tests[] = {
	{ "check", test_check },
	{ "corrupted", test_corrupted },
	{ "copy", test_copy },
	CU_TEST_INFO_NULL,
};
