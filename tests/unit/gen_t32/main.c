/* main.c - tests of the generated t32 decoder and assembler. SPDX-License-Identifier: MIT
 *
 * RAX_ASM_SCALE=N sweeps N times as many words, RAX_ASM_SEED=N others.
 */
#include "suites.h"

#include "t32/decode.h"
#include "t32/disasm.h"
#include "t32/encode.h"

const char *text_of(uint32_t w, struct rx_insn *i)
{
	static char buf[160];
	const unsigned len = w >> 16 ? 4 : 2;
	uint8_t code[4];

	for (unsigned k = 0; k < len; k++)
		code[k] = (uint8_t)(w >> rx_word_byte(k, len, 2));
	*i = (struct rx_insn){ 0 };
	CU_ASSERT_EQUAL(rg_t32_decode(0, code, len, i), len);
	rg_t32_disasm(i, buf, sizeof(buf));
	return buf;
}

rax_status word_of(const char *text, uint32_t *w, rax_error *err)
{
	uint8_t b[RX_ASM_MAX_LEN];
	unsigned len = 0;
	const rax_status st = rg_t32_assemble(0, text, b, &len, err);

	*w = 0;
	for (unsigned k = 0; st == RAX_OK && k < len; k++)
		*w |= (uint32_t)b[k] << rx_word_byte(k, len, 2);
	return st;
}

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "t32/asm", t32_asm_tests },
		{ "t32/sweep", t32_sweep_tests },
		{ NULL, NULL },
	};

	return rx_tap_main(argc, argv, suites);
}
