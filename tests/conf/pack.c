/* pack.c - results as bytes, and back. SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tests/conf/state.h"

#define MOST_CHANGES 1500	/* bytes that are kept; more are hashed */

const char *const conf_causes[CONF_CAUSES] = {
	[CONF_ILLEGAL] = "illegal",
	[CONF_TRAP] = "trap",
	[CONF_CALL] = "call",
	[CONF_ACCESS] = "access",
	[CONF_MISALIGNED] = "misaligned",
	[CONF_ARITHMETIC] = "arithmetic",
	[CONF_PROTECTION] = "protection",
};

bool conf_result_init(struct conf_result *r, const struct conf_isa *isa)
{
	memset(r, 0, sizeof(*r));
	r->state = calloc(1, isa->image + 8);
	r->mem = calloc(1, conf_data_size(isa));
	return r->state && r->mem;
}

void conf_result_fini(struct conf_result *r)
{
	free(r->state);
	free(r->mem);
	r->state = r->mem = NULL;
}

static void mask_file(const struct conf_file *f, uint8_t *state)
{
	for (unsigned k = 0; k < f->count && k < 64; k++)
		if (f->fixed >> k & 1)
			memset(state + f->at + k * f->bytes, 0, f->bytes);
	if (f->fill == CONF_BITS) {
		for (unsigned k = 0; k < f->count; k++)
			for (unsigned b = 0; b < f->bytes && b < 8; b++)
				state[f->at + k * f->bytes + b] &= (uint8_t)(f->values >> 8 * b);
	}
}

static void mask_unknown(const struct conf_case *c, const struct rx_insn *i,
			 uint8_t *state)
{
	const struct conf_insn *d = &c->isa->insns[i->id - 1];
	struct conf_place p;

	for (unsigned k = 0; k < d->noperands; k++) {
		const struct conf_operand *o = &d->operands[k];

		if (!o->unknown || !conf_operand_place(c->isa, o, i, &p))
			continue;
		for (unsigned b = 0; b < c->isa->files[p.file].bytes && b < 8; b++)
			state[p.at + b] &= (uint8_t)~(o->unknown >> 8 * b);
	}
	for (unsigned k = 0; k < d->nunknowns; k++) {
		const struct conf_unknown *u = &d->unknowns[k];

		if (!conf_array_place(c->isa, u->array, u->element, &p))
			continue;
		for (unsigned b = 0; b < c->isa->files[p.file].bytes && b < 8; b++)
			state[p.at + b] &= (uint8_t)~(u->bits >> 8 * b);
	}
}

void conf_result_mask(const struct conf_case *c, struct conf_result *r)
{
	struct rx_insn i[RX_INSN_RECORDS];
	unsigned n;

	for (unsigned k = 0; k < c->isa->nfiles; k++)
		mask_file(&c->isa->files[k], r->state);
	n = r->outcome == CONF_OUT_FAULT && r->at != CONF_BEHIND ? 0
	    : conf_case_members(c, i);
	for (unsigned k = 0; k < n; k++)
		mask_unknown(c, &i[k], r->state);
	for (unsigned b = 0; n && c->insn->unknown_memory && b < c->insn->accesses[0].size; b++)
		if (c->ea + b - CONF_DATA(c->isa) < conf_data_size(c->isa))
			r->mem[c->ea + b - CONF_DATA(c->isa)] = 0;
}

/* ---- runs of changed bytes */

struct writer {
	uint8_t *p, *end;
	unsigned changes;
	bool full;
};

static void put_run(struct writer *w, size_t skip, const uint8_t *bytes, unsigned n)
{
	for (; skip >= 255 && !w->full; skip -= 255) {
		w->full = w->p == w->end;
		if (!w->full)
			*w->p++ = 255;
	}
	w->changes += n;
	if (w->full || (size_t)(w->end - w->p) < n + 2u) {
		w->full = true;
		return;
	}
	*w->p++ = (uint8_t)skip;
	*w->p++ = (uint8_t)n;
	memcpy(w->p, bytes, n);
	w->p += n;
}

static void put_changes(struct writer *w, const uint8_t *was, const uint8_t *is,
			size_t size)
{
	size_t at = 0, last = 0;

	while (at < size && !w->full) {
		unsigned n = 0;

		if (at + 64 <= size && !memcmp(was + at, is + at, 64)) {
			at += 64;
			continue;
		}
		while (at + n < size && n < 255 && was[at + n] != is[at + n])
			n++;
		if (n) {
			put_run(w, at - last, is + at, n);
			last = at + n;
		}
		at += n ? n : 1;
	}
	put_run(w, 0, is, 0);
}

