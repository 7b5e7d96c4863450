/* test_asm.c - recorded pairs of text and bytes, and bad text. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "t32/decode.h"
#include "t32/disasm.h"
#include "t32/ids.h"

/* The bytes as a word. */
static uint32_t parse(const char *hex)
{
	const uint32_t v = (uint32_t)strtoul(hex, NULL, 16);

	return strlen(hex) == 4 ? __builtin_bswap16((uint16_t)v)
				: (uint32_t)__builtin_bswap16((uint16_t)(v >> 16)) << 16 |
				  __builtin_bswap16((uint16_t)v);
}

static void check_pair(char *const field[RX_PAIR_FIELDS], void *arg)
{
	const char *kind = field[0], *text = field[1], *hex = field[2];
	bool *const seen = arg;
	const uint32_t want = parse(hex);
	struct rx_insn i;
	rax_error err = { 0 };
	uint32_t got = 0;
	const rax_status st = word_of(text, &got, &err);
	const char *back = text_of(want, &i);

	RX_TAP_CHECK(st == RAX_OK && got == want, "asm '%s': %x, not %x; %s", text, got, want,
		     err.message);
	RX_TAP_CHECK((strcmp(back, text) == 0) == (strcmp(kind, "both") == 0),
		     "dis %x: '%s', not '%s'", want, back, text);
	seen[i.id] = true;
}

static void test_pairs(void)
{
	static bool seen[RG_T32_COUNT];
	const unsigned n = rx_each_pair("t32_asm.tsv", 3, check_pair, seen);
	unsigned without = 0;

	CU_ASSERT(n > 1500);
	for (unsigned id = 1; id < RG_T32_COUNT; id++)
		without += !seen[id];
	RX_TAP_CHECK(without < RG_T32_COUNT / 20, "%u encodings have no pair", without);
}

/* White space, other names of registers, ranges of lists, numbers without '#'. */
static void test_accepted(void)
{
	static const struct rx_accepted t[] = {
		{ "  adds\tr0 ,r1,r2  \r\n", 0x1888 },
		{ "adds r0, r1, 0x7", 0x1dc8 },
		{ "add r0, r13", 0x4468 },
		{ "mov pc, r14", 0x46f7 },
		{ "push {r0-r3, r5, r14}", 0xb52f },
		{ "pop { r4 , pc }", 0xbd10 },
		{ "ldm r3!, {r0-r2}", 0xcb07 },
		{ "ldmdb sp!, {r4-r11, lr}", 0xe93d4ff0 },
		{ "ldr r0, [r1]", 0x6808 },
		{ "ldr r0, [r1, #-4]", 0xf8510c04 },
		{ "bcs #4", 0xd202 },
		{ "it hs", 0xbf28 },
		{ "itete eq", 0xbf0b },
		{ "itt ne", 0xbf1c },
		{ "ite ne", 0xbf14 },
		{ "vpsttee", 0xfe31af4d },
		{ "vpte.s16 gt, q1, r3", 0xfe539f63 },
	};

	rx_check_accepted(t, sizeof(t) / sizeof(t[0]), word_of);
}

static void test_refused(void)
{
	static const struct rx_refused t[] = {
		{ "", "expected an instruction, found nothing" },
		/* one line is one instruction, outside of a block */
		{ "addne r0, r1, r2",
		  "unknown instruction 'addne'; did you mean 'add'?" },
		{ "vaddt.i8 q0, q0, q0",
		  "unknown instruction 'vaddt.i8'; did you mean 'vadd.i8'?" },
		{ "ite al", "ite: these operands are reserved" },
		{ "push {}", "push: expected a register, found '}'" },
		{ "push {r4, r1}",
		  "push: expected registers of the list in their order, found '}'" },
		{ "push {pc}", "push: a register cannot be in the list" },
		{ "and r0, r1, #257",
		  "and: i_imm3_imm8 cannot be 257, the format has no bits for that" },
		{ "adds r0, r8, r1", "adds: Rn cannot be register r8" },
		{ "b.w #3", "b.w: off24 cannot be 3, the format has no bits for that" },
	};

	rx_check_refused(t, sizeof(t) / sizeof(t[0]), word_of);
}

/* The first halfword says how long an instruction is. */
static void test_lengths(void)
{
	static const struct { uint8_t code[4]; unsigned avail, len; } t[] = {
		{ { 0x00, 0xbf }, 1, 0 }, { { 0x00, 0xbf }, 2, 2 },
		{ { 0xff, 0xe7, 0x00, 0xbf }, 4, 2 },
		{ { 0x2d, 0xe9, 0xf0, 0x4f }, 2, 0 }, { { 0x2d, 0xe9, 0xf0, 0x4f }, 3, 0 },
		{ { 0x2d, 0xe9, 0xf0, 0x4f }, 4, 4 }, { { 0xff, 0xff, 0xff, 0xff }, 4, 4 },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		struct rx_insn i = { 0 };

		RX_TAP_CHECK(rg_t32_decode(0, t[k].code, t[k].avail, &i) == t[k].len, "case %zu",
			     k);
	}
}

static void test_illegal(void)
{
	struct rx_insn i;

	CU_ASSERT_STRING_EQUAL(text_of(0xba80, &i), ".2byte 0xba80");
	CU_ASSERT_EQUAL(i.id, RG_T32_ILLEGAL);
	CU_ASSERT_STRING_EQUAL(text_of(0xfbe00070, &i), ".4byte 0xfbe00070");
	CU_ASSERT_EQUAL(i.id, RG_T32_ILLEGAL);
	CU_ASSERT_EQUAL(i.imm, 0xfbe00070);
}

CU_TestInfo t32_asm_tests[] = {
	{ "pairs", test_pairs },
	{ "accepted", test_accepted },
	{ "refused", test_refused },
	{ "lengths", test_lengths },
	{ "illegal", test_illegal },
	CU_TEST_INFO_NULL,
};
