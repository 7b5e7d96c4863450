/* lower_sse.c - lanes that do not care about others. SPDX-License-Identifier: MIT
 *
 * 128 bits at a time. What is one instruction of the host, or one and a mend, is a
 * line of rules[]; what takes more follows. Shifts: lower_shift.c.
 */
#include "base/host.h"
#include "core/vm.h"
#include "jit/vectors.h"

typedef unsigned two_regs(uint8_t *out, uint8_t d, uint8_t a, uint8_t b);
typedef unsigned reg_and_memory(uint8_t *out, uint8_t d, uint8_t a, const struct rx_px_values *b);

/* What is done with the instruction's result. */
enum mend {
	AS_IT_IS,
	IS_FIRST,	/* it is compared with the first argument */
	IS_NOT_FIRST,
	CONTRARY,	/* all bits are turned */
};

struct rule {
	uint8_t code, lane;	/* lane 0: any */
	bool swaps;		/* the second argument is the first one then */
	uint8_t mend;
	two_regs *rr;
	reg_and_memory *rm;
	reg_and_memory *twice;	/* 256 bits, with AVX2 */
};

#define X(name) rg_x86_emit_##name##_xmm_xmm_xmm, rg_x86_emit_##name##_xmm_xmm_m128, \
		rg_x86_emit_##name##_ymm_ymm_m256
static const struct rule rules[] = {
	{ RX_S_VAND, 0, false, AS_IT_IS, X(vpand) },
	{ RX_S_VOR, 0, false, AS_IT_IS, X(vpor) },
	{ RX_S_VXOR, 0, false, AS_IT_IS, X(vpxor) },
	{ RX_S_VADD, 8, false, AS_IT_IS, X(vpaddb) },
	{ RX_S_VADD, 16, false, AS_IT_IS, X(vpaddw) },
	{ RX_S_VADD, 32, false, AS_IT_IS, X(vpaddd) },
	{ RX_S_VADD, 64, false, AS_IT_IS, X(vpaddq) },
	{ RX_S_VSUB, 8, false, AS_IT_IS, X(vpsubb) },
	{ RX_S_VSUB, 16, false, AS_IT_IS, X(vpsubw) },
	{ RX_S_VSUB, 32, false, AS_IT_IS, X(vpsubd) },
	{ RX_S_VSUB, 64, false, AS_IT_IS, X(vpsubq) },
	{ RX_S_VMUL, 16, false, AS_IT_IS, X(vpmullw) },
	{ RX_S_VMUL, 32, false, AS_IT_IS, X(vpmulld) },
	{ RX_S_VEQ, 8, false, AS_IT_IS, X(vpcmpeqb) },
	{ RX_S_VEQ, 16, false, AS_IT_IS, X(vpcmpeqw) },
	{ RX_S_VEQ, 32, false, AS_IT_IS, X(vpcmpeqd) },
	{ RX_S_VEQ, 64, false, AS_IT_IS, X(vpcmpeqq) },
	{ RX_S_VSLT, 8, true, AS_IT_IS, X(vpcmpgtb) },
	{ RX_S_VSLT, 16, true, AS_IT_IS, X(vpcmpgtw) },
	{ RX_S_VSLT, 32, true, AS_IT_IS, X(vpcmpgtd) },
	{ RX_S_VSLT, 64, true, AS_IT_IS, X(vpcmpgtq) },
	{ RX_S_VSLE, 8, false, IS_FIRST, X(vpminsb) },
	{ RX_S_VSLE, 16, false, IS_FIRST, X(vpminsw) },
	{ RX_S_VSLE, 32, false, IS_FIRST, X(vpminsd) },
	{ RX_S_VSLE, 64, false, CONTRARY, X(vpcmpgtq) },
	{ RX_S_VULE, 8, false, IS_FIRST, X(vpminub) },
	{ RX_S_VULE, 16, false, IS_FIRST, X(vpminuw) },
	{ RX_S_VULE, 32, false, IS_FIRST, X(vpminud) },
	{ RX_S_VULT, 8, false, IS_NOT_FIRST, X(vpmaxub) },
	{ RX_S_VULT, 16, false, IS_NOT_FIRST, X(vpmaxuw) },
	{ RX_S_VULT, 32, false, IS_NOT_FIRST, X(vpmaxud) },
};

static const struct rule *rule_of(const struct rx_smir_op *op)
{
	for (unsigned k = 0; k < sizeof(rules) / sizeof(rules[0]); k++)
		if (rules[k].code == op->code && (!rules[k].lane || rules[k].lane == op->imm))
			return &rules[k];
	return NULL;
}

/* The emitter of a table by lanes: 8, 16, 32, 64 */
static unsigned number_of(unsigned lane)
{
	return (unsigned)__builtin_ctz(lane) - 3;
}

