/* test_walks.c - pointers that go from page to page in loops. SPDX-License-Identifier: MIT
 *
 * A loop loads where one pointer leads and stores where another one does, on pages that lie
 * in RAM in another order, until one is reached that may not be accessed, or the round is
 * over. Now and then a page is another one, or may be accessed otherwise.
 */
#include "core/vm.h"
#include "suites.h"
#if RX_HAVE_JIT
#include "jit/jit.h"
#include "tests/lib/tap.h"
#include "tests/unit/core/toy.h"

#define FIRST 8		/* page of those that are accessed */
#define PAGES 8
#define LOOP 0x1000
#define AGAIN 0x2000
#define AGAIN_TOO 0x2800
#define ROUNDS 6	/* until a page changes */

/* How the loop counts. */
enum count { UP, DOWN, TO_NUMBER };

struct walk {
	int from, by;		/* of the pointer that is loaded from; of the page FIRST */
	int to, to_by;		/* of the other one */
	unsigned times;		/* around the loop */
};

static const struct walk walks[] = {
	{ 0x3f8, 512, 0x3000, 8, 64 },
	{ 0x7a00, -512, 0x3000, 8, 60 },
	{ 0x3000, 8, 0x00a8, 600, 45 },
	{ 0x3f8, 512, 0x13f8, 512, 50 },
	{ 0x7ff8, -512, 0x3000, 256, 60 },
	{ 0x0ff9, 264, 0x4008, -264, 40 },	/* over ends of pages */
	{ 0x4ff8, -8, 0x5008, 512, 61 },
	{ 0x010, 4096, 0x7010, -4096, 8 },
	{ 0x800, 1000, 0x810, 1000, 25 },	/* one behind the other */
	{ 0x000, 300, 0x7000, -300, 100 },
	{ 0x3000, 0, 0x3000, 520, 20 },
	{ 0x000, 512, 0x3008, 512, 3 },
};

/* From the beginning, another ROUNDS times; then with another page, going on at `other`. */
static void again(struct toy_vm *t, uint64_t at, enum count count, int entry, int other)
{
	toy_put(t, &at, TOY_ADDI, 6, 10, 0);
	toy_put(t, &at, TOY_ADDI, 7, 11, 0);
	toy_put(t, &at, TOY_ADDI, 2, count == UP ? 0 : 1, 0);
	toy_put(t, &at, TOY_ADDI, 12, 12, 1);
	toy_put(t, &at, TOY_BNE, 12, 13, 14);	/* to the last */
	toy_put(t, &at, TOY_XOR, 12, 12, 0);
	toy_put(t, &at, TOY_MAP, 0, 14, entry);
	toy_put(t, &at, TOY_ADDI, 8, 0, other);
	toy_put(t, &at, TOY_JR, 9, 0, 0);
}

static void put_loop(struct toy_vm *t, const struct walk *w, enum count count)
{
	uint64_t at = LOOP;

	toy_put(t, &at, TOY_LD, 3, 6, 0);		/* 0 */
	toy_put(t, &at, TOY_XOR, 4, 3, 0);		/* 4 */
	toy_put(t, &at, TOY_ADDI, 6, 6, w->by);		/* 6 */
	toy_put(t, &at, TOY_ST, 4, 7, 0);		/* 10 */
	toy_put(t, &at, TOY_ADDI, 7, 7, w->to_by);	/* 14 */
	toy_put(t, &at, TOY_XOR, 5, 5, 0);		/* 18 */
	toy_put(t, &at, TOY_ADDI, 2, 2, count == UP ? 1 : -1);	/* 20 */
	toy_put(t, &at, TOY_BNE, 2, count == UP ? 1 : count == DOWN ? 0 : 5, -24);	/* to 0 */
	toy_put(t, &at, TOY_JR, 8, 0, 0);
}

static void start(struct toy_vm *t, const struct walk *w, enum count count, int entry,
		  uint32_t heat, bool jit)
{
	uint64_t handler = TOY_VECTOR, reset = 0;
	struct toy *c;

	toy_init(t, &rx_engine_step, 1);
	c = toy_cpu(t, 0);
	for (unsigned k = 0; k < PAGES; k++)
		c->table[0][FIRST + k] = (20 + k * 5 % PAGES) | TOY_R | TOY_W;
	for (unsigned k = 0; k < PAGES * 4096; k++)
		t->vm.mem.region[0].host[20 * 4096 + k] = (uint8_t)(k * 7 + (k >> 12));
	c->r[1] = w->times;
	c->r[8] = AGAIN;
	c->r[9] = LOOP;
	c->r[10] = (uint64_t)(FIRST * 4096 + w->from);
	c->r[11] = (uint64_t)(FIRST * 4096 + w->to);
	c->r[13] = ROUNDS;
	c->r[14] = FIRST + 5;
	toy_put(t, &reset, TOY_JR, 8, 0, 0);
	put_loop(t, w, count);
	again(t, AGAIN, count, entry, AGAIN_TOO);
	again(t, AGAIN_TOO, count, 22 | TOY_R | TOY_W, AGAIN);
	toy_put(t, &handler, TOY_INC, 15, 0, 0);
	toy_put(t, &handler, TOY_JR, 8, 0, 0);
	t->vm.jit.heat = heat;
	if (jit)
		CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t->vm, &rx_engine_jit, NULL), 0);
}

static void walk(unsigned n, enum count count, int entry, uint32_t heat)
{
	const struct rx_jit *j;
	struct toy_vm t[2];

	for (unsigned k = 0; k < 2; k++)
		start(&t[k], &walks[n], count, entry, heat, k);
	for (unsigned k = 0; k < 150; k++) {
		const uint64_t insns = k % 3 ? 1 + k * 7 % 61 : 1 + k * 37 % 1999;
		bool same;

		for (unsigned m = 0; m < 2; m++)
			CU_ASSERT_EQUAL(rx_vm_run(&t[m].vm, insns), RX_STOP_LIMIT);
		same = rx_vm_hash(&t[0].vm) == rx_vm_hash(&t[1].vm);
		RX_TAP_CHECK(same, "walk %u, %d, page %#x, heat %u: after %llu", n, count,
			     (unsigned)entry, (unsigned)heat, (unsigned long long)t[0].vm.icount);
		if (!same)
			break;
	}
	j = t[1].vm.cpu[0]->engine_data;
	CU_ASSERT(j->stats.traces > 0);
	for (unsigned k = 0; k < 2; k++)
		toy_fini(&t[k]);
}

static void each(int entry)
{
	for (unsigned n = 0; n < sizeof(walks) / sizeof(walks[0]); n++) {
		for (enum count c = UP; c <= TO_NUMBER; c++) {
			walk(n, c, entry, 4);
			walk(n, c, entry, 60);
		}
	}
}

static void other_page(void)
{
	each(30 | TOY_R | TOY_W);
}

static void no_page(void)
{
	each(0);
}

static void read_only(void)
{
	each(22 | TOY_R);
}

static void write_only(void)
{
	each(22 | TOY_W);
}

CU_TestInfo walks_tests[] = {
	{ "other_page", other_page },
	{ "no_page", no_page },
	{ "read_only", read_only },
	{ "write_only", write_only },
	CU_TEST_INFO_NULL,
};
#endif
