/* test_text.c - printing and parsing. SPDX-License-Identifier: MIT */
#include <string.h>

#include "fake.h"
#include "smir/text.h"
#include "suites.h"
#include "tests/lib/tap.h"

static const char all[] =
	"table 0 i16: 0x1 0xffff\n"
	"@0:\n"
	"\tinsn inc pc=0x80000000 len=4 r=1,2,3,4 imm=0xffffffffffffffff\n"
	"\t%1 = get.i64 r3\n"
	"\t%2 = get.i8 #3\n"
	"\t%3 = const.i64 0x10\n"
	"\t%4 = add.i64 %1, %3\n"
	"\t%5 = load.i32 %4, 0\n"
	"\t%6 = rmw.i32 %4, %5, maxu+3\n"
	"\t%7 = lookup.i16 %3, 0\n"
	"\t%8 = fpround 0x7\n"
	"\tstore.i16 %4, %7, 0x1\n"
	"\tput.i32 w0, %6\n"
	"\tfpdone\n"
	"\t%9 = ult.i64 %1, %3\n"
	"\tbrcond %9, @1(%1, %9), @2\n"
	"@1(%10: i64, %11: i1):\n"
	"\t%12 = select.i64 %11, %10, %4\n"
	"\tbr @2\n"
	"@2:\n"
	"\texit %4\n";

static void round_trip(void)
{
	struct rx_smir_fn f;
	rax_error err = { 0 };
	char text[2000];
	size_t n;

	rx_smir_init(&f, &fake_isa);
	CU_ASSERT_EQUAL(rx_smir_parse(&f, all, &err), 0);
	CU_ASSERT_STRING_EQUAL(err.message, "");
	n = rx_smir_print(&f, text, sizeof(text));
	CU_ASSERT_EQUAL(n, strlen(all));
	RX_TAP_CHECK(!strcmp(text, all), "printed:\n%s", text);
	CU_ASSERT_EQUAL(f.insns.at[0].id, 2);
	CU_ASSERT_EQUAL(f.insns.at[0].imm, UINT64_MAX);
	CU_ASSERT_EQUAL(f.insns.at[0].r[3], 4);
	/* cut, but the length is the whole one's */
	memset(text, 'x', sizeof(text));
	CU_ASSERT_EQUAL(rx_smir_print(&f, text, 10), n);
	CU_ASSERT_EQUAL(strncmp(text, all, 9), 0);
	CU_ASSERT_EQUAL(text[9], '\0');
	CU_ASSERT_EQUAL(text[10], 'x');
	CU_ASSERT_EQUAL(rx_smir_print(&f, NULL, 0), n);
	rx_smir_fini(&f);
}

/* Numbers, spacing and comments are free; without an isa there are offsets. */
static void free_form(void)
{
	static const char loose[] =
		"; a function\n\n"
		"@7:   ; here it begins\n"
		"insn #9 pc=16 len=2 r=0,0,0,0 imm=0\n"
		"  %30=get.i64   #24 ; r\n"
		"\t%4 = not.i64 %30\n"
		"  br @3(%4)\n"
		"@3 ( %1 : i64 ) :\n"
		"  exit %1";
	static const char tidy[] =
		"@0:\n"
		"\tinsn #9 pc=0x10 len=2 r=0,0,0,0 imm=0\n"
		"\t%1 = get.i64 #24\n"
		"\t%2 = not.i64 %1\n"
		"\tbr @1(%2)\n"
		"@1(%3: i64):\n"
		"\texit %3\n";
	struct rx_smir_fn f;
	rax_error err = { 0 };
	char text[500];

	rx_smir_init(&f, NULL);
	CU_ASSERT_EQUAL(rx_smir_parse(&f, loose, &err), 0);
	rx_smir_print(&f, text, sizeof(text));
	RX_TAP_CHECK(!strcmp(text, tidy), "printed:\n%s%s", text, err.message);
	rx_smir_fini(&f);
}

struct refused {
	const char *text, *message;
};

