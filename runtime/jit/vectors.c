/* vectors.c - vectors in registers. SPDX-License-Identifier: MIT */
#include "jit/values.h"
#include "jit/vectors.h"

unsigned rx_jit_chunks(const struct rx_jit_gen *g, rx_sv v)
{
	const unsigned bits = rx_jit_bits_of(g, v);

	return bits <= RX_JIT_CHUNK ? 1 : bits / RX_JIT_CHUNK;
}

uint64_t rx_jit_in_each_lane(uint64_t number, unsigned lane)
{
	uint64_t w = lane < 64 ? number & ((UINT64_C(1) << lane) - 1) : number;

	for (unsigned n = lane; n < 64; n *= 2)
		w |= w << n;
	return w;
}

bool rx_jit_splat_of(const struct rx_smir_fn *f, const struct rx_smir_op *op, rx_sv v,
		     uint64_t *number)
{
	while (op-- > f->ops.at)
		if (op->result == v)
			return op->code == RX_S_VSPLAT && rx_jit_known(f, op, op->arg[0], number);
	return false;
}

void rx_jit_vec_number(struct rx_jit_gen *g, uint8_t d, uint64_t low, uint64_t high,
		       uint8_t spoilt)
{
	if (low == high && !low) {
		E(g, vpxor_xmm_xmm_xmm, d, d, d);
		return;
	}
	if (low == high && !~low) {
		E(g, vpcmpeqd_xmm_xmm_xmm, d, d, d);
		return;
	}
	rx_jit_number(g, RAX, low);
	E(g, vmovq_xmm_r64, d, RAX);
	if (high != low) {
		rx_jit_number(g, RAX, high);
		E(g, vmovq_xmm_r64, spoilt, RAX);
	}
	E(g, vpunpcklqdq_xmm_xmm_xmm, d, d, high != low ? spoilt : d);
}

/* What a pattern is the repetition of. */
static uint64_t pattern_of(const struct rx_jit_gen *g, rx_sv v)
{
	const struct rx_smir_op *op = rx_jit_def(g, v);
	uint64_t number = 0;

	(void)rx_jit_number_of(g, op->arg[0], &number);
	return rx_jit_in_each_lane(number, (unsigned)op->imm);
}

/* ---- from there ---------------------------------------------------------- */

static struct rx_px_values at(const struct rx_jit_gen *g, rx_sv v, unsigned k)
{
	return rx_jit_mem(RDI, (int64_t)g->loc[v].state - 1 + RX_JIT_CHUNK / 8 * (int64_t)k);
}

bool rx_jit_vec_in_memory(const struct rx_jit_gen *g, rx_sv v, unsigned k,
			  struct rx_px_values *m)
{
	if (g->loc[v].kind != JIT_WIDE || rx_jit_bits_of(g, v) < RX_JIT_CHUNK)
		return false;
	*m = at(g, v, k);
	return true;
}

void rx_jit_make_patterns(struct rx_jit_gen *g, const struct rx_smir_op *op, unsigned n)
{
	for (unsigned j = 0; j < n; j++) {
		const rx_sv v = op->arg[j];
		uint8_t x;

		if (g->loc[v].kind != JIT_PATTERN)
			continue;
		x = rx_jit_take(g, v, true);
		rx_jit_set(g, v, JIT_XMM, x);
		rx_jit_vec_number(g, x, pattern_of(g, v), pattern_of(g, v), x);
	}
}

uint8_t rx_jit_vec(struct rx_jit_gen *g, rx_sv v, unsigned k, uint8_t scratch)
{
	struct rx_px_values m;

	switch (g->loc[v].kind) {
	case JIT_XMM:
		return g->loc[v].reg;
	case JIT_WIDE:
		m = at(g, v, k);
		if (rx_jit_bits_of(g, v) < RX_JIT_CHUNK)
			E(g, vmovq_xmm_m64, scratch, &m);
		else
			E(g, vmovdqu_xmm_m128, scratch, &m);
		return scratch;
	default:
		g->failed = true;
		return scratch;
	}
}

