/* oracle.c - runs cases on another implementation. SPDX-License-Identifier: MIT
 *
 * A riscv64 Linux program for an emulator's user mode. The loop is its own
 * signal handler: a case's registers are put into the frame of the last
 * signal, sigreturn loads all of them at once, and the case's one instruction
 * ends in a signal whatever it does, since nothing can be executed behind it:
 * the next page is a hole, the rest of its own page is c.ebreak.
 *
 *	oracle [-s SEED] [-f FIRST] [-n COUNT] [INSN...]
 *
 * Writes the reasons why some results do not count, and of each instruction a
 * line "insn NAME SEED FIRST COUNT HASH BYTES" and as many bytes: packed
 * results (tests/conf/cases.h). COUNT 0: as many as rx_case_count() says.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "tests/conf/cases.h"

static struct {
	const struct rx_diff_insn *insn;
	uint64_t seed, next, end;
	struct rx_case now;
	/* registers of main, to go back to; not all of mcontext is there */
	__riscv_mc_gp_state start;
	struct __riscv_mc_d_ext_state start_fp;
	bool started;
	uint64_t hash;
	uint8_t *out;
	size_t used, size;
	uint32_t dummy;
} run;

static void fail(const char *what)
{
	fprintf(stderr, "oracle: %s\n", what);
	_exit(2);
}

/* ---- where a signal enters: gp and tp hold a case's values */

uint64_t oracle_tp;
void oracle_handle(int sig, siginfo_t *info, void *context);
void oracle_entry(int sig, siginfo_t *info, void *context);
__asm__(".globl oracle_entry\n"
	"oracle_entry:\n"
	"	.option push\n"
	"	.option norelax\n"
	"	la gp, __global_pointer$\n"
	"	.option pop\n"
	"	la t0, oracle_tp\n"
	"	ld tp, 0(t0)\n"
	"	la t0, oracle_handle\n"
	"	jr t0\n");

/* ---- where QEMU's user mode is known to differ from the specification */

static const struct verdict {
	const char *prefix;	/* of the instruction's name */
	enum { ALWAYS, MISALIGNED, ACCESS } when;
	unsigned why;
} verdicts[] = {
	{ "sc.", MISALIGNED, 0 },
	{ "sfence.w.inval", ALWAYS, 1 },
	{ "sfence.inval.ir", ALWAYS, 1 },
	{ "cbo.", ACCESS, 2 },
};
static const char *const whys[] = {
	"sc at a misaligned address: QEMU looks at the reservation first; "
	"tests/unit/cpu_riscv",
	"sfence.w.inval and sfence.inval.ir in U-mode: QEMU does nothing, "
	"Svinval says illegal; tests/unit/cpu_riscv",
	"the address that a faulting cbo reports: QEMU rounds it down, "
	"CMO says rs1; tests/unit/cpu_riscv",
};

static void strike(struct rx_result *r)
{
	const struct rx_case *c = &run.now;

	for (size_t k = 0; k < sizeof(verdicts) / sizeof(verdicts[0]); k++) {
		const struct verdict *v = &verdicts[k];

		if (strncmp(run.insn->name, v->prefix, strlen(v->prefix)) ||
		    (v->when == MISALIGNED && !(c->ea % run.insn->access)) ||
		    (v->when == ACCESS && (r->outcome != RX_OUT_FAULT ||
					   r->cause != RX_CAUSE_STORE)))
			continue;
		memset(r, 0, sizeof(*r));
		r->outcome = RX_OUT_NONE;
		r->value = v->why;
		memcpy(r->x, c->x, sizeof(r->x));
		memcpy(r->f, c->f, sizeof(r->f));
		memcpy(r->mem, c->mem, sizeof(r->mem));
		r->fcsr = c->fcsr;
		return;
	}
}

/* ---- one case */

static void load(ucontext_t *uc)
{
	struct rx_case *c = &run.now;
	uint8_t *page = (uint8_t *)(uintptr_t)RX_CASE_CODE;
	uint32_t none = 0;

	rx_case_make(run.insn, run.next, run.seed, c);
	run.hash = rx_case_hash(c, run.hash);
	memcpy(page + 0x1000 - c->length, &c->word, c->length);
	if (c->mem_at)
		memcpy((void *)(uintptr_t)c->mem_at, c->mem, RX_CASE_MEM);
	__asm__ volatile("fence.i\n\tsc.w %0, zero, (%1)"
			 : "=r"(none) : "r"(&run.dummy) : "memory");
	for (unsigned k = 1; k < 32; k++)
		uc->uc_mcontext.__gregs[k] = c->x[k];
	uc->uc_mcontext.__gregs[0] = c->pc;
	memcpy(uc->uc_mcontext.__fpregs.__d.__f, c->f, sizeof(c->f));
	uc->uc_mcontext.__fpregs.__d.__fcsr = c->fcsr;
}

static void outcome(struct rx_result *r, int sig, const siginfo_t *info)
{
	const struct rx_case *c = &run.now;

	r->outcome = RX_OUT_FAULT;
	if (r->value != c->pc) {
		r->outcome = r->value == c->pc + c->length ? RX_OUT_NEXT
							   : RX_OUT_JUMP;
		return;
	}
	r->value = 0;
	switch (sig) {
	case SIGILL:
		r->cause = RX_CAUSE_ILLEGAL;
		break;
	case SIGTRAP:
		r->cause = RX_CAUSE_BREAKPOINT;
		break;
	case SIGBUS:
		r->cause = run.insn->stores ? RX_CAUSE_STORE_MISALIGNED
					    : RX_CAUSE_LOAD_MISALIGNED;
		r->value = (uintptr_t)info->si_addr;
		break;
	default:
		r->cause = run.insn->stores ? RX_CAUSE_STORE : RX_CAUSE_LOAD;
		r->value = (uintptr_t)info->si_addr;
	}
}

