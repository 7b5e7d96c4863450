/* resolve.c - SMIR functions for the interpreter. SPDX-License-Identifier: MIT
 *
 * Slots: constants have theirs for good, and so do parameters and values that
 * are used in another block than their own; those of others are used again
 * after the last use. zext to at most 64 bits costs nothing: it is its
 * argument's slot.
 *
 * Fields of a resolved operation, besides d (result) and a, b, c, e (values
 * in order): get, put, fpround, fpenv, raiseif: x is the immediate; lookup: x first element,
 * c count; load, store, rmw: x flags, rmw: c operation; sext, trunc: c type of
 * the argument; ftosi, ftoui, sitof, uitof, fcvt, vzext, vsext, vtrunc, vperm: c
 * likewise; ftosfix and its kin: x likewise; operations with lanes: x their
 * width, loadif and storeif: and flags << 8. All that may fault or leave: e is
 * the number of the instruction.
 */
#include <stdlib.h>
#include <string.h>

#include "smir/interp.h"

#define NONE UINT32_MAX
#define MAX_SLOTS 65535
#define SIZES 4			/* of values: 1, 2, 4 and 8 slots */

struct value {
	rx_sv root;		/* whose slot it shares; itself */
	uint32_t home;		/* position of its block */
	uint32_t last;		/* operation that uses it last; 0: none */
	uint16_t slot;
	uint8_t slots;		/* 1, 2, 4 or 8 */
	bool fixed;
};

struct fixup {
	uint32_t op, block;
};

struct resolve {
	const struct rx_smir_fn *f;
	struct rx_smir_resolver *r;
	struct value *v;
	uint64_t *slot;		/* initial values */
	uint16_t *spare[SIZES];	/* free slots, pairs, fours and eights */
	uint32_t *start;	/* of each block, in resolved operations */
	uint32_t *insn_at;	/* current instruction where a block begins */
	struct fixup *fixup;
	bool *polls;		/* of an instruction: look at cpu->poll behind it */
	uint32_t nspare[SIZES];
	uint32_t nslots, nconsts, nfixups;
	uint32_t insn, at;
	bool failed;
	struct rx_smir_rop nowhere;	/* what is written after a failure */
};

/* ---- memory ------------------------------------------------------------- */

static void *carve(uint8_t **at, size_t count, size_t size)
{
	void *p = *at;

	*at += (count * size + 15) & ~(size_t)15;
	return p;
}

static void lay_out(struct resolve *s, uint8_t *at)
{
	const struct rx_smir_fn *f = s->f;

	s->v = carve(&at, f->values.n, sizeof(*s->v));
	s->slot = carve(&at, MAX_SLOTS + 1, sizeof(*s->slot));
	for (unsigned k = 0; k < SIZES; k++)
		s->spare[k] = carve(&at, f->values.n * 2 + 64, sizeof(*s->spare[k]));
	s->start = carve(&at, f->blocks.n, sizeof(*s->start));
	s->insn_at = carve(&at, f->blocks.n, sizeof(*s->insn_at));
	s->fixup = carve(&at, f->edges.n + 1, sizeof(*s->fixup));
	s->polls = carve(&at, f->insns.n + 1, sizeof(*s->polls));
}

static bool reserve(struct resolve *s)
{
	const struct rx_smir_fn *f = s->f;
	struct rx_smir_resolver *r = s->r;
	const size_t need = f->values.n * (sizeof(*s->v) + 4 * SIZES) +
			    (MAX_SLOTS + 1) * sizeof(*s->slot) +
			    f->blocks.n * 8 + f->edges.n * sizeof(*s->fixup) +
			    f->insns.n + 2048;

	if (r->scratch_size < need) {
		free(r->scratch);
		r->scratch_size = 0;
		r->scratch = malloc(need * 2);
		if (!r->scratch)
			return false;
		r->scratch_size = need * 2;
	}
	lay_out(s, r->scratch);
	return true;
}

static struct rx_smir_rop *emit(struct resolve *s, unsigned code)
{
	struct rx_smir_resolver *r = s->r;
	struct rx_smir_rop *o;

	if (r->nops == r->room) {
		const uint32_t room = r->room ? r->room * 2 : 256;
		struct rx_smir_rop *op = realloc(r->op, room * sizeof(*op));

		if (!op) {
			s->failed = true;
			return &s->nowhere;
		}
		r->op = op;
		r->room = room;
	}
	o = &r->op[r->nops++];
	memset(o, 0, sizeof(*o));
	o->code = (uint16_t)code;
	return o;
}

