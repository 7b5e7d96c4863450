/* test_packet.c - what the members of a packet see of each other. SPDX-License-Identifier: MIT
 *
 * Results are those of QEMU 7.2 and 10.0.2 where it can run the packet.
 */
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#include "core/run.h"
#include "core/vm.h"
#include "cpu/hexagon/hexagon.h"
#include "hexagon/isa.h"

#define CODE 0x10000
#define DATA 0x20000

static struct rx_vm vm;
static struct rx_hexagon *c;

static void start(void)
{
	rax_error err = { 0 };

	memset(&vm, 0, sizeof(vm));
	CU_ASSERT_EQUAL_FATAL(rx_vm_init(&vm, &rg_hexagon, 1, &err), RAX_OK);
	CU_ASSERT_EQUAL_FATAL(rx_mem_add_ram(&vm.mem, CODE, 0x20000, &err), RAX_OK);
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&vm, &rx_engine_step, &err), RAX_OK);
	vm.reset_pc = CODE;
	rx_vm_reset(&vm);
	c = (struct rx_hexagon *)vm.cpu[0];
	for (unsigned k = 0; k < 32; k++)
		c->r[k] = 0x1000 + k;
}

static void put32(uint32_t at, uint32_t v)
{
	CU_ASSERT_EQUAL(rx_mem_write(&vm.mem, at, &v, 4), RAX_OK);
}

static uint32_t get32(uint32_t at)
{
	uint32_t v = 0;

	CU_ASSERT_EQUAL(rx_mem_read(&vm.mem, at, &v, 4), RAX_OK);
	return v;
}

/* Assembles one packet at pc, and runs it. */
static void run(const char *text)
{
	uint8_t code[RX_ASM_MAX_LEN];
	rax_error err = { 0 };
	unsigned len = 0;
	const rax_status st = rg_hexagon.assemble(0, text, code, &len, &err);

	RX_TAP_CHECK(st == RAX_OK, "'%s': %s", text, err.message);
	if (st != RAX_OK)
		return;
	CU_ASSERT_EQUAL(rx_mem_write(&vm.mem, c->cpu.pc, code, len), RAX_OK);
	(void)rx_vm_run(&vm, 1);
}

static void stop(void)
{
	rx_vm_fini(&vm);
}

static void test_old_values(void)
{
	start();
	run("{ r0 = r1; r1 = r0 }");
	CU_ASSERT_EQUAL(c->r[0], 0x1001);
	CU_ASSERT_EQUAL(c->r[1], 0x1000);
	CU_ASSERT_EQUAL(c->cpu.pc, CODE + 8);
	CU_ASSERT_EQUAL(rx_cpu_instret(&c->cpu), 1);	/* a packet retires as one */
	run("{ r3:2 = combine(r2,r3); r4 = r2 }");
	CU_ASSERT_EQUAL(c->r[2], 0x1003);
	CU_ASSERT_EQUAL(c->r[3], 0x1002);
	CU_ASSERT_EQUAL(c->r[4], 0x1002);
	stop();
}

static void test_new_values(void)
{
	start();
	c->r[1] = 7;
	c->r[2] = 7;
	run("{ p0 = cmp.eq(r1,r2); if (p0.new) r3 = #5; if (!p0.new) r4 = #6 }");
	CU_ASSERT_EQUAL(c->p[0], 0xff);
	CU_ASSERT_EQUAL(c->r[3], 5);
	CU_ASSERT_EQUAL(c->r[4], 0x1004);
	c->r[5] = DATA;
	run("{ r6 = add(r1,r2); memw(r5+#4) = r6.new }");
	CU_ASSERT_EQUAL(get32(DATA + 4), 14);
	/* the producer is cancelled: the store takes the old value */
	run("{ if (!p0) r6 = #9; if (!p0) memw(r5+#8) = r6.new }");
	CU_ASSERT_EQUAL(get32(DATA + 8), 0);
	run("{ r7 = #3; if (cmp.gt(r7.new,#2)) jump:t 0x100 }");
	CU_ASSERT_EQUAL(c->cpu.pc & 0xfff, 0x100 + 12 + 8 + 8);
	stop();
}

static void test_predicates_merge(void)
{
	start();
	c->r[1] = c->r[2] = 1;
	run("{ p0 = cmp.eq(r1,r2); p0 = cmp.gt(r1,r3) }");
	CU_ASSERT_EQUAL(c->p[0], 0);
	run("{ p0 = cmp.eq(r1,r2); p0 = cmp.gt(r3,r1) }");
	CU_ASSERT_EQUAL(c->p[0], 0xff);
	stop();
}

