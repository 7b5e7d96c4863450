# local.mk - unit tests of runtime/machine and boot/fdt. SPDX-License-Identifier: MIT

unit_tests += tests/unit/machine/machine
tests_unit_machine_machine_SOURCES = \
	tests/unit/machine/main.c \
	tests/unit/machine/suites.h \
	tests/unit/machine/test_fdt.c \
	tests/unit/machine/test_riscv_virt.c \
	tests/unit/machine/test_riscv_virt_fdt.c