static const struct refused refused[] = {
	{ "", "1:1: the last block has no end" },
	{ "@0:\n", "2:1: the last block has no end" },
	{ "%1 = const.i64 1\n", "1:1: expected '@0:'" },
	{ "@0:\n\t%1 = addd.i64 %1, %1\n", "2:15: 'addd' is no operation" },
	{ "@0:\n\t%1 = add.i63 %1, %1\n", "2:14: 'i63' is no type" },
	{ "@0:\n\t%1 = add %1, %1\n", "2:10: add needs a type" },
	{ "@0:\n\tfpdone.i64\n", "2:12: fpdone has no type" },
	{ "@0:\n\tconst.i64 1\n", "2:11: the result of const needs a name" },
	{ "@0:\n\t%1 = fpdone\n", "2:13: fpdone has no result" },
	{ "@0:\n\t%1 = not.i64 %1\n", "2:17: %1 is not defined above" },
	{ "@0:\n\t%1 = const.i64\n", "2:16: expected a number" },
	{ "@0:\n\t%1 = const.i64 0x\n", "2:19: expected a number" },
	{ "@0:\n\t%1 = const.i64 99999999999999999999\n",
	  "2:36: the number is too large" },
	{ "@0:\n\t%1 = const.i64 1 2\n", "2:19: expected the end of the line" },
	{ "@0:\n\t%0 = const.i64 1\n", "2:4: values count from %1" },
	{ "@0:\n\t%1 = const.i64 1\n\t%1 = const.i64 1\n",
	  "3:18: %1 is defined twice" },
	{ "@0:\n\t%99999 = const.i64 1\n", "2:7: the number is too large" },
	{ "@0:\n\t%1 = const.i64 1\n\t%2 = add.i64 %1\n",
	  "3:17: expected ','" },
	{ "@0:\n\t%1 = get.i64 r9\n", "2:17: 'r9' is no register of i64" },
	{ "@0:\n\t%1 = get.i32 r1\n", "2:17: 'r1' is no register of i32" },
	{ "@0:\n\t%1 = const.i64 1\n\t%2 = rmw.i64 %1, %1, sub\n",
	  "3:26: 'sub' is no read-modify-write" },
	{ "@0:\n\tbr @1\n", "2:7: there is no block @1" },
	{ "@0:\n\tbr @1(\n@1:\n", "2:8: expected '%'" },
	{ "@0:\n\tbr 1\n", "2:5: expected '@'" },
	{ "@0:\n@0:\n", "2:3: block @0 is there twice" },
	{ "@0(%1: i64):\n", "1:13: the entry has no parameters" },
	{ "@0:\n@1(%1 i64):\n", "2:7: expected ':'" },
	{ "@0:\n@1:\n", "2:4: the block above has no end" },
	{ "@0:\n\t%1 = const.i64 1\n\texit %1\n\tfpdone\n",
	  "4:8: an operation behind the end of its block" },
	{ "@0:\n\tinsn what pc=0 len=4 r=0,0,0,0 imm=0\n",
	  "2:11: 'what' is no instruction" },
	{ "@0:\n\tinsn nop len=4\n", "2:11: expected 'pc='" },
	{ "@0:\n\tinsn nop pc=0 len=400 r=0,0,0,0 imm=0\n",
	  "2:22: the number is too large" },
	{ "table 1 i8: 1\n", "1:12: expected table 0" },
	{ "table 0 i8: 256\n", "1:15: the number is too large" },
	{ "table 0 i8: 1\ntable 1 i8: 1\n",
	  "2:14: this table is there already" },
};

static void malformed(void)
{
	for (size_t k = 0; k < sizeof(refused) / sizeof(refused[0]); k++) {
		struct rx_smir_fn f;
		rax_error err = { 0 };

		rx_smir_init(&f, &fake_isa);
		CU_ASSERT_EQUAL(rx_smir_parse(&f, refused[k].text, &err),
				RAX_EFORMAT);
		RX_TAP_CHECK(!strcmp(err.message, refused[k].message),
			     "%zu: '%s', expected '%s'", k, err.message,
			     refused[k].message);
		CU_ASSERT_PTR_NOT_NULL(f.error);
		rx_smir_fini(&f);
	}
}

CU_TestInfo text_tests[] = {
	{ "round_trip", round_trip },
	{ "free_form", free_form },
	{ "malformed", malformed },
	CU_TEST_INFO_NULL,
};
