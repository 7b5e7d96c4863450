/* prefixed.c - decoder of prefixes, opcode maps and ModRM. SPDX-License-Identifier: MIT */
#include "core/prefixed.h"

#include <string.h>

#include "base/bits.h"

/* An instruction on its way through the decoder. */
struct px {
	const struct rx_px_tables *t;
	const uint8_t *code;
	unsigned n, avail;
	bool more;		/* it goes on behind avail */
	bool bad;		/* it is none */
	uint32_t mode;		/* RX_PX_MODE* */
	uint32_t mode_key;
	uint8_t p66, p67, f2, f3, lock, seg;
	uint8_t rex;		/* the prefix, 0 none; REX2: RX_PX_HAS_REX */
	uint8_t space, map, opcode;
	uint8_t w, l, pp, b, z, aaa;
	uint8_t r3, x3, b3, r4, x4, b4, v4;	/* fourth and fifth bits of numbers */
	uint8_t vvvv;
	bool has_vvvv;		/* it is not 1111, which names nothing */
	uint8_t modrm;
	uint8_t asz;
	uint8_t base, index, sib_scale;
	int32_t disp;
};

static uint8_t next(struct px *p)
{
	if (p->n >= RX_PX_MAX_LEN) {
		p->bad = true;
		return 0;
	}
	if (p->n >= p->avail) {
		p->more = true;
		return 0;
	}
	return p->code[p->n++];
}

/* A byte further on, without taking it. */
static uint8_t peek(struct px *p)
{
	const uint8_t b = next(p);

	if (!p->more && !p->bad)
		p->n--;
	return b;
}

static uint64_t take(struct px *p, unsigned bytes)
{
	uint64_t v = 0;

	for (unsigned k = 0; k < bytes; k++)
		v |= (uint64_t)next(p) << 8 * k;
	return v;
}

static bool stopped(const struct px *p)
{
	return p->more || p->bad;
}

/* Legacy prefixes and REX; REX counts only as the last of them. */
static void prefixes(struct px *p)
{
	for (;;) {
		const uint8_t b = peek(p);

		if (stopped(p))
			return;
		switch (b) {
		case 0x66: p->p66 = 1; break;
		case 0x67: p->p67 = 1; break;
		case 0xf0: p->lock = 1; break;
		case 0xf2:
		case 0xf3:
			p->f2 = b == 0xf2;
			p->f3 = b == 0xf3;
			break;
		case 0x26: p->seg = 1; break;
		case 0x2e: p->seg = 2; break;
		case 0x36: p->seg = 3; break;
		case 0x3e: p->seg = 4; break;
		case 0x64: p->seg = 5; break;
		case 0x65: p->seg = 6; break;
		default:
			if (p->mode != RX_PX_MODE64 || (b & 0xf0) != 0x40)
				return;
			p->rex = b;
			next(p);
			continue;
		}
		p->rex = 0;
		next(p);
	}
}

static void take_rex(struct px *p)
{
	p->w = p->rex >> 3 & 1;
	p->r3 = p->rex >> 2 & 1;
	p->x3 = p->rex >> 1 & 1;
	p->b3 = p->rex & 1;
}

/* D5 and a byte: M0 R4 X4 B4 W R3 X3 B3. */
static void take_rex2(struct px *p)
{
	uint8_t v, row;

	next(p);
	v = next(p);
	p->rex = 0x40;
	p->map = v >> 7;
	p->r4 = v >> 6 & 1;
	p->x4 = v >> 5 & 1;
	p->b4 = v >> 4 & 1;
	p->w = v >> 3 & 1;
	p->r3 = v >> 2 & 1;
	p->x3 = v >> 1 & 1;
	p->b3 = v & 1;
	p->opcode = next(p);
	/* rows of the maps that the prefix may not stand before */
	row = p->opcode >> 4;
	if (p->map ? row == 3 || row == 8 :
	    row == 4 || row == 7 || row == 0xe || p->opcode == 0x0f ||
	    (row == 0xa && p->opcode != 0xa1))
		p->bad = true;
}

static void take_pp(struct px *p, unsigned pp)
{
	p->pp = (uint8_t)pp;
	if (p->p66 || p->f2 || p->f3 || p->lock || p->rex)
		p->bad = true;
	p->p66 = pp == 1;
	p->f3 = pp == 2;
	p->f2 = pp == 3;
}

static void take_vex(struct px *p)
{
	const uint8_t first = next(p);
	uint8_t a = next(p), b = a;

	p->space = RX_PX_VEX;
	p->map = 1;
	p->r3 = !(a & 0x80);
	if (first == 0xc4) {
		b = next(p);
		p->x3 = !(a & 0x40);
		p->b3 = !(a & 0x20);
		p->map = a & 31;
		p->w = b >> 7;
	}
	p->vvvv = ~b >> 3 & 15;
	p->has_vvvv = p->vvvv != 0;
	p->l = b >> 2 & 1;
	take_pp(p, b & 3);
	p->opcode = next(p);
}

