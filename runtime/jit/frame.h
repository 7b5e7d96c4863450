/* frame.h - values in memory, and calls of C functions. SPDX-License-Identifier: MIT */
#ifndef RX_JIT_FRAME_H
#define RX_JIT_FRAME_H

#include "jit/lower.h"
#include "smir/interp.h"

/* frame.c: values in memory */
struct rx_px_values rx_jit_slot(const struct rx_jit_gen *g, unsigned slot);
void rx_jit_free_slots(struct rx_jit_gen *g);	/* all */
unsigned rx_jit_new_slots(struct rx_jit_gen *g, rx_sv v);
bool rx_jit_is_wide(const struct rx_jit_gen *g, rx_sv v);
/* Where the value is, and the slots where the result goes, of such types. */
struct rx_px_values rx_jit_wide_at(struct rx_jit_gen *g, rx_sv v);
unsigned rx_jit_dest_wide(struct rx_jit_gen *g, rx_sv v);
/* What the state has gets a copy. */
void rx_jit_to_own_slots(struct rx_jit_gen *g, rx_sv v);
/* Uses rax and xmm0. */
void rx_jit_copy(struct rx_jit_gen *g, const struct rx_px_values *to,
		 const struct rx_px_values *from, unsigned bytes);
void rx_jit_to_slot(struct rx_jit_gen *g, rx_sv v, unsigned slot);
/* A register with the value, zeros above it. */
uint8_t rx_jit_use_clean(struct rx_jit_gen *g, rx_sv v, uint8_t scratch);
/* The operation is done by the interpreter's function. */
void rx_jit_lower_by_call(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_raise_by_call(struct rx_jit_gen *g, const struct rx_smir_op *op);
/* Ends the run before a record (NULL: at the address in rax) where that is asked for. */
void rx_jit_poll(struct rx_jit_gen *g, const struct rx_insn *next);

/* exact.c: where an argument is; a register of it */
struct rx_jit_place rx_jit_place_of(struct rx_jit_gen *g, rx_sv v);
struct rx_jit_place rx_jit_place_xmm(uint8_t reg);
/* The operation is done by the interpreter's function; its result goes to the register `to`. */
void rx_jit_exact_stub(struct rx_jit_gen *g, uint8_t *from, const struct rx_smir_op *op,
		       const struct rx_jit_place place[4], uint8_t to, bool xmm);
void rx_jit_make_exact(struct rx_jit_gen *g, const struct rx_jit_stub *s);

/*
 * helpers.c: v: of what it does, status: not 0, it recorded a fault. low, high: the
 * operation; sites: where those of the code are.
 */
#define RX_JIT_HELPER_ARGS RX_ARG struct rx_cpu *cpu, RX_ARG const struct rx_insn *i, \
	RX_ARG int64_t budget, RX_ARG uint64_t low, RX_ARG uint64_t high, \
	RX_ARG size_t sites
typedef struct rx_val rx_jit_helper(RX_JIT_HELPER_ARGS);
rx_jit_helper rx_jit_do_eval, rx_jit_do_access, rx_jit_do_begin_fp, rx_jit_do_fpenv,
	rx_jit_do_flags, rx_jit_do_zero, rx_jit_do_raise, rx_jit_do_exact;
extern rx_handler rx_jit_fault;
/* The flags are those of testing its status. */
void rx_jit_call_helper(struct rx_jit_gen *g, rx_jit_helper *fn, const struct rx_smir_rop *o);

#endif
