/* systems_code.c - the code of a random system. SPDX-License-Identifier: MIT */
#include <string.h>

#include "tests/diff/systems.h"

#define FUNCTIONS 8
#define CHANGES 64
#define CHANGE_BYTES 64
#define NESTED 3		/* loops */

enum { RA = 1, DEPTH = 25, STACK = 26, SCRATCH = 29 };
static const uint8_t counter[NESTED] = { 30, 28, 27 };

static uint64_t places[1024], functions[FUNCTIONS];
static unsigned nplaces, nfunctions;

static uint64_t here(void)
{
	return PROG_BASE + prog_at;
}

static int32_t to(uint64_t where)
{
	return (int32_t)(where - here());
}

/* ---- what is drawn */

uint64_t sys_draw_victim(void)
{
	return SYS_CODE + 2 * (uint64_t)prog_below(SYS_CODE_PAGES * 2048);
}

/* An instruction that was emitted somewhere, or what is none. */
uint32_t sys_draw_word(void)
{
	uint64_t at = SYS_CODE - PROG_BASE + 4 * prog_below(SYS_CODE_PAGES * 1024);
	uint32_t word;

	memcpy(&word, prog_image + at, 4);
	return prog_below(8) ? word : prog_below(1u << 20) << 12 | 0x37;
}

uint64_t sys_draw_address(void)
{
	static const uint64_t bases[] = { SYS_DATA, SYS_DATA, SYS_ALIAS, SYS_LARGE, SYS_CODE };
	const uint64_t base = bases[prog_below(5)];
	const uint64_t at = base + 4096 * prog_below(SYS_CODE_PAGES);

	switch (prog_below(8)) {
	case 0:
		return at + 4096 - 1 - prog_below(8);
	case 1:
		return at + prog_below(4096);
	case 2:
		return SYS_DATA + 4096 * (SYS_CODE_PAGES + prog_below(4)) - prog_below(16);
	case 3:		/* the clock; nothing; the UART */
		return prog_below(3) ? 0x200bff8 : prog_below(2) ? 0x1800000 : 0x10000005;
	default:
		return at + 8 * prog_below(512);
	}
}

/* ---- pieces */

static void piece(unsigned depth);

static void constant(unsigned r, uint32_t v)
{
	prog_w(rg_rv64_encode_lui(r, (v + 0x800) >> 12 & 0xfffff));
	prog_w(rg_rv64_encode_addiw(r, r, (int32_t)(v << 20) >> 20));
}

static void place(void)
{
	if (!(prog_at & 3) && nplaces < sizeof(places) / sizeof(places[0]))
		places[nplaces++] = here();
}

static void loop(unsigned depth)
{
	const unsigned r = counter[depth];
	uint64_t top;

	prog_w(rg_rv64_encode_addi(r, 0, (int32_t)(2 + prog_below(depth ? 8 : 60))));
	top = here();
	for (unsigned n = 1 + prog_below(4); n && here() - top < 1000; n--)
		piece(depth + 1);
	prog_w(rg_rv64_encode_addi(r, r, -1));
	if (here() - top < 4000 && prog_below(3))
		prog_w(rg_rv64_encode_bne(r, 0, to(top)));
	else {		/* a jump back, a branch out */
		prog_w(rg_rv64_encode_beq(r, 0, 8));
		prog_w(rg_rv64_encode_jal(0, to(top)));
	}
}

/* Over ends of pages, of what is mapped, of memory, and of what addresses can be. */
static void memory_loop(unsigned depth)
{
	static const struct prog_edge edges[] = {
		{ SYS_DATA + 0x1000, 0x4000, 0x4000, true },
		{ SYS_DATA + 0x2000, 0x4000, 0x4000, true },
		{ SYS_DATA + 0x6ffc, 0x4000, 0x4000, true },
		{ SYS_CODE + SYS_PAGES * 4096, 0x4000, 0x4000, true },
		{ SYS_ALIAS + 0xc000, 0x4000, 0x4000, true },
		{ SYS_ALIAS + SYS_PAGES * 4096, 0x4000, 0x4000, true },
		{ SYS_LARGE + SYS_PAGES * 4096, 0x4000, 0x4000, true },
		{ SYS_LARGE + 0x200000, 0x4000, 0x4000, true },
		{ SYS_CODE + 0x3000, 0x4000, 0x4000, false },
		{ PROG_BASE + PROG_SIZE, 0x4000, 0x4000, true },
		{ PROG_BASE, 0x4000, 0x4000, false },
		{ UINT64_C(1) << 32, 0x4000, 0x4000, true },
		{ UINT64_C(1) << 38, 0x4000, 0x4000, true },
		{ 0, 0x4000, 0x1000, false },
	};

	prog_memory_loop(edges, sizeof(edges) / sizeof(edges[0]), SYS_CELLS, counter[depth]);
}

