# local.mk - recorded facts about instruction sets. SPDX-License-Identifier: MIT

# Encodings against riscv-opcodes: make spec-check SPECDATA=DIR
spec-check:
	@test -n '$(SPECDATA)' || { \
	  echo 'make spec-check: needs SPECDATA=DIR, the folder that holds riscv-opcodes/' >&2; \
	  exit 2; }
	$(PYTHON) $(srcdir)/tests/conf/spec_check.py '$(SPECDATA)'
	$(PYTHON) $(srcdir)/tests/conf/spec_check_x86.py '$(SPECDATA)'
phony += spec-check

# Every encoding against recorded results of other implementations
unit_tests += tests/conf/conf_rv64
tests_conf_conf_rv64_SOURCES = \
	tests/conf/cases.c \
	tests/conf/cases.h \
	tests/conf/conf_rv64.c \
	tests/conf/result.c \
	tests/conf/subject.c \
	tests/conf/subject.h \
	tests/conf/values.c \
	tests/conf/values.h \
	tests/conf/vectors.c \
	tests/conf/vectors.h
nodist_tests_conf_conf_rv64_SOURCES = $(RG_RV64_TEST_C)
tests_conf_conf_rv64_LDADD = $(LDADD) $(ZSTD_LIBS)

# Vectors, likewise, at every VLEN
unit_tests += tests/conf/conf_rvv
tests_conf_conf_rvv_SOURCES = \
	tests/conf/conf_rvv.c \
	tests/conf/rvv.c \
	tests/conf/rvv.h
tests_conf_conf_rvv_LDADD = $(LDADD) $(ZSTD_LIBS)
py_tests += tests/conf/test_execute.py tests/conf/test_tables.py
