/* main.c - unit tests of runtime/base. SPDX-License-Identifier: MIT */
#include "suites.h"
#include "tests/lib/tap.h"

static const struct rx_tap_suite suites[] = {
	{ "base/arena", arena_tests },
	{ "base/bits", bits_tests },
	{ "base/error", error_tests },
	{ "base/file", file_tests },
	{ "base/log", log_tests },
	{ "base/toml", toml_tests },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return rx_tap_main(argc, argv, suites);
}
