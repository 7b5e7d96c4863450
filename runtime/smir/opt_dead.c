/* opt_dead.c - what nobody sees. SPDX-License-Identifier: MIT
 *
 * A pure operation or a get without uses goes; so does a put of state that is
 * put again before anything may look at it: a get sees what it reads, an operation
 * that may fault, leave, call or end the block sees the whole state. A raise on a condition that
 * is known not to hold goes, too.
 */
#include <string.h>

#include "base/compiler.h"
#include "smir/opt.h"

#define SLOTS 64

/* Puts behind an operation, since something looked. */
struct later {
	struct {
		uint64_t offset;
		uint8_t type;
	} at[SLOTS];
	unsigned n;
	uint64_t words;		/* that they are in, at most */
};

RX_INLINE void count_uses(struct rx_smir_opt *o, const struct rx_smir_fn *f,
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
static void seen(const struct rx_smir_op *get, struct later *later)
{
	const uint64_t end = get->imm + (rx_smir_bits[get->type] + 7u) / 8;

	if (!(later->words & rx_smir_opt_words(get->imm, get->type)))
		return;
	for (unsigned k = 0; k < later->n;) {
		const unsigned bytes = (rx_smir_bits[later->at[k].type] + 7u) / 8;

		if (later->at[k].offset < end && get->imm < later->at[k].offset + bytes)
			later->at[k] = later->at[--later->n];
		else
			k++;
	}
}

static bool put(const struct rx_smir_op *op, struct later *later)
{
	const uint64_t words = rx_smir_opt_words(op->imm, op->type);

	for (unsigned k = 0; later->words & words && k < later->n; k++)
		if (later->at[k].offset == op->imm && later->at[k].type == op->type)
			return true;
	if (later->n < SLOTS) {
		later->at[later->n].offset = op->imm;
		later->at[later->n++].type = op->type;
		later->words |= words;
	}
	return false;
}

static void forget(struct later *later)
{
	later->n = 0;
	later->words = 0;
}

/* Is the put overwritten before it is seen? */
static bool overwritten(const struct rx_smir_opt *o, const struct rx_smir_op *op,
			unsigned effect, struct later *later)
{
	switch (effect) {
	case RX_SE_PURE:
	case RX_SE_FP:
		return false;
	case RX_SE_INSN:
		if (o->polls)
			forget(later);
		return false;
	case RX_SE_GET:
		if (op->code != RX_S_GET)
			break;
		seen(op, later);
		return false;
	case RX_SE_PUT:
		if (op->code != RX_S_PUT)
			break;
		return put(op, later);
	default:
		break;
	}
	forget(later);
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
	struct later later;

	forget(&later);
	for (uint32_t k = b->nops; k-- > 0;) {
		struct rx_smir_op *op = &f->ops.at[b->first + k];
		const unsigned effect = o->sure && o->sure[b->first + k] ? RX_SE_PURE :
					rx_smir_ops[op->code].effect;
		const bool unused = op->code == RX_S_RAISEIF ? never(o, f, op->arg[0]) :
				    op->result && !o->uses[op->result] &&
				    (effect == RX_SE_PURE || effect == RX_SE_GET);

		if (unused || overwritten(o, op, effect, &later)) {
			count_uses(o, f, op, UINT32_MAX);	/* less one */
			op->code = RX_SMIR_NOPS;
		}
	}
}

/* What is left moves to the front. */
static void close_gaps(struct rx_smir_fn *f)
{
	uint32_t to = 0;

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
}

/* The same where there is one block: values get the numbers from 1 on, in order. */
static void number(struct rx_smir_opt *o, struct rx_smir_fn *f)
{
	uint8_t *const type = o->need;
	uint32_t to = 0;
	rx_sv n = 1;

	for (uint32_t k = 0; k < f->ops.n; k++) {
		struct rx_smir_op op = f->ops.at[k];

		if (op.code == RX_SMIR_NOPS)
			continue;
		for (unsigned a = 0; a < rx_smir_ops[op.code].nargs; a++)
			op.arg[a] = o->to[op.arg[a]];
		if (op.result) {
			type[n] = f->values.at[op.result];
			o->to[op.result] = n;
			op.result = n++;
		}
		f->ops.at[to++] = op;
	}
	memcpy(f->values.at + 1, type + 1, n - 1);
	f->values.n = n;
	f->ops.n = f->blocks.at[f->order.at[0]].nops = to;
}

static void drop(struct rx_smir_opt *o, struct rx_smir_fn *f)
{
	memset(o->uses, 0, f->values.n * sizeof(*o->uses));
	for (uint32_t k = 0; k < f->ops.n; k++) {
		count_uses(o, f, &f->ops.at[k], 1);
		if (f->ops.at[k].result)
			o->def[f->ops.at[k].result] = k;
	}
	/* uses stand behind definitions, but for loops, whose values then stay */
	for (uint32_t n = f->order.n; n-- > 0;)
		mark(o, f, &f->blocks.at[f->order.at[n]]);
}

void rx_smir_pass_dead_puts(struct rx_smir_opt *o, struct rx_smir_fn *f)
{
	drop(o, f);
	close_gaps(f);
}

void rx_smir_pass_dead(struct rx_smir_opt *o, struct rx_smir_fn *f)
{
	drop(o, f);
	if (f->order.n == 1)
		number(o, f);
	else
		close_gaps(f);
}
