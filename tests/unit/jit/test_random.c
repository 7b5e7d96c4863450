/* test_random.c - random programs, and what is done to their machine. SPDX-License-Identifier: MIT
 *
 * Loops over pages that are mapped anew, with code that is written, run for random
 * numbers of instructions on a machine that steps and on one that compiles; between the
 * runs hooks come and go, memory and registers are written, the TLB is emptied, the
 * engine or its settings change, and what is compiled is explained.
 */
#include "core/vm.h"
#include "suites.h"
#if RX_HAVE_JIT
#include "core/blocks.h"
#include "jit/jit.h"
#include "tests/lib/tap.h"
#include "tests/unit/core/toy.h"

#define PROGRAMS 80
#define RUNS 60
#define CODE 1100	/* bytes of a program, about */
#define FIRST_DATA 2	/* pages of data: up to what fits 15 bits */
#define DATA_PAGES 6

/* Registers: 0 is 0; 4 to 6 are pointers; 9 counts; 10 is where calls come back to. */
enum { COUNT = 9, RA, OTHER, RESTART, FAULTS, POINTERS = 3 };

struct random {
	struct toy_vm t[2];	/* [0] steps, [1] compiles */
	uint64_t seed, at, function;
};

static unsigned below(struct random *r, unsigned n)
{
	r->seed = r->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(r->seed >> 33) % n;
}

static void put(struct random *r, enum toy_op op, unsigned a, unsigned b, int imm)
{
	uint64_t at = r->at;

	for (unsigned k = 0; k < 2; k++) {
		at = r->at;
		toy_put(&r->t[k], &at, op, a, b, imm);
	}
	r->at = at;
}

static unsigned scratch(struct random *r)
{
	static const uint8_t some[] = { 1, 2, 3, 7, 8 };

	return some[below(r, sizeof(some))];
}

static unsigned pointer(struct random *r)
{
	return 4 + below(r, POINTERS);
}

static int step(struct random *r)
{
	static const int16_t steps[] = { 8, 8, 8, 16, 64, 1, 260, 4096, -8, -24, -4096 };

	return steps[below(r, sizeof(steps) / sizeof(steps[0]))];
}

static int offset(struct random *r)
{
	if (below(r, 3))
		return 0;
	return below(r, 3) ? 8 * ((int)below(r, 64) - 32) : (int)below(r, 5000) - 2500;
}

/* A page is another one, or allows something else; there may be code. */
static void remap(struct random *r)
{
	static const uint16_t allow[] = {
		TOY_R | TOY_W, TOY_R | TOY_W, TOY_R, TOY_R | TOY_W | TOY_X, TOY_W, 0
	};
	const unsigned page = FIRST_DATA + below(r, DATA_PAGES);
	const unsigned to = below(r, 4) ? FIRST_DATA + below(r, DATA_PAGES) : below(r, 2);
	const unsigned s = scratch(r);

	put(r, TOY_ADDI, s, 0, (int)page);
	put(r, TOY_MAP, 0, s, (int)(allow[below(r, 6)] | to));
}

/* Writes an instruction of two bytes over another one, ahead or anywhere. */
static void modify(struct random *r)
{
	const unsigned s = scratch(r), p = scratch(r);
	const uint64_t where = below(r, 2) ? r->at + 2 * below(r, 40) : 2 * below(r, CODE / 2);

	put(r, TOY_ADDI, s, 0, (int)(TOY_INC | scratch(r) << 8));
	put(r, TOY_ADDI, p, 0, (int)where);
	put(r, TOY_STH, s, p, 0);
}

static void access(struct random *r)
{
	const unsigned p = pointer(r);

	for (unsigned n = 1 + below(r, 3); n; n--) {
		const enum toy_op write = below(r, 4) ? TOY_ST : TOY_STH;

		put(r, below(r, 5) < 3 ? TOY_LD : write, scratch(r), p, offset(r));
	}
}

