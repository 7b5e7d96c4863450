/* engine_jit.c - the threaded engine, with hot blocks compiled. SPDX-License-Identifier: MIT */
#include "jit/jit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "core/run.h"
#include "core/thr.h"
#include "core/vm.h"
#include "jit/lower.h"

#if RX_HAVE_JIT

static struct rx_jit *jit_of(const struct rx_cpu *cpu)
{
	return cpu->engine_data;
}

/*
 * Regions keep guest registers in registers that C functions preserve, and
 * handlers are entered and left by jumps: only the outermost call can save
 * them. 128 bytes below the stack pointer may be the caller's. The frames of
 * guest calls lie below that; their pages are touched so that the stack grows.
 * ~0 is no frame's return address: the lowest bit of a target is 0.
 */
#define FRAME_BYTES 16
#define FRAMES_ROOM (JIT_FRAMES * FRAME_BYTES + 4096)

static void call(struct rx_cpu *cpu, const struct rx_insn *i)
{
	register rx_handler *handler __asm__("rax") = i->handler;
	register struct rx_cpu *a __asm__("rdi") = cpu;
	register const struct rx_insn *b __asm__("rsi") = i;
	register int64_t c __asm__("rdx") = cpu->budget;
	register struct rx_tlb_entry *d __asm__("rcx") = cpu->tlb;

	__asm__ volatile(
		"sub $136, %%rsp\n\t"
		"push %%rbx\n\t"
		"push %%rbp\n\t"
		"push %%r12\n\t"
		"push %%r13\n\t"
		"push %%r14\n\t"
		"push %%r15\n\t"
		"sub $8, %%rsp\n\t"
		"mov %%rsp, %%rbx\n\t"
		"and $-16, %%rsp\n\t"
		"push %%rbx\n\t"
		"push $-1\n\t"
		"lea -8(%%rsp), %%rbx\n\t"
		"mov %%rbx, %c[sp](%%rdi)\n\t"
		"sub %[frames], %%rbx\n\t"
		"mov %%rbx, %c[limit](%%rdi)\n\t"
		"call *%%rax\n\t"
		"add $8, %%rsp\n\t"
		"pop %%rsp\n\t"
		"add $8, %%rsp\n\t"
		"pop %%r15\n\t"
		"pop %%r14\n\t"
		"pop %%r13\n\t"
		"pop %%r12\n\t"
		"pop %%rbp\n\t"
		"pop %%rbx\n\t"
		"add $136, %%rsp"
		: "+r"(handler), "+r"(a), "+r"(b), "+r"(c), "+r"(d)
		: [sp] "i"(offsetof(struct rx_cpu, native_sp)),
		  [limit] "i"(offsetof(struct rx_cpu, native_limit)),
		  [frames] "i"(JIT_FRAMES * FRAME_BYTES)
		: "r8", "r9", "r10", "r11", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
		  "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",
		  "xmm14", "xmm15", "memory", "cc");
}

/* Room for the frames, page by page, as the stack's guard wants it. */
static void touch_stack(void)
{
	volatile uint8_t room[FRAMES_ROOM];

	for (size_t k = sizeof(room); k > 4096; k -= 4096)
		room[k - 1] = 0;
	room[0] = 0;
}

const struct rx_insn *rx_jit_call_executor(struct rx_cpu *cpu, const struct rx_insn *i,
					   int64_t budget, size_t sites)
{
	const uint64_t traps = cpu->traps;
	const struct rx_insn *next = rx_thr_execute(cpu, i, budget);

	rx_sites_renew(cpu, rx_sites_at(cpu, sites));
	if (cpu->vm->jit.counts && cpu->traps != traps)	/* what faults does not retire */
		jit_of(cpu)->count[RX_JIT_CALLED]--;
	return next;
}

/* What this thread has cost. */
static uint64_t thread_ns(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t))
		return 0;
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

/* Does the ISA find its memory in the TLB? Where it does, something is there. */
static bool reaches_data(const struct rx_cpu *cpu)
{
	for (unsigned k = 0; k < RX_TLB_ENTRIES; k++)
		if (cpu->tlb[k].tag[RX_ACC_R] != RX_TLB_INVALID ||
		    cpu->tlb[k].tag[RX_ACC_W] != RX_TLB_INVALID)
			return true;
	return false;
}

