/* coverage_api.c - the public table of coverage. SPDX-License-Identifier: MIT */
#include <rax/coverage.h>

#include "core/isa.h"
#include "core/vm.h"
#include "jit/jit.h"
#include "machine/isas.h"

rax_status rax_coverage(const char *isa_name, uint32_t index, rax_coverage_row *row,
			rax_error *err)
{
	const struct rx_isa_mode *mode = rx_isa_find(isa_name, err);
	const struct rx_isa *isa;
	const struct rx_coverage *c;

	if (!mode)
		return RAX_EINVAL;
	isa = mode->isa;
	if (index >= isa->ninsns - 1)	/* but for the illegal one, id 0 */
		return RAX_ERANGE;
	c = &isa->coverage[index + 1];
	row->name = isa->info[index + 1].name;
	row->extension = isa->info[index + 1].extension;
	row->fast = c->fast;
	row->lifted = c->lifted;
#if RX_HAVE_JIT
	row->lowered = (int)rx_jit_coverage(isa, index + 1);
#else
	row->lowered = 0;
#endif
	row->cases = c->cases;
	row->oracle = c->oracle;
	row->missing = c->missing;
	return RAX_OK;
}
