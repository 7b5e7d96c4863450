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
/* Firmware adds to the device tree in place. */
#define FDT_GROWTH (64 * RX_KIB)
/* A machine's own tree is not larger. */
#define FDT_OWN (64 * RX_KIB)

enum { A0 = 10, A1 = 11, A2 = 12 };

/* OpenSBI, include/sbi/fw_dynamic.h: what a2 points to at its start. */
struct fw_dynamic_info {
	uint64_t magic, version, next_addr, next_mode, options, boot_hart;
};
#define FW_DYNAMIC_MAGIC 0x4942534f
#define FW_DYNAMIC_VERSION 2

/* What has been put where: [lo, hi), empty where there is nothing. */
struct range {
	uint64_t lo, hi;
};

struct layout {
	uint64_t base, end;		/* of the RAM that is used */
	struct range kernel, firmware, initrd;
	uint64_t kernel_entry, firmware_entry;
	uint64_t fdt, info;
	const struct rx_program *host;	/* that talks through tohost, NULL: none does */
	uint64_t tohost, fromhost;
};

static bool overlap(const struct range *a, const struct range *b)
{
	return a->lo < b->hi && b->lo < a->hi;
}

static rax_status too_big(const struct rx_program *p, rax_error *err)
{
	return rx_err(err, RAX_ERANGE, "%s: does not fit the guest's RAM; give more --memory",
		      p->path);
}

/* Puts a whole file at r->lo. */
static rax_status put(struct rx_vm *vm, const struct rx_program *p, struct range *r,
		      rax_error *err)
{
	if (rx_mem_write(&vm->mem, r->lo, p->file.data, p->file.size))
		return too_big(p, err);
	if (r->hi < r->lo + p->file.size)
		r->hi = r->lo + p->file.size;
	return RAX_OK;
}

/* A program that starts outside of the RAM would fault for ever. */
static rax_status check_entry(struct rx_vm *vm, uint64_t entry, rax_error *err)
{
	if (entry & 1 || !rx_mem_find(&vm->mem, entry, 2))
		return rx_err(err, RAX_EFORMAT, "its entry point %#llx is not in the guest's RAM",
			      (unsigned long long)entry);
	return RAX_OK;
}

static rax_status load_elf(struct rx_vm *vm, const struct rx_program *p, struct layout *l,
			   struct range *r, uint64_t *entry, rax_error *err)
{
	struct rx_elf elf;
	rax_status st = rx_elf_open(&elf, p->file.data, p->file.size, err);

	if (!st)
		rx_elf_move(&elf, &vm->mem, l->base);
	if (!st)
		st = rx_elf_load(&elf, &vm->mem, &r->lo, &r->hi, err);
	*entry = rx_elf_physical(&elf, elf.entry);
	if (!st)
		st = check_entry(vm, *entry, err);
	if (st) {
		rx_err_prefix(err, "%s", p->path);
		return st;
	}
	if (l->host || !rx_elf_symbol(&elf, "tohost", &l->tohost))
		return RAX_OK;
	l->host = p;
	l->tohost = rx_elf_physical(&elf, l->tohost);
	l->fromhost = rx_elf_symbol(&elf, "fromhost", &l->fromhost) ?
		      rx_elf_physical(&elf, l->fromhost) : 0;
	return RAX_OK;
}

static rax_status load_image(struct rx_vm *vm, const struct rx_program *p, struct layout *l,
			     rax_error *err)
{
	struct rx_riscv_image image;
	rax_status st = rx_riscv_image_open(&image, p->file.data, p->file.size, err);

	if (st) {
		rx_err_prefix(err, "%s", p->path);
		return st;
	}
	l->kernel_entry = l->base + (image.text_offset ? image.text_offset : KERNEL_OFFSET);
	if (!rx_mem_find(&vm->mem, l->kernel_entry, image.image_size))
		return too_big(p, err);
	l->kernel.lo = l->kernel_entry;
	l->kernel.hi = l->kernel_entry + image.image_size;
	return put(vm, p, &l->kernel, err);
}

static rax_status load_kernel(struct rx_load *load, struct rx_vm *vm, struct layout *l,
			      rax_error *err)
{
	struct rx_program *p = &load->kernel;

	switch (p->kind) {
	case RX_KIND_NONE:
		return RAX_OK;
	case RX_KIND_ELF:
		return load_elf(vm, p, l, &l->kernel, &l->kernel_entry, err);
	case RX_KIND_RISCV_IMAGE:
		return load_image(vm, p, l, err);
	case RX_KIND_RAW:
		if (!load->firmware.path)
			return rx_program_refuse(p, err);
		/* firmware starts whatever there is */
		l->kernel.lo = l->kernel_entry = l->base + KERNEL_OFFSET;
		return put(vm, p, &l->kernel, err);
	}
	return rx_program_refuse(p, err);
}

