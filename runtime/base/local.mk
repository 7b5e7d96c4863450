# local.mk - sources of runtime/base. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/base/arena.c \
	runtime/base/arena.h \
	runtime/base/bits.h \
	runtime/base/compiler.h \
	runtime/base/error.c \
	runtime/base/error.h \
	runtime/base/file.c \
	runtime/base/file.h \
	runtime/base/host.c \
	runtime/base/host.h \
	runtime/base/limits.h \
	runtime/base/log.c \
	runtime/base/log.h \
	runtime/base/toml.c \
	runtime/base/toml.h \
	runtime/base/toml_lex.c \
	runtime/base/toml_lex.h
