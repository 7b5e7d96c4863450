/* progs.c - writes random programs. SPDX-License-Identifier: MIT
 *
 *	progs [-s SEED] [-n PROGRAMS] [-p] FILE
 *
 * FILE is an ELF image for M-mode on QEMU's `virt` machine or rax's
 * riscv-virt. It runs the programs one after another and prints a digest of
 * each one's final registers, memory and exceptions on the UART, then powers
 * off. -p: only instructions that QEMU 7.2 has and does right.
 *
 * A program is random instructions (weighted towards those that compilers
 * emit, and towards a few registers, so that values flow) in loops and under
 * forward branches, with calls, LR/SC pairs and faults. The handler counts an
 * exception in and goes on behind it. Kept by the harness: x2, x15 and x31,
 * which point to the middle of the window, x30, loops, and x29, scratch.
 */
#include <elf.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rv64/decode.h"
#include "rv64/encode.h"
#include "tests/conf/state.h"
#include "tests/conf/values.h"
#include "tests/conf/words.h"

#define BASE UINT64_C(0x80000000)
#define SIZE (16u << 20)
#define AREA (BASE + (8u << 20))	/* the harness's memory */
#define WINDOW (AREA + 0x2000)		/* 4 KiB, pointed at in the middle */
#define MIDDLE (WINDOW + 0x800)
#define NOTHING 0x1800			/* lui: addresses where nothing is */
#define UART 0x10000
#define POWER 0x100
#define CODE 520			/* instructions of a program, about */

enum { MSTATUS = 0x300, MTVEC = 0x305, MSCRATCH = 0x340, MEPC = 0x341,
       MCAUSE = 0x342, MTVAL = 0x343, FCSR = 3, MHARTID = 0xf14 };

/* ---- the image */

static uint8_t image[SIZE];
static uint64_t at;		/* offset of the next byte */
static uint64_t seed;
static bool old_only;

static void fail(const char *what)
{
	fprintf(stderr, "progs: %s\n", what);
	exit(2);
}

static void put(const void *p, size_t n)
{
	if (at + n > AREA - BASE)
		fail("too many programs for one image");
	memcpy(image + at, p, n);
	at += n;
}

static void w(uint32_t word)
{
	put(&word, (word & 3) == 3 ? 4 : 2);
}

static void patch(uint64_t where, uint32_t word)
{
	memcpy(image + where, &word, (word & 3) == 3 ? 4 : 2);
}

/* An address below 4 GiB in a register. */
static void load_address(unsigned r, uint64_t a)
{
	w(rg_rv64_encode_lui(r, (uint32_t)((a + 0x800) >> 12)));
	w(rg_rv64_encode_addiw(r, r, (int32_t)(a << 52 >> 52 << 20) >> 20));
	w(rg_rv64_encode_slli(r, r, 32));
	w(rg_rv64_encode_srli(r, r, 32));
}

static unsigned below(unsigned n)
{
	return (unsigned)(conf_draw(&seed) >> 33) % n;
}

/* ---- the harness. AREA: x at 0, f at 256, fcsr at 512, exceptions at 520,
 * temporaries at 600 */

#define AREA_FCSR 512
#define AREA_TRAPS 520
#define AREA_TMP 600
#define WORDS (AREA_TRAPS / 8 + 1)

static uint64_t handler, digest;

/* h = (h ^ v) * odd, x10 = h, x11 = v, x12 = odd */
static void mix(void)
{
	w(rg_rv64_encode_xor(10, 10, 11));
	w(rg_rv64_encode_mul(10, 10, 12));
	w(rg_rv64_encode_srli(11, 10, 29));
	w(rg_rv64_encode_xor(10, 10, 11));
}

static void load_odd(void)
{
	w(rg_rv64_encode_lui(12, 0x9e377));
	w(rg_rv64_encode_addi(12, 12, 0x1b1));
}

static const unsigned saved[] = { 10, 11, 12, 13 };

/* mepc goes behind the instruction; cause, place and (where it is an address)
 * mtval are mixed into the sum of exceptions. */
