/* mem.c - memory accesses of A64. SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/flat.h"
#include "core/rmw.h"
#include "cpu/arm/a64.h"

static enum rx_exec data_abort(struct rx_cpu *cpu, uint64_t va, unsigned iss)
{
	return rx_a64_raise(cpu, RX_A64_ESR(RX_A64_EC_DATA, iss), va);
}

struct rx_val rx_a64_load(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  unsigned flags)
{
	unsigned __int128 v;
	uint64_t bad;

	(void)flags;
	if (RX_LIKELY(rx_flat_load(cpu, rx_a64_untag(cpu, va), size, &v, &bad)))
		return rx_val((uint64_t)v);
	return (struct rx_val){ 0, data_abort(cpu, bad, RX_A64_FSC_EXTERNAL) };
}

enum rx_exec rx_a64_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  uint64_t value, unsigned flags)
{
	uint64_t bad;

	(void)flags;
	if (RX_LIKELY(rx_flat_store(cpu, rx_a64_untag(cpu, va), size, value, &bad)))
		return RX_NEXT;
	return data_abort(cpu, bad, RX_A64_FSC_EXTERNAL | RX_A64_WNR);
}

enum rx_exec rx_a64_load_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      unsigned flags, unsigned __int128 *value)
{
	uint64_t bad;

	(void)flags;
	if (RX_LIKELY(rx_flat_load(cpu, rx_a64_untag(cpu, va), size, value, &bad)))
		return RX_NEXT;
	return data_abort(cpu, bad, RX_A64_FSC_EXTERNAL);
}

enum rx_exec rx_a64_store_wide(struct rx_cpu *cpu, uint64_t va, unsigned size,
			       unsigned __int128 value, unsigned flags)
{
	uint64_t bad;

	(void)flags;
	if (RX_LIKELY(rx_flat_store(cpu, rx_a64_untag(cpu, va), size, value, &bad)))
		return RX_NEXT;
	return data_abort(cpu, bad, RX_A64_FSC_EXTERNAL | RX_A64_WNR);
}

enum rx_exec rx_a64_stp_q(struct rx_cpu *cpu, uint64_t va, uint64_t low,
			  uint64_t high, uint64_t low2, uint64_t high2)
{
	const uint64_t words[4] = { low, high, low2, high2 };
	uint64_t bad;

	if (RX_LIKELY(rx_flat_write(cpu, rx_a64_untag(cpu, va), words, 32, &bad)))
		return RX_NEXT;
	return data_abort(cpu, bad, RX_A64_FSC_EXTERNAL | RX_A64_WNR);
}

enum rx_exec rx_a64_check_store(struct rx_cpu *cpu, uint64_t va, unsigned size)
{
	uint64_t bad;

	if (RX_LIKELY(rx_flat_probe(cpu, rx_a64_untag(cpu, va), size, &bad)))
		return RX_NEXT;
	return data_abort(cpu, bad, RX_A64_FSC_EXTERNAL | RX_A64_WNR);
}

/* FEAT_LSE2: ordered and atomic accesses may be misaligned within 16 bytes */
static bool crosses(uint64_t va, unsigned size)
{
	return (va & 15) + size > 16;
}

struct rx_val rx_a64_load_ordered(struct rx_cpu *cpu, uint64_t va, unsigned size)
{
	if (RX_UNLIKELY(crosses(va, size)))
		return (struct rx_val){ 0, data_abort(cpu, va, RX_A64_FSC_ALIGN) };
	return rx_a64_load(cpu, va, size, 0);
}

/* Where an atomic access works; NULL: the fault is recorded. */
static void *atomic_place(struct rx_cpu *cpu, uint64_t va, unsigned size)
{
	uint64_t bad;
	void *p;

	if (RX_UNLIKELY(crosses(va, size))) {
		(void)data_abort(cpu, va, RX_A64_FSC_ALIGN | RX_A64_WNR);
		return NULL;
	}
	p = rx_flat_host_rw(cpu, rx_a64_untag(cpu, va), size, &bad);
	if (RX_UNLIKELY(!p))
		(void)data_abort(cpu, bad, RX_A64_FSC_EXTERNAL | RX_A64_WNR);
	return p;
}

enum rx_exec rx_a64_store_ordered(struct rx_cpu *cpu, uint64_t va, unsigned size,
				  uint64_t value)
{
	void *p = atomic_place(cpu, va, size);

	if (!p)
		return RX_FAULT;
	memcpy(p, &value, size);
	return RX_NEXT;
}

static uint64_t amo(void *p, unsigned size, enum rx_rmw op, uint64_t operand)
{
	switch (size) {
	case 1:
		return rx_rmw_host8(p, op, (uint8_t)operand);
	case 2:
		return rx_rmw_host16(p, op, (uint16_t)operand);
	case 4:
		return rx_rmw_host32(p, op, (uint32_t)operand);
	default:
		return rx_rmw_host64(p, op, operand);
	}
}

