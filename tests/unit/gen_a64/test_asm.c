/* test_asm.c - recorded pairs of text and bytes, and bad text. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "a64/disasm.h"
#include "a64/ids.h"

static void check_pair(char *const field[RX_PAIR_FIELDS], void *arg)
{
	const char *kind = field[0], *text = field[1], *hex = field[2];
	bool *const seen = arg;
	const uint32_t want = __builtin_bswap32((uint32_t)strtoul(hex, NULL, 16));
	struct rx_insn i;
	rax_error err = { 0 };
	uint32_t got = 0;
	const rax_status st = word_of(text, &got, &err);
	const char *back = text_of(want, &i);

	RX_TAP_CHECK(st == RAX_OK && got == want, "asm '%s': %08x, not %08x; %s", text, got, want,
		     err.message);
	RX_TAP_CHECK((strcmp(back, text) == 0) == (strcmp(kind, "both") == 0),
		     "dis %08x: '%s', not '%s'", want, back, text);
	seen[i.id] = true;
}

static void test_pairs(void)
{
	static bool seen[RG_A64_COUNT];
	const unsigned n = rx_each_pair("a64_asm.tsv", 3, check_pair, seen);
	unsigned without = 0;

	CU_ASSERT(n > 5000);
	for (unsigned id = 1; id < RG_A64_COUNT; id++)
		without += !seen[id];
	RX_TAP_CHECK(without < RG_A64_COUNT / 8, "%u encodings have no pair", without);
}

/* White space, other names of registers, other bases, numbers without '#'. */
static void test_accepted(void)
{
	static const struct rx_accepted t[] = {
		{ "  add\tx0 ,x1,x2  \r\n", 0x8b020020 },
		{ "add x0, x1, x2, lsl #0", 0x8b020020 },
		{ "add x0, x1, 0x10", 0x91004020 },
		{ "mov x0, #-1", 0x92800000 },
		{ "mov w0, 0x12340000", 0x52a24680 },
		{ "mov x0, #0x5555555555555555", 0xb200f3e0 },
		{ "ldr x0, [x1]", 0xf9400020 },
		{ "ldr x0, [x1, #0]", 0xf9400020 },
		{ "ldr x0, [x1, #-8]", 0xf85f8020 },
		{ "ldur x0, [x1, #8]", 0xf8408020 },
		{ "mov x29, sp", 0x910003fd },
		{ "add fp, sp, #0", 0x910003fd },
		{ "ret lr", 0xd65f03c0 },
		{ "b.cs 8", 0x54000042 },
		{ "fmov d0, #1.0", 0x1e6e1000 },
		{ "fmov d2, #0.0", 0x9e6703e2 },
		{ "MSR fpcr, X12", 0xd51b440c },
		{ "LdR X0, [SP, W2, UXTW #3]", 0xf8625be0 },
		{ "zero {}", 0xc0080000 },
		{ "zero { za0.h , ZA1.s}", 0xc0080077 },
		{ "smstart", 0xd503477f },
		{ "casp x0, x1, x2, x3, [sp]", 0x48207fe2 },
	};

	rx_check_accepted(t, sizeof(t) / sizeof(t[0]), word_of);
}

static void test_refused(void)
{
	static const struct rx_refused t[] = {
		{ "", "expected an instruction, found nothing" },
		{ "adddd x0, x0, #1", "unknown instruction 'adddd'; did you mean 'add'?" },
		{ "add", "add: expected a register such as w10, found the end" },
		{ "add x0, x1, #4096", "add: expected a register such as x10, found '#4096'" },
		{ "add x0, w1, w2", "add: expected a register such as x10, found 'w1'" },
		{ "add sp, sp, x31", "add: expected a register such as x10, found 'x31'" },
		{ "and x0, x1, #5", "and: mask64 cannot be 5, the format has no bits for that" },
		{ "mov x0, #0x123456789",
		  "mov: move64 cannot be 4886718345, the format has no bits for that" },
		{ "ldr x0, [x1, #3000000]", "ldr: 3000000 is out of range 0..32767" },
		{ "ldr x0, [xzr]", "ldr: expected a register such as x10, found 'xzr'" },
		{ "b 3", "b: off26 cannot be 3, the format has no bits for that" },
		{ "b.xx 8", "unknown instruction 'b.xx'; did you mean 'b.al'?" },
		{ "tbz w0, #32, 8", "tbz: 32 is out of range 0..31" },
		{ "fmov d0, #0.3", "fmov: expected a register such as x10, found '#0.3'" },
		{ "zero {za0.s za1.s}", "zero: expected '}', found 'za1.s'" },
		{ "zero {za0.s, za4.s}", "zero: expected a value for imm8, found 'za4.s'" },
		{ "casp x1, x2, x4, x5, [x0]", "casp: Rs cannot be register x1" },
		{ "movk x0, #1, lsl #8", "movk: expected the end, found ','" },
	};

	rx_check_refused(t, sizeof(t) / sizeof(t[0]), word_of);
}

/* Text that does not fit is cut, and its length is told all the same. */
static void test_cut(void)
{
	const char *const text = "ldr x0, [x1, w2, uxtw #3]";
	const size_t n = strlen(text);
	struct rx_insn i;
	uint32_t w = 0;

	CU_ASSERT_EQUAL(word_of(text, &w, NULL), RAX_OK);
	CU_ASSERT_STRING_EQUAL(text_of(w, &i), text);
	for (size_t size = 0; size < n + 3; size++) {
		char buf[40];

		memset(buf, 'x', sizeof(buf));
		CU_ASSERT_EQUAL(rg_a64_disasm(&i, size ? buf : NULL, size), (int)n);
		if (size) {
			CU_ASSERT_EQUAL(strlen(buf), size <= n ? size - 1 : n);
			CU_ASSERT_EQUAL(memcmp(buf, text, strlen(buf)), 0);
		}
		CU_ASSERT_EQUAL(buf[size], 'x');
	}
}

static void test_illegal(void)
{
	struct rx_insn i;

	CU_ASSERT_STRING_EQUAL(text_of(0x8b020020 | 3 << 22, &i), ".4byte 0x8bc20020");
	CU_ASSERT_EQUAL(i.id, 0);
	CU_ASSERT_STRING_EQUAL(text_of(0xffffffff, &i), ".4byte 0xffffffff");
}

CU_TestInfo a64_asm_tests[] = {
	{ "pairs", test_pairs },
	{ "accepted", test_accepted },
	{ "refused", test_refused },
	{ "cut", test_cut },
	{ "illegal", test_illegal },
	CU_TEST_INFO_NULL,
};
