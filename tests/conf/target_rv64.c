/* target_rv64.c - how RV64 harts run cases. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cpu/riscv/rv64.h"
#include "tests/conf/target.h"

/* U-mode may use all of memory, and all cache-block operations. */
static bool prepare_rv64(struct rx_cpu *cpu)
{
	const uint64_t cbo = RG_RV64_MENVCFG_CBIE | RG_RV64_MENVCFG_CBCFE |
			     RG_RV64_MENVCFG_CBZE;

	return rx_rv64_csr_put(cpu, RG_RV64_CSR_PMPADDR0, UINT64_MAX) &&
	       rx_rv64_csr_put(cpu, RG_RV64_CSR_PMPCFG0, 0x1f) &&
	       rx_rv64_csr_put(cpu, RG_RV64_CSR_MENVCFG, cbo) &&
	       rx_rv64_csr_put(cpu, RG_RV64_CSR_SENVCFG, cbo);
}

/* mstatus.FS is Initial now and then, and Dirty after a change. */
static bool load_rv64(struct rx_cpu *cpu, const struct conf_case *c)
{
	rx_rv64_set_priv(cpu, RX_RV64_U);
	if (!rx_rv64_csr_put(cpu, RG_RV64_CSR_MSTATUS, c->index % 6 ? RG_RV64_MSTATUS_FS
			     : UINT64_C(1) << RG_RV64_MSTATUS_FS_SHIFT))
		return false;
	rx_rv64_resync(cpu);
	return true;
}

static const char *check_rv64(struct rx_cpu *cpu, const struct conf_case *c,
			      const struct conf_result *r)
{
	const struct rx_rv64 *h = rx_rv64_of(cpu);
	const struct conf_file *f = conf_file(c->isa, "f");
	const uint64_t dirty = RG_RV64_MSTATUS_FS;
	uint64_t word = 0;

	memcpy(&word, c->code, c->length);
	if (r->outcome == CONF_OUT_FAULT && r->cause == CONF_ILLEGAL &&
	    c->units == 1 && cpu->fault.value != word)
		return "the value of the exception is not the instruction's bits";
	/* f, fflags and frm are the last files */
	if (memcmp(r->state + f->at, c->state + f->at, c->isa->image - f->at) &&
	    (h->mstatus & dirty) != dirty)
		return "mstatus.FS is not Dirty";
	return NULL;
}

const struct conf_target conf_target_rv64 = {
	.isa = &rg_rv64_conf,
	.prepare = prepare_rv64,
	.load = load_rv64,
	.check = check_rv64,
};
