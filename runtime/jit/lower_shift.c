/* lower_shift.c - shifts of lanes. SPDX-License-Identifier: MIT
 *
 * All by one number, or, with AVX2, each by its own.
 */
#include "base/host.h"
#include "core/vm.h"
#include "jit/vectors.h"

typedef unsigned two_regs(uint8_t *out, uint8_t d, uint8_t a, uint8_t b);
typedef unsigned by_number(uint8_t *out, uint8_t d, uint8_t a, uint64_t n);

static unsigned amount(const struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	uint64_t n = 0;

	(void)rx_jit_splat_of(g->f, op, op->arg[1], &n);
	return (unsigned)n & ((unsigned)op->imm - 1);
}

/* Lanes of 16 bits and more; arithmetic ones of 64 bits are made of logical ones. */
static void shift_words(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t d, uint8_t a,
			uint8_t b)
{
	static by_number *const shift[3][3] = {
		{ rg_x86_emit_vpsllw_xmm_xmm_i8, rg_x86_emit_vpslld_xmm_xmm_i8,
		  rg_x86_emit_vpsllq_xmm_xmm_i8 },
		{ rg_x86_emit_vpsrlw_xmm_xmm_i8, rg_x86_emit_vpsrld_xmm_xmm_i8,
		  rg_x86_emit_vpsrlq_xmm_xmm_i8 },
		{ rg_x86_emit_vpsraw_xmm_xmm_i8, rg_x86_emit_vpsrad_xmm_xmm_i8, NULL },
	};
	const unsigned n = amount(g, op);
	by_number *const fn = shift[op->code - RX_S_VSHL][__builtin_ctz((unsigned)op->imm) - 4];

	(void)b;
	if (fn) {
		rx_jit_wrote(g, fn(g->at, d, a, n));
		return;
	}
	E(g, vpcmpeqd_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, JIT_XMM2);
	E(g, vpsllq_xmm_xmm_i8, JIT_XMM2, JIT_XMM2, 63);
	E(g, vpsrlq_xmm_xmm_i8, JIT_XMM2, JIT_XMM2, n);	/* where the sign is now */
	E(g, vpsrlq_xmm_xmm_i8, 1, a, n);
	E(g, vpxor_xmm_xmm_xmm, 1, 1, JIT_XMM2);
	E(g, vpsubq_xmm_xmm_xmm, d, 1, JIT_XMM2);
}

static void shift_bytes(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t d, uint8_t a,
			uint8_t b)
{
	const unsigned n = amount(g, op);
	const uint64_t stays = rx_jit_in_each_lane(op->code == RX_S_VSHL ? 0xffu << n : 0xffu >> n,
						   8);
	const uint64_t sign = rx_jit_in_each_lane(0x80u >> n, 8);

	(void)b;
	if (op->code == RX_S_VSHL)
		E(g, vpsllw_xmm_xmm_i8, 1, a, n);
	else
		E(g, vpsrlw_xmm_xmm_i8, 1, a, n);
	rx_jit_vec_number(g, JIT_XMM2, stays, stays, JIT_XMM2);
	if (op->code != RX_S_VASHR) {
		E(g, vpand_xmm_xmm_xmm, d, 1, JIT_XMM2);
		return;
	}
	E(g, vpand_xmm_xmm_xmm, 1, 1, JIT_XMM2);
	rx_jit_vec_number(g, JIT_XMM2, sign, sign, JIT_XMM2);
	E(g, vpxor_xmm_xmm_xmm, 1, 1, JIT_XMM2);
	E(g, vpsubb_xmm_xmm_xmm, d, 1, JIT_XMM2);
}

/* Each lane by its own number. */
static void shift_each(struct rx_jit_gen *g, const struct rx_smir_op *op, uint8_t d, uint8_t a,
		       uint8_t b)
{
	static two_regs *const shift[3][2] = {
		{ rg_x86_emit_vpsllvd_xmm_xmm_xmm, rg_x86_emit_vpsllvq_xmm_xmm_xmm },
		{ rg_x86_emit_vpsrlvd_xmm_xmm_xmm, rg_x86_emit_vpsrlvq_xmm_xmm_xmm },
		{ rg_x86_emit_vpsravd_xmm_xmm_xmm, NULL },
	};
	const uint64_t most = rx_jit_in_each_lane(op->imm - 1, (unsigned)op->imm);

	rx_jit_vec_number(g, JIT_XMM2, most, most, JIT_XMM2);
	E(g, vpand_xmm_xmm_xmm, JIT_XMM2, JIT_XMM2, b);
	rx_jit_wrote(g, shift[op->code - RX_S_VSHL][op->imm == 64](g->at, d, a, JIT_XMM2));
}
_Static_assert(RX_S_VLSHR == RX_S_VSHL + 1 && RX_S_VASHR == RX_S_VSHL + 2, "rows of tables");

static rx_jit_vec_fn *shift_of(const struct rx_smir_fn *f, const struct rx_smir_op *op,
			       unsigned host)
{
	uint64_t n;

	if (op->code != RX_S_VSHL && op->code != RX_S_VLSHR && op->code != RX_S_VASHR)
		return NULL;
	if (rx_jit_splat_of(f, op, op->arg[1], &n))
		return op->imm == 8 ? shift_bytes : shift_words;
	return host & RX_HOST_AVX2 && (op->imm == 32 || (op->imm == 64 && op->code != RX_S_VASHR))
		? shift_each : NULL;
}

bool rx_jit_lowers_shift(const struct rx_smir_fn *f, const struct rx_smir_op *op, unsigned host)
{
	return shift_of(f, op, host) != NULL;
}

void rx_jit_lower_shift(struct rx_jit_gen *g, const struct rx_smir_op *op)
{
	rx_jit_vec_fn *const fn = shift_of(g->f, op, g->j->cpu->vm->host);

	rx_jit_by_chunks(g, op, fn == shift_each ? 2 : 1, fn);
}
