# local.mk - unit tests of runtime/cpu/arm. SPDX-License-Identifier: MIT

unit_tests += tests/unit/cpu_arm/cpu_arm
tests_unit_cpu_arm_cpu_arm_SOURCES = \
	tests/unit/cpu_arm/main.c \
	tests/unit/cpu_arm/pe.c \
	tests/unit/cpu_arm/pe.h \
	tests/unit/cpu_arm/test_exception.c \
	tests/unit/cpu_arm/test_mem.c \
	tests/unit/cpu_arm/test_sme.c \
	tests/unit/cpu_arm/test_t32.c
