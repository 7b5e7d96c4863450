/* rv64.h - RV64 hart: state and the helpers of generated code. SPDX-License-Identifier: MIT
 *
 * Helpers run in executors (see core/cpu.h: pc, budget and registers are
 * canonical). Those that may fault return enum rx_exec or struct rx_val and
 * record the exception in cpu->fault; nothing is committed then.
 *
 * Any helper of a system instruction may change cpu->tlb: reload it after an
 * executor. RX_POLL_MODE is set only where the translation of pc or mode_key
 * may have changed (not for mstatus.SUM, MXR and MPRV: they have no effect on
 * fetching).
 */
#ifndef RX_CPU_RISCV_RV64_H
#define RX_CPU_RISCV_RV64_H

#include <stdbool.h>
#include <stdint.h>

#include "core/cpu.h"
#include "core/isa.h"
#include "core/tlb.h"
#include "core/val.h"
#include "rv64/regs.h"

/* Bits of cpu->mode_key */
enum {
	RX_RV64_KEY_FS_DIRTY = 1,	/* mstatus.FS is Dirty */
	RX_RV64_KEY_FRM_RNE = 2,	/* KEY_FRM is RNE: for handlers, which ask for one bit */
	RX_RV64_KEY_HOST_FMA = 4,	/* the host has FMA, never changes */
	RX_RV64_KEY_FRM_SHIFT = 3,	/* frm */
	RX_RV64_KEY_FRM = 7 << RX_RV64_KEY_FRM_SHIFT,
};

/* Privilege modes, as mstatus.MPP holds them */
enum { RX_RV64_U = 0, RX_RV64_S = 1, RX_RV64_M = 3 };

/* Exception codes of mcause (privileged ISA, "Machine Cause Register") */
enum {
	RX_RV64_CAUSE_FETCH_ACCESS = 1,
	RX_RV64_CAUSE_ILLEGAL = 2,
	RX_RV64_CAUSE_BREAKPOINT = 3,
	RX_RV64_CAUSE_LOAD_MISALIGNED = 4,
	RX_RV64_CAUSE_LOAD_ACCESS = 5,
	RX_RV64_CAUSE_STORE_MISALIGNED = 6,
	RX_RV64_CAUSE_STORE_ACCESS = 7,
	RX_RV64_CAUSE_ECALL_U = 8,
	RX_RV64_CAUSE_ECALL_S = 9,
	RX_RV64_CAUSE_ECALL_M = 11,
	RX_RV64_CAUSE_FETCH_PAGE = 12,
	RX_RV64_CAUSE_LOAD_PAGE = 13,
	RX_RV64_CAUSE_STORE_PAGE = 15,
};

/* Interrupt numbers: bits of mip and mie, lines of rx_rv64_irq() */
enum {
	RX_RV64_IRQ_SSI = 1,
	RX_RV64_IRQ_MSI = 3,
	RX_RV64_IRQ_STI = 5,
	RX_RV64_IRQ_MTI = 7,
	RX_RV64_IRQ_SEI = 9,
	RX_RV64_IRQ_MEI = 11,
};

#define RX_RV64_TIMEBASE 10000000	/* Hz of the time CSR */
#define RX_RV64_CBO_BLOCK 64		/* bytes; also the reservation granule */

/* flags of the memory helpers: the aq and rl bits of the encoding */
enum { RX_RV64_RL = 1, RX_RV64_AQ = 2 };

static inline struct rx_rv64 *rx_rv64_of(struct rx_cpu *cpu)
{
	return (struct rx_rv64 *)cpu;	/* cpu is the first member */
}

/*
 * Memory. size is 1, 2, 4 or 8. Loads return the value zero-extended.
 * Misaligned accesses to memory work; to devices they are access faults, as
 * are accesses to holes (the PMA choice of "Misaligned Atomicity Granule":
 * I/O has side effects, so a handler must not emulate them). A store that
 * spans pages checks both before it writes.
 */
