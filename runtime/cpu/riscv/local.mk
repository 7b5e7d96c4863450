# local.mk - sources of runtime/cpu/riscv. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/cpu/riscv/csr.c \
	runtime/cpu/riscv/internal.h \
	runtime/cpu/riscv/isa_rv64.c \
	runtime/cpu/riscv/mem.c \
	runtime/cpu/riscv/mmu.c \
	runtime/cpu/riscv/pmp.c \
	runtime/cpu/riscv/private.h \
	runtime/cpu/riscv/rv64.h \
	runtime/cpu/riscv/time.c \
	runtime/cpu/riscv/trap.c \
	runtime/cpu/riscv/vector.c
