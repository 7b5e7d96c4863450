/* group.c - lifting of groups: effects wait for the group's end. SPDX-License-Identifier: MIT */
#include "smir/group.h"

#include "core/group.h"

#define PUTS 64
#define STORES 8
#define EXITS 8

/* A register that the group writes. */
struct put {
	size_t offset;
	uint8_t type;
	bool cur, tmp;
	rx_sv v;	/* the old value where nothing was written */
	rx_sv set;	/* where something was; 0: always */
};

struct store {
	uint8_t type;
	unsigned flags, n;
	rx_sv addr, v[RX_SMIR_PARTS], cond;
};

struct exit {
	rx_sv target, cond;
};

struct rx_smir_group {
	bool mixed;	/* what members do cannot be put together */
	unsigned nputs, nstores, nexits;
	struct put puts[PUTS];
	struct store stores[STORES];
	struct exit exits[EXITS];
};

static bool is_vector(unsigned type)
{
	return type >= RX_V64;
}

/* cond ? a : b */
static rx_sv choose(struct rx_smir_fn *f, unsigned type, rx_sv cond, rx_sv a, rx_sv b)
{
	rx_sv m;

	if (!cond)
		return a;
	if (!is_vector(type))
		return rx_smir_op3(f, RX_S_SELECT, (enum rx_smir_type)type, cond, a, b);
	m = rx_smir_op3(f, RX_S_SELECT, RX_I64, cond, rx_smir_const(f, RX_I64, UINT64_MAX),
			rx_smir_const(f, RX_I64, 0));
	m = rx_smir_op(f, RX_S_VSPLAT, (enum rx_smir_type)type, m, 0, 0, 0, 64);
	return rx_smir_op3(f, RX_S_VSELECT, (enum rx_smir_type)type, m, a, b);
}

rx_sv rx_smir_both(struct rx_smir_fn *f, rx_sv a, rx_sv b)
{
	return a && b ? rx_smir_op2(f, RX_S_AND, RX_I1, a, b) : a ? a : b;
}

/* What waits there; NULL: nothing. */
static struct put *waiting(struct rx_smir_fn *f, unsigned type, size_t offset)
{
	struct rx_smir_group *g = f->group;
	const size_t bytes = rx_smir_bits[type] / 8;

	for (unsigned k = 0; k < g->nputs; k++) {
		struct put *p = &g->puts[k];
		const size_t size = rx_smir_bits[p->type] / 8;

		if (p->offset == offset && p->type == type)
			return p;
		if (offset < p->offset + size && p->offset < offset + bytes)
			g->mixed = true;
	}
	return NULL;
}

rx_sv rx_smir_group_old(struct rx_smir_fn *f, enum rx_smir_type type, size_t offset)
{
	const struct rx_smir_group *g = f->group;
	bool any = false;

	for (unsigned k = 0; k < g->nputs; k++)
		any |= g->puts[k].cur;
	if (any) {
		const struct put *p = waiting(f, type, offset);

		if (p && p->cur)
			return p->v;
	}
	return rx_smir_get(f, type, offset);
}

rx_sv rx_smir_group_new(struct rx_smir_fn *f, enum rx_smir_type type, size_t offset)
{
	const struct put *p = waiting(f, type, offset);

	return p ? p->v : rx_smir_get(f, type, offset);
}

/* The value of a write behind others. */
static rx_sv merged(struct rx_smir_fn *f, const struct put *p, rx_sv v, enum rx_smir_how how)
{
	const enum rx_smir_type type = (enum rx_smir_type)p->type;
	rx_sv both;

	if (how != RX_SMIR_AND && how != RX_SMIR_OR)
		return v;
	if (is_vector(type))
		both = rx_smir_op2(f, how == RX_SMIR_AND ? RX_S_VAND : RX_S_VOR, type, p->v, v);
	else
		both = rx_smir_op2(f, how == RX_SMIR_AND ? RX_S_AND : RX_S_OR, type, p->v, v);
	return choose(f, type, p->set, both, v);
}

void rx_smir_group_put(struct rx_smir_fn *f, enum rx_smir_type type, size_t offset,
		       rx_sv v, rx_sv cond, enum rx_smir_how how)
{
	struct rx_smir_group *g = f->group;
	struct put *p = waiting(f, type, offset);

	if (p) {
		p->v = choose(f, type, cond, merged(f, p, v, how), p->v);
		p->set = p->set && cond ? rx_smir_op2(f, RX_S_OR, RX_I1, p->set, cond) : 0;
	} else if (g->nputs == PUTS) {
		g->mixed = true;
		return;
	} else {
		p = &g->puts[g->nputs++];
		*p = (struct put){ .offset = offset, .type = (uint8_t)type, .set = cond };
		p->v = cond ? choose(f, type, cond, v, rx_smir_get(f, type, offset)) : v;
	}
	p->cur |= how >= RX_SMIR_CUR;
	p->tmp |= how == RX_SMIR_TMP;
}