static void body(struct random *r, unsigned pieces, unsigned depth)
{
	while (pieces--) {
		const unsigned p = pointer(r);
		const uint64_t at = r->at;
		uint64_t end;

		switch (below(r, 14)) {
		case 0:
		case 1:
			put(r, TOY_ADDI, p, p, step(r));
			break;
		case 2:
			put(r, TOY_XOR, scratch(r), scratch(r), 0);
			break;
		case 3:
		case 4:		/* done in some rounds */
			if (depth > 2)
				break;
			put(r, TOY_BNE, 0, 0, 4);
			body(r, 1 + below(r, 3), depth + 1);
			end = r->at;
			r->at = at;
			put(r, below(r, 2) ? TOY_BNE : TOY_BEQ, scratch(r),
			    below(r, 2) ? 0 : scratch(r), (int)(end - at));
			r->at = end;
			break;
		case 5:
			if (r->function && depth < 2)
				put(r, TOY_JAL, RA, 0, (int)(r->function - r->at));
			break;
		case 6:
			if (!below(r, 4))
				remap(r);
			break;
		case 7:
			if (!below(r, 5))
				modify(r);
			break;
		case 8:
			if (!below(r, 6))
				put(r, TOY_MODE, 0, 0, (int)below(r, 4));
			else if (below(r, 4))
				put(r, TOY_ADDW, scratch(r), scratch(r), (int)below(r, 3) - 1);
			else
				put(r, TOY_COUNT, scratch(r), 0, 0);
			break;
		case 9:
			if (!below(r, 8))
				put(r, below(r, 2) ? TOY_TRAP : TOY_SPACE, 0, 0, (int)below(r, 2));
			else
				put(r, TOY_INC, scratch(r), 0, 0);
			break;
		default:
			access(r);
		}
	}
}

static void set_pointers(struct random *r)
{
	for (unsigned k = 0; k < POINTERS; k++) {
		const unsigned page = FIRST_DATA + below(r, DATA_PAGES);
		const int data = (int)(4096 * page + 8 * below(r, 512));

		put(r, TOY_ADDI, 4 + k, 0, below(r, 8) ? data : (int)below(r, 64) - 32);
	}
}

static void write_program(struct random *r)
{
	uint64_t other = 0, top;

	r->function = r->at = 0;
	while (r->at < CODE) {
		if (!other && r->at > CODE / 2)
			other = r->at;
		if (!below(r, 3)) {	/* a function, and over it */
			const uint64_t over = r->at;

			put(r, TOY_BEQ, 0, 0, 4);
			r->function = r->at;
			body(r, 1 + below(r, 2), 2);
			put(r, TOY_JR, RA, 0, 0);
			top = r->at;
			r->at = over;
			put(r, TOY_BEQ, 0, 0, (int)(top - over));
			r->at = top;
		}
		set_pointers(r);
		put(r, TOY_ADDI, COUNT, 0, (int)(1 + below(r, 60)));
		top = r->at;
		body(r, 1 + below(r, 8), 0);
		put(r, TOY_ADDI, COUNT, COUNT, -1);
		put(r, TOY_BNE, COUNT, 0, (int)(top - r->at));
	}
	put(r, TOY_BEQ, 0, 0, -(int)r->at);
	r->at = TOY_VECTOR;	/* faults go on at one of two places */
	put(r, TOY_INC, FAULTS, 0, 0);
	put(r, TOY_XOR, RESTART, OTHER, 0);
	put(r, TOY_JR, RESTART, 0, 0);
	for (unsigned k = 0; k < 2; k++)
		toy_cpu(&r->t[k], 0)->r[OTHER] = other;
}

static void begin(struct random *r)
{
	static const uint8_t heats[] = { 1, 2, 5, 8, 20 };
	struct rx_vm *vm = &r->t[1].vm;

	for (unsigned k = 0; k < 2; k++)
		toy_init(&r->t[k], &rx_engine_step, 1);
	write_program(r);
	vm->jit.heat = heats[below(r, sizeof(heats))];
	vm->jit.level = below(r, 4) ? 2 : below(r, 2);
	if (below(r, 2))
		vm->jit.cache = RX_JIT_REGION_BYTES + 4096;
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(vm, &rx_engine_jit, NULL), 0);
}

