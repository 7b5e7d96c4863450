# local.mk - sources of runtime/boot. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/boot/elf.c \
	runtime/boot/elf.h \
	runtime/boot/fdt.c \
	runtime/boot/fdt.h \
	runtime/boot/riscv_image.c \
	runtime/boot/riscv_image.h
