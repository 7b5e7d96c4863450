/* a64.h - A64 processor: state, helpers of generated code. SPDX-License-Identifier: MIT
 *
 * Memory is flat (core/flat.h). Helpers that may fault record the exception in
 * cpu->fault and commit nothing: code is the syndrome as ESR_EL1 has it for an
 * exception from EL0, value the address (FAR_EL1). Exceptions go to EL1.
 * "Arm ARM" in comments is DDI 0487.
 */
#ifndef RX_CPU_ARM_A64_H
#define RX_CPU_ARM_A64_H

#include <stdbool.h>
#include <stdint.h>

#include "core/cpu.h"
#include "core/isa.h"
#include "core/val.h"
#include "a64/regs.h"

/* Syndromes (Arm ARM, ESR_EL1): EC, IL and ISS */
#define RX_A64_ESR(ec, iss) ((uint32_t)(ec) << 26 | UINT32_C(1) << 25 | (iss))
enum {
	RX_A64_EC_UNKNOWN = 0x00,
	RX_A64_EC_SVC = 0x15,
	RX_A64_EC_SYSREG = 0x18,
	RX_A64_EC_SME = 0x1d,
	RX_A64_EC_FETCH = 0x20,
	RX_A64_EC_PC_ALIGN = 0x22,
	RX_A64_EC_DATA = 0x24,
	RX_A64_EC_SP_ALIGN = 0x26,
	RX_A64_EC_BRK = 0x3c,
};
/* ISS of aborts: write not read, and the kinds of fault that there are */
enum {
	RX_A64_WNR = 1 << 6,
	RX_A64_FSC_EXTERNAL = 0x10,
	RX_A64_FSC_ALIGN = 0x21,
};

static inline struct rx_a64 *rx_a64_of(struct rx_cpu *cpu)
{
	return (struct rx_a64 *)cpu;	/* cpu is the first member */
}

/* The address that is accessed: without its tag where tags are ignored. */
static inline uint64_t rx_a64_untag(struct rx_cpu *cpu, uint64_t va)
{
	return rx_a64_of(cpu)->tbi && !(va >> 55 & 1) ? va << 8 >> 8 : va;
}

/* size is 1, 2, 4 or 8; misaligned accesses work. flags: none are defined. */
struct rx_val rx_a64_load(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  unsigned flags);
enum rx_exec rx_a64_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  uint64_t value, unsigned flags);
/* The same of 16 bytes at once. */
enum rx_exec rx_a64_load_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      unsigned flags, unsigned __int128 *value);
enum rx_exec rx_a64_store_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			       unsigned __int128 value, unsigned flags);
/*
 * Ordered accesses and atomics of 1 to 8 bytes, sequentially consistent. Those
 * that cross a boundary of 16 bytes are alignment faults (FEAT_LSE2).
 */
struct rx_val rx_a64_load_ordered(struct rx_cpu *cpu, uint64_t va, unsigned size);
enum rx_exec rx_a64_store_ordered(struct rx_cpu *cpu, uint64_t va, unsigned size,
				  uint64_t value);
struct rx_val rx_a64_amo(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 enum rx_rmw op, uint64_t operand, unsigned flags);

/*
 * Exclusives and compare-and-swap, likewise. stxr returns 0
 * where it stored: the address and size are those of the last ldxr and memory
 * holds what that read; elsewhere memory is not accessed at all.
 */
struct rx_val rx_a64_ldxr(struct rx_cpu *cpu, uint64_t va, unsigned size);
struct rx_val rx_a64_stxr(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  uint64_t value);
struct rx_val rx_a64_cas(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 uint64_t expected, uint64_t value);
enum rx_exec rx_a64_clrex(struct rx_cpu *cpu);
/* Fails where an ordered load of so many bytes would, for its alignment alone. */
enum rx_exec rx_a64_check_aligned(struct rx_cpu *cpu, uint64_t va, unsigned size);
/* The same of pairs of doublewords, which are aligned; the load is done already. */
enum rx_exec rx_a64_mark(struct rx_cpu *cpu, uint64_t va, uint64_t low, uint64_t high);
struct rx_val rx_a64_stxp(struct rx_cpu *cpu, uint64_t va, uint64_t low, uint64_t high);
/* Of pairs of registers s, s + 1 and t, t + 1, which are even; bytes of both: 8, 16. */
enum rx_exec rx_a64_casp(struct rx_cpu *cpu, uint64_t va, unsigned size, unsigned s,
			 unsigned t);
/* Code may have changed: translations are looked up again. */
enum rx_exec rx_a64_isb(struct rx_cpu *cpu);

/* Fails where a byte cannot be written; nothing is. */
enum rx_exec rx_a64_check_store(struct rx_cpu *cpu, uint64_t va, unsigned size);

/* PSTATE.SM and PSTATE.ZA, as SVCR has them */
enum {
	RX_A64_SVCR_SM = 1 << 0,
	RX_A64_SVCR_ZA = 1 << 1,
};
/* Changes them, and what changes with them (sme.c). */
enum rx_exec rx_a64_set_svcr(struct rx_cpu *cpu, unsigned svcr);
/*
 * Sets the lengths in bytes, outside of streaming mode and in it: powers of two
 * from 16 to 256. Bytes and rows beyond a shorter one are gone, the others stay.
 * RAX_EINVAL, and nothing happened: no such length.
 */
RAX_MUST_CHECK rax_status rx_a64_set_lengths(struct rx_a64 *c, unsigned vl, unsigned svl);

