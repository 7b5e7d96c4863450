/* main.c - unit tests of runtime/smir. SPDX-License-Identifier: MIT */
#include "suites.h"
#include "tests/lib/tap.h"

static const struct rx_tap_suite suites[] = {
	{ "smir/build", build_tests },
	{ "smir/text", text_tests },
	{ "smir/verify", verify_tests },
	{ "smir/interp", interp_tests },
	{ "smir/vec", vec_tests },
	{ "smir/opt", opt_tests },
	{ "smir/opt_fold", fold_tests },
	{ "smir/opt_narrow", narrow_tests },
	{ "smir/pack", pack_tests },
	{ "smir/signs", signs_tests },
	{ "smir/sink", sink_tests },
	{ "smir/random", random_tests },
	{ "smir/engine_smir", engine_tests },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return rx_tap_main(argc, argv, suites);
}
