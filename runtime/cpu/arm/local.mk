# local.mk - sources of runtime/cpu/arm. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/cpu/arm/a64.h \
	runtime/cpu/arm/isa_a64.c \
	runtime/cpu/arm/isa_t32.c \
	runtime/cpu/arm/mem.c \
	runtime/cpu/arm/mem_t32.c \
	runtime/cpu/arm/private.h \
	runtime/cpu/arm/sme.c \
	runtime/cpu/arm/t32.h
