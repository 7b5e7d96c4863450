/* lower.c - host code of a block's operations. SPDX-License-Identifier: MIT */
#include "base/host.h"
#include "core/vm.h"
#include "jit/frame.h"
#include "jit/lower_fp.h"
#include "jit/vectors.h"

static bool word(unsigned type)
{
	return type == RX_I8 || type == RX_I16 || type == RX_I32 || type == RX_I64;
}

static bool main_type(unsigned type)
{
	return type == RX_I32 || type == RX_I64;
}

/* What guests do most. */
static bool lowers_here(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	const unsigned from = f->values.at[op->arg[0]];

	switch (op->code) {
	case RX_S_INSN:
	case RX_S_CALL:
	case RX_S_CONST:
	case RX_S_PUT:
	case RX_S_GET:
	case RX_S_EARLY:
	case RX_S_RAISEIF:
	case RX_S_EXIT:
	case RX_S_EXITIF:
	case RX_S_BR:
	case RX_S_BRCOND:
		return true;
	case RX_S_LOAD:
	case RX_S_STORE:
	case RX_S_ADD:
	case RX_S_SUB:
	case RX_S_MUL:
	case RX_S_NEG:
	case RX_S_ULT:
	case RX_S_ULE:
	case RX_S_SLT:
	case RX_S_SLE:
		return word(op->type);
	case RX_S_EQ:
	case RX_S_NE:
	case RX_S_SELECT:
	case RX_S_AND:
	case RX_S_OR:
	case RX_S_XOR:
	case RX_S_NOT:
		return word(op->type) || op->type == RX_I1;
	case RX_S_LSHR:
	case RX_S_SHL:
	case RX_S_ASHR:
	case RX_S_ROTR:
	case RX_S_CLZ:
	case RX_S_CTZ:
	case RX_S_BSWAP:
		return main_type(op->type);
	case RX_S_UDIV:
	case RX_S_SDIV:
	case RX_S_UREM:
	case RX_S_SREM:
		return word(op->type);
	case RX_S_POPCOUNT:
		return op->type == RX_I64;
	case RX_S_ZEXT:
		return word(op->type) && (word(from) || from == RX_I1);
	case RX_S_SEXT:
		return word(op->type) && word(from);
	case RX_S_TRUNC:
		return word(op->type) && word(from);
	default:
		return false;
	}
}

/* Which file lowers an operation; no two do the same one. */
enum by { BY_CALL, BY_THIS, BY_FP, BY_PRIM, BY_WIDE, BY_VEC, BY_VECMEM, BY_RMW };

static enum by lowered_by(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	if (lowers_here(f, op))
		return BY_THIS;
	if (rx_jit_lowers_prim(f, op))
		return BY_PRIM;
	if (rx_jit_lowers_wide(f, op))
		return BY_WIDE;
	if (rx_jit_lowers_vec(f, op))
		return BY_VEC;
	if (rx_jit_lowers_vecmem(f, op))
		return BY_VECMEM;
	if (rx_jit_lowers_rmw(op))
		return BY_RMW;
	return rx_jit_lowers_fp(f, op) ? BY_FP : BY_CALL;
}

bool rx_jit_lowers(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	return lowered_by(f, op) != BY_CALL;
}

unsigned rx_jit_needs(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	if (rx_smir_ops[op->code].effect == RX_SE_FP && rx_jit_is_half(f, op))
		return RX_HOST_F16C;
	switch (op->code) {
	case RX_S_FMULADD:
	case RX_S_VFMULADD:
		return RX_HOST_FMA;
	case RX_S_CLZ:
		return RX_HOST_LZCNT;
	case RX_S_CTZ:
		return RX_HOST_BMI1;
	case RX_S_POPCOUNT:
		return RX_HOST_POPCNT;
	default:
		return 0;
	}
}

/* ---- products of 128 bits ------------------------------------------------ */

#define PRODUCTS 16

/* The upper half of a product, which the truncation computes alone. */
struct product {
	const struct rx_smir_op *shift, *product, *in[2];
	bool good;
};

