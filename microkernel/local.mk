# local.mk - freestanding guests. SPDX-License-Identifier: MIT
#
# Not part of `make`: needs a cross compiler, see build.sh.
microkernel_sources = $(wildcard $(srcdir)/microkernel/*.sh \
	$(srcdir)/microkernel/*/*.[chS] $(srcdir)/microkernel/arch/*/*)

microkernel/riscv64.elf: $(microkernel_sources)
	@$(MKDIR_P) microkernel
	$(AM_V_GEN)$(SHELL) $(srcdir)/microkernel/build.sh riscv64 $@

MOSTLYCLEANFILES += microkernel/riscv64.elf
