# local.mk - tests of the generated t32 decoder and assembler. SPDX-License-Identifier: MIT

unit_tests += tests/unit/gen_t32/gen_t32
tests_unit_gen_t32_gen_t32_SOURCES = \
	tests/unit/gen_t32/main.c \
	tests/unit/gen_t32/suites.h \
	tests/unit/gen_t32/test_asm.c \
	tests/unit/gen_t32/test_sweep.c
EXTRA_DIST += tests/conf/t32_asm.tsv
