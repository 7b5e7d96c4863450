/* parse.c - a SMIR function from its text. SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "core/isa.h"
#include "smir/build.h"
#include "smir/text.h"

#define MAX_NAME 48

struct parser {
	struct rx_smir_fn *f;
	const char *at, *line;	/* the place, the start of its line */
	unsigned row;
	/* by their numbers in the text; 0, NONE: not known */
	uint32_t *value, *block;
	bool entry;		/* the first block was there */
	rax_error *err;
	rax_status status;
};

#define NONE UINT32_MAX

static bool fail(struct parser *p, const char *fmt, ...) RAX_PRINTF(2, 3);

static bool fail(struct parser *p, const char *fmt, ...)
{
	va_list ap;

	if (p->status)
		return false;
	va_start(ap, fmt);
	p->status = rx_err_v(p->err, RAX_EFORMAT, fmt, ap);
	va_end(ap);
	rx_err_prefix(p->err, "%u:%u", p->row, (unsigned)(p->at - p->line) + 1);
	return false;
}

static void blanks(struct parser *p)
{
	while (*p->at == ' ' || *p->at == '\t')
		p->at++;
}

static bool at_end(struct parser *p)
{
	blanks(p);
	return !*p->at || *p->at == '\n' || *p->at == ';';
}

static bool accept(struct parser *p, char ch)
{
	blanks(p);
	if (*p->at != ch)
		return false;
	p->at++;
	return true;
}

static bool expect(struct parser *p, char ch)
{
	return accept(p, ch) || fail(p, "expected '%c'", ch);
}

/* Letters, digits, underscores and points; "" where there is none. */
static void name(struct parser *p, char *to)
{
	unsigned n = 0;

	blanks(p);
	while ((isalnum((unsigned char)*p->at) || *p->at == '_' ||
		*p->at == '.') && n < MAX_NAME - 1)
		to[n++] = *p->at++;
	to[n] = '\0';
}

static bool integer(struct parser *p, uint64_t limit, uint64_t *to)
{
	unsigned base = 10, digits = 0;
	uint64_t v = 0;

	blanks(p);
	if (p->at[0] == '0' && p->at[1] == 'x') {
		base = 16;
		p->at += 2;
	}
	for (; isxdigit((unsigned char)*p->at); p->at++, digits++) {
		const int ch = *p->at | 0x20;
		const unsigned d = ch >= 'a' ? (unsigned)ch - 'a' + 10
					     : (unsigned)*p->at - '0';

		if (d >= base)
			break;
		if (v > (limit - d) / base || d > limit)
			return fail(p, "the number is too large");
		v = v * base + d;
	}
	if (!digits)
		return fail(p, "expected a number");
	*to = v;
	return true;
}

static bool type_name(struct parser *p, const char *text, uint8_t *type)
{
	for (unsigned k = 1; k < RX_SMIR_NTYPES; k++) {
		if (!strcmp(text, rx_smir_type_names[k])) {
			*type = (uint8_t)k;
			return true;
		}
	}
	return fail(p, "'%s' is no type", text);
}

static bool type(struct parser *p, uint8_t *to)
{
	char text[MAX_NAME];

	name(p, text);
	return type_name(p, text, to);
}

static bool value_number(struct parser *p, uint64_t *n)
{
	return expect(p, '%') && integer(p, RX_LIMIT_SMIR_VALUES - 1, n);
}

static bool value(struct parser *p, rx_sv *to)
{
	uint64_t n;

	if (!value_number(p, &n))
		return false;
	*to = p->value[n];
	return *to || fail(p, "%%%u is not defined above", (unsigned)n);
}

static bool define(struct parser *p, uint64_t n, rx_sv v)
{
	if (!n || p->value[n])
		return n ? fail(p, "%%%u is defined twice", (unsigned)n)
			 : fail(p, "values count from %%1");
	p->value[n] = v;
	return true;
}

static bool block_number(struct parser *p, uint64_t *n)
{
	return expect(p, '@') && integer(p, RX_LIMIT_SMIR_BLOCKS - 1, n);
}

