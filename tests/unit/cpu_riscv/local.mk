# local.mk - unit tests of runtime/cpu/riscv. SPDX-License-Identifier: MIT

unit_tests += tests/unit/cpu_riscv/cpu_riscv
tests_unit_cpu_riscv_cpu_riscv_SOURCES = \
	tests/unit/cpu_riscv/hart.c \
	tests/unit/cpu_riscv/hart.h \
	tests/unit/cpu_riscv/main.c \
	tests/unit/cpu_riscv/test_csr.c \
	tests/unit/cpu_riscv/test_isa_rv64.c \
	tests/unit/cpu_riscv/test_mem.c \
	tests/unit/cpu_riscv/test_mmu.c \
	tests/unit/cpu_riscv/test_pmp.c \
	tests/unit/cpu_riscv/test_time.c \
	tests/unit/cpu_riscv/test_trap.c
