/* test_engines.c - programs of packets, the same on every engine. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>

#include "core/run.h"
#include "core/vm.h"
#include "cpu/hexagon/hexagon.h"
#include "hexagon/isa.h"

#define CODE 0x10000
#define DATA 0x20000
#define SIZE 0x20000
#define UNITS 3000

static const struct rx_engine *const engines[] = {
	&rx_engine_step, &rx_engine_threaded, &rx_engine_smir,
};

/* Addresses are relative to the packet; the last one jumps to itself. */
static const char *const program[] = {
	"{ r1 = ##0x20000; r2 = ##0x20800 }",
	"{ r7 = #3; r6 = r1; loop1(0x8,#7) }",
	"{ loop0(0x8,#11); r9 = add(r9,r7) }",
	/* the inner loop: pointers, a new value, a predicate, two accesses */
	"{ r3 = memw(r1++#4); r4 = add(r4,r9); memw(r2++#4) = r4.new }",
	"{ p0 = cmp.gt(r3,r4); if (p0.new) r5 = add(r5,r3); if (!p0.new) r5 = sub(r5,r4) }",
	"{ r11:10 = combine(r5,r4); if (p0) memb(r6+#1) = r9; r8 = memb(r6+#0) }",
	"{ r10 = mpyi(r5,r3); p1 = cmp.eq(r8,r7); p1 = cmp.gt(r8,r7) }",
	"{ if (!p1) jump:nt 0x8; r12 = add(r12,#1) }",
	"{ r13 = add(r13,r12); memw(r6+#32) += r7 } :endloop0",
	"{ v0 = vmem(r6+#0); r6 = add(r6,#128) }",
	"{ v1.w = vadd(v0.w,v1.w); vmem(r6+#4) = v1.new }",
	"{ v3:2.w = vmpy(v0.h,v1.h); q0 = vcmp.gt(v0.w,v1.w) }",
	"{ v4 = vmux(q0,v2,v3); v5.cur = vmem(r6+#0); v6.h = vadd(v5.h,v0.h) } :endloop1",
	"{ r15 = add(r15,#1); if (cmp.gt(r15.new,#5)) jump:t 0x8 }",
	"{ jump 0x0 }",
};

static void load(struct rx_vm *vm, const struct rx_engine *engine)
{
	rax_error err = { 0 };
	uint32_t pc = CODE;

	memset(vm, 0, sizeof(*vm));
	CU_ASSERT_EQUAL_FATAL(rx_vm_init(vm, &rg_hexagon, 1, &err), RAX_OK);
	CU_ASSERT_EQUAL_FATAL(rx_mem_add_ram(&vm->mem, CODE, SIZE, &err), RAX_OK);
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(vm, engine, &err), RAX_OK);
	for (unsigned k = 0; k < sizeof(program) / sizeof(program[0]); k++) {
		uint8_t code[RX_ASM_MAX_LEN];
		unsigned len = 0;
		const rax_status st = rg_hexagon.assemble(0, program[k], code, &len, &err);

		RX_TAP_CHECK(st == RAX_OK, "'%s': %s", program[k], err.message);
		CU_ASSERT_EQUAL(rx_mem_write(&vm->mem, pc, code, len), RAX_OK);
		pc += len;
	}
	for (unsigned k = 0; k < 0x1000; k += 4) {
		const uint32_t word = k * UINT32_C(0x9e3779b1);

		CU_ASSERT_EQUAL(rx_mem_write(&vm->mem, DATA + k, &word, 4), RAX_OK);
	}
	vm->reset_pc = CODE;
	rx_vm_reset(vm);
}

static void compare(struct rx_vm *a, struct rx_vm *b, const char *engine, uint64_t at)
{
	const struct rx_hexagon *x = (const struct rx_hexagon *)a->cpu[0];
	const struct rx_hexagon *y = (const struct rx_hexagon *)b->cpu[0];
	static uint8_t mem[2][SIZE];

	RX_TAP_CHECK(x->cpu.pc == y->cpu.pc, "%s: pc %llx, not %llx, after %llu", engine,
		     (unsigned long long)y->cpu.pc, (unsigned long long)x->cpu.pc,
		     (unsigned long long)at);
	RX_TAP_CHECK(!memcmp(x->r, y->r, sizeof(x->r)) && !memcmp(x->p, y->p, sizeof(x->p)) &&
		     !memcmp(x->c, y->c, sizeof(x->c)), "%s: registers after %llu", engine,
		     (unsigned long long)at);
	RX_TAP_CHECK(!memcmp(x->v, y->v, sizeof(x->v)) && !memcmp(x->q, y->q, sizeof(x->q)),
		     "%s: vectors after %llu", engine, (unsigned long long)at);
	CU_ASSERT_EQUAL(rx_mem_read(&a->mem, CODE, mem[0], SIZE), RAX_OK);
	CU_ASSERT_EQUAL(rx_mem_read(&b->mem, CODE, mem[1], SIZE), RAX_OK);
	RX_TAP_CHECK(!memcmp(mem[0], mem[1], SIZE), "%s: memory after %llu", engine,
		     (unsigned long long)at);
}

/* Runs of some packets each, so that blocks are also entered in the middle. */
static void same(uint64_t step)
{
	static struct rx_vm vm[sizeof(engines) / sizeof(engines[0])];

	for (unsigned k = 0; k < sizeof(engines) / sizeof(engines[0]); k++)
		load(&vm[k], engines[k]);
	for (uint64_t at = 0; at < UNITS; at += step)
		for (unsigned k = 0; k < sizeof(engines) / sizeof(engines[0]); k++) {
			(void)rx_vm_run(&vm[k], step);
			CU_ASSERT_EQUAL(rx_vm_icount(&vm[k]), at + step);
			if (k)
				compare(&vm[0], &vm[k], engines[k]->name, at + step);
		}
	/* it came to its end, and did something */
	RX_TAP_CHECK(((struct rx_hexagon *)vm[0].cpu[0])->r[15] == 1 &&
		     ((struct rx_hexagon *)vm[0].cpu[0])->r[12] > 20, "the program's end");
	for (unsigned k = 0; k < sizeof(engines) / sizeof(engines[0]); k++)
		rx_vm_fini(&vm[k]);
}

static void test_whole(void)
{
	same(UNITS);
}

static void test_pieces(void)
{
	same(1);
	same(7);
	same(100);
}

CU_TestInfo hexagon_engines_tests[] = {
	{ "whole", test_whole },
	{ "pieces", test_pieces },
	CU_TEST_INFO_NULL,
};
