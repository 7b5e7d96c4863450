/* main.c - unit tests of runtime/cpu/riscv. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_riscv/hart.h"

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "cpu_riscv/csr", csr_tests },
		{ "cpu_riscv/isa_rv64", isa_rv64_tests },
		{ "cpu_riscv/mem", mem_tests },
		{ "cpu_riscv/mmu", mmu_tests },
		{ "cpu_riscv/pmp", pmp_tests },
		{ "cpu_riscv/time", time_tests },
		{ "cpu_riscv/trap", trap_tests },
		{ NULL, NULL },
	};

	return rx_tap_main(argc, argv, suites);
}
