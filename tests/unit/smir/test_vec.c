/* test_vec.c - vectors: every operation, type and lane, and chains of them.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "fake.h"
#include "smir/opt.h"
#include "smir/text.h"
#include "smir/verify.h"
#include "suites.h"
#include "tests/lib/tap.h"

#define ROUNDS 30
#define CHAIN 60		/* operations */
#define AT(n) (offsetof(struct fake, mem) + 64 * (size_t)(n))

struct vec {
	uint8_t b[64];
};

static const struct rx_insn nop = { .pc = 0x1000, .len = 4, .id = 1 };

static uint64_t lane(const struct vec *v, unsigned k, unsigned bits)
{
	uint64_t x = 0;

	for (unsigned n = bits / 8; n--;)
		x = x << 8 | v->b[k * bits / 8 + n];
	return x;
}

static void set_lane(struct vec *v, unsigned k, unsigned bits, uint64_t x)
{
	for (unsigned n = 0; n < bits / 8; n++, x >>= 8)
		v->b[k * bits / 8 + n] = (uint8_t)x;
}

static int64_t as_signed(uint64_t x, unsigned bits)
{
	const uint64_t top = UINT64_C(1) << (bits - 1);

	return (int64_t)((x ^ top) - top);
}

/* One lane, from the meaning in ops.def */
static uint64_t meaning(unsigned code, unsigned bits, uint64_t a, uint64_t b,
			uint64_t c, unsigned round, struct rx_fpenv *env)
{
	const int64_t x = as_signed(a, bits), y = as_signed(b, bits);

	env->round = (uint8_t)round;
	switch (code) {
	case RX_S_VAND: return a & b;
	case RX_S_VOR: return a | b;
	case RX_S_VXOR: return a ^ b;
	case RX_S_VNOT: return ~a;
	case RX_S_VSELECT: return (a & b) | (c & ~a);
	case RX_S_VADD: return a + b;
	case RX_S_VSUB: return a - b;
	case RX_S_VMUL: return a * b;
	case RX_S_VNEG: return -a;
	case RX_S_VSHL: return a << b % bits;
	case RX_S_VLSHR: return a >> b % bits;
	case RX_S_VASHR: return (uint64_t)(x >> b % bits);
	case RX_S_VEQ: return a == b ? UINT64_MAX : 0;
	case RX_S_VULT: return a < b ? UINT64_MAX : 0;
	case RX_S_VULE: return a <= b ? UINT64_MAX : 0;
	case RX_S_VSLT: return x < y ? UINT64_MAX : 0;
	case RX_S_VSLE: return x <= y ? UINT64_MAX : 0;
#define CALLS(OP, FN, ...) \
	case RX_S_V##OP: \
		if (bits == 16) \
			return rx_f16_##FN(__VA_ARGS__, env); \
		return bits == 32 ? rx_f32_##FN(__VA_ARGS__, env) \
				  : rx_f64_##FN(__VA_ARGS__, env);
	CALLS(FADD, add, a, b)
	CALLS(FSUB, sub, a, b)
	CALLS(FMUL, mul, a, b)
	CALLS(FDIV, div, a, b)
	CALLS(FSQRT, sqrt, a)
	CALLS(FMULADD, muladd, a, b, c)
	CALLS(FMINX86, min, a, b, RX_MM_X86)
	CALLS(FMAXX86, max, a, b, RX_MM_X86)
#define COMPARES(OP, FN) \
	case RX_S_V##OP: \
		return (bits == 16 ? rx_f16_##FN((uint16_t)a, (uint16_t)b, env) : \
			bits == 32 ? rx_f32_##FN((uint32_t)a, (uint32_t)b, env) : \
				     rx_f64_##FN(a, b, env)) ? UINT64_MAX : 0;
	COMPARES(FEQ, eq)
	COMPARES(FLT, lt)
	COMPARES(FLTQ, ltq)
	default: return 0xdead;
	}
}

static unsigned bytes_of(unsigned type)
{
	return rx_smir_bits[type] / 8u;
}

static struct vec compute(unsigned code, unsigned type, unsigned bits,
			  const struct vec *v, unsigned round, struct rx_fpenv *env)
{
	struct vec d;

	memset(&d, 0, sizeof(d));
	for (unsigned k = 0; k < bytes_of(type) * 8 / bits; k++)
		set_lane(&d, k, bits, meaning(code, bits, lane(&v[0], k, bits),
					      lane(&v[1], k, bits),
					      lane(&v[2], k, bits), round, env));
	return d;
}

static bool is_vector_op(unsigned code)
{
	return code >= RX_S_VSPLAT && code <= RX_S_VFLTQ && code != RX_S_VIOTA;
}

static bool has_lanes(unsigned code, unsigned bits)
{
	return bits != 8 || rx_smir_ops[code].effect != RX_SE_FP;
}

static void random_vec(struct vec *v)
{
	for (unsigned k = 0; k < 64; k += 8)
		set_lane(v, k / 8, 64, rnd_value(64));
	if (rnd() & 1)
		for (unsigned k = 0; k < 16; k++)
			set_lane(v, k, 32, rnd_value(32));
}

/* Values of an operation: three vectors, then the direction if it rounds. */
static rx_sv emit(struct rx_smir_fn *f, unsigned code, unsigned type, unsigned bits,
		  const rx_sv v[3], unsigned round)
{
	const struct rx_smir_info *o = &rx_smir_ops[code];
	rx_sv arg[4] = { 0 };

	for (unsigned k = 0; k < o->nargs; k++)
		arg[k] = o->arg[k] == RX_I8 ? rx_smir_const(f, RX_I8, round) : v[k];
	return rx_smir_op(f, (enum rx_smir_code)code, (enum rx_smir_type)type, arg[0],
			  arg[1], arg[2], arg[3], o->imm == RX_SMIR_LANE ? bits : 0);
}

static void one(unsigned code, unsigned type, unsigned bits)
{
	struct rx_fpenv env = fake_isa.fpenv;
	const unsigned round = (unsigned)(rnd() % 5);
	struct rx_smir_fn f;
	struct fake c;
	struct vec v[3], want;
	rx_sv arg[3];

	rx_smir_init(&f, &fake_isa);
	rx_smir_insn(&f, &nop);
	fake_init(&c);
	for (unsigned k = 0; k < 3; k++) {
		random_vec(&v[k]);
		memcpy(c.mem + 64 * k, &v[k], 64);
		arg[k] = rx_smir_get(&f, (enum rx_smir_type)type, AT(k));
	}
	if (rx_smir_ops[code].arg[0] == RX_I64) {
		const uint64_t x = rnd_value(64);

		for (unsigned k = 0; k < bytes_of(type) * 8 / bits; k++)
			set_lane(&want, k, bits, code == RX_S_VSPLAT ? x :
				 x >> k & 1 ? UINT64_MAX : 0);
		arg[0] = rx_smir_const(&f, RX_I64, x);
	} else {
		want = compute(code, type, bits, v, round, &env);
	}
	rx_smir_put(&f, (enum rx_smir_type)type, AT(3),
		    emit(&f, code, type, bits, arg, round));
	(void)rx_smir_op0(&f, RX_S_FPFLAGS, RX_VOID);
	rx_smir_finish(&f, 0x1004);
	CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), RX_JUMP);
	RX_TAP_CHECK(!memcmp(c.mem + 192, &want, bytes_of(type)) && c.flags == env.flags,
		     "%s.%s i%u", rx_smir_ops[code].name, rx_smir_type_names[type], bits);
	rx_smir_fini(&f);
}

