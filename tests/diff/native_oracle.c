/* native_oracle.c - the host's processor judges cases. SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tests/diff/native.h"
#include "tests/diff/oracle.h"

#define OPEN 16
#define KERNEL UINT64_C(0x7ffffffff000)	/* what is not the user's begins there */

struct native_oracle {
	struct oracle o;
	struct rx_native *host;
	const struct conf_isa *isa;
	unsigned asked, run, answered;	/* cases so far */
	struct rx_native_case c[OPEN];
	struct rx_native_result r[OPEN];
};

/* ---- images and states */

/* A flag that has a file of its own. */
static const struct flag {
	const char *name;
	uint8_t bit;
} flags[] = {
	{ "cf", 0 }, { "pf", 2 }, { "af", 4 }, { "zf", 6 }, { "sf", 7 },
	{ "df", 10 }, { "of", 11 },
};
#define NFLAGS (sizeof(flags) / sizeof(flags[0]))

static uint64_t flag_mask(void)
{
	uint64_t v = 0;

	for (unsigned k = 0; k < NFLAGS; k++)
		v |= UINT64_C(1) << flags[k].bit;
	return v;
}

/* Copies a file, or back; files that the image lacks keep their values. */
static void copy(const struct conf_isa *isa, const char *name, uint8_t *image,
		 void *value, size_t size, bool back)
{
	const struct conf_file *f = conf_file(isa, name);
	const size_t all = f ? (size_t)f->bytes * f->count : 0;

	if (back)
		memcpy(image + (f ? f->at : 0), value, all < size ? all : size);
	else
		memcpy(value, image + (f ? f->at : 0), all < size ? all : size);
}

/* Other modes than 64-bit mode have eight, of four bytes. */
static void copy_registers(const struct conf_isa *isa, uint8_t *image,
			   struct rx_native_state *s, bool back)
{
	const struct conf_file *f = conf_file(isa, "r");

	for (unsigned k = 0; f && k < f->count && k < 16; k++) {
		uint8_t *at = image + f->at + k * f->bytes;

		if (back)
			memcpy(at, &s->gpr[k], f->bytes);
		else
			memcpy(&s->gpr[k], at, f->bytes);
	}
}

/* Images have the physical registers, frames those of the stack. */
static void copy_stack(const struct conf_isa *isa, uint8_t *image,
		       struct rx_native_state *s, bool back)
{
	const unsigned top = s->fsw >> 11 & 7;
	uint8_t r[8][16];

	for (unsigned k = 0; k < 8; k++)
		memcpy(r[(top + k) & 7], s->st[k], 16);
	copy(isa, "st", image, r, sizeof(r), back);
	for (unsigned k = 0; k < 8; k++)
		memcpy(s->st[k], r[(top + k) & 7], 16);
}

static void convert(const struct conf_isa *isa, uint8_t *image,
		    struct rx_native_state *s, bool back)
{
	uint64_t bases[2] = { s->fs_base, s->gs_base };
	uint64_t rest = s->rflags & ~flag_mask();
	uint8_t empty = (uint8_t)~s->ftw;

	for (unsigned k = 0; k < NFLAGS; k++) {
		uint8_t v = s->rflags >> flags[k].bit & 1;

		copy(isa, flags[k].name, image, &v, 1, back);
		rest |= (uint64_t)v << flags[k].bit;
	}
	if (back)
		rest = s->rflags & ~flag_mask();
	else
		rest &= flag_mask();
	if (back) {
		copy(isa, "rflags", image, &rest, 8, true);
	} else {
		uint64_t v = 0x202;

		copy(isa, "rflags", image, &v, 8, false);
		s->rflags = rest | (v & ~flag_mask());
	}
	copy_registers(isa, image, s, back);
	copy(isa, "fsgs", image, bases, sizeof(bases), back);
	s->fs_base = bases[0];
	s->gs_base = bases[1];
	copy(isa, "fcw", image, &s->fcw, 2, back);
	copy(isa, "fsw", image, &s->fsw, 2, back);
	copy(isa, "ftw", image, &empty, 1, back);
	s->ftw = (uint8_t)~empty;
	copy_stack(isa, image, s, back);
	copy(isa, "mxcsr", image, &s->mxcsr, 4, back);
	copy(isa, "vec", image, s->zmm, sizeof(s->zmm), back);
	copy(isa, "k", image, s->k, sizeof(s->k), back);
}

/* What the processor does not have stays as it was in the image. */
static void keep_missing(const struct conf_isa *isa, const uint8_t *was,
			 struct rx_native_state *s)
{
	const unsigned width = rx_native_has("AVX512F") ? 64 : rx_native_has("AVX") ? 32 : 16;
	struct rx_native_state old = *s;

	if (width == 64)
		return;
	convert(isa, (uint8_t *)(uintptr_t)was, &old, false);
	memcpy(s->k, old.k, sizeof(s->k));
	memcpy(s->zmm[16], old.zmm[16], 16 * sizeof(s->zmm[0]));
	for (unsigned k = 0; k < 16; k++)
		memcpy(s->zmm[k] + width, old.zmm[k] + width, 64 - width);
}

/* ---- one case */

static uint8_t mode_of(const struct conf_isa *isa)
{
	static const uint8_t modes[] = { 64, 32, 16, 0 };

	return modes[isa->mode_key & 3];
}