struct rx_jit_place rx_jit_place_vec(struct rx_jit_gen *g, rx_sv v, unsigned k)
{
	const unsigned bytes = rx_jit_bits_of(g, v) / 8;
	struct rx_jit_place p = { .kind = g->loc[v].kind, .reg = g->loc[v].reg };
	struct rx_px_values m;

	p.bytes = (uint8_t)(bytes < RX_JIT_CHUNK / 8 ? bytes : RX_JIT_CHUNK / 8);
	if (p.kind == JIT_WIDE) {
		m = at(g, v, k);
		p.reg = m.base;
		p.at = m.disp;
	} else if (p.kind != JIT_XMM) {
		g->failed = true;
	}
	return p;
}

/* ---- to there ------------------------------------------------------------ */

void rx_jit_store_vec(struct rx_jit_gen *g, const struct rx_px_values *m, uint8_t x,
		      unsigned bits)
{
	struct rx_px_values to = *m;

	if (bits < RX_JIT_CHUNK)
		E(g, vmovq_m64_xmm, &to, x);
	else
		for (; bits; bits -= RX_JIT_CHUNK, to.disp += RX_JIT_CHUNK / 8)
			E(g, vmovdqu_m128_xmm, &to, x);
}

void rx_jit_vec_to_memory(struct rx_jit_gen *g, rx_sv v)
{
	struct rx_jit_loc *l = &g->loc[v];
	struct rx_px_values to;
	uint64_t w;
	uint8_t x;

	if (l->kind == JIT_XMM && rx_jit_is_wide(g, v)) {
		x = l->reg;
		rx_jit_release(g, v);
		to = rx_jit_slot(g, rx_jit_dest_wide(g, v));
		rx_jit_store_vec(g, &to, x, rx_jit_bits_of(g, v));
	} else if (l->kind == JIT_PATTERN) {
		w = pattern_of(g, v);
		to = rx_jit_slot(g, rx_jit_dest_wide(g, v));
		if ((int64_t)w != (int32_t)w)
			rx_jit_number(g, RAX, w);
		for (unsigned n = 0; n < rx_jit_bits_of(g, v); n += 64, to.disp += 8)
			if ((int64_t)w == (int32_t)w)
				E(g, mov_m64_i32, &to, w);
			else
				E(g, mov_m64_r64, &to, RAX);
	}
}

uint8_t rx_jit_dest_vec(struct rx_jit_gen *g, rx_sv v)
{
	const uint8_t x = rx_jit_take(g, v, true);

	g->loc[v].state = 0;
	rx_jit_set(g, v, JIT_XMM, x);
	return x;
}

/* ---- chunk by chunk ------------------------------------------------------ */

void rx_jit_by_chunks(struct rx_jit_gen *g, const struct rx_smir_op *op, unsigned n,
		      rx_jit_vec_fn *fn)
{
	const unsigned nargs = rx_smir_ops[op->code].nargs;
	const unsigned chunks = rx_jit_chunks(g, op->result);
	struct rx_px_values to = { 0 };
	uint8_t d = 0, a, b = 0;

	rx_jit_make_patterns(g, op, n);
	if (chunks > 1)
		to = rx_jit_slot(g, rx_jit_dest_wide(g, op->result));
	for (unsigned k = 0; k < chunks; k++, to.disp += RX_JIT_CHUNK / 8) {
		a = rx_jit_vec(g, op->arg[0], k, 0);
		if (n > 1)
			b = rx_jit_vec(g, op->arg[1], k, 1);
		if (chunks > 1) {
			fn(g, op, 0, a, b);
			rx_jit_store_vec(g, &to, 0, RX_JIT_CHUNK);
			continue;
		}
		for (unsigned j = 0; j < nargs; j++)
			rx_jit_done(g, op->arg[j]);
		d = rx_jit_dest_vec(g, op->result);
		fn(g, op, d, a, b);
		return;
	}
	for (unsigned j = 0; j < nargs; j++)
		rx_jit_done(g, op->arg[j]);
}
