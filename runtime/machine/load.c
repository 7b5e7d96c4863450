/* load.c - what program files are. SPDX-License-Identifier: MIT */
#include "machine/load.h"

#include <string.h>

#include "base/error.h"
#include "boot/elf.h"
#include "boot/riscv_image.h"

/* Files that people give and that are something else. */
static const struct { const char *magic; unsigned at, len; const char *what; } wrong[] = {
	{ "\x1f\x8b", 0, 2, "compressed with gzip; unpack it first (gzip -dc)" },
	{ "\xfd" "7zXZ", 0, 5, "compressed with xz; unpack it first (xz -dc)" },
	{ "\x28\xb5\x2f\xfd", 0, 4, "compressed with zstd; unpack it first (zstd -dc)" },
	{ "ARM\x64", 56, 4, "an AArch64 Linux Image, which this version does not run" },
	{ "zimg", 4, 4, "an EFI zboot image; extract the Image from it first" },
};

/* What ELF files say that they are for. isa: as in struct rx_machine. */
static const struct { uint16_t machine; bool is64; const char *isa, *what; } targets[] = {
	{ RX_EM_RISCV, true, "rv64", "64-bit RISC-V" },
	{ RX_EM_RISCV, false, "rv32", "32-bit RISC-V" },
	{ RX_EM_X86_64, true, "x86-64", "x86-64" },
	{ RX_EM_X86_64, false, "x32", "x86-64 with 32-bit addresses" },
	{ RX_EM_386, false, "i386", "32-bit x86" },
	{ RX_EM_AARCH64, true, "a64", "AArch64" },
	{ RX_EM_ARM, false, "a32", "32-bit Arm" },
	{ RX_EM_HEXAGON, false, "hexagon", "Hexagon" },
};
#define NTARGETS (sizeof(targets) / sizeof(targets[0]))
static const char unknown_isa[] = "unknown";

static rax_status read_elf(struct rx_program *p, rax_error *err)
{
	struct rx_elf elf;
	rax_status st = rx_elf_open(&elf, p->file.data, p->file.size, err);
	size_t k;

	if (st) {
		rx_err_prefix(err, "%s", p->path);
		return st;
	}
	p->kind = RX_KIND_ELF;
	p->isa = unknown_isa;
	for (k = 0; k < NTARGETS; k++)
		if (targets[k].machine == elf.machine && targets[k].is64 == elf.is64)
			p->isa = targets[k].isa;
	return RAX_OK;
}

const char *rx_program_for(const struct rx_program *p)
{
	size_t k;

	for (k = 0; p->isa && k < NTARGETS; k++)
		if (!strcmp(targets[k].isa, p->isa))
			return targets[k].what;
	return "an unknown processor";
}

const struct rx_program *rx_load_decides(const struct rx_load *load)
{
	return load->firmware.isa || !load->kernel.path ? &load->firmware : &load->kernel;
}

rax_status rx_program_read(struct rx_program *p, const char *path, uint64_t limit,
			   rax_error *err)
{
	rax_status st;

	memset(p, 0, sizeof(*p));
	if (!path)
		return RAX_OK;
	st = rx_file_read(&p->file, path, limit, err);
	if (st)
		return st;
	p->path = path;
	if (!p->file.size)
		return rx_err(err, RAX_EFORMAT, "%s: the file is empty", path);
	if (rx_elf_probe(p->file.data, p->file.size))
		return read_elf(p, err);
	p->kind = RX_KIND_RAW;
	if (rx_riscv_image_probe(p->file.data, p->file.size)) {
		p->kind = RX_KIND_RISCV_IMAGE;
		p->isa = "rv64";
	}
	return RAX_OK;
}

/* Why a raw file is no kernel. */
rax_status rx_program_refuse(const struct rx_program *p, rax_error *err)
{
	size_t k;

	for (k = 0; k < sizeof(wrong) / sizeof(wrong[0]); k++)
		if (p->file.size >= wrong[k].at + wrong[k].len &&
		    !memcmp(p->file.data + wrong[k].at, wrong[k].magic, wrong[k].len))
			return rx_err(err, RAX_ENOTSUP, "%s: this file is %s", p->path,
				      wrong[k].what);
	return rx_err(err, RAX_EFORMAT, "%s: neither an ELF program nor a Linux Image", p->path);
}

void rx_load_fini(struct rx_load *load)
{
	rx_file_fini(&load->kernel.file);
	rx_file_fini(&load->firmware.file);
	rx_file_fini(&load->initrd.file);
	rx_file_fini(&load->dtb.file);
}
