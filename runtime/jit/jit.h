/* jit.h - the parts of the JIT compiler. SPDX-License-Identifier: MIT
 *
 * The JIT works on top of the threaded engine: blocks count their entries, and
 * a hot one becomes a region, together with the blocks of its page that its
 * links lead to. Native code is entered and left as the handlers of records
 * are (core/thr.h): it takes the place of a block's first handler, and goes on
 * with any record of any block by jumping to that one's handler, guest
 * registers written back. So whatever has no native lowering, faults, misses
 * the TLB or is cold is done by the threaded engine, exactly.
 */
#ifndef RX_JIT_JIT_H
#define RX_JIT_JIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/blocks.h"
#include "core/cpu.h"
#include "rax/error.h"
#include "smir/opt.h"

#define RX_JIT_HEAT 200		/* entries of a block before it is compiled */
#define RX_JIT_BLOCKS 48	/* of a region */
#define RX_JIT_INSNS 512
#define RX_JIT_CODE_BYTES (UINT64_C(64) << 20)
#define RX_JIT_REGION_BYTES (UINT64_C(256) << 10)	/* most that one needs */

/* Executable memory: one file, mapped writable and mapped executable. */
struct rx_jit_code {
	uint8_t *rw;
	const uint8_t *rx;
	size_t size, used;
};
RAX_MUST_CHECK rax_status rx_jit_code_init(struct rx_jit_code *c, rax_error *err);
void rx_jit_code_fini(struct rx_jit_code *c);

/* Compiled code and the blocks that it was made of. */
struct rx_jit_region {
	struct rx_jit_region *next;
	bool dead;
	unsigned nblocks;
	struct rx_block *block[RX_JIT_BLOCKS];
};

struct rx_jit {
	struct rx_cpu *cpu;
	struct rx_jit_code code;
	struct rx_jit_region *regions;
	void *scratch;			/* of the compiler */
	struct rx_smir_opt opt;
	unsigned level;			/* of the optimiser */
	/* statistics */
	uint64_t made, bytes, insns, native;
};

/* Blocks of a region, hottest first; 0: nothing to compile. */
unsigned rx_jit_form(struct rx_block *start, struct rx_block **block, unsigned *insns);

/*
 * Compiles a region. NULL: nothing native came out; the blocks stay as they
 * are. *entry[k]: handler of block k, NULL: none.
 */
RX_CHECK bool rx_jit_compile(struct rx_jit *j, struct rx_block *const *block, unsigned n,
			     rx_handler **entry);

size_t rx_jit_scratch_size(void);
void rx_jit_scratch_init(struct rx_jit *j);
void rx_jit_scratch_fini(struct rx_jit *j);

#endif
