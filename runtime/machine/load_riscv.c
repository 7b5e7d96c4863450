/* load_riscv.c - starting programs, kernels and firmware on RISC-V. SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* getrandom */
#endif
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/limits.h"
#include "boot/elf.h"
#include "boot/riscv_image.h"
#include "cpu/riscv/rv64.h"
#include "machine/load.h"

#define LARGE_PAGE (2 * RX_MIB)
/* Where kernels behind firmware go; a firmware ends before. */
#define KERNEL_OFFSET LARGE_PAGE
/* Device tree and initrd stay below this, so that 32-bit code reaches them. */
#define LOW_LIMIT UINT64_C(0x100000000)
#define RNG_SEED_BYTES 32

enum { A0 = 10, A1 = 11, A2 = 12 };

/* OpenSBI, include/sbi/fw_dynamic.h: what a2 points to at its start. */
struct fw_dynamic_info {
	uint64_t magic, version, next_addr, next_mode, options, boot_hart;
};
#define FW_DYNAMIC_MAGIC 0x4942534f
#define FW_DYNAMIC_VERSION 2

/* Where things have been put. */
struct layout {
	uint64_t base, end;		/* of the RAM that is used */
	uint64_t kernel_entry, kernel_end;
	uint64_t firmware_entry;
	uint64_t initrd, initrd_end;
	uint64_t fdt, info;
	bool has_tohost;
	uint64_t tohost, fromhost;
};

static rax_status too_big(const struct rx_program *p, rax_error *err)
{
	return rx_err(err, RAX_ERANGE, "%s: does not fit the guest's RAM; give more --memory",
		      p->path);
}

static rax_status put(struct rx_vm *vm, const struct rx_program *p, uint64_t at, rax_error *err)
{
	if (rx_mem_write(&vm->mem, at, p->file.data, p->file.size))
		return too_big(p, err);
	return RAX_OK;
}

static rax_status load_elf(struct rx_vm *vm, const struct rx_program *p, struct layout *l,
			   uint64_t *entry, uint64_t *end, rax_error *err)
{
	struct rx_elf elf;
	rax_status st = rx_elf_open(&elf, p->file.data, p->file.size, err);

	if (!st && (elf.machine != RX_EM_RISCV || !elf.is64))
		st = rx_err(err, RAX_ENOTSUP, "this ELF file is for %s, not 64-bit RISC-V",
			    elf.machine == RX_EM_RISCV ? "32-bit RISC-V" :
			    elf.machine == RX_EM_X86_64 ? "x86-64" :
			    elf.machine == RX_EM_AARCH64 ? "AArch64" :
			    elf.machine == RX_EM_HEXAGON ? "Hexagon" : "another processor");
	if (!st)
		st = rx_elf_load(&elf, &vm->mem, NULL, end, err);
	if (st) {
		rx_err_prefix(err, "%s", p->path);
		return st;
	}
	*entry = elf.entry;
	if (l && rx_elf_symbol(&elf, "tohost", &l->tohost)) {
		l->has_tohost = true;
		if (!rx_elf_symbol(&elf, "fromhost", &l->fromhost))
			l->fromhost = 0;
	}
	return RAX_OK;
}

static rax_status load_kernel(struct rx_load *load, struct rx_vm *vm, struct layout *l,
			      rax_error *err)
{
	struct rx_program *p = &load->kernel;
	struct rx_riscv_image image;
	rax_status st;
	uint64_t at;

	switch (p->kind) {
	case RX_KIND_NONE:
		return RAX_OK;
	case RX_KIND_ELF:
		return load_elf(vm, p, load->firmware.path ? NULL : l, &l->kernel_entry,
				&l->kernel_end, err);
	case RX_KIND_RISCV_IMAGE:
		st = rx_riscv_image_open(&image, p->file.data, p->file.size, err);
		if (st) {
			rx_err_prefix(err, "%s", p->path);
			return st;
		}
		at = l->base + (image.text_offset ? image.text_offset : KERNEL_OFFSET);
		if (!rx_mem_find(&vm->mem, at, image.image_size))
			return too_big(p, err);
		l->kernel_entry = at;
		l->kernel_end = at + image.image_size;
		return put(vm, p, at, err);
	case RX_KIND_RAW:
		if (!load->firmware.path)
			return rx_program_refuse(p, err);
		/* firmware starts whatever there is */
		l->kernel_entry = l->base + KERNEL_OFFSET;
		l->kernel_end = l->kernel_entry + p->file.size;
		return put(vm, p, l->kernel_entry, err);
	}
	return RAX_OK;
}

static rax_status load_firmware(struct rx_load *load, struct rx_vm *vm, struct layout *l,
				rax_error *err)
{
	struct rx_program *p = &load->firmware;
	uint64_t end = l->base + p->file.size;
	rax_status st;

	if (p->kind == RX_KIND_NONE)
		return RAX_OK;
	if (p->kind == RX_KIND_ELF) {
		st = load_elf(vm, p, l, &l->firmware_entry, &end, err);
	} else {
		l->firmware_entry = l->base;
		st = put(vm, p, l->base, err);
	}
	if (!st && load->kernel.path && load->kernel.kind != RX_KIND_ELF &&
	    end > l->kernel_entry)
		return rx_err(err, RAX_ERANGE, "%s: ends at %#llx, over the kernel at %#llx", p->path,
			      (unsigned long long)end, (unsigned long long)l->kernel_entry);
	return st;
}