static void test_memory(void)
{
	start();
	c->r[1] = DATA;
	put32(DATA, 0x11111111);
	run("{ r0 = memw(r1+#0); memw(r1+#0) = r2 }");	/* the load is the first word */
	CU_ASSERT_EQUAL(c->r[0], 0x11111111);
	CU_ASSERT_EQUAL(get32(DATA), 0x1002);
	run("{ memw(r1+#0) = r3; r0 = memw(r1+#0) } :mem_noshuf");
	CU_ASSERT_EQUAL(c->r[0], 0x1003);
	run("{ memb(r1+#1) = r4; r0 = memw(r1+#0) } :mem_noshuf");	/* part of it */
	CU_ASSERT_EQUAL(c->r[0], 0x0403);
	run("{ memw(r1+#8) = r5; memw(r1+#8) = r6 }");	/* two stores: the last one counts */
	CU_ASSERT_EQUAL(get32(DATA + 8), 0x1006);
	run("{ memw(r1+#8) += r2; r7 = r2 }");
	CU_ASSERT_EQUAL(get32(DATA + 8), 0x2008);
	stop();
}

/* A fault anywhere undoes all of the packet. */
static void test_undone(void)
{
	start();
	c->r[1] = DATA;
	c->r[2] = 0x70000000;
	run("{ r0 = #1; p0 = cmp.eq(r1,r1); r3 = memw(r2+#0); memw(r1+#0) = r4 }");
	CU_ASSERT_EQUAL(c->r[0], 0x1000);
	CU_ASSERT_EQUAL(c->p[0], 0);
	CU_ASSERT_EQUAL(get32(DATA), 0);
	CU_ASSERT_EQUAL(c->cpu.pc, CODE);
	CU_ASSERT_EQUAL(c->cpu.fault.code, RX_HEXAGON_READ);
	CU_ASSERT_EQUAL(c->cpu.fault.value, 0x70000000);
	CU_ASSERT_EQUAL(rx_cpu_instret(&c->cpu), 0);
	run("{ memw(r1+#0) = r4; memw(r2+#0) = r5 }");	/* the first store is not done */
	CU_ASSERT_EQUAL(get32(DATA), 0);
	CU_ASSERT_EQUAL(c->cpu.fault.code, RX_HEXAGON_WRITE);
	run("r5 = memw(r1+#0)");
	CU_ASSERT_EQUAL(c->r[5], 0);
	CU_ASSERT_EQUAL(c->r[0], 0x1000);	/* nothing of it comes later */
	stop();
}

static void test_jumps(void)
{
	start();
	c->p[0] = c->p[1] = 0xff;
	run("{ if (p0) jump:nt 0x40; if (p1) jump:nt 0x80 }");	/* the first one counts */
	CU_ASSERT_EQUAL(c->cpu.pc, CODE + 0x40);
	c->p[0] = 0;
	run("{ if (p0) jump:nt 0x40; if (p1) jump:nt 0x80 }");
	CU_ASSERT_EQUAL(c->cpu.pc, CODE + 0x40 + 0x80);
	run("{ call 0x100; r0 = r31 }");
	CU_ASSERT_EQUAL(c->cpu.pc, CODE + 0x1c0);
	CU_ASSERT_EQUAL(c->r[31], CODE + 0xc0 + 8);
	CU_ASSERT_EQUAL(c->r[0], 0x101f);
	stop();
}

static void test_loops(void)
{
	unsigned rounds = 0;

	start();
	c->r[0] = 0;
	run("loop0(0x4,#3)");
	do {
		run("{ r0 = add(r0,#1) } :endloop0");
	} while (c->cpu.pc == CODE + 4 && rounds++ < 10);
	CU_ASSERT_EQUAL(c->r[0], 3);
	CU_ASSERT_EQUAL(rounds, 2);
	CU_ASSERT_EQUAL(c->c[1], 1);
	c->c[0] = CODE;
	c->c[2] = CODE + 0x400;
	c->c[3] = 2;
	run("{ nop } :endloop01");		/* LC0 is 1: the outer loop goes on */
	CU_ASSERT_EQUAL(c->cpu.pc, CODE + 0x400);
	CU_ASSERT_EQUAL(c->c[3], 1);
	stop();
}

