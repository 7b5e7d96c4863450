/* lanes_run.c - runs what test_lanes.py makes up. SPDX-License-Identifier: MIT
 *
 * "made.h", written by it, has the executors and lifters of its bodies and
 * their tables. Reads states from standard input, runs every body on each, by
 * its executor and lifted, and writes status and state of both.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arith.h"
#include "core/isa.h"
#include "core/lanes.h"
#include "core/prims.h"
#include "core/run.h"
#include "core/val.h"
#include "smir/build.h"
#include "smir/interp.h"
#include "smir/verify.h"

#define MEM 64

struct regs {
	RX_VECTOR uint8_t q[4][64];
	uint64_t x[8];
	uint64_t k;		/* a scalar */
	uint8_t mem[MEM];	/* at address 0, nothing behind it */
};

struct state {
	struct rx_cpu cpu;
	RX_VECTOR uint8_t q[4][64];
	uint64_t x[8];
	uint64_t k;
	uint8_t mem[MEM];
};

static inline struct rx_val rx_mini_load(struct rx_cpu *cpu, uint64_t va, unsigned size,
					 unsigned flags)
{
	uint64_t v = 0;

	(void)flags;
	if (va > MEM - size)
		return rx_val_fault();
	memcpy(&v, ((struct state *)cpu)->mem + va, size);
	return rx_val(v);
}

static inline enum rx_exec rx_mini_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
					 uint64_t value, unsigned flags)
{
	(void)flags;
	if (va > MEM - size)
		return RX_FAULT;
	memcpy(((struct state *)cpu)->mem + va, &value, size);
	return RX_NEXT;
}

#include "made.h"

static rx_executor *const execs[] = { EXECUTORS };
static void (*const lifters[])(struct rx_smir_fn *f, const struct rx_insn *i) = { LIFTERS };

bool rx_cpu_attend_slow(struct rx_cpu *cpu)
{
	return cpu != NULL;
}

static void load(struct state *s, const struct regs *r, const struct rx_isa *isa)
{
	memset(s, 0, sizeof(*s));
	s->cpu.isa = isa;
	s->cpu.budget = 9;
	memcpy(s->q, r->q, sizeof(s->q));
	memcpy(s->x, r->x, sizeof(s->x));
	s->k = r->k;
	memcpy(s->mem, r->mem, MEM);
}

static void show(unsigned char status, const struct state *s)
{
	fwrite(&status, 1, 1, stdout);
	fwrite(s->q, 1, sizeof(s->q), stdout);
	fwrite(s->x, 1, sizeof(s->x), stdout);
	fwrite(&s->k, 1, 8, stdout);
	fwrite(s->mem, 1, MEM, stdout);
}

/* The status that the lifted body ends with: 0 also where it leaves at its end */
static unsigned char lifted(const struct rx_insn *i, unsigned n, struct state *s)
{
	static struct rx_smir_resolver r;
	struct rx_smir_prog *p;
	struct rx_smir_fn f;
	enum rx_exec done;
	rax_error err;

	rx_smir_init(&f, s->cpu.isa);
	rx_smir_insn(&f, i);
	lifters[n](&f, i);
	rx_smir_finish(&f, 4);
	if (rx_smir_verify(&f, &err)) {
		fprintf(stderr, "body %u: %s\n", n, err.message);
		exit(1);
	}
	p = rx_smir_emit(&r, &f, aligned_alloc(64, (rx_smir_resolve(&r, &f) + 63) & ~63ul),
			 f.insns.at);
	done = rx_smir_exec(&s->cpu, p);
	rx_smir_fini(&f);
	free(p);
	return done == RX_FAULT;
}

int main(void)
{
	static const struct rx_isa isa = { .state_size = sizeof(struct state),
					   .load = rx_mini_load, .store = rx_mini_store };
	static const uint8_t numbers[][3] = NUMBERS;
	struct regs r;

	while (fread(r.q, 1, sizeof(r.q), stdin) && fread(r.x, 1, sizeof(r.x), stdin) &&
	       fread(&r.k, 1, 8, stdin) && fread(r.mem, 1, MEM, stdin)) {
		for (unsigned n = 0; n < sizeof(execs) / sizeof(execs[0]); n++) {
			for (unsigned j = 0; j < sizeof(numbers) / sizeof(numbers[0]); j++) {
				struct rx_insn i = { .len = 4, .r = { numbers[j][0],
						     numbers[j][1], numbers[j][2], 5 } };
				static struct state s;

				load(&s, &r, &isa);
				show(execs[n](&s.cpu, &i) == RX_FAULT, &s);
				load(&s, &r, &isa);
				show(lifters[n] ? lifted(&i, n, &s) : 2, &s);
			}
		}
	}
	return fflush(stdout) || ferror(stdout);
}
