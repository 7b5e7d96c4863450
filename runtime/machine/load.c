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
	if (rx_elf_probe(p->file.data, p->file.size)) {
		struct rx_elf elf;

		st = rx_elf_open(&elf, p->file.data, p->file.size, err);
		if (st) {
			rx_err_prefix(err, "%s", path);
			return st;
		}
		p->kind = RX_KIND_ELF;
		p->elf_machine = elf.machine;
	} else if (rx_riscv_image_probe(p->file.data, p->file.size)) {
		p->kind = RX_KIND_RISCV_IMAGE;
	} else {
		p->kind = RX_KIND_RAW;
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