/* ---- slots -------------------------------------------------------------- */

static uint16_t new_slots(struct resolve *s, unsigned n)
{
	const uint32_t slot = s->nslots;

	if (slot + n > MAX_SLOTS) {
		s->failed = true;
		return 0;
	}
	memset(s->slot + slot, 0, n * sizeof(*s->slot));
	s->nslots += n;
	return (uint16_t)slot;
}

static unsigned slots_of(unsigned type)
{
	return (rx_smir_bits[type] + 63u) / 64;
}

/* Index of the list of free ones */
static unsigned size_of(unsigned slots)
{
	return (unsigned)__builtin_ctz(slots);
}

static uint16_t take_slot(struct resolve *s, unsigned slots)
{
	const unsigned n = size_of(slots);

	return s->nspare[n] ? s->spare[n][--s->nspare[n]] : new_slots(s, slots);
}

static void give_slot(struct resolve *s, unsigned slots, uint16_t slot)
{
	const unsigned n = size_of(slots);

	s->spare[n][s->nspare[n]++] = slot;
}

static uint16_t const_slot(struct resolve *s, uint64_t imm, bool wide)
{
	uint16_t slot;

	/* constants come first, so their slots are 0 to nconsts - 1 */
	for (uint32_t k = 0; !wide && k < s->nconsts; k++)
		if (s->slot[k] == imm)
			return (uint16_t)k;
	slot = new_slots(s, wide ? 2 : 1);
	s->slot[slot] = imm;
	s->nconsts = s->nslots;
	return slot;
}

static struct value *root(struct resolve *s, rx_sv v)
{
	return &s->v[s->v[v].root];
}

static uint16_t slot_of(struct resolve *s, rx_sv v)
{
	return root(s, v)->slot;
}

static void use(struct resolve *s, rx_sv v, uint32_t op)
{
	struct value *x = root(s, v);

	x->last = op;
	if (x->home != s->at)
		x->fixed = true;
}

/* ---- first pass: uses, constants, instructions -------------------------- */

static void look_at_value(struct resolve *s, const struct rx_smir_op *op)
{
	struct value *x = &s->v[op->result];

	x->root = op->result;
	x->home = s->at;
	x->last = 0;
	x->fixed = false;
	x->slots = (uint8_t)slots_of(s->f->values.at[op->result]);
	if (op->code == RX_S_CONST) {
		x->fixed = true;
		x->slot = const_slot(s, op->imm, x->slots == 2);
	} else if (op->code == RX_S_ZEXT && x->slots == 1) {
		x->root = s->v[op->arg[0]].root;
	}
}

static void look_at_edges(struct resolve *s, const struct rx_smir_op *op,
			  unsigned n, uint32_t index)
{
	for (unsigned k = 0; k < n; k++) {
		const struct rx_smir_edge *e = &s->f->edges.at[op->imm + k];

		s->insn_at[e->block] = s->insn;
		for (uint32_t j = 0; j < e->nargs; j++)
			use(s, s->f->extra.at[e->args + j], index);
	}
}

static void look_at(struct resolve *s, const struct rx_smir_op *op,
		    uint32_t index)
{
	const struct rx_smir_info *info = &rx_smir_ops[op->code];

	for (unsigned k = 0; k < info->nargs; k++)
		use(s, op->arg[k], index);
	look_at_edges(s, op, info->nblocks, index);
	if (op->result)
		look_at_value(s, op);
	switch (info->effect) {
	case RX_SE_INSN:
		s->insn = (uint32_t)op->imm;
		break;
	case RX_SE_MEM:
	case RX_SE_CALL:
	case RX_SE_COMMIT:
		if (s->insn != NONE)
			s->polls[s->insn] = true;
		break;
	default:
		break;
	}
}

static void first_pass(struct resolve *s)
{
	const struct rx_smir_fn *f = s->f;

	memset(s->polls, 0, f->insns.n + 1);
	for (s->at = 0; s->at < f->order.n; s->at++) {
		const struct rx_smir_block *b =
			&f->blocks.at[f->order.at[s->at]];

		s->insn = s->at ? s->insn_at[f->order.at[s->at]] : NONE;
		for (uint32_t k = 0; k < b->nparams; k++) {
			struct value *x = &s->v[b->param + k];

			x->root = b->param + k;
			x->home = s->at;
			x->fixed = true;
			x->slots = (uint8_t)slots_of(f->values.at[b->param + k]);
		}
		for (uint32_t k = 0; k < b->nops; k++)
			look_at(s, &f->ops.at[b->first + k], b->first + k);
	}
	/* slots of parameters, behind the constants */
	for (uint32_t n = 0; n < f->blocks.n; n++) {
		const struct rx_smir_block *b = &f->blocks.at[n];

		for (uint32_t k = 0; k < b->nparams; k++)
			s->v[b->param + k].slot =
				new_slots(s, s->v[b->param + k].slots);
	}
}

