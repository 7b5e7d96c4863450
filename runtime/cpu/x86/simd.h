/* simd.h - what executors of vector instructions use. SPDX-License-Identifier: MIT
 *
 * SSE to AVX-512: the environment that MXCSR asks for, its flags and #XM,
 * addresses of gathers, stores that fault before they write. Included by x86.h.
 */
#ifndef RX_CPU_X86_SIMD_H
#define RX_CPU_X86_SIMD_H

#include <stdint.h>

#include "core/cpu.h"
#include "core/insn.h"
#include "fp/fp.h"
#include "x86/regs.h"

enum {	/* MXCSR (SDM volume 1, 10.2.3): flags in bits 0 to 5, their masks above */
	RX_SSE_DAZ = 1 << 6,
	RX_SSE_MASK_SHIFT = 7,
	RX_SSE_UM = 1 << 11,
	RX_SSE_RC_SHIFT = 13,
	RX_SSE_FTZ = 1 << 15,
	RX_SSE_MXCSR = 0xffff,	/* bits that there are */
};

/* IE DE ZE OE UE PE, bits 0 to 5, of RX_FP_*; and back. */
static inline unsigned rx_sse_flags(unsigned f)
{
	return (f & RX_FP_NV ? 1u : 0) | (f & RX_FP_ID ? 2u : 0) |
	       (f & RX_FP_DZ ? 4u : 0) | (f & RX_FP_OF ? 8u : 0) |
	       (f & RX_FP_UF ? 16u : 0) | (f & RX_FP_NX ? 32u : 0);
}

static inline uint8_t rx_sse_traps(unsigned on)
{
	return (uint8_t)((on & 1 ? RX_FP_NV : 0) | (on & 2 ? RX_FP_ID : 0) |
			 (on & 4 ? RX_FP_DZ : 0) | (on & 8 ? RX_FP_OF : 0) |
			 (on & 16 ? RX_FP_UF : 0) | (on & 32 ? RX_FP_NX : 0));
}

/* Directions as MXCSR numbers them */
static inline uint8_t rx_sse_round(unsigned rc)
{
	static const uint8_t round[] = { RX_RNE, RX_RDN, RX_RUP, RX_RTZ };

	return round[rc & 3];
}

/* The arithmetic that MXCSR asks for. Flushing of results needs a masked
 * underflow exception (SDM volume 1, 10.2.3.3). */
static inline struct rx_fpenv rx_x86_sse_env(const struct rx_x86 *c)
{
	const uint32_t m = c->mxcsr, on = ~m >> RX_SSE_MASK_SHIFT & 0x3f;
	struct rx_fpenv env = RX_FPENV_SSE(rx_sse_round(m >> RX_SSE_RC_SHIFT));

	env.flush_in = (m & RX_SSE_DAZ) != 0;
	env.flag_in = !env.flush_in;
	if ((m & (RX_SSE_FTZ | RX_SSE_UM)) == (RX_SSE_FTZ | RX_SSE_UM))
		env.flush_out = RX_FLUSH_UF_NX;
	if (on)
		env.trap = rx_sse_traps(on);
	return env;
}

/* Embedded rounding or {sae}: all exceptions are masked, so that nothing keeps
 * FTZ back. */
static inline struct rx_fpenv rx_x86_quiet_env(const struct rx_x86 *c)
{
	struct rx_fpenv env = rx_x86_sse_env(c);

	env.trap = 0;
	if (c->mxcsr & RX_SSE_FTZ)
		env.flush_out = RX_FLUSH_UF_NX;
	return env;
}

/* F16C's, SDM volume 1, 14.4.1: numbers of 16 bits do not become zeros, whatever
 * MXCSR says, and are no denormal operands. */
static inline struct rx_fpenv rx_x86_to_half_env(const struct rx_x86 *c)
{
	struct rx_fpenv env = rx_x86_sse_env(c);

	env.flush_out = RX_FLUSH_NONE;
	return env;
}

static inline struct rx_fpenv rx_x86_from_half_env(const struct rx_x86 *c)
{
	struct rx_fpenv env = rx_x86_sse_env(c);

	env.flush_in = env.flag_in = 0;
	return env;
}

/* A flag of memory accesses (x86.h has the others): RFLAGS.AC does not matter,
 * as for operands of 16 bytes and more. */
enum { RX_X86_UNALIGNED = 32 };

enum rx_exec rx_x86_sse_raise(struct rx_cpu *cpu, unsigned flags);

/* Adds RX_FP_* flags to MXCSR; #XM if one of them is not masked, then nothing
 * else of the instruction is written. */
static inline enum rx_exec rx_x86_sse_flags(struct rx_cpu *cpu, uint64_t flags)
{
	struct rx_x86 *c = (struct rx_x86 *)cpu;
	const unsigned f = rx_sse_flags((unsigned)flags);

	if (RX_UNLIKELY(f & ~(c->mxcsr >> RX_SSE_MASK_SHIFT)))
		return rx_x86_sse_raise(cpu, f);
	c->mxcsr |= f;
	return RX_NEXT;
}

/* Can these bytes be written? RX_FAULT: no, and why is recorded. */
enum rx_exec rx_x86_probe_write(struct rx_cpu *cpu, uint64_t va, uint64_t size,
				unsigned flags);

/*
 * The same for a masked store: first and last byte of what its mask (the number
 * of a register) leaves. If they are in two pages and the second one is not
 * there, processors report `last` (Intel; others are not recorded yet).
 */
enum rx_exec rx_x86_probe_masked(struct rx_cpu *cpu, const struct rx_insn *i,
				 uint64_t first, uint64_t last, uint64_t mask);

/* #AC where it is armed, for an operand that is accessed in parts. */
enum rx_exec rx_x86_probe_aligned(struct rx_cpu *cpu, uint64_t va, uint64_t size);

/* Bits of cpu->mode_key: MXCSR masks all exceptions and flushes nothing; then its RC */
enum {
	RX_X86_KEY_PLAIN = 1 << 3,
	RX_X86_KEY_RC_SHIFT = 4,
	RX_X86_KEY_MXCSR = RX_X86_KEY_PLAIN | 3 << RX_X86_KEY_RC_SHIFT,
};
/* isa->fp_known of SSE's environment, and what MXCSR makes of the key */
bool rx_x86_host_fp(uint32_t mode_key, struct rx_fpenv *env);
uint32_t rx_x86_mxcsr_key(const struct rx_x86 *c);
/* Flags that the host has come to MXCSR as well. */
enum rx_exec rx_x86_collect(struct rx_cpu *cpu);

/* MXCSR becomes v; #GP if that has reserved bits. */
enum rx_exec rx_x86_load_mxcsr(struct rx_cpu *cpu, uint32_t v);

/* Bits above `keep` bytes of the vectors that VEX reaches become zero. */
enum rx_exec rx_x86_zero_vectors(struct rx_cpu *cpu, uint64_t keep);

/* Vectors of indexes: the vector's number, the logarithm of the scale */
#define RX_X86_VINDEX(i) ((i)->r[3] & 63u)
#define RX_X86_SCALE(i) ((unsigned)(i)->r[3] >> RX_PX_SCALE_SHIFT)

#endif
