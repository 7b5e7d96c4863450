/* thr.h - what the bodies of threaded-code handlers are made of. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_THR_H
#define RX_CORE_THR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "core/cpu.h"
#include "core/insn.h"
#include "core/tlb.h"

/*
 * A fast handler does one record's work (or that of n records, fused) and
 * goes on to the next. It calls nothing: before it commits anything it may
 * bail, and then the executor of that record does the work exactly.
 *
 *	RX_THR_DEF(rg_rv64_thr_add)
 *	{
 *		struct rx_rv64 *c = (struct rx_rv64 *)cpu;
 *
 *		c->x[i->r[0]] = c->x[i->r[1]] + c->x[i->r[2]];
 *		RX_THR_NEXT(1);
 *	}
 *
 * Every path ends in exactly one of the RX_THR_* exits below; all of them
 * return. k is the offset from i of the record that is meant: 0 in a plain
 * handler, up to n - 1 in one fused from n records.
 */
#define RX_THR_DECL(name) extern rx_handler name
#define RX_THR_DEF(name) RX_HANDLER_RET name(RX_HANDLER_ARGS)

#define RX_HIDDEN __attribute__((visibility("hidden")))

/*
 * A way out of a block, stored behind its last record: first the link to the
 * fall-through, then the one to the taken target. A link is also a record,
 * so that a block without a branch at its end runs into it. It starts like
 * struct rx_insn (handler and pc in the same places) and is as long as two.
 *
 * first is the first record of the target block and cost its length in
 * instructions; where more than that has to happen (the link is not
 * resolved, or the target is on another page, whose mapping must be looked
 * at), first is the link itself, cost 0, and handler does it.
 */
struct rx_link {
	rx_handler *handler;
	const struct rx_insn *first;
	uint64_t pc;			/* virtual address of the target */
	int64_t cost;
	struct rx_block *to;		/* NULL: not resolved */
	uintptr_t addend;		/* mapping of the target's page */
	struct rx_link *next, **prev;	/* other links to the same block */
};
_Static_assert(sizeof(struct rx_insn) == 32, "two records to a cache line");
_Static_assert(sizeof(struct rx_link) == 2 * sizeof(struct rx_insn),
	       "a link takes two records");
_Static_assert(offsetof(struct rx_link, pc) == offsetof(struct rx_insn, pc),
	       "a link is a record");
#define RX_LINK_RECORDS 2

/*
 * Jump cache: where an indirect jump to pc went last. It holds under the
 * same fetch_gen; under another one while the page of pc is mapped as it was
 * then, and the mode_key is the same (rx_jump_hit()). All zero: empty.
 */
struct rx_jump {
	uint64_t pc;
	uint64_t gen;			/* cpu->fetch_gen; 0: none */
	const struct rx_insn *first;	/* NULL: empty */
	int64_t cost;
};
_Static_assert(sizeof(struct rx_jump) == 32, "two to a cache line");
#define RX_JUMP_BITS 14
#define RX_JUMP_ENTRIES (1u << RX_JUMP_BITS)

RX_INLINE struct rx_jump *rx_jump_slot(const struct rx_cpu *cpu, uint64_t pc)
{
	return &cpu->jumps[(pc >> 1) & (RX_JUMP_ENTRIES - 1)];
}

/* May this entry be used for pc now? Then its mapping and mode are right. */
RX_INLINE bool rx_jump_current(const struct rx_cpu *cpu, const struct rx_jump *j,
			       uint64_t pc)
{
	return RX_LIKELY(j->pc == pc) && RX_LIKELY(j->gen == cpu->fetch_gen);
}

/* engine_threaded.c; not called but jumped to, by the exits. */
extern rx_handler rx_thr_slow RX_HIDDEN;	/* record i by its executor */
extern rx_handler rx_thr_out RX_HIDDEN;		/* i is a link: budget is short */
extern rx_handler rx_thr_lookup RX_HIDDEN;	/* go on at cpu->pc */
extern rx_handler rx_thr_goto RX_HIDDEN;	/* likewise, where it went before */
/*
 * What rx_thr_slow does before it goes on: the record to go on with, the length
 * of its block taken off cpu->budget; NULL: state is canonical, the run ends.
 */
const struct rx_insn *rx_thr_execute(struct rx_cpu *cpu, const struct rx_insn *i,
				     int64_t budget) RX_HIDDEN;

#if RX_HAVE_TAILCALL
#define RX_THR_GOTO_RECORD_(handler_, record_) \
	RX_MUSTTAIL return (handler_)(cpu, (record_), budget, tlb)
#define RX_THR_ENTER_(l_) \
	do { \
		budget -= (l_)->cost; \
		if (RX_UNLIKELY(budget < 0)) \
			RX_THR_GOTO_RECORD_(rx_thr_out, \
					    (const struct rx_insn *)(l_)); \
		RX_THR_GOTO_RECORD_((l_)->first->handler, (l_)->first); \
	} while (0)
#define RX_THR_ENTER_JUMP_(j_) \
	do { \
		int64_t left_ = budget - (j_)->cost; \
		if (RX_LIKELY(left_ >= 0)) { \
			budget = left_; \
			RX_THR_GOTO_RECORD_((j_)->first->handler, (j_)->first); \
		} \
	} while (0)
/* The barrier makes gcc step i first: "add; jmp *(reg)" and no spare moves. */
#define RX_THR_NEXT(n) \
	do { \
		const struct rx_insn *n_ = i + (n); \
		__asm__("" : "+r"(n_)); \
		RX_THR_GOTO_RECORD_(n_->handler, n_); \
	} while (0)
