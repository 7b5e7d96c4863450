/* progs.c - writes random programs. SPDX-License-Identifier: MIT
 *
 *	progs [-s SEED] [-n PROGRAMS] [-p] [-m] FILE
 *
 * FILE is an ELF image for M-mode on QEMU's `virt` machine or rax's
 * riscv-virt. It runs the programs one after another and prints a digest of
 * each one's final registers, memory and exceptions on the UART, then powers
 * off. -p: only instructions that QEMU 7.2 has and does right. -m: many loops
 * over memory, also over its end where it has 16 MiB.
 *
 * A program is random instructions (weighted towards those that compilers
 * emit, and towards a few registers, so that values flow) in loops and under
 * forward branches, with calls, LR/SC pairs and faults. The handler counts an
 * exception in and goes on behind it. Kept by the harness: x2, x15 and x31,
 * which point to the middle of the window, x30, loops, and x29, scratch.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/conf/values.h"
#include "tests/diff/prog.h"

#define AREA (PROG_BASE + (8u << 20))	/* the harness's memory */
#define WINDOW (AREA + 0x2000)		/* 4 KiB, pointed at in the middle */
#define CELLS (AREA + 0x4000)
#define PAGES (AREA + 0x8000)		/* 64 KiB, for loops over memory */
#define MEMORY_END (PROG_BASE + PROG_SIZE)	/* if it is run with so much */
#define NEAR 0x7000u			/* and so much at its end */
#define MIDDLE (WINDOW + 0x800)
#define UART 0x10000
#define POWER 0x100
#define CODE 520			/* instructions of a program, about */

/* ---- the harness. AREA: x at 0, f at 256, fcsr at 512, exceptions at 520,
 * temporaries at 600 */

#define AREA_FCSR 512
#define AREA_TRAPS 520
#define AREA_TMP 600
#define WORDS (AREA_TRAPS / 8 + 1)

static uint64_t handler, digest;
static bool loops;		/* over memory */

/* h = (h ^ v) * odd, x10 = h, x11 = v, x12 = odd */
static void mix(void)
{
	prog_w(rg_rv64_encode_xor(10, 10, 11));
	prog_w(rg_rv64_encode_mul(10, 10, 12));
	prog_w(rg_rv64_encode_srli(11, 10, 29));
	prog_w(rg_rv64_encode_xor(10, 10, 11));
}

static void load_odd(void)
{
	prog_w(rg_rv64_encode_lui(12, 0x9e377));
	prog_w(rg_rv64_encode_addi(12, 12, 0x1b1));
}

static const unsigned saved[] = { 10, 11, 12, 13 };

/* mepc goes behind the instruction; cause, place and (where it is an address)
 * mtval are mixed into the sum of exceptions. */
static void make_handler(void)
{
	uint64_t skip;

	handler = prog_at;
	prog_w(rg_rv64_encode_csrrw(31, PROG_MSCRATCH, 31));
	for (unsigned k = 0; k < 4; k++)
		prog_w(rg_rv64_encode_sd(saved[k], AREA_TMP + 8 * (int)k, 31));
	load_odd();
	prog_w(rg_rv64_encode_ld(10, AREA_TRAPS, 31));
	prog_w(rg_rv64_encode_csrrs(11, PROG_MCAUSE, 0));
	prog_w(rg_rv64_encode_addi(13, 11, 0));
	mix();
	prog_w(rg_rv64_encode_csrrs(11, PROG_MEPC, 0));
	mix();
	prog_w(rg_rv64_encode_addi(13, 13, -4));
	prog_w(rg_rv64_encode_sltiu(13, 13, 4));
	prog_w(rg_rv64_encode_sub(13, 0, 13));
	prog_w(rg_rv64_encode_csrrs(11, PROG_MTVAL, 0));
	prog_w(rg_rv64_encode_and(11, 11, 13));
	mix();
	prog_w(rg_rv64_encode_sd(10, AREA_TRAPS, 31));
	prog_w(rg_rv64_encode_csrrs(11, PROG_MEPC, 0));
	prog_w(rg_rv64_encode_lhu(13, 0, 11));
	prog_w(rg_rv64_encode_andi(13, 13, 3));
	prog_w(rg_rv64_encode_addi(13, 13, -3));
	prog_w(rg_rv64_encode_addi(11, 11, 2));
	skip = prog_at;
	prog_w(0x13);
	prog_w(rg_rv64_encode_addi(11, 11, 2));
	prog_patch(skip, rg_rv64_encode_bne(13, 0, (int32_t)(prog_at - skip)));
	prog_w(rg_rv64_encode_csrrw(0, PROG_MEPC, 11));
	for (unsigned k = 0; k < 4; k++)
		prog_w(rg_rv64_encode_ld(saved[k], AREA_TMP + 8 * (int)k, 31));
	prog_w(rg_rv64_encode_csrrw(31, PROG_MSCRATCH, 31));
	prog_w(rg_rv64_encode_mret());
}

