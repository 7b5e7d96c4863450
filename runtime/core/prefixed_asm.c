/* prefixed_asm.c - assembles by trying all encodings of a mnemonic. SPDX-License-Identifier: MIT */
#include "core/prefixed_asm.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"

#define DS 4	/* number of a segment override */

struct attempt {
	const struct rx_px_tables *t;
	uint32_t mode_key;
	const struct rx_px_line *line;
	bool att;
	unsigned id, word;	/* word: as in struct rx_px_entry */
	struct rx_px_values v;
	uint16_t unsized;	/* bits of a memory operand whose size is not written */
};

static unsigned default_asz(uint32_t mode_key)
{
	switch (mode_key & RX_PX_MODE) {
	case RX_PX_MODE64: return RX_PX_ASZ64;
	case RX_PX_MODE32: return RX_PX_ASZ32;
	default: return RX_PX_ASZ16;
	}
}

/* Does the number have a form of nbytes that is extended to `bits` bits? */
static bool fits(const struct rx_px_operand *o, const struct rx_px_arg *a)
{
	const unsigned n = 8u * o->nbytes, bits = o->bits < n ? n : o->bits;
	const int64_t s = (int64_t)a->value;

	if (a->minus && s < rx_sext(UINT64_C(1) << (bits - 1), bits))
		return false;
	if (!a->minus && bits < 64 && a->value >> bits)
		return false;
	if (o->flags & RX_PX_O_SIGNED)
		return !(((uint64_t)rx_sext(a->value & rx_ones(n), n) ^ a->value) & rx_ones(bits));
	return a->minus ? s >= rx_sext(UINT64_C(1) << (n - 1), n) : n == 64 || !(a->value >> n);
}

static bool take_address(struct attempt *x, const struct rx_px_arg *a)
{
	unsigned asz = a->asz == RX_PX_ASZ_ANY ? default_asz(x->mode_key) : a->asz;

	if (a->asz == RX_PX_ASZ_ANY && asz == RX_PX_ASZ16 &&
	    (a->disp < INT16_MIN || a->disp > UINT16_MAX))
		asz = RX_PX_ASZ32;
	x->v.base = a->base;
	x->v.index = a->index;
	x->v.scale = a->scale;
	x->v.seg = a->seg;
	x->v.asz = (uint8_t)asz;
	x->v.disp = (int32_t)a->disp;
	return a->disp == (int32_t)a->disp ||
	       (asz != RX_PX_ASZ64 && a->disp >= 0 && a->disp <= UINT32_MAX);
}

static bool match_memory(struct attempt *x, const struct rx_px_operand *o,
			 const struct rx_px_arg *a)
{
	bool ok;

	if (a->kind != RX_PX_A_MEM || a->broadcast != o->broadcast)
		return false;
	if (a->bits && a->bits != o->bits && (o->bits || x->att))
		return false;
	if (!a->bits)
		x->unsized = o->bits;
	switch (o->source) {
	case RX_PX_S_MOFFS:
		if (a->base != RX_PX_NO_REG || a->index != RX_PX_NO_REG)
			return false;
		take_address(x, a);
		x->v.imm = (uint64_t)a->disp;
		return x->v.asz == RX_PX_ASZ64 || !(x->v.imm >> (64 >> x->v.asz));
	case RX_PX_S_STRING:
		if (a->base != o->value || a->index != RX_PX_NO_REG || a->disp)
			return false;
		if (o->flags & RX_PX_O_ES) {
			x->v.asz = a->asz;
			return a->seg <= 1;
		}
		ok = take_address(x, a);
		if (x->v.seg == DS)	/* as without a prefix */
			x->v.seg = 0;
		return ok;
	default:
		if (o->cls ? a->index_cls != o->cls :
		    a->index_cls && x->t->classes[a->index_cls].bank == RX_PX_B_VECTOR)
			return false;
		return take_address(x, a);
	}
}

static bool match_register(struct attempt *x, const struct rx_px_operand *o,
			   const struct rx_px_arg *a)
{
	if (a->kind != RX_PX_A_REG || a->cls != o->cls)
		return false;
	switch (o->source) {
	case RX_PX_S_REG: x->v.reg = a->num; break;
	case RX_PX_S_VVVV: x->v.vvvv = a->num; break;
	case RX_PX_S_IS4: x->v.is4 = a->num; break;
	case RX_PX_S_FIXED: return a->num == o->value;
	default: x->v.rm = a->num; break;
	}
	return true;
}

