/* test_mem.c - guest physical memory. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>

#include "core/mem.h"
#include "toy.h"

static void regions(void)
{
	static const struct { uint64_t base, size; rax_status want; } cases[] = {
		{ 0x1000, 0x2000, RAX_OK },
		{ 0x2000, 0x1000, RAX_ERANGE },		/* overlaps */
		{ 0x0000, 0x10000, RAX_ERANGE },
		{ 0x3000, 0x1000, RAX_OK },		/* adjacent */
		{ 0x8000, 0, RAX_ERANGE },
		{ 0x8001, 0x1000, RAX_ERANGE },
		{ 0x8000, 0x1001, RAX_ERANGE },
		{ UINT64_MAX - 0xfff, 0x2000, RAX_ERANGE },
		{ UINT64_MAX - 0xfff, 0x1000, RAX_OK },	/* the last page */
		{ 0x10000, UINT64_C(1) << 60, RAX_ERANGE },
	};
	struct rx_mem mem = { 0 };
	rax_error err;

	for (unsigned k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
		CU_ASSERT_EQUAL(rx_mem_add_ram(&mem, cases[k].base,
					       cases[k].size, &err),
				cases[k].want);
	CU_ASSERT_EQUAL(mem.nregions, 3);
	CU_ASSERT_EQUAL(rx_mem_find(&mem, 0x2fff, 1), &mem.region[0]);
	CU_ASSERT_PTR_NULL(rx_mem_find(&mem, 0x2fff, 2));
	CU_ASSERT_PTR_NULL(rx_mem_find(&mem, 0xfff, 1));
	CU_ASSERT_EQUAL(rx_mem_find(&mem, UINT64_MAX, 1), &mem.region[2]);
	CU_ASSERT_PTR_NULL(rx_mem_find(&mem, UINT64_MAX, 2));
	CU_ASSERT_EQUAL(rx_mem_find_host(&mem, mem.region[1].host + 5),
			&mem.region[1]);
	CU_ASSERT_PTR_NULL(rx_mem_find_host(&mem, &mem));
	rx_mem_fini(&mem);
}

static void copies(void)
{
	struct rx_mem mem = { 0 };
	char buf[16] = "";

	CU_ASSERT_EQUAL(rx_mem_add_ram(&mem, 0x1000, 0x1000, NULL), RAX_OK);
	CU_ASSERT_EQUAL(rx_mem_add_ram(&mem, 0x2000, 0x1000, NULL), RAX_OK);
	/* over the border of two regions */
	CU_ASSERT_EQUAL(rx_mem_write(&mem, 0x1ffc, "abcdefgh", 8), RAX_OK);
	CU_ASSERT_EQUAL(rx_mem_read(&mem, 0x1ffc, buf, 8), RAX_OK);
	CU_ASSERT_STRING_EQUAL(buf, "abcdefgh");
	/* all or nothing */
	CU_ASSERT_EQUAL(rx_mem_write(&mem, 0x2ffc, "12345678", 8), RAX_ERANGE);
	CU_ASSERT_EQUAL(rx_mem_read(&mem, 0x2ffc, buf, 4), RAX_OK);
	CU_ASSERT_EQUAL(memcmp(buf, "\0\0\0\0", 4), 0);
	CU_ASSERT_EQUAL(rx_mem_read(&mem, 0xffe, buf, 4), RAX_ERANGE);
	CU_ASSERT_EQUAL(rx_mem_read(&mem, UINT64_MAX - 1, buf, 4), RAX_ERANGE);
	CU_ASSERT_EQUAL(rx_mem_fill(&mem, 0x1ff0, 'x', 0x20), RAX_OK);
	CU_ASSERT_EQUAL(rx_mem_read(&mem, 0x200c, buf, 8), RAX_OK);
	CU_ASSERT_EQUAL(memcmp(buf, "xxxx\0\0\0\0", 8), 0);
	CU_ASSERT_EQUAL(rx_mem_fill(&mem, 0x1000, 0, UINT64_MAX), RAX_ERANGE);
	CU_ASSERT_EQUAL(rx_mem_write(&mem, 0x9000, "", 0), RAX_OK);
	rx_mem_fini(&mem);
}

static void granules(void)
{
	CU_ASSERT_EQUAL(rx_mem_granules(0, 1), 1);
	CU_ASSERT_EQUAL(rx_mem_granules(63, 1), 1);
	CU_ASSERT_EQUAL(rx_mem_granules(63, 2), 3);
	CU_ASSERT_EQUAL(rx_mem_granules(64, 64), 2);
	CU_ASSERT_EQUAL(rx_mem_granules(4095, 1), UINT64_C(1) << 63);
	CU_ASSERT_EQUAL(rx_mem_granules(0, 4096), UINT64_MAX);
}

/* DMA ends reservations of what it writes, and no others. */
static void reservation(void)
{
	struct toy_vm t;

	toy_init(&t, &rx_engine_step, 2);
	t.vm.cpu[0]->res_granule = (TOY_RAM_BASE + 64) | 1;
	t.vm.cpu[1]->res_granule = (TOY_RAM_BASE + 128) | 1;
	CU_ASSERT_EQUAL(rx_mem_write(&t.vm.mem, TOY_RAM_BASE + 127, "x", 1), 0);
	CU_ASSERT_EQUAL(t.vm.cpu[0]->res_granule, 0);
	CU_ASSERT_NOT_EQUAL(t.vm.cpu[1]->res_granule, 0);
	CU_ASSERT_EQUAL(rx_mem_write(&t.vm.mem, TOY_RAM_BASE + 127, "xy", 2), 0);
	CU_ASSERT_EQUAL(t.vm.cpu[1]->res_granule, 0);
	toy_fini(&t);
}

CU_TestInfo mem_tests[] = {
	{ "regions", regions },
	{ "copies", copies },
	{ "granules", granules },
	{ "reservation", reservation },
	CU_TEST_INFO_NULL,
};
