/* test_asm.c - recorded pairs of text and bytes, and bad text. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "x86/decode.h"
#include "x86/disasm.h"
#include "x86/emit.h"
#include "x86/encode.h"
#include "x86/ids.h"

static rax_status assemble(uint32_t mode, int att, const char *text, uint8_t *out, unsigned *len,
			   rax_error *err)
{
	return (att ? rg_x86_assemble_att : rg_x86_assemble)(mode, text, out, len, err);
}

static void check_pair(char *const field[RX_PAIR_FIELDS], void *arg)
{
	const char *kind = field[0], *text = field[3], *hex = field[4];
	const uint32_t mode = strcmp(field[1], "64") ? RX_PX_MODE32 : RX_PX_MODE64;
	const int att = !strcmp(field[2], "att");
	uint8_t want[RX_PX_MAX_LEN + 1], got[RX_PX_MAX_LEN + 1];
	const unsigned n = rx_from_hex(hex, want, sizeof(want));
	rax_error err = { 0 };
	bool *const seen = arg;
	struct rx_insn i;
	unsigned len = 0;
	char buf[128];

	RX_TAP_CHECK(decode_exact(mode, want, n, &i) == n, "%s: length", hex);
	seen[i.id] = true;
	for (unsigned k = 0; k < n; k++) {
		struct rx_insn cut;

		if (decode_exact(mode, want, k, &cut))
			RX_TAP_CHECK(false, "%s: decoded from %u bytes", hex, k);
	}
	if (strcmp(kind, "dis") != 0) {
		const rax_status st = assemble(mode, att, text, got, &len, &err);

		RX_TAP_CHECK(st == RAX_OK && len == n && !memcmp(got, want, n),
			     "asm '%s': not %s; %s", text, hex, err.message);
	}
	if (strcmp(kind, "asm") != 0) {
		(att ? rg_x86_disasm_att : rg_x86_disasm)(&i, buf, sizeof(buf));
		RX_TAP_CHECK(!strcmp(buf, text), "dis %s: '%s', not '%s'", hex, buf, text);
	}
}

static void test_pairs(void)
{
	static bool seen[RG_X86_COUNT];
	const unsigned n = rx_each_pair("x86_asm.tsv", 5, check_pair, seen);
	unsigned ids = 0;

	CU_ASSERT(n > 2500);
	for (unsigned id = 1; id < RG_X86_COUNT; id++)
		ids += seen[id];
	CU_ASSERT(ids > 2500);
}

struct row {
	uint32_t mode;
	int att;
	const char *text, *want;	/* bytes, or the message */
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		uint8_t out[RX_PX_MAX_LEN + 1];
		rax_error err = { 0 };
		unsigned len = 0;
		char got[600] = "";

		if (assemble(rows[k].mode, rows[k].att, rows[k].text, out, &len, &err) == RAX_OK)
			rx_to_hex(out, len, got);
		else
			snprintf(got, sizeof(got), "%s", err.message);
		RX_TAP_CHECK(!strcmp(got, rows[k].want), "'%s': '%s', not '%s'", rows[k].text, got,
			     rows[k].want);
	}
}

