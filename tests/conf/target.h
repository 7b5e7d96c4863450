/* target.h - what each ISA adds by hand to its generated tables. SPDX-License-Identifier: MIT */
#ifndef TESTS_CONF_TARGET_H
#define TESTS_CONF_TARGET_H

#include "core/cpu.h"
#include "tests/conf/case.h"

struct conf_target {
	const struct conf_isa *isa;
	conf_coder *coder;			/* NULL: words */
	/* Once: the cpu may run cases. NULL: nothing to do. False: it cannot. */
	bool (*prepare)(struct rx_cpu *cpu);
	/* Each case, after its registers were put. NULL likewise. */
	bool (*load)(struct rx_cpu *cpu, const struct conf_case *c);
	/* After a case: NULL, or what is wrong whatever an oracle says. */
	const char *(*check)(struct rx_cpu *cpu, const struct conf_case *c,
			     const struct conf_result *r);
};

extern const struct conf_target conf_target_a64, conf_target_a64_sme, conf_target_a64_streaming,
	conf_target_a64_sve, conf_target_hexagon, conf_target_rv64, conf_target_t32,
	conf_target_x86, conf_target_x86_32, conf_target_x86_16;

/* NULL: the ISA is not among this program's. */
const struct conf_target *conf_target(const char *name);
extern const struct conf_target *const conf_targets[];	/* ends in NULL */

#endif
