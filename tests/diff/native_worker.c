/* native_worker.c - the process that executes cases. SPDX-License-Identifier: MIT
 *
 * handle() is entered with a case's FS, GS and segment registers: entered()
 * brings the process's own back before anything else, and must not be
 * instrumented or protected by the compiler.
 */
#if defined(__x86_64__) && defined(__linux__)
#define _GNU_SOURCE 1
#include "tests/diff/native_worker.h"

#include <asm/ldt.h>
#include <asm/prctl.h>
#include <cpuid.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#define CODE (RX_NATIVE_CODE_END - 0x1000)
#define STACK UINT64_C(0x2a6512300000)	/* of the handler: where no case points */
#define STACK_SIZE 0x20000
#define TICK_US 50000			/* a case that runs for two ticks hangs */
#define HLT 0xf4
#define CODE16 0x1237	/* a selector of the process's own table, as cases hardly have */
#define USER_END UINT64_C(0x7ffffffff000)
#define FLAG_RF UINT64_C(0x10000)
#define FLAG_NT UINT64_C(0x4000)
#define FLAG_ID UINT64_C(0x200000)

enum { X87 = 1, SSE = 2, AVX = 4, OPMASK = 0x20, ZMM_HI = 0x40, HI16_ZMM = 0x80 };
#define OURS (X87 | SSE | AVX | OPMASK | ZMM_HI | HI16_ZMM)

struct memory {
	uint64_t at;
	size_t size;
	const uint8_t *base;	/* what it holds between cases */
	uint8_t was[RX_NATIVE_LOW_SIZE];	/* what it held before a case */
};

static struct {
	struct native_shared *shared;
	struct memory mem[2];
	ucontext_t start;	/* of the loop, to go back to */
	uint8_t start_fp[8192];
	size_t fp_size;
	bool running;		/* a case is */
	unsigned ticks;
	uint64_t fs, gs;	/* bases of the process */
	uint64_t case_fs, case_gs;	/* as the signal found them */
	bool fsgsbase;
	uint32_t offset[8];	/* of state components */
	uint32_t mxcsr_mask;
} w = {
	.mem = { { .at = RX_NATIVE_LOW, .size = RX_NATIVE_LOW_SIZE },
		 { .at = RX_NATIVE_HIGH, .size = RX_NATIVE_HIGH_SIZE } },
};

/* ---- bases and selectors */

#define BARE __attribute__((no_stack_protector, no_sanitize("address", "undefined")))

BARE static inline long prctl_raw(long code, unsigned long addr)
{
	long r;

	__asm__ volatile("syscall" : "=a"(r) : "0"((long)SYS_arch_prctl),
			 "D"(code), "S"(addr) : "rcx", "r11", "memory");
	return r;
}

BARE static void get_bases(uint64_t *fs, uint64_t *gs)
{
	if (w.fsgsbase) {
		__asm__ volatile("rdfsbase %0" : "=r"(*fs));
		__asm__ volatile("rdgsbase %0" : "=r"(*gs));
	} else {
		prctl_raw(ARCH_GET_FS, (unsigned long)fs);
		prctl_raw(ARCH_GET_GS, (unsigned long)gs);
	}
}

BARE static void set_bases(uint64_t fs, uint64_t gs)
{
	if (w.fsgsbase) {
		__asm__ volatile("wrfsbase %0" : : "r"(fs));
		__asm__ volatile("wrgsbase %0" : : "r"(gs));
	} else {
		prctl_raw(ARCH_SET_FS, fs);
		prctl_raw(ARCH_SET_GS, gs);
	}
}

/* Loading a selector changes the base: bases come behind. */
BARE static void set_selectors(uint16_t want)
{
	uint16_t ds, es, fs, gs;

	__asm__ volatile("mov %%ds, %0\n\tmov %%es, %1\n\tmov %%fs, %2\n\tmov %%gs, %3"
			 : "=r"(ds), "=r"(es), "=r"(fs), "=r"(gs));
	if (ds != want || es != want || fs != want || gs != want)
		__asm__ volatile("mov %0, %%ds\n\tmov %0, %%es\n\t"
				 "mov %0, %%fs\n\tmov %0, %%gs"
				 : : "r"((uint32_t)want));
}

/* Flags that sigreturn leaves as the handler has them. */
BARE static void set_rest(uint64_t rflags)
{
	const uint64_t rest = FLAG_NT | FLAG_ID;

	__asm__ volatile("pushfq\n\tandq %0, (%%rsp)\n\torq %1, (%%rsp)\n\tpopfq"
			 : : "r"(~rest), "r"(rflags & rest) : "cc", "memory");
}

