/* test_sites.c - what compiled code knows about pages. SPDX-License-Identifier: MIT
 *
 * Loops on pages of their own, which computed jumps lead to: each is a region, and
 * all load from one page, whose mapping changes behind their backs.
 */
#include <string.h>

#include "core/vm.h"
#include "suites.h"
#if RX_HAVE_JIT
#include "core/blocks.h"
#include "jit/jit.h"
#include "tests/lib/tap.h"
#include "tests/unit/core/toy.h"

#define DATA 5		/* page that is loaded from */
#define ROUNDS 8	/* of the loops before something happens to it */

/* A loop of three rounds at a page, which jumps to what register `on` says then. */
static void loop(struct toy_vm *t, unsigned page, unsigned sum, unsigned on, int offset)
{
	uint64_t at = page * 0x1000;

	toy_put(t, &at, TOY_LD, 3, 6, offset);		/* 0 */
	toy_put(t, &at, TOY_XOR, sum, 3, 0);		/* 4 */
	toy_put(t, &at, TOY_INC, sum, 0, 0);		/* 6 */
	toy_put(t, &at, TOY_ST, sum, 6, offset + 64);	/* 8 */
	toy_put(t, &at, TOY_ADDI, 2, 2, 1);		/* 12 */
	toy_put(t, &at, TOY_BNE, 2, 1, -16);		/* 16: to 0 */
	toy_put(t, &at, TOY_XOR, 2, 2, 0);		/* 20 */
	toy_put(t, &at, TOY_JR, on, 0, 0);		/* 22 */
}

/* Loops 1, 2, 1, 2 ..., now and then what happens, in turns. */
static void program(struct toy_vm *t, enum toy_op first, int with, enum toy_op second,
		    int with_other)
{
	struct toy *c = toy_cpu(t, 0);
	uint64_t at = 0x3000;

	for (unsigned p = 20; p < 22; p++)
		memset(t->vm.mem.region[0].host + 0x1000 * p, (int)p, 0x1000);
	c->table[0][DATA] = c->table[1][DATA] = 20 | TOY_R | TOY_W;
	c->table[1][DATA] += with == 1;		/* another page in the other space */
	c->r[1] = 3;
	c->r[6] = DATA << 12;
	c->r[8] = 0x2000;
	c->r[9] = 0x3000;
	c->r[10] = DATA;
	c->r[11] = 0x1000;
	c->r[13] = ROUNDS;
	loop(t, 1, 4, 8, 0);
	loop(t, 2, 5, 9, 8);
	toy_put(t, &at, TOY_ADDI, 12, 12, 1);		/* 0 */
	toy_put(t, &at, TOY_BEQ, 12, 13, 6);		/* 4: to 10 */
	toy_put(t, &at, TOY_JR, 11, 0, 0);		/* 8 */
	toy_put(t, &at, TOY_XOR, 12, 12, 0);		/* 10 */
	toy_put(t, &at, TOY_XOR, 14, 13, 0);		/* 12 */
	toy_put(t, &at, TOY_BNE, 14, 13, 10);		/* 14: to 24 */
	toy_put(t, &at, first, 0, 10, with);		/* 18 */
	toy_put(t, &at, TOY_JR, 11, 0, 0);		/* 22 */
	toy_put(t, &at, second, 0, 10, with_other);	/* 24 */
	toy_put(t, &at, TOY_JR, 11, 0, 0);		/* 28 */
	at = 0;
	toy_put(t, &at, TOY_JR, 11, 0, 0);
}

/* Regions whose sites know something that holds now. */
static unsigned knowing(struct rx_cpu *cpu)
{
	const struct rx_jit *j = cpu->engine_data;
	unsigned n = 0;
	size_t at = 0;

	while (at < j->sites_used) {
		const struct rx_sites *s = rx_sites_at(cpu, at);
		bool any = false;

		for (uint64_t k = 0; k < s->n; k++)
			any = any || s->site[k].limit;
		n += any && s->epoch == cpu->tlb_epoch;
		at += sizeof(*s) + s->n * sizeof(s->site[0]);
	}
	return n;
}

struct changes {
	enum toy_op op[2];
	int with[2];
};

static const struct changes changes[] = {
	{ { TOY_MAP, TOY_MAP }, { 21 | TOY_R | TOY_W, 20 | TOY_R | TOY_W } },
	{ { TOY_MAP, TOY_MAP }, { 0, 21 | TOY_R | TOY_W } },
	{ { TOY_MAP, TOY_MAP }, { 21 | TOY_R, 20 | TOY_R | TOY_W } },
	{ { TOY_SPACE, TOY_SPACE }, { 1, 0 } },
};

