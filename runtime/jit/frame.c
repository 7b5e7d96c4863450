/* frame.c - values in memory, and calls of C functions with them. SPDX-License-Identifier: MIT
 *
 * A slot is 64 bits of struct rx_native, which has a fixed place behind the state.
 * Values that no register holds (128 bits and vectors) live in slots; so do those
 * that are used in another part of the block than their own. A slot is free
 * when its value has no uses left.
 */
#include <string.h>

#include "core/native.h"
#include "jit/frame.h"
#include "jit/vectors.h"

/* Arguments have two slots each; then a result; then registers over a call. */
#define RESULT 8
#define KEEP 16
#define KEEP_XMM (KEEP + 16)
#define VALUES (KEEP_XMM + 32)

static uint64_t slot_offset(const struct rx_jit_gen *g, unsigned slot)
{
	return (uint64_t)g->frame + 8 * slot;
}

struct rx_px_values rx_jit_slot(const struct rx_jit_gen *g, unsigned slot)
{
	return rx_jit_mem(RDI, (int64_t)slot_offset(g, slot));
}

bool rx_jit_is_wide(const struct rx_jit_gen *g, rx_sv v)
{
	return rx_jit_wide_type(g->f->values.at[v]);
}

static unsigned slots_of(const struct rx_jit_gen *g, rx_sv v)
{
	const unsigned bits = rx_smir_bits[g->f->values.at[v]];

	return bits <= 64 ? 1 : bits / 64;
}

static bool is_free(const struct rx_jit_gen *g, unsigned first, unsigned n)
{
	for (unsigned k = first; k < first + n; k++)
		if (g->owner[k] && g->uses[g->owner[k]])
			return false;
	return true;
}

void rx_jit_free_slots(struct rx_jit_gen *g)
{
	memset(g->owner, 0, g->owned * sizeof(g->owner[0]));
	g->owned = g->next_slot = 0;
}

unsigned rx_jit_new_slots(struct rx_jit_gen *g, rx_sv v)
{
	const unsigned n = slots_of(g, v);
	unsigned at = g->next_slot;

	for (unsigned tries = 0; tries <= RX_NATIVE_SLOTS / n; tries++, at += n) {
		at = (at + n - 1) & ~(n - 1);
		if (at < VALUES || at + n > RX_NATIVE_SLOTS)
			at = VALUES;
		if (!is_free(g, at, n))
			continue;
		for (unsigned k = 0; k < n; k++)
			g->owner[at + k] = v;
		g->next_slot = at + n;
		g->owned = g->owned < at + n ? at + n : g->owned;
		return at;
	}
	g->failed = true;
	return VALUES;
}

unsigned rx_jit_dest_wide(struct rx_jit_gen *g, rx_sv v)
{
	const unsigned slot = g->cross && g->cross[v] ? g->cross[v] : rx_jit_new_slots(g, v);

	g->loc[v] = (struct rx_jit_loc){ .kind = JIT_WIDE,
					 .state = rx_jit_state_at(g, slot_offset(g, slot)) };
	return slot;
}

static unsigned slot_of(struct rx_jit_gen *g, rx_sv v)
{
	if (g->loc[v].kind != JIT_WIDE || g->loc[v].state <= g->frame) {
		g->failed = true;
		return VALUES;
	}
	return (unsigned)(g->loc[v].state - 1 - g->frame) / 8;
}

void rx_jit_copy(struct rx_jit_gen *g, const struct rx_px_values *to,
		 const struct rx_px_values *from, unsigned bytes)
{
	struct rx_px_values d = *to, s = *from;

	for (; bytes >= 16; bytes -= 16, d.disp += 16, s.disp += 16) {
		E(g, movups_xmm_m128, 0, &s);
		E(g, movups_m128_xmm, &d, 0);
	}
	if (bytes) {
		E(g, mov_r64_m64, RAX, &s);
		E(g, mov_m64_r64, &d, RAX);
	}
}

void rx_jit_to_own_slots(struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_px_values from = rx_jit_wide_at(g, v);
	struct rx_px_values to;

	if (g->loc[v].state > g->frame)
		return;
	to = rx_jit_slot(g, rx_jit_dest_wide(g, v));
	rx_jit_copy(g, &to, &from, 8 * slots_of(g, v));
}

/* ---- arguments ----------------------------------------------------------- */

