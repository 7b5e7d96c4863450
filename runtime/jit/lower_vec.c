/* lower_vec.c - host code of vector operations. SPDX-License-Identifier: MIT
 *
 * What the host has no instructions for is done lane by lane where there are few.
 * Many lanes are a call.
 */
#include "core/vm.h"
#include "jit/vectors.h"

#define LANES 16	/* at most, that are done one by one */

static bool by_lanes(unsigned code)
{
	switch (code) {
	case RX_S_VMUL:
	case RX_S_VSHL:
	case RX_S_VLSHR:
	case RX_S_VASHR:
		return true;
	default:
		return false;
	}
}

static unsigned lanes_of(const struct rx_smir_op *op)
{
	return rx_smir_bits[op->type] / (unsigned)op->imm;
}

bool rx_jit_lowers_vec(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	uint64_t number;

	if (op->code < RX_S_VSPLAT || op->code > RX_S_VUITOF)
		return false;
	if (op->code == RX_S_VGET)
		return rx_jit_known(f, op, op->arg[1], &number);
	return rx_jit_lowers_lanes(f, op) || rx_jit_lowers_numbers(f, op) ||
	       rx_jit_lowers_sse(f, op, 0) || rx_jit_lowers_shape(f, op) ||
	       (by_lanes(op->code) && lanes_of(op) <= LANES);
}

static struct rx_px_values at(struct rx_px_values m, unsigned bytes)
{
	m.disp += (int32_t)bytes;
	return m;
}

/* ---- lanes --------------------------------------------------------------- */

void rx_jit_load_lane(struct rx_jit_gen *g, uint8_t d, const struct rx_px_values *m,
		      unsigned lane, bool is_signed)
{
	if (lane == 8 && is_signed)
		E(g, movsx_r64_m8, d, m);
	else if (lane == 8)
		E(g, movzx_r32_m8, d, m);
	else if (lane == 16 && is_signed)
		E(g, movsx_r64_m16, d, m);
	else if (lane == 16)
		E(g, movzx_r32_m16, d, m);
	else if (lane == 32 && is_signed)
		E(g, movsxd_r64_m32, d, m);
	else if (lane == 32)
		E(g, mov_r32_m32, d, m);
	else
		E(g, mov_r64_m64, d, m);
}

/* rax by rsi, both extended to 64 bits. */
static void one_lane(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	if (op->code == RX_S_VMUL) {
		E(g, imul_r64_r64, RAX, RSI);
		return;
	}
	E(g, and_r32_i32, RSI, op->imm - 1);
	if (op->code == RX_S_VSHL)
		E(g, shlx_r64_r64_r64, RAX, RAX, RSI);
	else if (op->code == RX_S_VLSHR)
		E(g, shrx_r64_r64_r64, RAX, RAX, RSI);
	else
		E(g, sarx_r64_r64_r64, RAX, RAX, RSI);
}

static void lanes(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool is_signed = op->code == RX_S_VASHR;
	const struct rx_px_values a = rx_jit_wide_at(g, op->arg[0]),
				  b = rx_jit_wide_at(g, op->arg[1]),
				  to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
	const unsigned lane = (unsigned)op->imm;

	for (unsigned k = 0; k < lanes_of(op); k++) {
		const struct rx_px_values x = at(a, k * lane / 8), y = at(b, k * lane / 8),
					  d = at(to, k * lane / 8);

		rx_jit_load_lane(g, RAX, &x, lane, is_signed);
		rx_jit_load_lane(g, RSI, &y, lane, is_signed);
		one_lane(g, op);
		rx_jit_store(g, &d, RAX, lane);
	}
	rx_jit_done_all(g, op);
}

/* The lane of this number of an xmm register, in rax. */
static void get_of_register(struct rx_jit_gen *g, uint8_t x, unsigned n, unsigned lane)
{
	const unsigned word = n * lane / 32 % 4, low = n * lane % 32;

	if (lane == 64) {
		if (word)
			E(g, vpunpckhqdq_xmm_xmm_xmm, 0, x, x);
		E(g, vmovq_r64_xmm, RAX, word ? 0 : x);
		return;
	}
	if (word)
		E(g, vpshufd_xmm_xmm_i8, 0, x, word);
	E(g, vmovd_r32_xmm, RAX, word ? 0 : x);
	if (low)
		E(g, shr_r32_i8, RAX, low);
	if (lane == 8)
		E(g, movzx_r32_r8, RAX, RAX);
	else if (lane == 16)
		E(g, movzx_r32_r16, RAX, RAX);
}

static void get_lane(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned lane = (unsigned)op->imm;
	struct rx_px_values x;
	uint64_t n = 0;

	(void)rx_jit_known(g->f, op, op->arg[1], &n);
	n &= lanes_of(op) - 1;
	rx_jit_make_patterns(g, op, 1);
	if (g->loc[op->arg[0]].kind == JIT_XMM) {
		get_of_register(g, g->loc[op->arg[0]].reg, (unsigned)n, lane);
	} else {
		x = at(rx_jit_wide_at(g, op->arg[0]), (unsigned)n * lane / 8);
		rx_jit_load_lane(g, RAX, &x, lane, false);
	}
	rx_jit_done_all(g, op);
	if (g->uses[op->result])
		rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
}

void rx_jit_lower_vec(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	if (op->code == RX_S_VGET)
		get_lane(g, op);
	else if (rx_jit_lowers_shape(g->f, op))
		rx_jit_lower_shape(g, op);
	else if (rx_jit_lowers_lanes(g->f, op))
		rx_jit_lower_lanes(g, op);
	else if (rx_jit_lowers_numbers(g->f, op))
		rx_jit_lower_numbers(g, op);
	else if (rx_jit_lowers_sse(g->f, op, g->j->cpu->vm->host))
		rx_jit_lower_sse(g, op);
	else
		lanes(g, op);
}
