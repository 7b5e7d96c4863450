/* lower_shape.c - what makes and moves lanes. SPDX-License-Identifier: MIT */
#include "jit/vectors.h"

typedef unsigned two_regs(uint8_t *out, uint8_t d, uint8_t a, uint8_t b);

/* The lane at the bottom of xmm register d comes into all lanes of it; uses xmm2. */
static void spread(struct rx_jit_gen *g, uint8_t d, unsigned lane)
{
	switch (lane) {
	case 8:
		E(g, vpxor_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, JIT_XMM2);
		E(g, vpshufb_xmm_xmm_xmm, d, d, JIT_XMM2);
		break;
	case 16:
		E(g, vpunpcklwd_xmm_xmm_xmm, d, d, d);
		E(g, vpshufd_xmm_xmm_i8, d, d, 0);
		break;
	case 32:
		E(g, vpshufd_xmm_xmm_i8, d, d, 0);
		break;
	default:
		E(g, vpunpcklqdq_xmm_xmm_xmm, d, d, d);
	}
}

static void splat(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	uint64_t number;
	uint8_t d, x;

	if (rx_jit_constant(g, op->arg[0], &number)) {
		rx_jit_done(g, op->arg[0]);
		g->loc[op->result] = (struct rx_jit_loc){ .kind = JIT_PATTERN };
		return;
	}
	x = rx_jit_use(g, op->arg[0], RAX);
	d = rx_jit_dest_vec(g, op->result);
	E(g, vmovq_xmm_r64, d, x);
	spread(g, d, (unsigned)op->imm);
	rx_jit_done(g, op->arg[0]);
}

static void iota(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned lane = (unsigned)op->imm, each = 64 / lane;
	const struct rx_px_values to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));

	for (unsigned b = 0; b < rx_jit_bits_of(g, op->result) / 8; b += 8) {
		const struct rx_px_values d = rx_jit_mem_behind(to, b);
		uint64_t w = 0;

		for (unsigned k = 0; k < each; k++)
			w |= (uint64_t)(b / 8 * each + k) << k * (lane & 63);
		rx_jit_number(g, RAX, w);
		E(g, mov_m64_r64, &d, RAX);
	}
}

/* ---- masks --------------------------------------------------------------- */

/* Bits from number `first` on of rsi, one for each lane, in d. Uses xmm1, xmm2, rax. */
static void mask_chunk(struct rx_jit_gen *g, uint8_t d, unsigned lane, unsigned first)
{
	static two_regs *const eq[] = {
		rg_x86_emit_vpcmpeqb_xmm_xmm_xmm, rg_x86_emit_vpcmpeqw_xmm_xmm_xmm,
		rg_x86_emit_vpcmpeqd_xmm_xmm_xmm, rg_x86_emit_vpcmpeqq_xmm_xmm_xmm,
	};
	uint64_t bit[2] = { 0, 0 };

	for (unsigned k = 0; k < RX_JIT_CHUNK / lane; k++)
		bit[k * lane / 64] |= UINT64_C(1) << (k & 7) << (k * lane & 63);
	rx_jit_move(g, RAX, RSI);
	if (first)
		E(g, shr_r64_i8, RAX, first);
	E(g, vmovq_xmm_r64, 1, RAX);
	/* each byte has the bits of its lane, and others */
	rx_jit_vec_number(g, JIT_XMM2, 0, lane == 8 ? rx_jit_in_each_lane(1, 8) : 0, d);
	E(g, vpshufb_xmm_xmm_xmm, 1, 1, JIT_XMM2);
	rx_jit_vec_number(g, JIT_XMM2, bit[0], bit[1], d);
	E(g, vpand_xmm_xmm_xmm, 1, 1, JIT_XMM2);
	rx_jit_wrote(g, eq[__builtin_ctz(lane) - 3](g->at, d, 1, JIT_XMM2));
}

static void mask(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned chunks = rx_jit_chunks(g, op->result), lane = (unsigned)op->imm;
	struct rx_px_values to = { 0 };

	rx_jit_move(g, RSI, rx_jit_use(g, op->arg[0], RSI));
	rx_jit_done_all(g, op);
	if (chunks == 1) {
		mask_chunk(g, rx_jit_dest_vec(g, op->result), lane, 0);
		return;
	}
	to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
	for (unsigned k = 0; k < chunks; k++, to.disp += RX_JIT_CHUNK / 8) {
		mask_chunk(g, 0, lane, k * RX_JIT_CHUNK / lane);
		rx_jit_store_vec(g, &to, 0, RX_JIT_CHUNK);
	}
}

/* The top bits of the lanes of x in d; uses xmm2. */
static void bits_chunk(struct rx_jit_gen *g, uint8_t d, uint8_t x, unsigned lane)
{
	switch (lane) {
	case 8:
		E(g, vpmovmskb_r32_xmm, d, x);
		break;
	case 16:
		E(g, vpacksswb_xmm_xmm_xmm, JIT_XMM2, x, x);
		E(g, vpmovmskb_r32_xmm, d, JIT_XMM2);
		E(g, movzx_r32_r8, d, d);
		break;
	case 32:
		E(g, vmovmskps_r32_xmm, d, x);
		break;
	default:
		E(g, vmovmskpd_r32_xmm, d, x);
	}
}

