/* a64.c - an oracle program for AArch64. SPDX-License-Identifier: MIT
 *
 * The state goes into a signal frame of our own making, which rt_sigreturn
 * loads; layouts are those of the Linux ABI for arm64. Vector length and
 * streaming mode are set with prctl before.
 */
#include "tests/diff/guest/guest.h"

enum { X, SP, NZCV, V, FPCR, FPSR, Z, P, FFR, VL, SVL, SVCR, ZA, FA64, REGS };
struct guest_reg guest_regs[REGS + 1] = {
	[X] = { "x", NULL }, [SP] = { "sp", NULL }, [NZCV] = { "nzcv", NULL },
	[V] = { "v", NULL }, [FPCR] = { "fpcr", NULL }, [FPSR] = { "fpsr", NULL },
	[Z] = { "z", NULL }, [P] = { "p", NULL }, [FFR] = { "ffr", NULL },
	[VL] = { "vl", NULL }, [SVL] = { "svl", NULL },
	[SVCR] = { "svcr", NULL }, [ZA] = { "za", NULL },
	[FA64] = { "fa64", NULL },	/* as the command line has it */
};

/* ---- the system */

long guest_syscall(int which, long a, long b, long c, long d, long e, long f)
{
	static const short numbers[] = { 63, 64, 93, 222, 226, 132, 134 };
	register long x8 __asm__("x8") = which < 100 ? numbers[which] : which - 100;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3),
			 "r"(x4), "r"(x5) : "memory");
	return x0;
}

#define SYS_PRCTL (100 + 167)
#define PR_SVE_SET_VL 50
#define PR_SVE_GET_VL 51
#define PR_SME_SET_VL 63
#define PR_SME_GET_VL 64

struct mcontext {
	uint64_t fault, regs[31], sp, pc, pstate, pad;
	uint8_t records[4096];
};

struct ucontext {
	uint64_t flags, link, stack[3], mask, unused[15], pad;
	struct mcontext mc;
};

struct frame {
	uint8_t info[128];
	struct ucontext uc;
	uint8_t extra[131072];	/* records that do not fit */
};

struct record {
	uint32_t magic, size;
};

struct vector_record {
	struct record head;
	uint16_t vl, flags, pad[2];
	uint8_t data[];
};

#define FPSIMD 0x46508001u
#define SVE 0x53564501u
#define ZA_MAGIC 0x54366345u
#define EXTRA 0x45585401u

static struct frame frame __attribute__((aligned(64)));
static struct guest_end *result;
static uint64_t saved[13] __attribute__((used));	/* x19 .. x30, sp of guest_run */
static int has_sve, has_sme;
static unsigned vl_now, svl_now;

/* ---- assembly: the start, into the case, and out of it */

void a64_enter(struct frame *f);
void a64_handle(int sig, const uint8_t *info, struct ucontext *uc);
void a64_signal(void);
__asm__(".globl _start\n"
	"_start:\n"
	"	mov x29, xzr\n"
	"	bl guest_main\n"
	".globl a64_enter\n"
	"a64_enter:\n"
	"	adrp x9, saved\n"
	"	add x9, x9, :lo12:saved\n"
	"	stp x19, x20, [x9]\n"
	"	stp x21, x22, [x9, #16]\n"
	"	stp x23, x24, [x9, #32]\n"
	"	stp x25, x26, [x9, #48]\n"
	"	stp x27, x28, [x9, #64]\n"
	"	stp x29, x30, [x9, #80]\n"
	"	mov x10, sp\n"
	"	str x10, [x9, #96]\n"
	"	mov sp, x0\n"
	"	mov x8, #139\n"
	"	svc #0\n"
	"	brk #0\n"
	".globl a64_signal\n"
	"a64_signal:\n"
	"	bl a64_handle\n"
	"	adrp x9, saved\n"
	"	add x9, x9, :lo12:saved\n"
	"	ldp x19, x20, [x9]\n"
	"	ldp x21, x22, [x9, #16]\n"
	"	ldp x23, x24, [x9, #32]\n"
	"	ldp x25, x26, [x9, #48]\n"
	"	ldp x27, x28, [x9, #64]\n"
	"	ldp x29, x30, [x9, #80]\n"
	"	ldr x10, [x9, #96]\n"
	"	mov sp, x10\n"
	"	ret\n");

/* ---- loading */

