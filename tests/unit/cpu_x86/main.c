/* main.c - unit tests of runtime/cpu/x86. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_x86/suites.h"

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "cpu_x86/system", system_tests },
		{ NULL, NULL },
	};
	return rx_tap_main(argc, argv, suites);
}
