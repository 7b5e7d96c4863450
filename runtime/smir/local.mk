# local.mk - sources of runtime/smir. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/smir/build.c \
	runtime/smir/build.h \
	runtime/smir/engine_smir.c \
	runtime/smir/eval.c \
	runtime/smir/eval_fp.c \
	runtime/smir/eval_prim.c \
	runtime/smir/eval_vec.c \
	runtime/smir/eval_wide.c \
	runtime/smir/eval_word.c \
	runtime/smir/group.c \
	runtime/smir/group.h \
	runtime/smir/interp.c \
	runtime/smir/interp.h \
	runtime/smir/opt.c \
	runtime/smir/opt.h \
	runtime/smir/opt_cse.c \
	runtime/smir/opt_dead.c \
	runtime/smir/opt_fold.c \
	runtime/smir/opt_forward.c \
	runtime/smir/opt_narrow.c \
	runtime/smir/opt_signs.c \
	runtime/smir/opt_sink.c \
	runtime/smir/pack.c \
	runtime/smir/pack.h \
	runtime/smir/parse.c \
	runtime/smir/prefixed.c \
	runtime/smir/prefixed.h \
	runtime/smir/print.c \
	runtime/smir/pure.h \
	runtime/smir/resolve.c \
	runtime/smir/smir.h \
	runtime/smir/text.h \
	runtime/smir/verify.c \
	runtime/smir/verify.h
