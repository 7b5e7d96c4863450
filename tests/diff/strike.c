/* strike.c - where oracles differ from the specification. SPDX-License-Identifier: MIT */
#include <fnmatch.h>
#include <string.h>

#include "tests/conf/state.h"
#include "tests/diff/oracle.h"

/* Facts about a case and its result that a verdict may ask for */
enum {
	MISALIGNED = 1,
	OUTSIDE = 2,	/* some byte of the access is not in the window */
	INSIDE = 4,
	ACCESS = 8,	/* there was nothing */
	PARTLY = 16,	/* a fault, and memory changed */
	FAR = 32,	/* no process can have the address */
	TWO = 64,	/* accesses that are outside */
	ELSEWHERE = 256,	/* an access to neither window nor hole, and no fault */
	CODE = 1024,	/* an access to the page of code */
	IMPLICIT = 2048,	/* one of a group writes what another reads without naming it */
	AHEAD = 512,	/* the target is what the oracle takes for another, see guest/hexagon.c */
	LINK = 128,	/* a register that is written whatever the code says is read */
	FFR = 4096,	/* A64: not all of the first-fault register is set afterwards */
	STEP = 16384,	/* x86: RFLAGS.TF */
	FAULT = 65536,
	WRAPS = 32768,	/* x86: over the end of 4 GiB of a segment, and refused */
	NEXT = 131072,	/* no fault, no jump */
	NOWHERE = 1048576,	/* an access to what the oracle says is address 0 */
	STREAMING = 524288,	/* A64: in that mode */
	GAPS = 262144,	/* A64, slices: some element is not active */
	LATE = 8192,	/* A64: no element of the first 8 bytes is active */
};

struct verdict {
	const char *isa, *oracle, *insn;	/* patterns */
	unsigned when;		/* all of these */
	const char *why;
	const char *with;	/* NULL, or a pattern: another one of the group */
};