/* Numbers for the guest's generator: repeatable ones from a seed (splitmix64). */
static void fill_seed(const struct rx_load *load, uint8_t *buf, size_t len)
{
	uint64_t s = load->seed;
	size_t k;

	if (!load->seeded && getrandom(buf, len, 0) == (ssize_t)len)
		return;
	for (k = 0; k < len; k++) {
		uint64_t z = s += UINT64_C(0x9e3779b97f4a7c15);

		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		buf[k] = (uint8_t)(z >> 56);
	}
}

static rax_status make_fdt(struct rx_load *load, struct rx_vm *vm, const struct rx_machine *m,
			   const struct rx_fdt_chosen *chosen, void **blob, size_t *size,
			   rax_error *err)
{
	struct rx_fdt fdt;
	rax_status st;

	if (!load->dtb.path)
		return m->fdt(vm, chosen, blob, size, err);
	st = rx_fdt_check(load->dtb.file.data, load->dtb.file.size, err);
	if (!st)
		st = rx_fdt_copy(&fdt, load->dtb.file.data, load->dtb.file.size, chosen, err);
	if (st) {
		rx_err_prefix(err, "%s", load->dtb.path);
		return st;
	}
	*size = rx_fdt_pack(&fdt);
	*blob = fdt.blob;
	return RAX_OK;
}

/* Initrd, device tree and firmware's info go to the end of the RAM. */
static rax_status load_rest(struct rx_load *load, struct rx_vm *vm, const struct rx_machine *m,
			    struct layout *l, rax_error *err)
{
	uint8_t seed[RNG_SEED_BYTES];
	struct rx_fdt_chosen chosen = { .bootargs = load->cmdline, .rng_seed = seed,
					.rng_seed_len = sizeof(seed) };
	struct fw_dynamic_info info = { FW_DYNAMIC_MAGIC, FW_DYNAMIC_VERSION, l->kernel_entry,
					RX_RV64_S, 0, 0 };
	uint64_t top = rx_align_down(l->end, RX_PAGE_SIZE);
	void *blob = NULL;
	size_t size = 0;
	rax_status st;

	fill_seed(load, seed, sizeof(seed));
	/* the initrd's place must be known before the tree is written */
	if (load->initrd.path) {
		/* what is left above it, for the tree: its size is not known yet */
		const uint64_t room = rx_align_up(load->dtb.file.size, RX_PAGE_SIZE) + LARGE_PAGE;

		if (top - l->base < room + load->initrd.file.size)
			return too_big(&load->initrd, err);
		l->initrd = rx_align_down(top - room - load->initrd.file.size, RX_PAGE_SIZE);
		l->initrd_end = l->initrd + load->initrd.file.size;
		if (l->initrd < l->kernel_end)
			return too_big(&load->initrd, err);
		chosen.initrd_start = l->initrd;
		chosen.initrd_end = l->initrd_end;
		st = put(vm, &load->initrd, l->initrd, err);
		if (st)
			return st;
	}
	st = make_fdt(load, vm, m, &chosen, &blob, &size, err);
	if (st)
		return st;
	if (size + sizeof(info) <= top - l->base) {
		l->fdt = rx_align_down(top - size, 8);
		if (top - l->base > 2 * LARGE_PAGE)
			l->fdt = rx_align_down(l->fdt, RX_PAGE_SIZE);
		l->info = l->fdt - rx_align_up(sizeof(info), 64);
	}
	if (!l->fdt || l->info < l->kernel_end || l->info < l->initrd_end ||
	    rx_mem_write(&vm->mem, l->fdt, blob, size) ||
	    (load->firmware.path && rx_mem_write(&vm->mem, l->info, &info, sizeof(info))))
		st = rx_err(err, RAX_ERANGE, "the device tree (%zu bytes) does not fit behind the "
			    "program in the guest's RAM; give more --memory", size);
	free(blob);
	return st;
}

static void start_machine_mode(struct rx_vm *vm, uint64_t entry, const struct layout *l)
{
	unsigned k;

	for (k = 0; k < vm->ncpus; k++) {
		struct rx_rv64 *c = rx_rv64_of(vm->cpu[k]);

		vm->cpu[k]->pc = entry;
		c->x[A0] = k;
		c->x[A1] = l->fdt;
		c->x[A2] = l->info;
	}
}

rax_status rx_load_riscv(struct rx_load *load, struct rx_vm *vm,
			 const struct rx_machine *machine, rax_error *err)
{
	const struct rx_ram *ram = rx_mem_find(&vm->mem, machine->ram_base, 1);
	struct layout l = { .base = ram->base, .end = ram->base + ram->size };
	rax_status st;

	if (l.end > LOW_LIMIT)
		l.end = LOW_LIMIT;
	st = load_kernel(load, vm, &l, err);
	if (!st)
		st = load_firmware(load, vm, &l, err);
	if (!st)
		st = load_rest(load, vm, machine, &l, err);
	if (st)
		return st;
	if (load->firmware.path)
		start_machine_mode(vm, l.firmware_entry, &l);
	else if (load->kernel.kind == RX_KIND_ELF)
		start_machine_mode(vm, l.kernel_entry, &l);
	else
		rx_sbi_start(&load->sbi, vm, load->console, l.kernel_entry, l.fdt);
	if (l.has_tohost &&
	    rx_htif_start(&load->htif, vm, load->console, l.tohost, l.fromhost))
		return rx_err(err, RAX_EFORMAT, "%s: its symbol tohost (%#llx) is not 8 bytes of "
			      "RAM inside a page", load->kernel.path ? load->kernel.path :
			      load->firmware.path, (unsigned long long)l.tohost);
	return RAX_OK;
}
