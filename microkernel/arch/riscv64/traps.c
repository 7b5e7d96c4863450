/* traps.c - exceptions, interrupts, lower modes, paging. SPDX-License-Identifier: MIT
 *
 * Every trap goes to M-mode, whose handler notes it and then does what the test
 * asked for: skips the instruction, returns from the call that trapped
 * (start.S, trap_call), or ends a lower mode (mode_call).
 */
#include "core/mk.h"
#include "traps.h"

#define CSR_READ(name)                                       \
	({                                                   \
		uint64_t csr_;                               \
		__asm__ volatile("csrr %0, " #name : "=r"(csr_)); \
		csr_;                                        \
	})
#define CSR_WRITE(name, value) \
	__asm__ volatile("csrw " #name ", %0" : : "r"((uint64_t)(value)) : "memory")
#define CSR_SET(name, bits) \
	__asm__ volatile("csrs " #name ", %0" : : "r"((uint64_t)(bits)) : "memory")
#define CSR_CLEAR(name, bits) \
	__asm__ volatile("csrc " #name ", %0" : : "r"((uint64_t)(bits)) : "memory")

#define MSIP ((volatile uint32_t *)0x2000000)
#define MTIMECMP ((volatile uint64_t *)0x2004000)
#define MTIME ((volatile uint64_t *)0x200bff8)

enum {
	MSTATUS_MIE = 1 << 3,
	MSTATUS_MPP = 3 << 11,
	MSTATUS_SUM = 1 << 18,
	MSTATUS_MPRV = 1 << 17,
	MIE_MSIE = 1 << 3,
	MIE_MTIE = 1 << 7,
	PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8, PTE_U = 16,
	PTE_A = 64, PTE_D = 128,
	MODE_U = 0, MODE_S = 1,
	/* no memory and no device is there on the virt machine */
	HOLE = 0x18000000,
};

static const uint64_t INTERRUPT = UINT64_C(1) << 63;

enum trap_action { SKIP, RESUME };

/* The traps since the last report. */
static volatile struct {
	uint64_t causes[8];
	unsigned count;
	uint64_t tval; /* of the last */
	enum trap_action action;
} seen;

extern const char trap_resume[], mode_return[];
uint64_t trap_handle(uint64_t cause, uint64_t epc, uint64_t tval);
uint64_t trap_call(void (*fn)(void), uint64_t a, uint64_t b);
uint64_t mode_call(uint64_t mode, void (*fn)(void));

uint64_t trap_handle(uint64_t cause, uint64_t epc, uint64_t tval)
{
	seen.causes[seen.count++ % 8] = cause;
	seen.tval = tval;
	if (cause & INTERRUPT) {
		*MTIMECMP = UINT64_MAX;
		*MSIP = 0;
		return epc;
	}
	if (cause == 8 || cause == 9) {
		CSR_SET(mstatus, MSTATUS_MPP);
		return (uint64_t)mode_return;
	}
	if (seen.action == RESUME) {
		CSR_SET(mstatus, MSTATUS_MPP);
		return (uint64_t)trap_resume;
	}
	return epc + ((*(const uint16_t *)epc & 3) == 3 ? 4 : 2);
}

/* What misaligned atomics point into. */
static uint8_t area[16] __attribute__((aligned(16)));

/* Prints and forgets the traps; `base` is what tval is relative to. */
static void report(const char *name, uint64_t base)
{
	unsigned i;

	mk_puts(name);
	mk_puts(seen.count == 0 ? ": no trap" : ":");
	for (i = 0; i < seen.count && i < 8; i++) {
		uint64_t cause = seen.causes[i];

		mk_puts(cause & INTERRUPT ? " interrupt " : " cause ");
		/* qemu before 9 reports 4 for AMOs where the manual says 6 */
		if (base == (uint64_t)area && (cause == 4 || cause == 6))
			mk_puts("4 or 6");
		else
			mk_decimal(cause & ~INTERRUPT);
	}
	if (base != 0) {
		mk_puts(" at ");
		mk_hex(seen.tval - base);
	}
	mk_puts("\n");
	seen.count = 0;
	seen.action = SKIP;
}

#define TRAPPING(name, base, text, ...)                           \
	do {                                                      \
		__asm__ volatile(text : : __VA_ARGS__ : "memory", "t0"); \
		report(name, base);                               \
	} while (0)

static void exceptions(void)
{
	uint64_t at = (uint64_t)area;

	TRAPPING("illegal, all zero", 0, ".2byte 0", "r"(0));
	TRAPPING("illegal, all one", 0, ".4byte 0xffffffff", "r"(0));
	TRAPPING("no such csr", 0, "csrr t0, 0x5ff", "r"(0));
	TRAPPING("csr is read only", 0, "csrw 0xf14, zero", "r"(0));
	TRAPPING("rounding mode 5", 0, ".4byte 0x0200d053", "r"(0));
	TRAPPING("ebreak", 0, ".4byte 0x00100073", "r"(0));
	TRAPPING("c.ebreak", 0, "c.ebreak", "r"(0));
	TRAPPING("ecall", 0, "ecall", "r"(0));
	TRAPPING("load from a hole", HOLE, "ld t0, 8(%0)", "r"(HOLE));
	TRAPPING("store to a hole", HOLE, "sw zero, 4(%0)", "r"(HOLE));
	TRAPPING("misaligned amoadd.w", at, "amoadd.w t0, t0, (%0)", "r"(at + 2));
	TRAPPING("misaligned amoswap.d", at, "amoswap.d t0, t0, (%0)",
		 "r"(at + 4));
	TRAPPING("misaligned lr.d", at, "lr.d t0, (%0)", "r"(at + 4));
	seen.action = RESUME;
	trap_call((void (*)(void))HOLE, 0, 0);
	report("fetch from a hole", HOLE);
	/* reserved rounding mode in frm */
	CSR_WRITE(frm, 6);
	TRAPPING("dynamic rounding mode 6", 0, "fadd.d ft0, ft0, ft0", "r"(0));
	CSR_WRITE(frm, 0);
	CSR_CLEAR(mstatus, 3 << 13);
	TRAPPING("floating point off", 0, "fadd.d ft0, ft0, ft0", "r"(0));
	CSR_SET(mstatus, 1 << 13);
}

static void wait_for_interrupt(const char *name, uint64_t enable)
{
	CSR_WRITE(mie, enable);
	CSR_SET(mstatus, MSTATUS_MIE);
	while (seen.count == 0)
		__asm__ volatile("wfi");
	CSR_CLEAR(mstatus, MSTATUS_MIE);
	CSR_WRITE(mie, 0);
	report(name, 0);
}

static void interrupts(void)
{
	*MTIMECMP = *MTIME + 2000;
	wait_for_interrupt("timer", MIE_MTIE);
	*MSIP = 1;
	wait_for_interrupt("software", MIE_MSIE);
	/* pending but not enabled: wfi goes on, no trap */
	*MSIP = 1;
	CSR_WRITE(mie, MIE_MSIE);
	__asm__ volatile("wfi");
	CSR_WRITE(mie, 0);
	mk_puts("disabled: ");
	mk_decimal(seen.count);
	mk_puts(" traps, pending ");
	mk_decimal(CSR_READ(mip) >> 3 & 1);
	*MSIP = 0;
	mk_puts(" then ");
	mk_decimal(CSR_READ(mip) >> 3 & 1);
	mk_puts("\n");
}

static void nothing(void)
{
}

static void read_mstatus(void)
{
	__asm__ volatile("csrr t0, mstatus" : : : "t0");
}

static void read_sstatus(void)
{
	__asm__ volatile("csrr t0, sstatus" : : : "t0");
}

/* In a lower mode: how often did `fn` trap before its last ecall? */
static void lower(const char *name, uint64_t mode, void (*fn)(void))
{
	mode_call(mode, fn);
	report(name, 0);
}

/* Where the data pages appear: the fourth gigabyte. */
#define WINDOW UINT64_C(0xc0000000)

/* 0-2 page tables, from the root; 4-6 data */
static uint8_t pages[8 * 4096] __attribute__((aligned(4096)));

static uint64_t *page(unsigned number)
{
	return (uint64_t *)(void *)(pages + 4096 * (size_t)number);
}

static uint64_t pte(const void *to, unsigned bits)
{
	return (uint64_t)to >> 12 << 10 | bits;
}

static void touch(void)
{
	volatile uint64_t *w = (volatile uint64_t *)WINDOW;

	w[0] = w[0] + 1;	/* written and read */
	w[512] = w[512] + 2;	/* read only: the store traps */
	w[1024] = 3;		/* invalid: traps */
	(void)w[1536];		/* user page: traps without SUM */
}

static void paging(void)
{
	const unsigned rw = PTE_V | PTE_R | PTE_W | PTE_A | PTE_D;
	uint64_t *l2 = page(0), *l1 = page(1), *l0 = page(2);

	l2[0] = pte((void *)0, rw);
	l2[2] = pte((void *)0x80000000, rw | PTE_X);
	l2[WINDOW >> 30 & 511] = pte(l1, PTE_V);
	l1[0] = pte(l0, PTE_V);
	l0[0] = pte(page(4), rw);
	l0[1] = pte(page(5), rw & ~(unsigned)PTE_W);
	l0[2] = 0;
	l0[3] = pte(page(6), rw | PTE_U);
	page(4)[0] = 40;
	CSR_WRITE(satp, UINT64_C(8) << 60 | (uint64_t)l2 >> 12);
	__asm__ volatile("sfence.vma" : : : "memory");
	lower("touching pages, then ecall", MODE_S, touch);
	mk_result("first page", page(4)[0]);
	mk_result("second page", page(5)[0]);
	CSR_SET(mstatus, MSTATUS_SUM);
	lower("touching pages with SUM", MODE_S, touch);
	CSR_CLEAR(mstatus, MSTATUS_SUM);
	mk_result("first page", page(4)[0]);
	/* through M-mode's MPRV: the last trap is the one of the load */
	CSR_CLEAR(mstatus, MSTATUS_MPP);
	CSR_SET(mstatus, MSTATUS_MPRV);
	__asm__ volatile("ld t0, 16(%0)" : : "r"(WINDOW + 3 * 4096) : "t0");
	CSR_CLEAR(mstatus, MSTATUS_MPRV);
	report("user page by MPRV", 0);
	CSR_WRITE(satp, 0);
	__asm__ volatile("sfence.vma" : : : "memory");
}

unsigned traps_test(void)
{
	uint64_t before = CSR_READ(minstret), after;

	mk_puts("\n[traps]\n");
	exceptions();
	interrupts();
	/* all of memory for S and U: NAPOT, RWX */
	CSR_WRITE(pmpaddr0, UINT64_MAX);
	CSR_WRITE(pmpcfg0, 0x1f);
	lower("ecall from U", MODE_U, nothing);
	lower("ecall from S", MODE_S, nothing);
	lower("mstatus in S, then ecall", MODE_S, read_mstatus);
	lower("sstatus in U, then ecall", MODE_U, read_sstatus);
	mk_puts("\n[paging]\n");
	paging();
	after = CSR_READ(minstret);
	mk_puts("instructions were counted: ");
	mk_puts(after > before ? "yes\n" : "no\n");
	return !(after > before);
}
