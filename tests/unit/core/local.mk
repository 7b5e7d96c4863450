# local.mk - unit tests of runtime/core. SPDX-License-Identifier: MIT

unit_tests += tests/unit/core/core
tests_unit_core_core_SOURCES = \
	tests/unit/core/main.c \
	tests/unit/core/suites.h \
	tests/unit/core/test_bus.c \
	tests/unit/core/test_clock.c \
	tests/unit/core/test_engines.c \
	tests/unit/core/test_mem.c \
	tests/unit/core/test_schedule.c \
	tests/unit/core/test_state.c \
	tests/unit/core/test_tlb.c \
	tests/unit/core/test_verify.c \
	tests/unit/core/toy.c \
	tests/unit/core/toy.h
