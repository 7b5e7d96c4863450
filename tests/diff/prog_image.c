/* prog_image.c - the image of a random program. SPDX-License-Identifier: MIT */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conf/values.h"
#include "tests/diff/prog.h"

uint8_t prog_image[PROG_SIZE];
uint64_t prog_at;
uint64_t prog_end = PROG_SIZE;
uint64_t prog_seed;

void prog_fail(const char *what)
{
	fprintf(stderr, "progs: %s\n", what);
	exit(2);
}

unsigned prog_below(unsigned n)
{
	return (unsigned)(conf_draw(&prog_seed) >> 33) % n;
}

void prog_put(const void *p, size_t n)
{
	if (prog_at + n > prog_end)
		prog_fail("too many programs for one image");
	memcpy(prog_image + prog_at, p, n);
	prog_at += n;
}

static unsigned length(uint32_t word)
{
	return (word & 3) == 3 ? 4 : 2;
}

void prog_w(uint32_t word)
{
	prog_put(&word, length(word));
}

void prog_patch(uint64_t where, uint32_t word)
{
	memcpy(prog_image + where, &word, length(word));
}

void prog_address(unsigned r, uint64_t a)
{
	prog_w(rg_rv64_encode_lui(r, (uint32_t)((a + 0x800) >> 12)));
	prog_w(rg_rv64_encode_addiw(r, r, (int32_t)(a << 52 >> 52 << 20) >> 20));
	prog_w(rg_rv64_encode_slli(r, r, 32));
	prog_w(rg_rv64_encode_srli(r, r, 32));
}

int prog_write(const char *path, uint64_t used, uint64_t memory)
{
	const Elf64_Ehdr e = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = EV_CURRENT,
		.e_entry = PROG_BASE, .e_phoff = sizeof(e), .e_ehsize = sizeof(e),
		.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
	};
	const Elf64_Phdr p = {
		.p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X, .p_offset = 0x1000,
		.p_vaddr = PROG_BASE, .p_paddr = PROG_BASE, .p_filesz = used,
		.p_memsz = memory, .p_align = 0x1000,
	};
	static const uint8_t zeros[0x1000 - sizeof(e) - sizeof(p)];
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(&e, sizeof(e), 1, f) != 1 || fwrite(&p, sizeof(p), 1, f) != 1 ||
	    fwrite(zeros, sizeof(zeros), 1, f) != 1 ||
	    fwrite(prog_image, used, 1, f) != 1 || fclose(f)) {
		fprintf(stderr, "progs: %s: cannot be written\n", path);
		return 2;
	}
	return 0;
}
