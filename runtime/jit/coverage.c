/* coverage.c - what encodings are compiled to. SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/host.h"
#include "core/isa.h"
#include "jit/region.h"
#include "smir/build.h"

/* The encoding with operands 0; of a group, its only member. */
static void sample(const struct rx_isa *isa, unsigned id, struct rx_insn i[RX_INSN_RECORDS])
{
	memset(i, 0, RX_INSN_RECORDS * sizeof(*i));
	i[0].len = i[1].len = (uint8_t)isa->min_len;
	i[isa->groups].id = (uint16_t)id;
	if (!isa->groups)
		return;
	i[0].id = (uint16_t)isa->ninsns;
	i[0].r[0] = i[0].r[1] = 1;
	i[0].imm = 1;
}

enum rx_jit_coverage rx_jit_coverage(const struct rx_isa *isa, unsigned id)
{
	enum rx_jit_coverage result = RX_JIT_BY_EXECUTOR;
	struct rx_insn i[RX_INSN_RECORDS];
	struct rx_smir_fn f;
	uint8_t way;

	sample(isa, id, i);
	rx_smir_init(&f, isa);
	if (rx_jit_lift(&f, i, UINT32_MAX, rx_host_features(), true, &way)) {
		result = RX_JIT_BY_CODE;
		for (uint32_t k = 0; k < f.ops.n; k++) {
			const struct rx_smir_op *op = &f.ops.at[k];
			const bool soft = rx_smir_ops[op->code].effect == RX_SE_FP &&
					  way & JIT_SOFT_FP;

			if (soft || !rx_jit_lowers(&f, op))
				result = RX_JIT_BY_CALLS;
		}
	}
	rx_smir_fini(&f);
	return result;
}
