/* x86.h - x86 processor: state and the helpers of generated code. SPDX-License-Identifier: MIT
 *
 * Helpers run in executors (see core/cpu.h: pc and registers are canonical).
 * Those that may fault return enum rx_exec or struct rx_val and record the
 * exception; nothing is committed then. cpu->pc is the instruction pointer;
 * in 64-bit mode the bases of es, cs, ss and ds are kept 0 in the state.
 */
#ifndef RX_CPU_X86_X86_H
#define RX_CPU_X86_X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cpu.h"
#include "core/isa.h"
#include "core/prefixed.h"
#include "core/val.h"
#include "x86/regs.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "byte registers are parts of the host's words"
#endif

enum { RX_X86_ES, RX_X86_CS, RX_X86_SS, RX_X86_DS, RX_X86_FS, RX_X86_GS };
enum { RX_X86_SP = 4, RX_X86_BP = 5, RX_X86_SI = 6, RX_X86_DI = 7 };

/* Vectors (SDM volume 3, 6.3.1). cpu->fault.code is one of them, with
 * RX_X86_TRAP where pc is behind the instruction; fault.value is the address of
 * #PF, else 0. The error code is in struct rx_x86. */
enum {
	RX_X86_DE = 0, RX_X86_DB = 1, RX_X86_BP_TRAP = 3, RX_X86_UD = 6,
	RX_X86_NM = 7, RX_X86_NP = 11, RX_X86_SS_FAULT = 12, RX_X86_GP = 13,
	RX_X86_PF = 14, RX_X86_MF = 16, RX_X86_AC = 17, RX_X86_XM = 19,
	RX_X86_TRAP = 0x100,
};

/* Error code of #PF */
enum { RX_X86_PF_P = 1, RX_X86_PF_W = 2, RX_X86_PF_U = 4, RX_X86_PF_I = 16 };

/* RFLAGS; those that struct rx_x86 has fields for are not in c->rflags */
enum {
	RX_X86_CF = 1 << 0, RX_X86_PF_ = 1 << 2, RX_X86_AF = 1 << 4,
	RX_X86_ZF = 1 << 6, RX_X86_SF = 1 << 7, RX_X86_TF = 1 << 8,
	RX_X86_IF = 1 << 9, RX_X86_DF = 1 << 10, RX_X86_OF = 1 << 11,
	RX_X86_IOPL = 3 << 12, RX_X86_NT = 1 << 14, RX_X86_RF = 1 << 16,
	RX_X86_VM = 1 << 17, RX_X86_AC_ = 1 << 18, RX_X86_VIF = 1 << 19,
	RX_X86_VIP = 1 << 20, RX_X86_ID = 1 << 21,
};

#define RX_X86_CR0_PE UINT64_C(1)
#define RX_X86_CR0_AM (UINT64_C(1) << 18)
#define RX_X86_CR0_PG (UINT64_C(1) << 31)
#define RX_X86_CR4_OSFXSR (UINT64_C(1) << 9)
#define RX_X86_CR4_OSXMMEXCPT (UINT64_C(1) << 10)
#define RX_X86_CR4_LA57 (UINT64_C(1) << 12)
#define RX_X86_CR4_UMIP (UINT64_C(1) << 11)
#define RX_X86_EFER_LMA (UINT64_C(1) << 10)
/* segment attributes, as in a descriptor's bits 52 to 55 and 40 to 47 */
#define RX_X86_SEG_DB (1u << 14)
#define RX_X86_SEG_L (1u << 13)
#define RX_X86_SEG_PRESENT (1u << 7)
#define RX_X86_SEG_CODE (1u << 3)
#define RX_X86_SEG_DOWN (1u << 2)	/* of data: expands down */
#define RX_X86_SEG_RW (1u << 1)		/* of code: can be read; of data: written */

/* Flags of memory accesses: the segment, and */
enum {
	RX_X86_SEG = 7,
	RX_X86_DEFAULT_SS = 8,	/* the segment would be ss without a prefix */
	RX_X86_RW = 16,		/* a write of the same bytes follows: faults as one */
	RX_X86_STACK = RX_X86_SS | RX_X86_DEFAULT_SS,
};

