/* prog_loops.c - random loops over memory. SPDX-License-Identifier: MIT
 *
 * What a compiler of loops takes for granted about addresses is put to the test:
 * pointers go up and down by steps of any size, over the end of memory or of a page,
 * advanced at several places of the loop, and between these and the accesses stands
 * what hides one from the other: CSRs, calls, exceptions, atomics, other ways.
 */
#include "tests/diff/prog.h"

#define POINTERS 3
#define MOST_STEPS 3		/* of a pointer in one round */
#define MARGIN 2600		/* offsets, and what the outer loop takes off */

enum { FFLAGS = 1, FRM, FCSR, CYCLE = 0xc00, RA = 1, SCRATCH = 29 };

struct pointer {
	unsigned reg;
	int32_t step;
	unsigned steps_left;	/* in a round, at most */
	bool stores;
	unsigned cell;		/* where it is kept in memory; 0: it is not */
	uint64_t start;
};

static struct pointer pointer[POINTERS];
static unsigned npointers, rounds;
static unsigned count, end, cells, step_reg, code;	/* registers */
static uint64_t function;	/* called, 0: there is none */
static bool skips;		/* it comes back behind the next instruction */
static uint64_t outs[8];	/* branches to the end of the loop */
static unsigned nouts;

/* A register that nothing else writes until the loop is done. */
static unsigned take(void)
{
	static const uint8_t some[] = { 5, 6, 7, 8, 9, 10, 11, 12, 16, 17, 18, 19, 20, 21, 22,
					23, 24 };
	unsigned r;

	do
		r = some[prog_below(sizeof(some))];
	while (prog_kept >> r & 1);
	prog_kept |= 1u << r;
	return r;
}

static int32_t from(uint64_t where)
{
	return (int32_t)(prog_at - where);
}

/* ---- pieces of the body */

static int32_t offset(unsigned size)
{
	switch (prog_below(8)) {
	case 0:
		return (int32_t)prog_below(4000) - 2000;
	case 1:
		return (int32_t)prog_below(64) - 32;
	case 2:
	case 3:
		return (int32_t)(prog_below(16) * size) - 8 * (int32_t)size;
	default:
		return 0;
	}
}

static void load_from(unsigned base)
{
	const unsigned r = prog_target(), f = prog_below(32), n = prog_below(10);
	static const uint8_t sizes[] = { 1, 1, 2, 2, 4, 4, 8, 8, 8, 4 };
	const int32_t off = offset(sizes[n]);
	const uint32_t words[] = {
		rg_rv64_encode_lb(r, off, base), rg_rv64_encode_lbu(r, off, base),
		rg_rv64_encode_lh(r, off, base), rg_rv64_encode_lhu(r, off, base),
		rg_rv64_encode_lw(r, off, base), rg_rv64_encode_lwu(r, off, base),
		rg_rv64_encode_ld(r, off, base), rg_rv64_encode_ld(r, off, base),
		rg_rv64_encode_fld(f, off, base), rg_rv64_encode_flw(f, off, base),
	};

	prog_w(words[n]);
}

static void store_to(unsigned base)
{
	const unsigned r = prog_register(), f = prog_below(32), n = prog_below(7);
	static const uint8_t sizes[] = { 1, 2, 4, 8, 8, 8, 4 };
	const int32_t off = offset(sizes[n]);
	const uint32_t words[] = {
		rg_rv64_encode_sb(r, off, base), rg_rv64_encode_sh(r, off, base),
		rg_rv64_encode_sw(r, off, base), rg_rv64_encode_sd(r, off, base),
		rg_rv64_encode_sd(r, off, base), rg_rv64_encode_fsd(f, off, base),
		rg_rv64_encode_fsw(f, off, base),
	};

	prog_w(words[n]);
}

static void atomic(unsigned base)
{
	const unsigned r = prog_target(), v = prog_register();

	switch (prog_below(5)) {
	case 0:
		prog_w(rg_rv64_encode_amoadd_w(0, r, v, base));
		break;
	case 1:
		prog_w(rg_rv64_encode_amomaxu_d(0, r, v, base));
		break;
	case 2:
		prog_w(rg_rv64_encode_amoswap_d(0, r, v, base));
		break;
	case 3:
		prog_w(rg_rv64_encode_lr_w(0, r, base));
		break;
	default:
		prog_w(rg_rv64_encode_lr_d(0, r, base));
		prog_w(rg_rv64_encode_sc_d(0, prog_target(), v, base));
	}
}

static struct pointer *any(void)
{
	return &pointer[prog_below(npointers)];
}