static void operations(void)
{
	unsigned count = 0;

	rnd_seed(11);
	for (unsigned code = 0; code < RX_SMIR_NOPS; code++)
		for (unsigned type = RX_V64; type <= RX_V512; type++)
			for (unsigned bits = 8; bits <= 64; bits *= 2) {
				if (!is_vector_op(code) || !has_lanes(code, bits) ||
				    rx_smir_ops[code].arg[0] == RX_SK_VEC ||
				    rx_smir_ops[code].result != RX_SK_T)
					continue;
				count++;
				for (unsigned k = 0; k < ROUNDS; k++)
					one(code, type, bits);
			}
	RX_TAP_CHECK(count == 4 * (19 * 4 + 11 * 3), "%u combinations", count);
}

/* Lanes of another width: each from and to */
static void resize(unsigned code, unsigned from, unsigned to, unsigned n)
{
	unsigned own = RX_V64, arg = RX_V64;
	struct rx_smir_fn f;
	struct fake c;
	struct vec v, want;

	while (rx_smir_bits[own] < n * to)
		own++;
	while (rx_smir_bits[arg] < n * from)
		arg++;
	rx_smir_init(&f, &fake_isa);
	rx_smir_insn(&f, &nop);
	fake_init(&c);
	random_vec(&v);
	memcpy(c.mem, &v, 64);
	for (unsigned k = 0; k < n; k++)
		set_lane(&want, k, to, code == RX_S_VSEXT ?
			 (uint64_t)as_signed(lane(&v, k, from), from) : lane(&v, k, from));
	rx_smir_put(&f, (enum rx_smir_type)own, AT(3),
		    rx_smir_op(&f, (enum rx_smir_code)code, (enum rx_smir_type)own,
			       rx_smir_get(&f, (enum rx_smir_type)arg, AT(0)), 0, 0, 0, to));
	rx_smir_finish(&f, 0x1004);
	CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), RX_JUMP);
	RX_TAP_CHECK(!memcmp(c.mem + 192, &want, n * to / 8), "%s of %u lanes of %u to %u",
		     rx_smir_ops[code].name, n, from, to);
	rx_smir_fini(&f);
}

