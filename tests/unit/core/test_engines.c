/* test_engines.c - step and threaded: exact, alike, and right. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>

#include "core/blocks.h"
#include "core/verify.h"
#include "tests/lib/tap.h"
#include "toy.h"

/* Each test body runs on both engines. */
#define BOTH(name) \
	static void name##_on(const struct rx_engine *engine); \
	static void name(void) \
	{ \
		name##_on(&rx_engine_step); \
		name##_on(&rx_engine_threaded); \
	} \
	static void name##_on(const struct rx_engine *engine)

static uint64_t read64(struct toy_vm *t, uint64_t at)
{
	uint64_t v = 0;

	CU_ASSERT_EQUAL(rx_mem_read(&t->vm.mem, TOY_RAM_BASE + at, &v, 8), 0);
	return v;
}

/* r1 counts down from 1000, r2 up */
static void put_loop(struct toy_vm *t)
{
	uint64_t at = 0;

	toy_put(t, &at, TOY_ADDI, 1, 0, 1000);
	toy_put(t, &at, TOY_INC, 2, 0, 0);		/* 4 */
	toy_put(t, &at, TOY_ADDI, 1, 1, -1);		/* 6 */
	toy_put(t, &at, TOY_BNE, 1, 0, -6);		/* 10 */
	toy_put(t, &at, TOY_TRAP, 2, 0, 0);		/* 14 */
	at = TOY_VECTOR;
	toy_put(t, &at, TOY_BEQ, 0, 0, 0);		/* for ever */
}

BOTH(loop)
{
	struct toy_vm t;

	toy_init(&t, engine, 1);
	put_loop(&t);
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 5000), RX_STOP_LIMIT);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 1000);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->cause, 1);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->value, 1000);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->epc, 14);
	CU_ASSERT_EQUAL(rx_cpu_icount(t.vm.cpu[0]), 5000);
	CU_ASSERT_EQUAL(rx_cpu_instret(t.vm.cpu[0]), 4999);
	CU_ASSERT_EQUAL(t.vm.icount, 5000);
	toy_fini(&t);
}

/* The state behind n units is the same however one gets there. */
static void budget(void)
{
	for (uint64_t n = 1; n < 40; n++) {
		struct toy_vm a, b;

		toy_init(&a, &rx_engine_step, 1);
		toy_init(&b, &rx_engine_threaded, 1);
		put_loop(&a);
		put_loop(&b);
		for (uint64_t k = 0; k < n; k++)
			CU_ASSERT_EQUAL(rx_vm_run(&a.vm, 1), RX_STOP_LIMIT);
		CU_ASSERT_EQUAL(rx_vm_run(&b.vm, n), RX_STOP_LIMIT);
		CU_ASSERT_EQUAL(rx_cpu_icount(b.vm.cpu[0]), n);
		RX_TAP_CHECK(rx_vm_hash(&a.vm) == rx_vm_hash(&b.vm),
			     "after %llu", (unsigned long long)n);
		/* and once it is all translated and linked */
		rx_vm_run(&b.vm, 2900);
		for (uint64_t k = 0; k < 2900; k++)
			CU_ASSERT_EQUAL(rx_vm_run(&a.vm, 1), RX_STOP_LIMIT);
		rx_vm_run(&b.vm, n);
		rx_vm_run(&a.vm, n);
		RX_TAP_CHECK(rx_vm_hash(&a.vm) == rx_vm_hash(&b.vm),
			     "after 2900 and %llu", (unsigned long long)n);
		toy_fini(&a);
		toy_fini(&b);
	}
}

/* Linked blocks do not come back to the run loop. */
static void linked(void)
{
	struct toy_vm t;
	uint64_t made;

	toy_init(&t, &rx_engine_threaded, 1);
	put_loop(&t);
	rx_vm_run(&t.vm, 30);
	made = t.vm.cpu[0]->blocks->made;
	toy_cpu(&t, 0)->fetches = 0;
	rx_vm_run(&t.vm, 2000);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->fetches, 0);
	CU_ASSERT(t.vm.cpu[0]->blocks->made <= made + 3);
	toy_fini(&t);
}

