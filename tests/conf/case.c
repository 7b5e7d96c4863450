/* case.c - the code of cases, and cases as a whole. SPDX-License-Identifier: MIT */
#include "tests/conf/case.h"

#include <stdlib.h>
#include <string.h>

#include "core/isa.h"
#include "tests/conf/state.h"
#include "tests/conf/values.h"
#include "tests/conf/words.h"

const struct conf_file *conf_file(const struct conf_isa *isa, const char *name)
{
	for (unsigned k = 0; k < isa->nfiles; k++)
		if (!strcmp(isa->files[k].name, name))
			return &isa->files[k];
	return NULL;
}

bool conf_case_init(struct conf_case *c, const struct conf_isa *isa)
{
	memset(c, 0, sizeof(*c));
	c->isa = isa;
	c->state = calloc(1, isa->image + 8);
	c->mem = calloc(1, conf_data_size(isa));
	c->background = calloc(1, conf_data_size(isa));
	if (c->background)
		conf_background(c->background, conf_data_size(isa));
	return c->state && c->mem && c->background;
}

void conf_case_fini(struct conf_case *c)
{
	free(c->state);
	free(c->mem);
	free(c->background);
	c->state = c->mem = c->background = NULL;
}

/* Decodes one unit; its length, 0: too short. Records of a group are without
 * its header. *n: how many, 0: illegal */
static unsigned decode_at(const struct conf_case *c, unsigned at,
			  struct rx_insn i[RX_INSN_RECORDS], unsigned *n)
{
	unsigned length;

	memset(i, 0, RX_INSN_RECORDS * sizeof(*i));
	i->pc = conf_code_end(c->isa) - c->length + at;
	length = c->isa->isa->decode(c->isa->mode_key, c->code + at,
				     (unsigned)(c->length - at), i);
	*n = length && i->id ? 1 : 0;
	if (i->id > c->isa->ninsns) {
		*n = i->r[0];
		memmove(i, i + 1, (RX_INSN_RECORDS - 1) * sizeof(*i));
	}
	return length;
}

unsigned conf_case_members(const struct conf_case *c,
			   struct rx_insn i[RX_INSN_RECORDS])
{
	unsigned at = 0, n = 0;

	for (unsigned k = 0; k < c->units; k++) {
		const unsigned length = decode_at(c, at, i, &n);

		if (!length)
			return 0;
		at += length;
	}
	return at == c->length ? n : 0;
}

unsigned conf_case_decode(const struct conf_case *c, struct rx_insn *i)
{
	struct rx_insn all[RX_INSN_RECORDS];
	const unsigned n = conf_case_members(c, all);
	unsigned k = 0;

	while (k < n && &c->isa->insns[all[k].id - 1] != c->insn)
		k++;
	*i = all[k < n ? k : 0];
	return n ? i->id : 0;
}

static uint64_t seed_of(const struct conf_case *c)
{
	const uint64_t s = conf_hash_name(c->insn->name) ^
			   c->index * UINT64_C(0xd6e8feb86659fd93);

	return s + c->seed * UINT64_C(0xa0761d6478bd642f);
}

static void start(struct conf_case *c, const struct conf_insn *d,
		  uint64_t index, uint64_t seed)
{
	c->insn = d;
	c->index = index;
	c->seed = seed;
	c->length = c->units = 0;
	memset(c->code, 0, sizeof(c->code));
}

static void finish(struct conf_case *c)
{
	uint64_t s = ~seed_of(c);

	c->pc = conf_code_end(c->isa) - c->length;
	conf_state_make(c, &s);
}

bool conf_case_make(struct conf_case *c, const struct conf_insn *d,
		    uint64_t index, uint64_t seed, conf_coder *coder)
{
	uint64_t s;

	start(c, d, index, seed);
	s = seed_of(c);
	if (!(coder ? coder : conf_word_make)(c, &s))
		return false;
	finish(c);
	return true;
}

void conf_case_remake(struct conf_case *c, const struct conf_insn *d,
		      uint64_t index, uint64_t seed, const uint8_t *code,
		      unsigned length)
{
	uint8_t copy[CONF_CODE_MAX];	/* code may be c's own */
	struct rx_insn i[RX_INSN_RECORDS];
	unsigned n, at = 0, size;

	memcpy(copy, code, length);
	start(c, d, index, seed);
	memcpy(c->code, copy, length);
	c->length = (uint8_t)length;
	do {
		size = decode_at(c, at, i, &n);
		at += size;
		c->units++;
	} while (size && n && at < length);
	c->valid = n != 0;
	finish(c);
}

uint64_t conf_case_hash(const struct conf_case *c, uint64_t hash)
{
	const uint64_t head[3] = { c->pc, c->length, c->npatches };
	uint64_t v;

	for (unsigned k = 0; k < 3; k++)
		hash = (hash ^ head[k]) * UINT64_C(0x9fb21c651e98df25);
	for (uint32_t k = 0; k < c->isa->image; k += 8) {
		memcpy(&v, c->state + k, 8);
		hash = (hash ^ v) * UINT64_C(0x9fb21c651e98df25);
		hash ^= hash >> 32;
	}
	for (unsigned p = 0; p < c->npatches; p++)
		for (uint32_t k = 0; k < c->patch[p].size; k++)
			hash = (hash ^ c->mem[c->patch[p].at + k]) *
			       UINT64_C(0x9fb21c651e98df25);
	return hash ^ hash >> 32;
}