static void widths(void)
{
	rnd_seed(13);
	for (unsigned n = 1; n <= 64; n *= 2)
		for (unsigned from = 8; from <= 64; from *= 2)
			for (unsigned to = 8; to <= 64; to *= 2) {
				if (from == to || n * from < 64 || n * from > 512 ||
				    n * to < 64 || n * to > 512)
					continue;
				for (unsigned k = 0; k < ROUNDS; k++) {
					resize(from > to ? RX_S_VTRUNC : RX_S_VZEXT, from, to, n);
					resize(from > to ? RX_S_VTRUNC : RX_S_VSEXT, from, to, n);
				}
			}
}

static void top_bits(void)
{
	rnd_seed(17);
	for (unsigned type = RX_V64; type <= RX_V512; type++)
		for (unsigned bits = 8; bits <= 64; bits *= 2) {
			struct rx_smir_fn f;
			struct fake c;
			struct vec v;
			uint64_t want = 0;

			rx_smir_init(&f, &fake_isa);
			rx_smir_insn(&f, &nop);
			fake_init(&c);
			random_vec(&v);
			memcpy(c.mem, &v, 64);
			for (unsigned k = 0; k < rx_smir_bits[type] / bits; k++)
				want |= (uint64_t)(as_signed(lane(&v, k, bits), bits) < 0) << k;
			rx_smir_put(&f, RX_I64, offsetof(struct fake, r[1]),
				    rx_smir_op(&f, RX_S_VBITS, (enum rx_smir_type)type,
					       rx_smir_get(&f, (enum rx_smir_type)type, AT(0)),
					       0, 0, 0, bits));
			rx_smir_finish(&f, 0x1004);
			CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), RX_JUMP);
			RX_TAP_CHECK(c.r[1] == want, "%s of i%u", rx_smir_type_names[type], bits);
			rx_smir_fini(&f);
		}
}

/* Appends what the function makes of vectors at AT(0) and AT(1), runs it. */
static void run_one(struct rx_smir_fn *f, struct fake *c, unsigned type, rx_sv v)
{
	rx_smir_put(f, (enum rx_smir_type)type, type == RX_I64 ? offsetof(struct fake, r[1]) :
		    AT(3), v);
	(void)rx_smir_op0(f, RX_S_FPFLAGS, RX_VOID);
	rx_smir_finish(f, 0x1004);
	CU_ASSERT_EQUAL(run_fn(f, &c->cpu), RX_JUMP);
	rx_smir_fini(f);
}

static void start(struct rx_smir_fn *f, struct fake *c, struct vec v[2])
{
	rx_smir_init(f, &fake_isa);
	rx_smir_insn(f, &nop);
	fake_init(c);
	for (unsigned k = 0; k < 2; k++) {
		random_vec(&v[k]);
		memcpy(c->mem + 64 * k, &v[k], 64);
	}
}

static rx_sv vector(struct rx_smir_fn *f, unsigned type, unsigned k)
{
	return rx_smir_get(f, (enum rx_smir_type)type, AT(k));
}

