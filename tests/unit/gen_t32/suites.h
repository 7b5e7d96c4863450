/* suites.h - tests of the generated t32 decoder and assembler. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_GEN_T32_SUITES_H
#define TESTS_UNIT_GEN_T32_SUITES_H

#include <stdint.h>

#include "core/asmtext.h"
#include "core/insn.h"
#include "tests/lib/asmtest.h"
#include "tests/lib/tap.h"

extern CU_TestInfo t32_asm_tests[], t32_sweep_tests[];

/*
 * Decodes a word and prints it; the text is overwritten by the next call. Words are
 * as the manuals have them: 16 bits, or 32 with the first halfword on top.
 */
const char *text_of(uint32_t w, struct rx_insn *i);

/* Assembles the text at address 0; the message says why the result is not RAX_OK. */
rax_status word_of(const char *text, uint32_t *w, rax_error *err);

#endif
