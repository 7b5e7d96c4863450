/* elf.c - loading ELF programs into guest memory. SPDX-License-Identifier: MIT */
#include <elf.h>
#include <string.h>

#include "base/error.h"
#include "boot/elf.h"

/* Bytes [off, off + len) are in the file. */
static bool in_file(const struct rx_elf *elf, uint64_t off, uint64_t len)
{
	return off <= elf->size && len <= elf->size - off;
}

bool rx_elf_probe(const uint8_t *data, size_t size)
{
	return size >= SELFMAG && !memcmp(data, ELFMAG, SELFMAG);
}

/* The members have the same names in both classes, not the same widths. */
#define TAKE_HEADER(elf, type_) \
	do { \
		type_ h_; \
\
		memcpy(&h_, (elf)->data, sizeof(h_)); \
		(elf)->type = h_.e_type; \
		(elf)->machine = h_.e_machine; \
		(elf)->entry = h_.e_entry; \
		(elf)->phoff = h_.e_phoff; \
		(elf)->shoff = h_.e_shoff; \
		(elf)->phentsize = h_.e_phentsize; \
		(elf)->phnum = h_.e_phnum; \
		(elf)->shentsize = h_.e_shentsize; \
		(elf)->shnum = h_.e_shnum; \
	} while (0)

static void read_header(struct rx_elf *elf)
{
	if (elf->is64)
		TAKE_HEADER(elf, Elf64_Ehdr);
	else
		TAKE_HEADER(elf, Elf32_Ehdr);
}

rax_status rx_elf_open(struct rx_elf *elf, const uint8_t *data, size_t size,
		       rax_error *err)
{
	size_t need;

	memset(elf, 0, sizeof(*elf));
	if (!rx_elf_probe(data, size))
		return rx_err_at(err, RAX_EFORMAT, 0, "not an ELF file");
	if (size < EI_NIDENT)
		return rx_err_at(err, RAX_EFORMAT, size, "ELF header is cut off");
	if (data[EI_DATA] != ELFDATA2LSB)
		return rx_err_at(err, RAX_ENOTSUP, EI_DATA, data[EI_DATA] == ELFDATA2MSB ?
				 "big-endian ELF files are not supported" :
				 "ELF header has an invalid byte order");
	if (data[EI_CLASS] != ELFCLASS64 && data[EI_CLASS] != ELFCLASS32)
		return rx_err_at(err, RAX_EFORMAT, EI_CLASS,
				 "ELF header has an invalid class");
	elf->is64 = data[EI_CLASS] == ELFCLASS64;
	need = elf->is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	if (size < need)
		return rx_err_at(err, RAX_EFORMAT, size, "ELF header is cut off");
	elf->data = data;
	elf->size = size;
	read_header(elf);
	if (data[EI_VERSION] != EV_CURRENT)
		return rx_err_at(err, RAX_EFORMAT, EI_VERSION,
				 "ELF header has version %u, not %u", data[EI_VERSION],
				 EV_CURRENT);
	if (elf->type != ET_EXEC && elf->type != ET_DYN)
		return rx_err_at(err, RAX_ENOTSUP, 16,
				 "ELF file is not an executable (type %u); link it first",
				 elf->type);
	need = elf->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	if (elf->phnum && elf->phentsize != need)
		return rx_err_at(err, RAX_EFORMAT, 0,
				 "ELF program header entries have %u bytes, not %zu",
				 elf->phentsize, need);
	if (!in_file(elf, elf->phoff, (uint64_t)elf->phnum * need))
		return rx_err_at(err, RAX_EFORMAT, elf->phoff,
				 "ELF program header table reaches past the end of the file");
	return RAX_OK;
}

static void read_segment(const struct rx_elf *elf, unsigned k, Elf64_Phdr *p)
{
	const uint8_t *at = elf->data + elf->phoff + (size_t)k * elf->phentsize;
	Elf32_Phdr q;

	if (elf->is64) {
		memcpy(p, at, sizeof(*p));
		p->p_paddr += elf->bias;
		return;
	}
	memcpy(&q, at, sizeof(q));
	p->p_type = q.p_type;
	p->p_offset = q.p_offset;
	p->p_vaddr = q.p_vaddr;
	p->p_paddr = q.p_paddr + elf->bias;
	p->p_filesz = q.p_filesz;
	p->p_memsz = q.p_memsz;
}

void rx_elf_move(struct rx_elf *elf, const struct rx_mem *mem, uint64_t base)
{
	uint64_t first = UINT64_MAX;
	Elf64_Phdr p;
	unsigned k;

	for (k = 0; elf->type == ET_DYN && k < elf->phnum; k++) {
		read_segment(elf, k, &p);
		if (p.p_type == PT_LOAD && p.p_memsz && p.p_paddr < first)
			first = p.p_paddr;
	}
	if (first != UINT64_MAX && !rx_mem_find(mem, first, 1))
		elf->bias = base - (first & ~UINT64_C(0xfff));
}

