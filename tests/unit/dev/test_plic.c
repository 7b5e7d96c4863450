/* test_plic.c - sources, contexts, claim and completion. SPDX-License-Identifier: MIT */
#include "devt.h"
#include "dev/devices.h"
#include "suites.h"

#define PRIO(s) (4 * (s))
#define PENDING(w) (0x1000 + 4 * (w))
#define ENABLE(c, w) (0x2000 + 0x80 * (c) + 4 * (w))
#define THRESHOLD(c) (0x200000 + 0x1000 * (c))
#define CLAIM(c) (THRESHOLD(c) + 4)

static struct devt t;
static bool out[4];	/* by context */

static void line(void *sink, unsigned number, bool level)
{
	(void)number;
	*(bool *)sink = level;
}

static void setup(void)
{
	struct rx_plic_hart harts[2];

	for (unsigned h = 0; h < 2; h++) {
		out[2 * h] = out[2 * h + 1] = false;
		harts[h] = (struct rx_plic_hart){
			{ .set = line, .sink = &out[2 * h], .line = 11 },
			{ .set = line, .sink = &out[2 * h + 1], .line = 9 }, 0,
		};
	}
	devt_init(&t);
	devt_attach(&t, rx_plic_new(&t.vm, 2, harts), 0x600000);
}

static void wr(uint64_t offset, uint32_t v)
{
	devt_write(&t, offset, 4, v);
}

static uint32_t rd(uint64_t offset)
{
	return (uint32_t)devt_read(&t, offset, 4);
}

static void source(unsigned s, bool level)
{
	rx_plic_irq(t.dev, s, level);
}

static void test_registers(void)
{
	setup();
	wr(PRIO(0), 7);
	CU_ASSERT_EQUAL(rd(PRIO(0)), 0);
	wr(PRIO(1), 0xffffffff);
	CU_ASSERT_EQUAL(rd(PRIO(1)), 7);
	wr(PRIO(95), 3);
	CU_ASSERT_EQUAL(rd(PRIO(95)), 3);
	wr(PRIO(96), 3);
	CU_ASSERT_EQUAL(rd(PRIO(96)), 0);
	wr(ENABLE(0, 0), 0xffffffff);
	CU_ASSERT_EQUAL(rd(ENABLE(0, 0)), 0xfffffffe);	/* no source 0 */
	wr(ENABLE(3, 2), 0x80000000);
	CU_ASSERT_EQUAL(rd(ENABLE(3, 2)), 0x80000000);
	wr(ENABLE(3, 3), 0xffffffff);
	CU_ASSERT_EQUAL(rd(ENABLE(3, 3)), 0);
	wr(ENABLE(4, 0), 0xffffffff);			/* no such context */
	CU_ASSERT_EQUAL(rd(ENABLE(4, 0)), 0);
	wr(THRESHOLD(2), 0xf5);
	CU_ASSERT_EQUAL(rd(THRESHOLD(2)), 5);
	CU_ASSERT_EQUAL(rd(THRESHOLD(4)), 0);
	CU_ASSERT_EQUAL(rd(CLAIM(4)), 0);
	wr(CLAIM(4), 1);
	CU_ASSERT_EQUAL(rd(CLAIM(0)), 0);
	CU_ASSERT_TRUE(devt_refused(&t, 0, 1));
	CU_ASSERT_TRUE(devt_refused(&t, 0, 8));
	rx_plic_irq(t.dev, 0, true);
	rx_plic_irq(t.dev, 96, true);
	rx_plic_irq(t.dev, 100000, true);
	CU_ASSERT_EQUAL(rd(PENDING(0)), 0);
	devt_fini(&t);
}

static void test_claim(void)
{
	setup();
	wr(PRIO(10), 1);
	source(10, true);
	CU_ASSERT_EQUAL(rd(PENDING(0)), 1 << 10);
	CU_ASSERT_FALSE(out[1]);
	wr(ENABLE(1, 0), 1 << 10);
	CU_ASSERT_TRUE(out[1]);
	CU_ASSERT_FALSE(out[0] || out[2] || out[3]);
	CU_ASSERT_EQUAL(rd(CLAIM(1)), 10);
	CU_ASSERT_FALSE(out[1]);
	CU_ASSERT_EQUAL(rd(PENDING(0)), 0);
	CU_ASSERT_EQUAL(rd(CLAIM(1)), 0);
	/* still high: pending again after completion */
	wr(CLAIM(1), 10);
	CU_ASSERT_TRUE(out[1]);
	CU_ASSERT_EQUAL(rd(CLAIM(1)), 10);
	source(10, false);
	wr(CLAIM(1), 10);
	CU_ASSERT_FALSE(out[1]);
	/* a rise while claimed is seen after completion */
	source(10, true);
	CU_ASSERT_EQUAL(rd(CLAIM(1)), 10);
	source(10, false);
	source(10, true);
	CU_ASSERT_FALSE(out[1]);
	wr(CLAIM(1), 10);
	CU_ASSERT_TRUE(out[1]);
	/* a line that falls takes its request back */
	source(10, false);
	CU_ASSERT_FALSE(out[1]);
	devt_fini(&t);
}

