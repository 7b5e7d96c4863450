/* test_refused.c - blocks whose operations do not verify. SPDX-License-Identifier: MIT */
#include "core/vm.h"
#if RX_HAVE_JIT
#include <string.h>

#include "jit/jit.h"
#include "smir/build.h"
#include "suites.h"
#include "tests/lib/tap.h"
#include "tests/unit/core/toy.h"

static struct rx_isa spoiled;
static void (*lift)(struct rx_smir_fn *f, const struct rx_insn *i);

/* A sum whose types do not fit. */
static void lift_badly(struct rx_smir_fn *f, const struct rx_insn *i)
{
	rx_sv v;

	if (i->id != TOY_XOR) {
		lift(f, i);
		return;
	}
	v = rx_smir_get(f, RX_I32, offsetof(struct toy, r[0]) + 8 * i->r[0]);
	rx_smir_put(f, RX_I64, offsetof(struct toy, r[0]) + 8 * i->r[0],
		    rx_smir_op2(f, RX_S_ADD, RX_I64, v, v));
}

struct told {
	unsigned regions, refused;
};

static void line(void *opaque, const char *text)
{
	struct told *t = opaque;

	t->regions += !strncmp(text, "  code of", 9);
	t->refused += strstr(text, "does not verify: after lifting: block 0, operation") != NULL;
}

/* r1 counts down from 1000, r2 and r3 change */
static void put_loop(struct toy_vm *t)
{
	uint64_t at = 0;

	toy_put(t, &at, TOY_ADDI, 1, 0, 1000);
	toy_put(t, &at, TOY_INC, 2, 0, 0);		/* 4 */
	toy_put(t, &at, TOY_BNE, 1, 0, 6);		/* 6, to 12; or on */
	toy_put(t, &at, TOY_INC, 4, 0, 0);		/* 10 */
	toy_put(t, &at, TOY_XOR, 3, 2, 0);
	toy_put(t, &at, TOY_ADDI, 1, 1, -1);
	toy_put(t, &at, TOY_BNE, 1, 0, -14);
	toy_put(t, &at, TOY_BEQ, 0, 0, 0);
}

static uint64_t run(const struct rx_engine *engine, struct told *told, uint64_t *refused)
{
	struct toy_vm t;
	const char *name;
	uint64_t hash, value;

	toy_init(&t, engine, 1);
	if (told) {
		spoiled = *t.vm.isa;
		lift = spoiled.lift;
		spoiled.lift = lift_badly;
		t.vm.isa = t.vm.cpu[0]->isa = &spoiled;
		t.vm.jit.check = true;
		t.vm.jit.line = line;
		t.vm.jit.opaque = told;
		CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t.vm, engine, NULL), 0);
	}
	put_loop(&t);
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 20000), RX_STOP_LIMIT);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 1000);
	for (unsigned k = 0; (name = rx_vm_stat(&t.vm, k, &value)) != NULL; k++)
		if (!strcmp(name, "blocks refused by the verifier"))
			*refused = value;
	hash = rx_vm_hash(&t.vm);
	toy_fini(&t);
	return hash;
}

/* What they would do is done by the threaded engine; their neighbours are compiled. */
static void left_alone(void)
{
	struct told told = { 0, 0 };
	uint64_t refused = 0, none = 0;

	CU_ASSERT_EQUAL(run(&rx_engine_jit, &told, &refused), run(&rx_engine_step, NULL, &none));
	CU_ASSERT(refused > 0);
	CU_ASSERT_EQUAL(told.refused, refused);
	CU_ASSERT(told.regions > 0);
}

CU_TestInfo refused_tests[] = {
	{ "left_alone", left_alone },
	CU_TEST_INFO_NULL,
};
#endif
