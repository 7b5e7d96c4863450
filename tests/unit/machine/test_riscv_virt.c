/* test_riscv_virt.c - what is where, and wired to what. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cpu/riscv/rv64.h"
#include "io/block.h"
#include "io/char.h"
#include "machine/machine.h"
#include "machine/riscv_virt.h"
#include "rv64/isa.h"
#include "suites.h"

static struct rx_vm vm;

static void setup(unsigned ncpus, struct rx_machine_config *cfg)
{
	rax_error err = { 0 };

	CU_ASSERT_EQUAL_FATAL(rx_vm_init(&vm, &rg_rv64, ncpus, &err), RAX_OK);
	vm.clock.mode = RX_CLOCK_ICOUNT;
	if (rx_machine_riscv_virt.build(&vm, cfg, &err) != RAX_OK)
		rx_tap_fail(__FILE__, __LINE__, "build: %s", err.message);
}

static uint64_t rd(uint64_t pa, unsigned size)
{
	uint64_t v = 0;

	CU_ASSERT_TRUE(rx_bus_read(&vm.bus, pa, size, &v));
	return v;
}

static void wr(uint64_t pa, unsigned size, uint64_t v)
{
	CU_ASSERT_TRUE(rx_bus_write(&vm.bus, pa, size, v));
}

static uint64_t mip(unsigned hart)
{
	uint64_t v = 0;

	CU_ASSERT_TRUE(rx_rv64_csr_get(vm.cpu[hart], 0x344, &v));
	return v;
}

static void test_registry(void)
{
	CU_ASSERT_PTR_EQUAL(rx_machine_find("riscv-virt"), &rx_machine_riscv_virt);
	CU_ASSERT_PTR_NULL(rx_machine_find("riscv-virtual"));
	CU_ASSERT_PTR_NULL(rx_machine_find(""));
	CU_ASSERT_PTR_EQUAL(rx_machine_at(0), &rx_machine_riscv_virt);
	CU_ASSERT_PTR_NULL(rx_machine_at(1000));
	CU_ASSERT_STRING_EQUAL(rx_machine_riscv_virt.isa, rg_rv64.name);
}

/* The map and the interrupt numbers of QEMU's virt. */
static void test_map(void)
{
	static const uint32_t ids[8] = { 0, 0, 0, 0, 4, 3, 2, 2 };
	struct rx_machine_config cfg = {
		.ram_size = 64 << 20, .virtio_console = true, .virtio_rng = true,
		.ndisks = 2,
	};
	uint64_t v;

	CU_ASSERT_EQUAL(rx_block_cow_new(&cfg.disk[0], NULL, 10, NULL), RAX_OK);
	CU_ASSERT_EQUAL(rx_block_cow_new(&cfg.disk[1], NULL, 20, NULL), RAX_OK);
	setup(1, &cfg);
	CU_ASSERT_EQUAL(vm.mem.region[0].base, 0x80000000);
	CU_ASSERT_EQUAL(vm.mem.region[0].size, 64 << 20);
	CU_ASSERT_EQUAL(rd(0x10000005, 1), 0x60);
	CU_ASSERT_EQUAL(rd(0x101000, 4), 0);
	CU_ASSERT_EQUAL(rd(0x2004000, 8), UINT64_MAX);
	CU_ASSERT_EQUAL(rd(0xc000004, 4), 0);
	CU_ASSERT_EQUAL(rd(0x100000, 4), 0);
	for (unsigned i = 0; i < 8; i++) {
		CU_ASSERT_EQUAL(rd(0x10001000 + 0x1000 * i, 4), 0x74726976);
		CU_ASSERT_EQUAL(rd(0x10001008 + 0x1000 * i, 4), ids[i]);
	}
	/* the first disk is in the highest slot */
	CU_ASSERT_EQUAL(rd(0x10008100, 8), 10);
	CU_ASSERT_EQUAL(rd(0x10007100, 8), 20);
	CU_ASSERT_FALSE(rx_bus_read(&vm.bus, 0x10009000, 4, &v));
	CU_ASSERT_FALSE(rx_bus_read(&vm.bus, 0, 4, &v));
	CU_ASSERT_FALSE(rx_bus_read(&vm.bus, 0x30000000, 4, &v));
	rx_vm_fini(&vm);
	rx_block_free(cfg.disk[0]);
	rx_block_free(cfg.disk[1]);
}

