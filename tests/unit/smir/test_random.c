/* test_random.c - random functions: text, verifier, interpreter. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "smir/opt.h"
#include "smir/text.h"
#include "smir/verify.h"
#include "suites.h"
#include "tests/lib/tap.h"

#define MAX_TEXT 200000
#define MAX_VALUES 1000
#define MAX_BLOCKS 6

/* A function being made up, and the values that may be used. */
struct maker {
	struct rx_smir_fn *f;
	rx_sv value[MAX_VALUES];
	unsigned nvalues, nentry;	/* those of the entry block first */
	bool fp;			/* flags are pending */
};

static void add(struct maker *m, rx_sv v)
{
	if (v && m->nvalues < MAX_VALUES)
		m->value[m->nvalues++] = v;
}

/* A value that an argument of this kind may be; a new one if need be. */
static rx_sv pick(struct maker *m, unsigned kind, unsigned own)
{
	unsigned t;

	for (unsigned k = 0; m->nvalues && k < 20; k++) {
		const rx_sv v = m->value[rnd() % m->nvalues];

		if (rx_smir_kind_takes(kind, own, m->f->values.at[v]))
			return v;
	}
	do
		t = RX_I1 + (unsigned)(rnd() % (RX_V64 - 1));
	while (!rx_smir_kind_takes(kind, own, t));
	if (t == RX_I128)
		return rx_smir_op1(m->f, RX_S_SEXT, RX_I128,
				   rx_smir_const(m->f, RX_I64, rnd_value(64)));
	return rx_smir_const(m->f, (enum rx_smir_type)t,
			     rnd_value(rx_smir_bits[t]));
}

static unsigned own_type(const struct rx_smir_info *o)
{
	unsigned t;

	if (!o->types)
		return RX_VOID;
	if (!(o->types & ((1u << RX_V64) - 1)))
		return RX_V64;	/* test_vec.c */
	do
		t = (unsigned)(rnd() % RX_V64);
	while (!(o->types >> t & 1));
	return t;
}

static uint64_t immediate(struct maker *m, unsigned code, unsigned own)
{
	static const uint64_t numbers[] = { 3, 1, 4, 1, 5, 9, 2, 6 };

	switch (rx_smir_ops[code].imm) {
	case RX_SMIR_STATE:
		return offsetof(struct fake, r[0]) + rnd() % 57;
	case RX_SMIR_RMW:
		return rnd() % RX_SMIR_NRMW | (rnd() & 3) << 8;
	case RX_SMIR_TABLE:
		return rx_smir_add_table(m->f, (enum rx_smir_type)own, numbers,
					 (unsigned)(1 + rnd() % 8));
	default:
		if (code == RX_S_FPENV)
			return rnd() % FAKE_ENVS;
		if (code == RX_S_CHECKIF)
			return rnd() % FAKE_CHECKS | (rnd() & 7) << 8;
		if (code == RX_S_RAISEIF && rnd() % 4 == 0)
			return RX_EXC_UNDEFINED;
		return code == RX_S_CONST ? rnd_value(rx_smir_bits[own] < 64
						? rx_smir_bits[own] : 64)
					  : rnd() % 5;
	}
}

/* get.i1 of any byte would be no i1: one in memory is 0 or 1. */
static bool allowed(unsigned code, unsigned own, unsigned effects)
{
	return (effects >> rx_smir_ops[code].effect & 1) && own != RX_V64 &&
	       !(own == RX_I1 && code == RX_S_GET);
}

static void random_op(struct maker *m, unsigned effects)
{
	const struct rx_smir_info *o;
	unsigned code, own;
	rx_sv arg[4] = { 0 };

	do {
		code = (unsigned)(rnd() % RX_SMIR_NOPS);
		o = &rx_smir_ops[code];
		own = own_type(o);
	} while (!allowed(code, own, effects));
	for (unsigned k = 0; k < o->nargs; k++)
		arg[k] = pick(m, o->arg[k], own);
	if ((code == RX_S_RAISEIF || code == RX_S_CHECKIF) && rnd() % 4)
		arg[0] = rx_smir_const(m->f, RX_I1, 0);
	/* addresses are small, mostly */
	if (o->effect == RX_SE_MEM && rnd() % 6)
		arg[0] = rx_smir_const(m->f, RX_I64, rnd() % FAKE_MEM);
	add(m, rx_smir_op(m->f, (enum rx_smir_code)code, (enum rx_smir_type)own,
			  arg[0], arg[1], arg[2], arg[3],
			  immediate(m, code, own)));
}

#define E(name) (1u << RX_SE_##name)
#define COMPUTE (E(PURE) | E(GET) | E(FP) | E(ENV))