/* ---- the state in a signal frame: FXSAVE layout, then XSAVE components */

static uint8_t *fp_of(const ucontext_t *uc)
{
	return (uint8_t *)uc->uc_mcontext.fpregs;
}

static uint64_t get64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return v;
}

/* Components that the frame has room for, of ours. */
static uint64_t features(const uint8_t *fp)
{
	uint32_t magic;

	memcpy(&magic, fp + 464, 4);
	return magic == 0x46505853 ? get64(fp + 472) & OURS : (X87 | SSE);
}

/* Bytes of the frame's state. */
static size_t frame_size(const uint8_t *fp)
{
	uint32_t size = 512;

	if (features(fp) != (X87 | SSE))
		memcpy(&size, fp + 480, 4);
	return size < sizeof(w.start_fp) ? size : sizeof(w.start_fp);
}

static void put_vectors(uint8_t *fp, const struct rx_native_state *s, uint64_t have)
{
	for (unsigned k = 0; k < 16; k++) {
		memcpy(fp + 160 + 16 * k, s->zmm[k], 16);
		if (have & AVX)
			memcpy(fp + w.offset[2] + 16 * k, s->zmm[k] + 16, 16);
		if (have & ZMM_HI)
			memcpy(fp + w.offset[6] + 32 * k, s->zmm[k] + 32, 32);
		if (have & HI16_ZMM)
			memcpy(fp + w.offset[7] + 64 * k, s->zmm[16 + k], 64);
	}
	if (have & OPMASK)
		memcpy(fp + w.offset[5], s->k, sizeof(s->k));
}

static void put_fp(uint8_t *fp, const struct rx_native_state *s)
{
	const uint64_t have = features(fp);

	memcpy(fp, &s->fcw, 2);
	memcpy(fp + 2, &s->fsw, 2);
	fp[4] = s->ftw;
	fp[5] = 0;
	memcpy(fp + 6, &s->fop, 2);
	memcpy(fp + 8, &s->fip, 8);
	memcpy(fp + 16, &s->fdp, 8);
	memcpy(fp + 24, &s->mxcsr, 4);
	for (unsigned k = 0; k < 8; k++)
		memcpy(fp + 32 + 16 * k, s->st[k], 10);
	put_vectors(fp, s, have);
	if (have != (X87 | SSE)) {
		const uint64_t bv = (get64(fp + 512) & ~(uint64_t)OURS) | have;

		memcpy(fp + 512, &bv, 8);
	}
}

static void get_vectors(const uint8_t *fp, struct rx_native_state *s, uint64_t have)
{
	for (unsigned k = 0; k < 16; k++) {
		if (have & SSE)
			memcpy(s->zmm[k], fp + 160 + 16 * k, 16);
		if (have & AVX)
			memcpy(s->zmm[k] + 16, fp + w.offset[2] + 16 * k, 16);
		if (have & ZMM_HI)
			memcpy(s->zmm[k] + 32, fp + w.offset[6] + 32 * k, 32);
		if (have & HI16_ZMM)
			memcpy(s->zmm[16 + k], fp + w.offset[7] + 64 * k, 64);
	}
	if (have & OPMASK)
		memcpy(s->k, fp + w.offset[5], sizeof(s->k));
}

/* What is not in XSTATE_BV has its initial value (SDM volume 1, 13.6). */
static void get_fp(const uint8_t *fp, struct rx_native_state *s)
{
	uint64_t have = features(fp);

	if (have != (X87 | SSE))
		have &= get64(fp + 512);
	if (have & X87) {
		memcpy(&s->fcw, fp, 2);
		memcpy(&s->fsw, fp + 2, 2);
		s->ftw = fp[4];
		memcpy(&s->fop, fp + 6, 2);
		memcpy(&s->fip, fp + 8, 8);
		memcpy(&s->fdp, fp + 16, 8);
		for (unsigned k = 0; k < 8; k++)
			memcpy(s->st[k], fp + 32 + 16 * k, 10);
	}
	memcpy(&s->mxcsr, fp + 24, 4);
	get_vectors(fp, s, have);
}

static const uint8_t greg[16] = {
	REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
	REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};

static unsigned code_selector(unsigned mode)
{
	return mode == 64 ? 0x33 : mode == 32 ? 0x23 : CODE16;
}

