/* mem.c - memory accesses of A64. SPDX-License-Identifier: MIT */
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
	if (RX_LIKELY(rx_flat_load(cpu, va, size, &v, &bad)))
		return rx_val((uint64_t)v);
	return (struct rx_val){ 0, data_abort(cpu, bad, RX_A64_FSC_EXTERNAL) };
}

enum rx_exec rx_a64_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  uint64_t value, unsigned flags)
{
	uint64_t bad;

	(void)flags;
	if (RX_LIKELY(rx_flat_store(cpu, va, size, value, &bad)))
		return RX_NEXT;
	return data_abort(cpu, bad, RX_A64_FSC_EXTERNAL | RX_A64_WNR);
}

/* Where an atomic access works; NULL: the fault is recorded. */
static void *atomic_place(struct rx_cpu *cpu, uint64_t va, unsigned size)
{
	uint64_t bad;
	void *p;

	if (RX_UNLIKELY(va & (size - 1))) {
		(void)data_abort(cpu, va, RX_A64_FSC_ALIGN | RX_A64_WNR);
		return NULL;
	}
	p = rx_flat_host_rw(cpu, va, size, &bad);
	if (RX_UNLIKELY(!p))
		(void)data_abort(cpu, bad, RX_A64_FSC_EXTERNAL | RX_A64_WNR);
	return p;
}

struct rx_val rx_a64_amo(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 enum rx_rmw op, uint64_t operand, unsigned flags)
{
	void *p = atomic_place(cpu, va, size);

	(void)flags;
	if (!p)
		return rx_val_fault();
	switch (size) {
	case 1:
		return rx_val(rx_rmw_host8(p, op, (uint8_t)operand));
	case 2:
		return rx_val(rx_rmw_host16(p, op, (uint16_t)operand));
	case 4:
		return rx_val(rx_rmw_host32(p, op, (uint32_t)operand));
	default:
		return rx_val(rx_rmw_host64(p, op, operand));
	}
}