static void take_evex(struct px *p)
{
	uint8_t a, b, c;

	next(p);
	a = next(p);
	b = next(p);
	c = next(p);
	p->space = RX_PX_EVEX;
	p->r3 = !(a & 0x80);
	p->x3 = !(a & 0x40);
	p->b3 = !(a & 0x20);
	p->r4 = !(a & 0x10);
	p->b4 = a >> 3 & 1;
	p->map = a & 7;
	p->w = b >> 7;
	p->vvvv = ~b >> 3 & 15;
	p->has_vvvv = p->vvvv != 0;
	p->x4 = !(b & 4);
	take_pp(p, b & 3);
	p->z = c >> 7;
	p->l = c >> 5 & 3;
	p->b = c >> 4 & 1;
	p->v4 = !(c & 8);
	p->aaa = c & 7;
	if ((p->b4 || p->x4 || p->map == 4) &&
	    (p->mode != RX_PX_MODE64 || p->mode_key & RX_PX_NO_REX2))
		p->bad = true;
	p->opcode = next(p);
}

/* Outside 64-bit mode these bytes are other opcodes before a memory operand. */
static bool is_vector_prefix(struct px *p)
{
	uint8_t behind;

	if (p->mode == RX_PX_MODE64)
		return true;
	p->n++;
	behind = peek(p);
	p->n--;
	return !p->more && !p->bad && behind >= 0xc0;
}

static void opcode(struct px *p)
{
	const uint8_t b = peek(p);

	if (stopped(p))
		return;
	if ((b == 0xc4 || b == 0xc5 || b == 0x62) && is_vector_prefix(p)) {
		if (b == 0x62)
			take_evex(p);
		else
			take_vex(p);
		if (p->mode != RX_PX_MODE64) {	/* eight registers only */
			p->bad |= p->v4;
			p->r3 = p->x3 = p->b3 = p->r4 = p->v4 = 0;
			p->vvvv &= 7;
		}
		return;
	}
	if (p->more)
		return;
	if (b == 0xd5 && p->mode == RX_PX_MODE64 && !p->rex &&
	    !(p->mode_key & RX_PX_NO_REX2)) {
		take_rex2(p);
		return;
	}
	take_rex(p);
	p->opcode = next(p);
	if (p->opcode != 0x0f)
		return;
	p->map = 1;
	p->opcode = next(p);
	if (p->opcode != 0x38 && p->opcode != 0x3a)
		return;
	p->map = p->opcode == 0x38 ? 2 : 3;
	p->opcode = next(p);
}

static uint8_t address_size(const struct px *p)
{
	switch (p->mode) {
	case RX_PX_MODE64:
		return p->p67 ? RX_PX_ASZ32 : RX_PX_ASZ64;
	case RX_PX_MODE32:
		return p->p67 ? RX_PX_ASZ16 : RX_PX_ASZ32;
	default:
		return p->p67 ? RX_PX_ASZ32 : RX_PX_ASZ16;
	}
}

static uint64_t key_of(const struct px *p)
{
	const bool o16 = ((p->mode == RX_PX_MODE16) ^ p->p66) && !p->w;

	return RX_PX_K(REG, p->modrm >> 3 & 7) | RX_PX_K(RM, p->modrm & 7) |
	       RX_PX_K(MOD3, p->modrm >= 0xc0) | RX_PX_K(W, p->w) |
	       RX_PX_K(P66, p->p66) | RX_PX_K(PF3, p->f3) | RX_PX_K(PF2, p->f2) |
	       RX_PX_K(L, p->l) | RX_PX_K(B, p->b) | RX_PX_K(Z, p->z) |
	       RX_PX_K(AAA, p->aaa) | RX_PX_K(KN, p->aaa != 0) |
	       RX_PX_K(V0, !p->has_vvvv) | RX_PX_K(V4, p->v4 == 0) |
	       RX_PX_K(LOCK, p->lock) | RX_PX_K(M64, p->mode == RX_PX_MODE64) |
	       RX_PX_K(O16, o16) | RX_PX_K(ASZ, p->asz) |
	       RX_PX_K(RXB, p->b3 | p->b4) |
	       RX_PX_K(LACK, p->mode_key >> RX_PX_LACK_SHIFT);
}

