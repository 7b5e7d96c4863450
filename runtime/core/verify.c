/* verify.c - two machines in lock-step. SPDX-License-Identifier: MIT */
#include "core/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "core/run.h"

/*
 * The machines run in chunks and are compared behind each. Chunks are of
 * many lengths, so that an engine that runs whole blocks enters them, chains
 * them and stops inside of them. Most are short: what went wrong must still
 * be seen at the end of one. Some are long: loops and calls go their whole way.
 */
#define MAX_CHUNK 96
#define LONG_CHUNK 2048
#define SHORT_UNITS (UINT64_C(1) << 16)	/* until there are such */
#define TRACED MAX_CHUNK	/* the last ones, so that they stay in the host's cache */
#define MAX_RUNS 64
#define RAM_UNITS (UINT64_C(1) << 27)	/* between comparisons of all RAM ... */
#define WRITTEN_UNITS (UINT64_C(1) << 16)	/* ... and of pages that are being written */
#define CHUNK_SEED UINT64_C(0x2545f4914f6cdd1d)

/* What the step engine's machine did in this chunk; number k is in place k % TRACED. */
struct trace {
	unsigned n;
	const struct verify *v;
	struct entry {
		unsigned cpu;
		struct rx_insn insn;
	} entry[TRACED];
	uint8_t *state;		/* [TRACED] of v->traced_bytes, before each instruction */
};

/* Registers that lie in the state without gaps. */
struct run {
	size_t at, len;
	size_t to;		/* where the trace has them ... */
	bool traced;		/* ... if it does: vectors are too much to copy each time */
};

struct verify {
	struct rx_vm *vm[2];
	struct trace *trace;	/* of vm[traced]; NULL: none can be traced */
	unsigned traced;
	size_t traced_bytes;
	struct run run[MAX_RUNS];
	unsigned nruns;
	bool many;		/* more runs than there is room for: some are left out */
	uint64_t random, next_ram, next_written;
	struct rx_verify_report *report;
};

static void record(void *opaque, struct rx_cpu *cpu, const struct rx_insn *i)
{
	struct trace *t = opaque;
	const struct verify *v = t->v;
	struct entry *e = &t->entry[t->n % TRACED];
	uint8_t *state = t->state + t->n % TRACED * v->traced_bytes;

	for (unsigned k = 0; k < v->nruns; k++)
		if (v->run[k].traced)
			memcpy(state + v->run[k].to, (const uint8_t *)cpu + v->run[k].at,
			       v->run[k].len);
	e->cpu = cpu->id;
	e->insn = *i;	/* last: the decoder has only just written it */
	t->n++;
}

static uint64_t value_of(const void *state, const struct rx_reg_info *r)
{
	uint64_t v = 0;

	memcpy(&v, (const uint8_t *)state + r->offset,
	       r->bytes < 8 ? r->bytes : 8);
	return v;
}

static bool same_reg(const void *x, const void *y, const struct rx_reg_info *r)
{
	return !memcmp((const uint8_t *)x + r->offset,
		       (const uint8_t *)y + r->offset, r->bytes);
}

/* The place of a register in the state that the trace has; false: it has none. */
static bool traced_at(const struct verify *v, const struct rx_reg_info *r, size_t *at)
{
	for (unsigned k = 0; k < v->nruns; k++)
		if (r->offset - v->run[k].at < v->run[k].len) {
			*at = v->run[k].to + (r->offset - v->run[k].at);
			return v->run[k].traced;
		}
	return false;
}

/*
 * Which instruction of the chunk wrote this register last? Its index, or
 * trace->n when none did or that is not traced.
 */
static unsigned last_writer(const struct verify *v, unsigned cpu,
			    const struct rx_reg_info *r)
{
	const struct trace *t = v->trace;
	const uint8_t *after = (const uint8_t *)v->vm[v->traced]->cpu[cpu] +
			       r->offset;
	const unsigned first = t->n > TRACED ? t->n - TRACED : 0;
	size_t at;

	if (!traced_at(v, r, &at))
		return t->n;
	for (unsigned k = t->n; k-- > first;) {
		const uint8_t *before = t->state + k % TRACED * v->traced_bytes + at;

		if (t->entry[k % TRACED].cpu != cpu)
			continue;
		if (memcmp(before, after, r->bytes))
			return k;
		after = before;
	}
	return t->n;
}

