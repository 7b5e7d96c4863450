/* opt.h - the optimiser of SMIR. SPDX-License-Identifier: MIT
 *
 * Each pass is a file and leaves a function that rx_smir_verify() accepts and
 * that means the same: guest state, faults and exits included. Passes look at
 * one block at a time, in one walk over its operations.
 */
#ifndef RX_SMIR_OPT_H
#define RX_SMIR_OPT_H

#include "rax/error.h"
#include "smir/smir.h"

/* Scratch memory of the passes, all zero at first; kept between functions. */
struct rx_smir_opt {
	rx_sv *to;		/* what a value is now called */
	uint32_t *def;		/* operation that defines it, RX_SMIR_NO_DEF */
	uint32_t *uses;
	rx_sv *low;		/* opt_narrow.c: its low half ... */
	uint8_t *need;		/* ... and what is needed of it */
	uint32_t room;		/* values */
	struct rx_smir_op *ops;	/* for those who write them anew */
	uint32_t ops_room;
	bool polls;		/* between instructions somebody may look at the state */
	const bool *sure;	/* by operation: accesses that cannot fail; NULL: none are known */
	/* Called with the function after each pass, NULL: nobody wants to see it. */
	void (*after)(void *opaque, const char *pass, const struct rx_smir_fn *f);
	void *opaque;
	bool check;		/* rx_smir_verify() before the first pass and behind each */
	rax_error error;	/* what that said */
};
#define RX_SMIR_NO_DEF UINT32_MAX

/*
 * level 0: nothing; 1: forwarding, folding, dead code; 2: common
 * subexpressions and narrowing too. RAX_ENOMEM: the function is as it was.
 * RAX_EFORMAT, with o->check: it does not verify, and is not to be used;
 * o->error says behind which pass.
 */
#define RX_SMIR_LEVELS 3
RAX_MUST_CHECK rax_status rx_smir_optimise(struct rx_smir_opt *o,
					   struct rx_smir_fn *f, unsigned level);
void rx_smir_opt_fini(struct rx_smir_opt *o);

/* The passes, in this order; name is for dumps. */
struct rx_smir_pass {
	const char *name;
	unsigned level;		/* from which on it runs */
	void (*run)(struct rx_smir_opt *o, struct rx_smir_fn *f);
};
#define RX_SMIR_NPASSES 6
extern const struct rx_smir_pass rx_smir_passes[RX_SMIR_NPASSES];
/*
 * Room for the function's values and RX_SMIR_MORE new ones for each operation, and
 * for one operation more than that for each; to[v] is v.
 */
#define RX_SMIR_MORE 3
RAX_MUST_CHECK rax_status rx_smir_opt_begin(struct rx_smir_opt *o,
					    struct rx_smir_fn *f);

/* get of what is known: put before, or got before (opt_forward.c) */
void rx_smir_pass_forward(struct rx_smir_opt *o, struct rx_smir_fn *f);
/* constants and neutral elements (opt_fold.c) */
void rx_smir_pass_fold(struct rx_smir_opt *o, struct rx_smir_fn *f);
/* operations that were done before (opt_cse.c) */
void rx_smir_pass_cse(struct rx_smir_opt *o, struct rx_smir_fn *f);
/* 64 bits of which 32 are needed (opt_narrow.c) */
void rx_smir_pass_narrow(struct rx_smir_opt *o, struct rx_smir_fn *f);
/*
 * What nobody uses, and state that is overwritten unseen (opt_dead.c). Behind the last
 * pass values of a function of one block are numbered from 1 on, as they are made:
 * tables of them stay small.
 */
void rx_smir_pass_dead_puts(struct rx_smir_opt *o, struct rx_smir_fn *f);
void rx_smir_pass_dead(struct rx_smir_opt *o, struct rx_smir_fn *f);

/*
 * opt_sink.c: the function, of one block, is a loop: its last exit leads to its start, or
 * a conditional one in front of that does. What only who leaves it there looks at goes
 * between the two, or in front of the last: to be done on that way alone. How many
 * operations the loop has then; 0: nothing sinks, and it is not to be one anyway. With
 * o->sure. What comes out is for the JIT: it has puts behind an exit of their instruction.
 */
uint32_t rx_smir_sink(struct rx_smir_opt *o, struct rx_smir_fn *f, bool anyway);
/*
 * opt_signs.c: likewise a loop. What it would extend from 32 bits again and again is taken
 * as it is, if these places of the state, 64 bits each, are sign-extended when it begins;
 * behind each round they are. How many there are, 0: nothing changed. Only those are asked
 * for that are likely to be.
 */
unsigned rx_smir_signs(struct rx_smir_opt *o, struct rx_smir_fn *f,
		       bool (*likely)(void *opaque, uint64_t offset), void *opaque,
		       uint64_t *offsets, unsigned most);

/* Where state of a type lies. */
static inline uint64_t rx_smir_opt_words(uint64_t offset, unsigned type)
{
	return rx_smir_words(offset, (rx_smir_bits[type] + 7u) / 8);
}

/* For passes: the arguments of an operation under their present names. */
static inline void rx_smir_opt_rename(const struct rx_smir_opt *o,
				      struct rx_smir_fn *f, struct rx_smir_op *op)
{
	const struct rx_smir_info *info = &rx_smir_ops[op->code];

	for (unsigned k = 0; k < info->nargs; k++)
		op->arg[k] = o->to[op->arg[k]];
	for (unsigned k = 0; k < info->nblocks; k++) {
		const struct rx_smir_edge *e = &f->edges.at[op->imm + k];

		for (uint32_t j = 0; j < e->nargs; j++)
			f->extra.at[e->args + j] = o->to[f->extra.at[e->args + j]];
	}
}

/* The operation becomes a constant; dead code goes later. */
static inline void rx_smir_opt_const(struct rx_smir_op *op, unsigned type, uint64_t v)
{
	const rx_sv result = op->result;

	*op = (struct rx_smir_op){ .code = RX_S_CONST, .type = (uint8_t)type,
				   .result = result, .imm = v & rx_smir_mask(type) };
}

#endif
