# local.mk - librax, static and shared. SPDX-License-Identifier: MIT
# A module that cannot be built can be left out by commenting its line.

lib_LTLIBRARIES += librax.la
librax_la_SOURCES =
librax_la_CPPFLAGS = $(AM_CPPFLAGS)
# libtool: compile for the shared library only, whose objects then make the
# static one as well. Position-independent code costs next to nothing on today's
# hosts, compiling everything twice does. (Not in CFLAGS: they are linked with.)
if SHARED
librax_la_CPPFLAGS += -shared
endif
librax_la_LIBADD = $(FDT_LIBS) $(ZSTD_LIBS) $(THREAD_LIBS)
# current:revision:age, see libtool's manual: 7.3 Updating library version
librax_la_LDFLAGS = -no-undefined -version-info 0:0:0
if VERSION_SCRIPT
librax_la_LDFLAGS += -Wl,--version-script=$(srcdir)/runtime/librax.map
EXTRA_librax_la_DEPENDENCIES = $(srcdir)/runtime/librax.map
endif
pkgconfig_DATA += runtime/rax.pc
raxinclude_HEADERS += \
	runtime/include/rax/asm.h \
	runtime/include/rax/coverage.h \
	runtime/include/rax/error.h \
	runtime/include/rax/lift.h \
	runtime/include/rax/vm.h

include runtime/base/local.mk
include runtime/fp/local.mk
include runtime/core/local.mk
include runtime/smir/local.mk
include runtime/cpu/arm/local.mk
include runtime/cpu/hexagon/local.mk
include runtime/cpu/riscv/local.mk
include runtime/cpu/x86/local.mk
include runtime/jit/local.mk
include runtime/dev/local.mk
include runtime/dev/virtio/local.mk
include runtime/io/local.mk
include runtime/boot/local.mk
include runtime/machine/local.mk
