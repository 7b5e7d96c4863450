/* test_vectors.c - host code of vector operations. SPDX-License-Identifier: MIT
 *
 * An instruction of the made-up ISA does operations on vectors besides what it does
 * otherwise; compiled code and the interpreter of SMIR do it to the same values.
 */
#include <stdio.h>
#include <string.h>

#include "base/host.h"
#include "core/blocks.h"
#include "core/vm.h"
#include "smir/build.h"
#include "suites.h"
#if RX_HAVE_JIT
#include "jit/jit.h"
#include "tests/lib/tap.h"
#include "tests/unit/core/toy.h"

#define ROUNDS 8		/* of values for one piece of code */
#define CHAINS 60
#define LENGTH 40		/* operations of a chain */
#define PLACES 8		/* of vectors: the page table that is not used */
#define OUT 3			/* arguments lie in front */
#define AT(k) (offsetof(struct toy, table[1]) + 64 * (size_t)(k))
_Static_assert(sizeof(((struct toy *)0)->table[1]) >= 64 * PLACES, "places are there");

static uint64_t state;

static uint64_t rnd(void)
{
	return next_of(&state);
}

/* Often an edge of some lane's range */
static uint64_t value(void)
{
	static const uint64_t edges[] = {
		0, UINT64_MAX, UINT64_C(0x8000000000000000), UINT64_C(0x7fffffffffffffff),
		UINT64_C(0x8080808080808080), UINT64_C(0x7f7f7f7f7f7f7f7f),
		UINT64_C(0x0001000080007fff), UINT64_C(0x8000000000000001),
		UINT64_C(0x0101010101010101), UINT64_C(0x7fffffff80000000),
	};
	const uint64_t x = rnd();

	return x & 3 ? x : edges[x / 4 % (sizeof(edges) / sizeof(edges[0]))];
}

/* ---- what the instruction does ------------------------------------------- */

/* Arguments by number: values before it in the chain, and places behind them. */
struct step {
	uint8_t code, type, lane, amount;
	uint8_t from;		/* type of the first argument, if it is another one */
	uint8_t arg[3];
};

static struct step chain[LENGTH];
static unsigned length;

static rx_sv place(struct rx_smir_fn *f, unsigned type, unsigned k)
{
	return rx_smir_get(f, (enum rx_smir_type)type, AT(k % OUT));
}

/* A vector that was computed, or a place */
static rx_sv find(struct rx_smir_fn *f, const rx_sv *made, unsigned n, unsigned type,
		  unsigned which)
{
	for (unsigned k = 0; k < n; k++)
		if (f->values.at[made[(k + which) % n]] == type)
			return made[(k + which) % n];
	return place(f, type, which);
}

static rx_sv one(struct rx_smir_fn *f, const struct step *s, const rx_sv *made, unsigned n)
{
	const struct rx_smir_info *info = &rx_smir_ops[s->code];
	rx_sv arg[4] = { 0 };

	for (unsigned k = 0; k < info->nargs; k++)
		if (info->arg[k] != RX_I64)
			arg[k] = find(f, made, n, k ? s->type : s->from, s->arg[k]);
		else if (s->code == RX_S_VGET)
			arg[k] = rx_smir_const(f, RX_I64, s->amount);
		else
			arg[k] = rx_smir_get(f, RX_I64, AT(0));
	if (s->code == RX_S_VSPLAT && s->amount & 1)
		arg[0] = rx_smir_const(f, RX_I64, s->amount * UINT64_C(0x0123456789abcdef));
	if (s->code >= RX_S_VSHL && s->code <= RX_S_VASHR && s->amount & 1)
		arg[1] = rx_smir_op(f, RX_S_VSPLAT, (enum rx_smir_type)s->type,
				    rx_smir_const(f, RX_I64, s->amount / 2), 0, 0, 0, s->lane);
	return rx_smir_op(f, (enum rx_smir_code)s->code, (enum rx_smir_type)s->type, arg[0],
			  arg[1], arg[2], arg[3], info->imm == RX_SMIR_LANE ? s->lane : 0);
}

static void lift(struct rx_smir_fn *f, const struct rx_insn *i)
{
	rx_sv made[LENGTH], v;

	if (i->id == TOY_JAL) {
		rx_smir_put(f, RX_I64, offsetof(struct toy, r[2]),
			    rx_smir_const(f, RX_I64, i->pc + i->len));
		rx_smir_exit(f, rx_smir_const(f, RX_I64, i->pc + i->imm));
		return;
	}
	for (unsigned k = 0; k < length; k++)
		made[k] = one(f, &chain[k], made, k);
	for (unsigned k = 0; k < PLACES - OUT && k < length; k++) {
		v = made[length - 1 - k];
		rx_smir_put(f, f->values.at[v], AT(OUT + k), v);
	}
	v = rx_smir_get(f, RX_I64, offsetof(struct toy, r[1]));
	rx_smir_put(f, RX_I64, offsetof(struct toy, r[1]),
		    rx_smir_op2(f, RX_S_ADD, RX_I64, v, rx_smir_const(f, RX_I64, i->imm)));
}

/* ---- two machines -------------------------------------------------------- */

static struct rx_isa lifted;

