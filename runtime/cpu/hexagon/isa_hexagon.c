/* isa_hexagon.c - life of a Hexagon thread. SPDX-License-Identifier: MIT */
#include "core/flat.h"
#include "core/vm.h"
#include "cpu/hexagon/hexagon.h"

enum rx_exec rx_hexagon_raise(struct rx_cpu *cpu, unsigned cause, uint64_t value)
{
	cpu->fault.code = cause;
	cpu->fault.value = value;
	return RX_FAULT;
}

enum rx_exec rx_hexagon_illegal(struct rx_cpu *cpu)
{
	return rx_hexagon_raise(cpu, RX_HEXAGON_INVALID, cpu->pc);
}

enum rx_exec rx_hexagon_fetch(struct rx_cpu *cpu, uint64_t va, const uint8_t **host,
			      unsigned *avail)
{
	if (va & 3 || !rx_flat_fetch(cpu, va, host, avail))
		return rx_hexagon_raise(cpu, RX_HEXAGON_FETCH, va);
	return RX_NEXT;
}

/*
 * There is no supervisor yet that an event could be delivered to: the machine
 * stops at the packet, and the exit code is that of a program that died.
 */
void rx_hexagon_deliver(struct rx_cpu *cpu)
{
	rx_vm_stop(cpu->vm, RX_STOP_EXIT, 128);
}

bool rx_hexagon_interrupt(struct rx_cpu *cpu)
{
	(void)cpu;
	return false;
}

bool rx_hexagon_wake(struct rx_cpu *cpu)
{
	(void)cpu;
	return false;
}

void rx_hexagon_reset(struct rx_cpu *cpu, uint64_t pc)
{
	struct rx_hexagon *c = rx_hexagon_of(cpu);

	rg_hexagon_reset_regs(c);
	rx_hexagon_group_begin(c);
	c->group.taken = false;
	cpu->res_granule = 0;
	cpu->pc = pc;
}

enum rax_status rx_hexagon_init(struct rx_cpu *cpu)
{
	(void)cpu;
	return RAX_OK;
}

void rx_hexagon_fini(struct rx_cpu *cpu)
{
	(void)cpu;
}

void rx_hexagon_enter(struct rx_cpu *cpu)
{
	(void)cpu;
}

void rx_hexagon_leave(struct rx_cpu *cpu)
{
	(void)cpu;
}
