/* main.c - tests of the generated a64 decoder and assembler. SPDX-License-Identifier: MIT
 *
 * RAX_ASM_SCALE=N sweeps N times as many words, RAX_ASM_SEED=N others.
 */
#include "suites.h"

#include "a64/decode.h"
#include "a64/disasm.h"
#include "a64/encode.h"

const char *text_of(uint32_t w, struct rx_insn *i)
{
	static char buf[160];
	const uint8_t code[4] = { (uint8_t)w, (uint8_t)(w >> 8), (uint8_t)(w >> 16),
				  (uint8_t)(w >> 24) };

	*i = (struct rx_insn){ 0 };
	CU_ASSERT_EQUAL(rg_a64_decode(0, code, 4, i), 4);
	rg_a64_disasm(i, buf, sizeof(buf));
	return buf;
}

rax_status word_of(const char *text, uint32_t *w, rax_error *err)
{
	uint8_t b[RX_ASM_MAX_LEN];
	unsigned len = 0;
	const rax_status st = rg_a64_assemble(0, text, b, &len, err);

	*w = 0;
	for (unsigned n = 0; st == RAX_OK && n < len; n++)
		*w |= (uint32_t)b[n] << 8 * n;
	return st;
}

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "a64/asm", a64_asm_tests },
		{ "a64/sweep", a64_sweep_tests },
		{ NULL, NULL },
	};

	return rx_tap_main(argc, argv, suites);
}
