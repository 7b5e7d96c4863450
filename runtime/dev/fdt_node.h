/* fdt_node.h - device tree nodes of devices. SPDX-License-Identifier: MIT */
#ifndef RX_DEV_FDT_NODE_H
#define RX_DEV_FDT_NODE_H

#include "core/bus.h"
#include "rax/error.h"

/*
 * Adds the node "name@base" with compatible (len bytes of NUL-terminated
 * strings), reg (2 address and 2 size cells), and, when the device has an
 * interrupt, interrupts and interrupt-parent. Returns the node's offset or a
 * negative libfdt error.
 */
int rx_fdt_node(const struct rx_dev *dev, void *fdt, int parent,
		const char *name, const char *compatible, int len);
#define RX_FDT_NODE(dev, fdt, parent, name, compatible) \
	rx_fdt_node(dev, fdt, parent, name, compatible, sizeof(compatible))

/* RAX_OK, RAX_ENOMEM (the blob is too small) or RAX_EINTERNAL. */
rax_status rx_fdt_status(int fdt_error);

#endif
