# local.mk - sources of runtime/jit. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/jit/ahead.c \
	runtime/jit/code.c \
	runtime/jit/compile.c \
	runtime/jit/coverage.c \
	runtime/jit/dump.c \
	runtime/jit/emit.c \
	runtime/jit/engine_jit.c \
	runtime/jit/exact.c \
	runtime/jit/flow.c \
	runtime/jit/form.c \
	runtime/jit/frame.c \
	runtime/jit/frame.h \
	runtime/jit/gen.h \
	runtime/jit/helpers.c \
	runtime/jit/homes.c \
	runtime/jit/jit.h \
	runtime/jit/kept.c \
	runtime/jit/layout.c \
	runtime/jit/lift.c \
	runtime/jit/lower.c \
	runtime/jit/lower.h \
	runtime/jit/lower_convert.c \
	runtime/jit/lower_fp.c \
	runtime/jit/lower_fp.h \
	runtime/jit/lower_int.c \
	runtime/jit/lower_mem.c \
	runtime/jit/lower_prim.c \
	runtime/jit/lower_shape.c \
	runtime/jit/lower_sse.c \
	runtime/jit/lower_vec.c \
	runtime/jit/lower_wide.c \
	runtime/jit/parts.c \
	runtime/jit/pieces.h \
	runtime/jit/region.h \
	runtime/jit/regions.c \
	runtime/jit/results.c \
	runtime/jit/shared.c \
	runtime/jit/sites.c \
	runtime/jit/trace.c \
	runtime/jit/uses.c \
	runtime/jit/values.c \
	runtime/jit/values.h \
	runtime/jit/vectors.c \
	runtime/jit/vectors.h
