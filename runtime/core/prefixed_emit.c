/* prefixed_emit.c - encodes by prefix, opcode map and ModRM. SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "core/prefixed.h"

struct emit {
	const struct rx_px_tables *t;
	const struct rx_px_code *c;
	const struct rx_px_values *v;
	unsigned mode;
	bool bad;
	bool rex, no_rex;	/* a byte register wants, or forbids it */
	bool vector_index;
	uint8_t reg, rm, vvvv, plus;	/* low three bits; vvvv: four */
	uint8_t r3, x3, b3, r4, x4, b4, v4;
	uint8_t buf[32];
	unsigned n;
};

static void put(struct emit *e, unsigned byte)
{
	if (e->n < sizeof(e->buf))
		e->buf[e->n++] = (uint8_t)byte;
}

static void put_le(struct emit *e, uint64_t v, unsigned bytes)
{
	for (unsigned k = 0; k < bytes; k++)
		put(e, (unsigned)(v >> 8 * k & 0xff));
}

/* A register's number without the special meaning of byte registers. */
static unsigned plain(struct emit *e, unsigned cls, unsigned n)
{
	const struct rx_px_class *c = &e->t->classes[cls];

	if (n >= c->count)
		e->bad = true;
	if (c->bank != RX_PX_B_BYTE)
		return n;
	if (e->c->space != RX_PX_LEGACY) {
		e->bad |= n >= RX_PX_HIGH;
		return n;
	}
	if (n >= RX_PX_HIGH) {
		e->no_rex = true;
		return n - RX_PX_HIGH + 4;
	}
	if (n >= 4)
		e->rex = true;
	return n;
}

static void operand(struct emit *e, const struct rx_px_operand *o)
{
	const struct rx_px_values *v = e->v;
	const bool vector = e->t->classes[o->cls].bank == RX_PX_B_VECTOR;
	unsigned n;

	switch (o->source) {
	case RX_PX_S_REG:
		n = plain(e, o->cls, v->reg);
		e->reg = n & 7;
		e->r3 = n >> 3 & 1;
		e->r4 = n >> 4 & 1;
		break;
	case RX_PX_S_RM:
	case RX_PX_S_OPCODE:
		n = plain(e, o->cls, v->rm);
		e->rm = e->plus = n & 7;
		e->b3 = n >> 3 & 1;
		if (vector)
			e->x3 = n >> 4 & 1;
		else
			e->b4 = n >> 4 & 1;
		if (vector && n >= 16 && e->c->space != RX_PX_EVEX)
			e->bad = true;
		break;
	case RX_PX_S_VVVV:
		n = plain(e, o->cls, v->vvvv);
		e->vvvv = n & 15;
		e->v4 = n >> 4 & 1;
		break;
	case RX_PX_S_MEM:
		e->vector_index = o->cls != 0;
		break;
	case RX_PX_S_IS4:
		if (plain(e, o->cls, v->is4) >= 16)
			e->bad = true;
		break;
	default:
		break;
	}
}

static void memory_bits(struct emit *e)
{
	const struct rx_px_values *v = e->v;

	if (v->base < RX_PX_NO_REG) {
		e->b3 = v->base >> 3 & 1;
		e->b4 = v->base >> 4 & 1;
	}
	if (v->index < RX_PX_NO_REG) {
		e->x3 = v->index >> 3 & 1;
		if (e->vector_index)
			e->v4 = v->index >> 4 & 1;
		else
			e->x4 = v->index >> 4 & 1;
	}
}

static void prefix_bytes(struct emit *e, bool has_address)
{
	static const uint8_t segs[] = { 0, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65 };
	static const uint8_t sizes[] = { RX_PX_ASZ64, RX_PX_ASZ32, RX_PX_ASZ16 };
	static const uint8_t others[] = { RX_PX_ASZ32, RX_PX_ASZ16, RX_PX_ASZ32 };
	const struct rx_px_values *v = e->v;
	const unsigned flags = e->c->flags;

	if (flags & RX_PX_F_REP)
		put(e, 0xf3);
	if (flags & RX_PX_F_REPNE)
		put(e, 0xf2);
	if (v->seg && has_address && v->seg < sizeof(segs))
		put(e, segs[v->seg]);
	if (has_address && v->asz != sizes[e->mode]) {
		if (v->asz != others[e->mode])
			e->bad = true;
		put(e, 0x67);
	}
	if (e->c->osize && (e->c->osize == 16) != (e->mode == RX_PX_MODE16))
		put(e, 0x66);
	if (flags & RX_PX_F_LOCK)
		put(e, 0xf0);
}

