/* strike.c - where oracles are known to differ from the specification. SPDX-License-Identifier: MIT */
#include <fnmatch.h>
#include <string.h>

#include "tests/diff/oracle.h"

/* Facts about a case and its result that a verdict may ask for */
enum {
	MISALIGNED = 1,
	OUTSIDE = 2,	/* some byte of the access is not in the window */
	INSIDE = 4,
	ACCESS = 8,	/* there was nothing */
	PARTLY = 16,	/* a fault, and memory changed */
	FAR = 32,	/* no process can have the address */
};

struct verdict {
	const char *isa, *oracle, *insn;	/* patterns */
	unsigned when;		/* all of these */
	const char *why;
};

static const struct verdict verdicts[] = {
	{ "rv64", "QEMU *", "sc.*", MISALIGNED,
	  "sc at a misaligned address: QEMU looks at the reservation first; "
	  "tests/unit/cpu_riscv" },
	{ "rv64", "QEMU *", "sfence.w.inval", 0,
	  "sfence.w.inval in U-mode: QEMU does nothing, Svinval says illegal; "
	  "tests/unit/cpu_riscv" },
	{ "rv64", "QEMU *", "sfence.inval.ir", 0,
	  "sfence.inval.ir in U-mode: QEMU does nothing, Svinval says illegal; "
	  "tests/unit/cpu_riscv" },
	{ "rv64", "QEMU *", "cbo.*", ACCESS,
	  "the address that a faulting cbo reports: QEMU rounds it down, "
	  "CMO says rs1; tests/unit/cpu_riscv" },
	{ "a64", "QEMU *", "*", FAR | ACCESS,
	  "the address that a fault reports where no process can have it" },
	{ "a64", "QEMU *", "STXR*", OUTSIDE,
	  "a store exclusive that faults: the monitor may be looked at first" },
	{ "a64", "QEMU *", "STXR*", MISALIGNED,
	  "a store exclusive that is misaligned: the monitor may be looked at first" },
	{ "a64", "QEMU *", "*", MISALIGNED | OUTSIDE | ACCESS,
	  "a misaligned atomic access to nothing: QEMU tells the latter" },
	{ "a64", "QEMU *", "*", PARTLY,
	  "how much of a pair is stored before a fault is up to the implementation" },
	{ "a64", "QEMU *", "LDP_STP_fp*_L1", ACCESS,
	  "a pair whose second load faults: QEMU has written the first register" },
	{ "a64", "QEMU *", "LD1_*", ACCESS,
	  "a list one of whose loads faults: QEMU has written registers before it" },
	{ "hexagon", "QEMU *", "*", MISALIGNED,
	  "misaligned accesses: QEMU does them" },
};

static unsigned facts(const struct conf_case *c, const struct conf_result *r)
{
	const unsigned size = c->insn->naccesses ? c->insn->accesses[0].size : 1;
	const uint64_t at = c->ea - CONF_DATA, all = conf_data_size(c->isa);
	unsigned out = at < all && size <= all - at ? INSIDE : OUTSIDE;

	if (c->misaligned)
		out |= MISALIGNED;
	if (c->ea >> 47)
		out |= FAR;
	if (r->outcome == CONF_OUT_FAULT && r->cause == CONF_ACCESS)
		out |= ACCESS;
	if (r->outcome == CONF_OUT_FAULT &&
	    memcmp(c->mem, r->mem, conf_data_size(c->isa)))
		out |= PARTLY;
	return out;
}

const char *oracle_strike(const struct conf_case *c, const struct conf_result *r,
			  const char *oracle)
{
	const unsigned are = facts(c, r);

	for (size_t k = 0; k < sizeof(verdicts) / sizeof(verdicts[0]); k++) {
		const struct verdict *v = &verdicts[k];

		if (!strcmp(v->isa, c->isa->name) && !fnmatch(v->oracle, oracle, 0) &&
		    !fnmatch(v->insn, c->insn->name, 0) && (are & v->when) == v->when)
			return v->why;
	}
	return NULL;
}