static void test_hart_lines(void)
{
	struct rx_machine_config cfg = { .ram_size = 4 << 20 };

	setup(3, &cfg);
	wr(0x2000008, 4, 1);
	CU_ASSERT_EQUAL(mip(2) & 0x888, 1 << 3);
	CU_ASSERT_EQUAL(mip(0) | mip(1), 0);
	wr(0x2000008, 4, 0);
	CU_ASSERT_EQUAL(mip(2), 0);
	wr(0x2004008, 8, 0);		/* mtimecmp of hart 1 */
	CU_ASSERT_EQUAL(mip(1), 1 << 7);
	CU_ASSERT_EQUAL(mip(0) | mip(2), 0);
	/* mtime is the time CSR of all harts */
	wr(0x200bff8, 8, 123456789);
	for (unsigned h = 0; h < 3; h++)
		CU_ASSERT_EQUAL(rx_rv64_time(vm.cpu[h]), 123456789);
	rx_vm_reset(&vm);
	CU_ASSERT_EQUAL(mip(1), 0);
	CU_ASSERT_EQUAL(rx_rv64_time(vm.cpu[2]), 0);
	rx_vm_fini(&vm);
}

/* UART -> source 10 -> both contexts of a hart. */
static void test_external(void)
{
	struct rx_machine_config cfg = { .ram_size = 4 << 20 };

	setup(2, &cfg);
	wr(0xc000000 + 4 * 10, 4, 1);
	wr(0xc002000 + 0x80 * 2, 4, 1 << 10);	/* hart 1, M */
	wr(0xc002000 + 0x80 * 1, 4, 1 << 10);	/* hart 0, S */
	wr(0x10000001, 1, 2);			/* THRE interrupt */
	CU_ASSERT_EQUAL(mip(1), 1 << 11);
	CU_ASSERT_EQUAL(mip(0), 1 << 9);
	CU_ASSERT_EQUAL(rd(0xc201004, 4), 10);
	CU_ASSERT_EQUAL(mip(0) | mip(1), 0);
	wr(0x10000001, 1, 0);
	wr(0xc201004, 4, 10);
	CU_ASSERT_EQUAL(mip(0) | mip(1), 0);
	/* the RTC is source 11 */
	wr(0xc000000 + 4 * 11, 4, 1);
	wr(0xc002000 + 0x80 * 1, 4, 1 << 11);
	wr(0x101010, 4, 1);
	wr(0x101008, 4, 0);
	CU_ASSERT_EQUAL(rd(0xc201004, 4), 11);
	rx_vm_fini(&vm);
}

static void refused(unsigned ncpus, struct rx_machine_config cfg, const char *says)
{
	rax_error err = { 0 };

	CU_ASSERT_EQUAL_FATAL(rx_vm_init(&vm, &rg_rv64, ncpus, &err), RAX_OK);
	CU_ASSERT_NOT_EQUAL(rx_machine_riscv_virt.build(&vm, &cfg, &err), RAX_OK);
	RX_TAP_CHECK(strstr(err.message, says), "message: %s", err.message);
	rx_vm_fini(&vm);
}

static void test_limits(void)
{
	refused(1, (struct rx_machine_config){ .ram_size = 4096 }, "4 KiB of memory");
	refused(1, (struct rx_machine_config){ .ram_size = (4 << 20) + 1 }, "4 KiB");
	refused(1, (struct rx_machine_config){ .ram_size = UINT64_MAX & ~UINT64_C(4095) },
		"512 GiB");
	refused(1, (struct rx_machine_config){ .ndisks = 7 }, "7 disks");
}

static const char *console(struct rx_char *chr)
{
	return rx_char_mem_output(chr, NULL);
}

/* UART and virtio console on one back end. */
static void test_consoles(void)
{
	struct rx_machine_config cfg = { .ram_size = 4 << 20, .virtio_console = true };
	rax_error err;

	CU_ASSERT_EQUAL_FATAL(rx_vm_init(&vm, &rg_rv64, 1, &err), RAX_OK);
	vm.clock.mode = RX_CLOCK_ICOUNT;
	CU_ASSERT_EQUAL_FATAL(rx_char_mem_new(&cfg.console, &vm, 100, NULL), RAX_OK);
	CU_ASSERT_EQUAL_FATAL(rx_machine_riscv_virt.build(&vm, &cfg, &err), RAX_OK);
	wr(0x10000000, 1, 'u');
	wr(0x10008108, 4, 'v');		/* emergency write */
	CU_ASSERT_STRING_EQUAL(console(cfg.console), "uv");
	rx_char_free(cfg.console);
	rx_vm_fini(&vm);
}

CU_TestInfo machine_riscv_virt_tests[] = {
	{ "registry", test_registry },
	{ "map", test_map },
	{ "lines of harts", test_hart_lines },
	{ "external interrupts", test_external },
	{ "limits", test_limits },
	{ "consoles", test_consoles },
	CU_TEST_INFO_NULL,
};
