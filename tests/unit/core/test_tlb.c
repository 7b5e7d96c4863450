/* test_tlb.c - the software TLB. SPDX-License-Identifier: MIT */
#include "suites.h"

#include "toy.h"
#include "core/thr.h"

#define R (1 << RX_ACC_R)
#define W (1 << RX_ACC_W)
#define X (1 << RX_ACC_X)

static struct toy_vm t;
static struct rx_cpu *cpu;

static void begin(void)
{
	toy_init(&t, &rx_engine_threaded, 1);
	cpu = t.vm.cpu[0];
}

static uint8_t *page(unsigned n)
{
	return t.vm.mem.region[0].host + 4096 * n;
}

/* Mask of the accesses of 8 bytes at va that hit. */
static unsigned hits(uint64_t va)
{
	const struct rx_tlb_entry *e = rx_tlb_slot(cpu->tlb, va);
	unsigned sum = 0;

	for (unsigned a = RX_ACC_R; a <= RX_ACC_X; a++)
		sum |= (unsigned)rx_tlb_hit(e, a, va, 8) << a;
	return sum;
}

static void fill(void)
{
	const uint64_t alias = 0x5000 + ((uint64_t)RX_TLB_ENTRIES << 12);
	uint64_t v = 0;

	begin();
	CU_ASSERT_EQUAL(hits(0x5000), 0);
	rx_tlb_fill(cpu, 0x5123, page(7), R, 4096);
	CU_ASSERT_EQUAL(hits(0x5000), R);
	CU_ASSERT_EQUAL(hits(0x5ff8), R);
	CU_ASSERT_EQUAL(hits(0x5ff9), 0);	/* crosses */
	CU_ASSERT_EQUAL(hits(alias), 0);
	page(7)[0x10] = 0x42;
	CU_ASSERT(rx_thr_load64(cpu->tlb, 0x5010, &v));
	CU_ASSERT_EQUAL(v, 0x42);
	CU_ASSERT_FALSE(rx_thr_store64(cpu->tlb, 0x5010, 1));
	rx_tlb_fill(cpu, 0x5000, page(7), W, 4096);	/* adds */
	CU_ASSERT_EQUAL(hits(0x5000), R | W);
	CU_ASSERT(rx_thr_store64(cpu->tlb, 0x5010, 77));
	CU_ASSERT_EQUAL(page(7)[0x10], 77);
	rx_tlb_fill(cpu, 0x5000, page(8), X, 4096);	/* replaces */
	CU_ASSERT_EQUAL(hits(0x5000), X);
	rx_tlb_fill(cpu, alias, page(8), R, 4096);
	CU_ASSERT_EQUAL(hits(0x5000), 0);
	CU_ASSERT_EQUAL(hits(alias), R);
	toy_fini(&t);
}

/* Aligned atomics: one compare for page and alignment. */
static void host_address(void)
{
	begin();
	rx_tlb_fill(cpu, 0x5000, page(7), R | W, 4096);
	CU_ASSERT_EQUAL(rx_thr_host(cpu->tlb, 0x5008, 8, RX_ACC_W),
			(void *)(page(7) + 8));
	CU_ASSERT_PTR_NULL(rx_thr_host(cpu->tlb, 0x5004, 8, RX_ACC_W));
	CU_ASSERT_EQUAL(rx_thr_host(cpu->tlb, 0x5004, 4, RX_ACC_R),
			(void *)(page(7) + 4));
	CU_ASSERT_PTR_NULL(rx_thr_host(cpu->tlb, 0x5002, 4, RX_ACC_R));
	CU_ASSERT_PTR_NULL(rx_thr_host(cpu->tlb, 0x6000, 4, RX_ACC_R));
	CU_ASSERT_EQUAL(rx_thr_host_rw(cpu->tlb, 0x5008, 8),
			(void *)(page(7) + 8));
	rx_tlb_fill(cpu, 0x6000, page(7), W, 4096);
	CU_ASSERT_PTR_NULL(rx_thr_host_rw(cpu->tlb, 0x6008, 8));
	toy_fini(&t);
}

/* Tables keep what they hold; the one not used for longest is taken. */
static void tables(void)
{
	begin();
	for (unsigned k = 0; k < RX_TLB_TABLES; k++) {
		rx_tlb_select(cpu, 1, 100 + k);
		rx_tlb_fill(cpu, 0x5000, page(k), R, 4096);
	}
	for (unsigned k = 0; k < RX_TLB_TABLES; k++) {
		rx_tlb_select(cpu, 1, 100 + k);
		CU_ASSERT_EQUAL(hits(0x5000), R);
		CU_ASSERT_EQUAL(rx_tlb_slot(cpu->tlb, 0x5000)->addend + 0x5000,
				(uintptr_t)page(k));
	}
	rx_tlb_select(cpu, 1, 100);
	rx_tlb_select(cpu, 2, 100);	/* takes the place of 1, 101 */
	CU_ASSERT_EQUAL(hits(0x5000), 0);
	rx_tlb_select(cpu, 1, 100);
	CU_ASSERT_EQUAL(hits(0x5000), R);
	rx_tlb_select(cpu, 1, 102);
	CU_ASSERT_EQUAL(hits(0x5000), R);
	rx_tlb_select(cpu, 1, 101);
	CU_ASSERT_EQUAL(hits(0x5000), 0);
	toy_fini(&t);
}

