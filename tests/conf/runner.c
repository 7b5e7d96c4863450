/* runner.c - a bare machine that runs cases. SPDX-License-Identifier: MIT
 *
 * The machine's ISA is the real one but for `raise`: an exception is noted
 * and goes nowhere, so that no vector tables and handlers are needed.
 */
#include "tests/conf/runner.h"

#include <stdlib.h>
#include <string.h>

#include "core/vm.h"

#define REPETITIONS 100000

struct runner {
	const struct conf_target *t;
	struct rx_isa isa;
	struct rx_vm vm;
	struct rx_cpu *cpu;
	rx_executor **exec;		/* the ISA's, each of them counted */
	uint64_t executed, compiled;	/* calls of executors; cases that needed none */
	bool raised;
	uint8_t code[CONF_CODE_MAX];	/* what stands there between cases */
};

static const struct rx_engine *const engines[RUNNER_ENGINES] = {
	&rx_engine_step, &rx_engine_threaded, &rx_engine_smir,
#if RX_HAVE_JIT
	&rx_engine_jit,
#endif
};

static unsigned without;	/* features of the host */

void runner_mask(unsigned features)
{
	without = features;
}

unsigned runner_engines(void)
{
#if RX_HAVE_JIT
	return rx_jit_host_will_do(rx_host_features() & ~without) ? 4 : 3;
#else
	return 3;
#endif
}

const char *runner_engine(unsigned engine)
{
	return engines[engine]->name;
}

static void note(struct rx_cpu *cpu)
{
	struct runner *s = (struct runner *)((char *)cpu->vm - offsetof(struct runner, vm));

	s->raised = true;	/* cpu->fault stays */
}

/* Any executor: native code does without. */
static enum rx_exec counted(struct rx_cpu *cpu, const struct rx_insn *i)
{
	struct runner *s = (struct runner *)((char *)cpu->vm - offsetof(struct runner, vm));

	s->executed++;
	return s->t->isa->isa->exec[i->id](cpu, i);
}

static bool count_executors(struct runner *s)
{
	/* the last one is the header of groups, where there are any */
	s->exec = malloc((s->isa.ninsns + 1) * sizeof(s->exec[0]));
	if (!s->exec)
		return false;
	for (unsigned k = 0; k <= s->isa.ninsns; k++)
		s->exec[k] = counted;
	s->isa.exec = s->exec;
	return true;
}

/* Regions of native code made so far; 0 where the engine makes none. */
static uint64_t regions(const struct runner *s)
{
	const struct rx_engine *e = s->vm.engine;
	const char *name;
	uint64_t value;

	for (unsigned k = 0; e->stat && (name = e->stat(s->cpu, k, &value)) != NULL; k++)
		if (!strcmp(name, "regions compiled"))
			return value;
	return 0;
}

uint64_t runner_compiled(const struct runner *s)
{
	return s->compiled;
}

static bool build(struct runner *s, unsigned engine)
{
	struct rx_mem *mem = &s->vm.mem;
	const struct conf_isa *isa = s->t->isa;
	const uint32_t fill = isa->fill;

	rx_vm_mask_host(&s->vm, without);
	s->cpu = s->vm.cpu[0];
	s->vm.jit.heat = 1;	/* all is compiled before it runs */
	rx_clock_init(&s->vm, RX_CLOCK_ICOUNT, 0);
	for (unsigned k = 0; k < sizeof(s->code); k += 4)
		memcpy(s->code + k, &fill, 4);
	if (rx_mem_add_ram(mem, CONF_CODE(isa), isa->page, NULL) ||
	    rx_mem_add_ram(mem, CONF_DATA(isa), conf_data_size(isa), NULL))
		return false;
	for (uint32_t k = 0; k < isa->page; k += 4)
		if (rx_mem_write(mem, CONF_CODE(isa) + k, &fill, 4))
			return false;
	return (!s->t->prepare || s->t->prepare(s->cpu)) &&
	       !rx_vm_set_engine(&s->vm, engines[engine], NULL);
}

struct runner *runner_new(const struct conf_target *t, unsigned engine)
{
	struct runner *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->t = t;
	s->isa = *t->isa->isa;
	s->isa.raise = note;
	if (!count_executors(s) || rx_vm_init(&s->vm, &s->isa, 1, NULL)) {
		free(s->exec);
		free(s);
		return NULL;
	}
	if (build(s, engine))
		return s;
	runner_free(s);
	return NULL;
}

void runner_free(struct runner *s)
{
	if (!s)
		return;
	rx_vm_fini(&s->vm);
	free(s->exec);
	free(s);
}

