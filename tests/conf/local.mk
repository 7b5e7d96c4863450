# local.mk - recorded facts about instruction sets. SPDX-License-Identifier: MIT

# Encodings against riscv-opcodes: make spec-check SPECDATA=DIR
spec-check:
	@test -n '$(SPECDATA)' || { \
	  echo 'make spec-check: needs SPECDATA=DIR, the folder that holds riscv-opcodes/' >&2; \
	  exit 2; }
	$(PYTHON) $(srcdir)/tests/conf/spec_check.py '$(SPECDATA)'
	$(PYTHON) $(srcdir)/tests/conf/spec_check_a64.py '$(SPECDATA)'
	$(PYTHON) $(srcdir)/tests/conf/spec_check_x86.py '$(SPECDATA)'
	@for f in '$(SPECDATA)'/x86-intel-intrinsics/*.xml*; do \
	  if test -f "$$f"; then \
	    $(PYTHON) $(srcdir)/gen --intel-xml "$$f" || exit 1; \
	  else \
	    echo "make spec-check: no intrinsics guide in $(SPECDATA): not compared"; \
	  fi; \
	done
	$(PYTHON) $(srcdir)/tests/conf/spec_check_hexagon.py '$(SPECDATA)'
phony += spec-check

# Test cases of single instructions, for all ISAs that have a harness
conf_common = \
	tests/conf/case.c \
	tests/conf/case.h \
	tests/conf/describe.h \
	tests/conf/options.c \
	tests/conf/options.h \
	tests/conf/packet.c \
	tests/conf/packet.h \
	tests/conf/pack.c \
	tests/conf/recording.c \
	tests/conf/recording.h \
	tests/conf/state.c \
	tests/conf/state.h \
	tests/conf/target.h \
	tests/conf/target_a64.c \
	tests/conf/target_hexagon.c \
	tests/conf/target_rv64.c \
	tests/conf/target_t32.c \
	tests/conf/target_x86.c \
	tests/conf/target_x87.c \
	tests/conf/targets.c \
	tests/conf/values.c \
	tests/conf/values.h \
	tests/conf/words.c \
	tests/conf/words.h
conf_generated = $(RG_A64_TEST_C) $(RG_HEXAGON_TEST_C) $(RG_RV64_TEST_C) $(RG_T32_TEST_C) \
	$(RG_X86_TEST_C)

# Every encoding against recorded results of other implementations
unit_tests += tests/conf/conf
tests_conf_conf_SOURCES = $(conf_common) \
	tests/conf/conf.c \
	tests/conf/differ.c \
	tests/conf/differ.h \
	tests/conf/runner.c \
	tests/conf/runner.h
nodist_tests_conf_conf_SOURCES = $(conf_generated)
tests_conf_conf_LDADD = $(LDADD) $(ZSTD_LIBS)
sh_tests += tests/conf/masked.sh

# Vectors, likewise, at every VLEN
unit_tests += tests/conf/conf_rvv
tests_conf_conf_rvv_SOURCES = \
	tests/conf/conf_rvv.c \
	tests/conf/rvv.c \
	tests/conf/rvv.h
tests_conf_conf_rvv_LDADD = $(LDADD) $(ZSTD_LIBS)
py_tests += tests/conf/test_execute.py tests/conf/test_tables.py
