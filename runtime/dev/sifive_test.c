/* sifive_test.c - power-off and reset by the guest. SPDX-License-Identifier: MIT */
#include <libfdt.h>

#include "base/bits.h"
#include "dev/devices.h"
#include "dev/fdt_node.h"

enum { FAIL = 0x3333, PASS = 0x5555, RESET = 0x7777 };

static uint64_t test_read(struct rx_dev *dev, uint64_t offset, unsigned size)
{
	(void)dev;
	(void)offset;
	(void)size;
	return 0;
}

static void test_write(struct rx_dev *dev, uint64_t offset, unsigned size,
		       uint64_t value)
{
	int code = (int)(value >> 16 & 0xffff);

	(void)size;
	if (offset != 0)
		return;
	switch (value & 0xffff) {
	case FAIL:
		/* The host's exit status is the low byte: never success. */
		if (!(code & 0xff))
			code = 1;
		rx_vm_stop(dev->vm, RX_STOP_EXIT, code);
		break;
	case PASS:
		rx_vm_stop(dev->vm, RX_STOP_EXIT, 0);
		break;
	case RESET:
		rx_vm_stop(dev->vm, RX_STOP_RESET, 0);
		break;
	default:
		break;
	}
}

/* syscon-poweroff and syscon-reboot, through this device's register 0. */
static int syscon_node(struct rx_dev *dev, void *fdt, const char *name,
		       const char *compatible, uint32_t value)
{
	const int node = fdt_add_subnode(fdt, 0, name);
	int e;

	if (node < 0)
		return node;
	e = fdt_setprop_string(fdt, node, "compatible", compatible);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "regmap", dev->phandle);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "offset", 0);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "value", value);
	return e;
}

static rax_status test_fdt(struct rx_dev *dev, void *fdt, int soc)
{
	/* The root's nodes come last: they move soc, which is not used again. */
	int e = RX_FDT_NODE(dev, fdt, soc, "test",
			    "sifive,test1\0sifive,test0\0syscon");

	if (e >= 0)
		e = syscon_node(dev, fdt, "reboot", "syscon-reboot", RESET);
	if (e >= 0)
		e = syscon_node(dev, fdt, "poweroff", "syscon-poweroff", PASS);
	return rx_fdt_status(e);
}

static const struct rx_dev_class test_class = {
	.name = "sifive-test", .help = "power-off and reset", .version = 1,
	.access_sizes = 2 | 4,
	.read = test_read, .write = test_write, .fdt = test_fdt,
};

struct rx_dev *rx_sifive_test_new(struct rx_vm *vm)
{
	return rx_vm_new_dev(vm, &test_class);
}