static void put_state(ucontext_t *uc, const struct rx_native_case *c)
{
	greg_t *g = uc->uc_mcontext.gregs;

	for (unsigned k = 0; k < 16; k++)
		g[greg[k]] = (greg_t)c->in.gpr[k];
	g[REG_RIP] = (greg_t)(RX_NATIVE_CODE_END - c->len);
	g[REG_EFL] = (greg_t)c->in.rflags;
	g[REG_CSGSFS] = (g[REG_CSGSFS] & ~(greg_t)0xffff) | code_selector(c->mode);
	put_fp(fp_of(uc), &c->in);
}

static void get_state(const ucontext_t *uc, struct rx_native_state *s)
{
	const greg_t *g = uc->uc_mcontext.gregs;

	rx_native_init(s);
	for (unsigned k = 0; k < 16; k++)
		s->gpr[k] = (uint64_t)g[greg[k]];
	s->rip = (uint64_t)g[REG_RIP];
	s->rflags = (uint64_t)g[REG_EFL] & ~FLAG_RF;
	s->cs = (uint16_t)g[REG_CSGSFS];
	s->fs_base = w.case_fs;
	s->gs_base = w.case_gs;
	get_fp(fp_of(uc), s);
}

/* ---- memory */

static struct memory *memory_of(const struct rx_native_mem *m)
{
	for (unsigned k = 0; k < 2; k++)
		if (m->at >= w.mem[k].at && m->size <= w.mem[k].size &&
		    m->at - w.mem[k].at <= w.mem[k].size - m->size)
			return &w.mem[k];
	return NULL;
}

static void poke(const struct rx_native_mem *m, const uint8_t *data)
{
	struct memory *r = memory_of(m);

	memcpy((void *)(uintptr_t)m->at, data, m->size);
	memcpy(r->was + (m->at - r->at), data, m->size);
}

/* One run from offset k on; runs that are near are one. */
static size_t run_length(const struct memory *r, const uint8_t *now, size_t k)
{
	size_t end = k + 1, last = k;

	for (; end < r->size && end - last < 64; end++)
		if (now[end] != r->was[end])
			last = end;
	return last + 1 - k;
}

static void get_memory(struct rx_native_result *out)
{
	size_t used = 0;

	for (unsigned m = 0; m < 2; m++) {
		struct memory *r = &w.mem[m];
		uint8_t *now = (uint8_t *)(uintptr_t)r->at;

		if (!memcmp(now, r->was, r->size))
			continue;
		for (size_t k = 0; k < r->size; k++) {
			if (now[k] == r->was[k])
				continue;
			const size_t n = run_length(r, now, k);

			if (out->nchanges == RX_NATIVE_CHANGES ||
			    used + n > RX_NATIVE_CHANGED) {
				out->many = true;
			} else {
				out->change[out->nchanges++] = (struct rx_native_mem){
					r->at + k, (uint32_t)n, (uint32_t)used };
				memcpy(out->data + used, now + k, n);
				used += n;
			}
			k += n;
		}
		memcpy(now, r->was, r->size);
	}
}

static void put_memory(const struct rx_native_case *c)
{
	for (unsigned k = 0; k < c->npatches; k++)
		poke(&c->patch[k], c->data + c->patch[k].offset);
}

static void clear_memory(const struct rx_native_case *c)
{
	for (unsigned k = 0; k < c->npatches; k++) {
		const struct rx_native_mem *m = &c->patch[k];
		const struct memory *r = memory_of(m);

		poke(m, r->base + (m->at - r->at));
	}
}

/* ---- one case */

/* A system call, where nothing would stop it: SYSCALL, SYSENTER, INT n. */
static bool calls(const struct rx_native_case *c)
{
	for (unsigned k = 0; k < c->len; k++)
		if (c->code[k] == 0xcd || (c->code[k] == 0x0f && k + 1u < c->len &&
		    (c->code[k + 1] == 0x05 || c->code[k + 1] == 0x34)))
			return true;
	return false;
}

static bool sane(const struct rx_native_case *c)
{
	bool ok = c->len >= 1 && c->len <= RX_NATIVE_CODE &&
		  (c->mode == 64 || c->mode == 32 || (c->mode == 16 && w.shared->has16)) &&
		  c->npatches <= RX_NATIVE_PATCHES &&
		  !(c->in.mxcsr & ~w.mxcsr_mask) && c->in.fs_base < USER_END &&
		  c->in.gs_base < USER_END && (w.shared->guarded || !calls(c));

	for (unsigned k = 0; ok && k < c->npatches; k++)
		ok = memory_of(&c->patch[k]) && c->patch[k].size <= RX_NATIVE_DATA &&
		     c->patch[k].offset <= RX_NATIVE_DATA - c->patch[k].size;
	return ok;
}

