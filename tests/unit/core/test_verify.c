/* test_verify.c - lock-step, and random programs on two engines. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>

#include "core/verify.h"
#include "tests/lib/tap.h"
#include "toy.h"

static uint64_t next(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s >> 11;
}

/*
 * A random program over a few pages: arithmetic, loads, stores (also to the
 * code), branches in reach, jumps through registers, remapping, address
 * spaces, modes, timers, DMA, traps. Both machines get the same.
 */
static void put_random(struct toy_vm *t, uint64_t seed)
{
	static const enum toy_op ops[] = {
		TOY_INC, TOY_INC, TOY_XOR, TOY_XOR, TOY_JR, TOY_TRAP, TOY_ADDI,
		TOY_ADDI, TOY_ADDI, TOY_LD, TOY_LD, TOY_LD, TOY_ST, TOY_ST,
		TOY_STH, TOY_BEQ, TOY_BNE, TOY_BNE, TOY_BNE, TOY_JAL, TOY_MAP,
		TOY_HALT, TOY_MODE, TOY_COUNT, TOY_SPACE, TOY_EI, TOY_RTI,
	};
	uint64_t at = 0;

	while (at < 0x4000) {
		enum toy_op op = ops[next(&seed) % (sizeof(ops) /
						    sizeof(ops[0]))];
		unsigned a = next(&seed) % 12, b = next(&seed) % 16;
		int imm = (int)(next(&seed) % 128) - 64;

		if (op == TOY_HALT || op == TOY_MAP || op == TOY_SPACE ||
		    op == TOY_TRAP)
			op = next(&seed) % 8 ? TOY_ADDI : op;
		if (op == TOY_BEQ || op == TOY_BNE || op == TOY_JAL)
			imm &= ~1;
		if (op == TOY_LD || op == TOY_ST || op == TOY_STH) {
			b = 12 + next(&seed) % 3;
			imm = (int)(next(&seed) % 4096);
		}
		if (op == TOY_MAP) {	/* pages 1 to 3 among each other */
			b = 10;
			imm = TOY_R | TOY_W | TOY_X | (1 + next(&seed) % 3);
		}
		toy_put(t, &at, op, a, b, imm);
	}
	/* the vector: line down, then some way back into the program */
	at = TOY_VECTOR;
	toy_put(t, &at, TOY_ST, 0, 11, 8);
	toy_put(t, &at, TOY_ADDI, 7, 7, 300);
	toy_put(t, &at, TOY_ST, 7, 11, 0);
	toy_put(t, &at, TOY_EI, 0, 0, 0);
	toy_put(t, &at, TOY_ADDI, 9, 9, 38);
	toy_put(t, &at, TOY_JR, 9, 0, 0);
	for (unsigned n = 0; n < t->vm.ncpus; n++) {
		struct toy *c = toy_cpu(t, n);

		for (unsigned k = 0; k < 12; k++)
			c->r[k] = next(&seed) % 0x4000 & ~UINT64_C(1);
		c->r[10] = 1 + next(&seed) % 3;
		c->r[11] = 0x20000;	/* the device */
		c->r[12] = 0x1000;	/* code */
		c->r[13] = 0x8000;	/* data */
		c->r[14] = 0x8ffc;	/* across pages */
		c->r[9] &= 0xffe;
		for (unsigned s = 0; s < 2; s++) {
			c->table[s][32] = TOY_DEV | TOY_R | TOY_W;
			c->table[s][3] = TOY_R | TOY_X | 3;
		}
	}
}

