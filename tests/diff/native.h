/* native.h - the host's own processor as an oracle. SPDX-License-Identifier: MIT
 *
 * Runs a few instruction bytes once in a worker process, from a whole given
 * state, and reports the whole state behind them. The worker is its own signal
 * handler: a case's registers are put into the frame of the last signal,
 * sigreturn loads all of them at once, and the case ends in a signal whatever
 * it does, since nothing can be executed behind it: its bytes end at the end
 * of a page, the next page is a hole, the rest of its own page is HLT.
 *
 * The worker may be killed by what it executes, or hang: it is restarted, the
 * case says so. System calls from the code page are stopped by seccomp.
 * x86-64 Linux only; elsewhere rx_native_new() fails with a reason.
 */
#ifndef TESTS_DIFF_NATIVE_H
#define TESTS_DIFF_NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- where things are (as in tests/conf/case.h): code, and memory that
 * starts as zeros, or as rx_native_background() says */

#define RX_NATIVE_CODE_END UINT64_C(0x80001000)	/* the code page ends, a hole */
#define RX_NATIVE_LOW UINT64_C(0x80400000)	/* read, write; holes around */
#define RX_NATIVE_CONST UINT64_C(0x2a5800000000)	/* read only, zeros; likewise */
#define RX_NATIVE_HIGH UINT64_C(0x2a5000000000)	/* read, write; likewise */
#define RX_NATIVE_LOW_SIZE 0x2000
#define RX_NATIVE_CONST_SIZE 0x1000
#define RX_NATIVE_HIGH_SIZE 0x2000
#define RX_NATIVE_HOLE UINT64_C(0x90000000)	/* more of nothing */

/* ---- the processor */

struct rx_native_cpu {
	char vendor[13];	/* "GenuineIntel" */
	char name[96];		/* brand string, family, model, stepping */
	uint64_t xcr0;		/* as XGETBV says; 0 without OSXSAVE */
};

/* What CPUID and XGETBV say. False: no x86-64 host. */
bool rx_native_cpu(struct rx_native_cpu *cpu);
/*
 * Can this process use an extension, by the name that Intel's manuals give its
 * CPUID bit ("AVX512_VBMI", "SSE4.1")? What needs registers that the system
 * does not save is not there. Unknown names are not there.
 */
bool rx_native_has(const char *feature);
/* The n-th name that rx_native_has() knows, NULL behind the last. */
const char *rx_native_feature(unsigned n);

/* ---- state */

enum { RX_NATIVE_AX, RX_NATIVE_CX, RX_NATIVE_DX, RX_NATIVE_BX, RX_NATIVE_SP,
       RX_NATIVE_BP, RX_NATIVE_SI, RX_NATIVE_DI };

struct rx_native_state {
	uint64_t gpr[16];
	uint64_t rip;		/* of a result only */
	uint64_t rflags;
	uint64_t fs_base, gs_base;	/* canonical, of user space */
	uint16_t cs;		/* of a result; a case has its mode's */
	uint16_t fcw, fsw, fop;
	uint8_t ftw;		/* abridged: bit n is set: R(n) is not empty */
	uint32_t mxcsr;		/* reserved bits are zero */
	uint64_t fip, fdp;
	uint8_t st[8][16];	/* ST(0) up, 10 bytes each */
	uint64_t k[8];
	uint8_t zmm[32][64];
};

/* Bytes of memory. */
struct rx_native_mem {
	uint64_t at;
	uint32_t size, offset;	/* bytes, and where in data[] */
};

#define RX_NATIVE_CODE 64	/* bytes of code, at most */
#define RX_NATIVE_PATCHES 8
#define RX_NATIVE_DATA 2048

struct rx_native_case {
	uint8_t code[RX_NATIVE_CODE];
	uint8_t len;		/* the code ends at RX_NATIVE_CODE_END */
	uint8_t mode;		/* 64, or 32, 16: compatibility mode */
	uint8_t npatches;
	struct rx_native_state in;
	struct rx_native_mem patch[RX_NATIVE_PATCHES];	/* in LOW and HIGH */
	uint8_t data[RX_NATIVE_DATA];
};

enum rx_native_outcome {
	RX_NATIVE_NEXT,		/* went on at the end of the code */
	RX_NATIVE_JUMP,		/* went on at out.rip */
	RX_NATIVE_FAULT,	/* vector, error, cr2 (of #PF) */
	RX_NATIVE_SYSCALL,	/* asked the system for something, was stopped */
	RX_NATIVE_TIMEOUT,	/* did not end */
	RX_NATIVE_DIED,		/* took the worker with it */
	RX_NATIVE_REFUSED,	/* the case is not sane: nothing was executed */
};

#define RX_NATIVE_CHANGES 64
#define RX_NATIVE_CHANGED 8192

struct rx_native_result {
	enum rx_native_outcome outcome;
	unsigned vector, error;
	uint64_t cr2;
	struct rx_native_state out;	/* of NEXT, JUMP, FAULT */
	/* Runs of memory that is not what it was; more than that: "many". */
	uint8_t nchanges;
	bool many;
	struct rx_native_mem change[RX_NATIVE_CHANGES];
	uint8_t data[RX_NATIVE_CHANGED];
};

/* ---- running */

struct rx_native;

/* A worker, or NULL and why not (a static text). */
struct rx_native *rx_native_new(const char **why);
void rx_native_free(struct rx_native *n);
/* Can cases be of this mode? */
bool rx_native_has_mode(const struct rx_native *n, unsigned mode);
/* What LOW holds before each case, RX_NATIVE_LOW_SIZE bytes; from the next run on. */
void rx_native_background(struct rx_native *n, const uint8_t *low);
/* Runs cases in their order; faster for many at once. False: the worker cannot
 * be started again. */
bool rx_native_run(struct rx_native *n, const struct rx_native_case *cases,
		   unsigned count, struct rx_native_result *results);
/* The state that a process starts with: flags 0x202, x87 and SSE masked. */
void rx_native_init(struct rx_native_state *s);

#endif
