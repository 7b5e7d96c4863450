/* guest.h - the two halves of an oracle program. SPDX-License-Identifier: MIT
 *
 * A freestanding Linux program for an emulator's user mode: guest.c talks
 * (tests/diff/wire.h) and compares memory, <arch>.c loads a state, runs the
 * code at the end of its page, and takes the state out of the signal in which
 * that always ends.
 */
#ifndef TESTS_DIFF_GUEST_H
#define TESTS_DIFF_GUEST_H

#include <stddef.h>
#include <stdint.h>

#include "tests/diff/wire.h"

void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);

#define GUEST_IMAGE 262144	/* bytes of a state at most */
#define GUEST_FILES 32

/* Of signals: where hardly ever a case's stack pointer points; a signal goes on
 * with one that is there already. */
#ifndef GUEST_STACK
#define GUEST_STACK ((uintptr_t)(sizeof(void *) == 8 ? 0x2a51230000ull : 0xb1230000ull))
#endif
#define GUEST_STACK_SIZE 262144

/* The registers of a file in an image: file is NULL when the host has none. */
struct guest_reg {
	const char *name;
	const struct wire_file *file;
};

/* What one case left behind, but for the image. */
struct guest_end {
	int signal, code;
	uint64_t pc, address;
};

/* ---- guest.c, for <arch>.c */

extern uint8_t guest_in[GUEST_IMAGE], guest_out[GUEST_IMAGE];
/* Ends the program with a message. */
void guest_fail(const char *what) __attribute__((noreturn));
/* Signals that end a case go to this address, on GUEST_STACK. */
void guest_catch(uintptr_t handler);
/* Element n of a register in an image. */
static inline uint8_t *guest_at(uint8_t *image, const struct guest_reg *r, unsigned n)
{
	return image + r->file->at + n * r->file->bytes;
}
/* Numbers of up to 64 bits; 0 and nothing where there is no such element. */
uint64_t guest_get(const struct guest_reg *r, unsigned n);
void guest_put(const struct guest_reg *r, unsigned n, uint64_t v);
/* Moves `size` bytes of element n, zeros behind them. */
void guest_take(void *to, const struct guest_reg *r, unsigned n, size_t size);
void guest_give(const struct guest_reg *r, unsigned n, const void *from, size_t size);

/* The program, called on a stack with nothing behind it. */
void guest_main(void) __attribute__((noreturn));

/* ---- <arch>.c, for guest.c */

extern struct guest_reg guest_regs[];	/* ends with a NULL name */
/* A system call; negative: an error number. */
long guest_syscall(int which, long a, long b, long c, long d, long e, long f);
/* Numbers of the system calls that guest.c needs. mmap: addresses in pages
 * where the kernel has it so. */
enum guest_call { GUEST_READ, GUEST_WRITE, GUEST_EXIT, GUEST_MMAP, GUEST_MPROTECT,
		  GUEST_SIGALTSTACK, GUEST_SIGACTION };
/* Once, when the files are known. */
void guest_prepare(void);
/* The code at [start, start + length) is new. Runs it from guest_in; the
 * state behind it goes to guest_out. */
void guest_run(uint64_t start, unsigned length, struct guest_end *end);

#endif
