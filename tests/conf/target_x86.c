/* target_x86.c - how x86 processors run cases. SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/vm.h"
#include "cpu/x86/x86.h"
#include "tests/conf/target.h"
#include "tests/conf/values.h"
#include "x86/decode.h"
#include "x86/encode.h"

#define TRIES 400

conf_aim conf_aim_x86;

/* ---- code */

static int32_t some_disp(uint64_t *s)
{
	const uint64_t v = conf_draw(s);

	switch (conf_below(s, 4)) {
	case 0:
		return 0;
	case 1:
		return (int8_t)v;
	case 2:
		return (int16_t)v;
	default:
		return (int32_t)v >> 4;
	}
}

static uint8_t some_reg(uint64_t *s)
{
	/* ah to bh where a byte register is wanted; the upper half of the vectors */
	const unsigned n = conf_below(s, 24);

	return (uint8_t)(n < 16 ? n : n < 18 ? RX_PX_HIGH + conf_below(s, 4)
			 : n < 21 ? conf_below(s, 8) : 16 + conf_below(s, 16));
}

/* As the mode has it, or as a prefix does. */
static uint8_t some_address_size(const struct conf_isa *isa, uint64_t *s)
{
	const unsigned mode = isa->mode_key & RX_PX_MODE;
	const bool prefix = !conf_below(s, mode == RX_PX_MODE16 ? 2 : 8);

	if (mode == RX_PX_MODE64)
		return prefix ? RX_PX_ASZ32 : RX_PX_ASZ64;
	return prefix == (mode == RX_PX_MODE16) ? RX_PX_ASZ32 : RX_PX_ASZ16;
}

/* bx or bp and si or di, or one of them; [bp] has a displacement */
static void memory16(struct rx_px_values *v, uint64_t *s)
{
	static const uint8_t bases[] = { 3, 3, 5, 5, 6, 7, 5, 3 };
	const unsigned n = conf_below(s, 9);

	v->base = n == 8 ? RX_PX_NO_REG : bases[n];
	v->index = n < 4 ? (uint8_t)(6 + (n & 1)) : RX_PX_NO_REG;
	v->disp = (int16_t)v->disp;
	if (conf_below(s, 4))	/* where the window is */
		v->seg = RX_X86_FS + 1 + (uint8_t)conf_below(s, 2);
}

static void some_memory(const struct conf_isa *isa, struct rx_px_values *v, uint64_t *s)
{
	v->asz = some_address_size(isa, s);
	v->seg = (uint8_t)(conf_below(s, 6) ? 0 : 1 + conf_below(s, 6));
	v->base = (uint8_t)conf_below(s, 16);
	v->index = RX_PX_NO_REG;
	v->disp = some_disp(s);
	if (v->asz == RX_PX_ASZ16) {
		memory16(v, s);
		return;
	}
	switch (conf_below(s, 10)) {
	case 0:
		v->base = RX_PX_NO_REG;
		v->index = (uint8_t)conf_below(s, 16);
		v->scale = (uint8_t)conf_below(s, 4);
		break;
	case 1:
		v->base = isa->mode_key & RX_PX_MODE ? RX_PX_NO_REG : RX_PX_RIP;
		v->disp = (int32_t)(CONF_DATA(isa) - (isa->mode_key & RX_PX_MODE ? 0
						 : conf_code_end(isa)) +
				    conf_below(s, 0x1fc0));
		break;
	case 2:
	case 3:
	case 4:
		v->index = (uint8_t)conf_below(s, 16);
		v->scale = (uint8_t)conf_below(s, 4);
		break;
	}
}

/* A relative target: near, or somewhere in the hole. */
static uint64_t some_relative(const struct conf_isa *isa, uint64_t *s)
{
	if (conf_below(s, 2))
		return (uint64_t)(int64_t)(int8_t)conf_draw(s);
	if (isa->mode_key & RX_PX_MODE && conf_below(s, 2))
		return (uint64_t)(int64_t)(int16_t)conf_draw(s);
	return CONF_HOLE(isa) + conf_below(s, CONF_HOLE_SIZE) - conf_code_end(isa);
}