/* A store to the very next instruction, and back in the loop. */
BOTH(next_instruction)
{
	struct toy_vm t;
	uint64_t at = 0;

	toy_init(&t, engine, 1);
	toy_put(&t, &at, TOY_ADDI, 1, 0, TOY_INC | 0x300); /* inc r3 */
	toy_put(&t, &at, TOY_ADDI, 5, 0, TOY_INC | 0x200); /* inc r2 */
	toy_put(&t, &at, TOY_STH, 1, 0, 12);		/* 8 */
	toy_put(&t, &at, TOY_INC, 2, 0, 0);		/* 12, stored to */
	toy_put(&t, &at, TOY_INC, 4, 0, 0);		/* 14 */
	toy_put(&t, &at, TOY_STH, 5, 0, 14);		/* 16: to what ran */
	toy_put(&t, &at, TOY_BEQ, 0, 0, -8);		/* 20: to 12 */
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 5), RX_STOP_LIMIT);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 0);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 1);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[4], 1);
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 4), RX_STOP_LIMIT);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 2);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 1);	/* no longer r4 */
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[4], 1);
	CU_ASSERT_EQUAL(rx_cpu_icount(t.vm.cpu[0]), 9);
	toy_fini(&t);
}

/* Data beside code on the page: stores work and the code stays. */
BOTH(data_beside_code)
{
	struct toy_vm t;
	uint64_t at = 0;

	toy_init(&t, engine, 1);
	toy_put(&t, &at, TOY_INC, 1, 0, 0);
	toy_put(&t, &at, TOY_ST, 1, 0, 1024);
	toy_put(&t, &at, TOY_BEQ, 0, 0, -6);
	rx_vm_run(&t.vm, 3000);
	CU_ASSERT_EQUAL(read64(&t, 1024), 1000);
	if (engine == &rx_engine_threaded) {
		CU_ASSERT(t.vm.mem.region[0].code[0] == 1);
		CU_ASSERT(t.vm.cpu[0]->blocks->made < 10);
	}
	toy_fini(&t);
}

/* A page that was code becomes data again: stores are fast again. */
static void code_no_more(void)
{
	struct toy_vm t;
	uint64_t at = 0x2000;
	const struct rx_tlb_entry *e;

	toy_init(&t, &rx_engine_threaded, 1);
	toy_put(&t, &at, TOY_JR, 1, 0, 0);
	at = 0;
	toy_put(&t, &at, TOY_ADDI, 1, 0, 8);
	toy_put(&t, &at, TOY_JAL, 2, 0, 0x1ffc);	/* 4 */
	toy_put(&t, &at, TOY_ST, 3, 0, 0x2000);		/* 8 */
	toy_put(&t, &at, TOY_ST, 3, 0, 0x2000);
	toy_put(&t, &at, TOY_BEQ, 0, 0, 0);
	rx_vm_run(&t.vm, 3);
	CU_ASSERT_EQUAL(t.vm.mem.region[0].code[2], 1);
	e = rx_tlb_slot(t.vm.cpu[0]->tlb, 0x2000);
	CU_ASSERT_EQUAL(e->tag[RX_ACC_X], 0x2000);
	CU_ASSERT_EQUAL(e->tag[RX_ACC_W], RX_TLB_INVALID);
	rx_vm_run(&t.vm, 3);
	CU_ASSERT_EQUAL(t.vm.mem.region[0].code[2], 0);
	CU_ASSERT_EQUAL(e->tag[RX_ACC_W], 0x2000);
	toy_fini(&t);
}

/* One instruction across two pages, whose parts are mapped apart. */
BOTH(straddle)
{
	struct toy_vm t;
	uint64_t at = 0;

	toy_init(&t, engine, 1);
	toy_put(&t, &at, TOY_JAL, 1, 0, 0xffa);
	at = 0xffa;
	toy_put(&t, &at, TOY_ADDI, 2, 2, 1);
	toy_put(&t, &at, TOY_ADDI, 3, 3, 7);		/* 0xffe */
	toy_put(&t, &at, TOY_BNE, 2, 4, -8);		/* 0x1002 */
	toy_put(&t, &at, TOY_BEQ, 0, 0, 0);
	toy_cpu(&t, 0)->r[4] = 100;
	rx_vm_run(&t.vm, 301);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 100);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 700);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->cpu.pc, 0x1006);
	/* its second half changes: immediate 7 becomes 9 */
	at = 0x1000;
	CU_ASSERT_EQUAL(rx_mem_write(&t.vm.mem, TOY_RAM_BASE + at, "\t", 1), 0);
	toy_cpu(&t, 0)->cpu.pc = 0xffa;
	rx_vm_run(&t.vm, 2);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 709);
	/* its second page cannot be fetched: the fault is there */
	toy_cpu(&t, 0)->table[0][1] = 0;
	rx_tlb_flush_all(t.vm.cpu[0]);
	toy_cpu(&t, 0)->cpu.pc = 0xffa;
	rx_vm_run(&t.vm, 2);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 709);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->cause, 2);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->value, 0x1000);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->epc, 0xffe);
	toy_fini(&t);
}