static const struct verdict verdicts[] = {
	{ "rv64", "QEMU *", "sc.*", MISALIGNED,
	  "sc at a misaligned address: QEMU looks at the reservation first; "
	  "tests/unit/cpu_riscv", NULL },
	{ "rv64", "QEMU *", "sfence.w.inval", 0,
	  "sfence.w.inval in U-mode: QEMU does nothing, Svinval says illegal; "
	  "tests/unit/cpu_riscv", NULL },
	{ "rv64", "QEMU *", "sfence.inval.ir", 0,
	  "sfence.inval.ir in U-mode: QEMU does nothing, Svinval says illegal; "
	  "tests/unit/cpu_riscv", NULL },
	{ "rv64", "QEMU *", "cbo.*", ACCESS,
	  "the address that a faulting cbo reports: QEMU rounds it down, "
	  "CMO says rs1; tests/unit/cpu_riscv", NULL },
	{ "a64*", "QEMU *", "*", FAR | ACCESS,
	  "the address that a fault reports where no process can have it", NULL },
	{ "a64*", "QEMU *", "STX[RP]*", OUTSIDE,
	  "a store exclusive that faults: the monitor may be looked at first", NULL },
	{ "a64*", "QEMU *", "STX[RP]*", MISALIGNED,
	  "a store exclusive that is misaligned: the monitor may be looked at first", NULL },
	{ "a64*", "QEMU *", "*", MISALIGNED | OUTSIDE | ACCESS,
	  "a misaligned atomic access to nothing: QEMU tells the latter", NULL },
	{ "a64*", "QEMU *", "*", PARTLY,
	  "how much of a pair is stored before a fault is up to the implementation", NULL },
	{ "a64*", "QEMU *", "LDP_STP_fp*_L1", ACCESS,
	  "a pair whose second load faults: QEMU has written the first register", NULL },
	{ "a64*", "QEMU *", "LD1_*", ACCESS,
	  "a list one of whose loads faults: QEMU has written registers before it", NULL },
	{ "a64-*", "QEMU *", "LD1_single*", NEXT,
	  "a load into one element: QEMU keeps what is above 128 bits of the register", NULL },
	{ "a64-streaming", "QEMU 10.*", "LD1W*first1*", STREAMING,
	  "a first-fault load in streaming mode: QEMU 10 does it without FEAT_SME_FA64", NULL },
	{ "a64-streaming", "QEMU 10.*", "LD1W_[gv]*", STREAMING,
	  "a gather load in streaming mode: QEMU 10 does it without FEAT_SME_FA64", NULL },
	{ "a64-streaming", "QEMU 10.*", "COMPACT*", STREAMING,
	  "compact in streaming mode: QEMU 10 does it without FEAT_SME_FA64", NULL },
	{ "a64-streaming", "QEMU 10.*", "FADDA*", STREAMING,
	  "fadda in streaming mode: QEMU 10 does it without FEAT_SME_FA64", NULL },
	{ "a64-*", "QEMU *", "LDST_array_S0", ACCESS,
	  "a row of ZA whose load faults: QEMU has written a part of it", NULL },
	{ "a64-*", "QEMU *", "LDST_slice*S0_V1", GAPS | NEXT,
	  "a vertical slice not all of which is loaded: QEMU does not zero all of the rest", NULL },
	{ "a64-*", "QEMU*", "LD1W*first1", FFR,
	  "how far a first-fault load goes behind its first element is up to the "
	  "implementation: QEMU does not go to another page", NULL },
	{ "a64-*", "QEMU*", "LD1W*first1", LATE,
	  "a first-fault load whose first active element is behind 8 bytes: QEMU takes "
	  "its predicate from there on", NULL },
	{ "a64-*", "QEMU 10.*", "LD1W_[gv]*first1", ACCESS,
	  "the address that a first-fault gather reports: QEMU 10 rounds it down", NULL },
	{ "a64-*", "QEMU *", "LD1W_[gv]*", NOWHERE,
	  "the address that a fault reports where no process can have it", NULL },
	{ "a64-*", "QEMU *", "LD1W*", FAR | ACCESS,
	  "the address that a fault reports where no process can have it", NULL },
	{ "t32", "QEMU *", "*", PARTLY,
	  "how much of a list or vector is stored before a fault is up to the implementation",
	  NULL },
	{ "t32", "QEMU *", "LDM*", ACCESS,
	  "a list one of whose loads faults: QEMU has written registers before it", NULL },
	{ "t32", "QEMU *", "POP*", ACCESS,
	  "a list one of whose loads faults: QEMU has written registers before it", NULL },
	{ "t32", "QEMU *", "VLDR[W_]*", ACCESS,
	  "a vector one of whose accesses faults: QEMU has written elements before it", NULL },
	{ "t32", "QEMU *", "VLDR[W_]*", MISALIGNED,
	  "elements of vectors at misaligned addresses: QEMU does these accesses", NULL },
	{ "x86*", "*", "vmov*.m*.k", ACCESS,
	  "the address that a masked store reports: processors may say the last byte's", NULL },
	{ "x86*", "*", "mov[dq].m*.mmx*", FAULT,
	  "TOP and tags after an MMX store that faults: Intel's have changed them", NULL },
	{ "x86*", "*", "vpgather*", STEP,
	  "a gather that is stepped may stop between elements", NULL },
	{ "x86*", "*", "vpgather*.[xy]mm.*", ACCESS,
	  "the bits above a vector of which a gather that faults has some elements", NULL },
	{ "x86-*", "*", "*", WRAPS,
	  "a vector over the end of 4 GiB of a segment that is not flat: processors may choose",
	  NULL },
	{ "hexagon", "QEMU *", "*", MISALIGNED,
	  "misaligned accesses: QEMU does them", NULL },
	{ "hexagon", "QEMU *", "*", TWO | ACCESS,
	  "which fault of two accesses a packet reports", NULL },
	{ "hexagon", "QEMU *", "*", LINK,
	  "callr r31: QEMU jumps to the new r31", NULL },
	{ "hexagon", "QEMU *", "J2_jump*new*", 0,
	  "jumps on a new predicate that is neither 0 nor 255: QEMU takes all but 0",
	  "C[24]_[!c]*" },
	{ "*", "QEMU *", "*", CODE,
	  "accesses to the page of code, which differs", NULL },
	{ "hexagon", "QEMU *", "*", IMPLICIT,
	  "a register that is read without being named: QEMU reads what the packet writes", NULL },
	{ "hexagon", "QEMU *", "L4_return_*", 0,
	  "a conditional return beside a store: QEMU forgets the store", "S[234]_*" },
	{ "hexagon", "QEMU *", "*", ELSEWHERE,
	  "accesses to where the oracle has memory of its own", NULL },
	{ "hexagon", "QEMU *", "*", AHEAD,
	  "a jump of 1 MB more than into the page of code, which looks the same", NULL },
};

