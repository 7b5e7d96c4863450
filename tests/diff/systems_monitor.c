/* systems_monitor.c - boot code and handlers of a random system. SPDX-License-Identifier: MIT */
#include "tests/conf/values.h"
#include "tests/diff/systems.h"

enum { SSTATUS = 0x100, SIE = 0x104, STVEC = 0x105, SSCRATCH = 0x140, SEPC = 0x141,
       SCAUSE = 0x142, STVAL = 0x143, SIP = 0x144, STIMECMP = 0x14d, SATP = 0x180,
       SCOUNTEREN = 0x106, MEDELEG = 0x302, MIDELEG = 0x303, MIE = 0x304, MIP = 0x344,
       MCOUNTEREN = 0x306, MENVCFG = 0x30a, PMPCFG0 = 0x3a0, PMPADDR0 = 0x3b0, TIME = 0xc01 };

/* In SYS_SAVE, for the monitor and for the handler in S-mode: */
enum { SAVED = 0, SUM = 64, NEXT = 72, FIRST = 80 };

#define CLINT 0x2000	/* lui */
#define NSAVED 5	/* x10 ... */
#define ACT_BYTES 16

static uint64_t acts[SYS_NACTS], act_base;

uint64_t sys_act(enum sys_act act)
{
	return acts[act] - act_base;
}

/* A branch or jump that is put in when its target is known. */
static uint64_t hole(void)
{
	prog_w(0x13);
	return prog_at - 4;
}

static int32_t from(uint64_t where)
{
	return (int32_t)(prog_at - where);
}

static int32_t to(uint64_t where)
{
	return (int32_t)(where - prog_at);
}

static void save(unsigned scratch, unsigned n)
{
	prog_w(rg_rv64_encode_csrrw(31, scratch, 31));
	for (unsigned k = 0; k < n; k++)
		prog_w(rg_rv64_encode_sd(10 + k, SAVED + 8 * (int)k, 31));
}

static void restore(unsigned scratch, unsigned n)
{
	for (unsigned k = 0; k < n; k++)
		prog_w(rg_rv64_encode_ld(10 + k, SAVED + 8 * (int)k, 31));
	prog_w(rg_rv64_encode_csrrw(31, scratch, 31));
}

/* The sum of all exceptions, x10, is also where chance comes from. x11: the cause. */
static void sum_up(unsigned cause, unsigned epc, unsigned tval)
{
	prog_w(rg_rv64_encode_ld(10, SUM, 31));
	prog_w(rg_rv64_encode_csrrs(11, cause, 0));
	prog_w(rg_rv64_encode_xor(10, 10, 11));
	prog_w(rg_rv64_encode_csrrs(12, epc, 0));
	prog_w(rg_rv64_encode_add(10, 10, 12));
	prog_w(rg_rv64_encode_csrrs(12, tval, 0));
	prog_w(rg_rv64_encode_xor(10, 10, 12));
	prog_w(rg_rv64_encode_lui(12, 0x9e377));
	prog_w(rg_rv64_encode_addi(12, 12, 0x1b1));
	prog_w(rg_rv64_encode_mul(10, 10, 12));
	prog_w(rg_rv64_encode_srli(12, 10, 23));
	prog_w(rg_rv64_encode_xor(10, 10, 12));
	prog_w(rg_rv64_encode_sd(10, SUM, 31));
}

/* The next timer of S-mode: some 16 to 1000 ticks from now. */
static void supervisor_timer(void)
{
	prog_w(rg_rv64_encode_csrrs(11, TIME, 0));
	prog_w(rg_rv64_encode_andi(12, 10, 1007));
	prog_w(rg_rv64_encode_addi(12, 12, 16));
	prog_w(rg_rv64_encode_add(11, 11, 12));
	prog_w(rg_rv64_encode_csrrw(0, STIMECMP, 11));
}

static uint64_t make_supervisor(void)
{
	const uint64_t handler = prog_at;
	uint64_t interrupt, over;

	save(SSCRATCH, 3);
	sum_up(SCAUSE, SEPC, STVAL);
	interrupt = hole();
	prog_w(rg_rv64_encode_csrrs(12, SEPC, 0));
	prog_w(rg_rv64_encode_addi(12, 12, 4));
	prog_w(rg_rv64_encode_csrrw(0, SEPC, 12));
	over = hole();
	prog_patch(interrupt, rg_rv64_encode_blt(11, 0, from(interrupt)));
	prog_w(rg_rv64_encode_csrrci(0, SIP, 2));
	supervisor_timer();
	prog_patch(over, rg_rv64_encode_jal(0, from(over)));
	restore(SSCRATCH, 3);
	prog_w(rg_rv64_encode_sret());
	return handler;
}