static void make_handler(void)
{
	uint64_t skip;

	handler = at;
	w(rg_rv64_encode_csrrw(31, MSCRATCH, 31));
	for (unsigned k = 0; k < 4; k++)
		w(rg_rv64_encode_sd(saved[k], AREA_TMP + 8 * (int)k, 31));
	load_odd();
	w(rg_rv64_encode_ld(10, AREA_TRAPS, 31));
	w(rg_rv64_encode_csrrs(11, MCAUSE, 0));
	w(rg_rv64_encode_addi(13, 11, 0));
	mix();
	w(rg_rv64_encode_csrrs(11, MEPC, 0));
	mix();
	w(rg_rv64_encode_addi(13, 13, -4));
	w(rg_rv64_encode_sltiu(13, 13, 4));
	w(rg_rv64_encode_sub(13, 0, 13));
	w(rg_rv64_encode_csrrs(11, MTVAL, 0));
	w(rg_rv64_encode_and(11, 11, 13));
	mix();
	w(rg_rv64_encode_sd(10, AREA_TRAPS, 31));
	w(rg_rv64_encode_csrrs(11, MEPC, 0));
	w(rg_rv64_encode_lhu(13, 0, 11));
	w(rg_rv64_encode_andi(13, 13, 3));
	w(rg_rv64_encode_addi(13, 13, -3));
	w(rg_rv64_encode_addi(11, 11, 2));
	skip = at;
	w(0x13);
	w(rg_rv64_encode_addi(11, 11, 2));
	patch(skip, rg_rv64_encode_bne(13, 0, (int32_t)(at - skip)));
	w(rg_rv64_encode_csrrw(0, MEPC, 11));
	for (unsigned k = 0; k < 4; k++)
		w(rg_rv64_encode_ld(saved[k], AREA_TMP + 8 * (int)k, 31));
	w(rg_rv64_encode_csrrw(31, MSCRATCH, 31));
	w(rg_rv64_encode_mret());
}

/* Mixes n doublewords at x13. */
static void mix_words(unsigned n)
{
	uint64_t loop;

	w(rg_rv64_encode_addi(14, 0, (int32_t)n));
	loop = at;
	w(rg_rv64_encode_ld(11, 0, 13));
	mix();
	w(rg_rv64_encode_addi(13, 13, 8));
	w(rg_rv64_encode_addi(14, 14, -1));
	w(rg_rv64_encode_bne(14, 0, (int32_t)(loop - at)));
}

/* Called with x29: prints the digest as 16 hexadecimal digits and a newline. */
static void make_digest(void)
{
	uint64_t loop;

	digest = at;
	w(rg_rv64_encode_csrrw(31, MSCRATCH, 31));
	for (unsigned k = 1; k < 31; k++)
		w(rg_rv64_encode_sd(k, 8 * (int)k, 31));
	w(rg_rv64_encode_csrrs(11, FCSR, 0));
	w(rg_rv64_encode_sd(11, AREA_FCSR, 31));
	for (unsigned k = 0; k < 32; k++)
		w(rg_rv64_encode_fsd(k, 256 + 8 * (int)k, 31));
	load_odd();
	w(rg_rv64_encode_addi(10, 0, 0));
	w(rg_rv64_encode_addi(13, 31, 0));
	mix_words(WORDS);
	load_address(13, WINDOW);
	mix_words(512);
	w(rg_rv64_encode_lui(12, UART));
	w(rg_rv64_encode_addi(14, 0, 16));
	loop = at;
	w(rg_rv64_encode_srli(11, 10, 60));
	w(rg_rv64_encode_slli(10, 10, 4));
	w(rg_rv64_encode_sltiu(13, 11, 10));
	w(rg_rv64_encode_addi(11, 11, 'a' - 10));
	w(rg_rv64_encode_sub(13, 0, 13));
	w(rg_rv64_encode_andi(13, 13, '0' - 'a' + 10));
	w(rg_rv64_encode_add(11, 11, 13));
	w(rg_rv64_encode_sb(11, 0, 12));
	w(rg_rv64_encode_addi(14, 14, -1));
	w(rg_rv64_encode_bne(14, 0, (int32_t)(loop - at)));
	w(rg_rv64_encode_addi(11, 0, '\n'));
	w(rg_rv64_encode_sb(11, 0, 12));
	w(rg_rv64_encode_csrrw(31, MSCRATCH, 31));
	w(rg_rv64_encode_jalr(0, 0, 29));
}

