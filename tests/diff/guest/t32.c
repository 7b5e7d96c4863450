/* t32.c - an oracle program for M-profile. SPDX-License-Identifier: MIT
 *
 * The state goes into a signal frame of our own making, which rt_sigreturn loads;
 * layouts are those of the Linux ABI for 32-bit Arm. The frame has no VPR: P0 is set
 * with VMSR and the masks with VPST right before. Afterwards vectors are executed
 * until both masks are used up; what each does to P0 and to a register tells the
 * masks.
 */
#include "tests/diff/guest/guest.h"

enum { R, SP, LR, NZCV, Q_, GE, ITSTATE, FPSCR, P0, MASK01, MASK23, Q, REGS };
struct guest_reg guest_regs[REGS + 1] = {
	[R] = { "r", NULL }, [SP] = { "sp", NULL }, [LR] = { "lr", NULL },
	[NZCV] = { "nzcv", NULL }, [Q_] = { "apsr_q", NULL }, [GE] = { "ge", NULL },
	[ITSTATE] = { "itstate", NULL }, [FPSCR] = { "fpscr", NULL },
	[P0] = { "p0", NULL }, [MASK01] = { "mask01", NULL },
	[MASK23] = { "mask23", NULL }, [Q] = { "q", NULL },
};

/* ---- the system */

long guest_syscall(int which, long a, long b, long c, long d, long e, long f)
{
	static const short numbers[] = { 3, 4, 1, 192, 125, 186, 174 };
	register long r7 __asm__("r7") = numbers[which];
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;
	register long r3 __asm__("r3") = d;
	register long r4 __asm__("r4") = e;
	register long r5 __asm__("r5") = which == GUEST_MMAP ? f / 4096 : f;

	__asm__ volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2), "r"(r3),
			 "r"(r4), "r"(r5) : "memory");
	return r0;
}

struct mcontext {
	uint32_t trap, error, oldmask, regs[16], cpsr, fault;
};

struct vfp {
	uint32_t magic, size;
	uint64_t d[32];
	uint32_t fpscr, pad, exc[3], pad2;
};

struct ucontext {
	uint32_t flags, link, stack[3];
	struct mcontext mc;
	uint64_t mask;
	uint32_t unused[30];
	struct vfp vfp __attribute__((aligned(8)));
	uint32_t end;
};

struct frame {
	uint8_t info[128];
	struct ucontext uc;
	uint32_t extra[256];
};

#define VFP 0x56465001u
#define STEPS 5	/* after which no mask is left */

/* What a vector of ones left in both halves of a register of zeros, and P0 */
struct step {
	uint32_t low, high, p0;
};

static struct frame frame __attribute__((aligned(8)));
static struct guest_end *result;
uint32_t t32_saved[10] __attribute__((used));	/* r4 .. r11, lr, sp of guest_run */
uint32_t t32_p0, t32_mask, t32_fpscr __attribute__((used));
struct step t32_steps[STEPS] __attribute__((used));
uint64_t t32_d[16] __attribute__((used, aligned(8)));

/* ---- assembly: the start, into the case, and out of it */

void t32_enter(struct frame *f);
void t32_handle(int sig, const uint8_t *info, struct ucontext *uc);
void t32_signal(void);

#define MASK(M) "	.inst.w 0xfe310f4d + ((" #M " & 8) << 19) + ((" #M " & 7) << 13)\n" \
		"	b.w 1f\n"
__asm__("	.syntax unified\n"
	"	.thumb\n"
	"	.globl _start\n"
	"	.thumb_func\n"
	"_start:\n"
	"	mov r11, #0\n"
	"	bl guest_main\n"
	"	.globl t32_enter\n"
	"	.thumb_func\n"
	"t32_enter:\n"
	"	ldr r1, =t32_saved\n"
	"	stmia r1!, {r4-r11, lr}\n"
	"	mov r2, sp\n"
	"	str r2, [r1]\n"
	"	mov sp, r0\n"
	"	ldr r1, =t32_p0\n"
	"	ldr r1, [r1]\n"
	"	vmsr p0, r1\n"
	"	mov r7, #173\n"
	"	ldr r1, =t32_mask\n"
	"	ldr r1, [r1]\n"
	"	cmp r1, #0\n"
	"	beq.w 1f\n"
	"	adr r2, 2f\n"
	"	add r2, r2, r1, lsl #3\n"
	"	orr r2, r2, #1\n"
	"	bx r2\n"
	"	.balign 4\n"
	"2:	nop\n	nop\n	nop\n	nop\n"
	MASK(1) MASK(2) MASK(3) MASK(4) MASK(5) MASK(6) MASK(7) MASK(8)
	MASK(9) MASK(10) MASK(11) MASK(12) MASK(13) MASK(14) MASK(15)
	"1:	svc #0\n"
	"	udf #0\n"
	"	.ltorg\n"
	"	.globl t32_signal\n"
	"	.thumb_func\n"
	"t32_signal:\n"
	"	ldr r3, =t32_d\n"
	"	vstmia r3, {d0-d15}\n"
	"	vmrs r4, fpscr\n"
	"	ldr r3, =t32_fpscr\n"
	"	str r4, [r3]\n"
	"	mov r4, #0x40000\n"
	"	vmsr fpscr, r4\n"
	"	vmrs r4, p0\n"
	"	ldr r3, =t32_p0\n"
	"	str r4, [r3]\n"
	"	ldr r3, =t32_steps\n"
	"	mov r4, #0\n"
	"	mov r5, #5\n"
	"3:	vmov d0, r4, r4\n"
	"	vmov d1, r4, r4\n"
	"	vmsr p0, r4\n"
	"	vmov.i8 q0, #0xff\n"
	"	vmrs r6, p0\n"
	"	vmov r8, r9, d0\n"
	"	vmov r10, r11, d1\n"
	"	str r8, [r3], #4\n"
	"	str r10, [r3], #4\n"
	"	str r6, [r3], #4\n"
	"	subs r5, r5, #1\n"
	"	bne 3b\n"
	"	bl t32_handle\n"
	"	ldr r1, =t32_saved\n"
	"	ldmia r1!, {r4-r11, lr}\n"
	"	ldr r2, [r1]\n"
	"	mov sp, r2\n"
	"	bx lr\n"
	"	.ltorg\n");