/* Only an interrupt ends it, and not always. */
static void spin(void)
{
	const uint64_t top = here();

	if (prog_below(3))
		return;
	if (prog_below(2)) {
		prog_w(rg_rv64_encode_jal(0, 0));
		return;
	}
	prog_w(rg_rv64_encode_addi(prog_target(), prog_register(), 1));
	prog_w(rg_rv64_encode_bne(STACK, 0, to(top)));
}

static void address_of_function(void)
{
	const uint64_t vector = SYS_VECTORS + 8 * prog_below(64);

	prog_address(SCRATCH, vector);
	prog_w(rg_rv64_encode_ld(SCRATCH, 0, SCRATCH));
}

static void call(void)
{
	if (!nfunctions)
		return;
	switch (prog_below(4)) {
	case 0:
		address_of_function();
		prog_w(rg_rv64_encode_jalr(RA, 0, SCRATCH));
		break;
	case 1:		/* through another mapping */
		prog_address(SCRATCH, functions[prog_below(nfunctions)] - SYS_CODE +
				      (prog_below(2) ? SYS_ALIAS : SYS_LARGE));
		prog_w(prog_below(2) ? rg_rv64_encode_jalr(RA, 0, SCRATCH)
				     : rg_rv64_encode_c_jalr(SCRATCH));
		break;
	default:
		prog_w(rg_rv64_encode_addi(DEPTH, 0, (int32_t)prog_below(prog_below(8) ? 12
										   : 1400)));
		prog_w(rg_rv64_encode_jal(RA, to(functions[prog_below(nfunctions)])));
	}
}

/* To one of four places, by a register. */
static void choose(void)
{
	const unsigned r = prog_target();
	uint64_t table, end[4];

	prog_w(rg_rv64_encode_andi(r, prog_register(), 3));
	prog_w(rg_rv64_encode_slli(r, r, 2));
	prog_w(rg_rv64_encode_auipc(SCRATCH, 0));
	prog_w(rg_rv64_encode_add(SCRATCH, SCRATCH, r));
	prog_w(rg_rv64_encode_jalr(0, 12, SCRATCH));
	table = prog_at;
	for (unsigned k = 0; k < 4; k++)
		prog_w(0x13);
	for (unsigned k = 0; k < 4; k++) {
		prog_patch(table + 4 * k,
			   rg_rv64_encode_jal(0, (int32_t)(prog_at - table - 4 * k)));
		prog_straight(prog_below(5));
		end[k] = prog_at;
		prog_w(0x13);
	}
	for (unsigned k = 0; k < 4; k++)
		prog_patch(end[k], rg_rv64_encode_jal(0, (int32_t)(prog_at - end[k])));
}

/* Accesses of any size where they may cross, fault, hit code or a device. */
static void access(void)
{
	const unsigned r = prog_target(), f = prog_below(32);
	const int32_t off = prog_below(3) ? 0 : (int32_t)prog_below(64) - 32;

	prog_address(SCRATCH, sys_draw_address());
	for (unsigned n = 1 + prog_below(3); n; n--) {
		const uint32_t words[] = {
			rg_rv64_encode_lb(r, off, SCRATCH), rg_rv64_encode_lhu(r, off, SCRATCH),
			rg_rv64_encode_lw(r, off, SCRATCH), rg_rv64_encode_ld(r, off, SCRATCH),
			rg_rv64_encode_fld(f, off, SCRATCH), rg_rv64_encode_flw(f, off, SCRATCH),
			rg_rv64_encode_sb(r, off, SCRATCH), rg_rv64_encode_sh(r, off, SCRATCH),
			rg_rv64_encode_sw(r, off, SCRATCH), rg_rv64_encode_sd(r, off, SCRATCH),
			rg_rv64_encode_fsd(f, off, SCRATCH), rg_rv64_encode_fsw(f, off, SCRATCH),
			rg_rv64_encode_amoadd_w(0, r, prog_register(), SCRATCH),
			rg_rv64_encode_amoswap_d(0, r, prog_register(), SCRATCH),
			rg_rv64_encode_lr_w(0, r, SCRATCH),
			rg_rv64_encode_sc_d(0, r, prog_register(), SCRATCH),
			rg_rv64_encode_cbo_zero(SCRATCH),
		};

		prog_w(words[prog_below(sizeof(words) / sizeof(words[0]))]);
	}
}

