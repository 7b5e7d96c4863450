/* lower.c - host code of operations. SPDX-License-Identifier: MIT
 *
 * Bits above the width of an i8, i16 or i32 in a register are anything; those
 * who care extend. An i1 is 0 or 1 in 32 bits. Arguments are read, then given
 * up, then the result gets its register: it may be one of theirs.
 */
#include "core/tlb.h"
#include "fp/fp.h"
#include "jit/gen.h"

typedef unsigned rr(uint8_t *out, uint8_t d, uint8_t s);
typedef unsigned rm(uint8_t *out, uint8_t d, const struct rx_px_values *s);
typedef unsigned ri(uint8_t *out, uint8_t d, uint64_t imm);
typedef unsigned rrr(uint8_t *out, uint8_t d, uint8_t a, uint8_t b);

/* Condition codes in the order of their encoding */
enum { CC_O, CC_NO, CC_B, CC_AE, CC_E, CC_NE, CC_BE, CC_A, CC_S, CC_NS, CC_P, CC_NP,
       CC_L, CC_GE, CC_LE, CC_G };

#define CONDITIONS(X) X(o) X(no) X(b) X(ae) X(e) X(ne) X(be) X(a) X(s) X(ns) X(p) X(np) \
	X(l) X(ge) X(le) X(g)
#define SET(c) rg_x86_emit_set##c##_r8,
static unsigned (*const setcc[])(uint8_t *, uint8_t) = { CONDITIONS(SET) };
#define CMOV(c) rg_x86_emit_cmov##c##_r64_r64,
static rr *const cmovcc[] = { CONDITIONS(CMOV) };
#define JUMP(c) rg_x86_emit_j##c##_rel32_64,
static unsigned (*const jump_if[])(uint8_t *, uint64_t) = { CONDITIONS(JUMP) };

uint8_t *rx_jit_jmp(struct rx_jit_gen *g)
{
	E(g, jmp_rel32_64, 0);
	return g->at;
}

uint8_t *rx_jit_jcc(struct rx_jit_gen *g, unsigned cc)
{
	rx_jit_wrote(g, jump_if[cc](g->at, 0));
	return g->at;
}

void rx_jit_patch(uint8_t *from, const uint8_t *to)
{
	const int32_t distance = (int32_t)(to - from);

	__builtin_memcpy(from - 4, &distance, 4);
}

static bool wide(unsigned type)
{
	return type == RX_I64;
}

/* Does the constant fit the sign-extended 32 bits of an instruction? */
static bool immediate(const struct rx_jit_gen *g, rx_sv v, unsigned type, uint64_t *imm)
{
	if (!rx_jit_constant(g, v, imm))
		return false;
	if (type != RX_I64) {
		*imm = (uint64_t)(int64_t)(int32_t)*imm;
		return true;
	}
	return (int64_t)*imm == (int32_t)*imm;
}

/* d = s, low 32 bits or all */
static void copy(struct rx_jit_gen *g, uint8_t d, uint8_t s)
{
	rx_jit_move(g, d, s);
}

/* ---- integers ------------------------------------------------------------ */

struct binary {
	rr *r64, *r32;
	ri *i64, *i32;
	rm *m64, *m32;
	bool commutes;
};
#define BINARY(name, commutes) { rg_x86_emit_##name##_r64_r64, rg_x86_emit_##name##_r32_r32, \
	rg_x86_emit_##name##_r64_i32, rg_x86_emit_##name##_r32_i32, \
	rg_x86_emit_##name##_r64_m64, rg_x86_emit_##name##_r32_m32, commutes }
static const struct binary add = BINARY(add, true), sub = BINARY(sub, false),
	and_ = BINARY(and, true), or_ = BINARY(or, true), xor_ = BINARY(xor, true);
static const struct binary mul = { rg_x86_emit_imul_r64_r64, rg_x86_emit_imul_r32_r32, NULL,
				   NULL, rg_x86_emit_imul_r64_m64, rg_x86_emit_imul_r32_m32,
				   true };