/* Lanes by number: all of them, one, and chosen ones of a vector of any length */
static void numbers(unsigned type, unsigned bits)
{
	const unsigned n = rx_smir_bits[type] / bits;
	const uint64_t chosen = rnd_value(64);
	struct rx_smir_fn f;
	struct vec v[2], want;
	struct fake c;

	start(&f, &c, v);
	for (unsigned k = 0; k < n; k++)
		set_lane(&want, k, bits, k);
	run_one(&f, &c, type, rx_smir_op(&f, RX_S_VIOTA, (enum rx_smir_type)type, 0, 0, 0, 0,
					 bits));
	RX_TAP_CHECK(!memcmp(c.mem + 192, &want, bytes_of(type)), "viota of i%u", bits);
	start(&f, &c, v);
	run_one(&f, &c, RX_I64, rx_smir_op(&f, RX_S_VGET, (enum rx_smir_type)type,
		vector(&f, type, 0), rx_smir_const(&f, RX_I64, chosen), 0, 0, bits));
	RX_TAP_CHECK(c.r[1] == lane(&v[0], chosen % n, bits), "vget of i%u", bits);
	for (unsigned from = RX_V64; from <= RX_V512; from++) {
		start(&f, &c, v);
		for (unsigned k = 0; k < n; k++)
			set_lane(&want, k, bits, lane(&v[0], lane(&v[1], k, bits) %
				 (rx_smir_bits[from] / bits), bits));
		run_one(&f, &c, type, rx_smir_op(&f, RX_S_VPERM, (enum rx_smir_type)type,
			vector(&f, from, 0), vector(&f, type, 1), 0, 0, bits));
		RX_TAP_CHECK(!memcmp(c.mem + 192, &want, bytes_of(type)), "vperm of i%u", bits);
	}
}

static void by_number(void)
{
	rnd_seed(19);
	for (unsigned type = RX_V64; type <= RX_V512; type++)
		for (unsigned bits = 8; bits <= 64; bits *= 2)
			for (unsigned k = 0; k < ROUNDS; k++)
				numbers(type, bits);
}

/* IEEE values of n integers */
static void converted(unsigned code, unsigned from, unsigned to, unsigned n)
{
	const unsigned round = (unsigned)(rnd() % 5);
	struct rx_fpenv env = fake_isa.fpenv;
	unsigned own = RX_V64, arg = RX_V64;
	const bool is_signed = code == RX_S_VSITOF;
	struct rx_smir_fn f;
	struct vec v[2], want;
	struct fake c;

	while (rx_smir_bits[own] < n * to)
		own++;
	while (rx_smir_bits[arg] < n * from)
		arg++;
	start(&f, &c, v);
	env.round = (uint8_t)round;
#define OF(F, a) (from == 32 ? is_signed ? rx_f##F##_from_i32((int32_t)(a), &env) \
					 : rx_f##F##_from_u32((uint32_t)(a), &env) \
		: is_signed ? rx_f##F##_from_i64((int64_t)(a), &env) \
			    : rx_f##F##_from_u64((a), &env))
	for (unsigned k = 0; k < n; k++) {
		const uint64_t a = lane(&v[0], k, from);

		set_lane(&want, k, to, to == 16 ? OF(16, a) : to == 32 ? OF(32, a) : OF(64, a));
	}
	run_one(&f, &c, own, rx_smir_op(&f, (enum rx_smir_code)code, (enum rx_smir_type)own,
		vector(&f, arg, 0), rx_smir_const(&f, RX_I8, round), 0, 0, to));
	RX_TAP_CHECK(!memcmp(c.mem + 192, &want, n * to / 8) && c.flags == env.flags,
		     "%s of %u lanes of %u to %u", rx_smir_ops[code].name, n, from, to);
}

static void conversions(void)
{
	unsigned count = 0;

	rnd_seed(23);
	for (unsigned n = 1; n <= 16; n *= 2)
		for (unsigned from = 32; from <= 64; from *= 2)
			for (unsigned to = 16; to <= 64; to *= 2) {
				if (n * from < 64 || n * from > 512 || n * to < 64 || n * to > 512)
					continue;
				count++;
				for (unsigned k = 0; k < ROUNDS; k++)
					converted(k % 2 ? RX_S_VSITOF : RX_S_VUITOF, from, to, n);
			}
	CU_ASSERT_EQUAL(count, 19);
}

