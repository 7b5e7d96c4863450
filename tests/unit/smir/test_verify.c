/* test_verify.c - what the verifier refuses. SPDX-License-Identifier: MIT */
#include <string.h>

#include "fake.h"
#include "smir/text.h"
#include "smir/verify.h"
#include "suites.h"
#include "tests/lib/tap.h"

#define INSN "\tinsn nop pc=0 len=4 r=0,0,0,0 imm=0\n"
#define A "\t%1 = const.i64 0x1\n"
#define B "\t%2 = const.i1 0x1\n"
#define EXIT "\texit %1\n"

struct sample {
	const char *text, *message;	/* "": it is accepted */
};

static const struct sample samples[] = {
	{ "@0:\n" INSN A EXIT, "" },
	{ "@0:\n" A "\tbr @1\n@1:\n" INSN EXIT, "" },
	{ "@0:\n" A "\tbr @1(%1)\n@1(%3: i64):\n" INSN "\texit %3\n", "" },
	/* a loop, and a value of the block above it in it */
	{ "@0:\n" INSN A B "\tbr @1\n@1:\n\t%3 = not.i64 %1\n"
	  "\tbrcond %2, @1, @2\n@2:\n\texit %3\n", "" },
	{ "@0:\n" INSN A B "\texitif %2, %1\n" EXIT, "" },
	/* types */
	{ "@0:\n" INSN A B "\t%3 = add.i64 %1, %2\n" EXIT,
	  "block 0, operation 3: value 2 of add cannot be i1" },
	{ "@0:\n" INSN A "\t%3 = zext.i64 %1\n" EXIT,
	  "block 0, operation 2: value 1 of zext cannot be i64" },
	{ "@0:\n" INSN A "\t%3 = udiv.i128 %1, %1\n" EXIT,
	  "block 0, operation 2: udiv cannot be of i128" },
	{ "@0:\n" INSN A "\texitif %1, %1\n" EXIT,
	  "block 0, operation 2: value 1 of exitif cannot be i64" },
	{ "@0:\n" INSN A "\tbr @1(%1)\n@1(%3: i1):\n" EXIT,
	  "block 0, operation 2: parameter 1 of the target is i1" },
	{ "@0:\n" INSN A "\tbr @1(%1, %1)\n@1(%3: i64):\n" EXIT,
	  "block 0, operation 2: the target has 1 parameters, not 2" },
	/* numbers */
	{ "@0:\n\t%3 = const.i8 0x100\n" INSN A EXIT,
	  "block 0, operation 0: the number does not fit i8" },
	{ "@0:\n" INSN A "\t%3 = load.i8 %1, 0x100000000\n" EXIT,
	  "block 0, operation 2: the number does not fit 32 bits" },
	{ "@0:\n" INSN A "\tput.i64 #100000, %1\n" EXIT,
	  "block 0, operation 2: offset 100000 is outside the guest's state" },
	{ "@0:\n" INSN A "\t%3 = lookup.i8 %1, 0\n" EXIT,
	  "block 0, operation 2: there is no table 0" },
	{ "table 0 i8: 1\n@0:\n" INSN A "\t%3 = lookup.i16 %1, 0\n" EXIT,
	  "block 0, operation 2: table 0 is of i8" },
	/* ways */
	{ "@0:\n" INSN A B "\tbrcond %2, @1, @2\n@1:\n\t%3 = not.i64 %1\n"
	  "\tbr @2\n@2:\n\texit %3\n",
	  "block 2, operation 0: %3 is not defined on every way here" },
	{ "@0:\n" INSN A EXIT "@1:\n" EXIT,
	  "block 1, operation 0: nothing above goes to this block" },
	{ "@0:\n" INSN A "\tbr @2\n@1:\n" EXIT "@2:\n\tbr @1\n",
	  "block 1, operation 0: nothing above goes to this block" },
	{ "@0:\n" INSN A "\tbr @1\n@1:\n\tbr @0\n",
	  "block 1, operation 0: nothing may go to the entry block" },
	{ "@0:\n" INSN A B "\tbrcond %2, @1, @2\n@1:\n\tbr @3\n"
	  "@3:\n\tbrcond %2, @3, @4\n@4:\n" EXIT "@2:\n\tbr @3\n",
	  "block 4, operation 0: a jump back to where not all came from" },
	/* instructions */
	{ "@0:\n" A EXIT,
	  "block 0, operation 1: exit without a guest instruction" },
	{ "@0:\n" A "\t%3 = load.i8 %1, 0\n" INSN EXIT,
	  "block 0, operation 1: load without a guest instruction" },
	{ "@0:\n" A B "\tbrcond %2, @1, @2\n@1:\n" INSN "\tbr @2\n@2:\n" INSN
	  EXIT,
	  "block 1, operation 1: the target is reached in different instructions" },
	{ "@0:\n" INSN A B "\tbr @1\n@1:\n" INSN "\tbrcond %2, @1, @2\n@2:\n"
	  EXIT,
	  "block 1, operation 1: the target is reached in different instructions" },
	{ "@0:\n" INSN A "\tput.i64 r0, %1\n\t%3 = load.i8 %1, 0\n" EXIT,
	  "block 0, operation 3: load may fault behind a write of its instruction" },
	{ "@0:\n" INSN A B "\traiseif %2, %1, 0x7\n\tput.i64 r0, %1\n" EXIT, "" },
	{ "@0:\n" INSN A B "\tput.i64 r0, %1\n\traiseif %2, %1, 0x7\n" EXIT,
	  "block 0, operation 4: raiseif may fault behind a write of its instruction" },
	{ "@0:\n" A B "\traiseif %2, %1, 0x7\n" INSN EXIT,
	  "block 0, operation 2: raiseif without a guest instruction" },
	{ "@0:\n" INSN A "\tfpdone\n\tfptrap\n" EXIT,
	  "block 0, operation 3: fptrap may fault behind a write of its instruction" },
	{ "@0:\n" INSN A "\t%3 = fpenv 0x2\n" EXIT,
	  "block 0, operation 2: the ISA has no environment 2" },
	{ "@0:\n" INSN A B "\tcheckif %2, %1, %1, 0x302\n" EXIT,
	  "block 0, operation 3: the ISA has no check 2" },
	{ "@0:\n" INSN A "\t%3 = loadif.v64 %1, %1, i32+5\n\tput.i64 r0, %1\n" EXIT, "" },
	{ "@0:\n" INSN A "\tput.i64 r0, %1\n\t%3 = loadif.v64 %1, %1, i32\n" EXIT,
	  "block 0, operation 3: loadif may fault behind a write of its instruction" },
	{ "@0:\n" INSN A "\tearly.i64 r0, %1\n\t%3 = load.i64 %1, 0\n" EXIT, "" },
	{ "@0:\n" INSN A "\tfpdone\n\tcall\n" EXIT,
	  "block 0, operation 3: call may fault behind a write of its instruction" },
	{ "@0:\n" INSN A B "\texitif %2, %1\n\tput.i64 r0, %1\n" EXIT,
	  "block 0, operation 4: put behind the exit of its instruction" },
	{ "@0:\n" INSN A B "\tbr @1\n@1:\n\tput.i64 r0, %1\n"
	  "\tbrcond %2, @1, @2\n@2:\n" EXIT,
	  "block 1, operation 1: a write or an exit inside a loop of its instruction" },
	{ "@0:\n" INSN A B "\tput.i64 r0, %1\n" INSN "\t%3 = load.i8 %1, 0\n"
	  "\tput.i64 r0, %1\n" EXIT, "" },
};

