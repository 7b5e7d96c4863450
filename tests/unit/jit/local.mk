# local.mk - unit tests of runtime/jit. SPDX-License-Identifier: MIT

unit_tests += tests/unit/jit/jit
tests_unit_jit_jit_SOURCES = \
	tests/unit/jit/main.c \
	tests/unit/jit/suites.h \
	tests/unit/jit/test_engine_jit.c \
	tests/unit/jit/test_form.c \
	tests/unit/jit/test_hot.c \
	tests/unit/jit/test_jumps.c \
	tests/unit/jit/test_loops.c \
	tests/unit/jit/test_memory.c \
	tests/unit/jit/test_random.c \
	tests/unit/jit/test_refused.c \
	tests/unit/jit/test_sites.c \
	tests/unit/jit/test_vectors.c \
	tests/unit/jit/test_verify.c \
	tests/unit/jit/test_walks.c \
	tests/unit/jit/test_wide.c \
	tests/unit/smir/toy_smir.c
