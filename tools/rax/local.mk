# local.mk - the rax command: public headers only. SPDX-License-Identifier: MIT

bin_PROGRAMS += rax
rax_SOURCES = \
	tools/rax/dis.c \
	tools/rax/help.c \
	tools/rax/main.c \
	tools/rax/options.c \
	tools/rax/options.def \
	tools/rax/options.h \
	tools/rax/run.c
rax_CPPFLAGS = -DHAVE_CONFIG_H -I. -I$(srcdir)/runtime/include
rax_LDADD = librax.la
