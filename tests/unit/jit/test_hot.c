/* test_hot.c - what ends or changes compiled code that runs. SPDX-License-Identifier: MIT
 *
 * Programs that are compiled at once, and the step engine beside them: code that
 * is written by a device, hooks, timers, a stop from outside, a full code cache.
 */
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "core/vm.h"
#include "suites.h"
#if RX_HAVE_JIT
#include "core/blocks.h"
#include "jit/jit.h"
#include "tests/lib/tap.h"
#include "tests/unit/core/toy.h"

#define DEVICE 0x20000u

/* Two machines: [0] steps, [1] compiles what it meets. */
struct both {
	struct toy_vm t[2];
};

static struct rx_jit *jit(struct both *b)
{
	return b->t[1].vm.cpu[0]->engine_data;
}

static void begin(struct both *b, void (*program)(struct toy_vm *t))
{
	for (unsigned k = 0; k < 2; k++) {
		struct toy_vm *t = &b->t[k];

		toy_init(t, &rx_engine_step, 1);
		toy_cpu(t, 0)->table[0][DEVICE >> 12] = TOY_DEV | TOY_R | TOY_W;
		toy_cpu(t, 0)->r[6] = DEVICE;
		program(t);
	}
	b->t[1].vm.jit.heat = 1;
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&b->t[1].vm, &rx_engine_jit, NULL), 0);
}

static void both_run(struct both *b, uint64_t n)
{
	for (unsigned k = 0; k < 2; k++)
		CU_ASSERT_EQUAL(rx_vm_run(&b->t[k].vm, n), RX_STOP_LIMIT);
	RX_TAP_CHECK(rx_vm_hash(&b->t[0].vm) == rx_vm_hash(&b->t[1].vm), "after %llu",
		     (unsigned long long)b->t[0].vm.icount);
}

static void end(struct both *b)
{
	for (unsigned k = 0; k < 2; k++)
		toy_fini(&b->t[k]);
}

/* r2 and r3 count, for ever; nothing is stored */
static void counting(struct toy_vm *t)
{
	uint64_t at = 0;

	toy_put(t, &at, TOY_INC, 2, 0, 0);
	toy_put(t, &at, TOY_ADDI, 3, 3, 3);
	toy_put(t, &at, TOY_BEQ, 0, 0, -6);
}

/* Each round a device writes other instructions into the loop: r3 and r4 count. */
static void written_by_device(struct toy_vm *t)
{
	uint64_t at = 0;

	toy_cpu(t, 0)->r[1] = UINT64_C(0x0302030203020302);	/* inc r3 */
	toy_cpu(t, 0)->r[5] = UINT64_C(0x0700070007000700);	/* or r4 */
	toy_cpu(t, 0)->r[2] = 12;
	toy_put(t, &at, TOY_ST, 2, 6, 32);
	toy_put(t, &at, TOY_ST, 1, 6, 24);
	toy_put(t, &at, TOY_ADDI, 7, 7, 1);	/* 8 */
	for (unsigned k = 0; k < 4; k++)
		toy_put(t, &at, TOY_INC, 8, 0, 0);
	toy_put(t, &at, TOY_XOR, 1, 5, 0);	/* 20 */
	toy_put(t, &at, TOY_BEQ, 0, 0, -18);	/* 22: to 4 */
}

static void device_writes(void)
{
	struct both b;

	begin(&b, written_by_device);
	for (unsigned k = 0; k < 30; k++)
		both_run(&b, 101);
	CU_ASSERT(toy_cpu(&b.t[1], 0)->r[3] > 600);
	CU_ASSERT(toy_cpu(&b.t[1], 0)->r[4] > 600);
	CU_ASSERT_EQUAL(toy_cpu(&b.t[1], 0)->r[8], 0);
	CU_ASSERT(jit(&b)->stats.died > 300);
	end(&b);
}

/* Registers for the homes: met twice as often as others */
static void put_many(struct toy_vm *t, uint64_t *at)
{
	static const uint8_t many[] = { 1, 2, 4, 5, 7, 8 };

	for (unsigned k = 0; k < sizeof(many); k++)
		toy_put(t, at, TOY_XOR, many[k], many[(k + 1) % sizeof(many)], 0);
	toy_put(t, at, TOY_ADDI, 3, 3, 3);
}

/*
 * r3 is written behind the load before anything looks at it, but each load faults
 * once, and then the handler does.
 */
