/* build.c - making SMIR functions. SPDX-License-Identifier: MIT */
#include "smir/build.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#define OP_ROW(code, name_, result_, a, b, c, d, imm_, imm_at_, nblocks_, \
	       effect_, types_) \
	[code] = { \
		.name = (name_), .result = (result_), .arg = { a, b, c, d }, \
		.nargs = ((a) != RX_VOID) + ((b) != RX_VOID) + \
			 ((c) != RX_VOID) + ((d) != RX_VOID), \
		.imm = (imm_), .imm_at = (imm_at_), .nblocks = (nblocks_), \
		.effect = (effect_), .types = (types_), \
	},
const struct rx_smir_info rx_smir_ops[RX_SMIR_NOPS] = { RX_SMIR_OPS(OP_ROW) };

#define TYPE_NAME(type, name, bits) [type] = (name),
const char *const rx_smir_type_names[RX_SMIR_NTYPES] = {
	[RX_VOID] = "void", RX_SMIR_TYPES(TYPE_NAME)
};

#define TYPE_BITS(type, name, bits) [type] = (bits),
const uint16_t rx_smir_bits[RX_SMIR_NTYPES] = { RX_SMIR_TYPES(TYPE_BITS) };

const char *const rx_smir_rmw_names[RX_SMIR_NRMW] = {
	[RX_RMW_SWAP] = "swap", [RX_RMW_ADD] = "add", [RX_RMW_AND] = "and",
	[RX_RMW_OR] = "or", [RX_RMW_XOR] = "xor", [RX_RMW_MIN] = "min",
	[RX_RMW_MAX] = "max", [RX_RMW_MINU] = "minu", [RX_RMW_MAXU] = "maxu",
};

bool rx_smir_kind_takes(unsigned kind, unsigned own, unsigned type)
{
#define SET_MASK(kind_, mask) [(kind_) - RX_SK_T] = (mask),
	static const uint16_t sets[RX_SK_END - RX_SK_T] = {
		RX_SMIR_SETS(SET_MASK)
	};

	if (kind < RX_SMIR_NTYPES)
		return kind == type;
	switch (kind) {
	case RX_SK_T:
		return type == own;
	case RX_SK_N:
		return type != RX_VOID && type < RX_V64 &&
		       rx_smir_bits[type] < rx_smir_bits[own];
	case RX_SK_W:
		return type < RX_V64 && rx_smir_bits[type] > rx_smir_bits[own];
	default:
		return sets[kind - RX_SK_T] >> type & 1;
	}
}

void rx_smir_fail(struct rx_smir_fn *f, const char *error)
{
	if (!f->error)
		f->error = error;
	f->open = false;
}

/* Room for count more elements behind the n there are. */
static bool grow(struct rx_smir_fn *f, void *array, uint32_t n, uint32_t *room,
		 uint32_t count, size_t size, uint32_t limit)
{
	uint32_t want = *room ? *room : 64;
	void *at;

	if (f->error)
		return false;
	if (count > limit || n > limit - count) {
		rx_smir_fail(f, "the function is too large");
		return false;
	}
	if (n + count <= *room)
		return true;
	while (want < n + count)
		want *= 2;
	memcpy(&at, array, sizeof(at));	/* a pointer to some object type */
	at = realloc(at, want * size);
	if (!at) {
		rx_smir_fail(f, "no memory for the function");
		return false;
	}
	memcpy(array, &at, sizeof(at));
	*room = want;
	return true;
}

/* Reserves count elements; false: f->error. */
#define ROOM(a, count, limit) \
	((!f->error && (uint64_t)(a).n + (count) <= (a).room && \
	  (uint64_t)(a).n + (count) <= (limit)) || \
	 grow(f, &(a).at, (a).n, &(a).room, (count), sizeof(*(a).at), (limit)))

bool rx_smir_reserve(struct rx_smir_fn *f, uint32_t ops, uint32_t values, uint32_t insns)
{
	return ROOM(f->ops, ops, RX_LIMIT_SMIR_OPS) &&
	       ROOM(f->values, values, RX_LIMIT_SMIR_VALUES) &&
	       ROOM(f->insns, insns, RX_LIMIT_SMIR_INSNS);
}

RX_INLINE rx_sv new_value(struct rx_smir_fn *f, unsigned type)
{
	if (!ROOM(f->values, 1, RX_LIMIT_SMIR_VALUES))
		return 0;
	f->values.at[f->values.n] = (uint8_t)type;
	return f->values.n++;
}

void rx_smir_init(struct rx_smir_fn *f, const struct rx_isa *isa)
{
	memset(f, 0, sizeof(*f));
	rx_smir_reset(f, isa);
}

void rx_smir_reset(struct rx_smir_fn *f, const struct rx_isa *isa)
{
	f->isa = isa;
	f->error = NULL;
	f->ops.n = f->values.n = f->blocks.n = f->order.n = f->edges.n = 0;
	f->extra.n = f->insns.n = f->tables.n = f->pool.n = 0;
	f->group = NULL;
	f->open = false;
	(void)new_value(f, RX_VOID);
	rx_smir_begin(f, rx_smir_block(f, 0, NULL, NULL));
}

