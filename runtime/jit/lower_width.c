/* lower_width.c - lanes that become wider and narrower. SPDX-License-Identifier: MIT */
#include "jit/vectors.h"

typedef unsigned from_reg(uint8_t *out, uint8_t d, uint8_t a);
typedef unsigned from_memory(uint8_t *out, uint8_t d, const struct rx_px_values *m);

/* ---- wider lanes --------------------------------------------------------- */

#define X(name, m) { rg_x86_emit_##name##_xmm_xmm, rg_x86_emit_##name##_xmm_m##m }
static const struct widening {
	from_reg *reg;
	from_memory *memory;
} widenings[2][3][3] = {	/* signed; from 8, 16, 32; to 2, 4, 8 times that */
	{ { X(vpmovzxbw, 64), X(vpmovzxbd, 32), X(vpmovzxbq, 16) },
	  { X(vpmovzxwd, 64), X(vpmovzxwq, 32), { NULL, NULL } },
	  { X(vpmovzxdq, 64), { NULL, NULL }, { NULL, NULL } } },
	{ { X(vpmovsxbw, 64), X(vpmovsxbd, 32), X(vpmovsxbq, 16) },
	  { X(vpmovsxwd, 64), X(vpmovsxwq, 32), { NULL, NULL } },
	  { X(vpmovsxdq, 64), { NULL, NULL }, { NULL, NULL } } },
};
#undef X

static void widen(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned bits = rx_jit_bits_of(g, op->result), lane = (unsigned)op->imm;
	const unsigned times = bits / rx_jit_bits_of(g, op->arg[0]), from = lane / times;
	const unsigned chunks = rx_jit_chunks(g, op->result);
	const struct widening *w = &widenings[op->code == RX_S_VSEXT][__builtin_ctz(from) - 3]
					     [__builtin_ctz(times) - 1];
	struct rx_px_values to, m;
	uint8_t x, d;

	if (chunks == 1) {
		rx_jit_make_patterns(g, op, 1);
		x = rx_jit_vec(g, op->arg[0], 0, 0);
		rx_jit_done_all(g, op);
		d = rx_jit_dest_vec(g, op->result);
		rx_jit_wrote(g, w->reg(g->at, d, x));
		return;
	}
	m = rx_jit_wide_at(g, op->arg[0]);
	to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
	for (unsigned k = 0; k < chunks; k++) {
		rx_jit_wrote(g, w->memory(g->at, 0, &m));
		rx_jit_store_vec(g, &to, 0, RX_JIT_CHUNK);
		m.disp += (int32_t)(RX_JIT_CHUNK / 8 / times);
		to.disp += RX_JIT_CHUNK / 8;
	}
	rx_jit_done_all(g, op);
}

/* ---- narrower lanes ------------------------------------------------------ */

/* d: the lower halves of the lanes of d and b, which may be the same, or m. Uses xmm2. */
static void halve(struct rx_jit_gen *g, uint8_t d, uint8_t b, const struct rx_px_values *m,
		  unsigned lane)
{
	if (lane == 64) {
		if (m)
			E(g, vpshufd_xmm_m128_i8, JIT_XMM2, m, 0x88);
		else
			E(g, vpshufd_xmm_xmm_i8, JIT_XMM2, b, 0x88);
		E(g, vpshufd_xmm_xmm_i8, d, d, 0x88);
		E(g, vpunpcklqdq_xmm_xmm_xmm, d, d, JIT_XMM2);
		return;
	}
	E(g, vpcmpeqd_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, JIT_XMM2);
	if (lane == 32)
		E(g, vpsrld_xmm_xmm_i8, JIT_XMM2, JIT_XMM2, 16);
	else
		E(g, vpsrlw_xmm_xmm_i8, JIT_XMM2, JIT_XMM2, 8);
	E(g, vpand_xmm_xmm_xmm, d, d, JIT_XMM2);
	if (m)
		E(g, vpand_xmm_xmm_m128, JIT_XMM2, JIT_XMM2, m);
	else
		E(g, vpand_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, b);
	if (lane == 32)
		E(g, vpackusdw_xmm_xmm_xmm, d, d, JIT_XMM2);
	else
		E(g, vpackuswb_xmm_xmm_xmm, d, d, JIT_XMM2);
}

/* d: two chunks of the argument, which is in memory, from number `first` on. */
static void halve_pair(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t d,
		       unsigned first, unsigned lane)
{
	const struct rx_px_values m = rx_jit_mem_behind(rx_jit_wide_at(g, op->arg[0]),
					     first * RX_JIT_CHUNK / 8);
	const struct rx_px_values next = rx_jit_mem_behind(m, RX_JIT_CHUNK / 8);

	E(g, vmovdqu_xmm_m128, d, &m);
	halve(g, d, d, &next, lane);
}

/* Half as many chunks each time, until lanes are as wide as the result's. */
static void narrow(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned bits = rx_jit_bits_of(g, op->result), lane = (unsigned)op->imm;
	const unsigned from = lane * (rx_jit_bits_of(g, op->arg[0]) / bits);
	const unsigned chunks = rx_jit_chunks(g, op->arg[0]);
	struct rx_px_values to;
	uint8_t x;

	if (bits > RX_JIT_CHUNK) {	/* 512 to 256 */
		(void)rx_jit_wide_at(g, op->arg[0]);
		to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
		for (unsigned k = 0; k < chunks; k += 2, to.disp += RX_JIT_CHUNK / 8) {
			halve_pair(g, op, 0, k, from);
			rx_jit_store_vec(g, &to, 0, RX_JIT_CHUNK);
		}
		rx_jit_done_all(g, op);
		return;
	}
	if (chunks == 1) {
		rx_jit_make_patterns(g, op, 1);
		x = rx_jit_vec(g, op->arg[0], 0, 0);
		if (x)
			E(g, vmovdqa_xmm_xmm, 0, x);
		halve(g, 0, 0, NULL, from);
	} else {
		halve_pair(g, op, 0, 0, from);
		if (chunks > 2) {
			halve_pair(g, op, 1, 2, from);
			halve(g, 0, 1, NULL, from / 2);
		}
	}
	for (unsigned w = from / (chunks == 1 ? 2 : chunks); w > lane; w /= 2)
		halve(g, 0, 0, NULL, w);
	rx_jit_done_all(g, op);
	x = rx_jit_dest_vec(g, op->result);
	E(g, vmovdqa_xmm_xmm, x, 0);
}

void rx_jit_lower_width(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	if (op->code == RX_S_VTRUNC)
		narrow(g, op);
	else
		widen(g, op);
}
