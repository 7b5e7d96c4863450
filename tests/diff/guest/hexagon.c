/* hexagon.c - an oracle program for Hexagon with HVX of 128 bytes. SPDX-License-Identifier: MIT
 *
 * Assembly puts the registers where they belong and jumps to the packet, whose
 * address is a constant: one copy of that code for each length. Of the frame
 * of the signal behind it only those registers are taken that a signal
 * changes; where they are in it is found out at the start.
 */
#include "tests/diff/guest/guest.h"

enum { R, P, SA, LC, M, CS, USR, GP, UGP, V, Q, FRAME, SA0, LC0, SA1, LC1, M0, M1, CS0, CS1, REGS };
struct guest_reg guest_regs[REGS + 1] = {
	[R] = { "r", NULL }, [P] = { "p", NULL }, [USR] = { "usr", NULL },
	[GP] = { "gp", NULL }, [UGP] = { "ugp", NULL }, [V] = { "v", NULL },
	[Q] = { "q", NULL }, [SA0] = { "sa0", NULL }, [LC0] = { "lc0", NULL },
	[SA1] = { "sa1", NULL }, [LC1] = { "lc1", NULL }, [M0] = { "m0", NULL },
	[M1] = { "m1", NULL }, [CS0] = { "cs0", NULL }, [CS1] = { "cs1", NULL },
	[SA] = { "sa", NULL }, [LC] = { "lc", NULL }, [M] = { "m", NULL },
	[CS] = { "cs", NULL }, [FRAME] = { "frame", NULL },
};

/* Control registers between memory and processor, in this order */
enum { C_SA0, C_LC0, C_SA1, C_LC1, C_P, C_M0, C_M1, C_USR, C_UGP, C_GP, C_CS0, C_CS1,
       C_FRAMELIMIT, C_FRAMEKEY, CONTROLS };
static const struct {
	uint8_t one, pair, element;	/* a register of its own, or of an array */
} controls[CONTROLS] = {
	[C_SA0] = { SA0, SA, 0 }, [C_LC0] = { LC0, LC, 0 }, [C_SA1] = { SA1, SA, 1 },
	[C_LC1] = { LC1, LC, 1 }, [C_M0] = { M0, M, 0 }, [C_M1] = { M1, M, 1 },
	[C_USR] = { USR, USR, 0 }, [C_UGP] = { UGP, UGP, 0 }, [C_GP] = { GP, GP, 0 },
	[C_CS0] = { CS0, CS, 0 }, [C_CS1] = { CS1, CS, 1 },
	[C_FRAMELIMIT] = { FRAME, FRAME, 0 }, [C_FRAMEKEY] = { FRAME, FRAME, 1 },
};

/* What assembly loads and stores; a byte of q for each of its bits */
struct machine {
	uint8_t v[32][128], q[4][128];
	uint32_t c[CONTROLS], pad[2];
	uint32_t r[32];
};
static struct machine in __attribute__((aligned(128), used));
static struct machine out __attribute__((aligned(128), used));
static uint32_t ends[3] __attribute__((used));		/* signal, siginfo, context */
static uint32_t saved[16] __attribute__((used));	/* r16 .. r27, r29 .. r31 */
static unsigned at_r0, at_pc;	/* words in the context */

long guest_syscall(int which, long a, long b, long c, long d, long e, long f)
{
	static const short numbers[] = { 63, 64, 93, 222, 226, 132, 134 };
	register long r6 __asm__("r6") = numbers[which];
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;
	register long r3 __asm__("r3") = d;
	register long r4 __asm__("r4") = e;
	register long r5 __asm__("r5") = f;

	__asm__ volatile("trap0(#1)" : "+r"(r0) : "r"(r6), "r"(r1), "r"(r2), "r"(r3),
			 "r"(r4), "r"(r5) : "memory");
	return r0;
}

/* ---- assembly */