static void hook(void *opaque, struct rx_cpu *cpu, const struct rx_insn *i)
{
	(void)opaque;
	CU_ASSERT_EQUAL(cpu->pc, i->pc);
}

static void no_line(void *opaque, const char *line)
{
	(void)line;
	++*(uint64_t *)opaque;
}

/* Is the machine, which has the compiler again, asked about some code? */
static void explain(struct random *r)
{
	struct rx_vm *vm = &r->t[1].vm;
	uint64_t lines = 0;

	if (vm->engine != &rx_engine_jit)
		return;
	vm->engine->explain(vm->cpu[0], 2 * below(r, CODE / 2), no_line, &lines);
	CU_ASSERT(lines > 0);
}

static void something(struct random *r)
{
	static const struct rx_engine *const engines[] = {
		&rx_engine_jit, &rx_engine_jit, &rx_engine_threaded
	};
	const unsigned what = below(r, 16), n = below(r, POINTERS);
	const uint64_t where = TOY_RAM_BASE + 2 * below(r, CODE / 2);
	const uint64_t data = TOY_RAM_BASE + 4096 * FIRST_DATA + below(r, 4096 * DATA_PAGES - 8);
	const uint64_t value = 4096 * (FIRST_DATA + below(r, DATA_PAGES)) + below(r, 4096);
	const uint8_t code[2] = { TOY_INC, (uint8_t)scratch(r) };

	for (unsigned k = 0; k < 2; k++) {
		struct rx_vm *vm = &r->t[k].vm;

		switch (what) {
		case 0:
			rx_vm_hook_insn(vm, hook, NULL);
			break;
		case 1:
		case 2:
			rx_vm_hook_insn(vm, NULL, NULL);
			break;
		case 3:
			CU_ASSERT_EQUAL(rx_mem_write(&vm->mem, where, code, 2), 0);
			break;
		case 4:
			CU_ASSERT_EQUAL(rx_mem_write(&vm->mem, data, &value, 8), 0);
			break;
		case 5:
			rx_tlb_flush_all(vm->cpu[0]);
			break;
		case 6:
			toy_cpu(&r->t[k], 0)->r[4 + n] = value;
			break;
		default:
			break;
		}
	}
	if (what == 7)
		CU_ASSERT_EQUAL(rx_vm_set_engine(&r->t[1].vm, engines[below(r, 3)], NULL), 0);
	if (what == 8)
		explain(r);
}

static void programs(void)
{
	uint64_t faults = 0, regions = 0, value;
	struct random r;

	for (unsigned p = 0; p < PROGRAMS; p++) {
		r.seed = p;
		begin(&r);
		for (unsigned n = 0; n < RUNS; n++) {
			const uint64_t insns = 1 + below(&r, below(&r, 3) ? 800 : 40);

			for (unsigned k = 0; k < 2; k++)
				CU_ASSERT_EQUAL(rx_vm_run(&r.t[k].vm, insns), RX_STOP_LIMIT);
			if (rx_vm_hash(&r.t[0].vm) != rx_vm_hash(&r.t[1].vm)) {
				RX_TAP_CHECK(false, "program %u, run %u", p, n);
				break;
			}
			something(&r);
		}
		faults += toy_cpu(&r.t[1], 0)->r[FAULTS];
		for (unsigned k = 0; rx_vm_stat(&r.t[1].vm, k, &value); k++)
			if (r.t[1].vm.engine == &rx_engine_jit && k == RX_BLOCKS_STATS)
				regions += value;
		for (unsigned k = 0; k < 2; k++)
			toy_fini(&r.t[k]);
	}
	CU_ASSERT(faults > 1000);
	CU_ASSERT(regions > 100);
}

CU_TestInfo random_tests[] = {
	{ "programs", programs },
	CU_TEST_INFO_NULL,
};
#endif