static void test_circular(void)
{
	start();
	c->c[6] = 8 << 17 | 12;		/* m0: 12 bytes; I is 8 */
	c->c[12] = DATA;
	c->r[1] = DATA + 8;
	put32(DATA + 8, 77);
	run("r0 = memw(r1++#4:circ(m0))");
	CU_ASSERT_EQUAL(c->r[0], 77);
	CU_ASSERT_EQUAL(c->r[1], DATA);
	run("memw(r1++#-4:circ(m0)) = r2");
	CU_ASSERT_EQUAL(c->r[1], DATA + 8);
	CU_ASSERT_EQUAL(get32(DATA), 0x1002);
	stop();
}

static void test_trap(void)
{
	static const struct rx_engine *const engines[] = { &rx_engine_step, &rx_engine_smir };

	for (unsigned k = 0; k < 2; k++) {
		start();
		CU_ASSERT_EQUAL(rx_vm_set_engine(&vm, engines[k], NULL), RAX_OK);
		c->cpu.pc = CODE + 0xffc;
		run("trap0(#7)");
		CU_ASSERT_EQUAL(c->cpu.pc, CODE + 0xffc);
		CU_ASSERT_EQUAL(c->cpu.fault.code, RX_HEXAGON_TRAP0);
		CU_ASSERT_EQUAL(c->cpu.fault.value, 7);
		CU_ASSERT_EQUAL(rx_cpu_instret(&c->cpu), 0);
		stop();
	}
}

/* A vector that is read as it is loaded, the other one of its pair as it was. */
static void test_current(void)
{
	static const struct rx_engine *const engines[] = { &rx_engine_step, &rx_engine_smir };

	for (unsigned k = 0; k < 2; k++) {
		uint32_t *v;

		start();
		CU_ASSERT_EQUAL(rx_vm_set_engine(&vm, engines[k], NULL), RAX_OK);
		c->r[0] = DATA;
		put32(DATA, 1000);
		v = (uint32_t *)(void *)c->v;
		v[0] = 1;
		v[32] = 2;
		v[32 * 4] = 10;
		v[32 * 5] = 20;
		c->cpu.pc = CODE + 0xff8;	/* a block of one packet: it ends its page */
		run("{ v1.cur = vmem(r0+#0); v3:2.w = vadd(v1:0.w,v5:4.w) }");
		CU_ASSERT_EQUAL(v[32 * 2], 11);
		CU_ASSERT_EQUAL(v[32 * 3], 1020);
		CU_ASSERT_EQUAL(v[32], 1000);
		c->cpu.pc = CODE + 0x1ff8;
		run("{ v0.tmp = vmem(r0+#0); v3:2.w = vadd(v1:0.w,v5:4.w) }");
		CU_ASSERT_EQUAL(v[32 * 2], 1010);
		CU_ASSERT_EQUAL(v[32 * 3], 1020);
		CU_ASSERT_EQUAL(v[0], 1);
		stop();
	}
}

/* Packets that LLVM refuses, too, each for one reason. */
static const char *const refused[] = {
	"{ r0 = add(r1,r2); r0 = add(r3,r4) }",			/* written twice */
	"{ r0 = add(r1,r2); if (p0) r0 = add(r3,r4) }",
	"{ if (p0) r0 = add(r1,r2); if (p0) r0 = add(r3,r4) }",
	"{ r1:0 = combine(r2,r3); r1 = r4 }",
	"{ r0 = memw(r0++#4) }",
	"{ v0 = vand(v1,v2); v1:0 = vcombine(v2,v3) }",
	"{ q0 = and(q1,q2); q0 = not(q1) }",
	"{ if (p0.new) r0 = #1; r1 = #2 }",			/* nothing new */
	"{ if (p0) r0 = add(r1,r2); memw(r3+#0) = r0.new }",	/* new at times */
	"{ r1:0 = combine(r2,r3); memw(r3+#0) = r1.new }",	/* a pair */
	"{ r0 = memw(r1++#4); memw(r3+#0) = r1.new }",		/* no result */
	"{ jump 0x40; if (p0) jump:nt 0x40 }",			/* the first is always taken */
	"{ if (p0) jump:nt 0x40; jumpr r31 }",			/* beside another one */
	"{ if (p0) jump:nt 0x40; r1:0 = dealloc_return(r30):raw }",
	"{ if (p0) jump:nt 0x40; r0 = #1; if (cmp.eq(r0.new,#1)) jump:nt 0x40 }",
	"{ if (p0) jump:nt 0x40; r0 = r0 } :endloop0",
	"{ memw(r1+#0) = r2; r0 = #1; memw(r3+#0) = r0.new }",	/* slots 0 and 1 */
	"{ memw(r1+#0) = r2; memw(r3+#0) += r0 }",
	"{ memw(r1+#0) = r2; v0 = vmemu(r3+#0) }",
	"{ trap0(#1); r0 = r1 }",				/* alone */
	"{ barrier; p0 = cmp.eq(r0,r1); if (p0.new) jump:nt 0x40 }",
	"{ v0 = vdelta(v1,v2); v3 = vrdelta(v1,v2) }",		/* one unit */
	"{ v1:0.w = vmpy(v2.h,v3.h); v4 = vsplat(r1) }",
	"{ v0 = vmem(r0+#0); v1 = vmem(r1+#0) }",
};

