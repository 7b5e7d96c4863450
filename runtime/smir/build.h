/* build.h - making SMIR functions. SPDX-License-Identifier: MIT
 *
 * What cannot be built (no memory, over a limit of base/limits.h, an operation
 * behind the end of a block) sets f->error; everything after that does
 * nothing and returns 0, so that callers look once, at the end. Whether the
 * result makes sense is the verifier's business (smir/verify.h).
 */
#ifndef RX_SMIR_BUILD_H
#define RX_SMIR_BUILD_H

#include "core/val.h"
#include "smir/smir.h"

/* An empty function, open in its entry block. isa may be NULL. */
void rx_smir_init(struct rx_smir_fn *f, const struct rx_isa *isa);
/* The same for one that has been in use: keeps its memory. */
void rx_smir_reset(struct rx_smir_fn *f, const struct rx_isa *isa);
void rx_smir_fini(struct rx_smir_fn *f);
/* Room for so many more; false: f->error. */
bool rx_smir_reserve(struct rx_smir_fn *f, uint32_t ops, uint32_t values, uint32_t insns);
void rx_smir_fail(struct rx_smir_fn *f, const char *error);

/* Begins guest instruction *i, which is copied. */
void rx_smir_insn(struct rx_smir_fn *f, const struct rx_insn *i);
/* Ends it: goes on at next where its code does not end by itself. */
void rx_smir_finish(struct rx_smir_fn *f, uint64_t next);

/* Any operation without blocks; arguments that it does not have are 0. */
rx_sv rx_smir_op(struct rx_smir_fn *f, enum rx_smir_code code,
		 enum rx_smir_type type, rx_sv a, rx_sv b, rx_sv c, rx_sv d,
		 uint64_t imm);

static inline rx_sv rx_smir_op0(struct rx_smir_fn *f, enum rx_smir_code code,
				enum rx_smir_type type)
{
	return rx_smir_op(f, code, type, 0, 0, 0, 0, 0);
}

static inline rx_sv rx_smir_op1(struct rx_smir_fn *f, enum rx_smir_code code,
				enum rx_smir_type type, rx_sv a)
{
	return rx_smir_op(f, code, type, a, 0, 0, 0, 0);
}

static inline rx_sv rx_smir_op2(struct rx_smir_fn *f, enum rx_smir_code code,
				enum rx_smir_type type, rx_sv a, rx_sv b)
{
	return rx_smir_op(f, code, type, a, b, 0, 0, 0);
}

static inline rx_sv rx_smir_op3(struct rx_smir_fn *f, enum rx_smir_code code,
				enum rx_smir_type type, rx_sv a, rx_sv b,
				rx_sv c)
{
	return rx_smir_op(f, code, type, a, b, c, 0, 0);
}

static inline rx_sv rx_smir_op4(struct rx_smir_fn *f, enum rx_smir_code code,
				enum rx_smir_type type, rx_sv a, rx_sv b,
				rx_sv c, rx_sv d)
{
	return rx_smir_op(f, code, type, a, b, c, d, 0);
}

/* The number is cut to the type. */
rx_sv rx_smir_const(struct rx_smir_fn *f, enum rx_smir_type type, uint64_t imm);

/* offset: in the state struct, bytes */
static inline rx_sv rx_smir_get(struct rx_smir_fn *f, enum rx_smir_type type,
				size_t offset)
{
	return rx_smir_op(f, RX_S_GET, type, 0, 0, 0, 0, offset);
}

static inline void rx_smir_put(struct rx_smir_fn *f, enum rx_smir_type type,
			       size_t offset, rx_sv v)
{
	(void)rx_smir_op(f, RX_S_PUT, type, v, 0, 0, 0, offset);
}

static inline rx_sv rx_smir_load(struct rx_smir_fn *f, enum rx_smir_type type,
				 rx_sv addr, unsigned flags)
{
	return rx_smir_op(f, RX_S_LOAD, type, addr, 0, 0, 0, flags);
}

static inline void rx_smir_store(struct rx_smir_fn *f, enum rx_smir_type type,
				 rx_sv addr, rx_sv v, unsigned flags)
{
	(void)rx_smir_op(f, RX_S_STORE, type, addr, v, 0, 0, flags);
}

static inline rx_sv rx_smir_rmw(struct rx_smir_fn *f, enum rx_smir_type type,
				enum rx_rmw op, rx_sv addr, rx_sv v,
				unsigned flags)
{
	return rx_smir_op(f, RX_S_RMW, type, addr, v, 0, 0,
			  (uint64_t)op | (uint64_t)flags << 8);
}

