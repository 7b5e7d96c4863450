/* pieces.h - what host code is made of: values, homes, ways out. SPDX-License-Identifier: MIT */
#ifndef RX_JIT_PIECES_H
#define RX_JIT_PIECES_H

#include "jit/jit.h"
#include "smir/interp.h"
#include "smir/smir.h"

/* Registers for values, at least. */
#define JIT_POOL (1u << RCX | 1u << R9 | 1u << R15)
#define JIT_XMM2 2		/* one more scratch register */
#define JIT_XPOOL (1u << 3)
#define JIT_FRAMES 1024		/* calls inside calls; deeper ones are jumps */
#define JIT_PAGES 8
#define JIT_GUARDS 6
#define JIT_SIGNS 16
#define JIT_STEPS 8		/* blocks of a trace */
#define JIT_JUMPS 512
#define JIT_TABLES RX_JIT_BLOCKS

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

#define JIT_HOMES 7
#define JIT_XHOMES 12
#define JIT_HOME_SLOTS 128
#define JIT_LAGS 512		/* what registers of homes may be behind by, of a region */
#define JIT_SPILLS 14		/* of 8 bytes, in the red zone */
#define JIT_WORD (-120)		/* there too, below the spills: 4 bytes of one operation */
#define JIT_PLUS (1 << 20)	/* what an address adds at most, several times */
#define JIT_VALUES 2048		/* of a block */
#define JIT_OPS 4096		/* likewise */
#define JIT_NEVER UINT16_MAX	/* no operation's number: behind all of them */
#define JIT_STUBS 2048
#define JIT_AMONG 64
#define JIT_SHARED 1024		/* a power of two, twice as many as there can be */

/* Where a value is. */
enum rx_jit_kind {
	JIT_NOWHERE,
	JIT_CONST,	/* its definition is a constant */
	JIT_GPR,	/* reg */
	JIT_XMM,	/* reg; of vectors see vectors.h */
	JIT_HOME,	/* what the home's register holds now, plus a number */
	JIT_SPILL,	/* slot reg */
	JIT_STATE,	/* 64 bits of the state that are no home's */
	JIT_COMPARE,	/* not computed yet: a comparison with one use */
	JIT_ADDRESS,	/* never computed: value + constant, an address of accesses */
	JIT_PART,	/* never computed: part of a pattern, see wide_product() */
	JIT_WIDE,	/* more than 64 bits, or a vector: in memory, state says where */
	JIT_PATTERN,	/* a vector of equal lanes, not computed yet; see vectors.h */
};

struct rx_jit_loc {
	uint8_t kind, reg;
	uint8_t home;
	bool zero;		/* bits of the register above the value are 0 */
	bool raw;		/* an IEEE result: a NaN may not be canonical */
	int32_t plus;		/* JIT_HOME: the value is what the home holds, and this */
	uint32_t state;		/* offset + 1 of 64 bits of the state that hold it too; 0: none */
};

/* A guest register that lives in a host register. */
struct rx_jit_home {
	uint64_t offset;	/* in the state */
	uint8_t reg;
	bool fp;
	uint8_t next;		/* of the same slot of home_by[], plus 1; 0: none */
};

/*
 * Ways out. Of a record: to its executor (SLOW), to its handler (LEAVE); over a
 * link (EXIT); the budget is short for a block (OUT); to the address in rax
 * (GOTO); to the record in rax, if any (WENT); the fault of a record was recorded
 * (FAULT); the run ends before a record, NULL: before the address in rax (POLLED).
 */
enum rx_jit_tail { JIT_SLOW, JIT_OUT, JIT_EXIT, JIT_LEAVE, JIT_GOTO, JIT_WENT, JIT_FAULT,
		   JIT_POLLED, JIT_TAILS };
_Static_assert(RX_JIT_WAYS + JIT_TAILS == RX_JIT_COUNTS, "ways out are counted");

/* Instructions of a block that are done in the region: the first n, these by executors. */
struct rx_jit_done {
	uint64_t called;	/* a bit for each */
	unsigned n;
};

struct rx_jit_place {		/* of an argument */
	/* JIT_XMM; JIT_GPR: reg + at; JIT_STATE: [reg + at]; JIT_WIDE: likewise; JIT_CONST */
	uint8_t kind;
	uint8_t reg;
	uint8_t bytes;		/* of a vector */
	int32_t at;
	uint64_t number;
};

/* Code behind the region's: reached by the jump at `from`. */
struct rx_jit_stub {
	uint8_t *from;		/* behind the jump's 32-bit distance */
	enum { JIT_TO_TAIL, JIT_TO_NAN, JIT_TO_NANS, JIT_TO_PRODUCT, JIT_TO_LOOK_UP, JIT_TO_UNIT,
	       JIT_TO_EXACT } kind;
	uint8_t tail;		/* enum rx_jit_tail */
	uint8_t reg;		/* of a NaN ... */
	bool single;		/* ... and its format */
	uint8_t factor[2];	/* that it may be the product of; for JIT_TO_NANS: the registers */
	/* an operation to do exactly: its arguments; its result goes to reg */
	struct rx_jit_place place[4];
	struct rx_smir_rop rop;
	uint8_t nplaces;
	bool xmm;
	uint16_t held[2];	/* general and xmm registers of values, as masks */
	uint8_t site, allow;	/* to look a page up for; accesses */
	/* the address, and what walks on from there, see struct rx_jit_walk */
	uint8_t walk, addend, base;
	bool on;
	int32_t by, disp;
	uint16_t size;
	bool known;		/* where it goes: */
	uint64_t pc;
	uint8_t behind;		/* instructions that the budget was charged for, of blocks behind */
	int8_t unit;		/* to go to (far: of another page), or if nothing is found; or -1 */
	bool far;
	uint8_t direction;	/* that MXCSR has there */
	uint16_t lags;		/* of homes' registers */
	uint8_t *back;
	const void *record;
	uint32_t dirty, raw;	/* homes to write back, by number; those to mend before */
	struct rx_jit_done rest;	/* counted with the block, but not done on this way */
};

#define JIT_NO_REG 0xff

/* What is known about a page that the block accesses. */
struct rx_jit_page {
	rx_sv base;		/* addresses are this + low up to high; 0: unused */
	int64_t low, high;
	uint8_t reg;		/* with the host address less the guest's; JIT_NO_REG: none */
	int8_t site;		/* >= 0: that site has it, too */
	uint8_t allow;		/* accesses that are checked, 1 << enum rx_access */
	/* its accesses go on to other pages: register with base + from, less the page's address */
	uint8_t walk;		/* JIT_NO_REG: they do not */
	int64_t from;
};

/*
 * Accesses of a trace that lie in [base, base + high) from base + low on, base being what
 * the state holds at `offset` at its start: all on one page, which is looked at there.
 */
struct rx_jit_guard {
	rx_sv base;
	uint64_t offset;
	int64_t low, high;
	uint8_t allow;		/* accesses that are checked, 1 << enum rx_access */
	uint8_t accesses;	/* how many there are */
	bool walks;		/* others go on from there: it does not answer for all that time */
	uint16_t insn;		/* of the first one */
};

/* Code that stores (or loads) these homes and goes on at `end`. */
struct rx_jit_shared {
	const uint8_t *end;
	uint8_t *at;
	uint32_t homes, raw;
};

/* A jump to a block of the region. */
struct rx_jit_jump {
	uint8_t *from;
	unsigned unit;
	bool far;		/* looks at the page's mapping */
};

#endif
