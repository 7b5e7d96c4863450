/* mem.c - segments, alignment and memory of an x86 processor. SPDX-License-Identifier: MIT */
#include "base/compiler.h"
#include "core/flat.h"
#include "core/mem.h"
#include "cpu/x86/x86.h"

#include <string.h>

static bool canonical(const struct rx_x86 *c, uint64_t va)
{
	const uint64_t upper = va & c->noncanon;

	return upper == 0 || upper == c->noncanon;
}

/* SDM volume 3, 5.3: limits count outside of 64-bit mode, canonical form there.
 * Behind 4 GiB nothing is, but that flat segments go on at 0: processors may choose
 * (SDM volume 3, 5.3), and Intel's have this. */
static bool in_segment(const struct rx_x86 *c, uint64_t va, unsigned size, unsigned seg)
{
	const unsigned attr = c->seg_attr[seg];
	uint64_t last;

	if (c->p.mode == RX_PX_MODE64)
		return canonical(c, va);
	va = (uint32_t)(va - c->seg_base[seg]);
	last = va + size - 1;
	if ((attr & (RX_X86_SEG_CODE | RX_X86_SEG_DOWN)) == RX_X86_SEG_DOWN)
		return va > c->seg_limit[seg] &&
		       last <= (attr & RX_X86_SEG_DB ? UINT32_MAX : UINT16_MAX);
	return last <= c->seg_limit[seg] ||
	       (c->seg_limit[seg] == UINT32_MAX && !c->seg_base[seg]);
}

/* SDM volume 3, 5.5: null selectors, code, data that is read only (CR0.PE: real mode
 * knows no types) */
static bool permits(const struct rx_x86 *c, unsigned seg, bool write)
{
	const unsigned attr = c->seg_attr[seg];
	const bool code = attr & RX_X86_SEG_CODE;

	if (c->p.mode == RX_PX_MODE64 || !(c->cr0 & RX_X86_CR0_PE))
		return true;
	return attr & RX_X86_SEG_PRESENT &&
	       (write ? !code && attr & RX_X86_SEG_RW : !code || attr & RX_X86_SEG_RW);
}

/* What comes before translation; RX_X86_RW: the access counts as a write. */
static enum rx_exec check(struct rx_cpu *cpu, uint64_t va, unsigned size, unsigned flags)
{
	const struct rx_x86 *c = rx_x86_of(cpu);
	unsigned seg = flags & RX_X86_SEG;

	/* prefixes of es, cs, ss and ds are ignored in 64-bit mode */
	if (c->p.mode == RX_PX_MODE64 && seg < RX_X86_FS)
		seg = flags & RX_X86_DEFAULT_SS ? RX_X86_SS : RX_X86_DS;
	if (RX_UNLIKELY(!permits(c, seg, flags & RX_X86_RW) || !in_segment(c, va, size, seg)))
		return rx_x86_raise(cpu, seg == RX_X86_SS ? RX_X86_SS_FAULT : RX_X86_GP, 0);
	if (RX_UNLIKELY(c->p.check_align && va & (size - 1) &&
			!(flags & RX_X86_UNALIGNED)))
		return rx_x86_raise(cpu, RX_X86_AC, 0);
	/* the part behind the end of canonical addresses comes last */
	if (RX_UNLIKELY(!canonical(c, va + size - 1)))
		return rx_x86_raise(cpu, seg == RX_X86_SS ? RX_X86_SS_FAULT : RX_X86_GP, 0);
	return RX_NEXT;
}

static enum rx_exec page_fault(struct rx_cpu *cpu, uint64_t va, bool write)
{
	struct rx_x86 *c = rx_x86_of(cpu);

	c->cr2 = va;
	rx_x86_raise(cpu, RX_X86_PF, (write ? RX_X86_PF_W : 0) |
		     (c->cpl == 3 ? RX_X86_PF_U : 0));
	cpu->fault.value = va;
	return RX_FAULT;
}

