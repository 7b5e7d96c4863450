/* fdt_node.c - device tree nodes of devices. SPDX-License-Identifier: MIT */
#include "dev/fdt_node.h"

#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>

rax_status rx_fdt_status(int fdt_error)
{
	if (fdt_error >= 0)
		return RAX_OK;
	return fdt_error == -FDT_ERR_NOSPACE ? RAX_ENOMEM : RAX_EINTERNAL;
}

int rx_fdt_node(const struct rx_dev *dev, void *fdt, int parent,
		const char *name, const char *compatible, int len)
{
	const struct rx_dev *intc = dev->irq_number ? dev->irq.sink : NULL;
	char full[64];
	int node, e;

	snprintf(full, sizeof(full), "%s@%" PRIx64, name, dev->base);
	node = fdt_add_subnode(fdt, parent, full);
	if (node < 0)
		return node;
	e = fdt_setprop(fdt, node, "compatible", compatible, len);
	if (!e)
		e = fdt_appendprop_u64(fdt, node, "reg", dev->base);
	if (!e)
		e = fdt_appendprop_u64(fdt, node, "reg", dev->size);
	if (!e && intc)
		e = fdt_setprop_u32(fdt, node, "interrupt-parent", intc->phandle);
	if (!e && intc)
		e = fdt_setprop_u32(fdt, node, "interrupts", dev->irq_number);
	if (!e && dev->phandle)
		e = fdt_setprop_u32(fdt, node, "phandle", dev->phandle);
	return e ? e : node;
}
