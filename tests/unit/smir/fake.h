/* fake.h - a small ISA and a second interpreter. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_SMIR_FAKE_H
#define TESTS_UNIT_SMIR_FAKE_H

#include "core/cpu.h"
#include "core/isa.h"
#include "smir/build.h"

#define FAKE_ENVS 2
#define FAKE_CHECKS 2
#define FAKE_MEM 256	/* bytes at address 0; beyond: fault 1 */

struct fake {
	struct rx_cpu cpu;
	uint64_t r[8];
	uint32_t w[8];
	uint8_t b[8];
	uint8_t mem[FAKE_MEM];
	unsigned flags;		/* of fp_done and fp_flags */
	unsigned done, noted;	/* how often they were called */
	bool fp_off;		/* fp_check faults with 2 */
};

/*
 * Registers r0-r7 (i64), w0-w7 (i32), b0-b7 (i8). Instructions: 0 "illegal",
 * 1 "nop", 2 "inc" (r0 += imm), 3 "jump" (pc = imm), 4 "fault" (3).
 * fp_round: the operand, 5 and above fault with 4. Environments: 0 Arm's in the
 * direction b1 & 3; 1 SSE's, upwards, flushing operands where b2 is odd. fp_trap:
 * 5 where inexact and b0 is odd. Checks of a, b and n: 0 faults with 6 and pc + n
 * where a > b, 1 with 7 and a where they differ in bits of n.
 */
extern const struct rx_isa fake_isa;

void fake_init(struct fake *c);

/*
 * What the function does, operation by operation, from the meaning in
 * ops.def. RX_JUMP or RX_FAULT as rx_smir_exec().
 */
enum rx_exec ref_run(const struct rx_smir_fn *f, struct rx_cpu *cpu);

uint64_t rnd(void);		/* repeats from run to run */
void rnd_seed(uint64_t seed);
/* A number of this many bits, often a special one. */
uint64_t rnd_value(unsigned bits);

/* Verifies, resolves, runs once. RX_NEXT: it could not be run (asserted). */
enum rx_exec run_fn(const struct rx_smir_fn *f, struct rx_cpu *cpu);

#endif