/* ---- loading */

static uint32_t get(int reg)
{
	return (uint32_t)guest_get(&guest_regs[reg], 0);
}

static uint32_t flags_of_state(void)
{
	const uint32_t it = get(ITSTATE);

	return get(NZCV) << 28 | get(Q_) << 27 | (it & 3) << 25 | get(GE) << 16 |
	       (it >> 2) << 10 | 0x30 /* T, user */;
}

/* ---- after the case */

static uint32_t mask_of(int high)
{
	uint32_t mask = 0;

	for (int k = 0; k < STEPS; k++) {
		const struct step *s = &t32_steps[k];

		if (high ? s->high : s->low)	/* nothing was predicated */
			break;
		if (s->p0 & (high ? 0x8000 : 0x80)) {
			mask |= 8u >> k;
			continue;
		}
		/* not inverted: the last one, or more to come */
		if (k + 1 < STEPS && (high ? t32_steps[k + 1].high : t32_steps[k + 1].low))
			mask |= 8u >> k;
	}
	return mask;
}

__attribute__((used)) void t32_handle(int sig, const uint8_t *info, struct ucontext *uc)
{
	const struct mcontext *mc = &uc->mc;
	const uint32_t x = mc->cpsr;
	uint32_t address;
	int code;

	memcpy(&code, info + 8, 4);
	memcpy(&address, info + 12, 4);
	result->signal = sig;
	result->code = code;
	/* without T there is no instruction, wherever that is */
	result->pc = mc->regs[15] | !(x & 0x20);
	result->address = address;
	for (unsigned k = 0; k < 13; k++)
		guest_put(&guest_regs[R], k, mc->regs[k]);
	guest_put(&guest_regs[SP], 0, mc->regs[13]);
	guest_put(&guest_regs[LR], 0, mc->regs[14]);
	guest_put(&guest_regs[NZCV], 0, x >> 28);
	guest_put(&guest_regs[Q_], 0, x >> 27 & 1);
	guest_put(&guest_regs[GE], 0, x >> 16 & 15);
	guest_put(&guest_regs[ITSTATE], 0, (x >> 25 & 3) | (x >> 10 & 63) << 2);
	guest_put(&guest_regs[FPSCR], 0, t32_fpscr);
	guest_put(&guest_regs[P0], 0, t32_p0);
	guest_put(&guest_regs[MASK01], 0, mask_of(0));
	guest_put(&guest_regs[MASK23], 0, mask_of(1));
	for (unsigned k = 0; k < 8; k++)
		guest_give(&guest_regs[Q], k, &t32_d[2 * k], 16);
}

/* ---- what guest.c asks for */

void guest_prepare(void)
{
	guest_catch((uintptr_t)t32_signal);
}

void guest_run(uint64_t start, unsigned length, struct guest_end *end)
{
	struct mcontext *mc = &frame.uc.mc;
	struct vfp *v = &frame.uc.vfp;

	(void)length;
	result = end;
	for (unsigned k = 0; k < 13; k++)
		mc->regs[k] = (uint32_t)guest_get(&guest_regs[R], k);
	mc->regs[13] = get(SP);
	mc->regs[14] = get(LR);
	mc->regs[15] = (uint32_t)start;
	mc->cpsr = flags_of_state();
	v->magic = VFP;
	v->size = sizeof(*v);
	for (unsigned k = 0; k < 8; k++)
		guest_take(&v->d[2 * k], &guest_regs[Q], k, 16);
	v->fpscr = get(FPSCR);
	t32_p0 = get(P0);
	t32_mask = get(MASK01);
	t32_enter(&frame);
}
