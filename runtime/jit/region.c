/* region.c - which blocks are compiled together. SPDX-License-Identifier: MIT
 *
 * A region stays on one page: links inside a page hold as long as its blocks
 * live (core/blocks.h), so nothing has to be checked on the way.
 */
#include "jit/jit.h"

static struct rx_block *target(const struct rx_link *link)
{
	if (link->handler != rx_thr_near)
		return NULL;	/* not met yet, or on another page */
	return (struct rx_block *)((uintptr_t)link->first - offsetof(struct rx_block, insn));
}

static bool has(struct rx_block *const *block, unsigned n, const struct rx_block *b)
{
	for (unsigned k = 0; k < n; k++)
		if (block[k] == b)
			return true;
	return false;
}

unsigned rx_jit_form(struct rx_block *start, struct rx_block **block, unsigned *insns)
{
	unsigned n = 1;

	block[0] = start;
	*insns = start->n;
	for (unsigned k = 0; k < n; k++) {
		const struct rx_link *links = (struct rx_link *)(block[k]->insn + block[k]->n);

		for (unsigned j = block[k]->nlinks; j-- > 0;) {
			struct rx_block *to = target(&links[j]);

			if (!to || n == RX_JIT_BLOCKS || *insns + to->n > RX_JIT_INSNS ||
			    has(block, n, to))
				continue;
			block[n++] = to;
			*insns += to->n;
		}
	}
	return n;
}