static bool load(struct runner *s, const struct conf_case *c)
{
	const struct conf_isa *isa = c->isa;
	struct rx_mem *mem = &s->vm.mem;

	if (rx_mem_write(mem, c->pc, c->code, c->length) ||
	    rx_mem_write(mem, CONF_DATA(isa), c->mem, conf_data_size(isa)))
		return false;
	for (unsigned k = 0; k < isa->nfiles; k++) {
		const struct conf_file *f = &isa->files[k];

		for (unsigned n = 0; n < f->count; n++)
			memcpy((uint8_t *)s->cpu + f->offset + n * f->stride,
			       c->state + f->at + n * f->bytes, f->bytes);
	}
	s->cpu->res_granule = 0;
	s->cpu->pc = c->pc;
	return !s->t->load || s->t->load(s->cpu, c);
}

static const char *fault(struct runner *s, const struct conf_case *c,
			 struct conf_result *r)
{
	const struct conf_isa *isa = c->isa;

	r->outcome = CONF_OUT_FAULT;
	r->at = (uint8_t)(s->cpu->pc - c->pc);
	if (s->cpu->pc - c->pc >= c->length)
		r->at = CONF_BEHIND;
	for (unsigned k = 0; k < isa->nfaults; k++) {
		if ((s->cpu->fault.code & isa->faults[k].mask) != isa->faults[k].code)
			continue;
		r->cause = isa->faults[k].cause;
		r->value = isa->faults[k].address ? s->cpu->fault.value : 0;
		if (r->at == CONF_BEHIND)
			r->value = s->cpu->pc;
		if (r->at == CONF_BEHIND && r->cause != CONF_TRAP)
			return "the exception's pc is not the instruction's";
		return NULL;
	}
	return "the exception has no cause in difftest.tbl";
}

/* One by one: an exception ends the case. */
static const char *run(struct runner *s, const struct conf_case *c,
		       struct conf_result *r)
{
	uint64_t count = rx_vm_icount(&s->vm);

	s->raised = false;
	for (unsigned k = 1, n = 0; k <= c->units; k++, n++) {
		if (rx_vm_run(&s->vm, 1) != RX_STOP_LIMIT)
			return "the run did not stop at its limit";
		if (rx_vm_icount(&s->vm) != ++count)
			return "the run was not one unit long";
		if (s->raised)
			return fault(s, c, r);
		if (s->cpu->pc - c->pc >= c->length)
			break;
		/* a repetition: one unit each */
		if (s->cpu->pc == c->pc && c->units == 1 && n < REPETITIONS)
			k = 0;
	}
	r->value = s->cpu->pc;
	r->outcome = CONF_OUT_JUMP;
	if (r->value == c->pc + c->length) {
		r->outcome = CONF_OUT_NEXT;
		r->value = 0;
	}
	return NULL;
}

/* The page of code, which the case may have changed */
static const char *restore(struct runner *s)
{
	const struct conf_isa *isa = s->t->isa;

	for (uint32_t k = 0; k < isa->page; k += 4)
		if (rx_mem_write(&s->vm.mem, CONF_CODE(isa) + k, &isa->fill, 4))
			return "the page of code is gone";
	return NULL;
}

static const char *take(struct runner *s, const struct conf_case *c,
			struct conf_result *r)
{
	const struct conf_isa *isa = c->isa;
	struct rx_mem *mem = &s->vm.mem;

	for (unsigned k = 0; k < isa->nfiles; k++) {
		const struct conf_file *f = &isa->files[k];

		for (unsigned n = 0; n < f->count; n++)
			memcpy(r->state + f->at + n * f->bytes,
			       (uint8_t *)s->cpu + f->offset + n * f->stride, f->bytes);
	}
	if (rx_mem_read(mem, CONF_DATA(isa), r->mem, conf_data_size(isa)) ||
	    rx_mem_write(mem, c->pc, s->code + (-c->length & 3u), c->length))
		return "the window is gone";
	conf_result_mask(c, r);
	if (c->changes_code)
		return restore(s);
	return NULL;
}

const char *runner_run(struct runner *s, const struct conf_case *c,
		       struct conf_result *r)
{
	const uint64_t before = regions(s);
	const char *wrong, *gone;

	s->executed = 0;
	r->outcome = CONF_OUT_NEXT;
	r->cause = r->at = 0;
	r->value = 0;
	if (!load(s, c))
		return "the case could not be loaded";
	wrong = run(s, c, r);
	s->compiled += !s->executed && regions(s) != before;
	gone = take(s, c, r);
	if (!wrong)
		wrong = gone;
	if (!wrong && s->t->check)
		wrong = s->t->check(s->cpu, c, r);
	return wrong;
}