void rx_smir_fini(struct rx_smir_fn *f)
{
	free(f->ops.at);
	free(f->values.at);
	free(f->blocks.at);
	free(f->order.at);
	free(f->edges.at);
	free(f->extra.at);
	free(f->insns.at);
	free(f->tables.at);
	free(f->pool.at);
	memset(f, 0, sizeof(*f));
}

static struct rx_smir_op *append(struct rx_smir_fn *f, enum rx_smir_code code,
				 enum rx_smir_type type)
{
	struct rx_smir_op *op;

	if (f->error)
		return NULL;
	if (!f->open) {
		rx_smir_fail(f, "an operation behind the end of its block");
		return NULL;
	}
	if (!ROOM(f->ops, 1, RX_LIMIT_SMIR_OPS))
		return NULL;
	op = &f->ops.at[f->ops.n++];
	*op = (struct rx_smir_op){ .code = (uint8_t)code, .type = (uint8_t)type };
	f->blocks.at[f->block].nops++;
	if (rx_smir_ops[code].effect == RX_SE_END)
		f->open = false;
	return op;
}

rx_sv rx_smir_op(struct rx_smir_fn *f, enum rx_smir_code code,
		 enum rx_smir_type type, rx_sv a, rx_sv b, rx_sv c, rx_sv d,
		 uint64_t imm)
{
	const struct rx_smir_info *info = &rx_smir_ops[code];
	struct rx_smir_op *op = append(f, code, type);
	rx_sv result = 0;

	if (!op)
		return 0;
	op->arg[0] = a;
	op->arg[1] = b;
	op->arg[2] = c;
	op->arg[3] = d;
	op->imm = imm;
	if (info->result != RX_VOID)
		result = new_value(f, rx_smir_result_type(info, type));
	op->result = result;
	return result;
}

rx_sv rx_smir_const(struct rx_smir_fn *f, enum rx_smir_type type, uint64_t imm)
{
	return rx_smir_op(f, RX_S_CONST, type, 0, 0, 0, 0,
			  imm & rx_smir_mask(type));
}

void rx_smir_insn(struct rx_smir_fn *f, const struct rx_insn *i)
{
	struct rx_insn *to;

	if (!ROOM(f->insns, 1, RX_LIMIT_SMIR_INSNS))
		return;
	to = &f->insns.at[f->insns.n];
	*to = *i;
	to->handler = NULL;
	(void)rx_smir_op(f, RX_S_INSN, RX_VOID, 0, 0, 0, 0, f->insns.n++);
}

void rx_smir_finish(struct rx_smir_fn *f, uint64_t next)
{
	if (f->open)
		rx_smir_exit(f, rx_smir_const(f, RX_I64, next));
}

struct rx_smir_mark rx_smir_mark(const struct rx_smir_fn *f)
{
	return (struct rx_smir_mark){ f->ops.n, f->values.n, f->insns.n, f->edges.n, f->extra.n,
				      f->tables.n, f->pool.n, f->blocks.n, f->order.n, f->block,
				      f->blocks.at ? f->blocks.at[f->block].nops : 0 };
}

void rx_smir_rewind(struct rx_smir_fn *f, const struct rx_smir_mark *m)
{
	f->error = NULL;
	f->ops.n = m->ops;
	f->values.n = m->values;
	f->insns.n = m->insns;
	f->edges.n = m->edges;
	f->extra.n = m->extra;
	f->tables.n = m->tables;
	f->pool.n = m->pool;
	f->blocks.n = m->blocks;
	f->order.n = m->order;
	f->block = m->block;
	f->blocks.at[f->block].nops = m->nops;
	f->open = true;
}

void rx_smir_lift_call(struct rx_smir_fn *f, const struct rx_insn *i)
{
	(void)i;
	(void)rx_smir_op0(f, RX_S_CALL, RX_VOID);
}

uint32_t rx_smir_add_table(struct rx_smir_fn *f, enum rx_smir_type type,
			   const uint64_t *values, unsigned n)
{
	struct rx_smir_table *t;

	for (uint32_t k = 0; !f->error && k < f->tables.n; k++) {
		t = &f->tables.at[k];
		if (t->type == type && t->count == n &&
		    (!n || !memcmp(f->pool.at + t->first, values,
				   n * sizeof(*values))))
			return k;
	}
	if (!ROOM(f->pool, n, RX_LIMIT_SMIR_POOL) ||
	    !ROOM(f->tables, 1, RX_LIMIT_SMIR_POOL))
		return 0;
	t = &f->tables.at[f->tables.n];
	t->type = (uint8_t)type;
	t->first = f->pool.n;
	t->count = n;
	for (unsigned k = 0; k < n; k++)
		f->pool.at[f->pool.n++] = values[k] & rx_smir_mask(type);
	return f->tables.n++;
}