static void legacy(struct emit *e)
{
	static const uint8_t mandatory[] = { 0, 0x66, 0xf3, 0xf2 };
	const struct rx_px_code *c = e->c;
	const unsigned low = (unsigned)(c->w == 1) << 3 | (unsigned)e->r3 << 2 |
			     (unsigned)e->x3 << 1 | e->b3;
	const bool rex2 = e->r4 || e->x4 || e->b4;

	if (c->pp)
		put(e, mandatory[c->pp]);
	if ((low || e->rex || rex2) && (e->mode != RX_PX_MODE64 || e->no_rex))
		e->bad = true;
	if (rex2) {
		if (c->map > 1)
			e->bad = true;
		put(e, 0xd5);
		put(e, (unsigned)c->map << 7 | (unsigned)e->r4 << 6 | (unsigned)e->x4 << 5 |
		       (unsigned)e->b4 << 4 | low);
	} else {
		if (low || e->rex)
			put(e, 0x40 | low);
		if (c->map)
			put(e, 0x0f);
		if (c->map > 1)
			put(e, c->map == 2 ? 0x38 : 0x3a);
	}
}

static void vex(struct emit *e)
{
	const struct rx_px_code *c = e->c;
	const unsigned last = (unsigned)(~e->vvvv & 15) << 3 | (unsigned)(c->l == 1) << 2 | c->pp;

	if (e->r4 || e->x4 || e->b4 || e->v4)
		e->bad = true;
	if (c->map == 1 && c->w != 1 && !e->x3 && !e->b3) {
		put(e, 0xc5);
		put(e, (unsigned)!e->r3 << 7 | last);
		return;
	}
	put(e, 0xc4);
	put(e, (unsigned)!e->r3 << 7 | (unsigned)!e->x3 << 6 | (unsigned)!e->b3 << 5 | c->map);
	put(e, (unsigned)(c->w == 1) << 7 | last);
}

static void evex(struct emit *e)
{
	const struct rx_px_code *c = e->c;
	const struct rx_px_values *v = e->v;
	unsigned l = c->l < 0 ? 0 : (unsigned)c->l, aaa = 0, z = 0;

	for (unsigned k = 0; k < c->nops; k++) {
		const unsigned source = rx_px_operand(e->t, c, k)->source;

		if (source == RX_PX_S_MASK)
			aaa = v->mask & 7;
		else if (source == RX_PX_S_ZEROING)
			z = v->zeroing & 1;
		else if (source == RX_PX_S_ROUND)
			l = v->round & 3;
	}
	if (c->flags & RX_PX_F_NF)
		aaa = 4;
	put(e, 0x62);
	put(e, (unsigned)!e->r3 << 7 | (unsigned)!e->x3 << 6 | (unsigned)!e->b3 << 5 |
	       (unsigned)!e->r4 << 4 | (unsigned)e->b4 << 3 | c->map);
	put(e, (unsigned)(c->w == 1) << 7 | (unsigned)(~e->vvvv & 15) << 3 |
	       (unsigned)!e->x4 << 2 | c->pp);
	put(e, z << 7 | l << 5 | (unsigned)c->b << 4 | (unsigned)!e->v4 << 3 | aaa);
}

/* Bytes of the displacement; *byte: its only byte. */
static unsigned disp_bytes(struct emit *e, bool needed, unsigned wide, uint8_t *byte)
{
	const int32_t d = e->v->disp, n = 1 << e->c->scale;

	if (!d && !needed)
		return 0;
	if (d % n == 0 && d / n >= -128 && d / n <= 127) {
		*byte = (uint8_t)(d / n);
		return 1;
	}
	return wide;
}

static void memory16(struct emit *e, unsigned reg)
{
	static const uint8_t pairs[8][2] = { { 3, 6 }, { 3, 7 }, { 5, 6 }, { 5, 7 }, { 6, 32 },
					     { 7, 32 }, { 5, 32 }, { 3, 32 } };
	const struct rx_px_values *v = e->v;
	unsigned rm = 0, bytes;
	uint8_t byte = 0;

	if (v->base == RX_PX_NO_REG && v->index == RX_PX_NO_REG) {
		put(e, reg << 3 | 6);
		put_le(e, (uint32_t)v->disp, 2);
		return;
	}
	while (rm < 8 && !(pairs[rm][0] == v->base && pairs[rm][1] == v->index) &&
	       !(pairs[rm][1] == v->base && pairs[rm][0] == v->index))
		rm++;
	if (rm == 8 || v->scale) {
		e->bad = true;
		return;
	}
	bytes = disp_bytes(e, rm == 6, 2, &byte);
	put(e, (bytes == 0 ? 0 : bytes == 1 ? 0x40u : 0x80u) | reg << 3 | rm);
	if (bytes == 1)
		put(e, byte);
	else
		put_le(e, (uint32_t)v->disp, bytes);
}

