/* compile.c - a hot block becomes a region of host code. SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "base/bits.h"
#include "core/isa.h"
#include "core/vm.h"
#include "fp/host.h"
#include "jit/region.h"
#include "smir/build.h"

/* Where the code of the unit at that place ends. */
static const uint8_t *end_of(const struct rx_jit_work *w, unsigned place)
{
	return place + 1 < w->norder ? w->unit[w->order[place + 1]].enter : w->g.cold;
}

static void show_code(const struct rx_jit_work *w, const uint8_t *start)
{
	const struct rx_jit_gen *g = &w->g;

	for (unsigned k = 0; k < g->nhomes; k++)
		rx_jit_say(g->j, "  home %u: %s in %s%u", k,
			   rx_jit_reg_at(g->isa, g->home[k].offset)->name,
			   g->home[k].fp ? "xmm" : "r", g->home[k].reg);
	for (unsigned k = 0; k < w->norder; k++) {
		const struct rx_jit_unit *u = &w->unit[w->order[k]];

		rx_jit_say(g->j, "  code of %" PRIx64 ", loops around it: %u, blocks: %u",
			   u->block->pc, u->depth, u->nsteps);
		rx_jit_dump_host(g, u->enter, end_of(w, k));
	}
	rx_jit_say(g->j, "  entries and exits: %zu bytes of %zu", (size_t)(g->at - g->cold),
		   (size_t)(g->at - start));
	rx_jit_dump_host(g, g->cold, g->data);
}

/* Whoever wants to know, a profiler for example, is told what lies where. */
static void tell(const struct rx_jit_work *w, uint64_t pc)
{
	const struct rx_jit_settings *set = &w->g.j->cpu->vm->jit;
	const struct rx_jit_code *c = &w->g.j->code;

	for (unsigned k = 0; k < w->norder; k++) {
		const struct rx_jit_unit *u = &w->unit[w->order[k]];

		set->code(set->code_opaque, u->block->pc, true, c->rx + (u->enter - c->rw),
			  (size_t)(end_of(w, k) - u->enter));
	}
	set->code(set->code_opaque, pc, false, c->rx + (w->g.cold - c->rw),
		  (size_t)(w->g.data - w->g.cold));
}

/* The code of a region, or of the block alone. */
static bool make(struct rx_jit_work *w, struct rx_jit *j, struct rx_block *start, uint8_t *at)
{
	struct rx_jit_gen *g = &w->g;

	memset(g, 0, offsetof(struct rx_jit_gen, home));
	rx_jit_share_nothing(g);
	g->j = j;
	g->isa = j->cpu->isa;
	g->at = at;
	g->frame = (int64_t)rx_native_offset(g->isa);
	g->sites = j->sites_used;
	g->end = at + RX_JIT_REGION_BYTES - 8192;
	if (rx_jit_dumps(j))
		rx_jit_say(j, "region at %" PRIx64, start->pc);
	if (!rx_jit_form(w, start))
		return false;
	rx_jit_choose_homes(w);
	rx_jit_make_code(w);
	return !g->failed;
}

bool rx_jit_compile(struct rx_jit *j, struct rx_block *start, struct rx_jit_made *made)
{
	struct rx_jit_work *w = j->scratch;
	struct rx_jit_gen *g = &w->g;
	uint8_t *const at = j->code.rw + j->code.used;
	bool good;

	w->alone = false;
	good = make(w, j, start, at);
	if (!good && g->failed) {	/* it was too much at once */
		w->alone = true;
		good = make(w, j, start, at);
	}
	if (!good)
		return false;
	if (rx_jit_dumps(j))
		show_code(w, at);
	if (j->cpu->vm->jit.code && !j->again)
		tell(w, start->pc);
	made->n = 0;
	made->from[RX_JIT_CODE] = j->code.used;
	made->from[RX_JIT_SITES] = j->sites_used;
	for (unsigned k = 0; k < w->nblocks; k++) {
		uintptr_t code;

		if (!w->unit[k].cut)
			continue;
		code = (uintptr_t)(j->code.rx + (w->unit[k].entry - j->code.rw));
		memcpy(&made->entry[made->n], &code, sizeof(code));
		made->block[made->n++] = w->unit[k].block;
	}
	j->stats.regions++;
	j->stats.traces += w->n - w->nblocks;
	j->stats.bytes += (uint64_t)(g->at - at);
	rx_jit_code_written(&j->code, j->code.used + rx_align_up((uint64_t)(g->at - at),
								 RX_JIT_CODE_ALIGN));
	j->sites_used += sizeof(struct rx_sites) + g->nsites * sizeof(struct rx_site);
	if (!j->again)		/* nothing is known yet */
		*rx_sites_at(j->cpu, g->sites) = (struct rx_sites){ .n = g->nsites };
	return true;
}

size_t rx_jit_scratch_size(void)
{
	return sizeof(struct rx_jit_work);
}

void rx_jit_scratch_init(struct rx_jit *j)
{
	struct rx_jit_work *w = j->scratch;

	for (unsigned k = 0; k < RX_JIT_UNITS; k++)
		rx_smir_init(&w->unit[k].fn, j->cpu->isa);
	for (uint8_t m = 0; m < sizeof(j->flags_of); m++)
		j->flags_of[m] = rx_fp_host_flags(m);
	rx_jit_fill_conditions(j->holds);
}

void rx_jit_scratch_fini(struct rx_jit *j)
{
	struct rx_jit_work *w = j->scratch;

	for (unsigned k = 0; k < RX_JIT_UNITS; k++)
		rx_smir_fini(&w->unit[k].fn);
}
