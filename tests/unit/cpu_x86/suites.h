/* suites.h - unit tests of runtime/cpu/x86. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_CPU_X86_SUITES_H
#define TESTS_UNIT_CPU_X86_SUITES_H

#include "tests/lib/tap.h"

extern CU_TestInfo system_tests[];

#endif
