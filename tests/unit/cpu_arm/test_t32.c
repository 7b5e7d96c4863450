/* test_t32.c - IT and VPT blocks, exceptions of M-profile. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_arm/pe.h"

#include <stdlib.h>
#include <string.h>

#include "core/flat.h"
#include "core/run.h"
#include "cpu/arm/t32.h"
#include "t32/isa.h"

#define RAM32 UINT32_C(0x20000000)
#define STACK (RAM32 + 0x8000)
#define TABLE (RAM32 + 0x4000)	/* of vectors; exception n goes to TABLE + 0x100 * n */

struct m {
	struct rx_vm vm;
	struct rx_cpu *cpu;
	struct rx_t32 *c;
};

static void put32(struct m *e, uint32_t at, uint32_t v)
{
	uint64_t bad;

	CU_ASSERT_FATAL(rx_flat_store(e->cpu, at, 4, v, &bad));
}

static uint32_t get32(struct m *e, uint32_t at)
{
	unsigned __int128 v = 0;
	uint64_t bad;

	CU_ASSERT_FATAL(rx_flat_load(e->cpu, at, 4, &v, &bad));
	return (uint32_t)v;
}

static struct m *m_new(void)
{
	struct m *e = calloc(1, sizeof(*e));

	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_FATAL(!rx_vm_init(&e->vm, &rg_t32, 1, NULL));
	e->cpu = e->vm.cpu[0];
	e->c = rx_t32_of(e->cpu);
	rx_clock_init(&e->vm, RX_CLOCK_ICOUNT, 0);
	CU_ASSERT_FATAL(!rx_mem_add_ram(&e->vm.mem, RAM32, 1 << 20, NULL));
	rx_t32_reset(e->cpu, RAM32);
	e->c->vtor = TABLE;
	e->c->r[13] = STACK;
	for (unsigned n = 1; n < 16; n++)
		put32(e, TABLE + 4 * n, TABLE + 0x100 * n + 1);
	return e;
}

static void m_free(struct m *e)
{
	rx_vm_fini(&e->vm);
	free(e);
}

static void step(struct m *e, unsigned n)
{
	while (n--) {
		e->cpu->budget = 1;
		rx_step(e->cpu);
	}
}

/* A program, one instruction a line; how many there are. */
static unsigned load(struct m *e, const char *text)
{
	uint32_t at = RAM32;
	unsigned n = 0;
	char line[80];

	for (const char *end; *text; text = end + (*end == '\n'), n++) {
		uint8_t code[RX_ASM_MAX_LEN];
		rax_error err = { 0 };
		unsigned len = 0;
		uint64_t bad;

		end = strchr(text, '\n');
		end = end ? end : text + strlen(text);
		snprintf(line, sizeof(line), "%.*s", (int)(end - text), text);
		RX_TAP_CHECK(rg_t32.assemble(0, line, code, &len, &err) == RAX_OK, "'%s': %s",
			     line, err.message);
		CU_ASSERT_FATAL(rx_flat_write(e->cpu, at, code, len, &bad));
		at += len;
	}
	return n;
}

/*
 * What blocks leave in r0. In a block texts are those of the encodings: `adds` of 16
 * bits does not set flags there, `cmp` does.
 */
static void test_blocks(void)
{
	static const struct { const char *text; uint8_t nzcv; uint32_t r0; uint8_t after; } t[] = {
		/* condition holds: all that say then */
		{ "itte eq\nadds r0, #1\nadds r0, #2\nadds r0, #4", 4, 3, 4 },
		{ "itte eq\nadds r0, #1\nadds r0, #2\nadds r0, #4", 0, 4, 0 },
		/* 16-bit arithmetic leaves flags alone, so they decide for all of it */
		{ "itttt ne\nsubs r0, #0\nadds r0, #1\nsubs r0, #1\nadds r0, #8", 0, 8, 0 },
		{ "ittt ne\nmovs r0, #0\nadds r0, #5\nlsls r0, r0, #1", 0, 10, 0 },
		/* 32-bit forms that say so set them, and the next one sees that */
		{ "itt ne\nsubs.w r0, r0, #0\nadds r0, #1", 0, 0, 6 },
		/* comparisons always do */
		{ "itt ne\ncmp r0, #0\nadds r0, #1", 0, 0, 6 },
		{ "itee eq\ncmp r0, #1\nadds r0, #1\nadds r0, #2", 4, 3, 8 },
		/* behind the block flags are set again */
		{ "it ne\nadds r0, #1\nsubs r0, #1", 0, 0, 6 },
		{ "it al\nadds r0, #3", 0, 3, 0 },
		/* conditions of several flags */
		{ "ite hi\nmovs r0, #1\nmovs r0, #2", 2, 1, 2 },
		{ "ite hi\nmovs r0, #1\nmovs r0, #2", 6, 2, 6 },
		{ "ite lt\nmovs r0, #1\nmovs r0, #2", 9, 2, 9 },
		{ "ite le\nmovs r0, #1\nmovs r0, #2", 1, 1, 1 },
		/* a block replaces another one */
		{ "itttt eq\nit ne\nadds r0, #1\nadds r0, #2", 0, 1 + 2, 0 },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		struct m *e = m_new();
		const unsigned n = load(e, t[k].text);

		e->c->nzcv = t[k].nzcv;
		step(e, n);
		RX_TAP_CHECK(e->c->r[0] == t[k].r0 && e->c->nzcv == t[k].after &&
			     !e->c->itstate, "'%s': r0 %u, flags %u, itstate %02x", t[k].text,
			     e->c->r[0], e->c->nzcv, e->c->itstate);
		m_free(e);
	}
}

