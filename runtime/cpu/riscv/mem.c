/* mem.c - loads, stores and atomics off the fast path. SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/mem.h"
#include "core/rmw.h"
#include "core/vm.h"
#include "cpu/riscv/internal.h"

/* Bytes of an access that are behind the end of its first page */
static unsigned spill(uint64_t va, unsigned size)
{
	const uint64_t left = RX_PAGE_SIZE - (va & ~RX_PAGE_MASK);

	return size > left ? size - (unsigned)left : 0;
}

/* resolve and commit of an access inside a page */
static enum rx_exec access_page(struct rx_rv64 *c, uint64_t va, unsigned size,
				enum rx_access acc, struct rx_rv64_xlat *x)
{
	do {
		if (rx_rv64_resolve(c, va, size, acc, acc, x))
			return RX_FAULT;
	} while (!rx_rv64_commit(c, va, x));
	return RX_NEXT;
}

/*
 * The two parts of an access that crosses into another page, which must be
 * RAM. Both are checked before either changes anything.
 */
static enum rx_exec access_cross(struct rx_rv64 *c, uint64_t va, unsigned size,
				 enum rx_access acc, struct rx_rv64_xlat x[2])
{
	const unsigned second = spill(va, size);
	const uint64_t va2 = va + (size - second);

	do {
		if (rx_rv64_resolve(c, va, size - second, acc, acc, &x[0]))
			return RX_FAULT;
		if (!x[0].host)
			return rx_rv64_access_fault(c, va, acc);
		if (rx_rv64_resolve(c, va2, second, acc, acc, &x[1]))
			return RX_FAULT;
		if (!x[1].host)
			return rx_rv64_access_fault(c, va2, acc);
	} while (!rx_rv64_commit(c, va, &x[0]) ||
		 !rx_rv64_commit(c, va2, &x[1]));
	return RX_NEXT;
}

static uint64_t peek(const uint8_t *host, unsigned size)
{
	uint64_t v = 0;

	switch (size) {	/* one host access each: aligned ones are atomic */
	case 1:
		return *host;
	case 2:
		memcpy(&v, host, 2);
		return v;
	case 4:
		memcpy(&v, host, 4);
		return v;
	default:
		memcpy(&v, host, 8);
		return v;
	}
}

static void poke(uint8_t *host, unsigned size, uint64_t v)
{
	switch (size) {
	case 1:
		*host = (uint8_t)v;
		break;
	case 2:
		memcpy(host, &v, 2);
		break;
	case 4:
		memcpy(host, &v, 4);
		break;
	default:
		memcpy(host, &v, 8);
	}
}

struct rx_val rx_rv64_load_slow(struct rx_cpu *cpu, uint64_t va, unsigned size)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	const unsigned second = spill(va, size);
	struct rx_rv64_xlat x[2];
	uint64_t v = 0;

	if (second) {
		if (access_cross(c, va, size, RX_ACC_R, x))
			return rx_val_fault();
		memcpy(&v, x[0].host, size - second);
		memcpy((uint8_t *)&v + (size - second), x[1].host, second);
		return rx_val(v);
	}
	if (access_page(c, va, size, RX_ACC_R, x))
		return rx_val_fault();
	if (x[0].host)
		return rx_val(peek(x[0].host, size));
	if (!rx_bus_read(&cpu->vm->bus, x[0].pa, size, &v)) {
		rx_rv64_access_fault(c, va, RX_ACC_R);
		return rx_val_fault();
	}
	return rx_val(v);
}

enum rx_exec rx_rv64_store_slow(struct rx_cpu *cpu, uint64_t va, unsigned size,
				uint64_t value)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	struct rx_mem *mem = &cpu->vm->mem;
	const unsigned second = spill(va, size);
	struct rx_rv64_xlat x[2];

	if (second) {
		const unsigned first = size - second;

		if (access_cross(c, va, size, RX_ACC_W, x))
			return RX_FAULT;
		rx_mem_code_write(mem, x[0].pa, first);
		rx_mem_code_write(mem, x[1].pa, second);
		memcpy(x[0].host, &value, first);
		memcpy(x[1].host, (const uint8_t *)&value + first, second);
		return RX_NEXT;
	}
	if (access_page(c, va, size, RX_ACC_W, x))
		return RX_FAULT;
	if (x[0].host) {
		rx_mem_code_write(mem, x[0].pa, size);
		poke(x[0].host, size, value);
		return RX_NEXT;
	}
	if (!rx_bus_write(&cpu->vm->bus, x[0].pa, size, value))
		return rx_rv64_access_fault(c, va, RX_ACC_W);
	return RX_NEXT;
}

/*
 * Host address of an aligned atomic access, which must be to RAM; NULL: a
 * fault is recorded. acc is RX_ACC_R for LR, RX_ACC_W for the others: a page
 * that can be written can be read, in page tables and in PMP.
 */
static uint8_t *atomic_host(struct rx_rv64 *c, uint64_t va, unsigned size,
			    enum rx_access acc)
{
	const struct rx_tlb_entry *e = rx_tlb_slot(c->cpu.tlb, va);
	struct rx_rv64_xlat x;

