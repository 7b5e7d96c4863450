/* prefixed_text.c - prints by prefix, opcode map and ModRM. SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "core/prefixed.h"

#define MAX_SHOWN 8	/* operands in a text */

struct out {
	const struct rx_px_tables *t;
	const struct rx_insn *i;
	const struct rx_px_code *code;
	bool att;
	char *buf;
	size_t size;
	size_t len;	/* of the whole text, also of what did not fit */
};

__attribute__((format(printf, 2, 3)))
static void putf(struct out *o, const char *fmt, ...)
{
	char tmp[64];
	size_t n;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(tmp, sizeof(tmp), fmt, ap);
	va_end(ap);
	n = strlen(tmp);
	if (o->len < o->size) {
		const size_t room = o->size - o->len;

		memcpy(o->buf + o->len, tmp, n < room ? n : room);
	}
	o->len += n;
}

static void put_register(struct out *o, unsigned cls, unsigned n)
{
	const struct rx_px_class *c = &o->t->classes[cls];

	if (n < c->count)
		putf(o, "%s%s", o->att ? "%" : "", c->names[n]);
	else
		putf(o, "?%u", n);
}

/* Intel's word for a size; what has none is an address only. */
static const char *size_word(unsigned bits)
{
	switch (bits) {
	case 8: return "byte ptr ";
	case 16: return "word ptr ";
	case 32: return "dword ptr ";
	case 48: return "fword ptr ";
	case 64: return "qword ptr ";
	case 80: return "tbyte ptr ";
	case 128: return "xmmword ptr ";
	case 256: return "ymmword ptr ";
	case 512: return "zmmword ptr ";
	default: return "";
	}
}

static void put_segment(struct out *o, unsigned seg)
{
	if (seg) {
		put_register(o, o->t->cls_seg, seg - 1);
		putf(o, ":");
	}
}

static void put_base(struct out *o, unsigned base, unsigned asz)
{
	static const char *const ip[] = { "rip", "eip", "ip" };

	if (base == RX_PX_RIP)
		putf(o, "%s%s", o->att ? "%" : "", ip[asz]);
	else
		put_register(o, o->t->cls_address[asz], base);
}

static void put_index(struct out *o, unsigned index, unsigned cls, unsigned asz)
{
	static const char *const none[] = { "riz", "eiz", "" };

	if (index == RX_PX_RIZ)
		putf(o, "%s%s", o->att ? "%" : "", none[asz % 3]);
	else
		put_register(o, cls, index);
}

static void put_intel_memory(struct out *o, unsigned base, unsigned asz, unsigned index,
			     unsigned cls, unsigned scale, int64_t disp)
{
	putf(o, "[");
	if (base != RX_PX_NO_REG)
		put_base(o, base, asz);
	if (index != RX_PX_NO_REG) {
		if (base != RX_PX_NO_REG)
			putf(o, " + ");
		if (scale || base == RX_PX_NO_REG)
			putf(o, "%u*", 1u << scale);
		put_index(o, index, cls, asz);
	}
	if (base == RX_PX_NO_REG && index == RX_PX_NO_REG)
		putf(o, "%lld", (long long)disp);
	else if (disp > 0)
		putf(o, " + %lld", (long long)disp);
	else if (disp < 0)
		putf(o, " - %lld", -(long long)disp);
	putf(o, "]");
}

static void put_att_memory(struct out *o, unsigned base, unsigned asz, unsigned index,
			   unsigned cls, unsigned scale, int64_t disp)
{
	const bool absolute = base == RX_PX_NO_REG && index == RX_PX_NO_REG;

	if (disp || absolute)
		putf(o, "%lld", (long long)disp);
	if (absolute)
		return;
	putf(o, "(");
	if (base != RX_PX_NO_REG)
		put_base(o, base, asz);
	if (index != RX_PX_NO_REG) {
		putf(o, ",");
		put_index(o, index, cls, asz);
		if (scale)
			putf(o, ",%u", 1u << scale);
	}
	putf(o, ")");
}

static void put_memory(struct out *o, const struct rx_px_operand *op)
{
	const struct rx_insn *i = o->i;
	const unsigned asz = i->r[1] >> RX_PX_ASZ_SHIFT & 3;
	unsigned base = i->r[1] & 63, index = i->r[3] & 63;
	unsigned scale = i->r[3] >> RX_PX_SCALE_SHIFT, seg = i->r[2] >> RX_PX_SEG_SHIFT;
	int64_t disp = (int32_t)i->imm;

	if (!o->att)
		putf(o, "%s", size_word(op->bits));
	if (op->source == RX_PX_S_STRING) {
		base = op->value;
		index = RX_PX_NO_REG;
		disp = 0;
		if (op->flags & RX_PX_O_ES)
			seg = 1;
	} else if (op->source == RX_PX_S_MOFFS) {
		disp = (int64_t)i->imm;
	}
	put_segment(o, seg);
	(o->att ? put_att_memory : put_intel_memory)(
		o, base, asz, index, op->source == RX_PX_S_MEM && op->cls ? op->cls :
		o->t->cls_address[asz], scale, disp);
	if (op->broadcast)
		putf(o, "{1to%u}", 1u << op->broadcast);
}

