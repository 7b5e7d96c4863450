/* main.c - unit tests of runtime/fp. SPDX-License-Identifier: MIT
 *
 * RAX_FP_SCALE=N draws N times as many random cases, RAX_FP_SEED=N others.
 */
#include "suites.h"

int
main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "fp/arith", fp_arith_tests },
		{ "fp/compare", fp_compare_tests },
		{ "fp/convert", fp_convert_tests },
		{ "fp/nan", fp_nan_tests },
		{ "fp/box", fp_box_tests },
		{ "fp/host", fp_host_tests },
		{ NULL, NULL },
	};

	fp_add_host_tests();
	fp_add_hw_tests();
	fp_add_x87_tests();
	return rx_tap_main(argc, argv, suites);
}
