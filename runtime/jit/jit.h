/* jit.h - the parts of the JIT compiler. SPDX-License-Identifier: MIT
 *
 * The JIT works on top of the threaded engine: blocks count their entries, and
 * a hot one becomes a region, together with the blocks that its links lead to.
 * Native code is entered and left as the handlers of records are (core/thr.h):
 * it takes the place of a block's first handler, and goes on with any record of
 * any block by jumping to that one's handler, guest registers written back. What
 * has no native lowering is a call of its executor; what faults, misses the TLB,
 * ends a block in its own way or is cold is done by the threaded engine, exactly.
 */
#ifndef RX_JIT_JIT_H
#define RX_JIT_JIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/blocks.h"
#include "core/cpu.h"
#include "core/native.h"
#include "rax/error.h"
#include "smir/opt.h"

#define RX_JIT_BLOCKS 48	/* of a region */
#define RX_JIT_INSNS 512
#define RX_JIT_DEPTHS 4		/* of loops; what is deeper counts as the deepest */
#define RX_JIT_CODE_ALIGN UINT64_C(64)	/* of a region's */
#define RX_JIT_REGION_BYTES (UINT64_C(512) << 10)	/* most that one needs */
#define RX_JIT_SITES_BYTES (sizeof(struct rx_sites) + RX_SITES * sizeof(struct rx_site))

/*
 * Executable memory: one file (nameless: memory that is no file's), mapped writable
 * and mapped executable.
 */
struct rx_jit_code {
	uint8_t *rw;
	const uint8_t *rx;
	size_t size, used;
};
RAX_MUST_CHECK rax_status rx_jit_code_init(struct rx_jit_code *c, size_t size, bool nameless,
					   rax_error *err);
/* It is used up to there now. Of the writable view it keeps no pages that are full. */
void rx_jit_code_written(struct rx_jit_code *c, size_t to);
void rx_jit_code_fini(struct rx_jit_code *c);

/*
 * What compiled code counts: entries from outside of regions, instructions done
 * by their code and by executors that it calls, and ways out, by JIT_SLOW ...
 */
enum { RX_JIT_ENTERED, RX_JIT_NATIVE, RX_JIT_CALLED, RX_JIT_WAYS, RX_JIT_COUNTS = 11 };

/* What regions have memory of: for code, for sites (rx_sites_at()). Both are rings. */
enum { RX_JIT_CODE, RX_JIT_SITES, RX_JIT_RINGS };

/* What was compiled: where it is in those, its blocks, how to enter at each. */
struct rx_jit_made {
	size_t from[RX_JIT_RINGS];
	unsigned n;
	struct rx_block *block[RX_JIT_BLOCKS];
	rx_handler *entry[RX_JIT_BLOCKS];
};
struct rx_jit_region;		/* the same, kept; regions.c */
struct rx_jit_kept;

struct rx_jit {
	struct rx_cpu *cpu;
	struct rx_jit_code code;
	size_t sites_used;
	struct rx_jit_region *oldest, *newest;
	void *scratch;			/* of the compiler */
	struct rx_jit_kept *kept;	/* operations of blocks; kept.c */
	struct rx_smir_opt opt;
	uint8_t flags_of[64];		/* RX_FP_* by the flags of MXCSR */
	uint16_t holds[16];		/* see rx_jit_fill_conditions() */
	bool has_tlb;			/* accesses look there first */
	bool again;			/* blocks are compiled once more, to be looked at */
	/*
	 * regions, those that died, made room or were replaced, bytes of code; guest
	 * instructions of blocks by how they are done, those of traces, which are in
	 * blocks, too; blocks that were lifted, and whose operations were kept; time
	 * spent; blocks whose operations did not verify
	 */
	struct {
		uint64_t regions, traces, died, evicted, replaced, bytes;
		uint64_t native, called, left, copied, lifted, recalled;
		uint64_t ns, refused;
	} stats;
	uint64_t count[RX_JIT_COUNTS];	/* by compiled code, where settings ask for it */
};

/*
 * Compiles the region around a hot block, where there is room (rx_jit_make_room()).
 * false: nothing native came out.
 */
RX_CHECK bool rx_jit_compile(struct rx_jit *j, struct rx_block *start,
			     struct rx_jit_made *made);

/* kept.c */
size_t rx_jit_kept_size(void);		/* all zero at first */
void rx_jit_forget_kept(struct rx_jit *j);

/* regions.c */
/* Before each compilation. The oldest regions go where memory is short. */
void rx_jit_make_room(struct rx_jit *j);
/* Is there enough for one more without that? */
bool rx_jit_has_room(const struct rx_jit *j);
/* Memory that was used last is free again. */
void rx_jit_take_back(struct rx_jit *j, const struct rx_jit_made *made);
/* From now on the blocks begin there. false: no memory. */
RX_CHECK bool rx_jit_keep(struct rx_jit *j, const struct rx_jit_made *made);
/* Its regions are not entered any more; their other blocks count again. */
void rx_jit_block_died(struct rx_jit *j, struct rx_block *b);
/* All blocks are gone. */
void rx_jit_forget_regions(struct rx_jit *j);
/* The next region behind r (NULL: the first) with code at pc, and its first block. */
const struct rx_jit_region *rx_jit_next_at(const struct rx_jit *j, const struct rx_jit_region *r,
					   uint64_t pc, struct rx_block **first);

/*
 * Compiles all code in [from, to), where the cpu, which has the engine, can
 * fetch it, and tells the settings' line; nothing is run. The cpu is of no use
 * afterwards. RAX_EFORMAT: it cannot be fetched. RAX_ERANGE: it is too much.
 */
RAX_MUST_CHECK rax_status rx_jit_compile_range(struct rx_cpu *cpu, uint64_t from, uint64_t to,
					       rax_error *err);

/*
 * A block that begins inside another one, and that no jump leads to: the run
 * was interrupted there. It is not worth compiling.
 */
bool rx_jit_is_odd(const struct rx_cpu *cpu, const struct rx_block *b);

/* Compiled code's: rx_thr_execute(), which may change the TLB. sites: where the code's are. */
const struct rx_insn *rx_jit_call_executor(struct rx_cpu *cpu, const struct rx_insn *i,
					   int64_t budget, size_t sites);

/* coverage.c: what an encoding is compiled to where most is known about its mode */
enum rx_jit_coverage {
	RX_JIT_BY_EXECUTOR,	/* a call of its executor */
	RX_JIT_BY_CALLS,	/* operations, of which some are calls */
	RX_JIT_BY_CODE,		/* host code alone */
};
enum rx_jit_coverage rx_jit_coverage(const struct rx_isa *isa, unsigned id);

/* dump.c: text for vm->jit.line */
bool rx_jit_dumps(const struct rx_jit *j);
void rx_jit_say(const struct rx_jit *j, const char *fmt, ...) RAX_PRINTF(2, 3);
void rx_jit_dump_guest(const struct rx_jit *j, const struct rx_block *b);
void rx_jit_dump_smir(const struct rx_jit *j, const struct rx_smir_fn *f);
/* Host code as it was written, in the writable mapping, by this compilation. */
struct rx_jit_gen;
void rx_jit_dump_host(const struct rx_jit_gen *g, const uint8_t *from, const uint8_t *to);

size_t rx_jit_scratch_size(void);
void rx_jit_scratch_init(struct rx_jit *j);
void rx_jit_scratch_fini(struct rx_jit *j);

#endif