/* Mixes n doublewords at x13. */
static void mix_words(unsigned n)
{
	uint64_t loop;

	prog_w(rg_rv64_encode_addi(14, 0, (int32_t)n));
	loop = prog_at;
	prog_w(rg_rv64_encode_ld(11, 0, 13));
	mix();
	prog_w(rg_rv64_encode_addi(13, 13, 8));
	prog_w(rg_rv64_encode_addi(14, 14, -1));
	prog_w(rg_rv64_encode_bne(14, 0, (int32_t)(loop - prog_at)));
}

/* Called with x29: prints the digest as 16 hexadecimal digits and a newline. */
static void make_digest(void)
{
	uint64_t loop;

	digest = prog_at;
	prog_w(rg_rv64_encode_csrrw(31, PROG_MSCRATCH, 31));
	for (unsigned k = 1; k < 31; k++)
		prog_w(rg_rv64_encode_sd(k, 8 * (int)k, 31));
	prog_w(rg_rv64_encode_csrrs(11, PROG_FCSR, 0));
	prog_w(rg_rv64_encode_sd(11, AREA_FCSR, 31));
	for (unsigned k = 0; k < 32; k++)
		prog_w(rg_rv64_encode_fsd(k, 256 + 8 * (int)k, 31));
	load_odd();
	prog_w(rg_rv64_encode_addi(10, 0, 0));
	prog_w(rg_rv64_encode_addi(13, 31, 0));
	mix_words(WORDS);
	prog_address(13, WINDOW);
	mix_words(512);
	for (unsigned k = 0; loops && k < 3; k++) {
		prog_address(13, k < 2 ? PAGES + (7 + k) * 4096 : MEMORY_END - 4096);
		mix_words(512);
	}
	prog_w(rg_rv64_encode_lui(12, UART));
	prog_w(rg_rv64_encode_addi(14, 0, 16));
	loop = prog_at;
	prog_w(rg_rv64_encode_srli(11, 10, 60));
	prog_w(rg_rv64_encode_slli(10, 10, 4));
	prog_w(rg_rv64_encode_sltiu(13, 11, 10));
	prog_w(rg_rv64_encode_addi(11, 11, 'a' - 10));
	prog_w(rg_rv64_encode_sub(13, 0, 13));
	prog_w(rg_rv64_encode_andi(13, 13, '0' - 'a' + 10));
	prog_w(rg_rv64_encode_add(11, 11, 13));
	prog_w(rg_rv64_encode_sb(11, 0, 12));
	prog_w(rg_rv64_encode_addi(14, 14, -1));
	prog_w(rg_rv64_encode_bne(14, 0, (int32_t)(loop - prog_at)));
	prog_w(rg_rv64_encode_addi(11, 0, '\n'));
	prog_w(rg_rv64_encode_sb(11, 0, 12));
	prog_w(rg_rv64_encode_csrrw(31, PROG_MSCRATCH, 31));
	prog_w(rg_rv64_encode_jalr(0, 0, 29));
}

/* ---- structure */

static void fault(void)
{
	const unsigned r = prog_target();

	switch (prog_below(8)) {
	case 0:
		prog_w(rg_rv64_encode_ecall());
		return;
	case 1:
		prog_w(prog_below(2) ? rg_rv64_encode_ebreak() : rg_rv64_encode_c_ebreak());
		return;
	case 2:
		prog_w(prog_below(2) ? 0u : 0xc0001073u);
		return;
	case 3:		/* a reserved rounding mode */
		prog_w(rg_rv64_encode_fadd_d(r, prog_below(32), prog_below(32), 5));
		return;
	case 4:
		if (prog_old_only)	/* QEMU 7.2 executes it */
			return;
		prog_w(rg_rv64_encode_addi(29, 31, 4 * (int32_t)prog_below(400) + 2));
		prog_w(prog_below(2) ? rg_rv64_encode_amoadd_w(0, r, prog_register(), 29)
			   : rg_rv64_encode_amoxor_d(0, r, prog_register(), 29));
		return;
	case 5:
		prog_w(rg_rv64_encode_lui(29, PROG_NOTHING));
		prog_w(rg_rv64_encode_ld(r, 8 * (int32_t)prog_below(200), 29));
		return;
	case 6:
		prog_w(rg_rv64_encode_lui(29, PROG_NOTHING));
		prog_w(rg_rv64_encode_sw(r, 4 * (int32_t)prog_below(200), 29));
		return;
	default:	/* a dynamic mode that is reserved */
		prog_w(rg_rv64_encode_csrrwi(0, 2, 5 + prog_below(3)));
		prog_w(rg_rv64_encode_fmul_s(prog_below(32), prog_below(32), prog_below(32), 7));
		prog_w(rg_rv64_encode_csrrwi(r, 2, prog_below(5)));
	}
}

static void piece(void)
{
	switch (prog_below(12)) {
	case 0:
	case 1:
		prog_forward_branch();
		break;
	case 2:
		prog_jump();
		break;
	case 3:
		if (prog_below(2))
			prog_pair();
		else
			prog_w(rg_rv64_encode_csrrw(prog_target(), 1 + prog_below(3),
					       prog_below(2) ? 0 : prog_register()));
		break;
	case 4:
		if (prog_below(3) == 0)
			fault();
		break;
	default:
		prog_straight(1 + prog_below(8));
	}
}

