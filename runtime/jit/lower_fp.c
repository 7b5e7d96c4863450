/* lower_fp.c - host code of IEEE operations. SPDX-License-Identifier: MIT
 *
 * They are the host's own: nearest-even, flags sticky in MXCSR while guest code
 * runs. What differs are NaNs, where the guest has one canonical result. The
 * host hands an operand's NaN on, so results go on as they are and are mended
 * only where somebody may look at the bits (rx_jit_clean()).
 */
#include "fp/fp.h"
#include "fp/host.h"
#include "jit/lower_fp.h"

static bool main_type(unsigned type)
{
	return type == RX_I32 || type == RX_I64;
}

bool rx_jit_has_direction(const struct rx_smir_fn *f, const struct rx_smir_op *op, rx_sv v)
{
	uint64_t direction;

	return rx_jit_known(f, op, v, &direction) && direction <= RX_RUP;
}

static bool ieee(unsigned type)
{
	return type == RX_I16 || main_type(type);
}

/* Is no such conversion rounded? */
static bool widens(unsigned to, unsigned from)
{
	return rx_smir_bits[to] > rx_smir_bits[from];
}

/* Between formats: the host has no single step from 64 bits to 16. */
static bool converts(const struct rx_smir_fn *f, const struct rx_smir_op *op, unsigned from)
{
	if (op->type == from || (op->type == RX_I16 && from == RX_I64))
		return false;
	return widens(op->type, from) || rx_jit_has_direction(f, op, op->arg[1]);
}

bool rx_jit_fp_is_host(const struct rx_smir_op *op)
{
	return rx_jit_fp_nan(op) == RX_NAN_SSE;
}

bool rx_jit_lowers_fp(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	const unsigned from = f->values.at[op->arg[0]];
	uint64_t point;

	/* the host says DE of numbers of 16 bits, but not when it computes with 32 */
	if (rx_jit_is_half(f, op) && op->code != RX_S_FCVT && op->code != RX_S_FCLASS &&
	    rx_jit_fp_is_host(op))
		return false;
	switch (op->code) {
	case RX_S_FADD:
	case RX_S_FSUB:
	case RX_S_FMUL:
	case RX_S_FDIV:
		return ieee(op->type) && rx_jit_has_direction(f, op, op->arg[2]);
	case RX_S_FMULADD:
		return main_type(op->type) && rx_jit_has_direction(f, op, op->arg[3]);
	case RX_S_FSQRT:
	case RX_S_FRINT:
	case RX_S_FRINTX:
		return ieee(op->type) && rx_jit_has_direction(f, op, op->arg[1]);
	case RX_S_FTOSI:
	case RX_S_FTOUI:
		return rx_jit_has_direction(f, op, op->arg[1]);
	case RX_S_FCVT:
		return converts(f, op, from);
	case RX_S_SITOF:
	case RX_S_UITOF:
		return widens(op->type, from) || rx_jit_has_direction(f, op, op->arg[1]);
	case RX_S_SFIXTOF:
	case RX_S_UFIXTOF:
		return main_type(op->type) && main_type(from) &&
		       rx_jit_known(f, op, op->arg[1], &point) &&
		       (widens(op->type, from) || rx_jit_has_direction(f, op, op->arg[2]));
	case RX_S_FTOSFIX:
	case RX_S_FTOUFIX:
		return main_type(op->type) && main_type(from) &&
		       rx_jit_lowers_to_fixed(f, op) && rx_jit_has_direction(f, op, op->arg[2]);
	case RX_S_FTOSIMOD:
		return main_type(from);
	case RX_S_FCLASS:
		return true;
	case RX_S_FMINNUM:
	case RX_S_FMAXNUM:
	case RX_S_FMIN:
	case RX_S_FMAX:
	case RX_S_FMINNUM08:
	case RX_S_FMAXNUM08:
		return !rx_jit_fp_is_host(op);
	case RX_S_FMINX86:
	case RX_S_FMAXX86:
		return rx_jit_fp_is_host(op);
	case RX_S_FORDER:
	case RX_S_FORDERQ:
	case RX_S_FEQ:
	case RX_S_FLT:
	case RX_S_FLE:
	case RX_S_FLTQ:
	case RX_S_FLEQ:
		return true;
	case RX_S_FPREAD:
	case RX_S_FPWRITE:
		return f->isa->fp_read;
	default:
		return false;
	}
}