/* A page is mapped to other code: what was translated there is not run. */
BOTH(remap)
{
	struct toy_vm t;
	uint64_t at = 0x5000;

	toy_init(&t, engine, 1);
	toy_put(&t, &at, TOY_INC, 2, 0, 0);	/* page 5 */
	toy_put(&t, &at, TOY_JR, 1, 0, 0);
	at = 0x6000;
	toy_put(&t, &at, TOY_INC, 3, 0, 0);	/* page 6 */
	toy_put(&t, &at, TOY_JR, 1, 0, 0);
	at = 0;
	toy_put(&t, &at, TOY_JAL, 1, 0, 0x5000);
	toy_put(&t, &at, TOY_MAP, 0, 4, TOY_X | TOY_R | 6);
	toy_put(&t, &at, TOY_JAL, 1, 0, 0x5000 - 8);
	toy_put(&t, &at, TOY_MAP, 0, 4, TOY_X | TOY_R | 5);
	toy_put(&t, &at, TOY_BEQ, 0, 0, -16);
	toy_cpu(&t, 0)->r[4] = 5;
	rx_vm_run(&t.vm, 9 * 10);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 10);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 10);
	if (engine == &rx_engine_threaded)
		CU_ASSERT(t.vm.cpu[0]->blocks->made < 40);
	toy_fini(&t);
}

/* One jump to another page whose mapping changes each time. */
BOTH(remap_far)
{
	struct toy_vm t;
	uint64_t at = 0;

	toy_init(&t, engine, 1);
	for (unsigned k = 0; k < 2; k++) {
		at = 0x5000 + k * 0x1000;
		toy_put(&t, &at, TOY_INC, 2 + k, 0, 0);
		toy_put(&t, &at, TOY_JR, 1, 0, 0);
	}
	at = 0;
	toy_put(&t, &at, TOY_MAP, 0, 4, TOY_X | 6);
	toy_put(&t, &at, TOY_JAL, 7, 0, 24);		/* 4 -> 28 */
	toy_put(&t, &at, TOY_JAL, 7, 0, 20);		/* 8 -> 28 */
	toy_put(&t, &at, TOY_MAP, 0, 4, TOY_X | 5);
	toy_put(&t, &at, TOY_JAL, 7, 0, 12);		/* 16 -> 28 */
	toy_put(&t, &at, TOY_JAL, 7, 0, 8);		/* 20 -> 28 */
	toy_put(&t, &at, TOY_BEQ, 0, 0, -24);
	toy_put(&t, &at, TOY_JAL, 1, 0, 0x5000 - 28);	/* 28 */
	toy_put(&t, &at, TOY_JR, 7, 0, 0);
	toy_cpu(&t, 0)->r[4] = 5;
	rx_vm_run(&t.vm, 23 * 20);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 40);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 40);
	toy_fini(&t);
}

/*
 * The page of a block changes its mapping while the block runs. Where it
 * goes then must not be remembered for the time when it is back.
 */
BOTH(remap_near)
{
	struct toy_vm t;
	uint64_t at;

	toy_init(&t, engine, 1);
	toy_cpu(&t, 0)->table[0][32] = TOY_DEV | TOY_R | TOY_W;
	toy_cpu(&t, 0)->r[6] = 0x20000;
	toy_cpu(&t, 0)->r[7] = TOY_X | 6;
	toy_cpu(&t, 0)->r[8] = TOY_X | 5;
	for (unsigned k = 0; k < 2; k++) {
		at = 0x5000 + k * 0x1000;
		toy_put(&t, &at, TOY_ST, 7, 6, 48);
		toy_put(&t, &at, TOY_BEQ, 0, 0, 60);
		at = 0x5040 + k * 0x1000;
		toy_put(&t, &at, TOY_INC, 2 + k, 0, 0);
		toy_put(&t, &at, TOY_ST, 8, 6, 48);
		toy_put(&t, &at, TOY_JR, 9, 0, 0);
	}
	toy_cpu(&t, 0)->r[9] = 0x5000;
	toy_cpu(&t, 0)->cpu.pc = 0x5000;
	rx_vm_run(&t.vm, 5 * 4);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 0);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 4);
	toy_cpu(&t, 0)->r[7] = TOY_X | 5;	/* from now on it stays */
	rx_vm_run(&t.vm, 5 * 4);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 4);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 4);
	toy_fini(&t);
}

