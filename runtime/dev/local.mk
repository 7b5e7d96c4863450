# local.mk - sources of runtime/dev. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/dev/aclint.c \
	runtime/dev/devices.h \
	runtime/dev/fdt_node.c \
	runtime/dev/fdt_node.h \
	runtime/dev/goldfish_rtc.c \
	runtime/dev/plic.c \
	runtime/dev/sifive_test.c \
	runtime/dev/uart16550.c