static void test_refused(void)
{
	static const char *const good[] = {
		"{ if (p0) r0 = add(r1,r2); if (!p0) r0 = add(r3,r4) }",
		"{ if (p0) r0 = add(r1,r2); if (p1) r0 = add(r3,r4) }",
		"{ p0 = cmp.eq(r1,r2); p0 = cmp.eq(r3,r4) }",
		"{ r0 = add(r1,r2):sat; r3 = add(r1,r2):sat }",		/* both may set USR */
		"{ if (p0) jump:nt 0x40; jump 0x80 }",
		"{ r0 = memw(r1+#0); memw(r3+#0) = r0.new }",
		"{ v1:0 = vcombine(v2,v3); r7 = r8; vmem(r0+#0) = v1.new }",
		"{ vshuff(v0,v1,r2); vmem(r0+#0) = v0.new }",
		"{ barrier; r0 = r1 }",
	};
	uint8_t code[RX_ASM_MAX_LEN];
	unsigned len;

	for (unsigned k = 0; k < sizeof(refused) / sizeof(refused[0]); k++) {
		rax_error err = { 0 };

		RX_TAP_CHECK(rg_hexagon.assemble(0, refused[k], code, &len, &err) == RAX_EINVAL,
			     "'%s' is taken", refused[k]);
	}
	for (unsigned k = 0; k < sizeof(good) / sizeof(good[0]); k++) {
		rax_error err = { 0 };

		RX_TAP_CHECK(rg_hexagon.assemble(0, good[k], code, &len, &err) == RAX_OK,
			     "'%s': %s", good[k], err.message);
	}
}

/* Words of such packets are no instruction: the exception, and nothing is done. */
static void test_illegal(void)
{
	static const uint32_t packets[][2] = {
		{ 0xf3014200, 0xf303c400 },	/* r0 = add(r1,r2); r0 = add(r3,r4) */
		{ 0x5800401e, 0x5c00c000 },	/* jump; if (p0) jump */
		{ 0xf3014200, 0xa1a3d600 },	/* the field of .new says three words back */
		{ 0xa1814200, 0x3e43c000 },	/* memw() = r2; memw() += r0 */
	};

	for (unsigned k = 0; k < sizeof(packets) / sizeof(packets[0]); k++) {
		start();
		put32(CODE, packets[k][0]);
		put32(CODE + 4, packets[k][1]);
		(void)rx_vm_run(&vm, 1);
		CU_ASSERT_EQUAL(c->cpu.fault.code, RX_HEXAGON_INVALID);
		CU_ASSERT_EQUAL(c->cpu.fault.value, CODE);
		CU_ASSERT_EQUAL(c->r[0], 0x1000);
		stop();
	}
}

CU_TestInfo hexagon_packet_tests[] = {
	{ "reads see the state before the packet", test_old_values },
	{ "new values", test_new_values },
	{ "writes of one predicate", test_predicates_merge },
	{ "loads and stores of one address", test_memory },
	{ "faults", test_undone },
	{ "the first taken branch", test_jumps },
	{ "hardware loops", test_loops },
	{ "circular addressing", test_circular },
	{ "a trap", test_trap },
	{ "half of a pair is new", test_current },
	{ "what does not go together", test_refused },
	{ "illegal packets", test_illegal },
	CU_TEST_INFO_NULL,
};