static bool links(const struct conf_case *c, const struct rx_insn *i)
{
	const struct conf_insn *d = &c->isa->insns[i->id - 1];
	struct conf_place a, b;

	for (unsigned k = 0; k < d->noperands; k++) {
		if (d->operands[k].slot != -2 || !d->operands[k].written ||
		    !conf_operand_place(c->isa, &d->operands[k], i, &a))
			continue;
		for (unsigned n = 0; n < d->noperands; n++)
			if (n != k && d->operands[n].read && d->operands[n].slot >= 0 &&
			    conf_operand_place(c->isa, &d->operands[n], i, &b) &&
			    a.at == b.at)
				return true;
	}
	return false;
}

static bool writes(const struct conf_case *c, const struct rx_insn *i, uint32_t at)
{
	const struct conf_insn *d = &c->isa->insns[i->id - 1];
	struct conf_place p;

	for (unsigned k = 0; k < d->noperands; k++) {
		if (!d->operands[k].written ||
		    !conf_operand_place(c->isa, &d->operands[k], i, &p))
			continue;
		if (at >= p.at && at <= p.at + d->operands[k].plus *
					       c->isa->files[p.file].bytes)
			return true;
	}
	return false;
}

static bool implicit(const struct conf_case *c, const struct rx_insn *i, unsigned n)
{
	for (unsigned k = 0; k < n; k++) {
		const struct conf_insn *d = &c->isa->insns[i[k].id - 1];
		struct conf_place p;

		for (unsigned o = 0; o < d->noperands; o++) {
			if (d->operands[o].slot != -2 || !d->operands[o].read ||
			    !fnmatch("*new", d->operands[o].name, 0) ||
			    !conf_operand_place(c->isa, &d->operands[o], &i[k], &p) ||
			    (c->isa->files[p.file].fill != CONF_GENERAL &&
			     c->isa->files[p.file].fill != CONF_PREDICATE))
				continue;
			for (unsigned j = 0; j < n; j++)
				if (j != k && writes(c, &i[j], p.at))
					return true;
		}
	}
	return false;
}

static bool jumps_ahead(const struct conf_case *c, const struct rx_insn *i, uint64_t to)
{
	const struct conf_insn *d = &c->isa->insns[i->id - 1];

	return d->flow == CONF_DIRECT && d->target >= 0 &&
	       (uint32_t)(c->pc + conf_value(&d->operands[d->target], i)) ==
	       (uint32_t)to + 0x100000;
}

static bool has(const struct conf_case *c, const char *pattern)
{
	struct rx_insn i[RX_INSN_RECORDS];
	const unsigned n = conf_case_members(c, i);

	for (unsigned k = 0; k < n; k++)
		if (!fnmatch(pattern, c->isa->insns[i[k].id - 1].name, 0))
			return true;
	return false;
}