/* Not inline: a handler with variables of its own does not leave by a jump. */
RX_NOINLINE static void compile(struct rx_cpu *cpu, struct rx_block *start)
{
	struct rx_jit *j = jit_of(cpu);
	const uint64_t began = thread_ns();
	struct rx_jit_made made;

	start->insn[0].handler = start->plain;
	rx_jit_make_room(j);
	if (!j->has_tlb && reaches_data(cpu)) {
		j->has_tlb = true;
		rx_jit_forget_kept(j);	/* accesses were lifted to calls */
	}
	if (rx_jit_compile(j, start, &made) && !rx_jit_keep(j, &made))
		rx_jit_take_back(j, &made);	/* the block stays as it is */
	j->stats.ns += thread_ns() - began;
}

/* What a block begins with until it is hot. */
static RX_THR_DEF(count)
{
	struct rx_block *b = rx_block_of(i);

	if (RX_UNLIKELY(--b->heat == 0)) {
		if (rx_jit_is_odd(cpu, b))
			b->heat = cpu->blocks->heat;	/* perhaps later */
		else
			compile(cpu, b);
		if (i->handler != count)
			RX_MUSTTAIL return i->handler(cpu, i, budget, tlb);
	}
	RX_MUSTTAIL return b->plain(cpu, i, budget, tlb);
}

static void died(struct rx_cpu *cpu, struct rx_block *b)
{
	rx_jit_block_died(jit_of(cpu), b);
}

static void dropped(struct rx_cpu *cpu)
{
	rx_jit_forget_regions(jit_of(cpu));
}

static void detach(struct rx_cpu *cpu)
{
	struct rx_jit *j = jit_of(cpu);

	rx_blocks_fini(cpu);
	if (!j)
		return;
	rx_jit_forget_regions(j);
	if (j->scratch)
		rx_jit_scratch_fini(j);
	free(j->scratch);
	free(j->kept);
	rx_smir_opt_fini(&j->opt);
	rx_jit_code_fini(&j->code);
	free(j);
	cpu->engine_data = NULL;
}

static void after_pass(void *opaque, const char *pass, const struct rx_smir_fn *f)
{
	const struct rx_jit *j = opaque;

	rx_jit_say(j, "  after %s", pass);
	rx_jit_dump_smir(j, f);
}

static void listen(struct rx_jit *j)
{
	const bool wanted = rx_jit_dumps(j);

	j->opt.check = j->cpu->vm->jit.check;
	j->opt.after = wanted ? after_pass : NULL;
	j->opt.opaque = j;
}

/* The regions are compiled once more, into memory that nobody will run. */
static void explain(struct rx_cpu *cpu, uint64_t pc,
		    void (*line)(void *opaque, const char *line), void *opaque)
{
	const struct rx_jit_settings kept = cpu->vm->jit;
	struct rx_jit *j = jit_of(cpu);
	const struct rx_jit_code code = j->code;
	uint8_t *const room = malloc(RX_JIT_REGION_BYTES);
	const struct rx_jit_region *r = NULL;
	struct rx_jit_made made;
	struct rx_block *b;
	bool any = false;

	if (!room) {
		line(opaque, "there is no room to compile the code once more");
		return;
	}
	cpu->vm->jit.line = line;
	cpu->vm->jit.opaque = opaque;
	j->again = true;
	listen(j);
	while ((r = rx_jit_next_at(j, r, pc, &b)) != NULL) {
		any = true;
		j->code = (struct rx_jit_code){ .rw = room, .rx = room,
						.size = RX_JIT_REGION_BYTES };
		if (rx_jit_compile(j, b, &made))
			rx_jit_take_back(j, &made);
		else
			rx_jit_say(j, "  it cannot be compiled any more");
	}
	if (!any)
		rx_jit_say(j, "nothing is compiled at %" PRIx64, pc);
	j->code = code;
	j->again = false;
	cpu->vm->jit = kept;
	listen(j);
	free(room);
}

/* What the lowering takes for granted; see also rx_jit_needs(). */
bool rx_jit_host_will_do(unsigned host)
{
	return !(~host & (RX_HOST_AVX | RX_HOST_BMI2));
}

