# local.mk - tests of the generated rv64 decoder and assembler. SPDX-License-Identifier: MIT

unit_tests += tests/unit/gen_rv64/gen_rv64
tests_unit_gen_rv64_gen_rv64_SOURCES = \
	tests/unit/gen_rv64/main.c \
	tests/unit/gen_rv64/suites.h \
	tests/unit/gen_rv64/test_asm.c \
	tests/unit/gen_rv64/test_decode.c \
	tests/unit/gen_rv64/test_sweep.c
