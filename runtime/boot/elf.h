/* elf.h - loading ELF programs into guest memory. SPDX-License-Identifier: MIT */
#ifndef RX_BOOT_ELF_H
#define RX_BOOT_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mem.h"
#include "rax/error.h"

/* A checked ELF header over a borrowed file image. */
struct rx_elf {
	const uint8_t *data;
	size_t size;
	bool is64;
	uint16_t type, machine;	/* e_type, e_machine */
	uint64_t entry;
	uint64_t bias;		/* added to all physical addresses, see rx_elf_move() */
	uint64_t phoff, shoff;
	uint16_t phentsize, phnum, shentsize, shnum;
};

/* Values of e_machine that machines know. */
enum { RX_EM_386 = 3, RX_EM_ARM = 40, RX_EM_X86_64 = 62, RX_EM_HEXAGON = 164,
       RX_EM_AARCH64 = 183, RX_EM_RISCV = 243 };

bool rx_elf_probe(const uint8_t *data, size_t size);
/* Checks header and program header table; little-endian ELF32 and ELF64. */
RAX_MUST_CHECK rax_status rx_elf_open(struct rx_elf *elf, const uint8_t *data,
				      size_t size, rax_error *err);
/*
 * A position-independent program (ET_DYN) whose addresses begin outside of
 * the RAM, as OpenSBI's do, goes to base, a page's start; it relocates itself.
 */
void rx_elf_move(struct rx_elf *elf, const struct rx_mem *mem, uint64_t base);
/*
 * Copies every PT_LOAD segment to its physical address and zeroes what the
 * file does not hold. lo and hi (may be NULL) get the range that was written.
 * RAX_EFORMAT: a segment reaches past the file; RAX_ERANGE: past the RAM.
 */
RAX_MUST_CHECK rax_status rx_elf_load(const struct rx_elf *elf,
				      struct rx_mem *mem, uint64_t *lo,
				      uint64_t *hi, rax_error *err);
/*
 * The physical address of a virtual one that a PT_LOAD segment covers, such
 * as the entry's or a symbol's; others are taken for physical ones.
 */
uint64_t rx_elf_physical(const struct rx_elf *elf, uint64_t va);
/* Value of a symbol of the symbol table; false: not there or no valid table. */
bool rx_elf_symbol(const struct rx_elf *elf, const char *name, uint64_t *value);

#endif
