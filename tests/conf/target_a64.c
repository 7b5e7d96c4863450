/* target_a64.c - how A64 processing elements run cases. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cpu/arm/a64.h"
#include "tests/conf/state.h"
#include "tests/conf/target.h"
#include "tests/conf/values.h"

/* As a Linux process has it, and as oracles do: stack pointers are not checked. */
static bool load(struct rx_cpu *cpu, const struct conf_case *c)
{
	struct rx_a64 *s = rx_a64_of(cpu);

	(void)c;
	s->tbi = 1;
	s->sp_check = 0;
	s->excl_size = 0;
	return rx_a64_set_lengths(s, s->nvl, s->svl) == RAX_OK;
}

static uint64_t value(const struct conf_case *c, const char *name, uint64_t missing)
{
	const struct conf_file *f = conf_file(c->isa, name);
	uint64_t v = 0;

	if (f)
		memcpy(&v, c->state + f->at, f->bytes < 8 ? f->bytes : 8);
	return f ? v : missing;
}

/* Clears what is behind the first bytes of the first elements. */
static void keep(struct conf_case *c, const char *name, unsigned count, size_t bytes)
{
	const struct conf_file *f = conf_file(c->isa, name);

	for (unsigned k = 0; f && k < f->count; k++) {
		const size_t n = k < count && bytes < f->bytes ? bytes : k < count ? f->bytes : 0;

		memset(c->state + f->at + k * f->bytes + n, 0, f->bytes - n);
	}
}

/*
 * Addresses of a gather load: most of them in the window, or near what the base
 * points to; now and then any.
 */
static void aim_gather(struct conf_case *c, const struct rx_insn *i, uint64_t *s)
{
	const struct conf_insn *d = &c->isa->insns[i->id - 1];
	const bool base = !strncmp(d->name, "LD1W_vector", 11);
	const unsigned size = strstr(d->name, "_D0") ? 4 : 8;
	const struct conf_operand *o = NULL;
	struct conf_place p;

	if (strncmp(d->name, "LD1W_gather", 11) && !base)
		return;
	for (unsigned k = 0; k < d->noperands; k++)
		if (!strcmp(d->operands[k].name, base ? "Zn" : "Zm"))
			o = &d->operands[k];
	if (!o || !conf_operand_place(c->isa, o, i, &p))
		return;
	for (unsigned e = 0; e < c->isa->files[p.file].bytes / size; e++) {
		const uint64_t less = base || conf_below(s, 8) ? 0 : 256;
		const uint64_t near = base ? CONF_DATA(c->isa) +
						      conf_below(s, conf_data_size(c->isa) - 128)
					   : conf_below(s, 256) - less;

		if (conf_below(s, 32))
			memcpy(c->state + p.at + e * size, &near, size);
	}
}

extern conf_settle conf_settle_a64;

/* What lengths and modes leave out is zero; vectors of addresses are some. */
void conf_settle_a64(struct conf_case *c, const struct rx_insn *i, uint64_t *s)
{
	const uint64_t svcr = value(c, "svcr", 0), svl = value(c, "svl", 16);
	const size_t vl = svcr & RX_A64_SVCR_SM ? svl : value(c, "vl", 16);

	aim_gather(c, i, s);
	keep(c, "z", 32, vl);
	keep(c, "p", 16, vl / 8);
	keep(c, "ffr", 1, vl / 8);
	keep(c, "za", svcr & RX_A64_SVCR_ZA ? (unsigned)svl : 0, svl);
}

const struct conf_target conf_target_a64_sme = {
	.isa = &rg_a64_sme_conf,
	.load = load,
};

const struct conf_target conf_target_a64_streaming = {
	.isa = &rg_a64_streaming_conf,
	.load = load,
};

const struct conf_target conf_target_a64_sve = {
	.isa = &rg_a64_sve_conf,
	.load = load,
};

const struct conf_target conf_target_a64 = {
	.isa = &rg_a64_conf,
	.load = load,
};
