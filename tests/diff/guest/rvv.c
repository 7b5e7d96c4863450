/* rvv.c - runs vector cases on a RISC-V processor. SPDX-License-Identifier: MIT
 *
 *	rvv VLEN	writes the hash of each case's result, 8 bytes each
 *	rvv VLEN CASE	prints one case and its result
 *	rvv VLEN names	prints the instruction of each case
 *
 * A static program for user mode. No V in the compiler's options: handlers of
 * signals must not touch vectors, which an emulator keeps across them.
 */
#define _GNU_SOURCE 1
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "tests/conf/rvv.h"

struct ctx {
	uint64_t avl, vtype, vstart, fcsr, x10, x11;
	const void *v_in;
	void *v_out;
	const void *code;
	uint64_t out_vl, out_vtype, out_vstart, out_fcsr, out_x12;
};

void rvv_run(struct ctx *c);
extern const char rvv_after[];

/* vl8re8.v and vs8r.v of v0, v8, v16, v24 at a1; a2: bytes of eight registers */
#define EIGHT(word) \
	"	.4byte " word " + (0 << 7)\n	add a1, a1, a2\n" \
	"	.4byte " word " + (8 << 7)\n	add a1, a1, a2\n" \
	"	.4byte " word " + (16 << 7)\n	add a1, a1, a2\n" \
	"	.4byte " word " + (24 << 7)\n"

__asm__(
	".text\n.globl rvv_run\n.globl rvv_after\n"
	"rvv_run:\n"
	"	addi sp, sp, -32\n	sd ra, 0(sp)\n	sd s0, 8(sp)\n	sd s1, 16(sp)\n"
	"	mv s0, a0\n	la s1, rvv_after\n"
	"	csrr a2, 0xc22\n	slli a2, a2, 3\n"
	"	ld a1, 48(s0)\n"
	EIGHT("0xe2858007")
	"	ld a3, 0(s0)\n	ld a4, 8(s0)\n"
	"	.4byte 0x80e6f6d7\n"		/* vsetvl a3, a3, a4 */
	"	ld a3, 24(s0)\n	fscsr a3\n"
	"	ld a3, 16(s0)\n	csrw 0x008, a3\n"
	"	ld a0, 32(s0)\n	ld a1, 40(s0)\n	ld a4, 64(s0)\n"
	"	li a2, 0x1212121212121212\n"
	"	jr a4\n"
	"rvv_after:\n"
	"	sd a2, 104(s0)\n"
	"	csrr a3, 0x008\n	sd a3, 88(s0)\n	csrw 0x008, x0\n"
	"	csrr a3, 0xc20\n	sd a3, 72(s0)\n"
	"	csrr a3, 0xc21\n	sd a3, 80(s0)\n"
	"	frcsr a3\n	sd a3, 96(s0)\n"
	"	csrr a2, 0xc22\n	slli a2, a2, 3\n"
	"	ld a1, 56(s0)\n"
	EIGHT("0xe2858027")
	"	ld ra, 0(sp)\n	ld s0, 8(sp)\n	ld s1, 16(sp)\n	addi sp, sp, 32\n"
	"	ret\n");

static volatile uint64_t outcome, addr;

static void on_signal(int sig, siginfo_t *info, void *uc)
{
	ucontext_t *u = uc;

	outcome = sig == SIGILL ? RVV_ILLEGAL : RVV_FAULT;
	addr = sig == SIGILL ? 0 : (uint64_t)info->si_addr;
	u->uc_mcontext.__gregs[REG_PC] = (uint64_t)rvv_after;
}

static void run(const struct rvv_case *c, struct rvv_result *r, uint32_t *code)
{
	struct ctx x = { c->avl, c->vtype, c->vstart, c->fcsr, c->x10, c->x11,
			 c->v, r->v, code, 0, 0, 0, 0, 0 };

	memset(r, 0, sizeof(*r));
	code[0] = c->word;
	code[1] = 0x00048067;	/* jr s1 */
	__builtin___clear_cache((char *)code, (char *)(code + 2));
	outcome = RVV_DONE;
	addr = 0;
	rvv_run(&x);
	r->outcome = outcome;
	r->addr = addr;
	r->vl = x.out_vl;
	r->vtype = x.out_vtype;
	/* The manual resets it ("Vector Start Index CSR vstart"); QEMU 7.2 does not
	 * where there are no lanes, and in vslideup. */
	r->vstart = outcome == RVV_DONE ? 0 : x.out_vstart;
	r->fcsr = x.out_fcsr;
	r->x12 = x.out_x12;
}

int main(int argc, char **argv)
{
	struct sigaction act = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	const unsigned vlen = argc > 1 ? (unsigned)atoi(argv[1]) : 0;
	static struct rvv_case c;
	static struct rvv_result r;
	static char text[20000];
	const bool names = argc > 2 && !strcmp(argv[2], "names");
	void *code, *data;
	uint64_t hash;

	code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	data = mmap((void *)(uintptr_t)RVV_DATA, RVV_DATA_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (!vlen || code == MAP_FAILED || data == MAP_FAILED)
		return 2;
	rvv_data(data);
	sigaction(SIGILL, &act, NULL);
	sigaction(SIGSEGV, &act, NULL);
	for (unsigned k = 0; k < RVV_CASES; k++) {
		if (!names && argc > 2 && k != (unsigned)atoi(argv[2]))
			continue;
		rvv_case(&c, vlen, k);
		if (names) {
			puts(c.insn);
			continue;
		}
		run(&c, &r, code);
		hash = rvv_hash(&r, vlen);
		if (argc > 2) {
			rvv_print(text, sizeof(text), &c, &r, vlen);
			fputs(text, stdout);
		} else if (fwrite(&hash, 8, 1, stdout) != 1) {
			return 1;
		}
	}
	return fflush(stdout) ? 1 : 0;
}