static void begin(struct toy_vm *t, const struct rx_engine *engine, unsigned mask)
{
	uint64_t at = 0;

	toy_init(t, &rx_engine_step, 1);
	toy_put(t, &at, TOY_INC, 1, 0, 0);
	toy_put(t, &at, TOY_JAL, 2, 0, -2);
	rx_vm_mask_host(&t->vm, mask);
	t->vm.isa = &lifted;
	t->vm.cpu[0]->isa = &lifted;
	t->vm.jit.heat = 1;
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t->vm, engine, NULL), 0);
}

/* Same values, same results? */
static void compare(const char *what, unsigned mask)
{
	struct toy_vm t[2];

	lifted = toy_isa;
	lifted.lift = lift;
	begin(&t[0], &rx_engine_smir, mask);
	begin(&t[1], &rx_engine_jit, mask);
	for (unsigned n = 0; n < ROUNDS; n++) {
		for (unsigned k = 0; k < 8 * OUT; k++)
			toy_cpu(&t[0], 0)->table[1][k] = toy_cpu(&t[1], 0)->table[1][k] = value();
		for (unsigned k = 0; k < 2; k++)
			CU_ASSERT_EQUAL(rx_vm_run(&t[k].vm, n ? 4 : 40), RX_STOP_LIMIT);
		RX_TAP_CHECK(!memcmp(toy_cpu(&t[0], 0)->table[1], toy_cpu(&t[1], 0)->table[1],
				     64 * PLACES), "%s", what);
	}
	CU_ASSERT_EQUAL(toy_cpu(&t[1], 0)->r[1], toy_cpu(&t[0], 0)->r[1]);
	CU_ASSERT(((struct rx_jit *)t[1].vm.cpu[0]->engine_data)->stats.native > 0);
	for (unsigned k = 0; k < 2; k++)
		toy_fini(&t[k]);
}

/* ---- cases --------------------------------------------------------------- */

static void check(unsigned mask)
{
	char what[80];

	snprintf(what, sizeof(what), "%u operations, the last %s.%s i%u of %s, without %#x", length,
		 rx_smir_ops[chain[length - 1].code].name,
		 rx_smir_type_names[chain[length - 1].type], chain[length - 1].lane,
		 rx_smir_type_names[chain[length - 1].from], mask);
	compare(what, mask);
}

static bool is_vector_op(unsigned code)
{
	return code >= RX_S_VSPLAT && code <= RX_S_VSLE;
}

static bool changes_width(unsigned code)
{
	return code == RX_S_VZEXT || code == RX_S_VSEXT || code == RX_S_VTRUNC;
}

/* Which types may the first argument have, of an operation with these lanes? */
static bool fits(unsigned code, unsigned type, unsigned lane, unsigned from)
{
	const unsigned own = rx_smir_bits[type], its = rx_smir_bits[from];
	const unsigned width = its * lane / own;

	if (code == RX_S_VPERM)
		return true;
	if (!changes_width(code))
		return from == type;
	return width >= 8 && width <= 64 && (code == RX_S_VTRUNC ? its > own : its < own);
}

static void all(unsigned mask)
{
	unsigned count = 0;

	state = 41;
	length = 1;
	for (unsigned code = 0; code < RX_SMIR_NOPS; code++)
		for (unsigned type = RX_V64; is_vector_op(code) && type <= RX_V512; type++)
			for (unsigned lane = 8; lane <= 64; lane *= 2)
				for (unsigned from = RX_V64; from <= RX_V512; from++) {
					if (!fits(code, type, lane, from))
						continue;
					for (unsigned k = 0; k < 2; k++, count++) {
						chain[0] = (struct step){ (uint8_t)code,
							(uint8_t)type, (uint8_t)lane,
							(uint8_t)(rnd() & ~1u) | k, (uint8_t)from,
							{ 0, 1, 2 } };
						check(mask);
					}
				}
	CU_ASSERT(count > 700);
}

static void every_operation(void)
{
	all(0);
}

static void without_avx2(void)
{
	all(RX_HOST_AVX2);
}

static void any_step(struct step *s)
{
	do {
		*s = (struct step){ (uint8_t)(RX_S_VSPLAT + rnd() % (RX_S_VSLE - RX_S_VSPLAT + 1)),
				    (uint8_t)(RX_V64 + rnd() % (rnd() & 1 ? 2 : 4)),
				    (uint8_t)(8u << rnd() % 4), (uint8_t)rnd(),
				    (uint8_t)(RX_V64 + rnd() % 4),
				    { (uint8_t)rnd(), (uint8_t)rnd(), (uint8_t)rnd() } };
	} while (!fits(s->code, s->type, s->lane, s->from));
}

/* Registers run short, patterns and memory are mixed, some operations are calls. */
static void chains(void)
{
	state = 43;
	for (unsigned n = 0; n < CHAINS; n++) {
		length = 2 + (unsigned)(rnd() % (LENGTH - 1));
		for (unsigned k = 0; k < length; k++)
			any_step(&chain[k]);
		check(n & 1 ? RX_HOST_AVX2 : 0);
	}
}

CU_TestInfo vector_tests[] = {
	{ "each operation, type and width of lanes", every_operation },
	{ "the same without AVX2", without_avx2 },
	{ "chains of operations", chains },
	CU_TEST_INFO_NULL,
};
#endif
