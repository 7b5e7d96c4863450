/* lower_prim.c - host code of operations on words that few use. SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/prims.h"
#include "jit/frame.h"
#include "jit/lower.h"

#define TABLE 256	/* elements, at most */
#define ZEROS 256	/* bytes, at most */

static bool narrow(unsigned type)
{
	return type == RX_I8 || type == RX_I16;
}

static bool word(unsigned type)
{
	return narrow(type) || type == RX_I32 || type == RX_I64;
}

bool rx_jit_known(const struct rx_smir_fn *f, const struct rx_smir_op *op, rx_sv v,
		  uint64_t *number)
{
	while (op-- > f->ops.at)
		if (op->result == v) {
			*number = op->imm;
			return op->code == RX_S_CONST;
		}
	return false;
}

static bool known_zeros(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	uint64_t from, to;

	return rx_jit_known(f, op, op->arg[0], &from) &&
	       rx_jit_known(f, op, op->arg[1], &to) && from < to && to - from <= ZEROS &&
	       to <= f->isa->state_size - op->imm;
}

bool rx_jit_lowers_prim(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_LOOKUP:
		return f->tables.at[op->imm].count <= TABLE;
	case RX_S_SHL:
	case RX_S_LSHR:
	case RX_S_ASHR:
	case RX_S_ROTR:
	case RX_S_CLZ:
	case RX_S_CTZ:
		return narrow(op->type);
	case RX_S_POPCOUNT:
		return narrow(op->type) || op->type == RX_I32;
	case RX_S_BSWAP:
		return op->type == RX_I16;
	case RX_S_BITEXTRACT:
	case RX_S_BITDEPOSIT:
		return op->type == RX_I32 || op->type == RX_I64;
	case RX_S_ADDNZCV:
	case RX_S_LOGICNZCV:
	case RX_S_ADDCARRY:
	case RX_S_ADDOVERFLOW:
	case RX_S_SUBBORROW:
	case RX_S_SUBOVERFLOW:
	case RX_S_PARITY:
		return word(op->type);
	case RX_S_CONDITIONHOLDS:
		return true;
	case RX_S_TRUNC:
		return op->type == RX_I1 && f->values.at[op->arg[0]] <= RX_I64;
	case RX_S_ZERO:
		return f->isa != NULL;
	default:
		return false;
	}
}

/* The result is in a scratch register, zeros above it. */
static void result(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t s)
{
	rx_jit_done_all(g, op);
	if (!g->uses[op->result])
		return;
	rx_jit_move(g, rx_jit_dest(g, op->result), s);
	g->loc[op->result].zero = true;
}

/* The value itself in a scratch register. */
static void bring(struct rx_jit_gen *g, rx_sv v, uint8_t scratch)
{
	rx_jit_move(g, scratch, rx_jit_use(g, v, scratch));
}

static void bring_clean(struct rx_jit_gen *g, rx_sv v, uint8_t scratch)
{
	rx_jit_move(g, scratch, rx_jit_use_clean(g, v, scratch));
}

/* rax, cut to the width and extended. */
static void cut(struct rx_jit_gen *g, unsigned type)
{
	if (type == RX_I8)
		E(g, movzx_r32_r8, RAX, RAX);
	else if (type == RX_I16)
		E(g, movzx_r32_r16, RAX, RAX);
	else if (type == RX_I32)
		E(g, mov_r32_r32, RAX, RAX);
}

/* ---- tables -------------------------------------------------------------- */

/* The table lies in the code, which may be read. */
static void lookup(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_smir_table *t = &g->f->tables.at[op->imm];
	const struct rx_px_values element = rx_jit_mem2(RSI, RAX, 0);
	uint8_t *over, *behind;

	bring(g, op->arg[0], RAX);
	over = rx_jit_jmp(g);
	memcpy(g->at, &g->f->pool.at[t->first], t->count * sizeof(uint64_t));
	g->at += t->count * sizeof(uint64_t);
	if (g->namong < JIT_AMONG) {
		g->among[g->namong].from = over;
		g->among[g->namong++].to = g->at;
	}
	rx_jit_patch(over, g->at);
	rx_jit_number(g, RSI, (uintptr_t)(g->j->code.rx + (over - g->j->code.rw)));
	E(g, xor_r32_r32, R8, R8);
	E(g, cmp_r64_i32, RAX, t->count);
	behind = rx_jit_jcc(g, CC_AE);
	E(g, shl_r64_i8, RAX, 3);
	E(g, mov_r64_m64, R8, &element);
	rx_jit_patch(behind, g->at);
	result(g, op, R8);
}

