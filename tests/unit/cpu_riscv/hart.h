/* hart.h - a hart with memory to test on. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_CPU_RISCV_HART_H
#define TESTS_UNIT_CPU_RISCV_HART_H

#include "core/mem.h"
#include "core/vm.h"
#include "cpu/riscv/internal.h"
#include "tests/lib/tap.h"

extern CU_TestInfo csr_tests[], isa_rv64_tests[], mem_tests[], mmu_tests[],
	pmp_tests[], time_tests[], trap_tests[];

#define RAM UINT64_C(0x80000000)
#define RAM_SIZE (UINT64_C(64) << 20)
#define DEVICE UINT64_C(0x10000000)	/* 4 KiB, aligned accesses of 4 bytes */
#define HOLE UINT64_C(0x40000000)	/* nothing there */
#define TABLES (RAM + (UINT64_C(48) << 20))	/* page tables from here on */

/* Page-table entry bits */
enum {
	P_V = 1, P_R = 2, P_W = 4, P_X = 8, P_U = 16, P_G = 32, P_A = 64,
	P_D = 128, P_RWXAD = P_V | P_R | P_W | P_X | P_A | P_D,
};
#define P_N (UINT64_C(1) << 63)
#define P_PBMT(n) ((uint64_t)(n) << 61)

struct hart {
	struct rx_vm vm;
	struct rx_cpu *cpu;
	struct rx_rv64 *c;
	uint64_t next_table;
	unsigned levels;
	unsigned dev_reads, dev_writes;
	uint64_t dev_value;
};

/*
 * M-mode, all of memory open to S and U by one PMP entry, a clock that
 * stands still at icount. NULL: out of memory (asserted).
 */
struct hart *hart_new(void);
void hart_free(struct hart *h);

/* Writes a CSR through its rules; it must exist. */
void put(struct hart *h, unsigned csr, uint64_t value);
uint64_t get(struct hart *h, unsigned csr);
/* Sets (clears) bits of mstatus through its rules. */
void status(struct hart *h, uint64_t set, uint64_t clear);

/* A CSR instruction; true: no exception */
bool csr_ok(struct hart *h, unsigned csr, bool write);

/* 8 bytes of RAM */
uint64_t peek8(struct hart *h, uint64_t pa);
void poke8(struct hart *h, uint64_t pa, uint64_t value);

/* An empty root table for a mode with 3, 4 or 5 levels; returns satp. */
uint64_t new_space(struct hart *h, unsigned levels, unsigned asid);
/*
 * Sets the entry of va at a level (0: 4 KiB) of satp's tables to
 * pa | flags; makes the tables on the way. Returns its physical address.
 */
uint64_t map(struct hart *h, uint64_t satp, uint64_t va, uint64_t pa,
	     unsigned level, uint64_t flags);

/* An access of 4 bytes (fetch: 2) at va: 0, or the cause; tval is checked */
#define NO_FAULT 0
unsigned access_va(struct hart *h, uint64_t va, enum rx_access acc);
/* cause of a page (access) fault of this kind */
unsigned page_cause(enum rx_access acc);
unsigned access_cause(enum rx_access acc);
const char *access_name(enum rx_access acc);

/* xorshift: the same numbers in each run */
uint64_t draw(uint64_t *seed);

#endif
