/* test_asm.c - recorded pairs of text and bytes, and bad text. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rv64/decode.h"
#include "rv64/disasm.h"
#include "rv64/encode.h"
#include "rv64/ids.h"

static void check_pair(char *const field[RX_PAIR_FIELDS], void *arg)
{
	const char *kind = field[0], *text = field[1], *hex = field[2];
	bool *const seen = arg;
	uint8_t want[RX_ASM_MAX_LEN], got[RX_ASM_MAX_LEN];
	const unsigned n = rx_from_hex(hex, want, sizeof(want));
	unsigned len = 0;
	struct rx_insn i = { 0 };
	rax_error err = { 0 };
	char buf[80];
	rax_status st = rg_rv64_assemble(0, text, got, &len, &err);

	RX_TAP_CHECK(st == RAX_OK && len == n && !memcmp(got, want, n),
		     "asm '%s': not %s; %s", text, hex, err.message);
	RX_TAP_CHECK(rg_rv64_decode(0, want, n, &i) == n, "%s: length", hex);
	rg_rv64_disasm(&i, buf, sizeof(buf));
	RX_TAP_CHECK((strcmp(buf, text) == 0) == (strcmp(kind, "both") == 0),
		     "dis %s: '%s', not '%s'", hex, buf, text);
	seen[i.id] = true;
}

static void test_pairs(void)
{
	bool seen[RG_RV64_COUNT] = { false };
	const unsigned n = rx_each_pair("rv64_asm.tsv", 3, check_pair, seen);

	CU_ASSERT(n > 800);
	for (unsigned id = 1; id < RG_RV64_COUNT; id++)
		RX_TAP_CHECK(seen[id], "no pair for '%s'", rg_rv64_text.forms[id].mnemonic);
}

static rax_status word_of(const char *text, uint32_t *w, rax_error *err)
{
	uint8_t b[RX_ASM_MAX_LEN];
	unsigned len = 0;
	const rax_status st = rg_rv64_assemble(0, text, b, &len, err);

	for (unsigned n = 0; st == RAX_OK && n < len; n++)
		*w |= (uint32_t)b[n] << 8 * n;
	return st;
}

/* White space, other names of registers, other bases of numbers. */
static void test_accepted(void)
{
	static const struct rx_accepted t[] = {
		{ "  addi\ta0 ,a1,-1  \r\n", 0xfff58513 },
		{ "addi x10, x11, -0x1", 0xfff58513 },
		{ "addi a0, a1, 0xffffffffffffffff", 0xfff58513 },
		{ "addi s0,fp,0b101", 0x00540413 },
		{ "addi a0, a1, +5", 0x00558513 },
		{ "lw a0, 4 ( a1 )", 0x0045a503 },
		{ "lw a0,4(a1)", 0x0045a503 },
		{ "fadd.s f10, fa1, f12", 0x00c5f553 },
		{ "fadd.s fa0, fa1, fa2 , rtz", 0x00c59553 },
		{ "csrrw a0, 0x305, a1", 0x30559573 },
		{ "csrrw a0, mtvec, a1", 0x30559573 },
		{ "fence iorw,w", 0x0f10000f },
		{ "fence 0, 0", 0x0000000f },
		{ "ori zero, a0, 32", 0x02056013 },	/* also a prefetch */
		{ "csrrw zero, cycle, zero", 0xc0001073 },
		{ "amoor.w.aqrl a0, a1, (a2)", 0x46b6252f },
	};

	rx_check_accepted(t, sizeof(t) / sizeof(t[0]), word_of);
}

