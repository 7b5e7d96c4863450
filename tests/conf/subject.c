/* subject.c - a bare machine that runs cases. SPDX-License-Identifier: MIT */
#include "tests/conf/subject.h"

#include <stdlib.h>
#include <string.h>

#include "core/vm.h"
#include "cpu/riscv/rv64.h"
#include "rv64/isa.h"

struct subject {
	struct rx_vm vm;
	struct rx_cpu *cpu;
	struct rx_rv64 *c;
};

static const struct rx_engine *const engines[SUBJECT_ENGINES] = {
	&rx_engine_step, &rx_engine_threaded, &rx_engine_smir,
};

const char *subject_engine(unsigned engine)
{
	return engines[engine]->name;
}

/* U-mode may use all of memory, and all cache-block operations. */
static bool open_up(struct rx_cpu *cpu)
{
	const uint64_t cbo = RG_RV64_MENVCFG_CBIE | RG_RV64_MENVCFG_CBCFE |
			     RG_RV64_MENVCFG_CBZE;

	return rx_rv64_csr_put(cpu, RG_RV64_CSR_PMPADDR0, UINT64_MAX) &&
	       rx_rv64_csr_put(cpu, RG_RV64_CSR_PMPCFG0, 0x1f) &&
	       rx_rv64_csr_put(cpu, RG_RV64_CSR_MENVCFG, cbo) &&
	       rx_rv64_csr_put(cpu, RG_RV64_CSR_SENVCFG, cbo) &&
	       rx_rv64_csr_put(cpu, RG_RV64_CSR_MTVEC, RX_CASE_CODE);
}

static bool build(struct subject *s, unsigned engine)
{
	struct rx_mem *mem = &s->vm.mem;

	s->cpu = s->vm.cpu[0];
	s->c = rx_rv64_of(s->cpu);
	rx_clock_init(&s->vm, RX_CLOCK_ICOUNT, 0);
	return !rx_mem_add_ram(mem, RX_CASE_CODE, 0x1000, NULL) &&
	       !rx_mem_add_ram(mem, RX_CASE_DATA, RX_CASE_DATA_SIZE, NULL) &&
	       open_up(s->cpu) &&
	       !rx_vm_set_engine(&s->vm, engines[engine], NULL);
}

struct subject *subject_new(unsigned engine)
{
	struct subject *s = calloc(1, sizeof(*s));

	if (!s || rx_vm_init(&s->vm, &rg_rv64, 1, NULL)) {
		free(s);
		return NULL;
	}
	if (build(s, engine))
		return s;
	subject_free(s);
	return NULL;
}

void subject_free(struct subject *s)
{
	if (!s)
		return;
	rx_vm_fini(&s->vm);
	free(s);
}

static bool load(struct subject *s, const struct rx_case *c)
{
	struct rx_mem *mem = &s->vm.mem;
	struct rx_cpu *cpu = s->cpu;

	if (rx_mem_write(mem, c->pc, &c->word, c->length) ||
	    (c->mem_at && rx_mem_write(mem, c->mem_at, c->mem, RX_CASE_MEM)))
		return false;
	rx_rv64_set_priv(cpu, RX_RV64_U);
	memcpy(s->c->x, c->x, sizeof(c->x));
	memcpy(s->c->f, c->f, sizeof(c->f));
	s->c->frm = c->fcsr >> 5;
	s->c->fflags = c->fcsr & 31;
	cpu->res_granule = 0;
	cpu->pc = c->pc;
	if (!rx_rv64_csr_put(cpu, RG_RV64_CSR_MSTATUS,
			     c->clean ? UINT64_C(1) << RG_RV64_MSTATUS_FS_SHIFT
				      : RG_RV64_MSTATUS_FS))
		return false;
	rx_rv64_resync(cpu);
	return true;
}

static const char *outcome(struct subject *s, const struct rx_case *c,
			   bool trapped, struct rx_result *r)
{
	r->value = s->cpu->pc;
	if (!trapped) {
		r->outcome = r->value == c->pc + c->length ? RX_OUT_NEXT
							   : RX_OUT_JUMP;
		return NULL;
	}
	r->outcome = RX_OUT_FAULT;
	r->cause = (unsigned)s->c->mcause;
	r->value = 0;
	if (s->c->mepc != c->pc)
		return "mepc is not the instruction";
	if (s->cpu->pc != RX_CASE_CODE)
		return "the trap did not go to mtvec";
	if (r->cause == RX_CAUSE_ILLEGAL)
		return s->c->mtval == c->word ? NULL : "mtval is not the instruction's bits";
	if (r->cause != RX_CAUSE_BREAKPOINT)
		r->value = s->c->mtval;
	return NULL;
}

/* The result's memory; all else of the window must be as before. */
static const char *take_memory(struct subject *s, const struct rx_case *c,
			       struct rx_result *r)
{
	static const uint8_t zeros[RX_CASE_DATA_SIZE];
	const struct rx_ram *ram = rx_mem_find(&s->vm.mem, RX_CASE_DATA, 1);

	if (c->mem_at && (rx_mem_read(&s->vm.mem, c->mem_at, r->mem, RX_CASE_MEM) ||
			  rx_mem_fill(&s->vm.mem, c->mem_at, 0, RX_CASE_MEM)))
		return "the window is gone";
	if (!memcmp(ram->host, zeros, sizeof(zeros)))
		return NULL;
	memset(ram->host, 0, sizeof(zeros));
	return "a store outside of the case's memory";
}

const char *subject_run(struct subject *s, const struct rx_case *c,
			struct rx_result *r)
{
	const uint64_t traps = s->cpu->traps, count = rx_vm_icount(&s->vm);
	const char *wrong, *stray;

	memset(r, 0, sizeof(*r));
	if (!load(s, c))
		return "the case could not be loaded";
	if (rx_vm_run(&s->vm, 1) != RX_STOP_LIMIT)
		return "the run did not stop at its limit";
	if (rx_vm_icount(&s->vm) != count + 1)
		return "the run was not one unit long";
	wrong = outcome(s, c, s->cpu->traps != traps, r);
	memcpy(r->x, s->c->x, sizeof(r->x));
	memcpy(r->f, s->c->f, sizeof(r->f));
	r->fcsr = (uint8_t)(s->c->frm << 5 | s->c->fflags);
	stray = take_memory(s, c, r);
	if ((memcmp(r->f, c->f, sizeof(r->f)) || r->fcsr != c->fcsr) &&
	    (s->c->mstatus & RG_RV64_MSTATUS_FS) != RG_RV64_MSTATUS_FS)
		return "mstatus.FS is not Dirty";
	return wrong ? wrong : stray;
}
