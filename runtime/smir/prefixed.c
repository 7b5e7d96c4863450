/* prefixed.c - memory operands of core/prefixed.h as SMIR. SPDX-License-Identifier: MIT */
#include "smir/prefixed.h"

#include "smir/build.h"

static rx_sv add(struct rx_smir_fn *f, rx_sv a, rx_sv b)
{
	return a && b ? rx_smir_op2(f, RX_S_ADD, RX_I64, a, b) : a ? a : b;
}

static rx_sv element(struct rx_smir_fn *f, size_t array, unsigned n)
{
	return rx_smir_get(f, RX_I64, array + 8 * (size_t)n);
}

static rx_sv cut(struct rx_smir_fn *f, const struct rx_insn *i, rx_sv v)
{
	const unsigned asz = i->r[1] >> RX_PX_ASZ_SHIFT;

	if (asz == RX_PX_ASZ64)
		return v;
	return rx_smir_op2(f, RX_S_AND, RX_I64, v, rx_smir_const(f, RX_I64,
			   asz == RX_PX_ASZ32 ? UINT32_MAX : UINT16_MAX));
}

rx_sv rx_smir_px_offset(struct rx_smir_fn *f, const struct rx_insn *i, rx_sv plus,
			struct rx_smir_px at)
{
	const unsigned base = i->r[1] & 63u, index = i->r[3] & 63u;
	const unsigned scale = i->r[3] >> RX_PX_SCALE_SHIFT;
	uint64_t fixed = (uint64_t)(int64_t)(int32_t)i->imm;
	rx_sv v = plus;

	if (base < RX_PX_NO_REG)
		v = add(f, v, element(f, at.regs, base));
	else if (base == RX_PX_RIP)
		fixed += i->pc + i->len;
	if (index < RX_PX_NO_REG) {
		rx_sv x = element(f, at.regs, index);

		if (scale)
			x = rx_smir_op2(f, RX_S_SHL, RX_I64, x,
					rx_smir_const(f, RX_I64, scale));
		v = add(f, v, x);
	}
	if (fixed || !v)
		v = add(f, v, rx_smir_const(f, RX_I64, fixed));
	return cut(f, i, v);
}

static rx_sv in_segment(struct rx_smir_fn *f, rx_sv offset, unsigned seg,
			struct rx_smir_px at)
{
	return rx_smir_op2(f, RX_S_AND, RX_I64, add(f, element(f, at.bases, seg), offset),
			   rx_smir_get(f, RX_I64, at.mask));
}

rx_sv rx_smir_px_linear(struct rx_smir_fn *f, const struct rx_insn *i, rx_sv plus,
			unsigned seg, struct rx_smir_px at)
{
	return in_segment(f, rx_smir_px_offset(f, i, plus, at), seg, at);
}

rx_sv rx_smir_px_vsib(struct rx_smir_fn *f, const struct rx_insn *i, rx_sv plus,
		      unsigned seg, struct rx_smir_px at)
{
	struct rx_insn base = *i;

	base.r[3] = RX_PX_NO_REG;
	return rx_smir_px_linear(f, &base, plus, seg, at);
}

rx_sv rx_smir_px_string(struct rx_smir_fn *f, const struct rx_insn *i, rx_sv plus,
			unsigned reg, unsigned seg, struct rx_smir_px at)
{
	return in_segment(f, cut(f, i, add(f, element(f, at.regs, reg), plus)), seg, at);
}

rx_sv rx_smir_px_absolute(struct rx_smir_fn *f, const struct rx_insn *i, rx_sv plus,
			  unsigned seg, struct rx_smir_px at)
{
	const rx_sv a = rx_smir_const(f, RX_I64, i->imm);

	return in_segment(f, cut(f, i, add(f, a, plus)), seg, at);
}