/* tail: behind all else, r1 points at the general registers */
void hexagon_enter(uint32_t tail);
void hexagon_signal(void);
void hexagon_handle(void);
extern const char hexagon_tails[], hexagon_tails_end[];
__asm__(".macro each_q op:vararg\n.endm\n"
	".macro load_q n\n v0 = vmem(r0++#1)\n q\\n = vand(v0,r2)\n.endm\n"
	".macro store_q n\n v0 = vand(q\\n,r2)\n vmem(r0++#1) = v0\n.endm\n"
	".macro load_v n\n v\\n = vmem(r0++#1)\n.endm\n"
	".macro store_v n\n vmem(r0++#1) = v\\n\n.endm\n"
	".macro load_c n\n r2 = memw(r0++#4)\n \\n = r2\n.endm\n"
	".macro store_c n\n r2 = \\n\n memw(r0++#4) = r2\n.endm\n"
	".macro all_c op\n \\op sa0\n \\op lc0\n \\op sa1\n \\op lc1\n \\op c4\n \\op m0\n"
	" \\op m1\n \\op usr\n \\op ugp\n \\op gp\n \\op cs0\n \\op cs1\n \\op c16\n"
	" \\op c17\n.endm\n"
	".macro all_v op\n .irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,"
	"21,22,23,24,25,26,27,28,29,30,31\n \\op \\n\n .endr\n.endm\n"
	".macro all_q op\n .irp n,0,1,2,3\n \\op \\n\n .endr\n.endm\n"
	".macro tail target\n r0 = memw(r1+#0)\n"
	" .irp n,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,"
	"29,30,31\n r\\n = memw(r1+#4*\\n)\n .endr\n"
	" { r1 = memw(r1+#4); jump ##\\target }\n.endm\n"
	".globl _start\n"
	"_start:\n"
	"	call guest_main\n"
	".globl hexagon_enter\n"
	"hexagon_enter:\n"
	"	r3 = r0\n"
	"	r1 = ##saved\n"
	"	memw(r1+#0) = r16\n	memw(r1+#4) = r17\n	memw(r1+#8) = r18\n"
	"	memw(r1+#12) = r19\n	memw(r1+#16) = r20\n	memw(r1+#20) = r21\n"
	"	memw(r1+#24) = r22\n	memw(r1+#28) = r23\n	memw(r1+#32) = r24\n"
	"	memw(r1+#36) = r25\n	memw(r1+#40) = r26\n	memw(r1+#44) = r27\n"
	"	memw(r1+#48) = r29\n	memw(r1+#52) = r30\n	memw(r1+#56) = r31\n"
	"	r2 = #-1\n"
	"	r0 = ##in+4096\n"
	"	all_q load_q\n"
	"	r0 = ##in\n"
	"	all_v load_v\n"
	"	r0 = ##in+4608\n"
	"	all_c load_c\n"
	"	r1 = ##in+4672\n"
	"	jumpr r3\n"
	".globl hexagon_tails\n"
	"hexagon_tails:\n"
	"	.irp k,0,4,8,12,16,20,24,28,32,36,40\n"
	"	tail hexagon_code\\k\n"
	"	.endr\n"
	".globl hexagon_tails_end\n"
	"hexagon_tails_end:\n"
	".globl hexagon_signal\n"
	"hexagon_signal:\n"
	/* the frame has r31; no store to a constant: QEMU 7.2 adds gp to it */
	"	r31 = ##ends\n"
	"	memw(r31+#0) = r0\n"
	"	memw(r31+#4) = r1\n"
	"	memw(r31+#8) = r2\n"
	"	r0 = ##out+4672\n"
	"	.irp n,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,30\n"
	"	memw(r0+#4*\\n) = r\\n\n"
	"	.endr\n"
	"	r0 = ##out+4608\n"
	"	all_c store_c\n"
	/* framelimit and framekey, as what called hexagon_enter() has them */
	"	r2 = #0\n"
	"	c16 = r2\n"
	"	c17 = r2\n"
	"	r0 = ##out\n"
	"	all_v store_v\n"
	"	r2 = #-1\n"
	"	r0 = ##out+4096\n"
	"	all_q store_q\n"
	"	r29 = and(r29,#-8)\n"
	"	call hexagon_handle\n"
	"	r1 = ##saved\n"
	"	r16 = memw(r1+#0)\n	r17 = memw(r1+#4)\n	r18 = memw(r1+#8)\n"
	"	r19 = memw(r1+#12)\n	r20 = memw(r1+#16)\n	r21 = memw(r1+#20)\n"
	"	r22 = memw(r1+#24)\n	r23 = memw(r1+#28)\n	r24 = memw(r1+#32)\n"
	"	r25 = memw(r1+#36)\n	r26 = memw(r1+#40)\n	r27 = memw(r1+#44)\n"
	"	r29 = memw(r1+#48)\n	r30 = memw(r1+#52)\n	r31 = memw(r1+#56)\n"
	"	jumpr r31\n");
_Static_assert(offsetof(struct machine, q) == 4096, "q");
_Static_assert(offsetof(struct machine, c) == 4608, "c");
_Static_assert(offsetof(struct machine, r) == 4672, "r");

/* ---- the signal */

static struct guest_end *result;

/* Registers that the signal changed */
void hexagon_handle(void)
{
	const uint32_t *info = (const uint32_t *)ends[1], *uc = (const uint32_t *)ends[2];

	result->signal = (int)ends[0];
	result->code = (int)info[2];
	result->address = info[3];
	if (!at_pc)
		return;
	out.r[0] = uc[at_r0];
	out.r[1] = uc[at_r0 + 1];
	out.r[2] = uc[at_r0 + 2];
	out.r[29] = uc[at_r0 + 29];
	out.r[31] = uc[at_r0 + 31];
	result->pc = uc[at_pc];
}

