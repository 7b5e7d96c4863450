/* opt_forward.c - guest state that is known. SPDX-License-Identifier: MIT
 *
 * Inside a block a get gives what the last put of the same state wrote, or
 * what the get before it gave, unless something between may have written
 * state: a call, or a commit. Memory accesses do not: a store that changes
 * state ends the run of the block behind its instruction.
 */
#include "smir/opt.h"

#define SLOTS 64	/* places in the state that are remembered */

struct known {
	uint64_t offset;
	rx_sv value;
	uint8_t type;
};

struct window {
	struct known at[SLOTS];
	unsigned n, oldest;
	uint64_t words;		/* that they are in, at most */
};

static bool overlaps(const struct known *k, uint64_t offset, unsigned type)
{
	const unsigned mine = (rx_smir_bits[k->type] + 7u) / 8;
	const unsigned its = (rx_smir_bits[type] + 7u) / 8;

	return k->offset < offset + its && offset < k->offset + mine;
}

static void forget(struct window *w, uint64_t offset, unsigned type)
{
	if (!(w->words & rx_smir_opt_words(offset, type)))
		return;
	for (unsigned k = 0; k < w->n;) {
		if (overlaps(&w->at[k], offset, type))
			w->at[k] = w->at[--w->n];
		else
			k++;
	}
}

static void remember(struct window *w, uint64_t offset, unsigned type, rx_sv value)
{
	unsigned k = w->n;

	if (w->n < SLOTS)
		w->n++;
	else
		k = w->oldest++ % SLOTS;
	w->at[k] = (struct known){ offset, value, (uint8_t)type };
	w->words |= rx_smir_opt_words(offset, type);
}

static rx_sv find(const struct window *w, uint64_t offset, unsigned type)
{
	if (!(w->words & rx_smir_opt_words(offset, type)))
		return 0;
	for (unsigned k = 0; k < w->n; k++)
		if (w->at[k].offset == offset && w->at[k].type == type)
			return w->at[k].value;
	return 0;
}

static void forget_all(struct window *w)
{
	w->n = w->oldest = 0;
	w->words = 0;
}

static void look_at(struct rx_smir_opt *o, struct window *w, struct rx_smir_op *op)
{
	rx_sv v;

	switch (rx_smir_ops[op->code].effect) {
	case RX_SE_GET:
		v = op->code == RX_S_GET ? find(w, op->imm, op->type) : 0;
		if (v)
			o->to[op->result] = v;
		else if (op->code == RX_S_GET)
			remember(w, op->imm, op->type, op->result);
		break;
	case RX_SE_PUT:
		if (op->code != RX_S_PUT) {
			forget_all(w);
			break;
		}
		forget(w, op->imm, op->type);
		remember(w, op->imm, op->type, op->arg[0]);
		break;
	case RX_SE_CALL:
	case RX_SE_COMMIT:
		forget_all(w);
		break;
	case RX_SE_FAULT:	/* these take flags and may have other reasons to write state */
		if (op->code == RX_S_FPTRAP || op->code == RX_S_CHECKIF)
			w->n = 0;
		break;
	default:
		break;
	}
}

void rx_smir_pass_forward(struct rx_smir_opt *o, struct rx_smir_fn *f)
{
	for (uint32_t n = 0; n < f->order.n; n++) {
		const struct rx_smir_block *b = &f->blocks.at[f->order.at[n]];
		struct window w;

		forget_all(&w);
		for (uint32_t k = 0; k < b->nops; k++) {
			struct rx_smir_op *op = &f->ops.at[b->first + k];

			rx_smir_opt_rename(o, f, op);
			look_at(o, &w, op);
		}
	}
}