static const char *ask(struct oracle *o, const struct conf_case *c)
{
	struct native_oracle *n = (struct native_oracle *)o;
	struct rx_native_case *to = &n->c[n->asked++ % OPEN];
	uint32_t used = 0;

	memset(to, 0, sizeof(*to));
	to->mode = mode_of(c->isa);
	to->len = c->length;
	memcpy(to->code, c->code, c->length);
	rx_native_init(&to->in);
	convert(n->isa, c->state, &to->in, false);
	for (unsigned k = 0; k < c->npatches; k++) {
		const struct conf_patch *p = &c->patch[k];

		if (used + p->size > RX_NATIVE_DATA)
			return "patches are too large";
		to->patch[to->npatches++] = (struct rx_native_mem){
			CONF_DATA(c->isa) + p->at, p->size, used };
		memcpy(to->data + used, c->mem + p->at, p->size);
		used += p->size;
	}
	return NULL;
}

/* All that are asked and have not run. */
static const char *run(struct native_oracle *n)
{
	while (n->run < n->asked) {
		const unsigned first = n->run % OPEN;
		const unsigned left = n->asked - n->run;
		const unsigned count = left < OPEN - first ? left : OPEN - first;

		if (!rx_native_run(n->host, n->c + first, count, n->r + first))
			return "the worker cannot be started again";
		n->run += count;
	}
	return NULL;
}

static uint8_t cause(unsigned vector)
{
	switch (vector) {
	case 0:
	case 16:
	case 19:
		return CONF_ARITHMETIC;
	case 1:
	case 3:
		return CONF_TRAP;
	case 6:
		return CONF_ILLEGAL;
	case 14:
		return CONF_ACCESS;
	case 17:
		return CONF_MISALIGNED;
	default:
		return CONF_PROTECTION;
	}
}

/* The kernel says that pages of its own half are present: it does not tell. */
static uint32_t error_code(const struct rx_native_result *r)
{
	return r->vector == 14 && r->cr2 >= KERNEL ? r->error & ~1u : r->error;
}

static const char *outcome(const struct conf_case *c, const struct rx_native_result *from,
			   struct conf_result *r)
{
	switch (from->outcome) {
	case RX_NATIVE_NEXT:
		r->outcome = CONF_OUT_NEXT;
		return NULL;
	case RX_NATIVE_JUMP:
		r->outcome = CONF_OUT_JUMP;
		r->value = from->out.rip;
		return NULL;
	case RX_NATIVE_FAULT:
		r->outcome = CONF_OUT_FAULT;
		r->cause = cause(from->vector);
		r->value = from->cr2;
		r->at = (uint8_t)(from->out.rip - c->pc);
		if (from->out.rip - c->pc >= c->length) {
			r->at = CONF_BEHIND;
			r->value = from->out.rip;
		}
		return NULL;
	case RX_NATIVE_SYSCALL:
		return "asked the system for something";
	case RX_NATIVE_TIMEOUT:
		return "did not end";
	case RX_NATIVE_DIED:
		return "died";
	case RX_NATIVE_REFUSED:
		break;
	}
	return "refused the case";
}

static const char *answer(struct oracle *o, const struct conf_case *c, struct conf_result *r)
{
	struct native_oracle *n = (struct native_oracle *)o;
	struct rx_native_result *from = &n->r[n->answered % OPEN];
	const char *wrong = n->run == n->answered ? run(n) : NULL;
	uint32_t error;

	n->answered++;
	r->cause = r->at = 0;
	r->value = 0;
	if (!wrong)
		wrong = outcome(c, from, r);
	if (wrong)
		return wrong;
	memcpy(r->state, c->state, n->isa->image);
	memcpy(r->mem, c->mem, conf_data_size(n->isa));
	keep_missing(n->isa, c->state, &from->out);
	convert(n->isa, r->state, &from->out, true);
	error = from->outcome == RX_NATIVE_FAULT ? error_code(from) : 0;
	copy(n->isa, "error", r->state, &error, 4, true);
	for (unsigned k = 0; k < from->nchanges; k++) {
		const struct rx_native_mem *m = &from->change[k];

		if (m->at < CONF_DATA(n->isa) ||
		    m->at + m->size > CONF_DATA(n->isa) + conf_data_size(n->isa))
			return "stored outside of the window";
		memcpy(r->mem + (m->at - CONF_DATA(n->isa)), from->data + m->offset, m->size);
	}
	return from->many ? "stored too much" : NULL;
}

/* Extensions are named as the vendors name their CPUID bits. */
static const char *lacks(struct oracle *o, const struct conf_insn *d)
{
	const struct native_oracle *n = (const struct native_oracle *)o;

	if (!rx_native_has_mode(n->host, mode_of(n->isa)))
		return "the system lets no process run 16-bit code";
	if (!strcmp(d->extension, "BASE") || rx_native_has(d->extension) ||
	    (!strcmp(d->extension, "X87") && rx_native_has("FPU")))
		return NULL;
	return "the processor lacks the extension";
}

static void done(struct oracle *o)
{
	rx_native_free(((struct native_oracle *)o)->host);
	free(o);
}

struct oracle *oracle_native(const struct conf_isa *isa, const char **wrong)
{
	struct native_oracle *n = calloc(1, sizeof(*n));
	uint8_t window[RX_NATIVE_LOW_SIZE];

	*wrong = "out of memory";
	if (!n)
		return NULL;
	n->o = (struct oracle){ .window = OPEN, .ask = ask, .answer = answer, .lacks = lacks,
				.close = done };
	n->isa = isa;
	n->host = rx_native_new(wrong);
	if (!n->host) {
		free(n);
		return NULL;
	}
	conf_background(window, sizeof(window));
	rx_native_background(n->host, window);
	return &n->o;
}
