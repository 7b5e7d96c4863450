/* lower.h - from operations to host code. SPDX-License-Identifier: MIT */
#ifndef RX_JIT_LOWER_H
#define RX_JIT_LOWER_H

#include "jit/gen.h"

/* lower.c */
/*
 * Has the operation host code? Operations in front of it in the function
 * are lowered; it may complete a pattern with them. All others are calls.
 */
bool rx_jit_lowers(const struct rx_smir_fn *f, const struct rx_smir_op *op);
/* Features of the host (RX_HOST_*) that its code would use beyond what all code does. */
unsigned rx_jit_needs(const struct rx_smir_fn *f, const struct rx_smir_op *op);
/* Which products of 128 bits are patterns. */
void rx_jit_find_parts(struct rx_jit_gen *g);
/*
 * Lowers the operations of a part from number g->op on, up to one that leaves the
 * part, and says which: NULL, it has none.
 */
const struct rx_smir_op *rx_jit_lower(struct rx_jit_gen *g);

/* flow.c: out of the middle of a trace, if the condition holds */
void rx_jit_side_exit(struct rx_jit_gen *g, rx_sv cond);
/* The jump at `from` leads to a unit; far: its mapping is looked at. */
void rx_jit_jump_to(struct rx_jit_gen *g, uint8_t *from, unsigned unit, bool far);

/* lower_int.c */
void rx_jit_lower_int(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_lower_compare(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_lower_select(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_lower_boolean(struct rx_jit_gen *g, const struct rx_smir_op *op, unsigned cc);
/*
 * Jumps if the condition holds, or does not; where to is to be patched: returns what
 * stands behind.
 */
uint8_t *rx_jit_branch(struct rx_jit_gen *g, rx_sv cond, bool holds);
static inline uint8_t *rx_jit_branch_if(struct rx_jit_gen *g, rx_sv cond)
{
	return rx_jit_branch(g, cond, true);
}
/* The product of 128 bits whose upper half the truncation wants, NULL: it is none. */
const struct rx_smir_op *rx_jit_wide_product(const struct rx_smir_fn *f,
					     const struct rx_smir_op *trunc);

/* A member of the region's struct rx_sites. */
static inline struct rx_px_values rx_jit_sites(const struct rx_jit_gen *g, size_t member)
{
	return rx_jit_mem(RDI, g->frame + (int64_t)(offsetof(struct rx_native, sites) +
						    g->sites + member));
}
#define JIT_SITE(g, k, member) rx_jit_sites(g, offsetof(struct rx_sites, site[0].member) + \
					       (k) * sizeof(struct rx_site))

/* lower_mem.c */
void rx_jit_lower_load(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_lower_store(struct rx_jit_gen *g, const struct rx_smir_op *op);
/* Does it access memory by itself, all of it? */
bool rx_jit_is_access(const struct rx_smir_fn *f, const struct rx_smir_op *op);
/* The host address of an access, whose use of the guest's it is; rax and rsi may be in it. */
struct rx_px_values rx_jit_translate(struct rx_jit_gen *g, const struct rx_smir_op *op);
/* rsi: offset of the TLB's entry for [rax, rax + size), checked. Uses r8. */
void rx_jit_look_up(struct rx_jit_gen *g, unsigned size, unsigned allow);
/*
 * Of g->f, a trace that begins with g->block: the pages that it accesses from what
 * registers hold at its start, as far as no branch leads out before; at most so many.
 */
unsigned rx_jit_plan_guards(struct rx_jit_gen *g, struct rx_jit_guard *guard, unsigned most);
/* Is it an access that g->guards answer for? */
bool rx_jit_is_sure(const struct rx_jit_gen *g, const struct rx_smir_op *op);
/* At its start, or behind a round: looks at them; to g->plain where they are not known. */
void rx_jit_guard_pages(struct rx_jit_gen *g);
void rx_jit_guard_again(struct rx_jit_gen *g);
/* Is the sum an address and nothing else? Then it is not computed. */
bool rx_jit_is_address(const struct rx_jit_gen *g, const struct rx_smir_op *op);

/* emit.c */
/* MXCSR gets a direction other than the one it has. Nothing but memory changes, and the flags. */
void rx_jit_direct(struct rx_jit_gen *g, unsigned from, unsigned to);

/*
 * The environment of a settled IEEE operation, `env`; 0: that of RISC-V. NaN: enum
 * rx_fp_nan. Tininess is found before rounding. What does not fit an integer is the
 * host's indefinite number. The number of the environment and 1.
 */
enum {
	RX_JIT_ENV_NAN = 0,
	RX_JIT_ENV_BEFORE = 1 << 4,
	RX_JIT_ENV_INDEFINITE = 1 << 5,
	RX_JIT_ENV_NUMBER = 8,
	RX_JIT_ENVS = 255,	/* at most */
	/* where rx_jit_do_exact() finds that in the operation's number */
	RX_JIT_EXACT_ENV = 16,
};
/* lower_half.c: is it an IEEE operation that takes or gives numbers of 16 bits? */
bool rx_jit_is_half(const struct rx_smir_fn *f, const struct rx_smir_op *op);
/* MXCSR rounds to nearest again. */
void rx_jit_settle_direction(struct rx_jit_gen *g);
void rx_jit_lower_fp(struct rx_jit_gen *g, const struct rx_smir_op *op);
/* A number's bits are changed where they are, in an xmm register; false: they are not in one. */
bool rx_jit_xor_float(struct rx_jit_gen *g, const struct rx_smir_op *op);
/* Flags that the guest has collected. */
void rx_jit_read_flags(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_write_flags(struct rx_jit_gen *g, const struct rx_smir_op *op);
bool rx_jit_lowers_fp(const struct rx_smir_fn *f, const struct rx_smir_op *op);

/* lower_wide.c: 128 bits */
bool rx_jit_lowers_wide(const struct rx_smir_fn *f, const struct rx_smir_op *op);
void rx_jit_lower_wide(struct rx_jit_gen *g, const struct rx_smir_op *op);

/* lower_vec.c */
bool rx_jit_lowers_vec(const struct rx_smir_fn *f, const struct rx_smir_op *op);
void rx_jit_lower_vec(struct rx_jit_gen *g, const struct rx_smir_op *op);

/* lower_vecmem.c: accesses of 128 bits and of vectors */
bool rx_jit_lowers_vecmem(const struct rx_smir_fn *f, const struct rx_smir_op *op);
void rx_jit_lower_vecmem(struct rx_jit_gen *g, const struct rx_smir_op *op);
/* An access of lanes under a mask that leaves none out? */
bool rx_jit_is_whole(const struct rx_smir_fn *f, const struct rx_smir_op *op);

/* lower_rmw.c: atomic accesses */
bool rx_jit_lowers_rmw(const struct rx_smir_op *op);
void rx_jit_lower_rmw(struct rx_jit_gen *g, const struct rx_smir_op *op);

/* lower_prim.c */
bool rx_jit_lowers_prim(const struct rx_smir_fn *f, const struct rx_smir_op *op);
void rx_jit_lower_prim(struct rx_jit_gen *g, const struct rx_smir_op *op);
/* The constant that an argument is, which a constant in front of the operation gives. */
bool rx_jit_known(const struct rx_smir_fn *f, const struct rx_smir_op *op, rx_sv v,
		  uint64_t *number);
/* Under which flags (bits, by N Z C V) each of Arm's conditions holds; all 0 at first. */
void rx_jit_fill_conditions(uint16_t holds[16]);

#endif