rx_sv rx_smir_lookup(struct rx_smir_fn *f, enum rx_smir_type type, rx_sv index,
		     const uint64_t *values, unsigned n)
{
	return rx_smir_op(f, RX_S_LOOKUP, type, index, 0, 0, 0,
			  rx_smir_add_table(f, type, values, n));
}

/* What the immediate is in another function. */
static uint64_t same_imm(struct rx_smir_fn *f, const struct rx_smir_fn *from,
			 const struct rx_smir_op *op)
{
	const struct rx_smir_table *t;

	if (rx_smir_ops[op->code].imm != RX_SMIR_TABLE)
		return op->imm;
	t = &from->tables.at[op->imm];
	return rx_smir_add_table(f, t->type, from->pool.at + t->first, t->count);
}

#define CONSTANT (1u << 31)	/* as[]: the number of the operation that gives it */

void rx_smir_append(struct rx_smir_fn *f, const struct rx_smir_fn *from, rx_sv *as, bool all)
{
	const uint32_t n = from->ops.n - (all || !from->ops.n ? 0 : 1);

	as[0] = 0;
	for (uint32_t k = 0; k < n && !f->error; k++) {
		const struct rx_smir_op *op = &from->ops.at[k];
		rx_sv arg[4] = { 0 };

		if (op->code == RX_S_INSN) {
			rx_smir_insn(f, &from->insns.at[op->imm]);
			continue;
		}
		if (op->code == RX_S_CONST) {
			as[op->result] = k | CONSTANT;
			continue;
		}
		for (unsigned a = 0; a < rx_smir_ops[op->code].nargs; a++) {
			const rx_sv v = as[op->arg[a]];
			const struct rx_smir_op *c = &from->ops.at[v & ~CONSTANT];

			arg[a] = v & CONSTANT ? rx_smir_const(f, c->type, c->imm) : v;
		}
		as[op->result] = rx_smir_op(f, op->code, op->type, arg[0], arg[1], arg[2], arg[3],
					    same_imm(f, from, op));
	}
}

uint32_t rx_smir_block(struct rx_smir_fn *f, unsigned nparams,
		       const uint8_t *types, rx_sv *params)
{
	struct rx_smir_block *b;

	if (params)
		*params = 0;
	if (!ROOM(f->blocks, 1, RX_LIMIT_SMIR_BLOCKS) ||
	    !ROOM(f->values, nparams, RX_LIMIT_SMIR_VALUES))
		return 0;
	b = &f->blocks.at[f->blocks.n];
	memset(b, 0, sizeof(*b));
	b->param = f->values.n;
	b->nparams = nparams;
	for (unsigned k = 0; k < nparams; k++)
		(void)new_value(f, types[k]);
	if (params)
		*params = b->param;
	return f->blocks.n++;
}

void rx_smir_begin(struct rx_smir_fn *f, uint32_t block)
{
	struct rx_smir_block *b;

	if (!ROOM(f->order, 1, RX_LIMIT_SMIR_BLOCKS))
		return;
	b = &f->blocks.at[block];
	if (f->open || b->begun) {
		rx_smir_fail(f, f->open ? "a block without an end"
					: "a block begins twice");
		return;
	}
	b->begun = true;
	b->first = f->ops.n;
	f->order.at[f->order.n++] = block;
	f->block = block;
	f->open = true;
}

static bool add_edge(struct rx_smir_fn *f, uint32_t to, unsigned nargs,
		     const rx_sv *args)
{
	struct rx_smir_edge *e;

	if (!ROOM(f->edges, 1, RX_LIMIT_SMIR_OPS) ||
	    !ROOM(f->extra, nargs, RX_LIMIT_SMIR_VALUES))
		return false;
	e = &f->edges.at[f->edges.n++];
	e->block = to;
	e->nargs = nargs;
	e->args = f->extra.n;
	for (unsigned k = 0; k < nargs; k++)
		f->extra.at[f->extra.n++] = args[k];
	return true;
}

void rx_smir_br(struct rx_smir_fn *f, uint32_t to, unsigned nargs,
		const rx_sv *args)
{
	const uint32_t edge = f->edges.n;

	if (add_edge(f, to, nargs, args))
		(void)rx_smir_op(f, RX_S_BR, RX_VOID, 0, 0, 0, 0, edge);
}

void rx_smir_brcond(struct rx_smir_fn *f, rx_sv cond,
		    uint32_t yes, unsigned nyes, const rx_sv *yes_args,
		    uint32_t no, unsigned nno, const rx_sv *no_args)
{
	const uint32_t edge = f->edges.n;

	if (add_edge(f, yes, nyes, yes_args) && add_edge(f, no, nno, no_args))
		(void)rx_smir_op(f, RX_S_BRCOND, RX_VOID, cond, 0, 0, 0, edge);
}