/* A register that leaves the program comes back to it, by the vector. */
static void random_programs_on(unsigned ncpus, uint64_t first, uint64_t n)
{
	uint64_t units = 0, traps = 0;

	for (uint64_t k = 0; k < n; k++) {
		const uint64_t seed = (first + k) * UINT64_C(0x9e3779b97f4a7c15);
		struct rx_verify_report report;
		struct toy_vm a, b;
		enum rx_stop stop;
		rax_error err;
		rax_status status;

		toy_init(&a, &rx_engine_threaded, ncpus);
		toy_init(&b, &rx_engine_step, ncpus);
		a.vm.quantum = b.vm.quantum = 100;
		put_random(&a, seed);
		put_random(&b, seed);
		err.message[0] = 0;
		status = rx_verify_run(&a.vm, &b.vm, 20000, &stop, &report,
				       &err);
		RX_TAP_CHECK(status == RAX_OK, "program %llu: %s",
			     (unsigned long long)(first + k), err.message);
		CU_ASSERT_EQUAL(rx_vm_hash(&a.vm), rx_vm_hash(&b.vm));
		units += a.vm.icount;
		traps += a.vm.cpu[0]->traps;
		toy_fini(&a);
		toy_fini(&b);
	}
	/* they did something: ran long, and not only faulted */
	CU_ASSERT(units > n * 10000);
	CU_ASSERT(traps < units / 2);
}

static void random_programs(void)
{
	random_programs_on(1, 1, 150);
}

static void random_programs_smp(void)
{
	random_programs_on(3, 1000, 50);
}

/* Chunks of any length leave the same machine. */
static void chunks(void)
{
	uint64_t hash[3];

	for (unsigned k = 0; k < 3; k++) {
		static const uint64_t length[3] = { 1, 777, UINT64_MAX };
		struct toy_vm t;
		uint64_t n = 0;

		toy_init(&t, &rx_engine_threaded, 2);
		put_random(&t, 12345);
		while (n < 30000) {
			const uint64_t m = 30000 - n < length[k] ? 30000 - n
								 : length[k];
			if (rx_vm_run(&t.vm, m) != RX_STOP_LIMIT)
				break;
			n += m;
		}
		hash[k] = rx_vm_hash(&t.vm);
		CU_ASSERT_EQUAL(t.vm.icount, 30000);
		toy_fini(&t);
	}
	CU_ASSERT_EQUAL(hash[0], hash[1]);
	CU_ASSERT_EQUAL(hash[0], hash[2]);
}

/* A wrong result is found at the instruction that made it. */
static void finds(const struct rx_engine *one, const struct rx_engine *two,
		  bool exact)
{
	struct rx_verify_report rep;
	struct toy_vm a, b;
	enum rx_stop stop;
	rax_error err;
	uint64_t at;

	toy_init(&a, one, 1);
	toy_init(&b, two, 1);
	for (unsigned k = 0; k < 2; k++) {
		struct toy_vm *t = k ? &b : &a;

		at = 0;
		toy_put(t, &at, TOY_INC, 1, 0, 0);		/* 0 */
		toy_put(t, &at, TOY_BNE, 1, 2, -2);		/* 2 */
		toy_put(t, &at, TOY_LD, 3, 0, 0x800);		/* 6 */
		toy_put(t, &at, TOY_XOR, 4, 3, 0);		/* 10 */
		toy_put(t, &at, TOY_ADDI, 3, 4, 1);		/* 12 */
		toy_put(t, &at, TOY_INC, 5, 0, 0);
		toy_put(t, &at, TOY_BEQ, 0, 0, -2);
		toy_cpu(t, 0)->r[2] = 1000;
	}
	/* what differs is in RAM, where it is not looked at so soon */
	CU_ASSERT_EQUAL(rx_mem_write(&a.vm.mem, TOY_RAM_BASE + 0x800, "\1", 1),
			0);
	CU_ASSERT_EQUAL(rx_mem_write(&b.vm.mem, TOY_RAM_BASE + 0x800, "\2", 1),
			0);
	CU_ASSERT_EQUAL(rx_verify_run(&a.vm, &b.vm, 10000, &stop, &rep, &err),
			RAX_EDIVERGED);
	CU_ASSERT_EQUAL(rep.what, RX_VERIFY_REGISTER);
	if (exact) {
		/* r3 is overwritten: r4 is the first that is still seen */
		CU_ASSERT_EQUAL(rep.pc, 10);
		CU_ASSERT_EQUAL(rep.range, 1);
		CU_ASSERT_EQUAL(rep.icount, 2002);
		CU_ASSERT_STRING_EQUAL(rep.insn, "xor r4, r3, 0");
		CU_ASSERT_STRING_EQUAL(rep.name, "r4");
		CU_ASSERT_EQUAL(rep.value[0], 1);
		CU_ASSERT_EQUAL(rep.value[1], 2);
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "engines disagree"));
	toy_fini(&a);
	toy_fini(&b);
}