static void binary(struct rx_jit_gen *g, const struct rx_smir_op *op, const struct binary *b)
{
	const bool w = wide(op->type);
	struct rx_px_values m;
	uint64_t imm;
	uint8_t x, y, d;

	if (b->i64 && immediate(g, op->arg[1], op->type, &imm)) {
		x = rx_jit_use(g, op->arg[0], RAX);
		rx_jit_done(g, op->arg[0]);
		rx_jit_done(g, op->arg[1]);
		d = rx_jit_dest(g, op->result);
		copy(g, d, x);
		rx_jit_wrote(g, (w ? b->i64 : b->i32)(g->at, d, w ? imm : imm & UINT32_MAX));
		return;
	}
	x = rx_jit_use(g, op->arg[0], RAX);
	if (rx_jit_in_memory(g, op->arg[1], &m)) {
		rx_jit_done(g, op->arg[0]);
		d = rx_jit_dest(g, op->result);
		copy(g, d, x);
		rx_jit_wrote(g, (w ? b->m64 : b->m32)(g->at, d, &m));
		rx_jit_done(g, op->arg[1]);
		return;
	}
	y = rx_jit_use(g, op->arg[1], RSI);
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	d = rx_jit_dest(g, op->result);
	if (d == y && d != x && b->commutes) {
		y = x;
		x = d;
	}
	if (d == y && d != x) {
		copy(g, RAX, x);
		rx_jit_wrote(g, (w ? b->r64 : b->r32)(g->at, RAX, y));
		copy(g, d, RAX);
		return;
	}
	copy(g, d, x);
	rx_jit_wrote(g, (w ? b->r64 : b->r32)(g->at, d, y));
}

/* Sums have a form with three registers. */
static void sum(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	struct rx_px_values m;
	uint64_t imm;
	uint8_t x, d;

	if (op->type != RX_I64 || !immediate(g, op->arg[1], RX_I64, &imm)) {
		binary(g, op, &add);
		return;
	}
	x = rx_jit_use(g, op->arg[0], RAX);
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	d = rx_jit_dest(g, op->result);
	m = rx_jit_mem(x, (int64_t)imm);
	if (d == x)
		E(g, add_r64_i32, d, imm);
	else
		E(g, lea_r64_m, d, &m);
}

struct shift {
	rrr *r64, *r32;
	ri *i64, *i32;
};
static const struct shift
shl = { rg_x86_emit_shlx_r64_r64_r64, rg_x86_emit_shlx_r32_r32_r32,
	rg_x86_emit_shl_r64_i8, rg_x86_emit_shl_r32_i8 },
shr = { rg_x86_emit_shrx_r64_r64_r64, rg_x86_emit_shrx_r32_r32_r32,
	rg_x86_emit_shr_r64_i8, rg_x86_emit_shr_r32_i8 },
sar = { rg_x86_emit_sarx_r64_r64_r64, rg_x86_emit_sarx_r32_r32_r32,
	rg_x86_emit_sar_r64_i8, rg_x86_emit_sar_r32_i8 };

static void shift(struct rx_jit_gen *g, const struct rx_smir_op *op, const struct shift *s)
{
	const bool w = wide(op->type);
	uint64_t imm;
	uint8_t x = rx_jit_use(g, op->arg[0], RAX), y, d;

	if (rx_jit_constant(g, op->arg[1], &imm)) {
		rx_jit_done(g, op->arg[0]);
		rx_jit_done(g, op->arg[1]);
		d = rx_jit_dest(g, op->result);
		copy(g, d, x);
		imm &= rx_smir_bits[op->type] - 1u;
		if (imm)
			rx_jit_wrote(g, (w ? s->i64 : s->i32)(g->at, d, imm));
		return;
	}
	y = rx_jit_use(g, op->arg[1], RSI);
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	d = rx_jit_dest(g, op->result);
	rx_jit_wrote(g, (w ? s->r64 : s->r32)(g->at, d, x, y));
}