/* The old value; it was `expected` where the new one was stored. */
static uint64_t swap_if(void *p, unsigned size, uint64_t expected, uint64_t value)
{
	uint8_t e8 = (uint8_t)expected;
	uint16_t e16 = (uint16_t)expected;
	uint32_t e32 = (uint32_t)expected;

#define SWAP(P, E, V) \
	__atomic_compare_exchange_n(P, E, V, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
	switch (size) {
	case 1:
		SWAP((uint8_t *)p, &e8, (uint8_t)value);
		return e8;
	case 2:
		SWAP((uint16_t *)p, &e16, (uint16_t)value);
		return e16;
	case 4:
		SWAP((uint32_t *)p, &e32, (uint32_t)value);
		return e32;
	default:
		SWAP((uint64_t *)p, &expected, value);
		return expected;
	}
#undef SWAP
}

/*
 * Misaligned ones work on a copy: they are atomic for the processing elements
 * of a machine, which take turns on one thread (core/schedule.c).
 */
struct rx_val rx_a64_amo(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 enum rx_rmw op, uint64_t operand, unsigned flags)
{
	void *p = atomic_place(cpu, va, size);
	uint64_t copy = 0, old;

	(void)flags;
	if (!p)
		return rx_val_fault();
	if (RX_LIKELY(!(va & (size - 1))))
		return rx_val(amo(p, size, op, operand));
	memcpy(&copy, p, size);
	old = amo(&copy, size, op, operand);
	memcpy(p, &copy, size);
	return rx_val(old);
}

struct rx_val rx_a64_cas(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 uint64_t expected, uint64_t value)
{
	void *p = atomic_place(cpu, va, size);
	uint64_t copy = 0, old;

	if (!p)
		return rx_val_fault();
	if (RX_LIKELY(!(va & (size - 1))))
		return rx_val(swap_if(p, size, expected, value));
	memcpy(&copy, p, size);
	old = swap_if(&copy, size, expected, value);
	memcpy(p, &copy, size);
	return rx_val(old);
}

struct rx_val rx_a64_ldxr(struct rx_cpu *cpu, uint64_t va, unsigned size)
{
	struct rx_a64 *c = rx_a64_of(cpu);
	const struct rx_val v = rx_a64_load_ordered(cpu, va, size);

	if (v.status != RX_NEXT)
		return v;
	c->excl_size = (uint8_t)size;
	c->excl_address = va;
	c->excl_value = v.v;
	return v;
}

struct rx_val rx_a64_stxr(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  uint64_t value)
{
	struct rx_a64 *c = rx_a64_of(cpu);
	const bool marked = c->excl_size == size && c->excl_address == va;
	struct rx_val old;

	if (!marked) {	/* the address is not even looked at */
		c->excl_size = 0;
		return rx_val(1);
	}
	c->excl_size = 0;
	old = rx_a64_cas(cpu, va, size, c->excl_value, value);
	if (old.status == RX_NEXT)
		old.v = old.v != c->excl_value;
	return old;
}

enum rx_exec rx_a64_check_aligned(struct rx_cpu *cpu, uint64_t va, unsigned size)
{
	return crosses(va, size) ? data_abort(cpu, va, RX_A64_FSC_ALIGN) : RX_NEXT;
}

enum rx_exec rx_a64_mark(struct rx_cpu *cpu, uint64_t va, uint64_t low, uint64_t high)
{
	struct rx_a64 *c = rx_a64_of(cpu);

	c->excl_size = 16;
	c->excl_address = va;
	c->excl_value = low;
	c->excl_high = high;
	return RX_NEXT;
}

/* On aligned doublewords; see rx_a64_amo() for why that is atomic. */
static bool swap_pair(uint64_t *p, const uint64_t expected[2], const uint64_t value[2])
{
	if (p[0] != expected[0] || p[1] != expected[1])
		return false;
	p[0] = value[0];
	p[1] = value[1];
	return true;
}

struct rx_val rx_a64_stxp(struct rx_cpu *cpu, uint64_t va, uint64_t low, uint64_t high)
{
	struct rx_a64 *c = rx_a64_of(cpu);
	const uint64_t was[2] = { c->excl_value, c->excl_high }, is[2] = { low, high };
	const bool marked = c->excl_size == 16 && c->excl_address == va;
	uint64_t *p;

	c->excl_size = 0;
	if (!marked)
		return rx_val(1);
	p = atomic_place(cpu, va, 16);
	return p ? rx_val(!swap_pair(p, was, is)) : rx_val_fault();
}

enum rx_exec rx_a64_casp(struct rx_cpu *cpu, uint64_t va, unsigned size, unsigned s,
			 unsigned t)
{
	struct rx_a64 *c = rx_a64_of(cpu);
	const uint64_t expected[2] = { c->x[s], c->x[s + 1] };
	const uint64_t value[2] = { c->x[t], c->x[t + 1] };
	struct rx_val old;

	if (size == 16) {
		uint64_t *p = atomic_place(cpu, va, 16);
		uint64_t was[2];

		if (!p)
			return RX_FAULT;
		memcpy(was, p, sizeof(was));
		swap_pair(p, expected, value);
		c->x[s] = was[0];
		if (s != 30)	/* 31 is the zero register */
			c->x[s + 1] = was[1];
		return RX_NEXT;
	}
	old = rx_a64_cas(cpu, va, 8, expected[1] << 32 | (uint32_t)expected[0],
			 value[1] << 32 | (uint32_t)value[0]);
	if (old.status != RX_NEXT)
		return old.status;
	c->x[s] = (uint32_t)old.v;
	if (s != 30)
		c->x[s + 1] = old.v >> 32;
	return RX_NEXT;
}

enum rx_exec rx_a64_clrex(struct rx_cpu *cpu)
{
	rx_a64_of(cpu)->excl_size = 0;
	return RX_NEXT;
}

enum rx_exec rx_a64_isb(struct rx_cpu *cpu)
{
	rx_cpu_poll(cpu, RX_POLL_MODE);
	return RX_NEXT;
}
