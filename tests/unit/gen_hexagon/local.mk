# local.mk - tests of the generated hexagon decoder, assembler and packets. SPDX-License-Identifier: MIT

unit_tests += tests/unit/gen_hexagon/gen_hexagon
tests_unit_gen_hexagon_gen_hexagon_SOURCES = \
	tests/unit/gen_hexagon/main.c \
	tests/unit/gen_hexagon/suites.h \
	tests/unit/gen_hexagon/test_asm.c \
	tests/unit/gen_hexagon/test_engines.c \
	tests/unit/gen_hexagon/test_packet.c
EXTRA_DIST += tests/conf/hexagon_asm.tsv