/* ---- random instructions */

static const struct conf_insn **often, **seldom;
static unsigned noften, nseldom;

static bool left_out(const struct conf_insn *d)
{
	static const char *const newer[] = { "rv_f_zfa", "rv_d_zfa", "rv_zfh_zfa",
		"rv_zicond", "rv_zcb", "rv64_zcb", "rv_zawrs", "rv_zicbo" };
	const bool fence = !strncmp(d->name, "fence", 5);

	if (d->skip || d->flow != CONF_NEXT || d->nchoices || (d->partly && !fence))
		return true;
	/* traps on purpose are made elsewhere; LR and SC come in pairs */
	if (!strcmp(d->name, "ebreak") || !strncmp(d->name, "c.ebreak", 8) ||
	    !strcmp(d->name, "unimp") || !strcmp(d->name, "c.unimp") ||
	    !strncmp(d->name, "lr.", 3) || !strncmp(d->name, "sc.", 3))
		return true;
	for (size_t k = 0; old_only && k < sizeof(newer) / sizeof(newer[0]); k++)
		if (!strcmp(d->extension, newer[k]))
			return true;
	return old_only && !strcmp(d->name, "ctzw");
}

static void choose_instructions(void)
{
	often = calloc(2 * rg_rv64_conf.ninsns, sizeof(*often));
	if (!often)
		fail("out of memory");
	seldom = often + rg_rv64_conf.ninsns;
	for (unsigned k = 0; k < rg_rv64_conf.ninsns; k++) {
		const struct conf_insn *d = &rg_rv64_conf.insns[k];
		const char *e = d->extension;

		if (left_out(d))
			continue;
		if (!strcmp(e, "rv_i") || !strcmp(e, "rv64_i") || !strcmp(e, "rv_c") ||
		    !strcmp(e, "rv64_c") || !strcmp(e, "rv_zba") ||
		    !strcmp(d->name, "mul") || !strcmp(d->name, "fld") ||
		    !strcmp(d->name, "fsd"))
			often[noften++] = d;
		else
			seldom[nseldom++] = d;
	}
}

static bool kept(unsigned reg)
{
	return reg == 2 || reg == 15 || reg >= 29;
}

static bool decodes(const struct conf_insn *d, uint32_t word, struct rx_insn *i)
{
	memset(i, 0, sizeof(*i));
	return rg_rv64_decode(0, (const uint8_t *)&word, d->length, i) == d->length &&
	       i->id && &rg_rv64_conf.insns[i->id - 1] == d;
}

/* Half of the fields that may be registers name one of a few. */
static uint32_t narrow(const struct conf_insn *d, uint32_t word)
{
	for (unsigned k = 0; k < d->nfields; k++) {
		const unsigned width = d->fields[k].hi - d->fields[k].lo + 1u;
		const unsigned n = below(6);

		if ((width == 5 || width == 3) && below(2))
			word = conf_put_field(word, &d->fields[k], width == 5 ? 8 + n : n);
	}
	return word;
}

/* It writes none of the registers that are kept. */
static bool acceptable(const struct conf_insn *d, uint32_t word)
{
	struct rx_insn i;

	if (!decodes(d, word, &i))
		return false;
	for (unsigned k = 0; k < d->noperands; k++) {
		const struct conf_operand *o = &d->operands[k];
		struct conf_place p;

		if (o->written && conf_operand_place(&rg_rv64_conf, o, &i, &p) &&
		    p.file == 0 && kept(p.element))
			return false;
	}
	return true;
}

