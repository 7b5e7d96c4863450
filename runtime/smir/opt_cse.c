/* opt_cse.c - what was computed before in the block. SPDX-License-Identifier: MIT
 *
 * Not over a call: it keeps no registers, so to compute a thing again is cheaper.
 */
#include <string.h>

#include "base/limits.h"
#include "smir/opt.h"

#define SLOTS 256	/* of the table; a collision forgets the older one */

_Static_assert((RX_SMIR_MORE + 1) * RX_LIMIT_SMIR_OPS < UINT16_MAX + 2, "numbers fit");

static unsigned hash(const struct rx_smir_op *op)
{
	uint64_t h = op->code | (uint64_t)op->type << 8 | op->imm << 16;

	for (unsigned k = 0; k < 4; k++)
		h = (h ^ op->arg[k]) * UINT64_C(0x9e3779b97f4a7c15);
	return (unsigned)(h >> 56);
}

static bool same(const struct rx_smir_op *a, const struct rx_smir_op *b)
{
	return a->code == b->code && a->type == b->type && a->imm == b->imm &&
	       memcmp(a->arg, b->arg, sizeof(a->arg)) == 0;
}

void rx_smir_pass_cse(struct rx_smir_opt *o, struct rx_smir_fn *f)
{
	for (uint32_t n = 0; n < f->order.n; n++) {
		const struct rx_smir_block *b = &f->blocks.at[f->order.at[n]];
		uint16_t seen[SLOTS] = { 0 };	/* numbers in the block, plus 1 */

		for (uint32_t k = 0; k < b->nops; k++) {
			struct rx_smir_op *op = &f->ops.at[b->first + k];
			const struct rx_smir_op *old;
			uint16_t *slot;

			rx_smir_opt_rename(o, f, op);
			if (rx_smir_ops[op->code].effect == RX_SE_CALL)
				memset(seen, 0, sizeof(seen));
			if (rx_smir_ops[op->code].effect != RX_SE_PURE || !op->result)
				continue;
			slot = &seen[hash(op)];
			old = *slot ? &f->ops.at[b->first + *slot - 1] : NULL;
			if (old && same(old, op) &&
			    f->values.at[old->result] == f->values.at[op->result])
				o->to[op->result] = old->result;
			else
				*slot = (uint16_t)(k + 1);
		}
	}
}