static void shown_by_fault(struct toy_vm *t)
{
	uint64_t at = 0, handler = TOY_VECTOR;

	toy_cpu(t, 0)->table[0][5] = 0;
	toy_cpu(t, 0)->r[6] = 0x4000;
	toy_cpu(t, 0)->r[13] = 0x4000 ^ 0x5000;
	put_many(t, &at);
	toy_put(t, &at, TOY_XOR, 6, 13, 0);
	toy_put(t, &at, TOY_BEQ, 0, 0, 4);
	put_many(t, &at);
	toy_put(t, &at, TOY_LD, 9, 6, 0);
	toy_put(t, &at, TOY_ADDI, 10, 6, 5);
	toy_put(t, &at, TOY_ADDI, 3, 11, 7);
	toy_put(t, &at, TOY_BEQ, 0, 0, -(int)at);
	toy_put(t, &handler, TOY_XOR, 12, 3, 0);
	toy_put(t, &handler, TOY_INC, 12, 0, 0);
	toy_put(t, &handler, TOY_XOR, 6, 13, 0);
	toy_put(t, &handler, TOY_RTI, 0, 0, 0);
}

static void idle_homes(void)
{
	struct both b;

	begin(&b, shown_by_fault);
	for (unsigned k = 0; k < 50; k++)
		both_run(&b, 101);
	CU_ASSERT(jit(&b)->stats.regions > 0);
	CU_ASSERT_NOT_EQUAL(toy_cpu(&b.t[1], 0)->r[12], 0);
	end(&b);
}

#define STEPS 256

/* Blocks that lead to each other, round and round. */
static void wandering(struct toy_vm *t)
{
	uint64_t at = 0;

	for (unsigned k = 0; k < STEPS; k++) {
		at = 8 * k;
		toy_put(t, &at, TOY_INC, k % 2 ? 2 : 3, 0, 0);
		toy_put(t, &at, TOY_BEQ, 0, 0, k + 1 < STEPS ? 6 : -(int)at);
	}
}

/* Room for a few regions only: the oldest ones go, and nothing else. */
static void cache_full(void)
{
	static void (*const programs[])(struct toy_vm *t) = { wandering, written_by_device };

	for (unsigned p = 0; p < 2; p++) {
		uint64_t drops;
		struct both b;
		size_t size;

		begin(&b, programs[p]);
		size = jit(&b)->code.size;
		jit(&b)->code.size = RX_JIT_REGION_BYTES + 4096;
		drops = b.t[1].vm.cpu[0]->blocks->drops;
		for (unsigned k = 0; k < 40; k++)
			both_run(&b, 1001);
		CU_ASSERT_EQUAL(b.t[1].vm.cpu[0]->blocks->drops, drops);
		CU_ASSERT(jit(&b)->stats.regions > STEPS);
		CU_ASSERT(jit(&b)->stats.died + jit(&b)->stats.evicted + 100 >
			  jit(&b)->stats.regions);
		CU_ASSERT(p || jit(&b)->stats.evicted > 200);
		CU_ASSERT(jit(&b)->code.used <= jit(&b)->code.size);
		jit(&b)->code.size = size;
		end(&b);
	}
}

/*
 * What is left of a region that died is compiled again, of the operations that were
 * kept, but for the block that died; and of all blocks when nothing is kept.
 */
static void again(void)
{
	struct both b;
	uint64_t regions, lifted, recalled;

	begin(&b, wandering);
	b.t[1].vm.cpu[0]->blocks->heat = 3;	/* others are linked until then */
	both_run(&b, 4 * 2 * STEPS);
	CU_ASSERT_EQUAL(jit(&b)->stats.lifted, STEPS);
	for (unsigned k = 0; k < 20; k++) {
		const uint8_t *host = b.t[1].vm.mem.region[0].host;

		regions = jit(&b)->stats.regions;
		lifted = jit(&b)->stats.lifted;
		recalled = jit(&b)->stats.recalled;
		if (k % 2)
			rx_jit_forget_kept(jit(&b));
		rx_blocks_invalidate(b.t[1].vm.cpu[0], host + 8 * 9, 1);
		both_run(&b, 4 * 2 * STEPS);
		CU_ASSERT(jit(&b)->stats.regions > regions);
		CU_ASSERT(k % 2 ? jit(&b)->stats.lifted > lifted + 1
				: jit(&b)->stats.lifted == lifted + 1);
		CU_ASSERT(k % 2 || jit(&b)->stats.recalled > recalled + 1);
		for (unsigned s = 0; s < STEPS; s++) {
			const struct rx_block *block = rx_blocks_peek(b.t[1].vm.cpu[0], 8 * s,
								      host + 8 * s, 0);

			CU_ASSERT(block && block->native > 0);
		}
	}
	CU_ASSERT(jit(&b)->stats.died >= 20);
	end(&b);
}