/* The row of the slot that the instruction is; 0: none. */
static unsigned find(struct px *p)
{
	const uint32_t *first = p->map < RX_PX_MAPS ? p->t->maps[p->space][p->map] : NULL;
	uint64_t key;

	if (!first)
		return 0;
	if (first[p->opcode] & RX_PX_SLOT_MODRM)
		p->modrm = next(p);
	if (stopped(p))
		return 0;
	p->asz = address_size(p);
	key = key_of(p);
	for (uint32_t k = first[p->opcode] & ~RX_PX_SLOT_MODRM;
	     k < (first[p->opcode + 1] & ~RX_PX_SLOT_MODRM); k++)
		if ((key & p->t->rows[k].mask) == p->t->rows[k].match)
			return p->t->rows[k].id;
	return 0;
}

static void take_disp(struct px *p, unsigned bytes, unsigned shift)
{
	const uint64_t v = take(p, bytes);

	if (bytes)
		p->disp = (int32_t)((uint64_t)rx_sext(v, 8 * bytes) << shift);
}

static void memory16(struct px *p, unsigned shift)
{
	static const uint8_t bases[8] = { 3, 3, 5, 5, 6, 7, 5, 3 };
	static const uint8_t indices[8] = { 6, 7, 6, 7, RX_PX_NO_REG, RX_PX_NO_REG,
					    RX_PX_NO_REG, RX_PX_NO_REG };
	const unsigned mod = p->modrm >> 6, rm = p->modrm & 7;

	p->base = bases[rm];
	p->index = indices[rm];
	if (mod == 0 && rm == 6)
		p->base = RX_PX_NO_REG;
	take_disp(p, mod == 0 ? rm == 6 ? 2 : 0 : mod, mod == 1 ? shift : 0);
}

/* vector: the index is a vector register */
static void memory(struct px *p, bool vector, unsigned shift)
{
	const unsigned mod = p->modrm >> 6;
	unsigned rm = p->modrm & 7, disp = mod == 0 ? 0 : mod == 1 ? 1 : 4;

	p->index = RX_PX_NO_REG;
	if (p->asz == RX_PX_ASZ16) {
		if (vector)
			p->bad = true;
		memory16(p, shift);
		return;
	}
	p->base = (uint8_t)(rm | p->b3 << 3 | p->b4 << 4);
	if (rm == 4) {
		const uint8_t sib = next(p);
		const unsigned index = (unsigned)(sib >> 3 & 7) | (unsigned)p->x3 << 3;

		rm = sib & 7;
		p->base = (uint8_t)(rm | p->b3 << 3 | p->b4 << 4);
		p->sib_scale = sib >> 6;
		p->index = (uint8_t)(index | (unsigned)(vector ? p->v4 : p->x4) << 4);
		if (!vector && p->index == 4)
			p->index = p->sib_scale || !(rm == 4 || (rm == 5 && mod == 0 &&
				   p->mode == RX_PX_MODE64)) ? RX_PX_RIZ : RX_PX_NO_REG;
		if (rm == 5 && mod == 0) {
			p->base = RX_PX_NO_REG;
			disp = 4;
		}
	} else if (rm == 5 && mod == 0) {
		p->base = p->mode == RX_PX_MODE64 ? RX_PX_RIP : RX_PX_NO_REG;
		disp = 4;
	}
	take_disp(p, disp, disp == 1 ? shift : 0);
}

/* The number of a register: low bits, fourth bit, and two that may be the fifth. */
static uint8_t number(struct px *p, unsigned cls, unsigned low, unsigned b3,
		      unsigned general, unsigned vector)
{
	const struct rx_px_class *c = &p->t->classes[cls];
	unsigned n = low | b3 << 3;

	switch (c->bank) {
	case RX_PX_B_BYTE:
		if (p->space == RX_PX_LEGACY && !p->rex && low >= 4)
			return (uint8_t)(RX_PX_HIGH + low - 4);
		n |= general << 4;
		break;
	case RX_PX_B_GENERAL:
		p->bad |= general && p->mode_key & RX_PX_NO_REX2;
		n |= general << 4;
		break;
	case RX_PX_B_VECTOR:
		n |= vector << 4;
		break;
	case RX_PX_B_SAME:
		n = low;
		break;
	default:
		n |= general << 4;
		break;
	}
	if (n >= c->count)
		p->bad = true;
	return (uint8_t)n;
}

