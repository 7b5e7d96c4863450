/* shared.c - what many ways in and out of a region have in common. SPDX-License-Identifier: MIT
 *
 * Homes are written back, or loaded, one after the other, from the highest number
 * down, and then control goes on somewhere. What begins with the same homes and
 * goes on at the same place is there once, and so is each end of such a sequence.
 */
#include <string.h>

#include "jit/lower.h"

#define FEW 4		/* instructions that are no call */
#define SITES 4		/* as many as looking at the sites takes, and some */

void rx_jit_share_nothing(struct rx_jit_gen *g)
{
	g->nshared = 0;
	g->enter_end = NULL;
	memset(g->shared_at, 0, sizeof(g->shared_at));
}

/* Where the sequence is, or where it is to be noted; 0: there is no room. */
static uint16_t *slot_of(struct rx_jit_gen *g, const uint8_t *end, uint32_t homes, uint32_t raw)
{
	uint64_t h = (uintptr_t)end ^ (uint64_t)homes << 32 ^ (uint64_t)raw << 13;
	const unsigned mask = JIT_SHARED - 1;

	h = h * UINT64_C(0x9e3779b97f4a7c15) >> 32;
	for (unsigned k = 0; k < 8; k++) {
		uint16_t *slot = &g->shared_at[(h + k) & mask];
		const struct rx_jit_shared *s = &g->shared[*slot];

		if (!*slot || (s->end == end && s->homes == homes && s->raw == raw))
			return slot;
	}
	return NULL;
}

/* One element of g->shared is never used: 0 is none. */
static void note(struct rx_jit_gen *g, uint16_t *slot, const uint8_t *end, uint32_t homes,
		 uint32_t raw)
{
	if (!slot || g->nshared + 1 == JIT_SHARED / 2)
		return;
	*slot = (uint16_t)++g->nshared;
	g->shared[*slot] = (struct rx_jit_shared){ end, g->at, homes, raw };
}

const uint8_t *rx_jit_shared(struct rx_jit_gen *g, uint32_t homes, uint32_t raw,
			     const uint8_t *end)
{
	const uint16_t *slot = homes ? slot_of(g, end, homes, raw) : NULL;

	if (!homes)
		return end;
	return slot && *slot ? g->shared[*slot].at : NULL;
}

/* Emits the sequence, up to a part that there is. */
static void sequence(struct rx_jit_gen *g, uint32_t homes, uint32_t raw, const uint8_t *end,
		     void (*one)(struct rx_jit_gen *g, uint32_t which, uint32_t raw))
{
	while (!g->failed) {
		const uint8_t *there = rx_jit_shared(g, homes, raw, end);
		uint32_t top;

		if (there) {
			rx_jit_patch(rx_jit_jmp(g), there);
			return;
		}
		note(g, slot_of(g, end, homes, raw), end, homes, raw);
		top = 1u << (31 - __builtin_clz(homes));
		one(g, top, raw & top);
		homes &= ~top;
		raw &= homes;
	}
}

void rx_jit_store_and_go(struct rx_jit_gen *g, uint32_t homes, uint32_t raw, const uint8_t *end)
{
	sequence(g, homes, raw, end, rx_jit_store_homes);
}

static void load_one(struct rx_jit_gen *g, uint32_t which, uint32_t raw)
{
	(void)raw;
	rx_jit_load_homes(g, which);
}

/* What the region's sites know holds while the TLB's table is the same, and lost nothing. */
static void see_to_sites(struct rx_jit_gen *g)
{
	const struct rx_px_values now = rx_jit_mem(RDI, offsetof(struct rx_cpu, tlb_epoch));
	const struct rx_px_values epoch = rx_jit_sites(g, offsetof(struct rx_sites, epoch));
	uint8_t *same;

	if (!g->nsites)
		return;
	E(g, mov_r64_m64, RAX, &now);
	E(g, cmp_r64_m64, RAX, &epoch);
	same = rx_jit_jcc(g, CC_E);
	E(g, mov_m64_r64, &epoch, RAX);
	for (unsigned k = 0; k < g->nsites; k++) {
		const struct rx_px_values limit = JIT_SITE(g, k, limit);

		E(g, mov_m64_i32, &limit, 0);
	}
	rx_jit_patch(same, g->at);
}

void rx_jit_enter(struct rx_jit_gen *g, uint32_t homes, const uint8_t *body)
{
	uint8_t *from, *over;

	if (__builtin_popcount(homes) + (g->nsites ? SITES : 0) <= FEW) {
		rx_jit_load_homes(g, homes);
		see_to_sites(g);
		rx_jit_patch(rx_jit_jmp(g), body);
		return;
	}
	from = rx_jit_call(g);
	rx_jit_patch(rx_jit_jmp(g), body);
	if (!g->enter_end) {
		g->enter_end = g->at;
		see_to_sites(g);
		E(g, ret_64);
	}
	over = g->at;
	if (!rx_jit_shared(g, homes, 0, g->enter_end))
		sequence(g, homes, 0, g->enter_end, load_one);
	rx_jit_patch(from, g->at == over ? rx_jit_shared(g, homes, 0, g->enter_end) : over);
}