static bool match_number(struct attempt *x, const struct rx_px_operand *o,
			 const struct rx_px_arg *a)
{
	if (o->source == RX_PX_S_REL) {
		const bool bare = x->att ? a->kind == RX_PX_A_MEM && !a->star && !a->seg &&
			a->base == RX_PX_NO_REG && a->index == RX_PX_NO_REG : true;
		const uint64_t value = x->att ? (uint64_t)a->disp : a->value;

		if (!bare || (!x->att && a->kind != RX_PX_A_NUM))
			return false;
		x->v.imm = value;
		return (uint64_t)rx_sext(value, 8u * o->nbytes) == value;
	}
	if (a->kind != RX_PX_A_NUM || !fits(o, a))
		return false;
	if (o->source == RX_PX_S_IMM2)
		x->v.imm2 = a->value;
	else
		x->v.imm = a->value;
	return true;
}

static bool match(struct attempt *x, const struct rx_px_operand *o, const struct rx_px_arg *a)
{
	switch (o->source) {
	case RX_PX_S_MEM:
	case RX_PX_S_MOFFS:
	case RX_PX_S_STRING:
		return match_memory(x, o, a);
	case RX_PX_S_IMM:
	case RX_PX_S_IMM2:
	case RX_PX_S_REL:
		return match_number(x, o, a);
	case RX_PX_S_ROUND:
		x->v.round = a->num;
		return a->kind == RX_PX_A_ROUND;
	case RX_PX_S_SAE:
		return a->kind == RX_PX_A_SAE;
	case RX_PX_S_FIXED:
		if (!o->cls)
			return a->kind == RX_PX_A_NUM && a->value == o->value;
		return match_register(x, o, a);
	default:
		return match_register(x, o, a);
	}
}

/* How many operands the text may have at least and at most. */
static void operand_counts(const struct attempt *x, unsigned *least, unsigned *most)
{
	const struct rx_px_code *c = &x->t->codes[x->id];
	bool string = true;

	*least = *most = 0;
	for (unsigned k = 0; k < c->nops; k++) {
		const struct rx_px_operand *o = rx_px_operand(x->t, c, k);

		if (o->flags & RX_PX_O_HIDDEN || o->source == RX_PX_S_MASK ||
		    o->source == RX_PX_S_ZEROING || (x->word && o->source == RX_PX_S_IMM))
			continue;
		++*most;
		*least += !(o->flags & RX_PX_O_OPTIONAL);
		string &= o->source == RX_PX_S_STRING || o->source == RX_PX_S_FIXED;
	}
	if (string && !x->line->n && c->nops && *least)
		*least = 0;	/* movsb */
}

static bool match_all(struct attempt *x)
{
	const struct rx_px_line *line = x->line;
	const struct rx_px_code *c = &x->t->codes[x->id];
	const struct rx_px_arg *last = NULL;
	unsigned n = 0, masks = 0, zeros = 0, least, most;

	x->v.base = x->v.index = RX_PX_NO_REG;
	x->v.asz = (uint8_t)default_asz(x->mode_key);
	operand_counts(x, &least, &most);
	if (line->n < least || line->n > most)
		return false;
	for (unsigned k = 0; k < c->nops; k++) {
		const struct rx_px_operand *o = rx_px_operand(x->t, c, k);

		if (o->flags & RX_PX_O_HIDDEN)
			continue;
		if (o->source == RX_PX_S_MASK || o->source == RX_PX_S_ZEROING) {
			if (o->source == RX_PX_S_MASK)
				x->v.mask = last ? last->mask : 0;
			else
				x->v.zeroing = last && last->zeroing;
			continue;
		}
		if (x->word && o->source == RX_PX_S_IMM) {
			x->v.imm = x->word - 1u;
			continue;
		}
		if (!line->n && o->source == RX_PX_S_RM)
			x->v.rm = o->value;
		if (!line->n || (o->flags & RX_PX_O_OPTIONAL && line->n < most &&
				 o->source != RX_PX_S_RM)) {
			most--;
			continue;
		}
		if (n == line->n)
			return false;
		last = &line->args[c->flags & RX_PX_F_STRAIGHT && x->att ? line->n - 1 - n : n];
		n++;
		if (!match(x, o, last) || (x->att && last->star != !!(c->flags & RX_PX_F_STAR)))
			return false;
	}
	for (unsigned k = 0; k < line->n; k++) {
		masks += line->args[k].mask != 0;
		zeros += line->args[k].zeroing;
	}
	return n == line->n && masks == (x->v.mask != 0) && zeros == x->v.zeroing;
}

