/* test_jumps.c - handlers leave nothing on the stack. SPDX-License-Identifier: MIT
 *
 * Frames of guest calls lie where the stack ends when compiled code is entered: a handler
 * that the compiler let call the next one, and not jump to it, would leave its own frame
 * there, whose words are taken for a return address now and then.
 */
#include "core/vm.h"
#include "suites.h"
#if RX_HAVE_JIT
#include "tests/lib/tap.h"
#include "tests/unit/core/toy.h"

#define TRAPS 8

static uintptr_t depth[TRAPS];	/* of the stack, at each exception */
static unsigned ntraps;
static void (*raise_in)(struct rx_cpu *cpu);

static void note_depth(struct rx_cpu *cpu)
{
	if (ntraps < TRAPS)
		depth[ntraps++] = (uintptr_t)__builtin_frame_address(0);
	raise_in(cpu);
}

/* Between two exceptions there is one of each instruction with a handler of its own. */
static void program(struct toy_vm *t)
{
	uint64_t at = TOY_VECTOR;

	toy_cpu(t, 0)->r[6] = 0x5000;
	toy_put(t, &at, TOY_INC, 1, 0, 0);		/* 0 */
	toy_put(t, &at, TOY_XOR, 2, 1, 0);		/* 2 */
	toy_put(t, &at, TOY_ST, 1, 6, 0);		/* 4 */
	toy_put(t, &at, TOY_STH, 1, 6, 8);		/* 8 */
	toy_put(t, &at, TOY_LD, 3, 6, 0);		/* 12 */
	toy_put(t, &at, TOY_ADDI, 4, 4, 1);		/* 16 */
	toy_put(t, &at, TOY_BEQ, 6, 0, 4);		/* 20: no */
	toy_put(t, &at, TOY_BNE, 6, 0, 4);		/* 24: to 28 */
	toy_put(t, &at, TOY_JAL, 5, 0, 4);		/* 28: to 32 */
	toy_put(t, &at, TOY_ADDI, 5, 5, 10);		/* 32 */
	toy_put(t, &at, TOY_INC, 1, 0, 0);		/* 36 */
	toy_put(t, &at, TOY_XOR, 2, 1, 0);		/* 38 */
	toy_put(t, &at, TOY_JR, 5, 0, 0);		/* 40: to 42 */
	toy_put(t, &at, TOY_TRAP, 0, 0, 0);		/* 42 */
	at = 0;
	toy_put(t, &at, TOY_TRAP, 0, 0, 0);
}

static void handlers(void)
{
	struct rx_isa isa;
	struct toy_vm t;

	toy_init(&t, &rx_engine_step, 1);
	program(&t);
	isa = *t.vm.isa;
	raise_in = isa.raise;
	isa.raise = note_depth;
	t.vm.isa = t.vm.cpu[0]->isa = &isa;
	ntraps = 0;
	t.vm.jit.heat = 1u << 20;	/* all is done by handlers */
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t.vm, &rx_engine_jit, NULL), 0);
	CU_ASSERT_EQUAL(rx_vm_run(&t.vm, 1000), RX_STOP_LIMIT);
	CU_ASSERT_EQUAL_FATAL(ntraps, TRAPS);
	for (unsigned k = 2; k < TRAPS; k++)	/* links are resolved before */
		RX_TAP_CHECK(depth[k] == depth[1], "the stack grew by %ld bytes: this was compiled "
			     "without jumps for calls at functions' ends (-O2 has them)",
			     (long)(depth[1] - depth[k]));
	toy_fini(&t);
}

CU_TestInfo jumps_tests[] = {
	{ "handlers", handlers },
	CU_TEST_INFO_NULL,
};
#endif
