/* suites.h - tests of the generated rv64 decoder and assembler. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_GEN_RV64_SUITES_H
#define TESTS_UNIT_GEN_RV64_SUITES_H

#include <stdint.h>

#include "core/insn.h"
#include "tests/lib/asmtest.h"
#include "tests/lib/tap.h"

extern CU_TestInfo rv64_decode_tests[], rv64_asm_tests[], rv64_sweep_tests[];

/* Decodes a word of 2 or 4 bytes, which the decoder must take whole. */
struct rx_insn decode_word(uint32_t w);

#endif