static unsigned sve_length(void)
{
	const long got = guest_syscall(SYS_PRCTL, PR_SVE_GET_VL, 0, 0, 0, 0, 0);

	return got < 0 ? 0 : (unsigned)got & 0xffff;
}

static unsigned sme_length(void)
{
	const long got = guest_syscall(SYS_PRCTL, PR_SME_GET_VL, 0, 0, 0, 0, 0);

	return got < 0 ? 0 : (unsigned)got & 0xffff;
}

/* Bytes; 0 in the state: whatever it is. */
static void set_lengths(void)
{
	const unsigned vl = (unsigned)guest_get(&guest_regs[VL], 0);
	const unsigned svl = (unsigned)guest_get(&guest_regs[SVL], 0);

	if (has_sve && vl && vl != vl_now) {
		guest_syscall(SYS_PRCTL, PR_SVE_SET_VL, vl, 0, 0, 0, 0);
		vl_now = sve_length();
		if (vl_now != vl)
			guest_fail("the processor lacks a vector length");
	}
	if (has_sme && svl && svl != svl_now) {
		guest_syscall(SYS_PRCTL, PR_SME_SET_VL, svl, 0, 0, 0, 0);
		svl_now = sme_length();
		if (svl_now != svl)
			guest_fail("the processor lacks a streaming vector length");
	}
}

/* A register of its own, or element 32 of x (31 is the zero register). */
static uint64_t get_sp(void)
{
	return guest_regs[SP].file ? guest_get(&guest_regs[SP], 0)
				   : guest_get(&guest_regs[X], 32);
}

static void put_sp(uint64_t v)
{
	guest_put(&guest_regs[SP], 0, v);
	guest_put(&guest_regs[X], 32, v);
}

static uint8_t *put_sve(uint8_t *p, unsigned vl, unsigned svcr)
{
	struct vector_record *r = (struct vector_record *)p;
	uint8_t *d = r->data;

	memset(r, 0, sizeof(*r));
	r->vl = (uint16_t)vl;
	r->flags = svcr & 1;
	for (unsigned k = 0; k < 32; k++, d += vl)
		guest_take(d, &guest_regs[Z], k, vl);
	for (unsigned k = 0; k < 16; k++, d += vl / 8)
		guest_take(d, &guest_regs[P], k, vl / 8);
	guest_take(d, &guest_regs[FFR], 0, vl / 8);
	d += vl / 8;
	r->head.magic = SVE;
	r->head.size = (uint32_t)((d - p + 15) & ~15);
	return p + r->head.size;
}

static uint8_t *put_za(uint8_t *p, unsigned svl)
{
	struct vector_record *r = (struct vector_record *)p;

	memset(r, 0, sizeof(*r));
	r->vl = (uint16_t)svl;
	for (unsigned k = 0; k < svl; k++)
		guest_take(r->data + k * svl, &guest_regs[ZA], k, svl);
	r->head.magic = ZA_MAGIC;
	r->head.size = sizeof(*r) + svl * svl;
	return p + r->head.size;
}

static uint8_t *put_fp(uint8_t *p)
{
	struct record *r = (struct record *)p;
	uint32_t *control = (uint32_t *)(r + 1);

	r->magic = FPSIMD;
	r->size = 528;
	control[0] = (uint32_t)guest_get(&guest_regs[FPSR], 0);
	control[1] = (uint32_t)guest_get(&guest_regs[FPCR], 0);
	for (unsigned k = 0; k < 32; k++)	/* the low parts of z where that is there */
		guest_take(p + 16 + 16 * k,
			   &guest_regs[guest_regs[V].file ? V : Z], k, 16);
	return p + r->size;
}

static void put_records(struct mcontext *mc)
{
	const unsigned svcr = (unsigned)guest_get(&guest_regs[SVCR], 0);
	uint8_t *p = put_fp(mc->records), *e = frame.extra;
	struct record *r = (struct record *)p;

	if (has_sve && guest_regs[Z].file)
		e = put_sve(e, svcr & 1 ? svl_now : vl_now, svcr);
	if (has_sme && guest_regs[ZA].file && svcr & 2)
		e = put_za(e, svl_now);
	if (e != frame.extra) {
		const uint64_t at = (uintptr_t)frame.extra;

		memset(e, 0, 16);
		e += 16;
		r->magic = EXTRA;
		r->size = 32;
		memcpy(r + 1, &at, 8);
		memset((uint8_t *)(r + 1) + 8, 0, 16);
		*(uint32_t *)((uint8_t *)(r + 1) + 8) = (uint32_t)(e - frame.extra);
		r = (struct record *)(p + 32);
	}
	r->magic = r->size = 0;
}

