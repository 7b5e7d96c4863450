/* gen.h - a region while its host code is being made. SPDX-License-Identifier: MIT
 *
 * Registers of the host. Of what handlers get two stay where they are: rdi the
 * cpu, rdx the budget; rsi is the record on the way out. rax, rsi, r8 and xmm0
 * to xmm2 are scratch of one operation. The others are homes, each of which
 * holds one guest register through the whole region; what is left of them, and
 * rcx, r9, r15 and xmm3, hold values inside a block, and so does a home whose guest
 * register is written before anything looks at it. Values that find no register
 * live below the stack pointer.
 *
 * The stack holds a frame for each guest call inside the region: the guest's
 * return address and the host's, so that a guest's return is a host's. Under
 * them lies what the C caller left; every way out goes back to that.
 */
#ifndef RX_JIT_GEN_H
#define RX_JIT_GEN_H

#include "core/isa.h"
#include "core/native.h"
#include "core/prefixed.h"
#include "jit/pieces.h"
#include "smir/smir.h"
#include "x86/emit.h"

struct rx_jit_gen {
	struct rx_jit *j;
	const struct rx_isa *isa;
	uint8_t *at, *end;		/* writable view */
	uint8_t *cold;			/* behind the blocks' code ... */
	uint8_t *data;			/* ... and behind all code */
	unsigned namong;		/* of among[] */
	bool failed;
	unsigned nhomes, nstubs, njumps, ntables, nshared;	/* of the arrays at the end */
	uint8_t home_by[JIT_HOME_SLOTS];	/* the first of a slot, plus 1; 0: none */
	uint8_t *enter_end;		/* what loading homes ends in, NULL: not there yet */
	unsigned unit;			/* that is being entered */
	/* the block being made */
	struct rx_smir_fn *f;
	const struct rx_block *block;
	const struct rx_insn *record;	/* of the instruction */
	/* a trace: its blocks, which one it is, instructions before that and behind it */
	const struct rx_block *steps[JIT_STEPS];
	unsigned nsteps, step, before, behind;
	uint32_t never;			/* exits in front of this operation are not taken */
	int plain;			/* unit to go to where the page guards fail, -1: none */
	struct rx_jit_done done;
	uint32_t *def;			/* operation by value */
	uint32_t *uses;			/* that are left */
	rx_sv gpr[16], xmm[16];		/* what a temporary holds; 0: free */
	rx_sv spill[JIT_SPILLS];
	struct rx_jit_page page[JIT_PAGES];
	const struct rx_jit_guard *guards;	/* of the trace; page[k] is that of number k */
	unsigned nguards;
	uint8_t guard_site[JIT_GUARDS], guard_reg[JIT_GUARDS];	/* of that page at the start */
	uint32_t body;			/* operations of the loop that it is, 0: it is none */
	unsigned pool, xpool;		/* registers for values, as masks */
	unsigned sites_left[RX_JIT_DEPTHS];	/* for loops of this depth */
	const struct rx_insn *site_record[RX_SITES];	/* whose the sites are, for ... */
	uint16_t site_size[RX_SITES];	/* ... accesses of so many bytes ... */
	uint8_t site_allow[RX_SITES];	/* ... that are checked, 1 << enum rx_access */
	unsigned nsites;		/* used so far ... */
	size_t sites;			/* ... of the region's: rx_sites_at() */
	unsigned depth;			/* of loops around the block */
	uint32_t op;			/* number of the operation */
	uint32_t dirty;			/* homes that the state does not have */
	uint32_t raw;			/* homes with an IEEE result, likewise not canonical */
	unsigned lags, nlags;		/* lag[lags] is how far registers of homes are behind */
	uint64_t in_state;		/* where the state holds values, see rx_smir_words() */
	unsigned direction;		/* enum rx_round, in MXCSR; RX_RNE outside of a part */
	/* values in memory (frame.c) */
	int64_t frame;			/* slots, from the state's start */
	unsigned next_slot;
	uint16_t *cross;		/* slot by value, used in several parts; NULL: none are */
	unsigned part;			/* block of f that is being lowered ... */
	struct rx_smir_block span;	/* ... and all in front of it as one */
	const uint8_t *ways;		/* by instruction, JIT_SOFT_* */
	uint8_t way;			/* the instruction's */
	bool polling;			/* the run may end between instructions */
	bool polls;			/* it may at the end of this one */
	/* from here on what a new region does not clear */
	struct rx_jit_home home[JIT_HOMES + JIT_XHOMES];
	int32_t lag[JIT_LAGS][JIT_HOMES + JIT_XHOMES];	/* by number; lag[0]: they are not */
	struct rx_jit_stub stub[JIT_STUBS];
	struct rx_jit_jump jump[JIT_JUMPS];
	uint8_t *table[JIT_TABLES];	/* behind the addresses of the table of targets */
	struct rx_jit_shared shared[JIT_SHARED / 2];
	uint16_t shared_at[JIT_SHARED];	/* by hash */
	/* of the block */
	struct rx_jit_loc loc[JIT_VALUES];
	uint32_t use_end[JIT_VALUES];	/* the value's last use lies in front of this ... */
	uint16_t use_at[4 * JIT_OPS];	/* ... of operations, in order */
	uint32_t dead[JIT_OPS];		/* homes that are put before they are seen, by operation */
	uint16_t inside[JIT_HOMES + JIT_XHOMES];	/* values that are what a home holds */
	rx_sv owner[RX_NATIVE_SLOTS];	/* of slots ... */
	unsigned owned;			/* ... below this */
	/* data among the code, the first of it; who reads the code wants to know */
	struct {
		const uint8_t *from, *to;
	} among[JIT_AMONG];
};