static void memory(struct emit *e, unsigned reg)
{
	const struct rx_px_values *v = e->v;
	const bool none = v->base == RX_PX_NO_REG, has_index = v->index != RX_PX_NO_REG;
	const bool sib = has_index || (v->base & 7) == 4 ||
			 (none && e->mode == RX_PX_MODE64) || e->vector_index;
	unsigned bytes = 4, mod = 0, base = v->base & 7;
	uint8_t byte = 0;

	if (v->asz == RX_PX_ASZ16) {
		memory16(e, reg);
		return;
	}
	if (!e->vector_index && v->index == 4)	/* means none */
		e->bad = true;
	if (v->base == RX_PX_RIP) {
		if (e->mode != RX_PX_MODE64 || has_index)
			e->bad = true;
		put(e, reg << 3 | 5);
		put_le(e, (uint32_t)v->disp, 4);
		return;
	}
	if (none) {
		base = 5;
	} else {
		bytes = disp_bytes(e, base == 5, 4, &byte);
		mod = bytes == 0 ? 0 : bytes == 1 ? 1 : 2;
	}
	put(e, mod << 6 | reg << 3 | (sib ? 4 : base));
	if (sib)
		put(e, (unsigned)v->scale << 6 |
		       (v->index < RX_PX_NO_REG ? v->index & 7u : 4u) << 3 | base);
	if (bytes == 1)
		put(e, byte);
	else
		put_le(e, (uint32_t)v->disp, bytes);
}

static void modrm(struct emit *e)
{
	const unsigned reg = e->c->reg >= 0 ? (unsigned)e->c->reg : e->reg;
	const unsigned rm = e->c->rm >= 0 ? (unsigned)e->c->rm : e->rm;

	if (!(e->c->flags & RX_PX_F_MODRM))
		return;
	if (e->c->flags & RX_PX_F_MEMORY)
		memory(e, reg);
	else
		put(e, 0xc0 | reg << 3 | rm);
}

static void immediates(struct emit *e)
{
	const uint64_t values[2] = { e->v->imm, e->v->imm2 };
	bool is4 = false;
	uint64_t low = 0;	/* beside the register */

	for (unsigned k = 0; k < e->c->nops; k++) {
		const unsigned source = rx_px_operand(e->t, e->c, k)->source;

		is4 |= source == RX_PX_S_IS4;
		if (source == RX_PX_S_IMM)
			low = values[0] & 15;
	}
	if (is4)
		put(e, (unsigned)e->v->is4 << 4 | (unsigned)low);
	for (unsigned k = 0; k < 2 && !is4; k++) {
		const unsigned bytes = e->c->imm[k];

		put_le(e, values[k], bytes == RX_PX_IMM_ADDRESS ? 8u >> e->v->asz : bytes);
	}
}

unsigned rx_px_encode(const struct rx_px_tables *t, uint32_t mode_key, unsigned id,
		      const struct rx_px_values *v, uint8_t *out)
{
	struct emit e = { .t = t, .v = v, .mode = mode_key & RX_PX_MODE };
	bool address = false;

	if (!id || id >= t->ncodes || e.mode > RX_PX_MODE16)
		return 0;
	e.c = &t->codes[id];
	if (!(e.c->modes & 1u << e.mode))
		return 0;
	for (unsigned k = 0; k < e.c->nops; k++) {
		const struct rx_px_operand *o = rx_px_operand(t, e.c, k);

		operand(&e, o);
		address |= o->source == RX_PX_S_MEM || o->source == RX_PX_S_MOFFS ||
			   o->source == RX_PX_S_STRING;
	}
	if (e.c->flags & RX_PX_F_MEMORY)
		memory_bits(&e);
	prefix_bytes(&e, address);
	if (e.c->space == RX_PX_LEGACY)
		legacy(&e);
	else if (e.c->space == RX_PX_VEX)
		vex(&e);
	else
		evex(&e);
	put(&e, e.c->opcode + e.plus * !(e.c->flags & RX_PX_F_MODRM));
	modrm(&e);
	immediates(&e);
	if (e.bad || e.n > RX_PX_MAX_LEN)
		return 0;
	memcpy(out, e.buf, e.n);
	return e.n;
}