static void texts(void)
{
	for (size_t k = 0; k < sizeof(samples) / sizeof(samples[0]); k++) {
		const struct sample *s = &samples[k];
		struct rx_smir_fn f;
		rax_error err = { 0 };
		rax_status status;

		rx_smir_init(&f, &fake_isa);
		status = rx_smir_parse(&f, s->text, &err);
		RX_TAP_CHECK(!status, "%zu: %s", k, err.message);
		status = rx_smir_verify(&f, &err);
		RX_TAP_CHECK(!strcmp(err.message, s->message) &&
			     !status == !*s->message,
			     "%zu: '%s', expected '%s'", k, err.message,
			     s->message);
		rx_smir_fini(&f);
	}
}

/* What no text can say. */
static void structures(void)
{
	struct rx_smir_fn f;
	rax_error err = { 0 };

	rx_smir_init(&f, NULL);
	CU_ASSERT_EQUAL(rx_smir_verify(&f, &err), RAX_EFORMAT);
	CU_ASSERT_STRING_EQUAL(err.message, "the last block has no end");
	(void)rx_smir_block(&f, 0, NULL, NULL);
	rx_smir_finish(&f, 0);
	CU_ASSERT_EQUAL(rx_smir_verify(&f, &err), RAX_EFORMAT);
	CU_ASSERT_STRING_EQUAL(err.message, "block 1 is missing");
	rx_smir_reset(&f, NULL);
	(void)rx_smir_op1(&f, RX_S_NOT, RX_I64, 99);
	rx_smir_finish(&f, 0);
	CU_ASSERT_EQUAL(rx_smir_verify(&f, &err), RAX_EFORMAT);
	CU_ASSERT_STRING_EQUAL(err.message,
			       "block 0, operation 0: there is no value 99");
	rx_smir_reset(&f, NULL);
	(void)rx_smir_op1(&f, RX_S_NOT, RX_I64, 1);	/* itself */
	rx_smir_finish(&f, 0);
	CU_ASSERT_EQUAL(rx_smir_verify(&f, &err), RAX_EFORMAT);
	CU_ASSERT_STRING_EQUAL(err.message, "block 0, operation 0: "
			       "%1 is used above its definition");
	rx_smir_fail(&f, "broken");
	CU_ASSERT_EQUAL(rx_smir_verify(&f, &err), RAX_EFORMAT);
	CU_ASSERT_STRING_EQUAL(err.message, "broken");
	rx_smir_fini(&f);
}

CU_TestInfo verify_tests[] = {
	{ "texts", texts },
	{ "structures", structures },
	CU_TEST_INFO_NULL,
};
