/* target_a64.c - how A64 processing elements run cases. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cpu/arm/a64.h"
#include "tests/conf/target.h"

/* As a Linux process has it, and as oracles do: stack pointers are not checked. */
static bool load(struct rx_cpu *cpu, const struct conf_case *c)
{
	struct rx_a64 *s = rx_a64_of(cpu);

	(void)c;
	s->tbi = 1;
	s->sp_check = 0;
	s->excl_size = 0;
	for (unsigned k = 0; k < 32; k++)	/* what is above the length is not there */
		memset(s->z[k] + s->vl, 0, sizeof(s->z[k]) - s->vl);
	for (unsigned k = 0; k < 17; k++)
		memset(s->p[k] + s->vl / 8, 0, sizeof(s->p[k]) - s->vl / 8);
	return true;
}

const struct conf_target conf_target_a64_sve = {
	.isa = &rg_a64_sve_conf,
	.load = load,
};

const struct conf_target conf_target_a64 = {
	.isa = &rg_a64_conf,
	.load = load,
};
