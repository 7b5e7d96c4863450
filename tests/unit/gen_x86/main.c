/* main.c - tests of the generated x86 decoder and assembler. SPDX-License-Identifier: MIT
 *
 * RAX_ASM_SCALE=N sweeps N times as many instructions, RAX_ASM_SEED=N others.
 */
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#include "x86/decode.h"

unsigned decode_exact(uint32_t mode, const uint8_t *code, unsigned n, struct rx_insn *i)
{
	uint8_t *copy = malloc(n ? n : 1);
	unsigned len;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, code, n);
	memset(i, 0, sizeof(*i));
	len = rg_x86_decode(mode, copy, n, i);
	free(copy);
	return len;
}

int main(int argc, char **argv)
{
	static const struct rx_tap_suite suites[] = {
		{ "x86/decode", x86_decode_tests },
		{ "x86/asm", x86_asm_tests },
		{ "x86/emit", x86_emit_tests },
		{ "x86/sweep", x86_sweep_tests },
		{ NULL, NULL },
	};

	return rx_tap_main(argc, argv, suites);
}