static void put_number(struct out *o, const struct rx_px_operand *op, uint64_t v)
{
	if (op->flags & RX_PX_O_MINUS)
		putf(o, "%lld", (long long)rx_sext(v, 8u * op->nbytes));
	else
		putf(o, "%llu", (unsigned long long)(v & rx_ones(8u * op->nbytes)));
}

static uint64_t immediate(const struct out *o, const struct rx_px_operand *op)
{
	const bool low = o->code->flags & RX_PX_F_MEMORY || o->code->space != RX_PX_LEGACY;

	if (low || op->source == RX_PX_S_IMM2)
		return o->i->imm >> RX_PX_IMM_SHIFT;
	return o->i->imm;
}

static void put_operand(struct out *o, const struct rx_px_operand *op)
{
	static const char *const rounds[] = { "rn", "rd", "ru", "rz" };
	const struct rx_insn *i = o->i;

	switch (op->source) {
	case RX_PX_S_REG:
		put_register(o, op->cls, i->r[0]);
		break;
	case RX_PX_S_RM:
	case RX_PX_S_OPCODE:
		put_register(o, op->cls, i->r[1]);
		break;
	case RX_PX_S_VVVV:
		put_register(o, op->cls, i->r[2] & 31);
		break;
	case RX_PX_S_IS4:
		put_register(o, op->cls, i->imm >> 36 & 15);
		break;
	case RX_PX_S_IMM:
	case RX_PX_S_IMM2:
		if (o->att)
			putf(o, "$");
		put_number(o, op, immediate(o, op));
		break;
	case RX_PX_S_REL:
		putf(o, "%lld", (long long)(i->imm - i->len));
		break;
	case RX_PX_S_ROUND:
		putf(o, "{%s-sae}", rounds[i->imm >> RX_PX_ROUND_SHIFT & 3]);
		break;
	case RX_PX_S_SAE:
		putf(o, "{sae}");
		break;
	case RX_PX_S_FIXED:
		if (op->cls)
			put_register(o, op->cls, op->value);
		else
			putf(o, "%s%u", o->att ? "$" : "", op->value);
		break;
	default:
		put_memory(o, op);
		break;
	}
}

/* {k1} {z} behind an operand; true: op is one of these. */
static bool put_mask(struct out *o, const struct rx_px_operand *op)
{
	const unsigned mask = o->i->imm >> RX_PX_MASK_SHIFT & 7;

	if (op->source == RX_PX_S_MASK && mask) {
		putf(o, " {");
		put_register(o, op->cls, mask);
		putf(o, "}");
	}
	if (op->source == RX_PX_S_ZEROING && o->i->imm >> RX_PX_ZEROING_SHIFT & 1)
		putf(o, " {z}");
	return op->source == RX_PX_S_MASK || op->source == RX_PX_S_ZEROING;
}

static void put_prefixes(struct out *o)
{
	const unsigned flags = o->code->flags;

	if (flags & RX_PX_F_LOCK)
		putf(o, "lock ");
	if (flags & RX_PX_F_REP)
		putf(o, "rep ");
	if (flags & RX_PX_F_REPNE)
		putf(o, "repne ");
	if (flags & RX_PX_F_EVEX)
		putf(o, "{evex} ");
	if (flags & RX_PX_F_NF)
		putf(o, "{nf} ");
}

/* The name; true: it holds the immediate's value. */
static bool put_name(struct out *o)
{
	const struct rx_px_words *w = &o->t->words[o->code->words];
	const char *name = o->t->strings + o->code->name[o->att], *at = strchr(name, RX_PX_WORD);
	const unsigned v = o->i->imm >> (o->code->flags & RX_PX_F_MEMORY || o->code->space ?
					 RX_PX_IMM_SHIFT : 0) & 0xff;

	if (!at) {
		putf(o, "%s", name);
		return false;
	}
	putf(o, "%.*s%s%s", (int)(at - name), name, v < w->count ? w->words[v] : "", at + 1);
	return v < w->count;
}

