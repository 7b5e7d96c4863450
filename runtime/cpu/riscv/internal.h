/* internal.h - between the files of cpu/riscv. SPDX-License-Identifier: MIT */
#ifndef RX_CPU_RISCV_INTERNAL_H
#define RX_CPU_RISCV_INTERNAL_H

#include "cpu/riscv/rv64.h"

/* pmp.c */

/* Derives the active entries from pmpcfg and pmpaddr. */
void rx_rv64_pmp_update(struct rx_rv64 *c);
/* May this mode access [pa, pa + len) in this way? */
bool rx_rv64_pmp_allows(const struct rx_rv64 *c, uint64_t pa, unsigned len,
			unsigned priv, enum rx_access acc);
/*
 * What this mode may do to all of the page at pa: a mask of 1 << rx_access,
 * or RX_RV64_PMP_FINE where protection is finer than the page.
 */
#define RX_RV64_PMP_FINE 0x80u
unsigned rx_rv64_pmp_page(const struct rx_rv64 *c, uint64_t pa, unsigned priv);

/* mmu.c */

/* An access inside one page that translation and protection allow. */
struct rx_rv64_xlat {
	uint64_t pa;
	uint8_t *host;		/* NULL: not RAM */
	uint64_t leaf;		/* bytes of the page-table leaf */
	unsigned allow;		/* what the TLB may hold of the page */
	uint64_t *pte;		/* to be updated from old to new, if not NULL */
	uint64_t pte_pa, pte_old, pte_new;
};
/*
 * Translates and checks len bytes at va (inside one page); a fault is
 * recorded as one of an access of kind `as`. Nothing is changed.
 */
enum rx_exec rx_rv64_resolve(struct rx_rv64 *c, uint64_t va, unsigned len,
			     enum rx_access acc, enum rx_access as,
			     struct rx_rv64_xlat *x);
/*
 * The access takes place: sets A and D and enters the page into the TLB.
 * false: the page-table entry changed under us, resolve again.
 */
bool rx_rv64_commit(struct rx_rv64 *c, uint64_t va, struct rx_rv64_xlat *x);
enum rx_exec rx_rv64_access_fault(struct rx_rv64 *c, uint64_t va,
				  enum rx_access acc);
/* Cached page-table pointers are void. */
void rx_rv64_forget_walks(struct rx_rv64 *c);

/* regime.c */

/* Selects the TLB table of the current regime; true if fetching changed. */
bool rx_rv64_update_regime(struct rx_rv64 *c);
/* true if mode_key changed */
bool rx_rv64_update_key(struct rx_rv64 *c);

/* trap.c */

/* mip as software sees it */
uint64_t rx_rv64_mip(const struct rx_rv64 *c);

/* time.c */

/* fflags has all that the host's FPU raised for the guest. */
void rx_rv64_collect(struct rx_rv64 *c);
/* v: all five flags */
void rx_rv64_set_fflags(struct rx_rv64 *c, unsigned v);
void rx_rv64_timer_fired(void *opaque);

#endif