/* Lanes of memory where a bit is set, those before a fault included */
static void masked(unsigned type, unsigned bits, bool is_store)
{
	const unsigned n = rx_smir_bits[type] / bits, size = bits / 8;
	const uint64_t on = rnd() & rnd(), at = FAKE_MEM - bytes_of(type) + rnd() % 8;
	uint64_t bad = 0;
	struct rx_smir_fn f;
	struct vec v[2], want;
	struct fake c, before;
	rx_sv a, m, r;

	start(&f, &c, v);
	before = c;
	memset(&want, 0, sizeof(want));
	for (unsigned k = 0; k < n && !bad; k++) {
		if (!(on >> k & 1))
			continue;
		if (at + k * size > FAKE_MEM - size)
			bad = at + k * size + 3;
		else if (is_store)
			memcpy(before.mem + at + k * size, v[0].b + k * size, size);
		else
			memcpy(want.b + k * size, c.mem + at + k * size, size);
	}
	a = rx_smir_const(&f, RX_I64, at);
	m = rx_smir_const(&f, RX_I64, on);
	if (is_store) {
		(void)rx_smir_op(&f, RX_S_STOREIF, (enum rx_smir_type)type, a,
				 vector(&f, type, 0), m, 0, bits | 3 << 8);
	} else {
		r = rx_smir_op(&f, RX_S_LOADIF, (enum rx_smir_type)type, a, m, 0, 0, bits | 3 << 8);
		rx_smir_put(&f, (enum rx_smir_type)type, AT(0), r);
		if (!bad)
			memcpy(before.mem, &want, bytes_of(type));
	}
	rx_smir_finish(&f, 0x1004);
	CU_ASSERT_EQUAL(run_fn(&f, &c.cpu), bad ? RX_FAULT : RX_JUMP);
	CU_ASSERT_EQUAL(c.cpu.fault.value, bad);
	RX_TAP_CHECK(!memcmp(c.mem, before.mem, FAKE_MEM), "%s of i%u",
		     is_store ? "storeif" : "loadif", bits);
	rx_smir_fini(&f);
}

static void memory(void)
{
	rnd_seed(29);
	for (unsigned type = RX_V64; type <= RX_V512; type++)
		for (unsigned bits = 8; bits <= 64; bits *= 2)
			for (unsigned k = 0; k < 2 * ROUNDS; k++)
				masked(type, bits, k & 1);
}

struct chain {
	struct rx_smir_fn f;
	rx_sv value[CHAIN];
	struct vec want[CHAIN];
	uint8_t type[CHAIN];
	unsigned n;
	struct rx_fpenv env;
};

static unsigned pick(const struct chain *m, unsigned type)
{
	unsigned k;

	do
		k = (unsigned)(rnd() % m->n);
	while (m->type[k] != type);
	return k;
}

/* Appends a random operation of a type that there are values of. */
static void extend(struct chain *m)
{
	const unsigned type = m->type[rnd() % m->n], round = (unsigned)(rnd() % 5);
	unsigned code, bits;
	struct vec v[3];
	rx_sv arg[3];

	do {
		code = RX_S_VAND + (unsigned)(rnd() % (RX_S_VFLTQ - RX_S_VAND + 1));
		bits = 8u << rnd() % 4;
	} while (!has_lanes(code, bits));
	for (unsigned k = 0; k < 3; k++) {
		const unsigned from = pick(m, type);

		v[k] = m->want[from];
		arg[k] = m->value[from];
	}
	m->type[m->n] = (uint8_t)type;
	m->want[m->n] = compute(code, type, bits, v, round, &m->env);
	m->value[m->n++] = emit(&m->f, code, type, bits, arg, round);
}

/* The last value of each type, by way of parameters of another block */
static void leave(struct chain *m, unsigned last[4])
{
	uint8_t types[4];
	rx_sv args[4], params;
	uint32_t block;

	for (unsigned k = 0; k < 4; k++) {
		types[k] = (uint8_t)(RX_V64 + k);
		for (last[k] = m->n - 1; m->type[last[k]] != types[k];)
			last[k]--;
		args[k] = m->value[last[k]];
	}
	block = rx_smir_block(&m->f, 4, types, &params);
	rx_smir_br(&m->f, block, 4, args);
	rx_smir_begin(&m->f, block);
	for (unsigned k = 0; k < 4; k++)
		rx_smir_put(&m->f, (enum rx_smir_type)types[k], AT(k), params + k);
	(void)rx_smir_op0(&m->f, RX_S_FPFLAGS, RX_VOID);
	rx_smir_finish(&m->f, 0x1004);
}

