# local.mk - unit tests of runtime/smir. SPDX-License-Identifier: MIT

unit_tests += tests/unit/smir/smir
tests_unit_smir_smir_SOURCES = \
	tests/unit/smir/fake.c \
	tests/unit/smir/fake.h \
	tests/unit/smir/main.c \
	tests/unit/smir/ref.c \
	tests/unit/smir/rules.c \
	tests/unit/smir/rules.h \
	tests/unit/smir/suites.h \
	tests/unit/smir/test_build.c \
	tests/unit/smir/test_engine_smir.c \
	tests/unit/smir/test_fold.c \
	tests/unit/smir/test_interp.c \
	tests/unit/smir/test_narrow.c \
	tests/unit/smir/test_opt.c \
	tests/unit/smir/test_pack.c \
	tests/unit/smir/test_random.c \
	tests/unit/smir/test_signs.c \
	tests/unit/smir/test_sink.c \
	tests/unit/smir/test_text.c \
	tests/unit/smir/test_vec.c \
	tests/unit/smir/test_verify.c \
	tests/unit/smir/toy_smir.c

# every encoding: what it lifts to against its executor
unit_tests += tests/unit/smir/lift
tests_unit_smir_lift_SOURCES = \
	tests/unit/smir/fake.c \
	tests/unit/smir/fake.h \
	tests/unit/smir/test_lift.c
