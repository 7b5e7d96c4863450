/* gen.h - a region while its host code is being made. SPDX-License-Identifier: MIT
 *
 * Registers of the host. What handlers get stays where it is: rdi the cpu, rsi
 * free (the record on the way out), rdx the budget, rcx the TLB. rax, rsi and
 * r8 are scratch of one operation, r9 and r15 hold values inside a block, and
 * so do xmm2 and xmm3 (xmm0 and xmm1 are scratch). The others are homes: each
 * holds one guest register through the whole region. Nothing is called, so
 * values that find no register live below the stack pointer.
 */
#ifndef RX_JIT_GEN_H
#define RX_JIT_GEN_H

#include "core/prefixed.h"
#include "jit/jit.h"
#include "smir/smir.h"
#include "x86/emit.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

#define JIT_HOMES 7
#define JIT_XHOMES 12
#define JIT_SPILLS 14		/* of 8 bytes, in the red zone */
#define JIT_VALUES 2048		/* of a block */
#define JIT_STUBS 1024

/* Where a value is. */
enum rx_jit_kind {
	JIT_NOWHERE,
	JIT_CONST,	/* its definition is a constant */
	JIT_GPR,	/* reg */
	JIT_XMM,	/* reg */
	JIT_HOME,	/* what the home's register holds now */
	JIT_SPILL,	/* slot reg */
	JIT_STATE,	/* 64 bits of the state that are no home's */
	JIT_COMPARE,	/* not computed yet: a comparison with one use */
	JIT_ADDRESS,	/* not computed yet: value + constant, one use */
};

struct rx_jit_loc {
	uint8_t kind, reg;
	uint8_t home;
	uint32_t state;		/* offset + 1 of 64 bits of the state that hold it too; 0: none */
};

/* A guest register that lives in a host register. */
struct rx_jit_home {
	uint64_t offset;	/* in the state */
	uint32_t weight;
	uint8_t reg;
	bool fp;
};

enum rx_jit_tail { JIT_SLOW, JIT_OUT, JIT_EXIT, JIT_LEAVE, JIT_TAILS };

/* Code behind the region's: reached by the jump at `from`. */
struct rx_jit_stub {
	uint8_t *from;		/* behind the jump's 32-bit distance */
	enum { JIT_TO_TAIL, JIT_TO_NAN } kind;
	uint8_t tail;		/* enum rx_jit_tail */
	uint8_t reg;		/* of a NaN ... */
	bool single;		/* ... and its format */
	uint8_t *back;
	const void *record;
	uint32_t dirty;		/* homes to write back, by number */
};

/* A jump to a block of the region. */
struct rx_jit_jump {
	uint8_t *from;
	unsigned block;
};

struct rx_jit_gen {
	struct rx_jit *j;
	const struct rx_isa *isa;
	uint8_t *at, *end;		/* writable view */
	bool failed;
	struct rx_jit_home home[JIT_HOMES + JIT_XHOMES];
	unsigned nhomes;
	struct rx_jit_stub stub[JIT_STUBS];
	unsigned nstubs;
	struct rx_jit_jump jump[4 * RX_JIT_BLOCKS];
	unsigned njumps;
	/* the block being made */
	struct rx_smir_fn *f;
	const struct rx_block *block;
	const struct rx_insn *record;	/* of the instruction */
	struct rx_jit_loc loc[JIT_VALUES];
	const uint32_t *def;		/* operation by value */
	uint32_t *uses;
	rx_sv gpr[16], xmm[16];		/* what a temporary holds; 0: free */
	rx_sv spill[JIT_SPILLS];
	uint32_t op;			/* number of the operation */
	uint32_t dirty;			/* homes that the state does not have */
};

/* What an encoder wrote; 0: these operands cannot be encoded. */
static inline void rx_jit_wrote(struct rx_jit_gen *g, unsigned n)
{
	g->at += n;
	if (RX_UNLIKELY(!n))
		g->failed = true;
}
#define E(g, name, ...) rx_jit_wrote(g, rg_x86_emit_##name((g)->at, __VA_ARGS__))

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

/* Can the operation be lowered? (lower.c) */
bool rx_jit_lowers(const struct rx_smir_fn *f, const struct rx_smir_op *op);
/* Lowers the operations of g->f but for its exits. */
void rx_jit_lower(struct rx_jit_gen *g);
/* Jumps if the condition holds; where to is to be patched: returns what stands behind. */
uint8_t *rx_jit_branch_if(struct rx_jit_gen *g, rx_sv cond);

/* A jump, and a conditional one, with a distance that is filled in later. */
uint8_t *rx_jit_jmp(struct rx_jit_gen *g);
uint8_t *rx_jit_jcc(struct rx_jit_gen *g, unsigned cc);
void rx_jit_patch(uint8_t *from, const uint8_t *to);
void rx_jit_stub(struct rx_jit_gen *g, uint8_t *from, enum rx_jit_tail tail, const void *record);
void rx_jit_nan_stub(struct rx_jit_gen *g, uint8_t *from, uint8_t xmm, bool single);

/* values.c: registers of values */
/* Is it in memory only? *m: where, 64 bits. */
bool rx_jit_in_memory(const struct rx_jit_gen *g, rx_sv v, struct rx_px_values *m);
uint8_t rx_jit_use(struct rx_jit_gen *g, rx_sv v, uint8_t scratch);	/* a register with it */
uint8_t rx_jit_use_xmm(struct rx_jit_gen *g, rx_sv v, uint8_t scratch);
void rx_jit_done(struct rx_jit_gen *g, rx_sv v);			/* one use less */
/* Where the result goes: a register, perhaps the home that it is put into. */
uint8_t rx_jit_dest(struct rx_jit_gen *g, rx_sv v);
/* The same for an xmm register; *is_xmm false: it is a general one. */
uint8_t rx_jit_dest_any(struct rx_jit_gen *g, rx_sv v, bool prefer, bool *is_xmm);
void rx_jit_get(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_put(struct rx_jit_gen *g, const struct rx_smir_op *op);
/* The result is the argument, with fewer bits that mean something. */
void rx_jit_share(struct rx_jit_gen *g, const struct rx_smir_op *op);
void rx_jit_move(struct rx_jit_gen *g, uint8_t d, uint8_t s);
void rx_jit_number(struct rx_jit_gen *g, uint8_t d, uint64_t v);

#endif
