/* print.c - a SMIR function's text. SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/isa.h"
#include "smir/text.h"

struct printer {
	const struct rx_smir_fn *f;
	char *text;
	size_t size, len;
	uint32_t *value, *block;	/* numbers in the text */
};

static void put(struct printer *p, const char *fmt, ...) RAX_PRINTF(2, 3);

static void put(struct printer *p, const char *fmt, ...)
{
	const size_t left = p->len < p->size ? p->size - p->len : 0;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(left ? p->text + p->len : NULL, left, fmt, ap);
	va_end(ap);
	if (n > 0)
		p->len += (size_t)n;
}

static void number(struct printer *p)
{
	const struct rx_smir_fn *f = p->f;
	uint32_t next = 1;

	for (uint32_t k = 0; k < f->order.n; k++) {
		const struct rx_smir_block *b = &f->blocks.at[f->order.at[k]];

		p->block[f->order.at[k]] = k;
		for (uint32_t j = 0; j < b->nparams; j++)
			p->value[b->param + j] = next++;
		for (uint32_t j = 0; j < b->nops; j++) {
			const rx_sv v = f->ops.at[b->first + j].result;

			if (v)
				p->value[v] = next++;
		}
	}
}

static void put_state(struct printer *p, uint64_t offset, unsigned type)
{
	const struct rx_isa *isa = p->f->isa;
	const unsigned bytes = (rx_smir_bits[type] + 7) / 8;

	for (unsigned k = 0; isa && k < isa->nregs; k++) {
		if (isa->regs[k].offset == offset &&
		    isa->regs[k].bytes == bytes) {
			put(p, "%s", isa->regs[k].name);
			return;
		}
	}
	put(p, "#%" PRIu64, offset);
}

static void put_insn(struct printer *p, const struct rx_insn *i)
{
	const struct rx_isa *isa = p->f->isa;
	char text[128];

	if (isa && i->id < isa->ninsns)
		put(p, " %s", isa->info[i->id].name);
	else
		put(p, " #%u", i->id);
	put(p, " pc=%#" PRIx64 " len=%u r=%u,%u,%u,%u imm=%#" PRIx64, i->pc,
	    i->len, i->r[0], i->r[1], i->r[2], i->r[3], i->imm);
	if (isa && isa->disasm && i->id < isa->ninsns) {
		isa->disasm(i, text, sizeof(text));
		put(p, "\t; %s", text);
	}
}

static void put_imm(struct printer *p, const struct rx_smir_op *op, unsigned kind)
{
	switch (kind) {
	case RX_SMIR_STATE:
		put_state(p, op->imm, op->type);
		break;
	case RX_SMIR_RMW:
		put(p, "%s", rx_smir_rmw_names[(op->imm & 0xff) % RX_SMIR_NRMW]);
		if (op->imm >> 8)
			put(p, "+%" PRIu64, op->imm >> 8);
		break;
	case RX_SMIR_LANE:
		put(p, "i%" PRIu64, op->imm);
		break;
	case RX_SMIR_PART:
		put(p, "i%" PRIu64, op->imm & 255);
		if (op->imm >> 8)
			put(p, "+%" PRIu64, op->imm >> 8);
		break;
	case RX_SMIR_TABLE:
		put(p, "%" PRIu64, op->imm);
		break;
	default:
		put(p, "%#" PRIx64, op->imm);
	}
}

static void put_edge(struct printer *p, const struct rx_smir_edge *e)
{
	put(p, "@%u", p->block[e->block]);
	for (uint32_t k = 0; k < e->nargs; k++)
		put(p, "%s%%%u", k ? ", " : "(",
		    p->value[p->f->extra.at[e->args + k]]);
	if (e->nargs)
		put(p, ")");
}

static void put_op(struct printer *p, const struct rx_smir_op *op)
{
	const struct rx_smir_info *info = &rx_smir_ops[op->code];
	const bool imm = info->imm != RX_SMIR_NONE;
	const unsigned n = info->nargs + imm + info->nblocks;
	unsigned values = 0, edges = 0;

	put(p, "\t");
	if (op->result)
		put(p, "%%%u = ", p->value[op->result]);
	put(p, "%s", info->name);
	if (op->type)
		put(p, ".%s", rx_smir_type_names[op->type]);
	if (info->imm == RX_SMIR_INSN) {
		put_insn(p, &p->f->insns.at[op->imm]);
		put(p, "\n");
		return;
	}
	for (unsigned k = 0; k < n; k++) {
		put(p, "%s", k ? ", " : " ");
		if (imm && k == info->imm_at)
			put_imm(p, op, info->imm);
		else if (values < info->nargs)
			put(p, "%%%u", p->value[op->arg[values++]]);
		else
			put_edge(p, &p->f->edges.at[op->imm + edges++]);
	}
	put(p, "\n");
}

static void put_block(struct printer *p, uint32_t position)
{
	const struct rx_smir_fn *f = p->f;
	const struct rx_smir_block *b = &f->blocks.at[f->order.at[position]];

	put(p, "@%u", position);
	for (uint32_t k = 0; k < b->nparams; k++)
		put(p, "%s%%%u: %s", k ? ", " : "(", p->value[b->param + k],
		    rx_smir_type_names[f->values.at[b->param + k]]);
	put(p, b->nparams ? "):\n" : ":\n");
	for (uint32_t k = 0; k < b->nops; k++)
		put_op(p, &f->ops.at[b->first + k]);
}

static void put_tables(struct printer *p)
{
	const struct rx_smir_fn *f = p->f;

	for (uint32_t k = 0; k < f->tables.n; k++) {
		const struct rx_smir_table *t = &f->tables.at[k];

		put(p, "table %u %s:", k, rx_smir_type_names[t->type]);
		for (uint32_t j = 0; j < t->count; j++)
			put(p, " %#" PRIx64, f->pool.at[t->first + j]);
		put(p, "\n");
	}
}

size_t rx_smir_print(const struct rx_smir_fn *f, char *text, size_t size)
{
	struct printer p = { .f = f, .text = text, .size = size };

	if (size)
		text[0] = '\0';
	p.value = calloc(f->values.n, sizeof(*p.value));
	p.block = calloc(f->blocks.n, sizeof(*p.block));
	if (p.value && p.block) {
		number(&p);
		put_tables(&p);
		for (uint32_t k = 0; k < f->order.n; k++)
			put_block(&p, k);
	} else {
		put(&p, "; no memory to print\n");
	}
	free(p.value);
	free(p.block);
	return p.len;
}
