/* systems_events.c - what happens to a random system. SPDX-License-Identifier: MIT */
#include <string.h>

#include "tests/conf/values.h"
#include "tests/diff/systems.h"

enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128 };
#define SPACES 2	/* ASIDs 1 ... */

static uint64_t table(unsigned n)
{
	return SYS_TABLES + n * UINT64_C(4096);
}

static uint64_t entry_for(uint64_t pa, unsigned flags)
{
	return pa >> 12 << 10 | flags;
}

static void put_at(uint64_t where, uint64_t v)
{
	memcpy(prog_image + (where - PROG_BASE), &v, 8);
}

/* Some entries are global; then fences are never of one space. */
static bool globals;

static unsigned all_allowed(void)
{
	return V | R | W | X | A | D | (sys_mode == SYS_USER ? U : 0) |
	       (globals && prog_below(2) ? G : 0);
}

static uint64_t page(unsigned n)
{
	return SYS_CODE + n * UINT64_C(4096);
}

void sys_make_tables(void)
{
	unsigned all;

	globals = prog_below(2);
	all = all_allowed();
	put_at(table(SYS_ROOT48), entry_for(table(SYS_ROOT39), V));
	put_at(table(SYS_ROOT39) + 8 * (PROG_BASE >> 30), entry_for(table(SYS_MIDDLE), V));
	put_at(table(SYS_MIDDLE), entry_for(PROG_BASE, V | R | W | X | A | D));
	put_at(table(SYS_MIDDLE) + 8, entry_for(table(SYS_HERE), V));
	put_at(table(SYS_MIDDLE) + 16, entry_for(table(SYS_AGAIN), V));
	put_at(table(SYS_MIDDLE) + 24, entry_for(SYS_CODE, all));
	for (unsigned k = 0; k < SYS_PAGES; k++) {
		put_at(table(SYS_HERE) + 8 * k, entry_for(page(k), all));
		put_at(table(SYS_SMALL) + 8 * k, entry_for(page(k), all));
		put_at(table(SYS_AGAIN) + 8 * k,
		       entry_for(page(prog_below(4) ? k : prog_below(SYS_PAGES)), all));
	}
}

/* A page like that one, or any. */
static uint64_t another_page(unsigned n)
{
	const unsigned half = n < SYS_CODE_PAGES ? 0 : SYS_CODE_PAGES;

	return page(prog_below(6) ? half + prog_below(SYS_CODE_PAGES) : prog_below(SYS_PAGES));
}

uint64_t sys_draw_entry(uint64_t *entry, uint64_t *va)
{
	const unsigned n = prog_below(SYS_PAGES), all = all_allowed();
	const bool here = prog_below(2);
	unsigned flags;

	*entry = table(here ? SYS_HERE : SYS_AGAIN) + 8 * n;
	*va = (here ? SYS_CODE : SYS_ALIAS) + n * UINT64_C(4096);
	switch (prog_below(10)) {
	case 0:		/* anything, or something reserved */
		return prog_below(2) ? 0 : entry_for(page(n), all) | UINT64_C(1) << 63;
	case 1:
		flags = prog_below(256) & (globals ? 255 : ~(unsigned)G);
		return entry_for(another_page(n), flags | V);
	case 2:
		return entry_for(page(n), all & ~(prog_below(2) ? W : X));
	case 3:
		return entry_for(page(n), all & ~(prog_below(2) ? A : D));
	case 4:
		return entry_for(page(n), all ^ (prog_below(2) ? U : R));
	case 5:
	case 6:
		return entry_for(another_page(n), all);
	default:
		return entry_for(page(n), all);
	}
}

/* ---- the list */

static void act(enum sys_act what, uint64_t address, uint64_t value)
{
	const uint64_t number = sys_act(what);

	prog_put(&address, 8);
	prog_put(&value, 8);
	prog_put(&number, 8);
}

static void fence(uint64_t va)
{
	if (prog_below(2)) {
		act(SYS_FENCE_ALL, 0, 0);
	} else if (globals || prog_below(2)) {
		act(SYS_FENCE_PAGE, va, 0);
	} else {
		for (unsigned space = 1; space <= SPACES; space++)
			act(SYS_FENCE_SPACE, va, space);
	}
}