/* The window is as before but for what a result holds. */
static void check_window(void)
{
	static const uint8_t zeros[RX_CASE_DATA_SIZE];

	if (memcmp((void *)(uintptr_t)RX_CASE_DATA, zeros, sizeof(zeros)))
		fail("an instruction stored outside of its memory");
}

static void save(const ucontext_t *uc, int sig, const siginfo_t *info)
{
	const struct rx_case *c = &run.now;
	struct rx_result r = { 0 };

	r.value = uc->uc_mcontext.__gregs[0];
	outcome(&r, sig, info);
	for (unsigned k = 1; k < 32; k++)
		r.x[k] = uc->uc_mcontext.__gregs[k];
	memcpy(r.f, uc->uc_mcontext.__fpregs.__d.__f, sizeof(r.f));
	r.fcsr = (uint8_t)uc->uc_mcontext.__fpregs.__d.__fcsr;
	if (c->mem_at) {
		memcpy(r.mem, (void *)(uintptr_t)c->mem_at, RX_CASE_MEM);
		memset((void *)(uintptr_t)c->mem_at, 0, RX_CASE_MEM);
	}
	check_window();
	strike(&r);
	if (run.used + RX_RESULT_MAX > run.size) {
		run.size = 2 * run.size + 65536;
		run.out = realloc(run.out, run.size);
		if (!run.out)
			fail("out of memory");
	}
	run.used += rx_result_pack(c, &r, run.out + run.used);
}

void oracle_handle(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	if (!run.started) {
		run.started = true;
		memcpy(run.start, uc->uc_mcontext.__gregs, sizeof(run.start));
		run.start_fp = uc->uc_mcontext.__fpregs.__d;
	} else {
		save(uc, sig, info);
		run.next++;
	}
	if (run.next < run.end) {
		load(uc);
	} else {
		memcpy(uc->uc_mcontext.__gregs, run.start, sizeof(run.start));
		uc->uc_mcontext.__fpregs.__d = run.start_fp;
	}
}

/* ---- all of them */

/* Of the handler: where hardly ever a case's sp points. A signal goes on with
 * an sp that is on it already. */
#define STACK UINT64_C(0x2a51230000)
#define STACK_SIZE 0x10000

static void map(uint64_t at, size_t size, int prot)
{
	void *want = (void *)(uintptr_t)at;

	if (mmap(want, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
		 -1, 0) != want)
		fail("cannot map the test's memory where it has to be");
}

static void prepare(void)
{
	static const int signals[] = { SIGILL, SIGSEGV, SIGBUS, SIGTRAP, SIGUSR1 };
	const stack_t ss = { .ss_sp = (void *)(uintptr_t)STACK,
			     .ss_size = STACK_SIZE };
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK };

	__asm__ volatile("mv %0, tp" : "=r"(oracle_tp));
	sa.sa_sigaction = oracle_entry;
	map(STACK, STACK_SIZE, PROT_READ | PROT_WRITE);
	if (sigaltstack(&ss, NULL))
		fail("no signal stack");
	for (unsigned k = 0; k < sizeof(signals) / sizeof(signals[0]); k++)
		if (sigaction(signals[k], &sa, NULL))
			fail("cannot catch signals");
	map(RX_CASE_CODE, 0x1000, PROT_READ | PROT_WRITE | PROT_EXEC);
	map(RX_CASE_DATA, RX_CASE_DATA_SIZE, PROT_READ | PROT_WRITE);
}

static void judge(const struct rx_diff_insn *d, uint64_t first, uint64_t count)
{
	uint16_t *page = (uint16_t *)(uintptr_t)RX_CASE_CODE;

	for (unsigned k = 0; k < 0x800; k++)
		page[k] = RX_CASE_FILL;
	run.insn = d;
	run.next = first;
	run.end = first + (count ? count : rx_case_count(d));
	run.started = false;
	run.hash = run.used = 0;
	raise(SIGUSR1);
	printf("insn %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %016" PRIx64 " %zu\n",
	       d->name, run.seed, first, run.end - first, run.hash, run.used);
	fwrite(run.out, 1, run.used, stdout);
	fflush(stdout);
}

static bool wanted(const char *name, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	uint64_t first = 0, count = 0;
	int opt;

	while ((opt = getopt(argc, argv, "s:f:n:")) != -1) {
		switch (opt) {
		case 's':
			run.seed = strtoull(optarg, NULL, 0);
			break;
		case 'f':
			first = strtoull(optarg, NULL, 0);
			break;
		case 'n':
			count = strtoull(optarg, NULL, 0);
			break;
		default:
			return 2;
		}
	}
	prepare();
	for (unsigned k = 0; k < sizeof(whys) / sizeof(whys[0]); k++)
		printf("why %u %s\n", k, whys[k]);
	for (unsigned k = 0; k < rg_rv64_ndiff; k++)
		if (!rg_rv64_diff[k].skip && wanted(rg_rv64_diff[k].name, argv + optind))
			judge(&rg_rv64_diff[k], first, count);
	return fflush(stdout) || ferror(stdout) ? 2 : 0;
}
