/* lower_vec.c - host code of vector operations. SPDX-License-Identifier: MIT
 *
 * Vectors are in memory (frame.c). What does not care about lanes, sums among it,
 * is done word by word; the rest lane by lane where there are few. Many lanes, and
 * IEEE operations, are a call.
 */
#include "jit/frame.h"
#include "jit/lower.h"

#define LANES 16	/* at most, that are done one by one */

static bool by_words(unsigned code)
{
	switch (code) {
	case RX_S_VAND:
	case RX_S_VOR:
	case RX_S_VXOR:
	case RX_S_VNOT:
	case RX_S_VSELECT:
	case RX_S_VADD:
	case RX_S_VSUB:
	case RX_S_VNEG:
	case RX_S_VSPLAT:
	case RX_S_VIOTA:
		return true;
	default:
		return false;
	}
}

static bool by_lanes(unsigned code)
{
	switch (code) {
	case RX_S_VMUL:
	case RX_S_VSHL:
	case RX_S_VLSHR:
	case RX_S_VASHR:
	case RX_S_VEQ:
	case RX_S_VULT:
	case RX_S_VULE:
	case RX_S_VSLT:
	case RX_S_VSLE:
	case RX_S_VMASK:
	case RX_S_VBITS:
	case RX_S_VZEXT:
	case RX_S_VSEXT:
	case RX_S_VTRUNC:
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

	if (op->code == RX_S_VGET)
		return rx_jit_known(f, op, op->arg[1], &number);
	return by_words(op->code) || (by_lanes(op->code) && lanes_of(op) <= LANES);
}

static struct rx_px_values at(struct rx_px_values m, unsigned bytes)
{
	m.disp += (int32_t)bytes;
	return m;
}

static void done(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	for (unsigned k = 0; k < rx_smir_ops[op->code].nargs; k++)
		rx_jit_done(g, op->arg[k]);
}

/* The place of the result. */
static struct rx_px_values dest(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	return rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
}

/* ---- words --------------------------------------------------------------- */

static uint64_t in_each_lane(uint64_t number, unsigned lane)
{
	uint64_t w = lane < 64 ? number & ((UINT64_C(1) << lane) - 1) : number;

	for (unsigned n = lane; n < 64; n *= 2)
		w |= w << n;
	return w;
}

/*
 * rax + or - [b] by lanes: their top bits are kept out of it, so that nothing is
 * carried from one to the next. Uses rsi, r8; xmm0 has the top bits.
 */
static void sum(struct rx_jit_gen *g, const struct rx_px_values *b, bool subtracts, unsigned lane)
{
	if (lane == 64) {
		if (subtracts)
			E(g, sub_r64_m64, RAX, b);
		else
			E(g, add_r64_m64, RAX, b);
		return;
	}
	E(g, movq_r64_xmm, R8, 0);
	E(g, mov_r64_m64, RSI, b);
	E(g, xor_r64_r64, RSI, RAX);
	if (subtracts)
		E(g, not_r64, RSI);
	E(g, and_r64_r64, RSI, R8);	/* the top bits of the result but for a carry */
	if (subtracts)
		E(g, or_r64_r64, RAX, R8);
	E(g, not_r64, R8);
	if (!subtracts)
		E(g, and_r64_r64, RAX, R8);
	E(g, and_r64_m64, R8, b);
	if (subtracts)
		E(g, sub_r64_r64, RAX, R8);
	else
		E(g, add_r64_r64, RAX, R8);
	E(g, xor_r64_r64, RAX, RSI);
}

static void one_word(struct rx_jit_gen *g, const struct rx_smir_op *op,
		     const struct rx_px_values x[3])
{
	E(g, mov_r64_m64, RAX, &x[0]);
	switch (op->code) {
	case RX_S_VAND:
		E(g, and_r64_m64, RAX, &x[1]);
		break;
	case RX_S_VOR:
		E(g, or_r64_m64, RAX, &x[1]);
		break;
	case RX_S_VXOR:
		E(g, xor_r64_m64, RAX, &x[1]);
		break;
	case RX_S_VNOT:
		E(g, not_r64, RAX);
		break;
	case RX_S_VSELECT:
		E(g, mov_r64_m64, RSI, &x[1]);
		E(g, xor_r64_m64, RSI, &x[2]);
		E(g, and_r64_r64, RAX, RSI);
		E(g, xor_r64_m64, RAX, &x[2]);
		break;
	case RX_S_VNEG:
		E(g, xor_r32_r32, RAX, RAX);
		sum(g, &x[0], true, (unsigned)op->imm);
		break;
	default:
		sum(g, &x[1], op->code == RX_S_VSUB, (unsigned)op->imm);
	}
}

static void words(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values to = dest(g, op);
	const bool sums = op->code == RX_S_VADD || op->code == RX_S_VSUB || op->code == RX_S_VNEG;
	struct rx_px_values from[3] = { to, to, to };

	for (unsigned k = 0; k < rx_smir_ops[op->code].nargs; k++)
		from[k] = rx_jit_wide_at(g, op->arg[k]);
	if (sums && op->imm < 64) {
		rx_jit_number(g, RAX, in_each_lane(UINT64_C(1) << (op->imm - 1),
						   (unsigned)op->imm));
		E(g, movq_xmm_r64, 0, RAX);
	}
	for (unsigned b = 0; b < rx_smir_bits[op->type] / 8u; b += 8) {
		const struct rx_px_values x[3] = { at(from[0], b), at(from[1], b), at(from[2], b) };
		const struct rx_px_values d = at(to, b);

		one_word(g, op, x);
		E(g, mov_m64_r64, &d, RAX);
	}
	done(g, op);
}

static void splat(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned lane = (unsigned)op->imm;
	const struct rx_px_values to = dest(g, op);
	uint64_t number;
	uint8_t x;

	if (rx_jit_constant(g, op->arg[0], &number)) {
		rx_jit_number(g, RAX, in_each_lane(number, lane));
	} else {
		x = rx_jit_use(g, op->arg[0], RAX);
		if (lane == 8)
			E(g, movzx_r32_r8, RAX, x);
		else if (lane == 16)
			E(g, movzx_r32_r16, RAX, x);
		else if (lane == 32)
			E(g, mov_r32_r32, RAX, x);
		else
			rx_jit_move(g, RAX, x);
		if (lane < 64) {
			rx_jit_number(g, RSI, in_each_lane(1, lane));
			E(g, imul_r64_r64, RAX, RSI);
		}
	}
	for (unsigned b = 0; b < rx_smir_bits[op->type] / 8u; b += 8) {
		const struct rx_px_values d = at(to, b);

		E(g, mov_m64_r64, &d, RAX);
	}
	done(g, op);
}

static void iota(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned lane = (unsigned)op->imm, each = 64 / lane;
	const struct rx_px_values to = dest(g, op);

	for (unsigned b = 0; b < rx_smir_bits[op->type] / 8u; b += 8) {
		const struct rx_px_values d = at(to, b);
		uint64_t w = 0;

		for (unsigned k = 0; k < each; k++)
			w |= (uint64_t)(b / 8 * each + k) << k * (lane & 63);
		rx_jit_number(g, RAX, w);
		E(g, mov_m64_r64, &d, RAX);
	}
}

/* ---- lanes --------------------------------------------------------------- */

static void load_lane(struct rx_jit_gen *g, uint8_t d, const struct rx_px_values *m,
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

static void store_lane(struct rx_jit_gen *g, const struct rx_px_values *m, unsigned lane)
{
	if (lane == 8)
		E(g, mov_m8_r8, m, RAX);
	else if (lane == 16)
		E(g, mov_m16_r16, m, RAX);
	else if (lane == 32)
		E(g, mov_m32_r32, m, RAX);
	else
		E(g, mov_m64_r64, m, RAX);
}

/* All ones in rax where rax and rsi compare so, else 0. */
static void relation(struct rx_jit_gen *g, unsigned code)
{
	E(g, cmp_r64_r64, RAX, RSI);
	if (code == RX_S_VEQ)
		E(g, sete_r8, RAX);
	else if (code == RX_S_VULT)
		E(g, setb_r8, RAX);
	else if (code == RX_S_VULE)
		E(g, setbe_r8, RAX);
	else if (code == RX_S_VSLT)
		E(g, setl_r8, RAX);
	else
		E(g, setle_r8, RAX);
	E(g, movzx_r32_r8, RAX, RAX);
	E(g, neg_r64, RAX);
}

/* rax by rsi, both extended to 64 bits. */
static void one_lane(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_VMUL:
		E(g, imul_r64_r64, RAX, RSI);
		return;
	case RX_S_VSHL:
	case RX_S_VLSHR:
	case RX_S_VASHR:
		E(g, and_r32_i32, RSI, op->imm - 1);
		if (op->code == RX_S_VSHL)
			E(g, shlx_r64_r64_r64, RAX, RAX, RSI);
		else if (op->code == RX_S_VLSHR)
			E(g, shrx_r64_r64_r64, RAX, RAX, RSI);
		else
			E(g, sarx_r64_r64_r64, RAX, RAX, RSI);
		return;
	default:
		relation(g, op->code);
	}
}

static void lanes(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool is_signed = op->code == RX_S_VASHR || op->code == RX_S_VSLT ||
			       op->code == RX_S_VSLE;
	const struct rx_px_values to = dest(g, op), a = rx_jit_wide_at(g, op->arg[0]),
				  b = rx_jit_wide_at(g, op->arg[1]);
	const unsigned lane = (unsigned)op->imm;

	for (unsigned k = 0; k < lanes_of(op); k++) {
		const struct rx_px_values x = at(a, k * lane / 8), y = at(b, k * lane / 8),
					  d = at(to, k * lane / 8);

		load_lane(g, RAX, &x, lane, is_signed);
		load_lane(g, RSI, &y, lane, is_signed);
		one_lane(g, op);
		store_lane(g, &d, lane);
	}
	done(g, op);
}

static void resize(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values to = dest(g, op), a = rx_jit_wide_at(g, op->arg[0]);
	const unsigned n = lanes_of(op), lane = (unsigned)op->imm;
	const unsigned from = rx_smir_bits[g->f->values.at[op->arg[0]]] / n;

	for (unsigned k = 0; k < n; k++) {
		const struct rx_px_values x = at(a, k * from / 8), d = at(to, k * lane / 8);

		load_lane(g, RAX, &x, from, op->code == RX_S_VSEXT);
		store_lane(g, &d, lane);
	}
	done(g, op);
}

static void mask(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned lane = (unsigned)op->imm;
	const struct rx_px_values to = dest(g, op);

	rx_jit_move(g, RSI, rx_jit_use(g, op->arg[0], RSI));
	for (unsigned k = 0; k < lanes_of(op); k++) {
		const struct rx_px_values d = at(to, k * lane / 8);

		E(g, bt_r64_i8, RSI, k);
		E(g, sbb_r64_r64, RAX, RAX);
		store_lane(g, &d, lane);
	}
	done(g, op);
}

/* From the last lane to the first, each below those before it. */
static void top_bits(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values a = rx_jit_wide_at(g, op->arg[0]);
	const unsigned lane = (unsigned)op->imm;

	E(g, xor_r32_r32, RAX, RAX);
	for (unsigned k = lanes_of(op); k-- > 0;) {
		const struct rx_px_values x = at(a, k * lane / 8);

		load_lane(g, RSI, &x, lane, true);
		E(g, shl_r64_i8, RSI, 1);	/* the sign is the carry */
		E(g, adc_r64_r64, RAX, RAX);
	}
	done(g, op);
	if (g->uses[op->result])
		rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
}

static void get_lane(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values a = rx_jit_wide_at(g, op->arg[0]);
	const unsigned lane = (unsigned)op->imm;
	struct rx_px_values x;
	uint64_t n = 0;

	(void)rx_jit_known(g->f, op, op->arg[1], &n);
	n &= lanes_of(op) - 1;
	x = at(a, (unsigned)n * lane / 8);
	load_lane(g, RAX, &x, lane, false);
	done(g, op);
	if (g->uses[op->result])
		rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
}

void rx_jit_lower_vec(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_VSPLAT:
		splat(g, op);
		break;
	case RX_S_VIOTA:
		iota(g, op);
		break;
	case RX_S_VGET:
		get_lane(g, op);
		break;
	case RX_S_VMASK:
		mask(g, op);
		break;
	case RX_S_VBITS:
		top_bits(g, op);
		break;
	case RX_S_VZEXT:
	case RX_S_VSEXT:
	case RX_S_VTRUNC:
		resize(g, op);
		break;
	default:
		if (by_words(op->code))
			words(g, op);
		else
			lanes(g, op);
	}
}
