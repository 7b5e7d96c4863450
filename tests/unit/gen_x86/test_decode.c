/* test_decode.c - prefixes, modes, limits, layout of records. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>

#include "x86/decode.h"
#include "x86/disasm.h"
#include "x86/ids.h"

static const char *text_of(uint32_t mode, const char *hex, struct rx_insn *i, unsigned *len)
{
	static char buf[128];
	uint8_t code[32];
	const unsigned n = rx_from_hex(hex, code, sizeof(code));

	*len = decode_exact(mode, code, n, i);
	if (!*len)
		return "cut off";
	if (*len != i->len)
		return "two lengths";
	if (!i->id)
		return "none";
	rg_x86_disasm(i, buf, sizeof(buf));
	return buf;
}

struct row {
	uint32_t mode;
	const char *hex, *text;
	unsigned len;	/* 0: all of it */
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		struct rx_insn i;
		unsigned len;
		const char *text = text_of(rows[k].mode, rows[k].hex, &i, &len);
		const unsigned want = rows[k].len ? rows[k].len : (unsigned)strlen(rows[k].hex) / 2;

		RX_TAP_CHECK(!strcmp(text, rows[k].text), "%s: '%s', not '%s'", rows[k].hex, text,
			     rows[k].text);
		if (strcmp(text, "cut off") != 0)
			RX_TAP_CHECK(len == want, "%s: %u bytes, not %u", rows[k].hex, len, want);
	}
}
#define ROWS(r) check_rows(r, sizeof(r) / sizeof((r)[0]))

static void test_prefixes(void)
{
	static const struct row rows[] = {
		/* the last of F2 and F3, and of the segments, counts; REX only as the last */
		{ 0, "f2f3a4", "rep movsb byte ptr es:[rdi], byte ptr [rsi]", 0 },
		{ 0, "f3f2a4", "repne movsb byte ptr es:[rdi], byte ptr [rsi]", 0 },
		{ 0, "64658b00", "mov eax, dword ptr gs:[rax]", 0 },
		{ 0, "6666668b00", "mov ax, word ptr [rax]", 0 },
		{ 0, "488b00", "mov rax, qword ptr [rax]", 0 },
		{ 0, "48668b00", "mov ax, word ptr [rax]", 0 },
		{ 0, "48418b00", "mov eax, dword ptr [r8]", 0 },
		{ 0, "66488b00", "mov rax, qword ptr [rax]", 0 },
		/* second bytes only without REX */
		{ 0, "00e0", "add al, ah", 0 },
		{ 0, "4000e0", "add al, spl", 0 },
		/* LOCK: memory, and only where it is allowed */
		{ 0, "f00108", "lock add dword ptr [rax], ecx", 0 },
		{ 0, "f001c8", "none", 0 },
		{ 0, "f08908", "none", 0 },
		{ 0, "f03908", "none", 0 },
		/* no prefix but segments and address size before VEX and EVEX */
		{ 0, "c5f058c2", "vaddps xmm0, xmm1, xmm2", 0 },
		{ 0, "65c5f05800", "vaddps xmm0, xmm1, xmmword ptr gs:[rax]", 0 },
		{ 0, "66c5f058c2", "none", 4 },
		{ 0, "f2c5f058c2", "none", 4 },
		{ 0, "f0c5f058c2", "none", 4 },
		{ 0, "40c5f058c2", "none", 4 },
		{ 0, "66c4e27290f7", "none", 5 },
		/* mandatory prefixes: F2 and F3 are stronger than 66 */
		{ 0, "66f20f58c1", "addsd xmm0, xmm1", 0 },
		{ 0, "66f30f58c1", "addss xmm0, xmm1", 0 },
		/* REX2 */
		{ 0, "d51901c0", "add r24, rax", 0 },
		{ 0, "d5800fc8", "none", 3 },
		{ RX_PX_NO_REX2, "d51901c0", "none", 1 },
		{ 0, "48d51901c0", "none", 2 },
	};

	ROWS(rows);
}

