# local.mk - unit tests of the host's processor as an oracle. SPDX-License-Identifier: MIT

unit_tests += tests/unit/native/native
tests_unit_native_native_SOURCES = \
	tests/diff/native.c \
	tests/diff/native.h \
	tests/diff/native_cpu.c \
	tests/diff/native_worker.c \
	tests/diff/native_worker.h \
	tests/unit/native/main.c \
	tests/unit/native/suites.h \
	tests/unit/native/test_native.c
tests_unit_native_native_LDADD = $(LDADD) -lm