/* 16 bits for each condition, by the flags. */
static void condition_holds(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_px_values entry = rx_jit_mem2(R8, RAX, 0);
	uint64_t number;
	uint8_t nzcv;

	if (rx_jit_constant(g, op->arg[1], &number)) {
		rx_jit_number(g, RAX, g->j->holds[number & 15] * UINT64_C(0x10001));
	} else {
		bring(g, op->arg[1], RAX);
		E(g, and_r32_i32, RAX, 15);
		E(g, shl_r32_i8, RAX, 1);
		rx_jit_number(g, R8, (uintptr_t)g->j->holds);
		E(g, movzx_r32_m16, RAX, &entry);
	}
	nzcv = rx_jit_use(g, op->arg[0], RSI);
	if (nzcv != RSI)
		rx_jit_move(g, RSI, nzcv);
	E(g, and_r32_i32, RSI, 15);
	E(g, bt_r32_r32, RAX, RSI);
	E(g, setb_r8, RAX);
	E(g, movzx_r32_r8, RAX, RAX);
	result(g, op, RAX);
}

void rx_jit_fill_conditions(uint16_t holds[16])
{
	for (unsigned cond = 0; cond < 16; cond++)
		for (unsigned nzcv = 0; nzcv < 16; nzcv++)
			holds[cond] |= (uint16_t)(rx_p_condition_holds(nzcv, cond) << nzcv);
}

/* ---- flags --------------------------------------------------------------- */

/* rax with rsi and the carry, in the width of the type. */
static void with_carry(struct rx_jit_gen *g, unsigned type, bool subtracts)
{
	static const struct {
		rx_jit_rr *add, *sub;
	} by[] = {
		[RX_I8] = { rg_x86_emit_adc_r8_r8, rg_x86_emit_sbb_r8_r8 },
		[RX_I16] = { rg_x86_emit_adc_r16_r16, rg_x86_emit_sbb_r16_r16 },
		[RX_I32] = { rg_x86_emit_adc_r32_r32, rg_x86_emit_sbb_r32_r32 },
		[RX_I64] = { rg_x86_emit_adc_r64_r64, rg_x86_emit_sbb_r64_r64 },
	};

	rx_jit_wrote(g, (subtracts ? by[type].sub : by[type].add)(g->at, RAX, RSI));
}

/* eax: the host's flags as N Z C V. */
static void flags_nzcv(struct rx_jit_gen *g)
{
	E(g, lahf);			/* S, Z and C in bits 15, 14 and 8 */
	E(g, seto_r8, RAX);
	rx_jit_number(g, RSI, 0xc101);
	E(g, pext_r32_r32_r32, RAX, RAX, RSI);
}

static void sum_flags(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool subtracts = op->code == RX_S_SUBBORROW || op->code == RX_S_SUBOVERFLOW;

	bring(g, op->arg[0], RAX);
	bring(g, op->arg[1], RSI);
	bring(g, op->arg[2], R8);
	E(g, neg_r8, R8);		/* the carry, as the host's */
	with_carry(g, op->type, subtracts);
	if (op->code == RX_S_ADDNZCV) {
		flags_nzcv(g);
		result(g, op, RAX);
		return;
	}
	if (op->code == RX_S_ADDCARRY || op->code == RX_S_SUBBORROW)
		E(g, setb_r8, RAX);
	else
		E(g, seto_r8, RAX);
	E(g, movzx_r32_r8, RAX, RAX);
	result(g, op, RAX);
}

static void value_flags(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	bring(g, op->arg[0], RAX);
	if (op->code == RX_S_PARITY || op->type == RX_I8)
		E(g, test_r8_r8, RAX, RAX);
	else if (op->type == RX_I16)
		E(g, test_r16_r16, RAX, RAX);
	else if (op->type == RX_I32)
		E(g, test_r32_r32, RAX, RAX);
	else
		E(g, test_r64_r64, RAX, RAX);
	if (op->code == RX_S_LOGICNZCV) {
		flags_nzcv(g);		/* no carry, no overflow */
	} else {
		E(g, setp_r8, RAX);
		E(g, movzx_r32_r8, RAX, RAX);
	}
	result(g, op, RAX);
}

/* ---- bits ---------------------------------------------------------------- */

/* Numbers of 8 and 16 bits, in 32. */
static void shift(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned w = rx_smir_bits[op->type];

	bring(g, op->arg[1], RSI);
	E(g, and_r32_i32, RSI, w - 1);
	if (op->code == RX_S_SHL) {
		bring(g, op->arg[0], RAX);
		E(g, shlx_r32_r32_r32, RAX, RAX, RSI);
	} else if (op->code == RX_S_ASHR) {
		bring(g, op->arg[0], RAX);
		if (w == 8)
			E(g, movsx_r32_r8, RAX, RAX);
		else
			E(g, movsx_r32_r16, RAX, RAX);
		E(g, sarx_r32_r32_r32, RAX, RAX, RSI);
	} else {
		bring_clean(g, op->arg[0], RAX);
		if (op->code == RX_S_ROTR) {	/* twice, one above the other */
			E(g, mov_r32_r32, R8, RAX);
			E(g, shl_r32_i8, R8, w);
			E(g, or_r32_r32, RAX, R8);
		}
		E(g, shrx_r32_r32_r32, RAX, RAX, RSI);
	}
	cut(g, op->type);
	result(g, op, RAX);
}

