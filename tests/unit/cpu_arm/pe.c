/* pe.c - an A64 processor with memory to test on. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_arm/pe.h"

#include <stdlib.h>

#include "a64/isa.h"
#include "core/asmtext.h"
#include "core/flat.h"
#include "core/run.h"

static bool build(struct pe *e)
{
	if (rx_vm_init(&e->vm, &rg_a64, 1, NULL))
		return false;
	e->cpu = e->vm.cpu[0];
	e->c = rx_a64_of(e->cpu);
	rx_clock_init(&e->vm, RX_CLOCK_ICOUNT, 0);
	return !rx_mem_add_ram(&e->vm.mem, RAM, RAM_SIZE, NULL);
}

struct pe *pe_new(void)
{
	struct pe *e = calloc(1, sizeof(*e));

	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_FATAL(build(e));
	rx_a64_reset(e->cpu, RAM);
	e->c->el = 0;
	e->c->spsel = 0;
	e->c->daif = 0;
	e->c->vbar_el1 = VECTORS;
	e->c->x[1] = e->c->x[32] = DATA;
	return e;
}

void pe_free(struct pe *e)
{
	rx_vm_fini(&e->vm);
	free(e);
}

bool run(struct pe *e, const char *text)
{
	const uint64_t pc = e->cpu->pc;
	uint8_t code[RX_ASM_MAX_LEN];
	unsigned len = 0;
	rax_error err = { 0 };
	uint64_t bad;

	RX_TAP_CHECK(rg_a64.assemble(pc, text, code, &len, &err) == RAX_OK, "'%s': %s", text,
		     err.message);
	CU_ASSERT_FATAL(rx_flat_write(e->cpu, pc, code, len, &bad));
	e->cpu->budget = 1;
	rx_step(e->cpu);
	return e->cpu->pc < VECTORS || e->cpu->pc >= VECTORS + 0x800;
}

uint32_t syndrome(struct pe *e, const char *text)
{
	RX_TAP_CHECK(!run(e, text), "'%s': no exception", text);
	return (uint32_t)e->c->esr_el1;
}

uint64_t peek8(struct pe *e, uint64_t pa)
{
	unsigned __int128 v = 0;
	uint64_t bad;

	CU_ASSERT_FATAL(rx_flat_load(e->cpu, pa, 8, &v, &bad));
	return (uint64_t)v;
}

void poke8(struct pe *e, uint64_t pa, uint64_t value)
{
	uint64_t bad;

	CU_ASSERT_FATAL(rx_flat_store(e->cpu, pa, 8, value, &bad));
}