static inline struct rx_x86 *rx_x86_of(struct rx_cpu *cpu)
{
	return (struct rx_x86 *)cpu;	/* cpu is the first member */
}

/* ---- byte registers: numbers as in gen/model/prefixed.py */

#define RX_X86_R8_AT(n) \
	(offsetof(struct rx_x86, r) + \
	 ((n) < RX_PX_HIGH ? 8u * (n) : 8u * ((n) - RX_PX_HIGH) + 1u))
#define RX_X86_R8(c, n) (((uint8_t *)(c))[RX_X86_R8_AT(n)])

/* ---- addresses */

#define RX_X86_ASZ(i) ((i)->r[1] >> RX_PX_ASZ_SHIFT)
#define RX_X86_BASE(i) ((i)->r[1] & 63u)
#define RX_X86_SPBASE(i) (RX_X86_BASE(i) == RX_X86_SP)

/* The segment of the memory operand, as a flag of accesses. */
static inline unsigned rx_x86_segment(const struct rx_insn *i)
{
	const unsigned seg = i->r[2] >> RX_PX_SEG_SHIFT, base = RX_X86_BASE(i);
	const bool ss = base == RX_X86_SP || base == RX_X86_BP;

	return (seg ? seg - 1 : ss ? RX_X86_SS : RX_X86_DS) |
	       (ss ? RX_X86_DEFAULT_SS : 0);
}

/* Of string operands: at si unless a prefix says so; at di always es */
static inline unsigned rx_x86_segment_si(const struct rx_insn *i)
{
	const unsigned seg = i->r[2] >> RX_PX_SEG_SHIFT;

	return seg ? seg - 1 : RX_X86_DS;
}

/* An address cut to the instruction's address size. */
static inline uint64_t rx_x86_cut(const struct rx_insn *i, uint64_t v)
{
	switch (RX_X86_ASZ(i)) {
	case RX_PX_ASZ64:
		return v;
	case RX_PX_ASZ32:
		return (uint32_t)v;
	default:
		return (uint16_t)v;
	}
}

/* The offset that the memory operand means, plus some bytes. */
static inline uint64_t rx_x86_offset(const struct rx_x86 *c,
				     const struct rx_insn *i, uint64_t plus)
{
	const unsigned base = RX_X86_BASE(i), index = i->r[3] & 63u;
	uint64_t a = plus + (uint64_t)(int64_t)(int32_t)i->imm;

	if (base < RX_PX_NO_REG)
		a += c->r[base];
	else if (base == RX_PX_RIP)
		a += i->pc + i->len;
	if (index < RX_PX_NO_REG)
		a += c->r[index] << (i->r[3] >> RX_PX_SCALE_SHIFT);
	return rx_x86_cut(i, a);
}

static inline uint64_t rx_x86_at(const struct rx_x86 *c, unsigned seg, uint64_t offset)
{
	return (c->seg_base[seg & RX_X86_SEG] + offset) & c->va_mask;
}

static inline uint64_t rx_x86_linear(const struct rx_x86 *c,
				     const struct rx_insn *i, uint64_t plus)
{
	return rx_x86_at(c, rx_x86_segment(i), rx_x86_offset(c, i, plus));
}

static inline uint64_t rx_x86_linear_si(const struct rx_x86 *c,
					const struct rx_insn *i, uint64_t plus)
{
	return rx_x86_at(c, rx_x86_segment_si(i),
			 rx_x86_cut(i, c->r[RX_X86_SI] + plus));
}

static inline uint64_t rx_x86_linear_di(const struct rx_x86 *c,
					const struct rx_insn *i, uint64_t plus)
{
	return rx_x86_at(c, RX_X86_ES, rx_x86_cut(i, c->r[RX_X86_DI] + plus));
}

/* An absolute address in the place of an immediate. */
static inline uint64_t rx_x86_linear_abs(const struct rx_x86 *c,
					 const struct rx_insn *i, uint64_t plus)
{
	return rx_x86_at(c, rx_x86_segment_si(i), rx_x86_cut(i, i->imm + plus));
}

