# local.mk - unit tests of runtime/io. SPDX-License-Identifier: MIT

unit_tests += tests/unit/io/io
tests_unit_io_io_SOURCES = \
	tests/unit/io/iot.c \
	tests/unit/io/iot.h \
	tests/unit/io/main.c \
	tests/unit/io/suites.h \
	tests/unit/io/test_block.c \
	tests/unit/io/test_char.c \
	tests/unit/io/test_char_stdio.c \
	tests/unit/io/test_term.c
