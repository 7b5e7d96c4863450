/* rv64.c - an oracle program for RISC-V, 64 bits. SPDX-License-Identifier: MIT
 *
 * The state goes into a signal frame of our own making, which rt_sigreturn
 * loads; layouts are those of the Linux ABI for riscv.
 */
#include "tests/diff/guest/guest.h"

enum { X, F, FFLAGS, FRM, REGS };
struct guest_reg guest_regs[REGS + 1] = {
	[X] = { "x", NULL }, [F] = { "f", NULL },
	[FFLAGS] = { "fflags", NULL }, [FRM] = { "frm", NULL },
};

long guest_syscall(int which, long a, long b, long c, long d, long e, long f)
{
	static const short numbers[] = { 63, 64, 93, 222, 226, 132, 134 };
	register long a7 __asm__("a7") = numbers[which];
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;
	register long a5 __asm__("a5") = f;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3),
			 "r"(a4), "r"(a5) : "memory");
	return a0;
}

struct ucontext {
	uint64_t flags, link, stack[3], mask, unused[15], pad;
	uint64_t pc, x[31];
	uint64_t f[32];
	uint32_t fcsr;
	uint8_t more[280];	/* quad precision has its place here */
};

struct frame {
	uint8_t info[128];
	struct ucontext uc;
};

static struct frame frame __attribute__((aligned(16)));
static struct guest_end *result;
static uint64_t saved[14] __attribute__((used));	/* s0 .. s11, ra, sp of guest_run */
static uint32_t reserved;

void rv64_enter(struct frame *f);
void rv64_handle(int sig, const uint8_t *info, struct ucontext *uc);
void rv64_signal(void);
#define EACH(op) \
	op " s0, 0(t0)\n" op " s1, 8(t0)\n" op " s2, 16(t0)\n" op " s3, 24(t0)\n" \
	op " s4, 32(t0)\n" op " s5, 40(t0)\n" op " s6, 48(t0)\n" op " s7, 56(t0)\n" \
	op " s8, 64(t0)\n" op " s9, 72(t0)\n" op " s10, 80(t0)\n" op " s11, 88(t0)\n" \
	op " ra, 96(t0)\n" op " sp, 104(t0)\n"
__asm__(".option norelax\n"
	".globl _start\n"
	"_start:\n"
	"	call guest_main\n"
	".globl rv64_enter\n"
	"rv64_enter:\n"
	"	lla t0, saved\n"
	EACH("sd")
	"	mv sp, a0\n"
	"	li a7, 139\n"
	"	ecall\n"
	"	ebreak\n"
	".globl rv64_signal\n"
	"rv64_signal:\n"
	"	call rv64_handle\n"
	"	lla t0, saved\n"
	EACH("ld")
	"	ret\n");

void rv64_handle(int sig, const uint8_t *info, struct ucontext *uc)
{
	result->signal = sig;
	memcpy(&result->code, info + 8, 4);
	memcpy(&result->address, info + 16, 8);
	result->pc = uc->pc;
	for (unsigned k = 1; k < 32; k++)
		guest_put(&guest_regs[X], k, uc->x[k - 1]);
	for (unsigned k = 0; k < 32; k++)
		guest_put(&guest_regs[F], k, uc->f[k]);
	guest_put(&guest_regs[FFLAGS], 0, uc->fcsr & 31);
	guest_put(&guest_regs[FRM], 0, uc->fcsr >> 5 & 7);
}

void guest_prepare(void)
{
	guest_catch((uintptr_t)rv64_signal);
}

void guest_run(uint64_t start, unsigned length, struct guest_end *end)
{
	uint32_t none = 0;

	(void)length;
	result = end;
	frame.uc.pc = start;
	for (unsigned k = 1; k < 32; k++)
		frame.uc.x[k - 1] = guest_get(&guest_regs[X], k);
	for (unsigned k = 0; k < 32; k++)
		frame.uc.f[k] = guest_get(&guest_regs[F], k);
	frame.uc.fcsr = (uint32_t)(guest_get(&guest_regs[FRM], 0) << 5 |
				   guest_get(&guest_regs[FFLAGS], 0));
	/* no reservation, and the code is new */
	__asm__ volatile("fence.i\n\tsc.w %0, zero, (%1)" : "=r"(none) : "r"(&reserved) : "memory");
	rv64_enter(&frame);
}
