/* cpuid.c - what CPUID says. SPDX-License-Identifier: MIT
 *
 * SDM volume 2, CPUID. What is stated here is what spec/x86 has meanings for.
 */
#include <string.h>

#include "cpu/x86/x86.h"

#define ANY_SUBLEAF 0xffffffffu

struct row {
	uint32_t leaf, sub;
	uint32_t eax, ebx, ecx, edx;
};

/* "raxraxraxrax"; family 6, model 0; FPU CX8 CMOV; CX16 POPCNT; BMI1 BMI2; LZCNT, LM */
static const struct row rows[] = {
	{ 0, ANY_SUBLEAF, 7, 0x72786172, 0x78617278, 0x61727861 },
	{ 1, ANY_SUBLEAF, 0x00000600, 0, 1u << 13 | 1u << 23, 1u | 1u << 8 | 1u << 15 },
	{ 7, 0, 0, 1u << 3 | 1u << 8, 0, 0 },
	{ 0x80000000, ANY_SUBLEAF, 0x80000001, 0, 0, 0 },
	{ 0x80000001, ANY_SUBLEAF, 0, 0, 1u << 5, 1u << 29 },
};

/* A leaf above the highest basic one answers as that one does (Intel). */
static const struct row *find(uint32_t leaf, uint32_t sub)
{
	static const struct row none;

	if (leaf > rows[0].eax && leaf < 0x80000000)
		leaf = rows[0].eax;
	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
		if (rows[k].leaf == leaf && (rows[k].sub == ANY_SUBLEAF || rows[k].sub == sub))
			return &rows[k];
	return &none;
}

enum rx_exec rx_x86_cpuid(struct rx_cpu *cpu)
{
	struct rx_x86 *c = rx_x86_of(cpu);
	const struct row *r = find((uint32_t)c->r[0], (uint32_t)c->r[1]);

	c->r[0] = r->eax;
	c->r[3] = r->ebx;
	c->r[1] = r->ecx;
	c->r[2] = r->edx;
	return RX_NEXT;
}
