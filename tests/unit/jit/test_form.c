/* test_form.c - which blocks are compiled together. SPDX-License-Identifier: MIT */
#include "core/vm.h"
#include "suites.h"
#if RX_HAVE_JIT
#include "core/blocks.h"
#include "jit/gen.h"
#include "tests/lib/tap.h"
#include "tests/unit/core/toy.h"

#define LOOPS 60	/* many more blocks than a region has */
#define ROUNDS 9
#define INSNS (1u << 20)

/* Loops of two blocks, for ever: on behind one lies the next, back its other half */
static void loops(struct toy_vm *t)
{
	uint64_t at = 0, half = 0x800;

	toy_cpu(t, 0)->r[7] = ROUNDS;
	for (unsigned k = 0; k < LOOPS; k++) {
		toy_put(t, &at, TOY_XOR, 5, 5, 0);
		toy_put(t, &at, TOY_ADDI, 5, 5, 1);
		toy_put(t, &at, TOY_BNE, 5, 7, (int)(half - at));
		toy_put(t, &half, TOY_INC, 3, 0, 0);
		toy_put(t, &half, TOY_BEQ, 0, 0, (int)(at - 8 - half));
	}
	toy_put(t, &at, TOY_BEQ, 0, 0, -(int)at);
}

/* Ways that are taken one after the other, each for some time */
static void ways(struct toy_vm *t)
{
	uint64_t at = 0;

	toy_cpu(t, 0)->r[7] = 1;
	toy_put(t, &at, TOY_ADDI, 5, 5, 1);		/* 0 */
	toy_put(t, &at, TOY_BEQ, 5, 7, 14);		/* 4: to 18 */
	toy_put(t, &at, TOY_INC, 3, 0, 0);		/* 8 */
	toy_put(t, &at, TOY_ADDI, 4, 3, 5);		/* 10 */
	toy_put(t, &at, TOY_BEQ, 0, 0, -14);		/* 14: to 0 */
	toy_put(t, &at, TOY_XOR, 5, 5, 0);		/* 18 */
	toy_put(t, &at, TOY_ADDI, 8, 8, 1);		/* 20 */
	toy_put(t, &at, TOY_BNE, 8, 9, -24);		/* 24: to 0 */
	toy_put(t, &at, TOY_ADDI, 7, 7, 3);		/* 28 */
	toy_put(t, &at, TOY_XOR, 8, 8, 0);		/* 32 */
	toy_put(t, &at, TOY_BEQ, 0, 0, -34);		/* 34: to 0 */
	toy_cpu(t, 0)->r[9] = 100;
}

/* Jumps to an address on the other page that the same block computes */
static void put_far(struct toy_vm *t, uint64_t *at, int to)
{
	toy_put(t, at, TOY_XOR, 5, 5, 0);
	toy_put(t, at, TOY_ADDI, 5, 5, to);
	toy_put(t, at, TOY_JR, 5, 0, 0);
}

/* Two pages by turns; the second is mapped to other code now and then. */
static void pages(struct toy_vm *t)
{
	const int rwx = TOY_R | TOY_W | TOY_X;
	uint64_t at = 0x1000;

	toy_cpu(t, 0)->r[1] = 64;
	toy_cpu(t, 0)->r[10] = 2;
	toy_put(t, &at, TOY_ADDI, 2, 2, 1);		/* 0 */
	toy_put(t, &at, TOY_BNE, 2, 1, 24);		/* 4: to 28 */
	toy_put(t, &at, TOY_XOR, 2, 2, 0);		/* 8 */
	toy_put(t, &at, TOY_XOR, 14, 1, 0);		/* 10 */
	toy_put(t, &at, TOY_BNE, 14, 1, 12);		/* 12: to 24 */
	toy_put(t, &at, TOY_MAP, 0, 10, 8 | rwx);	/* 16 */
	toy_put(t, &at, TOY_BEQ, 0, 0, 8);		/* 20: to 28 */
	toy_put(t, &at, TOY_MAP, 0, 10, 2 | rwx);	/* 24 */
	put_far(t, &at, 0x2000);			/* 28 */
	for (unsigned page = 2; page <= 8; page += 6) {
		at = page * 0x1000;
		toy_put(t, &at, TOY_INC, page == 2 ? 3 : 4, 0, 0);
		put_far(t, &at, 0x1000);
	}
	at = 0;
	put_far(t, &at, 0x1000);
}