/* Does it end behind the highest address, that is at 0? */
static bool wraps(struct rx_cpu *cpu, uint64_t va, unsigned size)
{
	return va > rx_x86_of(cpu)->va_mask - (size - 1);
}

static struct rx_val load_wrapped(struct rx_cpu *cpu, uint64_t va, unsigned size, bool write)
{
	const struct rx_x86 *c = rx_x86_of(cpu);
	unsigned __int128 byte;
	uint64_t v = 0, bad;

	for (unsigned k = 0; k < size; k++) {
		if (!rx_flat_load(cpu, (va + k) & c->va_mask, 1, &byte, &bad)) {
			page_fault(cpu, bad, write);
			return rx_val_fault();
		}
		v |= (uint64_t)byte << 8 * k;
	}
	return rx_val(v);
}

static enum rx_exec store_wrapped(struct rx_cpu *cpu, uint64_t va, unsigned size,
				  uint64_t value)
{
	const struct rx_x86 *c = rx_x86_of(cpu);
	uint64_t bad;

	/* all of it, or nothing */
	if (load_wrapped(cpu, va, size, true).status != RX_NEXT)
		return RX_FAULT;
	for (unsigned k = 0; k < size; k++)
		if (!rx_flat_store(cpu, (va + k) & c->va_mask, 1, value >> 8 * k & 0xff, &bad))
			return page_fault(cpu, bad, true);
	return RX_NEXT;
}

struct rx_val rx_x86_load(struct rx_cpu *cpu, uint64_t va, unsigned size, unsigned flags)
{
	unsigned __int128 v;
	uint64_t bad;

	va &= rx_x86_of(cpu)->va_mask;
	if (check(cpu, va, size, flags) != RX_NEXT)
		return rx_val_fault();
	if (RX_UNLIKELY(wraps(cpu, va, size)))
		return load_wrapped(cpu, va, size, flags & RX_X86_RW);
	if (RX_LIKELY(rx_flat_load(cpu, va, size, &v, &bad)))
		return rx_val((uint64_t)v);
	page_fault(cpu, bad, flags & RX_X86_RW);
	return rx_val_fault();
}

enum rx_exec rx_x86_store(struct rx_cpu *cpu, uint64_t va, unsigned size, uint64_t value,
			  unsigned flags)
{
	uint64_t bad;

	va &= rx_x86_of(cpu)->va_mask;
	if (check(cpu, va, size, flags | RX_X86_RW) != RX_NEXT)
		return RX_FAULT;
	if (RX_UNLIKELY(wraps(cpu, va, size)))
		return store_wrapped(cpu, va, size, value);
	if (RX_LIKELY(rx_flat_store(cpu, va, size, value, &bad)))
		return RX_NEXT;
	return page_fault(cpu, bad, true);
}

struct rx_val rx_x86_atomic_load(struct rx_cpu *cpu, uint64_t va, unsigned size,
				 unsigned flags)
{
	return rx_x86_load(cpu, va, size, flags | RX_X86_RW);
}