/* A new address space begins with what is the same in all of its kind. */
static void global(void)
{
	const uint64_t large = 0x40000000;

	begin();
	rx_tlb_select(cpu, 1, 100);
	rx_tlb_fill(cpu, 0x5000, page(1), R | X | RX_TLB_GLOBAL, 4096);
	rx_tlb_fill(cpu, 0x6000, page(2), R, 4096);
	rx_tlb_fill(cpu, large, page(3), R | W | RX_TLB_GLOBAL, 0x200000);
	rx_tlb_fill(cpu, 0x7000, page(4), R | RX_TLB_GLOBAL, 4096);
	rx_tlb_fill(cpu, 0x7000, page(5), R, 4096);	/* is it no more */
	rx_tlb_fill(cpu, 0x8000, page(6), W, 4096);
	rx_tlb_fill(cpu, 0x8000, page(6), R | RX_TLB_GLOBAL, 4096);	/* that was not all */
	rx_tlb_select(cpu, 2, 101);
	CU_ASSERT_EQUAL(hits(0x5000), 0);
	rx_tlb_select(cpu, 1, 0);
	CU_ASSERT_EQUAL(hits(0x5000), 0);
	rx_tlb_select(cpu, 1, 101);
	CU_ASSERT_EQUAL(hits(0x5000), R | X);
	CU_ASSERT_EQUAL(rx_tlb_slot(cpu->tlb, 0x5000)->addend + 0x5000, (uintptr_t)page(1));
	CU_ASSERT_EQUAL(hits(large), R | W);
	CU_ASSERT_EQUAL(hits(0x6000), 0);
	CU_ASSERT_EQUAL(hits(0x7000), 0);
	CU_ASSERT_EQUAL(hits(0x8000), 0);
	rx_tlb_flush_page(cpu, large + 0x1000, 0, 0);	/* of the same large page */
	CU_ASSERT_EQUAL(hits(large), 0);
	rx_tlb_select(cpu, 1, 100);
	CU_ASSERT_EQUAL(hits(large), 0);
	rx_tlb_fill(cpu, 0x5000, page(1), R | RX_TLB_GLOBAL, 4096);
	rx_tlb_flush_matching(cpu, 100, 0xff);
	rx_tlb_select(cpu, 1, 102);	/* the last one of its kind is empty */
	CU_ASSERT_EQUAL(hits(0x5000), 0);
	toy_fini(&t);
}

static uint64_t epoch;

/* Does what compiled code knows about accesses still hold? */
static bool kept(void)
{
	const bool is = cpu->tlb_epoch == epoch;

	epoch = cpu->tlb_epoch;
	return is;
}

static void sites(void)
{
	const uint64_t alias = 0x5000 + ((uint64_t)RX_TLB_ENTRIES << 12);
	uint64_t first;

	begin();
	(void)kept();
	rx_tlb_fill(cpu, 0x5000, page(1), R, 4096);
	rx_tlb_fill(cpu, 0x5000, page(1), R | W, 4096);
	rx_tlb_fill(cpu, 0x6000, page(2), R, 4096);
	rx_tlb_fill(cpu, 0x7000, page(2), X, 4096);
	rx_tlb_fill(cpu, alias + 0x2000, page(1), R, 4096);	/* code's place */
	CU_ASSERT(kept());
	rx_tlb_fill(cpu, alias, page(1), R, 4096);
	CU_ASSERT_FALSE(kept());
	rx_tlb_fill(cpu, 0x6000, page(3), W, 4096);
	CU_ASSERT_FALSE(kept());
	rx_tlb_flush_page(cpu, 0x8000, 0, 0);	/* of nothing */
	rx_tlb_protect_host(cpu, page(1));
	CU_ASSERT(kept());
	rx_tlb_protect_host(cpu, page(3));
	CU_ASSERT_FALSE(kept());
	rx_tlb_flush_page(cpu, alias, 0, 0);
	CU_ASSERT_FALSE(kept());
	rx_tlb_flush_matching(cpu, 0, 0);
	CU_ASSERT_FALSE(kept());
	rx_tlb_fill(cpu, 0x5000, page(1), W, 4096);
	first = cpu->tlb_epoch;
	rx_tlb_select(cpu, 7, 7);
	CU_ASSERT_FALSE(kept());
	rx_tlb_fill(cpu, 0x5000, page(1), R, 4096);
	rx_tlb_flush_matching(cpu, 9, 0xff);	/* others */
	CU_ASSERT(kept());
	rx_tlb_select(cpu, 0, 0);
	CU_ASSERT_EQUAL(cpu->tlb_epoch, first);	/* it lost nothing meanwhile */
	rx_tlb_select(cpu, 7, 7);
	CU_ASSERT(kept());
	rx_tlb_protect_host(cpu, page(1));	/* of the other one */
	CU_ASSERT(kept());
	rx_tlb_select(cpu, 0, 0);
	CU_ASSERT_NOT_EQUAL(cpu->tlb_epoch, first);
	rx_tlb_select(cpu, 7, 7);
	rx_tlb_flush_all(cpu);
	CU_ASSERT_FALSE(kept());
	toy_fini(&t);
}