static void operand(struct px *p, const struct rx_px_operand *o, struct rx_insn *i)
{
	const struct rx_px_class *c = &p->t->classes[o->cls];

	switch (o->source) {
	case RX_PX_S_REG:
		i->r[0] = number(p, o->cls, p->modrm >> 3 & 7, p->r3, p->r4, p->r4);
		break;
	case RX_PX_S_RM:	/* there is no register behind an eighth mask */
		i->r[1] = number(p, o->cls, p->modrm & 7,
				 c->bank == RX_PX_B_EIGHT ? 0 : p->b3,
				 c->bank == RX_PX_B_EIGHT ? 0 : p->b4,
				 p->space == RX_PX_EVEX ? p->x3 : 0);
		break;
	case RX_PX_S_OPCODE:
		i->r[1] = number(p, o->cls, p->opcode & 7, p->b3, p->b4, 0);
		break;
	case RX_PX_S_VVVV:
		i->r[2] |= number(p, o->cls, p->vvvv & 7, p->vvvv >> 3, p->v4, p->v4);
		break;
	case RX_PX_S_STRING:
		i->r[1] = (uint8_t)(o->value | p->asz << RX_PX_ASZ_SHIFT);
		i->r[2] = (uint8_t)(p->seg << RX_PX_SEG_SHIFT);
		break;
	case RX_PX_S_MOFFS:
		i->r[1] = (uint8_t)(RX_PX_NO_REG | p->asz << RX_PX_ASZ_SHIFT);
		i->r[2] = (uint8_t)(p->seg << RX_PX_SEG_SHIFT);
		i->r[3] = RX_PX_NO_REG;
		break;
	case RX_PX_S_MEM:
		i->r[1] = (uint8_t)(p->base | p->asz << RX_PX_ASZ_SHIFT);
		i->r[2] |= (uint8_t)(p->seg << RX_PX_SEG_SHIFT);
		i->r[3] = (uint8_t)(p->index | p->sib_scale << RX_PX_SCALE_SHIFT);
		break;
	default:
		break;
	}
}

static unsigned imm_bytes(const struct px *p, unsigned code)
{
	return code == RX_PX_IMM_ADDRESS ? 8u >> p->asz : code;
}

/* Immediates, and with them all of i->imm. */
static void immediates(struct px *p, const struct rx_px_code *c, struct rx_insn *i)
{
	const bool low = c->flags & RX_PX_F_MEMORY || c->space != RX_PX_LEGACY;
	const unsigned n0 = imm_bytes(p, c->imm[0]), n1 = imm_bytes(p, c->imm[1]);
	const uint64_t a = take(p, n0), b = take(p, n1);
	uint64_t v = a;

	for (unsigned k = 0; k < c->nops; k++) {
		const struct rx_px_operand *o = rx_px_operand(p->t, c, k);

		if (o->source == RX_PX_S_IMM && o->flags & RX_PX_O_SIGNED)
			v = (uint64_t)rx_sext(a, 8 * n0);
		else if (o->source == RX_PX_S_REL)
			v = (uint64_t)rx_sext(a, 8 * n0) + p->n;
		else if (o->source == RX_PX_S_IS4 && p->mode != RX_PX_MODE64)
			v &= 0x7f;	/* eight registers */
	}
	if (low) {
		if (n0 == 1)
			v &= 0xff;
		v = v << RX_PX_IMM_SHIFT | (uint32_t)p->disp;
		if (n0 <= 1)
			v |= RX_PX_K(MASK_SHIFT, p->aaa) | RX_PX_K(ZEROING_SHIFT, p->z);
		if (n0 <= 1 && p->b && p->modrm >= 0xc0)
			v |= RX_PX_K(ROUND_SHIFT, p->l);
	} else if (n1) {
		v = (uint32_t)a | b << RX_PX_IMM_SHIFT;
	}
	i->imm = v;
}

/* The rest of instruction id behind the bytes that selected it. */
static void finish(struct px *p, unsigned id, struct rx_insn *i)
{
	const struct rx_px_code *c = &p->t->codes[id];
	bool vector = false;

	for (unsigned k = 0; k < c->nops; k++) {
		const struct rx_px_operand *o = rx_px_operand(p->t, c, k);

		vector |= o->source == RX_PX_S_MEM && o->cls;
	}
	if (c->flags & RX_PX_F_MEMORY)
		memory(p, vector, c->scale);
	for (unsigned k = 0; k < c->nops; k++)
		operand(p, rx_px_operand(p->t, c, k), i);
	immediates(p, c, i);
	i->id = (uint16_t)id;
}

unsigned rx_px_decode(const struct rx_px_tables *t, uint32_t mode_key,
		      const uint8_t *code, unsigned avail, struct rx_insn *i)
{
	struct px p = { .t = t, .code = code, .avail = avail, .mode_key = mode_key,
			.mode = mode_key & RX_PX_MODE };
	unsigned id = 0;

	memset(i->r, 0, sizeof(i->r));
	prefixes(&p);
	if (!stopped(&p))
		opcode(&p);
	if (!stopped(&p))
		id = find(&p);
	if (!p.more && id)
		finish(&p, id, i);
	if (p.more)
		return 0;
	if (!id || p.bad) {
		i->id = 0;
		memset(i->r, 0, sizeof(i->r));
		i->imm = 0;
		for (unsigned k = 0; k < p.n && k < sizeof(i->imm); k++)
			i->imm |= (uint64_t)code[k] << 8 * k;
	}
	i->len = (uint8_t)p.n;
	return p.n;
}
