/* suites.h - unit tests of the host's processor as an oracle. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_NATIVE_SUITES_H
#define TESTS_UNIT_NATIVE_SUITES_H

#include "tests/lib/tap.h"

extern CU_TestInfo native_tests[];

#endif