static void put_instruction(struct out *o)
{
	const struct rx_px_operand *shown[MAX_SHOWN];
	const struct rx_px_code *c = o->code;
	unsigned n = 0;
	unsigned at[MAX_SHOWN];

	for (unsigned k = 0; k < c->nops && n < MAX_SHOWN; k++) {
		const struct rx_px_operand *op = rx_px_operand(o->t, c, k);

		if (op->flags & (RX_PX_O_HIDDEN | RX_PX_O_SILENT) || op->source == RX_PX_S_MASK ||
		    op->source == RX_PX_S_ZEROING)
			continue;
		at[n] = k;
		shown[n++] = op;
	}
	put_prefixes(o);
	if (put_name(o))	/* the immediate is the last operand */
		n--;
	for (unsigned k = 0; k < n; k++) {
		const unsigned j = o->att && !(c->flags & RX_PX_F_STRAIGHT) ? n - 1 - k : k;

		putf(o, k ? ", " : " ");
		if (o->att && c->flags & RX_PX_F_STAR)
			putf(o, "*");
		put_operand(o, shown[j]);
		for (unsigned m = at[j] + 1; m < c->nops; m++)
			if (!put_mask(o, rx_px_operand(o->t, c, m)))
				break;
	}
}

int rx_px_print(const struct rx_px_tables *t, enum rx_px_syntax syntax,
		const struct rx_insn *i, char *buf, size_t size)
{
	struct out o = { .t = t, .i = i, .att = syntax == RX_PX_ATT, .buf = buf, .size = size };

	if (i->id && i->id < t->ncodes) {
		o.code = &t->codes[i->id];
		put_instruction(&o);
	} else {
		for (unsigned k = 0; k < i->len && k < sizeof(i->imm); k++)
			putf(&o, "%s0x%02x", k ? ", " : ".byte ",
			     (unsigned)(i->imm >> 8 * k & 0xff));
	}
	if (size)
		buf[o.len < size ? o.len : size - 1] = '\0';
	return (int)o.len;
}

static void put_opcode(struct out *o)
{
	static const char *const spaces[] = { "", "VEX ", "EVEX " };
	static const char *const escapes[] = { "", "0F ", "0F 38 ", "0F 3A " };
	static const char *const prefixes[] = { "", "66 ", "F3 ", "F2 " };
	const struct rx_px_code *c = o->code;

	putf(o, "opcode = %s%s", spaces[c->space], prefixes[c->pp & 3]);
	if (c->map < 4)
		putf(o, "%s%02X", escapes[c->map], c->opcode);
	else
		putf(o, "map %u %02X", c->map, c->opcode);
	if (c->reg >= 0)
		putf(o, " /%d", c->reg);
	if (c->l >= 0)
		putf(o, ", L = %d", c->l);
	if (c->w >= 0)
		putf(o, ", W = %d", c->w);
}

static void put_source(struct out *o, const struct rx_px_operand *op)
{
	static const char *const names[] = {
		[RX_PX_S_REG] = "ModRM.reg", [RX_PX_S_RM] = "ModRM.rm",
		[RX_PX_S_MEM] = "ModRM.rm", [RX_PX_S_VVVV] = "vvvv",
		[RX_PX_S_OPCODE] = "opcode's register", [RX_PX_S_IS4] = "is4",
		[RX_PX_S_IMM] = "immediate", [RX_PX_S_IMM2] = "immediate",
		[RX_PX_S_REL] = "relative", [RX_PX_S_MOFFS] = "address",
		[RX_PX_S_STRING] = "implied", [RX_PX_S_MASK] = "EVEX.aaa",
		[RX_PX_S_ZEROING] = "EVEX.z", [RX_PX_S_ROUND] = "EVEX.L'L",
		[RX_PX_S_SAE] = "EVEX.b", [RX_PX_S_FIXED] = "implied",
	};

	putf(o, "%s = ", names[op->source]);
	if (op->source == RX_PX_S_MASK)
		put_register(o, op->cls, o->i->imm >> RX_PX_MASK_SHIFT & 7);
	else if (op->source == RX_PX_S_ZEROING)
		putf(o, "%u", (unsigned)(o->i->imm >> RX_PX_ZEROING_SHIFT & 1));
	else
		put_operand(o, op);
}

int rx_px_explain(const struct rx_px_tables *t, const struct rx_insn *i, unsigned k,
		  char *buf, size_t size)
{
	struct out o = { .t = t, .i = i, .buf = buf, .size = size };

	if (i->id && i->id < t->ncodes) {
		o.code = &t->codes[i->id];
		if (!k)
			put_opcode(&o);
		else if (k <= o.code->nops)
			put_source(&o, rx_px_operand(t, o.code, k - 1));
	}
	if (size)
		buf[o.len < size ? o.len : size - 1] = '\0';
	return (int)o.len;
}
