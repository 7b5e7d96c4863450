/* main.c - unit tests of runtime/io. SPDX-License-Identifier: MIT */
#include "suites.h"

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "io/char", io_char_tests },
		{ "io/char_mem", io_char_mem_tests },
		{ "io/char_stdio", io_char_stdio_tests },
		{ "io/term", io_term_tests },
		{ "io/block_raw", io_block_raw_tests },
		{ "io/block_cow", io_block_cow_tests },
		{ NULL, NULL },
	};

	return rx_tap_main(argc, argv, suites);
}