static void loop(void)
{
	uint64_t top;

	prog_w(rg_rv64_encode_addi(30, 0, (int32_t)(2 + prog_below(40))));
	top = prog_at;
	for (unsigned n = 1 + prog_below(5); n && prog_at - top < 1500; n--)
		piece();
	prog_w(rg_rv64_encode_addi(30, 30, -1));
	prog_w(rg_rv64_encode_bne(30, 0, (int32_t)(top - prog_at)));
}

static void memory_loop(void)
{
	static const struct prog_edge edges[] = {
		{ PAGES + 8 * 4096, NEAR, NEAR, true },
		{ PAGES + 8 * 4096 - 4, NEAR, NEAR, true },
		{ MEMORY_END, NEAR, NEAR, true },
		{ MEMORY_END, NEAR, NEAR, true },
		{ PROG_BASE, NEAR, NEAR, false },
		{ 0, NEAR, 0x1000, false },
		{ AREA, NEAR, NEAR, false },
	};

	prog_memory_loop(edges, sizeof(edges) / sizeof(edges[0]), CELLS, 30);
}

/* Registers come from a table in front of the program. */
static void program(void)
{
	uint64_t over = prog_at, table;

	prog_w(0x13);
	prog_at = (prog_at + 7) & ~UINT64_C(7);
	table = prog_at;
	for (unsigned k = 0; k < 32; k++) {
		const uint64_t v = conf_int(&prog_seed);

		prog_put(&v, 8);
	}
	for (unsigned k = 0; k < 32; k++) {
		const struct conf_format *m = conf_format(16u << prog_below(3));
		const uint64_t v = conf_fp(m, &prog_seed) | ~conf_ones(m->bits);

		prog_put(&v, 8);
	}
	prog_patch(over, rg_rv64_encode_jal(0, (int32_t)(prog_at - over)));
	prog_address(31, PROG_BASE + table);
	for (unsigned k = 0; k < 32; k++)
		prog_w(rg_rv64_encode_fld(k, 256 + 8 * (int)k, 31));
	for (unsigned k = 1; k < 29; k++)
		prog_w(rg_rv64_encode_ld(k, 8 * (int)k, 31));
	prog_w(rg_rv64_encode_csrrwi(0, PROG_FCSR, prog_below(32)));
	prog_w(rg_rv64_encode_csrrwi(0, 2, prog_below(5)));
	prog_w(rg_rv64_encode_addi(29, 0, 0));
	prog_w(rg_rv64_encode_addi(30, 0, 0));
	prog_address(31, MIDDLE);
	prog_w(rg_rv64_encode_addi(2, 31, 0));
	prog_w(rg_rv64_encode_addi(15, 31, 0));
	for (over = prog_at; prog_at - over < 4 * CODE;) {
		if (loops && prog_below(2))
			memory_loop();
		else if (prog_below(4))
			piece();
		else
			loop();
	}
	prog_address(29, PROG_BASE + digest);
	prog_w(rg_rv64_encode_jalr(29, 0, 29));
}

static void harness(unsigned programs)
{
	const uint64_t start = prog_at;

	prog_w(0x13);
	make_handler();
	make_digest();
	prog_patch(start, rg_rv64_encode_jal(0, (int32_t)(prog_at - start)));
	prog_w(rg_rv64_encode_csrrs(10, PROG_MHARTID, 0));
	prog_w(rg_rv64_encode_bne(10, 0, 0));	/* other harts stay here */
	prog_address(10, PROG_BASE + handler);
	prog_w(rg_rv64_encode_csrrw(0, PROG_MTVEC, 10));
	prog_address(10, AREA);
	prog_w(rg_rv64_encode_csrrw(0, PROG_MSCRATCH, 10));
	prog_w(rg_rv64_encode_lui(10, 6));
	prog_w(rg_rv64_encode_csrrs(0, PROG_MSTATUS, 10));
	while (programs--)
		program();
	prog_w(rg_rv64_encode_lui(10, POWER));
	prog_w(rg_rv64_encode_lui(11, 5));
	prog_w(rg_rv64_encode_addi(11, 11, 0x555));
	prog_w(rg_rv64_encode_sw(11, 0, 10));
	prog_w(rg_rv64_encode_jal(0, 0));
}

int main(int argc, char **argv)
{
	unsigned programs = 100;
	int opt;

	while ((opt = getopt(argc, argv, "s:n:pm")) != -1) {
		if (opt == 's')
			prog_seed = strtoull(optarg, NULL, 0);
		else if (opt == 'n')
			programs = (unsigned)strtoul(optarg, NULL, 0);
		else if (opt == 'p')
			prog_old_only = true;
		else if (opt == 'm')
			loops = true;
		else
			return 2;
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "usage: progs [-s SEED] [-n PROGRAMS] [-p] [-m] FILE\n");
		return 2;
	}
	prog_end = AREA - PROG_BASE;
	prog_choose();
	harness(programs);
	prog_drop();
	return prog_write(argv[optind], prog_at, PAGES + 0x10000 - PROG_BASE);
}