static void test_modes(void)
{
	static const struct row rows[] = {
		{ RX_PX_MODE32, "40", "inc eax", 0 },
		{ RX_PX_MODE16, "40", "inc ax", 0 },
		{ RX_PX_MODE16, "6640", "inc eax", 0 },
		{ 0, "50", "push rax", 0 },
		{ 0, "6650", "push ax", 0 },
		{ RX_PX_MODE32, "50", "push eax", 0 },
		{ 0, "06", "none", 0 },
		{ RX_PX_MODE32, "06", "push es", 0 },
		{ 0, "8b0420", "mov eax, dword ptr [rax + riz]", 0 },
		{ 0, "8b0464", "mov eax, dword ptr [rsp + 2*riz]", 0 },
		{ RX_PX_MODE32, "8b0424", "mov eax, dword ptr [esp]", 0 },
		{ 0, "8b0500000000", "mov eax, dword ptr [rip]", 0 },
		{ RX_PX_MODE32, "8b0500000000", "mov eax, dword ptr [0]", 0 },
		{ 0, "678b0500000000", "mov eax, dword ptr [eip]", 0 },
		{ RX_PX_MODE32, "678b4005", "mov eax, dword ptr [bx + si + 5]", 0 },
		{ RX_PX_MODE16, "8b4005", "mov ax, word ptr [bx + si + 5]", 0 },
		{ RX_PX_MODE16, "8b060500", "mov ax, word ptr [5]", 0 },
		{ RX_PX_MODE16, "67668b0590000000", "mov eax, dword ptr [144]", 0 },
		{ RX_PX_MODE16, "e80100", "call 1", 0 },
		{ 0, "66e801000000", "call 1", 0 },
		/* 66 is nothing to a near branch in 64-bit mode, and in others halves it */
		{ RX_PX_MODE32, "66e80100", "call 1", 0 },
		{ 0, "a18877665544332211", "movabs eax, dword ptr [1234605616436508552]", 0 },
		{ 0, "67a188776655", "movabs eax, dword ptr [1432778632]", 0 },
		{ RX_PX_MODE32, "a188776655", "mov eax, dword ptr [1432778632]", 0 },
		/* C4, C5 and 62 are VEX and EVEX if no memory operand could follow */
		{ RX_PX_MODE32, "c5f058c2", "vaddps xmm0, xmm1, xmm2", 0 },
		{ RX_PX_MODE32, "c500", "none", 1 },
		{ RX_PX_MODE32, "62f1744858c2", "vaddps zmm0, zmm1, zmm2", 0 },
		/* W of a general VEX instruction needs 64-bit mode */
		{ 0, "c4e2f0f2c2", "andn rax, rcx, rdx", 0 },
		{ RX_PX_MODE32, "c4e2f0f2c2", "andn eax, ecx, edx", 0 },
	};

	ROWS(rows);
}

static void test_lacking(void)
{
	static const struct row rows[] = {
		{ 0, "f30fbcc1", "tzcnt eax, ecx", 0 },
		{ RG_X86_LACK_BMI1, "f30fbcc1", "bsf eax, ecx", 0 },
		{ 0, "f30fbdc1", "lzcnt eax, ecx", 0 },
		{ RG_X86_LACK_LZCNT, "f30fbdc1", "bsr eax, ecx", 0 },
		{ 0, "f30f1efa", "endbr64", 0 },
		{ RG_X86_LACK_CET_IBT, "f30f1efa", "nop edx", 0 },
		{ 0, "90", "nop", 0 },
		{ 0, "f390", "pause", 0 },
		{ 0, "4190", "xchg eax, r8d", 0 },
		{ 0, "0f1f00", "nop dword ptr [rax]", 0 },
	};

	ROWS(rows);
}

