/* test_pack.c - unit tests of smir/pack.c, and of rx_smir_append(). SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "smir/opt.h"
#include "smir/pack.h"
#include "smir/text.h"
#include "smir/verify.h"
#include "suites.h"
#include "tests/lib/tap.h"

#define MAX_TEXT 4000

#define INSN "insn nop pc=0x1000 len=4 r=1,2,3,4 imm=0x5\n"

/* Immediates of all sizes, four arguments, an instruction that is told by its bytes */
static const char several[] =
	"@0:\n" INSN
	"%1 = get.i64 r1\n%2 = const.i64 0\n%3 = const.i64 0xffff\n%4 = const.i64 0x10000\n"
	"%5 = const.i64 0xffffffff80000000\n%6 = const.i64 0x80000000\n"
	"%7 = const.i64 0x123456789abcdef0\n%8 = const.i8 0xff\n%9 = const.i8 0\n"
	"%10 = add.i64 %1, %7\n%11 = fmuladd.i64 %10, %5, %6, %9\nfpdone\n"
	INSN "%12 = load.i32 %10, 0x3\n%13 = trunc.i16 %12\nput.i64 r2, %11\nput.i8 b3, %8\n"
	INSN "store.i16 %4, %13, 0x0\n%14 = ult.i64 %2, %3\nexitif %14, %4\nexit %10\n";

static bool parse(struct rx_smir_fn *f, const char *text)
{
	rax_error err = { 0 };

	rx_smir_init(f, &fake_isa);
	if (!rx_smir_parse(f, text, &err) && !rx_smir_verify(f, &err))
		return true;
	RX_TAP_CHECK(false, "%s in\n%s", err.message, text);
	return false;
}

static void same_text(const struct rx_smir_fn *f, const char *text)
{
	char is[MAX_TEXT], wanted[MAX_TEXT];
	struct rx_smir_fn g;

	if (parse(&g, text)) {
		rx_smir_print(f, is, sizeof(is));
		rx_smir_print(&g, wanted, sizeof(wanted));
		RX_TAP_CHECK(!strcmp(is, wanted), "%s\nis not\n%s", is, wanted);
	}
	rx_smir_fini(&g);
}

static void there_and_back(void)
{
	struct rx_smir_fn f, g;
	uint8_t bytes[600];
	rax_error err;
	size_t n;

	if (!parse(&f, several))
		return;
	rx_smir_init(&g, NULL);
	n = rx_smir_pack(&f, bytes, sizeof(bytes));
	CU_ASSERT(n > 0 && n < f.ops.n * sizeof(*f.ops.at) / 3);
	for (unsigned k = 0; k < 2; k++) {	/* the second time into one that was in use */
		rx_smir_unpack(&g, &fake_isa, bytes, f.insns.at);
		CU_ASSERT_PTR_NULL(g.error);
		CU_ASSERT_EQUAL(g.values.n, f.values.n);
		CU_ASSERT(!memcmp(g.values.at, f.values.at, f.values.n));
		CU_ASSERT_EQUAL(rx_smir_verify(&g, &err), 0);
		same_text(&g, several);
	}
	rx_smir_fini(&g);
	rx_smir_fini(&f);
}

/* Too little room, whatever it is; no byte is written beyond it. */
static void little_room(void)
{
	struct rx_smir_fn f;
	uint8_t bytes[600];
	unsigned none = 0;
	size_t n;

	if (!parse(&f, several))
		return;
	for (size_t room = 0; room < sizeof(bytes); room++) {
		memset(bytes, 0xa5, sizeof(bytes));
		n = rx_smir_pack(&f, bytes, room);
		CU_ASSERT(n <= room);
		none += !n;
		for (size_t k = room; k < sizeof(bytes); k++)
			CU_ASSERT_EQUAL(bytes[k], 0xa5);
	}
	CU_ASSERT(none > 100 && none < sizeof(bytes));
	rx_smir_fini(&f);
}