static void advance(struct pointer *p)
{
	if (!p->steps_left)
		return;
	p->steps_left--;
	if (p->cell)
		prog_w(rg_rv64_encode_ld(p->reg, (int32_t)p->cell, cells));
	switch (prog_below(6)) {
	case 0:
		prog_w(rg_rv64_encode_addi(p->reg, p->reg, p->step / 2));
		prog_w(rg_rv64_encode_addi(p->reg, p->reg, p->step - p->step / 2));
		break;
	case 1:		/* by a register */
		prog_w(rg_rv64_encode_addi(step_reg, 0, p->step));
		prog_w(rg_rv64_encode_add(p->reg, p->reg, step_reg));
		break;
	case 2:
		prog_w(rg_rv64_encode_addi(SCRATCH, p->reg, p->step));
		prog_w(rg_rv64_encode_addi(p->reg, SCRATCH, 0));
		break;
	default:
		prog_w(rg_rv64_encode_addi(p->reg, p->reg, p->step));
	}
	if (p->cell)
		prog_w(rg_rv64_encode_sd(p->reg, (int32_t)p->cell, cells));
}

static void csr(void)
{
	const unsigned r = prog_target();

	switch (prog_below(8)) {
	case 0:
	case 1:
		prog_w(rg_rv64_encode_csrrw(0, FFLAGS, 0));
		break;
	case 2:
		prog_w(rg_rv64_encode_csrrs(r, FFLAGS, 0));
		break;
	case 3:
		prog_w(rg_rv64_encode_csrrw(r, FFLAGS, prog_register()));
		break;
	case 4:
		prog_w(rg_rv64_encode_csrrwi(r, FRM, prog_below(8) ? 0 : prog_below(8)));
		break;
	case 5:
		prog_w(rg_rv64_encode_csrrwi(r, FCSR, prog_below(32)));
		break;
	case 6:
		prog_w(rg_rv64_encode_csrrsi(r, FFLAGS, prog_below(32)));
		break;
	default:	/* what time it is depends on who asks */
		prog_w(rg_rv64_encode_csrrs(r, CYCLE + prog_below(3), 0));
		prog_w(rg_rv64_encode_sltu(r, r, 0));
	}
}

/* What follows is done in some rounds only: a place for the branch. */
static uint64_t seldom(void)
{
	if (prog_below(4) == 0)
		return 0;
	prog_w(rg_rv64_encode_andi(SCRATCH, count, 1 + prog_below(15)));
	prog_w(0x13);
	return prog_at - 4;
}

static void done_seldom(uint64_t branch)
{
	if (branch)
		prog_patch(branch, prog_below(2) ? rg_rv64_encode_bne(SCRATCH, 0, from(branch))
						 : rg_rv64_encode_beq(SCRATCH, 0, from(branch)));
}

/* Looks at the function's first instruction, which adds a number, and makes it its like. */
static void modify(void)
{
	const unsigned r = prog_target();
	uint64_t branch;

	prog_w(rg_rv64_encode_lw(r, 0, code));
	branch = seldom();
	if (prog_below(2)) {
		prog_w(rg_rv64_encode_lui(SCRATCH, 1u << 8 << prog_below(4)));
		prog_w(rg_rv64_encode_xor(r, r, SCRATCH));
	}
	prog_w(rg_rv64_encode_sw(r, 0, code));
	if (prog_below(4) == 0)
		prog_w(rg_rv64_encode_fence_i(0, 0, 0));
	done_seldom(branch);
}

/* Stores what is there, perhaps among code. */
static void store_same(unsigned base)
{
	const unsigned r = prog_target();
	const int32_t off = offset(8);
	uint64_t branch;

	prog_w(rg_rv64_encode_ld(r, off, base));
	branch = seldom();
	prog_w(rg_rv64_encode_sd(r, off, base));
	done_seldom(branch);
}

/* Further apart than that one look at the page would do for two. */
static void far_apart(unsigned base)
{
	const int32_t step = 260 + (int32_t)prog_below(100);
	int32_t off = -2048;

	for (unsigned n = 3 + prog_below(12); n && off < 2040; n--, off += step)
		prog_w(rg_rv64_encode_ld(prog_target(), off, base));
}

static void some_from(unsigned base, bool stores)
{
	for (unsigned n = 1 + prog_below(3); n; n--) {
		if (!stores || prog_below(5) < 3)
			load_from(base);
		else if (prog_below(8))
			store_to(base);
		else
			atomic(base);
	}
}

/* Also by way of a register that stands beside. */
static void access(void)
{
	const struct pointer *p = any();
	unsigned base = p->reg;

	if (prog_below(6) == 0) {
		prog_w(prog_below(2) ? rg_rv64_encode_addi(SCRATCH, base, offset(8))
				     : rg_rv64_encode_addi(SCRATCH, base, -p->step));
		base = SCRATCH;
	}
	if (prog_below(12) == 0)
		far_apart(base);
	else if (prog_below(8) == 0)
		store_same(base);
	else
		some_from(base, p->stores);
}