struct rx_val rx_rv64_load_slow(struct rx_cpu *cpu, uint64_t va, unsigned size);
enum rx_exec rx_rv64_store_slow(struct rx_cpu *cpu, uint64_t va, unsigned size,
				uint64_t value);

static inline struct rx_val rx_rv64_load(struct rx_cpu *cpu, uint64_t va,
					 unsigned size, unsigned flags)
{
	const struct rx_tlb_entry *e = rx_tlb_slot(cpu->tlb, va);

	(void)flags;
	if (rx_tlb_hit(e, RX_ACC_R, va, size)) {
		const void *p = (const void *)(uintptr_t)(va + e->addend);

		switch (size) {
		case 1:
			return rx_val(*(const uint8_t *)p);
		case 2: {
			uint16_t v;
			__builtin_memcpy(&v, p, 2);
			return rx_val(v);
		}
		case 4: {
			uint32_t v;
			__builtin_memcpy(&v, p, 4);
			return rx_val(v);
		}
		default: {
			uint64_t v;
			__builtin_memcpy(&v, p, 8);
			return rx_val(v);
		}
		}
	}
	return rx_rv64_load_slow(cpu, va, size);
}

static inline enum rx_exec rx_rv64_store(struct rx_cpu *cpu, uint64_t va,
					 unsigned size, uint64_t value,
					 unsigned flags)
{
	const struct rx_tlb_entry *e = rx_tlb_slot(cpu->tlb, va);

	(void)flags;
	if (rx_tlb_hit(e, RX_ACC_W, va, size)) {
		void *p = (void *)(uintptr_t)(va + e->addend);

		switch (size) {
		case 1:
			__builtin_memcpy(p, &value, 1);
			break;
		case 2:
			__builtin_memcpy(p, &value, 2);
			break;
		case 4:
			__builtin_memcpy(p, &value, 4);
			break;
		default:
			__builtin_memcpy(p, &value, 8);
		}
		return RX_NEXT;
	}
	return rx_rv64_store_slow(cpu, va, size, value);
}

/*
 * Atomics, size 4 or 8: sequentially consistent whatever the flags.
 * Misaligned ones raise address-misaligned (LR 4, SC and AMO 6); devices
 * raise an access fault. amo and lr return the old value zero-extended; sc
 * returns 0 when it stored and 1 when it did not.
 */
struct rx_val rx_rv64_amo(struct rx_cpu *cpu, uint64_t va, unsigned size,
			  enum rx_rmw op, uint64_t operand, unsigned flags);
struct rx_val rx_rv64_lr(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 unsigned flags);
struct rx_val rx_rv64_sc(struct rx_cpu *cpu, uint64_t va, unsigned size,
			 uint64_t value, unsigned flags);

/* Zicbom, Zicboz; va is rs1. Enables, permissions, then the operation. */
enum rx_rv64_cbo { RX_CBO_INVAL, RX_CBO_CLEAN, RX_CBO_FLUSH, RX_CBO_ZERO };
enum rx_exec rx_rv64_cbo(struct rx_cpu *cpu, uint64_t va, enum rx_rv64_cbo op);

/*
 * CSR instructions: returns the old value (0 without do_read). do_read is
 * false for csrrw with rd = x0, do_write is false for csrrs and csrrc with
 * rs1 = x0. What may not be accessed is an illegal instruction.
 */
enum rx_rv64_csr_op { RX_CSR_WRITE, RX_CSR_SET, RX_CSR_CLEAR };
struct rx_val rx_rv64_csr(struct rx_cpu *cpu, unsigned csr,
			  enum rx_rv64_csr_op op, uint64_t value, bool do_read,
			  bool do_write);

/* Records an exception. pc is the instruction's. Both return RX_FAULT. */
enum rx_exec rx_rv64_raise(struct rx_cpu *cpu, unsigned cause, uint64_t tval);
/* tval: the instruction's bits, read again without side effects */
enum rx_exec rx_rv64_illegal(struct rx_cpu *cpu);