/* How an instruction is lowered. */
enum {
	JIT_SOFT_FP = 1,	/* its IEEE operations are calls ... */
	JIT_SETS_ENV = 8,	/* ... in an environment that it asks for */
	JIT_SOFT_MEM = 2,	/* so are its accesses to memory */
	JIT_DID = 4,		/* what it does cannot be done twice: it may have been seen */
};

/* What an encoder wrote; 0: these operands cannot be encoded. */
static inline void rx_jit_wrote(struct rx_jit_gen *g, unsigned n)
{
	g->at += n;
	if (RX_UNLIKELY(!n))
		g->failed = true;
}
/* Its arguments write nothing themselves: g->at may be looked at before them. */
#define E(g, name, ...) rx_jit_wrote(g, rg_x86_emit_##name((g)->at, ##__VA_ARGS__))

static inline struct rx_px_values rx_jit_mem(uint8_t base, int64_t disp)
{
	return (struct rx_px_values){ .base = base, .index = RX_PX_NO_REG,
				      .disp = (int32_t)disp };
}

static inline struct rx_px_values rx_jit_mem2(uint8_t base, uint8_t index, int64_t disp)
{
	return (struct rx_px_values){ .base = base, .index = index, .disp = (int32_t)disp };
}

/* Homes that hold what the state does not, by number; see compile.c. */
static inline void rx_jit_dirty(struct rx_jit_gen *g, const struct rx_jit_home *h)
{
	g->dirty |= 1u << (h - g->home);
}

/* The constant that a value is. */
static inline bool rx_jit_constant(const struct rx_jit_gen *g, rx_sv v, uint64_t *value)
{
	if (g->loc[v].kind != JIT_CONST)
		return false;
	*value = g->f->ops.at[g->def[v]].imm;
	return true;
}

/* The same of any value in the block, also one that was not come to yet. */
static inline bool rx_jit_number_of(const struct rx_jit_gen *g, rx_sv v, uint64_t *value)
{
	const struct rx_smir_op *op = &g->f->ops.at[g->def[v]];

	if (op->result != v || op->code != RX_S_CONST)
		return false;
	*value = op->imm;
	return true;
}

/* The operation that gives a value. */
static inline const struct rx_smir_op *rx_jit_def(const struct rx_jit_gen *g, rx_sv v)
{
	return &g->f->ops.at[g->def[v]];
}

/* Condition codes in the order of their encoding */
enum { CC_O, CC_NO, CC_B, CC_AE, CC_E, CC_NE, CC_BE, CC_A, CC_S, CC_NS, CC_P, CC_NP,
       CC_L, CC_GE, CC_LE, CC_G };

/* For loc.state: 64 bits at this offset of the state. */
static inline uint32_t rx_jit_state_at(struct rx_jit_gen *g, uint64_t offset)
{
	g->in_state |= rx_smir_words(offset, 8);
	return (uint32_t)offset + 1;
}

typedef unsigned rx_jit_rr(uint8_t *out, uint8_t d, uint8_t s);
typedef unsigned rx_jit_rrr(uint8_t *out, uint8_t d, uint8_t a, uint8_t b);

/* Operations up to the end of the part that is being lowered. */
static inline const struct rx_smir_block *rx_jit_part(const struct rx_jit_gen *g)
{
	return &g->span;
}