static void unary(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const uint8_t x = rx_jit_use(g, op->arg[0], RAX);
	uint8_t d;

	rx_jit_done(g, op->arg[0]);
	d = rx_jit_dest(g, op->result);
	switch (op->code) {
	case RX_S_POPCOUNT:
		E(g, popcnt_r64_r64, d, x);
		return;
	case RX_S_CLZ:
		if (op->type == RX_I64)
			E(g, lzcnt_r64_r64, d, x);
		else
			E(g, lzcnt_r32_r32, d, x);
		return;
	case RX_S_CTZ:
		if (op->type == RX_I64)
			E(g, tzcnt_r64_r64, d, x);
		else
			E(g, tzcnt_r32_r32, d, x);
		return;
	default:
		break;
	}
	copy(g, d, x);
	if (op->code == RX_S_NOT && op->type == RX_I1)
		E(g, xor_r32_i32, d, 1);
	else if (op->code == RX_S_NOT)
		E(g, not_r64, d);
	else if (op->code == RX_S_NEG)
		E(g, neg_r64, d);
	else if (op->type == RX_I64)
		E(g, bswap_r64, d);
	else
		E(g, bswap_r32, d);
}

static void extend(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned from = g->f->values.at[op->arg[0]];
	const bool is_signed = op->code == RX_S_SEXT;
	const uint8_t x = rx_jit_use(g, op->arg[0], RAX);
	uint8_t d;

	rx_jit_done(g, op->arg[0]);
	d = rx_jit_dest(g, op->result);
	switch (from) {
	case RX_I8:
		if (is_signed)
			E(g, movsx_r64_r8, d, x);
		else
			E(g, movzx_r32_r8, d, x);
		break;
	case RX_I16:
		if (is_signed)
			E(g, movsx_r64_r16, d, x);
		else
			E(g, movzx_r32_r16, d, x);
		break;
	case RX_I32:
		if (is_signed)
			E(g, movsxd_r64_r32, d, x);
		else
			E(g, mov_r32_r32, d, x);
		break;
	default:		/* i1, or truncation */
		copy(g, d, x);
	}
}

/* ---- division ------------------------------------------------------------ */

/*
 * Special cases are the executor's: a divisor of 0, and of -1 where the least
 * number divided by it has no quotient. The budget waits in r8.
 */
static void divide(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool w = wide(op->type);
	const bool is_signed = op->code == RX_S_SDIV || op->code == RX_S_SREM;
	uint8_t d;

	rx_jit_move(g, RSI, rx_jit_use(g, op->arg[1], RSI));
	rx_jit_move(g, RAX, rx_jit_use(g, op->arg[0], RAX));
	if (w)
		E(g, test_r64_r64, RSI, RSI);
	else
		E(g, test_r32_r32, RSI, RSI);
	rx_jit_stub(g, rx_jit_jcc(g, CC_E), JIT_SLOW, g->record);
	if (is_signed) {
		if (w)
			E(g, cmp_r64_i32, RSI, UINT64_MAX);
		else
			E(g, cmp_r32_i32, RSI, UINT32_MAX);
		rx_jit_stub(g, rx_jit_jcc(g, CC_E), JIT_SLOW, g->record);
	}
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	rx_jit_move(g, R8, RDX);
	if (!is_signed) {
		E(g, xor_r32_r32, RDX, RDX);
	} else if (w) {
		rx_jit_move(g, RDX, RAX);
		E(g, sar_r64_i8, RDX, 63);
	} else {
		rx_jit_move(g, RDX, RAX);
		E(g, sar_r32_i8, RDX, 31);
	}
	if (is_signed && w)
		E(g, idiv_r64, RSI);
	else if (is_signed)
		E(g, idiv_r32, RSI);
	else if (w)
		E(g, div_r64, RSI);
	else
		E(g, div_r32, RSI);
	if (op->code == RX_S_UREM || op->code == RX_S_SREM)
		rx_jit_move(g, RAX, RDX);
	rx_jit_move(g, RDX, R8);
	d = rx_jit_dest(g, op->result);
	rx_jit_move(g, d, RAX);
}

/* ---- conditions ---------------------------------------------------------- */

static bool is_compare(unsigned code)
{
	return code == RX_S_EQ || code == RX_S_NE || code == RX_S_ULT || code == RX_S_ULE ||
	       code == RX_S_SLT || code == RX_S_SLE;
}