#define RX_THR_SLOW_(handler_, record_) RX_THR_GOTO_RECORD_(handler_, record_)
#else
#define RX_THR_ENTER_(l_) \
	do { \
		cpu->budget -= (l_)->cost; \
		if (RX_UNLIKELY(cpu->budget < 0)) \
			return rx_thr_out(cpu, (const struct rx_insn *)(l_), \
					  tlb); \
		return (l_)->first; \
	} while (0)
#define RX_THR_ENTER_JUMP_(j_) \
	do { \
		int64_t left_ = cpu->budget - (j_)->cost; \
		if (RX_LIKELY(left_ >= 0)) { \
			cpu->budget = left_; \
			return (j_)->first; \
		} \
	} while (0)
#define RX_THR_NEXT(n) return i + (n)
#define RX_THR_SLOW_(handler_, record_) return (handler_)(cpu, record_, tlb)
#endif

/*
 * RX_THR_NEXT(n): n records are done, continue at i + n.
 * RX_THR_BAIL_AT(k): the records before i + k are done, that one is left to
 * its executor; RX_THR_BAIL() is the same with k = 0.
 */
#define RX_THR_BAIL_AT(k) RX_THR_SLOW_(rx_thr_slow, i + (k))
#define RX_THR_BAIL() RX_THR_BAIL_AT(0)

/*
 * Record i + k is a direct branch or jump (RX_INSN_BRANCH, RX_INSN_JUMP) and
 * the last of its block: go on at its taken target or behind it. A jump is
 * always taken.
 */
#define RX_THR_FALL(k) \
	do { \
		const struct rx_link *l_ = \
			(const struct rx_link *)(i + (k) + 1); \
		RX_THR_ENTER_(l_); \
	} while (0)
#define RX_THR_TAKEN(k) \
	do { \
		const struct rx_link *l_ = (const struct rx_link *) \
			(i + (k) + 1 + RX_LINK_RECORDS); \
		RX_THR_ENTER_(l_); \
	} while (0)

/*
 * Record i + k is an indirect jump (RX_INSN_INDIRECT), the last of its
 * block, and its target is a well-formed address of the ISA: go there.
 */
#define RX_THR_GOTO(k, target) \
	do { \
		const uint64_t pc_ = (target); \
		const struct rx_jump *j_ = rx_jump_slot(cpu, pc_); \
		if (RX_LIKELY(rx_jump_current(cpu, j_, pc_))) \
			RX_THR_ENTER_JUMP_(j_); \
		cpu->pc = pc_; \
		RX_THR_SLOW_(rx_thr_lookup, i + (k)); \
	} while (0)

/*
 * Memory on the fast path: RAM, inside one page, permitted; false: nothing
 * happened, bail. Values are little-endian as in the host. Stores to pages
 * that hold code always miss.
 */
#define RX_THR_MEMORY_(bits) \
RX_INLINE bool rx_thr_load##bits(struct rx_tlb_entry *tlb, uint64_t va, \
				 uint##bits##_t *value) \
{ \
	const struct rx_tlb_entry *e = rx_tlb_slot(tlb, va); \
\
	if (!rx_tlb_hit(e, RX_ACC_R, va, bits / 8)) \
		return false; \
	__builtin_memcpy(value, (const void *)(uintptr_t)(va + e->addend), \
			 bits / 8); \
	return true; \
} \
RX_INLINE bool rx_thr_store##bits(struct rx_tlb_entry *tlb, uint64_t va, \
				  uint##bits##_t value) \
{ \
	const struct rx_tlb_entry *e = rx_tlb_slot(tlb, va); \
\
	if (!rx_tlb_hit(e, RX_ACC_W, va, bits / 8)) \
		return false; \
	__builtin_memcpy((void *)(uintptr_t)(va + e->addend), &value, \
			 bits / 8); \
	return true; \
}
RX_THR_MEMORY_(8)
RX_THR_MEMORY_(16)
RX_THR_MEMORY_(32)
RX_THR_MEMORY_(64)
#undef RX_THR_MEMORY_

/*
 * Host address of size bytes (a power of two) at va, for atomics; NULL when
 * it is not aligned or not on the fast path. For a read-modify-write ask for
 * RX_ACC_W and make sure of RX_ACC_R with rx_thr_host_rw().
 */
RX_INLINE void *rx_thr_host(struct rx_tlb_entry *tlb, uint64_t va,
			    unsigned size, enum rx_access access)
{
	const struct rx_tlb_entry *e = rx_tlb_slot(tlb, va);

	/* the low bits of an aligned tag are 0: one compare sees both */
	if (RX_UNLIKELY((va & (RX_PAGE_MASK | (size - 1))) != e->tag[access]))
		return NULL;
	return (void *)(uintptr_t)(va + e->addend);
}

RX_INLINE void *rx_thr_host_rw(struct rx_tlb_entry *tlb, uint64_t va,
			       unsigned size)
{
	const struct rx_tlb_entry *e = rx_tlb_slot(tlb, va);
	const uint64_t tag = va & (RX_PAGE_MASK | (size - 1));

	if (RX_UNLIKELY(tag != e->tag[RX_ACC_R] || tag != e->tag[RX_ACC_W]))
		return NULL;
	return (void *)(uintptr_t)(va + e->addend);
}

#endif
