/* riscv_virt_fdt.c - device tree of riscv-virt. SPDX-License-Identifier: MIT
 *
 * Bindings: Linux, Documentation/devicetree/bindings/riscv/cpus.yaml and
 * extensions.yaml; QEMU's virt machine.
 */
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/limits.h"
#include "boot/fdt.h"
#include "cpu/riscv/rv64.h"
#include "dev/fdt_node.h"
#include "machine/riscv_virt.h"

/*
 * What a hart implements, in the canonical order of the unprivileged manual
 * ("ISA Extension Naming Conventions"). The device tree's list of extensions is made from it.
 */
static const char isa_string[] =
	"rv64imafdc_zicbom_zicbop_zicboz_zicntr_zicond_zicsr_zifencei"
	"_zihintpause_zihpm_zawrs_zfa_zfh_zfhmin_zca_zcb_zcd_zba_zbb_zbc_zbs"
	"_sstc_svade_svadu_svinval_svnapot_svpbmt";

#define FIRST_ROOM 65536

/* riscv,isa-extensions: "i", "m", ... "zicbom", ..., each NUL-terminated. */
static int set_extensions(void *fdt, int node)
{
	const size_t base = strcspn(isa_string, "0123456789") + 2;	/* "rv64" */
	char list[2 * sizeof(isa_string)];
	size_t n = 0, at = base;

	for (; isa_string[at] && isa_string[at] != '_'; at++) {
		list[n++] = isa_string[at];
		list[n++] = 0;
	}
	while (isa_string[at]) {
		const size_t len = strcspn(isa_string + at + 1, "_");

		memcpy(list + n, isa_string + at + 1, len);
		n += len;
		list[n++] = 0;
		at += 1 + len;
	}
	return fdt_setprop(fdt, node, "riscv,isa-extensions", list, (int)n);
}

static int add_intc(void *fdt, int cpu, unsigned h)
{
	const int node = fdt_add_subnode(fdt, cpu, "interrupt-controller");
	int e;

	if (node < 0)
		return node;
	e = fdt_setprop_string(fdt, node, "compatible", "riscv,cpu-intc");
	if (!e)
		e = fdt_setprop(fdt, node, "interrupt-controller", NULL, 0);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "#interrupt-cells", 1);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "#address-cells", 0);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "phandle", rx_riscv_virt_intc_phandle(h));
	return e;
}

static int add_cpu(void *fdt, int cpus, unsigned h)
{
	static const char *const block_sizes[] = {
		"riscv,cbom-block-size", "riscv,cbop-block-size",
		"riscv,cboz-block-size",
	};
	char name[16];
	int e, node;

	snprintf(name, sizeof(name), "cpu@%x", h);
	node = fdt_add_subnode(fdt, cpus, name);
	if (node < 0)
		return node;
	e = fdt_setprop_string(fdt, node, "device_type", "cpu");
	if (!e)
		e = fdt_setprop_u32(fdt, node, "reg", h);
	if (!e)
		e = fdt_setprop_string(fdt, node, "status", "okay");
	if (!e)
		e = fdt_setprop_string(fdt, node, "compatible", "riscv");
	if (!e)
		e = fdt_setprop_string(fdt, node, "riscv,isa", isa_string);
	if (!e)
		e = fdt_setprop_string(fdt, node, "riscv,isa-base", "rv64i");
	if (!e)
		e = set_extensions(fdt, node);
	for (unsigned i = 0; !e && i < RX_ARRAY_LEN(block_sizes); i++)
		e = fdt_setprop_u32(fdt, node, block_sizes[i], RX_RV64_CBO_BLOCK);
	if (!e)
		e = fdt_setprop_string(fdt, node, "mmu-type", "riscv,sv57");
	if (!e)
		e = fdt_setprop_u32(fdt, node, "phandle", rx_riscv_virt_cpu_phandle(h));
	return e ? e : add_intc(fdt, node, h);
}

static int add_cpus(const struct rx_vm *vm, void *fdt)
{
	int e, node = fdt_add_subnode(fdt, 0, "cpus");

	if (node < 0)
		return node;
	e = fdt_setprop_u32(fdt, node, "#address-cells", 1);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "#size-cells", 0);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "timebase-frequency", RX_RV64_TIMEBASE);
	/* A new node becomes the first: last hart first, so that 0 leads. */
	for (unsigned h = vm->ncpus; !e && h--;)
		e = add_cpu(fdt, node, h);
	return e;
}