static void describe(struct verify *v, unsigned cpu, unsigned index)
{
	struct rx_verify_report *rep = v->report;
	const struct trace *t = v->trace;
	const struct rx_isa *isa = v->vm[0]->isa;

	rep->cpu = cpu;
	rep->icount = v->vm[v->traced]->icount;
	if (!t || !t->n)
		return;
	if (index >= t->n) {	/* of all, from where run() says that they began */
		rep->range = t->n;
		return;
	}
	rep->range = 1;
	rep->icount -= t->n - 1 - index;
	rep->pc = t->entry[index % TRACED].insn.pc;
	if (isa->disasm)
		isa->disasm(&t->entry[index % TRACED].insn, rep->insn, sizeof(rep->insn));
}

static bool same_runs(const struct verify *v, const struct rx_cpu *x,
		      const struct rx_cpu *y)
{
	if (x->pc != y->pc || v->many)
		return false;
	for (unsigned k = 0; k < v->nruns; k++)
		if (memcmp((const uint8_t *)x + v->run[k].at,
			   (const uint8_t *)y + v->run[k].at, v->run[k].len))
			return false;
	return true;
}

/* Of the registers that differ, the one that was written first is nearest
 * to the cause. */
static bool compare_cpu(struct verify *v, unsigned id)
{
	const struct rx_cpu *x = v->vm[0]->cpu[id], *y = v->vm[1]->cpu[id];
	const struct rx_isa *isa = x->isa;
	const struct rx_reg_info pc = { "pc", offsetof(struct rx_cpu, pc), 8, 0 };
	const struct rx_reg_info *first = NULL;
	unsigned when = 0;

	if (RX_LIKELY(same_runs(v, x, y)))
		return true;
	for (unsigned k = 0; k <= isa->nregs; k++) {
		const struct rx_reg_info *r = k < isa->nregs ? &isa->regs[k]
							     : &pc;
		unsigned w;

		if (RX_LIKELY(same_reg(x, y, r)))
			continue;
		/* every instruction writes pc: that tells nothing */
		w = !v->trace ? 0 : r != &pc ? last_writer(v, id, r) :
		    v->trace->n > 1 ? v->trace->n : 0;
		if (!first || w < when) {
			first = r;
			when = w;
		}
		if (v->trace && r != &pc && w == v->trace->n && w > TRACED) {
			first = r;	/* before what is traced */
			when = w;
			break;
		}
	}
	if (!first)
		return true;
	v->report->what = RX_VERIFY_REGISTER;
	v->report->name = first->name;
	v->report->value[0] = value_of(x, first);
	v->report->value[1] = value_of(y, first);
	describe(v, id, v->trace ? when : 0);
	return false;
}

static bool compare_count(struct verify *v, const char *name, unsigned cpu,
			  uint64_t x, uint64_t y)
{
	if (RX_LIKELY(x == y))
		return true;
	v->report->what = RX_VERIFY_COUNT;
	v->report->name = name;
	v->report->value[0] = x;
	v->report->value[1] = y;
	describe(v, cpu, v->trace ? v->trace->n : 0);
	return false;
}

static bool compare_devs(struct verify *v)
{
	const struct rx_dev *x = v->vm[0]->devs, *y = v->vm[1]->devs;

	for (; x && y; x = x->next, y = y->next) {
		for (unsigned k = 0; k < x->cls->nfields; k++) {
			const struct rx_field *f = &x->cls->fields[k];

			if (!memcmp((const uint8_t *)x->state + f->offset,
				    (const uint8_t *)y->state + f->offset,
				    (size_t)f->size * f->count))
				continue;
			v->report->what = RX_VERIFY_DEVICE;
			v->report->name = x->cls->name;
			v->report->address = x->base;
			describe(v, v->vm[0]->turn,
				 v->trace ? v->trace->n : 0);
			return false;
		}
	}
	return true;
}

/* A page of region number k. */
static bool compare_page(struct verify *v, unsigned k, uint64_t at)
{
	const struct rx_ram *x = &v->vm[0]->mem.region[k];
	const struct rx_ram *y = &v->vm[1]->mem.region[k];

	if (RX_LIKELY(!memcmp(x->host + at, y->host + at, RX_PAGE_SIZE)))
		return true;
	while (!memcmp(x->host + at, y->host + at, 8))
		at += 8;
	v->report->what = RX_VERIFY_MEMORY;
	v->report->name = "memory";
	v->report->address = x->base + at;
	memcpy(&v->report->value[0], x->host + at, 8);
	memcpy(&v->report->value[1], y->host + at, 8);
	describe(v, v->vm[0]->turn, v->trace ? v->trace->n : 0);
	return false;
}

static bool compare_ram(struct verify *v)
{
	for (unsigned k = 0; k < v->vm[0]->mem.nregions; k++)
		for (uint64_t at = 0; at < v->vm[0]->mem.region[k].size; at += RX_PAGE_SIZE)
			if (!compare_page(v, k, at))
				return false;
	return true;
}