/* A load that is not executed does not fault, and one that is leaves the block as it was. */
static void test_block_faults(void)
{
	struct m *e = m_new();
	const unsigned n = load(e, "itet eq\nldr r0, [r1]\nadds r0, #1\nadds r0, #2");

	CU_ASSERT_EQUAL(n, 4);
	e->c->r[1] = 0x1000;	/* nothing there */
	step(e, 4);
	CU_ASSERT_EQUAL(e->c->r[0], 1);
	CU_ASSERT_EQUAL(e->c->ipsr, 0);
	m_free(e);

	e = m_new();
	load(e, "itet eq\nldr r0, [r1]\nadds r0, #1\nadds r0, #2");
	e->c->nzcv = 4;
	e->c->r[1] = 0x1000;
	e->c->shcsr = 1 << 17;
	step(e, 2);
	CU_ASSERT_EQUAL(e->c->ipsr, 5);
	CU_ASSERT_EQUAL(e->cpu->pc, TABLE + 0x500);
	CU_ASSERT_EQUAL(e->c->itstate, 0);
	CU_ASSERT_EQUAL(e->c->bfar, 0x1000);
	/* eq, then: then, else, then */
	CU_ASSERT_EQUAL(get32(e, STACK - 4), 0x41000000 | (0x0a & 3) << 25 | (0x0a >> 2) << 10);
	/* back, with an address where there is something: the block goes on */
	put32(e, STACK - 28, RAM32);
	put32(e, RAM32 + 0x500, 0);
	e->cpu->pc = e->c->r[14] & ~1u;
	step(e, 1);
	CU_ASSERT_EQUAL(e->c->ipsr, 0);
	CU_ASSERT_EQUAL(e->cpu->pc, RAM32 + 2);
	CU_ASSERT_EQUAL(e->c->itstate, 0x0a);
	step(e, 3);
	CU_ASSERT_EQUAL(e->c->r[0], get32(e, RAM32) + 2);
	m_free(e);
}

/* Vectors that a block predicates, by halves of a register of bytes. */
static void test_predication(void)
{
	struct m *e = m_new();
	const unsigned n = load(e, "vptte.i8 eq, q0, r1\nvadd.i8 q1, q1, r2\n"
				   "vadd.i8 q1, q1, r2\nvadd.i8 q1, q1, r3\nvadd.i8 q1, q1, r1");
	uint8_t *q0 = e->c->q[0], *q1 = e->c->q[1];

	for (unsigned k = 0; k < 16; k++)
		q0[k] = k & 1;
	e->c->r[1] = 1;
	e->c->r[2] = 2;
	e->c->r[3] = 16;
	step(e, n);
	for (unsigned k = 0; k < 16; k++)
		RX_TAP_CHECK(q1[k] == (k & 1 ? 4 : 16) + 1, "byte %u: %u", k, q1[k]);
	CU_ASSERT_EQUAL(e->c->p0, 0x5555);	/* inverted for the else */
	CU_ASSERT_EQUAL(e->c->mask01, 0);
	CU_ASSERT_EQUAL(e->c->mask23, 0);
	m_free(e);
}

/* Bytes without predicate are not loaded: nothing need be there. */
static void test_masked_load(void)
{
	struct m *e = m_new();

	load(e, "vpst\nvldrw.u32 q1, [r0]\nvldrw.u32 q1, [r0]");
	e->c->shcsr = 1 << 17;
	e->c->p0 = 0x00ff;
	e->c->r[0] = RAM32 + (1 << 20) - 8;	/* the last two words are behind RAM */
	put32(e, e->c->r[0], 0x11223344);
	put32(e, e->c->r[0] + 4, 0x55667788);
	memset(e->c->q[1], 0xff, 16);
	step(e, 2);
	CU_ASSERT_EQUAL(e->c->ipsr, 0);
	CU_ASSERT_EQUAL(RX_T32_D(e->c, 2), UINT64_C(0x5566778811223344));
	CU_ASSERT_EQUAL(RX_T32_D(e->c, 3), 0);
	step(e, 1);
	CU_ASSERT_EQUAL(e->c->ipsr, 5);
	CU_ASSERT_EQUAL(e->c->bfar, RAM32 + (1 << 20));
	m_free(e);
}

