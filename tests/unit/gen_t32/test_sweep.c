/* test_sweep.c - every encoding's own words, and random ones. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>

#include "t32/decode.h"
#include "t32/encode.h"
#include "t32/ids.h"

static uint64_t state;

static uint32_t rnd(void)
{
	return (uint32_t)(rx_sweep_next(&state) >> 16);
}

/* What is printed can be assembled again, to a word that prints the same. */
static void check_word(uint32_t w, unsigned *decoded)
{
	struct rx_insn i, j;
	rax_error err = { 0 };
	char text[160];
	uint32_t back = 0;

	snprintf(text, sizeof(text), "%s", text_of(w, &i));
	if (!i.id)
		return;
	++*decoded;
	if (word_of(text, &back, &err) != RAX_OK) {
		RX_TAP_CHECK(0, "%08x '%s': %s", w, text, err.message);
		return;
	}
	if (back != w)
		RX_TAP_CHECK(!strcmp(text_of(back, &j), text), "%08x '%s': %08x '%s'", w, text,
			     back, text_of(back, &j));
}

/* Of 16 bits, or of 32. */
static uint32_t word(void)
{
	const uint32_t w = rnd();

	return w >> 16 >= 0xe800 ? w : (w & 0xffff) < 0xe800 ? w & 0xffff : w | 0xe8000000;
}

static void test_random(void)
{
	const unsigned long n = rx_sweep_count(300000);
	unsigned decoded = 0;

	state = rx_sweep_start(0);
	for (unsigned long k = 0; k < n; k++)
		check_word(word(), &decoded);
	RX_TAP_CHECK(decoded > n / 4, "%u of %lu words are instructions", decoded, n);
}

CU_TestInfo t32_sweep_tests[] = {
	{ "random", test_random },
	CU_TEST_INFO_NULL,
};