/* index: i64. The values are copied; equal tables are shared. */
rx_sv rx_smir_lookup(struct rx_smir_fn *f, enum rx_smir_type type, rx_sv index,
		     const uint64_t *values, unsigned n);
/* A constant table by itself; returns its number. */
uint32_t rx_smir_add_table(struct rx_smir_fn *f, enum rx_smir_type type,
			   const uint64_t *values, unsigned n);

/* Where a function stands while it is built; what was added since can be taken back. */
struct rx_smir_mark {
	uint32_t ops, values, insns, edges, extra, tables, pool, blocks, order, block, nops;
};
struct rx_smir_mark rx_smir_mark(const struct rx_smir_fn *f);
/* An error since then is forgotten, too. */
void rx_smir_rewind(struct rx_smir_fn *f, const struct rx_smir_mark *m);

/*
 * Adds the operations of a function of one block, all but its exit at the end, if `all`
 * is false. Each use of a constant gets one of its own, as lifters make them.
 * as: room for the value that each of from's becomes.
 */
void rx_smir_append(struct rx_smir_fn *f, const struct rx_smir_fn *from, rx_sv *as, bool all);

/* Floating point: see ops.def. `operand` is the instruction's rounding field. */
static inline void rx_smir_fpcheck(struct rx_smir_fn *f)
{
	(void)rx_smir_op0(f, RX_S_FPCHECK, RX_VOID);
}

static inline rx_sv rx_smir_fpround(struct rx_smir_fn *f, uint64_t operand)
{
	return rx_smir_op(f, RX_S_FPROUND, RX_VOID, 0, 0, 0, 0, operand);
}

/* number: of the ISA's environment; the direction that it has */
static inline rx_sv rx_smir_fpenv(struct rx_smir_fn *f, unsigned number)
{
	return rx_smir_op(f, RX_S_FPENV, RX_VOID, 0, 0, 0, 0, number);
}

/* The flags that the guest has collected. */
static inline rx_sv rx_smir_fpread(struct rx_smir_fn *f)
{
	rx_smir_fpcheck(f);
	return rx_smir_op0(f, RX_S_FPREAD, RX_VOID);
}

/* They become others; what they were. */
static inline rx_sv rx_smir_fpswap(struct rx_smir_fn *f, rx_sv flags)
{
	const rx_sv old = rx_smir_fpread(f);

	(void)rx_smir_op1(f, RX_S_FPWRITE, RX_VOID, flags);
	(void)rx_smir_op0(f, RX_S_FPDONE, RX_VOID);
	return old;
}

static inline void rx_smir_exit(struct rx_smir_fn *f, rx_sv target)
{
	(void)rx_smir_op1(f, RX_S_EXIT, RX_VOID, target);
}

static inline void rx_smir_exit_if(struct rx_smir_fn *f, rx_sv cond,
				   rx_sv target)
{
	(void)rx_smir_op2(f, RX_S_EXITIF, RX_VOID, cond, target);
}

/* Raises the ISA's exception `code` with a value where the condition holds. */
static inline void rx_smir_raise_if(struct rx_smir_fn *f, rx_sv cond, uint32_t code,
				    rx_sv value)
{
	(void)rx_smir_op(f, RX_S_RAISEIF, RX_VOID, cond, value, 0, 0, code);
}

/* A lifter: the whole instruction is its executor. */
void rx_smir_lift_call(struct rx_smir_fn *f, const struct rx_insn *i);

/*
 * A block with these parameters (*params: the first one's number, the others
 * follow; NULL: not wanted). It stands where it is begun, once, after the block
 * before got its end.
 */
uint32_t rx_smir_block(struct rx_smir_fn *f, unsigned nparams,
		       const uint8_t *types, rx_sv *params);
void rx_smir_begin(struct rx_smir_fn *f, uint32_t block);
/* Ends of blocks. args: values of the target's parameters. */
void rx_smir_br(struct rx_smir_fn *f, uint32_t to, unsigned nargs,
		const rx_sv *args);
void rx_smir_brcond(struct rx_smir_fn *f, rx_sv cond,
		    uint32_t yes, unsigned nyes, const rx_sv *yes_args,
		    uint32_t no, unsigned nno, const rx_sv *no_args);

#endif