/* Pages that one of the machines may write without asking, under its present regime. */
static bool compare_written(struct verify *v, unsigned machine)
{
	const struct rx_vm *vm = v->vm[machine];

	for (unsigned c = 0; c < vm->ncpus; c++) {
		for (unsigned k = 0; k < RX_TLB_ENTRIES; k++) {
			const struct rx_tlb_entry *e = &vm->cpu[c]->tlb[k];
			const uint8_t *host = (const uint8_t *)(uintptr_t)
					      (e->tag[RX_ACC_W] + e->addend);
			const struct rx_ram *ram;

			if (e->tag[RX_ACC_W] == RX_TLB_INVALID)
				continue;
			ram = rx_mem_find_host(&vm->mem, host);
			if (ram && !compare_page(v, (unsigned)(ram - vm->mem.region),
						 (uint64_t)(host - ram->host)))
				return false;
		}
	}
	return true;
}

/* Memory, now and then. */
static bool compare_memory(struct verify *v)
{
	const uint64_t now = v->vm[0]->icount;

	if (now >= v->next_ram) {
		v->next_ram = now + RAM_UNITS;
		return compare_ram(v);
	}
	if (now < v->next_written)
		return true;
	v->next_written = now + WRITTEN_UNITS;
	return compare_written(v, 0) && compare_written(v, 1);
}

static bool compare(struct verify *v, enum rx_stop a, enum rx_stop b)
{
	for (unsigned k = 0; k < v->vm[0]->ncpus; k++) {
		const struct rx_cpu *x = v->vm[0]->cpu[k];
		const struct rx_cpu *y = v->vm[1]->cpu[k];

		if (!compare_cpu(v, k) ||
		    !compare_count(v, "instructions and traps", k,
				   rx_cpu_icount(x), rx_cpu_icount(y)) ||
		    !compare_count(v, "traps", k, x->traps, y->traps) ||
		    !compare_count(v, "halted", k, x->halted, y->halted))
			return false;
	}
	if (a != b || (a == RX_STOP_EXIT &&
		       v->vm[0]->exit_code != v->vm[1]->exit_code)) {
		v->report->what = RX_VERIFY_STOP;
		v->report->name = "reason to stop";
		v->report->value[0] = a;
		v->report->value[1] = b;
		describe(v, v->vm[0]->turn, v->trace ? v->trace->n : 0);
		return false;
	}
	return compare_devs(v);
}

/* The one line. */
static void put_text(struct verify *v)
{
	struct rx_verify_report *r = v->report;
	char where[160], at[40] = "";

	if (r->range == 1)
		snprintf(where, sizeof(where), "%s at 0x%llx", r->insn[0] ?
			 r->insn : "instruction", (unsigned long long)r->pc);
	else
		snprintf(where, sizeof(where), "the %llu instructions from "
			 "0x%llx", (unsigned long long)r->range,
			 (unsigned long long)r->pc);
	if (r->what == RX_VERIFY_MEMORY || r->what == RX_VERIFY_DEVICE)
		snprintf(at, sizeof(at), " at 0x%llx",
			 (unsigned long long)r->address);
	snprintf(r->text, sizeof(r->text),
		 "engines disagree: cpu %u, count %llu, after %s: %s%s is "
		 "0x%llx on %s, 0x%llx on %s", r->cpu,
		 (unsigned long long)r->icount, where, r->name, at,
		 (unsigned long long)r->value[0], v->vm[0]->engine->name,
		 (unsigned long long)r->value[1], v->vm[1]->engine->name);
}

static rax_status check_alike(const struct rx_vm *a, const struct rx_vm *b,
			      rax_error *err)
{
	const struct rx_dev *x = a->devs, *y = b->devs;

	if (a->isa != b->isa || a->ncpus != b->ncpus ||
	    a->mem.nregions != b->mem.nregions)
		return rx_err(err, RAX_EINVAL, "the machines to compare differ "
			      "in ISA, number of cpus or RAM");
	for (unsigned k = 0; k < a->mem.nregions; k++)
		if (a->mem.region[k].base != b->mem.region[k].base ||
		    a->mem.region[k].size != b->mem.region[k].size)
			return rx_err(err, RAX_EINVAL, "the machines to "
				      "compare differ in RAM");
	for (; x && y && x->cls == y->cls; x = x->next)
		y = y->next;
	if (x || y)
		return rx_err(err, RAX_EINVAL, "the machines to compare differ "
			      "in devices");
	if (a->clock.mode != RX_CLOCK_ICOUNT ||
	    b->clock.mode != RX_CLOCK_ICOUNT)
		return rx_err(err, RAX_EINVAL, "machines can be compared under "
			      "--clock icount only");
	return RAX_OK;
}

