# local.mk - comparison with other implementations. SPDX-License-Identifier: MIT

# Random programs: the same final states on all engines
check_PROGRAMS += tests/diff/progs
tests_diff_progs_SOURCES = tests/diff/progs.c tests/conf/cases.c tests/conf/cases.h \
	tests/conf/values.c tests/conf/values.h
nodist_tests_diff_progs_SOURCES = $(RG_RV64_TEST_C)
tests_diff_progs_LDADD =
sh_tests += tests/diff/coverage.sh tests/diff/programs.sh
