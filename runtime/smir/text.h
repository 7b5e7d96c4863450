/* text.h - SMIR functions as text. SPDX-License-Identifier: MIT
 *
 * One operation a line; blocks and values are numbered as they stand:
 *
 *	table 0 i32: 0x1 0x2
 *	@0:
 *		insn addi pc=0x80000000 len=4 r=10,10,0,0 imm=0x1	; addi a0, a0, 1
 *		%1 = get.i64 a0
 *		%2 = const.i64 0x1
 *		%3 = add.i64 %1, %2
 *		put.i64 a0, %3
 *		br @1(%3)
 *	@1(%4: i64):
 *		exit %4
 *
 * State is named by the isa's registers, elsewhere by offset (#16). A comment
 * begins with a semicolon.
 */
#ifndef RX_SMIR_TEXT_H
#define RX_SMIR_TEXT_H

#include "rax/error.h"
#include "smir/smir.h"

/*
 * Writes the text, cut to size - 1 bytes and terminated (nothing if size is
 * 0), and returns its whole length. f has no error.
 */
size_t rx_smir_print(const struct rx_smir_fn *f, char *text, size_t size);

/*
 * Builds the function in f, which is initialised (rx_smir_init); its isa
 * gives the names of registers and instructions. What is printed again is the
 * same text, but for comments and spacing. Not verified yet.
 * RAX_EFORMAT: *err says "line:column: ..."; f is void then.
 */
RAX_MUST_CHECK rax_status rx_smir_parse(struct rx_smir_fn *f, const char *text,
					rax_error *err);

#endif
