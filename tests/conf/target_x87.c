/* target_x87.c - states of the x87 that cases begin with. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cpu/x86/x87.h"
#include "tests/conf/case.h"
#include "tests/conf/values.h"

#define EXCEPTIONS 0x3fu
#define PENDING 0x8080u		/* ES and B */

conf_settle conf_settle_x86;

/* What a case has of the x87; NULL in images that have none */
struct x87 {
	uint8_t *cw, *sw, *tags, *st;
};

static uint8_t *file(const struct conf_case *c, const char *name)
{
	const struct conf_file *f = conf_file(c->isa, name);

	return f ? c->state + f->at : NULL;
}

static unsigned get16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static void put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static unsigned top(const struct x87 *x)
{
	return get16(x->sw) >> RX_X87_TOP_SHIFT & 7;
}

static uint8_t *st(const struct x87 *x, unsigned n)
{
	return x->st + 16 * ((top(x) + n) & 7);
}

/* Most registers are full, what a push needs is empty, nothing is pending. */
static void settle_stack(struct x87 *x, uint64_t *s)
{
	const unsigned above = (top(x) + 7) & 7;

	if (conf_below(s, 4))
		*x->tags = 0;
	if (conf_below(s, 4))
		*x->tags |= (uint8_t)(1u << above);
	if (conf_below(s, 8))
		put16(x->sw, get16(x->sw) & ~(~get16(x->cw) & EXCEPTIONS));
}

/* Operands that are equal, opposite, or differ in their last bit. */
static void settle_values(struct x87 *x, uint64_t *s)
{
	uint8_t *const to = st(x, 1 + conf_below(s, 7));

	if (conf_below(s, 6))
		return;
	memcpy(to, st(x, 0), 10);
	to[0] ^= (uint8_t)conf_below(s, 2);
	to[9] ^= (uint8_t)(conf_below(s, 2) << 7);
}

/* Arguments of functions whose results may differ by an ulp: those that all
 * processors agree on. */
static void settle_argument(struct x87 *x, uint64_t *s)
{
	static const uint16_t exponents[] = { 0, 0x7fff, 16383 + 63, 0x7ffe };
	uint8_t *const a = st(x, 0);
	const unsigned k = conf_below(s, 4);

	put16(a + 8, exponents[k] | conf_below(s, 2) << 15);
	if (k == 0)
		memset(a, 0, 8);
	else if (conf_below(s, 8))
		a[7] |= 0x80;
}

/* IEEE values in the memory operand. */
static void settle_memory(struct conf_case *c, const struct conf_insn *d, uint64_t *s)
{
	const struct conf_access *a = d->naccesses ? &d->accesses[0] : NULL;
	const uint64_t at = c->ea - CONF_DATA(c->isa);
	uint8_t v[16];

	if (!a || a->size < 4 || conf_below(s, 3) == 0)
		return;
	if (a->size == 10) {
		conf_extended(v, s);
	} else {
		const uint64_t bits = conf_fp(conf_format(8u * a->size), s);

		memcpy(v, &bits, 8);
	}
	for (unsigned k = 0; k < c->npatches; k++)
		if (c->ea >= CONF_DATA(c->isa) && at >= c->patch[k].at &&
		    at + a->size <= c->patch[k].at + c->patch[k].size)
			memcpy(c->mem + at, v, a->size);
}

/* Is an operand of the class that shares registers with the x87? */
static bool has_mmx(const struct conf_case *c, const struct conf_insn *d)
{
	const struct conf_file *f = conf_file(c->isa, "st");
	bool any = !strcmp(d->extension, "MMX");

	for (unsigned k = 0; k < d->noperands; k++)
		any |= d->operands[k].array == f->array;
	return any;
}

/* Values of MXCSR in the memory operand, which random ones hardly are. */
static void settle_mxcsr(struct conf_case *c, uint64_t *s)
{
	const uint64_t at = c->ea - CONF_DATA(c->isa);

	for (unsigned k = 0; k < c->npatches; k++)
		if (c->ea >= CONF_DATA(c->isa) && at >= c->patch[k].at && conf_below(s, 8) &&
		    at + 4 <= c->patch[k].at + c->patch[k].size)
			memset(c->mem + at + 2, 0, 2);
}

/* The summary bit is what the others say, as when a processor loads them. */
void conf_settle_x86(struct conf_case *c, const struct rx_insn *i, uint64_t *s)
{
	const struct conf_insn *d = &c->isa->insns[i->id - 1];
	struct x87 x = { file(c, "fcw"), file(c, "fsw"), file(c, "ftw"), file(c, "st") };
	unsigned sw;

	if (strstr(d->name, "ldmxcsr"))
		settle_mxcsr(c, s);
	if (!x.cw || !x.sw || !x.tags || !x.st)
		return;
	if (!strcmp(d->extension, "X87") || has_mmx(c, d)) {
		settle_stack(&x, s);
		settle_values(&x, s);
		settle_memory(c, d, s);
		if (!strcmp(d->name, "fsin") || !strcmp(d->name, "fcos"))
			settle_argument(&x, s);
	}
	sw = get16(x.sw) & ~PENDING;
	put16(x.sw, sw & ~get16(x.cw) & EXCEPTIONS ? sw | PENDING : sw);
}