static bool is_relative(unsigned id)
{
	const struct rx_px_code *code = &rg_x86_tables.codes[id];

	for (unsigned k = 0; k < code->nops; k++)
		if (rx_px_operand(&rg_x86_tables, code, k)->source == RX_PX_S_REL)
			return true;
	return false;
}

static bool code_x86(struct conf_case *c, uint64_t *s)
{
	const unsigned id = (unsigned)(c->insn - c->isa->insns) + 1;
	const bool direct = is_relative(id);

	for (unsigned k = 0; k < TRIES; k++) {
		struct rx_px_values v = { .reg = some_reg(s) };
		struct rx_insn i;
		unsigned n;

		v.rm = some_reg(s);
		v.vvvv = (uint8_t)conf_below(s, conf_below(s, 2) ? 16 : 32);
		v.mask = (uint8_t)conf_below(s, 8);
		v.zeroing = (uint8_t)conf_below(s, 2);
		v.round = (uint8_t)conf_below(s, 4);
		v.is4 = (uint8_t)conf_below(s, 16);
		some_memory(c->isa, &v, s);
		v.imm = direct ? some_relative(c->isa, s) : conf_int(s);
		v.imm2 = conf_draw(s);
		n = rx_px_encode(&rg_x86_tables, c->isa->mode_key, id, &v, c->code);
		if (!n)
			continue;
		c->length = (uint8_t)n;
		c->units = 1;
		if (conf_case_decode(c, &i) != id || (direct && i.imm < n))
			continue;
		c->valid = true;
		return true;
	}
	return false;
}

/* ---- state */

static void set_reg(struct conf_case *c, unsigned n, uint64_t v)
{
	const struct conf_file *f = conf_file(c->isa, "r");

	if (n < f->count)
		memcpy(c->state + f->at + f->bytes * n, &v, f->bytes);
}

static uint64_t reg(const struct conf_case *c, unsigned n)
{
	const struct conf_file *f = conf_file(c->isa, "r");
	uint64_t v = 0;

	if (n < f->count)
		memcpy(&v, c->state + f->at + f->bytes * n, f->bytes);
	return v;
}

static uint64_t linear(const struct conf_case *c, const struct rx_insn *i, const char *part)
{
	const bool mode64 = (c->isa->mode_key & RX_PX_MODE) == RX_PX_MODE64;
	struct rx_x86 x = { .va_mask = mode64 ? ~UINT64_C(0) : UINT32_MAX };
	const struct conf_file *bases = conf_file(c->isa, "fsgs");

	for (unsigned k = 0; k < 16; k++)
		x.r[k] = reg(c, k);
	memcpy(x.seg_base + RX_X86_FS, c->state + bases->at, 2 * sizeof(x.seg_base[0]));
	if (!strcmp(part, "linear_si"))
		return rx_x86_linear_si(&x, i, 0);
	if (!strcmp(part, "linear_di"))
		return rx_x86_linear_di(&x, i, 0);
	if (!strcmp(part, "linear_abs"))
		return rx_x86_linear_abs(&x, i, 0);
	return rx_x86_linear(&x, i, 0);
}

/* The base, or an index that is not scaled. RCX counts repetitions. */
uint64_t conf_aim_x86(struct conf_case *c, const struct rx_insn *i,
		      const struct conf_access *a, uint64_t ea, uint64_t *s)
{
	const unsigned base = RX_X86_BASE(i), index = i->r[3] & 63u;
	const bool string = !strcmp(a->part, "linear_si") || !strcmp(a->part, "linear_di");
	unsigned n = 16;

	if (string) {
		n = a->part[7] == 's' ? RX_X86_SI : RX_X86_DI;
		set_reg(c, 1, conf_below(s, 12) ? conf_below(s, 24) : conf_below(s, 2000));
	} else if (base < 16) {
		n = base;
	} else if (index < 16 && base == RX_PX_NO_REG) {
		n = index;
		ea = (ea - (uint64_t)(int64_t)(int32_t)i->imm) & ~UINT64_C(7);
		set_reg(c, n, 0);
		ea -= linear(c, i, a->part) - (uint64_t)(int64_t)(int32_t)i->imm;
		set_reg(c, n, ea >> (i->r[3] >> RX_PX_SCALE_SHIFT));
		return linear(c, i, a->part);
	}
	if (n < 16 && n == index && !string) {	/* near by */
		const uint64_t times = 1 + (UINT64_C(1) << (i->r[3] >> RX_PX_SCALE_SHIFT));

		set_reg(c, n, 0);
		set_reg(c, n, (ea - linear(c, i, a->part)) / times);
		return linear(c, i, a->part);
	}
	if (n < 16 && index < 16 && !string && conf_below(s, 2))
		set_reg(c, index, conf_below(s, 256) - UINT64_C(128));
	if (n < 16)
		set_reg(c, n, reg(c, n) + ea - linear(c, i, a->part));
	return linear(c, i, a->part);
}

