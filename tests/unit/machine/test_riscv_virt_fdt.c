/* test_riscv_virt_fdt.c - the device tree, read back. SPDX-License-Identifier: MIT */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/fdt.h"
#include "machine/machine.h"
#include "machine/riscv_virt.h"
#include "rv64/isa.h"
#include "suites.h"

static struct rx_vm vm;
static void *blob;
static size_t size;

static void make(unsigned ncpus, const struct rx_fdt_chosen *chosen)
{
	const struct rx_machine_config cfg = { .ram_size = 128 << 20 };
	rax_error err = { 0 };

	CU_ASSERT_EQUAL_FATAL(rx_vm_init(&vm, &rg_rv64, ncpus, &err), RAX_OK);
	CU_ASSERT_EQUAL_FATAL(rx_machine_riscv_virt.build(&vm, &cfg, &err), RAX_OK);
	if (rx_machine_riscv_virt.fdt(&vm, chosen, &blob, &size, &err) != RAX_OK)
		rx_tap_fail(__FILE__, __LINE__, "fdt: %s", err.message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(blob);
	CU_ASSERT_EQUAL(rx_fdt_check(blob, size, &err), RAX_OK);
}

static void unmake(void)
{
	free(blob);
	rx_vm_fini(&vm);
}

static const void *prop(const char *path, const char *name, int *len)
{
	const int node = fdt_path_offset(blob, path);
	const void *p = node < 0 ? NULL : fdt_getprop(blob, node, name, len);

	RX_TAP_CHECK(p, "no %s in %s", name, path);
	return p;
}

static uint32_t cell(const char *path, const char *name, unsigned i)
{
	int len = 0;
	const uint8_t *p = prop(path, name, &len);

	CU_ASSERT_TRUE(len >= 4 * (int)(i + 1));
	return p && len >= 4 * (int)(i + 1) ?
	       fdt32_ld((const fdt32_t *)(const void *)(p + 4 * i)) : 0;
}

static void expect_string(const char *path, const char *name, const char *want)
{
	int len = 0;
	const char *p = prop(path, name, &len);

	RX_TAP_CHECK(p && len > 0 && !strcmp(p, want), "%s of %s is %s", name, path,
		     p ? p : "missing");
}

static void test_tree(void)
{
	const struct rx_fdt_chosen none = { 0 };

	make(1, &none);
	CU_ASSERT_EQUAL(cell("/", "#address-cells", 0), 2);
	CU_ASSERT_EQUAL(cell("/", "#size-cells", 0), 2);
	expect_string("/", "compatible", "riscv-virtio");
	CU_ASSERT_EQUAL(cell("/cpus", "timebase-frequency", 0), 10000000);
	expect_string("/cpus/cpu@0", "mmu-type", "riscv,sv57");
	expect_string("/cpus/cpu@0", "riscv,isa-base", "rv64i");
	CU_ASSERT_EQUAL(cell("/cpus/cpu@0", "riscv,cboz-block-size", 0), 64);
	CU_ASSERT_EQUAL(cell("/memory@80000000", "reg", 1), 0x80000000);
	CU_ASSERT_EQUAL(cell("/memory@80000000", "reg", 3), 128 << 20);
	expect_string("/chosen", "stdout-path", "/soc/serial@10000000");
	expect_string("/aliases", "serial0", "/soc/serial@10000000");
	expect_string("/soc/serial@10000000", "compatible", "ns16550a");
	CU_ASSERT_EQUAL(cell("/soc/serial@10000000", "interrupts", 0), 10);
	CU_ASSERT_EQUAL(cell("/soc/serial@10000000", "clock-frequency", 0), 3686400);
	CU_ASSERT_EQUAL(cell("/soc/rtc@101000", "interrupts", 0), 11);
	CU_ASSERT_EQUAL(cell("/soc/plic@c000000", "riscv,ndev", 0), 95);
	expect_string("/soc/clint@2000000", "compatible", "sifive,clint0");
	CU_ASSERT_EQUAL(cell("/poweroff", "value", 0), 0x5555);
	CU_ASSERT_EQUAL(cell("/reboot", "value", 0), 0x7777);
	CU_ASSERT_EQUAL(cell("/poweroff", "regmap", 0),
			cell("/soc/test@100000", "phandle", 0));
	CU_ASSERT_PTR_NULL(fdt_getprop(blob, fdt_path_offset(blob, "/chosen"),
				       "bootargs", NULL));
	unmake();
}

/* riscv,isa and riscv,isa-extensions say the same. */
static void test_extensions(void)
{
	const struct rx_fdt_chosen none = { 0 };
	const char *isa, *list;
	char text[512] = "rv64";
	int len = 0, at;

	make(1, &none);
	isa = prop("/cpus/cpu@0", "riscv,isa", NULL);
	list = prop("/cpus/cpu@0", "riscv,isa-extensions", &len);
	for (at = 0; list && at < len; at += (int)strlen(list + at) + 1) {
		if (list[at + 1])
			strcat(text, "_");
		strcat(text, list + at);
	}
	CU_ASSERT_STRING_EQUAL(text, isa);
	CU_ASSERT_PTR_NOT_NULL(strstr(isa, "rv64imafdc_"));
	unmake();
}

static void test_virtio_order(void)
{
	const struct rx_fdt_chosen none = { 0 };
	uint32_t want = 0x10008000;
	int node;

	make(1, &none);
	fdt_for_each_subnode(node, blob, fdt_path_offset(blob, "/soc")) {
		const char *name = fdt_get_name(blob, node, NULL);
		char path[64];

		if (strncmp(name, "virtio_mmio@", 12))
			continue;
		snprintf(path, sizeof(path), "/soc/virtio_mmio@%x", want);
		CU_ASSERT_STRING_EQUAL(name, path + 5);
		CU_ASSERT_EQUAL(cell(path, "interrupts", 0), (want >> 12) & 15);
		CU_ASSERT_EQUAL(cell(path, "interrupt-parent", 0),
				cell("/soc/plic@c000000", "phandle", 0));
		want -= 0x1000;
	}
	CU_ASSERT_EQUAL(want, 0x10000000);
	unmake();
}

/* Each hart's four lines go to its own interrupt controller. */
static void test_harts(void)
{
	static const unsigned clint[2] = { 3, 7 }, plic[2] = { 11, 9 };
	const struct rx_fdt_chosen none = { 0 };
	unsigned n = 0;
	int node;

	make(4, &none);
	fdt_for_each_subnode(node, blob, fdt_path_offset(blob, "/cpus")) {
		char name[16];

		snprintf(name, sizeof(name), "cpu@%u", n++);
		CU_ASSERT_STRING_EQUAL(fdt_get_name(blob, node, NULL), name);
	}
	CU_ASSERT_EQUAL(n, 4);
	for (unsigned h = 0; h < 4; h++) {
		char path[64];
		uint32_t phandle;

		snprintf(path, sizeof(path), "/cpus/cpu@%u", h);
		CU_ASSERT_EQUAL(cell(path, "reg", 0), h);
		strcat(path, "/interrupt-controller");
		phandle = cell(path, "phandle", 0);
		CU_ASSERT_EQUAL(fdt_node_offset_by_phandle(blob, phandle),
				fdt_path_offset(blob, path));
		for (unsigned i = 0; i < 2; i++) {
			const unsigned at = 4 * h + 2 * i;

			CU_ASSERT_EQUAL(cell("/soc/clint@2000000", "interrupts-extended",
					     at), phandle);
			CU_ASSERT_EQUAL(cell("/soc/clint@2000000", "interrupts-extended",
					     at + 1), clint[i]);
			CU_ASSERT_EQUAL(cell("/soc/plic@c000000", "interrupts-extended",
					     at), phandle);
			CU_ASSERT_EQUAL(cell("/soc/plic@c000000", "interrupts-extended",
					     at + 1), plic[i]);
		}
	}
	unmake();
}

static void test_chosen(void)
{
	static const uint8_t seed[32] = { 1, 2, 3 };
	struct rx_fdt_chosen c = {
		.bootargs = "console=ttyS0 root=/dev/vda", .rng_seed = seed,
		.initrd_start = UINT64_C(0x84000000), .initrd_end = UINT64_C(0x84123456),
		.rng_seed_len = sizeof(seed),
	};
	char *longest = malloc(200001);
	rax_error err = { 0 };
	int len = 0;

	make(1, &c);
	expect_string("/chosen", "bootargs", c.bootargs);
	CU_ASSERT_EQUAL(cell("/chosen", "linux,initrd-start", 1), 0x84000000);
	CU_ASSERT_EQUAL(cell("/chosen", "linux,initrd-end", 1), 0x84123456);
	CU_ASSERT_EQUAL(memcmp(prop("/chosen", "rng-seed", &len), seed, 32), 0);
	CU_ASSERT_EQUAL(len, 32);
	unmake();
	/* a long command line makes a larger tree */
	memset(longest, 'x', 200000);
	longest[200000] = 0;
	c.bootargs = longest;
	make(1, &c);
	CU_ASSERT_TRUE(size > 200000 && size < 260000);
	unmake();
	free(longest);
	/* up to a limit */
	longest = malloc((17 << 20) + 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(longest);
	memset(longest, 'x', 17 << 20);
	longest[17 << 20] = 0;
	make(1, &(struct rx_fdt_chosen){ 0 });
	free(blob);
	c.bootargs = longest;
	CU_ASSERT_EQUAL(rx_machine_riscv_virt.fdt(&vm, &c, &blob, &size, &err), RAX_ERANGE);
	CU_ASSERT_PTR_NULL(blob);
	unmake();
	free(longest);
}

CU_TestInfo machine_riscv_virt_fdt_tests[] = {
	{ "tree", test_tree },
	{ "extensions", test_extensions },
	{ "virtio order", test_virtio_order },
	{ "harts", test_harts },
	{ "chosen", test_chosen },
	CU_TEST_INFO_NULL,
};