static bool prefixes_match(const struct rx_px_line *line, const struct rx_px_code *c)
{
	return line->lock == !!(c->flags & RX_PX_F_LOCK) &&
	       line->rep == !!(c->flags & RX_PX_F_REP) &&
	       line->repne == !!(c->flags & RX_PX_F_REPNE) &&
	       line->nf == !!(c->flags & RX_PX_F_NF) &&
	       !(line->evex && c->space != RX_PX_EVEX) && !(line->vex && c->space != RX_PX_VEX);
}

/* Encodes; 0 when the bytes would be another instruction. */
static unsigned encode(struct attempt *x, uint8_t *out)
{
	struct rx_insn i = { 0 };
	const unsigned n = rx_px_encode(x->t, x->mode_key, x->id, &x->v, out);

	if (!n || rx_px_decode(x->t, x->mode_key, out, n, &i) != n || i.id != x->id)
		return 0;
	return n;
}

static unsigned lower_bound(const struct rx_px_tables *t, unsigned syntax, const char *name)
{
	unsigned lo = 0, hi = t->nentries[syntax];

	while (lo < hi) {
		const unsigned mid = (lo + hi) / 2;

		if (strcmp(t->strings + t->entries[syntax][mid].name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static rax_status refuse(const struct rx_px_line *line, bool known, bool formed, bool ambiguous,
			 rax_error *err)
{
	if (!known)
		return rx_err(err, RAX_EINVAL, "unknown instruction '%s'", line->name);
	if (ambiguous)
		return rx_err(err, RAX_EINVAL, "%s: the size of the memory operand is not clear; "
			      "write byte, word, dword or qword ptr, or a suffix", line->name);
	if (formed)
		return rx_err(err, RAX_EINVAL, "%s: these operands do not go together in this mode",
			      line->name);
	return rx_err(err, RAX_EINVAL, "%s has no form with these operands", line->name);
}

rax_status rx_px_assemble(const struct rx_px_tables *t, uint32_t mode_key,
			  enum rx_px_syntax syntax, const char *text, uint8_t *out,
			  unsigned *len, rax_error *err)
{
	const struct rx_px_entry *entries = t->entries[syntax];
	uint8_t bytes[RX_PX_MAX_LEN + 1], best[RX_PX_MAX_LEN + 1];
	unsigned best_cost = UINT32_MAX, best_len = 0, unsized = 0;
	bool known = false, formed = false, ambiguous = false;
	struct rx_px_line line;
	const rax_status st = rx_px_read(t, syntax, text, &line, err);

	if (st != RAX_OK)
		return st;
	for (unsigned k = lower_bound(t, syntax, line.name);
	     k < t->nentries[syntax] && !strcmp(t->strings + entries[k].name, line.name); k++) {
		struct attempt x = { .t = t, .mode_key = mode_key, .line = &line,
				     .att = syntax == RX_PX_ATT, .id = entries[k].id,
				     .word = entries[k].word };
		unsigned n, cost;

		known = true;
		if (!prefixes_match(&line, &t->codes[x.id]) || !match_all(&x))
			continue;
		formed = true;
		n = encode(&x, bytes);
		if (!n)
			continue;
		if (x.unsized && unsized && x.unsized != unsized &&
		    (x.unsized <= 64 || unsized <= 64))
			ambiguous = true;
		unsized = x.unsized ? x.unsized : unsized;
		/* what VEX can say is not said with EVEX, however long it is */
		cost = n + (t->codes[x.id].space == RX_PX_EVEX ? 100 : 0);
		if (cost < best_cost) {
			best_cost = cost;
			best_len = n;
			memcpy(best, bytes, n);
		}
	}
	if (!best_len || ambiguous)
		return refuse(&line, known, formed, ambiguous, err);
	memcpy(out, best, best_len);
	*len = best_len;
	return RAX_OK;
}
