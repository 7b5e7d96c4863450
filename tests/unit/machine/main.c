/* main.c - unit tests of runtime/machine and boot/fdt. SPDX-License-Identifier: MIT */
#include "suites.h"

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "boot/fdt", boot_fdt_tests },
		{ "machine/riscv_virt", machine_riscv_virt_tests },
		{ "machine/riscv_virt_fdt", machine_riscv_virt_fdt_tests },
		{ NULL, NULL },
	};

	return rx_tap_main(argc, argv, suites);
}