static unsigned predicates(const struct conf_case *c, const struct conf_result *r)
{
	const struct conf_file *ffr = conf_file(c->isa, "ffr"), *p = conf_file(c->isa, "p");
	const struct conf_file *svcr = conf_file(c->isa, "svcr");
	const struct conf_file *vl = conf_file(c->isa, svcr && c->state[svcr->at] & 1 ? "svl"
										    : "vl");
	const unsigned bytes = (c->state[vl->at] | c->state[vl->at + 1] << 8) / 8u;
	const unsigned pg = c->code[1] >> 2 & 7;
	const uint8_t mask = strstr(c->insn->name, "_D1_") ? 0x01 : 0x11;
	const unsigned log = (c->code[2] >> 6) + (c->code[3] & 1);	/* size, Q of slices */
	unsigned out = c->state[p->at + pg * p->stride] & mask ? 0 : LATE;

	if (svcr && c->state[svcr->at] & 1)
		out |= STREAMING;

	for (unsigned k = 0; k < bytes; k++)
		out |= r->state[ffr->at + k] == 0xff ? 0 : FFR;
	for (unsigned k = 0; k < 8 * bytes; k += 1u << log)
		out |= c->state[p->at + pg * p->stride + k / 8] >> k % 8 & 1 ? 0 : GAPS;
	return out;
}

static bool stepped(const struct conf_case *c)
{
	const struct conf_file *f = conf_file(c->isa, "rflags");

	return f && c->state[f->at + 1] & 1;
}

/* Is the access in the last bytes of the segment FS or GS? */
static bool wraps(const struct conf_case *c, const struct conf_result *r)
{
	const struct conf_file *f = conf_file(c->isa, "fsgs");
	uint64_t base;

	for (unsigned k = 0; f && k < f->count; k++) {
		memcpy(&base, c->state + f->at + 8 * k, 8);
		if (c->ea < base && base - c->ea < 64 && r->outcome == CONF_OUT_FAULT &&
		    r->cause == CONF_PROTECTION)
			return true;
	}
	return false;
}

static unsigned facts(const struct conf_case *c, const struct conf_result *r)
{
	struct rx_insn i[RX_INSN_RECORDS];
	const unsigned n = conf_case_members(c, i);
	unsigned out = c->outside ? OUTSIDE : INSIDE;

	if (stepped(c))
		out |= STEP;
	if (r->outcome == CONF_OUT_FAULT)
		out |= FAULT;
	if (wraps(c, r))
		out |= WRAPS;
	if (c->misaligned)
		out |= MISALIGNED;
	for (unsigned k = 0; k < n; k++) {
		out |= links(c, &i[k]) ? LINK : 0;
		if (r->outcome == CONF_OUT_JUMP && jumps_ahead(c, &i[k], r->value))
			out |= AHEAD;
		/* that jump faults there */
		if (r->outcome == CONF_OUT_FAULT && r->at && jumps_ahead(c, &i[k], c->pc + r->at))
			out |= AHEAD;
	}
	out |= c->changes_code ? CODE : 0;
	if (implicit(c, i, n))
		out |= IMPLICIT;
	if (c->elsewhere && !(r->outcome == CONF_OUT_FAULT && r->cause == CONF_ACCESS))
		out |= ELSEWHERE;
	if (c->outside > 1)
		out |= TWO;
	if (c->ea >> 47)
		out |= FAR;
	if (r->outcome == CONF_OUT_FAULT && r->cause == CONF_ACCESS)
		out |= ACCESS;
	if (out & ACCESS && !r->value)
		out |= NOWHERE;
	if (r->outcome == CONF_OUT_NEXT)
		out |= NEXT;
	if (conf_file(c->isa, "ffr"))
		out |= predicates(c, r);
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

		if (!fnmatch(v->isa, c->isa->name, 0) && !fnmatch(v->oracle, oracle, 0) &&
		    !fnmatch(v->insn, c->insn->name, 0) &&
		    (are & v->when) == v->when && (!v->with || has(c, v->with)))
			return v->why;
	}
	return NULL;
}
