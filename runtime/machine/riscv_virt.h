/* riscv_virt.h - the machine riscv-virt. SPDX-License-Identifier: MIT
 *
 * Memory map, interrupt numbers and device tree bindings of QEMU's "virt"
 * machine, without PCIe, flash and fw_cfg.
 */
#ifndef RX_MACHINE_RISCV_VIRT_H
#define RX_MACHINE_RISCV_VIRT_H

#include "machine/machine.h"

#define RX_RISCV_VIRT_SLOTS 8		/* virtio-mmio transports */

enum {
	RX_RISCV_VIRT_TEST = 0x100000,
	RX_RISCV_VIRT_RTC = 0x101000,
	RX_RISCV_VIRT_CLINT = 0x2000000,
	RX_RISCV_VIRT_PLIC = 0xc000000,
	RX_RISCV_VIRT_UART = 0x10000000,
	RX_RISCV_VIRT_VIRTIO = 0x10001000,	/* step 0x1000 */
};
#define RX_RISCV_VIRT_RAM UINT64_C(0x80000000)

/* vm->machine */
struct rx_riscv_virt {
	struct rx_dev *clint, *plic, *uart, *rtc, *test;
	struct rx_dev *slot[RX_RISCV_VIRT_SLOTS];	/* lowest address first */
};

extern const struct rx_machine rx_machine_riscv_virt;

/* Phandles of hart h's node and of its interrupt controller. */
static inline uint32_t rx_riscv_virt_cpu_phandle(unsigned h)
{
	return 1 + 2 * h;
}
static inline uint32_t rx_riscv_virt_intc_phandle(unsigned h)
{
	return 2 + 2 * h;
}
#define RX_RISCV_VIRT_PLIC_PHANDLE (2 * RX_MAX_CPUS + 1)
#define RX_RISCV_VIRT_TEST_PHANDLE (2 * RX_MAX_CPUS + 2)

/* riscv_virt_fdt.c */
rax_status rx_riscv_virt_fdt(struct rx_vm *vm, const struct rx_fdt_chosen *chosen,
			     void **blob, size_t *size, rax_error *err);

#endif
