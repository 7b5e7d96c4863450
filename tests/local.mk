# local.mk - tests, by automake's TAP driver. SPDX-License-Identifier: MIT
#
# unit_tests	CUnit programs (tests/lib/tap.h)
# sh_tests	shell scripts (tests/lib/tap.sh)
# py_tests	files of Python unittest cases
# style_tests	shell scripts about the sources; also run by `make style`

unit_tests =
sh_tests =
py_tests =
style_tests =

tests_lib_libtap_a_SOURCES = tests/lib/asmtest.c tests/lib/asmtest.h tests/lib/tap.c tests/lib/tap.h
sh_tests += tests/lib/test_lib.sh
tests_lib_tapdemo_SOURCES = tests/lib/tapdemo.c
tests_lib_tapdemo_LDADD = tests/lib/libtap.a $(CUNIT_LIBS)

include tests/unit/base/local.mk
include tests/unit/fp/local.mk
include tests/unit/core/local.mk
include tests/unit/jit/local.mk
include tests/unit/smir/local.mk
include tests/unit/cpu_arm/local.mk
include tests/unit/cpu_riscv/local.mk
include tests/unit/cpu_x86/local.mk
include tests/unit/gen_a64/local.mk
include tests/unit/gen_hexagon/local.mk
include tests/unit/gen_rv64/local.mk
include tests/unit/gen_t32/local.mk
include tests/unit/gen_x86/local.mk
include tests/unit/dev/local.mk
include tests/unit/io/local.mk
# include tests/unit/boot/local.mk
include tests/unit/machine/local.mk
include tests/unit/native/local.mk
include tests/gen/local.mk
include tools/asl-parser/local.mk
include tests/conf/local.mk
include tests/cli/local.mk
include tests/boot/local.mk
include tests/diff/local.mk
include tests/api/local.mk
include tests/style/local.mk

if HAVE_CUNIT
check_LIBRARIES += tests/lib/libtap.a
check_PROGRAMS += $(unit_tests) tests/lib/tapdemo
cunit_tests = $(unit_tests)
else
cunit_tests = tests/lib/no-cunit.sh
endif
TESTS = $(cunit_tests) $(api_tests) $(sh_tests) $(py_tests) $(style_tests)

tap_driver = $(SHELL) $(srcdir)/build-aux/tap-driver.sh
TEST_EXTENSIONS = .sh .py
LOG_DRIVER = $(tap_driver)
SH_LOG_DRIVER = $(tap_driver)
SH_LOG_COMPILER = $(SHELL)
PY_LOG_DRIVER = $(tap_driver)
if HAVE_PYTHON
PY_LOG_COMPILER = $(PYTHON) $(srcdir)/tests/lib/unittest_tap.py
else
PY_LOG_COMPILER = $(SHELL) $(srcdir)/tests/lib/no-python.sh
endif
AM_TESTS_ENVIRONMENT = \
	builddir='.'; export builddir; \
	PYTHON='$(PYTHON)'; export PYTHON; \
	CC='$(CC)'; export CC; CFLAGS='$(CFLAGS)'; export CFLAGS; \
	AWK='$(AWK)'; export AWK; SED='$(SED)'; export SED; NM='$(NM)'; export NM; \
	MAKE='$(MAKE)'; export MAKE; VERSION='$(VERSION)'; export VERSION; \
	LC_ALL=C; export LC_ALL;

summary = $(SHELL) $(srcdir)/tests/lib/summary.sh

# `make check`, then one line with the sum of all test points. TESTS selects.
test:
	@rm -f $(TEST_LOGS) $(TEST_LOGS:.log=.trs)
	@status=0; $(MAKE) $(AM_MAKEFLAGS) check || status=$$?; \
	if test -n "$$(ls $(TEST_LOGS:.log=.trs) 2>/dev/null)"; then \
	  $(summary) $(TEST_LOGS:.log=.trs) || status=$$?; \
	else \
	  echo 'make test: the build failed, no test was run' >&2; \
	fi; exit $$status

check-summary:
	@$(summary) $(TEST_LOGS:.log=.trs)

style:
	@$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(style_tests)'

# Each runs builds of its own, so one at a time.
long_tests = $(patsubst $(srcdir)/%,%,$(sort $(wildcard $(srcdir)/tests/long/*.sh)))
check-long:
	@$(MAKE) $(AM_MAKEFLAGS) -j1 test TESTS='$(long_tests)' \
	  TEST_SUITE_LOG=check-long.log

phony += test check-summary style check-long