static void count_bits(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned w = rx_smir_bits[op->type];

	bring_clean(g, op->arg[0], RAX);
	switch (op->code) {
	case RX_S_CLZ:
		E(g, lzcnt_r32_r32, RAX, RAX);
		E(g, sub_r32_i8, RAX, 32 - w);
		break;
	case RX_S_CTZ:
		E(g, or_r32_i32, RAX, UINT64_C(1) << w);
		E(g, tzcnt_r32_r32, RAX, RAX);
		break;
	case RX_S_POPCOUNT:
		E(g, popcnt_r64_r64, RAX, RAX);
		break;
	default:
		E(g, bswap_r32, RAX);
		E(g, shr_r32_i8, RAX, 16);
	}
	result(g, op, RAX);
}

static void gather_bits(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	bring_clean(g, op->arg[0], RAX);
	bring_clean(g, op->arg[1], RSI);
	if (op->code == RX_S_BITEXTRACT)
		E(g, pext_r64_r64_r64, RAX, RAX, RSI);
	else
		E(g, pdep_r64_r64_r64, RAX, RAX, RSI);
	result(g, op, RAX);
}

/* ---- state --------------------------------------------------------------- */

/* Mostly there is nothing to be done: lengths of vectors that state says. */
static void zero_if_any(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	struct rx_smir_rop o = { .code = RX_SMIR_K(op->code, op->type), .a = 0, .b = 2 };
	uint8_t from, to, *none;

	rx_jit_overwrite(g, op->imm, g->isa->state_size - op->imm);
	rx_smir_resolve_number(g->f, op, &o);
	from = rx_jit_use(g, op->arg[0], RAX);
	to = rx_jit_use(g, op->arg[1], RSI);
	E(g, cmp_r64_r64, to, from);
	none = rx_jit_jcc(g, CC_BE);
	rx_jit_to_slot(g, op->arg[0], 0);
	rx_jit_to_slot(g, op->arg[1], 2);
	rx_jit_call_helper(g, rx_jit_do_zero, &o);
	rx_jit_patch(none, g->at);
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
}

static void zero(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	uint64_t from = 0, to = 0;
	struct rx_px_values m;

	if (!known_zeros(g->f, op)) {
		zero_if_any(g, op);
		return;
	}
	(void)rx_jit_known(g->f, op, op->arg[0], &from);
	(void)rx_jit_known(g->f, op, op->arg[1], &to);
	rx_jit_overwrite(g, op->imm + from, to - from);
	E(g, xorps_xmm_xmm, 0, 0);
	for (; to - from >= 16; from += 16) {
		m = rx_jit_mem(RDI, (int64_t)(op->imm + from));
		E(g, movups_m128_xmm, &m, 0);
	}
	for (unsigned size = 8; size; size /= 2) {
		m = rx_jit_mem(RDI, (int64_t)(op->imm + from));
		if (to - from < size)
			continue;
		if (size == 8)
			E(g, mov_m64_i32, &m, 0);
		else if (size == 4)
			E(g, mov_m32_i32, &m, 0);
		else if (size == 2)
			E(g, mov_m16_i16, &m, 0);
		else
			E(g, mov_m8_i8, &m, 0);
		from += size;
	}
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
}

void rx_jit_lower_prim(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_LOOKUP:
		lookup(g, op);
		break;
	case RX_S_CONDITIONHOLDS:
		condition_holds(g, op);
		break;
	case RX_S_ADDNZCV:
	case RX_S_ADDCARRY:
	case RX_S_ADDOVERFLOW:
	case RX_S_SUBBORROW:
	case RX_S_SUBOVERFLOW:
		sum_flags(g, op);
		break;
	case RX_S_LOGICNZCV:
	case RX_S_PARITY:
		value_flags(g, op);
		break;
	case RX_S_SHL:
	case RX_S_LSHR:
	case RX_S_ASHR:
	case RX_S_ROTR:
		shift(g, op);
		break;
	case RX_S_BITEXTRACT:
	case RX_S_BITDEPOSIT:
		gather_bits(g, op);
		break;
	case RX_S_TRUNC:
		bring(g, op->arg[0], RAX);
		E(g, and_r32_i32, RAX, 1);
		result(g, op, RAX);
		break;
	case RX_S_ZERO:
		zero(g, op);
		break;
	default:
		count_bits(g, op);
	}
}
