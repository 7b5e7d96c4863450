/* region.h - the blocks that are compiled together. SPDX-License-Identifier: MIT */
#ifndef RX_JIT_REGION_H
#define RX_JIT_REGION_H

#include "base/limits.h"
#include "jit/lower.h"

#define JIT_PARTS 192		/* of a block */

/* How the code of a block ends. */
enum rx_jit_ending {
	JIT_END_NEXT,		/* falls through its first link */
	JIT_END_BRANCH,		/* by a condition, second link or first */
	JIT_END_JUMP,		/* second link */
	JIT_END_INDIRECT,	/* to an address that is computed */
	JIT_END_EXITS,		/* by its operations, to addresses that they say */
	JIT_END_LEAVE,		/* record `cut` is the threaded engine's */
};

#define RX_JIT_TRACES 16
#define RX_JIT_UNITS (RX_JIT_BLOCKS + RX_JIT_TRACES)	/* and more: where loops are left */

/*
 * The tests of a trace: a register and some number is another register, or a number. They
 * do not hold where the difference is more than `most`, or, if that is below 0, less.
 */
struct rx_jit_count {
	uint64_t of, from;	/* offsets in the state; `number`: from is it */
	bool number;
	int64_t most;
};

/*
 * A block of the region, or a trace: several, one behind the other. The units of
 * blocks come first; a trace ends, links and calls as the unit of its last step.
 */
struct rx_jit_unit {
	struct rx_block *block;		/* the first */
	struct rx_smir_fn fn;
	unsigned nsteps, insns;
	uint8_t step[JIT_STEPS];	/* units of its blocks */
	uint8_t off[JIT_STEPS];	/* link over which it is left behind each but the last */
	uint32_t puts_at[JIT_STEPS];	/* homes written until then */
	struct rx_jit_guard guard[JIT_GUARDS];
	unsigned nguards;
	uint64_t sign[JIT_SIGNS];	/* registers to be sign-extended from 32 bits */
	unsigned nsigns;
	/* a loop: operations in front of those that are for who leaves it; 0: it is none */
	uint32_t body;
	int closing;			/* link that leads to its start */
	int trace;			/* unit to enter instead of this one, -1: none */
	int tested;		/* the trace that makes the tests that this one does not, -1 */
	uint32_t tests;		/* they lie in front of this operation */
	struct rx_jit_count count;	/* what they are about */
	enum rx_jit_ending ending;
	unsigned cut;		/* instructions that are done here; 0: it is not compiled */
	uint64_t called;	/* those that executors do, a bit for each */
	bool calls;		/* its end is a call: it wrote its return address */
	bool polls, end_polls;	/* the run may have to end between instructions; at the end */
	uint8_t ways[RX_LIMIT_BLOCK_INSNS];	/* JIT_SOFT_*, by instruction */
	int to[2];		/* units behind its links, -1: none */
	int back;		/* unit that the call comes back to, -1: none */
	unsigned depth;		/* of loops around it */
	uint8_t *enter;		/* from a block of the region: takes the budget */
	uint8_t *from_far;	/* likewise, and looks whether its page is still mapped */
	uint8_t *entered;	/* behind that */
	uint8_t *again;		/* a loop: behind the guards; and where it goes if they fail */
	uint8_t *left;
	uint8_t *entry;		/* from outside */
	/* homes, by number: */
	uint32_t puts, reads;	/* written; read before that */
	uint32_t live;		/* have to be right when it is entered */
	uint32_t dirty;		/* may differ from the state then */
};

struct rx_jit_work {
	struct rx_jit_gen g;
	struct rx_jit_unit unit[RX_JIT_UNITS];
	const struct rx_block *block[RX_JIT_BLOCKS];	/* of those that are no traces */
	unsigned n, nblocks, insns;	/* units; those that are no traces */
	uint8_t order[RX_JIT_UNITS];	/* units as their code lies */
	unsigned norder, place;		/* of them; the one that is being made */
	bool frames, indirect;	/* there are calls; computed addresses */
	bool alone;		/* the region is to be one block */
	bool one_page;		/* all blocks are of one */
	uint64_t linked;	/* units that links lead to */
	unsigned shift;		/* of an address, for its slot */
	uint32_t def[JIT_VALUES], uses[JIT_VALUES];
	unsigned guards;	/* of all traces */
	bool sure[JIT_OPS];	/* by operation: an access that cannot fail */
	struct {		/* where values are at the end of a loop (loop.c) */
		struct rx_jit_loc loc[JIT_VALUES];
		uint32_t uses[JIT_VALUES];
		rx_sv gpr[16], xmm[16], spill[JIT_SPILLS];
		uint16_t inside[JIT_HOMES + JIT_XHOMES];
		rx_sv owner[RX_NATIVE_SLOTS];
		unsigned owned, next_slot;
		uint32_t dirty;
		uint64_t in_state;
	} kept;
	/* of a block of several parts */
	uint16_t cross[JIT_VALUES];
	uint8_t *part[JIT_PARTS];	/* code, once it is there */
	struct { uint8_t *from; uint32_t part; } way[JIT_PARTS * 2];
	unsigned nways;
	uint32_t part_puts;		/* homes that are put in parts behind the first */
};

