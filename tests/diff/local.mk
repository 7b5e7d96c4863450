# local.mk - comparison with other implementations. SPDX-License-Identifier: MIT

# Asks oracles about cases: tests/diff/record.py, live.py
check_PROGRAMS += tests/diff/judge
tests_diff_judge_SOURCES = $(conf_common) \
	tests/diff/judge.c \
	tests/diff/native.c \
	tests/diff/native.h \
	tests/diff/native_cpu.c \
	tests/diff/native_oracle.c \
	tests/diff/native_worker.c \
	tests/diff/native_worker.h \
	tests/diff/oracle.h \
	tests/diff/pipe.c \
	tests/diff/strike.c \
	tests/diff/wire.h
nodist_tests_diff_judge_SOURCES = $(conf_generated)
tests_diff_judge_LDADD = $(LDADD) $(ZSTD_LIBS)

# Random programs, and systems: the same final states on all engines
prog_sources = \
	tests/conf/case.c \
	tests/conf/case.h \
	tests/conf/describe.h \
	tests/conf/state.c \
	tests/conf/state.h \
	tests/conf/values.c \
	tests/conf/values.h \
	tests/conf/words.c \
	tests/conf/words.h \
	tests/diff/prog.h \
	tests/diff/prog_image.c \
	tests/diff/prog_insns.c \
	tests/diff/prog_loops.c
check_PROGRAMS += tests/diff/progs tests/diff/systems
tests_diff_progs_SOURCES = $(prog_sources) tests/diff/progs.c
nodist_tests_diff_progs_SOURCES = $(RG_RV64_TEST_C)
tests_diff_systems_SOURCES = $(prog_sources) \
	tests/diff/systems.c \
	tests/diff/systems.h \
	tests/diff/systems_code.c \
	tests/diff/systems_events.c \
	tests/diff/systems_monitor.c
nodist_tests_diff_systems_SOURCES = $(RG_RV64_TEST_C)
sh_tests += tests/diff/coverage.sh tests/diff/native.sh tests/diff/programs.sh \
	tests/diff/systems.sh