static void call(void)
{
	if (prog_below(3))
		prog_w(rg_rv64_encode_jal(RA, -from(function)));
	else
		prog_w(rg_rv64_encode_jalr(RA, 0, code));
	if (skips)
		prog_w(rg_rv64_encode_addi(prog_target(), prog_register(), 1));
}

static void special(void)
{
	switch (prog_below(6)) {
	case 0:
		prog_w(rg_rv64_encode_ecall());
		break;
	case 1:
		prog_w(rg_rv64_encode_fence(prog_below(16), prog_below(16), 0, 0, 0));
		break;
	case 2:
		if (prog_below(3) == 0)
			prog_w(rg_rv64_encode_fence_i(0, 0, 0));
		break;
	default:
		prog_straight(1 + prog_below(3));
	}
}

static void body(unsigned pieces, unsigned depth);

/* Some of the body is left out, or another part done instead, in some rounds. */
static void ways(unsigned depth)
{
	const uint64_t at = prog_at;
	uint64_t over;

	if (prog_below(2)) {
		prog_w(rg_rv64_encode_andi(SCRATCH, count, 1 + prog_below(7)));
		over = prog_at;
		prog_w(0x13);
	} else {
		over = at;
		prog_w(0x13);
	}
	body(1 + prog_below(3), depth + 1);
	if (prog_below(2)) {	/* else */
		const uint64_t jump = prog_at;

		prog_w(0x13);
		prog_patch(over, over == at
			   ? rg_rv64_encode_blt(prog_register(), prog_register(), from(over))
			   : rg_rv64_encode_beq(SCRATCH, 0, from(over)));
		body(1 + prog_below(3), depth + 1);
		prog_patch(jump, rg_rv64_encode_jal(0, from(jump)));
		return;
	}
	prog_patch(over, over == at
		   ? rg_rv64_encode_bltu(prog_register(), prog_register(), from(over))
		   : rg_rv64_encode_bne(SCRATCH, 0, from(over)));
}

static void body(unsigned pieces, unsigned depth)
{
	while (pieces--) {
		switch (prog_below(16)) {
		case 0:
		case 1:
		case 2:
			advance(any());
			break;
		case 3:
		case 4:
			csr();
			break;
		case 5:
			special();
			break;
		case 6:
		case 7:
			if (depth < 2)
				ways(depth);
			break;
		case 8:
			if (function)
				modify();
			break;
		case 9:
			if (function && depth < 2)
				call();
			break;
		case 10:
			if (nouts < 8 && prog_below(3) == 0) {
				outs[nouts++] = prog_at;
				prog_w(0x13);
				break;
			}
			/* fall through */
		default:
			access();
		}
	}
}

/* ---- the loop */

/* Calls work on the same pointers, and come back by any way. */
static void make_function(void)
{
	const uint64_t over = prog_at;
	const unsigned r = prog_target();

	function = 0;
	if (prog_below(3) == 0)
		return;
	prog_w(0x13);
	while (prog_at & 3)
		prog_w(1);
	function = prog_at;
	skips = prog_below(4) == 0;
	prog_w(rg_rv64_encode_addi(r, r, 5));
	if (prog_below(2))
		access();
	if (skips)
		prog_w(rg_rv64_encode_addi(RA, RA, 4));
	if (prog_below(3) == 0) {
		prog_w(rg_rv64_encode_sd(RA, 0, cells));
		csr();
		prog_w(rg_rv64_encode_ld(RA, 0, cells));
	}
	if (prog_below(4) == 0) {
		prog_w(rg_rv64_encode_addi(SCRATCH, RA, 0));
		prog_w(rg_rv64_encode_jalr(0, 0, SCRATCH));
	} else {
		prog_w(rg_rv64_encode_jalr(0, 0, RA));
	}
	prog_patch(over, rg_rv64_encode_jal(0, from(over)));
}