/* What it does not take */
static void others(void)
{
	static const char *const text[] = {
		"@0:\n" INSN "br @1\n@1:\n%1 = const.i64 4\nexit %1\n",
		"table 0 i64: 0x1 0x2\n@0:\n" INSN "%1 = const.i64 1\n"
		"%2 = lookup.i64 %1, 0\nexit %2\n",
	};
	struct rx_smir_fn f;
	uint8_t bytes[600];

	for (unsigned k = 0; k < sizeof(text) / sizeof(text[0]); k++) {
		if (parse(&f, text[k]))
			CU_ASSERT_EQUAL(rx_smir_pack(&f, bytes, sizeof(bytes)), 0);
		rx_smir_fini(&f);
	}
	/* values out of order, one that no operation gives, a function without an end */
	if (!parse(&f, several))
		return;
	f.ops.at[1].result = 2;
	f.ops.at[2].result = 1;
	CU_ASSERT_EQUAL(rx_smir_pack(&f, bytes, sizeof(bytes)), 0);
	f.ops.at[1].result = 1;
	f.ops.at[2].result = 2;
	CU_ASSERT(rx_smir_pack(&f, bytes, sizeof(bytes)) > 0);
	f.values.n++;
	CU_ASSERT_EQUAL(rx_smir_pack(&f, bytes, sizeof(bytes)), 0);
	rx_smir_fini(&f);
	rx_smir_init(&f, &fake_isa);
	(void)rx_smir_const(&f, RX_I64, 1);
	CU_ASSERT_EQUAL(rx_smir_pack(&f, bytes, sizeof(bytes)), 0);
	rx_smir_fini(&f);
}

/* What the optimiser leaves is taken. */
static void optimised(void)
{
	static const char dead[] =
		"@0:\n" INSN "%1 = get.i64 r1\n%2 = const.i64 1\n%3 = add.i64 %1, %2\n"
		"%4 = add.i64 %3, %2\nput.i64 r1, %3\n" INSN "%5 = get.i64 r1\n"
		"%6 = add.i64 %5, %2\nput.i64 r1, %6\n%7 = const.i64 8\nexit %7\n";

	for (unsigned level = 0; level < RX_SMIR_LEVELS; level++) {
		struct rx_smir_opt opt = { .check = true };
		char before[MAX_TEXT];
		struct rx_smir_fn f, g;
		uint8_t bytes[600];

		if (!parse(&f, dead))
			return;
		CU_ASSERT_EQUAL(rx_smir_optimise(&opt, &f, level), 0);
		CU_ASSERT(!level || f.values.n < 7);
		CU_ASSERT(rx_smir_pack(&f, bytes, sizeof(bytes)) > 0);
		rx_smir_print(&f, before, sizeof(before));
		rx_smir_init(&g, NULL);
		rx_smir_unpack(&g, &fake_isa, bytes, f.insns.at);
		same_text(&g, before);
		rx_smir_fini(&g);
		rx_smir_fini(&f);
		rx_smir_opt_fini(&opt);
	}
}

/* Twice the same, without the first one's end: each use of a constant has its own. */
static void appended(void)
{
	static const char one[] =
		"table 0 i64: 0x7 0x9\n@0:\n" INSN "%1 = get.i64 r1\n%2 = const.i64 1\n"
		"%3 = add.i64 %1, %2\n%4 = sub.i64 %3, %2\n%5 = lookup.i64 %2, 0\n"
		"put.i64 r1, %4\nput.i64 r2, %5\nexit %2\n";
	static const char two[] =
		"table 0 i64: 0x7 0x9\n@0:\n" INSN "%1 = get.i64 r1\n%2 = const.i64 1\n"
		"%3 = add.i64 %1, %2\n%4 = const.i64 1\n%5 = sub.i64 %3, %4\n"
		"%6 = const.i64 1\n%7 = lookup.i64 %6, 0\nput.i64 r1, %5\nput.i64 r2, %7\n"
		INSN "%8 = get.i64 r1\n%9 = const.i64 1\n%10 = add.i64 %8, %9\n"
		"%11 = const.i64 1\n%12 = sub.i64 %10, %11\n%13 = const.i64 1\n"
		"%14 = lookup.i64 %13, 0\nput.i64 r1, %12\nput.i64 r2, %14\n"
		"%15 = const.i64 1\nexit %15\n";
	struct rx_smir_fn f, g;
	rx_sv as[16];

	if (!parse(&f, one))
		return;
	rx_smir_init(&g, &fake_isa);
	rx_smir_append(&g, &f, as, false);
	rx_smir_append(&g, &f, as, true);
	CU_ASSERT_PTR_NULL(g.error);
	CU_ASSERT_FALSE(g.open);
	same_text(&g, two);
	rx_smir_append(&g, &f, as, true);	/* behind its end */
	CU_ASSERT_PTR_NOT_NULL(g.error);
	rx_smir_fini(&g);
	rx_smir_fini(&f);
}

CU_TestInfo pack_tests[] = {
	{ "there and back", there_and_back },
	{ "too little room", little_room },
	{ "what is not taken", others },
	{ "what the optimiser leaves", optimised },
	{ "functions behind each other", appended },
	CU_TEST_INFO_NULL,
};
