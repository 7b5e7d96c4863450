/* mem_t32.c - memory accesses of T32. SPDX-License-Identifier: MIT */
#include "core/flat.h"
#include "core/vm.h"
#include "cpu/arm/t32.h"

static enum rx_exec bus_fault(struct rx_cpu *cpu, uint64_t va)
{
	return rx_t32_raise(cpu, RX_T32_FAULT(RX_T32_BUS, RX_T32_PRECISERR), va);
}

/* Must the access be aligned, and is not? */
static bool misaligned(uint64_t va, unsigned size, unsigned flags)
{
	return flags & RX_T32_ALIGNED && va & ((size < 4 ? size : 4) - 1);
}

static enum rx_exec unaligned(struct rx_cpu *cpu, uint64_t va)
{
	return rx_t32_raise(cpu, RX_T32_FAULT(RX_T32_USAGE, RX_T32_UNALIGNED), va);
}

enum rx_exec rx_t32_load_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      unsigned flags, unsigned __int128 *value)
{
	uint64_t bad;

	if (RX_UNLIKELY(misaligned(va, size, flags)))
		return unaligned(cpu, va);
	if (RX_LIKELY(rx_flat_load(cpu, va, size, value, &bad)))
		return RX_NEXT;
	return bus_fault(cpu, bad);
}

enum rx_exec rx_t32_store_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			       unsigned __int128 value, unsigned flags)
{
	uint64_t bad;

	if (RX_UNLIKELY(misaligned(va, size, flags)))
		return unaligned(cpu, va);
	if (RX_LIKELY(rx_flat_store(cpu, va, size, value, &bad)))
		return RX_NEXT;
	return bus_fault(cpu, bad);
}

struct rx_val rx_t32_load(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  unsigned flags)
{
	unsigned __int128 v = 0;
	const enum rx_exec st = rx_t32_load_wide(cpu, va, size, flags, &v);

	return (struct rx_val){ (uint64_t)v, st };
}

enum rx_exec rx_t32_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  uint64_t value, unsigned flags)
{
	return rx_t32_store_wide(cpu, va, size, value, flags);
}

struct rx_val rx_t32_amo(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 enum rx_rmw op, uint64_t operand, unsigned flags)
{
	(void)va;
	(void)size;
	(void)op;
	(void)operand;
	(void)flags;
	RX_DIE(cpu->vm, "T32 has no atomic read-modify-write");
	return rx_val_fault();
}

struct rx_val rx_t32_ldrex(struct rx_cpu *cpu, uint64_t va, unsigned size)
{
	struct rx_t32 *c = rx_t32_of(cpu);
	const struct rx_val v = rx_t32_load(cpu, va, size, RX_T32_ALIGNED);

	if (v.status != RX_NEXT)
		return v;
	c->excl_size = (uint8_t)size;
	c->excl_address = (uint32_t)va;
	c->excl_value = (uint32_t)v.v;
	return v;
}

struct rx_val rx_t32_strex(struct rx_cpu *cpu, uint64_t va, unsigned size,
			   uint64_t value)
{
	struct rx_t32 *c = rx_t32_of(cpu);
	const bool marked = c->excl_size == size && c->excl_address == (uint32_t)va;
	struct rx_val now;

	c->excl_size = 0;
	if (!marked)
		return rx_val(1);
	now = rx_t32_load(cpu, va, size, RX_T32_ALIGNED);
	if (now.status != RX_NEXT)
		return now;
	if (now.v != c->excl_value)
		return rx_val(1);
	return (struct rx_val){ 0, rx_t32_store(cpu, va, size, value, RX_T32_ALIGNED) };
}

enum rx_exec rx_t32_clrex(struct rx_cpu *cpu)
{
	rx_t32_of(cpu)->excl_size = 0;
	return RX_NEXT;
}

enum rx_exec rx_t32_isb(struct rx_cpu *cpu)
{
	rx_cpu_poll(cpu, RX_POLL_MODE);
	return RX_NEXT;
}
