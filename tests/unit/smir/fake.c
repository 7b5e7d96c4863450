/* fake.c - a small ISA and a second interpreter. SPDX-License-Identifier: MIT */
#include "fake.h"

#include <stdlib.h>
#include <string.h>

#include "smir/interp.h"
#include "smir/verify.h"
#include "tests/lib/tap.h"

#define REG(field, n, name_) \
	{ name_, offsetof(struct fake, field[n]), \
	  sizeof(((struct fake *)0)->field[0]), RX_REG_GENERAL }
#define REGS(field) \
	REG(field, 0, #field "0"), REG(field, 1, #field "1"), \
	REG(field, 2, #field "2"), REG(field, 3, #field "3"), \
	REG(field, 4, #field "4"), REG(field, 5, #field "5"), \
	REG(field, 6, #field "6"), REG(field, 7, #field "7")

static const struct rx_reg_info regs[] = { REGS(r), REGS(w), REGS(b) };

static struct fake *of(struct rx_cpu *cpu)
{
	return (struct fake *)cpu;
}

static enum rx_exec fault(struct rx_cpu *cpu, uint32_t code, uint64_t value)
{
	cpu->fault.code = code;
	cpu->fault.value = value;
	return RX_FAULT;
}

static bool outside(uint64_t va, unsigned size)
{
	return va > FAKE_MEM - size;
}

static struct rx_val load(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  unsigned flags)
{
	uint64_t v = 0;

	if (outside(va, size))
		return (struct rx_val){ 0, fault(cpu, 1, va + flags) };
	memcpy(&v, of(cpu)->mem + va, size);
	return rx_val(v);
}

static enum rx_exec store(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  uint64_t value, unsigned flags)
{
	if (outside(va, size))
		return fault(cpu, 1, va + flags);
	memcpy(of(cpu)->mem + va, &value, size);
	return RX_NEXT;
}

static enum rx_exec probe(struct rx_cpu *cpu, uint64_t va, unsigned size, unsigned flags)
{
	return outside(va, size) ? fault(cpu, 1, va + flags) : RX_NEXT;
}

static enum rx_exec load_wide(struct rx_cpu *cpu, uint64_t va, unsigned size, unsigned flags,
			      unsigned __int128 *value)
{
	if (outside(va, size))
		return fault(cpu, 1, va + flags);
	memcpy(value, of(cpu)->mem + va, size);
	return RX_NEXT;
}

static enum rx_exec store_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			       unsigned __int128 value, unsigned flags)
{
	if (outside(va, size))
		return fault(cpu, 1, va + flags);
	memcpy(of(cpu)->mem + va, &value, size);
	return RX_NEXT;
}

static enum rx_exec check0(struct rx_cpu *cpu, const struct rx_insn *i, uint64_t a, uint64_t b,
			   uint64_t n)
{
	return a > b ? fault(cpu, 6, i->pc + n) : RX_NEXT;
}

static enum rx_exec check1(struct rx_cpu *cpu, const struct rx_insn *i, uint64_t a, uint64_t b,
			   uint64_t n)
{
	(void)i;
	return (a ^ b) & n ? fault(cpu, 7, a) : RX_NEXT;
}

static enum rx_exec (*const checks[FAKE_CHECKS])(struct rx_cpu *, const struct rx_insn *,
						 uint64_t, uint64_t, uint64_t) = {
	check0, check1,
};

static uint64_t combine(enum rx_rmw op, uint64_t old, uint64_t v, unsigned size)
{
	const unsigned up = 64 - 8 * size;
	const int64_t a = (int64_t)(old << up), b = (int64_t)(v << up);

	switch (op) {
	case RX_RMW_SWAP:
		return v;
	case RX_RMW_ADD:
		return old + v;
	case RX_RMW_AND:
		return old & v;
	case RX_RMW_OR:
		return old | v;
	case RX_RMW_XOR:
		return old ^ v;
	case RX_RMW_MIN:
		return a < b ? old : v;
	case RX_RMW_MAX:
		return a > b ? old : v;
	case RX_RMW_MINU:
		return (uint64_t)a < (uint64_t)b ? old : v;
	default:
		return (uint64_t)a > (uint64_t)b ? old : v;
	}
}

static struct rx_val rmw(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 enum rx_rmw op, uint64_t value, unsigned flags)
{
	const struct rx_val old = load(cpu, va, size, flags);

	if (old.status == RX_NEXT &&
	    store(cpu, va, size, combine(op, old.v, value, size), flags))
		return rx_val_fault();
	return old;
}

static enum rx_exec fp_check(struct rx_cpu *cpu)
{
	return of(cpu)->fp_off ? fault(cpu, 2, 0) : RX_NEXT;
}

static struct rx_val fp_round(struct rx_cpu *cpu, unsigned operand)
{
	if (operand > 4)
		return (struct rx_val){ 0, fault(cpu, 4, operand) };
	return rx_val(operand);
}

static void fp_done(struct rx_cpu *cpu, unsigned flags)
{
	of(cpu)->flags |= flags;
	of(cpu)->done++;
}

static void fp_flags(struct rx_cpu *cpu, unsigned flags)
{
	of(cpu)->flags |= flags;
	of(cpu)->noted++;
}

static uint8_t fp_read(struct rx_cpu *cpu)
{
	return (uint8_t)of(cpu)->flags;
}

static void fp_write(struct rx_cpu *cpu, unsigned flags)
{
	of(cpu)->flags = flags;
}

static enum rx_exec fp_trap(struct rx_cpu *cpu, uint64_t flags)
{
	of(cpu)->flags |= (unsigned)flags;
	return flags & of(cpu)->b[0] & RX_FP_NX ? fault(cpu, 5, flags) : RX_NEXT;
}

/* A register chooses; Arm's and SSE's rules */
static struct rx_fpenv env0(const struct rx_cpu *cpu)
{
	const struct fake *c = (const struct fake *)cpu;

	return (struct rx_fpenv)RX_FPENV_ARM(c->b[1] & 3);
}

static struct rx_fpenv env1(const struct rx_cpu *cpu)
{
	struct rx_fpenv env = RX_FPENV_SSE(RX_RUP);

	env.flush_in = ((const struct fake *)cpu)->b[2] & 1;
	return env;
}

static struct rx_fpenv (*const envs[FAKE_ENVS])(const struct rx_cpu *) = { env0, env1 };

static enum rx_exec x_illegal(struct rx_cpu *cpu, const struct rx_insn *i)
{
	return fault(cpu, 9, i->pc);
}

static enum rx_exec x_nop(struct rx_cpu *cpu, const struct rx_insn *i)
{
	(void)cpu;
	(void)i;
	return RX_NEXT;
}

static enum rx_exec x_inc(struct rx_cpu *cpu, const struct rx_insn *i)
{
	of(cpu)->r[0] += i->imm;
	return RX_NEXT;
}

static enum rx_exec x_jump(struct rx_cpu *cpu, const struct rx_insn *i)
{
	cpu->pc = i->imm;
	return RX_JUMP;
}

static enum rx_exec x_fault(struct rx_cpu *cpu, const struct rx_insn *i)
{
	return fault(cpu, 3, i->imm);
}

static const struct rx_insn_info info[] = {
	{ "illegal", "", "", 0 }, { "nop", "", "", 0 }, { "inc", "", "", 0 },
	{ "jump", "", "", 0 }, { "fault", "", "", 0 },
};
static rx_executor *const exec[] = {
	x_illegal, x_nop, x_inc, x_jump, x_fault,
};

const struct rx_isa fake_isa = {
	.name = "fake",
	.state_size = sizeof(struct fake),
	.ninsns = sizeof(info) / sizeof(info[0]),
	.info = info,
	.exec = exec,
	.nregs = sizeof(regs) / sizeof(regs[0]),
	.regs = regs,
	.load = load,
	.store = store,
	.probe = probe,
	.rmw = rmw,
	.load_wide = load_wide,
	.store_wide = store_wide,
	.raise_as = fault,
	.nchecks = FAKE_CHECKS,
	.checks = checks,
	.nfpenvs = FAKE_ENVS,
	.fp_envs = envs,
	.fp_trap = fp_trap,
	.fp_check = fp_check,
	.fp_round = fp_round,
	.fp_done = fp_done,
	.fp_flags = fp_flags,
	.fp_read = fp_read,
	.fp_write = fp_write,
};

void fake_init(struct fake *c)
{
	memset(c, 0, sizeof(*c));
	c->cpu.isa = &fake_isa;
	c->cpu.budget = 1000;
	for (unsigned k = 0; k < 8; k++) {
		c->r[k] = rnd_value(64);
		c->w[k] = (uint32_t)rnd_value(32);
		c->b[k] = (uint8_t)rnd_value(8);
	}
	for (unsigned k = 0; k < FAKE_MEM; k++)
		c->mem[k] = (uint8_t)rnd();
}

static uint64_t seed = 1;

void rnd_seed(uint64_t s)
{
	seed = s * 2 + 1;
}

uint64_t rnd(void)		/* splitmix64 */
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint64_t rnd_value(unsigned bits)
{
	const uint64_t mask = bits >= 64 ? UINT64_MAX
					 : (UINT64_C(1) << bits) - 1;
	const uint64_t r = rnd();

	switch (r % 6) {
	case 0:
		return (r >> 8 & 7) & mask;
	case 1:
		return (0 - (r >> 8 & 3)) & mask;
	case 2:
		return (mask >> 1) + (r >> 8 & 1);	/* greatest, least */
	case 3:
		return UINT64_C(1) << (r >> 8) % bits;
	case 4:
		return rnd() >> (r >> 8 & 63) & mask;
	default:
		return rnd() & mask;
	}
}

enum rx_exec run_fn(const struct rx_smir_fn *f, struct rx_cpu *cpu)
{
	struct rx_smir_resolver r = { 0 };
	rax_error err = { 0 };
	enum rx_exec done = RX_NEXT;
	size_t size;
	void *mem;

	if (rx_smir_verify(f, &err)) {
		RX_TAP_CHECK(false, "%s", err.message);
		return RX_NEXT;
	}
	size = rx_smir_resolve(&r, f);
	mem = size ? malloc(size) : NULL;
	RX_TAP_CHECK(mem != NULL, "it cannot be resolved");
	if (mem)
		done = rx_smir_exec(cpu, rx_smir_emit(&r, f, mem,
						      f->insns.at));
	free(mem);
	rx_smir_resolver_fini(&r);
	return done;
}