static unsigned hits_in(uint64_t key1, uint64_t va)
{
	rx_tlb_select(cpu, 0, key1);
	return hits(va);
}

static void flush(void)
{
	begin();
	for (uint64_t k = 0x10; k < 0x13; k++) {
		rx_tlb_select(cpu, 0, k);
		rx_tlb_fill(cpu, 0x5000, page(1), R, 4096);
		rx_tlb_fill(cpu, 0x6000, page(1), R, 4096);
	}
	rx_tlb_flush_page(cpu, 0x5abc, 0x11, 0xff);
	CU_ASSERT_EQUAL(hits_in(0x10, 0x5000), R);
	CU_ASSERT_EQUAL(hits_in(0x11, 0x5000), 0);
	CU_ASSERT_EQUAL(hits_in(0x11, 0x6000), R);
	rx_tlb_flush_page(cpu, 0x6000, 0x10, 0xf0);
	CU_ASSERT_EQUAL(hits_in(0x10, 0x6000), 0);
	CU_ASSERT_EQUAL(hits_in(0x12, 0x6000), 0);
	CU_ASSERT_EQUAL(hits_in(0x10, 0x5000), R);
	rx_tlb_flush_matching(cpu, 0x10, 0xff);
	CU_ASSERT_EQUAL(hits_in(0x10, 0x5000), 0);
	CU_ASSERT_EQUAL(hits_in(0x12, 0x5000), R);
	rx_tlb_flush_all(cpu);
	CU_ASSERT_EQUAL(hits_in(0x12, 0x5000), 0);
	toy_fini(&t);
}

/* Flushing one address of a superpage drops all pages of it. */
static void superpage(void)
{
	begin();
	rx_tlb_fill(cpu, 0x201000, page(1), R, 0x200000);
	rx_tlb_fill(cpu, 0x5000, page(2), R, 4096);
	rx_tlb_flush_page(cpu, 0x400000, 0, 0);
	CU_ASSERT_EQUAL(hits(0x201000), R);
	rx_tlb_flush_page(cpu, 0x3ff000, 0, 0);
	CU_ASSERT_EQUAL(hits(0x201000), 0);
	rx_tlb_fill(cpu, 0x5000, page(2), R, 4096);
	rx_tlb_flush_page(cpu, 0x3ff000, 0, 0);	/* forgotten */
	CU_ASSERT_EQUAL(hits(0x5000), R);
	toy_fini(&t);
}

/* Pages with code cannot be written by the fast path, under any name. */
static void protect(void)
{
	begin();
	rx_tlb_fill(cpu, 0x5000, page(1), R | W, 4096);
	rx_tlb_fill(cpu, 0x9000, page(1), R | W, 4096);
	rx_tlb_fill(cpu, 0x6000, page(2), R | W, 4096);
	rx_tlb_select(cpu, 5, 5);
	rx_tlb_fill(cpu, 0x7000, page(1), W | X, 4096);
	rx_mem_code_mark(&t.vm.mem, page(1) + 100, 30);
	CU_ASSERT_EQUAL(t.vm.mem.region[0].code[1], 6);
	CU_ASSERT_EQUAL(hits(0x7000), X);
	rx_tlb_fill(cpu, 0x7000, page(1), W | X, 4096);
	CU_ASSERT_EQUAL(hits(0x7000), X);
	rx_tlb_select(cpu, 0, 0);
	CU_ASSERT_EQUAL(hits(0x5000), R);
	CU_ASSERT_EQUAL(hits(0x9000), R);
	CU_ASSERT_EQUAL(hits(0x6000), R | W);
	toy_fini(&t);
}

CU_TestInfo tlb_tests[] = {
	{ "fill", fill },
	{ "host_address", host_address },
	{ "tables", tables },
	{ "global", global },
	{ "sites", sites },
	{ "flush", flush },
	{ "superpage", superpage },
	{ "protect", protect },
	CU_TEST_INFO_NULL,
};