static bool based_on(const struct conf_insn *d, uint32_t word, unsigned reg)
{
	struct conf_place p;
	struct rx_insn i;

	return decodes(d, word, &i) &&
	       conf_term_place(&rg_rv64_conf, d, &i, d->accesses->terms, &p) &&
	       p.element == reg;
}

/* The word with another register that its address begins with. */
static uint32_t rebase(const struct conf_insn *d, uint32_t word, unsigned reg)
{
	for (unsigned k = 0; k < d->nfields; k++) {
		const unsigned width = d->fields[k].hi - d->fields[k].lo + 1u;
		const uint32_t v = conf_put_field(word, &d->fields[k],
						  width == 3 ? reg - 8 : reg);

		/* and it was this field that says so */
		if ((width == 5 || width == 3) && based_on(d, v, reg) &&
		    !based_on(d, conf_put_field(v, &d->fields[k], 0), reg))
			return v;
	}
	return word;
}

static bool has_offset(const struct conf_insn *d)
{
	return d->accesses->nterms > 1;
}

/* Its address in the window: an aligned one in x29 for those that have no
 * offset, else a kept register that fits in the encoding. */
static uint32_t aim(const struct conf_insn *d, uint32_t word)
{
	uint32_t wide;

	if (!has_offset(d)) {
		w(rg_rv64_encode_addi(29, 31, (int32_t)below(448) * 8 - 1984));
		return rebase(d, word, 29);
	}
	if (based_on(d, word, 2))
		return word;
	wide = rebase(d, word, 31);
	return based_on(d, wide, 31) ? wide : rebase(d, word, 15);
}

static void one(const struct conf_insn *d)
{
	uint32_t word;
	unsigned tries = 0;

	do {
		if (tries++ > 200)
			return;
		word = narrow(d, conf_random_word(d, &seed));
		if (d->naccesses && has_offset(d))
			word = aim(d, word);
	} while (!acceptable(d, word));
	if (d->naccesses && !has_offset(d))
		word = aim(d, word);
	w(word);
}

static void any(void)
{
	if (below(10) < 6)
		one(often[below(noften)]);
	else
		one(seldom[below(nseldom)]);
}

/* ---- structure */

static unsigned some_register(void)
{
	return below(3) ? 8 + below(6) : 1 + below(28);
}

static unsigned target_register(void)
{
	unsigned r;

	do
		r = some_register();
	while (kept(r));
	return r;
}

static void straight(unsigned n)
{
	while (n--)
		any();
}

static void forward_branch(void)
{
	const unsigned a = some_register(), b = some_register(), kind = below(8);
	const uint64_t from = at;
	int32_t off;

	w(kind < 6 ? UINT32_C(0x13) : UINT32_C(0x1));
	straight(1 + below(6));
	off = (int32_t)(at - from);
	switch (kind) {
	case 0:
		patch(from, rg_rv64_encode_beq(a, b, off));
		break;
	case 1:
		patch(from, rg_rv64_encode_bne(a, b, off));
		break;
	case 2:
		patch(from, rg_rv64_encode_blt(a, b, off));
		break;
	case 3:
		patch(from, rg_rv64_encode_bge(a, b, off));
		break;
	case 4:
		patch(from, rg_rv64_encode_bltu(a, b, off));
		break;
	case 5:
		patch(from, rg_rv64_encode_bgeu(a, b, off));
		break;
	case 6:
		patch(from, rg_rv64_encode_c_beqz(8 + below(8), off));
		break;
	default:
		patch(from, rg_rv64_encode_c_bnez(8 + below(8), off));
	}
}

