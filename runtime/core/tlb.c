/* tlb.c - filling and flushing the software TLB. SPDX-License-Identifier: MIT */
#include "core/tlb.h"

#include <stdlib.h>
#include <string.h>

#include "core/cpu.h"
#include "core/mem.h"
#include "core/vm.h"

#define TABLE_ALIGN 64

/* e is the first member. */
static struct rx_tlb_table *current_table(struct rx_cpu *cpu)
{
	return (struct rx_tlb_table *)(void *)cpu->tlb;
}

void rx_tlb_renew(struct rx_cpu *cpu)
{
	cpu->fetch_gen = current_table(cpu)->gen << 16 | (uint16_t)cpu->mode_key;
}

/* A mapping of the table may be gone. */
static void new_generation(struct rx_cpu *cpu, struct rx_tlb_table *t)
{
	t->gen = ++cpu->tlb_stamp;
	if (cpu->tlb == t->e)
		rx_tlb_renew(cpu);
}

/* The table lost a place of data: what compiled code knows may be that. */
static void lost(struct rx_cpu *cpu, struct rx_tlb_table *t)
{
	t->epoch = ++cpu->tlb_stamp;
	if (cpu->tlb == t->e)
		cpu->tlb_epoch = t->epoch;
}

static void clear(struct rx_cpu *cpu, struct rx_tlb_table *t)
{
	t->large_lo = UINT64_MAX;
	t->large_hi = 0;
	if (t->empty)
		return;
	lost(cpu, t);
	_Static_assert(RX_TLB_INVALID == UINT64_MAX, "set by bytes");
	for (unsigned w = 0; w < RX_TLB_ENTRIES / 64; w++) {
		for (uint64_t left = t->filled[w]; left; left &= left - 1)
			memset(t->e[64 * w + (unsigned)__builtin_ctzll(left)].tag, 0xff,
			       sizeof(t->e->tag));
		t->filled[w] = t->global[w] = 0;
	}
	t->empty = true;
	new_generation(cpu, t);
}

rax_status rx_tlb_init(struct rx_cpu *cpu)
{
	const size_t bytes = RX_TLB_TABLES * sizeof(struct rx_tlb_table);

	_Static_assert(sizeof(struct rx_tlb_entry) == 32, "indexed by a shift");
	cpu->tables = aligned_alloc(TABLE_ALIGN, (bytes + TABLE_ALIGN - 1) &
						 ~(size_t)(TABLE_ALIGN - 1));
	if (!cpu->tables)
		return RAX_ENOMEM;
	memset(cpu->tables, 0, bytes);
	for (unsigned k = 0; k < RX_TLB_TABLES; k++) {
		memset(cpu->tables[k].filled, 0xff, sizeof(cpu->tables[k].filled));
		clear(cpu, &cpu->tables[k]);
	}
	rx_tlb_select(cpu, 0, 0);
	return RAX_OK;
}

void rx_tlb_fini(struct rx_cpu *cpu)
{
	free(cpu->tables);
	cpu->tables = NULL;
	cpu->tlb = NULL;
}

/* What holds in every address space need not be found out again. */
static void inherit(struct rx_tlb_table *t, const struct rx_tlb_table *from)
{
	for (unsigned w = 0; w < RX_TLB_ENTRIES / 64; w++) {
		t->filled[w] = t->global[w] = from->global[w];
		for (uint64_t left = from->global[w]; left; left &= left - 1) {
			const unsigned k = 64 * w + (unsigned)__builtin_ctzll(left);

			t->e[k] = from->e[k];
			t->empty = false;
		}
	}
	t->large_lo = from->large_lo;
	t->large_hi = from->large_hi;
}

void rx_tlb_select(struct rx_cpu *cpu, uint64_t key0, uint64_t key1)
{
	struct rx_tlb_table *t, *oldest = cpu->tables, *alike = NULL;

	for (t = cpu->tables; t < cpu->tables + RX_TLB_TABLES; t++) {
		if (t->valid && t->key[0] == key0 && t->key[1] == key1)
			goto found;
		if (t->used < oldest->used)
			oldest = t;	/* unused ones have stamp 0 */
		if (t->valid && t->key[0] == key0 && t->key[1] &&
		    (!alike || t->used > alike->used))
			alike = t;
	}
	t = oldest;
	clear(cpu, t);
	if (alike && alike != t && key1)
		inherit(t, alike);
	t->key[0] = key0;
	t->key[1] = key1;
	t->valid = true;
found:
	t->used = ++cpu->tlb_stamp;
	cpu->tlb = t->e;
	cpu->tlb_epoch = t->epoch;
	rx_tlb_renew(cpu);
}

