/* main.c - tests of generated hexagon code. SPDX-License-Identifier: MIT */
#include "suites.h"

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "hexagon/asm", hexagon_asm_tests },
		{ "hexagon/engines", hexagon_engines_tests },
		{ "hexagon/packet", hexagon_packet_tests },
		{ NULL, NULL },
	};

	return rx_tap_main(argc, argv, suites);
}