static void remap(void)
{
	uint64_t entry, va, v;

	v = sys_draw_entry(&entry, &va);
	act(SYS_SD, entry, v);
	fence(va);
}

/* The leaf of 2 MiB: it, or a table of small ones, or another one. */
static void remap_large(void)
{
	static const unsigned flags[] = { 0, W, X, U };
	static bool was_leaf;
	uint64_t v = entry_for(table(SYS_SMALL), V);
	const unsigned kind = prog_below(4);

	if (kind)
		v = entry_for(kind == 1 ? PROG_BASE : SYS_CODE,
			      all_allowed() ^ flags[prog_below(4)]);
	act(SYS_SD, table(SYS_MIDDLE) + 24, v);
	if (kind && was_leaf)
		fence(SYS_LARGE + 4096 * prog_below(SYS_PAGES));
	else	/* there are many small ones */
		act(SYS_FENCE_ALL, 0, 0);
	was_leaf = kind;
}

static void overwrite(void)
{
	for (unsigned n = 1 + prog_below(4); n; n--) {
		const uint64_t where = sys_draw_victim();

		act(SYS_SB + prog_below(3), where, sys_draw_word());
	}
	if (prog_below(2))
		act(SYS_FENCE_I, 0, 0);
}

static void change_space(void)
{
	static const uint64_t modes[] = { 0, 8, 8, 9 };
	const unsigned mode = prog_below(4);
	const uint64_t space = 1 + prog_below(SPACES);

	act(SYS_SATP, 0, modes[mode] << 60 | space << 44 |
	    table(mode == 3 ? SYS_ROOT48 : SYS_ROOT39) >> 12);
}

static void change_status(void)
{
	/* SUM, MXR, MPRV, FS, TW, TSR */
	static const uint32_t bits[] = { 1 << 18, 1 << 19, 1 << 17, 1 << 13, 3 << 13,
					 1 << 21, 1 << 22 };
	const uint64_t v = bits[prog_below(7)];

	act(prog_below(3) ? SYS_SET_STATUS : SYS_CLEAR_STATUS, 0, v);
	if (prog_below(2))
		act(SYS_SET_STATUS, 0, 3 << 13);
}

/* Entry 0: a few bytes, or pages, with some permissions. */
static void protect(void)
{
	const uint64_t where = (prog_below(2) ? SYS_CODE : SYS_DATA) + 64 * prog_below(512);
	const uint64_t napot = conf_ones(prog_below(2) ? 9 : 3);

	act(SYS_PMPADDR, 0, (where >> 2 & ~(napot << 1)) | napot);
	act(SYS_PMPCFG, 0, 0x1f00 | (prog_below(3) ? 0 : 0x18 | prog_below(8)));
	act(SYS_FENCE_ALL, 0, 0);
}

static void something(void)
{
	const bool tables = sys_harts == 1;

	switch (prog_below(12)) {
	case 0:
	case 1:
	case 2:
		if (tables)
			remap();
		break;
	case 3:
		if (tables)
			remap_large();
		break;
	case 4:
	case 5:
	case 6:
		overwrite();
		break;
	case 7:
	case 8:
		change_space();
		break;
	case 9:
		change_status();
		break;
	case 10:
		protect();
		break;
	default:
		if (prog_below(2))
			act(SYS_MEDELEG, 0, prog_below(1u << 16) & 0xa1fc);
		else	/* timers of S-mode; hardware may set A and D */
			act(SYS_MENVCFG, 0, UINT64_C(1) << 63 | (uint64_t)prog_below(2) << 61);
	}
}

void sys_make_events(void)
{
	prog_at = SYS_EVENTS - PROG_BASE;
	prog_end = SYS_EVENTS_END - PROG_BASE;
	change_space();
	while (prog_at < prog_end - 2048) {
		for (unsigned n = 1 + prog_below(3); n; n--)
			something();
		act(SYS_END, 0, 0);
	}
	act(SYS_AGAIN_FROM, 0, SYS_EVENTS);
	act(SYS_END, 0, 0);
	prog_end = PROG_SIZE;
}
