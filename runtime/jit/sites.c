/* sites.c - which accesses get a site. SPDX-License-Identifier: MIT
 *
 * There are few sites (struct rx_site): the innermost loops are served first.
 */
#include "jit/region.h"

#define BASES 16

/* The operation that gives the value, NULL: it is a parameter; def[] is another unit's then. */
static const struct rx_smir_op *def_of(const struct rx_smir_fn *f, const uint32_t *def, rx_sv v)
{
	const struct rx_smir_op *op = def[v] < f->ops.n ? &f->ops.at[def[v]] : NULL;

	return op && op->result == v ? op : NULL;
}

/* The register or sum that an address counts from. */
static rx_sv base_of(const struct rx_smir_fn *f, const uint32_t *def, rx_sv address)
{
	const struct rx_smir_op *op = def_of(f, def, address), *by;

	if (!op || op->code != RX_S_ADD)
		return address;
	by = def_of(f, def, op->arg[1]);
	return by && by->code == RX_S_CONST ? op->arg[0] : address;
}

/* Accesses of a unit that will not find their page by the same base. */
static unsigned count(struct rx_jit_work *w, const struct rx_jit_unit *u)
{
	const struct rx_smir_fn *f = &u->fn;
	rx_sv base[BASES];
	unsigned n = 0;

	for (uint32_t k = 0; k < f->ops.n && n < BASES; k++) {
		const struct rx_smir_op *op = &f->ops.at[k];
		unsigned j;

		if (op->result)
			w->def[op->result] = k;
		if (!rx_jit_is_access(f, op))
			continue;
		base[n] = base_of(f, w->def, op->arg[0]);
		for (j = 0; base[j] != base[n]; j++)
			;
		n += j == n;
	}
	return n;
}

void rx_jit_divide_sites(struct rx_jit_work *w)
{
	unsigned wanted[RX_JIT_DEPTHS] = { 0 }, left = RX_SITES - w->guards;

	for (unsigned k = 0; k < w->n; k++)
		if (w->unit[k].cut && w->unit[k].depth && w->unit[k].trace < 0 &&
		    !rx_jit_is_counted(&w->unit[k]))
			wanted[w->unit[k].depth] += count(w, &w->unit[k]);
	for (unsigned d = RX_JIT_DEPTHS; d-- > 0;) {
		w->g.sites_left[d] = wanted[d] < left ? wanted[d] : left;
		left -= w->g.sites_left[d];
	}
	/* some accesses take more than one */
	for (unsigned d = 1; d < RX_JIT_DEPTHS; d++)
		w->g.sites_left[d] += left;
}