/* "@1(%4: i64, %5: i1):"; makes the block, or begins it the second time. */
static bool header(struct parser *p, bool begin)
{
	uint64_t n, number[64];
	uint8_t types[64];
	unsigned count = 0;
	rx_sv first = 0;

	if (!block_number(p, &n))
		return false;
	if (!begin && p->block[n] != NONE)
		return fail(p, "block @%u is there twice", (unsigned)n);
	if (accept(p, '(')) {
		do {
			if (count == 64)
				return fail(p, "more than 64 parameters");
			if (!value_number(p, &number[count]) ||
			    !expect(p, ':') || !type(p, &types[count]))
				return false;
			count++;
		} while (accept(p, ','));
		if (!expect(p, ')'))
			return false;
	}
	if (!expect(p, ':'))
		return false;
	if (!at_end(p))
		return fail(p, "expected the end of the line");
	if (!begin) {
		if (!p->entry) {	/* that one is made already */
			p->entry = true;
			p->block[n] = 0;
			return !count ||
			       fail(p, "the entry has no parameters");
		}
		p->block[n] = rx_smir_block(p->f, count, types, NULL);
		return true;
	}
	first = p->f->blocks.at[p->block[n]].param;
	for (unsigned k = 0; k < count; k++)
		if (!define(p, number[k], first + k))
			return false;
	if (p->f->order.n && p->f->open)
		return fail(p, "the block above has no end");
	rx_smir_begin(p->f, p->block[n]);
	return true;
}

/* "table 0 i32: 0x1 0x2" */
static bool table(struct parser *p)
{
	uint64_t n, *values = NULL;
	size_t count = 0;
	uint8_t t = RX_VOID;
	bool ok = integer(p, UINT32_MAX, &n) && type(p, &t) && expect(p, ':');

	if (!ok)
		return false;
	if (n != p->f->tables.n)
		return fail(p, "expected table %u", p->f->tables.n);
	values = malloc(RX_LIMIT_SMIR_POOL * sizeof(*values));
	if (!values) {
		p->status = rx_err(p->err, RAX_ENOMEM, "a table");
		return false;
	}
	while (ok && !at_end(p)) {
		ok = count < RX_LIMIT_SMIR_POOL
			? integer(p, rx_smir_mask(t), &values[count++])
			: fail(p, "the table is too long");
	}
	if (ok && rx_smir_add_table(p->f, t, values, (unsigned)count) != n &&
	    !p->f->error)
		ok = fail(p, "this table is there already");
	free(values);
	return ok;
}

static bool state(struct parser *p, unsigned own, uint64_t *to)
{
	const struct rx_isa *isa = p->f->isa;
	const unsigned bytes = (rx_smir_bits[own] + 7) / 8;
	char text[MAX_NAME];

	if (accept(p, '#'))
		return integer(p, UINT32_MAX, to);
	name(p, text);
	for (unsigned k = 0; isa && k < isa->nregs; k++) {
		if (isa->regs[k].bytes == bytes &&
		    !strcmp(isa->regs[k].name, text)) {
			*to = isa->regs[k].offset;
			return true;
		}
	}
	return fail(p, "'%s' is no register of %s", text,
		    rx_smir_type_names[own]);
}

static bool rmw(struct parser *p, uint64_t *to)
{
	char text[MAX_NAME];
	uint64_t flags = 0;

	name(p, text);
	for (unsigned k = 0; k < RX_SMIR_NRMW; k++) {
		if (strcmp(text, rx_smir_rmw_names[k]))
			continue;
		if (accept(p, '+') && !integer(p, 0xffffff, &flags))
			return false;
		*to = k | flags << 8;
		return true;
	}
	return fail(p, "'%s' is no read-modify-write", text);
}

static bool lane(struct parser *p, uint64_t *to)
{
	char text[MAX_NAME];

	name(p, text);
	for (unsigned k = RX_I8; k <= RX_I64; k++) {
		if (!strcmp(text, rx_smir_type_names[k])) {
			*to = rx_smir_bits[k];
			return true;
		}
	}
	return fail(p, "'%s' is no type of lanes: expected i8, i16, i32 or i64", text);
}