/* Descriptors as Linux has them for programs: 32-bit code, data, 64-bit code. */
#define GDT UINT64_C(0x70000000)
#define GDT_ENTRIES 16

static bool prepare_x86(struct rx_cpu *cpu)
{
	uint64_t gdt[GDT_ENTRIES] = { 0 };
	struct rx_x86 *c = rx_x86_of(cpu);

	gdt[4] = UINT64_C(0x00cffb000000ffff);
	gdt[5] = UINT64_C(0x00cff3000000ffff);
	gdt[6] = UINT64_C(0x00affb000000ffff);
	gdt[15] = UINT64_C(0x0040f50000000000);	/* its limit is the processor's number */
	cpu->mode_key |= RX_PX_NO_REX2;
	c->gdt_base = GDT;
	c->gdt_limit = sizeof(gdt) - 1;
	return !rx_mem_add_ram(&cpu->vm->mem, GDT, 0x1000, NULL) &&
	       !rx_mem_write(&cpu->vm->mem, GDT, gdt, sizeof(gdt));
}

/* A stack of 32 bits, and registers that have no more. */
static void narrow(struct rx_x86 *x)
{
	x->seg_attr[RX_X86_SS] |= RX_X86_SEG_DB;
	x->seg_attr[RX_X86_DS] |= RX_X86_SEG_DB;
	for (unsigned k = 0; k < 16; k++)
		x->r[k] = (uint32_t)x->r[k];
}

/* Case code of each mode: bits, and the selector that it runs under (the 16-bit one
 * is the oracle's own). */
static const uint8_t modes[] = { 64, 32, 16 };
static const uint16_t selectors[] = { 0x33, 0x23, 0x1237 };

static bool load_x86(struct rx_cpu *cpu, const struct conf_case *c)
{
	struct rx_x86 *x = rx_x86_of(cpu);
	uint64_t bases[6];
	uint8_t page[0x1000];

	/* earlier cases may have stored there */
	memset(page, (int)(rg_x86_conf.fill & 0xff), sizeof(page));
	if (rx_mem_write(&cpu->vm->mem, CONF_CODE(c->isa), page, c->pc - CONF_CODE(c->isa)))
		return false;
	memcpy(bases, x->seg_base, sizeof(bases));
	rx_x86_flat(cpu, modes[c->isa->mode_key & RX_PX_MODE], 3);
	if ((c->isa->mode_key & RX_PX_MODE) == RX_PX_MODE64)
		memset(x->seg_sel, 0, sizeof(x->seg_sel));
	else
		narrow(x);
	x->seg_sel[RX_X86_CS] = selectors[c->isa->mode_key & RX_PX_MODE];
	x->seg_sel[RX_X86_SS] = 0x2b;
	memcpy(x->seg_base + RX_X86_FS, bases + RX_X86_FS, 2 * sizeof(bases[0]));
	x->shadow = 0;
	rx_x86_resync(cpu);
	return true;
}

#define TARGET(suite) { \
	.isa = &rg_x86##suite##_conf, \
	.coder = code_x86, \
	.prepare = prepare_x86, \
	.load = load_x86, \
}

const struct conf_target conf_target_x86 = TARGET();
const struct conf_target conf_target_x86_32 = TARGET(_32);
const struct conf_target conf_target_x86_16 = TARGET(_16);