/* Two address spaces: the same page, other code, direct links in it. */
BOTH(spaces)
{
	struct toy_vm t;
	uint64_t at = 0x5000;

	toy_init(&t, engine, 1);
	for (unsigned k = 0; k < 2; k++) {
		at = 0x5000 + k * 0x1000;
		toy_put(&t, &at, TOY_BEQ, 0, 0, 4);
		toy_put(&t, &at, TOY_INC, 2 + k, 0, 0);
		toy_put(&t, &at, TOY_JR, 1, 0, 0);
	}
	at = 0;
	toy_put(&t, &at, TOY_JAL, 1, 0, 0x5000);
	toy_put(&t, &at, TOY_SPACE, 0, 0, 1);
	toy_put(&t, &at, TOY_JAL, 1, 0, 0x5000 - 8);
	toy_put(&t, &at, TOY_SPACE, 0, 0, 0);
	toy_put(&t, &at, TOY_BEQ, 0, 0, -16);
	toy_cpu(&t, 0)->table[1][5] = TOY_X | 6;
	rx_vm_run(&t.vm, 11 * 50);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 50);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 50);
	toy_fini(&t);
}

/* mode_key is part of a block's key. */
BOTH(mode)
{
	struct toy_vm t;
	uint64_t at = 0;

	toy_init(&t, engine, 1);
	toy_put(&t, &at, TOY_MODE, 0, 0, 2);
	toy_put(&t, &at, TOY_JAL, 1, 0, 16);		/* 4 -> 20 */
	toy_put(&t, &at, TOY_MODE, 0, 0, 0);		/* 8 */
	toy_put(&t, &at, TOY_JAL, 1, 0, 8);		/* 12 -> 20 */
	toy_put(&t, &at, TOY_BEQ, 0, 0, -16);		/* 16 */
	toy_put(&t, &at, TOY_INC, 2, 0, 0);		/* 20 */
	toy_put(&t, &at, TOY_JR, 1, 0, 0);
	rx_vm_run(&t.vm, 9 * 20);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 20 * (3 + 1));
	toy_fini(&t);
}

/* A guest that faults for ever makes progress, and no instructions. */
BOTH(fault_for_ever)
{
	struct toy_vm t;

	toy_init(&t, engine, 1);
	toy_cpu(&t, 0)->table[0][63] = 0;
	toy_cpu(&t, 0)->cpu.pc = UINT64_C(0x123456789000);
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 1000), RX_STOP_LIMIT);
	CU_ASSERT_EQUAL(rx_cpu_icount(t.vm.cpu[0]), 1000);
	CU_ASSERT_EQUAL(rx_cpu_instret(t.vm.cpu[0]), 0);
	CU_ASSERT_EQUAL(t.vm.cpu[0]->traps, 1000);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->value, TOY_VECTOR);
	toy_fini(&t);
}

/* The timer interrupts at the exact count; halting skips the time to it. */
BOTH(timer)
{
	struct toy_vm t;
	uint64_t at = 0;

	toy_init(&t, engine, 1);
	toy_cpu(&t, 0)->table[0][32] = TOY_DEV | TOY_R | TOY_W;
	toy_cpu(&t, 0)->r[6] = 0x20000;
	toy_put(&t, &at, TOY_EI, 0, 0, 0);
	toy_put(&t, &at, TOY_ADDI, 1, 0, 50);
	toy_put(&t, &at, TOY_ST, 1, 6, 0);	/* at count 2: due at 52 */
	toy_put(&t, &at, TOY_INC, 2, 0, 0);	/* 12 */
	toy_put(&t, &at, TOY_BEQ, 0, 0, -2);
	at = TOY_VECTOR;
	toy_put(&t, &at, TOY_COUNT, 3, 0, 0);
	toy_put(&t, &at, TOY_ST, 3, 6, 8);	/* line down */
	toy_put(&t, &at, TOY_ADDI, 1, 0, 1000);
	toy_put(&t, &at, TOY_ST, 1, 6, 0);	/* at 56: due at 1056 */
	toy_put(&t, &at, TOY_HALT, 0, 0, 0);
	toy_put(&t, &at, TOY_LD, 4, 6, 40);	/* the time: at count 58 */
	toy_put(&t, &at, TOY_BEQ, 0, 0, 0);
	rx_vm_run(&t.vm, 200);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->cause, 100);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 53);	/* 52 and the trap */
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 25);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[4], 1056);
	CU_ASSERT_EQUAL(((struct toy_dev *)t.dev->state)->fired, 9);
	CU_ASSERT_EQUAL(t.vm.icount, 200);
	toy_fini(&t);
}