/* At a level of the optimiser */
static void chain(struct rx_smir_opt *opt, unsigned level)
{
	static struct chain m;
	struct fake c;
	unsigned last[4];

	memset(&m, 0, sizeof(m));
	m.env = fake_isa.fpenv;
	rx_smir_init(&m.f, &fake_isa);
	rx_smir_insn(&m.f, &nop);
	fake_init(&c);
	for (unsigned k = 0; k < 4; k++) {
		struct vec v;

		random_vec(&v);
		memcpy(c.mem + 64 * k, &v, 64);
		m.type[k] = (uint8_t)(RX_V64 + k);
		memcpy(&m.want[k], &v, bytes_of(RX_V64 + k));
		m.value[k] = rx_smir_get(&m.f, (enum rx_smir_type)m.type[k], AT(k));
		m.n++;
	}
	while (m.n < CHAIN)
		extend(&m);
	leave(&m, last);
	CU_ASSERT_EQUAL(rx_smir_optimise(opt, &m.f, level), 0);
	CU_ASSERT_EQUAL(run_fn(&m.f, &c.cpu), RX_JUMP);
	for (unsigned k = 0; k < 4; k++)
		RX_TAP_CHECK(!memcmp(c.mem + 64 * k, &m.want[last[k]],
				     bytes_of(RX_V64 + k)), "%s",
			     rx_smir_type_names[RX_V64 + k]);
	CU_ASSERT_EQUAL(c.flags, m.env.flags);
	rx_smir_fini(&m.f);
}

static void chains(void)
{
	struct rx_smir_opt opt = { 0 };

	rnd_seed(12);
	for (unsigned k = 0; k < 300; k++)
		chain(&opt, k % RX_SMIR_LEVELS);
	rx_smir_opt_fini(&opt);
}

#define HEAD "@0:\n\tinsn #1 pc=0x1000 len=4 r=0,0,0,0 imm=0\n"

static const char text[] =
	"@0:\n"
	"\tinsn #1 pc=0x1000 len=4 r=0,0,0,0 imm=0\n"
	"\t%1 = get.v128 #512\n"
	"\t%2 = const.i64 0x5\n"
	"\t%3 = vsplat.v128 %2, i16\n"
	"\t%4 = vadd.v128 %1, %3, i16\n"
	"\t%5 = const.i8 0\n"
	"\t%6 = vfmuladd.v128 %1, %3, %4, %5, i32\n"
	"\t%7 = vselect.v128 %4, %6, %1\n"
	"\tput.v128 #528, %7\n"
	"\texit %2\n";

static void texts(void)
{
	static const struct { const char *text, *error; } wrong[] = {
		{ HEAD "\t%1 = get.v128 #512\n"
		  "\t%2 = vadd.v128 %1, %1, i128\n\texit %1\n",
		  "lanes" },
		{ HEAD "\t%1 = get.v128 #512\n"
		  "\t%2 = vfsqrt.v128 %1, %1, i32\n\texit %1\n",
		  "v128" },
		{ HEAD "\t%1 = const.v64 0x0\n\texit %1\n", "const" },
		{ HEAD "\t%1 = get.v64 #512\n"
		  "\t%2 = zext.i128 %1\n\texit %1\n", "v64" },
	};
	char out[1000];
	struct rx_smir_fn f;
	rax_error err = { 0 };

	rx_smir_init(&f, NULL);
	CU_ASSERT_EQUAL(rx_smir_parse(&f, text, &err), 0);
	CU_ASSERT_EQUAL(rx_smir_verify(&f, &err), 0);
	CU_ASSERT_EQUAL(rx_smir_print(&f, out, sizeof(out)), strlen(text));
	RX_TAP_CHECK(!strcmp(out, text), "%s%s", err.message, out);
	rx_smir_fini(&f);
	for (unsigned k = 0; k < sizeof(wrong) / sizeof(wrong[0]); k++) {
		rx_smir_init(&f, NULL);
		RX_TAP_CHECK((rx_smir_parse(&f, wrong[k].text, &err) ||
			      rx_smir_verify(&f, &err)) &&
			     strstr(err.message, wrong[k].error), "%s: %s",
			     wrong[k].text, err.message);
		rx_smir_fini(&f);
	}
	rx_smir_init(&f, NULL);
	rx_smir_insn(&f, &nop);
	rx_smir_put(&f, RX_V64, 512, rx_smir_op(&f, RX_S_VFSQRT, RX_V64,
		    rx_smir_get(&f, RX_V64, 512), rx_smir_const(&f, RX_I8, 0), 0, 0, 8));
	rx_smir_finish(&f, 0);
	CU_ASSERT(rx_smir_verify(&f, &err) && strstr(err.message, "no lanes of 8 bits"));
	rx_smir_fini(&f);
}

CU_TestInfo vec_tests[] = {
	{ "operations", operations },
	{ "widths", widths },
	{ "top_bits", top_bits },
	{ "by_number", by_number },
	{ "conversions", conversions },
	{ "memory", memory },
	{ "chains", chains },
	{ "texts", texts },
	CU_TEST_INFO_NULL,
};