static uint64_t hash_bytes(uint64_t h, const uint8_t *p, size_t n)
{
	for (size_t k = 0; k < n; k++)
		h = (h ^ p[k]) * UINT64_C(0x100000001b3);
	return h;
}

size_t conf_pack(const struct conf_case *c, const struct conf_result *r,
		 uint8_t out[CONF_PACK_MAX])
{
	struct writer w = { out + 2, out + CONF_PACK_MAX, 0, false };
	uint8_t *head, *body;

	*w.p++ = c->length;
	memcpy(w.p, c->code, c->length);
	w.p += c->length;
	head = w.p++;
	*head = r->outcome;
	if (r->outcome == CONF_OUT_FAULT) {
		*w.p++ = r->cause;
		*w.p++ = r->at;
	}
	if (r->outcome != CONF_OUT_NEXT) {
		memcpy(w.p, &r->value, 8);
		w.p += 8;
	}
	body = w.p;
	if (r->outcome != CONF_OUT_NONE) {
		put_changes(&w, c->state, r->state, c->isa->image);
		put_changes(&w, c->mem, r->mem, conf_data_size(c->isa));
	}
	if (w.full || w.changes > MOST_CHANGES) {
		const uint64_t h = hash_bytes(hash_bytes(c->isa->image, r->state, c->isa->image),
					      r->mem, conf_data_size(c->isa));

		*head |= 0x80;
		memcpy(body, &h, 8);
		w.p = body + 8;
	}
	out[0] = (uint8_t)(w.p - out - 2);
	out[1] = (uint8_t)((w.p - out - 2) >> 8);
	return (size_t)(w.p - out);
}

/* ---- reading */

size_t conf_peek(const uint8_t *in, size_t size, const uint8_t **code,
		 unsigned *length)
{
	size_t n;

	if (size < 5)
		return 0;
	n = in[0] | (size_t)in[1] << 8;
	*length = in[2];
	*code = in + 3;
	return n > size - 2 || n > CONF_PACK_MAX - 2 || !*length ||
	       *length > CONF_CODE_MAX || *length + 2u > n ? 0 : n + 2;
}

struct reader {
	const uint8_t *p, *end;
	bool bad;
};

static unsigned get1(struct reader *r)
{
	if (r->p < r->end)
		return *r->p++;
	r->bad = true;
	return 0;
}

static void get(struct reader *r, void *to, size_t n)
{
	if ((size_t)(r->end - r->p) < n) {
		r->bad = true;
		return;
	}
	memcpy(to, r->p, n);
	r->p += n;
}

static void get_changes(struct reader *in, uint8_t *to, size_t size)
{
	size_t at = 0;

	while (!in->bad) {
		const unsigned skip = get1(in), n = skip == 255 ? 0 : get1(in);

		at += skip;
		if (!skip && !n)
			return;
		if (at + n > size)
			in->bad = true;
		else
			get(in, to + at, n);
		at += n;
	}
}

bool conf_unpack(const struct conf_case *c, const uint8_t *in, size_t size,
		 struct conf_result *r, bool *hashed)
{
	struct reader rd = { in + 3 + in[2], in + size, false };
	const unsigned head = get1(&rd);
	uint64_t h;

	r->outcome = head & 0x7f;
	r->cause = r->at = 0;
	r->value = 0;
	*hashed = head & 0x80;
	memcpy(r->state, c->state, c->isa->image);
	memcpy(r->mem, c->mem, conf_data_size(c->isa));
	if (r->outcome > CONF_OUT_NONE)
		return false;
	if (r->outcome == CONF_OUT_FAULT) {
		r->cause = (uint8_t)get1(&rd);
		r->at = (uint8_t)get1(&rd);
	}
	if (r->outcome != CONF_OUT_NEXT)
		get(&rd, &r->value, 8);
	if (*hashed) {
		get(&rd, &h, 8);
	} else if (r->outcome != CONF_OUT_NONE) {
		get_changes(&rd, r->state, c->isa->image);
		get_changes(&rd, r->mem, conf_data_size(c->isa));
	}
	return !rd.bad && rd.p == rd.end && r->cause < CONF_CAUSES;
}
