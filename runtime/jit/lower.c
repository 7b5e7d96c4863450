/* lower.c - host code of a block's operations. SPDX-License-Identifier: MIT */
#include "base/host.h"
#include "jit/gen.h"

static bool word(unsigned type)
{
	return type == RX_I8 || type == RX_I16 || type == RX_I32 || type == RX_I64;
}

static bool main_type(unsigned type)
{
	return type == RX_I32 || type == RX_I64;
}

bool rx_jit_lowers(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	const unsigned from = f->values.at[op->arg[0]];

	switch (op->code) {
	case RX_S_CONST:
		return word(op->type) || op->type == RX_I1 || op->type == RX_I128;
	case RX_S_PUT:
	case RX_S_GET:
	case RX_S_LOAD:
	case RX_S_STORE:
	case RX_S_ADD:
	case RX_S_SUB:
	case RX_S_NEG:
	case RX_S_EQ:
	case RX_S_NE:
	case RX_S_ULT:
	case RX_S_ULE:
	case RX_S_SLT:
	case RX_S_SLE:
	case RX_S_SELECT:
		return word(op->type);
	case RX_S_INSN:
	case RX_S_CALL:
	case RX_S_EXIT:
	case RX_S_EXITIF:
	case RX_S_RAISEIF:
		return true;
	case RX_S_MUL:
		return word(op->type) || op->type == RX_I128;
	case RX_S_AND:
	case RX_S_OR:
	case RX_S_XOR:
	case RX_S_NOT:
		return word(op->type) || op->type == RX_I1;
	case RX_S_LSHR:
		return main_type(op->type) || op->type == RX_I128;
	case RX_S_SHL:
	case RX_S_ASHR:
	case RX_S_ROTR:
	case RX_S_CLZ:
	case RX_S_CTZ:
	case RX_S_BSWAP:
	case RX_S_UDIV:
	case RX_S_SDIV:
	case RX_S_UREM:
	case RX_S_SREM:
		return main_type(op->type);
	case RX_S_POPCOUNT:
		return op->type == RX_I64;
	case RX_S_ZEXT:
		return (word(op->type) && (word(from) || from == RX_I1)) ||
		       (op->type == RX_I128 && from == RX_I64);
	case RX_S_SEXT:
		return (word(op->type) && word(from)) ||
		       (op->type == RX_I128 && from == RX_I64);
	case RX_S_TRUNC:
		return word(op->type) && (word(from) || rx_jit_wide_product(f, op));
	default:
		return rx_jit_lowers_fp(f, op);
	}
}

unsigned rx_jit_needs(const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_FMULADD:
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

/* Part of a product of 128 bits: its truncation does all. */
static bool is_part(const struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	return op->result && g->f->values.at[op->result] == RX_I128;
}

static void lower(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_CONST:
		g->loc[op->result].kind = JIT_CONST;
		break;
	case RX_S_INSN:
		g->record = &g->block->insn[op->imm];
		break;
	case RX_S_CALL:
		rx_jit_execute(g, g->record);
		break;
	case RX_S_GET:
		rx_jit_get(g, op);
		break;
	case RX_S_PUT:
		rx_jit_put(g, op);
		break;
	case RX_S_LOAD:
		rx_jit_lower_load(g, op);
		break;
	case RX_S_STORE:
		rx_jit_lower_store(g, op);
		break;
	case RX_S_RAISEIF:	/* nothing was done: the executor raises it */
		rx_jit_stub(g, rx_jit_branch_if(g, op->arg[0]), JIT_SLOW, g->record);
		rx_jit_done(g, op->arg[1]);
		break;
	case RX_S_FPREAD:
		rx_jit_read_flags(g, op);
		break;
	case RX_S_FPWRITE:
		rx_jit_write_flags(g, op);
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

void rx_jit_lower(struct rx_jit_gen *g)
{
	const struct rx_smir_block *b = &g->f->blocks.at[0];

	for (g->op = 0; g->op < b->nops && !g->failed; g->op++) {
		const struct rx_smir_op *op = &g->f->ops.at[b->first + g->op];

		if (op->code == RX_S_EXIT || op->code == RX_S_EXITIF)
			return;
		if (g->at > g->end) {
			g->failed = true;
			return;
		}
		if (is_part(g, op) && op->code != RX_S_CONST)
			g->loc[op->result].kind = JIT_PART;
		else
			lower(g, op);
	}
}
