/* asm_api.c - the public disassembler and assembler. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "core/isa.h"
#include "machine/isas.h"
#include "rax/asm.h"
#include "a64/isa.h"
#include "hexagon/isa.h"
#include "rv64/isa.h"

static const struct rx_isa_mode isas[] = {
	{ "rv64", &rg_rv64, 0 },
	{ "a64", &rg_a64, 0 },
	{ "hexagon", &rg_hexagon, 0 },
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

rax_status rax_disassemble(const char *isa_name, const uint8_t *bytes, size_t size,
			   char *text, size_t text_size, size_t *used, rax_error *err)
{
	const struct rx_isa_mode *mode = rx_isa_find(isa_name, err);
	const struct rx_isa *isa;
	struct rx_insn i[RX_INSN_RECORDS];
	unsigned len;

	if (!mode)
		return RAX_EINVAL;
	isa = mode->isa;
	memset(i, 0, sizeof(i));
	len = isa->decode(mode->mode_key, bytes, size > RAX_INSN_MAX ? RAX_INSN_MAX : (unsigned)size, i);
	if (!len)
		return rx_err(err, RAX_EFORMAT, "the instruction is cut off after %zu bytes", size);
	if (!i->id)
		return rx_err(err, RAX_EFORMAT, "%0*llx is not an instruction of %s",
			      (int)(2 * len), (unsigned long long)i->imm, isa_name);
	*used = len;
	isa->disasm(i, text, text_size);
	return RAX_OK;
}

rax_status rax_assemble(const char *isa_name, const char *text, uint8_t *bytes,
			size_t *used, rax_error *err)
{
	const struct rx_isa_mode *mode = rx_isa_find(isa_name, err);
	unsigned len = 0;
	rax_status st;

	if (!mode)
		return RAX_EINVAL;
	st = mode->isa->assemble(mode->mode_key, text, bytes, &len, err);
	*used = len;
	return st;
}
