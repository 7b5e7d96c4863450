/* t32.h - M-profile processor: state, helpers of generated code. SPDX-License-Identifier: MIT
 *
 * Armv8.1-M with the main extension, DSP, floating point and MVE; one security
 * state, one stack pointer, always privileged. Memory is flat (core/flat.h).
 * Helpers that may fault record the exception in cpu->fault and commit nothing:
 * code is the exception's number and what CFSR has of it, value the address.
 * "Arm ARM" in comments is DDI 0553.
 *
 * EPSR.T has no field: a program counter whose bit 0 is set stands for T = 0.
 */
#ifndef RX_CPU_ARM_T32_H
#define RX_CPU_ARM_T32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cpu.h"
#include "core/isa.h"
#include "core/val.h"
#include "t32/regs.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "S and D registers are parts of the host's words"
#endif

/* Exceptions by number, and bits of CFSR */
enum {
	RX_T32_HARD = 3, RX_T32_BUS = 5, RX_T32_USAGE = 6, RX_T32_SVC = 11,
	RX_T32_DEBUG = 12,
	RX_T32_RETURN = 255,	/* no exception: the end of one */
};
enum {
	RX_T32_IBUSERR = 8, RX_T32_PRECISERR = 9, RX_T32_STKERR = 12,
	RX_T32_BFARVALID = 15, RX_T32_UNDEFINSTR = 16, RX_T32_INVSTATE = 17,
	RX_T32_INVPC = 18, RX_T32_UNALIGNED = 24,
};
/* cpu->fault.code */
#define RX_T32_FAULT(exception, bit) ((uint32_t)(bit) << 8 | (exception))

/* Where processing goes on behind an exception (Arm ARM, EXC_RETURN): with the main
 * stack, a frame without floating point; bit 3: in Thread mode */
#define RX_T32_EXC_RETURN UINT32_C(0xffffffb0)

/* Flags of memory accesses */
enum { RX_T32_ALIGNED = 1 };

static inline struct rx_t32 *rx_t32_of(struct rx_cpu *cpu)
{
	return (struct rx_t32 *)cpu;	/* cpu is the first member */
}

/* ---- S and D registers are parts of Q registers */

#define RX_T32_S_AT(n) (offsetof(struct rx_t32, q) + 4u * (n))
#define RX_T32_D_AT(n) (offsetof(struct rx_t32, q) + 8u * (n))
typedef uint32_t rx_t32_single __attribute__((may_alias));
typedef uint64_t rx_t32_double __attribute__((may_alias));
#define RX_T32_S(c, n) (((rx_t32_single *)(void *)(c)->q)[n])
#define RX_T32_D(c, n) (((rx_t32_double *)(void *)(c)->q)[n])

/* ---- memory */

/*
 * size is 1, 2, 4 or 8. Misaligned accesses work unless flags say otherwise; 8 bytes
 * are two words.
 */
struct rx_val rx_t32_load(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  unsigned flags);
enum rx_exec rx_t32_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  uint64_t value, unsigned flags);
/* The same of 16 bytes at once. */
enum rx_exec rx_t32_load_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      unsigned flags, unsigned __int128 *value);
enum rx_exec rx_t32_store_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			       unsigned __int128 value, unsigned flags);
/* T32 has no such instructions: never called. */
struct rx_val rx_t32_amo(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 enum rx_rmw op, uint64_t operand, unsigned flags);
/*
 * Exclusives of 1, 2 or 4 bytes, aligned. strex returns 0 where it stored: the
 * address and size are those of the last ldrex and memory holds what that read;
 * elsewhere memory is not accessed at all.
 */
struct rx_val rx_t32_ldrex(struct rx_cpu *cpu, uint64_t va, unsigned size);
struct rx_val rx_t32_strex(struct rx_cpu *cpu, uint64_t va, unsigned size,
			   uint64_t value);
enum rx_exec rx_t32_clrex(struct rx_cpu *cpu);
/* Code may have changed: translations are looked up again. */
enum rx_exec rx_t32_isb(struct rx_cpu *cpu);

/* ---- floating point (Arm ARM, StandardFPSCRValue) */

#define RX_T32_FZ16 (UINT32_C(1) << 19)

/* Environment of vectors of singles, and of halves */
static inline struct rx_fpenv rx_t32_fpenv(const struct rx_t32 *c)
{
	struct rx_fpenv env = RX_FPENV_ARM(RX_RNE);

	(void)c;
	env.nan = RX_NAN_CANON;
	env.flush_in = env.flag_in = 1;
	env.flush_out = RX_FLUSH_UF;
	return env;
}

static inline struct rx_fpenv rx_t32_fpenv16(const struct rx_t32 *c)
{
	struct rx_fpenv env = RX_FPENV_ARM(RX_RNE);

	env.nan = RX_NAN_CANON;
	if (c->fpscr & RX_T32_FZ16) {
		env.flush_in = 1;
		env.flush_out = RX_FLUSH_UF;
	}
	return env;
}

/* ---- exceptions */

/* Record an exception; both return RX_FAULT. */
enum rx_exec rx_t32_raise(struct rx_cpu *cpu, uint32_t code, uint64_t value);
enum rx_exec rx_t32_illegal(struct rx_cpu *cpu);

/* Members of struct rx_isa that are not generated */
enum rx_exec rx_t32_fetch(struct rx_cpu *cpu, uint64_t va, const uint8_t **host,
			  unsigned *avail);
void rx_t32_deliver(struct rx_cpu *cpu);	/* isa->raise */
bool rx_t32_interrupt(struct rx_cpu *cpu);
bool rx_t32_wake(struct rx_cpu *cpu);
void rx_t32_reset(struct rx_cpu *cpu, uint64_t pc);
enum rax_status rx_t32_init(struct rx_cpu *cpu);
void rx_t32_fini(struct rx_cpu *cpu);
void rx_t32_enter(struct rx_cpu *cpu);
void rx_t32_leave(struct rx_cpu *cpu);

#endif
