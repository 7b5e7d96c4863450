/* asm.h - disassembler and assembler. SPDX-License-Identifier: MIT */
#ifndef RAX_ASM_H
#define RAX_ASM_H

#include <stddef.h>
#include <stdint.h>

#include <rax/error.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RAX_INSN_MAX 16	/* bytes of the longest instruction */

/* Names of the instruction sets that are known, NULL at the end of the list. */
const char *rax_isa_name(unsigned index);
/*
 * Writes the text of the instruction at bytes (size of them) to text, and its
 * length in bytes to *used. RAX_EFORMAT: no instruction, or cut off.
 * RAX_EINVAL: unknown isa.
 */
RAX_MUST_CHECK rax_status rax_disassemble(const char *isa, const uint8_t *bytes,
					  size_t size, char *text,
					  size_t text_size, size_t *used,
					  rax_error *err);
/*
 * The same in a syntax of that name ("att" of x86; NULL: the vendor's);
 * rax_explain() adds lines about the encoding, where it is stated, and fields.
 */
RAX_MUST_CHECK rax_status rax_disassemble_as(const char *isa, const char *syntax,
					     const uint8_t *bytes, size_t size,
					     char *text, size_t text_size,
					     size_t *used, rax_error *err);
RAX_MUST_CHECK rax_status rax_explain(const char *isa, const char *syntax,
				      const uint8_t *bytes, size_t size, char *text,
				      size_t text_size, size_t *used, rax_error *err);
RAX_MUST_CHECK rax_status rax_assemble_as(const char *isa, const char *syntax,
					  const char *text, uint8_t *bytes,
					  size_t *used, rax_error *err);
/* Assembles one instruction into bytes[RAX_INSN_MAX]; *used is its length. */
RAX_MUST_CHECK rax_status rax_assemble(const char *isa, const char *text,
				       uint8_t *bytes, size_t *used,
				       rax_error *err);

#ifdef __cplusplus
}
#endif
#endif
