/* regions.c - which regions there are, and how they end. SPDX-License-Identifier: MIT
 *
 * The memory for code is a ring: a new region lies behind the last one, and those
 * that were there before, the oldest, have to go. A region ends with the first of
 * its blocks that dies, too; its code is overwritten when the ring comes round.
 * Neither happens to code that runs: regions are made between blocks, and a run
 * inside of a block that died leaves it (core/blocks.h).
 *
 * Each block knows its regions, so an end costs what the region has blocks.
 */
#include "jit/jit.h"

#include <stdlib.h>
#include <string.h>

#include "core/vm.h"

#if RX_HAVE_JIT
/* A block of a region, in the list of the block's. */
struct member {
	struct member *next, **prev;
	struct rx_jit_region *region;
	struct rx_block *block;
	rx_handler *entry;
};

struct rx_jit_region {
	struct rx_jit_region *next, *prev;	/* in the order of their age */
	size_t from[RX_JIT_RINGS];	/* where its code and its sites are */
	unsigned n;
	struct member member[];
};

#define EVICTED 16	/* times as hot a block has to be to be compiled again */

/* How the block begins from now on. */
static void begin(const struct rx_blocks *bs, struct rx_block *b, uint32_t heat)
{
	const struct member *m = b->own;

	if (m) {
		b->insn[0].handler = m->entry;
		return;
	}
	b->insn[0].handler = bs->counter;
	b->heat = heat;
}

static void end(struct rx_jit *j, struct rx_jit_region *r, uint32_t heat)
{
	for (unsigned k = 0; k < r->n; k++) {
		struct member *m = &r->member[k];

		*m->prev = m->next;
		if (m->next)
			m->next->prev = m->prev;
		m->block->native--;
		begin(j->cpu->blocks, m->block, heat);
	}
	*(r->prev ? &r->prev->next : &j->oldest) = r->next;
	*(r->next ? &r->next->prev : &j->newest) = r->prev;
	free(r);
}

void rx_jit_block_died(struct rx_jit *j, struct rx_block *b)
{
	while (b->own) {
		end(j, ((struct member *)b->own)->region, j->cpu->blocks->heat);
		j->stats.died++;
	}
	b->insn[0].handler = b->plain;
}

static void evict(struct rx_jit *j)
{
	const uint64_t heat = j->cpu->blocks->heat * (uint64_t)EVICTED;

	end(j, j->oldest, heat > UINT32_MAX ? UINT32_MAX : (uint32_t)heat);
	j->stats.evicted++;
}

#define SITES_SIZE (RX_NATIVE_SITES * sizeof(struct rx_site))

/* Every region has something of each ring. */
static void make_room(struct rx_jit *j, unsigned ring, size_t *used, size_t size, size_t most)
{
	if (size - *used < most) {
		/* what is left from here to the end is older than what is at the start */
		while (j->oldest && j->oldest->from[ring] >= *used)
			evict(j);
		*used = 0;
	}
	while (j->oldest && j->oldest->from[ring] >= *used &&
	       j->oldest->from[ring] < *used + most)
		evict(j);
}

void rx_jit_make_room(struct rx_jit *j)
{
	make_room(j, RX_JIT_CODE, &j->code.used, j->code.size, RX_JIT_REGION_BYTES);
	make_room(j, RX_JIT_SITES, &j->sites_used, SITES_SIZE, RX_JIT_SITES_BYTES);
}

bool rx_jit_has_room(const struct rx_jit *j)
{
	return j->code.size - j->code.used >= RX_JIT_REGION_BYTES &&
	       SITES_SIZE - j->sites_used >= RX_JIT_SITES_BYTES;
}

void rx_jit_take_back(struct rx_jit *j, const struct rx_jit_made *made)
{
	j->code.used = made->from[RX_JIT_CODE];
	j->sites_used = made->from[RX_JIT_SITES];
}

/* Is the region entered anywhere? A block begins with the newest of its regions. */
static bool is_entered(const struct rx_jit_region *r)
{
	for (unsigned k = 0; k < r->n; k++)
		if (r->member[k].block->own == &r->member[k])
			return true;
	return false;
}

/* Regions that led to all the blocks of a new one are of no use where it has all theirs. */
static void end_replaced(struct rx_jit *j, const struct rx_jit_region *by)
{
	for (unsigned k = 0; k < by->n; k++) {
		struct member *m = by->member[k].next;

		while (m) {
			struct rx_jit_region *r = m->region;

			m = m->next;
			if (is_entered(r))
				continue;
			end(j, r, 0);
			j->stats.replaced++;
		}
	}
}

bool rx_jit_keep(struct rx_jit *j, const struct rx_jit_made *made)
{
	struct rx_jit_region *r = malloc(sizeof(*r) + made->n * sizeof(r->member[0]));

	if (!r)
		return false;
	*r = (struct rx_jit_region){ .prev = j->newest, .n = made->n };
	memcpy(r->from, made->from, sizeof(r->from));
	*(j->newest ? &j->newest->next : &j->oldest) = r;
	j->newest = r;
	for (unsigned k = 0; k < r->n; k++) {
		struct member *m = &r->member[k], *next = made->block[k]->own;

		*m = (struct member){ next, NULL, r, made->block[k], made->entry[k] };
		m->prev = (struct member **)(void *)&m->block->own;
		if (next)
			next->prev = &m->next;
		m->block->own = m;
		m->block->native++;
		begin(j->cpu->blocks, m->block, 0);
	}
	end_replaced(j, r);
	return true;
}

void rx_jit_forget_regions(struct rx_jit *j)
{
	while (j->oldest) {
		struct rx_jit_region *next = j->oldest->next;

		free(j->oldest);
		j->oldest = next;
	}
	j->newest = NULL;
	j->code.used = j->sites_used = 0;
}

const struct rx_jit_region *rx_jit_next_at(const struct rx_jit *j, const struct rx_jit_region *r,
					   uint64_t pc, struct rx_block **first)
{
	for (r = r ? r->next : j->oldest; r; r = r->next)
		for (unsigned k = 0; k < r->n; k++)
			if (pc - r->member[k].block->pc < r->member[k].block->bytes) {
				*first = r->member[0].block;
				return r;
			}
	return NULL;
}
#endif
