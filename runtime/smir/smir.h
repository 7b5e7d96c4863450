/* smir.h - functions of the intermediate representation. SPDX-License-Identifier: MIT */
#ifndef RX_SMIR_SMIR_H
#define RX_SMIR_SMIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/insn.h"
#include "smir/ops.h"

struct rx_isa;
struct rx_smir_group;

/*
 * A function is the meaning of some guest instructions: a control-flow graph
 * of blocks with parameters; values are in SSA form and typed. Operations are
 * those of spec/smir/ops.def (smir/ops.h, generated).
 *
 * Guest state is what put wrote: there are no other copies of it. So the
 * snapshot of a fault or an exit is the state there, and the instruction that
 * the last `insn` on the way to it named: a fault is at that one's pc, an
 * exit behind it. Instructions follow each other on every path; control flow
 * inside one is free to loop.
 */
typedef uint32_t rx_sv;		/* a value's number; 0: none */

struct rx_smir_op {
	uint8_t code;		/* enum rx_smir_code */
	uint8_t type;		/* its own, enum rx_smir_type */
	uint16_t env;		/* of an IEEE operation: who compiles it says; 0 at first */
	rx_sv result;
	rx_sv arg[4];
	uint64_t imm;		/* br, brcond: index of its first edge */
};

struct rx_smir_edge {
	uint32_t block;
	uint32_t args, nargs;	/* in extra[] */
};

struct rx_smir_block {
	uint32_t first, nops;
	rx_sv param;		/* the first of nparams */
	uint32_t nparams;
	bool begun;
};

struct rx_smir_table {
	uint32_t first, count;	/* in pool[] */
	uint8_t type;
};

#define RX_SMIR_ARRAY(type) struct { type *at; uint32_t n, room; }

struct rx_smir_fn {
	const struct rx_isa *isa;	/* may be NULL: no guest */
	/* What went wrong while building (constant text); then all is void. */
	const char *error;
	RX_SMIR_ARRAY(struct rx_smir_op) ops;
	RX_SMIR_ARRAY(uint8_t) values;	/* type by number; 0 is RX_VOID */
	RX_SMIR_ARRAY(struct rx_smir_block) blocks;	/* 0 is the entry */
	RX_SMIR_ARRAY(uint32_t) order;	/* blocks as they stand */
	RX_SMIR_ARRAY(struct rx_smir_edge) edges;
	RX_SMIR_ARRAY(rx_sv) extra;
	RX_SMIR_ARRAY(struct rx_insn) insns;
	RX_SMIR_ARRAY(struct rx_smir_table) tables;
	RX_SMIR_ARRAY(uint64_t) pool;
	struct rx_smir_group *group;	/* that is being lifted, or NULL (smir/group.h) */
	uint32_t block;			/* that is being built ... */
	bool open;			/* ... and has no end yet */
};

/* Row of the operation table. Kinds are types or RX_SK_*. */
struct rx_smir_info {
	const char *name;
	uint8_t result, arg[4], nargs;
	uint8_t imm;		/* enum rx_smir_imm */
	uint8_t imm_at;		/* its place among the arguments in the text */
	uint8_t nblocks;
	uint8_t effect;
	uint16_t types;		/* mask of 1 << type; 0: no type */
};
extern const struct rx_smir_info rx_smir_ops[RX_SMIR_NOPS];
extern const char *const rx_smir_type_names[RX_SMIR_NTYPES];
extern const uint16_t rx_smir_bits[RX_SMIR_NTYPES];
/* Names of enum rx_rmw. */
#define RX_SMIR_NRMW 9
extern const char *const rx_smir_rmw_names[RX_SMIR_NRMW];

static inline uint64_t rx_smir_mask(unsigned type)
{
	return rx_smir_bits[type] >= 64 ? ~UINT64_C(0)
		: (UINT64_C(1) << rx_smir_bits[type]) - 1;
}

/*
 * The words of 8 bytes that a place in the state lies in, a bit for each, modulo 64.
 * Places that have no bit in common lie apart.
 */
static inline uint64_t rx_smir_words(uint64_t offset, uint64_t bytes)
{
	const uint64_t n = (offset + bytes - 1) / 8 - offset / 8 + 1;
	const uint64_t bits = n < 64 ? (UINT64_C(1) << n) - 1 : ~UINT64_C(0);
	const unsigned by = offset / 8 % 64;

	return bits << by | bits >> ((64 - by) % 64);
}

/* May an argument of this kind be of this type, in an operation of type own? */
bool rx_smir_kind_takes(unsigned kind, unsigned own, unsigned type);
/* Type of its result. */
static inline unsigned rx_smir_result_type(const struct rx_smir_info *op,
					   unsigned own)
{
	return op->result == RX_SK_T ? own : op->result;
}

#endif