static bool part(struct parser *p, uint64_t *to)
{
	uint64_t flags = 0;

	if (!lane(p, to) || (accept(p, '+') && !integer(p, 0xffffff, &flags)))
		return false;
	*to |= flags << 8;
	return true;
}

static bool key(struct parser *p, const char *text, uint64_t limit, uint64_t *to)
{
	const size_t n = strlen(text);

	blanks(p);
	if (strncmp(p->at, text, n) || p->at[n] != '=')
		return fail(p, "expected '%s='", text);
	p->at += n + 1;
	return integer(p, limit, to);
}

/* " addi pc=0x80000000 len=4 r=10,10,0,0 imm=0x1" */
static bool insn(struct parser *p)
{
	const struct rx_isa *isa = p->f->isa;
	struct rx_insn i = { 0 };
	uint64_t v, id = 0;
	char text[MAX_NAME];

	if (accept(p, '#')) {
		if (!integer(p, UINT16_MAX, &id))
			return false;
	} else {
		name(p, text);
		while (isa && id < isa->ninsns && strcmp(isa->info[id].name, text))
			id++;
		if (!isa || id == isa->ninsns)
			return fail(p, "'%s' is no instruction", text);
	}
	i.id = (uint16_t)id;
	if (!key(p, "pc", UINT64_MAX, &i.pc) || !key(p, "len", 255, &v))
		return false;
	i.len = (uint8_t)v;
	for (unsigned k = 0; k < 4; k++) {
		if (!(k ? expect(p, ',') && integer(p, 255, &v)
			: key(p, "r", 255, &v)))
			return false;
		i.r[k] = (uint8_t)v;
	}
	if (!key(p, "imm", UINT64_MAX, &i.imm))
		return false;
	rx_smir_insn(p->f, &i);
	return true;
}

/* "@1(%3, %4)" into args[64] */
static bool edge(struct parser *p, uint32_t *block, unsigned *nargs, rx_sv *args)
{
	uint64_t n;

	*nargs = 0;
	if (!block_number(p, &n))
		return false;
	*block = p->block[n];
	if (*block == NONE)
		return fail(p, "there is no block @%u", (unsigned)n);
	if (!accept(p, '('))
		return true;
	do {
		if (*nargs == 64)
			return fail(p, "more than 64 parameters");
		if (!value(p, &args[(*nargs)++]))
			return false;
	} while (accept(p, ','));
	return expect(p, ')');
}

static bool branch(struct parser *p, bool conditional)
{
	rx_sv cond = 0, args[2][64];
	uint32_t to[2];
	unsigned nargs[2];

	if (conditional && !(value(p, &cond) && expect(p, ',')))
		return false;
	if (!edge(p, &to[0], &nargs[0], args[0]))
		return false;
	if (!conditional) {
		rx_smir_br(p->f, to[0], nargs[0], args[0]);
		return true;
	}
	if (!expect(p, ',') || !edge(p, &to[1], &nargs[1], args[1]))
		return false;
	rx_smir_brcond(p->f, cond, to[0], nargs[0], args[0],
		       to[1], nargs[1], args[1]);
	return true;
}

static bool immediate(struct parser *p, unsigned kind, unsigned own,
		      uint64_t *imm)
{
	switch (kind) {
	case RX_SMIR_STATE:
		return state(p, own, imm);
	case RX_SMIR_LANE:
		return lane(p, imm);
	case RX_SMIR_PART:
		return part(p, imm);
	case RX_SMIR_RMW:
		return rmw(p, imm);
	default:
		return integer(p, UINT64_MAX, imm);
	}
}

