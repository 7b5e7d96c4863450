/* test_interp.c - every operation of every type, and the guest. SPDX-License-Identifier: MIT */
#include <string.h>

#include "fake.h"
#include "suites.h"
#include "tests/lib/tap.h"

#define ROUNDS 200

static const struct rx_insn nop = { .pc = 0x1000, .len = 4, .id = 1 };

/* A constant of the type; i128 by way of two halves. */
static rx_sv number(struct rx_smir_fn *f, unsigned type, bool is_round)
{
	rx_sv lo, hi;

	if (type != RX_I128)
		return rx_smir_const(f, (enum rx_smir_type)type, is_round
			? rnd() % 5 : rnd_value(rx_smir_bits[type]));
	lo = rx_smir_op1(f, RX_S_ZEXT, RX_I128,
			 rx_smir_const(f, RX_I64, rnd_value(64)));
	hi = rx_smir_op1(f, RX_S_ZEXT, RX_I128,
			 rx_smir_const(f, RX_I64, rnd_value(64)));
	hi = rx_smir_op2(f, RX_S_SHL, RX_I128, hi,
			 rx_smir_const(f, RX_I128, 64));
	return rx_smir_op2(f, RX_S_OR, RX_I128, lo, hi);
}

/* The value's bits go to r7 and above it r6. */
static void keep(struct rx_smir_fn *f, rx_sv v)
{
	const unsigned type = f->values.at[v];
	rx_sv hi;

	if (type == RX_I128) {
		hi = rx_smir_op2(f, RX_S_LSHR, RX_I128, v,
				 rx_smir_const(f, RX_I128, 64));
		hi = rx_smir_op1(f, RX_S_TRUNC, RX_I64, hi);
		v = rx_smir_op1(f, RX_S_TRUNC, RX_I64, v);
		rx_smir_put(f, RX_I64, offsetof(struct fake, r[6]), hi);
	} else if (type != RX_I64) {
		v = rx_smir_op1(f, RX_S_ZEXT, RX_I64, v);
	}
	rx_smir_put(f, RX_I64, offsetof(struct fake, r[7]), v);
}

/* Runs f both ways from the same state; complains with its text. */
static bool alike(const struct rx_smir_fn *f, const char *what)
{
	struct fake a, b;
	enum rx_exec ra, rb;

	fake_init(&a);
	b = a;
	ra = run_fn(f, &a.cpu);
	rb = ref_run(f, &b.cpu);
	if (ra != RX_NEXT && ra == rb && !memcmp(&a, &b, sizeof(a)))
		return true;
	RX_TAP_CHECK(false, "%s: interpreted %d r7=%#llx, by meaning %d r7=%#llx",
		     what, ra, (unsigned long long)a.r[7], rb,
		     (unsigned long long)b.r[7]);
	return false;
}

static bool one(unsigned code, unsigned own, const uint8_t *types)
{
	const struct rx_smir_info *o = &rx_smir_ops[code];
	struct rx_smir_fn f;
	rx_sv arg[4] = { 0 }, v;
	bool ok;

	rx_smir_init(&f, &fake_isa);
	rx_smir_insn(&f, &nop);
	for (unsigned k = 0; k < o->nargs; k++)
		arg[k] = number(&f, types[k], o->arg[k] == RX_I8);
	if (o->nargs == 2 && types[0] == types[1] && rnd() % 8 == 0)
		arg[1] = arg[0];
	v = rx_smir_op(&f, (enum rx_smir_code)code, (enum rx_smir_type)own,
		       arg[0], arg[1], arg[2], arg[3], 0);
	keep(&f, v);
	(void)rx_smir_op0(&f, RX_S_FPDONE, RX_VOID);
	rx_smir_finish(&f, 0x1004);
	ok = alike(&f, o->name);
	rx_smir_fini(&f);
	return ok;
}

