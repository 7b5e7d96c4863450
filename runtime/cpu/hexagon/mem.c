/* mem.c - memory accesses of a packet. SPDX-License-Identifier: MIT */
#include "core/flat.h"
#include "core/vm.h"
#include "cpu/hexagon/hexagon.h"

#define VECTOR 128	/* bytes */

void rx_hexagon_group_begin(struct rx_hexagon *c)
{
	c->m.nstores = 0;
	c->m.drops_reservation = c->m.sets_reservation = false;
}

/* Puts bytes of stores that wait, the later ones over the earlier, over buf. */
static void forward(const struct rx_hexagon *c, uint64_t va, unsigned size, uint8_t *buf)
{
	for (unsigned k = 0; k < c->m.nstores; k++) {
		const struct rx_hexagon_store *s = &c->m.stores[k];

		for (unsigned n = 0; n < size; n++) {
			const uint64_t at = va + n - s->va;

			if (at < s->size && !s->vector)
				buf[n] = s->bytes[at];
		}
	}
}

struct rx_val rx_hexagon_load(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      unsigned flags)
{
	const struct rx_hexagon *c = rx_hexagon_of(cpu);
	unsigned __int128 wide;
	uint64_t bad, v;

	(void)flags;
	if (!rx_flat_load(cpu, va, size, &wide, &bad))
		return (struct rx_val){ 0, rx_hexagon_raise(cpu, RX_HEXAGON_READ, bad) };
	if (va & (size - 1))
		return (struct rx_val){ 0, rx_hexagon_raise(cpu, RX_HEXAGON_MISALIGNED_LOAD,
							    va) };
	v = (uint64_t)wide;
	if (RX_UNLIKELY(c->m.nstores)) {
		uint8_t buf[8];

		for (unsigned k = 0; k < 8; k++)
			buf[k] = (uint8_t)(v >> 8 * k);
		forward(c, va, size, buf);
		v = 0;
		for (unsigned k = 0; k < size; k++)
			v |= (uint64_t)buf[k] << 8 * k;
	}
	return rx_val(v);
}

enum rx_exec rx_hexagon_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      uint64_t value, unsigned flags)
{
	struct rx_hexagon *c = rx_hexagon_of(cpu);
	struct rx_hexagon_store *s = &c->m.stores[c->m.nstores];

	(void)flags;
	if (c->m.nstores == RX_HEXAGON_STORES) {
		RX_DIE(cpu->vm, "a packet has too many stores");
		return RX_FAULT;
	}
	s->va = va;
	s->size = size;
	s->vector = false;
	for (unsigned k = 0; k < size; k++)
		s->bytes[k] = (uint8_t)(value >> 8 * k);
	c->m.nstores++;
	return RX_NEXT;
}

enum rx_exec rx_hexagon_vector_store(struct rx_cpu *cpu, uint64_t va)
{
	const unsigned n = rx_hexagon_of(cpu)->m.nstores;
	const enum rx_exec st = rx_hexagon_store(cpu, va, 1, 0, 0);

	if (st == RX_NEXT)
		rx_hexagon_of(cpu)->m.stores[n].vector = true;
	return st;
}

/* Is store k of a vector's elements? */
static bool is_element(const struct rx_hexagon *c, unsigned k)
{
	for (unsigned j = k; j; j--)
		if (c->m.stores[j - 1].vector &&
		    c->m.stores[k].va - c->m.stores[j - 1].va < VECTOR)
			return true;
	return false;
}

enum rx_exec rx_hexagon_group_probe(struct rx_cpu *cpu, uint64_t va, unsigned size,
				    unsigned flags)
{
	uint64_t bad;

	(void)flags;
	if (!rx_flat_probe(cpu, va, size, &bad))
		return rx_hexagon_raise(cpu, RX_HEXAGON_WRITE, bad);
	if (va & (size - 1))
		return rx_hexagon_raise(cpu, RX_HEXAGON_MISALIGNED_STORE, va);
	return RX_NEXT;
}

