/* strike.c - where oracles are known to differ from the specification. SPDX-License-Identifier: MIT */
#include <fnmatch.h>
#include <string.h>

#include "tests/diff/oracle.h"

struct verdict {
	const char *isa, *oracle, *insn;	/* patterns */
	enum { ALWAYS, MISALIGNED, ACCESS } when;
	const char *why;
};

static const struct verdict verdicts[] = {
	{ "rv64", "QEMU *", "sc.*", MISALIGNED,
	  "sc at a misaligned address: QEMU looks at the reservation first; "
	  "tests/unit/cpu_riscv" },
	{ "rv64", "QEMU *", "sfence.w.inval", ALWAYS,
	  "sfence.w.inval in U-mode: QEMU does nothing, Svinval says illegal; "
	  "tests/unit/cpu_riscv" },
	{ "rv64", "QEMU *", "sfence.inval.ir", ALWAYS,
	  "sfence.inval.ir in U-mode: QEMU does nothing, Svinval says illegal; "
	  "tests/unit/cpu_riscv" },
	{ "rv64", "QEMU *", "cbo.*", ACCESS,
	  "the address that a faulting cbo reports: QEMU rounds it down, "
	  "CMO says rs1; tests/unit/cpu_riscv" },
};

static bool applies(const struct verdict *v, const struct conf_case *c,
		    const struct conf_result *r)
{
	switch (v->when) {
	case ALWAYS:
		return true;
	case MISALIGNED:
		return c->insn->naccesses && c->ea % c->insn->accesses[0].size;
	case ACCESS:
		return r->outcome == CONF_OUT_FAULT && r->cause == CONF_ACCESS;
	}
	return false;
}

const char *oracle_strike(const struct conf_case *c, const struct conf_result *r,
			  const char *oracle)
{
	for (size_t k = 0; k < sizeof(verdicts) / sizeof(verdicts[0]); k++) {
		const struct verdict *v = &verdicts[k];

		if (!strcmp(v->isa, c->isa->name) && !fnmatch(v->oracle, oracle, 0) &&
		    !fnmatch(v->insn, c->insn->name, 0) && applies(v, c, r))
			return v->why;
	}
	return NULL;
}
