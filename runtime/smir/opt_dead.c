/* opt_dead.c - what nobody sees. SPDX-License-Identifier: MIT
 *
 * A pure operation or a get without uses goes; so does a put of state that is
 * put again before anything may look at it: a get sees what it reads, an operation
 * that may fault, leave, call or end the block sees the whole state. A raise on a condition that
 * is known not to hold goes, too.
 */
#include <string.h>

#include "smir/opt.h"

#define SLOTS 64

struct later {
	uint64_t offset;
	uint8_t type;
};

static void count_uses(struct rx_smir_opt *o, const struct rx_smir_fn *f,
		       const struct rx_smir_op *op, uint32_t by)
{
	const struct rx_smir_info *info = &rx_smir_ops[op->code];

	for (unsigned k = 0; k < info->nargs; k++)
		o->uses[op->arg[k]] += by;
	for (unsigned k = 0; k < info->nblocks; k++) {
		const struct rx_smir_edge *e = &f->edges.at[op->imm + k];

		for (uint32_t j = 0; j < e->nargs; j++)
			o->uses[f->extra.at[e->args + j]] += by;
	}
}

/* A get: what is put behind it does not make up for what was put in front. */
static void seen(const struct rx_smir_op *get, struct later *later, unsigned *n)
{
	const uint64_t end = get->imm + (rx_smir_bits[get->type] + 7u) / 8;

	for (unsigned k = 0; k < *n;) {
		const unsigned bytes = (rx_smir_bits[later[k].type] + 7u) / 8;

		if (later[k].offset < end && get->imm < later[k].offset + bytes)
			later[k] = later[--*n];
		else
			k++;
	}
}

/* Is the put overwritten before it is seen? later: the puts behind it, since something looked. */
static bool overwritten(const struct rx_smir_opt *o, const struct rx_smir_op *op,
			struct later *later, unsigned *n)
{
	const struct rx_smir_info *info = &rx_smir_ops[op->code];
	unsigned k;

	switch (info->effect) {
	case RX_SE_PURE:
	case RX_SE_FP:
		return false;
	case RX_SE_INSN:
		if (o->polls)
			*n = 0;
		return false;
	case RX_SE_GET:
		if (op->code != RX_S_GET)
			break;
		seen(op, later, n);
		return false;
	case RX_SE_PUT:
		if (op->code != RX_S_PUT)
			break;
		for (k = 0; k < *n; k++)
			if (later[k].offset == op->imm && later[k].type == op->type)
				return true;
		if (*n < SLOTS)
			later[(*n)++] = (struct later){ op->imm, op->type };
		return false;
	default:
		break;
	}
	*n = 0;
	return false;
}

/* Is it the constant 0? */
static bool never(const struct rx_smir_opt *o, const struct rx_smir_fn *f, rx_sv v)
{
	return o->def[v] != RX_SMIR_NO_DEF && f->ops.at[o->def[v]].code == RX_S_CONST &&
	       !f->ops.at[o->def[v]].imm;
}

/* From the end to the start; what goes gets code RX_SMIR_NOPS. */
static void mark(struct rx_smir_opt *o, struct rx_smir_fn *f,
		 const struct rx_smir_block *b)
{
	struct later later[SLOTS];
	unsigned n = 0;

	for (uint32_t k = b->nops; k-- > 0;) {
		struct rx_smir_op *op = &f->ops.at[b->first + k];
		const unsigned effect = rx_smir_ops[op->code].effect;
		const bool unused = op->code == RX_S_RAISEIF ? never(o, f, op->arg[0]) :
				    op->result && !o->uses[op->result] &&
				    (effect == RX_SE_PURE || effect == RX_SE_GET);

		if (unused || overwritten(o, op, later, &n)) {
			count_uses(o, f, op, UINT32_MAX);	/* less one */
			op->code = RX_SMIR_NOPS;
		}
	}
}

/* Values of one block get the numbers from 1 on, in order: tables of them stay small. */
static void renumber(struct rx_smir_opt *o, struct rx_smir_fn *f)
{
	uint8_t *const type = o->need;
	rx_sv n = 1;

	for (uint32_t k = 0; k < f->ops.n; k++) {
		struct rx_smir_op *op = &f->ops.at[k];

		for (unsigned a = 0; a < rx_smir_ops[op->code].nargs; a++)
			op->arg[a] = o->to[op->arg[a]];
		if (!op->result)
			continue;
		type[n] = f->values.at[op->result];
		o->to[op->result] = n;
		op->result = n++;
	}
	memcpy(f->values.at + 1, type + 1, n - 1);
	f->values.n = n;
}

void rx_smir_pass_dead(struct rx_smir_opt *o, struct rx_smir_fn *f)
{
	uint32_t to = 0;

	memset(o->uses, 0, f->values.n * sizeof(*o->uses));
	for (uint32_t k = 0; k < f->ops.n; k++) {
		count_uses(o, f, &f->ops.at[k], 1);
		if (f->ops.at[k].result)
			o->def[f->ops.at[k].result] = k;
	}
	/* uses stand behind definitions, but for loops, whose values then stay */
	for (uint32_t n = f->order.n; n-- > 0;)
		mark(o, f, &f->blocks.at[f->order.at[n]]);
	for (uint32_t n = 0; n < f->order.n; n++) {
		struct rx_smir_block *b = &f->blocks.at[f->order.at[n]];
		const uint32_t first = to;

		for (uint32_t k = 0; k < b->nops; k++)
			if (f->ops.at[b->first + k].code != RX_SMIR_NOPS)
				f->ops.at[to++] = f->ops.at[b->first + k];
		b->nops = to - first;
		b->first = first;
	}
	f->ops.n = to;
	if (f->order.n == 1)
		renumber(o, f);
}