/* ---- taking */

/* What has no record, or lies behind the length. */
static void clear_za(void)
{
	static const uint8_t zeros[256];

	for (unsigned k = 0; k < 256; k++)
		guest_give(&guest_regs[ZA], k, zeros, sizeof(zeros));
}

static void take_vectors(const struct vector_record *r)
{
	const unsigned vl = r->vl;
	const uint8_t *d = r->data;

	if (r->head.magic == ZA_MAGIC) {
		for (unsigned k = 0; r->head.size > 16 && k < vl; k++)
			guest_give(&guest_regs[ZA], k, d + k * vl, vl);
		return;
	}
	if (r->head.size <= 16)
		return;
	for (unsigned k = 0; k < 32; k++, d += vl)
		guest_give(&guest_regs[Z], k, d, vl);
	for (unsigned k = 0; k < 16; k++, d += vl / 8)
		guest_give(&guest_regs[P], k, d, vl / 8);
	guest_give(&guest_regs[FFR], 0, d, vl / 8);
}

static void take_fp(const struct record *r)
{
	const uint8_t *p = (const uint8_t *)r;
	uint32_t control[2];

	memcpy(control, r + 1, 8);
	guest_put(&guest_regs[FPSR], 0, control[0]);
	guest_put(&guest_regs[FPCR], 0, control[1]);
	for (unsigned k = 0; k < 32; k++)
		guest_give(&guest_regs[V], k, p + 16 + 16 * k, 16);
}

/* svcr: what the records say of streaming mode and ZA */
static unsigned take_records(const uint8_t *p, unsigned svcr)
{
	for (;;) {
		const struct record *r = (const struct record *)p;
		uint64_t at;

		if (!r->magic || !r->size)
			return svcr;
		if (r->magic == FPSIMD) {
			take_fp(r);
		} else if (r->magic == SVE || r->magic == ZA_MAGIC) {
			const struct vector_record *v = (const struct vector_record *)p;

			take_vectors(v);
			if (r->magic == SVE)
				svcr |= v->flags & 1;
			else
				svcr |= r->size > 16 ? 2 : 0;
		} else if (r->magic == EXTRA) {
			memcpy(&at, r + 1, 8);
			svcr = take_records((const uint8_t *)(uintptr_t)at, svcr);
		}
		p += r->size;
	}
}

void a64_handle(int sig, const uint8_t *info, struct ucontext *uc)
{
	const struct mcontext *mc = &uc->mc;
	uint64_t address;
	int code;

	memcpy(&code, info + 8, 4);
	memcpy(&address, info + 16, 8);
	result->signal = sig;
	result->code = code;
	result->pc = mc->pc;
	result->address = address;
	for (unsigned k = 0; k < 31; k++)
		guest_put(&guest_regs[X], k, mc->regs[k]);
	put_sp(mc->sp);
	clear_za();
	guest_put(&guest_regs[NZCV], 0, mc->pstate >> 28);
	guest_put(&guest_regs[SVCR], 0, take_records(mc->records, 0));
}

/* ---- what guest.c asks for */

void guest_prepare(void)
{
	guest_catch((uintptr_t)a64_signal);
	vl_now = sve_length();
	svl_now = sme_length();
	has_sve = vl_now != 0;
	has_sme = svl_now != 0;
	if (guest_regs[Z].file && !has_sve)
		guest_fail("the processor has no SVE");
	if (guest_regs[ZA].file && !has_sme)
		guest_fail("the processor has no SME");
}

void guest_run(uint64_t start, unsigned length, struct guest_end *end)
{
	struct mcontext *mc = &frame.uc.mc;

	(void)length;
	result = end;
	set_lengths();
	for (unsigned k = 0; k < 31; k++)
		mc->regs[k] = guest_get(&guest_regs[X], k);
	mc->sp = get_sp();
	mc->pc = start;
	mc->pstate = guest_get(&guest_regs[NZCV], 0) << 28;
	put_records(mc);
	a64_enter(&frame);
}