static void random_insn(struct maker *m, unsigned number)
{
	struct rx_insn i = { .pc = 0x1000 + 4 * number, .len = 4, .id = 1 };
	const bool call = rnd() % 8 == 0;

	i.id = call ? (uint16_t)(rnd() % 16 ? 2 : rnd() % 5) : 1;
	i.imm = rnd_value(64);
	rx_smir_insn(m->f, &i);
	for (unsigned n = rnd() % 8; n; n--)
		random_op(m, COMPUTE | E(MEM) | E(FAULT));
	if (call)
		rx_smir_lift_call(m->f, &i);
	for (unsigned n = rnd() % 5; n; n--)
		random_op(m, COMPUTE | E(PUT) | E(COMMIT));
	if (rnd() % 8 == 0)
		rx_smir_exit_if(m->f, pick(m, RX_I1, RX_VOID),
				pick(m, RX_I64, RX_VOID));
}

struct shape {
	uint32_t block[MAX_BLOCKS];
	rx_sv param[MAX_BLOCKS];
	uint8_t types[MAX_BLOCKS][4];
	unsigned nparams[MAX_BLOCKS];
	unsigned n;
};

static void arguments(struct maker *m, const struct shape *s, unsigned to,
		      rx_sv *args)
{
	for (unsigned k = 0; k < s->nparams[to]; k++)
		args[k] = pick(m, s->types[to][k], RX_VOID);
}

/* On to the next block, perhaps to a later one, or round again. */
static void random_end(struct maker *m, const struct shape *s, unsigned at)
{
	const unsigned kind = (unsigned)(rnd() % 3);
	unsigned other;
	rx_sv a[4], b[4], c;

	if (at + 1 == s->n) {
		rx_smir_exit(m->f, pick(m, RX_I64, RX_VOID));
		return;
	}
	arguments(m, s, at + 1, a);
	other = at + 1 + (unsigned)(rnd() % (s->n - at - 1));
	if (kind == 0) {
		rx_smir_br(m->f, s->block[at + 1], s->nparams[at + 1], a);
	} else if (kind == 1 && at && s->nparams[at] &&
		   s->types[at][0] == RX_I8) {
		/* the first parameter loses a bit each time */
		arguments(m, s, at, b);
		b[0] = rx_smir_op2(m->f, RX_S_LSHR, RX_I8, s->param[at],
				   rx_smir_const(m->f, RX_I8, 1));
		c = rx_smir_op2(m->f, RX_S_NE, RX_I8, s->param[at],
				rx_smir_const(m->f, RX_I8, 0));
		rx_smir_brcond(m->f, c, s->block[at], s->nparams[at], b,
			       s->block[at + 1], s->nparams[at + 1], a);
	} else {
		c = pick(m, RX_I1, RX_VOID);
		arguments(m, s, other, b);
		rx_smir_brcond(m->f, c, s->block[other], s->nparams[other], b,
			       s->block[at + 1], s->nparams[at + 1], a);
	}
}

static void random_blocks(struct maker *m)
{
	struct shape s = { .n = 1 + (unsigned)(rnd() % MAX_BLOCKS) };

	for (unsigned k = 1; k < s.n; k++) {
		s.nparams[k] = (unsigned)(rnd() % 5);
		for (unsigned j = 0; j < s.nparams[k]; j++)
			s.types[k][j] = j || rnd() % 2
				? (uint8_t)(RX_I1 + rnd() % 6) : RX_I8;
		s.block[k] = rx_smir_block(m->f, s.nparams[k], s.types[k],
					   &s.param[k]);
	}
	m->nentry = m->nvalues;
	random_end(m, &s, 0);
	for (unsigned k = 1; k < s.n; k++) {
		m->nvalues = m->nentry;
		rx_smir_begin(m->f, s.block[k]);
		for (unsigned j = 0; j < s.nparams[k]; j++)
			add(m, s.param[k] + j);
		for (unsigned n = rnd() % 8; n; n--)
			random_op(m, COMPUTE);
		random_end(m, &s, k);
	}
}

static void make_up(struct rx_smir_fn *f)
{
	struct maker m = { .f = f };
	const unsigned n = 1 + (unsigned)(rnd() % 6);

	rx_smir_reset(f, &fake_isa);
	for (unsigned k = 0; k < n; k++)
		random_insn(&m, k);
	random_blocks(&m);
}

static char text[2][MAX_TEXT];

/* The text gives the same function, which prints as the same text. */
static bool there_and_back(const struct rx_smir_fn *f, struct rx_smir_fn *g)
{
	rax_error err = { 0 };
	const size_t n = rx_smir_print(f, text[0], MAX_TEXT);

	if (rx_smir_parse(g, text[0], &err)) {
		RX_TAP_CHECK(false, "%s in\n%s", err.message, text[0]);
		return false;
	}
	if (n >= MAX_TEXT || rx_smir_print(g, text[1], MAX_TEXT) != n ||
	    strcmp(text[0], text[1])) {
		RX_TAP_CHECK(false, "the text changes:\n%s", text[0]);
		return false;
	}
	return true;
}

