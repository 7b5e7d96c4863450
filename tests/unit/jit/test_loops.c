/* test_loops.c - loops that are looked at before each round. SPDX-License-Identifier: MIT
 *
 * A loop computes more than it needs itself: that is put off until it is left, which
 * may be after any number of instructions, at another page, or by a fault.
 */
#include "core/vm.h"
#include "suites.h"
#if RX_HAVE_JIT
#include "jit/jit.h"
#include "tests/lib/tap.h"
#include "tests/unit/core/toy.h"

#define DATA 4		/* two pages that are accessed, which lie apart in RAM */
#define ROUNDS 24
#define START (0x1000 * (DATA + 1) - 8 * ROUNDS / 2)

static const int first = 20 | TOY_R | TOY_W, second = 22 | TOY_R | TOY_W;

/* more: what makes the loop longer; allow: how page DATA + 1 is mapped when it begins */
static void program(struct toy_vm *t, unsigned more, int allow)
{
	struct toy *c = toy_cpu(t, 0);
	uint64_t at = 0, loop, handler = TOY_VECTOR;

	c->table[0][DATA] = (uint64_t)first;
	c->r[1] = DATA + 1;
	c->r[9] = START;
	toy_put(t, &at, TOY_MAP, 0, 1, allow);
	toy_put(t, &at, TOY_ADDI, 2, 0, ROUNDS);
	toy_put(t, &at, TOY_ADDI, 6, 9, 0);
	loop = at;
	toy_put(t, &at, TOY_LD, 3, 6, 0);
	toy_put(t, &at, TOY_ADDI, 4, 3, 7);
	toy_put(t, &at, TOY_XOR, 4, 2, 0);
	toy_put(t, &at, TOY_ST, 4, 6, 8);
	for (unsigned k = 0; k < more; k++) {
		toy_put(t, &at, TOY_ADDI, 7, 7, 3);
		toy_put(t, &at, TOY_XOR, 7, 3, 0);
		toy_put(t, &at, TOY_ADDI, 10 + k % 4, 7, (int)k);
	}
	toy_put(t, &at, TOY_ADDI, 8, 4, 1);
	if (more % 3 == 2) {	/* of this one it cannot be said where it goes */
		toy_put(t, &at, TOY_ADDI, 5, 6, 64);
		toy_put(t, &at, TOY_XOR, 5, 2, 0);
		toy_put(t, &at, TOY_ST, 3, 5, 0);
		toy_put(t, &at, TOY_ADDI, 8, 4, 2);
	}
	toy_put(t, &at, TOY_ADDI, 6, 6, 8);
	toy_put(t, &at, TOY_ADDI, 2, 2, -1);
	toy_put(t, &at, TOY_BNE, 2, 0, (int)(loop - at));
	toy_put(t, &at, TOY_BEQ, 0, 0, -(int)at);
	/* what faults begins again, and may go on then */
	toy_put(t, &handler, TOY_INC, 15, 0, 0);
	toy_put(t, &handler, TOY_MAP, 0, 1, second);
	toy_put(t, &handler, TOY_ADDI, 5, 0, 4);
	toy_put(t, &handler, TOY_JR, 5, 0, 0);
}

/*
 * Two registers change places each round, one more follows them, all sign-extended
 * again; before every other loop one of them is not. It is jumped into, too.
 */
static void extends(struct toy_vm *t, unsigned more)
{
	struct toy *c = toy_cpu(t, 0);
	uint64_t at = 0, loop;

	c->r[9] = 0x7ffffff0;
	c->r[10] = UINT64_C(0x100000000);
	toy_put(t, &at, TOY_ADDW, 4, 9, 0);
	toy_put(t, &at, TOY_ADDI, 5, 0, -3);
	toy_put(t, &at, TOY_ADDI, 6, 0, 9);
	toy_put(t, &at, TOY_ADDI, 2, 0, ROUNDS);
	toy_put(t, &at, TOY_INC, 12, 0, 0);
	toy_put(t, &at, TOY_ADDI, 13, 13, 1);
	toy_put(t, &at, TOY_BNE, 13, 3, 10);
	toy_put(t, &at, TOY_XOR, 13, 13, 0);
	toy_put(t, &at, TOY_XOR, 5 + more % 2, 10, 0);
	toy_put(t, &at, TOY_INC, 12, 0, 0);
	loop = at;
	toy_put(t, &at, TOY_ADDW, 7, 4, 5);
	toy_put(t, &at, TOY_ADDW, 8, 6, 0);
	toy_put(t, &at, TOY_ADDW, 4, 5, 0);
	toy_put(t, &at, TOY_ADDI, 5, 7, 0);
	toy_put(t, &at, TOY_XOR, 6, 5, 0);
	toy_put(t, &at, TOY_XOR, 6, 8, 0);
	for (unsigned k = 0; k < more; k++)
		toy_put(t, &at, TOY_ADDI, 11, 6, (int)k);
	toy_put(t, &at, TOY_ADDI, 2, 2, -1);
	toy_put(t, &at, TOY_BNE, 2, 0, (int)(loop - at));
	toy_put(t, &at, TOY_BEQ, 0, 0, -(int)at);
}