static void run(unsigned length)
{
	const unsigned size = (unsigned)(hexagon_tails_end - hexagon_tails) / 11;

	if (length % 4 || length > 40)
		guest_fail("packets are of words");
	hexagon_enter((uint32_t)(uintptr_t)hexagon_tails + size * (length / 4));
}

/* Where the context has r0 and pc: a run into the hole with known values. */
static void probe(void)
{
	struct guest_end end = { 0 };
	const uint32_t *uc;

	for (unsigned k = 0; k < 32; k++)
		in.r[k] = 0x5a000000u + 8 * k;
	result = &end;
	run(0);
	uc = (const uint32_t *)ends[2];
	for (unsigned k = 0; k < 32 && !at_r0; k++)
		if (uc[k] == in.r[0] && uc[k + 31] == in.r[31])
			at_r0 = k;
	for (unsigned k = at_r0; k < at_r0 + 64 && at_r0 && !at_pc; k++)
		if (uc[k] == 0x80010000u)
			at_pc = k;
	if (!at_pc)
		guest_fail("a signal's context has no registers");
}

/* ---- what guest.c asks for */

void guest_prepare(void)
{
	guest_catch((uintptr_t)hexagon_signal);
	probe();
}

static uint32_t get_control(unsigned k)
{
	const struct guest_reg *one = &guest_regs[controls[k].one];

	return (uint32_t)(one->file && controls[k].one != controls[k].pair ? guest_get(one, 0)
			  : guest_get(&guest_regs[controls[k].pair], controls[k].element));
}

static void put_control(unsigned k, uint32_t v)
{
	if (controls[k].one != controls[k].pair)
		guest_put(&guest_regs[controls[k].one], 0, v);
	if (controls[k].one == controls[k].pair || !guest_regs[controls[k].one].file)
		guest_put(&guest_regs[controls[k].pair], controls[k].element, v);
}

/* Predicates are one register of four bytes, or four of one. */
static uint32_t get_p(void)
{
	uint32_t v = 0;

	if (!guest_regs[P].file || guest_regs[P].file->count == 1)
		return (uint32_t)guest_get(&guest_regs[P], 0);
	for (unsigned k = 0; k < 4; k++)
		v |= ((uint32_t)guest_get(&guest_regs[P], k) & 255) << 8 * k;
	return v;
}

static void put_p(uint32_t v)
{
	if (guest_regs[P].file && guest_regs[P].file->count == 1)
		guest_put(&guest_regs[P], 0, v);
	else
		for (unsigned k = 0; k < 4; k++)
			guest_put(&guest_regs[P], k, v >> 8 * k & 255);
}

static void load(void)
{
	for (unsigned k = 0; k < 32; k++)
		in.r[k] = (uint32_t)guest_get(&guest_regs[R], k);
	for (unsigned k = 0; k < CONTROLS; k++)
		if (k != C_P)
			in.c[k] = get_control(k);
	in.c[C_P] = get_p();
	for (unsigned k = 0; guest_regs[V].file && k < 32; k++)
		guest_take(in.v[k], &guest_regs[V], k, 128);
	for (unsigned k = 0; guest_regs[Q].file && k < 4; k++) {
		uint8_t bits[16];

		guest_take(bits, &guest_regs[Q], k, 16);
		for (unsigned b = 0; b < 128; b++)
			in.q[k][b] = bits[b / 8] >> b % 8 & 1 ? 255 : 0;
	}
}

static void save(void)
{
	for (unsigned k = 0; k < 32; k++)
		guest_put(&guest_regs[R], k, out.r[k]);
	for (unsigned k = 0; k < CONTROLS; k++)
		if (k != C_P)
			put_control(k, out.c[k]);
	put_p(out.c[C_P]);
	for (unsigned k = 0; guest_regs[V].file && k < 32; k++)
		guest_give(&guest_regs[V], k, out.v[k], 128);
	for (unsigned k = 0; guest_regs[Q].file && k < 4; k++) {
		uint8_t bits[16] = { 0 };

		for (unsigned b = 0; b < 128; b++)
			bits[b / 8] |= (uint8_t)((out.q[k][b] != 0) << b % 8);
		guest_give(&guest_regs[Q], k, bits, 16);
	}
}

/* The page of code before a packet is full of jumps that go 1 MB ahead. */
#define AHEAD 0x100000u

void guest_run(uint64_t start, unsigned length, struct guest_end *end)
{
	const uint32_t page = ((uint32_t)start & ~0xffffu) + AHEAD;

	result = end;
	load();
	run(length);
	if (end->pc >= page && end->pc < page + 0x10000)
		end->pc -= AHEAD;
	save();
}
