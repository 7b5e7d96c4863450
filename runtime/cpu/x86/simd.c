/* simd.c - exceptions and stores of vector instructions. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cpu/x86/x86.h"
#include "fp/host.h"

#define CR4_OSXMMEXCPT (1u << 10)

enum {
	BEFORE = 7,	/* IE, DE, ZE are found before anything is computed */
	PAGE = 4096,
};

/* An unmasked exception of the operands keeps all later ones from being looked
 * for, in other lanes as well (SDM volume 1, 11.5.2, 11.5.4). */
enum rx_exec
rx_x86_sse_raise(struct rx_cpu *cpu, unsigned flags)
{
	struct rx_x86 *c = (struct rx_x86 *)cpu;
	const unsigned on = ~(c->mxcsr >> RX_SSE_MASK_SHIFT);

	if (flags & on & BEFORE)
		flags &= BEFORE;
	c->mxcsr |= flags;
	if (!(c->cr4 & CR4_OSXMMEXCPT))
		return rx_x86_illegal(cpu);
	return rx_x86_raise(cpu, RX_X86_XM, 0);
}

enum rx_exec
rx_x86_probe_write(struct rx_cpu *cpu, uint64_t va, uint64_t size, unsigned flags)
{
	const uint64_t last = va + size - 1;
	struct rx_val v = rx_x86_load(cpu, va, 1, flags | RX_X86_RW);

	if (v.status == RX_NEXT && va / PAGE != last / PAGE)
		v = rx_x86_load(cpu, last & ~(uint64_t)(PAGE - 1), 1, flags | RX_X86_RW);
	return v.status;
}

enum rx_exec
rx_x86_probe_masked(struct rx_cpu *cpu, const struct rx_insn *i, uint64_t first,
		    uint64_t last, uint64_t mask)
{
	struct rx_x86 *c = (struct rx_x86 *)cpu;
	enum rx_exec st = rx_x86_probe_write(cpu, first, last - first + 1,
					     rx_x86_segment(i));

	if (st != RX_NEXT && mask && cpu->fault.code == RX_X86_PF &&
	    cpu->fault.value != first) {
		c->cr2 = last;
		cpu->fault.value = last;
	}
	return st;
}

enum rx_exec
rx_x86_probe_aligned(struct rx_cpu *cpu, uint64_t va, uint64_t size)
{
	struct rx_x86 *c = (struct rx_x86 *)cpu;

	if (RX_UNLIKELY(c->p.check_align && va & (size - 1)))
		return rx_x86_raise(cpu, RX_X86_AC, 0);
	return RX_NEXT;
}

/* SDM volume 2, VZEROALL: eight of them outside of 64-bit mode */
enum rx_exec
rx_x86_zero_vectors(struct rx_cpu *cpu, uint64_t keep)
{
	struct rx_x86 *c = (struct rx_x86 *)cpu;
	const unsigned n = c->p.mode == RX_PX_MODE64 ? 16 : 8;

	for (unsigned k = 0; k < n && keep < sizeof(c->vec[0]); k++)
		memset((uint8_t *)c->vec[k] + keep, 0, sizeof(c->vec[0]) - keep);
	return RX_NEXT;
}

enum rx_exec
rx_x86_load_mxcsr(struct rx_cpu *cpu, uint32_t v)
{
	struct rx_x86 *c = (struct rx_x86 *)cpu;

	if (v & ~(uint32_t)RX_SSE_MXCSR)
		return rx_x86_raise(cpu, RX_X86_GP, 0);
	c->mxcsr = v;
	if (c->p.in_guest)
		rx_fp_host_clear();
	rx_x86_update_key(c);
	return RX_NEXT;
}

enum rx_exec
rx_x86_collect(struct rx_cpu *cpu)
{
	struct rx_x86 *c = (struct rx_x86 *)cpu;

	if (c->p.in_guest)
		c->mxcsr |= rx_fp_host_sticky();
	return RX_NEXT;
}

uint32_t
rx_x86_mxcsr_key(const struct rx_x86 *c)
{
	const uint32_t masks = UINT32_C(0x3f) << RX_SSE_MASK_SHIFT;

	if ((c->mxcsr & (masks | RX_SSE_DAZ | RX_SSE_FTZ)) != masks)
		return 0;
	return RX_X86_KEY_PLAIN | (c->mxcsr >> RX_SSE_RC_SHIFT & 3) << RX_X86_KEY_RC_SHIFT;
}

bool
rx_x86_host_fp(uint32_t mode_key, struct rx_fpenv *env)
{
	*env = (struct rx_fpenv)RX_FPENV_SSE(rx_sse_round(mode_key >> RX_X86_KEY_RC_SHIFT));
	return mode_key & RX_X86_KEY_PLAIN;
}