/* Every choice of types that the table allows; how many there were. */
static unsigned choices(unsigned code, unsigned own, uint8_t *types, unsigned n)
{
	const struct rx_smir_info *o = &rx_smir_ops[code];
	unsigned count = 0;

	if (n == o->nargs) {
		for (unsigned k = 0; k < ROUNDS; k++)
			if (!one(code, own, types))
				break;
		return 1;
	}
	for (unsigned t = RX_I1; t < RX_V64; t++) {
		if (!rx_smir_kind_takes(o->arg[n], own, t))
			continue;
		types[n] = (uint8_t)t;
		count += choices(code, own, types, n + 1);
	}
	return count;
}

static void operations(void)
{
	unsigned count = 0;
	uint8_t types[4];

	rnd_seed(1);
	for (unsigned code = 0; code < RX_SMIR_NOPS; code++) {
		const struct rx_smir_info *o = &rx_smir_ops[code];

		if ((o->effect != RX_SE_PURE && o->effect != RX_SE_FP) ||
		    o->imm != RX_SMIR_NONE)
			continue;
		for (unsigned own = 0; own < RX_V64; own++)
			if (o->types >> own & 1)
				count += choices(code, own, types, 0);
	}
	RX_TAP_CHECK(count > 250, "only %u choices of types", count);
}

static void lookups(void)
{
	static const uint64_t values[] = { 0x11, 0x2222, 0xffffffffffffffff };

	rnd_seed(2);
	for (unsigned own = RX_I8; own <= RX_I64; own++) {
		for (uint64_t index = 0; index < 5; index++) {
			struct rx_smir_fn f;

			rx_smir_init(&f, &fake_isa);
			(void)rx_smir_add_table(&f, RX_I8, values, 2);
			rx_smir_insn(&f, &nop);
			keep(&f, rx_smir_lookup(&f, (enum rx_smir_type)own,
				rx_smir_const(&f, RX_I64, index == 4
					? UINT64_MAX : index), values, 3));
			rx_smir_finish(&f, 0);
			CU_ASSERT(alike(&f, "lookup"));
			rx_smir_fini(&f);
		}
	}
}

static void state(void)
{
	rnd_seed(3);
	for (unsigned own = RX_I1; own <= RX_I64; own++) {
		struct rx_smir_fn f;
		rx_sv v;

		rx_smir_init(&f, &fake_isa);
		rx_smir_insn(&f, &nop);
		/* i1 state holds 0 or 1 */
		v = rx_smir_get(&f, (enum rx_smir_type)own, own == RX_I1
				? offsetof(struct fake, fp_off)
				: offsetof(struct fake, r[1]));
		rx_smir_put(&f, (enum rx_smir_type)own,
			    offsetof(struct fake, r[2]) + 1, v);
		keep(&f, v);
		rx_smir_finish(&f, 0);
		CU_ASSERT(alike(&f, "get and put"));
		rx_smir_fini(&f);
	}
}

static void memory(void)
{
	rnd_seed(4);
	for (unsigned k = 0; k < 2000; k++) {
		const enum rx_smir_type t = RX_I8 + rnd() % 4;
		const uint64_t at = rnd() % (FAKE_MEM + 8);
		struct rx_smir_fn f;
		struct rx_insn i = nop;
		rx_sv a, v;

		rx_smir_init(&f, &fake_isa);
		i.len = 2;
		rx_smir_insn(&f, &i);
		i.pc += 2;
		rx_smir_insn(&f, &i);
		a = rx_smir_const(&f, RX_I64, at);
		v = rx_smir_const(&f, t, rnd_value(rx_smir_bits[t]));
		switch (k % 3) {
		case 0:
			keep(&f, rx_smir_load(&f, t, a, 3));
			break;
		case 1:
			rx_smir_store(&f, t, a, v, 5);
			break;
		default:
			keep(&f, rx_smir_rmw(&f, t, rnd() % RX_SMIR_NRMW, a, v,
					     7));
		}
		rx_smir_finish(&f, 0);
		CU_ASSERT(alike(&f, "memory"));
		rx_smir_fini(&f);
	}
}