/* ---- second pass: operations --------------------------------------------- */

static void emit_move(struct resolve *s, unsigned slots, uint16_t d, uint16_t a)
{
	for (unsigned k = 0; k < slots; k += 2) {
		struct rx_smir_rop *o = emit(s, slots > 1 ? RX_SMIR_MOVE2 : RX_SMIR_MOVE);

		o->d = (uint16_t)(d + k);
		o->a = (uint16_t)(a + k);
	}
}

/* Parameters get their values all at once: by way of others if they overlap. */
static void emit_moves(struct resolve *s, const struct rx_smir_edge *e)
{
	const struct rx_smir_fn *f = s->f;
	const rx_sv param = f->blocks.at[e->block].param;
	const rx_sv *args = f->extra.at + e->args;
	bool overlap = false;

	for (uint32_t j = 0; j < e->nargs; j++)
		for (uint32_t k = 0; k < j; k++)
			if (s->v[param + k].slot == slot_of(s, args[j]))
				overlap = true;
	if (!overlap) {
		for (uint32_t k = 0; k < e->nargs; k++)
			emit_move(s, s->v[param + k].slots,
				  s->v[param + k].slot, slot_of(s, args[k]));
		return;
	}
	/* fresh slots, never given back: overlaps are rare */
	const uint32_t base = s->nslots;
	(void)new_slots(s, 8 * e->nargs);
	for (uint32_t k = 0; k < e->nargs && !s->failed; k++)
		emit_move(s, s->v[param + k].slots, (uint16_t)(base + 8 * k),
			  slot_of(s, args[k]));
	for (uint32_t k = 0; k < e->nargs && !s->failed; k++)
		emit_move(s, s->v[param + k].slots, s->v[param + k].slot,
			  (uint16_t)(base + 8 * k));
}

static void emit_jump(struct resolve *s, unsigned code, uint16_t a,
		      uint32_t block)
{
	emit(s, code)->a = a;
	s->fixup[s->nfixups].op = s->r->nops - 1;
	s->fixup[s->nfixups++].block = block;
}

static void emit_branch(struct resolve *s, const struct rx_smir_op *op)
{
	const struct rx_smir_edge *e = &s->f->edges.at[op->imm];
	const uint32_t next = s->at + 1 < s->f->order.n
		? s->f->order.at[s->at + 1] : NONE;
	uint32_t over;

	if (op->code == RX_S_BRCOND) {
		const uint16_t cond = slot_of(s, op->arg[0]);

		if (!e[0].nargs) {
			emit_jump(s, RX_SMIR_JUMPIF, cond, e[0].block);
			e++;
		} else {
			emit(s, RX_SMIR_JUMPIF)->a = cond;
			over = s->r->nops - 1;
			emit_moves(s, &e[1]);
			emit_jump(s, RX_SMIR_JUMP, 0, e[1].block);
			s->r->op[over].x = s->r->nops;
		}
	}
	emit_moves(s, e);
	if (e->block != next)
		emit_jump(s, RX_SMIR_JUMP, 0, e->block);
}

void rx_smir_resolve_number(const struct rx_smir_fn *f, const struct rx_smir_op *op,
			    struct rx_smir_rop *o)
{
	const struct rx_smir_table *t;

	switch (op->code) {
	case RX_S_LOOKUP:
		t = &f->tables.at[op->imm];
		o->x = t->first;
		o->c = (uint16_t)t->count;
		break;
	case RX_S_RMW:
		o->c = op->imm & 0xff;
		o->x = (uint32_t)(op->imm >> 8);
		break;
	case RX_S_SEXT:
	case RX_S_FTOSI:
	case RX_S_FTOUI:
	case RX_S_SITOF:
	case RX_S_UITOF:
	case RX_S_FCVT:
		o->c = f->values.at[op->arg[0]];
		break;
	case RX_S_FTOSFIX:
	case RX_S_FTOUFIX:
	case RX_S_SFIXTOF:
	case RX_S_UFIXTOF:
		o->x = f->values.at[op->arg[0]];
		break;
	case RX_S_VZEXT:
	case RX_S_VSEXT:
	case RX_S_VTRUNC:
	case RX_S_VPERM:
	case RX_S_VSITOF:
	case RX_S_VUITOF:
		o->c = f->values.at[op->arg[0]];
		o->x = (uint32_t)op->imm;
		break;
	default:
		o->x = (uint32_t)op->imm;
	}
}