static void test_limits(void)
{
	static const struct row rows[] = {
		/* 15 bytes are the most */
		{ 0, "2e2e2e2e2e2e2e2e668b8490", "cut off", 0 },
		{ 0, "2e2e2e2e2e2e2e668b849000000000", "mov ax, word ptr cs:[rax + 4*rdx]", 0 },
		{ 0, "2e2e2e2e2e2e2e2e668b849000000000", "none", 15 },
		{ 0, "66666666666666666666666666666690", "none", 15 },
		{ 0, "6666666666666666666666666690", "nop", 0 },
		{ 0, "", "cut off", 0 },
		{ 0, "0f", "cut off", 0 },
		{ 0, "0f38", "cut off", 0 },
		{ 0, "62f174", "cut off", 0 },
		{ 0, "0f0400", "none", 2 },
		/* z without a mask, a mask where there is none, length 3 */
		{ 0, "62f174c858c2", "none", 0 },
		{ 0, "62f174c958c2", "vaddps zmm0 {k1} {z}, zmm1, zmm2", 0 },
		{ 0, "62f1746858c2", "none", 0 },
		{ 0, "62f1747858c2", "vaddps zmm0, zmm1, zmm2, {rz-sae}", 0 },
		{ 0, "62f27d4890048d00000000", "none", 6 },
		{ 0, "62f27d49900c8500000000",
		  "vpgatherdd zmm1 {k1}, dword ptr [4*zmm0]", 0 },
	};

	ROWS(rows);
}

/* The layout that gen/model/prefixed.py describes. */
static void test_layout(void)
{
	struct rx_insn i;
	unsigned len;

	text_of(0, "67656680644b8011", &i, &len);	/* and byte ptr gs:[ebx+2*ecx-128], 17 */
	CU_ASSERT_EQUAL(len, 8);
	CU_ASSERT_EQUAL(i.r[1], 3 | RX_PX_ASZ32 << RX_PX_ASZ_SHIFT);
	CU_ASSERT_EQUAL(i.r[2], 6 << RX_PX_SEG_SHIFT);
	CU_ASSERT_EQUAL(i.r[3], 1 | 1 << RX_PX_SCALE_SHIFT);
	CU_ASSERT_EQUAL(i.imm, UINT64_C(0x11ffffff80));
	text_of(0, "81c0fffffff0", &i, &len);	/* add eax, imm */
	CU_ASSERT_EQUAL(i.r[1], 0);
	CU_ASSERT_EQUAL(i.imm, UINT64_C(0xfffffffff0ffffff));
	text_of(0, "48b8efcdab8967452301", &i, &len);
	CU_ASSERT_EQUAL(i.imm, UINT64_C(0x0123456789abcdef));
	text_of(0, "ebfe", &i, &len);	/* to itself: relative to its start */
	CU_ASSERT_EQUAL(i.imm, 0);
	text_of(0, "00e5", &i, &len);
	CU_ASSERT_EQUAL(i.r[0], RX_PX_HIGH);
	CU_ASSERT_EQUAL(i.r[1], RX_PX_HIGH + 1);
	text_of(0, "62f174d958400a", &i, &len);	/* vaddps zmm0 {k1} {z}, zmm1, [rax+40]{1to16} */
	CU_ASSERT_EQUAL(i.r[0], 0);
	CU_ASSERT_EQUAL(i.r[2] & 31, 1);
	CU_ASSERT_EQUAL((uint32_t)i.imm, 40);	/* 10 * 4 */
	CU_ASSERT_EQUAL(i.imm >> RX_PX_MASK_SHIFT & 7, 1);
	CU_ASSERT_EQUAL(i.imm >> RX_PX_ZEROING_SHIFT & 1, 1);
	text_of(0, "8b0425f0ffffff", &i, &len);
	CU_ASSERT_EQUAL(i.r[1] & 63, RX_PX_NO_REG);
	CU_ASSERT_EQUAL(i.r[3] & 63, RX_PX_NO_REG);
	text_of(0, "0f04", &i, &len);
	CU_ASSERT_EQUAL(i.imm, 0x040f);
}

CU_TestInfo x86_decode_tests[] = {
	{ "prefixes", test_prefixes },
	{ "modes", test_modes },
	{ "lacking features", test_lacking },
	{ "limits", test_limits },
	{ "layout", test_layout },
	CU_TEST_INFO_NULL,
};