/* A fault leaves pc and count at its instruction. */
static void faults(void)
{
	struct rx_smir_fn f;
	struct rx_insn i = nop;
	struct fake c;

	rx_smir_init(&f, &fake_isa);
	rx_smir_insn(&f, &i);
	rx_smir_put(&f, RX_I64, offsetof(struct fake, r[3]),
		    rx_smir_const(&f, RX_I64, 77));
	i.pc += 4;
	rx_smir_insn(&f, &i);
	(void)rx_smir_load(&f, RX_I64, rx_smir_const(&f, RX_I64, FAKE_MEM), 1);
	rx_smir_finish(&f, 0);
	fake_init(&c);
	CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), RX_FAULT);
	CU_ASSERT_EQUAL(c.cpu.pc, 0x1004);
	CU_ASSERT_EQUAL(c.cpu.budget, 999);
	CU_ASSERT_EQUAL(c.cpu.fault.code, 1);
	CU_ASSERT_EQUAL(c.cpu.fault.value, FAKE_MEM + 1);
	CU_ASSERT_EQUAL(c.r[3], 77);
	rx_smir_fini(&f);
}

static enum rx_exec run_call(struct fake *c, unsigned id, uint64_t imm,
			     uint32_t poll)
{
	struct rx_insn i = { .pc = 0x1000, .len = 4, .id = (uint16_t)id,
			     .imm = imm };
	struct rx_smir_fn f;
	enum rx_exec done;

	rx_smir_init(&f, &fake_isa);
	rx_smir_insn(&f, &i);
	rx_smir_lift_call(&f, &i);
	i.pc += 4;
	i.id = 1;
	rx_smir_insn(&f, &i);
	rx_smir_put(&f, RX_I64, offsetof(struct fake, r[1]),
		    rx_smir_const(&f, RX_I64, 5));
	rx_smir_finish(&f, 0x1008);
	fake_init(c);
	c->cpu.poll = poll;
	c->r[0] = c->r[1] = 1;
	done = run_fn(&f, &c->cpu);
	rx_smir_fini(&f);
	return done;
}

static void calls(void)
{
	struct fake c;

	CU_ASSERT_EQUAL(run_call(&c, 2, 41, 0), RX_JUMP);
	CU_ASSERT_EQUAL(c.r[0], 42);
	CU_ASSERT_EQUAL(c.r[1], 5);
	CU_ASSERT_EQUAL(c.cpu.pc, 0x1008);
	CU_ASSERT_EQUAL(c.cpu.budget, 998);
	/* asked to leave: right behind it */
	CU_ASSERT_EQUAL(run_call(&c, 2, 41, RX_POLL_IRQ), RX_JUMP);
	CU_ASSERT_EQUAL(c.r[0], 42);
	CU_ASSERT_EQUAL(c.r[1], 1);
	CU_ASSERT_EQUAL(c.cpu.pc, 0x1004);
	CU_ASSERT_EQUAL(c.cpu.budget, 999);
	CU_ASSERT_EQUAL(run_call(&c, 3, 0x5000, 0), RX_JUMP);
	CU_ASSERT_EQUAL(c.r[1], 1);
	CU_ASSERT_EQUAL(c.cpu.pc, 0x5000);
	CU_ASSERT_EQUAL(c.cpu.budget, 999);
	CU_ASSERT_EQUAL(run_call(&c, 4, 6, 0), RX_FAULT);
	CU_ASSERT_EQUAL(c.cpu.pc, 0x1000);
	CU_ASSERT_EQUAL(c.cpu.budget, 1000);
	CU_ASSERT_EQUAL(c.cpu.fault.value, 6);
}

