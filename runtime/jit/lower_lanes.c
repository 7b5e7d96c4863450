/* lower_lanes.c - host code of IEEE lanes. SPDX-License-Identifier: MIT
 *
 * 128 bits at a time, in the environment of the instruction. Where a lane of the
 * result shows that the guest's may be another one, all of them are done exactly, out
 * of line (exact.c). In 64 bits both halves of a register get the same lanes, lest
 * what is above them raises flags.
 */
#include "base/host.h"
#include "jit/lower_fp.h"
#include "jit/vectors.h"

struct rule {
	uint8_t code;
	uint8_t direction;	/* number of the argument, 0: it does not round */
	bool checked;		/* its result, but where the guest's NaNs are the host's */
	bool tiny;		/* the result may be tiny before it is rounded */
	rx_jit_rrr *f32, *f64;
};

#define X(name) rg_x86_emit_##name##s_xmm_xmm_xmm, rg_x86_emit_##name##d_xmm_xmm_xmm
static const struct rule rules[] = {
	{ RX_S_VFADD, 2, true, false, X(vaddp) },
	{ RX_S_VFSUB, 2, true, false, X(vsubp) },
	{ RX_S_VFMUL, 2, true, true, X(vmulp) },
	{ RX_S_VFDIV, 2, true, true, X(vdivp) },
	{ RX_S_VFMULADD, 3, true, true, X(vfmadd231p) },
	{ RX_S_VFSQRT, 1, true, false, NULL, NULL },
	{ RX_S_VFMINX86, 0, false, false, X(vminp) },
	{ RX_S_VFMAXX86, 0, false, false, X(vmaxp) },
	{ RX_S_VFEQ, 0, false, false, NULL, NULL },
	{ RX_S_VFLT, 0, false, false, NULL, NULL },
	{ RX_S_VFLTQ, 0, false, false, NULL, NULL },
};

static const struct rule *rule_of(const struct rx_smir_op *op)
{
	for (unsigned k = 0; k < sizeof(rules) / sizeof(rules[0]); k++)
		if (rules[k].code == op->code)
			return &rules[k];
	return NULL;
}

bool rx_jit_lowers_lanes(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	const struct rule *r = rule_of(op);

	if (!r || (op->imm != 32 && op->imm != 64))
		return false;
	if (op->code == RX_S_VFMINX86 || op->code == RX_S_VFMAXX86)
		return rx_jit_fp_is_host(op);
	return !r->direction || rx_jit_has_direction(f, op, op->arg[r->direction]);
}

/* A register with 128 bits of an argument. */
static uint8_t operand(struct rx_jit_gen *g, rx_sv v, unsigned k, uint8_t scratch)
{
	const uint8_t x = rx_jit_vec(g, v, k, scratch);

	if (rx_jit_bits_of(g, v) >= RX_JIT_CHUNK)
		return x;
	E(g, vpunpcklqdq_xmm_xmm_xmm, scratch, x, x);
	return scratch;
}

static void compare(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t d, uint8_t a,
		    uint8_t b)
{
	enum { EQ_OQ = 0, LT_OS = 1, LT_OQ = 17 };	/* VCMPPS, "comparison predicates" */
	const unsigned how = op->code == RX_S_VFEQ ? EQ_OQ : op->code == RX_S_VFLT ? LT_OS : LT_OQ;

	if (op->imm == 32)
		E(g, vcmpps_xmm_xmm_xmm_i8, d, a, b, how);
	else
		E(g, vcmppd_xmm_xmm_xmm_i8, d, a, b, how);
}

/* Nothing happens to the arguments, but that xmm0 to xmm2 are lost. */
static void compute(struct rx_jit_gen *g, const struct rx_smir_op *op, const struct rule *r,
		    uint8_t d, const uint8_t x[3])
{
	rx_jit_rrr *const fn = op->imm == 32 ? r->f32 : r->f64;

	if (op->code == RX_S_VFSQRT) {
		if (op->imm == 32)
			E(g, vsqrtps_xmm_xmm, d, x[0]);
		else
			E(g, vsqrtpd_xmm_xmm, d, x[0]);
		return;
	}
	if (!fn) {
		compare(g, op, d, x[0], x[1]);
		return;
	}
	if (op->code == RX_S_VFMULADD) {
		if (x[2] != 0)
			E(g, movaps_xmm_xmm, 0, x[2]);
		rx_jit_wrote(g, fn(g->at, 0, x[0], x[1]));
		if (d != 0)
			E(g, movaps_xmm_xmm, d, 0);
		return;
	}
	rx_jit_wrote(g, fn(g->at, d, x[0], x[1]));
}

/* xmm1: all ones in lanes of xmm0 that are the least normal number, or its negative. */
static void find_least(struct rx_jit_gen *g, unsigned lane)
{
	E(g, vpcmpeqd_xmm_xmm_xmm, 1, 1, 1);
	if (lane == 32) {	/* its exponent is 1; the sign goes */
		E(g, vpsrld_xmm_xmm_i8, 1, 1, 31);
		E(g, vpslld_xmm_xmm_i8, 1, 1, 24);
		E(g, vpaddd_xmm_xmm_xmm, JIT_XMM2, 0, 0);
		E(g, vpcmpeqd_xmm_xmm_xmm, 1, JIT_XMM2, 1);
	} else {
		E(g, vpsrlq_xmm_xmm_i8, 1, 1, 63);
		E(g, vpsllq_xmm_xmm_i8, 1, 1, 53);
		E(g, vpaddq_xmm_xmm_xmm, JIT_XMM2, 0, 0);
		E(g, vpcmpeqq_xmm_xmm_xmm, 1, JIT_XMM2, 1);
	}
}