/* Writes an instruction somewhere, often a little ahead, and goes on. */
static void modify(void)
{
	static const uint64_t views[] = { SYS_CODE, SYS_CODE, SYS_ALIAS, SYS_LARGE };
	const unsigned r = prog_target();
	uint64_t where = prog_below(3) ? here() + 20 + 2 * prog_below(30) : sys_draw_victim();

	if (where >= SYS_DATA)
		return;
	where += views[prog_below(4)] - SYS_CODE;
	constant(r, sys_draw_word());
	prog_address(SCRATCH, where);
	switch (prog_below(4)) {
	case 0:
		prog_w(rg_rv64_encode_sh(r, 0, SCRATCH));
		break;
	case 1:
		prog_w(rg_rv64_encode_amoswap_w(0, prog_target(), r, SCRATCH));
		break;
	default:
		prog_w(rg_rv64_encode_sw(r, 0, SCRATCH));
	}
	if (prog_below(2))
		prog_w(rg_rv64_encode_fence_i(0, 0, 0));
}

/* Changes a page table by a routine of make_changes(); in U-mode that faults. */
static void remap(void)
{
	prog_address(SCRATCH, SYS_CHANGES + CHANGE_BYTES * prog_below(CHANGES));
	prog_w(rg_rv64_encode_jalr(SCRATCH, 0, SCRATCH));
}

static void registers(void)
{
	const unsigned r = prog_target();

	switch (prog_below(6)) {
	case 0:
		prog_w(rg_rv64_encode_csrrwi(r, 2, prog_below(8)));	/* frm */
		break;
	case 1:
		prog_w(rg_rv64_encode_csrrw(r, 1 + prog_below(3),
					    prog_below(2) ? 0 : prog_register()));
		break;
	case 2:		/* cycle, time, instret */
		prog_w(rg_rv64_encode_csrrs(r, 0xc00 + prog_below(3), 0));
		break;
	case 3:		/* sstatus: SUM, MXR, FS; or sscratch's neighbour sepc */
		constant(r, 1u << (prog_below(2) ? 18 + prog_below(2) : 13 + prog_below(2)));
		prog_w(prog_below(2) ? rg_rv64_encode_csrrs(0, 0x100, r)
				     : rg_rv64_encode_csrrc(0, 0x100, r));
		break;
	case 4:
		prog_w(rg_rv64_encode_csrrsi(0, 0x144, 2));		/* sip.SSIP */
		break;
	default:
		prog_w(rg_rv64_encode_csrrs(r, prog_below(2) ? 0x300 : 0x100, 0));
	}
}

static void system_call(void)
{
	const unsigned kind = prog_below(8);

	prog_w(kind < 4 ? rg_rv64_encode_ecall() : kind == 4 ? rg_rv64_encode_ebreak()
	       : kind == 5 ? rg_rv64_encode_fence_i(0, 0, 0)
	       : kind == 6 ? rg_rv64_encode_sfence_vma(0, 0) : prog_below(2) ? 0 : 0xc0001073);
}

/* An instruction over the end of a page. */
static void straddle(void)
{
	if ((prog_at & 4095) < 4096 - 40 || prog_below(3) == 0)
		return;
	while ((prog_at & 4095) != 4094)
		prog_w(rg_rv64_encode_c_nop(0));
	switch (prog_below(4)) {
	case 0:
		prog_w(rg_rv64_encode_ld(prog_target(), 8, 31));
		break;
	case 1:
		prog_w(rg_rv64_encode_bne(prog_register(), 0, -64));
		break;
	case 2:
		prog_w(rg_rv64_encode_jal(SCRATCH, 4));
		break;
	default:
		prog_w(rg_rv64_encode_addi(prog_target(), prog_register(), 77));
	}
}

static void piece(unsigned depth)
{
	place();
	straddle();
	switch (prog_below(24)) {
	case 0:
	case 1:
		prog_forward_branch();
		break;
	case 2:
		prog_jump();
		break;
	case 3:
		prog_pair();
		break;
	case 4:
	case 5:
		call();
		break;
	case 6:
		choose();
		break;
	case 7:
	case 8:
		access();
		break;
	case 9:
		modify();
		break;
	case 10:
		if (prog_below(2))
			remap();
		break;
	case 11:
		registers();
		break;
	case 12:
		if (prog_below(3) == 0)
			system_call();
		break;
	case 13:
		if (depth == 0)
			spin();
		break;
	case 14:
		if (depth < NESTED && here() < SYS_DATA - 4096 - 2400) {
			memory_loop(depth);
			break;
		}
		/* fall through */
	case 15:
	case 16:
		if (depth < NESTED) {
			loop(depth);
			break;
		}
		/* fall through */
	default:
		prog_straight(1 + prog_below(8));
	}
}