static void start(struct toy_vm *t, void (*program)(struct toy_vm *t))
{
	for (unsigned k = 0; k < 2; k++) {
		toy_init(&t[k], &rx_engine_step, 1);
		program(&t[k]);
	}
	t[1].vm.jit.heat = 50;
	t[1].vm.jit.counts = true;
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t[1].vm, &rx_engine_jit, NULL), 0);
}

/* After n instructions both are the same; then they end. */
static void compare(struct toy_vm *t, uint64_t n)
{
	CU_ASSERT_EQUAL(rx_vm_run(&t[0].vm, n), RX_STOP_LIMIT);
	CU_ASSERT_EQUAL(rx_vm_hash(&t[0].vm), rx_vm_hash(&t[1].vm));
	for (unsigned k = 0; k < 2; k++)
		toy_fini(&t[k]);
}

/* How often compiled code is left that way in INSNS instructions, when all is compiled. */
static uint64_t left_by(struct toy_vm *t, enum rx_jit_tail way)
{
	const struct rx_jit *j = t[1].vm.cpu[0]->engine_data;
	uint64_t before;

	CU_ASSERT_EQUAL(rx_vm_run(&t[1].vm, INSNS), RX_STOP_LIMIT);
	before = j->count[RX_JIT_WAYS + way];
	CU_ASSERT_EQUAL(rx_vm_run(&t[1].vm, INSNS), RX_STOP_LIMIT);
	return j->count[RX_JIT_WAYS + way] - before;
}

/* No region has half of a loop only, where others are at its end. */
static void whole_loops(void)
{
	struct toy_vm t[2];
	const struct rx_jit *j;
	uint64_t exits;

	start(t, loops);
	j = t[1].vm.cpu[0]->engine_data;
	exits = left_by(t, JIT_EXIT);
	/* some four instructions a round: most loops go to the next one inside of a region */
	RX_TAP_CHECK(exits < INSNS / (4 * ROUNDS) / 4, "%llu exits", (unsigned long long)exits);
	CU_ASSERT(j->stats.regions > 3);
	compare(t, 2 * INSNS);
}

/* Where a new region has all of an old one, that goes. */
static void replaced(void)
{
	struct toy_vm t[2];
	const struct rx_jit *j;
	const struct rx_block *b;

	start(t, ways);
	j = t[1].vm.cpu[0]->engine_data;
	CU_ASSERT_EQUAL(rx_vm_run(&t[1].vm, INSNS), RX_STOP_LIMIT);
	b = rx_blocks_peek(t[1].vm.cpu[0], 0, t[1].vm.mem.region[0].host, 0);
	CU_ASSERT(j->stats.replaced > 0);
	CU_ASSERT(b && b->native == 1);
	CU_ASSERT_EQUAL(j->oldest, j->newest);
	compare(t, INSNS);
}

/* A computed jump to one address is as good as a link, also to another page. */
static void one_target(void)
{
	struct toy_vm t[2];
	uint64_t exits;

	start(t, pages);
	exits = left_by(t, JIT_GOTO);
	/* nine instructions a round, two jumps; few of those to what is mapped elsewhere */
	RX_TAP_CHECK(exits < INSNS / 9 / 10, "%llu exits", (unsigned long long)exits);
	CU_ASSERT(toy_cpu(&t[1], 0)->r[3] && toy_cpu(&t[1], 0)->r[4]);
	compare(t, 2 * INSNS);
}

CU_TestInfo form_tests[] = {
	{ "whole_loops", whole_loops },
	{ "replaced", replaced },
	{ "one_target", one_target },
	CU_TEST_INFO_NULL,
};
#endif
