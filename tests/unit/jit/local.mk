# local.mk - unit tests of runtime/jit. SPDX-License-Identifier: MIT

unit_tests += tests/unit/jit/jit
tests_unit_jit_jit_SOURCES = \
	tests/unit/jit/main.c \
	tests/unit/jit/test_engine_jit.c \
	tests/unit/smir/toy_smir.c