/* x14 = CLINT and x12 = the hart's number, times 8 */
static void find_clint(void)
{
	prog_w(rg_rv64_encode_lui(14, CLINT));
	prog_w(rg_rv64_encode_csrrs(12, PROG_MHARTID, 0));
	prog_w(rg_rv64_encode_slli(12, 12, 3));
}

/* No interrupt is pending any more, and timers go off later. */
static void quiet(void)
{
	find_clint();
	prog_w(rg_rv64_encode_srli(13, 12, 1));
	prog_w(rg_rv64_encode_add(13, 13, 14));
	prog_w(rg_rv64_encode_sw(0, 0, 13));			/* msip */
	prog_w(rg_rv64_encode_csrrci(0, MIP, 2));
	prog_w(rg_rv64_encode_add(12, 12, 14));
	prog_w(rg_rv64_encode_lui(13, 4));
	prog_w(rg_rv64_encode_add(12, 12, 13));			/* mtimecmp */
	prog_w(rg_rv64_encode_lui(13, 0xc));
	prog_w(rg_rv64_encode_add(13, 13, 14));
	prog_w(rg_rv64_encode_ld(13, -8, 13));			/* mtime */
	prog_w(rg_rv64_encode_srli(14, 10, 20));
	prog_w(rg_rv64_encode_andi(14, 14, 2047));
	prog_w(rg_rv64_encode_addi(14, 14, 3));
	prog_w(rg_rv64_encode_add(13, 13, 14));
	prog_w(rg_rv64_encode_sd(13, 0, 12));
	supervisor_timer();
}

/* Registers that the program keeps, as they have to be; its x31 is in mscratch. */
static void renew_kept(void)
{
	static const struct {
		unsigned reg;
		uint64_t v;
	} kept[] = { { 12, SYS_POINTER }, { 2, SYS_CROSSING }, { 15, SYS_OTHER },
		     { 26, SYS_STACK } };

	for (unsigned k = 0; k < sizeof(kept) / sizeof(kept[0]); k++)
		prog_address(kept[k].reg, kept[k].v);
	prog_w(rg_rv64_encode_csrrw(0, PROG_MSCRATCH, 12));
	for (unsigned r = 25; r < 31; r++)
		if (r != 26)
			prog_w(rg_rv64_encode_addi(r, 0, (int32_t)r - 22));
	prog_w(rg_rv64_encode_addi(12, 31, 2000));
	prog_w(rg_rv64_encode_addi(12, 12, SYS_SAVE_S - 2000));
	prog_w(rg_rv64_encode_csrrw(0, SSCRATCH, 12));
}

/* On at one of the places, in the mode that its lowest bits say. */
static void go_elsewhere(void)
{
	prog_w(rg_rv64_encode_srli(11, 10, 40));
	prog_w(rg_rv64_encode_andi(11, 11, SYS_NPLACES - 1));
	prog_w(rg_rv64_encode_slli(11, 11, 3));
	prog_address(12, SYS_PLACES);
	prog_w(rg_rv64_encode_add(11, 11, 12));
	prog_w(rg_rv64_encode_ld(11, 0, 11));
	prog_w(rg_rv64_encode_lui(12, 2));
	prog_w(rg_rv64_encode_addi(12, 12, -0x800));		/* MPP */
	prog_w(rg_rv64_encode_csrrc(0, PROG_MSTATUS, 12));
	prog_w(rg_rv64_encode_andi(12, 11, 3));
	prog_w(rg_rv64_encode_slli(12, 12, 11));
	prog_w(rg_rv64_encode_csrrs(0, PROG_MSTATUS, 12));
	prog_w(rg_rv64_encode_andi(11, 11, -4));
	prog_w(rg_rv64_encode_csrrw(0, PROG_MEPC, 11));
	renew_kept();
	prog_w(rg_rv64_encode_sfence_vma(0, 0));
}

/* mepc + x13 */
static void go_behind(void)
{
	prog_w(rg_rv64_encode_csrrs(12, PROG_MEPC, 0));
	prog_w(rg_rv64_encode_add(12, 12, 13));
	prog_w(rg_rv64_encode_csrrw(0, PROG_MEPC, 12));
}