/* Flags collect until somebody takes them; checks come before anything. */
static void floating_point(void)
{
	struct rx_smir_fn f;
	struct fake c;
	rx_sv one, zero, r, q;

	rx_smir_init(&f, &fake_isa);
	rx_smir_insn(&f, &nop);
	rx_smir_fpcheck(&f);
	r = rx_smir_fpround(&f, 3);
	one = rx_smir_const(&f, RX_I32, 0x3f800000);
	zero = rx_smir_const(&f, RX_I32, 0);
	q = rx_smir_op3(&f, RX_S_FDIV, RX_I32, one, zero, r);
	q = rx_smir_op3(&f, RX_S_FSUB, RX_I32, q, q, r);
	(void)rx_smir_op2(&f, RX_S_FEQ, RX_I32, q, one);
	(void)rx_smir_op0(&f, RX_S_FPFLAGS, RX_VOID);
	rx_smir_put(&f, RX_I32, offsetof(struct fake, w[0]), q);
	(void)rx_smir_op0(&f, RX_S_FPDONE, RX_VOID);
	rx_smir_finish(&f, 0);
	fake_init(&c);
	CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), RX_JUMP);
	CU_ASSERT_EQUAL(c.flags, RX_FP_DZ | RX_FP_NV);
	CU_ASSERT_EQUAL(c.done, 1);
	CU_ASSERT_EQUAL(c.noted, 1);
	CU_ASSERT_EQUAL(c.w[0], 0x7fc00000);
	fake_init(&c);
	c.fp_off = true;
	CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), RX_FAULT);
	CU_ASSERT_EQUAL(c.cpu.fault.code, 2);
	CU_ASSERT_EQUAL(c.done, 0);
	rx_smir_fini(&f);
}

/* A raise leaves where its condition holds, with nothing of the instruction done. */
static void raises(void)
{
	struct rx_smir_fn f;
	struct rx_insn i = nop;
	struct fake c;

	rx_smir_init(&f, &fake_isa);
	rx_smir_insn(&f, &i);
	rx_smir_raise_if(&f, rx_smir_const(&f, RX_I1, 0), 7, rx_smir_const(&f, RX_I64, 1));
	rx_smir_put(&f, RX_I64, offsetof(struct fake, r[3]), rx_smir_const(&f, RX_I64, 77));
	i.pc += 4;
	rx_smir_insn(&f, &i);
	rx_smir_raise_if(&f, rx_smir_get(&f, RX_I1, offsetof(struct fake, b[0])), 8,
			 rx_smir_get(&f, RX_I64, offsetof(struct fake, r[3])));
	rx_smir_put(&f, RX_I64, offsetof(struct fake, r[3]), rx_smir_const(&f, RX_I64, 5));
	rx_smir_finish(&f, 0x1008);
	fake_init(&c);
	c.b[0] = 0;
	CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), RX_JUMP);
	CU_ASSERT_EQUAL(c.cpu.pc, 0x1008);
	CU_ASSERT_EQUAL(c.r[3], 5);
	fake_init(&c);
	c.b[0] = 1;
	CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), RX_FAULT);
	CU_ASSERT_EQUAL(c.cpu.pc, 0x1004);
	CU_ASSERT_EQUAL(c.cpu.budget, 999);
	CU_ASSERT_EQUAL(c.cpu.fault.code, 8);
	CU_ASSERT_EQUAL(c.cpu.fault.value, 77);
	CU_ASSERT_EQUAL(c.r[3], 77);
	rx_smir_fini(&f);
}