enum rx_exec rx_rv64_ecall(struct rx_cpu *cpu);
enum rx_exec rx_rv64_ebreak(struct rx_cpu *cpu);
enum rx_exec rx_rv64_mret(struct rx_cpu *cpu);	/* RX_JUMP */
enum rx_exec rx_rv64_sret(struct rx_cpu *cpu);	/* RX_JUMP */
enum rx_exec rx_rv64_wfi(struct rx_cpu *cpu);	/* may set cpu->halted */
/* sfence.vma and sinval.vma; has_va: rs1 is not x0, has_asid: rs2 is not x0 */
enum rx_exec rx_rv64_sfence_vma(struct rx_cpu *cpu, uint64_t va, uint64_t asid,
				bool has_va, bool has_asid);
/* sfence.w.inval and sfence.inval.ir: nothing to do outside U-mode */
enum rx_exec rx_rv64_sfence_order(struct rx_cpu *cpu);
enum rx_exec rx_rv64_fence(struct rx_cpu *cpu);
enum rx_exec rx_rv64_fence_i(struct rx_cpu *cpu);
/* wrs.nto and wrs.sto: end at once, which Zawrs allows */
enum rx_exec rx_rv64_wrs(struct rx_cpu *cpu);

/*
 * Floating point. An executor first calls rx_rv64_fp_check(), resolves its
 * rounding mode, computes, and calls rx_rv64_fp_done() when it writes an f
 * register or has flags.
 */
void rx_rv64_fs_dirty(struct rx_rv64 *c);
/* isa->fp_static */
bool rx_rv64_fp_static(uint32_t mode_key, unsigned operand, unsigned *round);

static inline enum rx_exec rx_rv64_fp_check(struct rx_cpu *cpu)
{
	if (RX_UNLIKELY(!(rx_rv64_of(cpu)->mstatus & RG_RV64_MSTATUS_FS)))
		return rx_rv64_illegal(cpu);
	return RX_NEXT;
}

/* rm of an instruction to enum rx_round; reserved ones are illegal. */
static inline struct rx_val rx_rv64_fp_round(struct rx_cpu *cpu, unsigned rm)
{
	if (rm == 7)
		rm = rx_rv64_of(cpu)->frm;
	if (RX_UNLIKELY(rm > 4))
		return (struct rx_val){ 0, rx_rv64_illegal(cpu) };
	return rx_val(rm);
}

/* The f registers or fflags change: accrues flags (RX_FP_*), FS is Dirty. */
static inline void rx_rv64_fp_done(struct rx_cpu *cpu, unsigned flags)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);

	c->fflags |= flags & 31;
	if (RX_UNLIKELY((c->mstatus & RG_RV64_MSTATUS_FS) != RG_RV64_MSTATUS_FS))
		rx_rv64_fs_dirty(c);
}

/* An instruction that writes no f register and raised these flags. */
static inline void rx_rv64_fp_flags(struct rx_cpu *cpu, unsigned flags)
{
	if (flags)
		rx_rv64_fp_done(cpu, flags);
}

/* fflags by themselves: isa->fp_read and fp_write; as instructions, where FS allows it. */
uint8_t rx_rv64_fp_read(struct rx_cpu *cpu);
void rx_rv64_fp_write(struct rx_cpu *cpu, unsigned flags);
struct rx_val rx_rv64_frflags(struct rx_cpu *cpu);
struct rx_val rx_rv64_fsflags(struct rx_cpu *cpu, uint64_t flags);

/*
 * Vectors. An executor first calls rx_rv64_v_check(), and rx_rv64_v_done()
 * when it has written vector state.
 */
void rx_rv64_vs_dirty(struct rx_rv64 *c);

static inline enum rx_exec rx_rv64_v_check(struct rx_cpu *cpu)
{
	if (RX_UNLIKELY(!(rx_rv64_of(cpu)->mstatus & RG_RV64_MSTATUS_VS)))
		return rx_rv64_illegal(cpu);
	return RX_NEXT;
}

