/* differ.c - words for cases and differences. SPDX-License-Identifier: MIT */
#include "tests/conf/differ.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/isa.h"
#include "tests/conf/state.h"

void text_add(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->s + t->n, sizeof(t->s) - t->n, fmt, ap);
	va_end(ap);
	t->n += (size_t)n;
	if (t->n >= sizeof(t->s))
		t->n = sizeof(t->s) - 1;
}

void text_add_code(struct text *t, const struct conf_case *c)
{
	const struct rx_isa *isa = c->isa->isa;
	unsigned at = 0;

	for (unsigned k = 0; k < c->units; k++) {
		struct rx_insn i[RX_INSN_RECORDS] = { { .pc = c->pc + at } };
		char dis[200] = "?";
		const unsigned n = isa->decode(c->isa->mode_key, c->code + at,
					       c->length - at, i);

		i->len = (uint8_t)n;
		if (n && i->id)
			isa->disasm(i, dis, sizeof(dis));
		text_add(t, "%s%s", k ? "; " : "", n && i->id ? dis : "illegal");
		at += n;
	}
	text_add(t, " (");
	for (unsigned k = 0; k < c->length; k++)
		text_add(t, "%02x", c->code[k]);
	text_add(t, "): ");
}

/* Most significant byte first, without leading zeros */
static void add_number(struct text *t, const uint8_t *p, unsigned bytes)
{
	while (bytes > 1 && !p[bytes - 1])
		bytes--;
	text_add(t, "0x%x", p[bytes - 1]);
	while (--bytes)
		text_add(t, "%02x", p[bytes - 1]);
}

static void add_name(struct text *t, const struct conf_file *f, unsigned n)
{
	if (f->count > 1)
		text_add(t, "%s%u", f->name, f->first + n);
	else
		text_add(t, "%s", f->name);
}

static void add_outcome(struct text *t, const struct conf_result *r)
{
	if (r->outcome == CONF_OUT_NEXT)
		text_add(t, "falls through");
	else if (r->outcome == CONF_OUT_JUMP)
		text_add(t, "jumps to %#" PRIx64, r->value);
	else
		text_add(t, "exception %s (%#" PRIx64 ") at +%u",
			 conf_causes[r->cause] ? conf_causes[r->cause] : "unknown",
			 r->value, r->at);
}

static void add_differences(struct text *t, const struct conf_case *c,
			    const struct conf_result *got,
			    const struct conf_result *want)
{
	if (got->outcome != want->outcome || got->cause != want->cause ||
	    got->value != want->value || got->at != want->at) {
		add_outcome(t, got);
		text_add(t, ", not ");
		add_outcome(t, want);
		text_add(t, "; ");
	}
	for (unsigned k = 0; k < c->isa->nfiles; k++) {
		const struct conf_file *f = &c->isa->files[k];

		for (unsigned n = 0; n < f->count; n++) {
			const uint32_t at = f->at + n * f->bytes;

			if (!memcmp(got->state + at, want->state + at, f->bytes))
				continue;
			add_name(t, f, n);
			text_add(t, " is ");
			add_number(t, got->state + at, f->bytes);
			text_add(t, ", not ");
			add_number(t, want->state + at, f->bytes);
			text_add(t, "; ");
		}
	}
	for (unsigned k = 0; k < conf_data_size(c->isa); k++)
		if (got->mem[k] != want->mem[k])
			text_add(t, "byte %#" PRIx64 " is %#x, not %#x; ",
				 CONF_DATA(c->isa) + k, got->mem[k], want->mem[k]);
}

static void add_operands(struct text *t, const struct conf_case *c,
			 const struct rx_insn *i)
{
	const struct conf_insn *d = &c->isa->insns[i->id - 1];
	struct conf_place p;

	for (unsigned k = 0; k < d->noperands; k++) {
		const struct conf_operand *o = &d->operands[k];

		if (!o->read || !conf_operand_place(c->isa, o, i, &p))
			continue;
		text_add(t, " ");
		add_name(t, &c->isa->files[p.file], p.element);
		text_add(t, "=");
		add_number(t, c->state + p.at, c->isa->files[p.file].bytes);
	}
}

/* What went in, of the registers that the instructions name. */
static void add_inputs(struct text *t, const struct conf_case *c)
{
	struct rx_insn i[RX_INSN_RECORDS];
	const unsigned n = conf_case_members(c, i);

	text_add(t, "with");
	for (unsigned k = 0; k < n; k++)
		add_operands(t, c, &i[k]);
	for (unsigned k = 0; k < c->isa->nfiles; k++) {
		const struct conf_file *f = &c->isa->files[k];

		if (f->count > 1)
			continue;
		text_add(t, " %s=", f->name);
		add_number(t, c->state + f->at, f->bytes);
	}
}

void text_add_verdict(struct text *t, const struct conf_case *c,
		      const char *wrong, const struct conf_result *got,
		      const struct conf_result *want)
{
	if (wrong)
		text_add(t, "%s; ", wrong);
	else if (want)
		add_differences(t, c, got, want);
	else
		text_add(t, "the state is another one (its hash is recorded); ");
	add_inputs(t, c);
}