static void outcome(const ucontext_t *uc, const struct rx_native_case *c,
		    struct rx_native_result *r)
{
	const greg_t *g = uc->uc_mcontext.gregs;
	const uint64_t pc = r->out.rip;
	const bool inside = pc >= RX_NATIVE_CODE_END - c->len && pc < RX_NATIVE_CODE_END;

	r->vector = (unsigned)g[REG_TRAPNO];
	r->error = (unsigned)g[REG_ERR];
	r->cr2 = r->vector == 14 ? (uint64_t)g[REG_CR2] : 0;
	/* Nothing can be fetched there: what was to be executed is done. A
	 * #GP is from the HLTs of the page or of an rip that is not canonical. */
	if (!inside && r->vector == 14 && r->error & 16 && r->cr2 == pc)
		r->outcome = pc == RX_NATIVE_CODE_END ? RX_NATIVE_NEXT : RX_NATIVE_JUMP;
	else if (!inside && r->vector == 13)
		r->outcome = RX_NATIVE_JUMP;
	else
		r->outcome = RX_NATIVE_FAULT;
	if (r->outcome != RX_NATIVE_FAULT)
		r->vector = r->error = 0, r->cr2 = 0;
}

static void save(const ucontext_t *uc, int sig)
{
	const struct rx_native_case *c = &w.shared->cases[w.shared->done];
	struct rx_native_result *r = &w.shared->results[w.shared->done];

	r->nchanges = 0;
	r->many = false;
	get_state(uc, &r->out);
	if (sig == SIGVTALRM)
		r->outcome = RX_NATIVE_TIMEOUT;
	else if (sig == SIGSYS)
		r->outcome = RX_NATIVE_SYSCALL;
	else
		outcome(uc, c, r);
	get_memory(r);
	clear_memory(c);
	w.shared->done++;
}

/* The next case that is sane; false: there is none left. */
static bool load(ucontext_t *uc)
{
	struct native_shared *s = w.shared;
	const struct rx_native_case *c = s->cases;

	for (; s->done < s->count; s->done++) {
		c = &s->cases[s->done];
		if (sane(c))
			break;
		s->results[s->done].outcome = RX_NATIVE_REFUSED;
	}
	if (s->done >= s->count)
		return false;
	memset((void *)(uintptr_t)CODE, HLT, 0x1000);	/* a case may have written there */
	memcpy((void *)(uintptr_t)(RX_NATIVE_CODE_END - c->len), c->code, c->len);
	put_memory(c);
	put_state(uc, c);
	w.case_fs = c->in.fs_base;
	w.case_gs = c->in.gs_base;
	w.ticks = 0;
	return true;
}

/* False: back to the loop. */
static bool step(int sig, ucontext_t *uc)
{
	if (!w.running) {
		if (sig != SIGUSR1)
			return false;	/* a late tick */
		for (unsigned k = 0; k < 2; k++) {
			memcpy(w.mem[k].was, w.mem[k].base, w.mem[k].size);
			memcpy((void *)(uintptr_t)w.mem[k].at, w.mem[k].base, w.mem[k].size);
		}
		w.start = *uc;
		w.fp_size = frame_size(fp_of(uc));
		memcpy(w.start_fp, fp_of(uc), w.fp_size);
	} else if (sig == SIGVTALRM && !w.ticks++) {
		return true;	/* goes on */
	} else {
		save(uc, sig);
	}
	w.running = load(uc);
	if (w.running)
		return true;
	memcpy(uc->uc_mcontext.gregs, w.start.uc_mcontext.gregs,
	       sizeof(uc->uc_mcontext.gregs));
	memcpy(fp_of(uc), w.start_fp, w.fp_size);
	return false;
}

/* ---- where a signal enters: AC is the case's, too */

void native_entered(int sig, siginfo_t *info, void *context);
void native_entry(int sig, siginfo_t *info, void *context);
__asm__(".text\n"
	".globl native_entry\n"
	"native_entry:\n"
	"	pushfq\n"
	"	andl $~0x40000, (%rsp)\n"
	"	popfq\n"
	"	cld\n"
	"	jmp native_entered\n");

