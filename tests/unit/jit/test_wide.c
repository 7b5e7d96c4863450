/* test_wide.c - host code of accesses of many bytes. SPDX-License-Identifier: MIT
 *
 * An instruction of the made-up ISA copies a vector, or 128 bits, instead of what it
 * does otherwise; compiled code, the interpreter of SMIR and an executor do it at the
 * same addresses: inside pages, across them, where nothing is and where nothing may be
 * written.
 */
#include <stdio.h>
#include <string.h>

#include "core/blocks.h"
#include "core/tlb.h"
#include "core/vm.h"
#include "smir/build.h"
#include "suites.h"
#if RX_HAVE_JIT
#include "jit/jit.h"
#include "tests/lib/tap.h"
#include "tests/unit/core/toy.h"

#define ROUNDS 60		/* of addresses for one piece of code */
#define FIRST 8			/* pages that are accessed: this and behind ... */
#define MISSING 10		/* ... of which one is not there ... */
#define READ_ONLY 12		/* ... and one may not be written */
#define FROM 3			/* registers with addresses */
#define TO 4
#define KEPT offsetof(struct toy, table[1])	/* what was loaded stays there */

static struct {
	enum rx_smir_code load, store;
	enum rx_smir_type type;
	unsigned lane;
	uint64_t mask;
} what;
static uint64_t state;

static uint64_t rnd(void)
{
	return next_of(&state);
}

static rx_sv reg(struct rx_smir_fn *f, unsigned n)
{
	return rx_smir_get(f, RX_I64, offsetof(struct toy, r[0]) + 8 * n);
}

static void lift(struct rx_smir_fn *f, const struct rx_insn *i)
{
	rx_sv v, mask;

	if (i->id == TOY_JAL) {
		rx_smir_put(f, RX_I64, offsetof(struct toy, r[2]),
			    rx_smir_const(f, RX_I64, i->pc + i->len));
		rx_smir_exit(f, rx_smir_const(f, RX_I64, i->pc + i->imm));
		return;
	}
	if (i->id != TOY_INC) {
		(void)rx_smir_op(f, RX_S_CALL, RX_VOID, 0, 0, 0, 0, 0);
		return;
	}
	mask = rx_smir_const(f, RX_I64, what.mask);
	if (what.load == RX_S_LOAD)
		v = rx_smir_load(f, what.type, reg(f, FROM), 0);
	else
		v = rx_smir_op(f, RX_S_LOADIF, what.type, reg(f, FROM), mask, 0, 0, what.lane);
	if (what.store == RX_S_STORE)
		rx_smir_store(f, what.type, reg(f, TO), v, 0);
	else
		(void)rx_smir_op(f, RX_S_STOREIF, what.type, reg(f, TO), v, mask, 0, what.lane);
	rx_smir_put(f, what.type, KEPT, v);
	v = reg(f, 1);
	rx_smir_put(f, RX_I64, offsetof(struct toy, r[1]),
		    rx_smir_op2(f, RX_S_ADD, RX_I64, v, rx_smir_const(f, RX_I64, 1)));
}

/* ---- two machines -------------------------------------------------------- */

static struct rx_isa lifted;
static rx_executor *exec[64];

static enum rx_exec load_wide(struct rx_cpu *cpu, uint64_t va, unsigned size, unsigned flags,
			      unsigned __int128 *value)
{
	*value = 0;
	for (unsigned k = 0; k < size; k += 8) {
		const struct rx_val v = lifted.load(cpu, va + k, 8, flags);

		if (v.status != RX_NEXT)
			return v.status;
		*value |= (unsigned __int128)v.v << 8 * k;
	}
	return RX_NEXT;
}

/* The last byte's page comes first: all of it, or nothing. */
static enum rx_exec store_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			       unsigned __int128 value, unsigned flags)
{
	for (unsigned k = size; k; k -= 8) {
		const enum rx_exec status = lifted.store(cpu, va + k - 8, 8,
							  (uint64_t)(value >> 8 * (k - 8)), flags);

		if (status != RX_NEXT)
			return status;
	}
	return RX_NEXT;
}

/* The instruction, word by word or lane by lane. */
static enum rx_exec copy(RX_ARG struct rx_cpu *cpu, RX_ARG const struct rx_insn *i)
{
	RX_ARG struct toy *c = (struct toy *)(void *)cpu;
	const bool lanes = what.load == RX_S_LOADIF;
	const unsigned bytes = rx_smir_bits[what.type] / 8, size = lanes ? what.lane / 8 : 8;
	uint8_t v[64] = { 0 };
	unsigned __int128 wide;

	(void)i;
	for (unsigned k = 0; k < bytes / size; k++) {
		struct rx_val r;

		if (lanes && !(what.mask >> k & 1))
			continue;
		r = lifted.load(cpu, c->r[FROM] + k * size, size, 0);
		if (r.status != RX_NEXT)
			return r.status;
		memcpy(v + k * size, &r.v, size);
	}
	if (what.type == RX_I128) {
		memcpy(&wide, v, sizeof(wide));
		if (store_wide(cpu, c->r[TO], 16, wide, 0) != RX_NEXT)
			return RX_FAULT;
	}
	for (unsigned k = 0; what.type != RX_I128 && k < bytes / size; k++) {
		uint64_t word = 0;

		memcpy(&word, v + k * size, size);
		if (lanes && !(what.mask >> k & 1))
			continue;
		if (lifted.store(cpu, c->r[TO] + k * size, size, word, 0) != RX_NEXT)
			return RX_FAULT;
	}
	memcpy((uint8_t *)c + KEPT, v, bytes);
	c->r[1]++;
	return RX_NEXT;
}