void rx_jit_settle_direction(struct rx_jit_gen *g)
{
	rx_jit_direct(g, g->direction, RX_RNE);
	g->direction = RX_RNE;
}

unsigned rx_jit_fp_direct(struct rx_jit_gen *g, rx_sv v)
{
	uint64_t to = RX_RNE;

	if (!rx_jit_constant(g, v, &to) || to > RX_RUP)
		g->failed = true;
	else
		rx_jit_direct(g, g->direction, (unsigned)to);
	g->direction = (unsigned)to;
	return (unsigned)to;
}

uint8_t rx_jit_fp_operand(struct rx_jit_gen *g, rx_sv v, bool single, uint8_t scratch)
{
	if (g->f->values.at[v] == RX_I16) {
		rx_jit_widen(g, v, scratch);
		return scratch;
	}
	return single ? rx_jit_use_xmm(g, v, scratch) : rx_jit_use_raw(g, v, scratch);
}

/* Where the result, now in xmm0, goes. */
void rx_jit_fp_result(struct rx_jit_gen *g, const struct rx_smir_op *op, bool raw)
{
	bool xmm = true;
	const uint8_t d = rx_jit_dest_any(g, op->result, true, &xmm);
	struct rx_jit_loc *l = &g->loc[op->result];

	if (!xmm) {
		if (raw) {
			E(g, ucomisd_xmm_xmm, 0, 0);
			rx_jit_nan_stub(g, rx_jit_jcc(g, CC_P), 0, false);
		}
		E(g, movq_r64_xmm, d, 0);
		return;
	}
	E(g, movaps_xmm_xmm, d, 0);
	if (raw && l->kind == JIT_HOME)
		g->raw |= 1u << l->home;
	l->raw = raw;
}

/*
 * The result in xmm0, of arguments in these places, may be another one of the guest's: a
 * NaN, or, where it would be tiny before it is rounded, the least normal number.
 */
static void finish(struct rx_jit_gen *g, const struct rx_smir_op *op,
		   const struct rx_jit_place place[4], bool tiny)
{
	const bool single = op->type == RX_I32;

	if (rx_jit_fp_is_host(op))
		return;
	if (single)
		E(g, ucomiss_xmm_xmm, 0, 0);
	else
		E(g, ucomisd_xmm_xmm, 0, 0);
	rx_jit_exact_stub(g, rx_jit_jcc(g, CC_P), op, place, 0, true);
	if (!tiny || !(op->env & RX_JIT_ENV_BEFORE))
		return;
	/* without its sign, turned so that it is 1 */
	if (single) {
		E(g, movd_r32_xmm, RAX, 0);
		E(g, add_r32_r32, RAX, RAX);
		E(g, rol_r32_i8, RAX, 8);
	} else {
		E(g, movq_r64_xmm, RAX, 0);
		E(g, add_r64_r64, RAX, RAX);
		E(g, rol_r64_i8, RAX, 11);
	}
	E(g, cmp_r64_i8, RAX, 1);
	rx_jit_exact_stub(g, rx_jit_jcc(g, CC_E), op, place, 0, true);
}

/* Where the arguments are, until the result has a place. */
static void places(struct rx_jit_gen *g, const struct rx_smir_op *op, struct rx_jit_place *p)
{
	for (unsigned k = 0; k < rx_smir_ops[op->code].nargs; k++)
		p[k] = rx_jit_place_of(g, op->arg[k]);
}

/* May more be looked at than NaNs, or is it not RISC-V's canonical one? */
static bool is_checked(const struct rx_smir_op *op)
{
	return op->env || op->type == RX_I16;
}

/* The result in xmm0 is made the guest's, in the environment that it asked for. */
static void done_in_env(struct rx_jit_gen *g, const struct rx_smir_op *op, bool tiny)
{
	struct rx_jit_place place[4] = { { .kind = 0 } };

	places(g, op, place);
	if (op->type == RX_I16) {
		rx_jit_narrow(g, op, place, tiny);
		return;
	}
	finish(g, op, place, tiny);
	rx_jit_done_all(g, op);
	rx_jit_fp_result(g, op, false);
}

