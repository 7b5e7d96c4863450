/* test_sweep.c - every encoding, random bytes, damaged text. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>

#include "x86/decode.h"
#include "x86/disasm.h"
#include "x86/encode.h"
#include "x86/ids.h"

static uint64_t state;

static uint64_t rnd(void)
{
	return rx_sweep_next(&state);
}

/* Is there operand values with which every encoding becomes bytes that are it? */
static void test_encodings(void)
{
	state = rx_sweep_start(0);
	for (unsigned id = 1; id < RG_X86_COUNT; id++) {
		const struct rx_px_code *c = &rg_x86_tables.codes[id];
		bool found = false;

		for (unsigned round = 0; round < 40 && !found; round++) {
			const uint64_t a = rnd(), b = rnd();
			const uint32_t mode = c->modes & 1 ? 0 : c->modes & 2 ? 1 : 2;
			const unsigned most = mode ? 8 : 16;
			const struct rx_px_values v = {
				.reg = (uint8_t)(a % most), .rm = (uint8_t)((a >> 8) % most),
				.vvvv = (uint8_t)((a >> 16) % most), .is4 = a >> 24 & 7,
				.base = 1 + (a >> 28 & 1), .index = 6 + (a >> 29 & 1),
				.scale = a >> 32 & 3, .seg = (a >> 36 & 7) % 7,
				.asz = mode == 1 ? RX_PX_ASZ32 : RX_PX_ASZ64,
				.mask = 1 + (a >> 40 & 3), .zeroing = a >> 44 & 1,
				.round = a >> 48 & 3, .disp = (int32_t)(b >> 32) >> (b & 31),
				.imm = b, .imm2 = a,
			};
			uint8_t out[RX_PX_MAX_LEN + 1];
			const unsigned n = rx_px_encode(&rg_x86_tables, mode, id, &v, out);
			struct rx_insn i;

			found = n && decode_exact(mode, out, n, &i) == n && i.id == id;
		}
		RX_TAP_CHECK(found, "no bytes are encoding %u, %s", id,
			     rg_x86_tables.strings + c->name[0]);
	}
}

/* Prefixes, an opcode that may be known, and noise. */
static unsigned make(uint8_t code[16])
{
	static const uint8_t prefixes[] = { 0x66, 0x67, 0xf2, 0xf3, 0xf0, 0x2e, 0x64, 0x40, 0x48,
					    0x4f, 0x3e, 0xd5 };
	unsigned n = 0;

	for (unsigned k = rnd() % 4; k > 1; k--)
		code[n++] = prefixes[rnd() % sizeof(prefixes)];
	switch (rnd() % 6) {
	case 0:
		code[n++] = 0xc5;
		break;
	case 1:
		code[n++] = 0xc4;
		code[n++] = (uint8_t)((rnd() & 0xe0) | (1 + rnd() % 3));
		break;
	case 2:
		code[n++] = 0x62;
		code[n++] = (uint8_t)((rnd() & 0xf8) | (1 + rnd() % 4));
		break;
	case 3:
		code[n++] = 0x0f;
		break;
	default:
		break;
	}
	while (n < 16)
		code[n++] = (uint8_t)rnd();
	return n;
}

/*
 * The text of the instruction assembles to one of the same text; or, where a
 * shorter encoding spells a number otherwise, of the same mnemonic and bytes.
 */
static void there_and_back(uint32_t mode, int att, const uint8_t *code, const struct rx_insn *i)
{
	int (*const disasm)(const struct rx_insn *, char *, size_t) =
		att ? rg_x86_disasm_att : rg_x86_disasm;
	rax_status (*const assemble)(uint32_t, const char *, uint8_t *, unsigned *, rax_error *) =
		att ? rg_x86_assemble_att : rg_x86_assemble;
	uint8_t out[RX_PX_MAX_LEN + 1], more[RX_PX_MAX_LEN + 1];
	char text[128], again[128] = "";
	rax_error err = { 0 };
	unsigned len = 0, len2 = 0;
	struct rx_insn j;
	bool same;

	CU_ASSERT(disasm(i, text, sizeof(text)) < (int)sizeof(text));
	if (assemble(mode, text, out, &len, &err) == RAX_OK &&
	    decode_exact(mode, out, len, &j) == len)
		disasm(&j, again, sizeof(again));
	same = !strcmp(text, again);
	if (!same && !strncmp(text, again, strcspn(text, " ")) &&
	    assemble(mode, again, more, &len2, &err) == RAX_OK)
		same = len == len2 && !memcmp(out, more, len);
	if (!same)
		RX_TAP_CHECK(false, "%02x%02x%02x%02x%02x%02x%02x%02x: '%s' is '%s'; %s", code[0],
			     code[1], code[2], code[3], code[4], code[5], code[6], code[7], text,
			     again, err.message);
}

static void test_random(void)
{
	const unsigned long count = rx_sweep_count(30000);
	unsigned known = 0;

	state = rx_sweep_start(0);
	for (unsigned long k = 0; k < count; k++) {
		uint8_t code[16];
		const unsigned n = make(code) - rnd() % 4;
		const uint32_t mode = (uint32_t)(rnd() % 3);
		struct rx_insn i;
		const unsigned len = decode_exact(mode, code, n, &i);

		if (len > n || (len && len != i.len))
			RX_TAP_CHECK(false, "%u of %u bytes taken", len, n);
		if (!len || !i.id)
			continue;
		known++;
		there_and_back(mode, k & 1, code, &i);
	}
	CU_ASSERT(known > count / 10);
}

/* Texts with one thing wrong: a message or bytes, no crash. */
static void test_damaged(void)
{
	static const char *const texts[] = {
		"lock add qword ptr gs:[rax + 4*rcx - 16], rbx",
		"vaddps zmm0 {k1} {z}, zmm1, dword ptr [rax + 64]{1to16}",
		"{nf} add rax, rbx, rcx", "rep movsb", "vaddps zmm0, zmm1, zmm2, {rn-sae}",
		"addl $5, %fs:8(%rax,%rbx,2)", "fadd %st(1), %st", "jne -5",
	};
	static const char marks[] = "{}[](),%$*:-+ 0x9kz\\\"\t";

	state = rx_sweep_start(0);
	for (unsigned k = 0; k < 20000; k++) {
		const unsigned which = (unsigned)(rnd() % (sizeof(texts) / sizeof(texts[0])));
		uint8_t out[RX_PX_MAX_LEN + 1];
		rax_error err = { 0 };
		unsigned len = 0;
		char text[128];
		size_t n;

		strcpy(text, texts[which]);
		n = strlen(text);
		for (unsigned j = 0; j <= rnd() % 3; j++)
			text[rnd() % n] = marks[rnd() % (sizeof(marks) - 1)];
		if (rnd() % 4 == 0)
			text[rnd() % n] = '\0';
		if ((rnd() & 1 ? rg_x86_assemble : rg_x86_assemble_att)(0, text, out, &len, &err)) {
			CU_ASSERT(err.message[0] != '\0' && !len);
		} else {
			CU_ASSERT(len > 0 && len <= RX_PX_MAX_LEN);
		}
	}
}

CU_TestInfo x86_sweep_tests[] = {
	{ "encodings", test_encodings },
	{ "random", test_random },
	{ "damaged", test_damaged },
	CU_TEST_INFO_NULL,
};
