/* riscv_virt.c - the machine riscv-virt. SPDX-License-Identifier: MIT */
#include "machine/riscv_virt.h"

#include "base/error.h"
#include "base/limits.h"
#include "core/mem.h"
#include "cpu/riscv/rv64.h"
#include "dev/devices.h"
#include "machine/load.h"

_Static_assert(RX_CLINT_HZ == RX_RV64_TIMEBASE, "mtime is the time CSR");

/* Owns nothing: a device, so that the vm frees it. */
static const struct rx_dev_class board_class = {
	.name = "riscv-virt", .help = "board", .version = 1,
	.state_size = sizeof(struct rx_riscv_virt),
};

/* Sets up a new device (NULL: there was no memory for it). */
static rax_status place(struct rx_vm *vm, struct rx_dev *dev, uint64_t base,
			uint64_t size, unsigned irq, rax_error *err)
{
	const struct rx_riscv_virt *board = vm->machine;

	if (!dev)
		return rx_err(err, RAX_ENOMEM, "riscv-virt: no memory for its devices");
	dev->base = base;
	dev->size = size;
	if (irq) {
		dev->irq_number = irq;
		dev->irq = (struct rx_irq){
			.set = rx_plic_irq, .sink = board->plic, .line = irq,
		};
	}
	return rx_bus_add(&vm->bus, dev, err);
}

static struct rx_irq hart_irq(struct rx_vm *vm, unsigned h, unsigned line)
{
	return (struct rx_irq){
		.set = rx_rv64_irq, .sink = vm->cpu[h], .line = line,
	};
}

static rax_status add_interrupts(struct rx_vm *vm, rax_error *err)
{
	struct rx_riscv_virt *board = vm->machine;
	struct rx_clint_hart clint[RX_MAX_CPUS];
	struct rx_plic_hart plic[RX_MAX_CPUS];
	rax_status status;

	for (unsigned h = 0; h < vm->ncpus; h++) {
		const uint32_t phandle = rx_riscv_virt_intc_phandle(h);

		clint[h] = (struct rx_clint_hart){
			hart_irq(vm, h, RX_RV64_IRQ_MSI),
			hart_irq(vm, h, RX_RV64_IRQ_MTI), phandle,
		};
		plic[h] = (struct rx_plic_hart){
			hart_irq(vm, h, RX_RV64_IRQ_MEI),
			hart_irq(vm, h, RX_RV64_IRQ_SEI), phandle,
		};
	}
	board->clint = rx_clint_new(vm, vm->ncpus, clint, rx_rv64_set_time_offset);
	status = place(vm, board->clint, RX_RISCV_VIRT_CLINT, 0x10000, 0, err);
	if (status != RAX_OK)
		return status;
	board->plic = rx_plic_new(vm, vm->ncpus, plic);
	status = place(vm, board->plic, RX_RISCV_VIRT_PLIC, 0x600000, 0, err);
	if (status == RAX_OK)
		board->plic->phandle = RX_RISCV_VIRT_PLIC_PHANDLE;
	return status;
}

static rax_status add_slot(struct rx_vm *vm, unsigned *slot, struct rx_dev *dev,
			   rax_error *err)
{
	struct rx_riscv_virt *board = vm->machine;

	board->slot[--*slot] = dev;
	return place(vm, dev, RX_RISCV_VIRT_VIRTIO + UINT64_C(0x1000) * *slot,
		     0x1000, *slot + 1, err);
}

/* The first device is in the highest slot, as guests know it from QEMU. */
static rax_status add_virtio(struct rx_vm *vm, const struct rx_machine_config *cfg,
			     rax_error *err)
{
	unsigned slot = RX_RISCV_VIRT_SLOTS;
	rax_status status = RAX_OK;

	for (unsigned i = 0; status == RAX_OK && i < cfg->ndisks; i++)
		status = add_slot(vm, &slot, rx_virtio_blk_new(vm, cfg->disk[i]), err);
	if (status == RAX_OK && cfg->virtio_console)
		status = add_slot(vm, &slot,
				  rx_virtio_console_new(vm, cfg->console), err);
	if (status == RAX_OK && cfg->virtio_rng)
		status = add_slot(vm, &slot,
				  rx_virtio_rng_new(vm, cfg->rng_seeded,
						    cfg->rng_seed), err);
	while (status == RAX_OK && slot)
		status = add_slot(vm, &slot, rx_virtio_none_new(vm), err);
	return status;
}