static void one_act(enum sys_act act)
{
	switch (act) {
	case SYS_SB:
		prog_w(rg_rv64_encode_sb(12, 0, 11));
		break;
	case SYS_SH:
		prog_w(rg_rv64_encode_sh(12, 0, 11));
		break;
	case SYS_SW:
		prog_w(rg_rv64_encode_sw(12, 0, 11));
		break;
	case SYS_SD:
		prog_w(rg_rv64_encode_sd(12, 0, 11));
		break;
	case SYS_FENCE_ALL:
		prog_w(rg_rv64_encode_sfence_vma(0, 0));
		break;
	case SYS_FENCE_PAGE:
		prog_w(rg_rv64_encode_sfence_vma(11, 0));
		break;
	case SYS_FENCE_SPACE:
		prog_w(rg_rv64_encode_sfence_vma(11, 12));
		break;
	case SYS_FENCE_I:
		prog_w(rg_rv64_encode_fence_i(0, 0, 0));
		break;
	case SYS_SET_STATUS:
		prog_w(rg_rv64_encode_csrrs(0, PROG_MSTATUS, 12));
		break;
	case SYS_CLEAR_STATUS:
		prog_w(rg_rv64_encode_csrrc(0, PROG_MSTATUS, 12));
		break;
	case SYS_SATP:
		prog_w(rg_rv64_encode_csrrw(0, SATP, 12));
		break;
	case SYS_MEDELEG:
		prog_w(rg_rv64_encode_csrrw(0, MEDELEG, 12));
		break;
	case SYS_MENVCFG:
		prog_w(rg_rv64_encode_csrrw(0, MENVCFG, 12));
		break;
	case SYS_PMPADDR:
		prog_w(rg_rv64_encode_csrrw(0, PMPADDR0, 12));
		break;
	case SYS_PMPCFG:
		prog_w(rg_rv64_encode_csrrw(0, PMPCFG0, 12));
		break;
	case SYS_AGAIN_FROM:
		prog_w(rg_rv64_encode_addi(10, 12, 0));
		break;
	default:
		break;
	}
}

/* The next event. x10 is the record, x11 to x13 what it says. */
static void make_acts(void)
{
	uint64_t start, next, end = 0;

	prog_w(rg_rv64_encode_ld(10, NEXT, 31));
	start = prog_at;
	prog_w(rg_rv64_encode_auipc(14, 0));
	next = prog_at;
	prog_w(rg_rv64_encode_ld(11, 0, 10));
	prog_w(rg_rv64_encode_ld(12, 8, 10));
	prog_w(rg_rv64_encode_ld(13, 16, 10));
	prog_w(rg_rv64_encode_addi(10, 10, 24));
	prog_w(rg_rv64_encode_add(13, 13, 14));
	prog_w(rg_rv64_encode_jalr(0, 0, 13));
	act_base = start;
	for (unsigned k = 0; k < SYS_NACTS; k++) {
		acts[k] = prog_at;
		one_act(k);
		if (k == SYS_END)
			end = hole();
		else
			prog_w(rg_rv64_encode_jal(0, to(next)));
	}
	prog_patch(end, rg_rv64_encode_jal(0, from(end)));
	prog_w(rg_rv64_encode_sd(10, NEXT, 31));
	prog_w(rg_rv64_encode_ld(10, SUM, 31));
}

