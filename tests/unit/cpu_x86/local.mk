# local.mk - unit tests of runtime/cpu/x86. SPDX-License-Identifier: MIT

unit_tests += tests/unit/cpu_x86/cpu_x86
tests_unit_cpu_x86_cpu_x86_SOURCES = \
	tests/unit/cpu_x86/main.c \
	tests/unit/cpu_x86/suites.h \
	tests/unit/cpu_x86/test_system.c