static void equal(struct rx_jit_gen *g, unsigned lane, uint8_t d, uint8_t a, uint8_t b)
{
	static two_regs *const eq[] = {
		rg_x86_emit_vpcmpeqb_xmm_xmm_xmm, rg_x86_emit_vpcmpeqw_xmm_xmm_xmm,
		rg_x86_emit_vpcmpeqd_xmm_xmm_xmm, rg_x86_emit_vpcmpeqq_xmm_xmm_xmm,
	};

	rx_jit_wrote(g, eq[number_of(lane)](g->at, d, a, b));
}

/* xmm1 and xmm2 are free. */
static void turn(struct rx_jit_gen *g, uint8_t d, uint8_t x)
{
	E(g, vpcmpeqd_xmm_xmm_xmm, 1, 1, 1);
	E(g, vpxor_xmm_xmm_xmm, d, x, 1);
}

/* d from a and b, or m. */
static void by_rule(struct rx_jit_gen *g, const struct rule *r, unsigned lane, uint8_t d,
		    uint8_t a, uint8_t b, const struct rx_px_values *m)
{
	const uint8_t t = r->mend == AS_IT_IS ? d : JIT_XMM2;

	rx_jit_wrote(g, m ? r->rm(g->at, t, a, m) : r->rr(g->at, t, a, b));
	switch (r->mend) {
	case IS_FIRST:
		equal(g, lane, d, t, a);
		break;
	case IS_NOT_FIRST:
		equal(g, lane, t, t, a);
		turn(g, d, t);
		break;
	case CONTRARY:
		turn(g, d, t);
		break;
	default:
		break;
	}
}

/* 256 bits at once. Nothing stays in upper halves of registers: others would wait for them. */
static void ruled_by_256(struct rx_jit_gen *g, const struct rx_smir_op *op, const struct rule *r)
{
	struct rx_px_values a = rx_jit_wide_at(g, op->arg[r->swaps]);
	struct rx_px_values b = rx_jit_wide_at(g, op->arg[!r->swaps]);
	struct rx_px_values to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));

	for (unsigned k = 0; k < rx_jit_chunks(g, op->result); k += 2) {
		E(g, vmovdqu_ymm_m256, 0, &a);
		rx_jit_wrote(g, r->twice(g->at, 0, 0, &b));
		E(g, vmovdqu_m256_ymm, &to, 0);
		a.disp += RX_JIT_CHUNK / 4;
		b.disp += RX_JIT_CHUNK / 4;
		to.disp += RX_JIT_CHUNK / 4;
	}
	E(g, vzeroupper);
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
}

static bool by_256(const struct rx_jit_gen *g, const struct rx_smir_op *op, const struct rule *r)
{
	return g->j->cpu->vm->host & RX_HOST_AVX2 && rx_jit_chunks(g, op->result) > 1 &&
	       r->mend == AS_IT_IS && g->loc[op->arg[0]].kind == JIT_WIDE &&
	       g->loc[op->arg[1]].kind == JIT_WIDE;
}

static void ruled(struct rx_jit_gen *g, const struct rx_smir_op *op, const struct rule *r)
{
	const rx_sv first = op->arg[r->swaps], second = op->arg[!r->swaps];
	const unsigned chunks = rx_jit_chunks(g, op->result), lane = (unsigned)op->imm;
	struct rx_px_values to, m;
	uint8_t a, b = 1, d = 0;
	bool in_memory;

	rx_jit_make_patterns(g, op, rx_smir_ops[op->code].nargs);
	if (chunks > 1)
		to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
	for (unsigned k = 0; k < chunks; k++, to.disp += RX_JIT_CHUNK / 8) {
		a = rx_jit_vec(g, first, k, 0);
		in_memory = rx_jit_vec_in_memory(g, second, k, &m);
		if (!in_memory)
			b = rx_jit_vec(g, second, k, 1);
		if (chunks == 1) {
			rx_jit_done(g, first);
			d = rx_jit_dest_vec(g, op->result);
		}
		by_rule(g, r, lane, d, a, b, in_memory ? &m : NULL);
		if (chunks > 1)
			rx_jit_store_vec(g, &to, d, RX_JIT_CHUNK);
	}
	if (chunks > 1)
		rx_jit_done(g, first);
	rx_jit_done(g, second);
}

/* ---- more than one instruction ------------------------------------------- */

static void not_it(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t d, uint8_t a,
		   uint8_t b)
{
	(void)op, (void)b;
	E(g, vpcmpeqd_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, JIT_XMM2);
	E(g, vpxor_xmm_xmm_xmm, d, a, JIT_XMM2);
}

