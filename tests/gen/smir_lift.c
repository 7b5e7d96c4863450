/* smir_lift.c - runs lifters that test_smir.py makes up. SPDX-License-Identifier: MIT
 *
 * "lifted.h", written by it, has struct state's users: the lifters, their list
 * LIFTERS, and the VALUES that two registers get in turn. Prints the third
 * register and pc for each.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/isa.h"
#include "core/run.h"
#include "core/val.h"
#include "smir/build.h"
#include "smir/interp.h"
#include "smir/verify.h"

struct state {
	struct rx_cpu cpu;
	uint64_t x[33];
};

#include "lifted.h"

typedef void lifter(struct rx_smir_fn *f, const struct rx_insn *i);
static lifter *const lifters[] = { LIFTERS };

bool rx_cpu_attend_slow(struct rx_cpu *cpu)	/* nobody polls here */
{
	return cpu != NULL;
}

int main(void)
{
	static const uint64_t values[] = { VALUES };
	static const struct rx_isa isa = { .state_size = sizeof(struct state) };
	static struct rx_smir_resolver r;
	const size_t n = sizeof(values) / sizeof(values[0]);
	struct rx_insn i = { .len = 4, .r = { 1, 2, 3 } };

	for (size_t k = 0; k < sizeof(lifters) / sizeof(lifters[0]); k++) {
		struct rx_smir_fn f;
		rax_error err;

		rx_smir_init(&f, &isa);
		rx_smir_insn(&f, &i);
		lifters[k](&f, &i);
		rx_smir_finish(&f, 4);
		if (rx_smir_verify(&f, &err)) {
			printf("%s\n", err.message);
			return 1;
		}
		struct rx_smir_prog *p = rx_smir_emit(&r, &f,
			malloc(rx_smir_resolve(&r, &f)), f.insns.at);
		for (size_t j = 0; j < n * n; j++) {
			struct state s = { .cpu.isa = &isa, .cpu.budget = 9 };
			s.x[2] = values[j / n];
			s.x[3] = values[j % n];
			rx_smir_exec(&s.cpu, p);
			printf("%" PRIu64 " %" PRIu64 "\n", s.x[1], s.cpu.pc);
		}
		rx_smir_fini(&f);
		free(p);
	}
	rx_smir_resolver_fini(&r);
	return 0;
}
