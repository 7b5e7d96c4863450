/* main.c - unit tests of runtime/dev. SPDX-License-Identifier: MIT */
#include "suites.h"

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "dev/uart16550", dev_uart16550_tests },
		{ "dev/goldfish_rtc", dev_goldfish_rtc_tests },
		{ "dev/sifive_test", dev_sifive_test_tests },
		{ "dev/aclint", dev_aclint_tests },
		{ "dev/plic", dev_plic_tests },
		{ "dev/virtio/mmio", dev_virtio_mmio_tests },
		{ "dev/virtio/queue", dev_virtio_queue_tests },
		{ "dev/virtio/blk", dev_virtio_blk_tests },
		{ "dev/virtio/console", dev_virtio_console_tests },
		{ "dev/virtio/rng", dev_virtio_rng_tests },
		{ NULL, NULL },
	};

	return rx_tap_main(argc, argv, suites);
}
