/* main.c - unit tests of runtime/jit. SPDX-License-Identifier: MIT */
#include <CUnit/CUnit.h>

#include "core/vm.h"
#include "suites.h"
#include "tests/lib/tap.h"

#if RX_HAVE_JIT
static const struct rx_tap_suite suites[] = {
	{ "jit/engine_jit", jit_tests },
	{ "jit/form", form_tests },
	{ "jit/hot", hot_tests },
	{ "jit/jumps", jumps_tests },
	{ "jit/loops", loops_tests },
	{ "jit/memory", memory_tests },
	{ "jit/random", random_tests },
	{ "jit/refused", refused_tests },
	{ "jit/sites", sites_tests },
	{ "jit/vectors", vector_tests },
	{ "jit/verify", verify_tests },
	{ "jit/walks", walks_tests },
	{ "jit/wide", wide_tests },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return rx_tap_main(argc, argv, suites);
}
#else
#include <stdio.h>

int main(void)
{
	puts("1..0 # SKIP this build has no JIT");
	return 0;
}
#endif