static bool operands(struct parser *p, unsigned code, uint8_t own, rx_sv *result)
{
	const struct rx_smir_info *info = &rx_smir_ops[code];
	const bool imm = info->imm != RX_SMIR_NONE;
	rx_sv arg[4] = { 0 };
	uint64_t number = 0;
	unsigned values = 0;

	for (unsigned k = 0; k < info->nargs + (unsigned)imm; k++) {
		if (k && !expect(p, ','))
			return false;
		if (!(imm && k == info->imm_at
		      ? immediate(p, info->imm, own, &number)
		      : value(p, &arg[values++])))
			return false;
	}
	*result = rx_smir_op(p->f, (enum rx_smir_code)code,
			     (enum rx_smir_type)own, arg[0], arg[1], arg[2],
			     arg[3], number);
	return true;
}

static bool operation(struct parser *p)
{
	char text[MAX_NAME], *point;
	uint64_t result = 0;
	rx_sv v = 0;
	uint8_t own = RX_VOID;
	unsigned code;

	if (*p->at == '%') {
		if (!value_number(p, &result))
			return false;
		if (!result)
			return fail(p, "values count from %%1");
		if (!expect(p, '='))
			return false;
	}
	name(p, text);
	point = strchr(text, '.');
	if (point) {
		*point++ = '\0';
		if (!type_name(p, point, &own))
			return false;
	}
	for (code = 0; code < RX_SMIR_NOPS; code++)
		if (!strcmp(text, rx_smir_ops[code].name))
			break;
	if (code == RX_SMIR_NOPS)
		return fail(p, "'%s' is no operation", text);
	if (!rx_smir_ops[code].types != !own)
		return fail(p, own ? "%s has no type" : "%s needs a type", text);
	if (!rx_smir_ops[code].result != !result)
		return fail(p, result ? "%s has no result"
				      : "the result of %s needs a name", text);
	if (!p->f->open)
		return fail(p, "an operation behind the end of its block");
	if (rx_smir_ops[code].nblocks)
		return branch(p, code == RX_S_BRCOND);
	if (code == RX_S_INSN)
		return insn(p);
	return operands(p, code, own, &v) && (!result || p->f->error ||
					      define(p, result, v));
}

static bool line(struct parser *p, bool second)
{
	const bool is_header = *p->at == '@';

	if (is_header)
		return header(p, second) && (at_end(p) ||
		       fail(p, "expected the end of the line"));
	if (!second)
		return true;
	if (!strncmp(p->at, "table ", 6)) {
		p->at += 6;
		if (!table(p))
			return false;
	} else if (!p->f->order.n) {
		return fail(p, "expected '@0:'");
	} else if (!operation(p)) {
		return false;
	}
	return at_end(p) || fail(p, "expected the end of the line");
}

static bool pass(struct parser *p, const char *text, bool second)
{
	p->row = 1;
	p->line = text;
	for (p->at = text; *p->at;) {
		if (!at_end(p) && !line(p, second))
			return false;
		if (p->f->error)
			return fail(p, "%s", p->f->error);
		p->at += strcspn(p->at, "\n");
		if (*p->at) {
			p->line = ++p->at;
			p->row++;
		}
	}
	return true;
}

rax_status rx_smir_parse(struct rx_smir_fn *f, const char *text, rax_error *err)
{
	struct parser p = { .f = f, .err = err };

	p.value = calloc(RX_LIMIT_SMIR_VALUES, sizeof(*p.value));
	p.block = malloc(RX_LIMIT_SMIR_BLOCKS * sizeof(*p.block));
	rx_smir_reset(f, f->isa);
	f->order.n = 0;		/* the entry begins where the text says */
	f->open = false;
	if (!f->error)
		f->blocks.at[0].begun = false;
	if (!p.value || !p.block || f->error) {
		p.status = rx_err(err, RAX_ENOMEM, "parsing");
	} else {
		memset(p.block, 0xff, RX_LIMIT_SMIR_BLOCKS * sizeof(*p.block));
		if (pass(&p, text, false) && pass(&p, text, true) &&
		    (!f->order.n || f->open))
			fail(&p, "the last block has no end");
	}
	if (p.status)
		rx_smir_fail(f, "the text is malformed");
	free(p.value);
	free(p.block);
	return p.status;
}
