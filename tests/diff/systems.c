/* systems.c - writes a random system. SPDX-License-Identifier: MIT
 *
 *	systems [-s SEED] [-m HARTS] FILE
 *
 * FILE is an ELF image that never ends: `rax --clock icount --max-insns N
 * --state-hash --kernel FILE` on several engines. With more than one hart,
 * nobody changes page tables. See systems.h.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/conf/values.h"
#include "tests/diff/systems.h"

unsigned sys_mode;
unsigned sys_harts = 1;

/* What x1 to x31, then f0 to f31 begin with. */
static void make_start(void)
{
	prog_at = SYS_START - PROG_BASE;
	for (unsigned k = 0; k < 32; k++) {
		const uint64_t number = conf_int(&prog_seed);
		const uint64_t v = k >= 5 && prog_below(2) ? sys_draw_address() : number;

		prog_put(&v, 8);
	}
	for (unsigned k = 0; k < 32; k++) {
		const struct conf_format *m = conf_format(16u << prog_below(3));
		const uint64_t v = conf_fp(m, &prog_seed) | ~conf_ones(m->bits);

		prog_put(&v, 8);
	}
}

static void make_data(void)
{
	prog_at = SYS_DATA - PROG_BASE;
	while (prog_at < SYS_VECTORS - PROG_BASE) {
		const uint64_t number = conf_int(&prog_seed);
		const uint64_t v = prog_below(4) ? number : conf_fp(conf_format(64), &prog_seed);

		prog_put(&v, 8);
	}
}

int main(int argc, char **argv)
{
	static const unsigned modes[] = { SYS_SUPERVISOR, SYS_SUPERVISOR, SYS_USER,
					  SYS_MACHINE };
	int opt;

	while ((opt = getopt(argc, argv, "s:m:")) != -1) {
		if (opt == 's')
			prog_seed = strtoull(optarg, NULL, 0);
		else if (opt == 'm')
			sys_harts = (unsigned)strtoul(optarg, NULL, 0);
		else
			return 2;
	}
	if (optind + 1 != argc || !sys_harts || sys_harts > 4) {
		fprintf(stderr, "usage: systems [-s SEED] [-m HARTS] FILE\n");
		return 2;
	}
	prog_choose();
	sys_mode = modes[prog_below(4)];
	prog_float = prog_below(2) ? prog_below(80) : 0;
	sys_make_monitor();
	sys_make_tables();
	make_data();
	sys_make_code();
	sys_make_events();
	make_start();
	prog_drop();
	return prog_write(argv[optind], SYS_USED - PROG_BASE, SYS_USED - PROG_BASE);
}
