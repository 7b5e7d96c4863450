/* interp.h - running SMIR functions. SPDX-License-Identifier: MIT */
#ifndef RX_SMIR_INTERP_H
#define RX_SMIR_INTERP_H

#include "core/cpu.h"
#include "fp/fp.h"
#include "smir/smir.h"

/*
 * What is interpreted is a resolved function: a flat array of operations over
 * numbered slots, with constants already in theirs. A value takes one slot,
 * zero-extended, i128 two (the low half first), vectors as many as they need.
 */
struct rx_smir_rop {
	uint16_t code;		/* RX_SMIR_K() or below RX_SMIR_MOVE ... */
	uint16_t d, a, b, c, e;	/* slots and small numbers, see resolve.c */
	uint32_t x;
};
#define RX_SMIR_K(code, type) ((code) << 4 | (type))
#define RX_SMIR_K_CODE(k) ((k) >> 4)
#define RX_SMIR_K_TYPE(k) ((k) & 15)
_Static_assert(RX_SMIR_NTYPES <= 16, "a type has 4 bits");
enum {
	RX_SMIR_MOVE = RX_SMIR_K(RX_SMIR_NOPS, 0),	/* d = a */
	RX_SMIR_MOVE2,		/* two slots */
	RX_SMIR_JUMP,		/* to operation x */
	RX_SMIR_JUMPIF,		/* likewise where a */
	RX_SMIR_POLL,		/* instruction e is done: leave if asked to */
};

/* Its memory is one piece, which the slots are in: one run at a time. */
struct rx_smir_prog {
	const struct rx_insn *insn;	/* by number */
	const uint64_t *pool;
	uint64_t *slot;
	struct rx_smir_rop op[];
};

/* Scratch memory of resolving; all zero at first. */
struct rx_smir_resolver {
	struct rx_smir_rop *op;
	uint32_t nops, room;
	uint64_t *slot;		/* initial values, in scratch */
	uint32_t nslots;
	void *scratch;
	size_t scratch_size;
};

/*
 * Resolves a function that rx_smir_verify() accepts. Returns how many bytes
 * its code needs, 0 when there is no memory or the function is too large.
 */
size_t rx_smir_resolve(struct rx_smir_resolver *r, const struct rx_smir_fn *f);
/*
 * Writes the code just resolved to `to`, aligned for uint64_t. insn: copies of
 * f->insns that live as long as the code.
 */
struct rx_smir_prog *rx_smir_emit(struct rx_smir_resolver *r,
				  const struct rx_smir_fn *f, void *to,
				  const struct rx_insn *insn);
void rx_smir_resolver_fini(struct rx_smir_resolver *r);

/*
 * Runs it on a cpu with canonical state and cpu->budget for all its
 * instructions; what retired is taken off.
 *
 * RX_JUMP: it left, cpu->pc is the next instruction's. RX_FAULT: cpu->fault
 * is recorded, not delivered; cpu->pc is the instruction's.
 */
enum rx_exec rx_smir_exec(struct rx_cpu *cpu, struct rx_smir_prog *code);

/* The fields of a resolved operation that are no slots: see resolve.c. */
void rx_smir_resolve_number(const struct rx_smir_fn *f, const struct rx_smir_op *op,
			    struct rx_smir_rop *o);

/*
 * What accesses the guest, or asks the ISA whether to go on; state is canonical at
 * instruction i. Not RX_NEXT: the fault is recorded.
 */
enum rx_exec rx_smir_access(struct rx_cpu *cpu, const struct rx_insn *i,
			    const struct rx_smir_rop *o, uint64_t *v);
/* Bytes of guest state become 0. */
void rx_smir_zero(struct rx_cpu *cpu, const struct rx_smir_rop *o, const uint64_t *v);
/* Operations of less common kinds (eval_fp.c, eval_prim.c, eval_wide.c). */
void rx_smir_eval_fp(const struct rx_smir_rop *o, uint64_t *v,
		     struct rx_fpenv *env);
/* false: not a primitive */
bool rx_smir_eval_prim(const struct rx_smir_rop *o, uint64_t *v);
void rx_smir_eval_vec(const struct rx_smir_rop *o, uint64_t *v,
		      struct rx_fpenv *env);
void rx_smir_eval_wide(const struct rx_smir_rop *o, uint64_t *v);
/* Any of those with effect pure or fp but const and lookup, which are not about values alone. */
void rx_smir_eval(const struct rx_smir_rop *o, uint64_t *v, struct rx_fpenv *env);

#endif