/* Where a vector of indexes counts from. */
static inline uint64_t rx_x86_vsib(const struct rx_x86 *c, const struct rx_insn *i,
				   uint64_t plus)
{
	struct rx_insn base = *i;

	base.r[3] = RX_PX_NO_REG;
	return rx_x86_linear(c, &base, plus);
}

/* For lifters (smir/prefixed.h): where all that is in the state. */
#define RX_X86_PX \
	((struct rx_smir_px){ .regs = offsetof(struct rx_x86, r), \
			      .bases = offsetof(struct rx_x86, seg_base), \
			      .mask = offsetof(struct rx_x86, va_mask) })

/* ---- memory: size is 1, 2, 4 or 8; values are zero-extended */

struct rx_val rx_x86_load(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  unsigned flags);
enum rx_exec rx_x86_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  uint64_t value, unsigned flags);
/*
 * A locked update: load what is there, then swap: `old` for `value`, which
 * returns what was there; if that is not `old`, nothing was stored.
 */
struct rx_val rx_x86_atomic_load(struct rx_cpu *cpu, uint64_t va, unsigned size,
				 unsigned flags);
struct rx_val rx_x86_atomic_swap(struct rx_cpu *cpu, uint64_t va, unsigned size,
				 uint64_t old, uint64_t value, unsigned flags);
struct rx_val rx_x86_amo(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 enum rx_rmw op, uint64_t value, unsigned flags);

/* ---- exceptions: record and return RX_FAULT */

enum rx_exec rx_x86_raise(struct rx_cpu *cpu, unsigned vector, uint64_t error);
enum rx_exec rx_x86_illegal(struct rx_cpu *cpu);
/* An encoding whose meaning is not stated: the machine stops and says so. */
rx_executor rx_x86_unstated;

/* ---- registers of several fields */

uint64_t rx_x86_rflags(const struct rx_x86 *c);
/* All of them; bits that do not exist are ignored. */
void rx_x86_put_rflags(struct rx_x86 *c, uint64_t v);
/* After changes from outside: derived state follows the registers. */
void rx_x86_resync(struct rx_cpu *cpu);
/* cpu->mode_key, where the mode or MXCSR changed */
void rx_x86_update_key(struct rx_x86 *c);
/*
 * As an operating system leaves a program: flat segments, protection level
 * cpl, in 64-, 32- or 16-bit mode. Registers keep their values.
 */
void rx_x86_flat(struct rx_cpu *cpu, unsigned mode, unsigned cpl);

/* ---- instructions that one C function does better */

/* New flags as far as the program may change them; word: 16 bits only. */
enum rx_exec rx_x86_popf(struct rx_cpu *cpu, uint64_t v, bool word);
/* Segment register n gets a selector, by the descriptor table. */
enum rx_exec rx_x86_load_segment(struct rx_cpu *cpu, unsigned n, uint16_t sel);
/* eax and ecx to eax, ebx, ecx, edx. */
enum rx_exec rx_x86_cpuid(struct rx_cpu *cpu);
/* Locked or not: rdx:rax against the operand, rcx:rbx into it. */
rx_executor rx_x86_cmpxchg16b;

/* ---- the facade's (core/isa.h) */

/* True: a single step's #DB is recorded. */
bool rx_x86_after(struct rx_cpu *cpu);

enum rx_exec rx_x86_fetch(struct rx_cpu *cpu, uint64_t va, const uint8_t **host,
			  unsigned *avail);
void rx_x86_deliver(struct rx_cpu *cpu);
bool rx_x86_interrupt(struct rx_cpu *cpu);
bool rx_x86_wake(struct rx_cpu *cpu);
void rx_x86_reset(struct rx_cpu *cpu, uint64_t pc);
enum rax_status rx_x86_init(struct rx_cpu *cpu);
void rx_x86_fini(struct rx_cpu *cpu);
void rx_x86_enter(struct rx_cpu *cpu);
void rx_x86_leave(struct rx_cpu *cpu);

#include "cpu/x86/simd.h"
#include "cpu/x86/x87.h"

#endif