enum rx_exec rx_hexagon_group_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
				    uint64_t value, unsigned flags)
{
	const enum rx_exec st = rx_hexagon_group_probe(cpu, va, size, flags);
	uint8_t bytes[8];
	uint64_t bad;

	if (st != RX_NEXT)
		return st;
	for (unsigned k = 0; k < size; k++)
		bytes[k] = (uint8_t)(value >> 8 * k);
	if (!rx_flat_write(cpu, va, bytes, size, &bad))	/* it was probed */
		RX_DIE(cpu->vm, "memory of a packet's store is gone");
	return RX_NEXT;
}

static enum rx_exec check_one(struct rx_hexagon *c, const struct rx_hexagon_store *s)
{
	return rx_hexagon_group_probe(&c->cpu, s->va, s->size, 0);
}

/* Slot 0 first, which is the last one; the elements of a vector in their order. */
static enum rx_exec check(struct rx_hexagon *c)
{
	enum rx_exec st = RX_NEXT;

	for (unsigned k = c->m.nstores; k && st == RX_NEXT; k--) {
		const struct rx_hexagon_store *s = &c->m.stores[k - 1];

		if (!s->vector && !is_element(c, k - 1))
			st = check_one(c, s);
		for (unsigned j = k; s->vector && j < c->m.nstores && st == RX_NEXT; j++) {
			if (c->m.stores[j].va - s->va >= VECTOR)
				break;
			st = check_one(c, &c->m.stores[j]);
		}
	}
	return st;
}

enum rx_exec rx_hexagon_group_end(struct rx_hexagon *c)
{
	if (check(c) != RX_NEXT)
		return RX_FAULT;
	if (RX_UNLIKELY(c->m.drops_reservation))
		c->cpu.res_granule = 0;
	if (RX_UNLIKELY(c->m.sets_reservation))
		c->cpu.res_granule = c->m.reservation;
	for (unsigned k = 0; k < c->m.nstores; k++) {
		const struct rx_hexagon_store *s = &c->m.stores[k];
		uint64_t bad;

		if (s->vector)
			continue;
		if (!rx_flat_write(&c->cpu, s->va, s->bytes, s->size, &bad))	/* it was probed */
			RX_DIE(c->cpu.vm, "memory of a packet's store is gone");
	}
	c->m.nstores = 0;
	return RX_NEXT;
}

/* V73 Programmer's Reference Manual, "Memory consistency": aligned doublewords are watched */
static uint64_t granule(uint64_t va)
{
	return (va & ~UINT64_C(7)) | 1;
}

struct rx_val rx_hexagon_load_locked(struct rx_cpu *cpu, uint64_t va, unsigned size)
{
	struct rx_hexagon *c = rx_hexagon_of(cpu);
	const struct rx_val v = rx_hexagon_load(cpu, va, size, 0);

	if (v.status == RX_NEXT) {
		c->m.sets_reservation = true;
		c->m.reservation = granule(va);
	}
	return v;
}

struct rx_val rx_hexagon_store_locked(struct rx_cpu *cpu, uint64_t va, unsigned size,
				      uint64_t value)
{
	struct rx_hexagon *c = rx_hexagon_of(cpu);
	enum rx_exec st;

	c->m.drops_reservation = true;
	if (cpu->res_granule != granule(va))
		return rx_val(0);
	st = rx_hexagon_store(cpu, va, size, value, 0);
	return (struct rx_val){ 1, st };
}

struct rx_val rx_hexagon_amo(struct rx_cpu *cpu, uint64_t va, unsigned size,
			     enum rx_rmw op, uint64_t value, unsigned flags)
{
	(void)va;
	(void)size;
	(void)op;
	(void)value;
	(void)flags;
	RX_DIE(cpu->vm, "Hexagon has no atomic read-modify-write");
	return rx_val_fault();
}
