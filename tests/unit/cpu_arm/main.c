/* main.c - unit tests of runtime/cpu/arm. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_arm/pe.h"

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "arm/mem", a64_mem_tests },
		{ "arm/exception", a64_exception_tests },
		{ "arm/sme", a64_sme_tests },
		{ "arm/t32", t32_tests },
		{ NULL, NULL },
	};

	return rx_tap_main(argc, argv, suites);
}