static bool runs_alike(const struct rx_smir_fn *f, unsigned *how)
{
	struct fake a, b;
	enum rx_exec ra, rb;

	fake_init(&a);
	b = a;
	ra = run_fn(f, &a.cpu);
	rb = ref_run(f, &b.cpu);
	how[ra]++;
	if (ra == rb && !memcmp(&a, &b, sizeof(a)))
		return true;
	RX_TAP_CHECK(false, "%d pc=%#llx, by meaning %d pc=%#llx", ra,
		     (unsigned long long)a.cpu.pc, rb,
		     (unsigned long long)b.cpu.pc);
	return false;
}

static void functions(void)
{
	const char *setting = getenv("RX_SMIR_FUNCTIONS");
	const unsigned n = setting ? (unsigned)strtoul(setting, NULL, 0) : 3000;
	struct rx_smir_fn f, g;
	unsigned how[3] = { 0 }, blocks = 0, ok = 0;

	rx_smir_init(&f, &fake_isa);
	rx_smir_init(&g, &fake_isa);
	for (unsigned k = 0; k < n; k++) {
		rax_error err = { 0 };

		rnd_seed(k);
		make_up(&f);
		blocks += f.blocks.n;
		if (rx_smir_verify(&f, &err)) {
			rx_smir_print(&f, text[0], MAX_TEXT);
			RX_TAP_CHECK(false, "seed %u: %s in\n%s", k,
				     err.message, text[0]);
			break;
		}
		if (!there_and_back(&f, &g) || !runs_alike(&f, how) ||
		    !runs_alike(&g, how)) {
			rx_smir_print(&f, text[0], MAX_TEXT);
			RX_TAP_CHECK(false, "seed %u:\n%s", k, text[0]);
			break;
		}
		ok++;
	}
	CU_ASSERT_EQUAL(ok, n);
	/* they are worth something */
	CU_ASSERT(how[RX_JUMP] > n / 2);
	CU_ASSERT(how[RX_FAULT] > n / 10);
	CU_ASSERT(blocks > 2 * n);
	rx_smir_fini(&f);
	rx_smir_fini(&g);
}

/* Optimised code verifies and does the same as the meaning of what it was made of. */
static void optimised(void)
{
	struct rx_smir_opt opt = { 0 };
	struct rx_smir_fn f, g;
	uint64_t before[RX_SMIR_LEVELS] = { 0 }, after[RX_SMIR_LEVELS] = { 0 };

	rx_smir_init(&f, &fake_isa);
	rx_smir_init(&g, &fake_isa);
	for (unsigned k = 0; k < 2000 * RX_SMIR_LEVELS; k++) {
		const unsigned level = k % RX_SMIR_LEVELS;
		rax_error err = { 0 };
		struct fake a, b;
		enum rx_exec ra, rb;

		rnd_seed(k);
		make_up(&f);
		if (!there_and_back(&f, &g))
			break;
		before[level] += g.ops.n;
		CU_ASSERT_EQUAL(rx_smir_optimise(&opt, &g, level), 0);
		after[level] += g.ops.n;
		fake_init(&a);
		b = a;
		if (rx_smir_verify(&g, &err)) {
			ra = rb = RX_FAULT;
		} else {
			ra = run_fn(&g, &a.cpu);
			rb = ref_run(&f, &b.cpu);
		}
		if (err.message[0] || ra != rb || memcmp(&a, &b, sizeof(a))) {
			rx_smir_print(&g, text[1], MAX_TEXT);
			RX_TAP_CHECK(false, "seed %u, level %u: %s\n%s\nof\n%s", k, level,
				     err.message, text[1], text[0]);
			break;
		}
	}
	/* it is worth something */
	CU_ASSERT_EQUAL(after[0], before[0]);
	CU_ASSERT(after[1] < before[1] * 4 / 5);
	CU_ASSERT(after[2] < before[2] * 4 / 5);
	rx_smir_opt_fini(&opt);
	rx_smir_fini(&f);
	rx_smir_fini(&g);
}

/* Damaged text is refused or verified; it never harms. */
static void damaged(void)
{
	struct rx_smir_fn f, g;
	unsigned refused = 0, n = 0;

	rx_smir_init(&f, &fake_isa);
	rx_smir_init(&g, &fake_isa);
	for (unsigned k = 0; k < 2000; k++) {
		rax_error err = { 0 };
		size_t len;

		rnd_seed(k);
		if (k % 10 == 0)
			make_up(&f);
		len = rx_smir_print(&f, text[0], MAX_TEXT);
		for (unsigned j = 1 + rnd() % 3; j; j--)
			text[0][rnd() % len] = "%@.:,()0179=ix \n;bx"[rnd() % 19];
		n++;
		if (rx_smir_parse(&g, text[0], &err) ||
		    rx_smir_verify(&g, &err)) {
			refused++;
			CU_ASSERT(err.message[0] != '\0');
		}
	}
	CU_ASSERT(refused > n / 2);
	rx_smir_fini(&f);
	rx_smir_fini(&g);
}

CU_TestInfo random_tests[] = {
	{ "functions", functions },
	{ "optimised", optimised },
	{ "damaged", damaged },
	CU_TEST_INFO_NULL,
};
