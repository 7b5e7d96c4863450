/* target_a64.c - how A64 processing elements run cases. SPDX-License-Identifier: MIT */
#include "cpu/arm/a64.h"
#include "tests/conf/target.h"

/* As a Linux process has it, and as oracles do: stack pointers are not checked. */
static bool load(struct rx_cpu *cpu, const struct conf_case *c)
{
	(void)c;
	rx_a64_of(cpu)->tbi = 1;
	rx_a64_of(cpu)->sp_check = 0;
	rx_a64_of(cpu)->excl_size = 0;
	return true;
}

const struct conf_target conf_target_a64 = {
	.isa = &rg_a64_conf,
	.load = load,
};
