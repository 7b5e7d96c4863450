/* toy.h - a made-up ISA to test the engines with. SPDX-License-Identifier: MIT
 *
 * Sixteen 64-bit registers. An instruction is two bytes (op, b << 4 | a) when
 * bit 0 of op is 0, else four with a 16-bit immediate behind them. Virtual
 * pages 0 ... TOY_PAGES - 1 are mapped by a table that instructions change.
 */
#ifndef TESTS_UNIT_CORE_TOY_H
#define TESTS_UNIT_CORE_TOY_H

#include <stdint.h>

#include "core/vm.h"

enum toy_op {
	TOY_INC = 0x02,		/* a++ (two bytes) */
	TOY_XOR = 0x04,		/* a ^= b (two bytes) */
	TOY_JR = 0x06,		/* pc = a (two bytes) */
	TOY_TRAP = 0x08,	/* exception 1, value a (two bytes) */
	TOY_RTI = 0x0a,		/* pc = epc, interrupts on (two bytes) */
	TOY_ADDI = 0x01,	/* a = b + imm */
	TOY_LD = 0x03,		/* a = 64 bits at b + imm */
	TOY_ST = 0x05,		/* 64 bits at b + imm = a */
	TOY_STH = 0x07,		/* 16 bits at b + imm = a */
	TOY_BEQ = 0x09,		/* if a == b: pc += imm */
	TOY_BNE = 0x0b,
	TOY_JAL = 0x0d,		/* a = behind; pc += imm */
	TOY_MAP = 0x0f,		/* page b of the table = imm; pc goes on */
	TOY_HALT = 0x11,	/* wait for an interrupt */
	TOY_MODE = 0x13,	/* mode_key = imm: INC adds 1 + mode_key */
	TOY_COUNT = 0x15,	/* a = icount */
	TOY_SPACE = 0x17,	/* address space imm & 1: two page tables */
	TOY_EI = 0x19,		/* interrupts on */
	TOY_ADDW = 0x1b,	/* a = b + imm, sign-extended from 32 bits */
};

/* Page table entries: page of RAM in the low byte, TOY_DEV: the device */
enum { TOY_R = 0x100, TOY_W = 0x200, TOY_X = 0x400, TOY_DEV = 0x800 };

#define TOY_PAGES 64
#define TOY_RAM_BASE 0x80000000u
#define TOY_DEV_BASE 0x1000u
#define TOY_RAM_PAGES 64
#define TOY_VECTOR 0x3f000u	/* page 63: exceptions and interrupts */

struct toy {
	struct rx_cpu cpu;
	uint64_t r[16];
	uint64_t epc, cause, value;
	uint64_t space, irq, ie;
	uint64_t table[2][TOY_PAGES];
	/* not registers: */
	unsigned fetches;
	uint64_t fetch_writes;	/* the next fetch writes there, once */
};

extern const struct rx_isa toy_isa;

/* A machine: RAM, one device, identity-like mapping of all pages RWX. */
struct toy_vm {
	struct rx_vm vm;
	struct rx_dev *dev;
};
/* State of the device: a write of v at offset 0 raises its line in v units;
 * 8: lowers it; 16: v stops with exit code v; 24: writes v to RAM by DMA at the
 * offset last written to 32; 40: reads the time; 48: v is the new entry of page
 * 5, and the TLB has lost the old one by chance. */
struct toy_dev {
	uint64_t target, fired;
	struct rx_timer timer;
};

/* Dies (CUnit fatal) when it cannot be made. */
void toy_init(struct toy_vm *t, const struct rx_engine *engine, unsigned ncpus);
void toy_fini(struct toy_vm *t);
struct toy *toy_cpu(struct toy_vm *t, unsigned n);

/* A tiny assembler: appends at *at (offset in RAM). */
void toy_put(struct toy_vm *t, uint64_t *at, enum toy_op op, unsigned a,
	     unsigned b, int imm);

#endif