/* Over some instructions, by each kind of jump. */
static void jump(void)
{
	const uint64_t from = at;
	const unsigned kind = below(5);

	if (kind > 1)
		w(rg_rv64_encode_auipc(29, 0));
	w(kind == 0 ? 1u : 0x13);
	if (kind == 4)
		w(1);
	straight(below(4));
	switch (kind) {
	case 0:
		patch(from, rg_rv64_encode_c_j((int32_t)(at - from)));
		break;
	case 1:
		patch(from, rg_rv64_encode_jal(29, (int32_t)(at - from)));
		break;
	case 2:
		patch(from + 4, rg_rv64_encode_jalr(29, (int32_t)(at - from), 29));
		break;
	case 3:
		patch(from + 4, rg_rv64_encode_jalr(target_register(),
						    (int32_t)(at - from), 29));
		break;
	default:
		patch(from + 4, rg_rv64_encode_addi(29, 29, (int32_t)(at - from)));
		patch(from + 8, below(2) ? rg_rv64_encode_c_jr(29)
					 : rg_rv64_encode_c_jalr(29));
	}
}

static void pair(void)
{
	const unsigned data = some_register(), old = target_register();
	const unsigned status = target_register();

	w(rg_rv64_encode_addi(29, 31, (int32_t)below(448) * 8 - 1984));
	if (below(2)) {
		w(rg_rv64_encode_lr_d(0, old, 29));
		w(rg_rv64_encode_add(target_register(), old, data));
		w(rg_rv64_encode_sc_d(0, status, data, 29));
	} else {
		w(rg_rv64_encode_lr_w(0, old, 29));
		w(rg_rv64_encode_xor(target_register(), old, data));
		w(rg_rv64_encode_sc_w(0, status, data, 29));
	}
	if (below(3) == 0)	/* now nothing is reserved */
		w(rg_rv64_encode_sc_d(0, status, data, 29));
}

static void fault(void)
{
	const unsigned r = target_register();

	switch (below(8)) {
	case 0:
		w(rg_rv64_encode_ecall());
		return;
	case 1:
		w(below(2) ? rg_rv64_encode_ebreak() : rg_rv64_encode_c_ebreak());
		return;
	case 2:
		w(below(2) ? 0u : 0xc0001073u);
		return;
	case 3:		/* a reserved rounding mode */
		w(rg_rv64_encode_fadd_d(r, below(32), below(32), 5));
		return;
	case 4:
		if (old_only)	/* QEMU 7.2 executes it */
			return;
		w(rg_rv64_encode_addi(29, 31, 4 * (int32_t)below(400) + 2));
		w(below(2) ? rg_rv64_encode_amoadd_w(0, r, some_register(), 29)
			   : rg_rv64_encode_amoxor_d(0, r, some_register(), 29));
		return;
	case 5:
		w(rg_rv64_encode_lui(29, NOTHING));
		w(rg_rv64_encode_ld(r, 8 * (int32_t)below(200), 29));
		return;
	case 6:
		w(rg_rv64_encode_lui(29, NOTHING));
		w(rg_rv64_encode_sw(r, 4 * (int32_t)below(200), 29));
		return;
	default:	/* a dynamic mode that is reserved */
		w(rg_rv64_encode_csrrwi(0, 2, 5 + below(3)));
		w(rg_rv64_encode_fmul_s(below(32), below(32), below(32), 7));
		w(rg_rv64_encode_csrrwi(r, 2, below(5)));
	}
}

static void piece(void)
{
	switch (below(12)) {
	case 0:
	case 1:
		forward_branch();
		break;
	case 2:
		jump();
		break;
	case 3:
		if (below(2))
			pair();
		else
			w(rg_rv64_encode_csrrw(target_register(), 1 + below(3),
					       below(2) ? 0 : some_register()));
		break;
	case 4:
		if (below(3) == 0)
			fault();
		break;
	default:
		straight(1 + below(8));
	}
}

static void loop(void)
{
	uint64_t top;

	w(rg_rv64_encode_addi(30, 0, (int32_t)(2 + below(40))));
	top = at;
	for (unsigned n = 1 + below(5); n && at - top < 1500; n--)
		piece();
	w(rg_rv64_encode_addi(30, 30, -1));
	w(rg_rv64_encode_bne(30, 0, (int32_t)(top - at)));
}

