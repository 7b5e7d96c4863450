/* blocks.h - translated code of one cpu for the threaded engine. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_BLOCKS_H
#define RX_CORE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cpu.h"
#include "core/insn.h"
#include "core/thr.h"
#include "rax/error.h"

/*
 * A block: up to RX_LIMIT_BLOCK_INSNS decoded instructions of one page that
 * follow each other, then one link (fall-through) or two (taken), then the
 * members of groups (core/group.h), whose headers are the instructions. Its key is
 * where it is (virtual), what backs that (host address, which stands for the
 * physical one) and mode_key.
 *
 * A block is dead when its code was written or all is dropped: nothing leads
 * to it any more, but a run may still be inside. Its memory is used again
 * after rx_blocks_tidy(), which the run loop calls while no block runs.
 */
struct rx_block {
	struct rx_block *next, **prev;			/* of its hash chain */
	struct rx_block *page_next, **page_prev;	/* of its page's chain */
	struct rx_link *incoming;
	const uint8_t *host;
	uint64_t pc;
	uint32_t mode_key;
	uint16_t bytes;		/* of code */
	uint8_t n;		/* instructions */
	uint8_t nlinks;
	void *own;		/* the engine's: code, regions; NULL in a new block */
	/* the JIT's: the first record's own handler, entries until it is hot */
	rx_handler *plain;
	uint32_t heat;
	uint32_t native;	/* regions that it is in */
	uint32_t nmembers;	/* of groups */
	uint32_t kept;		/* where its operations are kept, 0: nowhere; jit/kept.c */
	struct rx_insn insn[];
};
_Static_assert(sizeof(struct rx_block) % 32 == 0, "records are aligned");

#define RX_BLOCK_HASH_BITS 18
#define RX_BLOCK_PAGE_BITS 15
#define RX_BLOCK_SIZES 70		/* in records, links and members included */

struct rx_blocks {
	struct rx_block *hash[1 << RX_BLOCK_HASH_BITS];
	struct rx_block *page[1 << RX_BLOCK_PAGE_BITS];
	struct rx_block *free[RX_BLOCK_SIZES];	/* chained by next */
	struct rx_block *dead;			/* likewise */
	uint8_t *code, *at, *end;		/* bump allocation */
	uint64_t kills;				/* blocks that died so far */
	bool full;				/* tidy must drop all */
	/*
	 * Of an engine that compiles blocks, else NULL: the handler that new
	 * blocks begin with (plain is then what they would have had) and
	 * their heat; what to do when a block in regions dies, and when all
	 * do; how to call a handler whose code keeps no registers.
	 */
	rx_handler *counter;
	uint32_t heat;
	void (*died)(struct rx_cpu *cpu, struct rx_block *b);
	void (*dropped)(struct rx_cpu *cpu);
	void (*call)(struct rx_cpu *cpu, const struct rx_insn *i);
	const uint8_t *limit;	/* no block goes beyond it in its page; NULL: none */
	/* statistics */
	uint64_t made, drops;
};

static inline struct rx_block *rx_block_of(const struct rx_insn *first)
{
	return (struct rx_block *)((uintptr_t)first - offsetof(struct rx_block, insn));
}

/* May the entry of the jump cache be used for pc, though its generation is another one? */
static inline bool rx_jump_hit(const struct rx_cpu *cpu, struct rx_tlb_entry *tlb,
			       const struct rx_jump *j, uint64_t pc)
{
	const struct rx_tlb_entry *e = rx_tlb_slot(tlb, pc);

	return RX_LIKELY(j->pc == pc) && RX_LIKELY(j->first != NULL) &&
	       RX_LIKELY(e->tag[RX_ACC_X] == (pc & RX_PAGE_MASK)) &&
	       RX_LIKELY((uintptr_t)rx_block_of(j->first)->host == pc + e->addend) &&
	       RX_LIKELY(rx_block_of(j->first)->mode_key == cpu->mode_key);
}

RAX_MUST_CHECK rax_status rx_blocks_init(struct rx_cpu *cpu, rax_error *err);
void rx_blocks_fini(struct rx_cpu *cpu);

enum rx_found {
	RX_FOUND,		/* *block */
	RX_FOUND_FAULT,		/* fetching faults: recorded, not delivered */
	RX_FOUND_STEP,		/* not translatable here: step it */
	RX_FOUND_FULL,		/* rx_blocks_tidy(), then again */
};
/*
 * The block for cpu->pc in the current regime and mode; made when there is
 * none. Enters it into the jump cache.
 */
enum rx_found rx_blocks_find(struct rx_cpu *cpu, struct rx_block **block);
/* The block that there is already, NULL: none. */
struct rx_block *rx_blocks_peek(const struct rx_cpu *cpu, uint64_t pc, const uint8_t *host,
				uint32_t mode_key);
/* The first block of pages like this one, chained by page_next; others are among them. */
struct rx_block *rx_blocks_of_page(const struct rx_cpu *cpu, const uint8_t *host);
/* RX_INSN_* of an instruction. What ends a group's block is a member that does. */
unsigned rx_blocks_flags(const struct rx_isa *isa, const struct rx_insn *i);
/* No block runs: reuses the memory of dead ones; drops all when full. */
void rx_blocks_tidy(struct rx_cpu *cpu);
void rx_blocks_drop(struct rx_cpu *cpu);

/* Resolves a link to `to`; addend is of the target page's mapping. */
void rx_blocks_link(struct rx_link *link, struct rx_block *to,
		    uintptr_t addend);

/* struct rx_engine */
const char *rx_blocks_stat(const struct rx_cpu *cpu, unsigned index, uint64_t *value);
#define RX_BLOCKS_STATS 2	/* of them */
void rx_blocks_invalidate(struct rx_cpu *cpu, const uint8_t *host, unsigned len);
uint64_t rx_blocks_granules(struct rx_cpu *cpu, const uint8_t *host_page);

/*
 * What links do, as records (engine_threaded.c). near: a target on the page
 * of its block, whose owner is in link->to until it is resolved; far: on
 * another page; any: looked up each time.
 */
extern rx_handler rx_thr_near_resolve RX_HIDDEN, rx_thr_near RX_HIDDEN;
extern rx_handler rx_thr_far_resolve RX_HIDDEN, rx_thr_far RX_HIDDEN;
extern rx_handler rx_thr_any RX_HIDDEN;
/* The one record of a block that stands for an instruction across pages. */
extern rx_handler rx_thr_step RX_HIDDEN;

#endif
