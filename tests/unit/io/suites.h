/* suites.h - the test suites of runtime/io. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_IO_SUITES_H
#define TESTS_UNIT_IO_SUITES_H

#include "tests/lib/tap.h"

extern CU_TestInfo io_char_tests[], io_char_mem_tests[], io_char_stdio_tests[],
	io_term_tests[], io_block_raw_tests[], io_block_cow_tests[];

#endif
