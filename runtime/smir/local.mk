# local.mk - sources of runtime/smir. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/smir/build.c \
	runtime/smir/build.h \
	runtime/smir/engine_smir.c \
	runtime/smir/eval_fp.c \
	runtime/smir/eval_prim.c \
	runtime/smir/eval_wide.c \
	runtime/smir/interp.c \
	runtime/smir/interp.h \
	runtime/smir/parse.c \
	runtime/smir/print.c \
	runtime/smir/resolve.c \
	runtime/smir/smir.h \
	runtime/smir/text.h \
	runtime/smir/verify.c \
	runtime/smir/verify.h
