/* kept.c - operations of blocks, kept for the next region. SPDX-License-Identifier: MIT
 *
 * A block is often in several regions. What it lifts to, optimised, is the same in
 * all of them, and is kept as bytes. When there is no more room, all is forgotten.
 *
 * A block says which entry is its own, which is good as long as the entry says the
 * same: neither outlives what the other one means. A new block has none.
 */
#include <string.h>

#include "jit/region.h"
#include "smir/pack.h"

#define ENTRIES 32768
#define BYTES (6u << 20)
#define MOST 16384		/* of a block */

struct kept {
	const struct rx_block *block;
	uint64_t called;
	uint32_t at;
	uint8_t cut, ending;
	bool calls, polls, end_polls;
	bool ways;		/* some are not 0: they stand in front of the operations */
};

struct rx_jit_kept {
	uint32_t n, used;
	struct kept entry[ENTRIES];
	uint8_t bytes[BYTES];
};

size_t rx_jit_kept_size(void)
{
	return sizeof(struct rx_jit_kept);
}

void rx_jit_forget_kept(struct rx_jit *j)
{
	j->kept->n = j->kept->used = 0;
}

static bool any_way(const struct rx_jit_unit *u)
{
	for (unsigned k = 0; k < u->cut; k++)
		if (u->ways[k])
			return true;
	return false;
}

void rx_jit_keep_unit(struct rx_jit *j, const struct rx_jit_unit *u)
{
	struct rx_jit_kept *kept = j->kept;
	const bool ways = any_way(u);
	uint8_t *at;
	size_t n;

	if (kept->n == ENTRIES || kept->used > BYTES - MOST)
		rx_jit_forget_kept(j);
	at = kept->bytes + kept->used;
	if (ways)
		memcpy(at, u->ways, u->cut);
	at += ways ? u->cut : 0;
	n = rx_smir_pack(&u->fn, at, MOST - u->cut);
	if (!n)
		return;
	kept->entry[kept->n] = (struct kept){ u->block, u->called, kept->used, (uint8_t)u->cut,
		(uint8_t)u->ending, u->calls, u->polls, u->end_polls, ways };
	kept->used = (uint32_t)(at + n - kept->bytes);
	u->block->kept = ++kept->n;
}

bool rx_jit_recall_unit(struct rx_jit *j, struct rx_jit_unit *u)
{
	const uint32_t number = u->block->kept;
	const struct kept *e;
	const uint8_t *at;

	if (!number || number > j->kept->n)
		return false;
	e = &j->kept->entry[number - 1];
	if (e->block != u->block)
		return false;
	at = j->kept->bytes + e->at;
	u->called = e->called;
	u->cut = e->cut;
	u->ending = e->ending;
	u->calls = e->calls;
	u->polls = e->polls;
	u->end_polls = e->end_polls;
	memset(u->ways, 0, u->cut);
	if (e->ways)
		memcpy(u->ways, at, u->cut);
	rx_smir_unpack(&u->fn, j->cpu->isa, at + (e->ways ? u->cut : 0), u->block->insn);
	return !u->fn.error;
}