static bool find_product(struct rx_jit_gen *g, const struct rx_smir_op *op, struct product *p)
{
	if (op->code != RX_S_TRUNC || g->f->values.at[op->arg[0]] != RX_I128)
		return false;
	p->product = rx_jit_wide_product(g->f, op);
	if (!p->product)
		return false;
	p->shift = rx_jit_def(g, op->arg[0]);
	p->in[0] = rx_jit_def(g, p->product->arg[0]);
	p->in[1] = rx_jit_def(g, p->product->arg[1]);
	p->good = true;
	return true;
}

/* Do only such patterns use what is never computed then? Each operation counts once. */
static bool only_parts(const struct rx_jit_gen *g, const struct product *p, unsigned n,
		       const struct product *x)
{
	unsigned shift = 0, product = 0, in[2] = { 0, 0 };

	for (unsigned k = 0; k < n; k++) {
		bool new_shift = true, new_product = true;

		if (!p[k].good)
			continue;
		for (unsigned j = 0; j < k; j++) {
			new_shift = new_shift && !(p[j].good && p[j].shift == p[k].shift);
			new_product = new_product && !(p[j].good && p[j].product == p[k].product);
		}
		shift += p[k].shift == x->shift;
		product += p[k].product == x->product && new_shift;
		for (unsigned j = 0; new_product && j < 2; j++)
			for (unsigned a = 0; a < 2; a++)
				in[j] += p[k].in[a] == x->in[j];
	}
	return g->uses[x->shift->result] == shift && g->uses[x->product->result] == product &&
	       g->uses[x->in[0]->result] == in[0] && g->uses[x->in[1]->result] == in[1];
}

void rx_jit_find_parts(struct rx_jit_gen *g)
{
	struct product p[PRODUCTS];
	unsigned n = 0;
	bool changed;

	for (uint32_t k = 0; k < g->f->ops.n && n < PRODUCTS; k++)
		n += find_product(g, &g->f->ops.at[k], &p[n]);
	do {
		changed = false;
		for (unsigned k = 0; k < n; k++)
			if (p[k].good && !only_parts(g, p, n, &p[k])) {
				p[k].good = false;
				changed = true;
			}
	} while (changed);
	for (unsigned k = 0; k < n; k++)
		if (p[k].good) {
			g->loc[p[k].shift->result].kind = JIT_PART;
			g->loc[p[k].product->result].kind = JIT_PART;
			g->loc[p[k].in[0]->result].kind = JIT_PART;
			g->loc[p[k].in[1]->result].kind = JIT_PART;
		}
}

/* ---- operations ---------------------------------------------------------- */

/* The same for the instruction that it is of, on this host. */
static enum by done_by(const struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	if ((rx_smir_ops[op->code].effect == RX_SE_FP && g->way & JIT_SOFT_FP) ||
	    (rx_smir_ops[op->code].effect == RX_SE_MEM && g->way & JIT_SOFT_MEM) ||
	    rx_jit_needs(g->f, op) & ~g->j->cpu->vm->host)
		return BY_CALL;
	return lowered_by(g->f, op);
}

/* Of a product of 128 bits, of which nothing else is computed. */
static bool is_upper_half(const struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	return op->code == RX_S_TRUNC && g->loc[op->arg[0]].kind == JIT_PART;
}

static void begin(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	while (op->imm >= g->before + g->block->n) {	/* the next one of a trace */
		g->before += g->block->n;
		g->block = g->steps[++g->step];
		g->behind -= g->block->n;
	}
	g->record = &g->block->insn[op->imm - g->before];
	if (g->polls)
		rx_jit_poll(g, g->record);
	g->polls = false;
	g->way = g->ways[op->imm];
	if (g->way & JIT_SOFT_FP && !(g->way & JIT_SETS_ENV))
		rx_jit_call_helper(g, rx_jit_do_begin_fp, &(struct rx_smir_rop){ .code = 0 });
}

