# local.mk - tests of the generated x86 decoder and assembler. SPDX-License-Identifier: MIT

unit_tests += tests/unit/gen_x86/gen_x86
tests_unit_gen_x86_gen_x86_SOURCES = \
	tests/unit/gen_x86/main.c \
	tests/unit/gen_x86/suites.h \
	tests/unit/gen_x86/test_asm.c \
	tests/unit/gen_x86/test_decode.c \
	tests/unit/gen_x86/test_emit.c \
	tests/unit/gen_x86/test_sweep.c
EXTRA_DIST += tests/conf/x86_asm.tsv