static void test_refused(void)
{
	static const struct { const char *text, *message; } t[] = {
		{ "", "expected an instruction, found nothing" },
		{ "  \t ", "expected an instruction, found nothing" },
		{ "(a0)", "'(a0)' is no instruction" },
		{ "adddi a0, a0, 1", "unknown instruction 'adddi'; did you mean 'addi'?" },
		{ "frobnicate a0", "unknown instruction 'frobnicate'" },
		{ "addi", "addi: expected a register such as a0, found the end" },
		{ "addi a0", "addi: expected ',', found the end" },
		{ "addi a0, q1, 1", "addi: expected a register such as a0, found 'q1'" },
		{ "addi a0, x32, 1", "addi: expected a register such as a0, found 'x32'" },
		{ "addi a0, a1, 2048", "addi: 2048 is out of range -2048..2047" },
		{ "addi a0, a1, -2049", "addi: -2049 is out of range -2048..2047" },
		{ "addi a0, a1, 99999999999999999999",
		  "addi: expected a number, found '99999999999999999999'" },
		{ "addi a0, a1, -0x8000000000000001",
		  "addi: expected a number, found '-0x8000000000000001'" },
		{ "addi a0, a1, 0x", "addi: expected a number, found '0x'" },
		{ "addi a0, a1, 1 2", "addi: expected the end, found '2'" },
		{ "addi a0 a1 2", "addi: expected ',', found 'a1'" },
		{ "lui a0, -1", "lui: -1 is out of range 0..1048575" },
		{ "slli a0, a1, 64", "slli: 64 is out of range 0..63" },
		{ "beq a0, a1, 3",
		  "beq: bimm12 cannot be 3, the format has no bits for that" },
		{ "c.lui a0, 32",
		  "c.lui: imm20 cannot be 32, the format has no bits for that" },
		{ "c.lui a0, 0", "c.lui: these operands are reserved" },
		{ "c.lui sp, 1", "c.lui: these operands are reserved" },
		{ "c.lw a0, 4(sp)", "c.lw: rs1 cannot be register sp" },
		{ "c.lwsp a0, 4(a0)", "c.lwsp: rs1 cannot be register a0" },
		{ "c.addi zero, 1", "c.addi: these operands are reserved" },
		{ "fadd.s a0, fa1, fa2", "fadd.s: expected a register such as fa0, found 'a0'" },
		{ "fadd.s fa0, fa1, fa2, up", "fadd.s: expected a value for rm of rne, rtz, "
		  "rdn, rup, rmm, dyn, found 'up'" },
		{ "csrrw a0, nosuch, a1",
		  "csrrw: expected a value for csr, a name or number, found 'nosuch'" },
		{ "csrrw a0, 4096, a1", "csrrw: 4096 is out of range 0..4095" },
		{ "fence wr, w", "fence: expected letters of iorw in this order, or 0, "
		  "found 'wr'" },
		{ "fli.s fa0, 0.3", "fli.s: expected a value for fli, found '0.3'" },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		uint8_t b[RX_ASM_MAX_LEN] = { 0xaa, 0xaa };
		rax_error err = { 0 };
		unsigned len = 77;

		CU_ASSERT_EQUAL(rg_rv64_assemble(0, t[k].text, b, &len, &err), RAX_EINVAL);
		CU_ASSERT_EQUAL(rg_rv64_assemble(0, t[k].text, b, &len, NULL), RAX_EINVAL);
		CU_ASSERT(len == 77 && b[0] == 0xaa && b[1] == 0xaa);
		RX_TAP_CHECK(strcmp(err.message, t[k].message) == 0, "'%s': '%s', not '%s'",
			     t[k].text, err.message, t[k].message);
	}
}

/* Text that does not fit is cut, and its length is told all the same. */
static void test_cut(void)
{
	const struct rx_insn i = decode_word(0x3059d2f3);
	const char *const text = "csrrwi t0, mtvec, 19";
	const size_t n = strlen(text);

	for (size_t size = 0; size < n + 3; size++) {
		char buf[40];

		memset(buf, 'x', sizeof(buf));
		CU_ASSERT_EQUAL(rg_rv64_disasm(&i, size ? buf : NULL, size), (int)n);
		if (size) {
			CU_ASSERT_EQUAL(strlen(buf), size <= n ? size - 1 : n);
			CU_ASSERT_EQUAL(memcmp(buf, text, strlen(buf)), 0);
		}
		CU_ASSERT_EQUAL(buf[size], 'x');
	}
}

static void test_illegal(void)
{
	const struct rx_insn a = decode_word(0xffffffff), b = decode_word(0x8002);
	char buf[40];

	rg_rv64_disasm(&a, buf, sizeof(buf));
	CU_ASSERT_STRING_EQUAL(buf, ".4byte 0xffffffff");
	rg_rv64_disasm(&b, buf, sizeof(buf));
	CU_ASSERT_STRING_EQUAL(buf, ".2byte 0x8002");
}

CU_TestInfo rv64_asm_tests[] = {
	{ "pairs", test_pairs },
	{ "accepted", test_accepted },
	{ "refused", test_refused },
	{ "cut", test_cut },
	{ "illegal", test_illegal },
	CU_TEST_INFO_NULL,
};