static rax_status load_segment(const struct rx_elf *elf, unsigned k,
			       const Elf64_Phdr *p, struct rx_mem *mem,
			       rax_error *err)
{
	rax_status st;

	if (p->p_filesz > p->p_memsz)
		return rx_err(err, RAX_EFORMAT,
			      "ELF segment %u is larger in the file than in memory", k);
	if (!in_file(elf, p->p_offset, p->p_filesz))
		return rx_err_at(err, RAX_EFORMAT, p->p_offset,
				 "ELF segment %u reaches past the end of the file", k);
	if (!rx_mem_find(mem, p->p_paddr, p->p_memsz))
		return rx_err(err, RAX_ERANGE,
			      "ELF segment %u (%#llx bytes at %#llx) does not fit the guest's RAM; "
			      "link it elsewhere or give --memory", k,
			      (unsigned long long)p->p_memsz,
			      (unsigned long long)p->p_paddr);
	st = rx_mem_write(mem, p->p_paddr, elf->data + p->p_offset, p->p_filesz);
	if (!st && p->p_memsz > p->p_filesz)
		st = rx_mem_fill(mem, p->p_paddr + p->p_filesz, 0,
				 p->p_memsz - p->p_filesz);
	return st ? rx_err(err, st, "ELF segment %u cannot be loaded", k) : RAX_OK;
}

rax_status rx_elf_load(const struct rx_elf *elf, struct rx_mem *mem,
		       uint64_t *lo, uint64_t *hi, rax_error *err)
{
	uint64_t first = UINT64_MAX, last = 0;
	unsigned k;

	for (k = 0; k < elf->phnum; k++) {
		Elf64_Phdr p;
		rax_status st;

		read_segment(elf, k, &p);
		if (p.p_type != PT_LOAD || !p.p_memsz)
			continue;
		st = load_segment(elf, k, &p, mem, err);
		if (st)
			return st;
		if (p.p_paddr < first)
			first = p.p_paddr;
		if (p.p_paddr + p.p_memsz > last)
			last = p.p_paddr + p.p_memsz;
	}
	if (!last)
		return rx_err(err, RAX_EFORMAT, "ELF file has nothing to load");
	if (lo)
		*lo = first;
	if (hi)
		*hi = last;
	return RAX_OK;
}

uint64_t rx_elf_physical(const struct rx_elf *elf, uint64_t va)
{
	unsigned k;

	for (k = 0; k < elf->phnum; k++) {
		Elf64_Phdr p;

		read_segment(elf, k, &p);
		if (p.p_type == PT_LOAD && va - p.p_vaddr < p.p_memsz)
			return va - p.p_vaddr + p.p_paddr;
	}
	return va;
}

/* Section k as an ELF64 header; false: outside the file. */
static bool read_section(const struct rx_elf *elf, unsigned k, Elf64_Shdr *s)
{
	size_t need = elf->is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	const uint8_t *at;
	Elf32_Shdr q;

	if (k >= elf->shnum || elf->shentsize != need ||
	    !in_file(elf, elf->shoff, (uint64_t)elf->shnum * need))
		return false;
	at = elf->data + elf->shoff + (size_t)k * need;
	if (elf->is64) {
		memcpy(s, at, sizeof(*s));
	} else {
		memcpy(&q, at, sizeof(q));
		s->sh_type = q.sh_type;
		s->sh_link = q.sh_link;
		s->sh_offset = q.sh_offset;
		s->sh_size = q.sh_size;
	}
	return s->sh_type == SHT_NOBITS || in_file(elf, s->sh_offset, s->sh_size);
}

static bool find_in_table(const struct rx_elf *elf, const Elf64_Shdr *tab,
			  const Elf64_Shdr *str, const char *name, uint64_t *value)
{
	size_t entry = elf->is64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	size_t len = strlen(name) + 1;
	uint64_t k;

	for (k = 0; k < tab->sh_size / entry; k++) {
		const uint8_t *at = elf->data + tab->sh_offset + k * entry;
		uint64_t v;
		uint32_t off;
		Elf64_Sym s64;
		Elf32_Sym s32;

		if (elf->is64) {
			memcpy(&s64, at, sizeof(s64));
			off = s64.st_name;
			v = s64.st_value;
		} else {
			memcpy(&s32, at, sizeof(s32));
			off = s32.st_name;
			v = s32.st_value;
		}
		if (off < str->sh_size && len <= str->sh_size - off &&
		    !memcmp(elf->data + str->sh_offset + off, name, len)) {
			*value = v;
			return true;
		}
	}
	return false;
}

bool rx_elf_symbol(const struct rx_elf *elf, const char *name, uint64_t *value)
{
	unsigned k;

	for (k = 0; k < elf->shnum; k++) {
		Elf64_Shdr tab, str;

		if (!read_section(elf, k, &tab) || tab.sh_type != SHT_SYMTAB)
			continue;
		if (!read_section(elf, tab.sh_link, &str) || str.sh_type != SHT_STRTAB)
			continue;
		if (find_in_table(elf, &tab, &str, name, value))
			return true;
	}
	return false;
}