static void top_bits(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned lane = (unsigned)op->imm, bits = rx_jit_bits_of(g, op->arg[0]);
	const unsigned chunks = rx_jit_chunks(g, op->arg[0]);

	rx_jit_make_patterns(g, op, 1);
	for (unsigned k = 0; k < chunks; k++) {
		bits_chunk(g, k ? RSI : RAX, rx_jit_vec(g, op->arg[0], k, 0), lane);
		if (!k)
			continue;
		E(g, shl_r64_i8, RSI, k * RX_JIT_CHUNK / lane);
		E(g, or_r64_r64, RAX, RSI);
	}
	if (bits < RX_JIT_CHUNK)	/* what is above is none of it */
		E(g, and_r32_i32, RAX, (1u << bits / lane) - 1);
	rx_jit_done_all(g, op);
	if (g->uses[op->result])
		rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
}

/* ---- lanes by number ----------------------------------------------------- */

/* Of a table of 64 bits to 256. */
static bool lowers_permute(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	return rx_smir_bits[f->values.at[op->arg[0]]] <= 256;
}

/* xmm2: numbers of bytes for chunk k of those of lanes. Uses xmm0 and xmm1. */
static void find_bytes(struct rx_jit_gen *g, const struct rx_smir_op *op, unsigned k)
{
	static const uint64_t lowest[2][4] = {	/* of each lane, by its width */
		{ 0, UINT64_C(0x0606040402020000), UINT64_C(0x0404040400000000), 0 },
		{ 0, UINT64_C(0x0e0e0c0c0a0a0808), UINT64_C(0x0c0c0c0c08080808),
		  UINT64_C(0x0808080808080808) },
	};
	static const uint64_t inside[4] = {	/* a lane its bytes are at ... */
		0, UINT64_C(0x0100010001000100), UINT64_C(0x0302010003020100),
		UINT64_C(0x0706050403020100)
	};
	const unsigned lane = (unsigned)op->imm, lanes = rx_jit_bits_of(g, op->arg[0]) / lane;
	const uint64_t most = rx_jit_in_each_lane(lanes - 1, lane);
	const unsigned by = (unsigned)__builtin_ctz(lane) - 3;
	uint8_t x;

	rx_jit_vec_number(g, JIT_XMM2, most, most, JIT_XMM2);
	x = rx_jit_vec(g, op->arg[1], k, 1);
	E(g, vpand_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, x);
	if (!by)
		return;
	E(g, vpsllw_xmm_xmm_i8, JIT_XMM2, JIT_XMM2, by);	/* in the lowest byte of each */
	rx_jit_vec_number(g, 1, lowest[0][by], lowest[1][by], 0);
	E(g, vpshufb_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, 1);
	rx_jit_vec_number(g, 1, inside[by], inside[by], 0);
	E(g, vpor_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, 1);
}

/* xmm2: numbers of bytes, as above; xmm0 and xmm1: those of both halves of the table. */
static void look_in_halves(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	uint8_t x;

	for (uint8_t k = 0; k < 2; k++) {
		x = rx_jit_vec(g, op->arg[0], k, k);
		E(g, vpshufb_xmm_xmm_xmm, k, x, JIT_XMM2);
	}
	E(g, vpsllw_xmm_xmm_i8, JIT_XMM2, JIT_XMM2, 3);	/* bit 4 chooses the half: on top */
}

static void permute(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool halves = rx_jit_bits_of(g, op->arg[0]) > RX_JIT_CHUNK;
	const unsigned chunks = rx_jit_chunks(g, op->result);
	struct rx_px_values to = { 0 };
	uint8_t x = 0, d = 0;

	rx_jit_make_patterns(g, op, 2);
	if (chunks > 1)
		to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
	for (unsigned k = 0; k < chunks; k++, to.disp += RX_JIT_CHUNK / 8) {
		find_bytes(g, op, k);
		if (halves)
			look_in_halves(g, op);
		else
			x = rx_jit_vec(g, op->arg[0], 0, 0);
		if (chunks == 1) {
			rx_jit_done_all(g, op);
			d = rx_jit_dest_vec(g, op->result);
		}
		if (halves)
			E(g, vpblendvb_xmm_xmm_xmm_xmm, d, 0, 1, JIT_XMM2);
		else
			E(g, vpshufb_xmm_xmm_xmm, d, x, JIT_XMM2);
		if (chunks > 1)
			rx_jit_store_vec(g, &to, d, RX_JIT_CHUNK);
	}
	if (chunks > 1)
		rx_jit_done_all(g, op);
}

/* ---- what there is ------------------------------------------------------- */

bool rx_jit_lowers_shape(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_VSPLAT:
	case RX_S_VIOTA:
	case RX_S_VMASK:
	case RX_S_VBITS:
	case RX_S_VZEXT:
	case RX_S_VSEXT:
	case RX_S_VTRUNC:
		return true;
	case RX_S_VPERM:
		return lowers_permute(f, op);
	default:
		return false;
	}
}

void rx_jit_lower_shape(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_VSPLAT:
		splat(g, op);
		break;
	case RX_S_VIOTA:
		iota(g, op);
		break;
	case RX_S_VMASK:
		mask(g, op);
		break;
	case RX_S_VBITS:
		top_bits(g, op);
		break;
	case RX_S_VPERM:
		permute(g, op);
		break;
	default:
		rx_jit_lower_width(g, op);
	}
}
