/* prog_insns.c - random instructions. SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "rv64/decode.h"
#include "tests/conf/state.h"
#include "tests/conf/values.h"
#include "tests/conf/words.h"
#include "tests/diff/prog.h"

bool prog_old_only;
uint32_t prog_kept = 1u << 2 | 1u << 15 | 7u << 29;

unsigned prog_float;
static const struct conf_insn **often, **seldom, **floats;
static unsigned noften, nseldom, nfloats;

static bool left_out(const struct conf_insn *d)
{
	static const char *const newer[] = { "rv_f_zfa", "rv_d_zfa", "rv_zfh_zfa",
		"rv_zicond", "rv_zcb", "rv64_zcb", "rv_zawrs", "rv_zicbo" };
	const bool fence = !strncmp(d->name, "fence", 5);

	if (d->skip || d->flow != CONF_NEXT || d->nchoices || (d->partly && !fence))
		return true;
	/* traps on purpose are made elsewhere; LR and SC come in pairs */
	if (!strcmp(d->name, "ebreak") || !strncmp(d->name, "c.ebreak", 8) ||
	    !strcmp(d->name, "unimp") || !strcmp(d->name, "c.unimp") ||
	    !strncmp(d->name, "lr.", 3) || !strncmp(d->name, "sc.", 3))
		return true;
	for (size_t k = 0; prog_old_only && k < sizeof(newer) / sizeof(newer[0]); k++)
		if (!strcmp(d->extension, newer[k]))
			return true;
	return prog_old_only && !strcmp(d->name, "ctzw");
}

void prog_choose(void)
{
	often = calloc(3 * rg_rv64_conf.ninsns, sizeof(*often));
	if (!often)
		prog_fail("out of memory");
	seldom = often + rg_rv64_conf.ninsns;
	floats = seldom + rg_rv64_conf.ninsns;
	for (unsigned k = 0; k < rg_rv64_conf.ninsns; k++) {
		const struct conf_insn *d = &rg_rv64_conf.insns[k];
		const char *e = d->extension;

		if (left_out(d))
			continue;
		if (!strcmp(e, "rv_i") || !strcmp(e, "rv64_i") || !strcmp(e, "rv_c") ||
		    !strcmp(e, "rv64_c") || !strcmp(e, "rv_zba") ||
		    !strcmp(d->name, "mul") || !strcmp(d->name, "fld") ||
		    !strcmp(d->name, "fsd"))
			often[noften++] = d;
		else
			seldom[nseldom++] = d;
		if (d->fp)
			floats[nfloats++] = d;
	}
}

static bool kept(unsigned reg)
{
	return prog_kept >> reg & 1;
}

static bool decodes(const struct conf_insn *d, uint32_t word, struct rx_insn *i)
{
	memset(i, 0, sizeof(*i));
	return rg_rv64_decode(0, (const uint8_t *)&word, d->length, i) == d->length &&
	       i->id && &rg_rv64_conf.insns[i->id - 1] == d;
}

/* Half of the fields that may be registers name one of a few. */
static uint32_t narrow(const struct conf_insn *d, uint32_t word)
{
	for (unsigned k = 0; k < d->nfields; k++) {
		const unsigned width = d->fields[k].hi - d->fields[k].lo + 1u;
		const unsigned n = prog_below(6);

		if ((width == 5 || width == 3) && prog_below(2))
			word = conf_put_field(word, &d->fields[k], width == 5 ? 8 + n : n);
	}
	return word;
}

/* It writes none of the registers that are kept. */
static bool acceptable(const struct conf_insn *d, uint32_t word)
{
	struct rx_insn i;

	if (!decodes(d, word, &i))
		return false;
	for (unsigned k = 0; k < d->noperands; k++) {
		const struct conf_operand *o = &d->operands[k];
		struct conf_place p;

		if (o->written && conf_operand_place(&rg_rv64_conf, o, &i, &p) &&
		    p.file == 0 && kept(p.element))
			return false;
	}
	return true;
}

static bool based_on(const struct conf_insn *d, uint32_t word, unsigned reg)
{
	struct conf_place p;
	struct rx_insn i;

	return decodes(d, word, &i) &&
	       conf_term_place(&rg_rv64_conf, d, &i, d->accesses->terms, &p) &&
	       p.element == reg;
}

/* The word with another register that its address begins with. */
static uint32_t rebase(const struct conf_insn *d, uint32_t word, unsigned reg)
{
	for (unsigned k = 0; k < d->nfields; k++) {
		const unsigned width = d->fields[k].hi - d->fields[k].lo + 1u;
		const uint32_t v = conf_put_field(word, &d->fields[k],
						  width == 3 ? reg - 8 : reg);

		/* and it was this field that says so */
		if ((width == 5 || width == 3) && based_on(d, v, reg) &&
		    !based_on(d, conf_put_field(v, &d->fields[k], 0), reg))
			return v;
	}
	return word;
}

static bool has_offset(const struct conf_insn *d)
{
	return d->accesses->nterms > 1;
}