/* Two vector registers, lower halves first; all or nothing. */
enum rx_exec rx_a64_stp_q(struct rx_cpu *cpu, uint64_t va, uint64_t low,
			  uint64_t high, uint64_t low2, uint64_t high2);

/* FPCR (Arm ARM, FPCR): what there is of it */
enum {
	RX_A64_FPCR_FZ16 = 1 << 19,
	RX_A64_FPCR_RMODE_SHIFT = 22,
	RX_A64_FPCR_FZ = 1 << 24,
	RX_A64_FPCR_DN = 1 << 25,
};
/* Bits of cpu->mode_key: nothing is flushed (FZ, FZ16); then bits of FPCR from RMode on */
enum {
	RX_A64_KEY_NO_FLUSH = 1,
	RX_A64_KEY_FPCR_SHIFT = 1,
};
/* isa->fp_known of what FZ or FZ16 may flush */
bool rx_a64_host_fp(uint32_t mode_key, struct rx_fpenv *env);
/* FPSR and FPCR as instructions see them */
struct rx_val rx_a64_read_fpsr(struct rx_cpu *cpu);
enum rx_exec rx_a64_write_fpsr(struct rx_cpu *cpu, uint64_t v);
enum rx_exec rx_a64_write_fpcr(struct rx_cpu *cpu, uint64_t v);

/* Environment of IEEE operations without flushing, as FPCR has it */
static inline struct rx_fpenv rx_a64_fpenv_of(uint32_t fpcr)
{
	static const uint8_t round[4] = { RX_RNE, RX_RUP, RX_RDN, RX_RTZ };
	struct rx_fpenv env = RX_FPENV_ARM(round[fpcr >> RX_A64_FPCR_RMODE_SHIFT & 3]);

	if (fpcr & RX_A64_FPCR_DN)
		env.nan = RX_NAN_CANON;
	return env;
}

/* ... also of conversions from half precision */
static inline struct rx_fpenv rx_a64_fpenv_base(const struct rx_a64 *c)
{
	return rx_a64_fpenv_of(c->fpcr);
}

/* ... of single and double precision */
static inline struct rx_fpenv rx_a64_fpenv(const struct rx_a64 *c)
{
	struct rx_fpenv env = rx_a64_fpenv_base(c);

	if (c->fpcr & RX_A64_FPCR_FZ) {
		env.flush_in = env.flag_in = 1;
		env.flush_out = RX_FLUSH_UF;
	}
	return env;
}

/* ... of half precision: flushed operands raise nothing */
static inline struct rx_fpenv rx_a64_fpenv16(const struct rx_a64 *c)
{
	struct rx_fpenv env = rx_a64_fpenv_base(c);

	if (c->fpcr & RX_A64_FPCR_FZ16) {
		env.flush_in = 1;
		env.flush_out = RX_FLUSH_UF;
	}
	return env;
}

/* ... of conversions to half precision, whose results are not flushed */
static inline struct rx_fpenv rx_a64_fpenv_narrow(const struct rx_a64 *c)
{
	struct rx_fpenv env = rx_a64_fpenv(c);

	env.flush_out = RX_FLUSH_NONE;
	return env;
}

/* ... of outer products: single and double precision; no flags are kept */
static inline struct rx_fpenv rx_a64_fpenv_za(const struct rx_a64 *c)
{
	struct rx_fpenv env = rx_a64_fpenv(c);

	env.nan = RX_NAN_CANON;
	return env;
}

/* ... halves that become doubles */
static inline struct rx_fpenv rx_a64_fpenv_za_half(const struct rx_a64 *c)
{
	struct rx_fpenv env = rx_a64_fpenv16(c);

	env.nan = RX_NAN_CANON;
	return env;
}

/* ... doubles that are rounded again behind this */
static inline struct rx_fpenv rx_a64_fpenv_za_odd(const struct rx_a64 *c)
{
	struct rx_fpenv env = rx_a64_fpenv_za(c);

	env.round = RX_RTO;
	return env;
}

/* ... of BFloat16 products, whatever FPCR says (Arm ARM, BFDotAdd) */
static inline struct rx_fpenv rx_a64_fpenv_brain(const struct rx_a64 *c)
{
	struct rx_fpenv env = RX_FPENV_ARM(RX_RTO_INF);

	(void)c;
	env.nan = RX_NAN_CANON;
	env.flush_in = 1;
	env.flush_out = RX_FLUSH_UF;
	return env;
}

/* Record an exception; both return RX_FAULT. */
enum rx_exec rx_a64_raise(struct rx_cpu *cpu, uint32_t syndrome, uint64_t address);
enum rx_exec rx_a64_illegal(struct rx_cpu *cpu);

/* Members of struct rx_isa that are not generated */
enum rx_exec rx_a64_fetch(struct rx_cpu *cpu, uint64_t va, const uint8_t **host,
			  unsigned *avail);
void rx_a64_deliver(struct rx_cpu *cpu);	/* isa->raise */
bool rx_a64_interrupt(struct rx_cpu *cpu);
bool rx_a64_wake(struct rx_cpu *cpu);
void rx_a64_reset(struct rx_cpu *cpu, uint64_t pc);
enum rax_status rx_a64_init(struct rx_cpu *cpu);
void rx_a64_fini(struct rx_cpu *cpu);
void rx_a64_enter(struct rx_cpu *cpu);
void rx_a64_leave(struct rx_cpu *cpu);

#endif