static inline bool rx_jit_wide_type(unsigned type)
{
	return type >= RX_I128;
}

/* emit.c: jumps, and what lies behind the blocks */
uint8_t *rx_jit_jmp(struct rx_jit_gen *g);
uint8_t *rx_jit_jcc(struct rx_jit_gen *g, unsigned cc);
uint8_t *rx_jit_call(struct rx_jit_gen *g);
struct rx_jit_stub *rx_jit_new_stub(struct rx_jit_gen *g, uint8_t *from); /* NULL: failed */
void rx_jit_patch(uint8_t *from, const uint8_t *to);
void rx_jit_stub(struct rx_jit_gen *g, uint8_t *from, enum rx_jit_tail tail, const void *record);
/* To an address that is known. */
void rx_jit_goto_stub(struct rx_jit_gen *g, uint8_t *from, uint64_t pc);
/* To a unit of the region (far: of another page); what stands behind `done` is not done. */
void rx_jit_unit_stub(struct rx_jit_gen *g, uint8_t *from, unsigned unit, bool far,
		      unsigned done);
/* To one whose budget may be smaller: nothing was counted yet. */
void rx_jit_budget_stub(struct rx_jit_gen *g, uint8_t *from, unsigned unit);
void rx_jit_nan_stub(struct rx_jit_gen *g, uint8_t *from, uint8_t xmm, bool single);
/* One of two registers of 64 bits, or both, have a NaN. */
void rx_jit_nans_stub(struct rx_jit_gen *g, uint8_t *from, uint8_t x, uint8_t y);
void rx_jit_make_stubs(struct rx_jit_gen *g);
/* xmm0 is the NaN that multiplying two registers and adding gave. */
void rx_jit_product_stub(struct rx_jit_gen *g, uint8_t *from, uint8_t x, uint8_t y, bool single);
/* What is known about pages that are accessed. */
void rx_jit_forget_pages(struct rx_jit_gen *g);
void rx_jit_forget_page(struct rx_jit_gen *g, unsigned k);
/*
 * An address: the site's page, a register and a number, and, if that is a register, base +
 * disp. A register other than r8 counts from the page that is found afterwards, and so
 * does, if there is one, `addend`: both walk on. The site's limit is there then.
 */
struct rx_jit_walk {
	uint8_t reg, addend, base;
	bool on;
	int64_t by, disp;
};
/* Goes on behind `from` with the site set for as many bytes from there. */
void rx_jit_site_stub(struct rx_jit_gen *g, uint8_t *from, struct rx_jit_walk walk, unsigned site,
		      unsigned size, unsigned allow);
void rx_jit_load_homes(struct rx_jit_gen *g, uint32_t which);
void rx_jit_store_homes(struct rx_jit_gen *g, uint32_t which, uint32_t raw);
/* A function of C: rax is its result, rdi stays, what else C may change is lost. */
void rx_jit_call_c(struct rx_jit_gen *g, uint64_t fn);
/* The executor of an instruction, and on behind it. */
void rx_jit_execute(struct rx_jit_gen *g, const struct rx_insn *i);

/* Counts by, below 2^31, at j->count[which], if settings want that. Uses r8 and the flags. */
void rx_jit_count(struct rx_jit_gen *g, unsigned which, int32_t by);
/* The block's instructions, or those that are not done after all, by how they are done. */
void rx_jit_count_done(struct rx_jit_gen *g, struct rx_jit_done done, bool undo);

/* shared.c */
void rx_jit_share_nothing(struct rx_jit_gen *g);	/* before the first of a region */
/* The code that stores or loads them and goes on at `end`, NULL: there is none. */
const uint8_t *rx_jit_shared(struct rx_jit_gen *g, uint32_t homes, uint32_t raw,
			     const uint8_t *end);
/* Writes homes back, and goes on at `end`. Keeps rax and rsi. */
void rx_jit_store_and_go(struct rx_jit_gen *g, uint32_t homes, uint32_t raw,
			 const uint8_t *end);
/* From outside: loads homes, forgets sites, and goes on in a block. */
void rx_jit_enter(struct rx_jit_gen *g, uint32_t homes, const uint8_t *body);

/* Where g->home_by[] says which home a place in the state may have. */
static inline unsigned rx_jit_home_slot(uint64_t offset)
{
	return offset / 8 % JIT_HOME_SLOTS;
}