static int add_memory(const struct rx_vm *vm, void *fdt)
{
	const struct rx_ram *ram = &vm->mem.region[0];
	char name[32];
	int e, node;

	snprintf(name, sizeof(name), "memory@%" PRIx64, ram->base);
	node = fdt_add_subnode(fdt, 0, name);
	if (node < 0)
		return node;
	e = fdt_setprop_string(fdt, node, "device_type", "memory");
	if (!e)
		e = fdt_appendprop_u64(fdt, node, "reg", ram->base);
	return e ? e : fdt_appendprop_u64(fdt, node, "reg", ram->size);
}

static rax_status add_soc(struct rx_vm *vm, void *fdt)
{
	int e, node = fdt_add_subnode(fdt, 0, "soc");

	e = node < 0 ? node : fdt_setprop_u32(fdt, node, "#address-cells", 2);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "#size-cells", 2);
	if (!e)
		e = fdt_setprop_string(fdt, node, "compatible", "simple-bus");
	if (!e)
		e = fdt_setprop(fdt, node, "ranges", NULL, 0);
	/*
	 * In the order of addresses: each becomes the first, so that the
	 * highest virtio slot leads, as in QEMU's tree.
	 */
	for (unsigned i = 0; !e && i < vm->bus.n; i++) {
		struct rx_dev *dev = vm->bus.dev[i];
		rax_status status;

		if (!dev->cls->fdt)
			continue;
		/* Nodes that are added at the root move this one. */
		status = dev->cls->fdt(dev, fdt, fdt_path_offset(fdt, "/soc"));
		if (status != RAX_OK)
			return status;
	}
	return rx_fdt_status(e);
}

/* /aliases, and the console's path in /chosen. */
static int add_paths(const struct rx_vm *vm, void *fdt)
{
	const struct rx_riscv_virt *board = vm->machine;
	char path[64];
	int e, node;

	snprintf(path, sizeof(path), "/soc/serial@%" PRIx64, board->uart->base);
	node = fdt_add_subnode(fdt, 0, "aliases");
	e = node < 0 ? node : fdt_setprop_string(fdt, node, "serial0", path);
	if (e)
		return e;
	node = fdt_add_subnode(fdt, 0, "chosen");
	return node < 0 ? node : fdt_setprop_string(fdt, node, "stdout-path", path);
}

static rax_status fill(struct rx_vm *vm, void *fdt,
		       const struct rx_fdt_chosen *chosen)
{
	rax_status status;
	int e = fdt_setprop_u32(fdt, 0, "#address-cells", 2);

	if (!e)
		e = fdt_setprop_u32(fdt, 0, "#size-cells", 2);
	if (!e)
		e = fdt_setprop_string(fdt, 0, "compatible", "riscv-virtio");
	if (!e)
		e = fdt_setprop_string(fdt, 0, "model", "riscv-virtio,rax");
	if (!e)
		e = add_paths(vm, fdt);
	if (e)
		return rx_fdt_status(e);
	status = add_soc(vm, fdt);
	if (status != RAX_OK)
		return status;
	e = add_cpus(vm, fdt);
	if (!e)
		e = add_memory(vm, fdt);
	return e ? rx_fdt_status(e) : rx_fdt_set_chosen(fdt, chosen, NULL);
}

rax_status rx_riscv_virt_fdt(struct rx_vm *vm, const struct rx_fdt_chosen *chosen,
			     void **blob, size_t *size, rax_error *err)
{
	*blob = NULL;
	for (size_t room = FIRST_ROOM; room <= RX_LIMIT_DTB_FILE; room *= 2) {
		struct rx_fdt fdt;
		rax_status status = rx_fdt_new(&fdt, room, err);

		if (status != RAX_OK)
			return status;
		status = fill(vm, fdt.blob, chosen);
		if (status == RAX_OK) {
			*size = rx_fdt_pack(&fdt);
			*blob = fdt.blob;
			return RAX_OK;
		}
		rx_fdt_fini(&fdt);
		if (status != RAX_ENOMEM)
			return rx_err(err, status, "riscv-virt: the device tree cannot "
				      "be built");
	}
	return rx_err(err, RAX_ERANGE, "riscv-virt: the command line is too long for "
		      "the device tree");
}
