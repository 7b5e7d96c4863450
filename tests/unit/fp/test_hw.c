/* test_hw.c - every operation against the host's FPU. SPDX-License-Identifier: MIT
 *
 * Bit for bit, with all six flags of MXCSR, in the four directions hardware
 * has: with the rules of SSE (also with DAZ and FTZ), and with those of RISC-V
 * after NaNs are made canonical.
 */
#include <stdio.h>

#include "hw.h"
#include "suites.h"

/* What RISC-V would say, from what the host said. */
static void
to_riscv(const struct hw_op *op, const uint64_t *v, uint64_t *r, unsigned *flags)
{
	const struct fpt_fmt *f = op->f;

	*flags &= ~(unsigned)RX_FP_ID;
	if (fpt_is_nan(op->riscv, *r))
		*r = fpt_default_nan(op->riscv);
	/* RISC-V F: 0 * inf + qNaN is invalid as well */
	if (op->arity == 3 && !fpt_is_nan(f, v[0]) && !fpt_is_nan(f, v[1])) {
		uint64_t a = fpt_magnitude(f, v[0]), b = fpt_magnitude(f, v[1]);

		if ((a == 0 && b == fpt_inf(f)) || (b == 0 && a == fpt_inf(f)))
			*flags |= RX_FP_NV;
	}
}

static void
one(const struct hw_op *op, const uint64_t *v, unsigned round, unsigned flush)
{
	struct fpt_case c = { op->name, op->f, { v[0], v[1], v[2] }, round, "sse" };
	struct rx_fpenv sse = RX_FPENV_SSE((uint8_t)round);
	struct rx_fpenv riscv = RX_FPENV_RISCV((uint8_t)round);
	uint32_t m = hw_mxcsr(round);
	unsigned flags;
	uint64_t want, got;

	if (flush & 1) {
		m |= HW_DAZ;
		sse.flush_in = 1;
		sse.flag_in = 0;
		c.note = "sse daz";
	}
	if (flush & 2) {
		m |= HW_FTZ;
		sse.flush_out = RX_FLUSH_UF_NX;
		c.note = flush & 1 ? "sse daz ftz" : "sse ftz";
	}
	want = op->hw(v, &m);
	flags = hw_flags(m);
	got = op->soft(v, &sse);
	fpt_check(&c, got, sse.flags, want, flags);
	if (!op->riscv || flush)
		return;
	c.note = "riscv";
	to_riscv(op, v, &want, &flags);
	got = op->soft(v, &riscv);
	fpt_check(&c, got, riscv.flags, want, flags);
}

static void
all_modes(const struct hw_op *op, const uint64_t *v)
{
	for (unsigned round = RX_RNE; round <= RX_RUP; round++)
		for (unsigned flush = 0; flush < 4; flush++)
			one(op, v, round, flush);
}

static void
edges(const struct hw_op *op)
{
	static const uint64_t ints[] = {
		0, 1, 2, 0x7fffff, 0xffffff, 0x1000000, 0x1000001, 0x1000003,
		0x7fffffff, 0x80000000, 0x80000001, 0xffffffff, 0x7fffff80,
		0x1fffffffffffff, 0x20000000000001, 0x20000000000003,
		0x7fffffffffffffff, 0x8000000000000000, 0x8000000000000001,
		0xfffffffffffffbff, 0xfffffffffffffc00, 0xffffffffffffffff,
	};
	struct fpt_edges e;
	uint64_t v[3] = { 0, 0, 0 };
	size_t step = op->arity == 3 ? 3 : 1;

	fpt_edges(op->f, &e);
	if (op->arg != HW_FLOAT)
		for (e.count = 0; e.count < sizeof(ints) / 8; e.count++)
			e.v[e.count] = ints[e.count];
	for (size_t i = 0; i < e.count; i++) {
		v[0] = e.v[i];
		if (op->arity == 1) {
			all_modes(op, v);
			continue;
		}
		for (size_t j = i % step; j < e.count; j += step) {
			v[1] = e.v[j];
			if (op->arity == 2) {
				all_modes(op, v);
				continue;
			}
			for (size_t k = (i + j) % 7; k < e.count; k += 7) {
				v[2] = e.v[k];
				one(op, v, (i + k) % 4, j % 4);
			}
		}
	}
}

static void
test_op(const void *arg)
{
	const struct hw_op *op = arg;
	uint64_t n = fpt_cases(op->arity == 1 ? 300000 : 1000000), v[3];

	if (!hw_has(op->feature)) {
		rx_tap_skip("the host's CPU lacks %s", op->feature);
		return;
	}
	fpt_begin();
	edges(op);
	for (uint64_t i = 0; i < n; i++) {
		if (op->arg == HW_FLOAT)
			fpt_random_operands(op->f, v);
		else
			v[0] = fpt_random_int();
		one(op, v, i % 4, i / 4 % 8 > 3 ? 0 : i / 4 % 4);
	}
	fpt_end();
}

static void
no_fpu(const void *arg)
{
	(void)arg;
	rx_tap_skip("the host is not an x86-64");
}

void
fp_add_hw_tests(void)
{
	char name[64];

	for (size_t i = 0; i < hw_nops; i++) {
		snprintf(name, sizeof(name), "%s %s", hw_ops[i].f->name,
			 hw_ops[i].name);
		rx_tap_add("fp/hw", name, test_op, &hw_ops[i]);
	}
	if (!hw_nops)
		rx_tap_add("fp/hw", "all", no_fpu, NULL);
}