/* Its arguments' last use lies behind it. */
static void release(struct resolve *s, const struct rx_smir_op *op,
		    uint32_t index)
{
	for (unsigned k = 0; k < 4 && op->arg[k]; k++) {
		struct value *x = root(s, op->arg[k]);

		if (x->last != index || x->fixed)
			continue;
		x->fixed = true;	/* once */
		give_slot(s, x->slots, x->slot);
	}
}

static void emit_plain(struct resolve *s, const struct rx_smir_op *op,
		       uint32_t index)
{
	const struct rx_smir_info *info = &rx_smir_ops[op->code];
	struct rx_smir_rop *o = emit(s, RX_SMIR_K(op->code, op->type));
	uint16_t *to[4] = { &o->a, &o->b, &o->c, &o->e };

	switch (info->effect) {
	case RX_SE_MEM:
	case RX_SE_FAULT:
	case RX_SE_CALL:
	case RX_SE_COMMIT:
	case RX_SE_EXIT:
	case RX_SE_END:
		o->e = (uint16_t)s->insn;
		break;
	default:
		break;
	}
	rx_smir_resolve_number(s->f, op, o);
	for (unsigned k = 0; k < info->nargs; k++)
		*to[k] = slot_of(s, op->arg[k]);
	release(s, op, index);
	if (op->result) {
		struct value *x = &s->v[op->result];

		x->slot = o->d = take_slot(s, x->slots);
		if (!x->last)
			give_slot(s, x->slots, x->slot);
	}
}

static void emit_op(struct resolve *s, const struct rx_smir_op *op,
		    uint32_t index)
{
	switch (op->code) {
	case RX_S_CONST:
		break;
	case RX_S_ZEXT:
		if (op->type == RX_I128)
			emit_plain(s, op, index);
		break;
	case RX_S_INSN:
		if (s->insn != NONE && s->polls[s->insn])
			emit(s, RX_SMIR_POLL)->e = (uint16_t)s->insn;
		s->insn = (uint32_t)op->imm;
		break;
	case RX_S_BR:
	case RX_S_BRCOND:
		emit_branch(s, op);
		release(s, op, index);
		break;
	default:
		emit_plain(s, op, index);
	}
}

static void second_pass(struct resolve *s)
{
	const struct rx_smir_fn *f = s->f;

	for (s->at = 0; s->at < f->order.n && !s->failed; s->at++) {
		const uint32_t n = f->order.at[s->at];
		const struct rx_smir_block *b = &f->blocks.at[n];

		s->insn = s->at ? s->insn_at[n] : NONE;
		s->start[n] = s->r->nops;
		for (uint32_t k = 0; k < b->nops && !s->failed; k++)
			emit_op(s, &f->ops.at[b->first + k], b->first + k);
	}
	for (uint32_t k = 0; k < s->nfixups && !s->failed; k++)
		s->r->op[s->fixup[k].op].x = s->start[s->fixup[k].block];
}

size_t rx_smir_resolve(struct rx_smir_resolver *r, const struct rx_smir_fn *f)
{
	struct resolve s = { .f = f, .r = r };

	if (f->error || !reserve(&s))
		return 0;
	r->nops = 0;
	first_pass(&s);
	second_pass(&s);
	if (s.failed)
		return 0;
	r->slot = s.slot;
	r->nslots = s.nslots;
	return sizeof(struct rx_smir_prog) + r->nops * sizeof(*r->op) +
	       (s.nslots + f->pool.n) * sizeof(uint64_t);
}

struct rx_smir_prog *rx_smir_emit(struct rx_smir_resolver *r,
				  const struct rx_smir_fn *f, void *to,
				  const struct rx_insn *insn)
{
	struct rx_smir_prog *code = to;
	uint64_t *words = (uint64_t *)(void *)(code->op + r->nops);

	code->insn = insn;
	memcpy(code->op, r->op, r->nops * sizeof(*r->op));
	code->slot = words;
	memcpy(code->slot, r->slot, r->nslots * sizeof(*words));
	code->pool = words + r->nslots;
	if (f->pool.n)
		memcpy(words + r->nslots, f->pool.at,
		       f->pool.n * sizeof(*words));
	return code;
}

void rx_smir_resolver_fini(struct rx_smir_resolver *r)
{
	free(r->op);
	free(r->scratch);
	memset(r, 0, sizeof(*r));
}
