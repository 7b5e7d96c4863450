# local.mk - sources of runtime/core. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/core/arith.h \
	runtime/core/asmparse.c \
	runtime/core/asmtext.c \
	runtime/core/asmtext.h \
	runtime/core/blocks.c \
	runtime/core/blocks.h \
	runtime/core/bus.c \
	runtime/core/bus.h \
	runtime/core/clock.c \
	runtime/core/clock.h \
	runtime/core/cpu.h \
	runtime/core/engine_step.c \
	runtime/core/engine_threaded.c \
	runtime/core/flat.c \
	runtime/core/flat.h \
	runtime/core/hooks.h \
	runtime/core/insn.h \
	runtime/core/opfuncs.c \
	runtime/core/opfuncs.h \
	runtime/core/prefixed.c \
	runtime/core/prefixed.h \
	runtime/core/prefixed_asm.c \
	runtime/core/prefixed_asm.h \
	runtime/core/prefixed_emit.c \
	runtime/core/prefixed_parse.c \
	runtime/core/prefixed_text.c \
	runtime/core/prims.h \
	runtime/core/irq.c \
	runtime/core/isa.h \
	runtime/core/mem.c \
	runtime/core/mem.h \
	runtime/core/rmw.h \
	runtime/core/run.h \
	runtime/core/schedule.c \
	runtime/core/select.c \
	runtime/core/select.h \
	runtime/core/state.c \
	runtime/core/thr.h \
	runtime/core/tlb.c \
	runtime/core/tlb.h \
	runtime/core/val.h \
	runtime/core/verify.c \
	runtime/core/verify.h \
	runtime/core/vm.c \
	runtime/core/vm.h