static void negative(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t d, uint8_t a,
		     uint8_t b)
{
	static two_regs *const sub[] = {
		rg_x86_emit_vpsubb_xmm_xmm_xmm, rg_x86_emit_vpsubw_xmm_xmm_xmm,
		rg_x86_emit_vpsubd_xmm_xmm_xmm, rg_x86_emit_vpsubq_xmm_xmm_xmm,
	};

	(void)b;
	E(g, vpxor_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, JIT_XMM2);
	rx_jit_wrote(g, sub[number_of((unsigned)op->imm)](g->at, d, JIT_XMM2, a));
}

/* Unsigned numbers of 64 bits compare as signed ones whose top bit is turned. */
static void unsigned64(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t d, uint8_t a,
		       uint8_t b)
{
	E(g, vpcmpeqd_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, JIT_XMM2);
	E(g, vpsllq_xmm_xmm_i8, JIT_XMM2, JIT_XMM2, 63);
	E(g, vpxor_xmm_xmm_xmm, 1, b, JIT_XMM2);
	E(g, vpxor_xmm_xmm_xmm, JIT_XMM2, a, JIT_XMM2);
	if (op->code == RX_S_VULT) {
		E(g, vpcmpgtq_xmm_xmm_xmm, d, 1, JIT_XMM2);
		return;
	}
	E(g, vpcmpgtq_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, 1);
	turn(g, d, JIT_XMM2);
}

/* Odd lanes as upper halves of words, even ones as lower ones. */
static void product8(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t d, uint8_t a,
		     uint8_t b)
{
	(void)op;
	E(g, vpsrlw_xmm_xmm_i8, JIT_XMM2, b, 8);
	E(g, vpsllw_xmm_xmm_i8, JIT_XMM2, JIT_XMM2, 8);
	E(g, vpmullw_xmm_xmm_xmm, 1, a, b);	/* its lower halves are right */
	E(g, vpsllw_xmm_xmm_i8, 1, 1, 8);
	E(g, vpsrlw_xmm_xmm_i8, 1, 1, 8);
	E(g, vpsrlw_xmm_xmm_i8, 0, a, 8);
	E(g, vpmullw_xmm_xmm_xmm, 0, 0, JIT_XMM2);
	E(g, vpor_xmm_xmm_xmm, d, 0, 1);
}

static rx_jit_vec_fn *special(const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_VNOT:
		return not_it;
	case RX_S_VNEG:
		return negative;
	case RX_S_VULT:
	case RX_S_VULE:
		return op->imm == 64 ? unsigned64 : NULL;
	case RX_S_VMUL:
		return op->imm == 8 ? product8 : NULL;
	default:
		return NULL;
	}
}

/* ---- select -------------------------------------------------------------- */

static void choose(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned chunks = rx_jit_chunks(g, op->result);
	struct rx_px_values to = { 0 };
	uint8_t a, x, d = 0;

	rx_jit_make_patterns(g, op, rx_smir_ops[op->code].nargs);
	if (chunks > 1)
		to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
	for (unsigned k = 0; k < chunks; k++, to.disp += RX_JIT_CHUNK / 8) {
		a = rx_jit_vec(g, op->arg[0], k, 0);
		x = rx_jit_vec(g, op->arg[2], k, 1);
		E(g, vpandn_xmm_xmm_xmm, 1, a, x);
		x = rx_jit_vec(g, op->arg[1], k, JIT_XMM2);
		E(g, vpand_xmm_xmm_xmm, JIT_XMM2, a, x);
		if (chunks > 1) {
			E(g, vpor_xmm_xmm_xmm, 0, 1, JIT_XMM2);
			rx_jit_store_vec(g, &to, 0, RX_JIT_CHUNK);
		}
	}
	for (unsigned j = 0; j < 3; j++)
		rx_jit_done(g, op->arg[j]);
	if (chunks == 1) {
		d = rx_jit_dest_vec(g, op->result);
		E(g, vpor_xmm_xmm_xmm, d, 1, JIT_XMM2);
	}
}

bool rx_jit_lowers_sse(const struct rx_smir_fn *f, const struct rx_smir_op *op, unsigned host)
{
	return op->code == RX_S_VSELECT || rule_of(op) || special(op) ||
	       rx_jit_lowers_shift(f, op, host);
}

void rx_jit_lower_sse(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rule *r = rule_of(op);

	if (op->code == RX_S_VSELECT)
		choose(g, op);
	else if (r && by_256(g, op, r))
		ruled_by_256(g, op, r);
	else if (r)
		ruled(g, op, r);
	else if (special(op))
		rx_jit_by_chunks(g, op, rx_smir_ops[op->code].nargs, special(op));
	else
		rx_jit_lower_shift(g, op);
}
