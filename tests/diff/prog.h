/* prog.h - what writers of random programs share. SPDX-License-Identifier: MIT
 *
 * An image for M-mode of QEMU's `virt` machine or rax's riscv-virt, filled from
 * its start on, and random instructions for it. One image a process.
 */
#ifndef TESTS_DIFF_PROG_H
#define TESTS_DIFF_PROG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rv64/encode.h"
#include "tests/conf/describe.h"

#define PROG_BASE UINT64_C(0x80000000)
#define PROG_SIZE (UINT64_C(16) << 20)
#define PROG_NOTHING 0x1800	/* lui: addresses where nothing is */

enum { PROG_MSTATUS = 0x300, PROG_MTVEC = 0x305, PROG_MSCRATCH = 0x340, PROG_MEPC = 0x341,
       PROG_MCAUSE = 0x342, PROG_MTVAL = 0x343, PROG_FCSR = 3, PROG_MHARTID = 0xf14 };

/* prog_image.c */
extern uint8_t prog_image[PROG_SIZE];
extern uint64_t prog_at;	/* offset of the next byte */
extern uint64_t prog_end;	/* what is written ends below this offset */
extern uint64_t prog_seed;

void prog_fail(const char *what) __attribute__((noreturn));
unsigned prog_below(unsigned n);
void prog_put(const void *p, size_t n);
/* An instruction of two or four bytes. */
void prog_w(uint32_t word);
void prog_patch(uint64_t where, uint32_t word);
/* An address below 4 GiB in a register: four instructions. */
void prog_address(unsigned r, uint64_t a);
/* ELF: the image's first `used` bytes, in `memory` bytes of RAM. 0, or 2: said why. */
int prog_write(const char *path, uint64_t used, uint64_t memory);

/* prog_insns.c */
extern bool prog_old_only;	/* only what QEMU 7.2 has and does right */
/* Registers that no instruction writes, 1 << number, x2, x15 and x31 among them. */
extern uint32_t prog_kept;

/* Of a hundred instructions, how many compute with floating-point numbers besides. */
extern unsigned prog_float;

void prog_choose(void);		/* first of all, and prog_drop() last */
void prog_drop(void);
/* Some instructions, weighted towards those that compilers emit. */
void prog_straight(unsigned n);
unsigned prog_register(void);	/* one of a few, mostly */
unsigned prog_target(void);	/* one that may be written */
/* Over or into what was emitted from `from` on: a branch or jump of each kind. */
void prog_forward_branch(void);
void prog_jump(void);
void prog_pair(void);		/* LR and SC */

/* prog_loops.c */
/* Where memory ends, or a page; `stores` may go to the bytes before and behind it. */
struct prog_edge {
	uint64_t at;
	uint32_t before, behind;
	bool stores;
};
/*
 * A loop in a loop over memory at some edges; `outer` counts. Pointers are kept in
 * cell_page, too, where nobody else writes. Uses x1 and x29.
 */
void prog_memory_loop(const struct prog_edge *edges, unsigned n, uint64_t cell_page,
		      unsigned outer);

#endif
