/* suites.h - the test suites of runtime/machine. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_MACHINE_SUITES_H
#define TESTS_UNIT_MACHINE_SUITES_H

#include "tests/lib/tap.h"

extern CU_TestInfo boot_fdt_tests[], machine_riscv_virt_tests[],
	machine_riscv_virt_fdt_tests[];

#endif
