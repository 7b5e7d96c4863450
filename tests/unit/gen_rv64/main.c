/* main.c - tests of the generated rv64 decoder and assembler. SPDX-License-Identifier: MIT
 *
 * RAX_ASM_SCALE=N sweeps N times as many words, RAX_ASM_SEED=N others.
 */
#include "suites.h"

#include "rv64/decode.h"

struct rx_insn decode_word(uint32_t w)
{
	const uint8_t code[4] = { (uint8_t)w, (uint8_t)(w >> 8), (uint8_t)(w >> 16),
				  (uint8_t)(w >> 24) };
	const unsigned len = (w & 3) == 3 ? 4 : 2;
	struct rx_insn i = { 0 };

	CU_ASSERT_EQUAL(rg_rv64_decode(0, code, len, &i), len);
	CU_ASSERT_EQUAL(i.len, len);
	return i;
}

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "rv64/decode", rv64_decode_tests },
		{ "rv64/asm", rv64_asm_tests },
		{ "rv64/sweep", rv64_sweep_tests },
		{ NULL, NULL },
	};

	return rx_tap_main(argc, argv, suites);
}