/* ---- memory -------------------------------------------------------------- */

static rx_sv number(struct rx_smir_fn *f, uint64_t n)
{
	return rx_smir_const(f, RX_I64, n);
}

static rx_sv wide(struct rx_smir_fn *f, unsigned type, rx_sv v)
{
	return type == RX_I64 ? v : rx_smir_op1(f, RX_S_ZEXT, RX_I64, v);
}

static rx_sv and64(struct rx_smir_fn *f, rx_sv v, uint64_t mask)
{
	return rx_smir_op2(f, RX_S_AND, RX_I64, v, number(f, mask));
}

/* Bits between two addresses, b below a. */
static rx_sv between(struct rx_smir_fn *f, rx_sv a, rx_sv b)
{
	return rx_smir_op2(f, RX_S_SHL, RX_I64, rx_smir_op2(f, RX_S_SUB, RX_I64, a, b),
			   number(f, 3));
}

/*
 * What a load sees of a store that waits. Both are aligned to their sizes, or
 * the group faults: the larger one has all of the smaller one, or nothing.
 */
static rx_sv seen(struct rx_smir_fn *f, const struct store *s, unsigned type, rx_sv addr,
		  rx_sv v)
{
	const unsigned bits = rx_smir_bits[type], theirs = rx_smir_bits[s->type];
	const uint64_t within = (bits > theirs ? bits : theirs) / 8 - 1;
	rx_sv hit = rx_smir_op2(f, RX_S_EQ, RX_I64, and64(f, addr, ~within),
				and64(f, s->addr, ~within));
	rx_sv stored = wide(f, s->type, s->v[0]), got;

	if (theirs >= bits) {
		got = rx_smir_op2(f, RX_S_LSHR, RX_I64, stored, between(f, addr, s->addr));
	} else {
		const rx_sv by = between(f, s->addr, addr);
		const rx_sv mask = rx_smir_op2(f, RX_S_SHL, RX_I64,
					       number(f, rx_smir_mask(s->type)), by);
		const rx_sv keep = rx_smir_op1(f, RX_S_NOT, RX_I64, mask);

		got = rx_smir_op2(f, RX_S_SHL, RX_I64, stored, by);
		got = rx_smir_op2(f, RX_S_OR, RX_I64, got,
				  rx_smir_op2(f, RX_S_AND, RX_I64, wide(f, type, v), keep));
	}
	if (type != RX_I64)
		got = rx_smir_op1(f, RX_S_TRUNC, (enum rx_smir_type)type, got);
	return choose(f, type, rx_smir_both(f, hit, s->cond), got, v);
}

/* A block that runs where cond is true; returns the one behind, with a parameter
 * of this type or none (RX_VOID), whose value is `otherwise` where it is false. */
static uint32_t guarded(struct rx_smir_fn *f, unsigned type, rx_sv cond, rx_sv otherwise,
			rx_sv *result)
{
	const uint8_t types[] = { (uint8_t)type };
	const unsigned n = type != RX_VOID;
	const uint32_t yes = rx_smir_block(f, 0, NULL, NULL);
	const uint32_t on = rx_smir_block(f, n, types, result);

	rx_smir_brcond(f, cond, yes, 0, NULL, on, n, &otherwise);
	rx_smir_begin(f, yes);
	return on;
}

static void join(struct rx_smir_fn *f, uint32_t on, unsigned n, rx_sv v)
{
	rx_smir_br(f, on, n, &v);
	rx_smir_begin(f, on);
}

static rx_sv zero(struct rx_smir_fn *f, enum rx_smir_type type)
{
	if (!is_vector(type))
		return rx_smir_const(f, type, 0);
	return rx_smir_op(f, RX_S_VSPLAT, type, number(f, 0), 0, 0, 0, 64);
}

rx_sv rx_smir_group_load(struct rx_smir_fn *f, enum rx_smir_type type, rx_sv addr,
			 unsigned flags, rx_sv cond)
{
	struct rx_smir_group *g = f->group;
	uint32_t on = 0;
	rx_sv v, result;

	if (cond)
		on = guarded(f, type, cond, zero(f, type), &result);
	v = rx_smir_load(f, type, addr, flags);
	if (cond) {
		join(f, on, 1, v);
		v = result;
	}
	for (unsigned k = 0; k < g->nstores && !g->mixed; k++) {
		g->mixed = is_vector(type) || is_vector(g->stores[k].type);
		if (!g->mixed)
			v = seen(f, &g->stores[k], type, addr, v);
	}
	return v;
}