/* xmm0 is a result of what is at these places; it becomes the guest's. */
static void check(struct rx_jit_gen *g, const struct rx_smir_op *op, bool tiny,
		  const struct rx_jit_place place[4])
{
	enum { UNORD_Q = 3 };

	tiny = tiny && op->env & RX_JIT_ENV_BEFORE;
	if (tiny)
		find_least(g, (unsigned)op->imm);
	if (op->imm == 32)
		E(g, vcmpps_xmm_xmm_xmm_i8, JIT_XMM2, 0, 0, UNORD_Q);
	else
		E(g, vcmppd_xmm_xmm_xmm_i8, JIT_XMM2, 0, 0, UNORD_Q);
	if (tiny)
		E(g, vpor_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, 1);
	E(g, vpmovmskb_r32_xmm, RAX, JIT_XMM2);
	E(g, test_r32_r32, RAX, RAX);
	rx_jit_exact_stub(g, rx_jit_jcc(g, CC_NE), op, place, 0, true);
}

/* Where 128 bits, number k, of the arguments are; they come into registers x. */
static void take_arguments(struct rx_jit_gen *g, const struct rx_smir_op *op, unsigned k,
			   struct rx_jit_place place[4], uint8_t x[3])
{
	const unsigned nargs = rx_smir_ops[op->code].nargs;
	const bool adds = op->code == RX_S_VFMULADD;	/* its sum is made in xmm0 */

	for (unsigned j = 0; j < nargs; j++) {
		if (rx_smir_ops[op->code].arg[j] == RX_I8) {
			place[j] = rx_jit_place_of(g, op->arg[j]);
			continue;
		}
		place[j] = rx_jit_place_vec(g, op->arg[j], k);
		x[j] = operand(g, op->arg[j], k, (uint8_t)(adds ? (j + 1) % 3 : j));
	}
}

void rx_jit_lower_lanes(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rule *r = rule_of(op);
	const unsigned chunks = rx_jit_chunks(g, op->result);
	const bool checked = r->checked && !rx_jit_fp_is_host(op);
	struct rx_jit_place place[4] = { { .kind = 0 } };
	struct rx_px_values to = { 0 };
	uint8_t x[3] = { 0 }, d = 0;

	rx_jit_make_patterns(g, op, rx_smir_ops[op->code].nargs);
	if (r->direction)
		(void)rx_jit_fp_direct(g, op->arg[r->direction]);
	if (chunks > 1)
		to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
	for (unsigned k = 0; k < chunks; k++, to.disp += RX_JIT_CHUNK / 8) {
		take_arguments(g, op, k, place, x);
		if (chunks == 1 && !checked) {
			rx_jit_done_all(g, op);
			d = rx_jit_dest_vec(g, op->result);
		}
		compute(g, op, r, d, x);
		if (checked)
			check(g, op, r->tiny, place);
		if (chunks > 1)
			rx_jit_store_vec(g, &to, d, RX_JIT_CHUNK);
	}
	if (chunks == 1 && !checked)
		return;
	rx_jit_done_all(g, op);
	if (chunks > 1)
		return;
	d = rx_jit_dest_vec(g, op->result);
	E(g, movaps_xmm_xmm, d, 0);
}

/* ---- from integers ------------------------------------------------------- */

/* Width of the integers of RX_S_VSITOF and RX_S_VUITOF */
static unsigned width_of(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	return rx_smir_bits[f->values.at[op->arg[0]]] * (unsigned)op->imm / rx_smir_bits[op->type];
}

bool rx_jit_lowers_numbers(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	return (op->code == RX_S_VSITOF || op->code == RX_S_VUITOF) &&
	       (op->imm == 32 || op->imm == 64) && width_of(f, op) >= 8 &&
	       width_of(f, op) <= 64 && rx_jit_has_direction(f, op, op->arg[1]);
}

/* xmm0 = the lanes of a */
static void signed_32(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t d, uint8_t a,
		      uint8_t b)
{
	(void)op, (void)b;
	E(g, vcvtdq2ps_xmm_xmm, d, a);
}

void rx_jit_lower_numbers(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned lane = (unsigned)op->imm, width = width_of(g->f, op);
	const bool is_signed = op->code == RX_S_VSITOF;
	struct rx_px_values from, to;

	(void)rx_jit_fp_direct(g, op->arg[1]);
	if (is_signed && width == 32 && lane == 32 &&
	    rx_jit_bits_of(g, op->result) >= RX_JIT_CHUNK) {
		rx_jit_by_chunks(g, op, 1, signed_32);
		return;
	}
	from = rx_jit_wide_at(g, op->arg[0]);
	to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
	for (unsigned k = 0; k < rx_jit_bits_of(g, op->result) / lane; k++) {
		rx_jit_load_lane(g, RAX, &from, width, is_signed);
		rx_jit_convert_integer(g, lane == 32, true, is_signed || width < 64, RAX);
		if (lane == 32)
			E(g, movss_m32_xmm, &to, 0);
		else
			E(g, movsd_m64_xmm, &to, 0);
		from = rx_jit_mem_behind(from, width / 8);
		to = rx_jit_mem_behind(to, lane / 8);
	}
	rx_jit_done_all(g, op);
}