/* Both do the same in so many runs, one of them as compiled code. */
static void compare(struct toy_vm t[2], unsigned loop, unsigned runs)
{
	t[1].vm.jit.heat = 3;
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t[1].vm, &rx_engine_jit, NULL), 0);
	for (unsigned n = 0; n < runs; n++) {
		for (unsigned e = 0; e < 2; e++)
			CU_ASSERT_EQUAL(rx_vm_run(&t[e].vm, 1 + n * 7 % 331), RX_STOP_LIMIT);
		if (rx_vm_hash(&t[0].vm) == rx_vm_hash(&t[1].vm))
			continue;
		RX_TAP_CHECK(false, "loop %u, run %u", loop, n);
		break;
	}
}

static void signs(void)
{
	for (unsigned k = 0; k < 48; k++) {
		struct toy_vm t[2];

		for (unsigned e = 0; e < 2; e++) {
			toy_init(&t[e], &rx_engine_step, 1);
			toy_cpu(&t[e], 0)->r[3] = 1 + k % 5;
			extends(&t[e], k / 2);
		}
		compare(t, k, 300);
		for (unsigned e = 0; e < 2; e++)
			toy_fini(&t[e]);
	}
}

static void loops(void)
{
	uint64_t traces = 0;

	for (unsigned k = 0; k < 24; k++) {
		struct toy_vm t[2];
		const struct rx_jit *j;

		for (unsigned e = 0; e < 2; e++) {
			toy_init(&t[e], &rx_engine_step, 1);
			program(&t[e], k / 2, k & 1 ? second : 22 | TOY_R);
		}
		compare(t, k, 600);
		j = t[1].vm.cpu[0]->engine_data;
		traces += j->stats.traces;
		CU_ASSERT((toy_cpu(&t[1], 0)->r[15] > 10) == !(k & 1));
		for (unsigned e = 0; e < 2; e++)
			toy_fini(&t[e]);
	}
	CU_ASSERT(traces >= 24);
}

/* What compiled code says that it did, where runs end in the middle of traces. */
static void counts(void)
{
	enum { SLICES = 200, EACH = 501, BLOCK = 8 };
	uint64_t at = 0, before, native;
	const struct rx_jit *j;
	struct toy_vm t;

	toy_init(&t, &rx_engine_step, 1);
	for (unsigned k = 0; k < BLOCK - 1; k++)	/* temporaries: a loop that looks ahead */
		toy_put(&t, &at, TOY_ADDI, 4 + k, 1, (int)k);
	toy_put(&t, &at, TOY_BEQ, 0, 0, -(int)at);
	t.vm.jit.heat = 3;
	t.vm.jit.counts = true;
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t.vm, &rx_engine_jit, NULL), 0);
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 20 * EACH), RX_STOP_LIMIT);
	j = t.vm.cpu[0]->engine_data;
	CU_ASSERT(j->stats.traces > 0);
	before = j->count[RX_JIT_NATIVE];
	for (unsigned k = 0; k < SLICES; k++)
		CU_ASSERT_EQUAL(rx_vm_run(&t.vm, EACH), RX_STOP_LIMIT);
	native = j->count[RX_JIT_NATIVE] - before;
	/* the others: the end of a block begun before, and the start of the last one */
	RX_TAP_CHECK(native <= SLICES * EACH && native > SLICES * (EACH - 2 * BLOCK),
		     "%llu instructions", (unsigned long long)native);
	toy_fini(&t);
}

CU_TestInfo loops_tests[] = {
	{ "loops", loops },
	{ "signs", signs },
	{ "counts", counts },
	CU_TEST_INFO_NULL,
};
#endif
