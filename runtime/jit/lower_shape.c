/* lower_shape.c - what moves lanes, widens and narrows them. SPDX-License-Identifier: MIT */
#include "jit/vectors.h"

typedef unsigned two_regs(uint8_t *out, uint8_t d, uint8_t a, uint8_t b);
typedef unsigned from_reg(uint8_t *out, uint8_t d, uint8_t a);
typedef unsigned from_memory(uint8_t *out, uint8_t d, const struct rx_px_values *m);

static unsigned bits_of(const struct rx_jit_gen *g, rx_sv v)
{
	return rx_smir_bits[g->f->values.at[v]];
}

static void done(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	for (unsigned k = 0; k < rx_smir_ops[op->code].nargs; k++)
		rx_jit_done(g, op->arg[k]);
}

static struct rx_px_values behind(struct rx_px_values m, unsigned bytes)
{
	m.disp += (int32_t)bytes;
	return m;
}

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

	for (unsigned b = 0; b < bits_of(g, op->result) / 8; b += 8) {
		const struct rx_px_values d = behind(to, b);
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
	done(g, op);
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
	const unsigned lane = (unsigned)op->imm, bits = bits_of(g, op->arg[0]);
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
	done(g, op);
	if (g->uses[op->result])
		rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
}

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
	const unsigned bits = bits_of(g, op->result), lane = (unsigned)op->imm;
	const unsigned times = bits / bits_of(g, op->arg[0]), from = lane / times;
	const unsigned chunks = rx_jit_chunks(g, op->result);
	const struct widening *w = &widenings[op->code == RX_S_VSEXT][__builtin_ctz(from) - 3]
					     [__builtin_ctz(times) - 1];
	struct rx_px_values to, m;
	uint8_t x;

	if (chunks == 1) {
		rx_jit_make_patterns(g, op, 1);
		x = rx_jit_vec(g, op->arg[0], 0, 0);
		done(g, op);
		rx_jit_wrote(g, w->reg(g->at, rx_jit_dest_vec(g, op->result), x));
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
	done(g, op);
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
	const struct rx_px_values m = behind(rx_jit_wide_at(g, op->arg[0]),
					     first * RX_JIT_CHUNK / 8);
	const struct rx_px_values next = behind(m, RX_JIT_CHUNK / 8);

	E(g, vmovdqu_xmm_m128, d, &m);
	halve(g, d, d, &next, lane);
}

/* Half as many chunks each time, until lanes are as wide as the result's. */
static void narrow(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned bits = bits_of(g, op->result), lane = (unsigned)op->imm;
	const unsigned from = lane * (bits_of(g, op->arg[0]) / bits);
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
		done(g, op);
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
	done(g, op);
	E(g, vmovdqa_xmm_xmm, rx_jit_dest_vec(g, op->result), 0);
}

/* ---- lanes by number ----------------------------------------------------- */

/* Bytes, of a table of 64 bits to 256. */
static bool lowers_permute(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	const unsigned table = rx_smir_bits[f->values.at[op->arg[0]]];

	return op->imm == 8 && rx_smir_bits[op->type] <= 256 && table <= 256;
}

/* Chunk k of the numbers; all but the last instruction. Who has the table's register? */
static uint8_t permute_chunk(struct rx_jit_gen *g, const struct rx_smir_op *op, unsigned k)
{
	const unsigned lanes = bits_of(g, op->arg[0]) / 8;
	const uint64_t most = rx_jit_in_each_lane(lanes < 16 ? lanes - 1 : 15, 8);
	uint8_t x, i = rx_jit_vec(g, op->arg[1], k, 1);

	rx_jit_vec_number(g, JIT_XMM2, most, most, JIT_XMM2);
	E(g, vpand_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, i);
	x = rx_jit_vec(g, op->arg[0], 0, 0);
	if (lanes <= 16)
		return x;
	E(g, vpshufb_xmm_xmm_xmm, 0, x, JIT_XMM2);
	x = rx_jit_vec(g, op->arg[0], 1, 1);
	E(g, vpshufb_xmm_xmm_xmm, JIT_XMM2, x, JIT_XMM2);
	i = rx_jit_vec(g, op->arg[1], k, 1);
	E(g, vpsllw_xmm_xmm_i8, 1, i, 3);	/* bit 4 chooses the half: on top */
	return x;
}

static void permute(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool halves = bits_of(g, op->arg[0]) > RX_JIT_CHUNK;
	const unsigned chunks = rx_jit_chunks(g, op->result);
	struct rx_px_values to = { 0 };
	uint8_t x, d = 0;

	rx_jit_make_patterns(g, op, 2);
	if (chunks > 1)
		to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
	for (unsigned k = 0; k < chunks; k++, to.disp += RX_JIT_CHUNK / 8) {
		x = permute_chunk(g, op, k);
		if (chunks == 1) {
			done(g, op);
			d = rx_jit_dest_vec(g, op->result);
		}
		if (halves)
			E(g, vpblendvb_xmm_xmm_xmm_xmm, d, 0, JIT_XMM2, 1);
		else
			E(g, vpshufb_xmm_xmm_xmm, d, x, JIT_XMM2);
		if (chunks > 1)
			rx_jit_store_vec(g, &to, d, RX_JIT_CHUNK);
	}
	if (chunks > 1)
		done(g, op);
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
	case RX_S_VTRUNC:
		narrow(g, op);
		break;
	case RX_S_VPERM:
		permute(g, op);
		break;
	default:
		widen(g, op);
	}
}