BARE void native_entered(int sig, siginfo_t *info, void *context)
{
	get_bases(&w.case_fs, &w.case_gs);
	set_selectors(0);
	set_bases(w.fs, w.gs);
	(void)info;
	if (step(sig, context)) {
		const struct rx_native_case *c = &w.shared->cases[w.shared->done];

		set_rest(c->in.rflags);
		set_selectors(c->mode == 64 ? 0 : 0x2b);
		set_bases(w.case_fs, w.case_gs);
	}
}

/* ---- the process */

static bool map(uint64_t at, size_t size, int prot)
{
	void *want = (void *)(uintptr_t)at;

	return mmap(want, size, prot, MAP_PRIVATE | MAP_ANONYMOUS |
		    MAP_FIXED_NOREPLACE | MAP_POPULATE, -1, 0) == want;
}

/* Stops system calls of the code page (the address behind them is reported)
 * and those of the 32-bit interface. */
static bool guard(void)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 6),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, instruction_pointer) + 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, instruction_pointer)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)CODE, 0, 1),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)RX_NATIVE_CODE_END, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
	};
	struct sock_fprog prog = { sizeof(f) / sizeof(f[0]), f };

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog);
}

/* 16-bit code, wherever it is: EIP has all of its bits, what is of 16 bits
 * cuts it. Kernels may be built without. */
static bool make_code16(void)
{
	const struct user_desc d = { .entry_number = CODE16 >> 3, .limit = 0xfffff,
				     .contents = 2, .limit_in_pages = 1 };

	return !syscall(SYS_modify_ldt, 1, &d, sizeof(d));
}

static void layout(void)
{
	uint8_t fx[512] __attribute__((aligned(16))) = { 0 };
	unsigned a, b, c, d;

	__asm__ volatile("fxsave %0" : "+m"(fx));
	memcpy(&w.mxcsr_mask, fx + 28, 4);
	if (!w.mxcsr_mask)
		w.mxcsr_mask = 0xffbf;
	for (unsigned k = 2; k < 8; k++)
		if (__get_cpuid_count(0xd, k, &a, &b, &c, &d))
			w.offset[k] = b;
}

static const char *prepare(void)
{
	static const int signals[] = { SIGILL, SIGSEGV, SIGBUS, SIGTRAP, SIGFPE,
				       SIGSYS, SIGUSR1, SIGVTALRM };
	const stack_t ss = { .ss_sp = (void *)(uintptr_t)STACK, .ss_size = STACK_SIZE };
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK };
	const struct itimerval tick = { { 0, TICK_US }, { 0, TICK_US } };

	w.fsgsbase = getauxval(AT_HWCAP2) & 2;
	get_bases(&w.fs, &w.gs);
	layout();
	sa.sa_sigaction = native_entry;
	sigfillset(&sa.sa_mask);
	if (!map(STACK, STACK_SIZE, PROT_READ | PROT_WRITE) || sigaltstack(&ss, NULL))
		return "no signal stack";
	for (unsigned k = 0; k < sizeof(signals) / sizeof(signals[0]); k++)
		if (sigaction(signals[k], &sa, NULL))
			return "signals cannot be caught";
	if (!map(CODE, 0x1000, PROT_READ | PROT_WRITE | PROT_EXEC))
		return "no page can be mapped writable and executable where cases run";
	if (!map(RX_NATIVE_LOW, RX_NATIVE_LOW_SIZE, PROT_READ | PROT_WRITE) ||
	    !map(RX_NATIVE_CONST, RX_NATIVE_CONST_SIZE, PROT_READ) ||
	    !map(RX_NATIVE_HIGH, RX_NATIVE_HIGH_SIZE, PROT_READ | PROT_WRITE))
		return "the cases' memory cannot be mapped where it has to be";
	w.shared->has16 = make_code16();
	w.shared->guarded = guard();
	return setitimer(ITIMER_VIRTUAL, &tick, NULL) ? "no timer" : NULL;
}

void native_worker(struct native_shared *s, int in, int out)
{
	static const uint8_t zeros[RX_NATIVE_HIGH_SIZE];
	const char *why;
	ssize_t got;
	char c;

	w.shared = s;
	w.mem[0].base = s->low;
	w.mem[1].base = zeros;
	why = prepare();
	snprintf(s->why, sizeof(s->why), "%s", why ? why : "");
	do {
		if (write(out, "r", 1) != 1)
			break;
		while ((got = read(in, &c, 1)) < 0)
			;	/* a tick */
		raise(SIGUSR1);
	} while (got && !why);
	_exit(0);
}

#else
typedef int native_worker_is_for_linux;
#endif
