/* layout.c - in which order the code of units lies. SPDX-License-Identifier: MIT
 *
 * Behind each unit comes where it falls through to, or where its call comes back
 * to: a jump less, which is also one less in the history that the host predicts by.
 */
#include "jit/region.h"

/* Where control goes on behind the unit's code, -1: nowhere of the region. */
static int falls_to(struct rx_jit_work *w, const struct rx_jit_unit *u)
{
	const struct rx_jit_unit *last = rx_jit_last(w, u);

	switch (u->ending) {
	case JIT_END_NEXT:
	case JIT_END_BRANCH:
		return rx_jit_to(w, last, 0);
	case JIT_END_JUMP:
		return last->back >= 0 ? rx_jit_entered_for(w, last->back)
				       : rx_jit_to(w, last, 1);
	case JIT_END_INDIRECT:
		return rx_jit_entered_for(w, last->back);
	default:
		return -1;
	}
}

void rx_jit_lay_out(struct rx_jit_work *w)
{
	uint64_t placed = 0;
	unsigned n = 0;

	_Static_assert(RX_JIT_UNITS <= 64, "sets of units are masks");
	/* traces are what is hot */
	for (unsigned k = 0; k < w->n; k++) {
		int at = (int)(k < w->n - w->nblocks ? w->nblocks + k : k - (w->n - w->nblocks));

		while (at >= 0 && !(placed >> at & 1)) {
			placed |= UINT64_C(1) << at;
			if (w->unit[at].cut)
				w->order[n++] = (uint8_t)at;
			at = w->unit[at].cut ? falls_to(w, &w->unit[at]) : -1;
		}
	}
	w->norder = n;
}