static void count_hook(void *opaque, struct rx_cpu *cpu, const struct rx_insn *i)
{
	uint64_t *n = opaque;

	CU_ASSERT_EQUAL(cpu->pc, i->pc);
	++*n;
}

/* Hooks come and go while the loop is compiled. */
static void hooks(void)
{
	uint64_t n[2] = { 0, 0 };
	struct both b;

	begin(&b, counting);
	for (unsigned k = 0; k < 40; k++) {
		both_run(&b, 97);
		for (unsigned m = 0; m < 2; m++)
			rx_vm_hook_insn(&b.t[m].vm, count_hook, &n[m]);
		both_run(&b, 13);
		for (unsigned m = 0; m < 2; m++)
			rx_vm_hook_insn(&b.t[m].vm, NULL, NULL);
	}
	CU_ASSERT_EQUAL(n[0], 40 * 13);
	CU_ASSERT_EQUAL(n[1], 40 * 13);
	CU_ASSERT(jit(&b)->stats.regions > 0);
	end(&b);
}

/* A jump to itself, and a handler that sets the timer later each time. */
static void waiting(struct toy_vm *t)
{
	uint64_t at = 0;

	toy_put(t, &at, TOY_ADDI, 1, 0, 7);
	toy_put(t, &at, TOY_ST, 1, 6, 0);
	toy_put(t, &at, TOY_EI, 0, 0, 0);
	toy_put(t, &at, TOY_BEQ, 0, 0, 0);
	at = TOY_VECTOR;
	toy_put(t, &at, TOY_COUNT, 3, 0, 0);
	toy_put(t, &at, TOY_XOR, 4, 3, 0);
	toy_put(t, &at, TOY_ST, 3, 6, 8);	/* line down */
	toy_put(t, &at, TOY_ADDI, 1, 1, 5);
	toy_put(t, &at, TOY_ST, 1, 6, 0);
	toy_put(t, &at, TOY_INC, 2, 0, 0);
	toy_put(t, &at, TOY_RTI, 0, 0, 0);
}

static void timers(void)
{
	struct both b;

	begin(&b, waiting);
	for (unsigned k = 0; k < 100; k++)
		both_run(&b, 331);
	CU_ASSERT(toy_cpu(&b.t[1], 0)->r[2] > 80);
	CU_ASSERT(jit(&b)->stats.regions > 1);
	end(&b);
}

static struct rx_vm *to_stop;
static uint64_t done_before;	/* instructions, up to the last slice before the signal */

static void on_alarm(int signal)
{
	(void)signal;
	done_before = __atomic_load_n(&to_stop->icount, __ATOMIC_RELAXED);
	rx_vm_stop(to_stop, RX_STOP_USER, 0);
}

/* Compiled loops end within a bounded number of instructions after a stop. */
static void stops(void (*program)(struct toy_vm *t), enum rx_clock_mode clock, uint64_t bound)
{
	const struct itimerval soon = { .it_value = { 0, 5000 } };
	struct sigaction act = { .sa_handler = on_alarm }, old;
	struct both b;

	begin(&b, program);
	both_run(&b, 100);
	rx_clock_init(&b.t[1].vm, clock, 0);
	to_stop = &b.t[1].vm;
	sigaction(SIGALRM, &act, &old);
	do {
		setitimer(ITIMER_REAL, &soon, NULL);
		CU_ASSERT_EQUAL(rx_vm_run(&b.t[1].vm, UINT64_MAX), RX_STOP_USER);
	} while (b.t[1].vm.icount < 100000);
	sigaction(SIGALRM, &old, NULL);
	RX_TAP_CHECK(b.t[1].vm.icount - done_before <= 2 * bound, "%llu instructions after it",
		     (unsigned long long)(b.t[1].vm.icount - done_before));
	/* and the machine is as it is after so many */
	if (clock == RX_CLOCK_ICOUNT) {
		rx_vm_run(&b.t[0].vm, b.t[1].vm.icount - b.t[0].vm.icount);
		CU_ASSERT_EQUAL(rx_vm_hash(&b.t[0].vm), rx_vm_hash(&b.t[1].vm));
	}
	end(&b);
}