static void start(struct toy_vm *t, const struct changes *c, bool jit)
{
	uint64_t handler = TOY_VECTOR;

	toy_init(t, &rx_engine_step, 1);
	program(t, c->op[0], c->with[0], c->op[1], c->with[1]);
	/* what may not be accessed is passed over */
	toy_put(t, &handler, TOY_INC, 15, 0, 0);
	toy_put(t, &handler, TOY_JR, 9, 0, 0);
	t->vm.jit.heat = 5;
	if (jit)
		CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t->vm, &rx_engine_jit, NULL), 0);
}

static void run(struct toy_vm *t, uint64_t n)
{
	for (unsigned k = 0; k < 2; k++)
		CU_ASSERT_EQUAL(rx_vm_run(&t[k].vm, n), RX_STOP_LIMIT);
	RX_TAP_CHECK(rx_vm_hash(&t[0].vm) == rx_vm_hash(&t[1].vm), "after %llu",
		     (unsigned long long)t[0].vm.icount);
}

/* Each region keeps what it knows while others run, and nothing that holds no more. */
static void changed(void)
{
	for (unsigned c = 0; c < sizeof(changes) / sizeof(changes[0]); c++) {
		struct toy_vm t[2];
		unsigned most = 0;

		for (unsigned k = 0; k < 2; k++)
			start(&t[k], &changes[c], k);
		for (unsigned k = 0; k < 400; k++) {
			const unsigned n = knowing(t[1].vm.cpu[0]);

			run(t, 1 + k * 7 % 61);
			most = n > most ? n : most;
		}
		RX_TAP_CHECK(most >= 2, "change %u: %u regions know something", c, most);
		for (unsigned k = 0; k < 2; k++)
			toy_fini(&t[k]);
	}
}

/* Where memory for sites ends, the oldest regions go, and others begin at its start. */
static void wraps(void)
{
	const size_t size = RX_NATIVE_SITES * sizeof(struct rx_site);
	struct toy_vm t[2];
	struct rx_jit *j;

	for (unsigned k = 0; k < 2; k++)
		start(&t[k], &changes[0], k);
	j = t[1].vm.cpu[0]->engine_data;
	j->sites_used = size - RX_JIT_SITES_BYTES;
	for (unsigned k = 0; k < 100; k++) {
		run(t, 97);
		CU_ASSERT(j->sites_used <= size);
		rx_blocks_invalidate(t[1].vm.cpu[0], t[1].vm.mem.region[0].host +
				     0x1000 * (1 + k % 3), 1);
	}
	CU_ASSERT(j->sites_used < size / 2);
	CU_ASSERT(j->stats.regions > 10);
	for (unsigned k = 0; k < 2; k++)
		toy_fini(&t[k]);
}

/* A function that calls itself twenty times, again and again; r6 is the stack. */
static void calls_itself(struct toy_vm *t)
{
	struct toy *c = toy_cpu(t, 0);
	uint64_t at = 0;

	c->r[6] = (DATA << 12) + 0x800;
	toy_put(t, &at, TOY_ADDI, 2, 0, 20);		/* 0 */
	toy_put(t, &at, TOY_JAL, 5, 0, 8);		/* 4: to 12 */
	toy_put(t, &at, TOY_BEQ, 0, 0, -8);		/* 8: to 0 */
	toy_put(t, &at, TOY_ADDI, 6, 6, -16);		/* 12 */
	toy_put(t, &at, TOY_ST, 5, 6, 0);		/* 16 */
	toy_put(t, &at, TOY_ADDI, 2, 2, -1);		/* 20 */
	toy_put(t, &at, TOY_BEQ, 2, 0, 12);		/* 24: to 36 */
	toy_put(t, &at, TOY_JAL, 5, 0, -16);		/* 28: to 12 */
	toy_put(t, &at, TOY_ADDI, 3, 3, 1);		/* 32 */
	toy_put(t, &at, TOY_LD, 5, 6, 0);		/* 36 */
	toy_put(t, &at, TOY_ADDI, 6, 6, 16);		/* 40 */
	toy_put(t, &at, TOY_JR, 5, 0, 0);		/* 44 */
}

/* What a recursive function does where it returns is in a loop, too: it gets a site. */
static void returns(void)
{
	const struct rx_jit *j;
	struct toy_vm t[2];

	for (unsigned k = 0; k < 2; k++) {
		toy_init(&t[k], &rx_engine_step, 1);
		calls_itself(&t[k]);
	}
	t[1].vm.jit.heat = 50;
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t[1].vm, &rx_engine_jit, NULL), 0);
	for (unsigned k = 0; k < 300; k++)
		run(t, 1 + k * 7 % 61);
	j = t[1].vm.cpu[0]->engine_data;
	CU_ASSERT_FATAL(j->sites_used > 0);
	CU_ASSERT(rx_sites_at(t[1].vm.cpu[0], 0)->n >= 2);
	for (unsigned k = 0; k < 2; k++)
		toy_fini(&t[k]);
}

CU_TestInfo sites_tests[] = {
	{ "changed", changed },
	{ "wraps", wraps },
	{ "returns", returns },
	CU_TEST_INFO_NULL,
};
#endif
