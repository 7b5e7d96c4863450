# local.mk - sources of runtime/machine. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/machine/api.c \
	runtime/machine/api.h \
	runtime/machine/asm_api.c \
	runtime/machine/build.c \
	runtime/machine/config_file.c \
	runtime/machine/coverage_api.c \
	runtime/machine/htif.c \
	runtime/machine/htif.h \
	runtime/machine/isas.h \
	runtime/machine/jit_api.c \
	runtime/machine/lift_api.c \
	runtime/machine/load.c \
	runtime/machine/load.h \
	runtime/machine/load_riscv.c \
	runtime/machine/machine.c \
	runtime/machine/machine.h \
	runtime/machine/riscv_virt.c \
	runtime/machine/riscv_virt.h \
	runtime/machine/riscv_virt_fdt.c \
	runtime/machine/sbi.c \
	runtime/machine/sbi.h \
	runtime/machine/terminal.c