/* DMA into the running block, from its own store to the device. */
BOTH(dma_into_self)
{
	struct toy_vm t;
	uint64_t at = 0;

	toy_init(&t, engine, 1);
	toy_cpu(&t, 0)->table[0][32] = TOY_DEV | TOY_R | TOY_W;
	toy_cpu(&t, 0)->r[6] = 0x20000;
	/* eight bytes: inc r3, four times */
	toy_cpu(&t, 0)->r[1] = UINT64_C(0x0302030203020302);
	toy_cpu(&t, 0)->r[2] = 8;
	toy_put(&t, &at, TOY_ST, 2, 6, 32);
	toy_put(&t, &at, TOY_ST, 1, 6, 24);
	for (unsigned k = 0; k < 4; k++)
		toy_put(&t, &at, TOY_INC, 4, 0, 0);
	toy_put(&t, &at, TOY_BEQ, 0, 0, 0);
	rx_vm_run(&t.vm, 20);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 4);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[4], 0);
	toy_fini(&t);
}

/* A guest stop ends the run behind the storing instruction. */
BOTH(guest_exit)
{
	struct toy_vm t;
	uint64_t at = 0;

	toy_init(&t, engine, 1);
	toy_cpu(&t, 0)->table[0][32] = TOY_DEV | TOY_W;
	toy_cpu(&t, 0)->r[6] = 0x20000;
	toy_put(&t, &at, TOY_ADDI, 1, 0, 42);
	toy_put(&t, &at, TOY_ST, 1, 6, 16);
	toy_put(&t, &at, TOY_INC, 2, 0, 0);
	toy_put(&t, &at, TOY_BEQ, 0, 0, -2);
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, UINT64_MAX), RX_STOP_EXIT);
	CU_ASSERT_EQUAL(t.vm.exit_code, 42);
	CU_ASSERT_EQUAL(t.vm.icount, 2);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 0);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->cpu.pc, 8);
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 1), RX_STOP_LIMIT);	/* goes on */
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 1);
	toy_fini(&t);
}

/* The code cache fills up, is dropped, and all goes on. */
static void cache_full(void)
{
	struct toy_vm t;
	uint64_t at = 0;
	struct rx_blocks *bs;

	toy_init(&t, &rx_engine_threaded, 1);
	put_loop(&t);
	bs = t.vm.cpu[0]->blocks;
	bs->end = bs->code + 1024;	/* room for a few blocks only */
	for (unsigned k = 0; k < 60; k++) {
		at = 0x3000 + 64 * k;
		toy_put(&t, &at, TOY_INC, 3, 0, 0);
		toy_put(&t, &at, TOY_BEQ, 0, 0, k < 59 ? 62 : -59 * 64 - 2);
	}
	toy_cpu(&t, 0)->cpu.pc = 0x3000;
	rx_vm_run(&t.vm, 120 * 20);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[3], 60 * 20);
	CU_ASSERT_EQUAL(t.vm.icount, 2400);
	CU_ASSERT(bs->drops > 100);
	toy_fini(&t);
}

/* Memory of dead blocks is used again. */
static void dead_blocks(void)
{
	struct toy_vm t;
	uint64_t at = 0;
	const struct rx_blocks *bs;
	size_t used;

	toy_init(&t, &rx_engine_threaded, 1);
	toy_put(&t, &at, TOY_STH, 1, 0, 64);	/* its own loop's code */
	toy_put(&t, &at, TOY_BEQ, 0, 0, 60);
	at = 64;
	toy_put(&t, &at, TOY_INC, 2, 0, 0);
	toy_put(&t, &at, TOY_BEQ, 0, 0, -66);
	toy_cpu(&t, 0)->r[1] = TOY_INC | 0x200;
	bs = t.vm.cpu[0]->blocks;
	rx_vm_run(&t.vm, 4000);
	used = (size_t)(bs->at - bs->code);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 1000);
	CU_ASSERT(bs->made >= 1000);
	rx_vm_run(&t.vm, 40000);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 11000);
	CU_ASSERT((size_t)(bs->at - bs->code) <= used + 4096);
	toy_fini(&t);
}