static rx_handler *no_handler(const struct rx_insn *i, unsigned n, uint32_t mode_key,
			      unsigned *used)
{
	(void)i, (void)n, (void)mode_key;
	*used = 1;
	return NULL;
}

static uint8_t *ram(struct toy_vm *t)
{
	return rx_mem_find(&t->vm.mem, TOY_RAM_BASE, 1)->host;
}

static void begin(struct toy_vm *t, const struct rx_engine *engine)
{
	uint64_t at = 0;

	toy_init(t, &rx_engine_step, 1);
	toy_put(t, &at, TOY_INC, 1, 0, 0);
	toy_put(t, &at, TOY_JAL, 2, 0, -2);
	at = TOY_VECTOR;
	toy_put(t, &at, TOY_RTI, 0, 0, 0);
	for (uint64_t k = FIRST << 12; k < (FIRST + 8) << 12; k++)
		ram(t)[k] = (uint8_t)(k * 13 ^ k >> 8);
	toy_cpu(t, 0)->table[0][MISSING] = 0;
	toy_cpu(t, 0)->table[0][READ_ONLY] &= ~(uint64_t)TOY_W;
	lifted = *t->vm.isa;
	memcpy(exec, lifted.exec, lifted.ninsns * sizeof(exec[0]));
	exec[TOY_INC] = copy;
	lifted.exec = exec;
	lifted.select = no_handler;
	lifted.lift = lift;
	lifted.load_wide = load_wide;
	lifted.store_wide = store_wide;
	t->vm.isa = &lifted;
	t->vm.cpu[0]->isa = &lifted;
	t->vm.jit.heat = 4;	/* when the TLB is known to be used */
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t->vm, engine, NULL), 0);
}

/* Often at the end of a page */
static uint64_t address(void)
{
	const uint64_t x = rnd();

	return ((FIRST + x % 6) << 12) + (x & 256 ? 4096 - x / 512 % 80 : x / 512 % 4000);
}

static void compare(const char *text)
{
	struct toy_vm t[2];
	unsigned done = 0;

	begin(&t[0], &rx_engine_smir);
	begin(&t[1], &rx_engine_jit);
	for (unsigned n = 0; n < ROUNDS; n++) {
		const uint64_t from = address(), to = address();

		for (unsigned k = 0; k < 2; k++) {
			struct toy *c = toy_cpu(&t[k], 0);

			c->r[FROM] = from;
			c->r[TO] = to;
			c->cpu.pc = 0;
			CU_ASSERT_EQUAL(rx_vm_run(&t[k].vm, 40), RX_STOP_LIMIT);
		}
		RX_TAP_CHECK(!memcmp(toy_cpu(&t[0], 0)->table[1], toy_cpu(&t[1], 0)->table[1], 64),
			     "%s: loaded from %#llx", text, (unsigned long long)from);
		RX_TAP_CHECK(!memcmp(ram(&t[0]), ram(&t[1]), TOY_RAM_PAGES << 12),
			     "%s: stored to %#llx", text, (unsigned long long)to);
		CU_ASSERT_EQUAL(toy_cpu(&t[1], 0)->r[1], toy_cpu(&t[0], 0)->r[1]);
		CU_ASSERT_EQUAL(toy_cpu(&t[1], 0)->value, toy_cpu(&t[0], 0)->value);
		CU_ASSERT_EQUAL(t[1].vm.cpu[0]->traps, t[0].vm.cpu[0]->traps);
		done += toy_cpu(&t[1], 0)->r[1] != 0;
	}
	CU_ASSERT(done > ROUNDS / 8);
	CU_ASSERT(t[0].vm.cpu[0]->traps > 0);
	CU_ASSERT(((struct rx_jit *)t[1].vm.cpu[0]->engine_data)->stats.native > 0);
	for (unsigned k = 0; k < 2; k++)
		toy_fini(&t[k]);
}

/* ---- cases --------------------------------------------------------------- */

static const enum rx_smir_type types[] = { RX_V64, RX_V128, RX_V256, RX_V512 };

static void each_type(void)
{
	state = 47;
	what.load = RX_S_LOAD;
	what.store = RX_S_STORE;
	what.type = RX_I128;
	compare("i128");
	for (unsigned k = 0; k < sizeof(types) / sizeof(types[0]); k++) {
		what.type = types[k];
		compare(rx_smir_type_names[types[k]]);
	}
}

static void lanes(uint64_t mask)
{
	char text[60];

	state = 53;
	what.load = RX_S_LOADIF;
	what.store = RX_S_STOREIF;
	what.mask = mask;
	for (unsigned k = 0; k < sizeof(types) / sizeof(types[0]); k++)
		for (what.lane = 8; what.lane <= 64; what.lane *= 2) {
			what.type = types[k];
			snprintf(text, sizeof(text), "%s, lanes of %u",
				 rx_smir_type_names[types[k]], what.lane);
			compare(text);
		}
}

static void all_lanes(void)
{
	lanes(~UINT64_C(0));
}

static void some_lanes(void)
{
	lanes(UINT64_C(0x5a6b3c5d5a6b3c5d));
}

CU_TestInfo wide_tests[] = {
	{ "128 bits and vectors", each_type },
	{ "vectors under a mask with all lanes", all_lanes },
	{ "under another mask", some_lanes },
	CU_TEST_INFO_NULL,
};
#endif