	if (va & (size - 1)) {
		rx_rv64_raise(&c->cpu, acc == RX_ACC_R ?
			      RX_RV64_CAUSE_LOAD_MISALIGNED :
			      RX_RV64_CAUSE_STORE_MISALIGNED, va);
		return NULL;
	}
	if (rx_tlb_hit(e, acc, va, size))
		return (uint8_t *)(uintptr_t)(va + e->addend);
	if (access_page(c, va, size, acc, &x))
		return NULL;
	if (!x.host)
		rx_rv64_access_fault(c, va, acc);
	else if (acc == RX_ACC_W)
		rx_mem_code_write(&c->cpu.vm->mem, x.pa, size);
	return x.host;
}

struct rx_val rx_rv64_amo(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  enum rx_rmw op, uint64_t operand, unsigned flags)
{
	uint8_t *host = atomic_host(rx_rv64_of(cpu), va, size, RX_ACC_W);

	(void)flags;
	if (!host)
		return rx_val_fault();
	if (size == 4)
		return rx_val(rx_rmw_host32(host, op, (uint32_t)operand));
	return rx_val(rx_rmw_host64(host, op, operand));
}

/* cpu->res_granule of a host address in RAM */
static uint64_t granule(const struct rx_cpu *cpu, const uint8_t *host)
{
	const struct rx_ram *r = rx_mem_find_host(&cpu->vm->mem, host);
	const uint64_t pa = r->base + (uint64_t)(host - r->host);

	return (pa & ~(uint64_t)(RX_RV64_CBO_BLOCK - 1)) | 1;
}

struct rx_val rx_rv64_lr(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 unsigned flags)
{
	const uint8_t *host = atomic_host(rx_rv64_of(cpu), va, size, RX_ACC_R);

	(void)flags;
	if (!host)
		return rx_val_fault();
	cpu->res_granule = granule(cpu, host);
	if (size == 4)
		return rx_val(__atomic_load_n((const uint32_t *)(const void *)host,
					      __ATOMIC_SEQ_CST));
	return rx_val(__atomic_load_n((const uint64_t *)(const void *)host,
				      __ATOMIC_SEQ_CST));
}

/*
 * Other harts do not run between a LR and a SC of one turn of the
 * deterministic schedule, and a new turn begins without a reservation: so a
 * reservation that is still there proves that nobody else has stored. Writes
 * by devices end it in rx_mem_write().
 */
struct rx_val rx_rv64_sc(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 uint64_t value, unsigned flags)
{
	const uint64_t held = cpu->res_granule;
	uint8_t *host;

	(void)flags;
	if (!held && !(va & (size - 1)))
		return rx_val(1);
	host = atomic_host(rx_rv64_of(cpu), va, size, RX_ACC_W);
	if (!host)
		return rx_val_fault();
	cpu->res_granule = 0;
	if (granule(cpu, host) != held)
		return rx_val(1);
	if (size == 4)
		__atomic_store_n((uint32_t *)(void *)host, (uint32_t)value,
				 __ATOMIC_SEQ_CST);
	else
		__atomic_store_n((uint64_t *)(void *)host, value,
				 __ATOMIC_SEQ_CST);
	return rx_val(0);
}

/* Is a block operation enabled by this field of menvcfg and senvcfg? */
static bool enabled(const struct rx_rv64 *c, uint64_t field)
{
	if (c->priv != RX_RV64_M && !(c->menvcfg & field))
		return false;
	return c->priv != RX_RV64_U || c->senvcfg & field;
}

/*
 * CMO manual, "Cache-block management" and "Cache-block zero": there is no
 * cache, so that management ends after the checks. They are those of a load
 * (who may store may load), but what fails is a store.
 */
enum rx_exec rx_rv64_cbo(struct rx_cpu *cpu, uint64_t va, enum rx_rv64_cbo op)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	const uint64_t block = va & ~(uint64_t)(RX_RV64_CBO_BLOCK - 1);
	const bool zero = op == RX_CBO_ZERO;
	const enum rx_access acc = zero ? RX_ACC_W : RX_ACC_R;
	const uint64_t field = zero ? RG_RV64_MENVCFG_CBZE :
			       op == RX_CBO_INVAL ? RG_RV64_MENVCFG_CBIE :
			       RG_RV64_MENVCFG_CBCFE;
	struct rx_rv64_xlat x;

	_Static_assert(RG_RV64_MENVCFG_CBZE == RG_RV64_SENVCFG_CBZE &&
		       RG_RV64_MENVCFG_CBIE == RG_RV64_SENVCFG_CBIE &&
		       RG_RV64_MENVCFG_CBCFE == RG_RV64_SENVCFG_CBCFE, "");
	if (!enabled(c, field))
		return rx_rv64_illegal(cpu);
	do {
		if (rx_rv64_resolve(c, block, RX_RV64_CBO_BLOCK, acc, RX_ACC_W,
				    &x)) {
			cpu->fault.value = va;
			return RX_FAULT;
		}
		if (!x.host)
			return rx_rv64_access_fault(c, va, RX_ACC_W);
	} while (!rx_rv64_commit(c, block, &x));
	if (zero) {
		rx_mem_code_write(&cpu->vm->mem, x.pa, RX_RV64_CBO_BLOCK);
		memset(x.host, 0, RX_RV64_CBO_BLOCK);
	}
	return RX_NEXT;
}

enum rx_exec rx_rv64_fence(struct rx_cpu *cpu)
{
	(void)cpu;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return RX_NEXT;
}

/* Stores to translated code are noticed when they happen. */
enum rx_exec rx_rv64_fence_i(struct rx_cpu *cpu)
{
	(void)cpu;
	return RX_NEXT;
}
