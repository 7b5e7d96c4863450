# local.mk - sources of runtime/cpu/x86. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/cpu/x86/cpuid.c \
	runtime/cpu/x86/mem.c \
	runtime/cpu/x86/private.h \
	runtime/cpu/x86/simd.c \
	runtime/cpu/x86/simd.h \
	runtime/cpu/x86/state.c \
	runtime/cpu/x86/system.c \
	runtime/cpu/x86/x86.h \
	runtime/cpu/x86/x87.c \
	runtime/cpu/x86/x87.h