static void store_number(struct rx_jit_gen *g, const struct rx_px_values *to, uint64_t v)
{
	if ((int64_t)v == (int32_t)v) {
		E(g, mov_m64_i32, to, v);
	} else {
		rx_jit_number(g, RAX, v);
		E(g, mov_m64_r64, to, RAX);
	}
}

/* The value in a register, extended with zeros; it may be RAX. */
uint8_t rx_jit_use_clean(struct rx_jit_gen *g, rx_sv v, uint8_t scratch)
{
	const uint8_t x = rx_jit_use(g, v, scratch);

	if (g->loc[v].zero && g->loc[v].kind != JIT_HOME)
		return x;
	switch (g->f->values.at[v]) {
	case RX_I8:
		E(g, movzx_r32_r8, scratch, x);
		return scratch;
	case RX_I16:
		E(g, movzx_r32_r16, scratch, x);
		return scratch;
	case RX_I1:
	case RX_I32:
		E(g, mov_r32_r32, scratch, x);
		return scratch;
	default:
		return x;
	}
}

void rx_jit_to_slot(struct rx_jit_gen *g, rx_sv v, unsigned slot)
{
	const struct rx_px_values to = rx_jit_slot(g, slot), high = rx_jit_slot(g, slot + 1);
	const bool wide = rx_jit_is_wide(g, v);
	struct rx_px_values from;
	uint64_t number;
	uint8_t x;

	if (rx_jit_constant(g, v, &number)) {
		store_number(g, &to, number);
		if (wide)
			store_number(g, &high, 0);
	} else if (wide) {
		from = rx_jit_wide_at(g, v);
		rx_jit_copy(g, &to, &from, 8 * slots_of(g, v));
	} else {
		x = rx_jit_use_clean(g, v, RAX);
		E(g, mov_m64_r64, &to, x);
	}
}

/* The slot where a C function finds argument k. */
static unsigned argument(struct rx_jit_gen *g, rx_sv v, unsigned k)
{
	rx_jit_vec_to_memory(g, v);
	if (rx_jit_is_wide(g, v) && g->loc[v].kind == JIT_WIDE &&
	    g->loc[v].state > g->frame)
		return slot_of(g, v);
	if (rx_jit_is_wide(g, v) && g->loc[v].kind == JIT_WIDE && slots_of(g, v) > 2) {
		rx_jit_to_own_slots(g, v);
		return slot_of(g, v);
	}
	rx_jit_to_slot(g, v, 2 * k);
	return 2 * k;
}

struct rx_px_values rx_jit_wide_at(struct rx_jit_gen *g, rx_sv v)
{
	rx_jit_vec_to_memory(g, v);
	if (g->loc[v].kind != JIT_WIDE)
		g->failed = true;
	return rx_jit_mem(RDI, (int64_t)g->loc[v].state - 1);
}

/* ---- calls --------------------------------------------------------------- */

/* What a C function may change and somebody needs; rdi and rdx by themselves. */
static void keep(struct rx_jit_gen *g, bool back)
{
	static const uint8_t gpr[] = { RCX, R9, R10, R11 };
	uint32_t homes[2] = { 0, 0 };

	for (unsigned k = 0; k < g->nhomes; k++)
		homes[g->home[k].fp] |= 1u << g->home[k].reg;
	for (unsigned k = 0; k < sizeof(gpr); k++) {
		const struct rx_px_values at = rx_jit_slot(g, KEEP + gpr[k]);

		if (!g->gpr[gpr[k]] && !(homes[0] >> gpr[k] & 1))
			continue;
		if (back)
			E(g, mov_r64_m64, gpr[k], &at);
		else
			E(g, mov_m64_r64, &at, gpr[k]);
	}
	for (unsigned x = 0; x < 16; x++) {
		const struct rx_px_values at = rx_jit_slot(g, KEEP_XMM + 2 * x);

		if (!g->xmm[x] && !(homes[1] >> x & 1))
			continue;
		if (g->xmm[x] && back)	/* it may be a vector */
			E(g, vmovdqu_xmm_m128, (uint8_t)x, &at);
		else if (g->xmm[x])
			E(g, vmovdqu_m128_xmm, &at, (uint8_t)x);
		else if (back)
			E(g, movsd_xmm_m64, (uint8_t)x, &at);
		else
			E(g, movsd_m64_xmm, &at, (uint8_t)x);
	}
}

