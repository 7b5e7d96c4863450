/* dump.c - what the compiler made of a region, as text. SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/isa.h"
#include "core/vm.h"
#include "jit/lower.h"
#include "smir/text.h"
#include "x86/isa.h"

static const struct rx_jit_settings *settings(const struct rx_jit *j)
{
	return &j->cpu->vm->jit;
}

bool rx_jit_dumps(const struct rx_jit *j)
{
	return settings(j)->line != NULL;
}

void rx_jit_say(const struct rx_jit *j, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	settings(j)->line(settings(j)->opaque, line);
}

void rx_jit_dump_guest(const struct rx_jit *j, const struct rx_block *b)
{
	const struct rx_isa *isa = j->cpu->isa;

	for (unsigned k = 0; k < b->n; k++) {
		char text[400] = "";	/* a group is long */

		if (isa->disasm(&b->insn[k], text, sizeof(text)) < 0)
			text[0] = 0;
		rx_jit_say(j, "    %16" PRIx64 "  %s", b->insn[k].pc, text);
	}
}

void rx_jit_dump_smir(const struct rx_jit *j, const struct rx_smir_fn *f)
{
	const size_t size = rx_smir_print(f, NULL, 0) + 1;
	char *text = malloc(size), *line = text, *end;

	if (!text)
		return;
	(void)rx_smir_print(f, text, size);
	for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = 0;
		settings(j)->line(settings(j)->opaque, line);
	}
	free(text);
}

/* Where data that begins at `from` ends; NULL: there is code. */
static const uint8_t *end_of_data(const struct rx_jit_gen *g, const uint8_t *from)
{
	for (unsigned k = 0; k < g->namong; k++)
		if (g->among[k].from == from)
			return g->among[k].to;
	return NULL;
}

/* One instruction; its length. */
static unsigned dump_insn(const struct rx_jit *j, const uint8_t *from, unsigned room,
			  uint64_t address)
{
	char text[128] = "", hex[3 * 16] = "", target[32] = "";
	struct rx_insn i[RX_INSN_RECORDS];
	unsigned len;

	memset(i, 0, sizeof(i));
	i->pc = address;
	len = rg_x86.decode(RX_PX_MODE64, from, room, i);
	if (!len || !i->id || rg_x86.disasm(i, text, sizeof(text)) < 0)
		(void)snprintf(text, sizeof(text), "(not stated in spec/x86)");
	len = len ? len : 1;
	for (unsigned k = 0; k < len && k < 15; k++)
		(void)snprintf(hex + 2 * k, 3, "%02x", from[k]);
	if (rg_x86.info[i->id].flags & (RX_INSN_BRANCH | RX_INSN_JUMP))
		(void)snprintf(target, sizeof(target), "\t; to %" PRIx64, i->pc + i->imm);
	rx_jit_say(j, "    %12" PRIx64 "  %-22s %s%s", i->pc, hex, text, target);
	return len;
}

void rx_jit_dump_host(const struct rx_jit_gen *g, const uint8_t *from, const uint8_t *to)
{
	const struct rx_jit *j = g->j;
	const uint64_t shift = (uintptr_t)j->code.rx - (uintptr_t)j->code.rw;

	while (from < to) {
		const uint8_t *end = end_of_data(g, from);

		if (!end)
			from += dump_insn(j, from, (unsigned)(to - from), (uintptr_t)from + shift);
		for (uint64_t word; end && from < end; from += sizeof(word)) {
			memcpy(&word, from, sizeof(word));
			rx_jit_say(j, "    %12" PRIx64 "  %016" PRIx64 "       (data)",
				   (uintptr_t)from + shift, word);
		}
	}
}
