/* opt.c - runs the passes. SPDX-License-Identifier: MIT */
#include "smir/opt.h"

#include <stdlib.h>
#include <string.h>

const struct rx_smir_pass rx_smir_passes[RX_SMIR_NPASSES] = {
	{ "forward", 1, rx_smir_pass_forward },
	{ "dead puts", 2, rx_smir_pass_dead },	/* what is used once is seen to be */
	{ "fold", 1, rx_smir_pass_fold },
	{ "cse", 2, rx_smir_pass_cse },
	{ "dead", 1, rx_smir_pass_dead },
};

rax_status rx_smir_opt_begin(struct rx_smir_opt *o, const struct rx_smir_fn *f)
{
	const uint32_t n = f->values.n;

	if (f->error)
		return RAX_EINVAL;
	if (o->room < n) {
		rx_smir_opt_fini(o);
		o->to = malloc(n * sizeof(*o->to));
		o->def = malloc(n * sizeof(*o->def));
		o->uses = malloc(n * sizeof(*o->uses));
		if (!o->to || !o->def || !o->uses) {
			rx_smir_opt_fini(o);
			return RAX_ENOMEM;
		}
		o->room = n;
	}
	for (uint32_t v = 0; v < n; v++)
		o->to[v] = v;
	memset(o->def, 0xff, n * sizeof(*o->def));
	return RAX_OK;
}

rax_status rx_smir_optimise(struct rx_smir_opt *o, struct rx_smir_fn *f, unsigned level)
{
	for (unsigned k = 0; k < RX_SMIR_NPASSES; k++) {
		rax_status status;

		if (level < rx_smir_passes[k].level)
			continue;
		status = rx_smir_opt_begin(o, f);
		if (status)
			return status;
		rx_smir_passes[k].run(o, f);
		if (o->after)
			o->after(o->opaque, rx_smir_passes[k].name, f);
	}
	return RAX_OK;
}

void rx_smir_opt_fini(struct rx_smir_opt *o)
{
	free(o->to);
	free(o->def);
	free(o->uses);
	o->to = o->def = o->uses = NULL;
	o->room = 0;
}
