/* asm_api.c - the public disassembler and assembler. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "core/isa.h"
#include "core/prefixed.h"
#include "cpu/riscv/rv64.h"
#include "machine/isas.h"
#include "rax/asm.h"
#include "a64/isa.h"
#include "hexagon/isa.h"
#include "rv64/isa.h"
#include "t32/isa.h"
#include "x86/isa.h"

static const struct rx_isa_mode isas[] = {
	{ "rv64", &rg_rv64, 0,
	  RX_RV64_KEY_FS_DIRTY | RX_RV64_KEY_FRM_RNE | RX_RV64_KEY_HOST_FMA },
	{ "a64", &rg_a64, 0, 0 },
	{ "t32", &rg_t32, 0, 0 },
	{ "hexagon", &rg_hexagon, 0, 0 },
	{ "x86-64", &rg_x86, RX_PX_MODE64, RX_PX_MODE64 },
	{ "x86-32", &rg_x86, RX_PX_MODE32, RX_PX_MODE32 },
	{ "x86-16", &rg_x86, RX_PX_MODE16, RX_PX_MODE16 },
};
#define NISAS (sizeof(isas) / sizeof(isas[0]))

const char *rax_isa_name(unsigned index)
{
	return index < NISAS ? isas[index].name : NULL;
}

const struct rx_isa_mode *rx_isa_find(const char *name, rax_error *err)
{
	char known[128] = "";
	size_t k, at = 0;

	for (k = 0; k < NISAS; k++) {
		if (!strcmp(isas[k].name, name))
			return &isas[k];
		if (at < sizeof(known))
			at += (size_t)snprintf(known + at, sizeof(known) - at, "%s%s",
					       k ? ", " : "", isas[k].name);
	}
	(void)rx_err(err, RAX_EINVAL, "there is no instruction set '%.60s'; known: %s", name,
		     known);
	return NULL;
}

/* The syntax of that name in *out; NULL is the ISA's own. */
static rax_status find_syntax(const struct rx_isa *isa, const char *name, struct rx_syntax *out,
			      rax_error *err)
{
	const struct rx_syntax *s = isa->syntaxes;
	char known[64] = "";
	size_t at = 0;

	*out = (struct rx_syntax){ NULL, isa->disasm, isa->assemble };
	if (!name)
		return RAX_OK;
	for (; s && s->name; s++) {
		if (!strcmp(s->name, name)) {
			*out = *s;
			return RAX_OK;
		}
		if (at < sizeof(known))
			at += (size_t)snprintf(known + at, sizeof(known) - at, "%s%s",
					       at ? ", " : "; known: ", s->name);
	}
	return rx_err(err, RAX_EINVAL, "%s has no syntax '%.40s'%s", isa->name, name, known);
}

static rax_status decode(const struct rx_isa_mode *mode, const uint8_t *bytes, size_t size,
			 struct rx_insn i[RX_INSN_RECORDS], size_t *used, rax_error *err)
{
	const unsigned most = size > RAX_INSN_MAX ? RAX_INSN_MAX : (unsigned)size;
	char hex[2 * RAX_INSN_MAX + 1] = "";
	unsigned len;

	memset(i, 0, RX_INSN_RECORDS * sizeof(*i));
	len = mode->isa->decode(mode->mode_key, bytes, most, i);
	if (!len)
		return rx_err(err, RAX_EFORMAT, "the instruction is cut off after %zu bytes", size);
	*used = len;
	if (i->id)
		return RAX_OK;
	if (mode->isa->min_len == 1)	/* bytes, no word */
		for (unsigned k = 0; k < len; k++)
			snprintf(hex + 2 * k, 3, "%02x", bytes[k]);
	else
		snprintf(hex, sizeof(hex), "%0*llx", (int)(2 * len), (unsigned long long)i->imm);
	return rx_err(err, RAX_EFORMAT, "%s is not an instruction of %s", hex, mode->name);
}

rax_status rax_disassemble_as(const char *isa_name, const char *syntax, const uint8_t *bytes,
			      size_t size, char *text, size_t text_size, size_t *used,
			      rax_error *err)
{
	const struct rx_isa_mode *mode = rx_isa_find(isa_name, err);
	struct rx_insn i[RX_INSN_RECORDS];
	struct rx_syntax s;
	rax_status st;

	if (!mode)
		return RAX_EINVAL;
	st = find_syntax(mode->isa, syntax, &s, err);
	if (st == RAX_OK)
		st = decode(mode, bytes, size, i, used, err);
	if (st == RAX_OK)
		s.disasm(i, text, text_size);
	return st;
}

rax_status rax_disassemble(const char *isa_name, const uint8_t *bytes, size_t size,
			   char *text, size_t text_size, size_t *used, rax_error *err)
{
	return rax_disassemble_as(isa_name, NULL, bytes, size, text, text_size, used, err);
}

/* Lines about one record, behind the first `at` characters; their new number. */
static size_t explain_record(const struct rx_isa *isa, const struct rx_insn *i, char *text,
			     size_t size, size_t at)
{
	const struct rx_insn_info *info = &isa->info[i->id];
	char field[128];
	unsigned k;

	if (at < size)
		at += (size_t)snprintf(text + at, size - at, "\n  encoding = %s, feature %s, %s",
				       info->name, info->extension, info->origin);
	for (k = 0; at < size && isa->explain(i, k, field, sizeof(field)); k++)
		at += (size_t)snprintf(text + at, size - at, "\n  %s", field);
	return at;
}

rax_status rax_explain(const char *isa_name, const char *syntax, const uint8_t *bytes,
		       size_t size, char *text, size_t text_size, size_t *used, rax_error *err)
{
	const struct rx_isa_mode *mode = rx_isa_find(isa_name, err);
	const rax_status st = rax_disassemble_as(isa_name, syntax, bytes, size, text, text_size,
						 used, err);
	struct rx_insn i[RX_INSN_RECORDS];
	size_t at, k;

	if (st != RAX_OK)
		return st;
	memset(i, 0, sizeof(i));
	mode->isa->decode(mode->mode_key, bytes, (unsigned)*used, i);
	at = text_size ? strlen(text) : 0;
	for (k = mode->isa->groups; k < (mode->isa->groups ? RX_INSN_RECORDS : 1); k++)
		if (i[k].id)
			at = explain_record(mode->isa, &i[k], text, text_size, at);
	return RAX_OK;
}

rax_status rax_assemble_as(const char *isa_name, const char *syntax, const char *text,
			   uint8_t *bytes, size_t *used, rax_error *err)
{
	const struct rx_isa_mode *mode = rx_isa_find(isa_name, err);
	struct rx_syntax s;
	unsigned len = 0;
	rax_status st;

	if (!mode)
		return RAX_EINVAL;
	st = find_syntax(mode->isa, syntax, &s, err);
	if (st == RAX_OK)
		st = s.assemble(mode->mode_key, text, bytes, &len, err);
	*used = len;
	return st;
}

rax_status rax_assemble(const char *isa_name, const char *text, uint8_t *bytes,
			size_t *used, rax_error *err)
{
	return rax_assemble_as(isa_name, NULL, text, bytes, used, err);
}