/* Registers come from a table in front of the program. */
static void program(void)
{
	uint64_t over = at, table;

	w(0x13);
	at = (at + 7) & ~UINT64_C(7);
	table = at;
	for (unsigned k = 0; k < 32; k++) {
		const uint64_t v = conf_int(&seed);

		put(&v, 8);
	}
	for (unsigned k = 0; k < 32; k++) {
		const struct conf_format *m = conf_format(16u << below(3));
		const uint64_t v = conf_fp(m, &seed) | ~conf_ones(m->bits);

		put(&v, 8);
	}
	patch(over, rg_rv64_encode_jal(0, (int32_t)(at - over)));
	load_address(31, BASE + table);
	for (unsigned k = 0; k < 32; k++)
		w(rg_rv64_encode_fld(k, 256 + 8 * (int)k, 31));
	for (unsigned k = 1; k < 29; k++)
		w(rg_rv64_encode_ld(k, 8 * (int)k, 31));
	w(rg_rv64_encode_csrrwi(0, FCSR, below(32)));
	w(rg_rv64_encode_csrrwi(0, 2, below(5)));
	w(rg_rv64_encode_addi(29, 0, 0));
	w(rg_rv64_encode_addi(30, 0, 0));
	load_address(31, MIDDLE);
	w(rg_rv64_encode_addi(2, 31, 0));
	w(rg_rv64_encode_addi(15, 31, 0));
	for (over = at; at - over < 4 * CODE;) {
		if (below(4))
			piece();
		else
			loop();
	}
	load_address(29, BASE + digest);
	w(rg_rv64_encode_jalr(29, 0, 29));
}

static void harness(unsigned programs)
{
	const uint64_t start = at;

	w(0x13);
	make_handler();
	make_digest();
	patch(start, rg_rv64_encode_jal(0, (int32_t)(at - start)));
	w(rg_rv64_encode_csrrs(10, MHARTID, 0));
	w(rg_rv64_encode_bne(10, 0, 0));	/* other harts stay here */
	load_address(10, BASE + handler);
	w(rg_rv64_encode_csrrw(0, MTVEC, 10));
	load_address(10, AREA);
	w(rg_rv64_encode_csrrw(0, MSCRATCH, 10));
	w(rg_rv64_encode_lui(10, 6));
	w(rg_rv64_encode_csrrs(0, MSTATUS, 10));
	while (programs--)
		program();
	w(rg_rv64_encode_lui(10, POWER));
	w(rg_rv64_encode_lui(11, 5));
	w(rg_rv64_encode_addi(11, 11, 0x555));
	w(rg_rv64_encode_sw(11, 0, 10));
	w(rg_rv64_encode_jal(0, 0));
}

static int write_elf(const char *path)
{
	const Elf64_Ehdr e = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = EV_CURRENT,
		.e_entry = BASE, .e_phoff = sizeof(e), .e_ehsize = sizeof(e),
		.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
	};
	const Elf64_Phdr p = {
		.p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X, .p_offset = 0x1000,
		.p_vaddr = BASE, .p_paddr = BASE, .p_filesz = at,
		.p_memsz = WINDOW + 0x2000 - BASE, .p_align = 0x1000,
	};
	static const uint8_t zeros[0x1000 - sizeof(e) - sizeof(p)];
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(&e, sizeof(e), 1, f) != 1 || fwrite(&p, sizeof(p), 1, f) != 1 ||
	    fwrite(zeros, sizeof(zeros), 1, f) != 1 || fwrite(image, at, 1, f) != 1 ||
	    fclose(f)) {
		fprintf(stderr, "progs: %s: cannot be written\n", path);
		return 2;
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned programs = 100;
	int opt;

	while ((opt = getopt(argc, argv, "s:n:p")) != -1) {
		if (opt == 's')
			seed = strtoull(optarg, NULL, 0);
		else if (opt == 'n')
			programs = (unsigned)strtoul(optarg, NULL, 0);
		else if (opt == 'p')
			old_only = true;
		else
			return 2;
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "usage: progs [-s SEED] [-n PROGRAMS] [-p] FILE\n");
		return 2;
	}
	choose_instructions();
	harness(programs);
	free(often);
	return write_elf(argv[optind]);
}
