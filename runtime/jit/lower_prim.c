/* lower_prim.c - host code of operations on words that few use. SPDX-License-Identifier: MIT */
#include <string.h>

#include "jit/lower.h"

#define TABLE 256	/* elements, at most */

bool rx_jit_lowers_prim(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_LOOKUP:
		return f->tables.at[op->imm].count <= TABLE;
	default:
		return false;
	}
}

/* The table lies in the code, which may be read. */
static void lookup(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_smir_table *t = &g->f->tables.at[op->imm];
	const struct rx_px_values element = rx_jit_mem2(RSI, RAX, 0);
	uint8_t *over, *behind;
	uint8_t x;

	x = rx_jit_use(g, op->arg[0], RAX);
	over = rx_jit_jmp(g);
	memcpy(g->at, &g->f->pool.at[t->first], t->count * sizeof(uint64_t));
	g->at += t->count * sizeof(uint64_t);
	rx_jit_patch(over, g->at);
	rx_jit_number(g, RSI, (uintptr_t)(g->j->code.rx + (over - g->j->code.rw)));
	E(g, xor_r32_r32, R8, R8);
	E(g, cmp_r64_i32, x, t->count);
	behind = rx_jit_jcc(g, CC_AE);
	rx_jit_move(g, RAX, x);
	E(g, shl_r64_i8, RAX, 3);
	E(g, mov_r64_m64, R8, &element);
	rx_jit_patch(behind, g->at);
	rx_jit_done(g, op->arg[0]);
	rx_jit_move(g, rx_jit_dest(g, op->result), R8);
	g->loc[op->result].zero = true;
}

void rx_jit_lower_prim(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	lookup(g, op);
}
