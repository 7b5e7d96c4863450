# local.mk - tests of the generated a64 decoder and assembler. SPDX-License-Identifier: MIT

unit_tests += tests/unit/gen_a64/gen_a64
tests_unit_gen_a64_gen_a64_SOURCES = \
	tests/unit/gen_a64/main.c \
	tests/unit/gen_a64/suites.h \
	tests/unit/gen_a64/test_asm.c \
	tests/unit/gen_a64/test_sweep.c
EXTRA_DIST += tests/conf/a64_asm.tsv
