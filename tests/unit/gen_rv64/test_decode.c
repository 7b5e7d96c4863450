/* test_decode.c - fields, lengths and reserved words of rv64. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>

#include "rv64/decode.h"
#include "rv64/encode.h"
#include "rv64/ids.h"

#define NONE RG_RV64_ILLEGAL

static void test_lengths(void)
{
	static const uint8_t add[4] = { 0xb3, 0x00, 0x31, 0x00 };
	static const uint8_t nop[2] = { 0x01, 0x00 };
	static const uint8_t ones[8] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct rx_insn i, untouched;

	memset(&i, 0x5a, sizeof(i));
	untouched = i;
	for (unsigned avail = 0; avail < 4; avail++)
		CU_ASSERT_EQUAL(rg_rv64_decode(0, add, avail, &i), 0);
	for (unsigned avail = 0; avail < 2; avail++)
		CU_ASSERT_EQUAL(rg_rv64_decode(0, nop, avail, &i), 0);
	CU_ASSERT_EQUAL(memcmp(&i, &untouched, sizeof(i)), 0);
	CU_ASSERT_EQUAL(rg_rv64_decode(0, add, 4, &i), 4);
	CU_ASSERT_EQUAL(i.id, RG_RV64_ADD);
	/* what belongs to the caller stays */
	CU_ASSERT_EQUAL(i.pc, untouched.pc);
	CU_ASSERT_EQUAL(i.left, untouched.left);
	CU_ASSERT_EQUAL(rg_rv64_decode(0, nop, 2, &i), 2);
	CU_ASSERT_EQUAL(i.id, RG_RV64_C_NOP);
	CU_ASSERT_EQUAL(i.len, 2);
	/* longer formats are illegal instructions of 4 bytes */
	CU_ASSERT_EQUAL(rg_rv64_decode(0, ones, 8, &i), 4);
	CU_ASSERT_EQUAL(i.id, NONE);
	CU_ASSERT_EQUAL(i.imm, 0xffffffffu);
}

struct operands {
	uint32_t word;
	uint16_t id;
	uint8_t r[4];
	uint64_t imm;
};

static void test_operands(void)
{
	static const struct operands t[] = {
		/* add ra, sp, gp */
		{ 0x003100b3, RG_RV64_ADD, { 1, 2, 3, 0 }, 0 },
		/* add zero, sp, gp: the write goes to the scratch slot */
		{ 0x00310033, RG_RV64_ADD, { 32, 2, 3, 0 }, 0 },
		/* add ra, zero, zero: reads do not */
		{ 0x000000b3, RG_RV64_ADD, { 1, 0, 0, 0 }, 0 },
		/* addi a0, a1, -1 */
		{ 0xfff58513, RG_RV64_ADDI, { 10, 11, 0, 0 }, ~UINT64_C(0) },
		/* lui a0, 0xfffff: 20 bits, not extended */
		{ 0xfffff537, RG_RV64_LUI, { 10, 0, 0, 0 }, 0xfffff },
		/* beq t0, t1, -4096 */
		{ 0x80628063, RG_RV64_BEQ, { 0, 5, 6, 0 }, (uint64_t)-4096 },
		/* jal ra, 1048574 */
		{ 0x7ffff0ef, RG_RV64_JAL, { 1, 0, 0, 0 }, 1048574 },
		/* sd a0, -8(sp) */
		{ 0xfea13c23, RG_RV64_SD, { 0, 2, 10, 0 }, (uint64_t)-8 },
		/* slli a0, a1, 63 */
		{ 0x03f59513, RG_RV64_SLLI, { 10, 11, 0, 0 }, 63 },
		/* csrrwi t0, mtvec, 19 */
		{ 0x3059d2f3, RG_RV64_CSRRWI, { 5, 19, 0, 0 }, 0x305 },
		/* amoadd.d.aq a1, a2, (a3) */
		{ 0x04c6b5af, RG_RV64_AMOADD_D, { 11, 13, 12, 0 }, 2 },
		/* fmadd.d ft0, ft1, ft2, ft3, rup: f0 is a register like others */
		{ 0x1a20b043, RG_RV64_FMADD_D, { 0, 1, 2, 3 }, 3 },
		/* fcvt.l.d zero, ft1, dyn */
		{ 0xc220f053, RG_RV64_FCVT_L_D, { 32, 1, 0, 0 }, 7 },
		/* fli.s ft2, inf */
		{ 0xf01f0153, RG_RV64_FLI_S, { 2, 0, 0, 0 }, 30 },
		/* prefetch.w -32(a0) */
		{ 0xfe356013, RG_RV64_PREFETCH_W, { 0, 10, 0, 0 }, (uint64_t)-32 },
		/* c.add a0, a1 has add's layout */
		{ 0x952e, RG_RV64_C_ADD, { 10, 10, 11, 0 }, 0 },
		/* c.add zero, a1, a hint */
		{ 0x902e, RG_RV64_C_ADD, { 32, 0, 11, 0 }, 0 },
		/* c.addi16sp sp, -512 */
		{ 0x7101, RG_RV64_C_ADDI16SP, { 2, 2, 0, 0 }, (uint64_t)-512 },
		/* c.lui s0, 0xfffe0 */
		{ 0x7401, RG_RV64_C_LUI, { 8, 0, 0, 0 }, 0xfffe0 },
		/* c.sdsp ra, 504(sp) */
		{ 0xff86, RG_RV64_C_SDSP, { 0, 2, 1, 0 }, 504 },
		/* c.ld s0, 248(a5) */
		{ 0x7fe0, RG_RV64_C_LD, { 8, 15, 0, 0 }, 248 },
		/* c.jalr t0 writes ra */
		{ 0x9282, RG_RV64_C_JALR, { 1, 5, 0, 0 }, 0 },
		/* c.beqz a3, -256 */
		{ 0xd281, RG_RV64_C_BEQZ, { 0, 13, 0, 0 }, (uint64_t)-256 },
		/* c.j -2048 */
		{ 0xb001, RG_RV64_C_J, { 0, 0, 0, 0 }, (uint64_t)-2048 },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		const struct rx_insn i = decode_word(t[k].word);

		RX_TAP_CHECK(i.id == t[k].id && !memcmp(i.r, t[k].r, 4) &&
			     i.imm == t[k].imm,
			     "%#x: id %u r %u %u %u %u imm %#llx", t[k].word, i.id,
			     i.r[0], i.r[1], i.r[2], i.r[3],
			     (unsigned long long)i.imm);
	}
}

