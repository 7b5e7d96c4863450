/* suites.h - tests of the generated x86 decoder and assembler. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_GEN_X86_SUITES_H
#define TESTS_UNIT_GEN_X86_SUITES_H

#include <stdint.h>

#include "core/prefixed.h"
#include "tests/lib/asmtest.h"
#include "tests/lib/tap.h"

extern CU_TestInfo x86_decode_tests[], x86_asm_tests[], x86_emit_tests[], x86_sweep_tests[];

/* Decodes from a block of exactly n bytes, so that sanitizers see reads behind it. */
unsigned decode_exact(uint32_t mode, const uint8_t *code, unsigned n, struct rx_insn *i);

#endif
