/* exact.c - IEEE operations that the host cannot finish. SPDX-License-Identifier: MIT
 *
 * Host code of an operation sees from its result that the guest's may be another one
 * (a NaN, a number that does not fit). Then the interpreter's function does it again,
 * out of line; its flags join those that the guest has collected. The host's own stay:
 * it has not raised any that the guest would not raise as well.
 */
#include "jit/frame.h"

#define RESULT 8	/* a slot behind those of arguments */

struct rx_jit_place rx_jit_place_of(struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_jit_loc *l = &g->loc[v];
	struct rx_jit_place p = { .kind = l->kind, .reg = l->reg };
	struct rx_px_values m;

	if (l->kind == JIT_HOME) {
		p.kind = g->home[l->home].fp ? JIT_XMM : JIT_GPR;
		p.reg = g->home[l->home].reg;
		p.at = l->plus;
	} else if (rx_jit_in_memory(g, v, &m)) {
		p.kind = JIT_STATE;
		p.reg = m.base;
		p.at = m.disp;
	} else if (l->kind == JIT_CONST) {
		(void)rx_jit_constant(g, v, &p.number);
	} else if (l->kind != JIT_GPR && l->kind != JIT_XMM) {
		g->failed = true;
	}
	return p;
}

struct rx_jit_place rx_jit_place_xmm(uint8_t reg)
{
	return (struct rx_jit_place){ .kind = JIT_XMM, .reg = reg };
}

static unsigned held(const rx_sv by[16])
{
	unsigned mask = 0;

	for (unsigned r = 0; r < 16; r++)
		mask |= (unsigned)(by[r] != 0) << r;
	return mask;
}

void rx_jit_exact_stub(struct rx_jit_gen *g, uint8_t *from, const struct rx_smir_op *op,
		       const struct rx_jit_place place[4], uint8_t to, bool xmm)
{
	struct rx_jit_stub *s = rx_jit_new_stub(g, from);
	uint16_t *slot[4];

	if (!s)
		return;
	s->kind = JIT_TO_EXACT;
	s->back = g->at;
	s->record = g->record;
	s->reg = to;
	s->xmm = xmm;
	s->held[0] = (uint16_t)held(g->gpr);
	s->held[1] = (uint16_t)held(g->xmm);
	/* of a long vector 128 bits */
	s->rop = (struct rx_smir_rop){
		.code = RX_SMIR_K(op->code, op->type > RX_V128 ? RX_V128 : op->type),
		.d = RESULT,
	};
	rx_smir_resolve_number(g->f, op, &s->rop);
	s->rop.x |= (uint32_t)(op->env >> RX_JIT_ENV_NUMBER) << RX_JIT_EXACT_ENV;
	slot[0] = &s->rop.a;
	slot[1] = &s->rop.b;
	slot[2] = &s->rop.c;
	slot[3] = &s->rop.e;
	for (unsigned k = 0; k < rx_smir_ops[op->code].nargs; k++) {
		*slot[k] = (uint16_t)(2 * k);
		s->place[k] = place[k];
	}
	s->nplaces = rx_smir_ops[op->code].nargs;
}

static void to_slot(struct rx_jit_gen *g, const struct rx_jit_place *p, unsigned slot)
{
	const struct rx_px_values to = rx_jit_slot(g, slot), from = rx_jit_mem(p->reg, p->at);
	uint8_t r = RSI;

	switch (p->kind) {
	case JIT_WIDE:
		rx_jit_copy(g, &to, &from, p->bytes);
		return;
	case JIT_XMM:
		if (p->bytes > 8)
			E(g, vmovdqu_m128_xmm, &to, p->reg);
		else
			E(g, movsd_m64_xmm, &to, p->reg);
		return;
	case JIT_CONST:
		rx_jit_number(g, r, p->number);
		break;
	case JIT_STATE:
		E(g, mov_r64_m64, r, &from);
		break;
	default:
		if (p->at)
			E(g, lea_r64_m, r, &from);
		else
			r = p->reg;
	}
	E(g, mov_m64_r64, &to, r);
}

void rx_jit_make_exact(struct rx_jit_gen *g, const struct rx_jit_stub *s)
{
	const struct rx_px_values result = rx_jit_slot(g, RESULT);

	for (unsigned r = 0; r < 16; r++) {
		g->gpr[r] = s->held[0] >> r & 1;
		g->xmm[r] = s->held[1] >> r & 1;
	}
	g->record = s->record;
	for (unsigned k = 0; k < s->nplaces; k++)
		to_slot(g, &s->place[k], 2 * k);
	rx_jit_call_helper(g, rx_jit_do_exact, &s->rop);
	if (RX_SMIR_K_TYPE(s->rop.code) == RX_V128)
		E(g, vmovdqu_xmm_m128, s->reg, &result);
	else if (s->xmm)
		E(g, movq_xmm_r64, s->reg, RAX);
	else
		rx_jit_move(g, s->reg, RAX);
	rx_jit_patch(rx_jit_jmp(g), s->back);
}