static void itself(struct toy_vm *t)
{
	uint64_t at = 0;

	toy_put(t, &at, TOY_BEQ, 0, 0, 0);
}

static void stop(void)
{
	stops(counting, RX_CLOCK_HOST, 160000);
	stops(itself, RX_CLOCK_HOST, 160000);
	stops(counting, RX_CLOCK_ICOUNT, UINT64_C(1) << 18);
	stops(itself, RX_CLOCK_ICOUNT, UINT64_C(1) << 18);
}

/* For ever: r2 counts up to r1 in a loop with a way that is seldom taken. */
static void two_ways(struct toy_vm *t)
{
	uint64_t at = 0;

	toy_cpu(t, 0)->r[1] = 100;
	toy_cpu(t, 0)->r[7] = 9;
	toy_put(t, &at, TOY_ADDI, 5, 5, 1);		/* 0 */
	toy_put(t, &at, TOY_XOR, 4, 2, 0);		/* 4 */
	toy_put(t, &at, TOY_BNE, 5, 7, 10);		/* 6: to 16 */
	toy_put(t, &at, TOY_ADDI, 5, 4, 0);		/* 10 */
	toy_put(t, &at, TOY_XOR, 5, 4, 0);		/* 14: 0 */
	toy_put(t, &at, TOY_ADDI, 2, 2, 1);		/* 16 */
	toy_put(t, &at, TOY_BNE, 2, 1, -20);		/* 20: to 0 */
	toy_put(t, &at, TOY_XOR, 2, 2, 0);		/* 24 */
	toy_put(t, &at, TOY_INC, 3, 0, 0);		/* 26 */
	toy_put(t, &at, TOY_BEQ, 0, 0, -28);		/* 28: to 0 */
}

/* Wherever the budget ends, and whichever way is taken, a trace is as its blocks. */
static void traces(void)
{
	struct both b;

	begin(&b, two_ways);
	b.t[1].vm.cpu[0]->blocks->heat = 20;	/* links are known then */
	for (unsigned k = 0; k < 300; k++)
		both_run(&b, 1 + k * 37 % 211);
	both_run(&b, 30000);
	for (unsigned k = 0; k < 300; k++)
		both_run(&b, 1 + k % 70);
	CU_ASSERT(jit(&b)->stats.traces > 0);
	end(&b);
}

/* Jumps to no address, ~0; the handler goes on at 0. */
static void put_wild(struct toy_vm *t, uint64_t at)
{
	toy_cpu(t, 0)->r[1] = UINT64_MAX;
	toy_put(t, &at, TOY_INC, 2, 0, 0);
	toy_put(t, &at, TOY_JR, 1, 0, 0);
	at = TOY_VECTOR;
	toy_put(t, &at, TOY_XOR, 4, 2, 0);
	toy_put(t, &at, TOY_INC, 10, 0, 0);
	toy_put(t, &at, TOY_JR, 9, 0, 0);
}

static void wild(struct toy_vm *t)
{
	put_wild(t, 0);
}

/* The same behind a call that has come back. */
static void wild_caller(struct toy_vm *t)
{
	uint64_t at = 0;

	toy_put(t, &at, TOY_JAL, 5, 0, 20);
	put_wild(t, at);
	at = 20;
	toy_put(t, &at, TOY_INC, 3, 0, 0);
	toy_put(t, &at, TOY_JR, 5, 0, 0);
}

/* No table of targets and no frame has what is no address. */
static void no_address(void)
{
	static void (*const programs[])(struct toy_vm *t) = { wild, wild_caller };

	for (unsigned p = 0; p < 2; p++) {
		struct both b;

		begin(&b, programs[p]);
		b.t[1].vm.cpu[0]->blocks->heat = 20;
		for (unsigned k = 0; k < 50; k++)
			both_run(&b, 101);
		CU_ASSERT(toy_cpu(&b.t[1], 0)->r[10] > 500);
		CU_ASSERT(jit(&b)->stats.regions > 0);
		end(&b);
	}
}

CU_TestInfo hot_tests[] = {
	{ "device_writes", device_writes },
	{ "cache_full", cache_full },
	{ "idle_homes", idle_homes },
	{ "again", again },
	{ "hooks", hooks },
	{ "timers", timers },
	{ "stop", stop },
	{ "traces", traces },
	{ "no_address", no_address },
	CU_TEST_INFO_NULL,
};
#endif
