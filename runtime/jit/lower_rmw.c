/* lower_rmw.c - host code of atomic accesses. SPDX-License-Identifier: MIT
 *
 * A page that may be written may be read: one check is enough. What is not aligned is
 * its executor's.
 */
#include "jit/lower.h"

typedef unsigned with_memory(uint8_t *out, const struct rx_px_values *m, uint8_t s);
typedef unsigned two_regs(uint8_t *out, uint8_t d, uint8_t s);

/* By width, 32 and 64 bits */
struct rule {
	with_memory *alone[2];	/* nobody wants the old value */
	two_regs *compute[2];	/* the new one from what is added and the old one */
};

#define X(name) { rg_x86_emit_lock_##name##_m32_r32, rg_x86_emit_lock_##name##_m64_r64 }, \
		{ rg_x86_emit_##name##_r32_r32, rg_x86_emit_##name##_r64_r64 }
#define CMOV(cc) { NULL, NULL }, { rg_x86_emit_cmov##cc##_r32_r32, rg_x86_emit_cmov##cc##_r64_r64 }
static const struct rule rules[] = {
	[RX_RMW_ADD] = { X(add) },
	[RX_RMW_AND] = { X(and) },
	[RX_RMW_OR] = { X(or) },
	[RX_RMW_XOR] = { X(xor) },
	[RX_RMW_MIN] = { CMOV(l) },	/* the old one is less */
	[RX_RMW_MAX] = { CMOV(g) },
	[RX_RMW_MINU] = { CMOV(b) },
	[RX_RMW_MAXU] = { CMOV(a) },
};

static enum rx_rmw what(const struct rx_smir_op *op)
{
	return (enum rx_rmw)(op->imm & 0xff);
}

bool rx_jit_lowers_rmw(const struct rx_smir_op *op)
{
	return op->code == RX_S_RMW && (op->type == RX_I32 || op->type == RX_I64) &&
	       what(op) <= RX_RMW_MAXU;
}

/* rax: the old value, which becomes another one, of it and the number in xmm0. Uses r8. */
static void by_comparison(struct rx_jit_gen *g, const struct rx_smir_op *op,
			  const struct rx_px_values *m)
{
	const bool wide = op->type == RX_I64;
	const uint8_t *again;

	if (wide)
		E(g, mov_r64_m64, RAX, m);
	else
		E(g, mov_r32_m32, RAX, m);
	again = g->at;
	E(g, movq_r64_xmm, R8, 0);
	if (what(op) >= RX_RMW_MIN && wide)
		E(g, cmp_r64_r64, RAX, R8);
	else if (what(op) >= RX_RMW_MIN)
		E(g, cmp_r32_r32, RAX, R8);
	rx_jit_wrote(g, rules[what(op)].compute[wide](g->at, R8, RAX));
	if (wide)
		E(g, lock_cmpxchg_m64_r64, m, R8);
	else
		E(g, lock_cmpxchg_m32_r32, m, R8);
	rx_jit_patch(rx_jit_jcc(g, CC_NE), again);
}

/* The old value comes to rax. */
static void exchange(struct rx_jit_gen *g, const struct rx_smir_op *op,
		     const struct rx_px_values *m, uint8_t s)
{
	const bool wide = op->type == RX_I64;

	if (what(op) != RX_RMW_SWAP && what(op) != RX_RMW_ADD) {
		E(g, movq_xmm_r64, 0, s);
		by_comparison(g, op, m);
		return;
	}
	rx_jit_move(g, RAX, s);
	if (what(op) == RX_RMW_SWAP && wide)
		E(g, xchg_m64_r64, m, RAX);
	else if (what(op) == RX_RMW_SWAP)
		E(g, xchg_m32_r32, m, RAX);
	else if (wide)
		E(g, lock_xadd_m64_r64, m, RAX);
	else
		E(g, lock_xadd_m32_r32, m, RAX);
}

void rx_jit_lower_rmw(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool wide = op->type == RX_I64, wanted = g->uses[op->result];
	const struct rx_px_values at = rx_jit_translate(g, op), m = rx_jit_mem(RSI, 0);
	with_memory *const alone = rules[what(op)].alone[wide];
	uint8_t s;

	E(g, lea_r64_m, RSI, &at);
	E(g, test_r32_i32, RSI, wide ? 7 : 3);	/* host pages are aligned as the guest's are */
	rx_jit_stub(g, rx_jit_jcc(g, CC_NE), JIT_SLOW, g->record);
	s = rx_jit_use(g, op->arg[1], R8);
	if (!wanted && alone)
		rx_jit_wrote(g, alone(g->at, &m, s));
	else
		exchange(g, op, &m, s);
	rx_jit_done(g, op->arg[1]);
	if (!wanted)
		return;
	rx_jit_move(g, rx_jit_dest(g, op->result), RAX);
	g->loc[op->result].zero = true;
}
