/* main.c - what the microkernel does, in order. SPDX-License-Identifier: MIT */
#include "mk.h"

void mk_main(void)
{
	unsigned wrong = 0;

	mk_puts("microkernel ");
	mk_puts(arch_name);
	mk_puts("\n\n[n-body]\n");
	wrong += mk_nbody();
	mk_puts("\n[allocator]\n");
	wrong += mk_alloc_test();
	wrong += arch_coverage();
	mk_puts("\nwrong: ");
	mk_decimal(wrong);
	mk_puts(wrong == 0 ? "\ndone\n" : "\nfailed\n");
	arch_exit(wrong == 0 ? 0 : 1);
}