/* What state says of IEEE operations, and flags that trap. */
static void environments(void)
{
	struct rx_smir_fn f;
	struct fake c;
	rx_sv nan, round;

	rx_smir_init(&f, &fake_isa);
	rx_smir_insn(&f, &nop);
	round = rx_smir_fpenv(&f, 0);
	nan = rx_smir_op3(&f, RX_S_FADD, RX_I32, rx_smir_get(&f, RX_I32,
			  offsetof(struct fake, w[0])), rx_smir_const(&f, RX_I32, 1), round);
	(void)rx_smir_op0(&f, RX_S_FPTRAP, RX_VOID);
	rx_smir_put(&f, RX_I32, offsetof(struct fake, w[1]), nan);
	rx_smir_finish(&f, 0);
	for (unsigned k = 0; k < 4; k++) {	/* Arm's: what is no number stays it */
		fake_init(&c);
		c.b[0] = 0;
		c.b[1] = (uint8_t)k;
		c.w[0] = 0x7fc12345;
		CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), RX_JUMP);
		CU_ASSERT_EQUAL(c.w[1], 0x7fc12345);
		CU_ASSERT_EQUAL(c.flags, 0);
		c.w[0] = 0x3f800000;
		c.cpu.budget = 1000;
		CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), RX_JUMP);
		CU_ASSERT_EQUAL(c.w[1], k == RX_RUP ? 0x3f800001 : 0x3f800000);
		CU_ASSERT_EQUAL(c.flags, RX_FP_NX);
	}
	c.b[0] = 1;
	c.w[1] = 9;
	c.cpu.budget = 1000;
	CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), RX_FAULT);
	CU_ASSERT_EQUAL(c.cpu.fault.code, 5);
	CU_ASSERT_EQUAL(c.w[1], 9);
	rx_smir_fini(&f);
}

/* Parameters that swap places in a loop. */
static void loop(void)
{
	static const uint8_t types[] = { RX_I64, RX_I64, RX_I128, RX_I128 };
	struct rx_smir_fn f;
	struct fake a, b;
	rx_sv p = 0, n, args[4];
	uint32_t body, out;

	rx_smir_init(&f, &fake_isa);
	rx_smir_insn(&f, &nop);
	body = rx_smir_block(&f, 4, types, &p);
	out = rx_smir_block(&f, 0, NULL, NULL);
	args[0] = rx_smir_const(&f, RX_I64, 7);
	args[1] = rx_smir_const(&f, RX_I64, 9);
	args[2] = rx_smir_op1(&f, RX_S_SEXT, RX_I128, args[0]);
	args[3] = rx_smir_op1(&f, RX_S_NOT, RX_I128, args[2]);
	rx_smir_br(&f, body, 4, args);
	rx_smir_begin(&f, body);
	n = rx_smir_const(&f, RX_I64, 1);
	n = rx_smir_op2(&f, RX_S_SUB, RX_I64, p, n);
	args[0] = p + 1;
	args[1] = n;
	args[2] = p + 3;
	args[3] = p + 2;
	rx_smir_brcond(&f, rx_smir_op2(&f, RX_S_NE, RX_I64, n,
				       rx_smir_const(&f, RX_I64, 0)),
		       body, 4, args, out, 0, NULL);
	rx_smir_begin(&f, out);
	rx_smir_put(&f, RX_I64, offsetof(struct fake, r[0]), p + 1);
	keep(&f, p + 2);
	rx_smir_finish(&f, 0);
	fake_init(&a);
	b = a;
	CU_ASSERT_EQUAL(run_fn(&f, &a.cpu), RX_JUMP);
	CU_ASSERT_EQUAL(ref_run(&f, &b.cpu), RX_JUMP);
	CU_ASSERT_EQUAL(a.r[0], 3);	/* 7 9, 9 6, 6 8 ... 2 4, 4 1, 1 3 */
	CU_ASSERT_EQUAL(memcmp(&a, &b, sizeof(a)), 0);
	rx_smir_fini(&f);
}

CU_TestInfo interp_tests[] = {
	{ "operations", operations },
	{ "lookups", lookups },
	{ "state", state },
	{ "memory", memory },
	{ "faults", faults },
	{ "calls", calls },
	{ "floating_point", floating_point },
	{ "raises", raises },
	{ "environments", environments },
	{ "loop", loop },
	CU_TEST_INFO_NULL,
};
