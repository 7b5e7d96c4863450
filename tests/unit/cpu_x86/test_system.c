/* test_system.c - single steps, segments, CPUID. SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/vm.h"
#include "cpu/x86/x86.h"
#include "tests/unit/cpu_x86/suites.h"
#include "x86/isa.h"

#define CODE UINT64_C(0x1000)
#define STACK UINT64_C(0x2800)
#define GDT UINT64_C(0x3000)
#define ENGINES 3

static const struct rx_engine *const engines[ENGINES] = {
	&rx_engine_step, &rx_engine_threaded, &rx_engine_smir,
};

struct bench {
	struct rx_vm vm;
	struct rx_isa isa;
	struct rx_x86 *c;
	unsigned raised;
};

static void note(struct rx_cpu *cpu)
{
	((struct bench *)((char *)cpu->vm - offsetof(struct bench, vm)))->raised++;
}

/* A 64-bit program at CODE, in user mode, on an engine. */
static bool start(struct bench *b, unsigned engine, const char *code, size_t n)
{
	const uint64_t gdt[7] = { 0, 0, 0, 0, 0, UINT64_C(0x00cff3000000ffff), 0 };

	memset(b, 0, sizeof(*b));
	b->isa = rg_x86;
	b->isa.raise = note;
	if (rx_vm_init(&b->vm, &b->isa, 1, NULL))
		return false;
	b->c = rx_x86_of(b->vm.cpu[0]);
	rx_clock_init(&b->vm, RX_CLOCK_ICOUNT, 0);
	if (rx_mem_add_ram(&b->vm.mem, CODE, 0x3000, NULL) ||
	    rx_mem_write(&b->vm.mem, CODE, code, n) ||
	    rx_mem_write(&b->vm.mem, GDT, gdt, sizeof(gdt)) ||
	    rx_vm_set_engine(&b->vm, engines[engine], NULL))
		return false;
	rx_x86_flat(b->vm.cpu[0], 64, 3);
	b->c->gdt_base = GDT;
	b->c->gdt_limit = sizeof(gdt) - 1;
	b->c->r[RX_X86_SP] = STACK;
	b->c->cpu.pc = CODE;
	return true;
}
#define START(b, engine, code) start(b, engine, code, sizeof(code) - 1)

static void run(struct bench *b, unsigned n)
{
	CU_ASSERT_EQUAL(rx_vm_run(&b->vm, n), RX_STOP_LIMIT);
}

/* POPF sets TF: the instruction behind it is the first that is stepped. */
static void test_popf(void)
{
	for (unsigned e = 0; e < ENGINES; e++) {
		struct bench b;

		CU_ASSERT_TRUE_FATAL(START(&b, e, "\x68\x02\x03\x00\x00"	/* push 0x302 */
						  "\x9d\x90\x90"));	/* popf; nop; nop */
		run(&b, 2);
		CU_ASSERT_EQUAL(b.raised, 0);
		CU_ASSERT_EQUAL(b.c->cpu.pc, CODE + 6);
		CU_ASSERT_EQUAL(rx_x86_rflags(b.c) & RX_X86_TF, RX_X86_TF);
		run(&b, 1);
		CU_ASSERT_EQUAL(b.raised, 1);
		CU_ASSERT_EQUAL(b.c->cpu.fault.code, RX_X86_DB | RX_X86_TRAP);
		CU_ASSERT_EQUAL(b.c->cpu.pc, CODE + 7);
		CU_ASSERT_EQUAL(rx_cpu_instret(&b.c->cpu), 3);
		rx_vm_fini(&b.vm);
	}
}

/* Nothing comes between MOV SS and the next instruction. */
static void test_mov_ss(void)
{
	for (unsigned e = 0; e < ENGINES; e++) {
		struct bench b;

		CU_ASSERT_TRUE_FATAL(START(&b, e, "\x8e\xd0\x90\x90"));	/* mov ss, eax */
		b.c->r[0] = 0x2b;
		rx_x86_put_rflags(b.c, RX_X86_TF | 2);
		rx_x86_resync(&b.c->cpu);
		run(&b, 1);
		CU_ASSERT_EQUAL(b.raised, 0);
		CU_ASSERT_EQUAL(b.c->seg_sel[RX_X86_SS], 0x2b);
		run(&b, 1);
		CU_ASSERT_EQUAL(b.raised, 1);
		CU_ASSERT_EQUAL(b.c->cpu.pc, CODE + 3);
		run(&b, 1);
		CU_ASSERT_EQUAL(b.raised, 2);
		rx_vm_fini(&b.vm);
	}
}

/* A selector that the table has no descriptor for */
static void test_bad_selector(void)
{
	struct bench b;

	CU_ASSERT_TRUE_FATAL(START(&b, 0, "\x8e\xd8"));	/* mov ds, eax */
	b.c->r[0] = 0x53;
	run(&b, 1);
	CU_ASSERT_EQUAL(b.raised, 1);
	CU_ASSERT_EQUAL(b.c->cpu.fault.code, RX_X86_GP);
	CU_ASSERT_EQUAL(b.c->error, 0x50);
	rx_vm_fini(&b.vm);
}