/* Fetching writes memory (an accessed bit): it may hit the block whose link is
 * being resolved, which then must not be linked. */
static void fetch_kills(void)
{
	struct toy_vm t;
	uint64_t at = 0;
	struct rx_block *to;

	toy_init(&t, &rx_engine_threaded, 1);
	toy_put(&t, &at, TOY_JAL, 1, 0, 0x1000);
	at = 0x1000;
	toy_put(&t, &at, TOY_BEQ, 0, 0, 0);
	rx_vm_run(&t.vm, 1);
	toy_cpu(&t, 0)->cpu.pc = 0;
	toy_cpu(&t, 0)->fetch_writes = TOY_RAM_BASE + 2;
	rx_vm_run(&t.vm, 5);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->fetch_writes, 0);
	CU_ASSERT_EQUAL(t.vm.mem.region[0].code[0], 0);
	t.vm.cpu[0]->pc = 0x1000;
	CU_ASSERT_EQUAL(rx_blocks_find(t.vm.cpu[0], &to), RX_FOUND);
	/* its own loop only */
	CU_ASSERT_PTR_NOT_NULL_FATAL(to->incoming);
	CU_ASSERT_PTR_NULL(to->incoming->next);
	toy_fini(&t);
}

static void count_hook(void *opaque, struct rx_cpu *cpu, const struct rx_insn *i)
{
	uint64_t *n = opaque;

	CU_ASSERT_EQUAL(cpu->pc, i->pc);
	++*n;
}

/* The instruction hook sees each, on any engine, and costs no state. */
BOTH(hook)
{
	struct toy_vm t;
	uint64_t n = 0;

	toy_init(&t, engine, 1);
	put_loop(&t);
	rx_vm_run(&t.vm, 100);
	rx_vm_hook_insn(&t.vm, count_hook, &n);
	rx_vm_run(&t.vm, 100);
	CU_ASSERT_EQUAL(n, 100);
	rx_vm_hook_insn(&t.vm, NULL, NULL);
	rx_vm_run(&t.vm, 2803);
	CU_ASSERT_EQUAL(n, 100);
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 1000);
	toy_fini(&t);
}

/* The engine changes in mid-run. */
static void change_engine(void)
{
	struct toy_vm t;

	toy_init(&t, &rx_engine_step, 1);
	put_loop(&t);
	for (unsigned k = 0; k < 50; k++) {
		rx_vm_run(&t.vm, 61);
		CU_ASSERT_EQUAL(rx_vm_set_engine(&t.vm, k & 1 ?
			&rx_engine_step : &rx_engine_threaded, NULL), 0);
	}
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 1000);
	CU_ASSERT_EQUAL(t.vm.icount, 3050);
	toy_fini(&t);
}

/* Those that any engine has to pass, also from other files that include this one. */
#define EVERY_ENGINE \
	{ "loop", loop }, \
	{ "budget", budget }, \
	{ "linked", linked }, \
	{ "next_instruction", next_instruction }, \
	{ "data_beside_code", data_beside_code }, \
	{ "code_no_more", code_no_more }, \
	{ "straddle", straddle }, \
	{ "remap", remap }, \
	{ "remap_far", remap_far }, \
	{ "remap_near", remap_near }, \
	{ "spaces", spaces }, \
	{ "mode", mode }, \
	{ "fault_for_ever", fault_for_ever }, \
	{ "timer", timer }, \
	{ "dma_into_self", dma_into_self }, \
	{ "guest_exit", guest_exit }, \
	{ "cache_full", cache_full }, \
	{ "dead_blocks", dead_blocks }, \
	{ "hook", hook }, \
	{ "change_engine", change_engine }

CU_TestInfo engines_tests[] = {
	EVERY_ENGINE,
	{ "fetch_kills", fetch_kills },
	CU_TEST_INFO_NULL,
};
