/* test_time.c - counters and the supervisor timer. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_riscv/hart.h"

/* As in a run: the counts stand at n instructions and t traps. */
static void count(struct hart *h, uint64_t n, uint64_t t)
{
	h->cpu->budget = 1000;
	h->cpu->icount_end = n + t + 1000;
	h->cpu->traps = t;
}

static uint64_t read(struct hart *h, unsigned n)
{
	const struct rx_val v = rx_rv64_csr(h->cpu, n, RX_CSR_SET, 0, true, false);

	CU_ASSERT_EQUAL(v.status, RX_NEXT);
	return v.v;
}

static void write(struct hart *h, unsigned n, uint64_t v)
{
	CU_ASSERT_EQUAL(rx_rv64_csr(h->cpu, n, RX_CSR_WRITE, v, false,
				    true).status, RX_NEXT);
}

/* The next instruction reads the written value; a trap is no instruction. */
static void test_counters(void)
{
	static const unsigned both[2][2] = { { 0xb00, 0xc00 }, { 0xb02, 0xc02 } };

	for (unsigned k = 0; k < 2; k++) {
		struct hart *h = hart_new();
		const unsigned n = both[k][0], traps = k ? 0 : 7;

		count(h, 100, 7);
		CU_ASSERT_EQUAL(read(h, n), 100 + traps);
		CU_ASSERT_EQUAL(read(h, both[k][1]), 100 + traps);
		write(h, n, 5000);
		count(h, 101, 7);
		CU_ASSERT_EQUAL(read(h, n), 5000);
		count(h, 111, 8);
		CU_ASSERT_EQUAL(read(h, n), 5010 + !k);
		/* inhibited: the count that the next instruction sees stands */
		write(h, RG_RV64_CSR_MCOUNTINHIBIT, k ? 4 : 1);
		count(h, 200, 8);
		CU_ASSERT_EQUAL(read(h, n), 5011 + !k);
		count(h, 300, 9);
		CU_ASSERT_EQUAL(read(h, n), 5011 + !k);
		write(h, n, 3);
		count(h, 400, 9);
		CU_ASSERT_EQUAL(read(h, n), 3);
		write(h, RG_RV64_CSR_MCOUNTINHIBIT, 0);
		count(h, 401, 9);
		CU_ASSERT_EQUAL(read(h, n), 3);
		count(h, 411, 9);
		CU_ASSERT_EQUAL(read(h, n), 13);
		/* the other one went on */
		CU_ASSERT_EQUAL(read(h, both[!k][0]), 411 + (k ? 9 : 0));
		/* from zero again */
		rx_vm_reset(&h->vm);
		CU_ASSERT_EQUAL(read(h, n), 0);
		hart_free(h);
	}
}

static void set_clock(struct hart *h, uint64_t ns)
{
	h->vm.clock.skipped = ns;
	rx_clock_run(&h->vm);
}

static void test_time(void)
{
	struct hart *h = hart_new();

	set_clock(h, 999);
	CU_ASSERT_EQUAL(read(h, RG_RV64_CSR_TIME), 9);
	set_clock(h, 1000);
	CU_ASSERT_EQUAL(read(h, RG_RV64_CSR_TIME), 10);
	rx_rv64_set_time_offset(h->cpu, 100);
	CU_ASSERT_EQUAL(read(h, RG_RV64_CSR_TIME), 110);
	hart_free(h);
}

#define STIP(h) (get(h, RG_RV64_CSR_MIP) >> 5 & 1)

static void test_stimecmp(void)
{
	struct hart *h = hart_new();

	/* without STCE it is a register, and STIP is software's */
	put(h, RG_RV64_CSR_STIMECMP, 0);
	CU_ASSERT_EQUAL(STIP(h), 0);
	put(h, RG_RV64_CSR_MIP, 0x20);
	CU_ASSERT_EQUAL(STIP(h), 1);
	put(h, RG_RV64_CSR_STIMECMP, 500);
	put(h, RG_RV64_CSR_MENVCFG, RG_RV64_MENVCFG_STCE);
	CU_ASSERT_EQUAL(STIP(h), 0);
	put(h, RG_RV64_CSR_MIP, 0x20);
	CU_ASSERT_EQUAL(STIP(h), 0);
	put(h, RG_RV64_CSR_MIE, 0x20);
	status(h, RG_RV64_MSTATUS_MIE, 0);

	set_clock(h, 49999);
	CU_ASSERT_EQUAL(STIP(h), 0);
	h->cpu->poll = 0;
	set_clock(h, 50000);
	CU_ASSERT_EQUAL(STIP(h), 1);
	CU_ASSERT(h->cpu->poll & RX_POLL_IRQ);
	CU_ASSERT_TRUE(rx_rv64_interrupt(h->cpu));
	CU_ASSERT_EQUAL(get(h, RG_RV64_CSR_MCAUSE), UINT64_C(1) << 63 | 5);
	/* a later deadline takes it back, an earlier one is due at once */
	put(h, RG_RV64_CSR_STIMECMP, 501);
	CU_ASSERT_EQUAL(STIP(h), 0);
	put(h, RG_RV64_CSR_STIMECMP, 499);
	CU_ASSERT_EQUAL(STIP(h), 1);
	put(h, RG_RV64_CSR_STIMECMP, UINT64_MAX);
	CU_ASSERT_EQUAL(STIP(h), 0);
	CU_ASSERT_FALSE(h->c->p.stimer.armed);
	/* time jumps */
	put(h, RG_RV64_CSR_STIMECMP, 1000);
	rx_rv64_set_time_offset(h->cpu, 600);
	CU_ASSERT_EQUAL(STIP(h), 1);
	rx_rv64_set_time_offset(h->cpu, -UINT64_C(100));
	CU_ASSERT_EQUAL(STIP(h), 0);
	set_clock(h, 109999);
	CU_ASSERT_EQUAL(STIP(h), 0);
	set_clock(h, 110000);
	CU_ASSERT_EQUAL(STIP(h), 1);
	/* off: nothing is left of it */
	put(h, RG_RV64_CSR_MENVCFG, 0);
	put(h, RG_RV64_CSR_MIP, 0);
	CU_ASSERT_EQUAL(STIP(h), 0);
	/* a timer of an earlier life does not fire after a reset */
	put(h, RG_RV64_CSR_MENVCFG, RG_RV64_MENVCFG_STCE);
	put(h, RG_RV64_CSR_STIMECMP, 2000);
	CU_ASSERT_TRUE(h->c->p.stimer.armed);
	rx_vm_reset(&h->vm);
	CU_ASSERT_FALSE(h->c->p.stimer.armed);
	CU_ASSERT_EQUAL(STIP(h), 0);
	hart_free(h);
}

/* Without Sstc a firmware drives STIP as a line. */
static void test_line(void)
{
	struct hart *h = hart_new();

	rx_rv64_irq(h->cpu, RX_RV64_IRQ_STI, true);
	CU_ASSERT_EQUAL(STIP(h), 1);
	put(h, RG_RV64_CSR_STIMECMP, 5);
	CU_ASSERT_EQUAL(STIP(h), 1);
	rx_rv64_irq(h->cpu, RX_RV64_IRQ_STI, false);
	CU_ASSERT_EQUAL(STIP(h), 0);
	hart_free(h);
}

CU_TestInfo time_tests[] = {
	{ "counters", test_counters },
	{ "time", test_time },
	{ "stimecmp", test_stimecmp },
	{ "line", test_line },
	CU_TEST_INFO_NULL,
};