/* ---- functions */

static void push(unsigned r)
{
	prog_w(rg_rv64_encode_addi(STACK, STACK, -8));
	prog_w(rg_rv64_encode_sd(r, 0, STACK));
}

static void pop(unsigned r)
{
	prog_w(rg_rv64_encode_ld(r, 0, STACK));
	prog_w(rg_rv64_encode_addi(STACK, STACK, 8));
}

static void make_function(void)
{
	const uint64_t start = here();
	const unsigned kind = prog_below(3);
	uint64_t over;

	place();
	prog_straight(prog_below(4));
	if (kind) {		/* calls itself, or another one before */
		over = prog_at;
		prog_w(0x13);
		prog_w(rg_rv64_encode_addi(DEPTH, DEPTH, -1));
		push(RA);
		prog_straight(prog_below(3));
		prog_w(rg_rv64_encode_jal(RA, to(kind == 1 || !nfunctions ? start
					: functions[prog_below(nfunctions)])));
		prog_straight(prog_below(3));
		pop(RA);
		prog_patch(over, rg_rv64_encode_bge(0, DEPTH, (int32_t)(prog_at - over)));
	}
	prog_w(prog_below(3) ? rg_rv64_encode_jalr(0, 0, RA) : rg_rv64_encode_c_jr(RA));
	functions[nfunctions++] = start;
}

/*
 * Each changes an entry of a page table and fences. They lie where nobody writes
 * and nothing is mapped anew: between the two it is open what is mapped.
 */
static void make_changes(void)
{
	for (unsigned k = 0; k < CHANGES; k++) {
		uint64_t data[3];

		data[1] = sys_draw_entry(&data[0], &data[2]);
		prog_at = SYS_CHANGES - PROG_BASE + CHANGE_BYTES * k;
		prog_w(rg_rv64_encode_auipc(10, 0));
		prog_w(rg_rv64_encode_ld(11, 48, 10));
		prog_w(rg_rv64_encode_ld(12, 56, 10));
		prog_w(rg_rv64_encode_ld(10, 40, 10));
		if (sys_harts == 1)
			prog_w(rg_rv64_encode_sd(11, 0, 10));
		prog_w(rg_rv64_encode_sfence_vma(prog_below(2) ? 12 : 0, 0));
		prog_w(rg_rv64_encode_jalr(0, 0, SCRATCH));
		prog_at = SYS_CHANGES - PROG_BASE + CHANGE_BYTES * k + 40;
		prog_put(data, sizeof(data));
	}
}

static void make_vectors(void)
{
	prog_at = SYS_VECTORS - PROG_BASE;
	for (unsigned k = 0; k < 512; k++) {
		const unsigned kind = prog_below(16);
		uint64_t v = functions[prog_below(nfunctions)];

		if (kind == 0)
			v = SYS_CODE + prog_below(SYS_CODE_PAGES * 4096);
		else if (kind < 6)
			v += (kind < 4 ? SYS_ALIAS : SYS_LARGE) - SYS_CODE;
		prog_put(&v, 8);
	}
}

/* Mostly in the mode that the tables are made for. */
static void make_places(void)
{
	static const uint8_t modes[] = { SYS_USER, SYS_SUPERVISOR, SYS_MACHINE };

	prog_at = SYS_PLACES - PROG_BASE;
	for (unsigned k = 0; k < SYS_NPLACES; k++) {
		const unsigned view = prog_below(8);
		const uint64_t base = view == 0 ? SYS_ALIAS : view == 1 ? SYS_LARGE : SYS_CODE;
		const unsigned mode = prog_below(6) ? sys_mode : modes[prog_below(3)];
		const uint64_t v = places[prog_below(nplaces)] - SYS_CODE + base + mode;

		prog_put(&v, 8);
	}
}

void sys_make_code(void)
{
	prog_kept |= 1u << RA | 7u << DEPTH | 1u << 28;
	make_changes();
	prog_at = SYS_CODE - PROG_BASE;
	for (unsigned k = 0; k < FUNCTIONS; k++)
		make_function();
	while (here() < SYS_DATA - 4096)
		piece(0);
	while (here() < SYS_DATA - 64)
		prog_straight(1);
	prog_w(rg_rv64_encode_jal(0, to(places[nplaces / 2])));
	make_vectors();
	make_places();
}