/* form.c: collects the blocks around start and lifts them. false: nothing is native. */
bool rx_jit_form(struct rx_jit_work *w, struct rx_block *start);
/* The address that a computed jump always goes to; false: there is no such one. */
bool rx_jit_goes_to(const struct rx_jit_unit *u, uint64_t *pc);
/*
 * lift.c: adds an instruction. way: JIT_SOFT_*; tlb: the guest's memory is found there.
 * false: it is a call of its executor, and nothing was added.
 */
bool rx_jit_lift(struct rx_smir_fn *f, const struct rx_insn *i, uint32_t mode_key, unsigned host,
		 bool tlb, uint8_t *way);
/* The SMIR of a unit, optimised; sets how it ends. */
void rx_jit_build(struct rx_jit_work *w, struct rx_jit_unit *u);
/* kept.c: makes it of what the block was lifted to before, as far as that is kept. */
bool rx_jit_recall_unit(struct rx_jit *j, struct rx_jit_unit *u);
void rx_jit_keep_unit(struct rx_jit *j, const struct rx_jit_unit *u);
/* the same of a trace's; false: it cannot be one */
bool rx_jit_build_trace(struct rx_jit_work *w, struct rx_jit_unit *u);
/* trace.c */
void rx_jit_add_traces(struct rx_jit_work *w);
/* loop.c: what a trace looks at when it begins, and what it does where it is left */
void rx_jit_shape_trace(struct rx_jit_work *w, struct rx_jit_unit *t);
/* At its start: are they? If not, to g->plain. */
void rx_jit_guard_signs(struct rx_jit_gen *g, const struct rx_jit_unit *u);
/*
 * The end of a loop: around, or, where a branch may leave it, out; what that returns
 * is where to, NULL: nothing goes on here.
 */
uint8_t *rx_jit_end_loop(struct rx_jit_work *w, struct rx_jit_unit *u);
/* counted.c */
/* Could there be a trace without this one's tests? Sets what they are about. */
bool rx_jit_counts(struct rx_jit_work *w, struct rx_jit_unit *t);
/* In front of it: to another unit where a test might hold. Uses rax. */
void rx_jit_guard_count(struct rx_jit_gen *g, const struct rx_jit_unit *t, unsigned unit);
/* homes.c: which guest registers live where, and what is known about them at each edge */
void rx_jit_choose_homes(struct rx_jit_work *w);
/* sites.c: shares the sites out, by depth of loops */
void rx_jit_divide_sites(struct rx_jit_work *w);
/* layout.c: order[] */
void rx_jit_lay_out(struct rx_jit_work *w);
/* flow.c: the code */
void rx_jit_make_code(struct rx_jit_work *w);
bool rx_jit_is_far(const struct rx_jit_unit *from, const struct rx_jit_unit *to);
/* parts.c: control flow inside of instructions, and exits to any address */
void rx_jit_begin_parts(struct rx_jit_work *w, const struct rx_jit_unit *u);
void rx_jit_lower_parts(struct rx_jit_work *w, struct rx_jit_unit *u);
/* The next address known beforehand that the unit goes on at from operation *k on. */
bool rx_jit_next_exit(const struct rx_jit_unit *u, uint32_t *k, uint64_t *pc);

static inline bool rx_jit_is_trace(const struct rx_jit_work *w, const struct rx_jit_unit *u)
{
	return u - w->unit >= (long)w->nblocks;
}

/* Is it a trace without tests, besides one with them? */
static inline bool rx_jit_is_counted(const struct rx_jit_unit *u)
{
	return u->nsteps > 1 && u->tested >= 0;
}

/* The unit whose links the unit ends with. */
static inline struct rx_jit_unit *rx_jit_last(struct rx_jit_work *w, const struct rx_jit_unit *u)
{
	return &w->unit[u->step[u->nsteps - 1]];
}

/* The unit that is entered where unit k is meant: its trace. */
static inline int rx_jit_entered_for(const struct rx_jit_work *w, int k)
{
	return k >= 0 && w->unit[k].trace >= 0 ? w->unit[k].trace : k;
}

/* The unit that a link leads to; -1: none. */
static inline int rx_jit_to(const struct rx_jit_work *w, const struct rx_jit_unit *u,
			    unsigned link)
{
	return rx_jit_entered_for(w, u->to[link]);
}

static inline const struct rx_link *rx_jit_links(const struct rx_block *b)
{
	return (const struct rx_link *)(b->insn + b->n);
}

/* The address behind the block's last instruction. */
static inline uint64_t rx_jit_behind(const struct rx_block *b)
{
	return b->insn[b->n - 1].pc + b->insn[b->n - 1].len;
}

static inline uint64_t rx_jit_addend(const struct rx_block *b)
{
	return (uintptr_t)b->host - b->pc;
}

static inline bool rx_jit_same_page(const struct rx_block *a, const struct rx_block *b)
{
	return !((a->pc ^ b->pc) & RX_PAGE_MASK) && rx_jit_addend(a) == rx_jit_addend(b);
}

#endif
