# local.mk - unit tests of runtime/fp. SPDX-License-Identifier: MIT

unit_tests += tests/unit/fp/fp
tests_unit_fp_fp_SOURCES = \
	tests/unit/fp/fpt.c \
	tests/unit/fp/fpt.h \
	tests/unit/fp/hw.c \
	tests/unit/fp/hw.h \
	tests/unit/fp/main.c \
	tests/unit/fp/ref.c \
	tests/unit/fp/ref.h \
	tests/unit/fp/suites.h \
	tests/unit/fp/test_arith.c \
	tests/unit/fp/test_box.c \
	tests/unit/fp/test_compare.c \
	tests/unit/fp/test_convert.c \
	tests/unit/fp/test_host.c \
	tests/unit/fp/test_f80.c \
	tests/unit/fp/test_hw.c \
	tests/unit/fp/test_nan.c \
	tests/unit/fp/x87.c \
	tests/unit/fp/x87.h