static void test_complete_disabled(void)
{
	setup();
	wr(PRIO(3), 1);
	wr(ENABLE(0, 0), 1 << 3);
	source(3, true);
	CU_ASSERT_EQUAL(rd(CLAIM(0)), 3);
	wr(CLAIM(1), 3);		/* not enabled for that context */
	wr(CLAIM(0), 96);
	wr(CLAIM(0), 0xffffffff);
	CU_ASSERT_FALSE(out[0]);
	wr(ENABLE(0, 0), 0);
	wr(CLAIM(0), 3);		/* masked: ignored */
	wr(ENABLE(0, 0), 1 << 3);
	CU_ASSERT_FALSE(out[0]);
	wr(CLAIM(0), 3);
	CU_ASSERT_TRUE(out[0]);
	devt_fini(&t);
}

static void test_priorities(void)
{
	setup();
	for (unsigned w = 0; w < 3; w++)
		wr(ENABLE(1, w), 0xffffffff);
	wr(PRIO(8), 2);
	wr(PRIO(40), 5);
	wr(PRIO(70), 5);
	wr(PRIO(95), 7);
	source(8, true);
	source(95, true);
	source(70, true);
	source(40, true);
	source(20, true);	/* priority 0: never */
	wr(THRESHOLD(1), 7);
	CU_ASSERT_FALSE(out[1]);
	wr(THRESHOLD(1), 4);
	CU_ASSERT_TRUE(out[1]);
	CU_ASSERT_EQUAL(rd(CLAIM(1)), 95);
	CU_ASSERT_EQUAL(rd(CLAIM(1)), 40);	/* ties: lowest number */
	CU_ASSERT_EQUAL(rd(CLAIM(1)), 70);
	CU_ASSERT_FALSE(out[1]);
	CU_ASSERT_EQUAL(rd(CLAIM(1)), 8);	/* claims ignore the threshold */
	CU_ASSERT_EQUAL(rd(CLAIM(1)), 0);
	devt_fini(&t);
}

static void test_two_contexts(void)
{
	setup();
	wr(PRIO(5), 1);
	wr(ENABLE(1, 0), 1 << 5);
	wr(ENABLE(3, 0), 1 << 5);
	source(5, true);
	CU_ASSERT_TRUE(out[1] && out[3]);
	CU_ASSERT_EQUAL(rd(CLAIM(3)), 5);
	CU_ASSERT_FALSE(out[1] || out[3]);
	CU_ASSERT_EQUAL(rd(CLAIM(1)), 0);	/* the other was faster */
	wr(CLAIM(1), 5);
	CU_ASSERT_TRUE(out[1] && out[3]);
	rx_vm_reset(&t.vm);
	CU_ASSERT_FALSE(out[1] || out[3]);
	devt_fini(&t);
}

static void test_load(void)
{
	setup();
	devt_set_field(&t, "priority", 9, 1);
	devt_set_field(&t, "level", 0, 1 << 9);
	devt_set_field(&t, "enable", 3, 1 << 9);	/* context 1, word 0 */
	CU_ASSERT_EQUAL(t.dev->cls->post_load(t.dev, NULL), RAX_OK);
	CU_ASSERT_TRUE(out[1]);
	devt_set_field(&t, "level", 0, 1);
	CU_ASSERT_EQUAL(t.dev->cls->post_load(t.dev, NULL), RAX_EFORMAT);
	devt_fini(&t);
}

CU_TestInfo dev_plic_tests[] = {
	{ "registers", test_registers },
	{ "claim and complete", test_claim },
	{ "completion of what is not enabled", test_complete_disabled },
	{ "priorities", test_priorities },
	{ "two contexts", test_two_contexts },
	{ "load", test_load },
	CU_TEST_INFO_NULL,
};
