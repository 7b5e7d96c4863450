/* main.c - unit tests of the host's processor as an oracle. SPDX-License-Identifier: MIT */
#include "tests/unit/native/suites.h"

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "diff/native", native_tests },
		{ NULL, NULL },
	};
	return rx_tap_main(argc, argv, suites);
}