static inline void rx_rv64_v_done(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);

	if (RX_UNLIKELY((c->mstatus & RG_RV64_MSTATUS_VS) != RG_RV64_MSTATUS_VS))
		rx_rv64_vs_dirty(c);
}

/* vset{i}vl{i}: from says what vl is made of; the result is vl. */
enum { RX_RV64_AVL_GIVEN, RX_RV64_AVL_MAX, RX_RV64_AVL_KEEP };
struct rx_val rx_rv64_vset(struct rx_cpu *cpu, uint64_t avl, unsigned from,
			   uint64_t vtype);

/* For devices, boot and debug */

/*
 * VLEN: 0 (there is no V: as created) or a power of two from 128 to 1024; false: it
 * is neither. Before the hart is reset; the reset keeps it.
 */
bool rx_rv64_set_vlen(struct rx_cpu *cpu, unsigned bits);

/* rx_irq sink: sink is the struct rx_cpu *, line is RX_RV64_IRQ_*. */
void rx_rv64_irq(void *sink, unsigned line, bool level);
/*
 * Sets the software-writable bit of an interrupt in mip (SSI, STI, SEI), as a
 * firmware's write does: the guest clears it. mip itself must not be read and
 * written back for that, its SEIP would latch the line's level.
 */
void rx_rv64_pend(struct rx_cpu *cpu, unsigned line);
/* What sfence.vma does, for a firmware's remote fence: no privilege checks */
void rx_rv64_flush(struct rx_cpu *cpu, uint64_t va, uint64_t asid, bool has_va,
		   bool has_asid);
/* The time CSR, in ticks of RX_RV64_TIMEBASE. */
uint64_t rx_rv64_time(struct rx_cpu *cpu);
/* time = clock + offset from now on (a write to mtime). */
void rx_rv64_set_time_offset(struct rx_cpu *cpu, uint64_t ticks);
/*
 * Asked at each ecall from S-mode, before it is delivered: true when it was
 * handled (a0 and a1 are set), then execution continues behind it; a hook
 * that sets pc itself must leave pc 4 bytes before its target.
 */
void rx_rv64_set_ecall_hook(struct rx_cpu *cpu, bool (*hook)(struct rx_cpu *cpu),
			    void *opaque);
/*
 * CSR access without privilege checks, for firmware, debuggers and tests.
 * Writes go through the WARL rules and have all effects. false: no such CSR.
 */
bool rx_rv64_csr_get(struct rx_cpu *cpu, unsigned csr, uint64_t *value);
bool rx_rv64_csr_put(struct rx_cpu *cpu, unsigned csr, uint64_t value);
/* Changes the privilege mode (firmware start). */
void rx_rv64_set_priv(struct rx_cpu *cpu, unsigned priv);
/* Translates for a debugger: no side effects, no faults. */
bool rx_rv64_probe(struct rx_cpu *cpu, uint64_t va, enum rx_access acc,
		   uint64_t *pa);
/* Registers were changed behind the helpers' back: derives all else again. */
void rx_rv64_resync(struct rx_cpu *cpu);

/* Members of struct rx_isa that are not generated (isa_rv64.c) */
enum rx_exec rx_rv64_fetch(struct rx_cpu *cpu, uint64_t va,
			   const uint8_t **host, unsigned *avail);
void rx_rv64_deliver(struct rx_cpu *cpu);	/* isa->raise */
bool rx_rv64_interrupt(struct rx_cpu *cpu);
bool rx_rv64_wake(struct rx_cpu *cpu);
void rx_rv64_reset(struct rx_cpu *cpu, uint64_t pc);
enum rax_status rx_rv64_init(struct rx_cpu *cpu);
void rx_rv64_fini(struct rx_cpu *cpu);
void rx_rv64_enter(struct rx_cpu *cpu);
void rx_rv64_leave(struct rx_cpu *cpu);

#endif
