/* opt.c - runs the passes. SPDX-License-Identifier: MIT */
#include "smir/opt.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "smir/verify.h"

const struct rx_smir_pass rx_smir_passes[RX_SMIR_NPASSES] = {
	{ "forward", 1, rx_smir_pass_forward },
	{ "dead puts", 2, rx_smir_pass_dead_puts },	/* what is used once is seen to be */
	{ "fold", 1, rx_smir_pass_fold },
	{ "cse", 2, rx_smir_pass_cse },
	{ "narrow", 2, rx_smir_pass_narrow },
	{ "dead", 1, rx_smir_pass_dead },
};

/* Room for n elements, whose contents do not matter; false: no memory. */
static bool room(void *array, uint32_t *have, uint32_t n, size_t size)
{
	void *at;

	if (*have >= n)
		return true;
	memcpy(&at, array, sizeof(at));	/* a pointer to some object type */
	free(at);
	at = malloc(n * size);
	memcpy(array, &at, sizeof(at));
	*have = at ? n : 0;
	return at != NULL;
}

static bool more_values(struct rx_smir_fn *f, uint32_t n)
{
	uint8_t *at;

	if (f->values.room >= n)
		return true;
	at = realloc(f->values.at, n);
	if (!at)
		return false;
	f->values.at = at;
	f->values.room = n;
	return true;
}

rax_status rx_smir_opt_begin(struct rx_smir_opt *o, struct rx_smir_fn *f)
{
	const uint32_t n = f->values.n, most = n + RX_SMIR_MORE * f->ops.n;
	uint32_t have[5] = { o->room, o->room, o->room, o->room, o->room };

	if (f->error)
		return RAX_EINVAL;
	if (!more_values(f, most) ||
	    !room(&o->ops, &o->ops_room, (RX_SMIR_MORE + 1) * f->ops.n, sizeof(*o->ops)) ||
	    !room(&o->to, &have[0], most, sizeof(*o->to)) ||
	    !room(&o->def, &have[1], most, sizeof(*o->def)) ||
	    !room(&o->uses, &have[2], most, sizeof(*o->uses)) ||
	    !room(&o->low, &have[3], most, sizeof(*o->low)) ||
	    !room(&o->need, &have[4], most, sizeof(*o->need))) {
		rx_smir_opt_fini(o);
		return RAX_ENOMEM;
	}
	o->room = have[0];
	for (uint32_t v = 0; v < n; v++)
		o->to[v] = v;
	memset(o->def, 0xff, n * sizeof(*o->def));
	return RAX_OK;
}

static rax_status check(struct rx_smir_opt *o, const struct rx_smir_fn *f, const char *pass)
{
	rax_status status;

	if (!o->check)
		return RAX_OK;
	memset(&o->error, 0, sizeof(o->error));
	status = rx_smir_verify(f, &o->error);
	if (status == RAX_EFORMAT)
		rx_err_prefix(&o->error, "after %s", pass);
	return status;
}

rax_status rx_smir_optimise(struct rx_smir_opt *o, struct rx_smir_fn *f, unsigned level)
{
	const rax_status lifted = check(o, f, "lifting");

	if (lifted)
		return lifted;
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
		status = check(o, f, rx_smir_passes[k].name);
		if (status)
			return status;
	}
	return RAX_OK;
}

void rx_smir_opt_fini(struct rx_smir_opt *o)
{
	free(o->to);
	free(o->def);
	free(o->uses);
	free(o->low);
	free(o->need);
	free(o->ops);
	o->to = o->def = o->uses = o->low = NULL;
	o->need = NULL;
	o->ops = NULL;
	o->room = o->ops_room = 0;
}
