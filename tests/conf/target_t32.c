/* target_t32.c - how M-profile processors run cases. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cpu/arm/t32.h"
#include "tests/conf/state.h"
#include "tests/conf/target.h"
#include "tests/conf/values.h"

conf_settle conf_settle_t32;

static bool load(struct rx_cpu *cpu, const struct conf_case *c)
{
	(void)c;
	rx_t32_of(cpu)->excl_size = 0;
	return true;
}

static uint8_t *byte_of(struct conf_case *c, const char *file)
{
	return c->state + conf_file(c->isa, file)->at;
}

/* Not allowed in IT blocks, or nothing that says so; branches end them */
static bool outside(const struct conf_insn *d)
{
	static const char *const names[] = { "B_cond", "CBZ", "IT", "HINT_16" };

	for (unsigned k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (!strncmp(d->name, names[k], strlen(names[k])))
			return true;
	return false;
}

/* Most addresses of code have T in bit 0. */
static void interwork(struct conf_case *c, uint8_t *at, uint64_t *s)
{
	uint32_t v;

	memcpy(&v, at, 4);
	if (v - CONF_HOLE(c->isa) < CONF_HOLE_SIZE && conf_below(s, 4))
		*at |= 1;
}

static void settle_targets(struct conf_case *c, uint64_t *s)
{
	for (unsigned k = 0; k < 13; k++)
		interwork(c, byte_of(c, "r") + 4 * k, s);
	interwork(c, byte_of(c, "lr"), s);
	for (unsigned k = 0; k < c->npatches; k++)
		for (unsigned n = 0; n < c->patch[k].size; n += 4)
			interwork(c, c->mem + c->patch[k].at + n, s);
}

/*
 * Gathers and scatters: the oracle does not look at alignment. Most addresses are
 * in the window, or near.
 */
static void settle_elements(struct conf_case *c, uint64_t *s)
{
	const bool bases = !strncmp(c->insn->name, "VLDRW_bases", 11);
	uint8_t *q = byte_of(c, "q"), *r = byte_of(c, "r");

	for (unsigned k = 0; k < 8 * 4; k++) {
		uint32_t v = (uint32_t)conf_draw(s) & 0x1ffc;

		if (bases)
			v += (uint32_t)CONF_DATA(c->isa);
		if (!conf_below(s, 24))
			v ^= 0x80000;
		memcpy(q + 4 * k, &v, 4);
	}
	for (unsigned k = 0; k < 13; k++)
		r[4 * k] &= 0xfc;
	*byte_of(c, "lr") &= 0xfc;
}

/*
 * What an implementation may choose is left out: blocks that go on behind a branch,
 * and what is not for them; the oracle has one mask for both halves of a vector,
 * and no vectors in IT blocks.
 */
void conf_settle_t32(struct conf_case *c, const struct rx_insn *i, uint64_t *s)
{
	const struct conf_insn *d = &c->isa->insns[i->id - 1];
	uint8_t *it = byte_of(c, "itstate");

	/* the last round of a loop: few elements are left */
	if (!(byte_of(c, "fpscr")[2] & 4) && conf_below(s, 4)) {
		memset(byte_of(c, "lr"), 0, 4);
		*byte_of(c, "lr") = (uint8_t)conf_below(s, 20);
	}
	if (outside(d) || !strcmp(d->extension, "FEAT_MVE"))
		*it = 0;
	else if (d->flow != CONF_NEXT && *it & 15)
		*it = (*it & 0xf0) | 8;
	if (d->flow == CONF_INDIRECT)
		settle_targets(c, s);
	if (!strncmp(d->name, "VLDRW_", 6))
		settle_elements(c, s);
	*byte_of(c, "mask23") = *byte_of(c, "mask01");
}

const struct conf_target conf_target_t32 = {
	.isa = &rg_t32_conf,
	.load = load,
};