/* It comes to the edge before the loop is done, or just does not. */
static void aim(struct pointer *p, unsigned k, const struct prog_edge *e)
{
	static const int16_t steps[] = { 1, 2, 4, 8, 8, 8, 12, 16, 24, 32, 64, 100, 256, 2040 };
	const uint32_t room = (e->before < e->behind ? e->before : e->behind) - MARGIN;
	int32_t step = steps[prog_below(sizeof(steps) / sizeof(steps[0]))];
	unsigned until, most;

	if (step > (int32_t)room / (2 * MOST_STEPS))
		step = 8;
	most = room / (MOST_STEPS * (unsigned)step);

	*p = (struct pointer){ .reg = take(), .step = prog_below(3) ? step : -step,
			       .steps_left = 1 + prog_below(MOST_STEPS), .stores = e->stores };
	if (prog_below(5) == 0)
		p->cell = 8 * (k + 1);
	if (rounds > most)
		rounds = most;
	until = rounds - prog_below(rounds < 4 ? rounds : 4);
	p->start = e->at - (uint64_t)((int64_t)until * p->step);
	if (prog_below(4) == 0)
		p->start -= prog_below(16);
	if (prog_below(3) == 0)
		p->start -= 8 * prog_below(8);
}

/* Any number. */
static void number(unsigned r, uint64_t v)
{
	prog_address(r, v & UINT32_MAX);
	if (!(v >> 32))
		return;
	prog_address(SCRATCH, v >> 32);
	prog_w(rg_rv64_encode_slli(SCRATCH, SCRATCH, 32));
	prog_w(rg_rv64_encode_or(r, r, SCRATCH));
}

static void set_pointers(unsigned outer)
{
	const unsigned shift = prog_below(4);

	for (unsigned k = 0; k < npointers; k++) {
		const struct pointer *p = &pointer[k];

		number(p->reg, p->start);
		if (prog_below(2)) {	/* not always from the same place */
			prog_w(rg_rv64_encode_slli(SCRATCH, outer, shift));
			prog_w(rg_rv64_encode_sub(p->reg, p->reg, SCRATCH));
		}
		if (p->cell)
			prog_w(rg_rv64_encode_sd(p->reg, (int32_t)p->cell, cells));
	}
}

/* Around again, by the count, and perhaps as long as a pointer is on one side of its end. */
static void go_around(uint64_t top)
{
	const struct pointer *p = &pointer[0];

	prog_w(rg_rv64_encode_addi(count, count, -1));
	if (prog_below(2) && from(top) < 3900) {
		prog_w(rg_rv64_encode_bne(count, 0, -from(top)));
		return;
	}
	if (prog_below(2)) {
		prog_w(rg_rv64_encode_beq(count, 0, 8));
		prog_w(rg_rv64_encode_jal(0, -from(top)));
		return;
	}
	prog_w(rg_rv64_encode_beq(count, 0, 12));
	prog_w(p->step > 0 ? rg_rv64_encode_bgeu(p->reg, end, 8)
			   : rg_rv64_encode_bgeu(end, p->reg, 8));
	prog_w(rg_rv64_encode_jal(0, -from(top)));
}

static void inner(const struct prog_edge *edge)
{
	const uint64_t stop = edge->at + (uint64_t)(int64_t)(8 * (int32_t)prog_below(9) - 32);
	uint64_t top;

	number(end, stop);
	prog_w(rg_rv64_encode_addi(count, 0, (int32_t)rounds));
	top = prog_at;
	nouts = 0;
	body(2 + prog_below(7), 0);
	for (unsigned k = 0; k < npointers; k++)
		if (prog_below(8))
			advance(&pointer[k]);
	go_around(top);
	for (unsigned k = 0; k < nouts; k++)
		prog_patch(outs[k], pointer[0].step > 0
			   ? rg_rv64_encode_bgeu(pointer[0].reg, end, from(outs[k]))
			   : rg_rv64_encode_bltu(pointer[0].reg, end, from(outs[k])));
}

void prog_memory_loop(const struct prog_edge *edges, unsigned n, uint64_t cell_page,
		      unsigned outer)
{
	const uint32_t kept = prog_kept;
	const struct prog_edge *first = &edges[prog_below(n)];
	uint64_t top;

	prog_kept |= 1u << RA | 1u << outer;
	count = take();
	end = take();
	cells = take();
	step_reg = take();
	code = take();
	rounds = 1 + prog_below(60);
	npointers = 1 + prog_below(POINTERS);
	for (unsigned k = 0; k < npointers; k++)
		aim(&pointer[k], k, k ? &edges[prog_below(n)] : first);
	prog_address(cells, cell_page);
	make_function();
	if (function)
		prog_address(code, PROG_BASE + function);
	prog_w(rg_rv64_encode_addi(outer, 0, (int32_t)(1 + prog_below(prog_below(2) ? 4 : 30))));
	top = prog_at;
	set_pointers(outer);
	inner(first);
	prog_w(rg_rv64_encode_addi(outer, outer, -1));
	prog_w(rg_rv64_encode_beq(outer, 0, 8));
	prog_w(rg_rv64_encode_jal(0, -from(top)));
	prog_kept = kept;
}
