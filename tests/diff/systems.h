/* systems.h - random systems: where things are. SPDX-License-Identifier: MIT
 *
 * An image is a monitor in M-mode, page tables, and random code that runs in any
 * mode, with and without translation, for ever: whoever runs it stops it after a
 * number of instructions and compares the state. The monitor answers exceptions,
 * timers and calls: it goes on behind the instruction or somewhere else, and now
 * and then performs the next of a list of events, which change page tables, code,
 * CSRs, the address space. Memory is mapped where it is, and once more elsewhere.
 *
 * A change of a page table is followed by a fence before anything else is done,
 * since until then a processor may use either.
 */
#ifndef TESTS_DIFF_SYSTEMS_H
#define TESTS_DIFF_SYSTEMS_H

#include "tests/diff/prog.h"

#define SYS_TABLES (PROG_BASE + 0x10000)	/* six pages: */
enum { SYS_ROOT39, SYS_ROOT48, SYS_MIDDLE, SYS_HERE, SYS_AGAIN, SYS_SMALL, SYS_NTABLES };
#define SYS_SAVE (PROG_BASE + 0x20000)		/* the monitor's, a page a hart */
#define SYS_SAVE_S 0x800			/* in it: of the handler in S-mode */
#define SYS_PLACES (PROG_BASE + 0x28000)	/* where to go on */
#define SYS_NPLACES 64
#define SYS_START (PROG_BASE + 0x28800)		/* registers */
#define SYS_EVENTS (PROG_BASE + 0x30000)
#define SYS_EVENTS_END (PROG_BASE + 0x60000)
#define SYS_CHANGES (PROG_BASE + 0x60000)	/* code that changes page tables */
#define SYS_CODE (PROG_BASE + 0x200000)		/* random code, then data */
#define SYS_DATA (SYS_CODE + SYS_CODE_PAGES * 4096)
#define SYS_CODE_PAGES 8
#define SYS_PAGES 16
#define SYS_ALIAS (PROG_BASE + 0x400000)	/* the same pages in any order */
#define SYS_LARGE (PROG_BASE + 0x600000)	/* the same in one leaf of 2 MiB */
#define SYS_USED (PROG_BASE + 0x800000)

#define SYS_POINTER (SYS_DATA + 0x800)		/* x31 */
#define SYS_CROSSING (SYS_DATA + 0x2000 - 64)	/* x2: accesses go into the next page */
#define SYS_OTHER (SYS_ALIAS + 0xb000 - 100)	/* x15: the same of the other mapping */
#define SYS_VECTORS (SYS_DATA + 0x4000)		/* addresses of functions */
#define SYS_CELLS (SYS_DATA + 0x3800)		/* pointers of loops over memory */
#define SYS_STACK (SYS_DATA + 0x8000 - 64)	/* x26, down; three pages */

enum { SYS_USER, SYS_SUPERVISOR, SYS_MACHINE = 3 };

extern unsigned sys_mode;	/* that most code runs in */
extern unsigned sys_harts;

/* systems_monitor.c: boot code and handlers, at the start of the image */
void sys_make_monitor(void);
/* What an event is made of: an address, a value, and what is done with them. */
enum sys_act { SYS_SB, SYS_SH, SYS_SW, SYS_SD, SYS_FENCE_ALL, SYS_FENCE_PAGE,
	       SYS_FENCE_SPACE, SYS_FENCE_I, SYS_SET_STATUS, SYS_CLEAR_STATUS, SYS_SATP,
	       SYS_MEDELEG, SYS_MENVCFG, SYS_PMPADDR, SYS_PMPCFG, SYS_END, SYS_AGAIN_FROM,
	       SYS_NACTS };
/* The number that says so in the list, known when the monitor is made. */
uint64_t sys_act(enum sys_act act);

/* systems_events.c: page tables and the list of events */
void sys_make_tables(void);
void sys_make_events(void);
/* A new entry for some page: where it is, what it maps. Returns its value. */
uint64_t sys_draw_entry(uint64_t *entry, uint64_t *va);

/* systems_code.c */
void sys_make_code(void);
/* A place in the code that may be overwritten, and what with. */
uint64_t sys_draw_victim(void);
uint32_t sys_draw_word(void);
/* An address where accesses do something. */
uint64_t sys_draw_address(void);

#endif
