/* pe.h - an A64 processor with memory to test on. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_CPU_ARM_PE_H
#define TESTS_UNIT_CPU_ARM_PE_H

#include "core/mem.h"
#include "core/vm.h"
#include "cpu/arm/a64.h"
#include "tests/lib/tap.h"

extern CU_TestInfo a64_mem_tests[], a64_exception_tests[], a64_sme_tests[], t32_tests[];

#define RAM UINT64_C(0x80000000)
#define RAM_SIZE (UINT64_C(1) << 20)
#define DATA (RAM + 0x8000)
#define VECTORS (RAM + 0x4000)
#define HOLE UINT64_C(0x40000000)	/* nothing there */

struct pe {
	struct rx_vm vm;
	struct rx_cpu *cpu;
	struct rx_a64 *c;
};

/* At RAM, EL0, stack pointer and x1 at DATA. */
struct pe *pe_new(void);
void pe_free(struct pe *e);

/* Runs one instruction from its text; true: no exception was taken. */
bool run(struct pe *e, const char *text);
/* Runs it; the syndrome of the exception that it must take. */
uint32_t syndrome(struct pe *e, const char *text);

/* 8 bytes of RAM */
uint64_t peek8(struct pe *e, uint64_t pa);
void poke8(struct pe *e, uint64_t pa, uint64_t value);

#endif
