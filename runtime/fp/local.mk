# local.mk - sources of runtime/fp. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/fp/arith.c \
	runtime/fp/box.h \
	runtime/fp/compare.c \
	runtime/fp/convert.c \
	runtime/fp/f80.c \
	runtime/fp/f80.h \
	runtime/fp/f80_sin.c \
	runtime/fp/fp.h \
	runtime/fp/host.h \
	runtime/fp/host_x86.h \
	runtime/fp/nan.c \
	runtime/fp/parts.h