static void test_cpuid(void)
{
	struct bench b;
	char vendor[13] = "";

	CU_ASSERT_TRUE_FATAL(START(&b, 0, "\x0f\xa2\x0f\xa2\x0f\xa2"));
	b.c->r[0] = UINT64_C(0xffffffff00000000);
	run(&b, 1);
	memcpy(vendor, &b.c->r[3], 4);
	memcpy(vendor + 4, &b.c->r[2], 4);
	memcpy(vendor + 8, &b.c->r[1], 4);
	CU_ASSERT_STRING_EQUAL(vendor, "raxraxraxrax");
	CU_ASSERT_EQUAL(b.c->r[0], 7);
	b.c->r[0] = 7;
	b.c->r[1] = 0;
	run(&b, 1);
	CU_ASSERT_EQUAL(b.c->r[3], 1u << 3 | 1u << 8);	/* BMI1, BMI2 */
	/* behind the last leaf: as the last one */
	b.c->r[0] = 0x1000;
	b.c->r[1] = 0;
	run(&b, 1);
	CU_ASSERT_EQUAL(b.c->r[3], 1u << 3 | 1u << 8);
	rx_vm_fini(&b.vm);
}

/* 32 bits: flat segments, a stack of 32 bits, addresses that wrap. */
static void test_mode32(void)
{
	struct bench b;
	uint32_t v = 0;

	CU_ASSERT_TRUE_FATAL(START(&b, 0, "\x50\x40"));	/* push eax; inc eax */
	rx_x86_flat(&b.c->cpu, 32, 3);
	b.c->r[0] = 0x11223344;
	b.c->r[RX_X86_SP] = UINT64_C(0xdead00000000) | STACK;
	run(&b, 2);
	CU_ASSERT_EQUAL(b.raised, 0);
	CU_ASSERT_EQUAL(b.c->r[0], 0x11223345);
	CU_ASSERT_EQUAL((uint32_t)b.c->r[RX_X86_SP], STACK - 4);
	CU_ASSERT_EQUAL(rx_mem_read(&b.vm.mem, STACK - 4, &v, 4), RAX_OK);
	CU_ASSERT_EQUAL(v, 0x11223344);
	rx_vm_fini(&b.vm);
}

/* Outside of 64-bit mode segments have types and limits (SDM volume 3, 5.3 to 5.5). */
static void test_segments(void)
{
	static const struct {
		const char *code;	/* of 4 bytes, and what ds is */
		uint16_t attr;
		uint32_t limit;
		unsigned vector;	/* 0: none */
	} cases[] = {
		{ "\x3e\x8b\x03\x90", 0xc0f3, UINT32_MAX, 0 },		/* mov eax, ds:[ebx] */
		{ "\x3e\x89\x03\x90", 0xc0f1, UINT32_MAX, RX_X86_GP },	/* read only */
		{ "\x3e\x8b\x03\x90", 0xc0f1, UINT32_MAX, 0 },
		{ "\x3e\x8b\x03\x90", 0, UINT32_MAX, RX_X86_GP },	/* null */
		{ "\x3e\x8b\x03\x90", 0xc0f9, UINT32_MAX, RX_X86_GP },	/* code, not readable */
		{ "\x3e\x8b\x03\x90", 0xc0fb, UINT32_MAX, 0 },		/* readable */
		{ "\x3e\x89\x03\x90", 0xc0fb, UINT32_MAX, RX_X86_GP },
		{ "\x3e\x8b\x03\x90", 0x40f3, STACK - 9, RX_X86_GP },	/* its limit */
		{ "\x3e\x8b\x03\x90", 0x40f3, STACK - 5, 0 },
		{ "\x3e\x8b\x03\x90", 0x40f7, STACK - 9, 0 },		/* expands down */
		{ "\x3e\x8b\x03\x90", 0x40f7, STACK - 8, RX_X86_GP },
		{ "\x3e\x8b\x03\x90", 0x00f7, 0, 0 },
	};
	struct bench b;

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		CU_ASSERT_TRUE_FATAL(start(&b, k % ENGINES, cases[k].code, 4));
		rx_x86_flat(&b.c->cpu, 32, 3);
		b.c->seg_attr[RX_X86_DS] = cases[k].attr;
		b.c->seg_limit[RX_X86_DS] = cases[k].limit;
		b.c->r[3] = STACK - 8;
		run(&b, 1);
		CU_ASSERT_EQUAL(b.raised, cases[k].vector != 0);
		CU_ASSERT_EQUAL(b.c->cpu.fault.code, cases[k].vector);
		rx_vm_fini(&b.vm);
	}
}

/* APX: a new destination, flags left alone, the upper registers. */
static void test_apx(void)
{
	struct bench b;

	/* {nf} add r18, r17, r16 */
	CU_ASSERT_TRUE_FATAL(START(&b, 0, "\x62\xec\xec\x14\x01\xc1"));
	b.c->r[16] = 5;
	b.c->r[17] = UINT64_C(0xfffffffffffffffe);
	b.c->cf = 0;
	run(&b, 1);
	CU_ASSERT_EQUAL(b.raised, 0);
	CU_ASSERT_EQUAL(b.c->r[18], 3);
	CU_ASSERT_EQUAL(b.c->r[17], UINT64_C(0xfffffffffffffffe));
	CU_ASSERT_EQUAL(b.c->cf, 0);
	rx_vm_fini(&b.vm);
}

CU_TestInfo system_tests[] = {
	{ "popf", test_popf },
	{ "mov-ss", test_mov_ss },
	{ "bad-selector", test_bad_selector },
	{ "cpuid", test_cpuid },
	{ "mode32", test_mode32 },
	{ "segments", test_segments },
	{ "apx", test_apx },
	CU_TEST_INFO_NULL,
};
