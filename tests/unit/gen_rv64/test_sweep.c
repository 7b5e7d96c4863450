/* test_sweep.c - many words there and back, and damaged text. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdbool.h>
#include <string.h>

#include "rv64/decode.h"
#include "rv64/disasm.h"
#include "rv64/encode.h"
#include "rv64/ids.h"

static uint64_t state;

static uint64_t rnd(void)
{
	return rx_sweep_next(&state);
}

/* Text of the word and the word of that text; true if it is an instruction. */
static bool there_and_back(uint32_t w)
{
	const struct rx_insn i = decode_word(w);
	uint8_t b[RX_ASM_MAX_LEN] = { 0 };
	unsigned len = 0;
	rax_error err = { 0 };
	uint32_t got = 0;
	char buf[80];

	if (i.id == RG_RV64_ILLEGAL)
		return false;
	rg_rv64_disasm(&i, buf, sizeof(buf));
	if (rg_rv64_assemble(0, buf, b, &len, &err) == RAX_OK)
		for (unsigned k = 0; k < len; k++)
			got |= (uint32_t)b[k] << 8 * k;
	if (len != i.len || got != w)
		RX_TAP_CHECK(false, "%#x: '%s' is %#x; %s", w, buf, got, err.message);
	return true;
}

/* Every halfword; how many of them are instructions is a fact of the ISA. */
static void test_halfwords(void)
{
	unsigned valid = 0;

	for (uint32_t w = 0; w < 0x10000; w++)
		if ((w & 3) != 3)
			valid += there_and_back(w);
	CU_ASSERT_EQUAL(valid, 47752);
}

/* Each instruction's fixed bits with random others; every third time with one
 * bit wrong, which may make it another instruction or none. */
static void test_words(void)
{
	const unsigned long rounds = rx_sweep_count(600);

	state = rx_sweep_start(0);
	for (unsigned id = 1; id < RG_RV64_COUNT; id++) {
		const struct rx_asm_code *c = &rg_rv64_parser.codes[id];
		unsigned long hits = 0;

		for (unsigned long k = 0; k < rounds; k++) {
			uint64_t w = c->match | (rnd() & ~c->mask);

			if (k % 3 == 0)
				w ^= UINT64_C(1) << (2 + rnd() % (8u * c->length - 2));
			w &= c->length == 2 ? 0xffff : 0xffffffff;
			if (there_and_back((uint32_t)w))
				hits += decode_word((uint32_t)w).id == id;
		}
		RX_TAP_CHECK(hits > rounds / 4, "only %lu of %lu words are '%s'", hits, rounds,
			     rg_rv64_text.forms[id].mnemonic);
	}
}

/* Text with characters changed, dropped or doubled: a word that reads the same
 * again, or a message of one line. */
static void test_damaged(void)
{
	static const char alphabet[] = "abcdefrstvxz0123456789-.,() \t#'%\x80\xff";
	const unsigned long rounds = rx_sweep_count(300);
	unsigned long good = 0, bad = 0;

	state = rx_sweep_start(1);
	for (unsigned id = 1; id < RG_RV64_COUNT; id++) {
		const struct rx_asm_code *c = &rg_rv64_parser.codes[id];

		for (unsigned long k = 0; k < rounds; k++) {
			const uint64_t w = c->match | (rnd() & ~c->mask);
			struct rx_insn i = decode_word(
				(uint32_t)(c->length == 2 ? w & 0xffff : w));
			uint8_t b[RX_ASM_MAX_LEN] = { 0 };
			rax_error err = { 0 };
			char buf[120];
			unsigned len = 0;
			size_t n = (size_t)rg_rv64_disasm(&i, buf, 80);

			for (unsigned m = 1 + (unsigned)(rnd() % 3); m; m--) {
				const size_t at = rnd() % (n + 1);

				switch (rnd() % 3) {
				case 0:
					buf[at] = alphabet[rnd() % (sizeof(alphabet) - 1)];
					n += at == n;
					break;
				case 1:
					memmove(buf + at, buf + at + (at < n), n - at);
					n -= at < n;
					break;
				default:
					memmove(buf + at + 1, buf + at, n - at);
					n++;
					break;
				}
				buf[n] = '\0';
			}
			if (rg_rv64_assemble(0, buf, b, &len, &err) == RAX_OK) {
				uint32_t got = 0;

				for (unsigned m = 0; m < len; m++)
					got |= (uint32_t)b[m] << 8 * m;
				CU_ASSERT(there_and_back(got));
				good++;
			} else {
				CU_ASSERT(err.message[0] && !strchr(err.message, '\n'));
				bad++;
			}
		}
	}
	CU_ASSERT(good > rounds && bad > rounds);
}

CU_TestInfo rv64_sweep_tests[] = {
	{ "halfwords", test_halfwords },
	{ "words", test_words },
	{ "damaged", test_damaged },
	CU_TEST_INFO_NULL,
};
