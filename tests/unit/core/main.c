/* main.c - unit tests of runtime/core. SPDX-License-Identifier: MIT */
#include "suites.h"
#include "tests/lib/tap.h"

static const struct rx_tap_suite suites[] = {
	{ "core/bus", bus_tests },
	{ "core/clock", clock_tests },
	{ "core/mem", mem_tests },
	{ "core/tlb", tlb_tests },
	{ "core/engines", engines_tests },
	{ "core/schedule", schedule_tests },
	{ "core/state", state_tests },
	{ "core/verify", verify_tests },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return rx_tap_main(argc, argv, suites);
}
