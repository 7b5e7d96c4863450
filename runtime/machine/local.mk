# local.mk - sources of runtime/machine. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/machine/machine.c \
	runtime/machine/machine.h \
	runtime/machine/riscv_virt.c \
	runtime/machine/riscv_virt.h \
	runtime/machine/riscv_virt_fdt.c \
	runtime/machine/sbi.c \
	runtime/machine/sbi.h