static void arithmetic(struct rx_jit_gen *g, const struct rx_smir_op *op, rx_jit_rrr *f64,
		       rx_jit_rrr *f32)
{
	const bool single = op->type != RX_I64;
	const uint8_t x = rx_jit_fp_operand(g, op->arg[0], single, 0);
	const uint8_t y = rx_jit_fp_operand(g, op->arg[1], single, 1);
	struct rx_jit_loc *l = &g->loc[op->result];
	bool xmm = true;
	uint8_t d;

	(void)rx_jit_fp_direct(g, op->arg[2]);
	if (is_checked(op)) {
		rx_jit_wrote(g, (single ? f32 : f64)(g->at, 0, x, y));
		done_in_env(g, op, op->code == RX_S_FMUL || op->code == RX_S_FDIV);
		return;
	}
	rx_jit_done_all(g, op);
	if (single) {
		rx_jit_wrote(g, f32(g->at, 0, x, y));
		E(g, ucomiss_xmm_xmm, 0, 0);
		rx_jit_nan_stub(g, rx_jit_jcc(g, CC_P), 0, true);
		rx_jit_fp_result(g, op, false);
		return;
	}
	d = rx_jit_dest_any(g, op->result, true, &xmm);
	if (!xmm) {
		rx_jit_wrote(g, f64(g->at, 0, x, y));
		E(g, ucomisd_xmm_xmm, 0, 0);
		rx_jit_nan_stub(g, rx_jit_jcc(g, CC_P), 0, false);
		E(g, movq_r64_xmm, d, 0);
		return;
	}
	rx_jit_wrote(g, f64(g->at, d, x, y));
	if (l->kind == JIT_HOME)
		g->raw |= 1u << l->home;
	l->raw = true;
}

/* xmm0 is what an operation of one operand gives. tiny: see finish() */
static void unary_result(struct rx_jit_gen *g, const struct rx_smir_op *op, bool tiny)
{
	const bool single = op->type == RX_I32;

	if (is_checked(op)) {
		done_in_env(g, op, tiny);
		return;
	}
	rx_jit_done_all(g, op);
	if (single) {
		E(g, ucomiss_xmm_xmm, 0, 0);
		rx_jit_nan_stub(g, rx_jit_jcc(g, CC_P), 0, true);
	}
	rx_jit_fp_result(g, op, !single);
}

static void square_root(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool single = op->type != RX_I64;
	const uint8_t x = rx_jit_fp_operand(g, op->arg[0], single, 0);

	(void)rx_jit_fp_direct(g, op->arg[1]);
	if (single)
		E(g, sqrtss_xmm_xmm, 0, x);
	else
		E(g, sqrtsd_xmm_xmm, 0, x);
	unary_result(g, op, false);
}

static void round_it(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	/* ROUNDSS, "rounding control": in the order of enum rx_round, and not inexact */
	static const uint8_t control[] = { [RX_RNE] = 0, [RX_RTZ] = 3, [RX_RDN] = 1, [RX_RUP] = 2 };
	enum { SUPPRESS = 8 };
	const bool single = op->type != RX_I64;
	const uint8_t x = rx_jit_fp_operand(g, op->arg[0], single, 0);
	uint64_t direction = 0;
	unsigned how;

	if (!rx_jit_constant(g, op->arg[1], &direction))
		g->failed = true;
	how = control[direction & 3] | (op->code == RX_S_FRINT ? SUPPRESS : 0u);
	if (single)
		E(g, roundss_xmm_xmm_i8, 0, x, how);
	else
		E(g, roundsd_xmm_xmm_i8, 0, x, how);
	unary_result(g, op, false);
}

