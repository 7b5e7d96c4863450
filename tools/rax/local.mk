# local.mk - the rax command: public headers only. SPDX-License-Identifier: MIT

bin_PROGRAMS += rax
rax_SOURCES = \
	tools/rax/completion.c \
	tools/rax/coverage.c \
	tools/rax/dis.c \
	tools/rax/help.c \
	tools/rax/main.c \
	tools/rax/man.c \
	tools/rax/nearest.c \
	tools/rax/options.c \
	tools/rax/options.def \
	tools/rax/options.h \
	tools/rax/perf.c \
	tools/rax/perf.h \
	tools/rax/run.c \
	tools/rax/signals.c \
	tools/rax/signals.h \
	tools/rax/values.c
rax_CPPFLAGS = -DHAVE_CONFIG_H -I. -I$(srcdir)/runtime/include
rax_LDADD = librax.la

# Man page and completion come from the option table, so the program prints
# them; a cross-compiled one cannot.
if !CROSS
man1_MANS += tools/rax/rax.1
bashcompletion_DATA += tools/rax/completion/rax
CLEANFILES += tools/rax/rax.1 tools/rax/completion/rax
tools/rax/rax.1: rax$(EXEEXT)
	$(AM_V_GEN)./rax$(EXEEXT) --print-man > $@.tmp && mv -f $@.tmp $@
tools/rax/completion/rax: rax$(EXEEXT)
	@$(MKDIR_P) tools/rax/completion
	$(AM_V_GEN)./rax$(EXEEXT) --print-completion > $@.tmp && mv -f $@.tmp $@
endif