/* Values of 8 and 16 bits, extended as the comparison wants. */
static uint8_t extended(struct rx_jit_gen *g, rx_sv v, unsigned type, bool is_signed,
			uint8_t scratch)
{
	const uint8_t x = rx_jit_use(g, v, scratch);

	if (type == RX_I8) {
		if (is_signed)
			E(g, movsx_r64_r8, scratch, x);
		else
			E(g, movzx_r32_r8, scratch, x);
	} else if (type == RX_I16) {
		if (is_signed)
			E(g, movsx_r64_r16, scratch, x);
		else
			E(g, movzx_r32_r16, scratch, x);
	} else {
		return x;
	}
	return scratch;
}

/* Compares; the condition under which it holds. Uses rax and rsi. */
static unsigned compare(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	static const uint8_t cc[] = {
		[RX_S_EQ - RX_S_EQ] = CC_E, [RX_S_NE - RX_S_EQ] = CC_NE,
		[RX_S_ULT - RX_S_EQ] = CC_B, [RX_S_ULE - RX_S_EQ] = CC_BE,
		[RX_S_SLT - RX_S_EQ] = CC_L, [RX_S_SLE - RX_S_EQ] = CC_LE,
	};
	const bool is_signed = op->code == RX_S_SLT || op->code == RX_S_SLE;
	const uint8_t x = extended(g, op->arg[0], op->type, is_signed, RAX);
	uint64_t imm;

	if ((op->type == RX_I64 || op->type == RX_I32) &&
	    immediate(g, op->arg[1], op->type, &imm)) {
		if (op->type == RX_I64)
			E(g, cmp_r64_i32, x, imm);
		else
			E(g, cmp_r32_i32, x, imm & UINT32_MAX);
	} else {
		const uint8_t y = extended(g, op->arg[1], op->type, is_signed, RSI);

		if (op->type == RX_I64)
			E(g, cmp_r64_r64, x, y);
		else
			E(g, cmp_r32_r32, x, y);
	}
	rx_jit_done(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	return cc[op->code - RX_S_EQ];
}

/* Sets flags for a boolean; the condition under which it is true. */
static unsigned condition(struct rx_jit_gen *g, rx_sv v)
{
	uint8_t x;

	if (g->loc[v].kind == JIT_COMPARE) {
		g->loc[v].kind = JIT_NOWHERE;
		return compare(g, &g->f->ops.at[g->def[v]]);
	}
	x = rx_jit_use(g, v, RAX);
	E(g, test_r32_r32, x, x);
	return CC_NE;
}

uint8_t *rx_jit_branch_if(struct rx_jit_gen *g, rx_sv cond)
{
	const unsigned cc = condition(g, cond);

	rx_jit_done(g, cond);
	return rx_jit_jcc(g, cc);
}

static void boolean(struct rx_jit_gen *g, const struct rx_smir_op *op, unsigned cc)
{
	const uint8_t d = rx_jit_dest(g, op->result);

	rx_jit_wrote(g, setcc[cc](g->at, d));
	E(g, movzx_r32_r8, d, d);
}

/* A comparison that one select, exit or raise uses waits for it. */
static void compared(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_smir_block *b = &g->f->blocks.at[0];

	for (uint32_t k = g->op + 1; g->uses[op->result] == 1 && k < b->nops; k++) {
		const struct rx_smir_op *n = &g->f->ops.at[b->first + k];
		const unsigned effect = rx_smir_ops[n->code].effect;

		if ((n->code == RX_S_EXITIF || n->code == RX_S_SELECT ||
		     n->code == RX_S_RAISEIF) &&
		    n->arg[0] == op->result) {
			g->loc[op->result].kind = JIT_COMPARE;
			return;
		}
		if (effect != RX_SE_PURE && effect != RX_SE_PUT && effect != RX_SE_GET)
			break;
	}
	boolean(g, op, compare(g, op));
}

static void choose(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned cc = condition(g, op->arg[0]);
	uint8_t x, d;

	/* neither of these changes the flags */
	x = rx_jit_use(g, op->arg[2], RAX);
	rx_jit_move(g, RAX, x);
	x = rx_jit_use(g, op->arg[1], RSI);
	rx_jit_wrote(g, cmovcc[cc](g->at, RAX, x));
	for (unsigned k = 0; k < 3; k++)
		rx_jit_done(g, op->arg[k]);
	d = rx_jit_dest(g, op->result);
	rx_jit_move(g, d, RAX);
}

/* ---- memory -------------------------------------------------------------- */

/* Sums that are an address and nothing else wait for the access. */
static bool is_address(const struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_smir_block *b = &g->f->blocks.at[0];
	uint64_t imm;

	if (op->type != RX_I64 || g->uses[op->result] != 1 ||
	    !immediate(g, op->arg[1], RX_I64, &imm) || g->loc[op->arg[0]].kind == JIT_ADDRESS)
		return false;
	for (uint32_t k = g->op + 1; k < b->nops; k++) {
		const struct rx_smir_op *n = &g->f->ops.at[b->first + k];

		if ((n->code == RX_S_LOAD || n->code == RX_S_STORE) && n->arg[0] == op->result)
			return true;
		if (n->code == RX_S_PUT || n->code == RX_S_INSN)
			return false;
	}
	return false;
}

/* rax: host address of the access; out of line where it misses. */
static void translate(struct rx_jit_gen *g, rx_sv address, unsigned size, enum rx_access access)
{
	const int64_t addend = offsetof(struct rx_tlb_entry, addend);
	struct rx_px_values m;
	int64_t disp = 0;
	uint8_t base;

	if (g->loc[address].kind == JIT_ADDRESS) {
		const struct rx_smir_op *op = &g->f->ops.at[g->def[address]];

		base = rx_jit_use(g, op->arg[0], RAX);
		disp = (int64_t)g->f->ops.at[g->def[op->arg[1]]].imm;
	} else {
		base = rx_jit_use(g, address, RAX);
	}
	m = rx_jit_mem(base, disp);
	if (disp)
		E(g, lea_r64_m, RAX, &m);
	else
		rx_jit_move(g, RAX, base);
	rx_jit_done(g, address);
	E(g, mov_r64_r64, RSI, RAX);
	E(g, shr_r64_i8, RSI, RX_PAGE_BITS - 5);
	E(g, and_r32_i32, RSI, (RX_TLB_ENTRIES - 1) << 5);
	_Static_assert(sizeof(struct rx_tlb_entry) == 1 << 5, "an entry's size is a shift");
	m = rx_jit_mem(RAX, size - 1);
	E(g, lea_r64_m, R8, &m);
	E(g, and_r64_i32, R8, RX_PAGE_MASK);
	m = rx_jit_mem2(RCX, RSI, (int64_t)(offsetof(struct rx_tlb_entry, tag) + 8 * access));
	E(g, cmp_r64_m64, R8, &m);
	rx_jit_stub(g, rx_jit_jcc(g, CC_NE), JIT_SLOW, g->record);
	m = rx_jit_mem2(RCX, RSI, addend);
	E(g, add_r64_m64, RAX, &m);
}

static void load(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned size = rx_smir_bits[op->type] / 8;
	const struct rx_px_values from = rx_jit_mem(RAX, 0);
	bool xmm = false;
	uint8_t d;

	translate(g, op->arg[0], size, RX_ACC_R);
	d = rx_jit_dest_any(g, op->result, false, &xmm);
	switch (op->type) {
	case RX_I8:
		E(g, movzx_r32_m8, d, &from);
		break;
	case RX_I16:
		E(g, movzx_r32_m16, d, &from);
		break;
	case RX_I32:
		E(g, mov_r32_m32, d, &from);
		break;
	default:
		if (xmm)
			E(g, movsd_xmm_m64, d, &from);
		else
			E(g, mov_r64_m64, d, &from);
	}
}

static bool is_xmm(const struct rx_jit_gen *g, rx_sv v)
{
	return g->loc[v].kind == JIT_XMM ||
	       (g->loc[v].kind == JIT_HOME && g->home[g->loc[v].home].fp);
}

static void store(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const unsigned size = rx_smir_bits[op->type] / 8;
	const struct rx_px_values to = rx_jit_mem(RAX, 0);
	uint8_t s;

	translate(g, op->arg[0], size, RX_ACC_W);
	if (op->type == RX_I64 && is_xmm(g, op->arg[1])) {
		E(g, movsd_m64_xmm, &to, rx_jit_use_xmm(g, op->arg[1], 0));
		rx_jit_done(g, op->arg[1]);
		return;
	}
	s = rx_jit_use(g, op->arg[1], RSI);
	switch (op->type) {
	case RX_I8:
		E(g, mov_m8_r8, &to, s);
		break;
	case RX_I16:
		E(g, mov_m16_r16, &to, s);
		break;
	case RX_I32:
		E(g, mov_m32_r32, &to, s);
		break;
	default:
		E(g, mov_m64_r64, &to, s);
	}
	rx_jit_done(g, op->arg[1]);
}

/* ---- IEEE operations ----------------------------------------------------- */

/* The host's: nearest-even, flags sticky in MXCSR, canonical NaNs mended. */
static void ieee(struct rx_jit_gen *g, const struct rx_smir_op *op, rr *f64, rr *f32)
{
	const bool single = op->type == RX_I32;
	const uint8_t x = rx_jit_use_xmm(g, op->arg[0], 0);
	const uint8_t y = rx_jit_use_xmm(g, op->arg[1], 1);
	bool xmm = true;
	uint8_t d;

	for (unsigned k = 0; k < 3; k++)
		rx_jit_done(g, op->arg[k]);
	if (x != 0)
		E(g, movaps_xmm_xmm, 0, x);
	rx_jit_wrote(g, (single ? f32 : f64)(g->at, 0, y));
	if (single)
		E(g, ucomiss_xmm_xmm, 0, 0);
	else
		E(g, ucomisd_xmm_xmm, 0, 0);
	rx_jit_nan_stub(g, rx_jit_jcc(g, CC_P), 0, single);
	d = rx_jit_dest_any(g, op->result, true, &xmm);
	if (!xmm)
		E(g, movq_r64_xmm, d, 0);
	else
		E(g, movaps_xmm_xmm, d, 0);
}

static void relation(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const bool single = op->type == RX_I32;
	const uint8_t x = rx_jit_use_xmm(g, op->arg[0], 0);
	const uint8_t y = rx_jit_use_xmm(g, op->arg[1], 1);
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
	if (single)
		E(g, comiss_xmm_xmm, y, x);
	else
		E(g, comisd_xmm_xmm, y, x);
	boolean(g, op, op->code == RX_S_FLT ? CC_A : CC_AE);
}

/* ---- all ----------------------------------------------------------------- */

static bool word(unsigned type)
{
	return type == RX_I8 || type == RX_I16 || type == RX_I32 || type == RX_I64;
}

static bool main_type(unsigned type)
{
	return type == RX_I32 || type == RX_I64;
}

static bool rounds_nearest(const struct rx_smir_fn *f, rx_sv v)
{
	/* a constant stands close before its use */
	for (uint32_t k = f->ops.n; k-- > 0;)
		if (f->ops.at[k].result == v)
			return f->ops.at[k].code == RX_S_CONST && f->ops.at[k].imm == RX_RNE;
	return false;
}

bool rx_jit_lowers(const struct rx_smir_fn *f, const struct rx_smir_op *op)
{
	const unsigned from = f->values.at[op->arg[0]];

	switch (op->code) {
	case RX_S_CONST:
	case RX_S_PUT:
	case RX_S_GET:
	case RX_S_LOAD:
	case RX_S_STORE:
		return word(op->type);
	case RX_S_INSN:
	case RX_S_EXIT:
	case RX_S_EXITIF:
	case RX_S_RAISEIF:
		return true;
	case RX_S_ADD:
	case RX_S_SUB:
	case RX_S_MUL:
		return word(op->type);
	case RX_S_AND:
	case RX_S_OR:
	case RX_S_XOR:
		return word(op->type) || op->type == RX_I1;
	case RX_S_SHL:
	case RX_S_LSHR:
	case RX_S_ASHR:
	case RX_S_CLZ:
	case RX_S_CTZ:
	case RX_S_BSWAP:
	case RX_S_UDIV:
	case RX_S_SDIV:
	case RX_S_UREM:
	case RX_S_SREM:
		return main_type(op->type);
	case RX_S_POPCOUNT:
		return op->type == RX_I64;
	case RX_S_NOT:
		return word(op->type) || op->type == RX_I1;
	case RX_S_NEG:
		return word(op->type);
	case RX_S_EQ:
	case RX_S_NE:
	case RX_S_ULT:
	case RX_S_ULE:
	case RX_S_SLT:
	case RX_S_SLE:
		return word(op->type);
	case RX_S_ZEXT:
		return word(op->type) && (word(from) || from == RX_I1);
	case RX_S_SEXT:
		return word(op->type) && word(from);
	case RX_S_TRUNC:
		return word(op->type) && word(from);
	case RX_S_SELECT:
		return word(op->type);
	case RX_S_FADD:
	case RX_S_FSUB:
	case RX_S_FMUL:
	case RX_S_FDIV:
		return main_type(op->type) && rounds_nearest(f, op->arg[2]);
	case RX_S_FEQ:
	case RX_S_FLT:
	case RX_S_FLE:
		return main_type(op->type);
	default:
		return false;
	}
}

static void lower(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	switch (op->code) {
	case RX_S_CONST:
		g->loc[op->result].kind = JIT_CONST;
		break;
	case RX_S_INSN:
		g->record = &g->block->insn[op->imm];
		break;
	case RX_S_GET:
		rx_jit_get(g, op);
		break;
	case RX_S_PUT:
		rx_jit_put(g, op);
		break;
	case RX_S_ADD:
		if (is_address(g, op))
			g->loc[op->result].kind = JIT_ADDRESS;
		else
			sum(g, op);
		break;
	case RX_S_SUB:
		binary(g, op, &sub);
		break;
	case RX_S_MUL:
		binary(g, op, &mul);
		break;
	case RX_S_AND:
		binary(g, op, &and_);
		break;
	case RX_S_OR:
		binary(g, op, &or_);
		break;
	case RX_S_XOR:
		binary(g, op, &xor_);
		break;
	case RX_S_SHL:
		shift(g, op, &shl);
		break;
	case RX_S_LSHR:
		shift(g, op, &shr);
		break;
	case RX_S_ASHR:
		shift(g, op, &sar);
		break;
	case RX_S_UDIV:
	case RX_S_SDIV:
	case RX_S_UREM:
	case RX_S_SREM:
		divide(g, op);
		break;
	case RX_S_ZEXT:
	case RX_S_SEXT:
		extend(g, op);
		break;
	case RX_S_TRUNC:
		rx_jit_share(g, op);
		break;
	case RX_S_SELECT:
		choose(g, op);
		break;
	case RX_S_LOAD:
		load(g, op);
		break;
	case RX_S_STORE:
		store(g, op);
		break;
	case RX_S_RAISEIF:	/* nothing was done: the executor raises it */
		rx_jit_stub(g, rx_jit_branch_if(g, op->arg[0]), JIT_SLOW, g->record);
		rx_jit_done(g, op->arg[1]);
		break;
	case RX_S_FADD:
		ieee(g, op, rg_x86_emit_addsd_xmm_xmm, rg_x86_emit_addss_xmm_xmm);
		break;
	case RX_S_FSUB:
		ieee(g, op, rg_x86_emit_subsd_xmm_xmm, rg_x86_emit_subss_xmm_xmm);
		break;
	case RX_S_FMUL:
		ieee(g, op, rg_x86_emit_mulsd_xmm_xmm, rg_x86_emit_mulss_xmm_xmm);
		break;
	case RX_S_FDIV:
		ieee(g, op, rg_x86_emit_divsd_xmm_xmm, rg_x86_emit_divss_xmm_xmm);
		break;
	case RX_S_FEQ:
	case RX_S_FLT:
	case RX_S_FLE:
		relation(g, op);
		break;
	default:
		if (is_compare(op->code))
			compared(g, op);
		else
			unary(g, op);
	}
}

void rx_jit_lower(struct rx_jit_gen *g)
{
	const struct rx_smir_block *b = &g->f->blocks.at[0];

	for (g->op = 0; g->op < b->nops && !g->failed; g->op++) {
		const struct rx_smir_op *op = &g->f->ops.at[b->first + g->op];

		if (op->code == RX_S_EXIT || op->code == RX_S_EXITIF)
			return;
		if (g->at > g->end) {
			g->failed = true;
			return;
		}
		lower(g, op);
	}
}