static void multiply_add(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool single = op->type == RX_I32;
	uint8_t x, y;

	(void)rx_jit_fp_direct(g, op->arg[3]);
	x = rx_jit_fp_operand(g, op->arg[2], single, 0);
	E(g, movaps_xmm_xmm, 0, x);
	x = rx_jit_fp_operand(g, op->arg[0], single, 1);
	y = op->arg[1] == op->arg[0] ? x : rx_jit_fp_operand(g, op->arg[1], single, JIT_XMM2);
	if (single)
		E(g, vfmadd231ss_xmm_xmm_xmm, 0, x, y);
	else
		E(g, vfmadd231sd_xmm_xmm_xmm, 0, x, y);
	if (op->env) {
		done_in_env(g, op, true);
		return;
	}
	if (single)
		E(g, ucomiss_xmm_xmm, 0, 0);
	else
		E(g, ucomisd_xmm_xmm, 0, 0);
	rx_jit_product_stub(g, rx_jit_jcc(g, CC_P), x, y, single);
	rx_jit_done_all(g, op);
	rx_jit_fp_result(g, op, false);
}

static void convert(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned from = g->f->values.at[op->arg[0]];
	const uint8_t x = rx_jit_fp_operand(g, op->arg[0], from != RX_I64, 0);

	if (!widens(op->type, from))
		(void)rx_jit_fp_direct(g, op->arg[1]);
	if (op->type == RX_I64)
		E(g, cvtss2sd_xmm_xmm, 0, x);
	else if (from == RX_I64)
		E(g, cvtsd2ss_xmm_xmm, 0, x);
	else if (x != 0)
		E(g, movaps_xmm_xmm, 0, x);
	unary_result(g, op, !widens(op->type, from));
}

static void relation(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool single = op->type != RX_I64;
	const bool quiet = op->code == RX_S_FLTQ || op->code == RX_S_FLEQ;
	const uint8_t x = rx_jit_fp_operand(g, op->arg[0], single, 0);
	const uint8_t y = rx_jit_fp_operand(g, op->arg[1], single, 1);
	uint8_t d;

	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	if (op->code == RX_S_FEQ) {
		if (single)
			E(g, ucomiss_xmm_xmm, x, y);
		else
			E(g, ucomisd_xmm_xmm, x, y);
		E(g, setnp_r8, RAX);
		E(g, sete_r8, RSI);
		E(g, and_r32_r32, RAX, RSI);
		E(g, movzx_r32_r8, RAX, RAX);
		d = rx_jit_dest(g, op->result);
		rx_jit_move(g, d, RAX);
		return;
	}
	if (single && quiet)
		E(g, ucomiss_xmm_xmm, y, x);
	else if (single)
		E(g, comiss_xmm_xmm, y, x);
	else if (quiet)
		E(g, ucomisd_xmm_xmm, y, x);
	else
		E(g, comisd_xmm_xmm, y, x);
	rx_jit_lower_boolean(g, op, op->code == RX_S_FLT || op->code == RX_S_FLTQ ? CC_A : CC_AE);
}

/* ZF, PF and CF as one number, which is how it is coded. */
static void order(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool single = op->type != RX_I64, quiet = op->code == RX_S_FORDERQ;
	const uint8_t x = rx_jit_fp_operand(g, op->arg[0], single, 0);
	const uint8_t y = rx_jit_fp_operand(g, op->arg[1], single, 1);

	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	if (single && quiet)
		E(g, ucomiss_xmm_xmm, x, y);
	else if (single)
		E(g, comiss_xmm_xmm, x, y);
	else if (quiet)
		E(g, ucomisd_xmm_xmm, x, y);
	else
		E(g, comisd_xmm_xmm, x, y);
	E(g, sete_r8, RAX);
	E(g, setp_r8, RSI);
	E(g, setb_r8, R8);
	E(g, movzx_r32_r8, RAX, RAX);
	E(g, movzx_r32_r8, RSI, RSI);
	E(g, movzx_r32_r8, R8, R8);
	E(g, shl_r32_i8, RAX, 2);
	E(g, add_r32_r32, RSI, RSI);
	E(g, or_r32_r32, RAX, RSI);
	E(g, or_r32_r32, RAX, R8);
	rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
	g->loc[op->result].zero = true;
}

/* eax: RX_FP_* in MXCSR. Uses r8. */
static void raised(struct rx_jit_gen *g)
{
	const struct rx_px_values word = rx_jit_mem(RSP, JIT_WORD);
	const struct rx_px_values entry = rx_jit_mem2(RAX, R8, 0);

	E(g, stmxcsr_m32, &word);
	E(g, mov_r32_m32, RAX, &word);
	E(g, and_r32_i32, RAX, RX_MXCSR_FLAGS);
	rx_jit_number(g, R8, (uint64_t)(uintptr_t)g->j->flags_of);
	E(g, movzx_r32_m8, RAX, &entry);
}

