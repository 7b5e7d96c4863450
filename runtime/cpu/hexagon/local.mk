# local.mk - sources of runtime/cpu/hexagon. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/cpu/hexagon/hexagon.h \
	runtime/cpu/hexagon/isa_hexagon.c \
	runtime/cpu/hexagon/mem.c \
	runtime/cpu/hexagon/private.h
