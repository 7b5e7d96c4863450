/* targets.c - the ISAs whose instructions are tested. SPDX-License-Identifier: MIT */
#include <string.h>

#include "tests/conf/target.h"

const struct conf_target *const conf_targets[] = {
	&conf_target_a64, &conf_target_a64_sme, &conf_target_a64_streaming, &conf_target_a64_sve,
	&conf_target_hexagon, &conf_target_rv64, &conf_target_t32, &conf_target_x86,
	&conf_target_x86_32, &conf_target_x86_16, NULL
};

const struct conf_target *conf_target(const char *name)
{
	for (unsigned k = 0; conf_targets[k]; k++)
		if (!strcmp(conf_targets[k]->isa->name, name))
			return conf_targets[k];
	return NULL;
}