static void finds_register(void)
{
	finds(&rx_engine_threaded, &rx_engine_step, true);
	finds(&rx_engine_step, &rx_engine_threaded, true);
	finds(&rx_engine_threaded, &rx_engine_threaded, false);
}

static void finds_memory(void)
{
	struct rx_verify_report rep;
	struct toy_vm a, b;
	enum rx_stop stop;
	uint64_t at;

	toy_init(&a, &rx_engine_threaded, 1);
	toy_init(&b, &rx_engine_step, 1);
	for (unsigned k = 0; k < 2; k++) {
		at = 0;
		toy_put(k ? &b : &a, &at, TOY_BEQ, 0, 0, 0);
	}
	CU_ASSERT_EQUAL(rx_mem_write(&b.vm.mem, TOY_RAM_BASE + 0x8010, "\5", 1),
			0);
	CU_ASSERT_EQUAL(rx_verify_run(&a.vm, &b.vm, 10, &stop, &rep, NULL),
			RAX_EDIVERGED);
	CU_ASSERT_EQUAL(rep.what, RX_VERIFY_MEMORY);
	CU_ASSERT_EQUAL(rep.address, TOY_RAM_BASE + 0x8010);
	CU_ASSERT_EQUAL(rep.value[1], 5);
	toy_fini(&a);
	toy_fini(&b);
}

/* Ends when both do, and says how. */
static void stops(void)
{
	struct rx_verify_report rep;
	struct toy_vm a, b;
	enum rx_stop stop;

	toy_init(&a, &rx_engine_threaded, 1);
	toy_init(&b, &rx_engine_step, 1);
	for (unsigned k = 0; k < 2; k++) {
		struct toy_vm *t = k ? &b : &a;
		uint64_t at = 0;

		toy_put(t, &at, TOY_INC, 1, 0, 0);
		toy_put(t, &at, TOY_BNE, 1, 2, -2);
		toy_put(t, &at, TOY_ST, 1, 6, 16);
		toy_cpu(t, 0)->r[2] = 3000;
		toy_cpu(t, 0)->r[6] = 0x20000;
		toy_cpu(t, 0)->table[0][32] = TOY_DEV | TOY_W;
	}
	CU_ASSERT_EQUAL(rx_verify_run(&a.vm, &b.vm, UINT64_MAX, &stop, &rep,
				      NULL), RAX_OK);
	CU_ASSERT_EQUAL(stop, RX_STOP_EXIT);
	CU_ASSERT_EQUAL(a.vm.exit_code, 3000);
	CU_ASSERT_EQUAL(b.vm.exit_code, 3000);
	toy_fini(&a);
	toy_fini(&b);
}

static void refuses(void)
{
	struct rx_verify_report rep;
	struct toy_vm a, b;
	enum rx_stop stop;
	rax_error err;

	toy_init(&a, &rx_engine_threaded, 1);
	toy_init(&b, &rx_engine_step, 2);
	CU_ASSERT_EQUAL(rx_verify_run(&a.vm, &b.vm, 10, &stop, &rep, &err),
			RAX_EINVAL);
	toy_fini(&b);
	toy_init(&b, &rx_engine_step, 1);
	rx_clock_init(&b.vm, RX_CLOCK_HOST, 0);
	CU_ASSERT_EQUAL(rx_verify_run(&a.vm, &b.vm, 10, &stop, &rep, &err),
			RAX_EINVAL);
	toy_fini(&a);
	toy_fini(&b);
}

CU_TestInfo verify_tests[] = {
	{ "random_programs", random_programs },
	{ "random_programs_smp", random_programs_smp },
	{ "chunks", chunks },
	{ "finds_register", finds_register },
	{ "finds_memory", finds_memory },
	{ "stops", stops },
	{ "refuses", refuses },
	CU_TEST_INFO_NULL,
};
