/* suites.h - the test suites of runtime/dev. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_DEV_SUITES_H
#define TESTS_UNIT_DEV_SUITES_H

#include "tests/lib/tap.h"

extern CU_TestInfo dev_uart16550_tests[], dev_goldfish_rtc_tests[],
	dev_sifive_test_tests[], dev_aclint_tests[], dev_plic_tests[],
	dev_virtio_mmio_tests[], dev_virtio_queue_tests[],
	dev_virtio_blk_tests[], dev_virtio_console_tests[],
	dev_virtio_rng_tests[];

#endif