void rx_jit_read_flags(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values held = rx_jit_mem(RDI, (int64_t)g->isa->fp_sticky);

	raised(g);
	E(g, or_r8_m8, RAX, &held);
	rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
	g->loc[op->result].zero = true;
}

/* MXCSR loses its flags only if it has others: that costs more than to look. */
void rx_jit_write_flags(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values held = rx_jit_mem(RDI, (int64_t)g->isa->fp_sticky);
	const struct rx_px_values word = rx_jit_mem(RSP, JIT_WORD);
	uint8_t *as_they_are;
	uint8_t flags;

	raised(g);
	flags = rx_jit_use(g, op->arg[0], RSI);
	E(g, mov_m8_r8, &held, flags);
	E(g, mov_r32_r32, R8, flags);
	E(g, not_r32, R8);
	E(g, and_r32_r32, RAX, R8);
	rx_jit_done(g, op->arg[0]);
	as_they_are = rx_jit_jcc(g, CC_E);
	E(g, mov_m32_i32, &word, RX_MXCSR_GUEST);
	E(g, ldmxcsr_m32, &word);
	rx_jit_patch(as_they_are, g->at);
}

bool rx_jit_xor_float(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	uint64_t bits;
	uint8_t x;

	if (op->type != RX_I64 || !rx_jit_is_xmm(g, op->arg[0]) ||
	    !rx_jit_constant(g, op->arg[1], &bits))
		return false;
	x = rx_jit_use_xmm(g, op->arg[0], 0);
	rx_jit_number(g, RAX, bits);
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	E(g, movq_xmm_r64, 0, RAX);
	E(g, xorps_xmm_xmm, 0, x);
	rx_jit_fp_result(g, op, false);
	return true;
}

void rx_jit_lower_fp(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_FADD:
		arithmetic(g, op, rg_x86_emit_vaddsd_xmm_xmm_xmm, rg_x86_emit_vaddss_xmm_xmm_xmm);
		break;
	case RX_S_FSUB:
		arithmetic(g, op, rg_x86_emit_vsubsd_xmm_xmm_xmm, rg_x86_emit_vsubss_xmm_xmm_xmm);
		break;
	case RX_S_FMUL:
		arithmetic(g, op, rg_x86_emit_vmulsd_xmm_xmm_xmm, rg_x86_emit_vmulss_xmm_xmm_xmm);
		break;
	case RX_S_FDIV:
		arithmetic(g, op, rg_x86_emit_vdivsd_xmm_xmm_xmm, rg_x86_emit_vdivss_xmm_xmm_xmm);
		break;
	case RX_S_FSQRT:
		square_root(g, op);
		break;
	case RX_S_FRINT:
	case RX_S_FRINTX:
		round_it(g, op);
		break;
	case RX_S_FMULADD:
		multiply_add(g, op);
		break;
	case RX_S_FCVT:
		convert(g, op);
		break;
	case RX_S_SITOF:
	case RX_S_UITOF:
		rx_jit_from_integer(g, op);
		break;
	case RX_S_FTOSI:
	case RX_S_FTOUI:
		rx_jit_to_integer(g, op);
		break;
	case RX_S_FTOSIMOD:
		rx_jit_modulo_integer(g, op);
		break;
	case RX_S_SFIXTOF:
	case RX_S_UFIXTOF:
		rx_jit_from_fixed(g, op);
		break;
	case RX_S_FTOSFIX:
	case RX_S_FTOUFIX:
		rx_jit_to_fixed(g, op);
		break;
	case RX_S_FMINNUM:
	case RX_S_FMAXNUM:
	case RX_S_FMIN:
	case RX_S_FMAX:
	case RX_S_FMINNUM08:
	case RX_S_FMAXNUM08:
	case RX_S_FMINX86:
	case RX_S_FMAXX86:
		rx_jit_lower_minmax(g, op);
		break;
	case RX_S_FORDER:
	case RX_S_FORDERQ:
		order(g, op);
		break;
	default:
		relation(g, op);
	}
}
