# local.mk - sources of runtime/io. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/io/block.c \
	runtime/io/block.h \
	runtime/io/block_cow.c \
	runtime/io/block_raw.c \
	runtime/io/char.c \
	runtime/io/char.h \
	runtime/io/char_mem.c \
	runtime/io/char_stdio.c \
	runtime/io/term.c \
	runtime/io/term.h
