/* test_asm.c - recorded packets as text and bytes, and bad text. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hexagon/group.h"
#include "hexagon/ids.h"

static void check_pair(char *const field[RX_PAIR_FIELDS], void *arg)
{
	const char *kind = field[0], *text = field[1], *hex = field[2];
	bool *const seen = arg;
	struct rx_insn i[RX_INSN_RECORDS];
	uint8_t code[16], out[RX_ASM_MAX_LEN];
	char back[512], again[40];
	rax_error err = { 0 };
	unsigned len = 0;
	const unsigned n = rx_from_hex(hex, code, sizeof(code));

	memset(i, 0, sizeof(i));
	CU_ASSERT_EQUAL(rg_hexagon_group_decode(0, code, n, i), n);
	rg_hexagon_group_disasm(i, back, sizeof(back));
	RX_TAP_CHECK(strcmp(back, text) == 0, "dis %s: '%s', not '%s'", hex, back, text);
	CU_ASSERT_EQUAL(rg_hexagon_group_assemble(0, text, out, &len, &err), RAX_OK);
	rx_to_hex(out, len, again);
	RX_TAP_CHECK((strcmp(again, hex) == 0) == (strcmp(kind, "both") == 0),
		     "asm '%s': %s, not %s; %s", text, again, hex, err.message);
	for (unsigned k = 1; k <= i->r[0]; k++)
		seen[i[k].id] = true;
}

static void test_pairs(void)
{
	static bool seen[RG_HEXAGON_COUNT];
	const unsigned n = rx_each_pair("hexagon_asm.tsv", 3, check_pair, seen);
	unsigned without = 0;

	CU_ASSERT(n > 1400);
	for (unsigned id = 1; id < RG_HEXAGON_COUNT; id++)
		without += !seen[id];
	RX_TAP_CHECK(without < RG_HEXAGON_COUNT / 4, "%u opcodes are in no packet", without);
}

/* Text in other shapes than it is printed, and what makes of it. */
static void test_accepted(void)
{
	static const struct { const char *text, *hex; } t[] = {
		{ "r0=add(r1,r2)", "00c201f3" },
		{ "  { r0 = add( r1 , r2 ) ; }", "00c201f3" },
		{ "r0 = #100000", "1a46000000c40078" },	/* an extender where it is needed */
		{ "r0 = add(sp,#-8)", "00fffdbf" },
		/* a load goes before a store unless the text insists */
		{ "{ memw(r2+#0) = r3; r0 = memw(r1+#0) }", "0040819100c382a1" },
		{ "{ memw(r2+#0) = r3; r0 = memw(r1+#0) } :mem_noshuf", "004382a100c08191" },
		{ "{ r1 = r2 } :endloop0", "0180627000c0007f" },
		{ "{ r1 = r2 } :endloop01", "018062700080007f00c0007f" },
		{ "{ p0 = cmp.eq(r1,r2); if (p0.new) r1 = r3 }", NULL },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		uint8_t out[RX_ASM_MAX_LEN];
		rax_error err = { 0 };
		unsigned len = 0;
		char hex[40];
		const rax_status st = rg_hexagon_group_assemble(0, t[k].text, out, &len, &err);

		if (!t[k].hex) {
			CU_ASSERT_EQUAL(st, RAX_EINVAL);
			continue;
		}
		rx_to_hex(out, st == RAX_OK ? len : 0, hex);
		RX_TAP_CHECK(strcmp(hex, t[k].hex) == 0, "'%s': %s, not %s; %s", t[k].text, hex,
			     t[k].hex, err.message);
	}
}

static void test_refused(void)
{
	static const struct { const char *text, *message; } t[] = {
		{ "{ r0 = add(r1,r2)", "'}' is missing" },
		{ "{ }", "the packet is empty" },
		{ "{ nop; nop; nop; nop; nop }", "a packet has at most 4 instructions" },
		{ "{ r0 = add(r1,r2) } :endloop9", "':endloop9' behind the packet has no meaning" },
		{ "{ memw(r1+#0) = r2.new }",
		  "nothing before it in the packet writes the register of '.new'" },
		{ "{ r1:0 = add(r3:2,r5:4); r7:6 = add(r3:2,r5:4); r9:8 = add(r3:2,r5:4) }",
		  "the instructions of the packet compete for slots" },
		{ "{ r0 = ##1; r1 = ##2; r2 = ##3 }", "the packet has more than 4 words" },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		uint8_t out[RX_ASM_MAX_LEN];
		rax_error err = { 0 };
		unsigned len = 7;

		CU_ASSERT_EQUAL(rg_hexagon_group_assemble(0, t[k].text, out, &len, &err),
				RAX_EINVAL);
		RX_TAP_CHECK(strcmp(err.message, t[k].message) == 0, "'%s': '%s', not '%s'",
			     t[k].text, err.message, t[k].message);
		CU_ASSERT_EQUAL(len, 7);
	}
}

/* A packet that is cut off asks for more; one with anything wrong is illegal. */
static void test_bad_packets(void)
{
	static const struct { const char *hex; unsigned len; } t[] = {
		{ "004201f3", 0 },				/* cut off */
		{ "004201f3004201f3004201f3004201f3", 16 },	/* no end */
		{ "1a46000000c201f3", 8 },			/* nothing to extend */
		{ "1ac60000", 4 },				/* an extender is the last */
		{ "01c002d301", 4 },				/* a pair with an odd number */
		{ "00400054" "00c201f3", 8 },			/* trap0 is alone */
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		struct rx_insn i[RX_INSN_RECORDS];
		uint8_t code[16];
		const unsigned n = rx_from_hex(t[k].hex, code, sizeof(code));

		memset(i, 0, sizeof(i));
		CU_ASSERT_EQUAL(rg_hexagon_group_decode(0, code, n, i), t[k].len);
		if (t[k].len)
			RX_TAP_CHECK(i->id == 0, "%s is id %u", t[k].hex, i->id);
	}
}

CU_TestInfo hexagon_asm_tests[] = {
	{ "pairs", test_pairs },
	{ "accepted", test_accepted },
	{ "refused", test_refused },
	{ "bad packets", test_bad_packets },
	CU_TEST_INFO_NULL,
};