/* White space, capitals, other spellings; the shortest encoding. */
static void test_accepted(void)
{
	static const struct row rows[] = {
		{ 0, 0, "  ADD\tEAX ,ebx  ", "01d8" },
		{ 0, 0, "add eax, 0x10", "83c010" },
		{ 0, 0, "add eax, 4294967295", "83c0ff" },
		{ 0, 0, "add ax, -12", "6683c0f4" },
		{ 0, 0, "add al, 255", "04ff" },
		{ 0, 0, "add rax, 2147483647", "4805ffffff7f" },
		{ 0, 0, "mov rax, -1", "48c7c0ffffffff" },
		{ 0, 0, "mov rax, 4294967295", "48b8ffffffff00000000" },
		{ 0, 0, "mov eax, 4294967295", "b8ffffffff" },
		{ 0, 0, "mov eax, [rbx]", "8b03" },
		{ 0, 0, "mov eax, dword [rbx]", "8b03" },
		{ 0, 0, "mov eax, dword ptr [rbx*4 + rcx - 0x10]", "8b4499f0" },
		{ 0, 0, "mov eax, dword ptr [rax + rsp]", "8b0404" },
		{ 0, 0, "lea rax, [rip - 5]", "488d05fbffffff" },
		{ 0, 0, "jz 5", "7405" },
		{ 0, 0, "jc 5", "7205" },
		{ 0, 0, "je 500", "0f84f4010000" },
		{ 0, 0, "jmp -2", "ebfe" },
		{ 0, 0, "sal eax, 1", "d1e0" },
		{ 0, 0, "shl eax", "d1e0" },
		{ 0, 0, "shl eax, 2", "c1e002" },
		{ 0, 0, "movsb", "a4" },
		{ 0, 0, "repe cmpsb", "f3a6" },
		{ 0, 0, "repz scasb", "f3ae" },
		{ 0, 0, "stosd", "ab" },
		{ 0, 0, "{evex} vaddps xmm0, xmm1, xmm2", "62f1740858c2" },
		{ 0, 0, "vaddps xmm0, xmm1, xmm2", "c5f058c2" },
		{ 0, 0, "vaddps xmm0, xmm1, xmm16", "62b1740858c0" },
		{ 0, 0, "vcmpeqps k1, zmm1, zmm2", "62f17448c2ca00" },
		{ 0, 0, "vcmpps k1, zmm1, zmm2, 0", "62f17448c2ca00" },
		{ 0, 0, "add r30, rax", "d51901c6" },
		{ 0, 0, "{nf} add rax, rbx, rcx", "62f4fc1c01cb" },
		{ 0, 0, "faddp", "dec1" },
		{ 0, 0, "fxch", "d9c9" },
		{ 0, 0, "fxch st(3)", "d9cb" },
		{ 0, 0, "fcomi st, st(2)", "dbf2" },
		{ 0, 1, "fcompi", "dff1" },
		{ 0, 1, "fadd %st(2)", "d8c2" },
		{ 0, 1, "addl $5, (%rax)", "830005" },
		{ 0, 1, "add %eax, %ebx", "01c3" },
		{ 0, 1, "movl %fs:16(,%rcx,8), %eax", "648b04cd10000000" },
		{ 0, 1, "jmp *%rax", "ffe0" },
		{ 0, 1, "call *8(%rax)", "ff5008" },
		{ 0, 1, "movzbl %al, %ecx", "0fb6c8" },
		{ 0, 1, "vaddps {rn-sae}, %zmm2, %zmm1, %zmm0", "62f1741858c2" },
		{ RX_PX_MODE32, 0, "inc eax", "40" },
		{ RX_PX_MODE16, 0, "mov ax, [bx+si]", "8b00" },
		{ RX_PX_MODE16, 0, "mov eax, [ebx]", "67668b03" },
		{ 0, 0, "inc eax", "ffc0" },
	};

	check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_refused(void)
{
	static const struct row rows[] = {
		{ 0, 0, "", "expected an instruction, found nothing" },
		{ 0, 0, " \t", "expected an instruction, found nothing" },
		{ 0, 0, "[rax]", "expected a mnemonic at '[rax]'" },
		{ 0, 0, "frobnicate eax", "unknown instruction 'frobnicate'" },
		{ 0, 0, "add eax", "add has no form with these operands" },
		{ 0, 0, "add eax, ax", "add has no form with these operands" },
		{ 0, 0, "add eax, 4294967296", "add has no form with these operands" },
		{ 0, 0, "add eax,", "expected an operand, found the end" },
		{ 0, 0, "add eax, , 5", "expected an operand at ', 5'" },
		{ 0, 0, "add eax ebx", "expected ',' or the end at 'ebx'" },
		{ 0, 0, "add [rax], 5",
		  "add: the size of the memory operand is not clear; write byte, word, dword or "
		  "qword ptr, or a suffix" },
		{ 0, 0, "add eax, [rbx + ecx]", "registers of one address differ in size" },
		{ 0, 0, "add eax, [rbx + rcx*3]", "a scale is 1, 2, 4 or 8" },
		{ 0, 0, "add eax, [rbx", "expected '+', '-' or ']', found the end" },
		{ 0, 0, "add eax, [rbx - rcx]", "a register cannot be subtracted" },
		{ 0, 0, "add eax, [rbx + rcx + rdx]", "an address has one index only" },
		{ 0, 0, "add eax, [al]", "al is no index" },
		{ 0, 0, "add eax, [rbx + 2*rsp]",
		  "add: these operands do not go together in this mode" },
		{ 0, 0, "add eax, 99999999999999999999",
		  "the number 99999999999999999999 has over 64 bits" },
		{ 0, 0, "add eax, 5x", "expected a number at 'x'" },
		{ 0, 0, "add spl, ah", "add: these operands do not go together in this mode" },
		{ 0, 0, "lock add eax, ebx", "add has no form with these operands" },
		{ 0, 0, "{sae} add eax, 5", "expected {nf}, {evex} or {vex} at 'sae} add eax, 5'" },
		{ 0, 0, "push eax", "push: these operands do not go together in this mode" },
		{ 0, 0, "vaddps zmm0 {z}, zmm1, zmm2",
		  "vaddps: these operands do not go together in this mode" },
		{ 0, 0, "vaddps zmm0, zmm1, zmm2 {k1}", "vaddps has no form with these operands" },
		{ 0, 0, "vaddps zmm0 {k0}, zmm1, zmm2",
		  "expected a mask register, {z} or {1toN} at '}, zmm1, zmm2'" },
		{ 0, 0, "mov a, b, c, d, e, f, g", "expected an operand at 'a, b, c, d, e, f, g'" },
		{ 0, 0, "add 1, 2, 3, 4, 5, 6, 7", "more than 6 operands" },
		{ RX_PX_MODE32, 0, "add rax, rbx",
		  "add: these operands do not go together in this mode" },
		{ 0, 1, "add %eax, %nosuch", "expected a register at 'nosuch'" },
		{ 0, 1, "add $, %eax", "expected a number at ', %eax'" },
		{ 0, 1, "mov 4(%rax, %eax", "registers of one address differ in size" },
		{ 0, 1, "mov 4(%rax, , 2)", "expected an index register at ', 2)'" },
		{ 0, 1, "jmp %rax", "jmp has no form with these operands" },
	};

	check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

/* Texts are cut to the room that there is. */
static void test_room(void)
{
	const uint8_t code[] = { 0x48, 0x01, 0xd8 };
	struct rx_insn i;
	char buf[32];

	CU_ASSERT_EQUAL(decode_exact(0, code, 3, &i), 3);
	for (size_t size = 0; size < 16; size++) {
		memset(buf, '#', sizeof(buf));
		CU_ASSERT_EQUAL(rg_x86_disasm(&i, size ? buf : NULL, size), 12);
		CU_ASSERT(buf[size] == '#');
		if (size)
			CU_ASSERT(strlen(buf) == (size > 12 ? 12 : size - 1));
	}
}

/* One encoder function for each encoding. */
static void test_emitters(void)
{
	const struct rx_px_values m = { .base = 5, .index = 12, .scale = 3, .disp = -8 };
	const struct rx_px_values high = { .base = 29, .index = RX_PX_NO_REG };
	uint8_t b[RX_PX_MAX_LEN + 1];
	static const struct { unsigned len; const char *text; } want[] = {
		{ 3, "add rax, rbx" }, { 5, "add qword ptr [rbp + 8*r12 - 8], r9" },
		{ 6, "lock add qword ptr [rbp + 8*r12 - 8], r9" },
		{ 10, "movabs r11, 81985529216486895" },
		{ 2, "je 16" }, { 5, "mov eax, dword ptr [r29]" }, { 4, "vaddps xmm1, xmm2, xmm3" },
		{ 6, "vaddps zmm17 {k2} {z}, zmm2, zmm3" }, { 6, "{nf} add rax, rbx, rcx" },
	};
	unsigned n[9];

	for (unsigned k = 0; k < 9; k++) {
		struct rx_insn i;
		char text[128];

		switch (k) {
		case 0: n[k] = rg_x86_emit_add_r64_r64(b, 0, 3); break;
		case 1: n[k] = rg_x86_emit_add_m64_r64(b, &m, 9); break;
		case 2: n[k] = rg_x86_emit_lock_add_m64_r64(b, &m, 9); break;
		case 3: n[k] = rg_x86_emit_movabs_r64_i64(b, 11, 81985529216486895); break;
		case 4: n[k] = rg_x86_emit_je_rel8_64(b, 16); break;
		case 5: n[k] = rg_x86_emit_mov_r32_m32(b, 0, &high); break;
		case 6: n[k] = rg_x86_emit_vaddps_xmm_xmm_xmm(b, 1, 2, 3); break;
		case 7: n[k] = rg_x86_emit_vaddps_zmm_zmm_zmm_k(b, 17, 2, 1, 2, 3); break;
		default: n[k] = rg_x86_emit_add_r64_r64_r64_evex_nf(b, 0, 3, 1); break;
		}
		CU_ASSERT_EQUAL(decode_exact(0, b, n[k], &i), n[k]);
		rg_x86_disasm(&i, text, sizeof(text));
		RX_TAP_CHECK(n[k] == want[k].len && !strcmp(text, want[k].text),
			     "%u: '%s' in %u bytes, not '%s' in %u", k, text, n[k], want[k].text,
			     want[k].len);
	}
	/* operands that the encoding has no bits for */
	CU_ASSERT_EQUAL(rg_x86_emit_vaddps_xmm_xmm_xmm(b, 17, 2, 3), 0);
	CU_ASSERT_EQUAL(rg_x86_emit_add_r8_r8(b, RX_PX_HIGH, 6), 0);
	CU_ASSERT_EQUAL(rg_x86_emit_inc_r32_40(b, 0), 0);
}

CU_TestInfo x86_asm_tests[] = {
	{ "pairs", test_pairs },
	{ "accepted", test_accepted },
	{ "refused", test_refused },
	{ "room", test_room },
	{ "emitters", test_emitters },
	CU_TEST_INFO_NULL,
};
