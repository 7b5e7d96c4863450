/* hexagon.h - a Hexagon thread, what generated code calls. SPDX-License-Identifier: MIT */
#ifndef RX_CPU_HEXAGON_HEXAGON_H
#define RX_CPU_HEXAGON_HEXAGON_H

#include <stdbool.h>
#include <stdint.h>

#include "core/cpu.h"
#include "core/group.h"
#include "core/isa.h"
#include "core/rmw.h"
#include "core/val.h"
#include "hexagon/regs.h"

/* Exception causes (struct rx_fault.code); the value is an address where one is meant. */
enum {
	RX_HEXAGON_FETCH = 0x11,	/* nothing to execute there */
	RX_HEXAGON_INVALID = 0x15,	/* no packet */
	RX_HEXAGON_READ = 0x22,		/* nothing to read there */
	RX_HEXAGON_WRITE = 0x23,
	RX_HEXAGON_MISALIGNED_LOAD = 0x1c,
	RX_HEXAGON_MISALIGNED_STORE = 0x1d,
	RX_HEXAGON_TRAP0 = 0x100,	/* value: the trap's number */
};

static inline struct rx_hexagon *rx_hexagon_of(struct rx_cpu *cpu)
{
	return (struct rx_hexagon *)cpu;
}

/*
 * Memory of a packet. A load sees the stores of members that ran before it (in
 * the order of the packet's words); memory itself changes in group_end(), and
 * stores fault there, before any is done. Accesses are aligned to their size.
 */
void rx_hexagon_group_begin(struct rx_hexagon *c);
RX_CHECK enum rx_exec rx_hexagon_group_end(struct rx_hexagon *c);
struct rx_val rx_hexagon_load(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      unsigned flags);
RX_CHECK enum rx_exec rx_hexagon_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
				       uint64_t value, unsigned flags);
/* The same at once, and whether it would fault: behind all that the packet loads. */
RX_CHECK enum rx_exec rx_hexagon_group_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
					     uint64_t value, unsigned flags);
RX_CHECK enum rx_exec rx_hexagon_group_probe(struct rx_cpu *cpu, uint64_t va, unsigned size,
					     unsigned flags);
/* The elements of a vector of 128 bytes are stored next. */
RX_CHECK enum rx_exec rx_hexagon_vector_store(struct rx_cpu *cpu, uint64_t va);
/* There is no such instruction: loads and stores of a packet are no pair. */
struct rx_val rx_hexagon_amo(struct rx_cpu *cpu, uint64_t va, unsigned size,
			     enum rx_rmw op, uint64_t value, unsigned flags);
/* Locked accesses; the store's result is 1 where it was done. */
struct rx_val rx_hexagon_load_locked(struct rx_cpu *cpu, uint64_t va, unsigned size);
struct rx_val rx_hexagon_store_locked(struct rx_cpu *cpu, uint64_t va, unsigned size,
				      uint64_t value);

RX_CHECK enum rx_exec rx_hexagon_raise(struct rx_cpu *cpu, unsigned cause, uint64_t value);
RX_CHECK enum rx_exec rx_hexagon_illegal(struct rx_cpu *cpu);

/* For the facade (struct rx_isa). */
enum rx_exec rx_hexagon_fetch(struct rx_cpu *cpu, uint64_t va, const uint8_t **host,
			      unsigned *avail);
void rx_hexagon_deliver(struct rx_cpu *cpu);
bool rx_hexagon_interrupt(struct rx_cpu *cpu);
bool rx_hexagon_wake(struct rx_cpu *cpu);
void rx_hexagon_reset(struct rx_cpu *cpu, uint64_t pc);
enum rax_status rx_hexagon_init(struct rx_cpu *cpu);
void rx_hexagon_fini(struct rx_cpu *cpu);
void rx_hexagon_enter(struct rx_cpu *cpu);
void rx_hexagon_leave(struct rx_cpu *cpu);

#endif
