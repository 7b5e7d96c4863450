# local.mk - unit tests of runtime/base. SPDX-License-Identifier: MIT

unit_tests += tests/unit/base/base
tests_unit_base_base_SOURCES = \
	tests/unit/base/main.c \
	tests/unit/base/suites.h \
	tests/unit/base/test_arena.c \
	tests/unit/base/test_bits.c \
	tests/unit/base/test_error.c \
	tests/unit/base/test_file.c \
	tests/unit/base/test_log.c \
	tests/unit/base/test_toml.c