/* Words that a careless decoder takes for instructions. */
static void test_reserved(void)
{
	static const uint32_t words[] = {
		0x0004,		/* c.addi4spn with 0 */
		0x2001,		/* c.addiw zero */
		0x6001, 0x6401,	/* c.lui with 0 */
		0x6101,		/* c.addi16sp with 0 */
		0x4002,		/* c.lwsp zero */
		0x6002,		/* c.ldsp zero */
		0x8002,		/* c.jr zero */
		0x9c79, 0x9c7d,	/* behind c.zext.w and c.not */
		0x8c40,		/* c.sh with bit 6 */
		0x02b50553 | 5 << 12, 0x02b50553 | 6 << 12, /* rounding modes */
		0xd2050553 | 5 << 12,	/* also where nothing is rounded */
		0x28b535af,	/* an atomic operation that is none */
		0x00b5052f,	/* and one on bytes */
		0x1016b02f,	/* lr.d with rs2 */
		0x30200173,	/* mret with rd */
		0x0205151b,	/* slliw by 32 */
		0x1205d593,	/* srai with a bit above the amount */
		0x0000000b,	/* custom-0 */
		0x0c000057,	/* vectors: a reserved operation */
		0xffffffff,
	};

	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
		const struct rx_insn i = decode_word(words[k]);

		RX_TAP_CHECK(i.id == NONE, "%#x is %u", words[k], i.id);
		CU_ASSERT_EQUAL(i.imm, words[k]);
		CU_ASSERT_EQUAL(i.r[0] | i.r[1] | i.r[2] | i.r[3], 0);
	}
}

/* Special cases within the words of another instruction. */
static void test_precedence(void)
{
	static const struct { uint32_t word; uint16_t id; } t[] = {
		{ 0x0100000f, RG_RV64_PAUSE },
		{ 0x0100008f, RG_RV64_FENCE },
		{ 0x0110000f, RG_RV64_FENCE },
		{ 0x8330000f, RG_RV64_FENCE_TSO },
		{ 0x8310000f, RG_RV64_FENCE },
		{ 0x00006013, RG_RV64_PREFETCH_I },
		{ 0x00106013, RG_RV64_PREFETCH_R },
		{ 0x00206013, RG_RV64_ORI },
		{ 0x00306013, RG_RV64_PREFETCH_W },
		{ 0x00006093, RG_RV64_ORI },
		{ 0xc0001073, RG_RV64_UNIMP },
		{ 0xc00010f3, RG_RV64_CSRRW },
		{ 0x0000, RG_RV64_C_UNIMP },
		{ 0x0001, RG_RV64_C_NOP },
		{ 0x0005, RG_RV64_C_NOP },
		{ 0x0085, RG_RV64_C_ADDI },
		{ 0x9002, RG_RV64_C_EBREAK },
		{ 0x9082, RG_RV64_C_JALR },
		{ 0x8082, RG_RV64_C_JR },
		{ 0x808a, RG_RV64_C_MV },
		{ 0x908a, RG_RV64_C_ADD },
		{ 0x0800453b | 1 << 15, RG_RV64_ZEXT_H },
	};

	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		const struct rx_insn i = decode_word(t[k].word);

		RX_TAP_CHECK(i.id == t[k].id, "%#x is %u, not %u", t[k].word, i.id, t[k].id);
	}
}

/* The functions for code that emits code make the words of the manual. */
static void test_functions(void)
{
	CU_ASSERT_EQUAL(rg_rv64_encode_add(1, 2, 3), 0x003100b3);
	CU_ASSERT_EQUAL(rg_rv64_encode_addi(10, 11, -1), 0xfff58513);
	CU_ASSERT_EQUAL(rg_rv64_encode_beq(5, 6, -4096), 0x80628063);
	CU_ASSERT_EQUAL(rg_rv64_encode_jal(1, 1048574), 0x7ffff0ef);
	CU_ASSERT_EQUAL(rg_rv64_encode_sd(10, -8, 2), 0xfea13c23);
	CU_ASSERT_EQUAL(rg_rv64_encode_amoadd_d(2, 11, 12, 13), 0x04c6b5af);
	CU_ASSERT_EQUAL(rg_rv64_encode_fmadd_d(0, 1, 2, 3, 3), 0x1a20b043);
	CU_ASSERT_EQUAL(rg_rv64_encode_c_lui(8, 0xfffe0), 0x7401);
	CU_ASSERT_EQUAL(rg_rv64_encode_c_beqz(13, -256), 0xd281);
	CU_ASSERT_EQUAL(rg_rv64_encode_c_addi16sp(-512), 0x7101);
	CU_ASSERT_EQUAL(rg_rv64_encode_ecall(), 0x00000073);
}

CU_TestInfo rv64_decode_tests[] = {
	{ "lengths", test_lengths },
	{ "operands", test_operands },
	{ "reserved", test_reserved },
	{ "precedence", test_precedence },
	{ "functions", test_functions },
	CU_TEST_INFO_NULL,
};
