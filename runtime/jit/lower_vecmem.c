/* lower_vecmem.c - accesses of 128 bits and of vectors. SPDX-License-Identifier: MIT
 *
 * Inside a page they are all or nothing, in whatever pieces; what crosses pages is its
 * executor's. So are lanes under a mask that is not known to have all.
 */
#include "jit/vectors.h"

bool rx_jit_is_whole(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	const rx_sv mask = op->code == RX_S_LOADIF ? op->arg[1] : op->arg[2];
	uint64_t number, all;

	if (op->code != RX_S_LOADIF && op->code != RX_S_STOREIF)
		return false;
	all = rx_smir_bits[op->type] / (op->imm & 255);	/* lanes */
	all = all < 64 ? (UINT64_C(1) << all) - 1 : ~UINT64_C(0);
	return rx_jit_known(f, op, mask, &number) && (number & all) == all;
}

bool rx_jit_lowers_vecmem(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	if (op->code == RX_S_LOAD || op->code == RX_S_STORE)
		return op->type >= RX_I128;
	return rx_jit_is_whole(f, op);
}

static void load(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values from = rx_jit_translate(g, op);
	const unsigned bits = rx_smir_bits[op->type];
	struct rx_px_values to;
	uint8_t d;

	if (op->code == RX_S_LOADIF)
		rx_jit_done(g, op->arg[1]);
	if (op->type == RX_I128 || bits > RX_JIT_CHUNK) {
		to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
		rx_jit_copy(g, &to, &from, bits / 8);
		return;
	}
	d = rx_jit_dest_vec(g, op->result);
	if (bits < RX_JIT_CHUNK)
		E(g, vmovq_xmm_m64, d, &from);
	else
		E(g, vmovdqu_xmm_m128, d, &from);
}

/* The number of 128 bits, a constant of 64, in memory. */
static void store_number(struct rx_jit_gen *g, const struct rx_px_values *to, uint64_t number)
{
	const struct rx_px_values high = rx_jit_mem_behind(*to, 8);

	rx_jit_number(g, R8, number);
	E(g, mov_m64_r64, to, R8);
	E(g, mov_m64_i32, &high, 0);
}

static void store(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const rx_sv v = op->arg[1];
	const unsigned bits = rx_smir_bits[op->type];
	struct rx_px_values to, from;
	uint64_t number;

	if (g->loc[v].kind == JIT_PATTERN)
		rx_jit_vec_to_memory(g, v);	/* which uses rax */
	to = rx_jit_translate(g, op);
	if (rx_jit_constant(g, v, &number)) {
		store_number(g, &to, number);
	} else if (op->type == RX_I128 || bits > RX_JIT_CHUNK) {
		from = rx_jit_wide_at(g, v);
		rx_jit_copy(g, &to, &from, bits / 8);
	} else {
		rx_jit_store_vec(g, &to, rx_jit_vec(g, v, 0, 0), bits);
	}
	rx_jit_done(g, v);
	if (op->code == RX_S_STOREIF)
		rx_jit_done(g, op->arg[2]);
}

void rx_jit_lower_vecmem(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	if (op->code == RX_S_LOAD || op->code == RX_S_LOADIF)
		load(g, op);
	else
		store(g, op);
}