static void find_registers(struct verify *v, const struct rx_isa *isa)
{
	for (unsigned k = 0; k < isa->nregs; k++) {
		const struct rx_reg_info *r = &isa->regs[k];
		const bool traced = !(r->flags & RX_REG_VECTOR);
		struct run *last = v->nruns ? &v->run[v->nruns - 1] : NULL;

		if (last && last->at + last->len == r->offset && last->traced == traced)
			last->len += r->bytes;
		else if (v->nruns == MAX_RUNS)
			v->many = true;
		else
			v->run[v->nruns++] = (struct run){ .at = r->offset, .len = r->bytes,
							   .traced = traced };
	}
	for (unsigned k = 0; k < v->nruns; k++) {
		v->run[k].to = v->traced_bytes;
		v->traced_bytes += v->run[k].traced ? v->run[k].len : 0;
	}
}

static rax_status start(struct verify *v, rax_error *err)
{
	const bool first = v->vm[0]->engine == &rx_engine_step;
	struct trace *t;

	if (!first && v->vm[1]->engine != &rx_engine_step)
		return RAX_OK;
	t = calloc(1, sizeof(*t));
	if (!t)
		return rx_err(err, RAX_ENOMEM, "trace of --verify");
	t->v = v;
	t->state = calloc(TRACED, v->traced_bytes ? v->traced_bytes : 1);
	if (!t->state) {
		free(t);
		return rx_err(err, RAX_ENOMEM, "trace of --verify");
	}
	v->trace = t;
	v->traced = first ? 0 : 1;
	rx_vm_hook_insn(v->vm[v->traced], record, t);
	return RAX_OK;
}

static void finish(struct verify *v)
{
	if (!v->trace)
		return;
	rx_vm_hook_insn(v->vm[v->traced], NULL, NULL);
	free(v->trace->state);
	free(v->trace);
}

/*
 * A length of 1 ... MAX_CHUNK, mostly of a few blocks; one in 16 is longer, but
 * not at first, when nothing is hot: in short programs all is found exactly.
 */
static uint64_t chunk(struct verify *v)
{
	uint64_t x = v->random;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	v->random = x;
	if (!(x & 15) && v->vm[0]->icount >= SHORT_UNITS)
		return 1 + (x >> 32) % LONG_CHUNK;
	return 1 + (x >> 32) % (x & 3 ? MAX_CHUNK : 24);
}

static bool run(struct verify *v, uint64_t max, enum rx_stop *stop)
{
	while (max) {
		const uint64_t before = v->vm[0]->icount;
		uint64_t n = chunk(v);
		enum rx_stop s[2];

		if (n > max)
			n = max;
		v->report->pc = v->vm[0]->cpu[v->vm[0]->turn]->pc;
		v->report->range = n;
		if (v->trace)
			v->trace->n = 0;
		s[0] = rx_vm_run(v->vm[0], n);
		if (s[0] == RX_STOP_USER)	/* wherever that was: catch up */
			n = v->vm[0]->icount - before;
		s[1] = rx_vm_run(v->vm[1], n);
		*stop = s[0] == RX_STOP_ERROR ? s[0] : s[1];
		if (*stop == RX_STOP_ERROR)	/* a host's failure, no difference */
			return true;
		if (s[0] == RX_STOP_USER) {
			*stop = s[0];
			return true;
		}
		if (!compare(v, s[0], s[1]))
			return false;
		if (max != UINT64_MAX)
			max -= v->vm[0]->icount - before;
		*stop = s[0];
		if (s[0] != RX_STOP_LIMIT)
			break;
		if (!compare_memory(v))
			return false;
	}
	return compare_ram(v);
}

rax_status rx_verify_run(struct rx_vm *a, struct rx_vm *b, uint64_t max,
			 enum rx_stop *stop, struct rx_verify_report *report,
			 rax_error *err)
{
	struct verify v = {
		.vm = { a, b }, .report = report, .random = CHUNK_SEED,
		.next_ram = RAM_UNITS, .next_written = WRITTEN_UNITS,
	};
	rax_status status = check_alike(a, b, err);
	bool same;

	memset(report, 0, sizeof(*report));
	*stop = RX_STOP_LIMIT;
	if (!status) {
		find_registers(&v, a->isa);
		status = start(&v, err);
	}
	if (status)
		return status;
	same = run(&v, max, stop);
	if (!same)
		put_text(&v);
	finish(&v);
	return same ? RAX_OK : rx_err(err, RAX_EDIVERGED, "%s", report->text);
}