/* S, D and Q registers are the same bytes. */
static void test_aliases(void)
{
	struct m *e = m_new();

	load(e, "vmov s5, r0\nvmov d3, r0, r1\nvmov r2, r3, d2");
	e->c->r[0] = 0x01020304;
	e->c->r[1] = 0x05060708;
	step(e, 3);
	CU_ASSERT_EQUAL(e->c->q[1][4], 4);
	CU_ASSERT_EQUAL(e->c->q[1][8], 4);
	CU_ASSERT_EQUAL(e->c->q[1][15], 5);
	CU_ASSERT_EQUAL(e->c->r[2], 0);
	CU_ASSERT_EQUAL(e->c->r[3], 0x01020304);
	m_free(e);
}

/* Exception, escalated or not, and where it returns to */
static void test_exceptions(void)
{
	static const struct {
		const char *text;
		uint32_t shcsr, exception, cfsr, hfsr, back;
	} t[] = {
		{ "svc #1", 0, 11, 0, 0, 2 },
		{ "udf #1", 1 << 18, 6, 1 << 16, 0, 0 },
		{ "udf #1", 0, 3, 1 << 16, 1u << 30, 0 },
		{ "bkpt #1", 0, 3, 0, 1u << 31, 0 },
		{ "ldrd r0, r1, [r2]", 1 << 18, 6, 1 << 24, 0, 0 },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		struct m *e = m_new();

		load(e, t[k].text);
		e->c->shcsr = t[k].shcsr;
		e->c->r[2] = RAM32 + 2;
		e->c->r[13] = STACK + 4;	/* the frame is aligned */
		step(e, 1);
		RX_TAP_CHECK(e->c->ipsr == t[k].exception && e->c->cfsr == t[k].cfsr &&
			     e->c->hfsr == t[k].hfsr, "'%s': %u %08x %08x", t[k].text,
			     e->c->ipsr, e->c->cfsr, e->c->hfsr);
		CU_ASSERT_EQUAL(e->c->r[13], STACK - 32);
		CU_ASSERT_EQUAL(get32(e, STACK - 8), RAM32 + t[k].back);
		CU_ASSERT_EQUAL(e->c->r[14], 0xffffffb8);
		m_free(e);
	}
}

/* Without EPSR.T nothing is fetched; a fault within the hard fault is the end. */
static void test_state(void)
{
	struct m *e = m_new();

	load(e, "bx r0");
	e->c->r[0] = RAM32 + 0x100;
	e->c->shcsr = 1 << 18;
	step(e, 1);
	CU_ASSERT_EQUAL(e->cpu->pc, RAM32 + 0x101);
	step(e, 1);
	CU_ASSERT_EQUAL(e->c->ipsr, 6);
	CU_ASSERT_EQUAL(e->c->cfsr, 1 << 17);
	CU_ASSERT_EQUAL(get32(e, STACK - 8), RAM32 + 0x100);
	CU_ASSERT_EQUAL(get32(e, STACK - 4) >> 24 & 1, 0);
	e->c->ipsr = 3;
	e->cpu->pc = 0x1000;
	step(e, 1);
	CU_ASSERT(e->cpu->halted);
	m_free(e);
}

/* Registers 13: its low bits are not there. */
static void test_stack_pointer(void)
{
	struct m *e = m_new();

	load(e, "mov sp, r0\nadd sp, r1\nsub.w sp, sp, #5");
	e->c->r[0] = 0x1007;
	e->c->r[1] = 6;
	step(e, 1);
	CU_ASSERT_EQUAL(e->c->r[13], 0x1004);
	step(e, 1);
	CU_ASSERT_EQUAL(e->c->r[13], 0x1008);
	step(e, 1);
	CU_ASSERT_EQUAL(e->c->r[13], 0x1000);
	m_free(e);
}

CU_TestInfo t32_tests[] = {
	{ "blocks", test_blocks },
	{ "block_faults", test_block_faults },
	{ "predication", test_predication },
	{ "masked_load", test_masked_load },
	{ "aliases", test_aliases },
	{ "exceptions", test_exceptions },
	{ "state", test_state },
	{ "stack_pointer", test_stack_pointer },
	CU_TEST_INFO_NULL,
};