void rx_smir_group_stores(struct rx_smir_fn *f, enum rx_smir_type type, rx_sv addr,
			  unsigned n, const rx_sv *v, unsigned flags, rx_sv cond)
{
	struct rx_smir_group *g = f->group;
	struct store *s = &g->stores[g->nstores];

	if (g->nstores == STORES || n > RX_SMIR_PARTS) {
		g->mixed = true;
		return;
	}
	*s = (struct store){ .type = (uint8_t)type, .flags = flags, .n = n, .addr = addr,
			     .cond = cond };
	for (unsigned k = 0; k < n; k++)
		s->v[k] = v[k];
	g->nstores++;
}

void rx_smir_group_store(struct rx_smir_fn *f, enum rx_smir_type type, rx_sv addr,
			 rx_sv v, unsigned flags, rx_sv cond)
{
	rx_smir_group_stores(f, type, addr, 1, &v, flags, cond);
}

void rx_smir_group_exit(struct rx_smir_fn *f, rx_sv target, rx_sv cond)
{
	struct rx_smir_group *g = f->group;

	if (g->nexits == EXITS)
		g->mixed = true;
	else
		g->exits[g->nexits++] = (struct exit){ target, cond };
}

/* ---- the end ------------------------------------------------------------- */

static void access(struct rx_smir_fn *f, const struct store *s, bool probe)
{
	const enum rx_smir_type type = (enum rx_smir_type)s->type;
	const uint32_t on = s->cond ? guarded(f, RX_VOID, s->cond, 0, NULL) : 0;

	for (unsigned k = 0; k < s->n; k++) {
		rx_sv at = s->addr;

		if (k)
			at = rx_smir_op2(f, RX_S_ADD, RX_I64, at,
					 number(f, k * (rx_smir_bits[type] / 8u)));
		if (probe)
			(void)rx_smir_op(f, RX_S_PROBE, type, at, 0, 0, 0, s->flags);
		else
			rx_smir_store(f, type, at, s->v[k], s->flags);
	}
	if (s->cond)
		join(f, on, 0, 0);
}

/* The last store is the first one to fault (core/group.h), before any is done. */
static void end(struct rx_smir_fn *f)
{
	const struct rx_smir_group *g = f->group;

	for (unsigned k = g->nstores; k-- > 0;)
		if (g->nstores > 1 || g->stores[k].n > 1 || is_vector(g->stores[k].type))
			access(f, &g->stores[k], true);
	for (unsigned k = 0; k < g->nstores; k++)
		access(f, &g->stores[k], false);
	for (unsigned k = 0; k < g->nputs; k++)
		if (!g->puts[k].tmp)
			rx_smir_put(f, (enum rx_smir_type)g->puts[k].type, g->puts[k].offset,
				    g->puts[k].v);
	for (unsigned k = 0; k < g->nexits; k++) {
		if (g->exits[k].cond) {
			rx_smir_exit_if(f, g->exits[k].cond, g->exits[k].target);
			continue;
		}
		rx_smir_exit(f, g->exits[k].target);
		return;
	}
}

static bool all_lift(const struct rx_insn *i,
		     void (*const *lifters)(struct rx_smir_fn *f, const struct rx_insn *i))
{
	for (unsigned k = 0; k < i->r[0]; k++)
		if (!lifters[rx_group_member(i, k)->id])
			return false;
	return true;
}

void rx_smir_lift_group(struct rx_smir_fn *f, const struct rx_insn *i,
			void (*const *lifters)(struct rx_smir_fn *f,
					       const struct rx_insn *i))
{
	const struct rx_smir_mark start = rx_smir_mark(f);
	struct rx_smir_group g;
	uint64_t order = i->imm;

	if (f->error || !all_lift(i, lifters)) {
		rx_smir_lift_call(f, i);
		return;
	}
	g.mixed = false;
	g.nputs = g.nstores = g.nexits = 0;
	f->group = &g;
	for (unsigned n = i->r[0]; n; n--, order >>= 4) {
		const struct rx_insn *m = rx_group_member(i, (order & 15) - 1);

		lifters[m->id](f, m);
	}
	end(f);
	f->group = NULL;
	if (g.mixed && !f->error) {
		rx_smir_rewind(f, &start);
		rx_smir_lift_call(f, i);
	}
}