static rax_status add_others(struct rx_vm *vm, const struct rx_machine_config *cfg,
			     rax_error *err)
{
	struct rx_riscv_virt *board = vm->machine;
	rax_status status;

	board->uart = rx_uart16550_new(vm, cfg->console);
	status = place(vm, board->uart, RX_RISCV_VIRT_UART, 0x100, 10, err);
	if (status != RAX_OK)
		return status;
	board->rtc = rx_goldfish_rtc_new(vm);
	status = place(vm, board->rtc, RX_RISCV_VIRT_RTC, 0x1000, 11, err);
	if (status != RAX_OK)
		return status;
	board->test = rx_sifive_test_new(vm);
	status = place(vm, board->test, RX_RISCV_VIRT_TEST, 0x1000, 0, err);
	if (status == RAX_OK)
		board->test->phandle = RX_RISCV_VIRT_TEST_PHANDLE;
	return status;
}

static rax_status check(const struct rx_vm *vm, uint64_t ram,
			const struct rx_machine_config *cfg, rax_error *err)
{
	const struct rx_machine *m = &rx_machine_riscv_virt;

	if (vm->ncpus > m->max_cpus)
		return rx_err(err, RAX_ERANGE, "riscv-virt: %u harts; at most %u are "
			      "possible", vm->ncpus, m->max_cpus);
	if (ram < m->ram_min || ram > m->ram_max)
		return rx_err(err, RAX_ERANGE, "riscv-virt: %llu KiB of memory; give %llu "
			      "MiB to %llu GiB", (unsigned long long)(ram / RX_KIB),
			      (unsigned long long)(m->ram_min / RX_MIB),
			      (unsigned long long)(m->ram_max / RX_GIB));
	if (ram % RX_PAGE_SIZE)
		return rx_err(err, RAX_EINVAL, "riscv-virt: %llu bytes of memory are no "
			      "multiple of 4 KiB", (unsigned long long)ram);
	if (cfg->ndisks > RX_MACHINE_MAX_DISKS)
		return rx_err(err, RAX_ERANGE, "riscv-virt: %u disks; at most %u are "
			      "possible", cfg->ndisks, RX_MACHINE_MAX_DISKS);
	return RAX_OK;
}

static rax_status build(struct rx_vm *vm, const struct rx_machine_config *cfg,
			rax_error *err)
{
	const struct rx_machine *m = &rx_machine_riscv_virt;
	const uint64_t ram = cfg->ram_size ? cfg->ram_size : m->ram_default;
	rax_status status = check(vm, ram, cfg, err);
	struct rx_dev *dev;

	if (status == RAX_OK)
		status = rx_mem_add_ram(&vm->mem, m->ram_base, ram, err);
	if (status != RAX_OK)
		return status;
	dev = rx_vm_new_dev(vm, &board_class);
	if (!dev)
		return rx_err(err, RAX_ENOMEM, "riscv-virt: no memory for its devices");
	vm->machine = dev->state;
	status = add_interrupts(vm, err);
	if (status == RAX_OK)
		status = add_others(vm, cfg, err);
	if (status == RAX_OK)
		status = add_virtio(vm, cfg, err);
	if (status == RAX_OK)
		rx_vm_reset(vm);
	return status;
}

const struct rx_machine rx_machine_riscv_virt = {
	.name = "riscv-virt",
	.help = "QEMU's virt machine: CLINT, PLIC, UART, RTC, virtio-mmio",
	.isa = "rv64",
	.max_cpus = RX_MAX_CPUS,
	.ram_base = RX_RISCV_VIRT_RAM,
	.ram_default = 256 * RX_MIB,
	.ram_min = 1 * RX_MIB,
	.ram_max = 512 * RX_GIB,
	.build = build,
	.fdt = rx_riscv_virt_fdt,
	.start = rx_load_riscv,
};