/* Its address in the window: an aligned one in x29 for those that have no
 * offset, else a kept register that fits in the encoding. */
static uint32_t aim(const struct conf_insn *d, uint32_t word)
{
	uint32_t wide;

	if (!has_offset(d)) {
		prog_w(rg_rv64_encode_addi(29, 31, (int32_t)prog_below(448) * 8 - 1984));
		return rebase(d, word, 29);
	}
	if (based_on(d, word, 2))
		return word;
	wide = rebase(d, word, 31);
	return based_on(d, wide, 31) ? wide : rebase(d, word, 15);
}

static void one(const struct conf_insn *d)
{
	uint32_t word;
	unsigned tries = 0;

	do {
		if (tries++ > 200)
			return;
		word = narrow(d, conf_random_word(d, &prog_seed));
		if (d->naccesses && has_offset(d))
			word = aim(d, word);
	} while (!acceptable(d, word));
	if (d->naccesses && !has_offset(d))
		word = aim(d, word);
	prog_w(word);
}

static void any(void)
{
	if (prog_float && prog_below(100) < prog_float)
		one(floats[prog_below(nfloats)]);
	else if (prog_below(10) < 6)
		one(often[prog_below(noften)]);
	else
		one(seldom[prog_below(nseldom)]);
}

void prog_drop(void)
{
	free(often);
	often = NULL;
}

/* ---- structure */

unsigned prog_register(void)
{
	return prog_below(3) ? 8 + prog_below(6) : 1 + prog_below(28);
}

unsigned prog_target(void)
{
	unsigned r;

	do
		r = prog_register();
	while (kept(r));
	return r;
}

void prog_straight(unsigned n)
{
	while (n--)
		any();
}

void prog_forward_branch(void)
{
	const unsigned a = prog_register(), b = prog_register(), kind = prog_below(8);
	const uint64_t from = prog_at;
	int32_t off;

	prog_w(kind < 6 ? UINT32_C(0x13) : UINT32_C(0x1));
	prog_straight(1 + prog_below(6));
	off = (int32_t)(prog_at - from);
	switch (kind) {
	case 0:
		prog_patch(from, rg_rv64_encode_beq(a, b, off));
		break;
	case 1:
		prog_patch(from, rg_rv64_encode_bne(a, b, off));
		break;
	case 2:
		prog_patch(from, rg_rv64_encode_blt(a, b, off));
		break;
	case 3:
		prog_patch(from, rg_rv64_encode_bge(a, b, off));
		break;
	case 4:
		prog_patch(from, rg_rv64_encode_bltu(a, b, off));
		break;
	case 5:
		prog_patch(from, rg_rv64_encode_bgeu(a, b, off));
		break;
	case 6:
		prog_patch(from, rg_rv64_encode_c_beqz(8 + prog_below(8), off));
		break;
	default:
		prog_patch(from, rg_rv64_encode_c_bnez(8 + prog_below(8), off));
	}
}

/* Over some instructions, by each kind of jump. */
void prog_jump(void)
{
	const uint64_t from = prog_at;
	const unsigned kind = prog_below(5);

	if (kind > 1)
		prog_w(rg_rv64_encode_auipc(29, 0));
	prog_w(kind == 0 ? 1u : 0x13);
	if (kind == 4)
		prog_w(1);
	prog_straight(prog_below(4));
	switch (kind) {
	case 0:
		prog_patch(from, rg_rv64_encode_c_j((int32_t)(prog_at - from)));
		break;
	case 1:
		prog_patch(from, rg_rv64_encode_jal(29, (int32_t)(prog_at - from)));
		break;
	case 2:
		prog_patch(from + 4, rg_rv64_encode_jalr(29, (int32_t)(prog_at - from), 29));
		break;
	case 3:
		prog_patch(from + 4, rg_rv64_encode_jalr(prog_target(),
						    (int32_t)(prog_at - from), 29));
		break;
	default:
		prog_patch(from + 4, rg_rv64_encode_addi(29, 29, (int32_t)(prog_at - from)));
		prog_patch(from + 8, prog_below(2) ? rg_rv64_encode_c_jr(29)
					 : rg_rv64_encode_c_jalr(29));
	}
}

void prog_pair(void)
{
	const unsigned data = prog_register(), old = prog_target();
	const unsigned status = prog_target();

	prog_w(rg_rv64_encode_addi(29, 31, (int32_t)prog_below(448) * 8 - 1984));
	if (prog_below(2)) {
		prog_w(rg_rv64_encode_lr_d(0, old, 29));
		prog_w(rg_rv64_encode_add(prog_target(), old, data));
		prog_w(rg_rv64_encode_sc_d(0, status, data, 29));
	} else {
		prog_w(rg_rv64_encode_lr_w(0, old, 29));
		prog_w(rg_rv64_encode_xor(prog_target(), old, data));
		prog_w(rg_rv64_encode_sc_w(0, status, data, 29));
	}
	if (prog_below(3) == 0)	/* now nothing is reserved */
		prog_w(rg_rv64_encode_sc_d(0, status, data, 29));
}