#define EXCHANGE(W) \
static uint64_t exchange##W(void *p, uint64_t old, uint64_t v) \
{ \
	uint##W##_t was = (uint##W##_t)old; \
\
	__atomic_compare_exchange_n((uint##W##_t *)p, &was, (uint##W##_t)v, 0, \
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	return was; \
}
EXCHANGE(8)
EXCHANGE(16)
EXCHANGE(32)
EXCHANGE(64)

/* A locked access over the end of a host's word: processors take turns on one
 * thread, so that nobody can come in between. */
static uint64_t exchange_split(void *p, unsigned size, uint64_t old, uint64_t v)
{
	uint64_t was = 0;

	memcpy(&was, p, size);
	if (was == old)
		memcpy(p, &v, size);
	return was;
}

struct rx_val rx_x86_atomic_swap(struct rx_cpu *cpu, uint64_t va, unsigned size,
				 uint64_t old, uint64_t value, unsigned flags)
{
	uint64_t bad;
	void *p;

	va &= rx_x86_of(cpu)->va_mask;
	if (check(cpu, va, size, flags | RX_X86_RW) != RX_NEXT)
		return rx_val_fault();
	p = rx_flat_host_rw(cpu, va, size, &bad);
	if (!p) {
		page_fault(cpu, bad, true);
		return rx_val_fault();
	}
	if ((uintptr_t)p & (size - 1))
		return rx_val(exchange_split(p, size, old, value));
	switch (size) {
	case 1:
		return rx_val(exchange8(p, old, value));
	case 2:
		return rx_val(exchange16(p, old, value));
	case 4:
		return rx_val(exchange32(p, old, value));
	default:
		return rx_val(exchange64(p, old, value));
	}
}

/*
 * CMPXCHG16B: an operand that is not aligned is a #GP, checked first; ZF says
 * whether the two were equal. (A host without a 16-byte exchange has one
 * thread of guest processors.)
 */
enum rx_exec rx_x86_cmpxchg16b(struct rx_cpu *cpu, const struct rx_insn *i)
{
	struct rx_x86 *c = rx_x86_of(cpu);
	const uint64_t va = rx_x86_linear(c, i, 0);
	uint64_t old[2], bad;
	void *p;

	if (check(cpu, va, 16, rx_x86_segment(i) | RX_X86_RW) != RX_NEXT)
		return cpu->fault.code == RX_X86_AC ? rx_x86_raise(cpu, RX_X86_GP, 0) : RX_FAULT;
	if (va & 15)
		return rx_x86_raise(cpu, RX_X86_GP, 0);
	p = rx_flat_host_rw(cpu, va, 16, &bad);
	if (!p)
		return page_fault(cpu, bad, true);
	memcpy(old, p, 16);
	c->zf = old[0] == c->r[0] && old[1] == c->r[2];
	if (c->zf) {
		memcpy(p, &c->r[3], 8);
		memcpy((uint8_t *)p + 8, &c->r[1], 8);
	} else {
		c->r[0] = old[0];
		c->r[2] = old[1];
	}
	return RX_NEXT;
}

static uint64_t combine(enum rx_rmw op, unsigned size, uint64_t a, uint64_t b)
{
	const unsigned up = 64 - 8 * size;
	const int64_t x = (int64_t)(a << up), y = (int64_t)(b << up);

	switch (op) {
	case RX_RMW_SWAP:
		return b;
	case RX_RMW_ADD:
		return a + b;
	case RX_RMW_AND:
		return a & b;
	case RX_RMW_OR:
		return a | b;
	case RX_RMW_XOR:
		return a ^ b;
	case RX_RMW_MIN:
		return x < y ? a : b;
	case RX_RMW_MAX:
		return x > y ? a : b;
	case RX_RMW_MINU:
		return (uint64_t)x < (uint64_t)y ? a : b;
	case RX_RMW_MAXU:
		return (uint64_t)x > (uint64_t)y ? a : b;
	}
	return b;
}

struct rx_val rx_x86_amo(struct rx_cpu *cpu, uint64_t va, unsigned size, enum rx_rmw op,
			 uint64_t value, unsigned flags)
{
	struct rx_val was = rx_x86_atomic_load(cpu, va, size, flags), now;

	while (was.status == RX_NEXT) {
		now = rx_x86_atomic_swap(cpu, va, size, was.v,
					 combine(op, size, was.v, value), flags);
		if (now.status != RX_NEXT || now.v == was.v)
			return now;
		was = now;
	}
	return was;
}

enum rx_exec rx_x86_fetch(struct rx_cpu *cpu, uint64_t va, const uint8_t **host,
			  unsigned *avail)
{
	struct rx_x86 *c = rx_x86_of(cpu);

	if (!in_segment(c, va, 1, RX_X86_CS))
		return rx_x86_raise(cpu, RX_X86_GP, 0);
	if (RX_LIKELY(rx_flat_fetch(cpu, va, host, avail)))
		return RX_NEXT;
	page_fault(cpu, va, false);
	c->error |= RX_X86_PF_I;
	return RX_FAULT;
}