static rax_status load_firmware(struct rx_load *load, struct rx_vm *vm, struct layout *l,
				rax_error *err)
{
	struct rx_program *p = &load->firmware;
	rax_status st;

	if (p->kind == RX_KIND_NONE)
		return RAX_OK;
	if (p->kind == RX_KIND_ELF) {
		st = load_elf(vm, p, l, &l->firmware, &l->firmware_entry, err);
	} else {
		l->firmware.lo = l->firmware_entry = l->base;
		st = put(vm, p, &l->firmware, err);
	}
	if (!st && overlap(&l->firmware, &l->kernel))
		return rx_err(err, RAX_ERANGE, "%s: lies at %#llx to %#llx, over the kernel at "
			      "%#llx", p->path, (unsigned long long)l->firmware.lo,
			      (unsigned long long)l->firmware.hi,
			      (unsigned long long)l->kernel.lo);
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

/* Is [lo, hi) behind, or clear of, all that was loaded? */
static bool is_free(const struct layout *l, uint64_t lo, uint64_t hi)
{
	const struct range r = { lo, hi };

	return lo >= l->base && !overlap(&r, &l->kernel) && !overlap(&r, &l->firmware) &&
	       !overlap(&r, &l->initrd);
}

/* Its place must be known before the tree is written, whose size is not yet. */
static rax_status place_initrd(struct rx_load *load, struct rx_vm *vm, struct layout *l,
			       struct rx_fdt_chosen *chosen, rax_error *err)
{
	const uint64_t room = rx_align_up(load->dtb.file.size, RX_PAGE_SIZE) + FDT_OWN +
			      FDT_GROWTH + LARGE_PAGE;
	const uint64_t size = load->initrd.file.size;
	uint64_t at;

	if (!load->initrd.path)
		return RAX_OK;
	if (l->end - l->base < room + size)
		return too_big(&load->initrd, err);
	at = rx_align_down(l->end - room - size, RX_PAGE_SIZE);
	if (!is_free(l, at, at + size))
		return too_big(&load->initrd, err);
	l->initrd.lo = chosen->initrd_start = at;
	chosen->initrd_end = at + size;
	return put(vm, &load->initrd, &l->initrd, err);
}

/* Device tree and firmware's info go to the end of the RAM. */
static rax_status place_fdt(struct rx_load *load, struct rx_vm *vm, struct layout *l,
			    const void *blob, size_t size, rax_error *err)
{
	const struct fw_dynamic_info info = { FW_DYNAMIC_MAGIC, FW_DYNAMIC_VERSION,
					      l->kernel_entry, RX_RV64_S, 0, 0 };
	const bool small = l->end - l->base <= 4 * LARGE_PAGE;
	const uint64_t growth = small ? RX_PAGE_SIZE : FDT_GROWTH;
	const uint64_t align = small ? 8 : LARGE_PAGE;

	if (size + growth + align + 2 * sizeof(info) > l->end - l->base)
		goto too_big;
	l->info = rx_align_down(l->end - sizeof(info), 8);
	l->fdt = rx_align_down(l->info - size - growth, align);
	if (!is_free(l, l->fdt, l->end) || rx_mem_write(&vm->mem, l->fdt, blob, size) ||
	    (load->firmware.path && rx_mem_write(&vm->mem, l->info, &info, sizeof(info))))
		goto too_big;
	return RAX_OK;

too_big:
	return rx_err(err, RAX_ERANGE, "the device tree (%zu bytes) does not fit behind the "
		      "program in the guest's RAM; give more --memory", size);
}

static rax_status load_rest(struct rx_load *load, struct rx_vm *vm, const struct rx_machine *m,
			    struct layout *l, rax_error *err)
{
	uint8_t seed[RNG_SEED_BYTES];
	struct rx_fdt_chosen chosen = { .bootargs = load->cmdline, .rng_seed = seed,
					.rng_seed_len = sizeof(seed) };
	void *blob = NULL;
	size_t size = 0;
	rax_status st;

	fill_seed(load, seed, sizeof(seed));
	st = place_initrd(load, vm, l, &chosen, err);
	if (!st)
		st = make_fdt(load, vm, m, &chosen, &blob, &size, err);
	if (!st)
		st = place_fdt(load, vm, l, blob, size, err);
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
	if (l.host && rx_htif_start(&load->htif, vm, load->console, l.tohost, l.fromhost))
		return rx_err(err, RAX_EFORMAT, "%s: its symbol tohost (%#llx) is not 8 bytes of "
			      "RAM inside a page", l.host->path, (unsigned long long)l.tohost);
	return RAX_OK;
}