/* Returns where it goes on elsewhere, with x31 the monitor's. */
static uint64_t make_machine(uint64_t *elsewhere)
{
	const uint64_t handler = prog_at;
	uint64_t interrupt, call, fetch[3], seldom, often, skip, stay, out[3];

	save(PROG_MSCRATCH, NSAVED);
	sum_up(PROG_MCAUSE, PROG_MEPC, PROG_MTVAL);
	interrupt = hole();
	prog_w(rg_rv64_encode_addi(13, 0, 4));
	prog_w(rg_rv64_encode_addi(12, 11, -8));
	prog_w(rg_rv64_encode_sltiu(12, 12, 4));
	call = hole();
	fetch[0] = hole();
	prog_w(rg_rv64_encode_addi(12, 11, -1));
	fetch[1] = hole();
	prog_w(rg_rv64_encode_addi(12, 11, -12));
	fetch[2] = hole();
	prog_w(rg_rv64_encode_srli(12, 10, 60));
	seldom = hole();
	prog_w(rg_rv64_encode_addi(12, 12, -14));
	often = hole();
	prog_w(rg_rv64_encode_srli(12, 10, 50));
	prog_w(rg_rv64_encode_andi(12, 12, 7));
	skip = hole();
	prog_w(rg_rv64_encode_addi(13, 0, 2));
	prog_patch(skip, rg_rv64_encode_bne(12, 0, from(skip)));
	go_behind();
	out[0] = hole();
	prog_patch(call, rg_rv64_encode_bne(12, 0, from(call)));
	prog_patch(seldom, rg_rv64_encode_beq(12, 0, from(seldom)));
	go_behind();
	stay = prog_at;
	make_acts();
	out[1] = hole();
	prog_patch(interrupt, rg_rv64_encode_blt(11, 0, from(interrupt)));
	quiet();
	prog_w(rg_rv64_encode_srli(12, 10, 61));
	prog_w(rg_rv64_encode_beq(12, 0, to(stay)));
	prog_w(rg_rv64_encode_addi(12, 12, -6));
	prog_w(rg_rv64_encode_blt(12, 0, 8));
	skip = hole();
	out[2] = hole();
	prog_patch(skip, rg_rv64_encode_jal(0, from(skip)));
	prog_patch(fetch[0], rg_rv64_encode_beq(11, 0, from(fetch[0])));
	prog_patch(fetch[1], rg_rv64_encode_beq(12, 0, from(fetch[1])));
	prog_patch(fetch[2], rg_rv64_encode_beq(12, 0, from(fetch[2])));
	prog_patch(often, rg_rv64_encode_bge(12, 0, from(often)));
	*elsewhere = prog_at;
	go_elsewhere();
	for (unsigned k = 0; k < 3; k++)
		prog_patch(out[k], rg_rv64_encode_jal(0, from(out[k])));
	restore(PROG_MSCRATCH, NSAVED);
	prog_w(rg_rv64_encode_mret());
	return handler;
}

static void set(unsigned csr, uint64_t v)
{
	prog_address(10, v);
	prog_w(rg_rv64_encode_csrrw(0, csr, 10));
}

static void make_boot(uint64_t handler, uint64_t supervisor, uint64_t elsewhere)
{
	set(PROG_MTVEC, PROG_BASE + handler);
	set(STVEC, PROG_BASE + supervisor);
	set(MEDELEG, prog_below(2) ? 0 : prog_below(1u << 16) & 0xa1fc);
	set(MIDELEG, prog_below(2) ? 0x22 : 0);
	set(MIE, 0xaa);
	set(MCOUNTEREN, 7);
	set(SCOUNTEREN, 7);
	prog_w(rg_rv64_encode_addi(10, 0, -1));
	prog_w(rg_rv64_encode_csrrw(0, PMPADDR0 + 1, 10));
	set(PMPCFG0, 0x1f00);		/* all is allowed behind entry 0 */
	prog_w(rg_rv64_encode_addi(10, 0, 1));
	prog_w(rg_rv64_encode_slli(10, 10, 63));
	prog_w(rg_rv64_encode_csrrw(0, MENVCFG, 10));
	set(PROG_MSTATUS, 0x6000);
	prog_address(10, SYS_EVENTS);
	prog_address(31, SYS_SAVE);
	prog_w(rg_rv64_encode_csrrs(11, PROG_MHARTID, 0));
	prog_w(rg_rv64_encode_slli(11, 11, 12));
	prog_w(rg_rv64_encode_add(31, 31, 11));
	prog_w(rg_rv64_encode_sd(10, NEXT, 31));
	prog_w(rg_rv64_encode_sd(11, SUM, 31));
	prog_w(rg_rv64_encode_addi(10, 31, 0));
	prog_w(rg_rv64_encode_csrrw(0, PROG_MSCRATCH, 10));
	prog_address(31, SYS_START);
	for (unsigned k = 0; k < 32; k++)
		prog_w(rg_rv64_encode_fld(k, 256 + 8 * (int)k, 31));
	for (unsigned k = 1; k < 31; k++)
		prog_w(rg_rv64_encode_ld(k, 8 * (int)k, 31));
	prog_w(rg_rv64_encode_csrrwi(0, PROG_FCSR, prog_below(32)));
	save(PROG_MSCRATCH, NSAVED);
	prog_w(rg_rv64_encode_ld(10, SUM, 31));
	quiet();
	prog_w(rg_rv64_encode_jal(0, to(elsewhere)));
}

void sys_make_monitor(void)
{
	const uint64_t start = prog_at;
	uint64_t handler, supervisor, elsewhere;

	prog_end = SYS_TABLES - PROG_BASE;
	hole();
	supervisor = make_supervisor();
	handler = make_machine(&elsewhere);
	prog_patch(start, rg_rv64_encode_jal(0, from(start)));
	make_boot(handler, supervisor, elsewhere);
	prog_end = PROG_SIZE;
}