static void lower(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_CONST:
		g->loc[op->result].kind = JIT_CONST;
		break;
	case RX_S_INSN:
		begin(g, op);
		break;
	case RX_S_CALL:
		rx_jit_settle_direction(g);
		rx_jit_execute(g, g->record);
		break;
	case RX_S_GET:
		rx_jit_get(g, op);
		break;
	case RX_S_PUT:
	case RX_S_EARLY:
		rx_jit_put(g, op);
		break;
	case RX_S_LOAD:
		rx_jit_lower_load(g, op);
		break;
	case RX_S_STORE:
		rx_jit_lower_store(g, op);
		break;
	case RX_S_RAISEIF:
		if (g->way & JIT_DID) {
			rx_jit_settle_direction(g);
			rx_jit_raise_by_call(g, op);
			break;
		}
		/* nothing was done: the executor raises it */
		rx_jit_stub(g, rx_jit_branch_if(g, op->arg[0]), JIT_SLOW, g->record);
		rx_jit_done(g, op->arg[1]);
		break;
	case RX_S_FPREAD:
		rx_jit_read_flags(g, op);
		break;
	case RX_S_FPWRITE:
		rx_jit_settle_direction(g);
		rx_jit_write_flags(g, op);
		break;
	case RX_S_FCLASS:
		rx_jit_lower_class(g, op);
		break;
	case RX_S_SELECT:
		rx_jit_lower_select(g, op);
		break;
	case RX_S_EQ:
	case RX_S_NE:
	case RX_S_ULT:
	case RX_S_ULE:
	case RX_S_SLT:
	case RX_S_SLE:
		rx_jit_lower_compare(g, op);
		break;
	default:
		if (rx_smir_ops[op->code].effect == RX_SE_FP)
			rx_jit_lower_fp(g, op);
		else
			rx_jit_lower_int(g, op);
	}
}

static void by_call(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned effect = rx_smir_ops[op->code].effect;

	/* C code may compute with the host's numbers; functions for values do not */
	if (effect != RX_SE_PURE && effect != RX_SE_FP)
		rx_jit_settle_direction(g);
	rx_jit_lower_by_call(g, op);
}

static void lower_any(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	switch (done_by(g, op)) {
	case BY_CALL:
		by_call(g, op);
		break;
	case BY_PRIM:
		rx_jit_lower_prim(g, op);
		break;
	case BY_VEC:
		rx_jit_lower_vec(g, op);
		break;
	case BY_RMW:
		rx_jit_lower_rmw(g, op);
		break;
	case BY_VECMEM:
		rx_jit_lower_vecmem(g, op);
		break;
	case BY_WIDE:
		if (!is_upper_half(g, op)) {
			rx_jit_lower_wide(g, op);
			break;
		}
		/* fallthrough */
	default:
		lower(g, op);
	}
}

/* What other parts use is in memory from here on. */
static void publish(struct rx_jit_gen *g, rx_sv v)
{
	struct rx_jit_loc *l = &g->loc[v];

	if (rx_jit_is_wide(g, v) && l->kind != JIT_CONST)
		rx_jit_to_own_slots(g, v);
	if (l->kind == JIT_CONST || l->kind == JIT_WIDE)
		return;
	rx_jit_to_slot(g, v, g->cross[v]);
	l->zero = l->zero || l->kind == JIT_STATE;
	l->state = rx_jit_state_at(g, (uint64_t)g->frame + 8u * g->cross[v]);
}

static bool leaves_part(unsigned code)
{
	return code == RX_S_EXIT || code == RX_S_EXITIF || code == RX_S_BR || code == RX_S_BRCOND;
}

/* A test that is not made. */
static bool is_unused(const struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	return g->never && op->result && !g->uses[op->result] &&
	       (op->code == RX_S_EQ || op->code == RX_S_NE || op->code == RX_S_NOT);
}

const struct rx_smir_op *rx_jit_lower(struct rx_jit_gen *g)
{
	const struct rx_smir_block *b = rx_jit_part(g);

	for (; g->op < b->nops && !g->failed; g->op++) {
		const struct rx_smir_op *op = &g->f->ops.at[b->first + g->op];

		if (op->code == RX_S_EXITIF && b->first + g->op < g->never)
			continue;
		if (op->code == RX_S_EXITIF && g->step + 1 < g->nsteps) {
			rx_jit_side_exit(g, op->arg[0]);
			continue;
		}
		if (leaves_part(op->code)) {
			rx_jit_settle_direction(g);
			return op;
		}
		if (g->at > g->end) {
			g->failed = true;
			return NULL;
		}
		if (op->result && g->loc[op->result].kind == JIT_PART)
			continue;
		if (is_unused(g, op)) {
			rx_jit_done_all(g, op);
			continue;
		}
		lower_any(g, op);
		if (op->result && g->cross && g->cross[op->result])
			publish(g, op->result);
	}
	rx_jit_settle_direction(g);
	return NULL;
}
