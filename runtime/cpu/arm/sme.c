/* sme.c - streaming mode and the ZA array of A64. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cpu/arm/a64.h"

/* FPSR behind a change of mode (Arm ARM, ResetSVEState): QC and all of IEEE's */
#define FPSR_RESET UINT32_C(0x0800009f)

static unsigned length_now(const struct rx_a64 *c)
{
	return c->svcr & RX_A64_SVCR_SM ? c->svl : c->nvl;
}

/* Arm ARM, SetPSTATE_SM and SetPSTATE_ZA: what is left or entered is zero. */
enum rx_exec rx_a64_set_svcr(struct rx_cpu *cpu, unsigned svcr)
{
	struct rx_a64 *c = rx_a64_of(cpu);
	const unsigned changed = c->svcr ^ svcr;

	c->svcr = svcr & (RX_A64_SVCR_SM | RX_A64_SVCR_ZA);
	if (changed & RX_A64_SVCR_SM) {
		memset(c->z, 0, sizeof(c->z));
		memset(c->p, 0, sizeof(c->p));
		c->fpsr = FPSR_RESET;
		c->vl = (uint16_t)length_now(c);
	}
	if (changed & RX_A64_SVCR_ZA)
		memset(c->za, 0, sizeof(c->za));
	return RX_NEXT;
}

static bool is_length(unsigned n)
{
	return n >= 16 && n <= sizeof(((struct rx_a64 *)0)->z[0]) && !(n & (n - 1));
}

rax_status rx_a64_set_lengths(struct rx_a64 *c, unsigned vl, unsigned svl)
{
	const unsigned rows = sizeof(c->za) / sizeof(c->za[0]);

	if (!is_length(vl) || !is_length(svl))
		return RAX_EINVAL;
	c->nvl = (uint16_t)vl;
	c->svl = (uint16_t)svl;
	c->vl = (uint16_t)length_now(c);
	for (unsigned k = 0; k < 32; k++)
		memset(c->z[k] + c->vl, 0, sizeof(c->z[k]) - c->vl);
	for (unsigned k = 0; k < 17; k++)
		memset(c->p[k] + c->vl / 8, 0, sizeof(c->p[k]) - c->vl / 8);
	for (unsigned k = 0; k < rows; k++) {
		const unsigned keep = k < svl && c->svcr & RX_A64_SVCR_ZA ? svl : 0;

		memset(c->za[k] + keep, 0, sizeof(c->za[k]) - keep);
	}
	return RAX_OK;
}