static bool holds_code(struct rx_cpu *cpu, const void *host_page)
{
	const struct rx_ram *r = rx_mem_find_host(&cpu->vm->mem, host_page);

	return r && r->code[((uintptr_t)host_page - (uintptr_t)r->host) >>
			    RX_PAGE_BITS];
}

/* Entry k gets this translation. What it allows already holds where that does. */
static void note_filled(struct rx_tlb_table *t, unsigned k, bool global, bool more)
{
	const uint64_t bit = UINT64_C(1) << k % 64;

	t->filled[k / 64] |= bit;
	if (!global)
		t->global[k / 64] &= ~bit;
	else if (!more)
		t->global[k / 64] |= bit;
}

void rx_tlb_fill(struct rx_cpu *cpu, uint64_t va, void *host_page,
		 unsigned allow, uint64_t leaf_size)
{
	const uint64_t page = va & RX_PAGE_MASK;
	const uintptr_t addend = (uintptr_t)host_page - (uintptr_t)page;
	struct rx_tlb_table *t = current_table(cpu);
	struct rx_tlb_entry *e = rx_tlb_slot(cpu->tlb, va);
	bool more = false;	/* than this was allowed before */

	if ((allow & 1 << RX_ACC_W) && holds_code(cpu, host_page))
		allow &= ~(1u << RX_ACC_W);
	if (e->tag[RX_ACC_X] == page && e->addend != addend)
		new_generation(cpu, t);
	for (unsigned a = RX_ACC_R; a <= RX_ACC_X; a++) {
		const bool kept = e->tag[a] == page && e->addend == addend;

		if (!kept && a != RX_ACC_X && e->tag[a] != RX_TLB_INVALID)
			lost(cpu, t);
		more = more || kept;
		if (allow & 1 << a)
			e->tag[a] = page;
		else if (!kept)
			e->tag[a] = RX_TLB_INVALID;
	}
	note_filled(t, (unsigned)(e - t->e), allow & RX_TLB_GLOBAL, more);
	e->addend = addend;
	t->empty = false;
	if (leaf_size > RX_PAGE_SIZE) {
		const uint64_t lo = va & ~(leaf_size - 1);
		const uint64_t hi = lo + (leaf_size - 1);

		if (lo < t->large_lo)
			t->large_lo = lo;
		if (hi > t->large_hi)
			t->large_hi = hi;
	}
}

void rx_tlb_flush_all(struct rx_cpu *cpu)
{
	for (unsigned k = 0; k < RX_TLB_TABLES; k++)
		clear(cpu, &cpu->tables[k]);
}

void rx_tlb_flush_matching(struct rx_cpu *cpu, uint64_t key1_match,
			   uint64_t mask)
{
	for (unsigned k = 0; k < RX_TLB_TABLES; k++)
		if (!((cpu->tables[k].key[1] ^ key1_match) & mask))
			clear(cpu, &cpu->tables[k]);
}

void rx_tlb_flush_page(struct rx_cpu *cpu, uint64_t va, uint64_t key1_match,
		       uint64_t mask)
{
	const uint64_t page = va & RX_PAGE_MASK;

	for (unsigned k = 0; k < RX_TLB_TABLES; k++) {
		struct rx_tlb_table *t = &cpu->tables[k];
		struct rx_tlb_entry *e = rx_tlb_slot(t->e, va);

		if (t->empty || ((t->key[1] ^ key1_match) & mask))
			continue;
		/* a leaf that covers va may have been entered page by page */
		if (va >= t->large_lo && va <= t->large_hi) {
			clear(cpu, t);
			continue;
		}
		new_generation(cpu, t);
		if (e->tag[RX_ACC_R] == page || e->tag[RX_ACC_W] == page)
			lost(cpu, t);
		for (unsigned a = RX_ACC_R; a <= RX_ACC_X; a++)
			if (e->tag[a] == page)
				e->tag[a] = RX_TLB_INVALID;
	}
}

void rx_tlb_protect_host(struct rx_cpu *cpu, const void *host_page)
{
	const uintptr_t host = (uintptr_t)host_page;

	for (unsigned k = 0; k < RX_TLB_TABLES; k++) {
		struct rx_tlb_table *t = &cpu->tables[k];

		if (t->empty)
			continue;
		for (unsigned w = 0; w < RX_TLB_ENTRIES / 64; w++) {
			for (uint64_t left = t->filled[w]; left; left &= left - 1) {
				struct rx_tlb_entry *e =
					&t->e[64 * w + (unsigned)__builtin_ctzll(left)];

				if (e->tag[RX_ACC_W] == RX_TLB_INVALID ||
				    (uintptr_t)e->tag[RX_ACC_W] + e->addend != host)
					continue;
				e->tag[RX_ACC_W] = RX_TLB_INVALID;
				lost(cpu, t);
			}
		}
	}
}
