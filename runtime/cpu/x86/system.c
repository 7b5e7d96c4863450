/* system.c - flags, segments and single steps of an x86 processor. SPDX-License-Identifier: MIT */
#include "core/flat.h"
#include "cpu/x86/x86.h"

#include <string.h>

/* SDM volume 2, POPF: what a program may change depends on CPL and IOPL. */
enum rx_exec rx_x86_popf(struct rx_cpu *cpu, uint64_t v, bool word)
{
	struct rx_x86 *c = rx_x86_of(cpu);
	const uint64_t old = rx_x86_rflags(c);
	const unsigned iopl = (unsigned)(old >> 12 & 3);
	uint64_t may = RX_X86_CF | RX_X86_PF_ | RX_X86_AF | RX_X86_ZF | RX_X86_SF |
		       RX_X86_TF | RX_X86_DF | RX_X86_OF | RX_X86_NT;

	if (!word)
		may |= RX_X86_AC_ | RX_X86_ID;
	if (c->cpl == 0)
		may |= RX_X86_IOPL;
	if (c->cpl <= iopl)
		may |= RX_X86_IF;
	v = (v & may) | (old & ~may);
	if (!word)
		v &= ~(uint64_t)RX_X86_RF;
	rx_x86_put_rflags(c, v);
	return RX_NEXT;
}

/* ---- segments (SDM volume 3, 3.4 and 5.5) */

/* The descriptor that a selector names; false: the table has none. */
static bool descriptor(struct rx_cpu *cpu, uint16_t sel, uint64_t *d)
{
	const struct rx_x86 *c = rx_x86_of(cpu);
	uint64_t bad;

	if (sel & 4 || (sel | 7u) > c->gdt_limit)	/* there is no LDT */
		return false;
	return rx_flat_read(cpu, c->gdt_base + (sel & ~7u), d, 8, &bad);
}

static void set_segment(struct rx_x86 *c, unsigned n, uint16_t sel, uint64_t d)
{
	const uint32_t limit = (uint32_t)((d & 0xffff) | (d >> 32 & 0xf0000));

	c->seg_sel[n] = sel;
	c->seg_attr[n] = (uint16_t)(d >> 40 & 0xf0ff);
	c->seg_base[n] = (d >> 16 & 0xffffff) | (d >> 32 & 0xff000000);
	c->seg_limit[n] = d >> 55 & 1 ? limit << 12 | 0xfff : limit;
}

/* Is a segment of this type and privilege what register n may hold? */
static bool suits(const struct rx_x86 *c, unsigned n, uint16_t sel, uint64_t d)
{
	const unsigned type = (unsigned)(d >> 40 & 15), dpl = (unsigned)(d >> 45 & 3);
	const unsigned rpl = sel & 3u;
	const bool code = type & 8;

	if (!(d >> 44 & 1))
		return false;	/* a system segment */
	if (n == RX_X86_SS)
		return !code && type & 2 && rpl == c->cpl && dpl == c->cpl;
	if (code && !(type & 2))
		return false;	/* cannot be read */
	return (code && type & 4) || (rpl <= dpl && c->cpl <= dpl);
}

enum rx_exec rx_x86_load_segment(struct rx_cpu *cpu, unsigned n, uint16_t sel)
{
	struct rx_x86 *c = rx_x86_of(cpu);
	const uint16_t error = sel & 0xfffc;
	uint64_t d = 0;

	if (n == RX_X86_CS || n > RX_X86_GS)
		return rx_x86_illegal(cpu);
	if (!error) {
		/* SS may be null at CPL 0 to 2 of 64-bit mode */
		if (n == RX_X86_SS && (c->p.mode != RX_PX_MODE64 || c->cpl == 3 ||
				       (sel & 3u) != c->cpl))
			return rx_x86_raise(cpu, RX_X86_GP, 0);
	} else if (!descriptor(cpu, sel, &d) || !suits(c, n, sel, d)) {
		return rx_x86_raise(cpu, RX_X86_GP, error);
	} else if (!(d >> 47 & 1)) {
		return rx_x86_raise(cpu, n == RX_X86_SS ? RX_X86_SS_FAULT : RX_X86_NP, error);
	}
	set_segment(c, n, sel, d);
	if (n == RX_X86_SS) {
		c->shadow = cpu->single ? 2 : 1;
		cpu->single = true;
		rx_cpu_poll(cpu, RX_POLL_MODE);
	}
	if (c->p.mode == RX_PX_MODE64 && n < RX_X86_FS)
		c->seg_base[n] = 0;
	else if (c->p.mode != RX_PX_MODE64 && n == RX_X86_SS)
		c->sp_mask = c->seg_attr[n] & RX_X86_SEG_DB ? UINT32_MAX : UINT16_MAX;
	return RX_NEXT;
}

/* ---- behind each instruction, while cpu->single (SDM volume 3, 17.3.1.4) */

bool rx_x86_after(struct rx_cpu *cpu)
{
	struct rx_x86 *c = rx_x86_of(cpu);
	const bool step = c->p.stepping && c->shadow != 2;

	c->shadow = c->shadow ? c->shadow - 1 : 0;
	c->p.stepping = c->rflags & RX_X86_TF;
	cpu->single = c->p.stepping || c->shadow;
	if (step)
		rx_x86_raise(cpu, RX_X86_DB | RX_X86_TRAP, 0);
	return step;
}