/* The home of 64 bits of the state, NULL: it has none. */
static inline const struct rx_jit_home *rx_jit_home_of(const struct rx_jit_gen *g, uint64_t offset)
{
	unsigned k = g->home_by[rx_jit_home_slot(offset)];

	for (; k && g->home[k - 1].offset != offset; k = g->home[k - 1].next)
		;
	return k ? &g->home[k - 1] : NULL;
}

/* homes.c: the register of 64 bits at this place in the state, NULL: there is none */
const struct rx_reg_info *rx_jit_reg_at(const struct rx_isa *isa, uint64_t offset);

/* values.c: registers of values */
/* Of a block: nothing is anywhere. link: its end goes over links, not to an address. */
void rx_jit_begin_values(struct rx_jit_gen *g, bool link);
/* Behind it: when values are used; to those in several parts (g->cross) one use was added. */
void rx_jit_order_uses(struct rx_jit_gen *g, bool link);
/* Nothing is in registers any more. */
void rx_jit_drop_values(struct rx_jit_gen *g);
bool rx_jit_is_xmm(const struct rx_jit_gen *g, rx_sv v);
/* Is it in memory only? *m: where, 64 bits. */
bool rx_jit_in_memory(const struct rx_jit_gen *g, rx_sv v, struct rx_px_values *m);
uint8_t rx_jit_use(struct rx_jit_gen *g, rx_sv v, uint8_t scratch);	/* a register with it */
/* What the state alone holds gets a register, where that is wanted again and one is free. */
void rx_jit_fetch(struct rx_jit_gen *g, rx_sv v);
/* For an address: a register that *disp, which grows, has to be added to. */
uint8_t rx_jit_use_base(struct rx_jit_gen *g, rx_sv v, uint8_t scratch, int64_t *disp);
/*
 * advance.c: the sum of a value and a number is put next into the home that the value
 * is in: it is the home's register and a number. false: it is not.
 */
bool rx_jit_advance(struct rx_jit_gen *g, const struct rx_smir_op *op, int64_t number);
uint8_t rx_jit_use_xmm(struct rx_jit_gen *g, rx_sv v, uint8_t scratch);
/* The same for who does not mind NaNs that are not canonical. */
uint8_t rx_jit_use_raw(struct rx_jit_gen *g, rx_sv v, uint8_t scratch);
/* The two above may change the flags; not behind this. */
void rx_jit_clean(struct rx_jit_gen *g, rx_sv v);
/* Registers of homes hold what the guest has there. Does not change the flags. */
void rx_jit_catch_up(struct rx_jit_gen *g);
/* The same out of line, of these homes, from what a stub says of their lags. */
void rx_jit_make_up(struct rx_jit_gen *g, unsigned lags, uint32_t which);
/*
 * At the end of a block: who comes next knows neither which NaNs are results, nor that
 * registers of homes are behind.
 */
void rx_jit_clean_homes(struct rx_jit_gen *g);
void rx_jit_done(struct rx_jit_gen *g, rx_sv v);			/* one use less */
/* Of an operation's arguments. */
void rx_jit_done_all(struct rx_jit_gen *g, const struct rx_smir_op *op);
/* Where the result goes: a register, perhaps the home that it is put into. */
uint8_t rx_jit_dest(struct rx_jit_gen *g, rx_sv v);
/* The same, and what v's last use gives goes there: an operation changes it in place. */
uint8_t rx_jit_take_over(struct rx_jit_gen *g, rx_sv result, rx_sv v);
/* The same for an xmm register; *is_xmm false: it is a general one. */
uint8_t rx_jit_dest_any(struct rx_jit_gen *g, rx_sv v, bool prefer, bool *is_xmm);
/* Is a general register free, an xmm register? */
bool rx_jit_has_free(const struct rx_jit_gen *g);
bool rx_jit_has_free_xmm(const struct rx_jit_gen *g);
/* A register for what is known about page[k]. */
uint8_t rx_jit_dest_page(struct rx_jit_gen *g, unsigned k);
void rx_jit_get(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_put(struct rx_jit_gen *g, const struct rx_smir_op *op);
/* 8, 16, 32 or 64 bits of a general register go to memory. */
void rx_jit_store(struct rx_jit_gen *g, const struct rx_px_values *to, uint8_t s, unsigned bits);
/* Values that the state holds from offset on get a place of their own. */
void rx_jit_overwrite(struct rx_jit_gen *g, uint64_t offset, uint64_t bytes);
/* The result is the argument, with fewer bits that mean something. */
void rx_jit_share(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_move(struct rx_jit_gen *g, uint8_t d, uint8_t s);
void rx_jit_number(struct rx_jit_gen *g, uint8_t d, uint64_t v);

#endif
