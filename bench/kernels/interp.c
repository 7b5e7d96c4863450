/* interp.c - a bytecode interpreter that counts primes. SPDX-License-Identifier: MIT */
#include "bench.h"

enum op { LOADI, MOV, ADD, MUL, MOD, ADDI, JLT, JNZ, JMP, END };

struct code {
	uint8_t op, a, b;
	int8_t imm;
};

/* r0 limit, r1 candidate, r2 divisor, r3 scratch, r4 count, r5 sum */
static const struct code program[] = {
	{ LOADI, 1, 0, 2 },
	{ LOADI, 4, 0, 0 },
	{ LOADI, 2, 0, 2 }, /* 2: next candidate */
	{ MOV, 3, 2, 0 },   /* 3: next divisor */
	{ MUL, 3, 2, 0 },
	{ JLT, 1, 3, 6 },   /* candidate < divisor^2: prime */
	{ MOV, 3, 1, 0 },
	{ MOD, 3, 2, 0 },
	{ ADDI, 2, 0, 1 },
	{ JNZ, 3, 0, -6 },
	{ JMP, 0, 0, 3 },   /* composite */
	{ ADDI, 4, 0, 1 },  /* prime */
	{ ADD, 5, 1, 0 },
	{ ADDI, 1, 0, 1 },  /* 13 */
	{ JLT, 1, 0, -12 },
	{ END, 0, 0, 0 },
};

static __attribute__((noinline)) uint64_t run(const struct code *pc,
					      uint64_t *r)
{
	for (;; pc++) {
		switch ((enum op)pc->op) {
		case LOADI:
			r[pc->a] = (uint64_t)pc->imm;
			break;
		case MOV:
			r[pc->a] = r[pc->b];
			break;
		case ADD:
			r[pc->a] += r[pc->b];
			break;
		case MUL:
			r[pc->a] *= r[pc->b];
			break;
		case MOD:
			r[pc->a] = (uint32_t)r[pc->a] % (uint32_t)r[pc->b];
			break;
		case ADDI:
			r[pc->a] += (uint64_t)pc->imm;
			break;
		case JLT:
			if (r[pc->a] < r[pc->b])
				pc += pc->imm - 1;
			break;
		case JNZ:
			if (r[pc->a] != 0)
				pc += pc->imm - 1;
			break;
		case JMP:
			pc += pc->imm - 1;
			break;
		case END:
			return bench_mix(r[4], r[5]);
		}
	}
}

uint64_t bench_run(uint64_t work)
{
	uint64_t r[6] = { work + 2 };

	return run(program, r);
}