void rx_jit_call_helper(struct rx_jit_gen *g, rx_jit_helper *fn, const struct rx_smir_rop *o)
{
	const struct rx_px_values budget = rx_jit_slot(g, KEEP + RDX);
	uint64_t words[2];

	__builtin_memcpy(words, o, sizeof(words));
	keep(g, false);
	E(g, mov_m64_r64, &budget, RDX);
	rx_jit_number(g, RSI, (uint64_t)(uintptr_t)g->record);
	rx_jit_number(g, RCX, words[0]);
	rx_jit_number(g, R8, words[1]);
	rx_jit_number(g, R9, g->sites);
	rx_jit_call_c(g, (uint64_t)(uintptr_t)fn);
	E(g, test_r32_r32, RDX, RDX);	/* nothing below changes the flags */
	E(g, mov_r64_m64, RDX, &budget);
	keep(g, true);
}

/* Which function does it, and may it fault? */
static rx_jit_helper *function_of(const struct rx_smir_op *op, bool *faults)
{
	*faults = false;
	switch (op->code) {
	case RX_S_FPENV:
		return rx_jit_do_fpenv;
	case RX_S_FPDONE:
	case RX_S_FPFLAGS:
		return rx_jit_do_flags;
	case RX_S_FPTRAP:
		*faults = true;
		return rx_jit_do_flags;
	default:
		break;
	}
	switch (rx_smir_ops[op->code].effect) {
	case RX_SE_MEM:
	case RX_SE_FAULT:
		*faults = true;
		return rx_jit_do_access;
	default:
		return rx_jit_do_eval;
	}
}

/* What is in the state only is not known to be there behind these. */
static bool writes_state(const struct rx_smir_op *op)
{
	const unsigned effect = rx_smir_ops[op->code].effect;

	return effect == RX_SE_COMMIT || op->code == RX_S_FPTRAP || op->code == RX_S_CHECKIF;
}

void rx_jit_lower_by_call(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_smir_info *info = &rx_smir_ops[op->code];
	struct rx_smir_rop o = { .code = RX_SMIR_K(op->code, op->type), .d = RESULT };
	uint16_t *const to[4] = { &o.a, &o.b, &o.c, &o.e };
	const bool wide = op->result && rx_jit_is_wide(g, op->result);
	bool faults;
	rx_jit_helper *const fn = function_of(op, &faults);
	uint8_t d;

	if (writes_state(op))
		rx_jit_overwrite(g, 0, g->isa->state_size);
	rx_smir_resolve_number(g->f, op, &o);
	for (unsigned k = 0; k < info->nargs; k++)
		*to[k] = (uint16_t)argument(g, op->arg[k], k);
	if (wide)
		o.d = (uint16_t)rx_jit_dest_wide(g, op->result);
	rx_jit_done_all(g, op);
	if (fn == rx_jit_do_access)
		rx_jit_forget_pages(g);
	rx_jit_call_helper(g, fn, &o);
	if (faults)
		rx_jit_stub(g, rx_jit_jcc(g, CC_NE), JIT_FAULT, g->record);
	g->polls = g->polls || info->effect == RX_SE_MEM || info->effect == RX_SE_COMMIT;
	if (!op->result || wide || !g->uses[op->result])
		return;
	d = rx_jit_dest(g, op->result);
	rx_jit_move(g, d, RAX);
	g->loc[op->result].zero = true;
}

/* ---- ways out in the middle ---------------------------------------------- */

void rx_jit_raise_by_call(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	const struct rx_smir_rop o = { .code = RX_SMIR_K(op->code, op->type), .b = 2,
				       .x = (uint32_t)op->imm };
	uint8_t *yes, *no;

	rx_jit_to_slot(g, op->arg[1], 2);
	yes = rx_jit_branch_if(g, op->arg[0]);
	rx_jit_done(g, op->arg[1]);
	no = rx_jit_jmp(g);
	rx_jit_patch(yes, g->at);
	rx_jit_call_helper(g, rx_jit_do_raise, &o);
	rx_jit_stub(g, rx_jit_jmp(g), JIT_FAULT, g->record);
	rx_jit_patch(no, g->at);
}

void rx_jit_poll(struct rx_jit_gen *g, const struct rx_insn *next)
{
	const struct rx_px_values poll = rx_jit_mem(RDI, offsetof(struct rx_cpu, poll));

	E(g, cmp_m32_i8, &poll, 0);
	rx_jit_stub(g, rx_jit_jcc(g, CC_NE), JIT_POLLED, next);
}
