# local.mk - sources of runtime/jit. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/jit/code.c \
	runtime/jit/compile.c \
	runtime/jit/engine_jit.c \
	runtime/jit/gen.h \
	runtime/jit/jit.h \
	runtime/jit/lower.c \
	runtime/jit/region.c \
	runtime/jit/values.c