static rax_status attach(struct rx_cpu *cpu, rax_error *err)
{
	struct rx_jit *j;
	rax_status status;

	if (!rx_jit_host_will_do(cpu->vm->host))
		return rx_err(err, RAX_ENOTSUP, "this processor lacks AVX or BMI2, which compiled "
			      "code uses; take --engine threaded");
	j = calloc(1, sizeof(*j));
	if (!j)
		return rx_err(err, RAX_ENOMEM, "compiler");
	j->cpu = cpu;
	listen(j);
	cpu->engine_data = j;
	j->scratch = calloc(1, rx_jit_scratch_size());
	if (j->scratch)
		rx_jit_scratch_init(j);
	j->kept = calloc(1, rx_jit_kept_size());
	status = j->scratch && j->kept ? rx_jit_code_init(&j->code, cpu->vm->jit.cache,
					       cpu->vm->jit.nameless, err)
			    : rx_err(err, RAX_ENOMEM, "compiler");
	if (!status)
		status = rx_blocks_init(cpu, err);
	if (status) {
		detach(cpu);
		return status;
	}
	cpu->blocks->counter = count;
	cpu->blocks->heat = cpu->vm->jit.heat;
	cpu->blocks->died = died;
	cpu->blocks->dropped = dropped;
	cpu->blocks->call = call;
	return RAX_OK;
}

/* Instructions that the engine retired but compiled code did not do. */
static uint64_t elsewhere(const struct rx_cpu *cpu)
{
	const struct rx_jit *j = jit_of(cpu);

	return rx_cpu_instret(cpu) - j->count[RX_JIT_NATIVE] - j->count[RX_JIT_CALLED];
}

static const char *stat(const struct rx_cpu *cpu, unsigned index, uint64_t *value)
{
	const struct rx_jit *j = jit_of(cpu);
	const struct rx_jit_settings *set = &cpu->vm->jit;
	const uint64_t *way = j->count + RX_JIT_WAYS;
	const struct {
		const char *name;
		uint64_t value;
		bool off;
	} stats[] = {
		{ "regions compiled", j->stats.regions, false },
		{ "traces in them", j->stats.traces, false },
		{ "regions that died with a block", j->stats.died, false },
		{ "regions that made room for others", j->stats.evicted, false },
		{ "regions that others have all of", j->stats.replaced, false },
		{ "bytes of code", j->stats.bytes, false },
		{ "instructions compiled to code of their own", j->stats.native, false },
		{ "instructions compiled to calls of executors", j->stats.called, false },
		{ "instructions left to the threaded engine", j->stats.left, false },
		{ "instructions compiled once more in traces", j->stats.copied, false },
		{ "blocks lifted and optimised", j->stats.lifted, false },
		{ "blocks whose operations were kept", j->stats.recalled, false },
		{ "microseconds of compiling", j->stats.ns / 1000, false },
		{ "blocks refused by the verifier", j->stats.refused, !set->check },
		{ set->compared ? "regions run and verified" : "regions run",
		  j->count[RX_JIT_ENTERED], !set->counts },
		{ "instructions run in code of their own", j->count[RX_JIT_NATIVE], !set->counts },
		{ "instructions run by calls of executors", j->count[RX_JIT_CALLED],
		  !set->counts },
		{ "instructions run by the threaded engine", elsewhere(cpu), !set->counts },
		{ "exits: slow access, fault or exception", way[JIT_SLOW], !set->counts },
		{ "exits: end of the run's budget", way[JIT_OUT], !set->counts },
		{ "exits: over a link to another block", way[JIT_EXIT], !set->counts },
		{ "exits: instruction left to the threaded engine", way[JIT_LEAVE], !set->counts },
		{ "exits: computed jump", way[JIT_GOTO], !set->counts },
		{ "exits: behind an executor", way[JIT_WENT], !set->counts },
		{ "exits: fault of a called function", way[JIT_FAULT], !set->counts },
		{ "exits: asked for by an access", way[JIT_POLLED], !set->counts },
	};

	if (index < RX_BLOCKS_STATS)
		return rx_blocks_stat(cpu, index, value);
	index -= RX_BLOCKS_STATS;
	for (size_t k = 0; k < sizeof(stats) / sizeof(stats[0]); k++) {
		if (stats[k].off || index--)
			continue;
		*value = stats[k].value;
		return stats[k].name;
	}
	return NULL;
}

static void run(struct rx_cpu *cpu)
{
	touch_stack();
	rx_engine_threaded.run(cpu);
}

const struct rx_engine rx_engine_jit = {
	.name = "jit",
	.run = run,
	.attach = attach,
	.detach = detach,
	.invalidate = rx_blocks_invalidate,
	.granules = rx_blocks_granules,
	.stat = stat,
	.explain = explain,
};
#endif
